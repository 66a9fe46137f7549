"""From study.toml and its files to incidents, cells, periods and a history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from veedor.errors import StudyError
from veedor.forecasters import History
from veedor.forecasters.history import known_at
from veedor.incidents import QualityReport, Reading, assess, read
from veedor.spacetime import (
    Cells,
    HexagonLattice,
    Periods,
    SquareLattice,
    StudyArea,
    footprint,
    read_polygons,
)
from veedor.study.config import FILE_NAME, Study


@dataclass(frozen=True, eq=False)
class Prepared:
    """All that a run starts from.

    Parameters
    ----------
    study : Study
    reading : Reading
    quality : QualityReport
    cells : Cells
    periods : Periods
        The forecast periods of all origins.
    history : History
        All that is known at the end of the data, for the first forecast category.
    """

    study: Study
    reading: Reading
    quality: QualityReport
    cells: Cells
    periods: Periods
    history: History


def prepare(
    study: Study,
    folder: Path,
    workspace: Path,
    progress: Callable[[int], None] | None = None,
) -> Prepared:
    """Read, screen and check the incidents; build cells and periods.

    Parameters
    ----------
    study : Study
    folder : Path
        Files of the study are relative to it.
    workspace : Path
        For temporary files of the reader.
    progress : callable, optional
        Gets the number of rows read so far.
    """
    periods = forecast_periods(study)
    if study.begins >= periods.edges[0]:
        raise StudyError(
            "History must begin before the first origin.",
            found=f"history_from {study.periods.history_from}, first origin "
            f"{periods.local_starts()[0]}",
            where=f"{FILE_NAME}, [periods]",
        )
    reading = read(study.source(folder), workspace=workspace, progress=progress)
    incidents = reading.incidents
    cells = build_cells(study, folder, reading, periods.edges[0])
    inside = cells.locate(incidents.x_m, incidents.y_m) >= 0
    known = known_at(incidents)
    last = known.max() if len(known) else periods.edges[-1]
    history = History.of(
        incidents,
        cells,
        category=study.forecast_categories[0],
        length=study.length,
        cutoff=max(last, periods.edges[-1]),
        begins=study.begins,
        country=None if study.holidays is None else study.holidays.country,
        subdivision=None if study.holidays is None else study.holidays.subdivision,
    )
    return Prepared(study, reading, assess(reading, inside=inside), cells, periods, history)


def forecast_periods(study: Study) -> Periods:
    """Return the periods of all origins; the last one ends at ``until``."""
    count = study.periods.origins * study.periods.periods_per_origin
    return Periods.stepping(study.until, study.length, -count, 0, study.incidents.time_zone)


def build_cells(study: Study, folder: Path, reading: Reading, first_origin: np.datetime64) -> Cells:
    """Lay the cells that study.toml asks for over its study area."""
    crs, section = study.incidents.crs, study.cells
    if section.shape == "polygon" and section.file is not None:
        path = folder / section.file
        polygons, properties = read_polygons(path, crs)
        ids = [
            str(row.get(section.id, number)) if section.id else str(number)
            for number, row in enumerate(properties)
        ]
        return Cells.from_polygons(polygons, ids, crs, source=f"polygons of {path.name}")
    size_m = float(section.size_m or 0.0)
    lattice = SquareLattice(size_m) if section.shape == "square" else HexagonLattice(size_m)
    return Cells.on_lattice(_study_area(study, folder, reading, first_origin, size_m), lattice)


def _study_area(
    study: Study, folder: Path, reading: Reading, first_origin: np.datetime64, size_m: float
) -> StudyArea:
    crs = study.incidents.crs
    if study.area.file is not None:
        return StudyArea.outline(folder / study.area.file, crs)
    if study.area.zones is not None:
        return StudyArea.outline(folder / study.area.zones, crs, of="the zones")
    incidents = reading.incidents
    early = known_at(incidents) <= first_origin
    return footprint(incidents.x_m[early], incidents.y_m[early], size_m, crs)
