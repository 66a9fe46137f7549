"""Rows of groups on the covers of audits of places: the first, and how many more there are."""

from __future__ import annotations

from collections.abc import Sequence

from veedor.report.cover import Row
from veedor.report.words import Words
from veedor.report.words.audits import more_groups

#: Groups that a cover has room for.
MOST = 6


def group_rows(
    words: Words, rows: Sequence[Row], note: str, most: int = MOST
) -> tuple[tuple[Row, ...], str]:
    """Take the first rows that a cover has room for; say below them how many groups more there are.

    Parameters
    ----------
    words : Words
    rows : sequence of Row
        One a group, in their order: those that a reader looks for first.
    note : str
        What the bars are.
    most : int
        Rows that there is room for.

    Returns
    -------
    tuple of Row
    str
        The note, with how many groups are not among them.
    """
    return tuple(rows[:most]), more_groups(words, note, max(len(rows) - most, 0))
