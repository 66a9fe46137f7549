"""Further sections of an alert audit's report: thresholds, time, claims, checks, the checklist."""

from __future__ import annotations

from veedor.audits.alerts import AlertAudit
from veedor.audits.alerts.auc import DetCurve
from veedor.audits.alerts.claims import CONTRADICTED, NOT_ENOUGH, SUPPORTED
from veedor.audits.alerts.clusters import ClusterEntry
from veedor.audits.alerts.searches import RateOfGroup
from veedor.audits.alerts.statements import ALL
from veedor.report import audit_alert_charts as charts
from veedor.report.audit_sections import headed
from veedor.report.document import Section
from veedor.report.words import Words
from veedor.report.words import alert_sections as fixed
from veedor.report.words import alert_sentences as said
from veedor.report.words import checklist as asked
from veedor.report.words.alert_kinds import ERRORS, ERRORS_OF_SEARCHES, name_of, of
from veedor.report.words.alert_rates import group_of, name_and_whom, statistic
from veedor.report.words.intervals import ends, interval

_AT_FPIR = "threshold_at_fpir_"


def searches(words: Words, audit: AlertAudit) -> Section | None:
    """Say what a common threshold does to groups, and which thresholds they would need."""
    if audit.table != "searches":
        return None
    lowest, unequal = [], []
    for one in audit.statements:
        if one.statistic.startswith(_AT_FPIR):
            lowest.append([
                words.percent(float(one.statistic.removeprefix(_AT_FPIR))),
                group_of(words, one.subject.group),
                words.number(one.estimate.value, 6), interval(words, one.estimate),
                words.number(one.out_of),
            ])  # fmt: skip
        if one.statistic.endswith("_max_over_geomean") or one.statistic.startswith(
            ("garbe", "fdr_fair")
        ):
            unequal.append([
                statistic(words, audit.settings.kind, one.statistic),
                words.number(one.subject.threshold),
                words.number(one.estimate.value), interval(words, one.estimate),
            ])  # fmt: skip
    common = [
        [words.percent(one.target), words.number(one.threshold, 6), group_of(words, group),
         *_with_ends(words, errors.fpir), *_with_ends(words, errors.fnir_rank1)]
        for one in audit.at_common_threshold
        for group, errors in one.groups.items()
    ]  # fmt: skip
    tables = [headed(words, fixed.LOWEST, lowest, headers=2)]
    if common:
        tables.append(headed(words, fixed.COMMON, common, headers=3))
    if unequal:
        tables.append(headed(words, fixed.UNEQUAL, unequal))
    drawn = charts.det(words, audit.det, ERRORS_OF_SEARCHES, "det")
    return Section(
        words.many(len(audit.settings.fpir_targets), *fixed.THRESHOLDS_OF_GROUPS),
        sentences=[words.say(fixed.THRESHOLDS)],
        figures=[(drawn, words.say(fixed.DET))] if drawn else [],
        tables=tables,
        folded=True,
    )


def _with_ends(words: Words, rate: RateOfGroup) -> tuple[str, str, str]:
    between = ends(words, rate.low, rate.high, share=True)
    return words.percent(rate.value), between, words.number(rate.denominator)


def ranking(words: Words, audit: AlertAudit) -> Section | None:
    """Say how scores rank, and what became of each score."""
    if not audit.scores:
        return None
    areas = [
        [group_of(words, one.subject.group), words.number(one.estimate.value),
         interval(words, one.estimate), words.number(one.out_of)]
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
            group=group_of(words, one.group),
        )
        for one in audit.scores
    ]  # fmt: skip
    curves = [DetCurve(one.group, one.det) for one in audit.scores]
    drawn = charts.det(words, curves, ERRORS[audit.settings.kind], "det")
    whole = areas[0][1] if areas else words.number(None)
    return Section(
        words.say(fixed.RANKING, value=whole),
        figures=[(drawn, words.say(fixed.DET))] if drawn else [],
        tables=[headed(words, fixed.AREAS, areas)],
        behind=behind,
        behind_name=words.say("What became of each score"),
        folded=True,
    )


def clusters(words: Words, audit: AlertAudit) -> Section | None:
    """Say how much rows of one person or evening vary together."""
    mine = [one for one in audit.clusters if one.group == ALL]
    rows = [
        [_rate_of(words, audit, one), one.cluster,
         *map(words.number, (one.rows, one.clusters, one.effective_clusters, one.design_effect,
                             one.effective_n))]
        for one in mine
    ]  # fmt: skip
    if not rows:
        return None
    known = [one for one in mine if one.effective_n is not None]
    title = words.say(fixed.NOT_INDEPENDENT_UNKNOWN)
    if known:
        whole = [one for one in known if one.subset == "all"] or known
        least = min(whole, key=lambda one: (one.effective_n or 0.0) / max(one.rows, 1))
        title = words.say(
            fixed.NOT_INDEPENDENT,
            rows=words.number(least.rows), worth=words.number(least.effective_n),
            name=name_of(words, audit.settings.kind, least.metric),
        )  # fmt: skip
    return Section(
        title,
        sentences=[words.say(fixed.CLUSTERS)],
        tables=[headed(words, fixed.CLUSTERED, rows, headers=2)],
        folded=True,
    )


def _rate_of(words: Words, audit: AlertAudit, one: ClusterEntry) -> str:
    """Name the rate of an entry, and of what part of the data."""
    name = statistic(words, audit.settings.kind, one.metric)
    if one.subset == "all":
        return name
    part = words.say(fixed.PARTS[one.subset]) if one.subset in fixed.PARTS else one.subset
    return words.say("{name}, {part}", name=name, part=part)


def over_time(words: Words, audit: AlertAudit) -> Section | None:
    """Say whether rates drift."""
    if not audit.monitoring:
        return None
    points, figures = [], []
    for place, metric in enumerate(dict.fromkeys(one.metric for one in audit.monitoring)):
        same = [one for one in audit.monitoring if one.metric == metric]
        title = name_and_whom(words, audit.table, audit.settings.kind, metric)
        drawn = charts.over_time(words, same, title, f"time{place}")
        figures.append((drawn, words.say(fixed.SEQUENCE)))
        points += [
            said.alarm(words, audit, one, drift)
            for one in same
            for drift in one.drifts
            if drift.alarm
        ]
    sentences = said.watches(words, audit)
    if not points:
        sentences.append(words.say("None raised an alarm. That is no proof that nothing changed."))
    title = words.many(len(points), *fixed.DRIFTS) if points else words.say(fixed.NO_DRIFT)
    return Section(title, sentences=sentences, points=points, figures=figures, folded=True)


def claims(words: Words, audit: AlertAudit) -> Section | None:
    """Set out each claim with its tests."""
    if not audit.claims:
        return None
    rows = []
    for one in audit.claims:
        found = one.verdict
        rows.append([
            one.metric, group_of(words, one.group),
            f"{one.operator} {words.number(one.claimed, 6)}",
            words.say(fixed.VERDICTS[found.verdict]),
            *map(words.number, (found.value, found.trials, found.p_if_false, found.p_if_true,
                                found.e_for, found.e_against, found.trials_to_settle)),
        ])  # fmt: skip
    verdicts = [one.verdict.verdict for one in audit.claims]
    title = words.say(
        fixed.JUDGED,
        supported=verdicts.count(SUPPORTED), contradicted=verdicts.count(CONTRADICTED),
        open=verdicts.count(NOT_ENOUGH),
    )  # fmt: skip
    return Section(
        title,
        sentences=[words.say(fixed.CLAIMS)],
        points=[said.claim(words, audit, one) for one in audit.claims],
        tables=[headed(words, fixed.CLAIMED, rows, headers=2)],
        folded=True,
    )


def checks(words: Words, audit: AlertAudit) -> Section:
    """List what the checks of the data found."""
    nothing = words.say("The checks found nothing. That is no proof that the table is right.")
    number = len(audit.warnings)
    return Section(
        words.many(number, *fixed.CHECKED) if number else words.say(fixed.CHECKED_NOTHING),
        sentences=() if audit.warnings else [nothing],
        points=[of(words, audit.settings.kind, one.finding) for one in audit.warnings],
        folded=True,
    )


def checklist(words: Words, audit: AlertAudit) -> Section:
    """Print the checklist, answered or not."""
    rows = []
    for one in audit.checklist:
        question, why = asked.question(audit.settings.kind, one.key)
        rows.append([words.say(question), words.say(why),
                     one.answer or words.say(asked.NOT_PROVIDED)])  # fmt: skip
    answered = sum(bool(one.answer) for one in audit.checklist)
    return Section(
        words.say(fixed.ANSWERED, n=answered, of=len(audit.checklist)),
        sentences=[words.say(asked.ABOUT)],
        tables=[headed(words, asked.CHECKLIST, rows)],
        folded=True,
    )
