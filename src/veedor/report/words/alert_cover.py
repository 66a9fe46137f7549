"""The cover of an alert audit: whom its errors burden, and what must not be concluded."""

from __future__ import annotations

from veedor.audits.alerts.comparisons import Compared
from veedor.audits.audit import Statement
from veedor.report.words.alert_kinds import Kind, name_of
from veedor.report.words.language import Words, noted, noted_many

#: Error rate -> kind -> that a group is shown to bear more of it.
_MORE: dict[str, dict[Kind, str]] = {
    "fpr": {
        None: noted(
            "Group {group} is wrongly flagged more often: {value}, against {other} of group {to}"
        ),
        "risk-score": noted(
            "Group {group} is wrongly scored high more often: {value}, against {other} of group "
            "{to}"
        ),
        "face-match": noted(
            "Group {group} is wrongly matched more often: {value}, against {other} of group {to}"
        ),
        "alarm": noted(
            "False alarms fall more often on group {group}: {value}, against {other} on group {to}"
        ),
        "post-flag": noted(
            "Posts of group {group} are wrongly flagged more often: {value}, against {other} of "
            "group {to}"
        ),
    },
    "fpir": {
        None: noted(
            "Searches of group {group} wrongly raise an alert more often: {value}, against {other} "
            "of group {to}"
        ),
    },
    "fdr": {
        None: noted(
            "Alerts on group {group} are wrong more often: {value}, against {other} on group {to}"
        ),
        "risk-score": noted(
            "High scores of group {group} are wrong more often: {value}, against {other} of group "
            "{to}"
        ),
        "face-match": noted(
            "Matches of group {group} are wrong more often: {value}, against {other} of group {to}"
        ),
        "alarm": noted(
            "Alarms on group {group} are false more often: {value}, against {other} on group {to}"
        ),
        "post-flag": noted(
            "Flags on posts of group {group} are wrong more often: {value}, against {other} of "
            "group {to}"
        ),
    },
}
#: Error rate -> kind -> how often it happens to everyone.
_EVERYONE: dict[str, dict[Kind, str]] = {
    "fpr": {
        None: noted("{value} of those that should have no alert were flagged"),
        "risk-score": noted("{value} of those whom the outcome did not follow were scored high"),
        "face-match": noted("{value} of those not on the list were wrongly matched"),
        "alarm": noted("{value} of the observations without an event raised a false alarm"),
        "post-flag": noted("{value} of the posts that are not sought were wrongly flagged"),
    },
    "fpir": {
        None: noted("{value} of searches of people not in the gallery wrongly raised an alert"),
    },
    "fnir_rank1": {
        None: noted("{value} of searches of people in the gallery missed them at rank 1"),
    },
    "fdr": {
        None: noted("{value} of the checked alerts were wrong"),
        "risk-score": noted("{value} of the high scores were not followed by the outcome"),
        "face-match": noted("{value} of the checked matches were wrong"),
        "alarm": noted("{value} of the checked alarms were false"),
        "post-flag": noted("{value} of the reviewed flags were wrong"),
    },
    "false_alerts_per_transaction": {
        None: noted("{value} of the subjects checked were wrongly flagged"),
        "risk-score": noted("{value} of the people scored were wrongly scored high"),
        "face-match": noted("{value} of those who passed were wrongly matched"),
        "alarm": noted("{value} of the observations raised a false alarm"),
        "post-flag": noted("{value} of the posts seen were wrongly flagged"),
    },
}
_EVERYONE["alert_rate"] = {
    None: noted("{value} led to an alert; how many of these were wrong is not known"),
    "risk-score": noted("{value} were scored high; how many of these wrongly is not known"),
    "face-match": noted("{value} were matched; how many of these wrongly is not known"),
    "alarm": noted("{value} raised an alarm; how many of these were false is not known"),
    "post-flag": noted("{value} were flagged; how many of these wrongly is not known"),
}
#: The same where how many were wrong is known, and not published.
ALERTED = noted("{value} led to an alert; how many of these were wrong is left out: out of few")
_MORE["false_alerts_per_transaction"] = _MORE["fpr"]
NOTHING = noted("How often it is wrong cannot be told from this table")
#: What is compared, in so many words, where nothing is shown.
NO_DIFFERENCE = noted(
    "No difference between the groups is shown. That is not the same as being alike."
)
#: The same where another error than those that fall on people by an alert does differ.
DIFFERS_ONLY_IN = noted(
    "No group is shown to bear more wrong alerts. A difference is shown in: {names}."
)
NOT_PUBLISHED = noted(
    "Groups are not compared: numbers out of fewer than {small} would follow from it, and are left "
    "out."
)
NO_GROUPS = noted("No groups were named: whom the errors burden is not asked here.")
NO_REFERENCE = noted(
    "No group was named to compare the others with: give --reference, and this page says whose "
    "errors are more."
)
HINT = noted("Its kind was not given (option kind): the words are those of any alert.")
CANNOT_BE_KNOWN = noted("What was not checked cannot be counted: see what cannot be said, below.")
TIMES = noted_many(
    "That is {ratio} times the share ({level} interval {low} to {high}).",
    "That is {ratio} times the share (range {low} to {high}, which holds for all {n} "
    "comparisons of this page at once).",
)
AT_LEAST = noted_many(
    "That is at least {low} times the share ({level} interval).",
    "That is at least {low} times the share (a limit that holds for all {n} "
    "comparisons of this page at once).",
)
PROOF = noted("Out of how many, everyone together")
PROOF_OF_PAIR = noted("{name}, out of {of}")
IN_DAYS = noted_many(
    "{n} false alarm in {period}.",
    "{n} false alarms in {period}.",
)
A_CAMERA_AND_HOUR = noted(
    "False alarms a camera and hour: {value} ({level} interval {low} to {high}), which is one in "
    "{hours} hours of a camera on average."
)
AN_HOUR = noted(
    "False alarms an hour: {value} ({level} interval {low} to {high}), which is one in {hours} "
    "hours on average."
)
NO_FALSE_ALARM = noted(
    "No false alarm was counted; at most {high} a camera and hour are likely (upper end of the "
    "{level} interval)."
)
NO_FALSE_ALARM_AN_HOUR = noted(
    "No false alarm was counted; at most {high} an hour are likely (upper end of the {level} "
    "interval)."
)
DOUBTS = noted_many(
    "There is {n} serious doubt about the data: see the checks, below.",
    "There are {n} serious doubts about the data: see the checks, below.",
)
VERDICT = noted("Verdict")
NOT_COUNTED = noted("not counted")
WITH_SHARE = noted("{verdict} ({share})")
MORE, LESS, NOT_SHOWN = noted("more often"), noted("less often"), noted("not shown")
ALL_COMPARED = noted_many(
    "Beside group {to}, {n} of {of} comparisons shows a difference",
    "Beside group {to}, {n} of {of} comparisons show a difference",
)
MATRIX_NOTE = noted_many(
    "Bars: each share as times that of group {to}, with a range that holds for {n} "
    "comparison ({level}). A bar across 1 does not show a difference.",
    "Bars: each share as times that of group {to}, with ranges that hold for all {n} "
    "comparisons at once ({level}). A bar across 1 does not show a difference.",
)
MORE_GROUPS = noted_many(
    "{n} smaller group stands in the tables below.",
    "{n} smaller groups stand in the tables below.",
)
CORNER = noted("Group, and its number of {of}")
#: Kind -> what the picture of 1,000 alerts shows: right as counted, and what it would be elsewhere.
PICTURE: dict[Kind, str] = {
    None: noted("Of 1,000 alerts, {right} are right here; {rare} where one in {many} is true"),
    "risk-score": noted(
        "Of 1,000 high scores, the outcome follows {right} here; {rare} where it follows one in "
        "{many}"
    ),
    "face-match": noted(
        "Of 1,000 matches, {right} are right here; {rare} where one in {many} is on the list"
    ),
    "alarm": noted(
        "Of 1,000 alarms, {right} are right here; {rare} where one observation in {many} holds the "
        "event"
    ),
    "post-flag": noted(
        "Of 1,000 flags, {right} are right here; {rare} where one post in {many} is what is sought"
    ),
}
PICTURE_HERE: dict[Kind, str] = {
    None: noted("Of 1,000 alerts, {right} are right and {wrong} wrong"),
    "risk-score": noted(
        "Of 1,000 high scores, the outcome follows {right} and does not follow {wrong}"
    ),
    "face-match": noted("Of 1,000 matches, {right} are right and {wrong} wrong"),
    "alarm": noted("Of 1,000 alarms, {right} are right and {wrong} false"),
    "post-flag": noted("Of 1,000 flags, {right} are right and {wrong} wrong"),
}
#: Whether of searches -> the same where nothing was counted.
PICTURE_THERE = {
    True: noted(
        "Of 1,000 alerts, {right} would be right, were one search in {many} of a person in the "
        "gallery"
    ),
    False: noted("Of 1,000 alerts, {right} would be right, were one in {many} true"),
}
_PERSON = noted("That a person, or a group of people, is dangerous: these are errors of a system.")
_ALIKE = noted("That groups are alike where no difference is shown.")
_LAWFUL = noted("That the use is lawful, necessary or fair because its rates are good.")
#: Kind -> what must not be concluded: four sentences of one form.
CAUTIONS: dict[Kind, tuple[str, str, str, str]] = {
    None: (
        _PERSON,
        noted("That a share of alerts is a share of people: each number has its own denominator."),
        _ALIKE,
        _LAWFUL,
    ),
    "risk-score": (
        _PERSON,
        noted("That a recorded outcome is what someone did: it is what somebody recorded."),
        _ALIKE,
        noted("That a score may decide about a person because it ranks well."),
    ),
    "face-match": (
        _PERSON,
        noted("That a match is an identification, or a reason to stop somebody."),
        _ALIKE,
        _LAWFUL,
    ),
    "alarm": (
        _PERSON,
        noted("That no alarm means that nothing happened, or an alarm that something did."),
        _ALIKE,
        _LAWFUL,
    ),
    "post-flag": (
        _PERSON,
        noted("That an author meant or did anything: posts were flagged, and no author is shown."),
        _ALIKE,
        noted("That a post may be removed, or its author looked for, because of a flag."),
    ),
}


def more(
    words: Words, kind: Kind, one: Statement, other: Statement, value: str, against: str
) -> str:
    """Say that a group is shown to bear more of an error than another."""
    of_kind = _MORE[one.statistic]
    return words.say(
        of_kind.get(kind, of_kind[None]),
        group=one.subject.group, value=value, other=against, to=other.subject.group,
    )  # fmt: skip


def everyone(words: Words, kind: Kind, one: Statement, *, left_out: bool = False) -> str:
    """Say how often an error happens to everyone; or that it is left out of what is published."""
    if left_out and one.statistic == "alert_rate":
        return words.say(ALERTED, value=words.percent(one.estimate.value))
    of_kind = _EVERYONE[one.statistic]
    return words.say(of_kind.get(kind, of_kind[None]), value=words.percent(one.estimate.value))


def times(words: Words, one: Compared) -> str:
    """Say how many times the reference's share a group's is, with a range that holds with others'.

    Said of the group that bears more: where that is the reference, of it beside the other.
    """
    ratio, low, high = one.ratio, one.low, one.high
    if one.direction < 0:
        ratio, low, high = (1.0 / end if end else None for end in (ratio, high, low))
    level, least = words.percent(one.level), words.number(low, 2)
    if ratio is None:
        return words.many(one.together, *AT_LEAST, low=least, level=level)
    most = words.say("no limit") if high is None else words.number(high, 2)
    return words.many(
        one.together, *TIMES, ratio=words.number(ratio, 2), low=least, high=most, level=level
    )


def by_time(words: Words, *rates: Statement | None) -> list[str]:
    """Say the first that is known: false alarms a camera and hour, or an hour."""
    for one, some, none in zip(
        rates, (A_CAMERA_AND_HOUR, AN_HOUR), (NO_FALSE_ALARM, NO_FALSE_ALARM_AN_HOUR), strict=True
    ):
        if one is None or one.estimate.value is None:
            continue
        held = one.estimate
        told = {"level": words.percent(held.level), "high": words.number(held.high)}
        if not held.value:
            return [words.say(none, **told)]
        return [words.say(
            some, value=words.number(held.value), low=words.number(held.low),
            hours=words.number(1.0 / held.value), **told,
        )]  # fmt: skip
    return []


def count(words: Words, kind: Kind, one: Statement) -> tuple[str, str]:
    """Name what was counted, and say it out of how many."""
    told = words.say(
        "{counted} of {n}", counted=words.number(one.numerator), n=words.number(one.out_of)
    )
    return name_of(words, kind, one.statistic), told
