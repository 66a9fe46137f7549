"""`Stack`: a mixture of the other forecasters, weighted by how they did."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from veedor.arrays import Floats
from veedor.errors import StudyError, TooLittleDataError, listed, phrase
from veedor.forecasters.allocation import AllocatingForecaster
from veedor.forecasters.dispersion import periods_held_back
from veedor.forecasters.lessons import Lesson
from veedor.forecasters.registry import Entry
from veedor.forecasters.task import Task
from veedor.forecasters.weights import mixture_weights
from veedor.record import Points
from veedor.spacetime import Periods

#: Those that a stack is made of where nothing else is said, of single incidents and of counts.
MEMBERS = ("Additive", "PoissonTrees")
MEMBERS_OF_COUNTS = ("PriorCounts", "Recency", "Kernel", "SmoothField")

_DAY = np.timedelta64(1, "D")
_MOST_TESTED_DAYS, _TESTED_SHARE = 182, 1.0 / 3.0
_BLOCK_DAYS = 28
_PULL = 1.0


class Stack(AllocatingForecaster):
    r"""Convex mixture of its members' shares.

    .. math:: \text{share}_c = \sum_m w_m \text{share}_{mc}, \qquad w_m \ge 0, \ \sum_m w_m = 1.

    By default it is the mean of `Additive` and `PoissonTrees`, which err in different ways: weights
    learned for two so alike lose more by chance than they gain. Other members, and those of a
    record of counts, are weighted by rolling log score: they are fitted to the record without its
    last third (at most 182 days), and then forecast it block by block of 28 days, each from the
    record before the block. The weights make the log score of where the incidents then were
    largest, pulled to equal weights by a prior that weighs as much as one incident a member. The
    members are then fitted anew to the whole record.

    What is mixed are intensities, so a cell's count stays negative binomial: its dispersion, by
    level, is fitted to forecasts of the last training periods and then recalibrated by their PIT. A
    member that says that there is too little data is left out, and `members_absent_` says why.

    Parameters
    ----------
    members : tuple of str, or None
        Names of forecasters that have shares: ours, or those of installed packages, as long as
        they are an `AllocatingForecaster`; or of `named`. By default `MEMBERS`, or of a record of
        counts `MEMBERS_OF_COUNTS`.
    named : dict of dict, or None
        What members are that have parameters, by name, as study.toml says it: their ``kind``,
        unless that is the name itself, and the parameters.
    weights : {"equal", "learned"}, or None
        By default equal for `MEMBERS` and learned for any others.

    References
    ----------
    Hall, S. G. & Mitchell, J. (2007). Combining density forecasts. International Journal of
    Forecasting 23, 1-13. https://doi.org/10.1016/j.ijforecast.2006.08.001
    """

    def __init__(
        self,
        members: tuple[str, ...] | None = None,
        named: dict[str, dict[str, Any]] | None = None,
        weights: Literal["equal", "learned"] | None = None,
    ) -> None:
        self.members = members
        self.named = named
        self.weights = weights

    def check_parameters(self) -> None:
        """Refuse a stack without members, and members that there are not or that have no shares."""
        known = self.weights in (None, "equal", "learned")
        self._require("weights", phrase("equal or learned"), known)
        if self.members is None:
            return
        several = bool(self.members) and len(set(self.members)) == len(self.members)
        self._require("members", phrase("one or more names, each once"), several)
        for name in self.members:
            self._make(name)

    def _make(self, name: str) -> AllocatingForecaster:
        made = Entry.of(name, (self.named or {}).get(name)).make()
        if isinstance(made, Stack) or not isinstance(made, AllocatingForecaster):
            raise StudyError(
                "A member of a Stack must be a forecaster that has shares, and no Stack.",
                found=phrase("{name}, a {whole}", name=name, whole=type(made).__name__),
                remedy=phrase(
                    "take it out, or stack others: {members}",
                    members=", ".join((*MEMBERS, *MEMBERS_OF_COUNTS)),
                ),
            )
        return made

    def lessons(self, task: Task) -> Sequence[Lesson[Any]]:
        """Those of its members."""
        members = self._members(task)
        return [lesson for name in members for lesson in self._make(name).lessons(task)]

    def _learn_shares(self, task: Task) -> None:
        self.members_absent_: dict[str, str] = {}
        self.fitted_ = self._fit_members(task)
        if not self.fitted_:
            raise TooLittleDataError(
                "A Stack needs a member that can forecast.",
                found=listed(self.members_absent_.values(), "; "),
            )
        if self._equal(task):
            self._weigh_equally()
            return
        self._test_members(task)
        self.fitted_ = {name: self.fitted_[name] for name in self.weights_}

    def shares(self, task: Task, periods: Periods) -> Floats:
        """Mixture of the members' shares."""
        mixed = np.zeros((len(periods), len(task.cells)))
        for name, member in self.fitted_.items():
            mixed += self.weights_[name] * member.shares(task, periods)
        return mixed

    def shares_ahead(self, task: Task, late: Periods) -> Floats:
        """Shares of the last periods, by the members as they would then have been fitted."""
        if self._equal(task):
            rows = [
                self.weights_[name] * member.shares_ahead(task, late)
                for name, member in self.fitted_.items()
            ]
            mixed: Floats = np.sum(rows, axis=0)
            return mixed
        if len(self.tested_) < len(late):
            return super().shares_ahead(task, late)
        return self.tested_[len(self.tested_) - len(late) :]

    def _fit(self, task: Task) -> None:
        super()._fit(task)
        vars(self).pop("tested_", None)

    def _equal(self, task: Task) -> bool:
        if self.weights is not None:
            return self.weights == "equal"
        return self.members is None and isinstance(task.record, Points)

    def _members(self, task: Task) -> tuple[str, ...]:
        if self.members is not None:
            return self.members
        return MEMBERS if isinstance(task.record, Points) else MEMBERS_OF_COUNTS

    def _weigh_equally(self) -> None:
        self.weights_ = dict.fromkeys(self.fitted_, 1.0 / len(self.fitted_))

    def _fit_members(self, task: Task) -> dict[str, AllocatingForecaster]:
        fitted = {}
        for name in self._members(task):
            try:
                fitted[name] = self._make(name).fit_shares(task)
            except TooLittleDataError as error:
                self.members_absent_.setdefault(name, error.reason)
        return fitted

    def _test_members(self, task: Task) -> None:
        """Forecast the last part of the record, and weigh the members by it."""
        self.tested_: Floats = np.empty((0, len(task.cells)))
        counts, periods = task.counts.values, task.periods
        firsts = _block_firsts(periods)
        early = self._fit_members(task.until(periods.edges[firsts[0]])) if firsts else {}
        early = {name: member for name, member in early.items() if name in self.fitted_}
        if not early:
            for name in self.fitted_:
                self.members_absent_.pop(name, None)
            self._weigh_equally()
            return
        first_kept = len(counts) - periods_held_back(len(counts))
        probability, times = [], []
        kept: list[list[Floats]] = [[] for _ in early]
        for first, stop in pairwise([*firsts, len(counts)]):
            known, ahead = task.until(periods.edges[first]), periods.part(first, stop)
            shares = [member.shares(known, ahead) for member in early.values()]
            where = np.nonzero(counts[first:stop])
            probability.append(np.stack([share[where] for share in shares]))
            times.append(counts[first:stop][where].astype(np.float64))
            for rows, share in zip(kept, shares, strict=True):
                rows.append(share[max(first_kept - first, 0) :])
        weights = mixture_weights(np.concatenate(probability, axis=1), np.concatenate(times), _PULL)
        self.weights_ = dict(zip(early, weights.tolist(), strict=True))
        for weight, rows in zip(weights, kept, strict=True):
            late = weight * np.concatenate(rows)
            self.tested_ = self.tested_ + late if len(self.tested_) else late


def _block_firsts(periods: Periods) -> list[int]:
    """Numbers of the periods with which the blocks that members are tested on begin."""
    edges = periods.edges
    days = min(_MOST_TESTED_DAYS, _TESTED_SHARE * float((edges[-1] - edges[0]) / _DAY))
    blocks = max(1, round(days / _BLOCK_DAYS))
    block = np.timedelta64(int(days / blocks * 86_400e6), "us")
    first = np.unique(np.searchsorted(edges, edges[-1] - np.arange(blocks, 0, -1) * block))
    wanted: list[int] = first[(first > 0) & (first < len(periods))].tolist()
    return wanted
