"""One forecaster, one record: its forecast, or that it had too little data for one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from veedor.errors import StudyError, TooLittleDataError, phrase
from veedor.forecasters import REFERENCE, Entry, Task, find_forecaster
from veedor.forecasts import Forecast
from veedor.spacetime import Periods
from veedor.spacetime.periods import local_iso


@dataclass(frozen=True)
class Absence:
    """That a forecaster had too little data.

    Parameters
    ----------
    category : str
    forecaster : str
        As study.toml names it.
    origin : datetime64
        Beginning of the first period that was to be forecast.
    reason : str
        What it needs, and what it found.
    remedy : str
        What to do about it.
    """

    category: str
    forecaster: str
    origin: np.datetime64
    reason: str
    remedy: str


def make_each(
    entries: Sequence[Entry], task: Task, periods: Periods
) -> Iterator[Forecast | Absence]:
    """Let forecasters learn from one record and forecast.

    Yields
    ------
    Forecast
        Under its name, with the version of the package that the forecaster comes from; an
        `Absence` where it says that there is too little data.

    Raises
    ------
    StudyError
        If the reference has too little data: nothing could then be compared.
    """
    for entry in entries:
        try:
            forecast = entry.make().fit(task).predict(periods)
        except TooLittleDataError as error:
            yield _absence(entry.name, task, periods, error)
            continue
        version = find_forecaster(entry.kind).version
        yield replace(forecast, forecaster=entry.name, version=version)


def _absence(name: str, task: Task, periods: Periods, error: TooLittleDataError) -> Absence:
    if name == REFERENCE:
        raise StudyError(
            phrase(
                "A study must have data enough for its reference, {reference}. {must}",
                reference=REFERENCE,
                must=error.must,
            ),
            found=error.found,
            where=phrase(
                "category {category}, cut-off {cutoff}",
                category=task.category,
                cutoff=local_iso(task.cutoff, periods.time_zone),
            ),
            remedy=error.remedy or phrase("use fewer origins, or leave the category out"),
        ) from error
    return Absence(task.category, name, periods.edges[0], error.reason, error.remedy)
