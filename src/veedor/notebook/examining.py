"""`examine`: how good forecasts were, ours or anyone's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from markupsafe import Markup

from veedor.forecasters import REFERENCE
from veedor.notebook.arguments import files_of, path_of, wrong
from veedor.notebook.forecasting import BacktestResult
from veedor.notebook.language import spoken
from veedor.notebook.results import Picture, Result
from veedor.report import examination_charts as charts
from veedor.report.words import Words
from veedor.report.words.examination import captured, how_it_did
from veedor.statistics.estimates import Estimate
from veedor.study.verification import verify_forecasts
from veedor.verification import Examination, Trial, judged_together
from veedor.verification import examine as ask


@dataclass(frozen=True, eq=False, repr=False)
class ExaminationResult(Result):
    """How good forecasts were, as `examine` finds it.

    Parameters
    ----------
    examinations : tuple of Examination
        One a category; their verdicts hold together.
    """

    examinations: tuple[Examination, ...]

    @property
    def title(self) -> str:
        """What it is."""
        return spoken().say(
            "Forecasts of {names}, examined",
            names=spoken().listed([one.category for one in self.examinations]),
        )

    def facts(self, words: Words) -> list[tuple[str, str]]:
        """The verdict on each forecaster, and what the places ranked first held."""
        return [
            (one.category, line)
            for one in self.examinations
            for line in (
                *(how_it_did(words, one, row) for row in one.comparisons),
                captured(words, one),
            )
        ]

    def to_arrow(self) -> pa.Table:
        """Return a row for each score, gain and share captured, with its interval."""
        columns: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
        for one in self.examinations:
            for forecaster, statistic, estimate in _estimates(one):
                row = (
                    one.category, forecaster, statistic, estimate.value, estimate.low,
                    estimate.high, estimate.level, estimate.n,
                )  # fmt: skip
                for name, value in zip(_COLUMNS, row, strict=True):
                    columns[name].append(value)
        numbers = {"value", "low", "high", "level"}
        return pa.table(
            {
                name: pa.array(column, pa.float64() if name in numbers else None)
                for name, column in columns.items()
            }
        )

    def plot(self) -> Picture:
        """Draw gains over the reference, and the totals of each category."""
        words, look = spoken(), charts.looks(self.examinations)
        drawn = charts.gains(words, self.examinations, look) or Markup("")
        for k, one in enumerate(self.examinations):
            drawn += charts.Charts(words, one, look, f"examined{k}").totals()
        return Picture(drawn)


_COLUMNS = ("category", "forecaster", "statistic", "value", "low", "high", "level", "n")


def examine(
    forecasts: Any,
    outcomes: str | os.PathLike[str] | None = None,
    *,
    cells: str | os.PathLike[str] | None = None,
    reference: str = REFERENCE,
    zones: str | os.PathLike[str] | None = None,
    zone_id: str | None = None,
    seed: int = 0,
) -> ExaminationResult:
    """Ask everything of forecasts that can be asked, the same of ours and of anyone's.

    Parameters
    ----------
    forecasts : BacktestResult, path or several paths
        Of `veedor.backtest`; or files of forecasts, folders of them, or results of a run.
    outcomes : path, optional
        Of files: recorded incidents, or a study that tells how to read them.
    cells : path, optional
        Of files: GeoJSON of the cells, looked for beside them where not given.
    reference : str
        The forecaster that the others are compared with.
    zones : path, optional
        Of files: GeoJSON, for skill and coverage by zone.
    zone_id : str, optional
        Property that names a zone.
    seed : int
        Of intervals and simulations.

    Raises
    ------
    VeedorError
        If files cannot be read, or forecasters do not forecast the same cells and periods.
    """
    if isinstance(forecasts, BacktestResult):
        made = forecasts.forecasts
        zone = next(iter(made.values()))[0].periods.time_zone
        trial = Trial.of(made, [forecasts.observed], reference=reference, time_zone=zone)
        return ExaminationResult(judged_together([ask(trial, seed=seed)]))
    if outcomes is None:
        must = "what veedor.backtest returns, or paths with `outcomes`"
        raise wrong("forecasts", must, forecasts, "give the recorded incidents as outcomes")
    with files_of(forecasts, "forecasts") as paths:
        found = verify_forecasts(
            [path_of(one, "forecasts") for one in paths],
            path_of(outcomes, "outcomes"),
            cells=None if cells is None else path_of(cells, "cells"),
            reference=reference,
            zones=None if zones is None else path_of(zones, "zones"),
            zone_id=zone_id,
            seed=seed,
        )
    return ExaminationResult(tuple(one.examination for one in found.categories))


def _estimates(one: Examination) -> Iterator[tuple[str, str, Estimate]]:
    for part in one.forecasters:
        yield from ((part.forecaster, name, estimate) for name, estimate in part.scores.items())
    for row in one.comparisons:
        yield row.forecaster, "information_gain", row.gain.estimate
    for held in one.places.captured:
        yield held.ranking, f"capture_rate_at_{held.area_fraction:g}", held.capture_rate
