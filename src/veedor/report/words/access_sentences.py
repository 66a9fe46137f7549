"""Sentences of an audit of access, and the headings that state what was found."""

from __future__ import annotations

from veedor.audits.access.quality import AccessQuality
from veedor.audits.access.results import AccessAudit, ColumnStates, Peers
from veedor.audits.audit import WHOLE, Statement, Subject
from veedor.report.words.access_figures import LISTS, days, rule
from veedor.report.words.intervals import in_full
from veedor.report.words.language import Words, noted, noted_many

MADE = noted_many(
    "Made by veedor from {n} file; days and hours are those of {zone}. Every number is in "
    "results.json.",
    "Made by veedor from {n} files; days and hours are those of {zone}. Every number is in "
    "results.json.",
)
WHAT_BREAKS = noted(
    "A trend across such a day may show the export and not the use. They are found before anything "
    "is compared, and every line and every month ends there."
)
WHO_NOTE = noted(
    "Intervals draw the users anew, for they are what varies: a few busy ones more or fewer would "
    "change the share. Groups of fewer than {k} people are hidden, and with them what would give "
    "them back by subtraction."
)
CURVE_SHOWN = noted(
    "Users, the busiest first, against the look-ups that they made together. Each step holds 10 "
    "users or more: nobody can be told from it."
)
USERS = noted("users")
HIDDEN_NUMBER = noted("hidden")
WEEK = noted("Look-ups by weekday and hour, {zone}")
WEEK_SHOWN = noted(
    "Counts by local weekday and hour ({zone}); white where there are from 1 to 9, which are "
    "hidden."
)
LOOK_UPS = noted("look-ups")
REACH_NOTE = noted(
    "What a search asks for is not what it was given: a window of 30 days may find 21 days of "
    "data, and a camera that was off finds nothing."
)
NO_REACH = noted("The log does not say how many networks or devices were searched, nor which days")
NO_KEYS = noted("The log does not say what was looked up: repeats and lists cannot be counted")
WHAT_TO_GIVE = noted(
    "With a column of what was looked up, and the lists that ought to account for it "
    "(options authorised, cases and roster), this section says what they do and do not account for."
)
BURN_IN = noted(
    "What was looked up before the log begins is not known: what is a first look-up here may be a "
    "repeat."
)
LIST_NOTE = noted(
    "Each look-up is held against the version of the list in force at its time. What came onto the "
    "list within {n} days after is counted apart: paper may be late."
)
VERSIONS_NOTE = noted(
    "Shares over all versions mix lists that differ; below, each version stands by itself. What "
    "changed between two may be the list, the look-ups or both."
)
RULES_NOTE = noted("Rules, in order; the first that holds explains a look-up: {rules}.")
FIRST_APART = noted(
    "First look-ups stand apart, for a repeat is easily explained by what explains the first."
)
REASONS_NOTE = noted(
    "A reason is vague under a list where it says nothing but words of the list. Which list is "
    "right is not for a program to say: all stand here, with their words, and what each makes of "
    "the same log."
)
WORDS_NOTE = noted(
    "A search for letters finds “ice” in “police”. Words are counted as words, accents and "
    "capitals apart."
)
NO_REASONS = noted("No reason can be read in this log")
SAME_REASON = noted("Every look-up states the same reason: nothing is counted of it")
HIDDEN_KEYS = noted(
    "What was looked up was taken out of this log: repeats and lists cannot be counted"
)
HIDDEN_REACH = noted("How far look-ups reached was taken out of this log")
HIDDEN_USERS = noted("Who looked was taken out of this log")
NO_USERS = noted("The log does not say who looked")
REGULAR_NOTE = noted(
    "An interval is regular where half or more of at least 20 gaps of one user are the same: that "
    "is how a machine asks. How many such users there are is told, never which."
)
NO_PEERS = noted("Users were not compared with one another: no roster was given")
PEERS_NOTE = noted(
    "Users are compared only with those of the same unit, shift and role, 10 of them or more, and "
    "allowing for how unlike such users are. One in 1,000 of them passes the limit by chance, so "
    "that among many users it is not the limit that decides: counted are those who look more often "
    "than chance explains, of whom 1 in 20 at most is wrongly so, on average. That is a question "
    "about work, posts and machines, and no finding about a person."
)
PLAN_NOTE = noted(
    "review_plan.csv names the rows by file and place. Only its random part gives rates, with the "
    "probabilities that stand there; the targeted part shows what to ask about first, and no share "
    "of it means anything."
)
NO_PLAN = noted("No look-up was drawn to be read by people")


def made(words: Words, audit: AccessAudit) -> str:
    """Say from what the page was made."""
    return words.many(len({one.file for one in audit.files}), *MADE, zone=audit.time_zone)


def read(words: Words, audit: AccessAudit) -> str:
    """Say how many look-ups were read, and how many rows were not counted: a heading."""
    again = sum(many for why, many in audit.repeated.items() if why != "near")
    return words.many(
        audit.lookups,
        "{n} look-up was counted; rows left out as released again: {again}",
        "{n} look-ups were counted; rows left out as released again: {again}",
        again=again,
    )


def what_was_read(words: Words, audit: AccessAudit, quality: AccessQuality) -> list[str]:
    """Say what stands between the rows of the files and the look-ups that were counted."""
    said = [
        words.say(
            "Rows are not look-ups: of {rows} rows, {again} were released again by id, {same} cell "
            "by cell; {near} repeat one of the same user within moments, and stay.",
            rows=quality.rows, again=quality.same_id, same=quality.same_row, near=quality.near,
        )
    ]  # fmt: skip
    if audit.kind == "network" and quality.producer:
        said.append(words.many(
            audit.own_left_out,
            "{n} look-up by the force that released the log is left out.",
            "{n} look-ups by the force that released the log are left out.",
        ))  # fmt: skip
    elif audit.kind == "network":
        said.append(words.say(
            "Who released the log was not said (option --producer): its own look-ups, if it holds "
            "some, are among these."
        ))  # fmt: skip
    if quality.masked:
        said.append(words.say(
            "Masked within texts: {kinds}.",
            kinds=words.listed([
                words.say("{kind} ({n})", kind=words.own(kind), n=many)
                for kind, many in quality.masked.items()
            ]),
        ))  # fmt: skip
    said.append(words.say(
        "The state of a cell is kept: a value, a placeholder, empty, not exported, withheld, "
        "masked or partly withheld are seven things, and only the first is a value."
    ))  # fmt: skip
    return said


def broken(words: Words, audit: AccessAudit) -> str:
    """Say how often the log became another: a heading."""
    days = len({one.day for one in audit.breaks})
    if not days:
        return words.say("No day was found on which the log became another")
    if any(one.kind == "volume" for one in audit.breaks):
        return words.many(
            days,
            "On {n} day the log became another, or look-ups halved or doubled: nothing is compared "
            "across it",
            "On {n} days the log became another, or look-ups halved or doubled: nothing is "
            "compared across them",
        )
    return words.many(
        days,
        "On {n} day the log became another: nothing is compared across it",
        "On {n} days the log became another: nothing is compared across them",
    )


def concentrated(words: Words, audit: AccessAudit) -> str:
    """Say how many looked, and how few made most of it: a heading."""
    users, top = stated(audit, "users"), stated(audit, "top_share")
    if users is None:
        return words.say(HIDDEN_USERS if taken_out(audit, "user") else NO_USERS)
    if users.estimate.value is None:
        return words.say("How many users looked is not told: fewer than {k}", k=audit.settings.k)
    if top is None:
        return words.many(int(users.estimate.value), "{n} user looked", "{n} users looked")
    return words.say(
        "{users} users looked; the {k} busiest together made {share} of the look-ups",
        users=int(users.estimate.value), k=audit.settings.k,
        share=words.percent(top.estimate.value),
    )  # fmt: skip


def reached(words: Words, audit: AccessAudit) -> str:
    """Say how far look-ups reach, by the first that the log tells: a heading."""
    longest = max(audit.settings.windows_above, default=0.0)
    told = (
        ("more_than_one_network_share", None, noted("{share} of look-ups searched several "
                                                     "networks")),
        ("devices_above_share", audit.settings.devices_above,
         noted("{share} of look-ups searched more than {threshold} devices")),
        ("window_above_share", longest,
         noted("{share} of look-ups asked for more than {days}")),
    )  # fmt: skip
    for statistic, threshold, template in told:
        one = audit.of(statistic, Subject(WHOLE, threshold=threshold))
        if one is not None and one.estimate.value is not None:
            share = words.percent(one.estimate.value)
            return words.say(
                template,
                share=share,
                threshold=words.number(threshold or 0.0, 6),
                days=days(words, threshold or 0.0),
            )
    gone = taken_out(audit, "networks", "devices", "window_days")
    return words.say(HIDDEN_REACH if gone else NO_REACH)


def again(words: Words, audit: AccessAudit) -> str:
    """Say what part of the look-ups no list and no rule accounts for: a heading."""
    outside, unexplained, first = (
        stated(audit, name)
        for name in ("outside_list_share", "unexplained_share", "first_in_log_share")
    )
    if outside is not None:
        return words.say(
            "{share} of look-ups were of what the list in force does not name",
            share=words.percent(outside.estimate.value),
        )
    if unexplained is not None:
        return words.say(
            "No rule explains {share} of look-ups",
            share=words.percent(unexplained.estimate.value),
        )
    if first is not None:
        return words.say(
            "{share} of look-ups are the first of their kind in this log; no list, cases or shifts "
            "were given to hold them against",
            share=words.percent(first.estimate.value),
        )
    return words.say(HIDDEN_KEYS if taken_out(audit, "key") else NO_KEYS)


def rules(words: Words, audit: AccessAudit) -> str:
    """Say the rules that could be asked, in order."""
    asked = list(dict.fromkeys(
        one.subject.assignment for one in audit.statements if one.statistic == "explained_by_share"
    ))  # fmt: skip
    return words.say(
        RULES_NOTE,
        rules="; ".join(
            words.say("({n}) {rule}", n=number, rule=rule(words, one))
            for number, one in enumerate(asked, 1)
        ),
    )


def vague(words: Words, audit: AccessAudit) -> str:
    """Say how much the list decides: a heading."""
    shares = [one.share.value for one in audit.lists if one.share.value is not None]
    if not shares:
        same = any(
            one.column == "reason" and one.constant and _has_values(one) for one in audit.columns
        )
        return words.say(SAME_REASON if same else NO_REASONS)
    return words.many(
        len(shares),
        "Under {n} list of words, {low} of the reasons are vague",
        "Under {n} lists of words, from {low} to {high} of the reasons are vague: the list decides",
        low=words.percent(min(shares)), high=words.percent(max(shares)),
    )  # fmt: skip


def each_list(words: Words, audit: AccessAudit) -> list[str]:
    """Say what each list makes of the reasons, with its denominator."""
    return [
        words.say(
            "Under the list “{list}”: {share}.",
            list=words.say(LISTS[one.name]), share=in_full(words, one.share, share=True),
        )
        for one in audit.lists
    ]  # fmt: skip


def days_without(words: Words, audit: AccessAudit) -> str:
    """Say on how many days nobody looked: a heading."""
    if audit.missing is None:
        return words.say("When look-ups were made cannot be told: no time can be read")
    return words.many(
        audit.missing.without,
        "On {n} of {days} days there is no look-up; hours and regular intervals",
        "On {n} of {days} days there are no look-ups; hours and regular intervals",
        days=audit.missing.days,
    )


def missing(words: Words, audit: AccessAudit) -> list[str]:
    """Say whether days without look-ups could be chance, and what an interval shows."""
    found = audit.missing
    if found is None:
        return []
    said = [
        words.say(
            "From {first} to {last}: {days} days, {without} without a look-up by local days and "
            "{utc} by UTC; the longest run is of {longest}.",
            first=words.day(audit.first or ""), last=words.day(audit.last or ""), days=found.days,
            without=found.without, utc=found.without_utc, longest=found.longest,
        )
    ]  # fmt: skip
    if found.expected is not None and found.surprising is not None:
        expected = words.number(found.expected, 2)
        said.append(
            words.many(
                found.surprising,
                "Chance would give {expected} such days, by weekday and the weeks around; {n} is "
                "more than chance gives: there the log may be incomplete.",
                "Chance would give {expected} such days, by weekday and the weeks around; {n} are "
                "more than chance gives: there the log may be incomplete.",
                expected=expected,
            )
            if found.surprising
            else words.say(
                "Chance would give {expected} such days, by weekday and the weeks around; no "
                "single one is more than chance gives.",
                expected=expected,
            )
        )
    return [*said, words.say(REGULAR_NOTE)]


def above(words: Words, audit: AccessAudit) -> str:
    """Say how many users stand above their like: a heading."""
    found = audit.peers
    if found is None:
        return words.say(NO_PEERS)
    if found.users is None and found.above is None:
        return words.say(
            "Of the users compared with their like, fewer than {k} look more often than chance "
            "explains",
            k=audit.settings.k,
        )
    if found.users is None:
        return words.say(
            "Of the users compared with their like, {above} look more often than chance explains",
            above=found.above,
        )
    if found.above is None:
        return words.say(
            "Of {users} users compared with their like, fewer than {k} look more often than chance "
            "explains",
            users=found.users, k=audit.settings.k,
        )  # fmt: skip
    return words.say(
        "Of {users} users compared with their like, {above} look more often than chance explains",
        users=found.users, above=found.above,
    )  # fmt: skip


def compared(words: Words, found: Peers) -> list[str]:
    """Say who was compared, and who was not."""
    said = [words.say(PEERS_NOTE)]
    if found.left_out is None:
        said.append(words.say("Fewer than 10 users had too few like them to be compared."))
    elif found.left_out:
        said.append(words.many(
            found.left_out,
            "{n} user had too few like them to be compared.",
            "{n} users had too few like them to be compared.",
        ))  # fmt: skip
    return said


def planned(words: Words, audit: AccessAudit) -> str:
    """Say how many look-ups people should read: a heading."""
    drawn = sum(one.part == "random" for one in audit.review.rows)
    if not drawn:
        return words.say(NO_PLAN)
    return words.many(
        drawn,
        "{n} look-up drawn at random to be read by people; apart from it, {targeted} that stand "
        "out",
        "{n} look-ups drawn at random to be read by people; apart from them, {targeted} that stand "
        "out",
        targeted=len(audit.review.rows) - drawn,
    )


def plan(words: Words, audit: AccessAudit) -> list[str]:
    """Say what the plan is for, and what finding nothing in it would mean."""
    said = [words.say(PLAN_NOTE)]
    if audit.review.if_none is not None:
        said.append(words.say(
            "Should none of the random part turn out wrong, up to {share} of all look-ups could "
            "still be ({level} confidence).",
            share=words.percent(audit.review.if_none), level=words.percent(audit.settings.level),
        ))  # fmt: skip
    return said


def stated(audit: AccessAudit, statistic: str) -> Statement | None:
    """Return the statement of a statistic about the whole log; None without one."""
    return audit.of(statistic, Subject(WHOLE))


def taken_out(audit: AccessAudit, *columns: str) -> bool:
    """Whether all that a log held in some columns was withheld or masked before its release."""
    there = [one for one in audit.columns if one.column in columns]
    gone = [one for one in there if one.cells.get("withheld", 0) + one.cells.get("masked", 0)]
    return bool(gone) and not any(_has_values(one) for one in there)


def _has_values(one: ColumnStates) -> bool:
    return bool(one.cells.get("value", 0) + one.cells.get("partial", 0))
