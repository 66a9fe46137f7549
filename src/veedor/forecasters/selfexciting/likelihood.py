"""The likelihood of a self-exciting process, its gradient, and a step of the EM algorithm."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from veedor.forecasters.selfexciting.background import Density
from veedor.forecasters.selfexciting.edges import exposure
from veedor.forecasters.selfexciting.kernels import Kernels
from veedor.forecasters.selfexciting.pairs import Grid, Pairs
from veedor.forecasters.selfexciting.record import Record

Floats = npt.NDArray[np.float64]

# Below a thousandth nothing is told from 0; at 1 the process would never die out.
_KAPPA = (1e-3, 0.999)


@dataclass(frozen=True, eq=False)
class State:
    """What the fit seeks: log parameters and the declustered amount of each square.

    Parameters
    ----------
    parameters : array, shape (2 + kernel parameters,)
        Logarithms of the background's level, of kappa, and of the kernels' parameters.
    amounts : array, shape (squares,)
        Sum of the probabilities of being background over the incidents of each square.
    """

    parameters: Floats
    amounts: Floats


@dataclass(frozen=True, eq=False)
class Expectation:
    """One pass over the pairs.

    Parameters
    ----------
    log_intensity : float
        Sum of logarithms over the scored incidents.
    background : array, shape (n,)
        Probability that each incident is background.
    intensity : array, shape (n,)
        Expected incidents per km2 and day where and when each was recorded.
    bins : array, shape (reach_days, rings)
        Expected pairs of parent and direct child in each bin.
    table : array, shape (reach_days, rings)
        What a pair of each bin adds to the intensity, per km2 and day.
    """

    log_intensity: float
    background: Floats
    intensity: Floats
    bins: Floats
    table: Floats


class Likelihood:
    r"""The likelihood of a record, its gradient, and a step of the EM algorithm.

    The intensity in square c on day d, per km2, is

    .. math:: \lambda_d(x) = b\, m_d\, s_c + \kappa \sum_{d_j < d} h_{d - d_j} f(|x - x_j|)

    and the log likelihood of the scored incidents, those from day `first_day` on (earlier ones are
    only parents, since their own were before the record),

    .. math:: \sum_i \log \lambda_{d_i}(x_i) - b \sum_d m_d
              - \kappa \sum_{k, r} h_k F_r W_{k r}

    with F the probability of a ring and W its `exposure`, which corrects for edges and cut-off.

    Parameters
    ----------
    record : Record
    kernels : Kernels
    """

    def __init__(self, record: Record, kernels: Kernels) -> None:
        self.record, self.kernels = record, kernels
        days = len(record.course)
        self.first_day = min(kernels.reach_days, days // 4)
        self.scored = record.day >= self.first_day
        self.level = float(record.course[self.first_day :].sum())
        self.grid = Grid.of(
            record.x_m, record.y_m, record.day, float(kernels.edges[-1]), kernels.reach_days
        )
        self.pairs = Pairs.of(
            self.grid, record.x_m, record.y_m, record.day, kernels.edges, kernels.reach_days
        )
        self._ring_km2 = np.pi * np.diff(kernels.edges**2) / 1e6

    @cached_property
    def exposure(self) -> Floats:
        """How much each bin was exposed, shape (reach_days, rings); see there."""
        return exposure(self.record, self.kernels.edges, self.kernels.reach_days, self.first_day)

    def table(self, parameters: Floats) -> Floats:
        """What a pair of each bin adds to the intensity, shape (reach_days, rings)."""
        lags, rings = self.kernels.lags(parameters[2:]), self.kernels.rings(parameters[2:])
        table: Floats = np.exp(parameters[1]) * lags[:, None] * (rings / self._ring_km2)
        return table

    def expect(
        self, parameters: Floats, density: Density, own: Floats | None = None
    ) -> Expectation:
        """Pass over the pairs once.

        Parameters
        ----------
        parameters : array
            Log parameters.
        density : Density
        own : array, shape (n,), optional
            Weight of each incident in its own background, to hold it fixed; solved for if None.
        """
        from veedor.forecasters.selfexciting.compiled import expect_once

        record = self.record
        unit = np.exp(parameters[0]) * record.course[record.day] * density.unit[record.square]
        room, least = density.room[record.square], density.least[record.square]
        if own is not None:
            room = np.maximum(room - own, least)
        table = self.table(parameters)
        background, intensity = np.empty(len(record)), np.empty(len(record))
        inverse = np.empty(table.size)
        total = expect_once(
            self.pairs.indptr,
            self.pairs.index,
            table.ravel(),
            unit,
            room,
            least,
            own is None,
            self.scored,
            background,
            intensity,
            inverse,
        )
        return Expectation(
            float(total),
            background,
            intensity,
            inverse.reshape(table.shape) * table,
            table,
        )

    def log_likelihood(self, parameters: Floats, expectation: Expectation) -> float:
        """Log likelihood, each incident left out of its own background: a pseudo-likelihood."""
        expected = np.exp(parameters[0]) * self.level + self._drawn(parameters).sum()
        return float(expectation.log_intensity - expected)

    def gradient(self, parameters: Floats, expectation: Expectation) -> Floats:
        """Gradient of the log likelihood by the log parameters, the background's places fixed."""
        found = float(expectation.background[self.scored].sum())
        excess = expectation.bins - self._drawn(parameters)
        time, space = self.kernels.derivatives(parameters[2:])
        kernel = time @ excess.sum(axis=1) + space @ excess.sum(axis=0)
        level = found - np.exp(parameters[0]) * self.level
        return np.concatenate([[level, excess.sum()], kernel])

    def amounts(self, background: Floats) -> Floats:
        """Declustered amounts of the squares."""
        many = len(self.record.ground)
        return np.bincount(self.record.square, weights=background, minlength=many).astype(
            np.float64
        )

    def step(self, state: State, density: Density) -> tuple[State, Floats]:
        """One step of the EM algorithm, and the information were all responsibilities known.

        The parameters of the triggering are a Poisson regression of the expected pairs in the
        bins, fitted by scoring; what would leave its bounds stays on them.
        """
        found = self.expect(state.parameters, density)
        level = float(found.background[self.scored].sum())
        parameters = state.parameters.copy()
        parameters[0] = np.log(max(level, 1e-3) / self.level)
        low, high = self.bounds
        for _ in range(50):
            mean = self._drawn(parameters)
            time, space = self.kernels.derivatives(parameters[2:])
            slope = np.concatenate(
                [np.ones((1, *mean.shape)), time[:, :, None] + space[:, None, :]]
            )
            score = np.einsum("mkr,kr->m", slope, found.bins - mean)
            information = np.einsum("mkr,nkr,kr->mn", slope, slope, mean)
            now = parameters[1:]
            free = ~((now <= low[1:]) & (score < 0.0) | (now >= high[1:]) & (score > 0.0))
            move = np.zeros(len(now))
            part = information[np.ix_(free, free)]
            part = part + 1e-9 * (np.trace(part) + 1e-6) * np.eye(len(part))
            move[free] = np.linalg.solve(part, score[free])
            moved = np.clip(now + np.clip(move, -0.5, 0.5), low[1:], high[1:])
            parameters[1:] = moved
            if np.max(np.abs(moved - now)) < 1e-9:
                break
        known = np.concatenate([[level], np.diag(information)])
        return State(parameters, self.amounts(found.background)), known

    @property
    def bounds(self) -> tuple[Floats, Floats]:
        """Smallest and largest log parameters."""
        low, high = self.kernels.bounds
        return (
            np.concatenate([[-20.0, np.log(_KAPPA[0])], low]),
            np.concatenate([[5.0, np.log(_KAPPA[1])], high]),
        )

    def _drawn(self, parameters: Floats) -> Floats:
        """Expected pairs in each bin, shape (reach_days, rings)."""
        lags, rings = self.kernels.lags(parameters[2:]), self.kernels.rings(parameters[2:])
        drawn: Floats = np.exp(parameters[1]) * lags[:, None] * rings * self.exposure
        return drawn
