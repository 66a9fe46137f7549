"""The reporting audit: places, totals and disparities under every admissible reporting rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import msgspec
import numpy as np
import numpy.typing as npt

from veedor.arrays import Bools, Floats
from veedor.audits.audit import WHOLE, Audit, Statement, Subject
from veedor.audits.places.by_place import PlaceFigures
from veedor.audits.places.reporting.bounds import true_count_bounds, true_total
from veedor.audits.places.reporting.counts import PlaceCounts
from veedor.audits.places.reporting.disparities import (
    break_even_ratio,
    closing_ratio,
    exposure_per_1000,
    nearest_swap,
    ratio_bounds,
)
from veedor.audits.places.reporting.outcomes import PlaceOutcome, outcome_figures
from veedor.audits.places.reporting.rates import ReportingRates
from veedor.audits.places.reporting.stability import (
    FRAGILE,
    ROBUST,
    UNDETERMINED,
    Stability,
    rank_stability,
)
from veedor.errors import StudyError, phrase
from veedor.statistics import Estimate
from veedor.statistics.codes import Denominator, Finding, Method
from veedor.tables.escape import shown

#: How rates of places relate: those of one stratum have the same unknown rate of a category, or
#: each place has a rate of its own, anywhere within the interval.
Sharing = Literal["shared", "own"]
SHARINGS: tuple[Sharing, ...] = ("shared", "own")
_EXACT = Method("exact_bounds_at_the_middle")
_AS_RECORDED = Method("none_as_recorded")


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


class RateBounds(msgspec.Struct, frozen=True):
    """What a reporting rate was taken to lie between."""

    stratum: str
    category: str
    low: float
    high: float


class Tally(msgspec.Struct, frozen=True):
    """How many places are robust, fragile and undetermined."""

    robust: int
    fragile: int
    undetermined: int


class Labels(msgspec.Struct, frozen=True):
    """Tallies of the flagged places, and of the others."""

    flagged: Tally
    not_flagged: Tally


class ReportingAudit(Audit, frozen=True, kw_only=True, tag="reporting"):
    """What the audit found.

    Parameters
    ----------
    counts, rates_file : str
        Names of what was read.
    rates_by : str
        Column of places by which rates differ; empty where they do not.
    flagged_by : Finding
        What says which places are flagged.
    places, flagged : int
    labels : dict of str to Labels
        By how rates of places relate.
    rates : tuple of RateBounds
    rates_level : float or None
        Of the intervals of the rates; None where they are bounds.
    """

    newest_schema: ClassVar[int] = 2

    counts: str
    rates_file: str
    rates_by: str
    flagged_by: Finding
    places: int
    flagged: int
    labels: dict[Sharing, Labels]
    rates: tuple[RateBounds, ...]
    rates_level: float | None
    by_place: tuple[PlaceFigures, ...]


def audit_reporting(
    counts: PlaceCounts, rates: ReportingRates, questions: Questions
) -> tuple[ReportingAudit, tuple[PlaceOutcome, ...]]:
    """Ask which answers would survive what was never recorded.

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
    found: dict[Sharing, Stability] = {
        "shared": rank_stability(ranked, low, high, stratum, flagged, weight=weight, budget=budget),
        "own": rank_stability(
            ranked, low[stratum], high[stratum], own, flagged, weight=weight, budget=budget
        ),
    }
    smallest, largest = true_count_bounds(counts.counts, low, high, stratum)
    made = [one for how in SHARINGS for one in _shares(how, found[how])]
    made += _totals(counts, rates, columns, low, high, stratum)
    made += _swaps(counts, ranked.sum(axis=1), flagged, questions)
    made += _disparities("shared", counts, low, high, stratum, questions)
    made += _disparities("own", counts, low[stratum], high[stratum], own, questions)
    each = zip(
        counts.place.tolist(), flagged.astype(int).tolist(), found["shared"].label.tolist(),
        found["own"].label.tolist(), counts.counts.sum(axis=1).tolist(), smallest.tolist(),
        largest.tolist(), strict=True,
    )  # fmt: skip
    outcomes = tuple(PlaceOutcome(*one) for one in each)
    audit = ReportingAudit(
        schema_version=ReportingAudit.newest_schema,
        statements=tuple(made),
        counts=counts.source,
        rates_file=rates.source,
        rates_by=rates.by,
        flagged_by=_how_flagged(questions),
        places=len(counts),
        flagged=int(flagged.sum()),
        labels={
            how: Labels(_tally(one, one.flagged), _tally(one, ~one.flagged))
            for how, one in found.items()
        },
        rates=tuple(
            RateBounds(name, category, float(low[row, column]), float(high[row, column]))
            for row, name in enumerate(rates.strata)
            for column, category in enumerate(counts.categories)
        ),
        rates_level=rates.level,
        by_place=(outcome_figures(outcomes),),
    )
    return audit, outcomes


def _flags(counts: PlaceCounts, questions: Questions) -> tuple[Bools, Floats, Floats | None]:
    """Bools, what each place spends, and the area where places are ranked by density."""
    n = len(counts)
    if questions.area_fraction is not None and questions.top is not None:
        raise StudyError(
            "Places are flagged by number or by area.", found=phrase("both were asked for")
        )
    if questions.area_fraction is not None:
        area = counts.fact_numbers("area_km2")
        if bool(np.any(area <= 0.0)):
            raise StudyError(
                "Every place must have an area above 0.", found=phrase("area_km2 of 0")
            )
        density = counts.counts.sum(axis=1) / area
        order = np.argsort(-density, kind="stable")
        within = np.cumsum(area[order]) <= questions.area_fraction * area.sum() * (1.0 + 1e-9)
        flagged = np.zeros(n, dtype=bool)
        flagged[order[: int(np.argmin(within)) if not within.all() else n]] = True
        if not flagged.any():
            raise StudyError(
                "The area to flag must hold at least one place.",
                found=phrase(
                    "{area_fraction:g} of the area, less than the densest place",
                    area_fraction=questions.area_fraction,
                ),
                remedy="flag a larger share",
            )
        return flagged, area, area
    if questions.top is not None:
        if not 1 <= questions.top <= n:
            raise StudyError(
                phrase("Between 1 and {n} places can be flagged.", n=n), found=f"{questions.top}"
            )
        flagged = np.zeros(n, dtype=bool)
        flagged[np.argsort(-counts.counts.sum(axis=1), kind="stable")[: questions.top]] = True
        return flagged, np.ones(n), None
    if counts.flagged is None:
        raise StudyError(
            "Something must say which places are flagged.",
            found=phrase("no column flagged, no --top and no --area-fraction"),
            where=counts.source,
        )
    return counts.flagged, np.ones(n), None


def _how_flagged(questions: Questions) -> Finding:
    if questions.top is not None:
        return Finding("flagged_by_number", {"top": questions.top})
    if questions.area_fraction is not None:
        return Finding("flagged_by_area", {"percent": 100.0 * questions.area_fraction})
    return Finding("flagged_by_column", {})


def _tally(found: Stability, rows: Bools) -> Tally:
    label = found.label[rows]
    return Tally(*(int(np.sum(label == one)) for one in (ROBUST, FRAGILE, UNDETERMINED)))


def _shares(how: Sharing, found: Stability) -> list[Statement]:
    """Share of the flagged places that stay flagged; bounds where some are undetermined."""
    inside, outside = _tally(found, found.flagged), _tally(found, ~found.flagged)
    open_ = inside.undetermined
    made = []
    for statistic, least, most, tally, of in (
        ("share_flagged_robust", inside.robust, inside.robust + open_, inside, "flagged_places"),
        ("share_flagged_fragile", inside.fragile, inside.fragile + open_, inside, "flagged_places"),
        ("share_flagged_undetermined", open_, open_, inside, "flagged_places"),
        ("share_unflagged_fragile", outside.fragile, outside.fragile + outside.undetermined,
         outside, "unflagged_places"),
    ):  # fmt: skip
        size = sum(msgspec.structs.astuple(tally))
        low, high = (least / size, most / size) if size else (None, None)
        method = Method("interval_arithmetic" if size else "none_no_such_places")
        value = low if least == most else None
        kept = Estimate(value, low, high, 1.0, method, size, Denominator(of))
        made.append(Statement(Subject(WHOLE, how), statistic, kept))
    return made


def _totals(
    counts: PlaceCounts,
    rates: ReportingRates,
    columns: Sequence[int],
    low: Floats,
    high: Floats,
    stratum: npt.NDArray[np.int64],
) -> list[Statement]:
    made = []
    for place, (column, name) in enumerate(zip(columns, counts.categories, strict=True)):
        recorded = counts.counts[:, place]
        of = Denominator("recorded_of_category", {"category": shown(name)})
        n = float(recorded.sum())
        least = float((recorded / high[stratum, place]).sum())
        most = float((recorded / low[stratum, place]).sum())
        central = float((recorded / _middle(low, high)[stratum, place]).sum())
        bounds = Estimate(central, least, most, 1.0, _EXACT, round(n), of)
        subject = Subject(shown(name), "shared")
        made.append(Statement(subject, "true_count_bounds", bounds))
        rate, error = rates.rate[:, column], rates.standard_error[:, column]
        if len(rates.strata) == 1 and np.isfinite(rate[0]) and np.isfinite(error[0]):
            level = rates.level or 0.95
            total = true_total(n, float(rate[0]), float(error[0]), level=level, of=of)
            made.append(Statement(subject, "true_count", total))
    return made


def _swaps(
    counts: PlaceCounts, values: Floats, flagged: Bools, questions: Questions
) -> list[Statement]:
    made = []
    nearest = nearest_swap(values, flagged)
    pairs = [("break_even_ratio_nearest", *nearest)] if nearest else []
    index = {str(name): row for row, name in enumerate(counts.place)}
    for pair in questions.pairs:
        for name in pair:
            if name not in index:
                raise StudyError(
                    "A pair must be of two places.", found=shown(name), where=phrase("--pair")
                )
        pairs.append(("break_even_ratio", index[pair[0]], index[pair[1]]))
    for statistic, first, second in pairs:
        names = f"{shown(str(counts.place[first]))} / {shown(str(counts.place[second]))}"
        value = break_even_ratio(float(values[first]), float(values[second]))
        kept = Estimate(
            value, None, None, 1.0, Method("none_ratio_of_counts"),
            round(float(counts.counts[[first, second]].sum())),
            Denominator("recorded_in_two_places"),
        )  # fmt: skip
        made.append(Statement(Subject(names, "own"), statistic, kept))
    return made


def _disparities(
    how: Sharing,
    counts: PlaceCounts,
    low: Floats,
    high: Floats,
    stratum: npt.NDArray[np.int64],
    questions: Questions,
) -> list[Statement]:
    if not questions.groups:
        return []
    if questions.reference not in questions.groups:
        raise StudyError(
            "The reference must be one of the groups.",
            found=shown(questions.reference) or phrase("none"),
            where=phrase("--reference"),
            remedy=phrase(
                "use one of {groups}", groups=", ".join(shown(name) for name in questions.groups)
            ),
        )
    population = counts.fact_numbers(questions.population)
    members = {name: counts.fact_numbers(column) for name, column in questions.groups.items()}
    reference = members[questions.reference]
    recorded = counts.counts.sum(axis=1)
    middle = _middle(low, high)
    central = (counts.counts / middle[stratum]).sum(axis=1)
    smallest, largest = true_count_bounds(counts.counts, low, high, stratum)
    made: list[Statement] = []

    def add(
        name: str, statistic: str, ends: Sequence[float | None], method: Method, of: Denominator
    ) -> None:
        kept = Estimate(ends[0], ends[1], ends[2], 1.0, method, round(sizes[name]), of)
        made.append(Statement(Subject(shown(name), how), statistic, kept))

    sizes = {name: float(group.sum()) for name, group in members.items()}
    for name, group in members.items():
        of = Denominator("residents_counted_as", {"group": shown(name)})
        ends = [exposure_per_1000(v, group, population) for v in (central, smallest, largest)]
        add(name, "exposure_per_1000", ends, _EXACT, of)
        if how == "shared":
            plain = [exposure_per_1000(recorded, group, population), None, None]
            add(name, "exposure_per_1000_recorded", plain, _AS_RECORDED, of)
        if name == questions.reference:
            continue
        versus = Denominator("residents_against", {
            "group": shown(name), "reference": shown(questions.reference),
        })  # fmt: skip
        found = ratio_bounds(counts.counts, low, high, stratum, group, reference, population)
        at_middle = ratio_bounds(
            counts.counts, middle, middle, stratum, group, reference, population
        )
        ends = [at_middle.low, found.low, found.high]
        add(name, "ratio_per_1000", ends, _EXACT, versus)
        if how == "shared":
            add(name, "ratio_per_1000_recorded", [found.value, None, None], _AS_RECORDED, versus)
            closing = closing_ratio(recorded, group, reference, population)
            method = Method("none_root_of_the_disparity")
            add(name, "break_even_reporting_ratio", [closing, None, None], method, versus)
    return made


def _middle(low: Floats, high: Floats) -> Floats:
    middle: Floats = 0.5 * (low + high)
    return middle
