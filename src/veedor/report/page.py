"""From the results of a run and the maps to the page: every sentence, table and chart, finished.

The template only lays out what stands here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup
from msgspec import structs

from veedor.areas.quality_report import AreaQuality
from veedor.incidents.quality_report import QualityReport
from veedor.report import facts
from veedor.report.area_check_sections import area_sections
from veedor.report.counted import counted
from veedor.report.document import Document, Section
from veedor.report.examination import (
    categories_together,
    definitions,
    sections,
    totals_held,
)
from veedor.report.examination_charts import Look, gains, looks
from veedor.report.excitation import excitations
from veedor.report.history import history
from veedor.report.map_section import map_section
from veedor.report.maps import Maps
from veedor.report.named_places import places_by_category
from veedor.report.quality import quality
from veedor.report.stack import stacks
from veedor.report.study_cover import cover
from veedor.report.tables import Table, table
from veedor.report.words import Words, study_cover
from veedor.report.words import examination as found
from veedor.report.words import study as told
from veedor.report.words import study_folds as folds
from veedor.report.words.intervals import ends, interval_with_level, out_of
from veedor.report.words.lengths import length_of
from veedor.study.manifest import RunManifest
from veedor.study.results import StudyCategory, StudyResults
from veedor.verification.judging import together


def page(
    results: StudyResults,
    read: QualityReport | AreaQuality,
    manifest: RunManifest,
    maps: Maps,
    patterns: Sequence[Section],
    words: Words,
) -> Document:
    """Build the page.

    Parameters
    ----------
    results : StudyResults
    read : QualityReport, or AreaQuality of counts
    manifest : RunManifest
    maps : Maps
    patterns : sequence of Section
        What the record shows; no chapter if empty.
    words : Words
    """
    drawn = map_section(maps, results.periods, results.study.reference, words)
    compared = [row for one in results.categories for row in one.examination.comparisons]
    return Document(
        title=results.study.title,
        subtitle=study_cover.lead(words, results),
        made=told.made(words, results),
        plain=_sentences(words, results, folds.of_sentences(words, len(compared))),
        cautions=told.not_to_conclude(words, results),
        cover=cover(results, maps, drawn, words),
        sections=[
            Section(
                folds.of_map(words, *reversed(maps.shape)),
                map=structs.replace(drawn, ground=Markup("")),
                behind=places_by_category(words, maps.expected),
                behind_name=words.say("Table: the places with most expected in the last period"),
                folded=True,
                anchor="map",
            ),
            *_examined(words, results),
            *_counted(words, results),
            *_patterns(words, patterns),
            _read(words, read),
            _parameters(words, results, manifest),
        ],
    )


def _counted(words: Words, results: StudyResults) -> list[Section]:
    """Say what counts by area count; nothing of single incidents."""
    counts = results.counts
    return [] if counts is None else [counted(words, results, counts)]


def _read(words: Words, read: QualityReport | AreaQuality) -> Section:
    """Say what the record is like."""
    if isinstance(read, AreaQuality):
        return Section(
            folds.of_area_quality(words, read.states),
            sentences=[folds.about_area_quality(words)],
            parts=[
                dataclasses.replace(one, folded=False, anchor="")
                for one in area_sections(words, read)
            ],
            folded=True,
            anchor="quality",
        )
    return Section(
        folds.of_quality(words, read.rows.kept, read.rows.read),
        sentences=[folds.about_quality(words)],
        parts=quality(words, read),
        folded=True,
        anchor="quality",
    )


def _sentences(words: Words, results: StudyResults, title: str) -> Section:
    """Say everything that was found in whole sentences, and set it in tables."""
    reference = results.study.reference
    gains = [row.gain for one in results.categories for row in one.examination.comparisons]
    missing = sum(len(one.absent) for one in results.categories)
    in_all = told.headline(words, gains, reference, missing)
    counts, first = _counts(words, results), _first_table(words, results)
    shown = words.say("Table: every forecaster against the reference, and what was counted")
    return Section(
        title,
        sentences=[told.subtitle(words, results)],
        parts=[
            Section(words.say("What was forecast"), told.what_was_forecast(words, results)),
            Section(
                words.say("How it did against {reference}", reference=reference),
                [in_all, *filter(None, [told.what_verdicts_hold(words, gains, reference)])],
                parts=[_found(words, category) for category in results.categories],
            ),
            Section(
                behind=[first, counts] if first.rows else [counts],
                behind_name=shown if first.rows else words.say("Table: what was counted"),
            ),
        ],
    )


def _found(words: Words, category: StudyCategory) -> Section:
    """Say of one category where each forecaster stands, and what it is not compatible with."""
    one = category.examination
    return Section(
        category.name,
        sentences=list(filter(None, [found.captured(words, one)])),
        points=[
            *(found.how_it_did(words, one, row) for row in one.comparisons),
            *(told.absent(words, category.name, absent) for absent in category.absent),
            *filter(None, (found.compatible(words, category.name, of) for of in one.forecasters)),
        ],
    )


def _examined(words: Words, results: StudyResults) -> list[Section]:
    """Build the sections on scores, periods and calibration."""
    reference, categories = results.study.reference, results.categories
    examined = [one.examination for one in categories]
    look = looks(examined)
    shown = [
        sections(words, one, look, f"c{place}", per_origin=results.periods.per_origin)
        for place, one in enumerate(examined)
    ]
    comparisons, places = [one.comparison for one in shown], [one.places for one in shown]
    for at, category in enumerate(categories):
        if left_out := told.left_out(words, category):
            sentences = [left_out, *comparisons[at].sentences]
            comparisons[at] = dataclasses.replace(comparisons[at], sentences=sentences)
    values = [row.gain.estimate.value for one in examined for row in one.comparisons]
    failed = [found.incompatible(of) for one in examined for of in one.forecasters]
    asked = [fields for fields in failed if fields is not None]
    worth = [
        history(words, one, results, look, f"c{place}-history")
        for place, one in enumerate(categories)
    ]
    return [
        Section(
            folds.of_scores(words, [value for value in values if value is not None]),
            sentences=[folds.about_scores(words, reference)],
            parts=[
                *_gains(words, results, look),
                *stacks(words, results),
                *excitations(words, results),
                *(part for pair in zip(comparisons, places, strict=True) for part in pair),
                *categories_together(words, results.category_tests),
                Section(words.say("What the length of the record is worth"), parts=worth),
                Section(words.say("What the scores mean"), tables=[definitions(words)]),
            ],
            folded=True,
            anchor="scores",
        ),
        Section(
            folds.of_periods(words, *totals_held(examined)),
            sentences=[folds.about_periods(words)],
            parts=[one.periods for one in shown],
            folded=True,
            anchor="origins",
        ),
        Section(
            folds.of_calibration(words, sum(map(bool, asked)), len(asked)),
            sentences=[folds.about_calibration(words)],
            parts=[one.calibration for one in shown],
            folded=True,
            anchor="calibration",
        ),
    ]


def _patterns(words: Words, chapter: Sequence[Section]) -> list[Section]:
    if not chapter:
        return []
    title = folds.of_patterns(words, len(chapter))
    return [Section(title, parts=chapter, folded=True, anchor="patterns")]


def _parameters(words: Words, results: StudyResults, manifest: RunManifest) -> Section:
    """Give every parameter, every hash and the study file."""
    stated: dict[str, Any] = facts.opened(structs.replace(manifest, study_toml=""))
    steps = stated["seconds"]
    stated["seconds"] = {facts.Field(step): took for step, took in steps.items()}
    stated = {key: value for key, value in stated.items() if value not in ("", [])}
    return Section(
        folds.of_parameters(words, len(results.forecasters)),
        sentences=[folds.about_parameters(words)],
        parts=[
            Section(
                words.say("Manifest"), tables=facts.tables(words, words.say("Manifest"), stated)
            ),
            Section(
                words.say("Parameters"),
                behind=_settings(words, results),
                behind_name=words.say("Every parameter, as set and as fitted"),
            ),
            Section(words.say("Study file"), verbatim=manifest.study_toml),
        ],
        folded=True,
        anchor="parameters",
    )


def _gains(words: Words, results: StudyResults, look: Look) -> list[Section]:
    """Draw the gains of all forecasters, and say what the choice of places alone gained."""
    reference, examined = results.study.reference, [one.examination for one in results.categories]
    drawing = gains(words, examined, look)
    shown = words.say(
        "Information gain over {reference} with its interval. The line at 0 is {reference} itself.",
        reference=reference,
    )
    title = words.say("Information gain over {reference}", reference=reference)
    made = [Section(title, figures=[(drawing, shown)] if drawing else ())]
    points = [found.at_same_totals(words, one, row) for one in examined for row in one.comparisons]
    if points:
        places = words.say(
            "The choice of places alone: every forecast's means scaled to the same total and "
            "scored as Poisson, so that neither how many nor how dispersed counts. In nats "
            "per incident; better or worse is said at 5% over all of these lines:"
        )
        made.append(Section(sentences=[places], points=points))
    return made


def _first_table(words: Words, results: StudyResults) -> Table:
    """Set every forecaster of every category beside the reference: gain and verdict."""
    rows = []
    for category in results.categories:
        for row in category.examination.comparisons:
            gain = row.gain
            rows.append([
                category.name,
                row.forecaster,
                words.number(gain.estimate.value),
                interval_with_level(words, gain.estimate),
                ends(words, *(together(gain) or (None, None))),
                words.number(gain.smallest_shown),
                out_of(words, gain.estimate),
                words.say(found.VERDICTS[found.verdict(gain)]),
            ])  # fmt: skip
        for absent in category.absent:
            undefined = words.number(None)
            periods = words.say(
                "{some} of {all} cut-offs without", some=absent.origins_absent, all=absent.origins
            )
            rows.append([
                category.name, absent.forecaster, *[undefined] * 4, periods,
                words.say(found.VERDICTS[found.ABSENT]),
            ])  # fmt: skip
    return table(
        words.say(
            "Information gain over {reference} (which is 0 by definition), in nats per incident",
            reference=results.study.reference,
        ),
        [
            words.say("Category"),
            words.say("Forecaster"),
            words.say("Gain"),
            words.say("95% interval"),
            words.say("Range that holds for all comparisons at once (95%)"),
            words.say("Smallest that could have been shown"),
            words.say("Out of"),
            words.say("In words"),
        ],
        rows,
        headers=2,
    )


def _counts(words: Words, results: StudyResults) -> Table:
    """Give what was counted in the forecast periods and what the forecasts were made from."""
    rows = []
    for category in results.categories:
        seen, before = category.examination.recorded, category.trained_on
        rows.append([
            category.name,
            words.own(category.known_by),
            *(words.number(count) for count in (seen.inside, seen.unlocated, seen.outside)),
            words.number(before.incidents),
            words.say(
                "{first} to {last}", first=words.day(before.first), last=words.day(before.last)
            ),
        ])  # fmt: skip
    return table(
        words.say("Incidents recorded in the forecast periods, and before the last cut-off"),
        [
            words.say("Category"),
            words.say("Known by"),
            words.say("Scored"),
            words.say("Without a place"),
            words.say("Outside the area"),
            words.say("Learned from"),
            words.say("Recorded between"),
        ],
        rows,
    )


def _settings(words: Words, results: StudyResults) -> list[Table]:
    """Every parameter: of the study, the cells, each forecaster as set and as fitted."""
    study = {
        facts.Field("schema_version"): results.schema_version,
        facts.Field("simulations"): results.simulations,
    }
    shown = [
        *facts.tables(words, words.say("Study"), facts.opened(results.study) | study),
        *facts.tables(
            words,
            words.say("Cells"),
            facts.opened(results.cells) | {facts.Field("note"): words.say(told.CELLS_NOTE)},
        ),
        table(
            words.say("Periods"),
            [words.say("What"), words.say("Value")],
            [
                [words.say("Length"), length_of(words, results.periods.length)],
                [words.say("Number"), words.number(len(results.periods.start))],
                [words.say("Periods after each cut-off"), words.number(results.periods.per_origin)],
                [
                    words.say("Lead from each cut-off to its first period"),
                    length_of(words, results.periods.lead)
                    if results.periods.lead
                    else words.say("none"),
                ],
                [
                    words.say("Cut-offs"),
                    "; ".join(words.day(cutoff) for cutoff in results.periods.data_cutoffs),
                ],
            ],
        ),
    ]
    for forecaster in results.forecasters:
        about = {
            facts.Field("kind"): forecaster.kind,
            facts.Field("package"): f"{forecaster.package} {forecaster.version}",
            facts.Field("description"): words.own(forecaster.description),
            facts.Field("role"): words.say("the reference")
            if forecaster.is_reference
            else words.say("compared with the reference"),
        }
        name = words.say("Forecaster {name}", name=forecaster.name)
        shown.extend(facts.tables(words, name, about))
        given = {
            key: words.say("none") if value is None else value
            for key, value in forecaster.parameters.items()
        }
        shown.extend(facts.tables(words, words.say("{name}: parameters", name=name), given))
    for category in results.categories:
        for who, fitted in category.fitted.items():
            name = words.say(
                "{who} for {name}, as fitted at the last cut-off", who=who, name=category.name
            )
            shown.extend(facts.tables(words, name, fitted))
    return shown
