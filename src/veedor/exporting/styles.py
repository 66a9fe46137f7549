"""A style for the GeoPackage: classes of one column by colour, as QGIS reads them on opening."""

from __future__ import annotations

import contextlib
import sqlite3
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from veedor.report.scales import diverging, labels, mean_breaks, sequential
from veedor.report.words import words_in

#: Columns of an export that say which place or how large, never what was found there.
_NOT_SHOWN = frozenset(
    {"area_km2", "lat", "lon", "streets_m", "latitude", "longitude", "level", "n"}
)
_OUTLINE = "#6b7280"
_TABLE = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
    f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
    styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
    owner TEXT(30), ui TEXT(30), update_time DATETIME DEFAULT CURRENT_TIMESTAMP)
"""


def shown_column(table: pa.Table) -> str | None:
    """Name the column that a map of the table shows: ``mean``, or its first number.

    None where there is no number but those of size and place.

    Examples
    --------
    >>> shown_column(pa.table({"zone": ["a"], "area_km2": [1.0], "ratio": [2.0]}))
    'ratio'
    """
    numbers = [
        field.name
        for field in table.schema
        if pa.types.is_floating(field.type) and field.name not in _NOT_SHOWN
    ]
    return "mean" if "mean" in numbers else next(iter(numbers), None)


def add_style(path: Path, layer: str, geometry: str, column: str, values: pa.ChunkedArray) -> None:
    """Put a default style of one column into a GeoPackage.

    Columns with values on both sides of 0 are coloured evenly about it, others from light to dark;
    the limits are rounded quantiles, as on the maps of a report.

    Parameters
    ----------
    path : Path
    layer, geometry : str
        Of the GeoPackage.
    column : str
    values : ChunkedArray
        Of that column.
    """
    document = _document(column, pc.drop_null(values).to_numpy().astype(np.float64))
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute(_TABLE)
        database.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
            "f_geometry_column, styleName, styleQML, useAsDefault, description, owner) "
            "VALUES ('', '', ?, ?, ?, ?, 1, ?, '')",
            (layer, geometry, column[:30], document, f"classes of {column}, made by veedor"),
        )
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier) "
            "VALUES ('layer_styles', 'attributes', 'layer_styles')"
        )


def _document(column: str, values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    """Write the QML of graduated fills."""
    signed = bool(values.size) and float(values.min()) < 0.0
    breaks = mean_breaks([np.abs(values)])
    if signed:
        breaks = [-one for one in reversed(breaks)] + breaks
    colours = diverging(breaks) if signed else sequential(breaks)
    limits = [
        min(float(values.min(initial=0.0)), *breaks[:1], 0.0),
        *breaks,
        max(float(values.max(initial=0.0)), *breaks[-1:], 0.0),
    ]
    root = ET.Element("qgis", version="3.28", styleCategories="Symbology")
    renderer = ET.SubElement(
        root,
        "renderer-v2",
        {
            "type": "graduatedSymbol",
            "attr": column,
            "graduatedMethod": "GraduatedColor",
            "symbollevels": "0",
            "enableorderby": "0",
            "forceraster": "0",
        },
    )
    ranges, symbols = ET.SubElement(renderer, "ranges"), ET.SubElement(renderer, "symbols")
    named = labels(breaks, words_in("en"), signed=signed) if breaks else ["0"]
    for number, ((low, high), colour) in enumerate(zip(pairwise(limits), colours, strict=True)):
        ET.SubElement(
            ranges,
            "range",
            lower=f"{low!r}",
            upper=f"{high!r}",
            symbol=str(number),
            label=named[number],
            render="true",
        )
        symbol = ET.SubElement(symbols, "symbol", type="fill", name=str(number), alpha="0.85")
        fill = ET.SubElement(
            symbol, "layer", {"class": "SimpleFill", "enabled": "1", "locked": "0", "pass": "0"}
        )
        options = ET.SubElement(fill, "Option", type="Map")
        for name, value in (
            ("color", _rgba(colour)),
            ("outline_color", _rgba(_OUTLINE)),
            ("outline_style", "solid"),
            ("outline_width", "0.1"),
            ("outline_width_unit", "MM"),
            ("style", "solid"),
        ):
            ET.SubElement(options, "Option", name=name, type="QString", value=value)
            ET.SubElement(fill, "prop", k=name, v=value)  # as QGIS before 3.20 wants it
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + ET.tostring(
        root, encoding="unicode"
    )


def _rgba(colour: str) -> str:
    """Write a colour as QGIS does.

    >>> _rgba("#0c3c6e")
    '12,60,110,255'
    """
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) + ",255"
