"""From the results of a run and the maps to the page: every sentence, table and chart, finished.

The template only lays out what stands here.
"""

from __future__ import annotations

from typing import Any

from veedor.files.json_file import plain
from veedor.incidents.quality_report import QualityReport
from veedor.report import facts
from veedor.report.document import Section
from veedor.report.examination import categories_together, definitions, sections
from veedor.report.examination_charts import Look, gains, looks
from veedor.report.excitation import excitations
from veedor.report.history import history
from veedor.report.map_section import map_section
from veedor.report.maps import Maps
from veedor.report.quality import quality
from veedor.report.stack import stacks
from veedor.report.tables import Table, table
from veedor.report.words import Words
from veedor.report.words import examination as found
from veedor.report.words import study as told
from veedor.report.words.intervals import interval_with_level, out_of
from veedor.study.manifest import RunManifest
from veedor.study.results import StudyCategory, StudyResults


def page(
    results: StudyResults, read: QualityReport, manifest: RunManifest, maps: Maps, words: Words
) -> dict[str, Any]:
    """Build what the template shows.

    Parameters
    ----------
    results : StudyResults
    read : QualityReport
    manifest : RunManifest
    maps : Maps
    words : Words

    Returns
    -------
    dict
        Text (to be escaped), tables, charts, and the map with what the page's script needs.
    """
    study, examined = results.study, [one.examination for one in results.categories]
    look = looks(examined)
    compared = [row.gain for one in examined for row in one.comparisons]
    missing = sum(len(one.absent) for one in results.categories)
    return {
        "title": study.title,
        "subtitle": told.subtitle(words, results),
        "made": told.made(words, results),
        "reference": study.reference,
        "forecast": told.what_was_forecast(words, results),
        "headline": told.headline(words, compared, study.reference, missing),
        "comparisons": told.what_verdicts_hold(words, compared, study.reference),
        "cautions": told.not_to_conclude(words, results),
        "first_table": _first_table(words, results),
        "categories": [
            _category(words, place, category, results, look)
            for place, category in enumerate(results.categories)
        ],
        "gains": _gains(words, results, look),
        "together": categories_together(words, results.category_tests),
        "makers": [*stacks(words, results), *excitations(words, results)],
        "map": map_section(maps, results, words),
        "counts": _counts(words, results),
        "definitions": definitions(words),
        "quality": quality(words, read),
        "settings": _settings(words, results),
        "manifest": facts.tables(
            words,
            words.say("Manifest"),
            {
                key: value
                for key, value in plain(manifest).items()
                if key != "study_toml" and value != []
            },
        ),
        "study_toml": manifest.study_toml,
    }


def _category(
    words: Words, place: int, category: StudyCategory, results: StudyResults, look: Look
) -> dict[str, Any]:
    key, one = f"c{place}", category.examination
    shown = sections(words, one, look, key, per_origin=results.periods.per_origin)
    return {
        "name": category.name,
        "key": key,
        "verdicts": [
            {"verdict": found.verdict(row.gain), "sentence": found.how_it_did(words, one, row)}
            for row in one.comparisons
        ]
        + [
            {"verdict": found.ABSENT, "sentence": told.absent(words, category.name, absent)}
            for absent in category.absent
        ],
        "compatible": [found.compatible(words, one.category, each) for each in one.forecasters],
        "captured": found.captured(words, one),
        "not_shown": told.left_out(words, category),
        "comparison": shown.comparison,
        "places": shown.places,
        "periods": shown.periods,
        "calibration": shown.calibration,
        "history": history(words, category, results, look, f"{key}-history"),
    }


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
                category.name, absent.forecaster, undefined, undefined, undefined, periods,
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
            category.known_by,
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
    study = {"schema_version": results.schema_version, "simulations": results.simulations}
    shown = [
        *facts.tables(words, words.say("Study"), plain(results.study) | study),
        *facts.tables(
            words,
            words.say("Cells"),
            plain(results.cells) | {"note": words.say(told.CELLS_NOTE)},
        ),
        table(
            words.say("Periods"),
            [words.say("What"), words.say("Value")],
            [
                [words.say("Length"), results.periods.length],
                [words.say("Number"), words.number(len(results.periods.start))],
                [words.say("Periods after each cut-off"), words.number(results.periods.per_origin)],
                [
                    words.say("Lead from each cut-off to its first period"),
                    results.periods.lead or words.say("none"),
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
            "kind": forecaster.kind,
            "package": f"{forecaster.package} {forecaster.version}",
            "description": forecaster.description,
            "role": words.say("the reference")
            if forecaster.is_reference
            else words.say("compared with the reference"),
        }
        name = words.say("Forecaster {name}", name=forecaster.name)
        shown.extend(facts.tables(words, name, about))
        given = {
            key: "none" if value is None else value for key, value in forecaster.parameters.items()
        }
        shown.extend(facts.tables(words, words.say("{name}: parameters", name=name), given))
    for category in results.categories:
        for who, fitted in category.fitted.items():
            name = words.say(
                "{who} for {name}, as fitted at the last cut-off", who=who, name=category.name
            )
            shown.extend(facts.tables(words, name, fitted))
    return shown
