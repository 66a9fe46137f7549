"""One forecaster, one record: its forecast, or that it had too little data for one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from veedor.errors import StudyError, TooLittleDataError
from veedor.forecasters import REFERENCE, Forecaster, History, find_forecaster, make_forecaster
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
    must, found, remedy : str
        Of its `TooLittleDataError`.
    """

    category: str
    forecaster: str
    origin: np.datetime64
    must: str
    found: str
    remedy: str

    @property
    def reason(self) -> str:
        """What it needs, and what it found."""
        return f"{self.must} Found: {self.found.rstrip('.')}." if self.found else self.must


def make_each(
    names: Sequence[str], history: History, periods: Periods
) -> Iterator[Forecast | Absence]:
    """Let forecasters learn from one history and forecast.

    Those that are made of others come last, so that what the others learned is not learned twice;
    for the rest the order is that of `names`.

    Parameters
    ----------
    names : sequence of str
        As study.toml names them.
    history : History
    periods : Periods

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
    fitted: dict[str, Forecaster] = {}
    forecasters = [(name, make_forecaster(name)) for name in names]
    for name, forecaster in sorted(forecasters, key=lambda one: one[1].made_of_others):
        try:
            forecast = forecaster.fit(history, fitted).predict(periods)
        except TooLittleDataError as error:
            yield _absence(name, history, periods, error)
            continue
        fitted[name] = forecaster
        yield replace(forecast, forecaster=name, version=find_forecaster(name).version)


def _absence(name: str, history: History, periods: Periods, error: TooLittleDataError) -> Absence:
    if name == REFERENCE:
        raise StudyError(
            f"A study must have data enough for its reference, {REFERENCE}. {error.must}",
            found=error.found,
            where=f"category {history.category}, cut-off "
            f"{local_iso(history.cutoff, periods.time_zone)}",
            remedy=error.remedy or "use fewer origins, or leave the category out",
        ) from error
    return Absence(history.category, name, periods.edges[0], error.must, error.found, error.remedy)
