"""Sections of a page of patterns: tables and drawings of what the types hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from markupsafe import Markup

from veedor.patterns import CLASSES, CategoryPatterns, Chance, Changes, Patterns
from veedor.patterns.named_places import EMERGING, HOT_SPOT
from veedor.report import pattern_charts as charts
from veedor.report.audit_sections import headed
from veedor.report.document import Section
from veedor.report.drawn_maps import Drawing
from veedor.report.pattern_cover import middles, place_tables
from veedor.report.tables import Table, table
from veedor.report.words import Words
from veedor.report.words import pattern_names as names
from veedor.report.words import pattern_sections as text
from veedor.report.words.intervals import ends, in_full
from veedor.report.words.pattern_cover import around, heading
from veedor.spacetime import Place
from veedor.statistics import Estimate
from veedor.study.patterns import Described

Categories = Sequence[CategoryPatterns]


def sections_of(
    found: Patterns, words: Words, whole: Described | None, drawing: Drawing | None = None
) -> list[Section]:
    """Lay out the sections, each folded under what it found.

    Parameters
    ----------
    found : Patterns
    words : Words
    whole : Described, optional
        For a whole page with its maps, clocks and named places; without it, a chapter.
    drawing : Drawing, optional
        Of a whole page, its ground already in it.
    """
    categories = found.categories
    drawn = () if whole is None or drawing is None else maps(words, whole, drawing)
    made = [
        (text.CONCENTRATION, concentration(words, categories)),
        (text.HOT_SPOTS, _with_places(hot_spots(words, categories, drawn), words, whole, HOT_SPOT)),
        (text.NEAR_REPEATS, near_repeats(words, categories)),
    ]
    if whole is not None:
        over_time = _with_places(emerging(words, categories), words, whole, EMERGING)
        made.append((text.EMERGING, over_time))
        made.append((text.SEASONS, seasons(words, categories, found.changes)))
    made.append((text.CHANGE, changes(words, found, {} if whole is None else middles(whole))))
    made.append((text.TWO_MAPS, map_changes(words, categories)))
    made += [(text.BEFORE_AFTER, one) for one in before_after(words, categories)]
    return [
        replace(section, title=heading(words, title, found), folded=True) for title, section in made
    ]


def _with_places(section: Section, words: Words, whole: Described | None, kind: str) -> Section:
    """Let a section name its places, where it stands on a whole page."""
    if whole is None:
        return section
    return replace(section, tables=[*section.tables, *place_tables(whole, words, kind)])


def concentration(words: Words, categories: Categories) -> Section:
    """Say in how few cells the incidents lie."""
    shares = list(categories[0].concentration[0].holding)
    held = [
        words.say("{share} of incidents in", share=words.percent(float(share))) for share in shares
    ]
    by_year, whole = [], []
    for one in categories:
        for place, span in enumerate(one.concentration):
            p_value = words.number(span.test.p_value)
            by_year.append(
                [
                    one.name,
                    words.say(text.WHOLE_RECORD) if span.span == "all" else span.span,
                    words.number(span.incidents),
                    *_with_chance(
                        words, span.generalised_gini, span.chance.get("generalised_gini"), False
                    ),
                    *(
                        cell
                        for key in shares
                        for cell in _with_chance(
                            words, span.holding[key], span.chance.get(key), True
                        )
                    ),
                    p_value,
                ]
            )
            if place == 0:
                whole.append(
                    [
                        one.name,
                        words.number(span.incidents),
                        words.number(span.generalised_gini.value),
                        *(words.percent(span.holding[key].value) for key in shares),
                        _range(words, span.chance.get(shares[-1]), True),
                        p_value,
                    ]
                )
    category, span_head, incidents, gini = map(words.say, text.CONCENTRATED)
    chance = words.say(text.BY_CHANCE)
    head = [category, span_head, incidents, gini, chance]
    for share in held:
        head += [words.say("{share} (share of cells)", share=share), chance]
    last = words.say("{share}, by chance", share=held[-1])
    return Section(
        words.say(text.CONCENTRATION),
        sentences=[words.say(text.SAID[text.CONCENTRATION])],
        figures=[
            (
                charts.concentration(words, categories),
                words.say("Incidents held by the busiest cells."),
            )
        ],
        tables=[
            table(
                words.say(text.WHOLE),
                [category, incidents, gini, *held, last, "p"],
                whole,
            )
        ],
        behind=[table(words.say(text.BY_YEAR), [*head, "p"], by_year, 2)],
        behind_name=words.say(text.BEHIND[text.CONCENTRATION]),
    )


def _with_chance(
    words: Words, estimate: Estimate, chance: Chance | None, share: bool
) -> tuple[str, str]:
    write: Callable[[float | None], str] = words.percent if share else words.number
    bounds = ends(words, estimate.low, estimate.high, share)
    return f"{write(estimate.value)} ({bounds})", _range(words, chance, share)


def _range(words: Words, chance: Chance | None, share: bool) -> str:
    low, high = (None, None) if chance is None else (chance.low, chance.high)
    return ends(words, low, high, share)


def _of(words: Words, part: int, whole: int) -> str:
    return words.say("{part} of {whole}", part=part, whole=whole)


def hot_spots(
    words: Words, categories: Categories, figures: Sequence[tuple[Markup, str]] = ()
) -> Section:
    """Say how many cells are hot and cold spots; `figures` are `maps`, or none."""
    rows = []
    for one in categories:
        hot, rates = one.hot_spots, one.hot_spots.rates
        by_rate = words.say(text.NO_DENOMINATOR)
        if rates is not None:
            by_rate = words.say(
                "{part} by {of} ({n} with too few or none left out)",
                part=_of(words, rates.hot, rates.tested),
                of=rates.of,
                n=rates.cells_without,
            )
        rows.append([
            one.name, _of(words, hot.hot, hot.tested),
            _of(words, hot.recorded_in_hot, hot.recorded), words.number(hot.cold), by_rate,
        ])  # fmt: skip
    return _section(words, text.HOT_SPOTS, rows, figures)


def _section(
    words: Words,
    title: str,
    rows: Sequence[Sequence[str]],
    figures: Sequence[tuple[Markup, str]] = (),
) -> Section:
    """Make a section of a paragraph and a table."""
    return Section(
        words.say(title),
        sentences=[words.say(text.SAID[title])],
        figures=figures,
        tables=[headed(words, text.TABLES[title], rows)],
    )


def maps(words: Words, made: Described, drawing: Drawing) -> list[tuple[Markup, str]]:
    """Draw density, hot spots and their classes, a figure a category, on a ground that is there."""
    figures: list[tuple[Markup, str]] = []
    for one in made.found.categories:
        kinds = {} if one.emerging is None else one.emerging.hot
        classes = any(many for name, many in kinds.items() if name != "none")
        drawn = charts.maps(words, drawing, made.by_cell[one.name], one.name)
        figures.append((drawn, text.map_of(words, one, classes)))
    return figures


def near_repeats(words: Words, categories: Categories) -> Section:
    """Show the Knox tables."""
    title = words.say(text.NEAR_REPEATS)
    figures: list[tuple[Markup, str]] = []
    behind: list[Table] = []
    for place, one in enumerate(one for one in categories if one.near_repeats is not None):
        knox = one.near_repeats
        if knox is None:
            continue
        distances = names.distance_bands(words, knox.distances_m)
        times = names.time_bands(words, knox.days)
        rows = [
            [
                f"{distance}, {time}",
                words.number(int(knox.observed[d, t])),
                words.number(float(knox.expected[d, t])),
                words.number(float(knox.ratio[d, t])),
                ends(words, float(knox.low[d, t]), float(knox.high[d, t])),
                words.number(float(knox.q_value[d, t])),
                ends(words, float(knox.seasonal_low[d, t]), float(knox.seasonal_high[d, t])),
            ]
            for d, distance in enumerate(distances)
            for t, time in enumerate(times)
        ]
        heads = [words.say(head) for head in text.PAIR_COLUMNS]
        behind.append(table(text.pairs_of(words, one.name, knox), heads, rows))
        drawn = charts.knox(words, knox, distances, times, f"knox{place}", one.name)
        figures.append((drawn, f"{one.name}."))
    if not figures:
        return Section(title, sentences=[words.say(text.NO_PAIRS)])
    return Section(
        title, sentences=[words.say(text.SAID[text.NEAR_REPEATS])], figures=figures, behind=behind,
        behind_name=words.say(text.BEHIND[text.NEAR_REPEATS]),
    )  # fmt: skip


def map_changes(words: Words, categories: Categories) -> Section:
    """Compare the maps of two spans."""
    rows = []
    for one in categories:
        moved = one.map_change
        if moved is None:
            continue
        by_chance = (None, None, None) if moved.s_by_chance is None else moved.s_by_chance
        rows.append([
            one.name,
            *(
                words.say("{begin} to {end}", begin=words.day(begin), end=words.day(end))
                for begin, end in (moved.base, moved.test)
            ),
            words.number(moved.robust_s_index),
            ends(words, by_chance[1], by_chance[2]),
            words.number(moved.outcome.p_value),
            words.say(
                "{rose} and {fell} of {tested}", rose=moved.places_rose, fell=moved.places_fell,
                tested=moved.places_tested,
            ),
        ])  # fmt: skip
    return _section(words, text.TWO_MAPS, rows)


def emerging(words: Words, categories: Categories) -> Section:
    """Say how many cells rose or fell, and how many are in each class over time."""
    title = words.say(text.EMERGING)
    known = [(one.name, one.emerging) for one in categories if one.emerging is not None]
    if not known:
        return Section(title, sentences=[words.say(text.FEW_STEPS)])
    groups = list(dict.fromkeys(group for name, group in CLASSES.items() if name != "none"))
    rows = [
        [
            category,
            *map(words.number, (found.trends.rising, found.trends.falling, found.trends.tested)),
            *(
                words.number(sum(found.hot[name] for name in CLASSES if CLASSES[name] == group))
                for group in groups
            ),
        ]
        for category, found in known
    ]
    classes = [
        [
            words.say(names.CLASSES[name][0]),
            words.say(names.GROUPS[group]),
            words.say(names.CLASSES[name][1]),
            *(words.number(found.hot[name]) for _, found in known),
        ]
        for name, group in CLASSES.items()
    ]
    kinds = text.ROSE_OR_FELL.columns + tuple(names.GROUPS[group] for group in groups)
    takes = [*map(words.say, text.CLASSES.columns), *(name for name, _ in known)]
    return Section(
        title,
        sentences=text.emerging(words, known[0][1].step),
        tables=[headed(words, text.ROSE_OR_FELL._replace(columns=kinds), rows)],
        behind=[table(words.say(text.CLASSES.caption), takes, classes)],
        behind_name=words.say(text.BEHIND[text.EMERGING]),
    )


def seasons(words: Words, categories: Categories, changes: Changes | None) -> Section:
    """Show the week, the series and the effects of the calendar."""
    figures, behind, times, silent = [], [], [], []
    shifts = {} if changes is None else {c.category: c.shifts for c in changes.categories}
    for place, one in enumerate(categories):
        clock, daily = one.seasons.clock, one.seasons.decomposition
        drawn = charts.clock(words, clock, f"clock{place}", one.name)
        figures.append((drawn, words.say("Week of {category}.", category=one.name)))
        shares = (clock.wide_share, clock.midnight_share, clock.noon_share)
        times.append([one.name, words.number(clock.incidents), *map(words.percent, shares)])
        if daily is not None:
            drawn = charts.series(
                words, daily, shifts.get(one.name, ()), f"series{place}", one.name
            )
            said = words.say(
                "{category}: days, trend with 95% band, level shifts (dashed).", category=one.name
            )
            figures.append((drawn, said))
        if one.seasons.effects is None:
            silent.append(one.name)
            continue
        rows = [
            [
                words.say(names.KINDS_OF_DAY[effect.name]),
                words.number(effect.days),
                words.number(effect.ratio),
                ends(words, effect.low, effect.high),
                words.number(effect.q_value),
            ]
            for effect in one.seasons.effects
        ]
        caption = words.say("{category}: incidents a day, by the mean day", category=one.name)
        behind.append(table(caption, [*map(words.say, text.EFFECT_COLUMNS)], rows))
    return Section(
        words.say(text.SEASONS), sentences=text.seasons(words, silent), figures=figures,
        tables=[headed(words, text.TABLES[text.SEASONS], times)], behind=behind,
        behind_name=words.say(text.BEHIND[text.SEASONS]),
    )  # fmt: skip


def changes(words: Words, found: Patterns, places: Mapping[str, Place]) -> Section:
    """Name the level shifts, and what the watch of the last weeks found.

    Larger areas are named by the place in their middle, of `places` by area.
    """
    title = words.say(text.CHANGE)
    if found.changes is None:
        return Section(title, sentences=[words.say(text.FEW_WEEKS)])
    rows = [
        [
            one.category or "", _area(words, one.area, places), words.day(shift.week),
            words.number(shift.ratio), ends(words, shift.low, shift.high),
            words.number(one.q_value),
            words.listed([names.sign(words, sign) for sign in shift.signs])
            or words.say(text.NONE_SEEN),
        ]
        for one in found.changes.categories + found.changes.areas
        for shift in one.shifts
    ]  # fmt: skip
    shifts = headed(words, text.TABLES[text.CHANGE], rows, headers=2)
    return Section(
        title,
        sentences=text.changes(words, found.changes, found.watch),
        tables=[shifts] if rows else [],
    )


def _area(words: Words, area: str | None, places: Mapping[str, Place]) -> str:
    name = names.area_name(words, area)
    if area is None or area not in places:
        return name
    return words.say("{area} ({place})", area=name, place=around(words, places[area]))


def before_after(words: Words, categories: Categories) -> list[Section]:
    """Compare before and after a change, where the study names one."""
    rows = [
        [
            one.name,
            *(in_full(words, e) for e in (found.local, found.displaced, found.total)),
            words.number(found.test.p_value),
        ]
        for one in categories
        if (found := one.before_after) is not None
    ]
    return [_section(words, text.BEFORE_AFTER, rows)] if rows else []
