"""The page across studies: in how many a forecast was shown to be better, and where."""

from __future__ import annotations

import os
from collections.abc import Mapping
from urllib.parse import quote

from veedor.errors import VeedorError
from veedor.report.comparison_cover import COMBINED, plain_name
from veedor.report.cover import Cover
from veedor.report.document import Document, Section
from veedor.report.many_chart import by_study, limits_of
from veedor.report.tables import Table, table
from veedor.report.words import Words
from veedor.report.words import many as told
from veedor.report.words.examination import ABSENT
from veedor.report.words.study_cover import STANDINGS, gained, whose
from veedor.study.across import Across, AcrossCategory, AcrossStudy, InStudies, in_studies
from veedor.verification.judging import ABOUT_AS_GOOD, standing, together


def page(across: Across, not_run: Mapping[str, VeedorError], words: Words) -> Document:
    """Lay out what several studies show together.

    Parameters
    ----------
    across : Across
        The content of ``results.json``.
    not_run : dict of str to VeedorError
        Study -> what stopped it.
    words : Words
    """
    chosen = chosen_of(across)
    who = "" if chosen is None else plain_name(words, chosen.forecaster, chosen.kind)[0]
    tone, finding = told.finding(words, across, chosen)
    because = [told.family(words, across)] if across.comparisons else []
    if chosen is not None:
        best_of = sum(one.better + one.worse + one.not_shown > 0 for one in across.forecasters)
        if chosen.kind == COMBINED:
            because.append(
                words.say("The combined forecast mixes its members that had enough data.")
            )
        elif best_of > 1:
            because.append(whose(words, chosen.forecaster, best_of))
    if not_run:
        because.append(told.without(words, len(not_run)))
    sections = [_category(across, name, chosen, who, words) for name in across.categories]
    if not_run:
        points = [told.stopped(words, *one) for one in not_run.items()]
        sections.append(
            Section(told.left(words, len(not_run)), points=points, folded=True, anchor="not-run")
        )
    if across.studies:
        links = [(told.report_of(words, one), link_to(one)) for one in across.studies]
        title = told.every_study(words, len(across.studies))
        sections.append(Section(title, links=links, folded=True, anchor="studies"))
    plain = told.concluded(words, across, chosen, who) if across.comparisons else []
    plain += [
        told.not_compared(words, plain_name(words, one.forecaster, one.kind)[0], one.not_compared)
        for one in across.forecasters
        if one.not_compared
    ]
    return Document(
        told.title(words),
        told.lead(words, across),
        words.say("All figures are in results.json; comparisons.csv has a row a comparison."),
        Section(sentences=plain),
        sections=sections,
        cover=Cover(
            finding=finding,
            tone=tone,
            because=" ".join(because),
            tables=_forecasters(across, chosen, words),
            cautions=told.cautions(words),
        ),
    )


def chosen_of(across: Across) -> InStudies | None:
    """Return the forecaster that the verdict is on: the combined one, else what gained most.

    As in one study: of all its gains, by the incidents that each is out of.
    """
    if not across.forecasters:
        return None
    combined = [one for one in across.forecasters if one.kind == COMBINED]
    if combined:
        return min(combined, key=lambda one: one.not_compared)
    total = {one.forecaster: 0.0 for one in across.forecasters}
    for _, _, row in across.rows():
        total[row.forecaster] += (row.gain.estimate.value or 0.0) * row.gain.estimate.n
    known = [one for one in across.forecasters if one.not_compared < len(across.studies)]
    return max(known or across.forecasters, key=lambda one: total[one.forecaster])


def link_to(one: AcrossStudy) -> str:
    """Return the way from the page to a study's own report."""
    return f"../{quote(os.fsencode(one.study))}/results/report.html"


def _forecasters(across: Across, chosen: InStudies | None, words: Words) -> tuple[Table, ...]:
    """Count for each forecaster the studies by where it stands."""
    if not across.forecasters:
        return ()
    return (
        table(
            told.called(words, across),
            [
                words.say("Forecast"),
                words.say("Better"),
                words.say("Worse"),
                words.say("Not shown"),
            ],
            [
                [
                    plain_name(words, one.forecaster, one.kind)[0],
                    *map(words.number, (one.better, one.worse, one.not_shown)),
                ]
                for one in sorted(across.forecasters, key=lambda one: one != chosen)
            ],
        ),
    )


def _category(
    across: Across, category: str, chosen: InStudies | None, who: str, words: Words
) -> Section:
    """Show one category: the forecast that the verdict is on drawn, all in a table."""
    held = [
        (one, each)
        for one in across.studies
        for each in one.categories
        if each.category == category
    ]
    found = (
        None
        if chosen is None
        else in_studies(across.studies, chosen.forecaster, chosen.kind, category)
    )
    drawn = [
        (one.study, row.gain)
        for one, each in held
        for row in each.comparisons
        if chosen is not None
        and row.forecaster == chosen.forecaster
        and together(row.gain) is not None
    ]
    number = across.categories.index(category)
    figures = []
    if drawn and chosen is not None:
        every = [row.gain for _, _, row in across.rows() if row.forecaster == chosen.forecaster]
        title = told.chart_title(words, category, who)
        chart = by_study(words, drawn, limits_of(every), key=f"across-{number}", title=title)
        figures.append((chart, title))
    return Section(
        told.of_category(words, category, found, len(held)),
        sentences=[told.lines(words, across.comparisons, ABOUT_AS_GOOD)]
        if across.comparisons
        else [],
        figures=figures,
        behind=[
            table(
                words.say("Every forecast of {category}, by study", category=category),
                [
                    words.say("Study"),
                    words.say("Forecast"),
                    words.say("Recorded"),
                    words.say("Verdict"),
                    told.chart_axis(words),
                    words.say("p, over all comparisons"),
                ],
                [row for one, each in held for row in _rows(one, each, words)],
                2,
            )
        ],
        folded=True,
        anchor=f"category-{number}",
    )


def _rows(one: AcrossStudy, each: AcrossCategory, words: Words) -> list[list[str]]:
    recorded = words.number(each.recorded)
    rows = []
    for row in each.comparisons:
        gain = row.gain
        _, word = STANDINGS[standing(gain)]
        value = gain.estimate.value
        rows.append(
            [
                one.study,
                plain_name(words, row.forecaster, row.kind)[0],
                recorded,
                words.say(word),
                words.number(None) if value is None else gained(words, value, together(gain)),
                words.number(gain.p_adjusted),
            ]
        )
    _, absent = STANDINGS[ABSENT]
    blank = words.number(None)
    rows += [[one.study, who, recorded, words.say(absent), blank, blank] for who in each.absent]
    return rows
