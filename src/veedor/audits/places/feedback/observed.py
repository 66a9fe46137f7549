"""On real data: whether being flagged raises what is discovered, and flags outlast reports."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import special

from veedor.arrays import Bools, Floats, Ints
from veedor.errors import DataError, StudyError, phrase
from veedor.statistics import Estimate, TestResult, jackknife_variance
from veedor.statistics.codes import Denominator, Hypothesis, Method
from veedor.tables.rows import read_table, slots
from veedor.tables.time_columns import UnreadableTimesError, read_times

_FEWEST = 6
_JACKKNIFE = (
    "Efron, B. & Stein, C. (1981). The jackknife estimate of variance. The Annals of Statistics 9, "
    "586-596. https://doi.org/10.1214/aos/1176345462"
)
_MANTEL_HAENSZEL = (
    "Mantel, N. & Haenszel, W. (1959). Statistical aspects of the analysis of data from "
    "retrospective studies of disease. Journal of the National Cancer Institute 22, 719-748. "
    "https://doi.org/10.1093/jnci/22.4.719; variance: " + _JACKKNIFE
)
_STRATA = {
    "period": Denominator("incidents_known_within_periods"),
    "place": Denominator("incidents_known_within_places"),
}


@dataclass(frozen=True, eq=False)
class Observed:
    """What became known at each place in each period, and which places were flagged for it.

    Parameters
    ----------
    period, place : array of str
        Their names, in order.
    reported : array, shape (periods, places)
        Incidents that victims or witnesses reported.
    discovered : array, shape (periods, places)
        Incidents that police found by being there.
    flagged : array of bool, shape (periods, places)
        Flagged for the period, from data before it.
    source : str

    Raises
    ------
    DataError
        If a count is negative, or there are too few places or periods.
    """

    period: npt.NDArray[np.str_]
    place: npt.NDArray[np.str_]
    reported: Floats
    discovered: Floats
    flagged: Bools
    source: str

    def __post_init__(self) -> None:
        if len(self.period) < 2 or len(self.place) < 2:
            raise DataError(
                "A record must have at least two periods and two places.",
                found=phrase(
                    "{n_period} periods and {n_place} places",
                    n_period=len(self.period),
                    n_place=len(self.place),
                ),
                where=self.source,
            )
        for name, values in (("reported", self.reported), ("discovered", self.discovered)):
            if not bool(np.all(np.isfinite(values) & (values >= 0.0))):
                raise DataError(
                    phrase("{name} must be at least 0.", name=name),
                    found=phrase("{n} fields that are not", n=int(np.sum(~(values >= 0.0)))),
                    where=self.source,
                )


def read_observed(path: Path) -> Observed:
    """Read ``period, place, reported, discovered, flagged``: a row for each period and place.

    Parameters
    ----------
    path : Path
        CSV. Periods are ordered as numbers where all are numbers, as dates where all are dates, and
        else as text.

    Raises
    ------
    DataError
        If a period and place is missing or given twice.
    StudyError
        If periods are dates whose order of day and month cannot be known.
    """
    sheet = read_table(path, ("period", "place", "reported", "discovered", "flagged"))
    axes = {name: sheet.coded(name) for name in ("period", "place")}
    slot = slots(axes, path.name, complete=True)
    (period, _), (place, _) = axes.values()
    shape = (len(period), len(place))
    order = np.argsort(slot)
    try:
        chronological = np.argsort(period.astype(np.float64), kind="stable")
    except ValueError:
        chronological = _in_time(period.tolist(), path.name)

    def shaped(values: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
        return values[order].reshape(shape)[chronological]

    return Observed(
        period[chronological],
        place,
        np.asarray(shaped(sheet.numbers("reported", whole=True)), dtype=np.float64),
        np.asarray(shaped(sheet.numbers("discovered", whole=True)), dtype=np.float64),
        np.asarray(shaped(sheet.flags("flagged")), dtype=np.bool_),
        path.name,
    )


def _in_time(periods: list[str], name: str) -> Ints:
    """Order periods by time where all are times, else by their text."""
    try:
        micros, _ = read_times(periods, f"column period of {name}")
    except UnreadableTimesError:
        return np.arange(len(periods))
    return np.argsort(micros, kind="stable")


def discovered_per_reported(
    observed: Observed, *, within: str = "period", level: float = 0.95
) -> tuple[Estimate, TestResult]:
    r"""Ratio of discovered to reported incidents where flagged, by the same ratio elsewhere.

    $$\text{ratio} = \frac{\sum_k D^f_k R^u_k / n_k}{\sum_k D^u_k R^f_k / n_k}$$

    The Mantel-Haenszel odds ratio over strata k, with D discovered, R reported, f flagged, u not,
    and n all four. How much happens cancels: given all that became known at a place, the chance
    that an incident was discovered rather than reported is free of how many there were, so no
    control for a noisy level is needed, as a regression on reported counts would.

    Parameters
    ----------
    observed : Observed
    within : str
        ``period``: compares places at the same time; assumes that unflagged places would be as
        often discovered per report. ``place``: compares a place with itself; free of what differs
        between places and lasts.
    level : float

    Returns
    -------
    tuple of Estimate and TestResult
        Ratio from 0 up, 1 if being flagged changes nothing; above 1, presence makes records.
        Undefined where a side has no incidents. Interval and test: jackknife over places on the
        log scale, Student's t with one less than the number of places that have incidents; none
        where fewer than six places are flagged, or unflagged, at some time.

    References
    ----------
    Mantel, N. & Haenszel, W. (1959). Statistical aspects of the analysis of data from retrospective
    studies of disease. Journal of the National Cancer Institute 22, 719-748.
    https://doi.org/10.1093/jnci/22.4.719

    Efron, B. & Stein, C. (1981). The jackknife estimate of variance. The Annals of Statistics 9,
    586-596. https://doi.org/10.1214/aos/1176345462
    """
    if within not in _STRATA:
        raise StudyError("Strata must be of period or place.", found=within)
    flagged = observed.flagged
    known = observed.reported + observed.discovered
    sides = [
        values * side
        for side in (flagged, ~flagged)
        for values in (observed.discovered, observed.reported)
    ]
    if within == "place":
        tables = np.stack([side.sum(axis=0) for side in sides])
        top, bottom = _mantel_haenszel(tables)
        tops, bottoms = top.sum() - top, bottom.sum() - bottom
        total = float(top.sum()), float(bottom.sum())
    else:
        whole = np.stack([side.sum(axis=1) for side in sides])
        top, bottom = _mantel_haenszel(whole)
        total = float(top.sum()), float(bottom.sum())
        tops, bottoms = np.zeros(len(observed.place)), np.zeros(len(observed.place))
        for period in range(len(observed.period)):
            less = whole[:, period, None] - np.stack([side[period] for side in sides])
            each = _mantel_haenszel(less)
            tops += each[0]
            bottoms += each[1]
    of = _STRATA[within]
    n = round(float(known.sum()))
    counting = known.sum(axis=0) > 0.0
    groups = min(
        int(np.sum(flagged.any(axis=0) & counting)), int(np.sum((~flagged).any(axis=0) & counting))
    )
    value = total[0] / total[1] if total[1] > 0.0 else None
    usable = bool(np.all((tops > 0.0) & (bottoms > 0.0)))
    if value is None or value == 0.0 or not usable or groups < _FEWEST:
        why = (
            Method("none_few_places_on_a_side", {"places": groups})
            if value
            else Method("none_a_side_without_incidents")
        )
        return Estimate(value, None, None, level, why, n, of), _mantel_haenszel_test(None, None, n)
    logs = np.log(tops) - np.log(bottoms)
    error = float(np.sqrt(jackknife_variance(logs)))
    return _on_log_scale(value, error, int(counting.sum()) - 1, level, n, of)


def _mantel_haenszel(tables: Floats) -> tuple[Floats, Floats]:
    """Both sums' terms; tables of (D flagged, R flagged, D other, R other) by stratum."""
    n = tables.sum(axis=0)
    n = np.where(n > 0.0, n, 1.0)
    return tables[0] * tables[3] / n, tables[2] * tables[1] / n


def _on_log_scale(
    value: float, error: float, freedom: int, level: float, n: int, of: Denominator
) -> tuple[Estimate, TestResult]:
    quantile = special.stdtrit(freedom, 0.5 + level / 2.0)
    factor = float(np.exp(quantile * error))
    method = Method("jackknife_over_places_log", {"degrees": freedom})
    statistic = float(np.log(value) / error) if error > 0.0 else None
    p = None if statistic is None else float(2.0 * special.stdtr(freedom, -abs(statistic)))
    return (
        Estimate(value, value / factor, value * factor, level, method, n, of),
        _mantel_haenszel_test(statistic, p, n),
    )


def _mantel_haenszel_test(statistic: float | None, p: float | None, n: int) -> TestResult:
    return TestResult(
        Hypothesis("mantel_haenszel"),
        statistic,
        p,
        n,
        Denominator("incidents"),
        None,
        _MANTEL_HAENSZEL,
    )


@dataclass(frozen=True)
class Persistence:
    """How long flags last, beside what reports alone would have flagged.

    Parameters
    ----------
    flags : Estimate
        Share of flagged places that are flagged in the next period too.
    reports : Estimate
        The same where as many places are flagged by their reported incidents so far.
    difference : Estimate
        Flags less reports.
    test : TestResult
        That the difference is 0.
    """

    flags: Estimate
    reports: Estimate
    difference: Estimate
    test: TestResult


def persistence(
    observed: Observed, *, memory: int | None = None, level: float = 0.95
) -> Persistence:
    """Compare how flags last with how a ranking by reported incidents lasts.

    Parameters
    ----------
    observed : Observed
    memory : int, optional
        Periods before each period whose reported incidents rank the places; all by default. Use
        the memory of the audited system where it is known.
    level : float

    Returns
    -------
    Persistence
        Shares in [0, 1]; the difference in [-1, 1], above 0 where flags last longer than reports
        would have them. Undefined where nothing was flagged. Jackknife over places, Student's t
        with one less than their number; none where fewer than six were flagged by either. As many
        places are flagged as were, so that a flag for one leaves fewer for others: the error is
        multiplied by the root of one minus the share that is flagged, as in sampling without
        replacement.

    References
    ----------
    Efron, B. & Stein, C. (1981). The jackknife estimate of variance. The Annals of Statistics 9,
    586-596. https://doi.org/10.1214/aos/1176345462
    """
    flags = observed.flagged[1:]
    reports = _flags_by_reports(observed, memory)
    both = []
    for one in (flags, reports):
        stays = (one[:-1] & one[1:]).sum(axis=0).astype(np.float64)
        both.append((stays, one[:-1].sum(axis=0).astype(np.float64)))
    groups = int((flags | reports).any(axis=0).sum())
    shares, leaving = [], []
    for stays, flagged in both:
        total = float(flagged.sum())
        shares.append(float(stays.sum()) / total if total > 0.0 else None)
        rest = total - flagged
        leaving.append((stays.sum() - stays) / np.where(rest > 0.0, rest, np.nan))
    of = (
        Denominator("flagged_places_followed"),
        Denominator("places_reports_would_flag"),
        Denominator("flagged_places_against_reports"),
    )
    n = [round(float(flagged.sum())) for _, flagged in both]
    freedom = len(observed.place) - 1
    quantile = special.stdtrit(freedom, 0.5 + level / 2.0)
    finite = float(np.sqrt(1.0 - flags.mean()))
    found: list[tuple[Estimate, float | None]] = []
    values = [*shares, None if None in shares else float(shares[0] or 0) - float(shares[1] or 0)]
    for value, left, size, words, (least, most) in zip(
        values,
        [*leaving, leaving[0] - leaving[1]],
        [*n, n[0]],
        of,
        [(0.0, 1.0), (0.0, 1.0), (-1.0, 1.0)],
        strict=True,
    ):
        if value is None or groups < _FEWEST or not bool(np.isfinite(left).all()):
            why = Method("none_few_flagged_places", {"places": groups})
            found.append((Estimate(value, None, None, level, why, size, words), None))
            continue
        error = finite * float(np.sqrt(jackknife_variance(left)))
        method = Method("jackknife_over_places", {"degrees": freedom})
        low, high = max(value - quantile * error, least), min(value + quantile * error, most)
        found.append((Estimate(value, low, high, level, method, size, words), error))
    difference, spread = found[2]
    statistic = difference.value / spread if spread and difference.value is not None else None
    p = None if statistic is None else float(2.0 * special.stdtr(freedom, -abs(statistic)))
    test = TestResult(
        Hypothesis("difference_of_persistence"),
        statistic,
        p,
        n[0],
        Denominator("flagged"),
        None,
        _JACKKNIFE,
    )
    return Persistence(found[0][0], found[1][0], difference, test)


def _flags_by_reports(observed: Observed, memory: int | None) -> Bools:
    """As many places as were flagged, by reported incidents before; from the second period on.

    Ties go to the place with more reported incidents in all, then to the earlier one.
    """
    if memory is not None and memory < 1:
        raise StudyError("A memory must be at least one period.", found=f"{memory}")
    total = np.cumsum(observed.reported, axis=0)
    before = total[:-1].copy()
    if memory is not None:
        before[memory:] -= total[:-1][:-memory]
    overall = total[-1]
    flags = np.zeros(before.shape, dtype=bool)
    for row, (values, many) in enumerate(
        zip(before, observed.flagged[1:].sum(axis=1), strict=True)
    ):
        flags[row, np.lexsort([-overall, -values])[:many]] = True
    return flags
