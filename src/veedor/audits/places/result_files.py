"""Files that an audit of places writes beside its estimates: rows of places, and results.json."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from veedor.files import replacing
from veedor.incidents.escape import shown


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
