"""The cover of a study's report: whether any forecast beats plain counting, and where."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from veedor.forecasts.expected_places import ExpectedPlace, ExpectedZone
from veedor.report.comparison_cover import (
    CategoryCompared,
    Compared,
    matrix,
    plain_name,
    proof,
)
from veedor.report.cover import Cover, Picture
from veedor.report.drawn_maps import Drawing
from veedor.report.map_section import MAP_ANCHOR, MapSection
from veedor.report.maps import Array, Maps
from veedor.report.scales import Scale, sequential
from veedor.report.tables import Table, table
from veedor.report.words import Words
from veedor.report.words import study_cover as told
from veedor.report.words.gazetteer import coordinates, named
from veedor.report.words.named_places import EXPECTED_SHORT, RECORDED, expected_count
from veedor.study.results import StudyResults

_NAMED = 5
#: Shares of the area, ranked by what was expected, near which the map's classes end.
_RANKED = (0.05, 0.2, 0.5)


def cover(results: StudyResults, maps: Maps, drawn: MapSection, words: Words) -> Cover:
    """Build the cover."""
    compared = of_study(results)
    chosen = compared.chosen
    stands = {} if chosen is None else compared.stands(chosen.name)
    tone, finding = told.finding(words, list(stands.values()))
    by_standing: dict[str, list[str]] = {}
    for category, found in stands.items():
        by_standing.setdefault(found, []).append(category)
    several = len(results.categories) > 1
    who = "" if chosen is None else chosen.name
    picture, tables = _picture(results, maps, drawn, who, words)
    shown = None if chosen is None else proof(compared, chosen.name, words)
    because = told.because(
        words,
        by_standing if several else {},
        who,
        0 if chosen is None else chosen.best_of,
        "" if chosen is None else chosen.kind,
    )
    return Cover(
        finding=finding,
        tone=tone,
        because=told.judged_otherwise(words, because, tone, shown),
        proof=shown,
        matrix=matrix(compared, words),
        picture=picture,
        tables=tables,
        cautions=told.cautions(words),
    )


def of_study(results: StudyResults) -> Compared:
    """Gather what the forecasters of a study are compared by."""
    return Compared(
        tuple(
            CategoryCompared(
                one.name, one.examination, tuple(absent.forecaster for absent in one.absent)
            )
            for one in results.categories
        ),
        {one.name: one.kind for one in results.forecasters},
        results.study.reference,
    )


def _picture(
    results: StudyResults, maps: Maps, drawn: MapSection, who: str, words: Words
) -> tuple[Picture | None, tuple[Table, ...]]:
    """Draw the last period of the category with most recorded; list where most was expected."""
    category = max(results.categories, key=lambda one: one.examination.recorded.inside)
    name, means = category.name, maps.means[category.name]
    shown = who if who in means else results.study.reference
    if shown not in means:
        return None, ()
    expected, recorded = means[shown][-1], maps.observed[name][-1]
    series = {one.forecaster: one.by_period for one in category.examination.forecasters}[shown]
    ends = (None, None) if series is None else (int(series.low[-1]), int(series.high[-1]))
    periods = results.periods
    kinds = {one.name: one.kind for one in results.forecasters}
    by = plain_name(words, shown, kinds.get(shown, ""))[0]
    picture = Picture(
        told.last_period(
            words,
            name,
            float(expected.sum()),
            int(recorded.sum()),
            several=len(results.categories) > 1,
        ),
        drawn.ground + _ranked(maps, expected, recorded, words),
        told.when(words, periods.start[-1], periods.end[-1], by, *ends),
        notes=tuple(told.marked(words) for _ in range(int(recorded.any()))),
        more=(told.elsewhere(words, len(results.categories) - 1), MAP_ANCHOR),
    )
    if maps.zones is None:
        return picture, _places([one for one in maps.expected if one.category == name], words)
    return picture, _zones([one for one in maps.expected_zones if one.category == name], words)


def _ranked(maps: Maps, expected: Array, recorded: Array, words: Words) -> Markup:
    """Draw cells by the share of the area that is named before them; count what fell in each.

    Of few large cells no class but the last may have any: classes of no ground are left out.
    """
    area = np.asarray(maps.area_km2, dtype=float)
    ranks = ranked(expected / area, area)
    kept, place = np.unique(ranks, return_inverse=True)
    seen = np.bincount(place, weights=recorded).astype(int).tolist()
    shares = np.bincount(place, weights=area / area.sum()).tolist()
    colours = sequential([at + 0.5 for at in range(len(_RANKED))])
    scale = Scale(
        [at + 0.5 for at in range(len(kept) - 1)],
        [colours[rank] for rank in kept],
        told.classes(words, seen, shares),
    )
    first = max(1, int((kept >= len(_RANKED) - 1).sum()))
    return Drawing(maps.polygons, maps.zones).panel(
        told.in_first(words, seen[-first:], shares[-first:], sum(seen)),
        told.about_map(words, seen, shares),
        place,
        scale,
        named_by=expected,
        marks=recorded,
    )


def ranked(density: Array, area: Array) -> Array:
    """Class of each cell by the area that is named before its middle: 3 is named first.

    Cells of one density are of one class, whatever their order: none of them is named before
    another. So a class is of a share of the area that may be another than where it should end.

    >>> ranked(np.array([4.0, 9.0, 1.0, 1.0]), np.ones(4)).tolist()
    [1, 2, 0, 0]
    >>> ranked(np.ones(4), np.ones(4)).tolist()
    [0, 0, 0, 0]
    """
    _, tied = np.unique(-density, return_inverse=True)
    of_each = np.bincount(tied, weights=area)
    middle = (np.cumsum(of_each) - of_each / 2.0) / area.sum()
    place: Array = len(_RANKED) - np.searchsorted(_RANKED, middle[tied], side="right")
    return place


def _places(expected: Sequence[ExpectedPlace], words: Words) -> tuple[Table, ...]:
    """List the places with most expected: by their streets, else by where their middle is."""
    if not expected:
        return ()
    return (
        table(
            words.say("Where most was expected"),
            [words.say("Place"), words.say(EXPECTED_SHORT), words.say(RECORDED)],
            [
                [
                    named(words, one.place) if one.place.streets else coordinates(one.place),
                    expected_count(words, one),
                    words.number(one.recorded),
                ]
                for one in expected[:_NAMED]
            ],
        ),
    )


def _zones(expected: Sequence[ExpectedZone], words: Words) -> tuple[Table, ...]:
    """List the zones with most expected, with intervals, and what was recorded there."""
    if not expected:
        return ()
    return (
        table(
            words.say("Where most was expected"),
            [words.say("Zone"), words.say(EXPECTED_SHORT), words.say(RECORDED)],
            [
                [one.zone, expected_count(words, one), words.number(one.recorded)]
                for one in expected[:_NAMED]
            ],
        ),
    )
