"""Populations from a table of anyone's: a row an area and year, with who says so."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from veedor.areas.populations import Populations
from veedor.errors import DataError, phrase
from veedor.tables.rows import read_table, slots

#: What a table of populations must have.
FIELDS = ("area", "year", "population")
_FIRST_YEAR, _LAST_YEAR = 1800, 2200


def read_populations(
    path: Path, columns: Mapping[str, str], source: str, vintage: str
) -> Populations:
    """Read people of areas by year.

    A blank is a population that is not said; a row that is not there too. Nothing is interpolated,
    carried on, or made up for a year that the table lacks.

    Parameters
    ----------
    path : Path
        CSV of any encoding and delimiter, Parquet, xlsx or ODS; one row an area and year.
    columns : mapping of str to str
        Headers of ``area`` (its code), ``year`` and ``population``; each its own name by default.
    source, vintage : str
        Who says so, and in which publication: no rate goes without them.

    Raises
    ------
    DataError
        If a column is named that is none of these, source or vintage is blank, an area has two
        rows of a year, a year is none, or a population is not above 0.
    """
    unknown = sorted(set(columns) - set(FIELDS))
    if unknown:
        raise DataError(
            "Columns of populations must be area, year and population.",
            found=", ".join(unknown),
            where=path.name,
        )
    if not source.strip() or not vintage.strip():
        raise DataError(
            "Who says how many people there are, and in which publication, must be named.",
            found=phrase("source {source}, vintage {vintage}", source=source, vintage=vintage),
            where=path.name,
        )
    area, year, people = (columns.get(name, name) for name in FIELDS)
    sheet = read_table(path, (area, year, people))
    codes, row = sheet.coded(area)
    when = sheet.numbers(year, whole=True)
    wrong = (when != np.round(when)) | (when < _FIRST_YEAR) | (when > _LAST_YEAR)
    if bool(wrong.any()):
        raise sheet.fault(phrase("A year must be one of four digits."), wrong, year)
    years, column = np.unique(when.astype(np.int64), return_inverse=True)
    axes = {"area": (codes, row), "year": (years.astype(np.str_), column)}
    slot = slots(axes, path.name, complete=False)
    values = np.full(len(codes) * len(years), np.nan)
    values[slot] = sheet.numbers(people, whole=True, empty=np.nan)
    return Populations(
        tuple(codes.tolist()), years, values.reshape(len(codes), len(years)).T, source, vintage
    )
