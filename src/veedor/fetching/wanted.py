"""`Wanted`: what is to be fetched, and where its parts stand until all is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from veedor.errors import phrase
from veedor.files.replacing import require_replaceable
from veedor.incidents.layouts import Layout
from veedor.progress import Progress


@dataclass(frozen=True)
class Wanted:
    """What is to be fetched.

    Parameters
    ----------
    layout : Layout
    since : date
        From this day on, by the layout's field of days; whole files are fetched whole.
    out : Path
        ``.csv`` for tables, ``.zip`` for plain files.
    until : date, optional
        Before this day.
    server : str, optional
        In place of the layout's own: a mirror that answers as it does.
    soda : str
        ``"2.1"`` or ``"3"``, of Socrata portals.
    page_rows : int
    """

    layout: Layout
    since: date
    out: Path
    until: date | None = None
    server: str | None = None
    soda: str = "2.1"
    page_rows: int = 10_000


def part_of(out: Path, name: str) -> Path:
    """Return where a part of a file stands until all is there; nothing but a file may be there."""
    part = out.with_name(f".{out.name}.{name}.part")
    require_replaceable(part)
    return part


def days_of(wanted: Wanted) -> tuple[str, str | None]:
    """Return the days that are asked for, as they are written down."""
    until = None if wanted.until is None else wanted.until.isoformat()
    return wanted.since.isoformat(), until


def stepping(progress: Progress, name: str) -> Callable[[int, int], None]:
    """Return what tells of parts done, and begins a step once their number is known."""
    begun = False

    def advance(done: int, total: int) -> None:
        nonlocal begun
        if not begun and total:
            progress.step(phrase("Fetching {what}", what=name), total)
            begun = True
        progress.advance(done)

    return advance
