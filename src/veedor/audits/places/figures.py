"""The figures of an audit of places: one row a figure, and all of them as JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from veedor.files import replacing
from veedor.incidents.escape import shown
from veedor.verification import Estimate

#: Columns of estimates.csv.
COLUMNS = (
    "assignment",
    "group",
    "statistic",
    "value",
    "low",
    "high",
    "level",
    "method",
    "n",
    "denominator",
)


@dataclass(frozen=True)
class Figure:
    """One row of estimates.csv.

    Parameters
    ----------
    assignment : str
        Under which reading of the data it was computed.
    group : str
        ``all`` for figures of the whole area.
    statistic : str
    estimate : Estimate
    """

    assignment: str
    group: str
    statistic: str
    estimate: Estimate

    def to_dict(self) -> dict[str, Any]:
        """Return the fields in one dictionary, JSON-ready."""
        head = {"assignment": self.assignment, "group": self.group, "statistic": self.statistic}
        return head | self.estimate.to_dict()


def write_figures(figures: Sequence[Figure], path: Path) -> None:
    """Write ``estimates.csv``; what is undefined is an empty field."""
    rows = [[figure.to_dict()[column] for column in COLUMNS] for figure in figures]
    write_rows(COLUMNS, rows, path)


def write_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]], path: Path) -> None:
    """Write a CSV whose text no spreadsheet reads as a formula; None is an empty field."""
    with replacing(path) as partial, partial.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(
            ["" if value is None else shown(value, 500) if isinstance(value, str) else value
             for value in row]
            for row in rows
        )  # fmt: skip


def write_results(results: Mapping[str, Any], path: Path) -> None:
    """Write ``results.json``: sorted keys, no NaN, the same results give the same bytes."""
    text = json.dumps(results, sort_keys=True, ensure_ascii=False, allow_nan=False, indent=1)
    with replacing(path) as partial:
        partial.write_text(text + "\n", encoding="utf-8", newline="\n")
