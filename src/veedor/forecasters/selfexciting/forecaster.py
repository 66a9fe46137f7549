"""`SelfExciting`: places by a background and by what followed recent incidents nearby."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from veedor.arrays import Floats, Ints
from veedor.errors import StudyError, TooLittleDataError, phrase
from veedor.forecasters.allocation import AllocatingForecaster
from veedor.forecasters.contract import FARTHEST_M
from veedor.forecasters.levels import AreaTotals
from veedor.forecasters.selfexciting.background import BACKGROUNDS, learn_background
from veedor.forecasters.selfexciting.edges import spread_of_cells
from veedor.forecasters.selfexciting.events import Events
from veedor.forecasters.selfexciting.expectation import DaysAhead, days_until, drawn_by_record
from veedor.forecasters.selfexciting.fitting import decluster, fit
from veedor.forecasters.selfexciting.ground import Ground, canonical_order
from veedor.forecasters.selfexciting.kernels import (
    SPACE_KERNELS,
    TIME_KERNELS,
    Kernels,
    branching_ratio,
    ring_edges,
)
from veedor.forecasters.selfexciting.likelihood import Likelihood
from veedor.forecasters.selfexciting.pairs import MOST_BINS, sums_by_parent
from veedor.forecasters.selfexciting.residuals import ResidualTest, residual_test
from veedor.forecasters.task import Task
from veedor.spacetime import Periods

#: Fewer incidents in a cell, or fewer whole days, do not tell five or seven parameters.
LEAST_INCIDENTS = 200
LEAST_DAYS = 30


@dataclass(frozen=True, eq=False)
class Declustering:
    """How the model divides the training incidents into background and offspring.

    Probabilities of a model, not findings about incidents: what changes slowly in places looks
    like offspring to it.

    Parameters
    ----------
    id : array, shape (n,)
    background : array, shape (n,)
        Probability of being background.
    offspring : array, shape (n,)
        Expected direct offspring among the recorded incidents of later days, from the first
        quarter of the record or the reach in days on.

    References
    ----------
    Zhuang, J., Ogata, Y. & Vere-Jones, D. (2002). Stochastic declustering of space-time earthquake
    occurrences. Journal of the American Statistical Association 97, 369-380.
    https://doi.org/10.1198/016214502760046925
    """

    id: npt.NDArray[Any]
    background: Floats
    offspring: Floats


class SelfExciting(AllocatingForecaster):
    r"""A background of places, and an excess after recent incidents nearby that fades.

    On civil day d at place x, per km2,

    .. math:: \lambda_d(x) = b\, m_d\, s(x) + \kappa \sum_{d_j < d} h_{d - d_j} f(|x - x_j|)

    with m the course of the totals (`AreaTotals.course`), s the declustered background, h the
    kernel of lag and f that of distance; see `Kernels`. Fitted by maximum likelihood with each
    incident left out of its own background, which is finer than the cells (see `Ground`). A fit
    describes how recorded incidents follow one another; it does not say that one causes another.

    Parameters
    ----------
    time_kernel : str
        ``"exponential"`` or ``"power"``.
    space_kernel : str
        ``"gaussian"`` or ``"power"``.
    background : str
        ``"cells"``: shrunk amounts, as `PriorCounts` has them; ``"kernel"``: kernel density.
    reach_m, reach_days : float, int
        Farther or later than this, nothing follows.
    resolution_m : float
        Radius of the innermost disc, on which the kernel of distance is constant, and about the
        side of the background's squares; the kernel's scale is at least half of this.

    Attributes
    ----------
    kappa_, kappa_se_ : float
        Incidents of later days, within reach, that directly follow one; below 1.
    branching_ratio_ : float
        The same with those of its own day; see `branching_ratio`.
    mean_lag_days_, or c_days_ and p_; sigma_m_, or scale_m_ and q_ : float
        Parameters of the kernels, each with its standard error under its name and ``se_``. The
        standard errors hold the background's places fixed, so they are rather too small; None
        where a parameter is on its bound or the record does not tell it.
    background_share_ : float
        Share of the scored training incidents that is background.
    truncated_time_, truncated_space_ : float
        Mass of the fitted kernels, were they not cut, beyond the reach.
    at_lower_bound_, at_upper_bound_ : bool
        Whether the scale of distance is half the resolution; whether a scale is the whole reach,
        where the kernel stands for the background.
    log_likelihood_ : float
    iterations_ : int
        Passes over the pairs.
    converged_ : bool
    pairs_, incidents_ : int

    References
    ----------
    Mohler, G. O., Short, M. B., Brantingham, P. J., Schoenberg, F. P. & Tita, G. E. (2011).
    Self-exciting point process modeling of crime. Journal of the American Statistical Association
    106, 100-108. https://doi.org/10.1198/jasa.2011.ap09546
    """

    looks_at_incidents = True

    def __init__(
        self,
        time_kernel: str = "exponential",
        space_kernel: str = "gaussian",
        background: str = "cells",
        reach_m: float = 500.0,
        reach_days: int = 60,
        resolution_m: float = 100.0,
    ) -> None:
        self.time_kernel = time_kernel
        self.space_kernel = space_kernel
        self.background = background
        self.reach_m = reach_m
        self.reach_days = reach_days
        self.resolution_m = resolution_m

    def _learn_shares(self, task: Task) -> None:
        edges = ring_edges(float(self.reach_m), float(self.resolution_m))
        self.kernels_ = Kernels(self.time_kernel, self.space_kernel, int(self.reach_days), edges)
        resolution_m = float(self.resolution_m)
        self.ground_ = task.ask_cells(
            (Ground, resolution_m), lambda: Ground.of(task.cells, resolution_m)
        )
        record = Events.of(task, self.totals_, self.ground_)
        if len(record) < LEAST_INCIDENTS or len(record.course) < LEAST_DAYS:
            raise TooLittleDataError(
                phrase(
                    "SelfExciting must have at least {least_incidents} incidents with a place in "
                    "the cells and {least_days} whole days to learn from.",
                    least_incidents=LEAST_INCIDENTS,
                    least_days=LEAST_DAYS,
                ),
                found=phrase(
                    "{n_record} incidents in {n_course} days",
                    n_record=len(record),
                    n_course=len(record.course),
                ),
                remedy="use PriorCounts, a longer record, or a broader category",
            )
        likelihood = Likelihood(record, self.kernels_)
        found = fit(likelihood, self.background)
        self.parameters_ = found.state.parameters
        self.amounts_ = found.state.amounts
        self.background_ = found.background
        self.between_ = spread_of_cells(
            self.ground_.cells, edges, self.kernels_.rings(self.parameters_[2:])
        )
        self.log_likelihood_ = found.log_likelihood
        self.iterations_, self.converged_ = found.iterations, found.converged
        self.pairs_, self.incidents_ = len(likelihood.pairs), len(record)
        self._describe(found.covariance)
        probability = found.expectation.background
        self.record_, self.drawn_ = record, found.expectation.drawn[:, 0].copy()
        self.background_share_ = float(probability[likelihood.scored].mean())
        self.places_ = learn_background(
            self.background, self._cell_amounts(record, probability), self.ground_.cells
        )

    def shares(self, task: Task, periods: Periods) -> Floats:
        """Expected incidents of each period as shares, from the background and what went before.

        The background is declustered anew for the record, with the learned parameters.
        """
        ahead, share = self._days_ahead(task, periods)
        expected = share @ ahead.expected()
        shares = np.empty_like(expected)
        shares[:, canonical_order(task.cells)] = expected / expected.sum(axis=1, keepdims=True)
        return shares

    def simulate(self, periods: Periods, rng: np.random.Generator, size: int) -> Ints:
        """Draw what the process might do in periods of whole days after the cut-off.

        Returns
        -------
        array of int64, shape (size, periods, cells)
            The mean is what the model expects; counts of a period and cell vary more than a
            Poisson's where kappa is above 0. The level of the totals is taken as known.

        Raises
        ------
        ContractError
            If `fit` was not called.
        StudyError
            If a period is not a whole number of days from the cut-off on.
        """
        ahead, share = self._days_ahead(self._fitted_task(), periods)
        if not np.all((share == 0.0) | (share == 1.0)):
            raise StudyError(
                "Simulated periods must be whole days, counted from the cut-off.",
                found=phrase(
                    "periods that begin {start} with a cut-off of {cutoff}",
                    start=periods.start[0],
                    cutoff=self.task_.cutoff,
                ),
            )
        sample = np.einsum("pd,sdc->spc", share.astype(np.int64), ahead.sample(rng, size))
        drawn: Ints = np.empty_like(sample)
        drawn[:, :, canonical_order(self.task_.cells)] = sample
        return drawn

    def declustering(self) -> Declustering:
        """Divide the training incidents into background and offspring."""
        _, likelihood = self._read(self.task_)
        density = self.background_.density(self.amounts_)
        found, record = likelihood.expect(self.parameters_, density), likelihood.record
        offspring = sums_by_parent(
            likelihood.grid,
            likelihood.pairs,
            record.x_m,
            record.y_m,
            record.day,
            self.kernels_.edges,
            self.kernels_.reach_days,
            likelihood.table(self.parameters_).ravel(),
            likelihood.scored / found.intensity,
        )
        return Declustering(record.id, found.background, offspring)

    def residual_test(self, rng: np.random.Generator, simulations: int = 199) -> ResidualTest:
        """Whether what the model leaves of the training record still clusters; see there."""
        _, likelihood = self._read(self.task_)
        density = self.background_.density(self.amounts_)
        return residual_test(likelihood, self.parameters_, density, rng, simulations)

    def _read(self, task: Task) -> tuple[AreaTotals, Likelihood]:
        totals = AreaTotals.of(task)
        return totals, Likelihood(Events.of(task, totals, self.ground_), self.kernels_)

    def _days_ahead(self, task: Task, periods: Periods) -> tuple[DaysAhead, Floats]:
        totals, likelihood = self._read(task)
        record = likelihood.record
        start = np.minimum(likelihood.amounts(np.ones(len(record))), self.amounts_)
        drawn = likelihood.drawn_since(self.parameters_, self.record_, self.drawn_)
        found, _ = decluster(likelihood, self.background_, self.parameters_[0], drawn, start)
        places = self.places_.density(self._cell_amounts(record, found.background)).shares
        days, share = days_until(task, periods)
        kernels, parameters = self.kernels_, self.parameters_
        lags = np.exp(parameters[1]) * kernels.lags(parameters[2:])
        background = np.exp(parameters[0]) * totals.predict(days)[:, None] * places
        offspring = drawn_by_record(
            record, len(days), lags, kernels.edges, kernels.rings(parameters[2:])
        )
        return DaysAhead(background + offspring, lags, self.between_), share

    def _cell_amounts(self, record: Events, background: Floats) -> Floats:
        many = len(self.ground_.cells)
        return np.bincount(record.cell, weights=background, minlength=many).astype(np.float64)

    def _describe(self, covariance: Floats) -> None:
        """State parameters in their units, with standard errors by the delta method."""
        kernels, parameters = self.kernels_, self.parameters_
        deviation = np.sqrt(np.diag(covariance))

        def error(at: int) -> float | None:
            # Of exp(parameter); an exponent is 1 plus that.
            value = float(deviation[at] * np.exp(parameters[at]))
            return value if np.isfinite(value) else None

        self.kappa_, self.kappa_se_ = float(np.exp(parameters[1])), error(1)
        for at, (name, value) in enumerate(kernels.values(parameters[2:]).items(), start=2):
            setattr(self, f"{name}_", value)
            setattr(self, f"{name}_se_", error(at))
        self.same_day_ = kernels.same_day(parameters[2:])
        self.branching_ratio_ = branching_ratio(self.kappa_, self.same_day_)
        self.truncated_time_, self.truncated_space_ = kernels.beyond(parameters[2:])
        low, high = kernels.bounds
        scales = np.array([0, len(kernels.time_names)])
        self.at_lower_bound_ = bool(parameters[2 + scales[1]] <= low[scales[1]] + 1e-9)
        self.at_upper_bound_ = bool(np.any(parameters[2 + scales] >= high[scales] - 1e-9))

    def check_parameters(self) -> None:
        """Refuse kernels and backgrounds that there are not, and reaches that cannot be."""
        for name, known in (
            ("time_kernel", TIME_KERNELS),
            ("space_kernel", SPACE_KERNELS),
            ("background", BACKGROUNDS),
        ):
            self._require(
                name, phrase("one of {known}", known=", ".join(known)), getattr(self, name) in known
            )
        finest, reach_m, days = self.resolution_m, self.reach_m, self.reach_days
        metres = _is_number(finest) and 100.0 <= finest < np.inf
        self._require("resolution_m", phrase("a number of metres, at least 100"), metres)
        far = _is_number(reach_m) and 1.5 * finest <= reach_m <= FARTHEST_M
        must = phrase(
            "a number of metres, at least one and a half resolution_m, at most {farthest:,}",
            farthest=FARTHEST_M,
        )
        self._require("reach_m", must, far)
        whole = _is_number(days) and days == int(days)
        self._require("reach_days", phrase("a whole number of days"), whole)
        self._require("reach_days", phrase("at least 2"), days >= 2)
        rings = len(ring_edges(float(reach_m), float(finest))) - 1
        must = phrase("at most {days} with {rings} rings", days=MOST_BINS // rings, rings=rings)
        self._require("reach_days", must, rings * days <= MOST_BINS)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)
