"""Sentences of an alert audit's report: every one names its denominator."""

from __future__ import annotations

from collections.abc import Sequence

from veedor.audits.alerts.claimed import JudgedClaim
from veedor.audits.alerts.claims import NOT_ENOUGH
from veedor.audits.alerts.over_time import Side, WatchedDrift, WatchedRate
from veedor.audits.alerts.part import SampleNeeded
from veedor.audits.alerts.results import AlertAudit, Picture
from veedor.audits.alerts.statements import ALL, out_of
from veedor.audits.audit import Statement
from veedor.report.words.alert_base_rates import OF_1000_SHOWN, story
from veedor.report.words.alert_kinds import Kind, name_of, of
from veedor.report.words.alert_rates import WRONG_FOR_EACH, name_and_whom
from veedor.report.words.alert_sections import MADE, VERDICTS
from veedor.report.words.alerts import NAMES
from veedor.report.words.intervals import ends, interval
from veedor.report.words.language import Words, noted

_RARELY = {
    "day": noted(
        "While a rate keeps to the 99% interval of its first quarter, a false alarm of each comes "
        "at most once in {rarely} days on average."
    ),
    "deployment": noted(
        "While a rate keeps to the 99% interval of its first quarter, a false alarm of each comes "
        "at most once in {rarely} deployments on average."
    ),
}
_CLAIMED = {
    "<": noted("less than {value}"),
    "<=": noted("at most {value}"),
    ">": noted("more than {value}"),
    ">=": noted("at least {value}"),
}


def made(words: Words, audit: AlertAudit) -> str:
    """Say from which files, and how many rows."""
    files = ", ".join(one.file for one in audit.inputs.values())
    return words.many(audit.rows, *MADE[audit.table], files=files)


def picture(words: Words, audit: AlertAudit) -> str:
    """Say what the picture of 1,000 alerts shows."""
    kind = audit.settings.kind
    shown = words.say(OF_1000_SHOWN[kind])
    if not audit.base_rates:
        return shown
    rarer = words.say(story(audit.table, kind).where_rarer)
    return words.say("{shown} {rarer}", shown=shown, rarer=rarer)


def wrong_for_each_right(words: Words, kind: Kind, ppv: Statement) -> list[str]:
    """Say how many wrong alerts there were for each right one."""
    value, low, high = ppv.estimate.value, ppv.estimate.low, ppv.estimate.high
    if not value or not ppv.out_of:
        return []
    each = words.number((1 - value) / value)
    whom = words.say(
        "{n} {of}", n=words.number(ppv.out_of), of=of(words, kind, ppv.estimate.denominator)
    )
    if low is not None and high:
        each = words.say(
            "{each} (interval {least} to {most})",
            each=each, least=words.number((1 - high) / high),
            most=words.number((1 - low) / low) if low else words.say("no limit"),
        )  # fmt: skip
    return [words.say(WRONG_FOR_EACH[kind], each=each, of=whom)]


def times(words: Words, two: str, audit: AlertAudit) -> str:
    """Say how many times a group's share is the reference's."""
    found = audit.surest_group
    if found is None:
        return two
    named = {
        "two": two, "ratio": words.number(found.ratio), "level": words.percent(found.level),
        "low": words.number(found.low),
        "high": words.say("no limit") if found.high is None else words.number(found.high),
    }  # fmt: skip
    if found.compared == 1:
        return words.say(
            "{two}: {ratio} times the share ({level} interval {low} to {high}).", **named
        )
    return words.say(
        "{two}: {ratio} times the share ({level} interval {low} to {high}, at a level that holds "
        "for all {groups} groups together).",
        groups=found.compared, **named,
    )  # fmt: skip


def beside(words: Words, audit: AlertAudit, one: Statement, other: Statement) -> str:
    """Set a rate of a group beside another's, each with its denominator; without a full stop."""
    parts = [
        words.say(
            "{value} (interval {interval}) of {n} in group {group}",
            value=words.percent(each.estimate.value),
            interval=interval(words, each.estimate, share=True), n=words.number(each.out_of),
            group=each.subject.group,
        )
        for each in (one, other)
    ]  # fmt: skip
    return words.say(
        "{name}: {one}; {other}",
        name=name_and_whom(words, audit.table, audit.settings.kind, one.statistic),
        one=parts[0], other=parts[1],
    )  # fmt: skip


def refused(words: Words, kind: Kind, metrics: Sequence[str], why: str) -> str:
    """Say which rates cannot be counted, by whom they count, and why."""
    names: dict[str, list[str]] = {}
    for metric in metrics:
        name = name_of(words, kind, metric) if metric in NAMES else ""
        names.setdefault(name, []).append(metric)
    plain = names.pop("", [])
    shares = [
        words.say("“{name}” ({codes})", name=name, codes=words.listed(codes))
        for name, codes in names.items()
    ]
    return words.say(
        "These shares cannot be counted: {shares}. The reason: {why}.",
        shares=words.listed([*shares, *plain]), why=why,
    )  # fmt: skip


def sample(words: Words, needed: SampleNeeded) -> str:
    """Say how large a random audit would have to be."""
    return words.say(
        "To count them, draw {to_measure} of the {population} that had no alert at random "
        "and check what became of each; {to_see_one} would show at least one miss with a "
        "probability of 95%, were {share} of them missed (as many as were found), and the larger "
        "number would then give their share to within about half of itself. Give the result with "
        "--nonalert-audit.",
        to_measure=needed.to_measure, population=needed.population, to_see_one=needed.to_see_one,
        share=words.percent(needed.if_missed_share),
    )  # fmt: skip


def unresolved(words: Words, low: Statement, high: Statement) -> str:
    """Say between which shares the right alerts lie, with those never resolved."""
    return words.say(
        "Of {n} alerts, some were never resolved: between {low} (if all of those were wrong) and "
        "{high} (if all were right) of these alerts are right.",
        n=words.number(low.out_of), low=words.percent(low.estimate.value),
        high=words.percent(high.estimate.value),
    )  # fmt: skip


def alerts_at(words: Words, audit: AlertAudit) -> list[str]:
    """Say what an alert is, and how small numbers are treated."""
    threshold, small = audit.thresholds[0], audit.settings.small
    level = words.percent(audit.settings.level)
    if threshold is None:
        said = [words.say(
            "Alerts: as the system gave them. {level} intervals. A rate that would be 0 out of 0 "
            "is undefined, not 0.",
            level=level,
        )]  # fmt: skip
    else:
        said = [words.say(
            "Alerts: score {threshold} or more. {level} intervals. A rate that would be 0 out of 0 "
            "is undefined, not 0.",
            threshold=words.number(threshold), level=level,
        )]  # fmt: skip
    said.append(words.say(
        "Rates out of fewer than {small} are marked (few): read their intervals, not their values.",
        small=small,
    ))  # fmt: skip
    if audit.settings.publish:
        said.append(words.say(
            "For publication, numbers out of fewer than {small}, and as many more as keep them "
            "from being worked out by sums, are left out.",
            small=small,
        ))  # fmt: skip
    return said


def rightly(words: Words, one: Picture) -> str:
    """Say how many of 1,000 alerts are right."""
    if one.of_1000_right == 0 and one.ppv:
        return words.say("fewer than 1")
    return words.number(one.of_1000_right)


def wrongly(words: Words, one: Picture) -> str:
    """Say how many of 1,000 alerts are wrong."""
    if one.of_1000_right == 0 and one.ppv:
        return words.say("more than 999")
    return words.number(one.of_1000_wrong)


def of_1000(words: Words, table: str, kind: Kind, one: Picture, ppv: Statement | None) -> str:
    """Say, at a base rate, how many of 1,000 alerts would be right."""
    right = rightly(words, one)
    if ppv is not None and ppv.estimate.low is not None:
        between = interval(words, ppv.estimate, share=True)
        right = words.say("{right} ({interval})", right=right, interval=between)
    return words.say(
        story(table, kind).of_1000,
        many=words.number(1 / one.base_rate if one.base_rate else None, 6), right=right,
        wrong=wrongly(words, one),
    )  # fmt: skip


def watches(words: Words, audit: AlertAudit) -> list[str]:
    """Say how many watches are kept, and how many false alarms are to be expected."""
    number_of = sum(len(one.drifts) for one in audit.monitoring)
    rarely = words.number(audit.settings.periods_between_false_alarms)
    expected = sum(one.false_alarms_expected for one in audit.monitoring)
    days = audit.monitoring[0].unit == "day"
    kept = words.many(
        number_of,
        "{n} watch is kept: each of one rate, of one group, for a rise or for a fall.",
        "{n} watches are kept: each of one rate, of one group, for a rise or for a fall.",
    )
    rare = words.say(_RARELY["day" if days else "deployment"], rarely=rarely)
    few = words.number(expected, 2) if expected >= 0.01 else words.say("fewer than 0.01")
    most = words.number(sum(one.false_alarms_at_most for one in audit.monitoring), 2)
    false = words.say(
        "Were no rate to change, {few} false alarms of all of them together would be expected over "
        "this record (simulated; at most {most}). This takes alerts as independent: periods that "
        "differ by more than chance raise more.",
        few=few, most=most,
    )  # fmt: skip
    return [f"{kept} {rare}", false]


def alarm(words: Words, audit: AlertAudit, watch: WatchedRate, drift: WatchedDrift) -> str:
    """Say an alarm by what was counted before and since, not by the limit that it watched."""
    kind = audit.settings.kind
    named = {
        "name": name_of(words, kind, watch.metric), "code": watch.metric, "at": str(drift.alarm),
        "group": words.say("everyone") if watch.group == ALL
        else words.say("group {group}", group=watch.group),
    }  # fmt: skip
    if drift.direction == "rise":
        said = words.say("{name} ({code}), {group}: alarm of a rise at {at}.", **named)
    else:
        said = words.say("{name} ({code}), {group}: alarm of a fall at {at}.", **named)
    if drift.run is None:
        return said
    sides = words.say(
        "Of {of}: {before} until {until}, its first quarter; {run} from {since} to the alarm, the "
        "run that raised it.",
        of=of(words, kind, out_of(audit.table, watch.metric)),
        before=_side(words, drift.run.before), until=watch.baseline_until,
        run=_side(words, drift.run.run), since=drift.run.since,
    )  # fmt: skip
    return words.say("{alarm} {sides}", alarm=said, sides=sides)


def _side(words: Words, side: Side) -> str:
    return words.say(
        "{counted} of {n} ({value}; interval {interval})",
        counted=side.numerator, n=side.denominator, value=words.percent(side.value),
        interval=ends(words, side.low, side.high, share=True),
    )  # fmt: skip


def claim(words: Words, audit: AlertAudit, one: JudgedClaim) -> str:
    """Say a claim and what the counts say to it, with both denominators."""
    kind, verdict = audit.settings.kind, one.verdict
    whom = of(words, kind, one.out_of)
    subject = one.metric
    if one.group != ALL:
        subject = words.say("{metric}, group {group}", metric=one.metric, group=one.group)
    claimed = words.say(_CLAIMED[one.operator], value=words.percent(one.claimed, 4))
    if one.claimed_denominator:
        claimed = words.say("{claimed} (out of: {of})", claimed=claimed, of=one.claimed_denominator)
    sentences = [
        words.say(
            "Claim: {subject} {claimed}. {verdict}.",
            subject=subject, claimed=claimed, verdict=words.say(VERDICTS[verdict.verdict]),
        )
    ]  # fmt: skip
    if verdict.trials:
        sentences.append(words.say(
            "{name}: {events} of {n} {of} ({value}; interval {interval}).",
            name=name_of(words, kind, one.counted_as), n=verdict.trials, of=whom,
            events=verdict.events, value=words.percent(verdict.value),
            interval=ends(words, one.low, one.high, share=True),
        ))  # fmt: skip
    if one.reason is not None:
        sentences.append(words.say("The reason: {why}.", why=of(words, kind, one.reason)))
    if verdict.verdict == NOT_ENOUGH and verdict.trials_to_settle:
        named = {"n": verdict.trials_to_settle, "of": whom}
        if one.operator.startswith("<"):
            sentences.append(words.say("{n} {of} without one such case would support it.", **named))
        else:
            sentences.append(
                words.say("{n} {of} without one case to the contrary would support it.", **named)
            )
    return " ".join(sentences)
