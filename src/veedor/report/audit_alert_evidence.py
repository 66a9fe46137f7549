"""Further sections of an alert audit's report: thresholds, time, claims, checks, the checklist."""

from __future__ import annotations

from veedor.audits.alerts import AlertAudit
from veedor.audits.alerts.auc import DetCurve
from veedor.audits.alerts.searches import RateOfGroup
from veedor.audits.alerts.statements import ALL
from veedor.report import audit_alert_charts as charts
from veedor.report.audit_sections import headed
from veedor.report.document import Section
from veedor.report.words import Words
from veedor.report.words import alert_sections as fixed
from veedor.report.words import alert_sentences as said
from veedor.report.words import checklist as asked
from veedor.report.words.intervals import ends, interval

_AT_FPIR = "threshold_at_fpir_"


def searches(words: Words, audit: AlertAudit) -> Section | None:
    """Say what a common threshold does to groups, and which thresholds they would need."""
    if audit.kind != "searches":
        return None
    lowest, unequal = [], []
    for one in audit.statements:
        if one.statistic.startswith(_AT_FPIR):
            lowest.append([
                one.statistic.removeprefix(_AT_FPIR), one.subject.group,
                words.number(one.estimate.value, 6), interval(words, one.estimate),
                words.number(one.out_of),
            ])  # fmt: skip
        if one.statistic.endswith("_max_over_geomean") or one.statistic.startswith(
            ("garbe", "fdr_fair")
        ):
            unequal.append([
                one.statistic, words.number(one.subject.threshold),
                words.number(one.estimate.value), interval(words, one.estimate),
            ])  # fmt: skip
    common = [
        [words.number(one.target), words.number(one.threshold, 6), group,
         *_with_ends(words, errors.fpir), *_with_ends(words, errors.fnir_rank1)]
        for one in audit.at_common_threshold
        for group, errors in one.groups.items()
    ]  # fmt: skip
    tables = [headed(words, fixed.LOWEST, lowest, headers=2)]
    if common:
        tables.append(headed(words, fixed.COMMON, common, headers=3))
    if unequal:
        tables.append(headed(words, fixed.UNEQUAL, unequal))
    drawn = charts.det(words, audit.det, "searches", "det")
    return Section(
        words.say("Thresholds, and what they do to groups"),
        sentences=[words.say(fixed.THRESHOLDS)],
        figures=[(drawn, words.say(fixed.DET))] if drawn else [],
        tables=tables,
    )


def _with_ends(words: Words, rate: RateOfGroup) -> tuple[str, str, str]:
    between = ends(words, rate.low, rate.high, share=True)
    return words.percent(rate.value), between, words.number(rate.denominator)


def ranking(words: Words, audit: AlertAudit) -> Section | None:
    """Say how scores rank, and what became of each score."""
    if not audit.scores:
        return None
    areas = [
        [one.subject.group, words.number(one.estimate.value), interval(words, one.estimate),
         words.number(one.out_of)]
        for one in audit.statements
        if one.statistic == "auc"
    ]  # fmt: skip
    behind = [
        headed(
            words, fixed.BY_SCORE,
            [
                [words.number(b.score_from), words.number(b.score_to), words.percent(b.value),
                 ends(words, b.low, b.high, share=True), words.number(b.denominator)]
                for b in one.calibration
            ],
            group=one.group,
        )
        for one in audit.scores
    ]  # fmt: skip
    curves = [DetCurve(one.group, one.det) for one in audit.scores]
    drawn = charts.det(words, curves, "decisions", "det")
    return Section(
        words.say("How its scores rank"),
        figures=[(drawn, words.say(fixed.DET))] if drawn else [],
        tables=[headed(words, fixed.AREAS, areas)],
        behind=behind,
        behind_name=words.say("What became of each score"),
    )


def clusters(words: Words, audit: AlertAudit) -> Section | None:
    """Say how much rows of one person or evening vary together."""
    rows = [
        [one.metric + (f", {one.subset}" if one.subset != "all" else ""), one.cluster,
         *map(words.number, (one.rows, one.clusters, one.effective_clusters, one.design_effect,
                             one.effective_n))]
        for one in audit.clusters
        if one.group == ALL
    ]  # fmt: skip
    if not rows:
        return None
    return Section(
        words.say("Rows that are not independent"),
        sentences=[words.say(fixed.CLUSTERS)],
        tables=[headed(words, fixed.CLUSTERED, rows, headers=2)],
    )


def over_time(words: Words, audit: AlertAudit) -> Section | None:
    """Say whether rates drift."""
    if not audit.monitoring:
        return None
    points, figures = [], []
    for place, metric in enumerate(dict.fromkeys(one.metric for one in audit.monitoring)):
        same = [one for one in audit.monitoring if one.metric == metric]
        title = said.rate_name(words, audit.kind, metric)
        drawn = charts.over_time(words, same, title, f"time{place}")
        figures.append((drawn, words.say(fixed.SEQUENCE)))
        points += [
            said.alarm(words, audit.kind, one, drift)
            for one in same
            for drift in one.drifts
            if drift.alarm
        ]
    sentences = said.watches(words, audit)
    if not points:
        sentences.append(words.say("None raised an alarm. That is no proof that nothing changed."))
    return Section(words.say("Over time"), sentences=sentences, points=points, figures=figures)


def claims(words: Words, audit: AlertAudit) -> Section | None:
    """Set out each claim with its tests."""
    if not audit.claims:
        return None
    rows = []
    for one in audit.claims:
        found = one.verdict
        rows.append([
            one.metric, one.group, f"{one.operator} {words.number(one.claimed, 6)}",
            words.say(fixed.VERDICTS[found.verdict]),
            *map(words.number, (found.value, found.trials, found.p_if_false, found.p_if_true,
                                found.e_for, found.e_against, found.trials_to_settle)),
        ])  # fmt: skip
    return Section(
        words.say("What is claimed"),
        sentences=[words.say(fixed.CLAIMS)],
        points=[said.claim(words, one) for one in audit.claims],
        tables=[headed(words, fixed.CLAIMED, rows, headers=2)],
    )


def checks(words: Words, audit: AlertAudit) -> Section:
    """List what the checks of the data found."""
    nothing = words.say("The checks found nothing. That is no proof that the table is right.")
    return Section(
        words.say("Checks of the data"),
        sentences=() if audit.warnings else [nothing],
        points=[words.of(one.finding) for one in audit.warnings],
    )


def checklist(words: Words, audit: AlertAudit) -> Section:
    """Print the checklist, answered or not."""
    rows = []
    for one in audit.checklist:
        question, why = asked.QUESTIONS[one.key]
        rows.append([words.say(question), words.say(why),
                     one.answer or words.say(asked.NOT_PROVIDED)])  # fmt: skip
    return Section(
        words.say("What tables cannot show"),
        sentences=[words.say(asked.ABOUT)],
        tables=[headed(words, asked.CHECKLIST, rows)],
    )
