"""Words of maps: their classes, what stands around them, and what the page's script says."""

from __future__ import annotations

import string
from collections.abc import Mapping

from veedor.report.base_layer import BaseLayer
from veedor.report.words.gazetteer import NAMED
from veedor.report.words.language import Words, noted, noted_many
from veedor.spacetime import Length

#: What the page's script says; it fills in what stands in braces.
_SCRIPT = {
    "expected_by": noted("{category}, expected by {forecaster}"),
    "recorded": noted("{category}, recorded"),
    "difference_from": noted("{category}, recorded less expected by {forecaster}"),
    "is_reference": noted("{forecaster} (the reference)"),
    "cell": noted("Cell {cell} ({coordinates})"),
    "cell_in": noted("Cell {cell}, {place} ({coordinates})"),
    "reading": noted(
        "{place}, {area} km²: expected {expected}, recorded {recorded}, difference {difference}; "
        "{unit}, {period}."
    ),
    "largest": noted(
        "{category}, {period}: the cells with the largest counts expected by {forecaster}"
    ),
    "nobody": noted("nobody"),
    "show": noted("show"),
    "show_cell": noted("Show cell {cell} on the map"),
    "zoom_in": noted("Zoom in"),
    "zoom_out": noted("Zoom out"),
    "both": noted("{one} and {other}"),
    "zone_at": NAMED[True, "at"],
    "zone_near": NAMED[True, "near"],
    "zone_none": NAMED[True, "none"],
    "alone_at": NAMED[False, "at"],
    "alone_near": NAMED[False, "near"],
    "is_zone": noted("{name} (zone)"),
    "is_street": noted("{name} (street)"),
    "is_cell": noted("{name} (cell)"),
    "is_coordinates": noted("{name} (coordinates)"),
    "found": noted("Shown: {names}"),
    "none_found": noted("Nothing on this map is called so, and no cell lies there."),
}
#: Unit of a period's length -> what the counts of a map are of.
_UNITS = {
    "hour": noted_many(
        "recorded incidents per cell and hour", "recorded incidents per cell and {n} hours"
    ),
    "day": noted_many(
        "recorded incidents per cell and day", "recorded incidents per cell and {n} days"
    ),
    "week": noted_many(
        "recorded incidents per cell and week", "recorded incidents per cell and {n} weeks"
    ),
    "month": noted_many(
        "recorded incidents per cell and month", "recorded incidents per cell and {n} months"
    ),
}
#: What stands on the page around the map.
_PAGE = {
    "heading": noted("The map"),
    "about": noted(
        "Expected and recorded counts in {unit}. Colours mean the same in every period, and a "
        "stronger colour means more, for one category at a time. Expected counts are rounded "
        "here, by at most {share} of the count plus {least}; scores are computed from the full "
        "numbers."
    ),
    "controls": noted("What the map shows"),
    "category": noted("Category"),
    "forecaster": noted("Forecaster"),
    "layers": noted("Show"),
    "mean": noted("expected"),
    "observed": noted("recorded"),
    "difference": noted("recorded less expected"),
    "period": noted("Period"),
    "search": noted("Find a zone, street, cell or coordinates"),
    "matches": noted("What was found"),
    "reset": noted("Show the whole map again"),
    "canvas": noted("Map of the cells. Arrow keys move it, plus and minus zoom."),
    "legend": noted("Legend"),
    "point": noted("Point at a cell to read it."),
    "help": noted(
        "Drag (on a touch screen with two fingers) to move, + and − (or Ctrl and the wheel) to "
        "zoom. With the keyboard: the arrow keys move the map, and the cell at its middle is read "
        "out."
    ),
    "as_table": noted("The same as a table: cells with the largest expected counts"),
    "table": noted("Cells with the largest expected counts"),
    "head_cell": noted("Cell"),
    "head_place": noted("Place"),
    "head_middle": noted("Middle (latitude, longitude)"),
    "head_expected": noted("Expected"),
    "head_recorded": noted("Recorded"),
    "head_difference": noted("Recorded less expected"),
    "head_area": noted("Area, km²"),
    "head_find": noted("On the map"),
    "still": noted(
        "These maps do not move. They are for print, and for browsers that run no scripts, and "
        "show the last period."
    ),
}


def script_words(words: Words) -> dict[str, str]:
    """Return what the page's script says, its braces kept.

    >>> from veedor.report.words import words_in
    >>> script_words(words_in("en"))["cell"]
    'Cell {cell} ({coordinates})'
    """
    said = _SCRIPT | {"point": _PAGE["point"]}
    return {key: words.say(template, **_kept(template)) for key, template in said.items()}


def page_words(words: Words, **arguments: str) -> dict[str, str]:
    """Return what stands around the map: `arguments` are of the sentence ``about``."""
    return {
        key: words.say(template, **(arguments if key == "about" else {}))
        for key, template in _PAGE.items()
    }


def base(words: Words, layer: BaseLayer) -> str:
    """Say what the user's own lines are, and what they take of the page."""
    return words.many(
        len(layer.lines),
        "Thin lines: {n} line of the study's base layer, cut to the map and simplified by at most "
        "{metres} m; {kilobytes} kB of this page.",
        "Thin lines: {n} lines of the study's base layer, cut to the map and simplified by at "
        "most {metres} m; {kilobytes} kB of this page.",
        metres=words.number(layer.moved_m),
        kilobytes=words.number(layer.corners * 8 * 4 / 3 / 1000, 2),
    )


def unit(words: Words, length: str) -> str:
    """Say what the counts of a map are of.

    >>> from veedor.report.words import words_in
    >>> unit(words_in("en"), "1 week"), unit(words_in("en"), "2 days")
    ('recorded incidents per cell and week', 'recorded incidents per cell and 2 days')
    """
    period = Length.parse(length)
    return words.many(period.value, *_UNITS[period.unit])


def panel_about(words: Words, title: str, cells: int, low: float, high: float) -> str:
    """Say what is read aloud in place of a still map."""
    return words.say(
        "{title}. A map of {cells} cells, north up, with values from {low} to {high} in a cell. "
        "The table below it lists the cells with the largest expected counts.",
        title=title,
        cells=cells,
        low=words.number(low),
        high=words.number(high),
    )


def caption(words: Words, category: str, period: str, unit: str, zones: bool) -> str:
    """Say what still maps show."""
    told = words.say(
        "{category}, {period}: {unit}. Where more was recorded than expected, the difference is "
        "hatched.",
        category=category,
        period=period,
        unit=unit,
    )
    if not zones:
        return told
    return f"{told} {words.say('Named are zones with the largest expected counts.')}"


def largest(words: Words, n: int, category: str, period: str) -> str:
    """Say what the table behind still maps lists."""
    return words.many(
        n,
        "{category}, {period}: the {n} cell with the largest expected counts",
        "{category}, {period}: the {n} cells with the largest expected counts",
        category=category,
        period=period,
    )


def _kept(template: str) -> Mapping[str, str]:
    names = (name for _, name, _, _ in string.Formatter().parse(template) if name)
    return {name: "{" + name + "}" for name in names}
