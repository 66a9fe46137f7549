"""`find_head`: where the header of a table stands, below titles, or that there is none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

#: A title has at most so many cells, and fewer than half of those of the rows of the table.
_MOST_TITLE_CELLS = 2
_MOST_TITLE_ROWS = 50
#: What stands in rows of data and never in a header: a date, a clock time, a number with decimals.
_SURELY_DATA = re.compile(
    r"[-+]?\d+[.,]\d+|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?"
    r"|\d{1,2}:\d{2}(:\d{2})?( ?[AaPp][Mm])?"
)
_NUMBER = re.compile(r"[-+]?\d+")
_YEAR = re.compile(r"(19|20)\d{2}")


@dataclass(frozen=True)
class Head:
    """Where a table begins.

    Parameters
    ----------
    titles : int
        Rows before the header, or before the data where there is none.
    named : bool
        Whether the first row after the titles names the columns.
    """

    titles: int
    named: bool


def find_head(rows: Sequence[Sequence[str]]) -> Head:
    """Find the header among the first rows of a table, which may be empty.

    Rows of one or two cells before rows of at least twice as many are titles. A first row with a
    date, a clock time or a decimal number in it, or of which half the cells are numbers, is no
    header.

    Examples
    --------
    >>> find_head([["Police"], [], ["id", "date", "kind"], ["1", "2023-01-03", "Robo"]])
    Head(titles=2, named=True)
    >>> find_head([["2700487", "240460", "1/3/2023"], ["2690776", "236367", "1/4/2023"]])
    Head(titles=0, named=False)
    """
    filled = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    width = _usual([len(cells) for cells in filled])
    titles = 0
    while titles < min(len(filled), _MOST_TITLE_ROWS) and (
        not filled[titles]
        or (len(filled[titles]) <= _MOST_TITLE_CELLS and 2 * len(filled[titles]) < width)
    ):
        titles += 1
    if titles == len(filled):
        return Head(0, True)
    return Head(titles, not _is_data(filled[titles]))


def _usual(widths: list[int]) -> int:
    """Return the width that most rows of more than one cell have."""
    counted = Counter(width for width in widths if width > 1)
    return max(counted, key=lambda width: (counted[width], width), default=0)


def _is_data(cells: list[str]) -> bool:
    if any(_SURELY_DATA.fullmatch(cell) for cell in cells):
        return True
    numbers = sum(
        _NUMBER.fullmatch(cell) is not None and _YEAR.fullmatch(cell) is None for cell in cells
    )
    return 2 * numbers >= len(cells)
