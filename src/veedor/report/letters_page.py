"""The page of letters that ask for information: what they ask, by what law, what is left."""

from __future__ import annotations

from veedor.disclosure.request.letter import Letters
from veedor.report.audit_sections import cautions, headed
from veedor.report.cover import Count, Cover, Proof
from veedor.report.deadlines_page import quoted_section
from veedor.report.document import Document, Section
from veedor.report.tables import Spoken, Table
from veedor.report.words import Words, records
from veedor.report.words import deadlines as counted
from veedor.report.words import requests as said
from veedor.report.words.frame import more_below

#: What a cover has room for.
_MOST_LETTERS, _MOST_LINES = 6, 7


def letters_document(made: Letters, words: Words, then: str) -> Document:
    """Turn letters into a page that leads to each.

    Parameters
    ----------
    made : Letters
    words : Words
    then : str
        The command that counts their deadlines.
    """
    unasked = [records.name_of(words, key) for key in made.unasked]
    return Document(
        title=said.title(words, made),
        subtitle=said.subtitle(words, made),
        made=words.say("Made by veedor from {file}.", file=made.source.name),
        plain=Section(
            words.say("In short"),
            [said.finding(words, made) + ".", said.because(words),
             said.of_file(words, made), words.own(made.reach)],
        ),
        cautions=cautions(words, zip(said.CAUTIONS, said.REASONS, strict=True)),
        cover=_cover(words, made),
        sections=[
            Section(
                said.every(words, made),
                [said.left_out(words, unasked)] if unasked else [],
                tables=[_letters(words, made)],
                links=[(said.opens(words, one.name), f"{one.name}.html") for one in made.letters],
                folded=True,
                anchor="letters",
            ),
            Section(
                words.say("What you must and may be asked, and what runs then"),
                [words.own(made.reach)],
                tables=[_by_hand(words, made), _terms(words, made)],
                folded=True,
                anchor="terms",
                parts=[Section(said.then(words), verbatim=then)],
            ),
            quoted_section(words, made.articles, made.texts, made.language),
        ],
    )  # fmt: skip


def _cover(words: Words, made: Letters) -> Cover:
    shown = [
        [Spoken(one.subject, made.language), words.number(len(one.items))]
        for one in made.letters[:_MOST_LETTERS]
    ]
    left = len(made.letters) - len(shown)
    if left:
        shown.append([more_below(words, left), ""])
    return Cover(
        finding=said.finding(words, made),
        tone="none",
        because=said.because(words),
        proof=_proof(words, made),
        tables=(_by_hand(words, made),),
        lists=(headed(words, said.SHOWN, shown),),
        cautions=tuple(words.say(one) for one in said.CAUTIONS),
    )


def _proof(words: Words, made: Letters) -> Proof | None:
    """Count the fields of a record: what was told, refused and not answered."""
    if not made.of_record:
        return None
    counts = (made.told, made.refused, made.unanswered)
    everything = sum(counts)
    return Proof(
        said.proof(words, made),
        tuple(
            Count(
                words.say(name),
                words.say("{count} of {all}", count=count, all=everything),
                count / everything,
                "ours" if name == said.OF_ALL[0] else "reference",
            )
            for name, count in zip(said.OF_ALL, counts, strict=True)
        ),
    )


def _letters(words: Words, made: Letters) -> Table:
    texts = {one.code: one for one in made.texts}
    rows = [
        [
            f"{one.name}.docx",
            Spoken(one.subject, made.language),
            words.number(len(one.items)),
            words.listed([words.say(said.WHY[why]) for why in dict.fromkeys(one.why)]),
            counted.cited(words, [a for a in made.articles if a.code in one.articles], texts),
        ]
        for one in made.letters
    ]
    return headed(words, said.LETTERS, rows, headers=2)


def _by_hand(words: Words, made: Letters) -> Table:
    return headed(
        words,
        said.BY_HAND,
        [[Spoken(name, made.language)] for name in made.letters[0].lines[:_MOST_LINES]],
    )


def _terms(words: Words, made: Letters) -> Table:
    texts = {one.code: one for one in made.texts}
    rows = [
        [
            words.own(term.what),
            words.say(counted.WHOSE[term.whose]),
            counted.length(words, term, extended=bool(term.extension)),
            counted.cited(words, [a for a in made.articles if a.code in term.articles], texts),
        ]
        for term in made.terms
    ]
    return headed(words, said.RUNS, rows)
