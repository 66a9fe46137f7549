"""Sections on an examination, the same for a study's own forecasts and for anyone's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from veedor.report.calibration_charts import CalibrationCharts
from veedor.report.calibration_tables import CalibrationTables
from veedor.report.document import Section
from veedor.report.examination_charts import Charts, Look
from veedor.report.examination_tables import ExaminationTables
from veedor.report.tables import Table, table
from veedor.report.words import Words
from veedor.report.words.examination import over_time, what_was_tried
from veedor.report.words.scores import SCORE_WORDS
from veedor.statistics.estimates import TestResult
from veedor.verification import Examination


@dataclass(frozen=True)
class ExaminationSections:
    """Sections on one category.

    Parameters
    ----------
    comparison : Section
        Beside the reference: gains, tests, evidence; when and where.
    places : Section
        Incidents captured, area swept, stability, concentration.
    periods : Section
        Totals and scores, period by period.
    calibration : Section
        PIT, intervals, sums, consistency tests, reliability.
    """

    comparison: Section
    places: Section
    periods: Section
    calibration: Section


def captured_shown(words: Words, category: str) -> str:
    """Say what the chart of incidents captured shows."""
    return words.say(
        "Share of recorded incidents of {name} in the cells with the largest expected counts, with "
        "intervals; dotted, what chance captures; solid line, the most that any forecast could.",
        name=category,
    )


def sections(
    words: Words,
    examination: Examination,
    look: Look,
    key: str,
    *,
    per_origin: int = 1,
    captured: bool = True,
) -> ExaminationSections:
    """Build the sections on one category.

    Parameters
    ----------
    words : Words
    examination : Examination
        Asked everything.
    look : mapping of str to Style
        Of `looks`.
    key : str
        What the ids of its drawings begin with.
    per_origin : int
        Periods that follow each cut-off, where cut-offs are to be marked.
    captured : bool
        Whether to draw the incidents captured: not where the page's cover does.
    """
    name, reference = examination.category, examination.reference
    charts = Charts(words, examination, look, key, per_origin)
    trusted = CalibrationCharts(words, examination, look, key)
    tables, held = ExaminationTables(words, examination), CalibrationTables(words, examination)
    return ExaminationSections(
        comparison=Section(
            words.say("{name}: compared with {reference}", name=name, reference=reference),
            sentences=[what_was_tried(words, examination), *over_time(words, examination)],
            behind=[
                tables.comparison(),
                *tables.best(),
                tables.scores(),
                *tables.where(),
            ],
            behind_name=words.say("Tables: scores and tests, {name}", name=name),
        ),
        places=Section(
            words.say("{name}: incidents captured", name=name),
            figures=[
                *([(charts.captured(), captured_shown(words, name))] if captured else []),
                (
                    charts.swept(),
                    words.say(
                        "Share of the incidents in the share of the area that is ranked first; the "
                        "dotted line is chance, the solid one the most that was possible."
                    ),
                ),
            ],
            behind=[
                tables.captured(),
                tables.swept(),
                tables.stability(),
                tables.concentration(),
            ],
            behind_name=words.say("Tables: places, {name}", name=name),
        ),
        periods=Section(
            words.say("{name}: period by period", name=name),
            figures=[
                (
                    charts.totals(),
                    words.say(
                        "Totals of {name} over all cells: expected, its prediction interval, and "
                        "recorded.",
                        name=name,
                    ),
                ),
                (
                    charts.by_period(),
                    words.say(
                        "Scores of {name} in each period. A gap is a period in which the score is "
                        "undefined.",
                        name=name,
                    ),
                ),
            ],
            behind=[held.by_period()],
            behind_name=words.say("Table: {name}, period by period", name=name),
        ),
        calibration=Section(
            words.say("{name}: calibration", name=name),
            figures=[
                (
                    trusted.ranks(),
                    words.say(
                        "Where recorded counts of {name} fell in their forecasts, from the lowest "
                        "tenth (left) to the highest (right).",
                        name=name,
                    ),
                ),
                (
                    trusted.trust(),
                    words.say(
                        "Left: how often prediction intervals of the totals held. Right: recorded "
                        "against expected counts of {name}, cells grouped by what was expected.",
                        name=name,
                    ),
                ),
                (
                    trusted.reliability(),
                    words.say(
                        "How often at least one incident was recorded, by the probability that was "
                        "stated. Within the band a curve may come of a calibrated forecast."
                    ),
                ),
            ],
            tables=[held.consistency()],
            behind=[
                held.ranks(),
                held.coverage(),
                *held.coverage_by(),
                held.sums(),
                held.means(),
                held.brier(),
            ],
            behind_name=words.say("Tables: calibration, {name}", name=name),
        ),
    )


def categories_together(words: Words, tests: Mapping[str, TestResult]) -> list[Section]:
    """Build the section on the test of all categories together, if there is one."""
    if not tests:
        return []
    return [
        Section(
            words.say("Categories together"),
            sentences=[
                words.say(
                    "Given how many incidents were recorded in all, is the share of each category "
                    "what was forecast? A small p-value says that it is not."
                )
            ],
            tables=[
                table(
                    words.say("M-test by category"),
                    [words.say("Forecaster"), words.say("Statistic"), words.say("p-value")],
                    [
                        [who, words.number(test.statistic), words.number(test.p_value)]
                        for who, test in tests.items()
                    ],
                )
            ],
        )
    ]


def totals_held(examined: Sequence[Examination]) -> tuple[int, int]:
    """Count the totals that lay in their 95% intervals, and all that were forecast."""
    inside = [
        low <= recorded <= high
        for one in examined
        for of in one.forecasters
        if of.by_period is not None
        for low, recorded, high in zip(
            of.by_period.low, one.recorded.by_period, of.by_period.high, strict=True
        )
    ]
    return sum(inside), len(inside)


def definitions(words: Words) -> Table:
    """Say what each score means."""
    return table(
        words.say("Each score, its unit, and which direction is better"),
        [
            words.say("Score"),
            words.say("Unit"),
            words.say("Direction"),
            words.say("Meaning"),
            words.say("Source"),
        ],
        [
            [
                words.say(score.label),
                words.say(score.unit),
                words.say(score.orientation),
                words.say(score.meaning),
                score.source,
            ]
            for score in SCORE_WORDS.values()
        ],
    )
