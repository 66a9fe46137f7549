"""`forecast_next`: the periods that follow the data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from veedor.backtest import Archive
from veedor.forecasters import make_forecaster
from veedor.forecasts import Forecast, write_cells
from veedor.spacetime import Periods
from veedor.study.config import load_study
from veedor.study.preparation import prepare
from veedor.study.run import Progress, Silent, temporary_workspace

NEXT = "next"


def forecast_next(
    folder: Path, *, periods: int = 1, progress: Progress | None = None
) -> list[Forecast]:
    """Forecast the periods after ``until`` from all the data up to it.

    Parameters
    ----------
    folder : Path
        Of the study.
    periods : int
        How many.
    progress : Progress, optional

    Returns
    -------
    list of Forecast
        One for each category and forecaster, also written under ``next/``.
    """
    progress = progress or Silent()
    study = load_study(folder)
    with temporary_workspace(folder) as workspace:
        progress.step("Reading incidents", None)
        prepared = prepare(study, folder, workspace, progress.advance)
        issue = prepared.periods.edges[-1]
        ahead = Periods.stepping(issue, study.length, 0, periods, study.incidents.time_zone)
        history = prepared.history.until(issue)
        archive = Archive(folder / NEXT)
        forecasts = []
        names = [(c, f) for c in study.forecast_categories for f in study.forecaster_names]
        progress.step("Forecasting", len(names))
        for done, (category, name) in enumerate(names, start=1):
            fitted = make_forecaster(name).fit(history.of_category(category))
            forecast = replace(fitted.predict(ahead), forecaster=name)
            archive.add(forecast, name)
            forecasts.append(forecast)
            progress.advance(done)
        write_cells(prepared.cells, folder / NEXT / "cells.geojson")
    return forecasts
