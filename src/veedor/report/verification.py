"""The page on anyone's forecasts, held against what was recorded."""

from __future__ import annotations

from collections.abc import Iterator

from veedor.report.document import Document, Section
from veedor.report.examination import categories_together, definitions, sections
from veedor.report.examination_charts import looks
from veedor.report.facts import tables as facts
from veedor.report.words import Words
from veedor.report.words import examination as found
from veedor.report.words import verification as told
from veedor.study.verification import Verification, VerifiedCategory


def verification_report(results: Verification, words: Words) -> Document:
    """Build the page."""
    look = looks([category.examination for category in results.categories])
    return Document(
        title=told.title(words, results),
        subtitle=told.subtitle(words, results),
        made=told.made(words, results),
        plain=Section(
            words.say("In plain words"),
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
        sections=[
            *(
                section
                for place, category in enumerate(results.categories)
                for section in vars(
                    sections(words, category.examination, look, f"c{place}")
                ).values()
            ),
            *categories_together(words, results.category_tests),
            Section(
                words.say("What was read"),
                tables=[
                    *facts(words, words.say("Record"), results.record),
                    *facts(words, words.say("Forecast files"), results.files),
                    *facts(words, words.say("Cells"), results.cells),
                ],
            ),
            Section(words.say("What the scores mean"), tables=[definitions(words)]),
        ],
    )


def _found(words: Words, category: VerifiedCategory) -> Iterator[str]:
    one = category.examination
    for row in one.comparisons:
        yield found.how_it_did(words, one, row)
    if not one.comparisons:
        yield told.nothing_compared(words, one.category)
    for each in one.forecasters:
        if not (one.reference_made and each.forecaster == one.reference):
            yield found.compatible(words, one.category, each)
    if said := found.captured(words, one):
        yield said
