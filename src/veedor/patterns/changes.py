"""Level shifts, what they may be of, and the weekly watch of a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec
import numpy as np
from msgspec import structs

from veedor.arrays import Floats, Ints
from veedor.patterns.area_shifts import find_area_shifts
from veedor.patterns.breaks import Shift, Shifts, find_shifts, usual_carried
from veedor.patterns.record import Recorded
from veedor.patterns.recording import recording_signs
from veedor.patterns.seasons import fit_season
from veedor.patterns.watch import baseline, weekly_watch
from veedor.statistics import FALSE_DISCOVERY_RATE, false_discovery_q
from veedor.statistics.codes import Finding

K = TypeVar("K")

_FEWEST_WEEKS = 26
_FEWEST_A_WEEK = 0.5
_WATCHED_WEEKS = 26
_RUN_WEEKS = 520.0


class DatedShift(Shift, frozen=True, kw_only=True):
    """A `Shift` with the local day on which its first week begins, and signs of recording."""

    week: str
    signs: tuple[Finding, ...] = ()


class ShiftedSeries(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The level of one series: see `Shifts`.

    Parameters
    ----------
    category, area : str or None
        None: all together.
    of_recording : Finding or None
        What a series of the recording says if it shifted.
    p_value, q_value : float or None
        Of there being no shift; `false_discovery_q` over the series of its kind.
    dispersion, carried : float
    penalty : float or None
    shifts : tuple of DatedShift
        Empty where the q-value is above the false discovery rate.
    incidents_a_week : float or None
        Of an area.
    in_reference : bool or None
        Whether an area is among those that kept their share.
    recorded : array of int, shape (weeks,), or None
        Of a category.
    """

    category: str | None = None
    area: str | None = None
    of_recording: Finding | None = None
    p_value: float | None
    q_value: float | None
    dispersion: float
    carried: float
    penalty: float | None
    shifts: tuple[DatedShift, ...]
    incidents_a_week: float | None = None
    in_reference: bool | None = None
    recorded: Ints | None = None


class Changes(msgspec.Struct, frozen=True, eq=False):
    """Level shifts of a record.

    Parameters
    ----------
    weeks : tuple of str
        Local days on which they begin.
    seasonal : bool
        Whether the record is long enough to hold a category against a season.
    categories, recording, areas : tuple of ShiftedSeries
        Three families, each with its false discovery rate.
    area_m : float
    false_discovery_rate : float
    """

    weeks: tuple[str, ...]
    seasonal: bool
    categories: tuple[ShiftedSeries, ...]
    recording: tuple[ShiftedSeries, ...]
    areas: tuple[ShiftedSeries, ...]
    area_m: float
    false_discovery_rate: float = FALSE_DISCOVERY_RATE


class WatchedSeries(msgspec.Struct, frozen=True, eq=False):
    """A watched series: counts of the weeks watched, what was expected, the chart and its alarms.

    Parameters
    ----------
    category : str
    area : str or None
        None: all areas.
    recorded, expected, expected_error : number
    dispersion, carried : float
    limit : float
    cusum : array, shape (weeks,)
    alarms : tuple of str
        Local days on which the weeks of its alarms begin.
    """

    category: str
    area: str | None
    recorded: int
    expected: float
    expected_error: float
    dispersion: float
    carried: float
    limit: float
    cusum: Floats
    alarms: tuple[str, ...]


class Watched(msgspec.Struct, frozen=True, eq=False):
    """What a watch of the last weeks found: see `WeeklyWatch`.

    Parameters
    ----------
    weeks : tuple of str
        Local days on which they begin.
    baseline_weeks : int
        Before these, from which it expects.
    series : int
    ratio, run_weeks : float
    false_alarms_expected : float
    alarms : int
    p_value : float
        Of nothing having changed, by the number of alarms.
    by_chance_at_most : float
        False alarms of 19 of 20 records without a change.
    each : tuple of WatchedSeries
    """

    weeks: tuple[str, ...]
    baseline_weeks: int
    series: int
    ratio: float
    run_weeks: float
    false_alarms_expected: float
    alarms: int
    p_value: float
    by_chance_at_most: float
    each: tuple[WatchedSeries, ...]


def find_changes(
    record: Recorded, categories: Sequence[str], rng: np.random.Generator
) -> Changes | None:
    """Shifts of every category and of every category in every area; None for under 26 weeks.

    None too for a record that knows only the month: its weeks say how it was written down.
    A category is held against a smooth season (from one year of record on), an area against the
    areas that kept their share of the category. Series whose best break is not named at the false
    discovery rate, over all series of their kind, are said to have none.
    """
    weeks = record.weeks
    if len(weeks) < _FEWEST_WEEKS or record.whole_months:
        return None
    years = record.years_of(weeks)
    totals = {name: record.weekly(name) for name in categories}
    by_category = _shifts(
        {name: (total, fit_season(total, years).expected(years)) for name, total in totals.items()},
        rng,
    )
    of_recording = _shifts(
        {
            code: series
            for code, series in _recording(record).items()
            if int(np.sum(series[1] > 0)) >= _FEWEST_WEEKS
        },
        rng,
    )
    areas = _areas(record, categories, rng)
    kept, recorded, in_areas = (
        _kept(found) for found in (by_category, of_recording, {k: v[0] for k, v in areas.items()})
    )
    broken = {name: shifts for name, (_, shifts) in kept.items()}
    changed = {code: shifts for code, (_, shifts) in recorded.items()}
    return Changes(
        weeks=tuple(record.local_day(start) for start in weeks.start),
        seasonal=bool(np.ptp(years) >= 0.98),
        categories=tuple(
            _series(
                record, found, *kept[name], category=name, recorded=totals[name],
                signs=[recording_signs(one, name, broken, changed) for one in broken[name]],
            )
            for name, found in by_category.items()
        ),
        recording=tuple(
            _series(record, found, *recorded[code], of_recording=Finding(code))
            for code, found in of_recording.items()
        ),
        areas=tuple(
            _series(
                record, found, *in_areas[key], category=key[0], area=key[1],
                incidents_a_week=mean, in_reference=reference,
            )
            for key, (found, mean, reference) in areas.items()
        ),
        area_m=record.area_m,
    )  # fmt: skip


def _shifts(
    series: Mapping[str, tuple[Ints, Ints | Floats]], rng: np.random.Generator
) -> dict[str, Shifts]:
    least = usual_carried(list(series.values()))
    return {
        name: find_shifts(counts, expected, rng, least_carried=least)
        for name, (counts, expected) in series.items()
    }


def _areas(
    record: Recorded, categories: Sequence[str], rng: np.random.Generator
) -> dict[tuple[str, str], tuple[Shifts, float, bool]]:
    """Shifts of each category in each area, its incidents a week, and whether it kept its share."""
    found = {}
    for name in categories:
        counts = record.by_area(record.by_cell(name, record.weeks))
        mean = counts.mean(axis=0)
        used = np.flatnonzero(mean >= _FEWEST_A_WEEK)
        if len(used) < 2 or int(np.sum(counts.sum(axis=1) > 0)) < _FEWEST_WEEKS:
            continue
        # Areas with too few for a series of their own stand together: they are part of the rest.
        rest = counts.sum(axis=1) - counts[:, used].sum(axis=1)
        series = counts[:, used] if rest.sum() == 0 else np.column_stack([counts[:, used], rest])
        shifts = find_area_shifts(series, rng)
        for number, area in enumerate(used):
            found[name, record.area[1][area]] = (
                shifts.shifts[number], float(mean[area]), bool(shifts.reference[number]),
            )  # fmt: skip
    return found


def _kept(found: Mapping[K, Shifts]) -> dict[K, tuple[float | None, tuple[Shift, ...]]]:
    """q-value of each series of a family, and its shifts if it is named."""
    q = false_discovery_q(
        [np.nan if one.p_value is None else one.p_value for one in found.values()]
    )
    return {
        key: (float(value), one.shifts if value <= FALSE_DISCOVERY_RATE else ())
        if np.isfinite(value)
        else (None, ())
        for (key, one), value in zip(found.items(), q, strict=True)
    }


def _series(
    record: Recorded,
    found: Shifts,
    q_value: float | None,
    shifts: Sequence[Shift],
    signs: Sequence[tuple[Finding, ...]] | None = None,
    **of: Any,
) -> ShiftedSeries:
    start = record.weeks.start
    return ShiftedSeries(
        p_value=found.p_value,
        q_value=q_value,
        dispersion=found.dispersion,
        carried=found.carried,
        penalty=found.penalty,
        shifts=tuple(
            DatedShift(**structs.asdict(one), week=record.local_day(start[one.at]), signs=seen)
            for one, seen in zip(shifts, signs or [()] * len(shifts), strict=True)
        ),
        **of,
    )


def watch_last_weeks(
    record: Recorded, categories: Sequence[str], rng: np.random.Generator
) -> Watched | None:
    """Watch the last half year, with expectations from the weeks before it alone."""
    weeks = record.weeks
    first = len(weeks) - _WATCHED_WEEKS
    if first < _WATCHED_WEEKS or record.whole_months:
        return None
    years = record.years_of(weeks)
    names: list[tuple[str, str | None]] = []
    observed, before = [], []
    for category in categories:
        counts = record.by_cell(category, weeks)
        every = np.column_stack([counts.sum(axis=1), record.by_area(counts)])
        base = baseline(every[:first], every[:first, 0], years[:first], years[first:])
        used = base.expected.mean(axis=0) >= _FEWEST_A_WEEK
        names += [
            (category, area)
            for area, kept in zip((None, *record.area[1]), used, strict=True)
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
    found = weekly_watch(
        counted,
        expected,
        rng,
        dispersion=dispersion,
        carried=np.maximum(carried, carried.mean()),
        error=error,
        known_from=first,
        run_weeks=_RUN_WEEKS,
    )
    start = weeks.start[first:]
    alarms = int(found.alarm.sum())
    return Watched(
        weeks=tuple(record.local_day(one) for one in start),
        baseline_weeks=first,
        series=len(names),
        ratio=found.ratio,
        run_weeks=_RUN_WEEKS,
        false_alarms_expected=found.false_alarms,
        alarms=alarms,
        p_value=(int(np.sum(found.by_chance >= alarms)) + 1) / (len(found.by_chance) + 1),
        by_chance_at_most=float(np.quantile(found.by_chance, 0.95)),
        each=tuple(
            WatchedSeries(
                category, area, int(counted[:, n].sum()), float(expected[:, n].sum()),
                float(error[n]), float(dispersion[n]), float(carried[n]), float(found.limit[n]),
                found.cusum[:, n],
                tuple(record.local_day(one) for one in start[found.alarm[:, n]]),
            )
            for n, (category, area) in enumerate(names)
        ),
    )  # fmt: skip


def _recording(record: Recorded) -> dict[str, tuple[Ints, Ints]]:
    """Weekly series that describe the recording, each with what it is out of: all categories."""
    incidents = record.incidents
    week = record.weeks.index_of(incidents.midpoint)
    inside = week >= 0
    flags = [
        ("share_without_a_place", "share_with_a_place", ~incidents.located),
        (
            "share_known_to_more_than_an_hour",
            "share_known_to_the_hour",
            incidents.end - incidents.start > np.timedelta64(1, "h"),
        ),
    ]
    if incidents.reported_at is not None:
        late = incidents.reported_at - incidents.end > np.timedelta64(7, "D")
        flags.append(("share_reported_late", "share_reported_within_a_week", late))
    whole = np.bincount(week[inside], minlength=len(record.weeks))
    series: dict[str, tuple[Ints, Ints]] = {}
    for code, opposite, flag in flags:
        # The rarer side: a share near one varies less than a Poisson count, and hides its breaks.
        common = 2 * int(flag[inside].sum()) > int(inside.sum())
        part = np.bincount(week[inside & (flag != common)], minlength=len(record.weeks))
        series[opposite if common else code] = (part, whole)
    return series
