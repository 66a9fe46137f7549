"""Level shifts, what they may be of, and the weekly watch of a study."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from veedor import patterns, statistics
from veedor.study.patterns.record import Record
from veedor.study.patterns.topics import plain

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Json = dict[str, Any]

_FEWEST_WEEKS = 26
_FEWEST_A_WEEK = 0.5
_WATCHED_WEEKS = 26
_RATE = statistics.FALSE_DISCOVERY_RATE


def changes(record: Record, categories: tuple[str, ...], rng: np.random.Generator) -> Json | None:
    """Shifts of every category and of every category in every area; None for under 26 weeks.

    None too for a record that knows only the month: its weeks say how it was written down.
    A category is held against a smooth season (from one year of record on), an area against the
    areas that kept their share of the category. Series whose best break is not named at the false
    discovery rate, over all series of their kind, are said to have none.
    """
    weeks = record.weeks
    if len(weeks) < _FEWEST_WEEKS or _knows_no_week(record):
        return None
    years = record.years_of(weeks)
    totals = {name: _weekly(record, name) for name in categories}
    by_category = _shifts(
        {
            name: (total, patterns.fit_season(total, years).expected(years))
            for name, total in totals.items()
        },
        rng,
    )
    of_recording = _shifts(
        {
            name: series
            for name, series in _recording(record).items()
            if int(np.sum(series[1] > 0)) >= _FEWEST_WEEKS
        },
        rng,
    )
    kept = _named(by_category)
    recorded = _named(of_recording)
    by_area, weekly_mean, reference = _areas(record, categories, rng)
    area_shifts = _named(by_area)
    q_areas = _q(by_area)
    return {
        "weeks": [record.local_day(start) for start in weeks.start],
        "seasonal": bool(np.ptp(years) >= 0.98),
        "categories": [
            {
                "category": name,
                "recorded": plain(totals[name]),
                "p_value": found.p_value,
                "q_value": q,
                "dispersion": found.dispersion,
                "carried": found.carried,
                "penalty": plain(found.penalty),
                "shifts": [
                    {
                        **_shift(shift, record),
                        "signs": list(patterns.recording_signs(shift, name, kept, recorded)),
                    }
                    for shift in kept[name]
                ],
            }
            for (name, found), q in zip(by_category.items(), _q(by_category), strict=True)
        ],
        "recording": [
            {
                "series": name,
                "p_value": found.p_value,
                "q_value": q,
                "shifts": [_shift(shift, record) for shift in recorded[name]],
            }
            for (name, found), q in zip(of_recording.items(), _q(of_recording), strict=True)
        ],
        "areas": [
            {
                "category": name,
                "area": area,
                "incidents_a_week": weekly_mean[(name, area)],
                "in_reference": reference[(name, area)],
                "p_value": found.p_value,
                "q_value": q,
                "shifts": [_shift(shift, record) for shift in area_shifts[(name, area)]],
            }
            for ((name, area), found), q in zip(by_area.items(), q_areas, strict=True)
        ],
        "area_m": record.study.described.area_m,
        "false_discovery_rate": _RATE,
    }


def _shifts(
    series: Mapping[str, tuple[Ints, Ints | Floats]], rng: np.random.Generator
) -> dict[str, patterns.Shifts]:
    least = patterns.usual_carried(list(series.values()))
    return {
        name: patterns.find_shifts(counts, expected, rng, least_carried=least)
        for name, (counts, expected) in series.items()
    }


def _areas(
    record: Record, categories: tuple[str, ...], rng: np.random.Generator
) -> tuple[dict[tuple[str, str], patterns.Shifts], dict[Any, float], dict[Any, bool]]:
    """Shifts of each category in each area, its incidents a week, and whether it kept its share."""
    found: dict[tuple[str, str], patterns.Shifts] = {}
    weekly_mean: dict[Any, float] = {}
    reference: dict[Any, bool] = {}
    for name in categories:
        counts = record.by_area(record.by_cell(name, record.weeks))
        mean = counts.mean(axis=0)
        used = np.flatnonzero(mean >= _FEWEST_A_WEEK)
        if len(used) < 2 or int(np.sum(counts.sum(axis=1) > 0)) < _FEWEST_WEEKS:
            continue
        # Areas with too few for a series of their own stand together: they are part of the rest.
        rest = counts.sum(axis=1) - counts[:, used].sum(axis=1)
        series = counts[:, used] if rest.sum() == 0 else np.column_stack([counts[:, used], rest])
        shifts = patterns.find_area_shifts(series, rng)
        for number, area in enumerate(used):
            key = (name, record.area[1][area])
            found[key] = shifts.shifts[number]
            weekly_mean[key] = float(mean[area])
            reference[key] = bool(shifts.reference[number])
    return found, weekly_mean, reference


def _knows_no_week(record: Record) -> bool:
    return record.study.layout is not None and record.study.layout.whole_months


def watch(record: Record, categories: tuple[str, ...], rng: np.random.Generator) -> Json | None:
    """Watch the last half year, with expectations from the weeks before it alone."""
    weeks = record.weeks
    first = len(weeks) - _WATCHED_WEEKS
    if first < _WATCHED_WEEKS or _knows_no_week(record):
        return None
    years = record.years_of(weeks)
    names: list[tuple[str, str]] = []
    observed, before = [], []
    for category in categories:
        counts = record.by_cell(category, weeks)
        every = np.column_stack([counts.sum(axis=1), record.by_area(counts)])
        base = patterns.baseline(every[:first], every[:first, 0], years[:first], years[first:])
        used = base.expected.mean(axis=0) >= _FEWEST_A_WEEK
        names += [
            (category, area)
            for area, kept in zip(("all areas", *record.area[1]), used, strict=True)
            if kept
        ]
        observed.append(every[first:, used])
        before.append(
            (base.expected[:, used], base.error[used], base.dispersion[used], base.carried[used])
        )
    if not names:
        return None
    counted = np.hstack(observed)
    expected, error, dispersion, carried = (
        np.concatenate(part, axis=-1) for part in zip(*before, strict=True)
    )
    # One series hardly tells whether its departures last; all together do.
    found = patterns.weekly_watch(
        counted,
        expected,
        rng,
        dispersion=dispersion,
        carried=np.maximum(carried, carried.mean()),
        error=error,
        known_from=first,
    )
    start = weeks.start[first:]
    alarms = int(found.alarm.sum())
    return {
        "weeks": [record.local_day(one) for one in start],
        "baseline_weeks": first,
        "series": len(names),
        "ratio": found.ratio,
        "run_weeks": 520.0,
        "false_alarms_expected": found.false_alarms,
        "alarms": alarms,
        "p_value": (int(np.sum(found.by_chance >= alarms)) + 1) / (len(found.by_chance) + 1),
        "by_chance_at_most": float(np.quantile(found.by_chance, 0.95)),
        "each": [
            {
                "category": category,
                "area": area,
                "recorded": int(counted[:, number].sum()),
                "expected": float(expected[:, number].sum()),
                "expected_error": float(error[number]),
                "dispersion": float(dispersion[number]),
                "carried": float(carried[number]),
                "limit": float(found.limit[number]),
                "cusum": plain(found.cusum[:, number]),
                "alarms": [record.local_day(one) for one in start[found.alarm[:, number]]],
            }
            for number, (category, area) in enumerate(names)
        ],
    }


def _weekly(record: Record, category: str) -> Ints:
    week = record.weeks.index_of(record.incidents.midpoint[record.rows(category)])
    return np.bincount(week[week >= 0], minlength=len(record.weeks))


def _recording(record: Record) -> dict[str, tuple[Ints, Ints]]:
    """Weekly series that describe the recording, each with what it is out of: all categories."""
    incidents = record.incidents
    week = record.weeks.index_of(incidents.midpoint)
    inside = week >= 0
    flags = [
        ("incidents without a place", "incidents with a place", ~incidents.located),
        (
            "times known to more than an hour",
            "times known to the hour",
            incidents.end - incidents.start > np.timedelta64(1, "h"),
        ),
    ]
    if incidents.reported_at is not None:
        late = incidents.reported_at - incidents.end > np.timedelta64(7, "D")
        flags.append(("reported after more than a week", "reported within a week", late))
    whole = np.bincount(week[inside], minlength=len(record.weeks))
    series: dict[str, tuple[Ints, Ints]] = {}
    for name, opposite, flag in flags:
        # The rarer side: a share near one varies less than a Poisson count, and hides its breaks.
        common = 2 * int(flag[inside].sum()) > int(inside.sum())
        part = np.bincount(week[inside & (flag != common)], minlength=len(record.weeks))
        series[opposite if common else name] = (part, whole)
    return series


def _q(found: dict[Any, patterns.Shifts]) -> list[float | None]:
    p = [np.nan if one.p_value is None else one.p_value for one in found.values()]
    q: list[float | None] = plain(statistics.false_discovery_q(p))
    return q


def _named(found: dict[Any, patterns.Shifts]) -> dict[Any, tuple[patterns.Shift, ...]]:
    return {
        name: one.shifts if q is not None and q <= _RATE else ()
        for (name, one), q in zip(found.items(), _q(found), strict=True)
    }


def _shift(shift: patterns.Shift, record: Record) -> Json:
    return {"week": record.local_day(record.weeks.start[shift.at]), **plain(shift)}
