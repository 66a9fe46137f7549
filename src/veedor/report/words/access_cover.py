"""The cover of an audit of access: how many looked, how unevenly, and what was said for it."""

from __future__ import annotations

from veedor.audits.access.results import AccessAudit
from veedor.audits.audit import Statement
from veedor.report.words.access_figures import LISTS, days, hours
from veedor.report.words.access_sentences import stated, taken_out
from veedor.report.words.language import Words, noted, noted_many

#: Kind of log -> what its page is called.
TITLES = {
    "network": noted("Who looked into this network, and how"),
    "own": noted("Who looked, and how"),
    "event": noted("Who acted in this system, and how"),
}
CAUTIONS = (
    noted("That a look-up without a stated reason had none."),
    noted("That the window asked for is how long data are kept."),
    noted("That what no list or rule explains was improper."),
    noted("That one user is better or worse than another: nobody is ranked."),
)
PROOF = noted("Counted, out of how many")
BUSIEST = noted("Look-ups by the {k} busiest users")
USED = noted("Accounts that looked, of those granted")
EMPTY = noted("Look-ups that state no reason")
OUTSIDE = noted("Look-ups outside the list in force")
UNEXPLAINED = noted("Look-ups that no rule explains")
SEVERAL = noted("Look-ups in several networks")
DAYS = noted("Days without a look-up")
SHARE, INTERVAL = noted("Share"), noted("{level} interval, and out of how many")
FIGURE = noted("Look-ups")
MATRIX_NOTE = noted(
    "Each interval by itself, over users or days, whichever leaves more open. What the shares are "
    "out of, in words: below."
)
#: Statistic -> what a cover has room for.
ROWS = {
    "vague_share": noted("Vague: {list}"),
    "outside_list_share": noted("Not on the list in force"),
    "unexplained_share": noted("Explained by no rule"),
    "more_than_one_network_share": noted("In several networks"),
    "devices_above_share": noted("In more than {threshold} devices"),
    "window_above_share": noted("Window over {days}"),
    "off_shift_share": noted("Outside the shift"),
    "off_hours_share": noted("Outside {hours}"),
    "case_in_wrong_field_share": noted("Case in the wrong field"),
}
#: What stands beside the picture: numbers that are no shares of look-ups.
NUMBERS = noted("Who could look, and how far")
NUMBER, HOW_MANY = noted("Counted"), noted("How many")
COUNTED = {
    "accounts_granted": noted("Accounts granted"),
    "users": noted("Users who looked"),
    "forces": noted("Their forces"),
    "units": noted("Their units"),
    "networks_largest": noted("Networks, widest look-up"),
    "devices_largest": noted("Devices, widest look-up"),
    "window_days_largest": noted("Days asked for, longest"),
    "keys": noted("Different things looked up"),
}
THROUGH_TIME = noted("Look-ups a day, month by month")
THROUGH_TIME_BROKEN = noted_many(
    "Look-ups a day, month by month, with {n} break: nothing is compared across it",
    "Look-ups a day, month by month, with {n} breaks: nothing is compared across them",
)
MORE_BREAKS = noted_many("See what broke on this day", "See what broke on these {n} days")


def finding(words: Words, audit: AccessAudit) -> str:
    """Say how many looked how often, and how few made most of it: the verdict of the page."""
    users, forces, top = (stated(audit, name) for name in ("users", "forces", "top_share"))
    lookups = words.number(audit.lookups)
    if audit.kind == "network" and forces is not None and forces.estimate.value:
        return words.many(
            int(forces.estimate.value),
            "{n} force looked into this network {lookups} times",
            "{n} forces looked into this network {lookups} times",
            lookups=lookups,
        )
    if users is None:
        return words.say("{lookups} look-ups, by nobody knows how many users", lookups=lookups)
    if users.estimate.value is None:
        return words.say(
            "{lookups} look-ups, by fewer than {k} users", lookups=lookups, k=audit.settings.k
        )
    if top is None:
        return words.say(
            "{users} users looked {lookups} times",
            users=int(users.estimate.value), lookups=lookups,
        )  # fmt: skip
    return words.say(
        "{users} users looked {lookups} times; {k} of them made {share} of the look-ups",
        users=int(users.estimate.value), lookups=lookups, k=audit.settings.k,
        share=words.percent(top.estimate.value),
    )  # fmt: skip


def because(words: Words, audit: AccessAudit) -> list[str]:
    """Say over which days, and what would make a reader take it for more than it is."""
    said = []
    if audit.first is not None and audit.last is not None:
        said.append(words.say(
            "Counted from {first} to {last}, each look-up once.",
            first=words.day(audit.first), last=words.day(audit.last),
        ))  # fmt: skip
    if not audit.columns or all(one.column != "key" or one.constant for one in audit.columns):
        gone = taken_out(audit, "key")
        said.append(words.say(
            noted("What was looked up was taken out of the log.") if gone
            else noted("The log does not say what was looked up.")
        ))  # fmt: skip
    serious = sum(one.severity == "serious" for one in audit.warnings)
    if serious:
        said.append(words.many(
            serious,
            "There is {n} serious doubt about the log: see the warnings, below.",
            "There are {n} serious doubts about the log: see the warnings, below.",
        ))  # fmt: skip
    return said


def vague_between(words: Words, audit: AccessAudit) -> str:
    """Say how much the list of words decides: the heading of the matrix."""
    shares = [one.share.value for one in audit.lists if one.share.value is not None]
    if not shares:
        return words.say("What can be counted of how it is used")
    return words.say(
        "Reasons are vague in {low} or in {high}: the list of words decides",
        low=words.percent(min(shares), 2), high=words.percent(max(shares), 2),
    )  # fmt: skip


def counted(words: Words, part: float, whole: float) -> str:
    """Say a count out of how many."""
    return words.say("{part} of {all}", part=words.number(part, 9), all=words.number(whole, 9))


def share_of(words: Words, share: float, whole: float) -> str:
    """Say a share, and of how many."""
    return words.say("{part} of {all}", part=words.percent(share), all=words.number(whole, 9))


def between(words: Words, low: float, high: float, n: int) -> str:
    """Say an interval of shares, and out of how many."""
    return words.say(
        "{low} to {high}, of {n}", low=words.percent(low, 2), high=words.percent(high, 2), n=n
    )


def row(words: Words, audit: AccessAudit, one: Statement) -> str:
    """Name a row of the matrix."""
    given = {}
    if one.subject.threshold is not None:
        given["threshold"] = words.number(one.subject.threshold, 6)
        given["days"] = days(words, one.subject.threshold)
    if one.statistic == "vague_share":
        given["list"] = words.say(LISTS[one.subject.assignment])
    if audit.settings.working_hours is not None:
        given["hours"] = hours(words, audit.settings.working_hours)
    return words.say(ROWS[one.statistic], **given)
