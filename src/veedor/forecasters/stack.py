"""`Stack`: a mixture of the other forecasters, weighted by how they did."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from veedor.errors import StudyError, TooLittleDataError
from veedor.forecasters.additive import Additive
from veedor.forecasters.allocation import AllocatingForecaster
from veedor.forecasters.dispersion import periods_held_back
from veedor.forecasters.history import History
from veedor.forecasters.kernel import Kernel
from veedor.forecasters.near_repeat import NearRepeat
from veedor.forecasters.poisson_trees import PoissonTrees
from veedor.forecasters.pooled_counts import PooledCounts
from veedor.forecasters.prior_counts import PriorCounts
from veedor.forecasters.recency import Recency
from veedor.forecasters.selfexciting import SelfExciting
from veedor.forecasters.smooth_field import SmoothField
from veedor.forecasters.weights import mixture_weights
from veedor.spacetime import Periods

Floats = npt.NDArray[np.float64]

#: Those that a stack can be made of, by name.
MEMBERS: dict[str, type[AllocatingForecaster]] = {
    one.__name__: one
    for one in (
        PriorCounts,
        PooledCounts,
        Additive,
        PoissonTrees,
        Recency,
        Kernel,
        SmoothField,
        NearRepeat,
        SelfExciting,
    )
}

_DAY = np.timedelta64(1, "D")
_MOST_TESTED_DAYS, _TESTED_SHARE = 182, 1.0 / 3.0
_BLOCK_DAYS = 28
_PULL = 1.0


class Stack(AllocatingForecaster):
    r"""Convex mixture of its members' shares, by rolling log score.

    .. math:: \text{share}_c = \sum_m w_m \text{share}_{mc}, \qquad w_m \ge 0, \ \sum_m w_m = 1.

    The members are fitted to the record without its last third (at most 182 days), and then
    forecast it block by block of 28 days, each from the record before the block. The weights make
    the log score of where the incidents then were largest, pulled to equal weights by a prior that
    weighs as much as one incident a member. The members are then fitted anew to the whole
    record.

    What is mixed are intensities, so a cell's count stays negative binomial: its dispersion, by
    level, is fitted to the last of those forecasts and then recalibrated by their PIT. A member
    that says that there is too little data is left out, and `members_absent_` says why.

    Parameters
    ----------
    members : tuple of str
        Of `MEMBERS`.

    Raises
    ------
    StudyError
        At `fit`, if a member has no such name, or there is none.

    References
    ----------
    Hall, S. G. & Mitchell, J. (2007). Combining density forecasts. International Journal of
    Forecasting 23, 1-13. https://doi.org/10.1016/j.ijforecast.2006.08.001
    """

    made_of_others = True

    def __init__(self, members: tuple[str, ...] = tuple(MEMBERS)) -> None:
        self.members = members

    def _learn_shares(self, history: History) -> None:
        unknown = [name for name in self.members if name not in MEMBERS]
        if unknown or not self.members:
            raise StudyError(
                "The members of a Stack must be some of " + ", ".join(MEMBERS) + ".",
                found=", ".join(unknown) or "none",
            )
        self.members_absent_: dict[str, str] = {}
        self.fitted_ = self._fit_members(history, self._beside_members())
        if not self.fitted_:
            raise TooLittleDataError(
                "A Stack needs a member that can forecast.",
                found="; ".join(self.members_absent_.values()),
            )
        self._test_members(history)
        self.fitted_ = {name: self.fitted_[name] for name in self.weights_}

    def shares(self, history: History, periods: Periods) -> Floats:
        """Mixture of the members' shares."""
        return _mixture(self.fitted_, self.weights_, history, periods)

    def _shares_ahead(self, history: History, late: Periods) -> Floats:
        """Shares of the last periods by the members as fitted without them."""
        if len(self._tested) < len(late):
            return super()._shares_ahead(history, late)
        return self._tested[len(self._tested) - len(late) :]

    def _fit(self, history: History) -> None:
        try:
            super()._fit(history)
        finally:
            self.__dict__.pop("_tested", None)

    def _beside_members(self) -> dict[str, AllocatingForecaster]:
        """Members that others fitted already, with their default parameters."""
        return {
            name: other
            for name, other in self._beside.items()
            if name in self.members
            and type(other) is MEMBERS[name]
            and other.get_params() == MEMBERS[name]().get_params()
        }

    def _fit_members(
        self, history: History, ready: dict[str, AllocatingForecaster]
    ) -> dict[str, AllocatingForecaster]:
        fitted = {}
        for name in self.members:
            try:
                fitted[name] = ready[name] if name in ready else MEMBERS[name]()
                if name not in ready:
                    fitted[name].fit_shares(history)
            except TooLittleDataError as error:
                del fitted[name]
                self.members_absent_.setdefault(name, f"{error.must} Found: {error.found}")
        return fitted

    def _test_members(self, history: History) -> None:
        """Forecast the last part of the record, and weigh the members by it."""
        self._tested: Floats = np.empty((0, len(history.cells)))
        starts = _block_starts(history)
        early = self._fit_members(history.until(starts[0]), {}) if len(starts) else {}
        early = {name: member for name, member in early.items() if name in self.fitted_}
        if not early:
            for name in self.fitted_:
                self.members_absent_.pop(name, None)
            self.weights_ = dict.fromkeys(self.fitted_, 1.0 / len(self.fitted_))
            return
        counts, periods = history.counts.values, history.periods
        first_kept = len(counts) - periods_held_back(len(counts))
        probability, times = [], []
        kept: list[list[Floats]] = [[] for _ in early]
        for number, start in enumerate(starts):
            last = starts[number + 1] if number + 1 < len(starts) else periods.edges[-1]
            block = np.flatnonzero((periods.start >= start) & (periods.start < last))
            ahead = Periods(periods.edges[block[0] : block[-1] + 2].copy(), periods.time_zone)
            known = history.until(start)
            shares = [member.shares(known, ahead) for member in early.values()]
            where = np.nonzero(counts[block])
            probability.append(np.stack([share[where] for share in shares]))
            times.append(counts[block][where].astype(np.float64))
            for rows, share in zip(kept, shares, strict=True):
                rows.append(share[block >= first_kept])
        weights = mixture_weights(np.concatenate(probability, axis=1), np.concatenate(times), _PULL)
        self.weights_ = dict(zip(early, weights.tolist(), strict=True))
        for weight, rows in zip(weights, kept, strict=True):
            late = weight * np.concatenate(rows)
            self._tested = self._tested + late if len(self._tested) else late


def _block_starts(history: History) -> npt.NDArray[np.datetime64]:
    """Edges of the periods at which the blocks that members are tested on begin."""
    edges = history.periods.edges
    days = min(_MOST_TESTED_DAYS, _TESTED_SHARE * float((edges[-1] - edges[0]) / _DAY))
    blocks = max(1, round(days / _BLOCK_DAYS))
    block = np.timedelta64(int(days / blocks * 86_400e6), "us")
    wanted = edges[-1] - np.arange(blocks, 0, -1) * block
    first = np.unique(np.searchsorted(edges, wanted))
    starts: npt.NDArray[np.datetime64] = edges[first[(first > 0) & (first < len(edges) - 1)]]
    return starts


def _mixture(
    members: dict[str, AllocatingForecaster],
    weights: dict[str, float],
    history: History,
    periods: Periods,
) -> Floats:
    mixed = np.zeros((len(periods), len(history.cells)))
    for name, member in members.items():
        mixed += weights[name] * member.shares(history, periods)
    return mixed
