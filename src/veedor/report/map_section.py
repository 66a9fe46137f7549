"""The section of the map: what the page's script draws, what is printed, and its table."""

from __future__ import annotations

import msgspec
import numpy as np
from markupsafe import Markup

from veedor.report.drawn_maps import Drawing, figure
from veedor.report.maps import Array, MapCategory, MapData, Maps, pack
from veedor.report.scales import Scale
from veedor.report.tables import Table, table
from veedor.report.words import Words
from veedor.report.words import maps as said
from veedor.report.words.gazetteer import coordinates, named
from veedor.study.results import StudyPeriods

#: In the section: a link to it opens the fold that it lies in.
MAP_ANCHOR = "map-about"
LARGEST = 20  # cells in the table that stands for the map


class StillMap(msgspec.Struct, frozen=True):
    """The last period of a category: panels, their caption, and the table behind them."""

    panels: Markup
    caption: str
    table: Table


class MapSection(msgspec.Struct, frozen=True):
    """All that the template lays out.

    Parameters
    ----------
    words : dict of str
        What stands around the map.
    data : MapData
        For the page's script.
    ground : Markup
        Stands once before the still maps.
    stills : list of StillMap
    """

    words: dict[str, str]
    data: MapData
    ground: Markup
    stills: list[StillMap]


def map_section(maps: Maps, periods: StudyPeriods, reference: str, words: Words) -> MapSection:
    """Build the section of a study's map."""
    named = [
        words.say("{start} to {end}", start=words.day(start), end=words.day(end))
        for start, end in zip(periods.start, periods.end, strict=True)
    ]
    unit = said.unit(words, periods.length)
    data = pack(maps, named, words, {"unit": unit, "reference": reference})
    means = [mean for category in data.categories for mean in category.means]
    drawing = Drawing(maps.polygons, maps.zones, base=maps.base)
    return MapSection(
        words=said.page_words(
            words,
            unit=unit,
            share=words.percent(max((mean.error for mean in means), default=0.0), 2),
            least=words.number(max((mean.error * mean.small for mean in means), default=0.0), 2),
        )
        | {"base": "" if maps.base is None else said.base(words, maps.base)},
        data=data,
        ground=drawing.ground(),
        stills=[_still(maps, drawing, category, data, words) for category in data.categories],
    )


def _still(
    maps: Maps, drawing: Drawing, category: MapCategory, data: MapData, words: Words
) -> StillMap:
    """Show the last period without a script: expected, recorded, and the difference."""
    name, scales, period = category.name, category.scales, data.periods[-1]
    observed, means = maps.observed[name][-1], maps.means[name]
    reference = data.words["reference"]
    others = [who for who in means if who != reference][:1]
    shown = others + [who for who in means if who == reference]
    largest = means[shown[0]][-1] if shown else observed
    drawn: list[tuple[str, Array, Scale, int | None]] = [
        (words.say("Expected by {forecaster}", forecaster=who), means[who][-1], scales.mean, None)
        for who in shown
    ]
    drawn.append((words.say("Recorded"), observed, scales.observed, None))
    if shown:
        more = len(scales.difference.breaks) // 2 + 1
        title = words.say("Recorded less expected by {forecaster}", forecaster=shown[0])
        drawn.append((title, observed - means[shown[0]][-1], scales.difference, more))
    panels = [
        drawing.panel(
            title,
            said.panel_about(
                words,
                f"{title}: {name}, {period}",
                len(values),
                float(values.min()),
                float(values.max()),
            ),
            values,
            scale,
            hatch_from=hatch_from,
            named_by=largest,
        )
        for title, values, scale, hatch_from in drawn
    ]
    return StillMap(
        figure(panels),
        said.caption(words, name, period, data.words["unit"], zones=maps.zones is not None),
        _largest(maps, name, shown, period, largest, words),
    )


def _largest(
    maps: Maps, category: str, shown: list[str], period: str, by: Array, words: Words
) -> Table:
    observed = maps.observed[category][-1]
    order = np.argsort(-by, kind="stable")[:LARGEST]
    places = maps.gazetteer.places
    rows = [
        [
            places[cell].cell_id,
            named(words, places[cell]),
            coordinates(places[cell]),
            *(words.number(float(maps.means[category][who][-1][cell])) for who in shown),
            words.number(int(observed[cell])),
            words.number(float(maps.area_km2[cell])),
        ]
        for cell in order.tolist()
    ]
    head = [words.say("Cell"), words.say("Place"), words.say("Middle (latitude, longitude)")]
    head += [words.say("Expected by {forecaster}", forecaster=who) for who in shown]
    return table(
        said.largest(words, len(rows), category, period),
        [*head, words.say("Recorded"), words.say("Area, km²")],
        rows,
    )
