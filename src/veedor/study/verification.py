"""`verify_forecasts`: files of anyone's, held against what was recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import shapely

import veedor
from veedor.errors import Refusal, StudyError, phrase
from veedor.files.replacing import HashedFile, sha256
from veedor.forecasters import REFERENCE, Task, make_forecaster
from veedor.forecasts import (
    Archive,
    Forecast,
    cells_crs,
    find_cells,
    forecast_files,
    read_archive,
    read_cells,
)
from veedor.incidents import refuse_discovered
from veedor.progress import Progress, Silent
from veedor.record.recorded import Recorded, RecordedCounts
from veedor.spacetime import Cells, Length, Periods, read_polygons
from veedor.spacetime.periods import local_iso
from veedor.statistics.estimates import TestResult
from veedor.study.boxes import Boxes, boxes_as_forecasts
from veedor.study.counts_read import CountsRead
from veedor.study.outcomes import Outcomes, outcome_crs, outcome_time_zone, read_outcomes
from veedor.study.resolution import refuse_finer_forecasts
from veedor.verification import (
    SIMULATIONS,
    CategoryTotals,
    Examination,
    Trial,
    category_tests,
    examine,
    judged_together,
    require_comparable,
)

SCHEMA_VERSION = 3
_HOUR = np.timedelta64(1, "h")
_Zones = tuple[tuple[str, ...], npt.NDArray[np.int64]]


class RecordRead(msgspec.Struct, frozen=True, kw_only=True):
    """The record: its files, rows, what was set aside by reason, and how it was read.

    `columns_proposed` is whether veedor recognised the columns itself; `columns` are by role.
    `counts` says what counts by area are, None of single incidents; `kept` are then their rows.
    """

    files: tuple[HashedFile, ...]
    rows: int
    kept: int
    set_aside: dict[str, int]
    first: str
    last: str
    columns_proposed: bool
    columns: dict[str, str]
    counts: CountsRead | None = None


class CellsRead(msgspec.Struct, frozen=True, kw_only=True):
    """The cells of the forecasts."""

    count: int
    area_km2: float
    source: str


class VerifiedCategory(msgspec.Struct, frozen=True, kw_only=True):
    """One category.

    `periods_not_over` counts those that the record does not cover to their end, which are left
    out; `no_reference_because` says why `PriorCounts` could not be made, None where it was.
    """

    examination: Examination
    periods_not_over: int
    no_reference_because: str | None


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """Content of the results.json of `veedor verify-forecast`.

    The same files, seed and versions give the same bytes. `category_tests` are by forecaster: of
    those that forecast all categories for the same periods.
    """

    schema_version: int
    veedor: str
    seed: int
    simulations: int
    time_zone: str
    crs: str
    files: tuple[HashedFile, ...]
    record: RecordRead
    cells: CellsRead
    categories: tuple[VerifiedCategory, ...]
    category_tests: dict[str, TestResult]


def verify_forecasts(
    forecasts: Sequence[Path],
    outcomes: Path,
    *,
    cells: Path | None = None,
    reference: str | None = None,
    boxes: Boxes | None = None,
    zones: Path | None = None,
    zone_id: str | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Verification:
    """Hold anyone's forecasts against what was recorded.

    Parameters
    ----------
    forecasts : sequence of Path
        Files of `read_forecasts`, folders of them, results of a run; or, with `boxes`, files of
        `read_boxes`.
    outcomes : Path
        Incidents, or a study that tells how to read them: see `read_outcomes`.
    cells : Path, optional
        GeoJSON; looked for beside the forecasts where not given.
    reference : str, optional
        The forecaster that the others are compared with; `PriorCounts` by default, which veedor
        makes from the record before each data cut-off where the files do not hold it.
    boxes : Boxes, optional
        What files of boxes do not say.
    zones : Path, optional
        GeoJSON of zones, for skill and coverage by zone.
    zone_id : str, optional
        Property that names a zone.
    seed : int
        Of intervals and simulations.
    progress : Progress, optional

    Raises
    ------
    VeedorError
        If files cannot be read, or forecasters do not forecast the same cells and periods.
    """
    progress = progress or Silent()
    files = forecast_files(forecasts)
    where = find_cells(files[0], cells)
    crs = outcome_crs(outcomes) or cells_crs(where)
    ground = read_cells(where, crs)
    progress.step(phrase("Reading forecasts"), None)
    found = (
        read_archive(files, ground, time_zone=lambda: outcome_time_zone(outcomes))
        if boxes is None
        else boxes_as_forecasts(files, ground, boxes, outcome_time_zone(outcomes))
    )
    recorded = read_outcomes(outcomes, list(found), crs=crs, progress=progress)
    zone = recorded.recorded.zone
    if recorded.layout is not None:
        made = [one for makers in found.values() for every in makers.values() for one in every]
        refuse_finer_forecasts(recorded.layout, made, ground, zone)
    labels = None if zones is None else _zones(zones, zone_id, ground)
    rescale = boxes is not None and boxes.total is None
    totals: list[CategoryTotals] = []
    categories: list[VerifiedCategory] = []
    for category, laid in _laid(found, recorded, ground, reference, labels, rescale, progress):
        totals.append(laid.trial.totals)
        progress.step(
            phrase("Verifying {category}", category=category), len(laid.trial.forecasts) + 1
        )
        categories.append(
            VerifiedCategory(
                examination=examine(laid.trial, seed=seed, advance=progress.advance),
                periods_not_over=laid.not_over,
                no_reference_because=laid.no_reference,
            )
        )
    together = judged_together([one.examination for one in categories])
    return Verification(
        schema_version=SCHEMA_VERSION,
        veedor=veedor.__version__,
        seed=seed,
        simulations=SIMULATIONS,
        time_zone=zone,
        crs=crs,
        files=tuple(
            HashedFile(path.name, sha256(path), path.stat().st_size)
            for path in dict.fromkeys([*files, where, *([] if zones is None else [zones])])
        ),
        record=_record(recorded),
        cells=CellsRead(
            count=len(ground), area_km2=float(ground.area_km2.sum()), source=ground.source
        ),
        categories=tuple(
            msgspec.structs.replace(one, examination=judged)
            for one, judged in zip(categories, together, strict=True)
        ),
        category_tests=category_tests(totals, seed=seed),
    )


def _record(outcomes: Outcomes) -> RecordRead:
    recorded = outcomes.recorded
    return RecordRead(
        files=recorded.files,
        rows=outcomes.rows,
        kept=outcomes.kept,
        set_aside=outcomes.set_aside,
        first=local_iso(recorded.first, recorded.zone),
        last=local_iso(recorded.last, recorded.zone),
        columns_proposed=outcomes.proposed,
        columns=outcomes.columns,
        counts=CountsRead.of(recorded.record.areas)
        if isinstance(recorded, RecordedCounts)
        else None,
    )


@dataclass(frozen=True, eq=False)
class _Laid:
    trial: Trial
    not_over: int
    no_reference: str | None


def _laid(
    forecasts: Archive,
    outcomes: Outcomes,
    cells: Cells,
    reference: str | None,
    zones: _Zones | None,
    rescale: bool,
    progress: Progress,
) -> Iterator[tuple[str, _Laid]]:
    """Lay forecasts and what was recorded side by side, category by category."""
    recorded = outcomes.recorded
    progress.step(phrase("Laying forecasts and records side by side"), None)
    for category, theirs in forecasts.items():
        require_comparable(theirs)
        makers, missing = theirs, None
        one = next(iter(makers.values()))
        covered = np.concatenate(
            [recorded.covers(category, each.periods, cells, each.data_cutoff) for each in one]
        )
        if not covered.any():
            raise _none_covered(category, one, recorded)
        made = False
        if reference is None and REFERENCE not in makers:
            try:
                ours = _prior_counts(makers, category, outcomes, cells)
                makers, made = {REFERENCE: ours, **makers}, True
            except (StudyError, Refusal) as error:
                missing = error.told
        if rescale:
            makers = _rescaled(makers, missing)
        trial = Trial.of(
            makers,
            [recorded.counts(category, each.periods, cells) for each in one],
            reference=reference or (REFERENCE if REFERENCE in makers else next(iter(makers))),
            time_zone=recorded.zone,
            reference_made=made,
            covered=covered,
            zones=zones,
        )
        yield category, _Laid(trial, int((~covered).sum()), missing)


def _rescaled(makers: dict[str, list[Forecast]], missing: str | None) -> dict[str, list[Forecast]]:
    """Let boxes expect as many incidents as the reference does."""
    if REFERENCE not in makers:
        raise StudyError(
            "Boxes with counts must come with how many incidents they expect, where no reference "
            "can be made.",
            found=missing or phrase("no reference"),
            remedy="give the incidents of a period, of all cells together, with --expected-total",
        )
    totals = [one.mean.sum(axis=1) for one in makers[REFERENCE]]
    return {
        name: made
        if name == REFERENCE
        else [one.rescaled(total) for one, total in zip(made, totals, strict=True)]
        for name, made in makers.items()
    }


def _none_covered(category: str, forecasts: Sequence[Forecast], recorded: Recorded) -> StudyError:
    zone = recorded.zone
    return StudyError(
        "The record must cover at least one forecast period to its end.",
        found=phrase(
            "periods from {begins} to {ends}, a record from {first} to {last}",
            begins=local_iso(forecasts[0].periods.edges[0], zone),
            ends=local_iso(forecasts[-1].periods.edges[-1], zone),
            first=local_iso(recorded.first, zone),
            last=local_iso(recorded.last, zone),
        ),
        where=phrase("category {category}", category=category),
        remedy="give the record of those periods, or wait until they are over",
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
    known = next(one for one in outcomes.recorded.categories if one.name == category)
    refuse_discovered(known)
    made = []
    for together in zip(*makers.values(), strict=True):
        first = together[0]
        cutoff = min(one.data_cutoff for one in together)
        record = outcomes.recorded.known_at(cutoff)
        task = Task(record, category, cells, _length(first.periods))
        made.append(make_forecaster(REFERENCE).fit(task).predict(first.periods))
    return made


def _length(periods: Periods) -> Length:
    hours = round(float((periods.end[0] - periods.start[0]) / _HOUR))
    days = round(hours / 24)
    if hours >= 20 and abs(hours - 24 * days) <= 1:
        return Length(days // 7, "week") if days % 7 == 0 else Length(days, "day")
    return Length(hours, "hour")


def _zones(path: Path, name: str | None, cells: Cells) -> _Zones:
    """Zone of each cell's centre, -1 where there is none."""
    polygons, properties = read_polygons(path, cells.crs)
    names = tuple(str(row.get(name, n)) if name else str(n) for n, row in enumerate(properties))
    if len(set(names)) < len(names):
        raise StudyError(
            "Zones must have names of their own.",
            found=phrase("a name given twice"),
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
