"""A table of a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Table = dict[str, Any]


def table(
    caption: str, head: Sequence[str], rows: Sequence[Sequence[str]], headers: int = 1
) -> Table:
    """Make a table for the template: the first ``headers`` cells of a row name it.

    >>> table("Areas", ["Cell", "km²"], [["a", "1"]])["head"]
    ['Cell', 'km²']
    """
    return {
        "caption": caption,
        "head": [str(name) for name in head],
        "rows": [[str(cell) for cell in row] for row in rows],
        "headers": headers,
    }
