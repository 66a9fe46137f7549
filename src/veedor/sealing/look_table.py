"""`write_looks`: the looks of an access log that holds, as a table that audits of look-ups read."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from veedor.errors import SealError, phrase
from veedor.files.replacing import replacing
from veedor.sealing.accesses import Look, Purpose
from veedor.sealing.checking import CheckedLog
from veedor.sealing.names import visible

#: By these headers `veedor audit access` knows what a column is.
HEADERS = ("id", "timestamp", "user", "unit", "key", "case", "reason", "search type")


def look_rows(entries: Iterable[object]) -> Iterator[tuple[str, ...]]:
    """Give a row for each look among manifests in order, under `HEADERS`.

    A row says the entry's number, when (UTC), the account's key, its office, project and thing,
    the key of the case, and the kinds of purpose and thing.
    """
    purposes: dict[int, Purpose] = {}
    for one in entries:
        if isinstance(one, Purpose):
            purposes[one.number] = one
        elif isinstance(one, Look):
            why = purposes[one.purpose]
            yield (
                str(one.number), one.written_at, one.account, visible(one.office),
                f"{one.project}-{one.sha256}", why.case or "", why.purpose, one.thing,
            )  # fmt: skip


def write_looks(checked: CheckedLog, path: Path) -> None:
    """Write the looks of a log as CSV.

    Raises
    ------
    SealError
        If the log holds none, does not hold itself, or the file would lie in it.
    """
    found = None
    if checked.looks is None:
        found = phrase("a log of promises")
    elif not checked.holds:
        found = phrase("a log that does not verify")
    elif path.resolve().is_relative_to(checked.log.folder.resolve()):
        found = phrase("a path in the log")
    if found is not None:
        raise SealError(
            "Looks must be written of an access log that verifies, to a file outside of it.",
            found=found,
            where=str(path),
            remedy="check it first with `veedor log verify LOG`",
        )
    with replacing(path) as part, part.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(HEADERS)
        table.writerows(look_rows(entry.manifest for entry in checked.log.entries))
