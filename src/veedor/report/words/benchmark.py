"""Words of the benchmark audit."""

from __future__ import annotations

from collections.abc import Sequence

from veedor.audits.places import BenchmarkAudit
from veedor.report.words.headings import Heading
from veedor.report.words.language import Words, noted

#: Rule -> what the system would have done, after "if".
RULES = {
    "uniform": noted("every km² got the same"),
    "population": noted("every resident got the same"),
    "prior": noted("the same ground were flagged where the long-run map is highest"),
    "record_reported": noted("they followed the incidents that victims and witnesses reported"),
    "record_discovered": noted("they followed the incidents that police found"),
    "record_recorded": noted("they followed all recorded incidents"),
}
MEASURES = {
    "excess_per_1000": noted("per 1,000 members"),
    "excess_count": noted("by zone, as a member sees it"),
    "excess_per_km2": noted("per km², as a member sees it"),
    "excess_ratio_per_1000": noted("per 1,000 members, relative to the reference"),
    "excess_ratio_count": noted("by zone, relative to the reference"),
    "excess_ratio_per_km2": noted("per km², relative to the reference"),
}
#: What a rate ratio is given -> among which zones, in short and after "zones".
GIVEN = {
    "unadjusted": (noted("whatever was recorded"), noted("zones whatever was recorded")),
    "given_reported": (
        noted("with as many reported incidents"),
        noted("zones with as many reported incidents"),
    ),
    "given_discovered": (
        noted("with as many discovered incidents"),
        noted("zones with as many discovered incidents"),
    ),
    "given_recorded": (
        noted("with as many recorded incidents"),
        noted("zones with as many recorded incidents"),
    ),
}
#: Statistic -> what it is, and whether it is a share.
PERFORMANCE = {
    "capture_rate": (noted("incidents in a place that was predicted"), True),
    "misses_per_incident": (noted("incidents in a place that was not"), True),
    "false_flags_per_1000": (
        noted("places predicted where nothing was recorded, per 1,000 residents"),
        False,
    ),
    "calibration": (
        noted("recorded incidents per prediction, relative to the whole area"),
        False,
    ),
}
#: How incidents became known -> their name, and the caption of their table.
KINDS = {
    "reported": (noted("reported incidents"), noted("Reported incidents")),
    "discovered": (noted("discovered incidents"), noted("Discovered incidents")),
    "recorded": (noted("recorded incidents"), noted("Recorded incidents")),
}
CAUTIONS = (
    (
        noted("The record is not the truth."),
        noted(
            "Whatever is compared with recorded incidents takes the record as it is. A system that "
            "repeats a biased record looks even-handed by this measure."
        ),
    ),
    (
        noted("Discovered incidents follow patrols."),
        noted(
            "Incidents that police find are found where police are. They are kept apart from what "
            "victims report, and a system that matches them may only match its own patrols."
        ),
    ),
    (
        noted("Zones are not people."),
        noted("A rate ratio is about zones with more of a group, not about members of the group."),
    ),
    (
        noted("A false flag is a place, not an alarm."),
        noted(
            "It is a place that was predicted at least once and where nothing was recorded in the "
            "whole file of incidents. Dates are not matched."
        ),
    ),
)
OTHER_RULES = noted(
    "The same number of predictions, placed by another rule. Above 1 the system exposes the group "
    "more than that rule would. What is relative to the reference compares the group's excess with "
    "that of its reference."
)
OTHER_RULES_CAPTION = noted(
    "Exposure of each group per 1,000 members by what each rule would give, with 95% intervals. "
    "The line marks what the rule gives."
)
CONDITIONAL = noted(
    "How many times more predictions a zone has for 10 points more of a group's share, among zones "
    "of the same population and ground: unadjusted, and among zones with as many recorded "
    "incidents. What the record explains is only as fair as the record."
)
WORKS = noted(
    "Zones are grouped by which group of residents is largest. Calibration above 1: these zones "
    "have more recorded incidents per prediction than the whole area."
)
BY_RULE = Heading(
    noted("If {rule}"), (
        noted("Group"), noted("Exposure"), noted("By what it would be"), noted("95% interval"),
        noted("Out of"),
    ),
)  # fmt: skip
RATE_RATIOS = Heading(
    noted("Rate ratios"), (
        noted("Group"), noted("Among zones"), noted("Rate ratio"), noted("95% interval"),
        noted("Method"), noted("Out of"),
    ),
)  # fmt: skip
WORKED = Heading(
    noted("{incidents}"),
    (noted("Zones"), noted("What"), noted("Value"), noted("95% interval"), noted("Out of")),
)


def short(words: Words, audit: BenchmarkAudit) -> list[str]:
    """Say what is compared, and how many incidents lie in a zone."""
    data = audit.data
    said = [
        words.say(
            "{total} predictions are compared with the same number placed by other rules.",
            total=words.number(data.predictions.total, 6),
        )
    ]
    for kind, total in data.incidents.items():
        said.append(
            words.say(
                "{inside} of {total} {incidents} lie in a zone.",
                inside=words.number(data.incidents_in_zones[kind], 6),
                total=words.number(total, 6), incidents=words.say(KINDS[kind][0]),
            )
        )  # fmt: skip
    return said


def excess(words: Words, value: float, interval: str, rule: str) -> str:
    """Say how many times what it would be an exposure is."""
    return words.say(
        "{value} times ({interval}) what it would be if {rule}",
        value=words.number(value), interval=interval, rule=words.say(RULES[rule]),
    )  # fmt: skip


def exposure(words: Words, group: str, told: Sequence[str]) -> str:
    """Say a group's exposure by every rule."""
    return words.say(
        "Exposure of {group} per 1,000 members is {told}.", group=group, told=words.listed(told)
    )


def largest(words: Words, group: str, whole: str) -> str:
    """Say which zones: all, or those that are mostly of a group."""
    if group == whole:
        return words.say("all zones")
    return words.say("mostly {group}", group=group)
