"""Tables of named places: the text alternative of a map, and what a cover and a terminal show."""

from __future__ import annotations

from collections.abc import Sequence

from veedor.forecasts.expected_places import ExpectedPlace
from veedor.report.tables import Table, table
from veedor.report.words import Words
from veedor.report.words import named_places as text
from veedor.report.words.gazetteer import coordinates, named

#: Places on a cover and in a terminal.
FIRST = 5


def first_places(words: Words, places: Sequence[ExpectedPlace]) -> list[Table]:
    """Lay out the first places of each category, in its first period: for covers and terminals."""
    return places_by_category(words, [one for one in places if one.rank <= FIRST])


def places_by_category(words: Words, places: Sequence[ExpectedPlace]) -> list[Table]:
    """Lay out the places of each category in its first period."""
    first: dict[str, list[ExpectedPlace]] = {}
    for one in places:
        mine = first.setdefault(one.category, [])
        if not mine or one.start == mine[0].start:
            mine.append(one)
    return [expected_places(words, mine) for mine in first.values()]


def expected_places(words: Words, shown: Sequence[ExpectedPlace]) -> Table:
    """Lay out expected places of one category and period, at least one."""
    known = shown[0].recorded is not None
    return table(
        text.expected(words, shown),
        [*map(words.say, text.EXPECTED), *([words.say(text.RECORDED)] if known else [])],
        [
            [
                named(words, one.place),
                coordinates(one.place),
                text.expected_count(words, one),
                *([words.number(one.recorded)] if known else []),
            ]
            for one in shown
        ],
    )
