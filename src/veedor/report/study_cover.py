"""The cover of a study's report: whether any forecast beats plain counting, and where."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from veedor.forecasts.expected_places import ExpectedPlace
from veedor.report.cover import (
    Bar,
    Cell,
    Count,
    CountKind,
    Cover,
    Matrix,
    Picture,
    Proof,
    Row,
    axis_of,
)
from veedor.report.drawn_maps import Drawing
from veedor.report.map_section import MapSection
from veedor.report.maps import Array, Maps
from veedor.report.scales import Scale, sequential
from veedor.report.tables import Table, table
from veedor.report.words import Words
from veedor.report.words import study_cover as told
from veedor.report.words.examination import ABSENT, captured_at, verdict
from veedor.report.words.gazetteer import coordinates, named
from veedor.spacetime import Outlines
from veedor.study.results import StudyCategory, StudyResults
from veedor.verification import CHANCE, Judged
from veedor.verification.judging import ABOUT_AS_GOOD, standing, together

#: The forecaster that weighs all others: where it is, the verdict is on it.
COMBINED = "Stack"
_NAMED = 5
#: Reaches of bars beyond so many times the median are cut, so that one flattens no other.
_FAR = 4.0
_NEAREST_CUT = 0.1
#: More categories or forecasters than these stand in the sentences, not on the cover.
_COLUMNS, _ROWS = 4, 8
#: Shares of the area, ranked by what was expected, where the map's classes end.
_RANKED = (0.05, 0.2, 0.5)


@dataclass(frozen=True)
class _Chosen:
    """The forecaster that the verdict is on, and of how many it came out best."""

    name: str
    kind: str
    best_of: int


def cover(results: StudyResults, maps: Maps, drawn: MapSection, words: Words) -> Cover:
    """Build the cover."""
    chosen = _chosen(results)
    stands = {} if chosen is None else _stands(results, chosen.name)
    tone, finding = told.finding(words, list(stands.values()))
    by_standing: dict[str, list[str]] = {}
    for category, found in stands.items():
        by_standing.setdefault(found, []).append(category)
    several = len(results.categories) > 1
    who = "" if chosen is None else chosen.name
    picture, tables = _picture(results, maps, drawn, who, words)
    return Cover(
        finding=finding,
        tone=tone,
        because=told.because(
            words,
            by_standing if several else {},
            who,
            0 if chosen is None else chosen.best_of,
            "" if chosen is None else chosen.kind,
        ),
        proof=None if chosen is None else _proof(results, chosen.name, words),
        matrix=_matrix(results, words),
        picture=picture,
        tables=tables,
        cautions=told.cautions(words),
    )


def _chosen(results: StudyResults) -> _Chosen | None:
    """Take the combined forecast where there is one, else the one that gained most in all."""
    others = [one for one in results.forecasters if not one.is_reference]
    for one in others:
        if one.kind == COMBINED:
            return _Chosen(one.name, one.kind, 0)
    gained = dict.fromkeys((one.name for one in others), 0.0)
    for category in results.categories:
        for row in category.examination.comparisons:
            estimate = row.gain.estimate
            gained[row.forecaster] += (estimate.value or 0.0) * estimate.n
        for absent in category.absent:
            gained[absent.forecaster] = -np.inf
    if not gained:
        return None
    best = max(others, key=lambda one: gained[one.name])
    return _Chosen(best.name, best.kind, len(others))


def _stands(results: StudyResults, who: str) -> dict[str, str]:
    """Say where one forecaster stands, by category."""
    found = {}
    for category in results.categories:
        gains = {row.forecaster: row.gain for row in category.examination.comparisons}
        found[category.name] = _standing(gains[who]) if who in gains else ABSENT
    return found


def _standing(gain: Judged) -> str:
    found = verdict(gain)
    return standing(gain) if found == gain.verdict else found


def _proof(results: StudyResults, who: str, words: Words) -> Proof | None:
    """Count what fell in the same share of the area: forecast, plain counting, chance."""
    counts = {who: 0.0, results.study.reference: 0.0, CHANCE: 0.0}
    recorded, area = 0, 0.0
    for category in results.categories:
        area, rows = captured_at(category.examination)
        rates = [rows[name].capture_rate for name in counts if name in rows]
        if len(rates) < len(counts) or any(rate.value is None for rate in rates):
            continue
        recorded += rates[0].n
        for name, rate in zip(counts, rates, strict=True):
            counts[name] += (rate.value or 0.0) * rate.n
    if not recorded:
        return None
    kinds = {one.name: one.kind for one in results.forecasters}
    ours, reference = (_plain_name(words, name, kinds[name])[0] for name in list(counts)[:2])
    shown: list[tuple[str, CountKind]] = [
        (ours, "ours"),
        (reference, "reference"),
        (words.say("By chance, about"), "chance"),
    ]
    return Proof(
        told.proof(words, recorded, area, several=len(results.categories) > 1),
        tuple(
            Count(
                name,
                words.say("{count} of {all}", count=round(count), all=recorded),
                count / recorded,
                kind,
            )
            for (name, kind), count in zip(shown, counts.values(), strict=True)
        ),
    )


def _plain_name(words: Words, name: str, kind: str) -> tuple[str, str]:
    """Name a forecaster in plain words, and as the rest of the page does."""
    if kind not in told.PLAIN_NAMES:
        return name, ""
    plain = words.say(told.PLAIN_NAMES[kind])
    return (plain, name) if name == kind else (name, plain)


def _matrix(results: StudyResults, words: Words) -> Matrix | None:
    """Set every category beside every forecaster; one category, its forecasters on one axis."""
    chosen = _chosen(results)
    if chosen is None:
        return None
    kinds = {one.name: one.kind for one in results.forecasters if not one.is_reference}
    shown = sorted(kinds, key=lambda name: name != chosen.name)
    cells = {
        (category.name, who): cell
        for category in results.categories
        for who, cell in _cells(category, words)
    }
    gains = [row.gain for one in results.categories for row in one.examination.comparisons]
    bars = [cell.bar for cell in cells.values() if cell.bar is not None]
    reaches = [max(abs(bar.low), abs(bar.high)) for bar in bars]
    axis = axis_of(
        bars,
        0.0,
        lambda share: told.signed(words, share),
        most=max(_FAR * statistics.median(reaches), _NEAREST_CUT) if reaches else 1.0,
        ticks=3 if len(results.categories) == 1 else 1,
    )
    comparisons = max((gain.comparisons for gain in gains), default=0)
    note = told.ranges(words, comparisons, ABOUT_AS_GOOD) if comparisons else ""
    stands = [_standing(gain) for gain in gains]
    finding = told.matrix(words, stands, several=len(results.categories) > 1)
    if len(results.categories) == 1:
        name = results.categories[0].name
        return Matrix(
            finding,
            words.say("Forecast"),
            (
                words.say(
                    "Probability it gave to what was later recorded; 0 = same as plain counting"
                ),
            ),
            tuple(
                Row(*_plain_name(words, who, kinds[who]), (cells[name, who],))
                for who in shown[:_ROWS]
            ),
            axis,
            " ".join(filter(None, (note, told.more(words, len(shown) - _ROWS, 0)))),
            words.say("Verdict"),
        )
    columns = shown[:_COLUMNS]
    ordered = sorted(results.categories, key=lambda one: -one.examination.recorded.inside)
    rows = ordered[:_ROWS]
    more = told.more(words, len(shown) - len(columns), len(ordered) - len(rows))
    return Matrix(
        finding,
        words.say("Category"),
        tuple(_plain_name(words, who, kinds[who])[0] for who in columns),
        tuple(
            Row(
                one.name,
                words.say("{n} recorded", n=one.examination.recorded.inside),
                tuple(cells[one.name, who] for who in columns),
            )
            for one in rows
        ),
        axis,
        " ".join(filter(None, (told.measured(words), note, more))),
    )


def _cells(category: StudyCategory, words: Words) -> Iterator[tuple[str, Cell]]:
    for row in category.examination.comparisons:
        found, value = _standing(row.gain), row.gain.estimate.value
        tone, word = told.STANDINGS[found]
        ends = together(row.gain) if tone != "none" else None
        bar = None
        if ends is not None and value is not None:
            low, middle, high = np.expm1([ends[0], value, ends[1]]).tolist()
            bar = Bar(low, middle, high)
        said = told.gained(words, value, ends) if value is not None and tone != "none" else ""
        yield row.forecaster, Cell(words.say(word), tone, bar, said)
    for absent in category.absent:
        tone, word = told.STANDINGS[ABSENT]
        yield absent.forecaster, Cell(words.say(word), tone)


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
    picture = Picture(
        told.last_period(
            words,
            name,
            float(expected.sum()),
            int(recorded.sum()),
            several=len(results.categories) > 1,
        ),
        drawn.ground + _ranked(maps, expected, recorded, words),
        told.when(words, periods.start[-1], periods.end[-1], *ends),
    )
    if maps.zones is None:
        return picture, _places([one for one in maps.expected if one.category == name], words)
    return picture, (_zones(maps, maps.zones, expected, recorded, words),)


def _ranked(maps: Maps, expected: Array, recorded: Array, words: Words) -> Markup:
    """Draw cells by the share of the area that is named before them; count what fell in each."""
    area = np.asarray(maps.area_km2, dtype=float)
    order = np.argsort(-expected / area, kind="stable")
    before = np.empty(len(order))
    before[order] = np.cumsum(area[order]) - area[order]
    # The area named first comes first: class 3 is the strongest.
    place = len(_RANKED) - np.searchsorted(_RANKED, before / area.sum(), side="right")
    seen = np.bincount(place, weights=recorded, minlength=len(_RANKED) + 1).astype(int).tolist()
    breaks = [at + 0.5 for at in range(len(_RANKED))]
    scale = Scale(breaks, sequential(breaks), told.classes(words, seen, int(recorded.sum())))
    about = told.about_map(words, seen, int(recorded.sum()))
    return Drawing(maps.polygons, maps.zones).panel(
        told.in_first_fifth(words, seen[-1] + seen[-2], int(recorded.sum())),
        about,
        place,
        scale,
        named_by=expected,
    )


def _places(expected: Sequence[ExpectedPlace], words: Words) -> tuple[Table, ...]:
    """List the places with most expected: by their streets, else by where their middle is."""
    if not expected:
        return ()
    return (
        table(
            words.say("Where most was expected"),
            [words.say("Place"), words.say("Expected"), words.say("Recorded")],
            [
                [
                    named(words, one.place) if one.place.streets else coordinates(one.place),
                    words.number(one.expected, 2),
                    words.number(one.recorded),
                ]
                for one in expected[:_NAMED]
            ],
        ),
    )


def _zones(maps: Maps, zones: Outlines, expected: Array, recorded: Array, words: Words) -> Table:
    """List the zones with most expected, with what was recorded there."""
    zone = zones.holding(maps.polygons)
    inside, names = zone >= 0, zones.names
    sums, seen = (
        np.bincount(zone[inside], weights=counts[inside], minlength=len(names))
        for counts in (expected, recorded)
    )
    largest = [at for at in np.argsort(-sums, kind="stable")[:_NAMED].tolist() if sums[at] > 0]
    return table(
        words.say("Where most was expected"),
        [words.say("Zone"), words.say("Expected"), words.say("Recorded")],
        [
            [names[at], words.number(float(sums[at]), 2), words.number(int(seen[at]))]
            for at in largest
        ],
    )
