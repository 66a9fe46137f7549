"""`forecast` and `backtest`: what is expected, and what was expected before it was recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from veedor.backtest import Absence, make_each
from veedor.errors import StudyError, phrase
from veedor.forecasters import REFERENCE, Entry, Forecaster, Task
from veedor.forecasts import CountDistribution, Forecast, table_of
from veedor.incidents import refuse_discovered
from veedor.notebook.arguments import instant_of, of_kind, region_of, wrong
from veedor.notebook.counts import CountsResult
from veedor.notebook.language import spoken
from veedor.notebook.pictures import course, map_of
from veedor.notebook.places import CellsResult, ReadResult
from veedor.notebook.results import Picture, Result
from veedor.report.scales import scale_of_means
from veedor.report.words import Words
from veedor.spacetime import Counts, Length, Outlines, Periods
from veedor.spacetime.periods import before, local_time


@dataclass(frozen=True, eq=False, repr=False)
class ForecastResult(Result):
    """A forecast, as `forecast` gives it.

    Parameters
    ----------
    forecast : Forecast
    zones : Outlines or None
        What maps are found by.
    """

    forecast: Forecast
    zones: Outlines | None = None

    @property
    def title(self) -> str:
        """What it is."""
        return spoken().say(
            "Forecast of {category} by {forecaster}",
            category=self.forecast.category,
            forecaster=self.forecast.forecaster,
        )

    def facts(self, words: Words) -> list[tuple[str, str]]:
        """Cut-off, and the totals with their intervals."""
        made = self.forecast
        totals, zone = made.totals, made.periods.time_zone
        low, high = totals.quantile(0.025), totals.quantile(0.975)
        return [
            (words.say("cells"), words.number(len(made.cells))),
            (words.say("known by"), words.day(local_time(made.data_cutoff, zone))),
            *(
                (
                    words.say(
                        "{start} to before {end}",
                        start=words.day(local_time(made.periods.start[k], zone)),
                        end=words.day(local_time(made.periods.end[k], zone)),
                    ),
                    words.say(
                        "{mean} expected in all cells (95% {low} to {high})",
                        mean=words.number(float(totals.mean[k])),
                        low=words.number(float(low[k])),
                        high=words.number(float(high[k])),
                    ),
                )
                for k in range(len(made.periods))
            ),
        ]

    def to_arrow(self) -> pa.Table:
        """Return a row for each period and cell, as a forecast file has them."""
        return table_of(self.forecast)

    def plot(self) -> Picture:
        """Draw what is expected in each cell, a map for each period up to four."""
        made, words = self.forecast, spoken()
        scale = scale_of_means([made.mean], words)
        starts = made.periods.local_starts()[:4]
        panels = [(words.day(day), made.mean[k], scale) for k, day in enumerate(starts)]
        return map_of(made.cells, self.zones, panels)


@dataclass(frozen=True, eq=False, repr=False)
class BacktestResult(Result):
    """Forecasts from earlier cut-offs beside what was then recorded, as `backtest` gives them.

    Parameters
    ----------
    forecasts : dict of str to tuple of Forecast
        By forecaster, one a cut-off.
    observed : Counts
        Recorded in all the periods.
    absences : tuple of Absence
        Where a forecaster had too little data; it is then left out of `forecasts`.
    """

    forecasts: dict[str, tuple[Forecast, ...]]
    observed: Counts
    absences: tuple[Absence, ...] = ()

    @property
    def title(self) -> str:
        """What it is."""
        return spoken().say(
            "Backtest of {category}: {names}",
            category=self.observed.category,
            names=", ".join(self.forecasts),
        )

    def facts(self, words: Words) -> list[tuple[str, str]]:
        """How many cut-offs, periods and incidents."""
        made = next(iter(self.forecasts.values()))
        return [
            (words.say("cut-offs"), words.number(len(made))),
            (words.say("periods"), words.number(len(self.observed.values))),
            (words.say("recorded in the cells"), words.number(int(self.observed.values.sum()))),
            *(
                (words.say("left out"), f"{one.forecaster}: {one.reason}")
                for one in self.absences[:1]
            ),
        ]

    def to_arrow(self) -> pa.Table:
        """Return a row for each forecaster, period and cell, with what was recorded."""
        tables = []
        for name, made in self.forecasts.items():
            rows = pa.concat_tables([table_of(one) for one in made]).unify_dictionaries()
            rows = rows.append_column("forecaster", pa.array([name] * len(rows)))
            tables.append(rows.append_column("recorded", pa.array(self.observed.values.ravel())))
        return pa.concat_tables(tables).unify_dictionaries()

    def plot(self) -> Picture:
        """Draw the totals of the first forecaster that is not the reference."""
        name = next((one for one in self.forecasts if one != REFERENCE), REFERENCE)
        made = self.forecasts[name]
        totals = CountDistribution(
            np.concatenate([one.totals.mean for one in made]),
            np.concatenate([one.totals.dispersion for one in made]),
        )
        starts = [str(day.date()) for one in made for day in one.periods.local_starts()]
        low, high = totals.quantile(0.025), totals.quantile(0.975)
        recorded = self.observed.values.sum(axis=1)
        return course(starts, totals.mean, low, high, recorded)


def forecast(
    record: ReadResult | CountsResult,
    cells: CellsResult,
    *,
    forecaster: str | Forecaster = REFERENCE,
    category: str | None = None,
    length: str | None = None,
    periods: int = 1,
    cutoff: str | date | None = None,
    country: str | None = None,
    subdivision: str | None = None,
) -> ForecastResult:
    """Forecast how many incidents each cell will record.

    Parameters
    ----------
    record : ReadResult or CountsResult
    cells : CellsResult
        Of counts by area their own ``cells``.
    forecaster : str or Forecaster
        Name of one, or one of your own with its parameters.
    category : str, optional
        May be left out where the record has one that is not discovered.
    length : str, optional
        Of a period: ``"1 week"`` by default, ``"2 days"``, ``"1 month"``; of counts that of their
        study.
    periods : int
        How many.
    cutoff : str or date, optional
        Local day before which all that was known is used, and on which the first period begins;
        the end of the record by default; of counts what the latest edition allows.
    country, subdivision : str, optional
        Whose public holidays apply, as ``"US"`` and ``"IL"``.
    """
    task = _task(record, cells, category, length, country, subdivision)
    n, zone = _count(periods, "periods"), task.record.zone
    if cutoff is None and isinstance(record, CountsResult):
        at, ahead = record.ahead(n)
    else:
        at = record.until if cutoff is None else instant_of(cutoff, zone, "cutoff")
        ahead = Periods.stepping(at, task.length, 0, n, zone)
    made = _fitted(forecaster, task.until(at)).predict(ahead)
    return ForecastResult(made, cells.zones)


def backtest(
    record: ReadResult | CountsResult,
    cells: CellsResult,
    *,
    forecasters: Sequence[str] = (REFERENCE, "Kernel", "PastMean"),
    category: str | None = None,
    length: str | None = None,
    origins: int = 8,
    periods: int = 1,
    lead: str | None = None,
    country: str | None = None,
    subdivision: str | None = None,
) -> BacktestResult:
    """Forecast the last periods of a record, each from what was known before it.

    Nothing is written; ``veedor run`` does the same with files that can be held against it.

    Parameters
    ----------
    record, cells, category, length, country, subdivision
        As of `forecast`.
    forecasters : sequence of str
        The reference is always among them.
    origins : int
        How many cut-offs.
    periods : int
        Forecast from each.
    lead : str, optional
        Time between each cut-off and its first period.
    """
    if isinstance(forecasters, str) or not all(isinstance(one, str) for one in forecasters):
        raise wrong("forecasters", "a list of names", forecasters, 'give it as ["Kernel"]')
    task = _task(record, cells, category, length, country, subdivision)
    each, zone = _count(periods, "periods"), task.record.zone
    wanted = _count(origins, "origins") * each
    all_periods = Periods.stepping(record.until, task.length, -wanted, 0, zone)
    entries = [Entry.of(name) for name in dict.fromkeys((REFERENCE, *forecasters))]
    made: dict[str, list[Forecast]] = {entry.name: [] for entry in entries}
    absences: list[Absence] = []
    for first in range(0, wanted, each):
        ahead = Periods(all_periods.edges[first : first + each + 1].copy(), zone)
        cut = before(ahead.edges[0], None if lead is None else Length.parse(str(lead)), zone)
        for one in make_each(entries, task.until(cut), ahead):
            if isinstance(one, Absence):
                absences.append(one)
            else:
                made[one.forecaster].append(one)
    gone = {absence.forecaster for absence in absences}
    return BacktestResult(
        {name: tuple(forecasts) for name, forecasts in made.items() if name not in gone},
        task.counts_in(all_periods),
        tuple(absences),
    )


def _task(
    record: ReadResult | CountsResult,
    cells: CellsResult,
    category: str | None,
    length: str | None,
    country: str | None,
    subdivision: str | None,
) -> Task:
    if not isinstance(record, CountsResult):
        of_kind(record, ReadResult, "record", "veedor.read")
    of_kind(cells, CellsResult, "cells", "veedor.cells")
    categories = record.record.categories
    named = [one.name for one in categories if one.known_by == "reported"]
    if category is None and len(named) != 1:
        raise StudyError(
            "`category` must say what is forecast where the record has several.",
            found=", ".join(named) or phrase("none that is reported"),
            remedy="name one of them",
        )
    chosen = named[0] if category is None else category
    known = {one.name: one for one in categories}
    if chosen not in known:
        raise StudyError(
            "`category` must be one of the record's.",
            found=repr(chosen),
            remedy=phrase("use one of {names}", names=", ".join(known)),
        )
    refuse_discovered(known[chosen])
    usual = record.length if isinstance(record, CountsResult) else "1 week"
    region = region_of(country, subdivision)
    return Task(record.record, chosen, cells.cells, Length.parse(str(length or usual)), region)


def _fitted(forecaster: str | Forecaster, task: Task) -> Forecaster:
    if isinstance(forecaster, str):
        return Entry.of(forecaster).make().fit(task)
    if not isinstance(forecaster, Forecaster):
        raise wrong("forecaster", "a name or a Forecaster", forecaster, 'give it as "Kernel"')
    return forecaster.fit(task)


def _count(value: int, argument: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise StudyError(
            phrase("`{argument}` must be a whole number from 1.", argument=argument),
            found=repr(value),
        )
    return int(value)
