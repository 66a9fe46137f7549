"""The likelihood of a self-exciting process, its gradient, and what it tells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from veedor.arrays import Floats, Ints
from veedor.forecasters.selfexciting.background import Density
from veedor.forecasters.selfexciting.edges import exposure
from veedor.forecasters.selfexciting.events import Events
from veedor.forecasters.selfexciting.kernels import Kernels
from veedor.forecasters.selfexciting.pairs import Grid, Pairs

# Below a thousandth nothing is told from 0; at 1 the process would never die out.
_KAPPA = (1e-3, 0.999)
# Of a log parameter, for second derivatives of the kernels.
_DIFFERENCE = 1e-4


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
    """What the parameters and a background expect of every incident.

    Parameters
    ----------
    background : array, shape (n,)
        Probability that each incident is background.
    intensity : array, shape (n,)
        Expected incidents per km2 and day where and when each was recorded.
    drawn : array, shape (n, 1 + kernel parameters)
        What earlier incidents add to the intensity, which is also its derivative by the logarithm
        of kappa, and its derivatives by the log parameters of the kernels.
    amounts : array, shape (squares,)
        Sums of `background` over the incidents of each square.
    """

    background: Floats
    intensity: Floats
    drawn: Floats
    amounts: Floats


class Likelihood:
    r"""The likelihood of a record, its gradient, and what it tells of the parameters.

    The intensity in square c on day d, per km2, is

    .. math:: \lambda_d(x) = b\, m_d\, s_c + \kappa \sum_{d_j < d} h_{d - d_j} f(|x - x_j|)

    and the log likelihood of the scored incidents, those from day `first_day` on (earlier ones are
    only parents, since their own were before the record),

    .. math:: \sum_i \log \lambda_{d_i}(x_i) - b \sum_d m_d
              - \kappa \sum_{k, r} h_k F_r W_{k r}

    with F the probability of a ring and W its `exposure`, which corrects for edges and cut-off.
    """

    def __init__(self, record: Events, kernels: Kernels) -> None:
        self.record, self.kernels = record, kernels
        days = len(record.course)
        self.first_day = min(kernels.reach_days, days // 4)
        self.scored = record.day >= self.first_day
        self.level = float(record.course[self.first_day :].sum())
        self._ring_km2 = np.pi * np.diff(kernels.edges**2) / 1e6

    @cached_property
    def grid(self) -> Grid:
        """The incidents as parents."""
        record, edges = self.record, self.kernels.edges
        return Grid.of(
            record.x_m, record.y_m, record.day, float(edges[-1]), self.kernels.reach_days
        )

    @cached_property
    def pairs(self) -> Pairs:
        """Every pair within reach."""
        return self._pairs_of(slice(None))

    @cached_property
    def exposure(self) -> Floats:
        """How much each bin was exposed, shape (reach_days, rings); see there."""
        return exposure(self.record, self.kernels.edges, self.kernels.reach_days, self.first_day)

    def table(self, parameters: Floats) -> Floats:
        """What a pair of each bin adds to the intensity, shape (reach_days, rings)."""
        lags, rings = self.kernels.lags(parameters[2:]), self.kernels.rings(parameters[2:])
        table: Floats = np.exp(parameters[1]) * lags[:, None] * (rings / self._ring_km2)
        return table

    def draw(self, parameters: Floats) -> Floats:
        """Pass over the pairs once: `Expectation.drawn`."""
        table = self.table(parameters)
        slopes = self._slopes(parameters)
        return self.pairs.sums((table * slopes).reshape(len(slopes), -1).T)

    def drawn_since(self, parameters: Floats, before: Events, drawn: Floats) -> Floats:
        """What earlier incidents add to each one's intensity, where some of it is known.

        What an incident draws on is in days before its own. So where this record and another hold
        the same up to some day, they agree on it up to that day.

        Parameters
        ----------
        parameters : array
        before : Events
            Cut earlier or later than this one.
        drawn : array, shape (len(before),)
            Added to the intensity of each incident of `before`.

        Returns
        -------
        array, shape (n, 1)
        """
        record = self.record
        days = min(len(record.course), len(before.course))
        early, known = record.day < days, before.day < days
        if not all(
            np.array_equal(ours[early], theirs[known])
            for ours, theirs in (
                (record.day, before.day),
                (record.x_m, before.x_m),
                (record.y_m, before.y_m),
            )
        ):
            early = np.zeros(len(record), dtype=np.bool_)
        added = np.empty((len(record), 1))
        late = np.flatnonzero(~early)
        if len(late) < len(record):
            added[early, 0] = drawn[known]
        if len(late):
            added[late] = self._pairs_of(late).sums(self.table(parameters).reshape(-1, 1))
        return added

    def divide(self, log_level: float, drawn: Floats, density: Density) -> Expectation:
        """Divide what was recorded into background and offspring, given `draw`; without pairs.

        Each incident is left out of its own background with its probability of being background.
        """
        from veedor.forecasters.selfexciting.compiled import divide

        record = self.record
        background, intensity = np.empty(len(record)), np.empty(len(record))
        amounts = np.empty(len(record.ground))
        divide(
            np.ascontiguousarray(drawn[:, 0]),
            record.day,
            record.square,
            np.exp(log_level) * record.course,
            density.unit,
            density.room,
            density.least,
            background,
            intensity,
            amounts,
        )
        return Expectation(background, intensity, drawn, amounts)

    def expect(self, parameters: Floats, density: Density) -> Expectation:
        """`draw` and `divide`."""
        return self.divide(float(parameters[0]), self.draw(parameters), density)

    def log_likelihood(self, parameters: Floats, expectation: Expectation) -> float:
        """Log likelihood, each incident left out of its own background: a pseudo-likelihood."""
        expected = np.exp(parameters[0]) * self.level + self._expected(parameters).sum()
        return float(np.log(expectation.intensity[self.scored]).sum() - expected)

    def score(self, parameters: Floats, expectation: Expectation) -> tuple[Floats, Floats]:
        r"""Gradient by the log parameters, the background's places fixed, and the information.

        Returns
        -------
        gradient : array, shape (parameters,)
        information : array, shape (parameters, parameters)
            :math:`\sum_i \nabla\lambda_i \nabla\lambda_i^T / \lambda_i^2`. Where the model is true
            it has the mean of the observed information, and unlike that it is never indefinite.
        """
        from veedor.forecasters.selfexciting.compiled import add_scores

        n = len(parameters)
        gradient, information = np.zeros(n), np.zeros((n, n))
        add_scores(
            expectation.background,
            expectation.intensity,
            expectation.drawn,
            self.scored,
            gradient,
            information,
        )
        gradient[0] -= np.exp(parameters[0]) * self.level
        gradient[1:] -= np.einsum("mkr,kr->m", self._slopes(parameters), self._expected(parameters))
        return gradient, information

    def observed_information(self, parameters: Floats, expectation: Expectation) -> Floats:
        """Second derivatives of the log likelihood, negative, the background's places fixed."""
        slopes, excess = self._slopes(parameters), self._expected(parameters)
        excess -= self.bins(parameters, expectation)
        curved = np.einsum("mkr,nkr,kr->mn", slopes, slopes, excess)
        for at in range(1, len(slopes)):
            step = np.zeros(len(parameters))
            step[1 + at] = _DIFFERENCE
            apart = self._slopes(parameters + step) - self._slopes(parameters - step)
            curved[at] += np.einsum("mkr,kr->m", apart, excess) / (2.0 * _DIFFERENCE)
        _, information = self.score(parameters, expectation)
        information[1:, 1:] += (curved + curved.T) / 2.0
        found = float(expectation.background[self.scored].sum())
        information[0, 0] += np.exp(parameters[0]) * self.level - found
        return information

    def bins(self, parameters: Floats, expectation: Expectation) -> Floats:
        """Probable pairs of parent and direct child in each bin, shape (reach_days, rings)."""
        table = self.table(parameters)
        inverse = self.pairs.by_bin(self.scored / expectation.intensity, table.size)
        return inverse.reshape(table.shape) * table

    def amounts(self, background: Floats) -> Floats:
        """Declustered amounts of the squares."""
        many = len(self.record.ground)
        return np.bincount(self.record.square, weights=background, minlength=many).astype(
            np.float64
        )

    @property
    def bounds(self) -> tuple[Floats, Floats]:
        """Smallest and largest log parameters."""
        low, high = self.kernels.bounds
        return (
            np.concatenate([[-20.0, np.log(_KAPPA[0])], low]),
            np.concatenate([[5.0, np.log(_KAPPA[1])], high]),
        )

    def _pairs_of(self, children: Ints | slice) -> Pairs:
        record, kernels = self.record, self.kernels
        return Pairs.of(
            self.grid,
            record.x_m[children],
            record.y_m[children],
            record.day[children],
            kernels.edges,
            kernels.reach_days,
        )

    def _expected(self, parameters: Floats) -> Floats:
        """Expected pairs in each bin, shape (reach_days, rings)."""
        lags, rings = self.kernels.lags(parameters[2:]), self.kernels.rings(parameters[2:])
        expected: Floats = np.exp(parameters[1]) * lags[:, None] * rings * self.exposure
        return expected

    def _slopes(self, parameters: Floats) -> Floats:
        """Derivatives of the log table by kappa and the kernels, shape (m, reach_days, rings)."""
        time, space = self.kernels.derivatives(parameters[2:])
        slopes = np.ones((1 + len(time), self.kernels.reach_days, len(self.kernels.edges) - 1))
        slopes[1:] = time[:, :, None] + space[:, None, :]
        return slopes
