"""The sections of an alert audit's report that are about its rates."""

from __future__ import annotations

from collections.abc import Sequence

from veedor.audits.alerts import AlertAudit
from veedor.audits.alerts.impossibility import Gap, Sides
from veedor.audits.alerts.of_deployments import PER_TIME
from veedor.audits.alerts.statements import ALL
from veedor.audits.alerts.suppression import SUPPRESSED
from veedor.audits.audit import Statement, Subject
from veedor.report import audit_alert_charts as charts
from veedor.report.audit_sections import headed
from veedor.report.document import Section
from veedor.report.tables import Table, table
from veedor.report.words import Words
from veedor.report.words import alert_sections as fixed
from veedor.report.words import alert_sentences as said
from veedor.report.words.alert_base_rates import story
from veedor.report.words.alert_kinds import name_of, of
from veedor.report.words.alert_rates import group_of, in_full, name_and_whom
from veedor.report.words.alerts import NAMES
from veedor.report.words.headings import Heading
from veedor.report.words.intervals import interval
from veedor.report.words.language import noted
from veedor.statistics.codes import Denominator

_MAIN = {
    "decisions": ("alert_rate", "fpr", "fnr", "ppv", "npv", "accuracy", "prevalence"),
    "searches": ("fpir", "fnir_rank1", "fnir_rank5", "fta_rate"),
    "deployments": tuple(name for name in NAMES if name not in PER_TIME),
}
#: Errors that the title of the rates may tell, the first that is known.
_ERRORS = ("fpr", "fpir", "false_alerts_per_transaction", "fdr", "fnir_rank1", "alert_rate")
_SIDES = ("fpr", "fnr", "ppv")


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
    kind, sentences = audit.settings.kind, []
    for one in audit.refused:
        sentences.append(said.refused(words, kind, one.metrics, of(words, kind, one.why)))
        if one.audit_sample:
            sentences.append(said.sample(words, one.audit_sample))
    if any(
        one.estimate.method.code == "begg_greenes"
        for one in audit.statements
        if one.estimate.value is not None
    ):
        sentences.append(words.say(fixed.BEGG_GREENES))
    low, high = (
        first(audit, name) for name in ("ppv_if_unresolved_false", "ppv_if_unresolved_true")
    )
    if low is not None and high is not None:
        sentences.append(said.unresolved(words, low, high))
    number = sum(len(one.metrics) for one in audit.refused)
    return Section(words.many(number, *fixed.REFUSED), sentences=sentences, folded=True)


def rates(words: Words, audit: AlertAudit) -> Section:
    """Set out the rates of every group, with intervals and counts."""
    tables = []
    for metric in _MAIN[audit.table]:
        found = of_groups(audit, metric, audit.thresholds[0])
        if any(one.estimate.value is not None for one in found):
            tables.append(_rate_table(words, audit, metric, found))
    return Section(
        _title_of_rates(words, audit),
        sentences=said.alerts_at(words, audit),
        tables=tables,
        folded=True,
    )


def _title_of_rates(words: Words, audit: AlertAudit) -> str:
    """Say the first error that is known: from group to group, or of everyone."""
    for metric in _ERRORS:
        known = [
            (one.estimate.value, one.subject.group)
            for one in of_groups(audit, metric, audit.thresholds[0])
            if one.estimate.value is not None
        ]
        name = name_of(words, audit.settings.kind, metric)
        shares = [value for value, group in known if group != ALL]
        if len(shares) > 1:
            low, high = words.percent(min(shares)), words.percent(max(shares))
            return words.say(fixed.RATES_BY_GROUP, name=name, low=low, high=high)
        if known:
            return words.say(fixed.RATES, name=name, value=words.percent(known[0][0]))
    return words.say(fixed.RATES_NOT_KNOWN)


def _rate_table(words: Words, audit: AlertAudit, metric: str, found: Sequence[Statement]) -> Table:
    rows = []
    for one in found:
        group = group_of(words, one.subject.group)
        gone = one.estimate.method == SUPPRESSED
        rows.append([
            words.say("{group} (few)", group=group) if one.small else group,
            words.say("left out") if gone else words.percent(one.estimate.value),
            interval(words, one.estimate, share=True),
            words.number(one.numerator),
            words.number(one.out_of),
        ])  # fmt: skip
    return headed(
        words, fixed.RATE, rows, rate=in_full(words, audit.table, audit.settings.kind, metric)
    )


def by_time(words: Words, audit: AlertAudit) -> Section | None:
    """Set alerts beside the hours, and the cameras times hours, that were watched."""
    kind, rows, titles = audit.settings.kind, [], []
    for metric in PER_TIME:
        name = name_of(words, kind, metric)
        for one in of_groups(audit, metric, audit.thresholds[0]):
            held = one.estimate
            if one.subject.group == ALL and held.value is not None:
                titles.append(words.say(fixed.BY_TIME, name=name, value=words.number(held.value)))
            gone = held.method == SUPPRESSED
            rows.append([
                name,
                group_of(words, one.subject.group),
                words.say("left out") if gone else words.number(held.value),
                interval(words, held), words.number(one.numerator), words.number(one.out_of),
                of(words, kind, held.denominator),
            ])  # fmt: skip
    if not titles:
        return None
    return Section(
        titles[-1],
        sentences=[words.say(fixed.BY_TIME_ABOUT)],
        tables=[headed(words, fixed.PER_TIME, rows, headers=2)],
        folded=True,
    )


def both_sides(words: Words, audit: AlertAudit) -> Section | None:
    """Show both sides of the impossibility beside each other."""
    if not audit.impossibility or not audit.impossibility[0].groups:
        return None
    kind, sides = audit.settings.kind, audit.impossibility[0]
    names = {metric: name_of(words, kind, metric) for metric in _SIDES}
    shares = {
        metric: [
            one for one in of_groups(audit, metric, sides.threshold) if one.subject.group != ALL
        ]
        for metric in _SIDES
    }
    order = [
        one.subject.group
        for one in sorted(shares["fpr"], key=lambda one: -(one.estimate.value or 0.0))
    ]
    drawn = [
        (names[metric], sorted(shares[metric], key=lambda one: order.index(one.subject.group)))
        for metric in _SIDES
    ]
    shown = words.say("Each share with its interval; the denominators differ by panel.")
    caption = words.say("{shown} {sorted}", shown=shown, sorted=words.say(fixed.SORTED))
    return Section(
        _title_of_sides(words, sides, names),
        sentences=[
            words.say(
                fixed.TWO_COMPLAINTS,
                of_false=of(words, kind, Denominator("false_outcomes")),
                alerts=of(words, kind, Denominator("resolved_alerts")),
            ),
            words.say(fixed.HANG_TOGETHER[bool(audit.reference)]),
        ],
        figures=[(charts.beside_each_other(words, drawn, "sides"), caption)],
        tables=[_sides_table(words, audit, sides, names)],
        folded=True,
    )


def _title_of_sides(words: Words, sides: Sides, names: dict[str, str]) -> str:
    """Say the widest gaps of both complaints."""
    widest = [
        max((abs(gap.value) for gap in gaps if gap.value is not None), default=None)
        for gaps in (
            [one.fpr_gap for one in sides.groups],
            [one.ppv_gap for one in sides.groups],
        )
    ]
    points, others = (words.number(None if gap is None else 100 * gap, 2) for gap in widest)
    return words.say(
        fixed.BOTH_SIDES, name=names["fpr"], points=points, other=names["ppv"], others=others
    )


def _sides_table(words: Words, audit: AlertAudit, sides: Sides, names: dict[str, str]) -> Table:
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
        reference = words.say("everyone, the group included")
    columns = [
        words.say(fixed.GROUP),
        *(
            name_and_whom(words, audit.table, audit.settings.kind, metric)
            for metric in ("prevalence", *_SIDES)
        ),
        *(words.say(fixed.GAP, name=names[metric]) for metric in _SIDES),
        words.say(fixed.BY_IDENTITY, name=names["fpr"]),
        words.say(fixed.WERE_THE_OTHERS_ALIKE, name=names["fpr"]),
    ]
    level = words.percent(audit.settings.level)
    return table(words.say(fixed.SIDES, reference=reference, level=level), columns, rows)


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
    kind, threshold = audit.settings.kind, audit.base_rates[0].threshold
    shown = [one for one in audit.base_rates if one.threshold == threshold]
    daily = shown[0].true_a_day is not None
    of_kind = story(audit.table, kind)
    title = words.say("At other base rates")
    rows, sentences = [], [words.say(of_kind.about)]
    for one in shown:
        name, subject = repr(float(one.base_rate or 0.0)), Subject(ALL, threshold=threshold)
        ppv = audit.of(f"ppv_at_base_rate_{name}", subject)
        each = audit.of(f"false_per_true_at_{name}", subject)
        many = words.number(1 / one.base_rate if one.base_rate else None, 6)
        row = [
            many,
            words.percent(one.ppv),
            "" if ppv is None else interval(words, ppv.estimate, share=True),
            "" if each is None else words.number(each.estimate.value),
            "" if each is None else interval(words, each.estimate),
            said.rightly(words, one),
            said.wrongly(words, one),
        ]
        rows.append(row + ([words.number(one.true_a_day), words.number(one.false_a_day)]
                           if daily else []))  # fmt: skip
        if one.base_rate in of_kind.told and one.of_1000_right is not None:
            sentences.append(said.of_1000(words, audit.table, kind, one, ppv))
        if one.base_rate == of_kind.drawn[-1] and one.of_1000_right is not None:
            title = words.say(fixed.AT_OTHERS, right=said.rightly(words, one), many=many)
    if daily:
        sentences.append(words.say(of_kind.a_day, people=words.number(audit.settings.people_a_day)))
    a_day = (of_kind.true_a_day, of_kind.false_a_day) if daily else ()
    heading = Heading(
        noted("The same two error shares at other base rates"),
        (of_kind.one_in, *fixed.AT_BASE_RATES, *a_day),
    )
    return Section(title, sentences=sentences, tables=[headed(words, heading, rows)], folded=True)
