"""The quality report: a sentence on what was read, the months, and everything else in it."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from veedor.incidents.quality_report import Months, QualityReport
from veedor.report import facts
from veedor.report.document import Section
from veedor.report.quality_charts import months_chart
from veedor.report.tables import Table
from veedor.report.words import Words
from veedor.report.words import quality as told

_SHOWN_ANYWAY = 12


def quality(words: Words, report: QualityReport) -> list[Section]:
    """Build the sections on the quality of the records: all of the report, months drawn."""
    made = [Section(sentences=[*told.what_was_read(words, report), *reaching_back(words, report)])]
    if report.months.labels:
        made.append(months_section(words, report, words.say("Month by month")))
    return [
        *made,
        Section(words.say("The whole quality report"), tables=whole_report(words, report)),
    ]


def months_section(words: Words, report: QualityReport, title: str) -> Section:
    """Draw the months of a report, and show them as a table."""
    drawn = _drawn(report.months)
    return Section(
        title,
        figures=[(months_chart(words, drawn, report.breaks), told.months_drawn(words))],
        behind=_months_tables(words, drawn),
        behind_name=words.say("Table: month by month"),
    )


def reaching_back(words: Words, report: QualityReport) -> list[str]:
    """Say what lies before the months that are drawn, if anything does."""
    drawn = _drawn(report.months)
    if len(drawn.labels) == len(report.months.labels):
        return []
    return [told.reaches_back(words, report.months, drawn)]


def whole_report(words: Words, report: QualityReport) -> list[Table]:
    """Show everything in a report but the months."""
    rest = facts.opened(report)
    del rest["months"]
    return facts.tables(words, words.say("Quality report"), rest)


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
    lists: dict[str, Any] = facts.opened(months)
    labels, by_category = lists.pop("labels"), lists.pop("by_category")
    lists |= by_category
    rows = [
        {facts.Field("month"): label} | {key: values[place] for key, values in lists.items()}
        for place, label in enumerate(labels)
    ]
    return facts.tables(words, words.say("Incidents kept, by local calendar month"), rows)
