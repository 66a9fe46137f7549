"""Forecast the periods that follow the data, into STUDY/next/.

Uses everything known at the `until` of study.toml; of counts by area, the latest edition, and
forecasts the first periods that begin after it was published. Whether such forecasts are any
good is what `veedor run` measures: read its report first. A forecaster that has too little data
is left out, and why is said. The places where the most incidents are expected stand by name in
next/expected_places.csv, and the first of them in the terminal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from veedor.errors import phrase
from veedor.tasks.context import Context
from veedor.tasks.request import Folder, argument, option, request
from veedor.tasks.use_case import Done, use_case

if TYPE_CHECKING:
    from veedor.backtest import Absence
    from veedor.forecasts import Forecast
    from veedor.forecasts.expected_places import ExpectedPlace

NEXT = "next"


@request
class Request:
    """Of which study to forecast, and how far."""

    study: Folder = argument()
    periods: int = option("How many.", default=1, ge=1, le=1000)


@dataclass(frozen=True, eq=False)
class NextPeriods:
    """Forecasts of the periods that follow the data.

    Parameters
    ----------
    forecasts : tuple of Forecast
        One for each category and forecaster.
    absent : tuple of Absence
        Instead, where a forecaster had too little data.
    expected : tuple of ExpectedPlace
        The most expected places of each category and period, by its first forecaster.
    """

    forecasts: tuple[Forecast, ...]
    absent: tuple[Absence, ...]
    expected: tuple[ExpectedPlace, ...]


@use_case
def perform(request: Request, context: Context) -> Done:
    """Forecast the periods after ``until`` from all that was known a lead before it.

    Of counts by area they begin after the latest edition was published.

    Returns
    -------
    Done
        ``results`` is `NextPeriods`; ``folder`` is ``next/``, in place of the one that was there.

    Raises
    ------
    StudyError
        If the reference has too little data.
    """
    from veedor.backtest import Absence, Archive, make_each
    from veedor.files.folders import replacing_folder, require_own
    from veedor.forecasts import Forecast, write_cells
    from veedor.forecasts.expected_places import FILE as EXPECTED
    from veedor.forecasts.expected_places import most_expected, write_expected
    from veedor.report.words import words_in
    from veedor.report.words.studies import ahead
    from veedor.study.config import load_study
    from veedor.study.laying_out import reading_of
    from veedor.study.preparation import prepare
    from veedor.study.workspace import temporary_workspace

    study, folder = load_study(request.study), request.study / NEXT
    require_own(folder)
    with temporary_workspace(request.study) as workspace, replacing_folder(folder) as building:
        context.step(reading_of(study), None)
        prepared = prepare(study, request.study, workspace, context.advance)
        periods = prepared.ahead(request.periods)
        cutoff = prepared.cutoff_before(periods.edges[0])
        archive = Archive(building)
        made: list[Forecast | Absence] = []
        entries = study.forecasters.entries
        context.step(phrase("Forecasting"), len(prepared.tasks) * len(entries))
        for task in prepared.tasks:
            for one in make_each(entries, task.until(cutoff), periods):
                archive.add(one)
                made.append(one)
                context.advance(len(made))
        write_cells(prepared.cells, building / "cells.geojson", prepared.gazetteer)
        forecasts = tuple(one for one in made if isinstance(one, Forecast))
        expected = tuple(
            one
            for forecast in _first_of_each(forecasts)
            for period in range(request.periods)
            for one in most_expected(forecast, prepared.gazetteer, period=period)
        )
        write_expected(expected, building / EXPECTED)
    absent = tuple(one for one in made if isinstance(one, Absence))
    found = NextPeriods(forecasts, absent, expected)
    document = ahead(words_in(context.language), forecasts, absent, expected, folder)
    return Done(folder, found, document)


def _first_of_each(forecasts: Sequence[Forecast]) -> list[Forecast]:
    """Return a forecast of each category: the first one that is not by the reference, if any."""
    from veedor.forecasters import REFERENCE

    chosen: dict[str, Forecast] = {}
    for one in sorted(forecasts, key=lambda forecast: forecast.forecaster == REFERENCE):
        chosen.setdefault(one.category, one)
    return list(chosen.values())
