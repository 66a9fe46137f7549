"""A table of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class Spoken(str):
    """Text in a language of its own, as a law's words are: a page marks it for who reads aloud.

    Parameters
    ----------
    text : str
    language : str
        Two letters of ISO 639-1.

    Examples
    --------
    >>> cell = Spoken("quince días hábiles", "es")
    >>> cell, cell.language
    ('quince días hábiles', 'es')
    """

    __slots__ = ("language",)

    language: str

    def __new__(cls, text: str, language: str) -> Spoken:
        """Hold a text and its language."""
        made = super().__new__(cls, text)
        made.language = language
        return made


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
        [[cell if isinstance(cell, str) else str(cell) for cell in row] for row in rows],
        headers,
    )
