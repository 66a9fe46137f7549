"""`sweep`: every row of a paged table into a CSV file, none lost and none twice, or an error.

The rows are counted before and after. Where the two differ, or ids are missing or repeat, the table
changed under the reading, and it is read again from its start.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import duckdb
import msgspec

from veedor.errors import FetchError, phrase
from veedor.fetching.client import Client
from veedor.fetching.record import Asked, TableSource
from veedor.fetching.tables import Mark, Page, PagedTable
from veedor.fetching.unpacking import BrokenAnswerError
from veedor.files.replacing import replacing

MOST_SWEEPS = 5


class _State(msgspec.Struct):
    """How far a sweep is: what a run that was stopped goes on from."""

    request: Asked
    columns: list[str]
    size: int
    mark_rows: int
    mark_version: str
    rows: int = 0
    written: int = 0
    bytes: int = 0

    @property
    def mark(self) -> Mark:
        return Mark(self.mark_rows, self.mark_version)


class _ChangedError(Exception):
    """The table is not as it was when the sweep began."""


def sweep(
    table: PagedTable,
    client: Client,
    part: Path,
    size: int,
    progress: Callable[[int, int], None],
) -> TableSource:
    """Write every row of a table into `part`; go on where an earlier run was stopped.

    Parameters
    ----------
    table : PagedTable
    client : Client
    part : Path
        The CSV file; how far it is stands beside it, in ``<part>.json``, after every page.
    size : int
        Rows a page.
    progress : callable
        Called with rows read and rows in all.

    Raises
    ------
    FetchError
        If the portal fails, or the table changes at every sweep.
    """
    for number in range(1, MOST_SWEEPS + 1):
        state = _resumed(table, part, size)
        try:
            _read(table, client, part, state, size, progress)
            _check(table, part, state)
        except _ChangedError:
            _state_file(part).unlink(missing_ok=True)
            continue
        return TableSource(
            **msgspec.structs.asdict(table.request),
            rows=state.rows,
            written=state.written,
            version=state.mark_version,
            sweeps=number,
            columns=state.columns,
            left_out=table.left_out(),
        )
    raise FetchError(
        "A table must hold still while it is read.",
        found=phrase(
            "other rows at the end than at the start, {most_sweeps} times", most_sweeps=MOST_SWEEPS
        ),
        where=table.url,
        remedy="run the same command at another time of day",
    )


def _state_file(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _resumed(table: PagedTable, part: Path, size: int) -> _State:
    """Return the state of a run that was stopped, if the table is still the same; else a new."""
    mark, columns = table.mark(), table.columns()
    try:
        state = msgspec.json.decode(_state_file(part).read_bytes(), type=_State)
    except (OSError, msgspec.DecodeError):
        state = None
    if (
        state is not None
        and state.request == table.request
        and state.columns == columns
        and state.size == size
        and state.mark == mark
        and part.is_file()
        and part.stat().st_size >= state.bytes
    ):
        with part.open("r+b") as file:
            file.truncate(state.bytes)
        return state
    part.parent.mkdir(parents=True, exist_ok=True)
    head = _csv([columns])
    _state_file(part).unlink(missing_ok=True)
    part.write_bytes(head)
    return _State(table.request, columns, size, mark.rows, mark.version, bytes=len(head))


def _read(
    table: PagedTable,
    client: Client,
    part: Path,
    state: _State,
    size: int,
    progress: Callable[[int, int], None],
) -> None:
    before: set[str] = set()
    with part.open("ab") as file:
        while state.rows < state.mark_rows:
            progress(state.rows, state.mark_rows)
            page = _good_page(table, client, state, size, before)
            before = page.ids
            wanted = [row for row in page.rows if table.wanted(row)]
            text = _csv(wanted)
            file.write(text)
            file.flush()
            state.rows += len(page.rows)
            state.written += len(wanted)
            state.bytes += len(text)
            with replacing(_state_file(part)) as partial:
                partial.write_bytes(msgspec.json.encode(state))
    progress(state.rows, state.mark_rows)


def _good_page(
    table: PagedTable, client: Client, state: _State, size: int, before: set[str]
) -> Page:
    """Ask until a page has rows, none of them of the page before; then it may be taken."""

    def ask() -> Page:
        page = table.page(state.rows, size)
        if not page.rows:
            if table.mark() != state.mark:
                raise _ChangedError
            raise BrokenAnswerError(phrase("an empty page before the last row"))
        if len(page.ids) < len(page.rows) or page.ids & before:
            if table.mark() != state.mark:
                raise _ChangedError
            raise BrokenAnswerError(phrase("a page with rows that were there before"))
        if table.whole_pages and len(page.rows) < min(size, state.mark_rows - state.rows):
            raise BrokenAnswerError(phrase("a page that is too short"))
        return page

    page: Page = client.again(ask, table.url)
    return page


def _check(table: PagedTable, part: Path, state: _State) -> None:
    """Find whether the table held still, and each row is there once."""
    if table.mark() != state.mark or state.rows != state.mark_rows:
        raise _ChangedError
    with duckdb.connect(config={"memory_limit": "1GB"}) as database:
        found = database.execute(
            "SELECT count(*), count(DISTINCT column00) FROM read_csv($path, header = false, "
            "skip = 1, delim = ',', quote = '\"', escape = '\"', all_varchar = true, "
            "auto_detect = false, max_line_size = 16000000, columns = $columns)",
            {
                "path": str(part),
                "columns": {f"column{at:02d}": "VARCHAR" for at in range(len(state.columns))},
            },
        ).fetchone()
    if found != (state.written, state.written):
        raise _ChangedError


def _csv(rows: list[list[str]]) -> bytes:
    """Write rows as RFC 4180 has it: any mark of a line's end within a text is quoted."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8", errors="replace")
