"""A table of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """Finished text, by row; the first ``headers`` cells of a row name it."""

    caption: str
    head: list[str]
    rows: list[list[str]]
    headers: int = 1


def table(
    caption: str, head: Sequence[str], rows: Sequence[Sequence[str]], headers: int = 1
) -> Table:
    """Make a table of whatever can be written.

    >>> table("Areas", ["Cell", "km²"], [["a", 1]]).rows
    [['a', '1']]
    """
    return Table(
        caption,
        [str(name) for name in head],
        [[str(cell) for cell in row] for row in rows],
        headers,
    )
