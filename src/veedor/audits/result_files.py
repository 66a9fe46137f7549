"""Files that every audit writes: tables of estimates or of places, and results.json."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from veedor.files.replacing import replacing
from veedor.tables.escape import csv_field


def write_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]], path: Path) -> None:
    """Write a CSV of which no spreadsheet reads a text or a name as a formula; None is empty."""
    with replacing(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([csv_field(name) for name in columns])
        writer.writerows([_field(value) for value in row] for row in rows)


def _field(value: Any) -> Any:
    if value is None:
        return ""
    return csv_field(value) if isinstance(value, str) else value
