"""`write_rows`: the one way to write a CSV, whole or not at all, that no spreadsheet computes."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from veedor.files.replacing import replacing
from veedor.languages import list_separator
from veedor.tables.escape import csv_field


def write_rows(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], path: Path, *, filled_in: str = ""
) -> None:
    """Write rows under their columns: None and NaN are empty, no text or name is a formula.

    Parameters
    ----------
    columns : sequence of str
    rows : iterable of sequence
    path : Path
    filled_in : str
        Language of the spreadsheet in which people fill the file in: it then begins with a byte
        order mark, and fields stand between what spreadsheets of that language expect. Any other
        file is for programs too: UTF-8 without a mark, and commas.
    """
    encoding = "utf-8-sig" if filled_in else "utf-8"
    with replacing(path) as part, part.open("w", encoding=encoding, newline="") as file:
        mark = list_separator(filled_in) if filled_in else ","
        writer = csv.writer(file, delimiter=mark, lineterminator="\n")
        writer.writerow([csv_field(name) for name in columns])
        writer.writerows([_field(value) for value in row] for row in rows)


def _field(value: Any) -> Any:
    if value is None or value != value:
        return ""
    return csv_field(value) if isinstance(value, str) else value
