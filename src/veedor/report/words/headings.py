"""`Heading`: the words above a table."""

from __future__ import annotations

from typing import NamedTuple


class Heading(NamedTuple):
    """Caption and columns of a table, as templates."""

    caption: str
    columns: tuple[str, ...]
