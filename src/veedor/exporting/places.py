"""`Places`: rows about places with their outlines, from forecasts and from audits."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from veedor.errors import DataError, StudyError, phrase
from veedor.forecasts import CountDistribution, find_cells, forecast_table
from veedor.forecasts.folder import CELLS, PARQUET, files_within
from veedor.spacetime import read_polygons
from veedor.spacetime.periods import local_iso
from veedor.tables.rows import Rows, read_table

_LONLAT = "EPSG:4326"
_TABLES = "places*.csv"
_MOST_ROWS = 5_000_000
#: Of the interval of each count.
_LEVEL = 0.95
#: What an export says of each cell, from the properties that `write_cells` wrote.
_OF_CELLS = {
    "area_km2": pa.float64(), "lat": pa.float64(), "lon": pa.float64(), "zone": pa.string(),
    "streets": pa.string(), "streets_m": pa.float64(),
}  # fmt: skip
#: Names of GeoPackage's, GeoParquet's and CSV's own columns.
_RESERVED = frozenset(("fid", "ogc_fid", "geom", "geometry", "wkt"))
#: Types of a column, the first that all of its fields have; and fields that hold nothing.
_KINDS = (pa.int64(), pa.float64(), pa.bool_(), pa.date32(), pa.timestamp("s"))
_NOTHING = ("", "nan", "NaN", "NA", "NULL", "null")


@dataclass(frozen=True, eq=False)
class Places:
    """Rows about places.

    Parameters
    ----------
    table : Table
        One row a row of the export.
    outlines : object array, shape (n,)
        Polygon of each place, in degrees (WGS84), turned as GeoJSON wants them.
    place : array of int, shape (rows,)
        Index of a row's place; -1 where it has none.
    """

    table: pa.Table
    outlines: npt.NDArray[np.object_]
    place: npt.NDArray[np.int64]

    def __post_init__(self) -> None:
        if self.place.shape != (self.table.num_rows,):
            raise DataError(
                "Every row must have a place, or -1.",
                found=phrase(
                    "{shape} places for {num_rows} rows",
                    shape=self.place.shape,
                    num_rows=self.table.num_rows,
                ),
            )


def forecast_places(
    study: Path, category: str | None = None, forecaster: str | None = None
) -> Places:
    """Read the forecasts of a study: those in ``next/`` if there are any, else of ``results/``.

    Parameters
    ----------
    study : Path
        Folder of a study, or its ``next`` or ``results``.
    category, forecaster : str, optional
        Only these.

    Returns
    -------
    Places
        A row for each category, forecaster, period and cell: ``category, forecaster, start, end``
        (UTC), ``start_local, end_local`` (text, with its offset), ``cell_id, area_km2``, where it
        is (``lat, lon`` of its middle, ``zone, streets, streets_m``, null where the study names
        none), ``mean`` and ``dispersion`` of the recorded incidents expected, and ``low, high``:
        with a probability of at least 95% the count lies between them, both included.

    Raises
    ------
    StudyError
        If there are no forecasts, none of this category or forecaster, or too many.
    """
    found = [folder for folder in (study / "next", study / "results", study) if _is_made(folder)]
    if not found:
        raise StudyError(
            "A study must have forecasts to export.",
            found=phrase("none"),
            where=str(study),
            remedy="run `veedor run` or `veedor forecast` first",
        )
    folder = found[0]
    cells = find_cells(folder)
    polygons, properties = read_polygons(cells, _LONLAT)
    table = _forecasts(folder, category, forecaster)
    names = pa.array([str(row["cell_id"]) for row in properties])
    place = pc.index_in(table["cell_id"], names)
    if place.null_count:
        raise DataError(
            "Every cell of a forecast must be one of its cells.",
            found=phrase("{null_count} rows of others", null_count=place.null_count),
            where=str(cells),
        )
    index = place.to_numpy().astype(np.int64)
    at = table.column_names.index("cell_id") + 1
    of_row = pa.array(index)
    for name, kind in reversed(_OF_CELLS.items()):
        column = pa.array([_as(kind, row.get(name)) for row in properties], kind)
        table = table.add_column(at, name, column.take(of_row))
    return Places(table, _turned(polygons), index)


def _as(kind: pa.DataType, value: Any) -> str | float | None:
    """Return a property of a cell as its column takes it; None for what is empty or another."""
    if pa.types.is_string(kind):
        return str(value) if value else None
    return float(value) if isinstance(value, int | float) else None


def audit_table(folder: Path) -> str | None:
    """Name the table of places that a folder of an audit holds; None for a folder of forecasts.

    Raises
    ------
    StudyError
        If it holds several.
    """
    if any(_is_made(one) for one in (folder / "next", folder / "results", folder)):
        return None
    found = sorted(path.name for path in folder.glob(_TABLES))
    if len(found) > 1:
        raise StudyError(
            "An export must be of one table.",
            found=", ".join(found),
            where=str(folder),
            remedy=phrase("name it with --table {name}", name=found[0]),
        )
    return found[0] if found else None


def audit_places(table: Path, zones: Path | None = None, key: str | None = None) -> Places:
    """Read a table that an audit wrote, and join the outlines of its places.

    Parameters
    ----------
    table : Path
        CSV, as an audit's folder holds them.
    zones : Path, optional
        GeoJSON of the places; without it the rows have no outline.
    key : str, optional
        The column of the table and the property of the zones that hold the same ids; the first
        that both have, where not given.

    Raises
    ------
    DataError
        If the table cannot be read, the key is not in both, an id is there twice, or no row of the
        table is about one of the zones.
    """
    read = read_table(table, may_be_empty=True)
    if zones is None:
        none = np.full(len(read), -1)
        return Places(_renamed(_audited(read)), np.empty(0, dtype=object), none)
    polygons, properties = read_polygons(zones, _LONLAT)
    key = key or next((name for name in read.columns if name in properties[0]), "")
    rows = _audited(read, key)  # 007 is not 7
    if key not in rows.column_names or not any(key in row for row in properties):
        raise DataError(
            "A table and its zones must share a column of ids.",
            found=phrase(
                "columns {column_names}; properties {properties}",
                column_names=", ".join(rows.column_names),
                properties=", ".join(properties[0]),
            ),
            where=phrase("{name} and {name_2}", name=table.name, name_2=zones.name),
            remedy="name it with --id",
        )
    ids = [_written(row.get(key)) for row in properties]
    twice = [str(name) for name, count in Counter(ids).items() if count > 1]
    if twice:
        raise DataError(
            "Ids of zones must be unique.",
            found=phrase("{twice} more than once", twice=", ".join(twice[:5])),
            where=zones.name,
        )
    wanted = [_written(value) for value in rows[key].to_pylist()]
    place = pc.index_in(pa.array(wanted, pa.string()), pa.array(ids, pa.string()))
    if rows.num_rows and place.null_count == rows.num_rows:
        raise DataError(
            "A table and its zones must share ids.",
            found=phrase(
                "{wanted} in the table; {ids} in the zones",
                wanted=", ".join(map(str, wanted[:5])),
                ids=", ".join(map(str, ids[:5])),
            ),
            where=phrase(
                "{key} of {name} and {name_2}", key=key, name=table.name, name_2=zones.name
            ),
            remedy="name another column with --id",
        )
    index = place.fill_null(-1).to_numpy().astype(np.int64)
    return Places(_renamed(rows), _turned(polygons), index)


def _audited(rows: Rows, key: str = "") -> pa.Table:
    """Type columns; those of no numbers, truths or times are texts, and so are days and the key."""
    texts = {name: rows.texts(name) for name in rows.columns}
    return pa.table({name: t if name == key else _typed(t) for name, t in texts.items()})


def _typed(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    given = pc.if_else(pc.is_in(texts, pa.array(_NOTHING)), pa.scalar(None, pa.string()), texts)
    for kind in _KINDS:
        try:
            found = given.cast(kind)
        except pa.ArrowInvalid:
            continue
        if kind == pa.float64():
            found = pc.if_else(pc.is_finite(found), found, pa.scalar(None, kind))
        return given if kind == pa.date32() else found
    return given


def _renamed(rows: pa.Table) -> pa.Table:
    """Give columns that a format has for itself, or that differ only by case, another name."""
    taken = set(_RESERVED)
    names = []
    for name in rows.column_names:
        free = name
        while free.casefold() in taken:
            free += "_"
        taken.add(free.casefold())
        names.append(free)
    return rows.rename_columns(names)


def _is_made(folder: Path) -> bool:
    return (folder / CELLS).is_file() and bool(files_within(folder, PARQUET))


def _forecasts(folder: Path, category: str | None, forecaster: str | None) -> pa.Table:
    parts: list[pa.Table] = []
    seen: set[tuple[str, str]] = set()
    rows = 0
    for path in files_within(folder, PARQUET):
        read, head = forecast_table(path)
        maker = str(head.get("forecaster", path.parent.name))
        of = {str(name) for name in pc.unique(read["category"].cast(pa.string())).to_pylist()}
        seen |= {(name, maker) for name in of}
        if forecaster not in (None, maker) or (category is not None and category not in of):
            continue
        mean = read["mean"].to_numpy()
        dispersion = (
            read["dispersion"].to_numpy()
            if "dispersion" in read.column_names
            else np.zeros(len(mean))
        )
        distribution = CountDistribution(mean, dispersion)
        zone = str(head.get("time_zone", "UTC"))
        part = pa.table(
            {
                "category": read["category"].cast(pa.string()),
                "forecaster": pa.repeat(maker, read.num_rows),
                "start": read["start"],
                "end": read["end"],
                "start_local": _local(read["start"], zone),
                "end_local": _local(read["end"], zone),
                "cell_id": read["cell_id"].cast(pa.string()),
                "mean": read["mean"],
                "dispersion": dispersion,
                "low": distribution.quantile((1.0 - _LEVEL) / 2.0),
                "high": distribution.quantile((1.0 + _LEVEL) / 2.0),
            }
        )
        if category is not None:
            part = part.filter(pc.equal(part["category"], category))
        parts.append(part)
        rows += part.num_rows
    if not parts or rows > _MOST_ROWS:
        raise StudyError(
            phrase("An export must have rows, and at most {most_rows:,}.", most_rows=_MOST_ROWS),
            found=phrase(
                "{rows:,} of category {category} by {forecaster}",
                rows=rows,
                category=repr(category),
                forecaster=repr(forecaster),
            ),
            where=str(folder),
            remedy=phrase(
                "choose from {seen}",
                seen=", ".join((f"{name} by {who}" for name, who in sorted(seen)[:20])),
            ),
        )
    return pa.concat_tables(parts)


def _local(instants: pa.ChunkedArray, time_zone: str) -> pa.Array:
    """Write instants in local time, each different one once."""
    coded = instants.cast(pa.timestamp("us")).combine_chunks().dictionary_encode()
    texts = [
        local_iso(np.datetime64(instant, "us"), time_zone)
        for instant in coded.dictionary.to_numpy(zero_copy_only=False)
    ]
    return pa.array(texts, pa.string()).take(coded.indices)


def _turned(polygons: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    turned: npt.NDArray[np.object_] = shapely.orient_polygons(polygons)
    return turned


def _written(value: Any) -> str | None:
    """Write an id the same way from a number and from a text.

    Examples
    --------
    >>> _written(7.0), _written("7.0"), _written("007")
    ('7', '7', '007')
    """
    if value is None:
        return None
    whole = re.fullmatch(r"(-?\d+)\.0+", str(value))
    return whole[1] if whole else str(value)
