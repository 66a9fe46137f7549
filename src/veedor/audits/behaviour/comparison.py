"""Series against controls: the course of their difference, and what it does at the event."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from veedor.arrays import Bools, Floats, Ints
from veedor.audits.behaviour.design import FEWEST_POINTS, Columns, Question, Timing, columns
from veedor.audits.behaviour.panel import Panel
from veedor.statistics.autocorrelated import (
    AutocorrelatedDesign,
    AutocorrelatedFit,
    Mixture,
    PlainFit,
    prais_winsten,
)

#: Changes at the event, each with its column.
CHANGES = {"level_change": "level", "slope_change": "ramp"}


@dataclass(frozen=True, eq=False)
class Comparison:
    """A fitted difference of logarithms.

    Parameters
    ----------
    periods : array of int, shape (n,)
        Those that enter.
    values : array, shape (n,)
        Mean logarithm of the one group less that of the other.
    columns : Columns
    fit : AutocorrelatedFit
    differing : callable
        Gives, by statistic, the variance of the mean effect because series differ in theirs, and
        its degrees of freedom; it is dear, and seldom asked for.
    timing : Timing
    """

    periods: Ints
    values: Floats
    columns: Columns
    fit: AutocorrelatedFit
    differing: Callable[[], dict[str, tuple[float, float]]]
    timing: Timing

    def effect(self, statistic: str, *, of_others: bool = False) -> Mixture | None:
        """What is known of ``level_change``, ``slope_change`` or ``mean_change``, as logarithms.

        Parameters
        ----------
        statistic : str
        of_others : bool
            Whether of series like these: with what these differ by from one another.

        Returns
        -------
        Mixture or None
            None where the design has no such column.
        """
        contrast = contrasts(self.columns).get(statistic)
        if contrast is None:
            return None
        made = self.fit.of(contrast)
        return made.widened(*self._spread[statistic]) if of_others else made

    @cached_property
    def _spread(self) -> dict[str, tuple[float, float]]:
        return self.differing()

    @cached_property
    def level(self) -> Mixture:
        """What is known of the change of the level, as a logarithm: what is tested."""
        return self.fit.of(self.columns.contrast(level=1.0))

    @cached_property
    def p_value(self) -> float:
        """Of no change of the level."""
        return self.level.p_value()

    @cached_property
    def p_value_of_others(self) -> float:
        """Of no change of the level of series like these, with what they differ by."""
        return self.level.widened(*self._spread["level_change"]).p_value()

    @property
    def studentised(self) -> float:
        """Size of the level's change in its own errors, without what series differ by."""
        return abs(self.level.mean) / self.level.error

    def by_prais_winsten(self) -> PlainFit:
        """The same by Prais-Winsten."""
        return prais_winsten(self.columns.matrix, self.values, self.periods.astype(np.float64))

    @property
    def sides(self) -> tuple[int, int]:
        """Periods before and after the event."""
        after = int((self.periods >= self.timing.event).sum())
        return len(self.periods) - after, after


def course(logs: Floats) -> Floats:
    """Mean of series over time, shape (periods,), where each has its own level.

    Period effects of the additive fit of series and periods: the plain mean where nothing is
    missing. NaN where no series is known.

    Parameters
    ----------
    logs : array, shape (series, periods)
        NaN where missing.

    Examples
    --------
    The second series lacks the last period, and is not missed there:

    >>> course(np.array([[1.0, 2.0, 3.0], [5.0, 6.0, np.nan]]))
    array([3., 4., 5.])
    """
    known = np.isfinite(logs)
    if bool(known.all()):
        return np.asarray(logs.mean(axis=0))
    made = np.full(logs.shape[1], np.nan)
    there = np.flatnonzero(known.any(axis=0))
    if not len(there):
        return made
    row, place = np.nonzero(known[:, there])
    series, periods = len(logs), len(there)
    design = np.zeros((len(row), series + periods))
    design[np.arange(len(row)), row] = 1.0
    design[np.arange(len(row)), series + place] = 1.0
    found = np.linalg.lstsq(design, logs[:, there][row, place], rcond=None)[0]
    made[there] = found[series:] + float(found[:series][known.any(axis=1)].mean())
    return made


class Comparer:
    """Makes comparisons of one panel, and keeps the factors of designs that return.

    Parameters
    ----------
    panel : Panel
    timing : Timing
    question : Question
    """

    def __init__(self, panel: Panel, timing: Timing, question: Question) -> None:
        self.panel, self.timing, self.question = panel, timing, question
        self.logs = panel.logs
        self._designs: dict[bytes, tuple[Columns, AutocorrelatedDesign]] = {}

    def difference(self, ours: Bools, theirs: Bools) -> Floats:
        """Mean logarithm of some series less that of others, shape (periods,)."""
        return course(self.logs[ours]) - course(self.logs[theirs])

    def compare(
        self, ours: Bools, theirs: Bools, *, without: Ints | None = None
    ) -> Comparison | None:
        """Compare series with others.

        Parameters
        ----------
        ours, theirs : array of bool, shape (series,)
        without : array of int, optional
            Periods to leave out besides.

        Returns
        -------
        Comparison or None
            None with fewer than 8 periods on a side.
        """
        values = self.difference(ours, theirs)
        known = np.isfinite(values) & self.timing.used
        if without is not None:
            known[without] = False
        if min(self.timing.sides(known)) < FEWEST_POINTS:
            return None
        periods = np.flatnonzero(known)
        made = self._design(periods)
        if made is None:
            return None
        cols, design = made
        fit = design.fit(values[periods])

        def differing() -> dict[str, tuple[float, float]]:
            groups = [self.differing(group, periods) for group in (ours, theirs)]
            return joined(groups, contrasts(cols))

        return Comparison(periods, values[periods], cols, fit, differing, self.timing)

    def differing(self, group: Bools, periods: Ints) -> dict[str, tuple[float, int]]:
        r"""By how much the effects of a group's series differ, and how many series tell.

        :math:`\max(0, S^2 - \bar V n / (n - 1))` for effects of n series about their course, with
        variance S^2 and own squared errors of mean V: the method of moments. Nothing with fewer
        than two series.

        Returns
        -------
        dict of str to (float, int)
            By statistic.
        """
        logs = self.logs[group]
        about = logs - course(logs)
        effects: dict[str, list[Floats]] = {}
        known = np.isfinite(about[:, periods])
        for pattern in np.unique(known, axis=0):
            mine = periods[pattern]
            made = self._design(mine)
            if made is not None:
                cols, design = made
                rows = (known == pattern).all(axis=1)
                for statistic, contrast in contrasts(cols).items():
                    moments = design.moments(about[rows][:, mine], contrast)
                    effects.setdefault(statistic, []).append(np.array(moments))
        found = {}
        for statistic, parts in effects.items():
            mean, variance = np.concatenate(parts, axis=1)
            n = len(mean)
            if n > 1:
                own = float(variance.mean()) * n / (n - 1)
                found[statistic] = (max(0.0, float(mean.var(ddof=1)) - own), n)
        return found

    def _design(self, periods: Ints) -> tuple[Columns, AutocorrelatedDesign] | None:
        """Columns of some periods, and their factors; None where they cannot be told apart."""
        key = periods.tobytes()
        if key not in self._designs:
            cols = columns(self.timing, self.question, periods)
            if (
                min(self.timing.sides(np.isin(np.arange(len(self.timing.spans)), periods)))
                < FEWEST_POINTS
            ):
                return None
            try:
                design = AutocorrelatedDesign(cols.matrix, periods.astype(np.float64))
            except ValueError:
                return None
            self._designs[key] = (cols, design)
        return self._designs[key]


def contrasts(cols: Columns) -> dict[str, Floats]:
    """Weights of each statistic that a design has: level and slope, and their mean after."""
    found = {"mean_change": cols.contrast(level=1.0, ramp=cols.mean_ramp)}
    for statistic, name in CHANGES.items():
        if name in cols.names:
            found[statistic] = cols.contrast(**{name: 1.0})
    return found


def joined(
    parts: list[dict[str, tuple[float, int]]], statistics: Iterable[str]
) -> dict[str, tuple[float, float]]:
    """Variance of a difference of means because series differ; freedom after Satterthwaite.

    >>> joined([{"a": (5.0, 5)}, {"a": (5.0, 5)}, {}], ["a", "b"])
    {'a': (2.0, 8.0), 'b': (0.0, 1.0)}
    """
    found = {}
    for statistic in statistics:
        given = [part[statistic] for part in parts if statistic in part]
        variance = float(sum(one / n for one, n in given))
        below = sum((one / n) ** 2 / (n - 1) for one, n in given)
        found[statistic] = (variance, variance**2 / below if below > 0.0 else 1.0)
    return found
