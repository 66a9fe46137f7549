"""Sections of a page on patterns of area counts: tables and drawings of what the types hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from markupsafe import Markup

from veedor.patterns.areas import AreaShift, OffencePatterns, OffenceRates
from veedor.report import area_charts as charts
from veedor.report.audit_sections import headed
from veedor.report.document import Section
from veedor.report.drawn_maps import Drawing
from veedor.report.tables import Table
from veedor.report.words import Words
from veedor.report.words import area_charts as chart_text
from veedor.report.words import area_cover as said
from veedor.report.words import area_sections as text
from veedor.report.words.intervals import in_brackets
from veedor.statistics.estimates import Estimate
from veedor.statistics.suppression import SMALL_COUNT, Addition, suppressed
from veedor.study.area_patterns import AreasDescribed

#: Maps side by side, and funnels and courses one below another, of so many offences.
_MOST_DRAWN = 12
#: Offence -> areas whose numbers are hidden.
Hidden = Mapping[str, frozenset[str]]


def names_of(made: AreasDescribed) -> dict[str, str]:
    """Names of places, by code."""
    return dict(zip(made.found.areas.codes, made.found.areas.names, strict=True))


def sections_of(made: AreasDescribed, words: Words, drawing: Drawing | None) -> list[Section]:
    """Lay out the sections, each folded under what it found.

    Parameters
    ----------
    made : AreasDescribed
    words : Words
    drawing : Drawing, optional
        Of the outlines, its ground already in the page; None without outlines.
    """
    names = names_of(made)
    hidden = {
        one.code: hidden_areas(one.rates) for one in made.found.offences if one.rates is not None
    }
    sections = [
        _trends(made, words, names),
        _left_out(made, words, names),
        _rates(made, words, names, drawing, hidden),
        _funnels(made, words, names, hidden),
        _neighbours(made, words),
    ]
    return [
        replace(one, title=said.heading(words, one.title, made.found), folded=True)
        for one in sections
    ]


def _with_rates(made: AreasDescribed) -> list[OffencePatterns]:
    return [one for one in made.found.offences if one.rates is not None]


def _trends(made: AreasDescribed, words: Words, names: dict[str, str]) -> Section:
    found = made.found
    rate = found.false_discovery_rate
    rows, figures, behind = [], [], []
    for place, one in enumerate(found.offences):
        counted = said.counts(one, rate)
        shifted = [shift for each in one.series[1:] for shift in each.shifts]
        rows.append(
            [
                one.name, one.first or "", one.last or "",
                said.change(words, one.series[0]) if one.series else words.say(said.NONE),
                *(words.number(counted[key]) for key in ("rose", "fell", "not_shown", "untested")),
                words.number(sum(not shift.beside for shift in shifted)),
                words.number(sum(bool(shift.beside) for shift in shifted)),
            ]
        )  # fmt: skip
        if one.series and place < _MOST_DRAWN:
            drawn = charts.series(words, made.ground, one, names, f"courses{place}", rate)
            figures.append((drawn, one.name))
        behind += _named(words, one, names, rate)
    return Section(
        text.TRENDS,
        sentences=[
            words.say(text.TRENDS_SAID),
            *_broken(made, words),
            words.say(text.COURSES_SAID),
        ],
        figures=figures,
        tables=[headed(words, text.BY_OFFENCE, rows)],
        behind=behind,
        behind_name=words.say(text.BEHIND_TRENDS),
    )


def _broken(made: AreasDescribed, words: Words) -> Iterator[str]:
    """Say of every offence that comes to mean something else what changed, and who says so."""
    for one in made.found.offences:
        for day in one.breaks:
            told = next(
                each
                for code in one.codes
                for each in made.ground.record.breaks
                if each.concerns(code) and each.day.isoformat() == day
            )
            yield words.say(
                "{offence} means something else from {day} on ({source}): {what} No trend crosses "
                "that day; {first} to {last} is described.",
                offence=one.name, day=words.day(day), source=told.source,
                what=words.translated(told.what), first=chart_text.span(words, one.first),
                last=chart_text.span(words, one.last),
            )  # fmt: skip


def _named(words: Words, one: OffencePatterns, names: dict[str, str], rate: float) -> list[Table]:
    """Lay out the trends and the shifts of an offence that are named."""
    trends = [
        [
            chart_text.area_name(words, names, each.area), words.number(each.recorded),
            words.number(each.spans), said.change(words, each), words.number(each.trend_q),
        ]
        for each in one.series
        if chart_text.is_named(each, rate)
    ]  # fmt: skip
    shifts = [
        [
            chart_text.area_name(words, names, each.area), shift.first,
            words.number(shift.ratio), words.number(each.shift_q),
            words.say(text.SHIFTED[_seen_as(shift)]),
        ]
        for each in one.series
        for shift in each.shifts
    ]  # fmt: skip
    made = []
    if trends:
        made.append(headed(words, text.NAMED_TRENDS, trends, offence=one.name))
    if shifts:
        made.append(headed(words, text.NAMED_SHIFTS, shifts, offence=one.name))
    return made


def _seen_as(shift: AreaShift) -> str:
    if shift.beside:
        return "not_reported"
    return "rise" if shift.change > 0 else "fall"


def _left_out(made: AreasDescribed, words: Words, names: dict[str, str]) -> Section:
    rows, behind = [], []
    for one in made.found.offences:
        places = [each for each in one.series if each.area is not None]
        counted = [
            sum(out.spans for each in places for out in each.left_out if out.why == why)
            for why in text.REASONS
        ]
        rows.append([one.name, *map(words.number, counted)])
        runs = [
            [
                chart_text.area_name(words, names, each.area), out.first, out.last,
                words.number(out.spans), words.say(text.REASONS[out.why]),
            ]
            for each in places
            for out in each.doubted
        ]  # fmt: skip
        if runs:
            behind.append(headed(words, text.RUNS, runs, offence=one.name))
    anything = any(
        out.spans for one in made.found.offences for e in one.series for out in e.left_out
    )
    return Section(
        text.LEFT_OUT,
        sentences=[words.say(text.LEFT_OUT_SAID if anything else text.NOTHING_LEFT_OUT)],
        tables=[headed(words, text.REASONS_BY_OFFENCE, rows)] if anything else [],
        behind=behind,
        behind_name=words.say(text.BEHIND_RUNS),
    )


def _rates(
    made: AreasDescribed,
    words: Words,
    names: dict[str, str],
    drawing: Drawing | None,
    hidden: Hidden,
) -> Section:
    offences = _with_rates(made)
    if not offences:
        return Section(text.RATES, sentences=[words.say(text.NO_POPULATION)])
    rows, behind = [], []
    for one in offences:
        rates = one.rates
        if rates is None:
            continue
        with_rate = sum(each.rate.value is not None for each in rates.areas)
        rows.append(
            [
                one.name, words.say("{low} to {high}", low=rates.first, high=rates.last),
                _rate(words, rates.overall), words.number(with_rate),
                words.number(rates.not_reported), words.number(rates.without_population),
                words.percent(rates.between),
            ]
        )  # fmt: skip
        behind.append(_of_areas(words, one, names, hidden[one.code]))
    figures: list[tuple[Markup, str]] = []
    if drawing is not None:
        drawn = charts.maps(words, drawing, made.ground, offences[:_MOST_DRAWN])
        figures.append((drawn, words.say(text.MAPS_SAID)))
    return Section(
        text.RATES,
        sentences=[
            words.say(text.RATES_SAID),
            *_denominator(made, words),
            words.say(text.SMALL_SAID, k=SMALL_COUNT),
        ],
        figures=figures,
        tables=[headed(words, text.OVERALL, rows)],
        behind=behind,
        behind_name=words.say(text.BEHIND_RATES),
    )


def _denominator(made: AreasDescribed, words: Words) -> Iterator[str]:
    if made.found.population is not None:
        source, vintage = made.found.population
        yield words.say("People by {source}, {vintage}.", source=source, vintage=vintage)


def hidden_areas(rates: OffenceRates) -> frozenset[str]:
    """Codes of areas of which no number stands in a table: small counts, and what gives them back.

    All places with a rate add up to what is said of them together.
    """
    counted = [each for each in rates.areas if each.rate.value is not None and each.recorded]
    values = [int(each.recorded or 0) for each in counted]
    parts = tuple(range(len(values)))
    hidden = suppressed([*values, sum(values)], [Addition(len(values), parts)])[: len(values)]
    return frozenset(each.area for each, hide in zip(counted, hidden, strict=True) if hide)


def _of_areas(
    words: Words, one: OffencePatterns, names: dict[str, str], hidden: frozenset[str]
) -> Table:
    rates, rows = one.rates, []
    for each in () if rates is None else rates.areas:
        position = "" if each.position is None else words.say(chart_text.POSITIONS[each.position])
        numbers = [
            words.number(each.recorded), words.number(each.spans), _rate(words, each.rate),
            _rate(words, each.shrunk), _rate(words, each.shrunk_near), position,
        ]  # fmt: skip
        if each.area in hidden:
            numbers = [words.say(text.HIDDEN), numbers[1], "", "", "", ""]
        rows.append([names[each.area], *numbers])
    return headed(
        words, text.OF_AREAS, rows, offence=one.name,
        first="" if rates is None else chart_text.span(words, rates.first),
        last="" if rates is None else chart_text.span(words, rates.last),
    )  # fmt: skip


def _rate(words: Words, estimate: Estimate) -> str:
    if estimate.value is None:
        return words.say(chart_text.NO_RATE)
    return words.say(
        "{value} ({interval})", value=words.number(estimate.value),
        interval=in_brackets(words, estimate),
    )  # fmt: skip


def _funnels(made: AreasDescribed, words: Words, names: dict[str, str], hidden: Hidden) -> Section:
    figures, rows, outside = [], [], []
    for place, one in enumerate(_with_rates(made)):
        if one.rates is None or one.rates.funnel is None:
            continue
        mine = hidden[one.code]
        limits, positions = one.rates.funnel, [each.position for each in one.rates.areas]
        rows.append(
            [
                one.name, words.number(len(positions) - positions.count(None)),
                words.number(positions.count("above")), words.number(positions.count("below")),
                words.number(limits.by_chance, 2), words.number(limits.dispersion),
                words.say(text.WIDENED[limits.widened]),
            ]
        )  # fmt: skip
        outside += [
            [
                one.name, names[each.area], words.say(chart_text.POSITIONS[str(each.position)]),
                words.say(text.HIDDEN) if each.area in mine else _rate(words, each.rate),
            ]
            for each in one.rates.areas
            if each.position in ("above", "below")
        ]  # fmt: skip
        if place < _MOST_DRAWN:
            figures.append(
                (charts.funnel(words, one, names, f"funnel{place}", hidden[one.code]), one.name)
            )
    if not rows:
        return Section(text.FUNNELS, sentences=[words.say(text.NO_POPULATION)])
    tables = [headed(words, text.FUNNEL_LIMITS, rows)]
    if outside:
        tables.append(headed(words, text.OUTSIDE, outside, headers=2))
    return Section(
        text.FUNNELS,
        sentences=[words.say(text.FUNNELS_SAID), words.say(text.SMALL_SAID, k=SMALL_COUNT)],
        figures=figures,
        tables=tables,
    )


def _neighbours(made: AreasDescribed, words: Words) -> Section:
    offences = _with_rates(made)
    if not offences:
        return Section(text.NEIGHBOURS, sentences=[words.say(text.NO_POPULATION)])
    if not made.found.areas.outlined:
        return Section(text.NEIGHBOURS, sentences=[words.say(text.NO_OUTLINES)])
    rows: list[Sequence[str]] = []
    for one in offences:
        rates = one.rates
        if rates is None:
            continue
        test = rates.association
        rows.append(
            [
                one.name, words.number(None if test is None else test.statistic),
                words.number(None if test is None else test.p_value),
                words.number(one.association_q), words.number(rates.association_places),
                words.number(rates.islands),
            ]
        )  # fmt: skip
    return Section(
        text.NEIGHBOURS,
        sentences=[words.say(text.NEIGHBOURS_SAID)],
        tables=[headed(words, text.ASSOCIATION, rows)],
    )
