"""Words about letters that ask for information: what they ask, and what is left to do."""

from __future__ import annotations

from veedor.disclosure.request.letter import Letters
from veedor.report.words.headings import Heading
from veedor.report.words.language import Words, noted

CAUTIONS = (
    noted("That this is legal advice: read each letter, and change what is not so."),
    noted("That a gap is a breach: a field without an answer says that nothing was told, not why."),
    noted("That what is asked exists: that there is no such document is an answer."),
    noted("That more letters bring more: similar ones may be answered together. Choose."),
)
REASONS = (
    noted("A lawyer says what a text means in a case."),
    noted("Nobody may have asked before."),
    noted("A body gives what it holds, as it holds it; the law says what it must draw up."),
    noted("Those that repeat what was answered may count against whoever sends them."),
)
WHY = {
    "not answered": noted("not answered"),
    "refused": noted("refused before"),
    "listed": noted("listed by you"),
}
LETTERS = Heading(
    noted("The letters"),
    (noted("File"), noted("What it is about"), noted("Items"), noted("Why"), noted("Provisions")),
)
SHOWN = Heading(noted("The letters"), (noted("What it is about"), noted("Items")))
BY_HAND = Heading(
    noted("To be filled in by hand; it is in none of these files"), (noted("In each letter"),)
)
RUNS = Heading(
    noted("What runs once a letter is received"),
    (noted("What"), noted("Whose"), noted("Term"), noted("Provision")),
)
OF_ALL = (noted("told"), noted("refused"), noted("not answered"))


def title(words: Words, made: Letters) -> str:
    """Name the page."""
    return words.say("Letters that ask about {system}", system=made.system)


def subtitle(words: Words, made: Letters) -> str:
    """Say whom they ask, and by which law."""
    return words.say("To {body}; {law}", body=made.body, law=made.name)


def finding(words: Words, made: Letters) -> str:
    """Say how many letters there are, and how many items they ask for."""
    return words.many(
        len(made.letters),
        "{n} letter asks for what was not told: {items}",
        "{n} letters ask for what was not told: {items}",
        items=words.many(made.items, "{n} item", "{n} items"),
    )


def because(words: Words) -> str:
    """Say what is left to do."""
    return words.say(
        "Nobody's name is in them. Read each, fill in its lines by hand, send it, and keep the "
        "proof of the day on which it was received: deadlines are counted from there."
    )


def proof(words: Words, made: Letters) -> str:
    """Say of what the counts of a record are."""
    return words.say("Of the fields of {file}", file=made.source.name)


def of_file(words: Words, made: Letters) -> str:
    """Say what the letters are made from."""
    if made.of_record:
        return words.say(
            "They are made from the record {file}: a letter for what has no answer or was refused.",
            file=made.source.name,
        )
    return words.say("They are made from the list {file}.", file=made.source.name)


def every(words: Words, made: Letters) -> str:
    """Head the letters."""
    return words.many(
        len(made.letters),
        "The letter, its items and what it rests on",
        "All {n} letters, their items and what they rest on",
    )


def opens(words: Words, name: str) -> str:
    """Name the link to a letter."""
    return words.say("Open letter {name}", name=name)


def left_out(words: Words, names: list[str]) -> str:
    """Say which fields no letter asks for."""
    return words.many(
        len(names),
        "No letter asks for {n} field, for which the law has no question: {names}.",
        "No letter asks for {n} fields, for which the law has no question: {names}.",
        names=words.listed(names),
    )


def files(words: Words, made: Letters) -> str:
    """Say which files were written."""
    return words.many(
        len(made.letters),
        "Beside it {n} letter, as .docx to go on in and as .html to print",
        "Beside it {n} letters, each as .docx to go on in and as .html to print",
    )


def then(words: Words) -> str:
    """Say what to do once letters were received."""
    return words.say("Once a letter is received:")
