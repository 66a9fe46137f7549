"""What the length of the record is worth: sentences, a chart, and the table behind it."""

from __future__ import annotations

from markupsafe import Markup
from matplotlib.figure import Figure

from veedor.report.chart_svg import Mark, svg
from veedor.report.document import Section
from veedor.report.drawing import INK, Style, ends_of, margins, settings, whisker
from veedor.report.examination_charts import Look
from veedor.report.tables import Table, table
from veedor.report.words import Words
from veedor.report.words import chart_findings as said
from veedor.report.words.history_worth import another_doubling, days, so_far
from veedor.report.words.intervals import interval_with_level, out_of
from veedor.statistics.estimates import Estimate
from veedor.study.history_worth import HistoryWorth
from veedor.study.results import StudyCategory, StudyResults


def history(
    words: Words, category: StudyCategory, results: StudyResults, look: Look, key: str
) -> Section:
    """Build the section of one category."""
    reference, worth, name = results.study.reference, category.history, category.name
    sentences = [so_far(words, worth, reference), another_doubling(words, worth)]
    if not worth.parts:
        return Section(name, sentences=sentences)
    shown = words.say(
        "What {reference} gained for {name} by its whole record, in nats per incident, over only "
        "so many days of it.",
        reference=reference,
        name=name,
    )
    return Section(
        name,
        sentences=sentences,
        figures=[(_chart(words, worth, look[reference], key), shown)],
        behind=[_table(words, category, reference)],
        behind_name=words.say("Table: length of the record, {name}", name=name),
    )


def _chart(words: Words, worth: HistoryWorth, style: Style, key: str) -> Markup:
    """Draw the gain of the whole record over each shorter one; the record itself is at 0."""
    ends = (worth.days_at_first_origin, worth.days_at_last_origin)
    marks: list[Mark] = []
    with settings():
        figure = Figure(figsize=(7.6, 2.3))
        axes = figure.subplots()
        margins(figure, left=0.75, top=0.15, bottom=0.5)
        axes.axhline(0, color=INK, linewidth=1.0)
        axes.plot(ends, [0, 0], color=INK, linewidth=5, solid_capstyle="butt")
        for part in worth.parts:
            held = part.gain.estimate
            whisker(axes, ends_of(held), part.days, style, upright=True)
            if held.value is not None:
                told = said.named(words, days(words, part.days), held)
                marks.append(Mark(axes, part.days, held.value, told))
        axes.set_xscale("log", base=2)
        axes.set_xlim(worth.parts[0].days / 1.2, ends[1] * 1.2)
        axes.set_xticks(
            [part.days for part in worth.parts], [words.number(part.days) for part in worth.parts]
        )
        axes.minorticks_off()
        axes.set_xlabel(
            words.say(
                "days of history; the thick line is the whole record, from the first to the last "
                "cut-off"
            )
        )
        axes.set_ylabel(words.say("gain"))
        title = words.say("What the whole record gained over only the last part of it")
        gains = [(days(words, part.days), part.gain.estimate) for part in worth.parts]
        found = [
            said.extremes(words, [(name, one.value) for name, one in gains], words.number),
            said.beside_line(words, [one for _, one in gains], 0.0),
        ]
        return svg(words, figure, key, title, " ".join(found), marks)


def _table(words: Words, category: StudyCategory, reference: str) -> Table:
    def estimated(estimate: Estimate) -> list[str]:
        return [
            words.number(estimate.value),
            interval_with_level(words, estimate),
            out_of(words, estimate),
            words.of(estimate.method),
        ]

    rows = [
        [
            words.say("the whole record over its last {days}", days=days(words, part.days)),
            *estimated(part.gain.estimate),
        ]
        for part in category.history.parts
    ]
    last = category.history.last_doubling
    if last is not None:
        compared = words.say(
            "each doubling, from the last {days} to the whole record",
            days=days(words, last.from_days),
        )
        rows.append([compared, *estimated(last.gain.estimate)])
    return table(
        words.say(
            "{name}: what {reference} gained by the length of its record, nats per incident, at "
            "the same totals; larger is better",
            name=category.name,
            reference=reference,
        ),
        [
            words.say("Compared"),
            words.say("Gain"),
            words.say("95% interval"),
            words.say("Out of"),
            words.say("Method"),
        ],
        rows,
    )
