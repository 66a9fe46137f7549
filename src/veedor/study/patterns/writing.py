"""What was found in a record, and its files."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from veedor.files.json_file import write_json
from veedor.files.replacing import replacing
from veedor.study.patterns.record import Record
from veedor.tables.escape import csv_field

Columns = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Patterns:
    """What was found, and where it was written.

    Parameters
    ----------
    results : dict
        As ``patterns.json``.
    by_cell : dict of str to dict of str to array
        Category -> column -> a value a cell, as ``cells.csv``.
    record : Record
    folder : Path
    """

    results: dict[str, Any]
    by_cell: dict[str, Columns]
    record: Record
    folder: Path


def write(made: Patterns) -> None:
    """Write what was found, each file whole or not at all."""
    write_json(made.results, made.folder / "patterns.json")
    _write_cells(made)
    for name, rows in {
        "near_repeats.csv": _knox_rows(made.results),
        "clock.csv": _clock_rows(made.results),
        "shifts.csv": _shift_rows(made.results),
    }.items():
        _write_csv(made.folder / name, rows)


def _write_cells(made: Patterns) -> None:
    """Write a row a category and cell, column by column: there may be many cells."""
    ids = made.record.cells.cell_id
    with (
        replacing(made.folder / "cells.csv") as part,
        part.open("w", encoding="utf-8", newline="") as stream,
    ):
        writer = csv.writer(stream)
        names = list(next(iter(made.by_cell.values())))
        writer.writerow(["category", "cell_id", *(csv_field(name) for name in names)])
        known = _texts(ids)
        for category, columns in made.by_cell.items():
            text = [
                [csv_field(category)] * len(ids),
                known,
                *(_texts(columns[one]) for one in names),
            ]
            writer.writerows(zip(*text, strict=True))


def _texts(values: npt.NDArray[Any]) -> list[Any]:
    """Column of a file: undefined is empty, and no text is a formula."""
    if values.dtype.kind == "f":
        column = values.astype(object)
        column[np.isnan(values)] = None
        return list(column)
    if values.dtype.kind in "OU":
        different, which = np.unique(values.astype(str), return_inverse=True)
        return list(np.array([csv_field(one) for one in different.tolist()], dtype=object)[which])
    return list(values)


def _knox_rows(results: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = (
        *("observed", "expected", "ratio", "low", "high", "p_value", "q_value"),
        *("seasonal_ratio", "seasonal_low", "seasonal_high"),
    )
    return [
        {"category": one["name"], "distance": distance, "time": time}
        | {name: table[name][d][t] for name in names}
        for one in results["categories"]
        if (table := one["near_repeats"]) is not None
        for d, distance in enumerate(table["distance_bands"])
        for t, time in enumerate(table["time_bands"])
    ]


def _clock_rows(results: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = ("relative", "low", "high", "p_value", "q_value")
    return [
        {"category": one["name"], "weekday": hour // 24 + 1, "hour": hour % 24}
        | {name: one["seasons"]["clock"][name][hour] for name in names}
        for one in results["categories"]
        for hour in range(168)
    ]


def _shift_rows(results: Mapping[str, Any]) -> list[dict[str, Any]]:
    if results["changes"] is None:
        return []
    names = ("week", "ratio", "low", "high", "change")
    return [
        {"category": one["category"], "area": one.get("area", "all areas")}
        | {name: shift[name] for name in names}
        | {"q_value": one["q_value"], "signs": "; ".join(shift.get("signs", ()))}
        for one in results["changes"]["categories"] + results["changes"]["areas"]
        for shift in one["shifts"]
    ]


def _write_csv(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write rows with their names; undefined is empty, and no text is a formula."""
    with replacing(path) as part, part.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        safe = cache(csv_field)
        writer.writerow([safe(name) for name in (rows[0] if rows else ("category",))])
        writer.writerows(
            [safe(one) if isinstance(one, str) else one for one in row.values()] for row in rows
        )
