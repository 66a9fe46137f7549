"""`read` and `cells`: what was recorded, and the places it is counted in."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from veedor.errors import StudyError, phrase
from veedor.incidents import Category, Incidents, QualityReport, Reading, Source, assess, propose
from veedor.incidents import read as read_source
from veedor.notebook.arguments import files_of, instant_of, metres_of, of_kind, path_of
from veedor.notebook.language import spoken
from veedor.notebook.pictures import bars, map_of
from veedor.notebook.results import Picture, Result
from veedor.record import Points, known_by, last_known
from veedor.report.scales import Scale
from veedor.report.words import Words
from veedor.spacetime import (
    Cells,
    HexagonLattice,
    Lattice,
    Outlines,
    SquareLattice,
    StudyArea,
    footprint,
    read_polygons,
)
from veedor.spacetime.periods import local_time
from veedor.study.proposal import span_of
from veedor.study.zones import polygon_ids

_LATTICES: dict[str, Callable[[float], Lattice]] = {
    "square": SquareLattice,
    "hexagon": HexagonLattice,
}
SETTINGS = frozenset(Source.__dataclass_fields__) - {"paths", "columns"}


@dataclass(frozen=True, eq=False, repr=False)
class ReadResult(Result):
    """Recorded incidents, as `read` gives them.

    Parameters
    ----------
    reading : Reading
    record : Points
        What was known by `until`, taken as complete from the beginning of the record.
    until : datetime64
        UTC instant at which the record ends.
    """

    reading: Reading
    record: Points
    until: np.datetime64

    @property
    def incidents(self) -> Incidents:
        """The incidents."""
        return self.reading.incidents

    @property
    def quality(self) -> QualityReport:
        """What was read, set aside and why."""
        return assess(self.reading)

    @property
    def title(self) -> str:
        """What it is."""
        return spoken().many(len(self.incidents), "{n} recorded incident", "{n} recorded incidents")

    def facts(self, words: Words) -> list[tuple[str, str]]:
        """Categories, span, place and time, and what was set aside."""
        incidents = self.incidents
        counts = np.bincount(incidents.category, minlength=len(incidents.categories)).tolist()
        named = [
            f"{one.name} ({words.number(n)}, {one.known_by})"
            for one, n in zip(incidents.categories, counts, strict=True)
        ]
        return [
            (words.say("categories"), words.listed(named)),
            (words.say("record from"), words.day(self._local(self.record.covered.begins))),
            (words.say("to before"), words.day(self._local(self.until))),
            (words.say("without a place"), words.number(int((~incidents.located).sum()))),
            (words.say("rows set aside"), words.number(sum(self.reading.tally.set_aside.values()))),
            (words.say("time zone, CRS"), f"{incidents.time_zone}, {incidents.crs}"),
        ]  # fmt: skip

    def to_arrow(self) -> pa.Table:
        """Return a row for each incident: category, times in UTC, metres of the CRS."""
        incidents = self.incidents
        names = [one.name for one in incidents.categories]
        codes = pa.array(np.asarray(incidents.category, dtype=np.int32))
        columns = {
            "category": pa.DictionaryArray.from_arrays(codes, pa.array(names)),
            "start": pa.array(incidents.start, pa.timestamp("us", "UTC")),
            "end": pa.array(incidents.end, pa.timestamp("us", "UTC")),
            "x_m": pa.array(incidents.x_m, from_pandas=True),
            "y_m": pa.array(incidents.y_m, from_pandas=True),
        }
        return pa.table(columns)

    def plot(self) -> Picture:
        """Draw how many were recorded in each month."""
        months = self.incidents.start.astype("datetime64[M]")
        first = months.min()
        counts = np.bincount((months - first).astype(int))
        return bars([str(first + k) for k in range(len(counts))], counts, "incidents a month")

    def _local(self, instant: np.datetime64) -> date:
        return local_time(instant, self.incidents.time_zone)


@dataclass(frozen=True, eq=False, repr=False)
class CellsResult(Result):
    """Places, as `cells` gives them.

    Parameters
    ----------
    cells : Cells
    zones : Outlines or None
        What maps are found by.
    """

    cells: Cells
    zones: Outlines | None = None

    @property
    def title(self) -> str:
        """What it is."""
        return spoken().many(len(self.cells), "{n} cell", "{n} cells")

    def facts(self, words: Words) -> list[tuple[str, str]]:
        """Area and where the outline comes from."""
        area = self.cells.area_km2
        return [
            (words.say("together"), f"{words.number(float(area.sum()))} km²"),
            (words.say("usual area"), f"{words.number(float(np.median(area)))} km²"),
            (words.say("from"), self.cells.source),
        ]

    def to_arrow(self) -> pa.Table:
        """Return a row for each cell: id, centre in metres of the CRS, area."""
        cells = self.cells
        ids = pa.array(cells.cell_id.tolist())
        return pa.table(
            {"cell_id": ids, "x_m": cells.x_m, "y_m": cells.y_m, "area_km2": cells.area_km2}
        )

    def plot(self) -> Picture:
        """Draw their outlines."""
        plain = Scale([], ["#eef1f4"], [spoken().many(len(self.cells), "{n} cell", "{n} cells")])
        return map_of(self.cells, self.zones, [("Cells", np.zeros(len(self.cells)), plain)])


def read(
    source: Any,
    *,
    columns: Mapping[str, str] | None = None,
    categories: Sequence[Category] | Mapping[str, str | Sequence[str]] | None = None,
    discovered: Sequence[str] = (),
    begins: str | date | None = None,
    until: str | date | None = None,
    **settings: Any,
) -> ReadResult:
    """Read recorded incidents from files or from a table.

    What is not given is proposed from the data, as ``veedor init`` does; look at the result before
    you use it.

    Parameters
    ----------
    source : path, several paths, or table
        CSV, Parquet, GeoJSON, xlsx or ODS files; or a table of pandas, polars or Arrow.
    columns : dict of str to str, optional
        Role to column, as of `veedor.incidents.Columns`; every other column is dropped.
    categories : dict of str to str or list of str, or sequence of Category, optional
        Name to the raw values that it gathers.
    discovered : sequence of str
        Names of categories that come from what police go looking for; they are never forecast.
    begins, until : str or date, optional
        Local days from which the record is complete and before which it ends.
    **settings
        Of `veedor.incidents.Source`: ``time_zone``, ``crs``, ``input_crs``, ``time_format`` ...

    Raises
    ------
    VeedorError
        Of `veedor.incidents.read`; `StudyError` for an argument of another type.
    """
    if categories is not None:
        settings["categories"] = _categories(categories, discovered)
    unknown = set(settings) - SETTINGS
    if unknown:
        raise StudyError(
            "A setting of read must be one of its own.",
            found=", ".join(sorted(unknown)),
            remedy=phrase("use one of {settings}", settings=", ".join(sorted(SETTINGS))),
        )
    with files_of(source, "source") as paths:
        reading = read_source(propose(paths).source(paths, columns=columns, **settings))
    incidents = reading.incidents
    span = span_of(incidents)
    first = instant_of(begins or span.begins, incidents.time_zone, "begins")
    last = instant_of(until or span.last + timedelta(days=1), incidents.time_zone, "until")
    known = last_known(incidents)
    cutoff = last if known is None else max(last, known)
    record = Points.of(incidents, cutoff=cutoff, begins=first)
    return ReadResult(reading, record, last)


def cells(
    record: ReadResult,
    *,
    size_m: float = 500.0,
    shape: str = "square",
    area: str | os.PathLike[str] | None = None,
    names: str | None = None,
    until: str | date | None = None,
) -> CellsResult:
    """Lay cells over the area of a record.

    Parameters
    ----------
    record : ReadResult
    size_m : float
        Of squares (side) and hexagons (across), in metres; at least 100.
    shape : {"square", "hexagon", "polygon"}
        ``"polygon"`` takes the polygons of `area` themselves.
    area : path, optional
        GeoJSON of the area, or of zones whose union it is. Without it the footprint of what was
        recorded.
    names : str, optional
        Property that names the polygons of `area`.
    until : str or date, optional
        The footprint of what was known by then: for a backtest, its first cut-off, so that no cell
        tells where something will happen.

    Raises
    ------
    VeedorError
        If a cell is too small, or the file is no GeoJSON of polygons.
    """
    incidents = of_kind(record, ReadResult, "record", "veedor.read").incidents
    crs, zones, path = incidents.crs, None, None
    if area is not None:
        path = path_of(area, "area")
        zones = Outlines.read(path, names)
    if shape == "polygon" and path is not None:
        polygons, properties = read_polygons(path, crs)
        ids = polygon_ids(properties, names, path.name)
        return CellsResult(
            Cells.from_polygons(
                polygons, ids, crs, source=phrase("polygons of {file}", file=path.name)
            )
        )
    if shape not in _LATTICES:
        raise StudyError(
            "`shape` must be square, hexagon, or polygon with an `area`.",
            found=repr(shape),
            remedy='take shape="square"',
        )
    side = metres_of(size_m, "size_m")
    if path is not None:
        outline = StudyArea.outline(path, crs)
    else:
        last = record.until
        if until is not None:
            last = instant_of(until, incidents.time_zone, "until")
        early = known_by(incidents, last)
        outline = footprint(incidents.x_m, incidents.y_m, side, crs, among=early)
    return CellsResult(Cells.on_lattice(outline, _LATTICES[shape](side)), zones)


def _categories(
    given: Sequence[Category] | Mapping[str, str | Sequence[str]], discovered: Sequence[str]
) -> tuple[Category, ...]:
    if not isinstance(given, Mapping):
        return tuple(given)
    return tuple(
        Category(
            name,
            "discovered" if name in discovered else "reported",
            (values,) if isinstance(values, str) else tuple(values),
        )
        for name, values in given.items()
    )
