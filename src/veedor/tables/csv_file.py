"""`write_rows`: the one way to write a CSV, whole or not at all, that no spreadsheet computes."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from veedor.files.replacing import replacing
from veedor.tables.escape import csv_field


def write_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]], path: Path) -> None:
    """Write rows under their columns: None and NaN are empty, no text or name is a formula."""
    with replacing(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([csv_field(name) for name in columns])
        writer.writerows([_field(value) for value in row] for row in rows)


def _field(value: Any) -> Any:
    if value is None or value != value:
        return ""
    return csv_field(value) if isinstance(value, str) else value
