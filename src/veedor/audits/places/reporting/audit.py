"""The reporting audit: places, totals and disparities under every admissible reporting rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from veedor.audits.places.estimates_file import Figure
from veedor.audits.places.reporting.bounds import true_count_bounds, true_total
from veedor.audits.places.reporting.counts import PlaceCounts
from veedor.audits.places.reporting.disparities import (
    break_even_ratio,
    closing_ratio,
    exposure_per_1000,
    nearest_swap,
    ratio_bounds,
)
from veedor.audits.places.reporting.rates import ReportingRates
from veedor.audits.places.reporting.stability import (
    FRAGILE,
    ROBUST,
    UNDETERMINED,
    Stability,
    rank_stability,
)
from veedor.errors import StudyError
from veedor.statistics import Estimate
from veedor.tables.escape import shown

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

SCHEMA_VERSION = 1

#: How rates of places relate -> what that means.
SHARINGS = {
    "shared": "places of one stratum have the same unknown rate of a category",
    "own": "each place has a rate of its own, anywhere within the interval",
}
_EXACT = (
    "value at the middle of each rate's interval; exact bounds over all admissible rates; sampling "
    "error left out"
)
_AS_RECORDED = "as recorded, at equal reporting everywhere; no interval"


@dataclass(frozen=True)
class Questions:
    """What to ask of the places.

    Parameters
    ----------
    top : int, optional
        Flag so many places with the largest counts.
    area_fraction : float, optional
        Flag the densest places until this share of the area is spent; needs ``area_km2``. At most
        one of the two; without both, the flags must be given with the counts.
    groups : dict of str to str
        Group -> column of its members; with ``population`` these are bounded disparities.
    reference : str
        One of the groups.
    population : str
        Column of all residents.
    pairs : sequence of (str, str)
        Places whose break-even ratio is asked for.
    """

    top: int | None = None
    area_fraction: float | None = None
    groups: Mapping[str, str] | None = None
    reference: str = ""
    population: str = "population"
    pairs: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, eq=False)
class ReportingAudit:
    """What the audit found.

    Parameters
    ----------
    figures : tuple of Figure
    results : dict
        Everything, JSON-ready.
    places : dict of str to list
        Column -> value of each place.
    """

    figures: tuple[Figure, ...]
    results: dict[str, Any]
    places: dict[str, list[Any]]


def audit_reporting(
    counts: PlaceCounts, rates: ReportingRates, questions: Questions
) -> ReportingAudit:
    """Ask which answers would survive what was never recorded.

    Parameters
    ----------
    counts : PlaceCounts
    rates : ReportingRates
    questions : Questions

    Raises
    ------
    StudyError
        If nothing says which places are flagged, or a pair or the reference is unknown.
    DataError
        If a category or a place has no rates.
    """
    counts = counts.of_categories(rates.categories)
    columns = [rates.categories.index(name) for name in counts.categories]
    low, high = rates.low[:, columns], rates.high[:, columns]
    labels = counts.fact(rates.by) if rates.by else np.full(len(counts), "")
    stratum = rates.stratum_of(labels)
    own = np.arange(len(counts))
    flagged, weight, area = _flags(counts, questions)
    ranked = counts.counts if area is None else counts.counts / area[:, None]
    budget = float(weight[flagged].sum())
    found = {
        "shared": rank_stability(ranked, low, high, stratum, flagged, weight=weight, budget=budget),
        "own": rank_stability(
            ranked, low[stratum], high[stratum], own, flagged, weight=weight, budget=budget
        ),
    }
    smallest, largest = true_count_bounds(counts.counts, low, high, stratum)
    figures = [figure for how in SHARINGS for figure in _shares(how, found[how])]
    figures += _totals(counts, rates, columns, low, high, stratum)
    figures += _swaps(counts, ranked.sum(axis=1), flagged, questions)
    for how, (lo, hi, row) in {
        "shared": (low, high, stratum),
        "own": (low[stratum], high[stratum], own),
    }.items():
        figures += _disparities(how, counts, lo, hi, row, questions)
    places = {
        "place": counts.place.tolist(),
        "flagged": [int(flag) for flag in flagged],
        **{f"label_{how}": found[how].label.tolist() for how in SHARINGS},
        "recorded": counts.counts.sum(axis=1).tolist(),
        "true_low": smallest.tolist(),
        "true_high": largest.tolist(),
    }
    results = {
        "schema_version": SCHEMA_VERSION,
        "audit": "reporting",
        "source": {"counts": counts.source, "rates": rates.source, "rates_by": rates.by},
        "flagged_by": _how_flagged(questions),
        "places": len(counts),
        "flagged": int(flagged.sum()),
        "sharings": SHARINGS,
        "labels": {how: _tally(found[how]) for how in SHARINGS},
        "rates": [
            {
                "stratum": name,
                "category": category,
                "low": float(low[row, column]),
                "high": float(high[row, column]),
            }
            for row, name in enumerate(rates.strata)
            for column, category in enumerate(counts.categories)
        ],
        "rates_level": rates.level,
        "figures": [figure.to_dict() for figure in figures],
    }
    return ReportingAudit(tuple(figures), results, places)


def _flags(counts: PlaceCounts, questions: Questions) -> tuple[Flags, Floats, Floats | None]:
    """Flags, what each place spends, and the area where places are ranked by density."""
    n = len(counts)
    if questions.area_fraction is not None and questions.top is not None:
        raise StudyError("Places are flagged by number or by area.", found="both were asked for")
    if questions.area_fraction is not None:
        area = counts.fact_numbers("area_km2")
        if bool(np.any(area <= 0.0)):
            raise StudyError("Every place must have an area above 0.", found="area_km2 of 0")
        density = counts.counts.sum(axis=1) / area
        order = np.argsort(-density, kind="stable")
        within = np.cumsum(area[order]) <= questions.area_fraction * area.sum() * (1.0 + 1e-9)
        flagged = np.zeros(n, dtype=bool)
        flagged[order[: int(np.argmin(within)) if not within.all() else n]] = True
        if not flagged.any():
            raise StudyError(
                "The area to flag must hold at least one place.",
                found=f"{questions.area_fraction:g} of the area, less than the densest place",
                remedy="flag a larger share",
            )
        return flagged, area, area
    if questions.top is not None:
        if not 1 <= questions.top <= n:
            raise StudyError(f"Between 1 and {n} places can be flagged.", found=f"{questions.top}")
        flagged = np.zeros(n, dtype=bool)
        flagged[np.argsort(-counts.counts.sum(axis=1), kind="stable")[: questions.top]] = True
        return flagged, np.ones(n), None
    if counts.flagged is None:
        raise StudyError(
            "Something must say which places are flagged.",
            found="no column flagged, no --top and no --area-fraction",
            where=counts.source,
        )
    return counts.flagged, np.ones(n), None


def _how_flagged(questions: Questions) -> str:
    if questions.top is not None:
        return f"the {questions.top} places with the largest counts"
    if questions.area_fraction is not None:
        return f"the densest places, {questions.area_fraction:g} of the area"
    return "those that the column flagged marks"


def _tally(found: Stability) -> dict[str, dict[str, int]]:
    return {
        name: {
            label: int(np.sum(found.label[rows] == label))
            for label in (ROBUST, FRAGILE, UNDETERMINED)
        }
        for name, rows in (("flagged", found.flagged), ("not_flagged", ~found.flagged))
    }


def _shares(how: str, found: Stability) -> list[Figure]:
    """Share of the flagged places that stay flagged; bounds where some are undetermined."""
    n = int(found.flagged.sum())
    tally = {label: int(np.sum(found.label[found.flagged] == label)) for label in
             (ROBUST, FRAGILE, UNDETERMINED)}  # fmt: skip
    entering = int(np.sum(found.label[~found.flagged] == FRAGILE))
    open_ = tally[UNDETERMINED]
    of = f"flagged places, where {SHARINGS[how]}"
    method = "interval arithmetic over all admissible reporting rates, no sampling"

    def undefined(denominator: str) -> Estimate:
        return Estimate(None, None, None, 1.0, "none: there are no such places", 0, denominator)

    def figure(statistic: str, least: int, most: int, size: int, denominator: str) -> Figure:
        if not size:
            return Figure(how, "all", statistic, undefined(denominator))
        low, high = least / size, most / size
        value = low if least == most else None
        estimate = Estimate(value, low, high, 1.0, method, size, denominator)
        return Figure(how, "all", statistic, estimate)

    others = len(found.flagged) - n
    waiting = int(np.sum(found.label[~found.flagged] == UNDETERMINED))
    return [
        figure("share_flagged_robust", tally[ROBUST], tally[ROBUST] + open_, n, of),
        figure("share_flagged_fragile", tally[FRAGILE], tally[FRAGILE] + open_, n, of),
        figure("share_flagged_undetermined", open_, open_, n, of),
        figure(
            "share_unflagged_fragile",
            entering,
            entering + waiting,
            others,
            f"places that are not flagged, where {SHARINGS[how]}",
        ),
    ]


def _totals(
    counts: PlaceCounts,
    rates: ReportingRates,
    columns: Sequence[int],
    low: Floats,
    high: Floats,
    stratum: npt.NDArray[np.int64],
) -> list[Figure]:
    figures = []
    for place, (column, name) in enumerate(zip(columns, counts.categories, strict=True)):
        recorded = counts.counts[:, place]
        of = f"recorded incidents of {shown(name)}"
        n = float(recorded.sum())
        least = float((recorded / high[stratum, place]).sum())
        most = float((recorded / low[stratum, place]).sum())
        central = float((recorded / _middle(low, high)[stratum, place]).sum())
        bounds = Estimate(central, least, most, 1.0, _EXACT, round(n), of)
        figures.append(Figure("shared", shown(name), "true_count_bounds", bounds))
        rate, error = rates.rate[:, column], rates.standard_error[:, column]
        if len(rates.strata) == 1 and np.isfinite(rate[0]) and np.isfinite(error[0]):
            level = rates.level or 0.95
            total = true_total(n, float(rate[0]), float(error[0]), level=level, of=of)
            figures.append(Figure("shared", shown(name), "true_count", total))
    return figures


def _swaps(
    counts: PlaceCounts, values: Floats, flagged: Flags, questions: Questions
) -> list[Figure]:
    figures = []
    nearest = nearest_swap(values, flagged)
    pairs = [("break_even_ratio_nearest", *nearest)] if nearest else []
    index = {str(name): row for row, name in enumerate(counts.place)}
    for pair in questions.pairs:
        for name in pair:
            if name not in index:
                raise StudyError("A pair must be of two places.", found=shown(name), where="--pair")
        pairs.append(("break_even_ratio", index[pair[0]], index[pair[1]]))
    for statistic, first, second in pairs:
        names = f"{shown(str(counts.place[first]))} to {shown(str(counts.place[second]))}"
        value = break_even_ratio(float(values[first]), float(values[second]))
        estimate = Estimate(
            value,
            None,
            None,
            1.0,
            "ratio of counts; no interval: it is a property of what was recorded",
            round(float(counts.counts[[first, second]].sum())),
            "recorded incidents in the two places, all categories together",
        )
        figures.append(Figure("own", names, statistic, estimate))
    return figures


def _disparities(
    how: str,
    counts: PlaceCounts,
    low: Floats,
    high: Floats,
    stratum: npt.NDArray[np.int64],
    questions: Questions,
) -> list[Figure]:
    if not questions.groups:
        return []
    if questions.reference not in questions.groups:
        raise StudyError(
            "The reference must be one of the groups.",
            found=shown(questions.reference) or "none",
            where="--reference",
            remedy=f"use one of {', '.join(shown(name) for name in questions.groups)}",
        )
    population = counts.fact_numbers(questions.population)
    members = {name: counts.fact_numbers(column) for name, column in questions.groups.items()}
    reference = members[questions.reference]
    recorded = counts.counts.sum(axis=1)
    middle = _middle(low, high)
    central = (counts.counts / middle[stratum]).sum(axis=1)
    smallest, largest = true_count_bounds(counts.counts, low, high, stratum)
    figures: list[Figure] = []

    def add(name: str, statistic: str, ends: Sequence[float | None], method: str, of: str) -> None:
        estimate = Estimate(ends[0], ends[1], ends[2], 1.0, method, round(sizes[name]), of)
        figures.append(Figure(how, shown(name), statistic, estimate))

    sizes = {name: float(group.sum()) for name, group in members.items()}
    for name, group in members.items():
        of = f"residents counted as {shown(name)}, where {SHARINGS[how]}"
        ends = [exposure_per_1000(v, group, population) for v in (central, smallest, largest)]
        add(name, "exposure_per_1000", ends, _EXACT, of)
        if how == "shared":
            plain = [exposure_per_1000(recorded, group, population), None, None]
            add(name, "exposure_per_1000_recorded", plain, _AS_RECORDED, of)
        if name == questions.reference:
            continue
        versus = f"{of}, against {shown(questions.reference)}"
        found = ratio_bounds(counts.counts, low, high, stratum, group, reference, population)
        at_middle = ratio_bounds(
            counts.counts, middle, middle, stratum, group, reference, population
        )
        ends = [at_middle.low, found.low, found.high]
        add(name, "ratio_per_1000", ends, _EXACT, versus)
        if how == "shared":
            add(name, "ratio_per_1000_recorded", [found.value, None, None], _AS_RECORDED, versus)
            closing = closing_ratio(recorded, group, reference, population)
            method = "root of the disparity in the ratio of reporting rates; no interval"
            add(name, "break_even_reporting_ratio", [closing, None, None], method, versus)
    return figures


def _middle(low: Floats, high: Floats) -> Floats:
    middle: Floats = 0.5 * (low + high)
    return middle
