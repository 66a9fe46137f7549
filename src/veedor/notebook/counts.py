"""`read_counts`: counts by area as a study names them, and its areas as cells."""

from __future__ import annotations

import os
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from veedor.areas import AreaQuality, reported
from veedor.incidents import Category
from veedor.notebook.arguments import path_of
from veedor.notebook.language import spoken
from veedor.notebook.pictures import bars
from veedor.notebook.places import CellsResult
from veedor.notebook.results import Picture, Result
from veedor.record import AreaRecord
from veedor.report.words import Words
from veedor.report.words.counted import UNITS, named_left_out
from veedor.spacetime import Periods
from veedor.study import load_study
from veedor.study.area_preparation import lay_out_counts
from veedor.study.area_preparation import read_counts as read_of_study
from veedor.study.laying_out import study_periods
from veedor.study.prepared import PreparedCounts


@dataclass(frozen=True, eq=False, repr=False)
class CountsResult(Result):
    """Counts by area, as `read_counts` gives them.

    Parameters
    ----------
    prepared : PreparedCounts
    """

    prepared: PreparedCounts

    @property
    def record(self) -> AreaRecord:
        """What was published, as of the latest edition."""
        return self.prepared.record

    @property
    def until(self) -> np.datetime64:
        """UTC instant at which the study ends."""
        return self.prepared.study.until

    @property
    def categories(self) -> tuple[Category, ...]:
        """Categories of the study."""
        return self.record.categories

    @property
    def length(self) -> str:
        """Length of a period of the study."""
        return str(self.prepared.study.length)

    @property
    def cells(self) -> CellsResult:
        """The areas with an outline that reported throughout."""
        return CellsResult(self.prepared.cells, self.prepared.zones)

    @property
    def quality(self) -> AreaQuality:
        """What was reported, what looks as if it was not, what was revised."""
        return self.prepared.checked

    @property
    def title(self) -> str:
        """What it is."""
        areas = len(self.record.areas.places)
        return spoken().many(areas, "Counts of {n} area", "Counts of {n} areas")

    def facts(self, words: Words) -> list[tuple[str, str]]:
        """Categories with their units, editions, and areas that are left out."""
        areas, left_out = self.record.areas, self.prepared.left_out
        named = []
        for one in self.categories:
            unit = areas.offences[areas.offence_of(one.values[0])].unit
            named.append(f"{one.name} ({words.say(UNITS[unit])})")
        return [
            (words.say("categories"), words.listed(named)),
            (words.say("editions"), words.number(len(areas.editions))),
            (words.say("latest edition"), words.day(str(areas.latest.published))),
            (words.say("counts up to"), areas.spans.labels[areas.latest.last]),
            (words.say("left out"), named_left_out(words, left_out)),
            (words.say("time zone, CRS"), f"{self.record.zone}, {self.prepared.cells.crs}"),
        ]

    def to_arrow(self) -> pa.Table:
        """Return a row for each category, span and area, as published last; null not reported."""
        areas = self.record.areas
        n = len(areas.spans) * len(areas.areas)
        tables = []
        for one in self.categories:
            of = areas.summed(one.values)
            told = reported(of.state).ravel()
            columns = {
                "category": [one.name] * n,
                "span": np.repeat(areas.spans.labels, len(areas.areas)),
                "area": [area.code for area in areas.areas] * len(areas.spans),
                "name": [area.name for area in areas.areas] * len(areas.spans),
                "count": pa.array(of.values.ravel(), mask=~told),
                "provisional": of.provisional.ravel(),
            }
            tables.append(pa.table(columns))
        return pa.concat_tables(tables)

    def plot(self) -> Picture:
        """Draw how many were counted in each span, of all categories that are forecast.

        Only of spans in which something was reported of every one of them.
        """
        areas, totals = self.record.areas, self._totals()
        held = [n for n, total in enumerate(totals.tolist()) if total is not None]
        drawn = totals.take(held).to_numpy()
        return bars([areas.spans.labels[n] for n in held], drawn, "counts a span")

    def _totals(self) -> pa.Array:
        """Sum over areas and categories; null where nothing was reported of one."""
        areas, names = self.record.areas, self.prepared.study.forecast_categories
        made = np.zeros(len(areas.spans), dtype=np.int64)
        told = np.ones(len(areas.spans), dtype=np.bool_)
        for one in self.categories:
            if one.name in names:
                of = areas.summed(one.values)
                made += of.values[:, areas.leaves].sum(axis=1)
                told &= reported(of.state[:, areas.leaves]).any(axis=1)
        return pa.array(made, mask=~told)

    def ahead(self, n: int) -> tuple[np.datetime64, Periods]:
        """Return the cut-off and the periods that can be forecast from the latest edition."""
        periods = self.prepared.ahead(n)
        return self.prepared.cutoff_before(periods.edges[0]), periods


def read_counts(study: str | os.PathLike[str]) -> CountsResult:
    """Read the counts by area of a study.

    Parameters
    ----------
    study : path
        A folder with a study.toml that has ``[counts]``, as ``veedor init`` writes it.

    Raises
    ------
    VeedorError
        If it is a study of incidents, or its files cannot be read.
    """
    folder = path_of(study, "study")
    known = load_study(folder)
    reading = read_of_study(known, folder)
    return CountsResult(lay_out_counts(known, folder, reading, study_periods(known)))
