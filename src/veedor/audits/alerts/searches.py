"""1:N searches: alerts on people who are not in the gallery, and misses of those who are.

A candidate at or above the threshold is an alert: score >= T. A failure to acquire is a miss if the
search is mated, and no alert if it is not; either way it counts in the denominator.

References
----------
Grother, P., Ngan, M. & Hanaoka, K. (2019). Face Recognition Vendor Test Part 2: Identification.
NISTIR 8271. https://doi.org/10.6028/NIST.IR.8271. ISO/IEC 19795-1:2021, Biometric performance
testing and reporting.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace

import msgspec
import numpy as np
from scipy import stats

from veedor.arrays import Bools, Floats, Ints
from veedor.audits.alerts.auc import DetCurve, DetPoint
from veedor.audits.alerts.equity import (
    fairness_discrepancy_rate,
    garbe,
    max_over_geometric_mean,
)
from veedor.audits.alerts.rates import Proportions
from veedor.audits.alerts.statements import ALL, state, states
from veedor.audits.alerts.tables.searches import Searches
from veedor.audits.audit import Statement, finite
from veedor.statistics.clusters import ClusteredRate, linearised
from veedor.statistics.codes import Method
from veedor.statistics.intervals import normal_quantile

RANKS = (1, 5)
#: False positive identification rates for which thresholds are sought.
FPIR_TARGETS = (0.1, 0.05, 0.02, 0.01, 0.005, 0.003, 0.001, 0.0001)
_REPLICATES = 2_000


def identification_rates(
    searches: Searches,
    threshold: float | None,
    ranks: Sequence[int] = RANKS,
    reference: str | None = None,
) -> dict[str, Proportions]:
    """Return `fpir`, `fnir_rank<R>` and `fta_rate` of ``ALL`` and of every group.

    `fpir`: non-mated searches with a candidate at or above the threshold, out of all non-mated
    searches. `fnir_rank<R>`: mated searches without their mate among the first R candidates at or
    above the threshold, out of all mated searches. Without a threshold every candidate counts, and
    `fpir` is left out: it would be the share of searches that return anything. Where persons were
    searched repeatedly, intervals allow for it.

    Parameters
    ----------
    searches : Searches
    threshold : float or None
    ranks : sequence of int
    reference : str, optional
        Group that the others are compared with.

    Examples
    --------
    One non-mated search that returned a candidate of score 0.7, one mated one whose mate came
    second:

    >>> both = Searches((), np.zeros(2, int), np.array([False, True]), np.ones(2, bool),
    ...     np.array([0.7, 0.9]), np.array([99, 2]), np.array([-np.inf, 0.8]), None,
    ...     np.zeros((0, 2), int))
    >>> rates = identification_rates(both, 0.5)
    >>> {name: rate.value.item() for name, rate in rates.items()}
    {'fpir': 1.0, 'fnir_rank1': 1.0, 'fnir_rank5': 0.0, 'fta_rate': 0.0}
    """
    limit = -np.inf if threshold is None else threshold
    events = {}
    if threshold is not None:
        events["fpir"] = (~searches.mated & (searches.top_score >= limit), ~searches.mated)
    for rank in ranks:
        found = searches.acquired & (searches.mate_rank <= rank) & (searches.mate_score >= limit)
        events[f"fnir_rank{rank}"] = (searches.mated & ~found, searches.mated)
    events["fta_rate"] = (~searches.acquired, np.ones(len(searches), dtype=bool))
    names = (ALL, *searches.groups)
    base = names.index(reference) if reference else 0
    people = _people(searches)
    rates = {}
    for name, (above, below) in events.items():
        rate = Proportions(name, names, _by_group(searches, above), _by_group(searches, below))
        if people is not None:
            rate = rate.with_clusters(
                _by_person(searches, people, above, below, base), searches.subject_header or ""
            )
        rates[name] = rate
    return rates


def complement(rate: Proportions, name: str) -> Proportions:
    """Return one less a rate: the same trials, the others counted.

    Parameters
    ----------
    rate : Proportions
    name : str
        Of the other rate.
    """
    events = rate.trials - rate.events
    held = rate.clustered
    return replace(
        rate, name=name, events=events,
        clustered=None if held is None else replace(held, events=events),
    )  # fmt: skip


def _by_group(searches: Searches, chosen: Bools) -> Floats:
    counted = np.bincount(searches.group[chosen], minlength=len(searches.groups) or 1)
    if not searches.groups:
        return counted[:1].astype(np.float64)
    return np.concatenate([[counted.sum()], counted]).astype(np.float64)


def _people(searches: Searches) -> Ints | None:
    """Number the people searched, None where nobody was searched twice or it is not known."""
    if searches.subject is None:
        return None
    people, person = np.unique(searches.subject, return_inverse=True)
    return None if len(people) == len(person) else person


def _by_person(
    searches: Searches, person: Ints, above: Bools, below: Bools, base: int
) -> ClusteredRate:
    """Linearise a rate of every group over the people searched."""
    people = int(person.max()) + 1

    def counted(number: int) -> Floats:
        here = np.ones(len(person), bool) if number == 0 else searches.group == number - 1
        return np.array([
            np.bincount(person[here & chosen], minlength=people) for chosen in (above, below)
        ], dtype=np.float64)  # fmt: skip

    beside = counted(base)
    pairs = []
    for number in range(1 + len(searches.groups)):
        both = np.stack([counted(number), beside], axis=1)
        pairs.append(linearised(both[0], both[1], base=1))
    names = [field.name for field in fields(ClusteredRate)]
    return ClusteredRate(*(np.array([getattr(pair, n)[0] for pair in pairs]) for n in names))


def selectivity_statements(
    searches: Searches, thresholds: Sequence[float], level: float = 0.95
) -> list[Statement]:
    """Statements of `selectivity`: candidates at or above the threshold for each non-mated search.

    From 0 to the length of the lists; smaller is less work and fewer people shown. The interval is
    normal, from the variance between searches.

    Parameters
    ----------
    searches : Searches
    thresholds : sequence of float
        As given to `read_searches`.
    level : float
    """
    made = []
    z = normal_quantile(level)
    for threshold, returned in zip(thresholds, searches.returned, strict=True):
        for number, group in enumerate((ALL, *searches.groups), start=-1):
            here = ~searches.mated if number < 0 else ~searches.mated & (searches.group == number)
            lists = returned[here].astype(np.float64)
            n = len(lists)
            mean = lists.mean() if n else np.nan
            half = z * lists.std(ddof=1) / np.sqrt(n) if n > 1 else np.nan
            made.append(
                state("all", threshold, group, "selectivity", mean, lists.sum(), n,
                    max(mean - half, 0.0), mean + half, Method("normal_over_searches"), level=level,
                    table="searches")
            )  # fmt: skip
    return made


def threshold_at(
    top_scores: Floats, target: float, level: float = 0.95
) -> tuple[float, float, float]:
    """Lowest observed score that, as the threshold, keeps FPIR at or below a target.

    Parameters
    ----------
    top_scores : array, shape (non-mated searches,)
        Highest score of each, -inf where nothing was returned.
    target : float
    level : float
        Of the interval from order statistics, whose ends are observed scores too.

    Returns
    -------
    value, low, high : float
        NaN where not even the highest observed score keeps it: there are too few searches (fewer
        than 1 / target), or too many tied at the top.

    Examples
    --------
    >>> threshold_at(np.arange(1.0, 101.0), 0.05)[0]
    96.0
    """
    ordered = np.sort(top_scores)[::-1]
    n = len(ordered)
    if n == 0:
        return np.nan, np.nan, np.nan
    return (
        _lowest(ordered, int(np.floor(target * n + 1e-9))),
        _at_rank(ordered, stats.binom.ppf(0.5 + level / 2.0, n, target) + 1),
        _at_rank(ordered, stats.binom.ppf(0.5 - level / 2.0, n, target)),
    )


def _lowest(ordered: Floats, allowed: int) -> float:
    """Lowest of the falling scores that at most `allowed` of them reach."""
    if allowed >= len(ordered):
        finite = ordered[np.isfinite(ordered)]
        return float(finite[-1]) if len(finite) else np.nan
    reached = ordered[:allowed][ordered[:allowed] > ordered[allowed]]
    return float(reached[-1]) if len(reached) else np.nan


def _at_rank(ordered: Floats, rank: float) -> float:
    at = int(rank)
    return float(ordered[at - 1]) if 1 <= at <= len(ordered) else np.nan


def threshold_statements(
    searches: Searches, targets: Sequence[float] = FPIR_TARGETS, level: float = 0.95
) -> list[Statement]:
    """Statements of `threshold_at_fpir_<x>`, for all together and for each group by itself."""
    made = []
    for target in targets:
        name = f"threshold_at_fpir_{float(target)!r}"
        for number, group in enumerate((ALL, *searches.groups), start=-1):
            here = ~searches.mated if number < 0 else ~searches.mated & (searches.group == number)
            tops = searches.top_score[here]
            value, low, high = threshold_at(tops, target, level)
            reached = float((tops >= value).sum()) if np.isfinite(value) else None
            made.append(
                state("all", None, group, name, value, reached, len(tops), low, high,
                    Method("order_statistics"), level=level, table="searches")
            )  # fmt: skip
    return made


class RateOfGroup(msgspec.Struct, frozen=True):
    """A rate of a group with its interval, and how many it is out of."""

    value: float | None
    low: float | None
    high: float | None
    denominator: int


class GroupErrors(msgspec.Struct, frozen=True):
    """Both errors of a group."""

    fpir: RateOfGroup
    fnir_rank1: RateOfGroup


class AtThreshold(msgspec.Struct, frozen=True):
    """What one threshold, set for a target over everyone, does to each group."""

    target: float
    threshold: float
    groups: dict[str, GroupErrors]


def at_common_threshold(
    searches: Searches,
    targets: Sequence[float] = FPIR_TARGETS,
    interval: str = "wilson",
    level: float = 0.95,
) -> tuple[AtThreshold, ...]:
    """Return each group's FPIR and FNIR where one threshold is set for a target over everyone.

    Returns
    -------
    tuple of AtThreshold
        Targets for which no threshold can be set are left out.
    """
    found = []
    for target in targets:
        threshold = threshold_at(searches.top_score[~searches.mated], target)[0]
        if not np.isfinite(threshold):
            continue
        rates = identification_rates(searches, threshold)
        ends = {name: rates[name].interval(interval, level) for name in ("fpir", "fnir_rank1")}
        found.append(AtThreshold(target, threshold, {
            group: GroupErrors(*(
                RateOfGroup(
                    finite(rates[name].value[number]), finite(ends[name][0][number]),
                    finite(ends[name][1][number]), int(rates[name].trials[number]),
                )
                for name in ends
            ))
            for number, group in enumerate(rates["fpir"].groups)
        }))  # fmt: skip
    return tuple(found)


def identification_det(searches: Searches, most: int = 60) -> tuple[DetCurve, ...]:
    """FPIR and FNIR at rank 1 of every group along the scores: the points of DET curves.

    Parameters
    ----------
    searches : Searches
    most : int
        Thresholds at most, evenly spaced in rank over all scores that decide anything.
    """
    deciding = np.concatenate([
        searches.top_score[~searches.mated], searches.mate_score[searches.mated],
    ])  # fmt: skip
    scores = np.unique(deciding[np.isfinite(deciding)])
    if len(scores) == 0:
        return ()
    at = np.unique(np.linspace(0, len(scores) - 1, most).round().astype(np.int64))
    first = np.where(searches.acquired & (searches.mate_rank <= 1), searches.mate_score, -np.inf)
    found = []
    for number, group in enumerate((ALL, *searches.groups), start=-1):
        here = np.ones(len(searches), dtype=bool) if number < 0 else searches.group == number
        tops = np.sort(searches.top_score[here & ~searches.mated])
        mates = np.sort(first[here & searches.mated])
        points = tuple(
            DetPoint(
                float(t),
                1.0 - np.searchsorted(tops, t) / len(tops) if len(tops) else None,
                np.searchsorted(mates, t) / len(mates) if len(mates) else None,
            )
            for t in scores[at]
        )
        found.append(DetCurve(group, points))
    return tuple(found)


def equity_statements(
    threshold: float | None,
    rates: dict[str, Proportions],
    rng: np.random.Generator,
    level: float = 0.95,
) -> list[Statement]:
    """Statements of how unequal the groups are: of FPIR, of FNIR at rank 1, and of both together.

    `fpir_max_over_geomean`, `fnir_rank1_max_over_geomean`, `garbe_a0.5`, `fdr_fair_a0.5`; intervals
    from resampled counts (2,000 replicates). Chance alone makes groups unequal, so that these would
    never hold equality: they are widened to hold it where as many draws of equal groups are as
    unequal as the level allows.

    Parameters
    ----------
    threshold : float or None
    rates : dict
        Of `identification_rates`.
    rng : numpy.random.Generator
    level : float
    """
    if "fpir" not in rates or len(rates["fpir"].groups) < 3:
        return []
    fpir, fnir = rates["fpir"], rates["fnir_rank1"]
    drawn = [_drawn(rate, rate.value[1:], rng, level) for rate in (fpir, fnir)]
    equal = [_drawn(rate, np.full(len(rate.groups) - 1, rate.value[0]), rng, level)
             for rate in (fpir, fnir)]  # fmt: skip
    counted = [rate.value[1:] for rate in (fpir, fnir)]
    measures: dict[str, tuple[Callable[[Floats, Floats], Floats], float]] = {
        "fpir_max_over_geomean": (lambda one, _: max_over_geometric_mean(one), 1.0),
        "fnir_rank1_max_over_geomean": (lambda _, two: max_over_geometric_mean(two), 1.0),
        "garbe_a0.5": (garbe, 0.0),
        "fdr_fair_a0.5": (fairness_discrepancy_rate, 1.0),
    }
    tails = [50.0 - 50.0 * level, 50.0 + 50.0 * level]
    made = []
    for name, (measure, alike) in measures.items():
        value, replicates = float(measure(*counted)), measure(*drawn)
        low, high = np.nan, np.nan
        if np.isfinite(value) and np.isfinite(replicates).all():
            low, high = np.percentile(replicates, tails)
            chance = np.abs(measure(*equal) - alike)
            reached = np.count_nonzero(~(chance < abs(value - alike)))
            if (reached + 1.0) / (len(chance) + 1.0) > 1.0 - level:
                low, high = min(low, alike), max(high, alike)
        made += states("all", threshold, [ALL], name, [value], [np.nan], [np.nan], [low], [high],
                        Method("bootstrap_counts"), level=level, table="searches")  # fmt: skip
    return made


def _drawn(rate: Proportions, p: Floats, rng: np.random.Generator, level: float) -> Floats:
    """Draw rates of the groups, of as many independent searches as there are."""
    n = np.nan_to_num(rate.size(level)[1:]).round().astype(np.int64)
    known = np.where(np.isfinite(p), p, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = rng.binomial(n, known, size=(_REPLICATES, len(n))) / np.where(n, n, np.nan)
    return found
