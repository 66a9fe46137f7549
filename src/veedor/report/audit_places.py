"""What audits found at each place, on a page: a table with names, and a map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from markupsafe import Markup

from veedor.audits.places.by_place import PlaceCodes, PlaceColumn, PlaceFigures, PlaceOutlines
from veedor.report.cover import Picture
from veedor.report.document import Section
from veedor.report.drawn_maps import Drawing, figure
from veedor.report.scales import Scale, labels, mean_breaks, sequential
from veedor.report.tables import Table, table
from veedor.report.words import Words
from veedor.report.words import by_place as said
from veedor.spacetime import Outlines

#: Rows of a table that a browser bears.
MOST_PLACES = 2_000
#: With more places than this, outlines of each would hide what they enclose.
_OUTLINED = 400
#: Colours of places that are of a kind: told apart in grey by their lightness, and one by a hatch.
PALE, MIDDLE, DARK, OTHER = "#e9eff6", "#84aed1", "#0c3c6e", "#d9963f"


def place_table(
    words: Words,
    caption: str,
    figures: PlaceFigures,
    columns: Sequence[PlaceColumn],
    kinds: Sequence[PlaceCodes] = (),
    by: PlaceColumn | None = None,
) -> Table:
    """Make a table of places, a row each, those with the largest value of a column first.

    Parameters
    ----------
    words : Words
    caption : str
    figures : PlaceFigures
    columns : sequence of PlaceColumn
    kinds : sequence of PlaceCodes
    by : PlaceColumn, optional
        What they are sorted by; the first column by default.
    """
    rows = [
        [
            figures.called(place),
            *(words.say(said.KINDS[one.statistic][1][one.code[place]]) for one in kinds),
            *(said.figure(words, one, place) for one in columns),
        ]
        for place in ranked(by or columns[0])[:MOST_PLACES]
    ]
    head = [
        words.say(said.PLACE),
        *(words.say(said.KINDS[one.statistic][0]) for one in kinds),
        *(said.heading(words, one) for one in columns),
    ]
    return table(caption, head, rows)


def ranked(by: PlaceColumn) -> list[int]:
    """Places from the largest value to the smallest; what is undefined comes last."""
    values = np.array([-np.inf if one is None else one for one in largest(by)])
    return [int(place) for place in np.argsort(-values, kind="stable")]


def largest(column: PlaceColumn) -> Sequence[float | None]:
    """Return the values of a column; of one that has bounds alone, their upper ends."""
    bounds = bool(column.high) and all(one is None for one in column.value)
    return column.high if bounds else column.value


def places_section(
    words: Words,
    title: str,
    figures: PlaceFigures,
    columns: Sequence[PlaceColumn],
    *,
    kinds: Sequence[PlaceCodes] = (),
    by: PlaceColumn | None = None,
    outlines: PlaceOutlines | None = None,
    on_cover: bool = False,
    anchor: str = "places",
) -> Section:
    """Make the section of every place: its map, its table, and what the figures mean.

    Parameters
    ----------
    words : Words
    title : str
        A finding with its number.
    figures : PlaceFigures
    columns : sequence of PlaceColumn
    kinds : sequence of PlaceCodes
    by : PlaceColumn, optional
        What is drawn, and sorted by; the first column by default.
    outlines : PlaceOutlines, optional
        Without any there is no map.
    on_cover : bool
        Whether the page's cover has the very map already.
    anchor : str
    """
    drawn = by or columns[0]
    drawing = None
    if outlines is not None and not on_cover:
        drawing = valued_map(words, figures, drawn, outlines)
    caption = said.mapped(words, drawn)
    return Section(
        title,
        sentences=[
            said.all_places(words, figures, MOST_PLACES),
            *said.explained(words, list(columns)),
            *([] if outlines is None else said.without_outline(words, outlines)),
        ],
        figures=[] if drawing is None else [(drawing, caption)],
        tables=[place_table(words, title, figures, columns, kinds, drawn)],
        folded=True,
        anchor=anchor,
    )


def map_picture(
    words: Words,
    figures: PlaceFigures,
    column: PlaceColumn | None,
    outlines: PlaceOutlines | None,
    finding: str,
) -> Picture | None:
    """Make a cover's picture of `valued_map`; None without it."""
    if outlines is None or column is None:
        return None
    drawing = valued_map(words, figures, column, outlines)
    return None if drawing is None else Picture(finding, drawing)


def valued_map(
    words: Words, figures: PlaceFigures, column: PlaceColumn, outlines: PlaceOutlines
) -> Markup | None:
    """Draw places by a figure, from light to dark; None where no place has an outline."""
    known = outlines.known
    if not known.any():
        return None
    values = np.array([0.0 if one is None else one for one in largest(column)])[known]
    breaks = mean_breaks([values])
    scale = Scale(breaks, sequential(breaks), labels(breaks, words))
    return _panel(
        figures, outlines, values, scale, said.mapped(words, column), "values-map", values
    )


def kinds_map(
    figures: PlaceFigures,
    kinds: PlaceCodes,
    called: Mapping[str, tuple[str, str]],
    outlines: PlaceOutlines,
    about: str,
    *,
    hatched: str | None = None,
    named_by: PlaceColumn | None = None,
) -> Markup | None:
    """Draw places by their kind; None where no place has an outline.

    Parameters
    ----------
    figures : PlaceFigures
    kinds : PlaceCodes
    called : dict of str to (str, str)
        Code -> its colour and what the legend says; others are drawn as the first.
    outlines : PlaceOutlines
    about : str
        What stands above the map and is read aloud in its place.
    hatched : str, optional
        The last of these codes, drawn with a hatch too.
    named_by : PlaceColumn, optional
        The places with most of it are named.
    """
    known = outlines.known
    if not known.any():
        return None
    order = {code: at for at, code in enumerate(called)}
    values = np.array([order.get(code, 0) for code in kinds.code], dtype=np.float64)[known]
    colours, legend = zip(*called.values(), strict=True)
    scale = Scale([float(at) for at in range(1, len(order))], list(colours), list(legend))
    most = None
    if named_by is not None:
        most = np.array([0.0 if one is None else one for one in named_by.value])[known]
    hatch_from = None if hatched is None else order[hatched]
    return _panel(figures, outlines, values, scale, about, "kinds-map", most, hatch_from)


def ground_map(
    outlines: PlaceOutlines,
    zones: tuple[str, str],
    layers: Sequence[tuple[str, str, Any]],
    about: str,
) -> Markup | None:
    """Draw ground over places; None where no place has an outline.

    Parameters
    ----------
    outlines : PlaceOutlines
    zones : (str, str)
        Colour of the places, and what the legend says.
    layers : sequence of (str, str, shapely Polygon or MultiPolygon)
        Colour, what the legend says, and ground; the first lies lowest.
    about : str
        What is read aloud in its place.
    """
    known = outlines.known
    if not known.any():
        return None
    polygons = outlines.polygons[known]
    colours, told = zip(zones, *((colour, words) for colour, words, _ in layers), strict=True)
    scale = Scale([float(at) for at in range(1, len(colours))], list(colours), list(told))
    drawing = Drawing(polygons, None, "ground-map")
    over = [(colour, ground) for colour, _, ground in layers]
    panel = drawing.panel("", about, np.zeros(len(polygons)), scale, over=over)
    return drawing.ground() + figure([panel])


def _panel(
    figures: PlaceFigures,
    outlines: PlaceOutlines,
    values: np.ndarray[tuple[int], np.dtype[np.float64]],
    scale: Scale,
    about: str,
    key: str,
    named_by: np.ndarray[tuple[int], np.dtype[np.float64]] | None,
    hatch_from: int | None = None,
) -> Markup:
    known = np.flatnonzero(outlines.known)
    polygons = outlines.polygons[known]
    names = tuple(figures.name[at] if figures.name else figures.place[at] for at in known.tolist())
    zones = Outlines(names, polygons) if len(known) <= _OUTLINED else None
    drawing = Drawing(polygons, zones, key)
    panel = drawing.panel("", about, values, scale, hatch_from=hatch_from, named_by=named_by)
    return drawing.ground() + figure([panel])
