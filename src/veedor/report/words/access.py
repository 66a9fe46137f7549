"""Words of an audit of access: what a log, its columns, its cells and its breaks are called."""

from __future__ import annotations

from collections.abc import Sequence

from veedor.audits.access.results import Break
from veedor.report.words.headings import Heading
from veedor.report.words.language import Words, noted
from veedor.statistics.codes import Coded, Finding

#: Kind of log -> what a row of it is.
SUBTITLES = {
    "network": noted("Audit of a log of others' look-ups in one's own devices"),
    "own": noted("Audit of a log of look-ups by one's own users"),
    "event": noted("Audit of a log of everything that users did"),
}
CAUTIONS = (
    (
        noted("A look-up without a stated reason is not a look-up without a reason."),
        noted(
            "A log holds what was written down. Whether there was a reason is asked of those who "
            "looked, and of the files of their cases; the sample of rows to be read is for that."
        ),
    ),
    (
        noted("The window asked for is not how long data are kept."),
        noted(
            "A search may ask for more days than there are. How long data are kept is told by the "
            "system's settings and by what it still answers, not by its log of searches."
        ),
    ),
    (
        noted("What is not explained here is not improper."),
        noted(
            "Rules explain what lists, cases and shifts that were handed over can explain. They "
            "may lack some, and an explained look-up may be improper too. It is where to ask first."
        ),
    ),
    (
        noted("Nobody is named, ranked or scored."),
        noted(
            "Users are counted and never told apart: they differ by their work, their shifts and "
            "their posts. Groups of fewer than 10 people are not told."
        ),
    ),
    (
        noted("A log is not all that was done."),
        noted(
            "What was not exported, was cut at the limit of an export, or was done under someone "
            "else's name is not in it. A constant or masked column can say nothing."
        ),
    ),
)
COLUMNS = {
    "user": noted("user"),
    "key": noted("what was looked up"),
    "case": noted("case number"),
    "force": noted("force"),
    "unit": noted("unit"),
    "reason": noted("reason"),
    "search_type": noted("kind of search"),
    "event": noted("event"),
    "networks": noted("networks searched"),
    "devices": noted("devices searched"),
    "window_days": noted("window asked for"),
}
STATES = {
    "value": noted("value"),
    "placeholder": noted("placeholder"),
    "empty": noted("empty"),
    "not_exported": noted("not exported"),
    "withheld": noted("withheld"),
    "masked": noted("masked"),
    "partial": noted("partly withheld"),
}
REPEATED = {
    "same_id": noted("with an id that was there before"),
    "same_row": noted("the same, cell by cell, as one before"),
    "near": noted(
        "by the same user, of the same thing, for the same reason within moments (these stay)"
    ),
}
#: Kind of break -> what became another.
BREAKS = {
    "schema": noted("another export begins, with other columns: {columns}"),
    "column": noted("columns begin or end to hold values: {columns}"),
    "vocabulary": noted("the values of {columns} are others from here on"),
    "level": noted("the numbers of {columns} are of another size, at least twice or half"),
    "cap": noted("an export ends at a limit of rows: what came after it may be missing"),
    "gap": noted("more than a week without rows"),
    "policy": noted("said by who asks: {name}"),
    "volume": noted(
        "look-ups a day go from {before} to {after}, and nothing in the log says why: to be asked "
        "before anything is read into it"
    ),
}
UNNAMED_POLICY = noted("said by who asks")
FILES = Heading(
    noted("Files, and parts of files under a header of their own"), (
        noted("File"), noted("Form of export"), noted("Rows"), noted("First day"),
        noted("Last day"), noted("Columns"), noted("Limit reached"), noted("SHA-256"),
    ),
)  # fmt: skip
CELLS = Heading(
    noted("What the cells of each column are"), (
        noted("Column"), *STATES.values(), noted("Yields a rate"),
    ),
)  # fmt: skip
REPEATED_ROWS = Heading(noted("Rows that were released again"), (noted("Rows"), noted("How many")))
BROKEN = Heading(
    noted("Days across which nothing is compared"), (
        noted("No."), noted("First day after it"), noted("What became another"),
    ),
)  # fmt: skip
MONTHS = Heading(
    noted("Month by month, between breaks"), (
        noted("Month"), noted("Stretch"), noted("Days"), noted("Look-ups"),
        noted("Look-ups a day"), noted("95% interval"), noted("Users"), noted("Units"),
        noted("Forces"),
    ),
)  # fmt: skip
GROUPS = Heading(
    noted("Forces and units"), (
        noted("Level"), noted("Name"), noted("Users"), noted("Look-ups"),
    ),
)  # fmt: skip
LEVELS = {"force": noted("force"), "unit": noted("unit")}
HIDDEN = noted("hidden")
YES, NO, CONSTANT = noted("yes"), noted("no"), noted("no: the same in every row, or masked")
NONE = noted("none")
#: Part of a stratum's code -> what it is of.
STRATUM = {
    "lookups": noted("all look-ups"),
    "explained": noted("explained by a rule"),
    "unexplained": noted("explained by no rule"),
    "cannot_tell": noted("cannot be told"),
    "reason_stated": noted("a reason is stated"),
    "reason_vague": noted("the reason is vague"),
    "reason_not_read": noted("no reason can be read"),
    "first": noted("first look-ups"),
    "again": noted("repeats"),
    "key_not_known": noted("of what is not known"),
}
WHY = {
    "outside_list": noted("not on the list in force"),
    "unexplained": noted("explained by no rule"),
    "off_shift": noted("outside the shift"),
    "off_hours": noted("outside working hours"),
    "devices_above": noted("in many devices"),
    "window_days_above": noted("a long window"),
}
TARGETED = Heading(
    noted("What rows of the targeted part were taken for"), (noted("Reason"), noted("Rows")),
)  # fmt: skip
VERSIONS = Heading(
    noted("Each version of the list by itself"), (
        noted("In force from"), noted("Until the next, of"), noted("Look-ups"),
        noted("On the list"), noted("95% interval"), noted("Off the list"), noted("95% interval"),
    ),
)  # fmt: skip
TERMS = Heading(
    noted("Words in reasons, and their letters within other words"), (
        noted("Word"), noted("Look-ups with it as a word"),
        noted("Look-ups with only its letters, within other words"),
    ),
)  # fmt: skip
LISTS = Heading(
    noted("Vague reasons, list by list"), (
        noted("List"), noted("Share that is vague"), noted("95% interval"), noted("Out of"),
        noted("Its words"),
    ),
)  # fmt: skip
PEERS = Heading(
    noted("Users beside those of the same unit, shift and role"), (
        noted("Unit"), noted("Shift"), noted("Role"), noted("Users"), noted("Look-ups"),
        noted("Dispersion"), noted("Limit for 1 in 1,000"), noted("Users beyond chance"),
    ),
)  # fmt: skip
STRATA = Heading(
    noted("Strata of the random sample"), (
        noted("Stratum"), noted("Look-ups"), noted("To be read"), noted("Probability"),
    ),
)  # fmt: skip
FIGURES = (
    noted("Figure"), noted("Value"), noted("Interval"), noted("Counted"), noted("Out of"),
)  # fmt: skip
#: Part of the page -> what its table of figures is called.
CAPTIONS = {
    "who": noted("Who could look, and who did"),
    "reach": noted("How far look-ups reached"),
    "again": noted("First look-ups and repeats"),
    "listed": noted("On the list in force, and off it"),
    "explained": noted("Explained by rules"),
    "reasons": noted("What the reasons hold"),
    "when": noted("Hours and regular intervals"),
}
EVERY_FIGURE = Heading(noted("Every estimate"), (*FIGURES, noted("Method")))


def column(words: Words, code: str) -> str:
    """Name a column of a log."""
    return words.say(COLUMNS[code])


def of(words: Words, coded: Coded) -> str:
    """Say a code, a column of a log by its name."""
    if isinstance(coded, Finding) and "column" in coded.arguments:
        named = column(words, str(coded.arguments["column"]))
        return words.of(Finding(coded.code, {**coded.arguments, "column": named}))
    return words.of(coded)


def columns(words: Words, codes: Sequence[str]) -> str:
    """Name columns, as a sentence does."""
    return words.listed([column(words, one) for one in codes])


def became(words: Words, one: Break) -> str:
    """Say what became another on the day of a break."""
    if one.kind == "policy" and not one.name:
        return words.say(UNNAMED_POLICY)
    return words.say(
        BREAKS[one.kind], columns=columns(words, one.columns), name=one.name,
        before=words.number(one.before), after=words.number(one.after),
    )  # fmt: skip


def people(words: Words, n: int | None, *, hidden: bool) -> str:
    """Write a number of people; where it is hidden, that; where it is not known, a dash."""
    if hidden:
        return words.say(HIDDEN)
    return "–" if n is None else words.number(n)


def stratum(words: Words, code: str) -> str:
    """Say what a stratum is of, part by part of its code."""
    return ", ".join(words.say(STRATUM[one]) for one in code.split("+"))
