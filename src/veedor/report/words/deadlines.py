"""Words of a calendar of deadlines: by when each must act, and what has to be known of the days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from veedor.disclosure.request.deadlines import Deadline, Deadlines
from veedor.disclosure.request.law import Article, LegalText, Term
from veedor.report.words.headings import Heading
from veedor.report.words.language import Words, noted, noted_many
from veedor.statistics.codes import Finding

FINDINGS = {
    "extension_too_late": noted(
        "The extension was told on {told}, after the term to answer had ended on {due}: nothing is "
        "counted from it."
    ),
    "earliest_counts": noted(
        "“{what}” may be counted from more than one day. It is counted from the earliest, "
        "{begins}, to {day}."
    ),
    "ends_on_day_off": noted(
        "“{what}” ends on {day}, which is no working day. It is of calendar days, and the texts "
        "that were read do not move it."
    ),
    "done_too_late": noted("“{what}”: it was done on {done}, after its last day, {day}."),
    "done_too_early": noted(
        "“{what}”: it was done on {done}, before the first day that counts, the one after {begins}."
    ),
    "term_interrupted": noted(
        "“{what}” was to end on {day}. What was done on {done} interrupts it; from when it runs "
        "again the texts that were read do not say."
    ),
}
WHOSE = {"you": noted("you"), "body": noted("the body"), "agency": noted("the agency")}
LENGTHS = {
    "working": noted_many("{n} working day", "{n} working days"),
    "calendar": noted_many("{n} calendar day", "{n} calendar days"),
    "months": noted_many("{n} month", "{n} months"),
}
EXTENDED = {
    "working": noted_many("{first} and {n} working day more", "{first} and {n} working days more"),
    "calendar": noted_many(
        "{first} and {n} calendar day more", "{first} and {n} calendar days more"
    ),
    "months": noted_many("{first} and {n} month more", "{first} and {n} months more"),
}
CAUTIONS = (
    noted("That this is legal advice: it counts days by the texts that were read, and no more."),
    noted(
        "That every day off is known: those decreed later, of mourning or of one office are in it "
        "only if you list them."
    ),
    noted("That a last day is a good day: how days are counted may be disputed, so be earlier."),
    noted("That the law is still so: each text is as it was read, in the month beside it."),
)
REASONS = (
    noted("Ask a lawyer before a term runs out."),
    noted("A day off that is not listed makes the body's real term longer than it is here."),
    noted("The day of an event is not counted here; where it were, each term would end earlier."),
    noted("Look for what changed it since."),
)
DUE = Heading(noted("By when"), (noted("Day"), noted("What, and by which provision")))
TERMS = Heading(
    noted("Every term, with its provision"),
    (
        noted("What"), noted("Whose"), noted("Term"), noted("Counted from"), noted("Day"),
        noted("Days off passed over"), noted("Provision"),
    ),
)  # fmt: skip
QUOTED = Heading(
    noted("In the law's own words"),
    (noted("Provision"), noted("What it says"), noted("As read in")),
)
TEXTS = Heading(noted("The texts"), (noted("Text"), noted("About"), noted("As read in")))
NO_ADVICE = noted(
    "No legal advice. These are texts as they were read in the month that stands beside each, and "
    "days counted by them. What they mean in a case a lawyer says."
)


def title(words: Words, made: Deadlines) -> str:
    """Name the page."""
    return words.say("Deadlines: {what}", what=words.own(made.what))


def subtitle(words: Words, made: Deadlines) -> str:
    """Say by which law, and from which day."""
    return words.say(
        "{law}; received on {day}", law=made.name, day=words.day(made.events["received"])
    )


def finding(words: Words, answer: Deadline, last: Deadline | None) -> str:
    """Say by when there is to be an answer, and what is open to whoever asked."""
    due = words.day(answer.day) if answer.day else words.number(None)
    if last is None or last.day is None:
        return words.say("An answer is due by {due}", due=due)
    if last.term.opens:
        return words.say(
            "An answer is due by {due}; from {day} you may go on",
            due=due, day=words.day(last.day),
        )  # fmt: skip
    return words.say(
        "An answer is due by {due}; if it fails, act by {day}",
        due=due, day=words.day(last.day),
    )  # fmt: skip


def because(words: Words, made: Deadlines) -> str:
    """Say how it was counted."""
    source = made.holidays
    if source is None:
        return words.say(
            "The day of receipt is not counted. Days off are the weekend and the days that you "
            "listed: public holidays are not known."
        )
    country = "-".join(filter(None, (words.country(source.country), source.subdivision)))
    if not made.listed:
        return words.say(
            "The day of receipt is not counted. Days off are the weekend and the public holidays "
            "of {country}.",
            country=country,
        )
    return words.many(
        made.listed,
        "The day of receipt is not counted. Days off are the weekend, the public holidays of "
        "{country} and {n} day that you listed.",
        "The day of receipt is not counted. Days off are the weekend, the public holidays of "
        "{country} and {n} days that you listed.",
        country=country,
    )


def what(words: Words, row: Deadline) -> str:
    """Say what a row is for."""
    said = words.own(row.term.what)
    if row.interrupted:
        return words.say("{what} (interrupted: see the remarks)", what=said)
    if row.done:
        return words.say("{what} (done)", what=said)
    if not row.extended:
        return said
    if row.happens:
        return words.say("{what} (extended, as you were told)", what=said)
    return words.say("{what} (only if it told you in time that it extends the term)", what=said)


def length(words: Words, term: Term, *, extended: bool = False) -> str:
    """Say how long a term is."""
    if not term.days:
        return words.say("the day after")
    first = words.many(term.days, *LENGTHS[term.unit])
    if not extended:
        return first
    return words.many(term.extension, *EXTENDED[term.unit], first=first)


def counted_from(words: Words, made: Deadlines, row: Deadline) -> str:
    """Say from which day a row is counted, and what happened on it."""
    if row.counted_from is None:
        wanted = [named(words, made, name) for name in row.term.after]
        return words.say("the day when {event}", event=words.listed(wanted))
    return words.say(
        "{day}: {event}", day=words.day(row.counted_from), event=named(words, made, row.event)
    )


def named(words: Words, made: Deadlines, event: str) -> str:
    """Say what happens on the day of an event, or at the end of a term."""
    if event in made.called:
        return words.own(made.called[event])
    term = next(one.term for one in made.rows if one.term.code == event)
    return words.say("the end of “{what}”", what=words.own(term.what))


def day(words: Words, row: Deadline) -> str:
    """Say the day of a row."""
    if row.day is None:
        return words.say("not known yet")
    if row.term.opens:
        return words.say("from {day}", day=words.day(row.day))
    return words.say("by {day}", day=words.day(row.day))


def off(words: Words, row: Deadline) -> str:
    """Name the days off that a row passed over."""
    if not row.days_off:
        return words.say("none")
    return "; ".join(
        words.say("{day}: {name}", day=words.short_day(one.day), name=one.name)
        for one in row.days_off
    )


def read_in(words: Words, text: LegalText) -> str:
    """Say when a text was read."""
    return (
        words.month(f"{text.read}-01") if len(text.read) == len("2026-06") else words.day(text.read)
    )


def provision(words: Words, article: Article, text: LegalText) -> str:
    """Name a provision."""
    return words.say("{text}, art. {article}", text=text.title, article=article.article)


def due(words: Words, row: Deadline, provision: str) -> str:
    """Say a row beside its day."""
    return words.say("{what} ({provision})", what=what(words, row), provision=provision)


def cited(words: Words, articles: Sequence[Article], texts: Mapping[str, LegalText]) -> str:
    """Name provisions, each once."""
    return "; ".join(dict.fromkeys(provision(words, one, texts[one.text]) for one in articles))


def sentence(words: Words, row: Deadline) -> str:
    """Say a row in a sentence."""
    return words.say(
        "{when}: {what} ({whose}).",
        when=day(words, row), what=what(words, row), whose=words.say(WHOSE[row.term.whose]),
    )  # fmt: skip


def every_term(words: Words, made: Deadlines) -> str:
    """Head the table of terms."""
    known = len(made.dated)
    return words.many(
        len(made.rows),
        "Every term with its provision: {n}, of which {known} has a day",
        "Every term with its provision: {n}, of which {known} have a day",
        known=known,
    )


def noticed(words: Words, made: Deadlines) -> str:
    """Head what has to be known of the days."""
    return words.many(
        len(made.findings),
        "What the days that you gave mean: {n} remark",
        "What the days that you gave mean: {n} remarks",
    )


def remark(words: Words, finding: Finding) -> str:
    """Say what the days that were given mean."""
    said = {
        name: words.day(value) if isinstance(value, str) and name != "what" else value
        for name, value in finding.arguments.items()
    }
    return words.of(Finding(finding.code, said))


def quoted(words: Words, n: int) -> str:
    """Head the provisions."""
    return words.many(
        n, "What the law says: {n} provision, quoted", "What the law says: {n} provisions, quoted"
    )


def how(words: Words, made: Deadlines) -> list[str]:
    """Say how days were counted, in sentences."""
    source = (
        words.say(
            "Public holidays are those of the package {package}, version {version}.",
            package=made.holidays.package,
            version=made.holidays.version,
        )
        if made.holidays
        else words.say("No public holidays were taken.")
    )
    return [
        words.say(
            "A term of working days begins on the first working day after the day of an event and "
            "ends on a working day. A term of calendar days counts every day."
        ),
        words.say("What opens once a term is over opens on the next day."),
        source,
        words.say(
            "Terms of courts are counted with the days off that are listed for courts; without a "
            "list they are the same, which is earlier and safer."
        ),
    ]


def summary(words: Words, made: Deadlines, row: Deadline) -> str:
    """Name an entry of a calendar."""
    return words.say(
        "{what} ({whose}): {law}",
        what=what(words, row), whose=words.say(WHOSE[row.term.whose]), law=made.name,
    )  # fmt: skip


def written(words: Words) -> str:
    """Say which files are beside the page."""
    return words.say("The same rows: deadlines.csv; for a calendar: deadlines.ics")
