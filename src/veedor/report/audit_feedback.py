"""The feedback audit as a page: whether the system feeds on itself."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup
from matplotlib.figure import Figure

from veedor.audits.audit import WHOLE, Statement, Subject
from veedor.audits.places.by_place import PlaceOutlines
from veedor.audits.places.feedback import FeedbackAudit
from veedor.audits.places.feedback.audit import ObservedRecord, Simulated
from veedor.report import drawing
from veedor.report.audit_places import places_section
from veedor.report.audit_sections import cautions, headed, not_on, tests_table
from veedor.report.chart_svg import Mark, svg
from veedor.report.document import Document, Section
from veedor.report.feedback_cover import feedback_cover, of_remedy
from veedor.report.words import Words, chart_findings, words_in
from veedor.report.words import feedback as said
from veedor.report.words import feedback_cover as findings
from veedor.report.words.audits import SENTENCES
from veedor.report.words.intervals import in_full, interval, out_of

#: Zones whose lines can be told apart.
_DRAWN = 6
_OBSERVED = Subject(WHOLE, "observed")


def feedback_document(
    audit: FeedbackAudit, words: Words | None = None, outlines: PlaceOutlines | None = None
) -> Document:
    """Make the page of a feedback audit.

    Parameters
    ----------
    audit : FeedbackAudit
    words : Words, optional
        English by default.
    outlines : PlaceOutlines, optional
        Of the places of the real record, or of a simulation alone, for the maps.
    """
    words = words or words_in("en")
    simulated, observed = audit.simulated, audit.observed
    sections, plain = [], []
    drawn = None
    if simulated:
        plain += _plain_simulated(words, audit, simulated)
        shown = words.say("Part of the patrols off target, mean over the runs")
        drawn = _traces(words, simulated), shown
    cover = feedback_cover(words, audit, outlines, drawn)
    if simulated:
        charts = [] if drawn is None else not_on(cover, *drawn)
        sections += [
            _over_time(words, audit, simulated, charts),
            _remedies(words, audit, simulated),
            _threshold(words, simulated),
        ]
    if observed:
        plain += _plain_observed(words, audit, observed)
        sections.append(_real(words, audit, observed))
    for one in audit.by_place:
        here = outlines if one is audit.by_place[-1] else None
        sections.append(places_section(
            words, findings.places_of(words, one.about, len(one.place)), one, one.columns,
            outlines=here, on_cover=True, anchor=f"places-{one.about}",
        ))  # fmt: skip
    return Document(
        title=words.say("Does the system feed on itself?"),
        subtitle=said.subtitle(words, simulated, observed),
        made=words.say("veedor audit feedback"),
        plain=Section(words.say(SENTENCES), sentences=plain),
        cautions=cautions(words, said.CAUTIONS),
        cover=cover,
        sections=sections,
    )


def _stated(audit: FeedbackAudit, statistic: str, subject: Subject) -> Statement:
    return audit.by_subject[subject, statistic]


def _plain_simulated(words: Words, audit: FeedbackAudit, simulated: Simulated) -> list[str]:
    as_is = Subject(WHOLE, "simulated", simulated.remedies[0].name)
    last = _stated(audit, "deviation_last", as_is)
    away = _stated(audit, "share_of_runs_away", as_is)
    sentences = [said.run_away(words, simulated, last, away)]
    if simulated.threshold:
        sentences.append(said.threshold(words, simulated, simulated.threshold.estimate))
    return sentences


def _plain_observed(words: Words, audit: FeedbackAudit, observed: ObservedRecord) -> list[str]:
    sentences = []
    for within in ("place", "period"):
        name = f"discovered_per_reported_ratio_within_{within}"
        one, p_value = _stated(audit, name, _OBSERVED), observed.tests[name].test.p_value
        sentences.append(said.discovered(words, within, one, p_value))
    flags, reports = (
        _stated(audit, name, _OBSERVED) for name in ("flags_persistence", "reports_persistence")
    )
    return [*sentences, said.lasting(words, flags, reports)]


def _over_time(
    words: Words, audit: FeedbackAudit, simulated: Simulated, charts: Sequence[tuple[Markup, str]]
) -> Section:
    rows = [
        [zone.zone, *map(words.percent, (zone.true_share, zone.target_share, zone.last_share))]
        for zone in simulated.zone_shares
    ]
    last, without = (
        words.percent(of_remedy(audit, simulated.remedies[0].name, name).value)
        for name in ("deviation_last", "deviation_last_without_loop")
    )
    return Section(
        findings.moved(words, last, without),
        folded=True,
        sentences=[said.simulation(words, simulated)],
        figures=[
            *charts,
            (_zone_lines(words, simulated),
             words.say("Shares of the zones that move most, and their targets")),
        ],
        behind=[headed(words, said.MOVED, rows)],
        behind_name=words.say("Table of the zones"),
    )  # fmt: skip


def _traces(words: Words, simulated: Simulated) -> Markup:
    with drawing.settings():
        figure = Figure(figsize=(7.0, 3.4))
        axes = figure.add_subplot()
        styles = drawing.styles(
            [{"name": one.name, "is_reference": n == 0} for n, one in enumerate(simulated.remedies)]
        )
        for one in simulated.remedies:
            called = words.say(
                "remedy: {name}", name=words.say(said.REMEDIES[one.name][0])
            )  # fmt: skip
            style = styles[one.name]
            axes.plot(
                one.round, one.deviation_mean, label=drawing.short(called), color=style["color"],
                linestyle=style["linestyle"],
            )  # fmt: skip
        axes.set_xlabel(words.say("round"))
        axes.set_ylabel(words.say("part of patrols off target"))
        axes.set_ylim(bottom=0.0)
        axes.legend(ncols=2, loc="lower left", bbox_to_anchor=(0.0, 1.0))
        drawing.margins(figure, 0.7, 0.85, 0.5)
        shown = words.say("Part of the patrols off target by round and remedy")
        last = [
            (words.say(said.REMEDIES[one.name][0]), float(one.deviation_mean[-1]))
            for one in simulated.remedies
        ]
        marks = [
            Mark(axes, float(one.round[-1]), value,
                 words.say("{name}: {value}", name=name, value=words.percent(value)))
            for one, (name, value) in zip(simulated.remedies, last, strict=True)
        ]  # fmt: skip
        about = words.say(
            "In the last round. {extremes}",
            extremes=chart_findings.extremes(words, last, words.percent),
        )
        return svg(words, figure, "traces", shown, about, marks)


def _zone_lines(words: Words, simulated: Simulated) -> Markup:
    with drawing.settings():
        figure = Figure(figsize=(7.0, 3.0))
        axes = figure.add_subplot()
        styles = drawing.styles([{"name": str(place)} for place in range(_DRAWN)])
        moved = sorted(simulated.zone_shares, key=lambda z: -abs(z.last_share - z.target_share))
        for place, zone in enumerate(moved[:_DRAWN]):
            style = styles[str(place)]
            called = words.say("zone {zone}", zone=zone.zone)
            axes.plot(
                simulated.remedies[0].round, zone.share, color=style["color"],
                linestyle=style["linestyle"], label=drawing.short(called),
            )  # fmt: skip
            axes.axhline(zone.target_share, color=style["color"], linewidth=0.8, linestyle=":")
        axes.set_xlabel(words.say("round"))
        axes.set_ylabel(words.say("share of patrols"))
        axes.legend(ncols=3, loc="lower left", bbox_to_anchor=(0.0, 1.0))
        drawing.margins(figure, 0.7, 0.65, 0.5)
        shown = words.say("Share of patrols by round; dotted: the target")
        said_of, marks = [], []
        for zone in moved[:_DRAWN]:
            ends = words.say(
                "Zone {zone}: {last} of the patrols in the last round; target {target}.",
                zone=zone.zone,
                last=words.percent(zone.last_share),
                target=words.percent(zone.target_share),
            )
            said_of.append(ends)
            marks.append(Mark(axes, float(simulated.remedies[0].round[-1]), zone.last_share, ends))
        return svg(words, figure, "zones", shown, " ".join(said_of), marks)


def _remedies(words: Words, audit: FeedbackAudit, simulated: Simulated) -> Section:
    rows = [
        [words.say(said.REMEDIES[one.subject.subset][0]), words.say(said.STATISTICS[one.statistic]),
         words.percent(one.estimate.value), interval(words, one.estimate, True),
         out_of(words, one.estimate)]
        for one in audit.statements
        if one.statistic in said.STATISTICS
    ]  # fmt: skip
    about = [map(words.say, said.REMEDIES[one.name]) for one in simulated.remedies]
    left = {
        one.name: of_remedy(audit, one.name, "excess_deviation").value or 0.0
        for one in simulated.remedies[1:]
    }
    best = min(left, key=lambda name: left[name], default=None)
    title = words.say("What helps")
    if best is not None:
        title = findings.remedies(
            words, words.say(said.REMEDIES[best][0]), words.percent(left[best])
        )
    return Section(
        title,
        folded=True,
        sentences=[words.say("Every remedy meets the very same incidents.")],
        points=[f"{name}: {what}." for name, what in about],
        tables=[headed(words, said.HELPS, rows, headers=2)],
    )


def _threshold(words: Words, simulated: Simulated) -> Section:
    found = simulated.threshold
    title = findings.threshold(words, found)
    if not found:
        none = words.say("Not looked for, or nothing is reported in this city.")
        return Section(title, sentences=[none], folded=True)
    rows = [
        [words.percent(fraction), words.percent(mean)]
        for fraction, mean in zip(found.fractions, found.mean_excess, strict=True)
    ]
    shown = words.say(
        "Patrols that the loop moves off target, by discovered fraction; dashed: tolerance"
    )
    with drawing.settings():
        figure = Figure(figsize=(7.0, 2.8))
        axes = figure.add_subplot()
        axes.plot(found.fractions, found.mean_excess, color=drawing.BLUE, marker="o")
        axes.axhline(simulated.tolerance, color=drawing.QUIET, linestyle="--", linewidth=1.0)
        axes.set_xlabel(words.say("discovered fraction of the record under even patrols"))
        axes.set_ylabel(words.say("added by the loop"))
        drawing.margins(figure, 0.7, 0.15, 0.5)
        points = list(zip(found.fractions, found.mean_excess, strict=True))
        named = [(words.percent(fraction), float(mean)) for fraction, mean in points]
        about = words.say(
            "By discovered fraction. {extremes}",
            extremes=chart_findings.extremes(words, named, words.percent),
        )
        marks = [
            Mark(axes, fraction, mean,
                 words.say("{name}: {value}", name=name, value=words.percent(mean)))
            for (fraction, mean), (name, _) in zip(points, named, strict=True)
        ]  # fmt: skip
        drawn = svg(words, figure, "threshold", shown, about, marks)
    estimate = in_full(words, found.estimate, share=True)
    return Section(
        title,
        folded=True,
        sentences=[words.say("Estimate: {estimate}.", estimate=estimate)],
        figures=[(drawn, shown)],
        behind=[headed(words, said.CURVE, rows)],
        behind_name=words.say("Table of the curve"),
    )


def _real(words: Words, audit: FeedbackAudit, observed: ObservedRecord) -> Section:
    rows = [
        [one.statistic, words.number(one.estimate.value), interval(words, one.estimate),
         out_of(words, one.estimate), words.of(one.estimate.method)]
        for one in audit.statements
        if one.subject == _OBSERVED
    ]  # fmt: skip
    reported, discovered = map(words.number, (observed.reported, observed.discovered))
    return Section(
        findings.real(words, reported, discovered),
        folded=True,
        sentences=[said.record(words, observed), words.say(said.REAL)],
        tables=[
            headed(words, said.FIGURES, rows),
            tests_table(words, list(observed.tests.values())),
        ],
    )
