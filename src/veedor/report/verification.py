"""The page on anyone's forecasts, held against what was recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from veedor.report.comparison_cover import (
    PLAIN_COUNTING,
    CategoryCompared,
    Compared,
    matrix,
    proof,
)
from veedor.report.cover import Cover, Picture
from veedor.report.document import Document, Section
from veedor.report.examination import (
    captured_shown,
    categories_together,
    definitions,
    sections,
    totals_held,
)
from veedor.report.examination_charts import Charts, Look, looks
from veedor.report.facts import Field, opened
from veedor.report.facts import tables as facts
from veedor.report.words import Words
from veedor.report.words import examination as found
from veedor.report.words import study_cover as plainly
from veedor.report.words import study_folds as folds
from veedor.report.words import verification as told
from veedor.report.words import verification_cover as covered
from veedor.report.words.studies import short_gains
from veedor.study.verification import Verification, VerifiedCategory
from veedor.verification import Examination


def verification_report(results: Verification, words: Words) -> Document:
    """Build the page."""
    look = looks([category.examination for category in results.categories])
    return Document(
        title=told.title(words, results),
        subtitle=told.subtitle(words, results),
        made=told.made(words, results),
        plain=Section(
            folds.of_sentences(
                words, sum(len(one.examination.comparisons) for one in results.categories)
            ),
            sentences=[
                *told.what_was_read(words, results),
                *(
                    sentence
                    for category in results.categories
                    for sentence in _found(words, category)
                ),
            ],
        ),
        cautions=told.cautions(words),
        headline=[
            short_gains(
                words,
                words.say("How each forecast did"),
                [one.examination for one in results.categories],
            )
        ],
        cover=_cover(words, results, look),
        sections=[replace(one, folded=True) for one in _sections(words, results, look)],
    )


def _sections(words: Words, results: Verification, look: Look) -> Iterator[Section]:
    examined = [one.examination for one in results.categories]
    on_cover = _most(results)
    shown = [
        sections(words, one, look, f"c{place}", captured=one is not on_cover)
        for place, one in enumerate(examined)
    ]
    values = [row.gain.estimate.value for one in examined for row in one.comparisons]
    failed = [found.incompatible(of) for one in examined for of in one.forecasters]
    asked = [fields for fields in failed if fields is not None]
    yield Section(
        folds.of_scores(words, [value for value in values if value is not None]),
        parts=[
            *(part for one in shown for part in (one.comparison, one.places)),
            *categories_together(words, results.category_tests),
        ],
    )
    yield Section(
        folds.of_periods(words, *totals_held(examined)),
        sentences=[folds.about_periods(words)],
        parts=[one.periods for one in shown],
    )
    yield Section(
        folds.of_calibration(words, sum(map(bool, asked)), len(asked)),
        sentences=[folds.about_calibration(words)],
        parts=[one.calibration for one in shown],
    )
    yield Section(
        covered.what_was_read(words, len(results.files), results.cells.count),
        tables=[
            *facts(words, words.say("Record"), _record(words, results)),
            *facts(words, words.say("Forecast files"), results.files),
            *facts(words, words.say("Cells"), results.cells),
        ],
    )
    scores = definitions(words)
    yield Section(covered.meaning(words, len(scores.rows)), tables=[scores])


def _record(words: Words, results: Verification) -> dict[str, Any]:
    """Give what was read of the record, the reasons of rows set aside in words."""
    aside = results.record.set_aside
    stated: dict[str, Any] = opened(results.record)
    return stated | {Field("set_aside"): {words.own(why): count for why, count in aside.items()}}


def _cover(words: Words, results: Verification, look: Look) -> Cover:
    compared = _compared(words, results)
    chosen = compared.chosen
    stands = [] if chosen is None else list(compared.stands(chosen.name).values())
    reference = compared.reference
    if compared.plain:
        tone, finding = plainly.finding(words, stands)
        because = plainly.because(
            words,
            {},
            "" if chosen is None else chosen.name,
            0 if chosen is None else chosen.best_of,
            "",
        )
    else:
        reasons = (one.no_reference_because for one in results.categories)
        why = next((one for one in reasons if one), None)
        tone, finding = covered.finding(words, stands, reference)
        because = covered.because(
            words,
            reference,
            why,
            "" if chosen is None else chosen.name,
            0 if chosen is None else chosen.best_of,
        )
    shown = None if chosen is None else proof(compared, chosen.name, words)
    most = _most(results)
    return Cover(
        finding=finding,
        tone=tone,
        because=" ".join(
            filter(
                None,
                [
                    told.far_at_a_glance(words, [one.examination for one in results.categories]),
                    plainly.judged_otherwise(words, because, tone, shown),
                ],
            )
        ),
        proof=shown,
        matrix=matrix(compared, words),
        picture=Picture(
            covered.captured(words, most.category),
            Charts(words, most, look, "cover").captured(),
            notes=(captured_shown(words, most.category),),
        ),
        cautions=plainly.cautions(words),
    )


def _most(results: Verification) -> Examination:
    """Return what was examined of the category with most recorded: the cover draws it."""
    return max((one.examination for one in results.categories), key=lambda one: one.recorded.inside)


def _compared(words: Words, results: Verification) -> Compared:
    """Gather what was compared: of anyone's forecasts nothing but their names is known."""
    examined = [one.examination for one in results.categories]
    references = sorted({one.reference for one in examined})
    reference = words.listed(references)
    compared = (row.forecaster for one in examined for row in one.comparisons)
    kinds = dict.fromkeys((*compared, reference), "")
    if references == [PLAIN_COUNTING]:
        kinds[PLAIN_COUNTING] = PLAIN_COUNTING
    return Compared(
        tuple(CategoryCompared(one.category, one) for one in examined), kinds, reference
    )


def _found(words: Words, category: VerifiedCategory) -> Iterator[str]:
    one = category.examination
    yield from told.about_far_totals(words, one)
    for row in one.comparisons:
        yield found.how_it_did(words, one, row)
    if not one.comparisons:
        yield told.nothing_compared(words, one.category)
    for each in one.forecasters:
        if not (one.reference_made and each.forecaster == one.reference):
            yield found.compatible(words, one.category, each)
    if said := found.captured(words, one):
        yield said
