"""Tables of portals into one CSV file, unless there is nothing new."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec

from veedor.errors import phrase
from veedor.fetching.client import Client
from veedor.fetching.record import Asked, FetchRecord, TableSource
from veedor.fetching.sweep import sweep
from veedor.fetching.tables import CkanTable, PagedTable, SocrataTable
from veedor.fetching.wanted import Wanted, part_of, stepping
from veedor.files.replacing import replacing
from veedor.incidents.layouts import Ckan, Portal, Socrata, person_columns
from veedor.progress import Progress


def fetch_tables(
    wanted: Wanted,
    portals: Sequence[Portal],
    client: Client,
    progress: Progress,
    before: FetchRecord[TableSource] | None,
) -> tuple[list[TableSource], bool]:
    """Fetch the tables of a layout into its CSV file.

    Returns
    -------
    sources : list of TableSource
        What was fetched, for the record.
    unchanged : bool
        Whether there was nothing new.
    """
    tables = [_table(wanted, portal, client) for portal in portals]
    if before is not None and _same(tables, before):
        return before.sources, True
    parts, sources = [], []
    for number, table in enumerate(tables):
        progress.step(phrase("Fetching {what}", what=table.url), None)
        part = part_of(wanted.out, str(number))
        swept = sweep(table, client, part, wanted.page_rows, stepping(progress, table.url))
        parts.append(part)
        sources.append(swept)
    with replacing(wanted.out) as partial:
        _join(parts, [source.columns for source in sources], partial)
    return sources, False


def _table(wanted: Wanted, portal: Portal, client: Client) -> PagedTable:
    def persons(names: Sequence[str]) -> list[str]:
        return person_columns(wanted.layout, tuple(names))

    if isinstance(portal, Socrata):
        return SocrataTable(client, portal, wanted.since, wanted.until, persons, wanted.soda)
    if isinstance(portal, Ckan):
        return CkanTable(client, portal, wanted.since, wanted.until, persons)
    raise TypeError(portal)


def _same(tables: Sequence[PagedTable], before: FetchRecord[TableSource]) -> bool:
    """Whether an earlier fetch asked for the same, and the portal has nothing new since."""
    asked = msgspec.convert(before.sources, list[Asked], from_attributes=True)
    if [table.request for table in tables] != asked:
        return False
    marks = [table.mark() for table in tables]
    return all(
        mark.version and (mark.rows, mark.version) == (source.rows, source.version)
        for mark, source in zip(marks, before.sources, strict=True)
    )


def _join(parts: list[Path], columns: list[list[str]], target: Path) -> None:
    """Write the parts one after the other; a column that a part lacks is empty there."""
    if all(names == columns[0] for names in columns):
        with target.open("wb") as joined:
            for number, part in enumerate(parts):
                with part.open("rb") as file:
                    if number:
                        file.readline()
                    shutil.copyfileobj(file, joined)
        return
    every = list(dict.fromkeys(name for names in columns for name in names))
    with target.open("w", encoding="utf-8", newline="") as joined:
        writer = csv.DictWriter(joined, every, restval="", lineterminator="\r\n")
        writer.writeheader()
        for part in parts:
            with part.open(encoding="utf-8", newline="") as file:
                writer.writerows(csv.DictReader(file))
