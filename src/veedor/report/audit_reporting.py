"""The reporting audit as a page: which answers survive what was never recorded."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup
from matplotlib.figure import Figure

from veedor.audits.places.by_place import PlaceOutlines
from veedor.audits.places.reporting import SHARINGS, ReportingAudit
from veedor.report import drawing
from veedor.report.audit_places import places_section
from veedor.report.audit_sections import cautions, everything, headed, not_on
from veedor.report.chart_svg import svg
from veedor.report.document import Document, Section
from veedor.report.reporting_cover import bounded, known, reporting_cover
from veedor.report.words import Words, words_in
from veedor.report.words import reporting as said
from veedor.report.words import reporting_cover as findings
from veedor.report.words.audits import SENTENCES
from veedor.report.words.intervals import interval, out_of

_SHADES = {
    "robust": (drawing.BLUE, ""),
    "fragile": (drawing.ORANGE, "//"),
    "undetermined": (drawing.PAPER, ""),
}


def reporting_document(
    audit: ReportingAudit, words: Words | None = None, outlines: PlaceOutlines | None = None
) -> Document:
    """Make the page of a reporting audit.

    Parameters
    ----------
    audit : ReportingAudit
    words : Words, optional
        English by default.
    outlines : PlaceOutlines, optional
        Of its places, for the maps.
    """
    words = words or words_in("en")
    tally, flagged = audit.labels["own"].flagged, audit.flagged
    figures = audit.by_place[0]
    shown = words.say("Flagged places by what under-reporting can do to them")
    chart = _bars(words, audit)
    cover = reporting_cover(words, audit, outlines, (chart, shown))
    return Document(
        title=words.say("Would the answer survive what was never recorded?"),
        subtitle=said.subtitle(words, audit),
        made=words.say(
            "veedor audit reporting, from {counts} and {rates}",
            counts=audit.counts, rates=audit.rates_file,
        ),
        plain=Section(words.say(SENTENCES), sentences=_plain(words, audit)),
        cautions=cautions(words, said.CAUTIONS),
        cover=cover,
        sections=(
            _stability(words, audit, not_on(cover, chart, shown)),
            places_section(
                words, findings.mapped(words, tally.fragile, flagged), figures, figures.columns,
                kinds=figures.codes, outlines=outlines,
            ),
            _totals(words, audit),
            _disparities(words, audit),
            _rates(words, audit),
            everything(words, audit),
        ),
    )  # fmt: skip


def _plain(words: Words, audit: ReportingAudit) -> list[str]:
    sentences = [
        said.survive(words, how, audit.labels[how].flagged, audit.flagged)
        for how in reversed(SHARINGS)
    ]
    for one in audit.statements:
        if one.statistic == "break_even_ratio_nearest" and one.estimate.value is not None:
            sentences.append(said.closest(words, one))
    for one in audit.statements:
        if one.statistic == "ratio_per_1000" and one.subject.assignment == "own":
            sentences.append(said.disparity(words, one))
    return sentences


def _stability(
    words: Words, audit: ReportingAudit, charts: Sequence[tuple[Markup, str]]
) -> Section:
    rows = []
    for how in reversed(SHARINGS):
        labels = audit.labels[how]
        for tally, flagged in (
            (labels.flagged, words.say("flagged")),
            (labels.not_flagged, words.say("not flagged")),
        ):
            counted = (tally.robust, tally.fragile, tally.undetermined)
            rows.append([words.say(said.SHARINGS[how][0]), flagged, *map(words.number, counted)])
    return Section(
        findings.stability(
            words, audit.labels["own"].flagged, audit.labels["shared"].flagged, audit.flagged
        ),
        folded=True,
        sentences=[words.say(said.STABILITY)],
        figures=charts,
        tables=[headed(words, said.LABELLED, rows, headers=2)],
    )  # fmt: skip


def _bars(words: Words, audit: ReportingAudit) -> Markup:
    called = {
        "robust": words.say("robust"),
        "fragile": words.say("fragile"),
        "undetermined": words.say("undetermined"),
    }
    with drawing.settings():
        figure = Figure(figsize=(7.0, 1.9))
        axes = figure.add_subplot()
        for row, how in enumerate(SHARINGS):
            tally, left = audit.labels[how].flagged, 0
            for name, (shade, hatch) in _SHADES.items():
                many = getattr(tally, name)
                label = called[name] if row == 0 else None
                axes.barh(
                    row,
                    many,
                    left=left,
                    color=shade,
                    hatch=hatch,
                    edgecolor=drawing.INK,
                    label=label,
                )
                left += many
        axes.set_yticks([0, 1], [words.say(said.SHARINGS[how][1]) for how in SHARINGS])
        axes.set_xlabel(words.say("flagged places"))
        axes.grid(visible=False, axis="y")
        axes.legend(ncols=3, loc="lower left", bbox_to_anchor=(0.0, 1.0))
        drawing.margins(figure, 1.1, 0.4, 0.5)
        shown = words.say("Flagged places that are robust, fragile and undetermined")
        found = [
            words.say(
                "{sharing}: {robust} robust, {fragile} fragile, {undetermined} undetermined.",
                sharing=words.say(said.SHARINGS[how][1]),
                robust=audit.labels[how].flagged.robust,
                fragile=audit.labels[how].flagged.fragile,
                undetermined=audit.labels[how].flagged.undetermined,
            )
            for how in SHARINGS
        ]
        return svg(words, figure, "labels", shown, " ".join(found))


def _totals(words: Words, audit: ReportingAudit) -> Section:
    rows = [
        [one.subject.group, words.say(said.TOTALS[one.statistic]),
         _or_empty(words, one.estimate.value), interval(words, one.estimate),
         words.of(one.estimate.method), out_of(words, one.estimate)]
        for one in audit.statements
        if one.statistic in said.TOTALS
    ]  # fmt: skip
    bounds = [one for one in audit.statements if one.statistic == "true_count_bounds"]
    largest = max(bounds, key=lambda one: one.estimate.n)
    least, most = map(words.number, (largest.estimate.low, largest.estimate.high))
    return Section(
        findings.totals(
            words, largest.subject.group, least, most, words.number(largest.estimate.n)
        ),
        folded=True,
        sentences=[words.say(said.BOUNDED)],
        tables=[headed(words, said.COUNTED, rows, headers=2)],
    )


def _or_empty(words: Words, value: float | None) -> str:
    return "" if value is None else words.number(value)


def _disparities(words: Words, audit: ReportingAudit) -> Section:
    rows = [
        [one.subject.group, words.say(said.DISPARITIES[one.statistic]),
         words.say(said.SHARINGS[one.subject.assignment][0]),
         _or_empty(words, one.estimate.value),
         "" if one.estimate.low is None else interval(words, one.estimate),
         out_of(words, one.estimate)]
        for one in audit.statements
        if one.statistic in said.DISPARITIES
    ]  # fmt: skip
    ratios = bounded(audit)
    title = findings.disparities(words, len(ratios), known(ratios))
    if not rows:
        none = words.say("No groups were given, so none were bounded.")
        return Section(title, sentences=[none], folded=True)
    return Section(
        title,
        folded=True,
        sentences=[words.say(said.CLOSED)],
        tables=[headed(words, said.GROUPS, rows, headers=2)],
    )


def _rates(words: Words, audit: ReportingAudit) -> Section:
    rows = [
        [one.stratum or words.say("everywhere"), one.category, words.percent(one.low),
         words.percent(one.high)]
        for one in audit.rates
    ]  # fmt: skip
    return Section(
        findings.rests(words, len(audit.rates), audit.rates_file),
        folded=True,
        sentences=[said.given(words, audit)],
        behind=[headed(words, said.RATES, rows, headers=2)],
        behind_name=words.say("Rates"),
    )
