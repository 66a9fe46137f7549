"""Each pattern of a study as JSON-ready dictionaries; arrays become lists, NaN becomes null."""

from __future__ import annotations

from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from veedor import patterns, statistics
from veedor.errors import StudyError
from veedor.forecasters.calendars import is_holiday
from veedor.spacetime import Periods, read_polygons
from veedor.study.patterns.record import Record

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Json = dict[str, Any]

_FEWEST_STEPS = 6
#: Days, and incidents on them, below which effects of the calendar are not looked for.
_FEWEST_DAYS, _FEWEST_DATED = 56, 50
#: Of the mean denominator of the cells that have one: with less, a cell has no rate. The edge of a
#: zone that reaches into a park would make one incident there the largest rate of all.
_FEWEST_SHARE = 0.01
_ROLES = ("treated", "control", "displacement", "displacement_control")


def concentrations(record: Record, category: str, rng: np.random.Generator) -> list[Json]:
    """Concentration of the whole record and of each calendar year."""
    year = np.array([day.year for day in record.dates])
    spans = [("all", 0, len(year))]
    for one in np.unique(year):
        mine = np.flatnonzero(year == one)
        spans.append((str(one), int(mine[0]), int(mine[-1]) + 1))
    found = []
    for name, first, last in spans:
        counts = record.by_cell(category, record.runs(first, last, patterns.MOST_RUNS))
        one = patterns.concentration(
            counts, rng, more=9 if name == "all" else 0, seed=record.study.study.seed
        )
        found.append({"span": name, "days": last - first, **plain(one)})
    whole = np.sort(record.in_cells(category))[::-1]
    curve = statistics.lorenz(whole)
    at = np.unique(np.linspace(0, len(whole), 101).astype(int))
    found[0]["lorenz"] = {
        "share_of_places": plain(at / len(whole)),
        "share_of_incidents": plain(
            1.0 - curve[::-1][at] if whole.sum() else np.full(len(at), np.nan)
        ),
    }
    return found


def hot_spots(
    record: Record, category: str, rng: np.random.Generator, denominator: Floats | None
) -> tuple[Json, dict[str, npt.NDArray[Any]]]:
    """Hot spots of the record, and of rates; a summary, and columns with a value a cell."""
    counts = record.in_cells(category)
    cells = record.cells
    bandwidth = record.study.described.bandwidth_m
    if bandwidth is None:
        bandwidth = 2.0 * float(np.sqrt(np.median(cells.area_km2) * 1e6))
    found = patterns.hot_spots(counts, cells.neighbours, rng)
    columns: dict[str, npt.NDArray[Any]] = {
        "recorded": counts,
        "density_per_km2": patterns.kernel_density(counts, cells, bandwidth),
        "getis_ord_z": found.z,
        "local_moran": found.moran,
        "p_value": found.p_value,
        "q_value": found.q_value,
        "hot_spot": found.kind,
        "quadrant": np.array([*patterns.QUADRANTS, ""])[found.quadrant],
    }
    summary = {"bandwidth_m": bandwidth, **_hot_summary(found, counts)}
    if denominator is not None:
        few = denominator < _FEWEST_SHARE * denominator[denominator > 0].mean()
        rates = patterns.empirical_bayes_rates(counts, np.where(few, 0.0, denominator))
        of_rates = patterns.hot_spots(rates, cells.neighbours, rng)
        columns |= {
            "denominator": denominator,
            "standardised_rate": rates,
            "rate_q_value": of_rates.q_value,
            "rate_hot_spot": of_rates.kind,
        }
        summary["rates"] = {
            "property": record.study.described.denominator_property,
            "of": record.study.described.denominator_of,
            "cells_without": int(np.sum(few)),
            **_hot_summary(of_rates, counts),
        }
    return summary, columns


def _hot_summary(found: patterns.HotSpots, counts: Ints) -> Json:
    hot = found.kind > 0
    return {
        "places": len(counts),
        "tested": int(np.isfinite(found.p_value).sum()),
        "hot": int(hot.sum()),
        "cold": int((found.kind < 0).sum()),
        "recorded_in_hot": int(counts[hot].sum()),
        "recorded": int(counts.sum()),
        "permutations": found.permutations,
        "false_discovery_rate": found.rate,
        "p_value": smallest(found.q_value),
    }


def near_repeats(record: Record, category: str, rng: np.random.Generator) -> Json | None:
    """Knox table of the incidents with a place and a day; None where there are fewer than two."""
    rows = record.rows(category)
    incidents, settings = record.incidents, record.study.described
    width = (incidents.end - incidents.start)[rows]
    dated = width <= np.timedelta64(1, "D")
    used = rows[dated & incidents.located[rows]]
    if len(used) < 2:
        return None
    found = patterns.near_repeats(
        incidents.x_m[used],
        incidents.y_m[used],
        record.day[used],
        rng,
        distances_m=settings.near_repeat_m,
        days=settings.near_repeat_days,
        permutations=settings.permutations,
        seasonal_permutations=max(39, settings.permutations // 5),
    )
    left_out = {
        "thinned": found.thinned,
        "without_a_place": int(np.sum(~incidents.located[rows])),
        "over_a_day": int(np.sum(~dated)),
    }
    return {**plain(found), "left_out": left_out, "smallest_q_value": smallest(found.q_value)}


def emerging(record: Record, category: str) -> tuple[Json | None, dict[str, npt.NDArray[Any]]]:
    """Trends and classes of places over months, or weeks in a short record."""
    periods = record.months if len(record.months) >= _FEWEST_STEPS else record.weeks
    if len(periods) < _FEWEST_STEPS:
        return None, {}
    counts = record.by_cell(category, periods)
    found = patterns.emerging(counts, record.cells.neighbours, years=record.years_of(periods))
    trend = found.own
    named = found.trend_q <= statistics.FALSE_DISCOVERY_RATE
    columns: dict[str, npt.NDArray[Any]] = {
        "hot_class": found.hot_class,
        "cold_class": found.cold_class,
        "trend_change_a_year": found.change,
        "trend_q_value": found.trend_q,
        "share_change_a_year": trend.change,
        "share_change_low": trend.low,
        "share_change_high": trend.high,
        "share_change_q_value": trend.q_value,
    }
    return {
        "step": "month" if periods is record.months else "week",
        "steps": len(periods),
        "definitions": patterns.CLASSES,
        "groups": patterns.GROUPS,
        "hot": {name: int(np.sum(found.hot_class == name)) for name in patterns.CLASSES},
        "cold": {name: int(np.sum(found.cold_class == name)) for name in patterns.CLASSES},
        "hot_by_step": plain((found.kind > 0).sum(axis=1)),
        "starts": [record.local_day(start) for start in periods.start],
        "steps_p_value": float(statistics.false_discovery_q(found.step_p).min()),
        "trends": {
            "tested": int(np.isfinite(found.trend_p).sum()),
            "rising": int(np.sum(named & (found.change > 0))),
            "falling": int(np.sum(named & (found.change < 0))),
            "reference": int(found.own.reference.sum()),
            "dispersion": trend.dispersion,
            "carried": trend.carried,
            "p_value": smallest(found.trend_q),
        },
    }, columns


def seasons(record: Record, category: str, rng: np.random.Generator) -> Json:
    """Clock, effects of the calendar, and the series taken apart.

    The latter two are None where there are fewer than 56 days, or where most incidents are known
    only to within more than a day: their daily counts say how they were written down.
    """
    clock = patterns.hour_of_week(
        record.incidents, category, record.days.edges[0], record.days.edges[-1]
    )
    found: Json = {
        "clock": {**plain(clock), "smallest_q_value": smallest(clock.q_value)},
        "effects": None,
        "decomposition": None,
    }
    daily = record.daily(category)
    rows = record.rows(category)
    dated = (record.incidents.end - record.incidents.start)[rows] <= np.timedelta64(1, "D")
    few = len(daily) < _FEWEST_DAYS or daily.sum() < _FEWEST_DATED
    if few or 2 * dated.sum() < len(rows):
        return found
    public = is_holiday(record.days.local_starts(), record.prepared.region)
    effects, tests = patterns.calendar_effects(
        daily,
        record.dates,
        holidays=[day for day, flag in zip(record.dates, public, strict=True) if flag],
        pay_days=record.study.described.pay_days,
    )
    found["effects"] = {"effects": plain(effects), "tests": plain(tests)}
    apart = patterns.decompose(daily, rng)
    found["decomposition"] = {
        "start": record.dates[0].isoformat(),
        "recorded": plain(daily),
        "trend": plain(apart.trend),
        "low": plain(apart.low),
        "high": plain(apart.high),
        "strength": {str(key): plain(value) for key, value in apart.strength.items()},
    }
    return found


def map_change(
    record: Record, category: str, rng: np.random.Generator
) -> tuple[Json | None, dict[str, npt.NDArray[Any]]]:
    """Last year against the year before, or the second half against the first."""
    days = len(record.days)
    if days < 2:
        return None, {}
    whole_years = days >= 730
    half = 365 if whole_years else days // 2
    spans = [(days - 2 * half, days - half), (days - half, days)]
    counts = []
    for first, last in spans:
        part = Periods(record.days.edges[[first, last]].copy(), record.days.time_zone)
        counts.append(record.by_cell(category, part)[0])
    base, test = counts
    weekly = record.by_cell(category, record.weeks).T
    dispersion = float(patterns.common_departures(weekly).long_run[0]) if len(weekly) else 1.0
    found = patterns.map_change(
        base, test, rng, dispersion=dispersion, seed=record.study.study.seed
    )
    summary = {
        "base": [record.local_day(record.days.edges[at]) for at in spans[0]],
        "test": [record.local_day(record.days.edges[at]) for at in spans[1]],
        "whole_years": whole_years,
        "incidents": [int(one.sum()) for one in counts],
        "s_index": found.s_index,
        "robust_s_index": found.robust_s_index,
        "s_by_chance": plain(found.s_by_chance),
        "outcome": plain(found.test),
        "places_rose": int(np.sum(found.changed > 0)),
        "places_fell": int(np.sum(found.changed < 0)),
        "places_changed": int(np.sum(found.changed != 0)),
        "places_tested": int(np.isfinite(found.q_value).sum()),
        "reference": int(found.reference.sum()),
        "dispersion": dispersion,
        "p_value": smallest(found.q_value),
    }
    return summary, {
        "recorded_before": counts[0],
        "recorded_after": counts[1],
        "map_change": found.changed,
        "map_change_ratio": found.ratio,
        "map_change_q_value": found.q_value,
    }


def changed_areas(
    record: Record, folder: Path
) -> tuple[npt.NDArray[Any], list[str], np.timedelta64] | None:
    """Areas of the change that study.toml names, their roles, and the time before and after it."""
    settings, changed = record.study.described, record.study.changed
    if changed is None or settings.changed_areas is None:
        return None
    begins, until = record.days.edges[[0, -1]]
    span = min(changed - begins, until - changed)
    if span < np.timedelta64(7, "D"):
        raise StudyError(
            "A change must lie at least a week within the record.",
            found=f"{settings.changed}, in a record from {record.local_day(begins)} to "
            f"{record.local_day(until)}",
            where="study.toml, [patterns]",
        )
    path = folder / settings.changed_areas
    polygons, properties = read_polygons(path, record.study.incidents.crs)
    roles = [str(one.get("role")) for one in properties]
    if not {"treated", "control"} <= set(roles) or not set(roles) <= set(_ROLES):
        raise StudyError(
            f"Every area must have a property role, one of {', '.join(_ROLES)}, and there must be "
            "treated and control ones.",
            found=", ".join(sorted(set(roles))[:8]),
            where=path.name,
        )
    return polygons, roles, span


def displacement(record: Record, category: str, folder: Path) -> Json | None:
    """Before and after the change that study.toml names, in the areas that it names."""
    changed = record.study.changed
    asked = changed_areas(record, folder)
    if changed is None or asked is None:
        return None
    polygons, roles, span = asked
    counts = _counts_of_areas(record, category, polygons, roles, changed, span)
    found = patterns.weighted_displacement_difference(*(counts[role] for role in _ROLES))
    return {
        "changed": record.local_day(changed),
        "days": float(span / np.timedelta64(1, "D")),
        "counts": counts,
        **plain(found),
    }


def _counts_of_areas(
    record: Record,
    category: str,
    polygons: npt.NDArray[Any],
    roles: list[str],
    changed: np.datetime64,
    span: np.timedelta64,
) -> dict[str, tuple[int, int]]:
    from shapely import STRtree, points

    rows = record.rows(category)
    rows = rows[record.incidents.located[rows]]
    middle = record.incidents.midpoint[rows]
    where = points(record.incidents.x_m[rows], record.incidents.y_m[rows])
    polygon, point = STRtree(where).query(polygons, predicate="intersects")
    counts = {}
    for role in _ROLES:
        mine = np.isin(polygon, [n for n, name in enumerate(roles) if name == role])
        when = middle[np.unique(point[mine])]
        before = int(np.sum((when >= changed - span) & (when < changed)))
        counts[role] = (before, int(np.sum((when >= changed) & (when < changed + span))))
    return counts


def smallest(q_values: npt.ArrayLike) -> float | None:
    """Smallest q-value: the p-value of there being nothing anywhere (Simes); None without a test.

    >>> smallest([0.2, np.nan, 0.03]), smallest([np.nan])
    (0.03, None)
    """
    q = np.asarray(q_values, dtype=np.float64)
    q = q[np.isfinite(q)]
    return float(q.min()) if len(q) else None


def plain(value: Any) -> Any:
    """Make a result JSON-ready.

    >>> plain({"a": np.array([1.0, np.nan]), 0.5: (True, None)})
    {'a': [1.0, None], '0.5': [True, None]}
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, msgspec.Struct):
        return plain(msgspec.structs.asdict(value))
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, np.ndarray):
        ready = value.dtype.kind in "biuU" or (
            value.dtype.kind == "f" and bool(np.isfinite(value).all())
        )
        return value.tolist() if ready else plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    return value
