"""From files of anyone's to `Ground`: forecasts, cells, zones and recorded incidents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely

from veedor.errors import Refusal, StudyError
from veedor.forecasters import REFERENCE, Task, make_forecaster
from veedor.forecasts import (
    Forecast,
    read_forecasts,
    require_same_ground,
)
from veedor.incidents import Incidents, refuse_discovered
from veedor.progress import Progress
from veedor.record import Points
from veedor.spacetime import Cells, Length, Periods, count, read_polygons
from veedor.spacetime.periods import local_iso
from veedor.study.outcomes import Outcomes
from veedor.study.stated import Stated
from veedor.study.verification.ground import Ground
from veedor.verification import CHANCE, ORACLE

CELLS = "cells.geojson"
_FOLDERS_UP = 4
_HOUR = np.timedelta64(1, "h")


@dataclass(frozen=True, eq=False)
class Gathered:
    """All that is verified.

    Parameters
    ----------
    grounds : list of Ground
        One a category, every period as forecast from every issue time.
    not_over : dict of str to int
        Periods that the record does not cover to their end, by category; they are left out.
    no_reference : dict of str to str
        Why `PriorCounts` could not be made, by category.
    """

    grounds: list[Ground]
    not_over: dict[str, int]
    no_reference: dict[str, str]


def find_cells(forecasts: Sequence[Path], given: Path | None) -> Path:
    """Return the file of the forecasts' cells: the one given, or beside them or in a folder above.

    Raises
    ------
    StudyError
        If there is none.
    """
    if given is not None:
        return given
    folder = forecasts[0].resolve().parent
    for above in (folder, *folder.parents[: _FOLDERS_UP - 1]):
        if (above / CELLS).is_file():
            return above / CELLS
    raise StudyError(
        "A forecast must come with its cells.",
        found=f"no {CELLS} beside {forecasts[0].name} or in the folders above it",
        remedy="name the GeoJSON of the cells with --cells",
    )


def read_all(
    paths: Sequence[Path], cells: Cells, time_zone: Callable[[], str]
) -> dict[str, dict[str, list[Forecast]]]:
    """Read forecast files: category -> forecaster -> forecasts, by issue time and period.

    `time_zone` gives the zone of times without an offset, and is asked only for such.
    """
    found: dict[str, dict[str, list[Forecast]]] = {}
    for path in paths:
        for forecast in read_forecasts(path, cells, time_zone=time_zone):
            makers = found.setdefault(forecast.category, {})
            makers.setdefault(forecast.forecaster, []).append(forecast)
    for category, makers in found.items():
        if taken := sorted({CHANCE, ORACLE} & makers.keys()):
            raise StudyError(
                f"No forecaster may be named {CHANCE!r} or {ORACLE!r}: rankings that stand beside "
                "every other are.",
                found=", ".join(taken),
                where=f"category {category}",
                remedy="give it another name in the column forecaster",
            )
        for forecasts in makers.values():
            forecasts.sort(key=lambda one: (one.issued_at, one.periods.edges[0]))
    return {category: dict(sorted(found[category].items())) for category in sorted(found)}


def gather(
    forecasts: dict[str, dict[str, list[Forecast]]],
    outcomes: Outcomes,
    cells: Cells,
    *,
    reference: str | None,
    zones: Path | None,
    zone_id: str | None,
    progress: Progress,
) -> Gathered:
    """Lay forecasts and what was recorded side by side.

    Parameters
    ----------
    forecasts : dict
        Of `read_all`.
    outcomes : Outcomes
        In the cells' crs.
    cells : Cells
    reference : str, optional
        A forecaster of the files. By default `PriorCounts`: of the files, or made by veedor from
        the record before each data cut-off.
    zones : Path, optional
    zone_id : str, optional
        Property that names a zone.
    progress : Progress

    Raises
    ------
    SameGroundError
        If the forecasters of a category do not forecast the same periods.
    StudyError
        If no period is covered by the record.
    """
    incidents = outcomes.incidents
    where = cells.locate(incidents.x_m, incidents.y_m)
    labels = None if zones is None else _zones(zones, zone_id, cells)
    gathered = Gathered([], {}, {})
    progress.step("Laying forecasts and records side by side", len(forecasts))
    for number, (category, makers) in enumerate(forecasts.items()):
        _require_same(makers)
        covered = [_covered(one, incidents) for one in next(iter(makers.values()))]
        gathered.not_over[category] = sum(int((~kept).sum()) for kept in covered)
        if not any(kept.any() for kept in covered):
            _none_covered(category, makers, incidents)
        made = False
        if reference is None and REFERENCE not in makers:
            try:
                ours = _prior_counts(makers, category, outcomes, cells)
                makers, made = {REFERENCE: ours, **makers}, True
            except (StudyError, Refusal) as error:
                gathered.no_reference[category] = str(error)
        gathered.grounds.append(
            _ground(makers, covered, (incidents, where), cells, labels, reference, made)
        )
        progress.advance(number + 1)
    return gathered


def _require_same(makers: dict[str, list[Forecast]]) -> None:
    (first, theirs), *others = makers.items()
    for name, forecasts in others:
        if len(forecasts) != len(theirs):
            raise StudyError(
                "Forecasters must forecast the same periods to be compared.",
                found=f"{len(theirs)} forecasts by {first} and {len(forecasts)} by {name}",
                where=f"category {theirs[0].category}",
                remedy="give the files of the same issue times of each",
            )
        for one, other in zip(theirs, forecasts, strict=True):
            require_same_ground(one, other)


def _covered(forecast: Forecast, incidents: Incidents) -> npt.NDArray[np.bool_]:
    """Which periods the record covers to their end: time without a record is not time without.

    An end of the record may lie ten times the mean gap between incidents within a period.
    """
    first, last = incidents.start.min(), incidents.start.max()
    gap = (last - first) / max(len(incidents) - 1, 1) * 10
    periods = forecast.periods
    kept: npt.NDArray[np.bool_] = (periods.start >= first - gap) & (periods.end <= last + gap)
    return kept


def _none_covered(category: str, makers: dict[str, list[Forecast]], incidents: Incidents) -> None:
    forecasts = next(iter(makers.values()))
    zone = incidents.time_zone
    raise StudyError(
        "The record must cover at least one forecast period to its end.",
        found=f"periods from {local_iso(forecasts[0].periods.edges[0], zone)} to "
        f"{local_iso(forecasts[-1].periods.edges[-1], zone)}, incidents from "
        f"{local_iso(incidents.start.min(), zone)} to {local_iso(incidents.start.max(), zone)}",
        where=f"category {category}",
        remedy="give the incidents of those periods, or wait until they are over",
    )


def _prior_counts(
    makers: dict[str, list[Forecast]], category: str, outcomes: Outcomes, cells: Cells
) -> list[Forecast]:
    """Forecast the same periods with `PriorCounts`, from no later a cut-off than anyone's.

    Raises
    ------
    StudyError
        If the record begins too late before the forecasts, or the category is a discovered one.
    """
    incidents = outcomes.incidents
    known = next(one for one in incidents.categories if one.name == category)
    refuse_discovered(known)
    made = []
    for together in zip(*makers.values(), strict=True):
        first = together[0]
        cutoff = min(one.data_cutoff for one in together)
        record = Points.of(incidents, cutoff=cutoff)
        task = Task(record, category, cells, _length(first.periods))
        made.append(make_forecaster(REFERENCE).fit(task).predict(first.periods))
    return made


def _length(periods: Periods) -> Length:
    hours = round(float((periods.end[0] - periods.start[0]) / _HOUR))
    days = round(hours / 24)
    if hours >= 20 and abs(hours - 24 * days) <= 1:
        return Length(days // 7, "week") if days % 7 == 0 else Length(days, "day")
    return Length(hours, "hour")


def _ground(
    makers: dict[str, list[Forecast]],
    covered: list[npt.NDArray[np.bool_]],
    record: tuple[Incidents, npt.NDArray[np.int32]],
    cells: Cells,
    zones: tuple[tuple[str, ...], npt.NDArray[np.int64]] | None,
    reference: str | None,
    made: bool,
) -> Ground:
    incidents, where = record
    forecasts = next(iter(makers.values()))
    kept = np.flatnonzero(np.concatenate(covered))
    order = kept[
        np.lexsort(
            (
                np.concatenate([_lead_time(one) for one in forecasts])[kept],
                np.concatenate([one.periods.start for one in forecasts])[kept],
            )
        )
    ]
    as_of = max(incidents.end.max(), max(one.periods.edges[-1] for one in forecasts))
    counts = [
        count(incidents, where, len(cells), one.category, one.periods, as_of) for one in forecasts
    ]
    names = [reference or (REFERENCE if REFERENCE in makers else next(iter(makers)))]
    if names[0] not in makers:
        raise StudyError(
            "The reference must be one of the forecasters.",
            found=names[0],
            where=f"category {forecasts[0].category}, forecast by {', '.join(makers)}",
        )
    names += [name for name in makers if name != names[0]]
    return Ground(
        category=forecasts[0].category,
        cells=cells,
        start=np.concatenate([one.periods.start for one in forecasts])[order],
        end=np.concatenate([one.periods.end for one in forecasts])[order],
        lead_time=np.concatenate([_lead_time(one) for one in forecasts])[order],
        time_zone=incidents.time_zone,
        observed=np.concatenate([one.values for one in counts])[order],
        unlocated=np.concatenate([one.unlocated for one in counts])[order],
        outside=np.concatenate([one.outside for one in counts])[order],
        stated={name: Stated.of(makers[name]).take(order) for name in names},
        reference=names[0],
        reference_made=made,
        zones=zones,
    )


def _lead_time(forecast: Forecast) -> npt.NDArray[np.int64]:
    """1 for the first period after the issue, 2 for the next, and so on."""
    since = (forecast.periods.start - forecast.issued_at) / _HOUR
    lead: npt.NDArray[np.int64] = np.floor(since / forecast.periods.hours + 0.05).astype(np.int64)
    return lead + 1


def _zones(
    path: Path, name: str | None, cells: Cells
) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    """Zone of each cell's centre, -1 where there is none."""
    polygons, properties = read_polygons(path, cells.crs)
    names = tuple(str(row.get(name, n)) if name else str(n) for n, row in enumerate(properties))
    if len(set(names)) < len(names):
        raise StudyError(
            "Zones must have names of their own.",
            found="a name given twice",
            where=path.name,
            remedy="choose another property with --zone-id",
        )
    number = np.full(len(cells), len(names), dtype=np.int64)
    at, zone = shapely.STRtree(polygons).query(
        shapely.points(cells.x_m, cells.y_m), predicate="intersects"
    )
    np.minimum.at(number, at, zone)
    number[number == len(names)] = -1
    return names, number
