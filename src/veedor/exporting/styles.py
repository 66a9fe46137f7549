"""Styles of the GeoPackage: classes or kinds of a column by colour, as QGIS reads them."""

from __future__ import annotations

import contextlib
import sqlite3
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from veedor.report.audit_places import DARK, MIDDLE, OTHER, PALE
from veedor.report.scales import diverging, labels, mean_breaks, sequential
from veedor.report.words import words_in

#: Columns of an export that say which place or how large, never what was found there.
_NOT_SHOWN = frozenset(
    {
        "area_km2",
        "lat",
        "lon",
        "streets_m",
        "latitude",
        "longitude",
        "level",
        "n",
        "residents",
        "place",
        "name",
    }
)
#: Endings of columns that hold the interval of another.
_ENDS = ("_low", "_high")
#: Kinds of a column that are told apart by colour, at most; and their colours in turn.
_MOST_KINDS = 8
_COLOURS = (DARK, OTHER, MIDDLE, "#9aa5b1", PALE, "#7a5aa6", "#2b8c7e", "#5c4033")
_OUTLINE = "#6b7280"
_TABLE = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
    f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
    styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
    owner TEXT(30), ui TEXT(30), update_time DATETIME DEFAULT CURRENT_TIMESTAMP)
"""


def shown_columns(table: pa.Table) -> list[str]:
    """Name the columns that maps of a table can show, the one that opens first.

    ``mean`` alone where there is one. Else columns of numbers, then those of a few kinds; none of
    size and place, and no ends of intervals.

    Examples
    --------
    >>> shown_columns(pa.table({"area_km2": [1.0], "ratio": [2.0], "ratio_low": [1.0]}))
    ['ratio']
    >>> shown_columns(pa.table({"place": ["a", "b"], "flag": ["x", "x"], "count": [1.0, 2.0]}))
    ['count', 'flag']
    """
    numbers = [
        field.name
        for field in table.schema
        if pa.types.is_floating(field.type)
        and field.name not in _NOT_SHOWN
        and not f"_{field.name}".endswith(_ENDS)
    ]
    if "mean" in numbers:
        return ["mean"]
    return [*numbers, *filter(lambda name: _is_of_kinds(table, name), table.column_names)]


def _is_of_kinds(table: pa.Table, name: str) -> bool:
    if not pa.types.is_string(table[name].type) or name in _NOT_SHOWN:
        return False
    kinds = int(pc.count_distinct(table[name]).as_py())
    return bool(0 < kinds <= min(_MOST_KINDS, table.num_rows - 1))


def add_styles(path: Path, layer: str, geometry: str, table: pa.Table) -> None:
    """Put a style of each column that a map can show into a GeoPackage; the first opens.

    Kinds have a colour each. Columns with values on both sides of 0 are coloured evenly about it,
    others from light to dark; the limits are rounded quantiles, as on the maps of a report.

    Parameters
    ----------
    path : Path
    layer, geometry : str
        Of the GeoPackage.
    table : Table
        What the layer holds.
    """
    shown = shown_columns(table)
    if not shown:
        return
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute(_TABLE)
        for place, column in enumerate(shown):
            values = pc.drop_null(table[column])
            if pa.types.is_string(values.type):
                document = _kinds(column, sorted(pc.unique(values).to_pylist()))
                about = f"kinds of {column}, made by veedor"
            else:
                document = _classes(column, values.to_numpy().astype(np.float64))
                about = f"classes of {column}, made by veedor"
            database.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
                "f_geometry_column, styleName, styleQML, useAsDefault, description, owner) "
                "VALUES ('', '', ?, ?, ?, ?, ?, ?, '')",
                (layer, geometry, column[:30], document, int(place == 0), about),
            )
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier) "
            "VALUES ('layer_styles', 'attributes', 'layer_styles')"
        )


def _kinds(column: str, kinds: list[str]) -> str:
    """Write the QML of a fill for each kind."""
    root, renderer = _renderer({"type": "categorizedSymbol", "attr": column})
    categories = ET.SubElement(renderer, "categories")
    symbols = ET.SubElement(renderer, "symbols")
    for number, (kind, colour) in enumerate(zip(kinds, _COLOURS, strict=False)):
        ET.SubElement(
            categories, "category", value=kind, symbol=str(number), label=kind, render="true",
            type="string",
        )  # fmt: skip
        _fill(symbols, number, colour)
    return _written(root)


def _classes(column: str, values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
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
    root, renderer = _renderer(
        {"type": "graduatedSymbol", "attr": column, "graduatedMethod": "GraduatedColor"}
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
        _fill(symbols, number, colour)
    return _written(root)


def _renderer(about: dict[str, str]) -> tuple[ET.Element, ET.Element]:
    """Begin a QML, and the renderer in it."""
    root = ET.Element("qgis", version="3.28", styleCategories="Symbology")
    rest = {"symbollevels": "0", "enableorderby": "0", "forceraster": "0"}
    return root, ET.SubElement(root, "renderer-v2", about | rest)


def _fill(symbols: ET.Element, number: int, colour: str) -> None:
    """Add the symbol of a class or kind."""
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


def _written(root: ET.Element) -> str:
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + ET.tostring(
        root, encoding="unicode"
    )


def _rgba(colour: str) -> str:
    """Write a colour as QGIS does.

    >>> _rgba("#0c3c6e")
    '12,60,110,255'
    """
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) + ",255"
