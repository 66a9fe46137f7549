"""What the figures of an audit of access are called, and in which section they stand."""

from __future__ import annotations

from veedor.audits.access.results import AccessAudit
from veedor.audits.audit import Statement
from veedor.report.words.language import Words, noted

#: Part of the page -> the statistics that it shows.
SHOWN = {
    "who": (
        "users", "units", "forces", "accounts_granted", "accounts_used", "accounts_used_share",
        "accounts_dormant", "accounts_dormant_share", "users_without_account", "gini_users",
        "top_share",
    ),
    "reach": (
        "more_than_one_network_share", "networks_median", "networks_largest",
        "devices_above_share", "no_devices_share", "devices_median", "devices_largest",
        "window_above_share", "window_days_median", "window_days_largest",
    ),
    "again": (
        "keys", "first_in_log_share", "again_by_same_user_share", "again_by_others_only_share",
        "keys_by_users", "again_within_share",
    ),
    "listed": (
        "inside_list_share", "outside_list_share", "listed_later_share", "no_list_in_force_share",
    ),
    "explained": (
        "explained_share", "unexplained_share", "cannot_tell_share", "explained_by_share",
    ),
    "reasons": (
        "reason_cells_share", "vendor_text_share", "case_in_reason_share",
        "case_in_wrong_field_share",
    ),
    "when": ("off_shift_share", "off_hours_share", "regular_users", "regular_lookups_share"),
}  # fmt: skip
#: Statistic -> what it is.
NAMES = {
    "lookups": noted("Look-ups"),
    "users": noted("Users who looked"),
    "units": noted("Units that looked"),
    "forces": noted("Forces that looked"),
    "accounts_granted": noted("Accounts granted"),
    "accounts_used": noted("Accounts that looked, of those granted"),
    "accounts_used_share": noted("Accounts that looked, of those granted"),
    "accounts_dormant": noted("Accounts that never looked, of those granted"),
    "accounts_dormant_share": noted("Accounts that never looked, of those granted"),
    "users_without_account": noted("Users who looked and have none of the accounts granted"),
    "gini_users": noted("Gini coefficient of look-ups over users (0: all alike)"),
    "top_share": noted("Look-ups by the {k} busiest users, together"),
    "more_than_one_network_share": noted("Look-ups in more than one network"),
    "networks_median": noted("Networks searched by the middle look-up"),
    "networks_largest": noted("Networks searched by the widest look-up"),
    "devices_above_share": noted("Look-ups in more than {threshold} devices"),
    "no_devices_share": noted("Look-ups in 0 devices"),
    "devices_median": noted("Devices searched by the middle look-up"),
    "devices_largest": noted("Devices searched by the widest look-up"),
    "window_above_share": noted("Look-ups that ask for more than {days}"),
    "window_days_median": noted("Days asked for by the middle look-up"),
    "window_days_largest": noted("Days asked for by the longest look-up"),
    "keys": noted("Different things looked up"),
    "first_in_log_share": noted("First look-ups, within this log, of what is looked up"),
    "again_by_same_user_share": noted("Look-ups of what the same user had looked up before"),
    "again_by_others_only_share": noted("Look-ups of what only others had looked up before"),
    "keys_by_users": noted("Things looked up by {range}"),
    "again_within_share": noted("Look-ups of what was looked up within {days} before"),
    "inside_list_share": noted("Look-ups of what the list in force names"),
    "outside_list_share": noted("Look-ups of what the list in force does not name"),
    "listed_later_share": noted("Look-ups of what came onto the list in the {later} days after"),
    "no_list_in_force_share": noted("Look-ups while no list was in force"),
    "explained_share": noted("Explained by a rule: {part}"),
    "unexplained_share": noted("Explained by no rule: {part}"),
    "cannot_tell_share": noted("Cannot be told, for cells are withheld: {part}"),
    "explained_by_share": noted("Explained by “{rule}”: {part}"),
    "reason_cells_share": noted("Cells of reasons: {part}"),
    "vendor_text_share": noted("Reasons in the system's own words"),
    "case_in_reason_share": noted("Reasons with a number like a case's"),
    "case_in_wrong_field_share": noted("A number like a case's in the reason, its field empty"),
    "vague_share": noted("Vague reasons, under the list “{list}”"),
    "off_shift_share": noted("Look-ups outside the user's shift"),
    "off_hours_share": noted("Look-ups outside working hours ({hours})"),
    "regular_users": noted("Users whose look-ups come at one regular interval, as machines' do"),
    "regular_lookups_share": noted("Look-ups by these"),
}
#: Numbers that are no shares.
_NUMBERS = frozenset((
    "lookups", "users", "units", "forces", "accounts_granted", "accounts_used",
    "accounts_dormant", "users_without_account", "gini_users", "networks_median",
    "networks_largest", "devices_median", "devices_largest", "window_days_median",
    "window_days_largest", "keys", "keys_by_users", "regular_users",
))  # fmt: skip
#: Part of a log -> what it is called: look-ups by what went before, and states of cells.
PARTS = {
    "all": noted("all look-ups"),
    "first": noted("first look-ups"),
    "again": noted("repeats"),
    "value": noted("a text"),
    "placeholder": noted("a placeholder"),
    "empty": noted("empty"),
    "not_exported": noted("not exported"),
    "withheld": noted("withheld"),
    "masked": noted("masked"),
    "partial": noted("a text, partly withheld"),
}
#: What a rule asks of a look-up.
CONDITIONS = {
    "listed": noted("on the list in force"),
    "case_open": noted("its case is in the register and open"),
    "unit_assigned": noted("its case is the unit's"),
    "case_stated": noted("states a case"),
    "reason_stated": noted("states a reason that is not vague"),
    "in_shift": noted("within the shift"),
}
#: Word list -> what it is called.
LISTS = {
    "nothing": noted("says nothing"),
    "generic": noted("police work"),
    "generic_stems": noted("police work, misspelt"),
    "kinds": noted("a kind of matter"),
    "own": noted("your own"),
}
#: From how many users on -> those who looked the same thing up.
_USERS = {
    1: noted("one user"), 2: noted("2 to 4 users"), 5: noted("5 to 9 users"),
    10: noted("10 users or more"),
}  # fmt: skip


def is_share(statistic: str) -> bool:
    """Whether a statistic is a share, which is written in percent.

    >>> is_share("vague_share"), is_share("gini_users")
    (True, False)
    """
    return statistic not in _NUMBERS


def rule(words: Words, code: str) -> str:
    """Say a rule, by the conditions that must all hold."""
    return words.listed([words.say(CONDITIONS[one]) for one in code.split("+")])


def named(words: Words, audit: AccessAudit, one: Statement) -> str:
    """Name a figure, with what it is of."""
    subject, asked = one.subject, audit.settings
    given: dict[str, str | int] = {"k": asked.k, "later": asked.listed_later_within}
    if subject.threshold is not None:
        given["threshold"] = words.number(subject.threshold, 6)
        given["days"] = days(words, subject.threshold)
    if one.statistic == "keys_by_users":
        given["range"] = words.say(_USERS[int(subject.threshold or 1)])
    if one.statistic == "explained_by_share":
        given["rule"] = rule(words, subject.assignment)
    if one.statistic == "vague_share":
        given["list"] = words.say(LISTS[subject.assignment])
    if subject.subset in PARTS:
        given["part"] = words.say(PARTS[subject.subset])
    if asked.working_hours is not None:
        given["hours"] = hours(words, asked.working_hours)
    name = words.say(NAMES[one.statistic], **given)
    span = span_of(one)
    if span is None:
        return name
    since, until = ("" if end == ".." else words.day(end) for end in span)
    if not until:
        return words.say("{figure}, from {since} on", figure=name, since=since)
    if not since:
        return words.say("{figure}, before {until}", figure=name, until=until)
    return words.say(
        "{figure}, from {since} until {until}", figure=name, since=since, until=until
    )  # fmt: skip


def span_of(one: Statement) -> tuple[str, str] | None:
    """Return both ends of the version of a list that a figure is of; None where it is of none."""
    since, slash, until = one.subject.subset.partition("/")
    return (since, until) if slash else None


def days(words: Words, many: float) -> str:
    """Write so many days.

    >>> from veedor.report.words import words_in
    >>> days(words_in("en"), 1.0), days(words_in("en"), 1.5)
    ('1 day', '1.5 days')
    """
    if many.is_integer():
        return words.many(int(many), "{n} day", "{n} days")
    return words.say("{many} days", many=words.number(many))


def hours(words: Words, given: tuple[float, float]) -> str:
    """Write from which hour to which."""
    begin, end = (f"{int(one)}:{round(60 * (one % 1)):02d}" for one in given)
    return words.say("{begin} to {end}", begin=begin, end=end)
