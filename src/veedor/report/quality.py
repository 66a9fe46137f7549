"""The quality report: a sentence on what was read, the months, and everything else in it."""

from __future__ import annotations

from typing import Any

import numpy as np
from markupsafe import Markup
from matplotlib.figure import Figure
from msgspec.structs import replace

from veedor.files.json_file import plain
from veedor.incidents.quality_report import Months, QualityReport
from veedor.report import facts
from veedor.report.document import Section
from veedor.report.drawing import QUIET, margins, settings, svg
from veedor.report.tables import Table
from veedor.report.words import Words
from veedor.report.words import quality as told

_SHOWN_ANYWAY = 12


def quality(words: Words, report: QualityReport) -> list[Section]:
    """Build the sections on the quality of the records: all of the report, months drawn."""
    sentences = told.what_was_read(words, report)
    drawn = _drawn(report.months)
    if len(drawn.labels) < len(report.months.labels):
        sentences.append(told.reaches_back(words, report.months, drawn))
    made = [Section(sentences=sentences)]
    if drawn.labels:
        shown = words.say(
            "Incidents kept in each local calendar month; months that the records do not cover "
            "whole are only outlined."
        )
        made.append(
            Section(
                words.say("Month by month"),
                figures=[(_months_chart(words, drawn), shown)],
                behind=_months_tables(words, drawn),
                behind_name=words.say("Table: month by month"),
            )
        )
    rest: dict[str, Any] = plain(report)
    del rest["months"]
    whole = facts.tables(words, words.say("Quality report"), rest)
    return [*made, Section(words.say("The whole quality report"), tables=whole)]


def _drawn(months: Months) -> Months:
    """Leave out the first months of a record that reaches back far with a few incidents.

    All before the first month with at least a hundredth of the fullest month's incidents go,
    where they hold at most 2% of all.
    """
    total = months.total
    first = next((at for at, count in enumerate(total) if 100 * count >= max(total)), 0)
    if first <= _SHOWN_ANYWAY or 50 * sum(total[:first]) > sum(total):
        return months
    return replace(
        months,
        **{
            name: getattr(months, name)[first:]
            for name in ("labels", "total", "located", "complete")
        },
        by_category={name: values[first:] for name, values in months.by_category.items()},
    )


def _months_tables(words: Words, months: Months) -> list[Table]:
    """Turn lists of one length into a row per month."""
    lists: dict[str, Any] = plain(months)
    labels, by_category = lists.pop("labels"), lists.pop("by_category")
    lists |= by_category
    rows = [
        {"month": label} | {key: values[place] for key, values in lists.items()}
        for place, label in enumerate(labels)
    ]
    return facts.tables(words, words.say("Incidents kept, by local calendar month"), rows)


def _months_chart(words: Words, months: Months) -> Markup:
    """Draw what was recorded in each month; months not covered whole are only outlined."""
    with settings():
        figure = Figure(figsize=(7.6, 2.3))
        axes = figure.subplots()
        margins(figure, left=0.65, top=0.15, bottom=0.35)
        whole = np.asarray(months.complete, dtype=bool)
        x, heights = np.arange(len(months.labels)), np.asarray(months.total, dtype=float)
        axes.bar(x[whole], heights[whole], color="#0b5394", width=0.85)
        axes.bar(x[~whole], heights[~whole], color="white", edgecolor=QUIET, width=0.85)
        step = max(-(-len(x) // 9), 1)
        axes.set_xticks(x[::step], months.labels[::step])
        axes.set_ylabel(words.say("incidents kept"))
        axes.grid(visible=False, axis="x")
        return svg(figure, "months", words.say("Recorded incidents in each month"))
