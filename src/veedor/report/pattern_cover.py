"""The cover of a page of patterns: the finding, its proof, its map, and the places it names."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from veedor.patterns import Patterns
from veedor.patterns.emerging import CLASSES
from veedor.patterns.named_places import EMERGING, HOT_SPOT, NamedPlace
from veedor.report import pattern_charts as charts
from veedor.report.cover import Count, Cover, Picture, Proof
from veedor.report.drawn_maps import Drawing
from veedor.report.tables import Table, table
from veedor.report.words import Words
from veedor.report.words import pattern_cover as text
from veedor.report.words.gazetteer import coordinates, named
from veedor.report.words.pattern_names import CLASSES as CLASS_NAMES
from veedor.spacetime import Place
from veedor.study.patterns import Described

_FIRST = 3  # places of a kind on the cover
_OVER_TIME = "hot_spots_of_single_steps"
#: Class of a place that emerges -> the findings that all name it for the whole page.
_NAMED_BY = {
    "new": (_OVER_TIME,),
    "consecutive": (_OVER_TIME,),
    "intensifying": (_OVER_TIME, "trends_of_places"),
    "rising": ("trends_of_places",),
}


def cover(made: Described, words: Words, drawing: Drawing) -> Cover:
    """Put the finding first, with what proves it; `drawing` gets its ground here."""
    found, first = made.found, text.leading(made.found)
    hot = None if first is None else first.hot_spots
    proof = None
    if first is not None and hot is not None and text.has_hot_spots(found, first):
        proof = Proof(
            words.say("Recorded incidents in the hot spots of {category}", category=first.name),
            (
                Count(
                    words.say("recorded there"),
                    words.say("{some} of {all}", some=hot.recorded_in_hot, all=hot.recorded),
                    hot.recorded_in_hot / hot.recorded,
                ),
                Count(
                    words.say("their share of the places"),
                    words.say("{some} of {all} places", some=hot.hot, all=hot.places),
                    hot.hot / hot.places,
                    "chance",
                ),
            ),
        )
    shown = first or max(found.categories, key=lambda one: one.counted.recorded)
    picture = Picture(
        words.say(text.SPOTS[text.is_named(found, "hot_spots", shown.name)], category=shown.name),
        drawing.ground() + charts.spots(words, drawing, made.by_cell[shown.name], shown.name),
    )
    rows = _rows(made, words)
    places: tuple[Table, ...] = ()
    if first is not None and rows:
        caption = text.named_first(words, first.name, hot.recorded if hot else 0)
        places = (table(caption, [*map(words.say, text.NAMED)], rows),)
    return Cover(
        finding=text.finding(words, found),
        tone="open" if first is None else "about",
        because=text.because(words, found),
        proof=proof,
        picture=picture,
        tables=places,
        cautions=tuple(map(words.say, text.CAUTIONS)),
    )


def _rows(made: Described, words: Words) -> list[list[str]]:
    """Name places of the leading category whose kind is named for the whole page."""
    first = text.leading(made.found)
    if first is None:
        return []
    rows = [
        [
            text.place_and_what(
                words, named(words, one.place), text.what(words, one, first.emerging)
            ),
            words.number(one.recorded),
        ]
        for one in named_for_the_page(made.found, made.named, first.name)
    ]
    changes = made.found.changes
    if changes is None or not text.is_named(made.found, "level_shift_of_an_area", first.name):
        return rows
    places = middles(made)
    shifted = [
        (one.q_value or 0.0, place, shift)
        for one in changes.areas
        if one.category == first.name and (place := places.get(one.area or "")) is not None
        for shift in one.shifts
    ]
    shifted.sort(key=lambda found: (found[0], found[2].week))
    return rows + [
        [
            text.place_and_what(words, text.around(words, place), text.level(words, shift)),
            words.say(text.OF_AN_AREA),
        ]
        for _, place, shift in shifted[:_FIRST]
    ]


def named_for_the_page(
    found: Patterns, places: Sequence[NamedPlace], category: str
) -> list[NamedPlace]:
    """Return the first places of each kind that the page as a whole names.

    A section names at its own 5%; a date, and a class over time, each rest on a test of its own.
    """

    def holds(kind: str) -> bool:
        return text.is_named(found, kind, category)

    hot = _of(places, category, HOT_SPOT) if holds("hot_spots") else []
    dated = [one if holds(_OVER_TIME) else replace(one, since="") for one in hot]
    emerging = [
        one for one in _of(places, category, EMERGING) if all(map(holds, _NAMED_BY[one.hot_class]))
    ]
    return [*dated[:_FIRST], *emerging[:_FIRST]]


def middles(made: Described) -> dict[str, Place]:
    """Return the place in the middle of each larger area: the cell nearest to its mean."""
    owner, names = made.record.area
    cells = made.record.cells
    found = {}
    for number, name in enumerate(names):
        mine = (owner == number).nonzero()[0]
        x, y = cells.x_m[mine], cells.y_m[mine]
        nearest = ((x - x.mean()) ** 2 + (y - y.mean()) ** 2).argmin()
        found[name] = made.gazetteer.places[mine[nearest]]
    return found


def _of(places: Sequence[NamedPlace], category: str, kind: str) -> list[NamedPlace]:
    return [one for one in places if (one.category, one.kind) == (category, kind)]


def place_tables(made: Described, words: Words, kind: str) -> list[Table]:
    """Lay out the places of a kind, a table a category that has any."""
    made_tables = []
    for one in made.found.categories:
        places = _of(made.named, one.name, kind)
        if not places:
            continue
        rows = [
            [
                named(words, each.place),
                coordinates(each.place),
                each.place.cell_id,
                words.say(CLASS_NAMES[each.hot_class][0]) if each.hot_class in CLASSES else "",
                text.since(words, each, one.emerging),
                text.recorded(words, each),
            ]
            for each in places
        ]
        caption = words.many(len(places), *text.PLACES[kind], category=one.name)
        made_tables.append(table(caption, [*map(words.say, text.PLACE_COLUMNS)], rows))
    return made_tables
