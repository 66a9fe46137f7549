"""`forecast_next`: the periods that follow the data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from veedor.backtest import Absence, Archive, make_each
from veedor.files.folders import replacing_folder, require_own
from veedor.forecasts import Forecast, write_cells
from veedor.spacetime import Periods
from veedor.study.config import load_study
from veedor.study.preparation import prepare
from veedor.study.progress import Progress, Silent
from veedor.study.workspace import temporary_workspace

NEXT = "next"


@dataclass(frozen=True, eq=False)
class NextPeriods:
    """Forecasts of the periods that follow the data.

    Parameters
    ----------
    forecasts : tuple of Forecast
        One for each category and forecaster.
    absent : tuple of Absence
        Instead, where a forecaster had too little data.
    """

    forecasts: tuple[Forecast, ...]
    absent: tuple[Absence, ...]


def forecast_next(
    folder: Path, *, periods: int = 1, progress: Progress | None = None
) -> NextPeriods:
    """Forecast the periods after ``until`` from all that was known a lead before it.

    Parameters
    ----------
    folder : Path
        Of the study.
    periods : int
        How many.
    progress : Progress, optional

    Returns
    -------
    NextPeriods
        Also written under ``next/``, in place of those that were there.

    Raises
    ------
    StudyError
        If the reference has too little data.
    """
    progress = progress or Silent()
    study = load_study(folder)
    target = folder / NEXT
    require_own(target)
    with temporary_workspace(folder) as workspace, replacing_folder(target) as building:
        progress.step("Reading incidents", None)
        prepared = prepare(study, folder, workspace, progress.advance)
        issue = prepared.periods.edges[-1]
        ahead = Periods.stepping(issue, study.length, 0, periods, study.incidents.time_zone)
        archive = Archive(building)
        made: list[Forecast | Absence] = []
        entries = study.forecasters.entries
        progress.step("Forecasting", len(prepared.tasks) * len(entries))
        for task in prepared.tasks:
            for one in make_each(entries, task.until(study.cutoff(issue)), ahead):
                archive.add(one)
                made.append(one)
                progress.advance(len(made))
        write_cells(prepared.cells, building / "cells.geojson")
    return NextPeriods(
        tuple(one for one in made if isinstance(one, Forecast)),
        tuple(one for one in made if isinstance(one, Absence)),
    )
