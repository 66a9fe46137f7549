"""The sections of an alert audit's report that are about its rates."""

from __future__ import annotations

from collections.abc import Sequence

from veedor.audits.alerts import AlertAudit
from veedor.audits.alerts.impossibility import Gap
from veedor.audits.alerts.statements import ALL
from veedor.audits.alerts.suppression import SUPPRESSED
from veedor.audits.audit import Statement, Subject
from veedor.report import audit_alert_charts as charts
from veedor.report.audit_sections import headed
from veedor.report.document import Section
from veedor.report.tables import Table
from veedor.report.words import Words
from veedor.report.words import alert_sections as fixed
from veedor.report.words import alert_sentences as said
from veedor.report.words.alerts import WHO
from veedor.report.words.headings import Heading
from veedor.report.words.intervals import interval
from veedor.report.words.language import noted

_MAIN = {
    "decisions": ("alert_rate", "fpr", "fnr", "ppv", "npv", "accuracy", "prevalence"),
    "searches": ("fpir", "fnir_rank1", "fnir_rank5", "fta_rate"),
    "deployments": tuple(WHO),
}


def first(
    audit: AlertAudit, metric: str, group: str = ALL, subset: str = "all"
) -> Statement | None:
    """Return the statement of a metric at the first threshold."""
    return audit.of(metric, Subject(group, "", subset, audit.thresholds[0]))


def of_groups(audit: AlertAudit, metric: str, threshold: float | None) -> list[Statement]:
    """Statements of a metric at a threshold, one a group, of all data."""
    found = (audit.of(metric, Subject(group, threshold=threshold)) for group in audit.groups)
    return [one for one in found if one is not None]


def refused(words: Words, audit: AlertAudit) -> Section | None:
    """Say what is refused, and what it would take."""
    if not audit.refused:
        return None
    sentences = []
    for one in audit.refused:
        sentences.append(said.refused(words, one.metrics, words.of(one.why)))
        if one.audit_sample:
            sentences.append(said.sample(words, one.audit_sample))
    if any(
        not isinstance(one.estimate.method, str) and one.estimate.method.code == "begg_greenes"
        for one in audit.statements
        if one.estimate.value is not None
    ):
        sentences.append(words.say(fixed.BEGG_GREENES))
    low, high = (
        first(audit, name) for name in ("ppv_if_unresolved_false", "ppv_if_unresolved_true")
    )
    if low is not None and high is not None:
        sentences.append(said.unresolved(words, low, high))
    return Section(words.say("What cannot be said"), sentences=sentences)


def rates(words: Words, audit: AlertAudit) -> Section:
    """Set out the rates of every group, with intervals and counts."""
    tables = []
    for metric in _MAIN[audit.kind]:
        found = of_groups(audit, metric, audit.thresholds[0])
        if any(one.estimate.value is not None for one in found):
            tables.append(_rate_table(words, audit, metric, found))
    return Section(
        words.say("How often it is wrong, and for whom"),
        sentences=said.alerts_at(words, audit),
        tables=tables,
    )


def _rate_table(words: Words, audit: AlertAudit, metric: str, found: Sequence[Statement]) -> Table:
    rows = []
    for one in found:
        group = one.subject.group
        gone = one.estimate.method == SUPPRESSED
        rows.append([
            words.say("{group} (few)", group=group) if one.small else group,
            words.say("left out") if gone else words.percent(one.estimate.value),
            interval(words, one.estimate, share=True),
            words.number(one.numerator),
            words.number(one.out_of),
        ])  # fmt: skip
    return headed(words, fixed.RATE, rows, rate=said.rate_name(words, audit.kind, metric))


def both_sides(words: Words, audit: AlertAudit) -> Section | None:
    """Show both sides of the impossibility beside each other."""
    if not audit.impossibility or not audit.impossibility[0].groups:
        return None
    sides = audit.impossibility[0]
    drawn = [
        (title, [one for one in of_groups(audit, metric, sides.threshold)
                 if one.subject.group != ALL])
        for metric, title in (
            ("fpr", words.say("Wrongly flagged")),
            ("fnr", words.say("Missed")),
            ("ppv", words.say("Alerts that are right")),
        )
    ]  # fmt: skip
    rows = []
    for one in sides.groups:
        gaps = (one.fpr_gap, one.fnr_gap, one.ppv_gap)
        called = (
            words.say("{group} (reference)", group=one.group) if one.is_reference else one.group
        )
        rows.append([
            called,
            *map(words.percent, (one.prevalence, one.fpr, one.fnr, one.ppv)),
            *(words.say("reference") if one.is_reference else _gap(words, gap) for gap in gaps),
            words.percent(one.fpr_by_identity),
            words.percent(one.fpr_if_equal)
            if one.fpr_if_equal_possible
            else words.say("over 100%: no system"),
        ])  # fmt: skip
    reference = sides.reference
    if not audit.reference:
        reference = words.say("{all} (everyone, the group included)", all=reference)
    shown = words.say("Each share with its interval; the denominators differ by panel.")
    level = words.percent(audit.settings.level)
    return Section(
        words.say("Both sides of the same errors"),
        sentences=[
            words.say(fixed.TWO_COMPLAINTS),
            words.say(fixed.HANG_TOGETHER[bool(audit.reference)]),
        ],
        figures=[(charts.beside_each_other(words, drawn, "sides"), shown)],
        tables=[headed(words, fixed.SIDES, rows, reference=reference, level=level)],
    )


def _gap(words: Words, gap: Gap) -> str:
    if gap.value is None:
        return words.number(None)
    value = words.number(100 * gap.value)
    if gap.low is None or gap.high is None:
        return words.say("{value} (no interval)", value=value)
    low, high = (words.number(100 * end) for end in (gap.low, gap.high))
    return words.say("{value} ({low} to {high})", value=value, low=low, high=high)


def base_rates(words: Words, audit: AlertAudit) -> Section | None:
    """Say what the same system does at other base rates."""
    if not audit.base_rates:
        return None
    threshold = audit.base_rates[0].threshold
    shown = [one for one in audit.base_rates if one.threshold == threshold]
    daily = shown[0].true_a_day is not None
    about, a_day = fixed.BASE_RATES[audit.kind]
    rows, sentences = [], [words.say(about)]
    for one in shown:
        name, subject = repr(float(one.base_rate or 0.0)), Subject(ALL, threshold=threshold)
        ppv = audit.of(f"ppv_at_base_rate_{name}", subject)
        each = audit.of(f"false_per_true_at_{name}", subject)
        row = [
            words.number(1 / one.base_rate if one.base_rate else None, 6),
            words.percent(one.ppv),
            "" if ppv is None else interval(words, ppv.estimate, share=True),
            "" if each is None else words.number(each.estimate.value),
            "" if each is None else interval(words, each.estimate),
            said.rightly(words, one),
            said.wrongly(words, one),
        ]
        rows.append(row + ([words.number(one.true_a_day), words.number(one.false_a_day)]
                           if daily else []))  # fmt: skip
        if one.base_rate in (1e-4, 0.01) and one.of_1000_right is not None:
            sentences.append(said.of_1000(words, audit.kind, one, ppv))
    if daily:
        sentences.append(words.say(a_day, people=words.number(audit.settings.people_a_day)))
    heading = Heading(
        noted("The same two error shares at other base rates"),
        (fixed.ONE_IN[audit.kind][1], *fixed.AT_BASE_RATES, *(fixed.A_DAY if daily else ())),
    )
    return Section(
        words.say("At other base rates"), sentences=sentences, tables=[headed(words, heading, rows)]
    )
