"""How long a period is, and what shape a cell has."""

from __future__ import annotations

from veedor.report.words.language import Words, noted, noted_many
from veedor.spacetime import Length

_UNITS = {
    "hour": noted_many("{n} hour", "{n} hours"),
    "day": noted_many("{n} day", "{n} days"),
    "week": noted_many("{n} week", "{n} weeks"),
    "month": noted_many("{n} month", "{n} months"),
}
#: Shape -> cells of one size, and of sizes of their own.
_SHAPES = {
    "square": (
        noted("squares of {size} m, clipped to the study area"),
        noted("squares of different sizes"),
    ),
    "hexagon": (
        noted("hexagons of {size} m, clipped to the study area"),
        noted("hexagons of different sizes"),
    ),
    "polygon": (
        noted("polygons of {size} m, clipped to the study area"),
        noted("polygons of different sizes"),
    ),
}


def length_of(words: Words, length: str) -> str:
    """Say a length as study.toml writes it.

    >>> from veedor.report.words import words_in
    >>> length_of(words_in("en"), "1 week"), length_of(words_in("en"), "2 days")
    ('1 week', '2 days')
    """
    period = Length.parse(length)
    return words.many(period.value, *_UNITS[period.unit])


def cells_of(words: Words, shape: str, size_m: float | None) -> str:
    """Say what the cells are.

    >>> from veedor.report.words import words_in
    >>> cells_of(words_in("en"), "square", 500.0)
    'squares of 500 m, clipped to the study area'
    """
    sized, unsized = _SHAPES[shape]
    return words.say(unsized) if size_m is None else words.say(sized, size=words.number(size_m))
