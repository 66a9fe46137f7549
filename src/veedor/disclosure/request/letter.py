"""`Letters`: one request for information for each gap, an item a paragraph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import msgspec

from veedor.disclosure.record.fields import BY_KEY, TOPICS
from veedor.disclosure.request.gaps import Gap, Gaps
from veedor.disclosure.request.law import Article, Law, LegalText, Term
from veedor.errors import StudyError, phrase
from veedor.files.replacing import HashedFile

#: What goes into one letter: a gap, or all gaps of a topic.
By: TypeAlias = Literal["gap", "topic"]
#: Who asks: what is to be filled in by hand differs.
Applicant: TypeAlias = Literal["person", "organisation"]


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter, to be filled in by whoever sends it: nobody's name is in it.

    Parameters
    ----------
    name : str
        Of its files.
    language : str
        That it is written in.
    fields : tuple of str
        Of a record, that it asks for; none for a question in somebody's own words.
    why : tuple of str
        Of each gap, why it is asked.
    subject : str
        What it is about, in short.
    place, addressee, reference : str
        Lines at its head.
    opening : tuple of str
    asked : str
        What stands before the items.
    items : tuple of str
        What is asked, a paragraph each.
    again : str
        Which of them were refused before, and what is asked of that; empty if none was.
    before_exceptions : str
    exceptions : tuple of str
        What may be invoked, and what is said of it beforehand; none if empty.
    closing : tuple of str
    who : str
        What stands before the lines.
    lines : tuple of str
        What is to be filled in by hand, a line each.
    articles : tuple of str
        Codes of the provisions that it rests on.
    """

    name: str
    language: str
    fields: tuple[str, ...]
    why: tuple[str, ...]
    subject: str
    place: str
    addressee: str
    reference: str
    opening: tuple[str, ...]
    asked: str
    items: tuple[str, ...]
    again: str
    before_exceptions: str
    exceptions: tuple[str, ...]
    closing: tuple[str, ...]
    who: str
    lines: tuple[str, ...]
    articles: tuple[str, ...]


class Letters(msgspec.Struct, frozen=True, kw_only=True):
    """The letters about one system, as ``letters.json`` holds them.

    Parameters
    ----------
    law, country, name, language, reach : str
        Of the law.
    system, body : str
    source : HashedFile
        The record or list that they are made from.
    of_record : bool
        Whether it is a record.
    told, refused, unanswered : int
        Fields of the record: given or not applicable, refused, and not answered; 0 of a list.
    unasked : tuple of str
        Fields without an answer for which the law has no question.
    applicant : str
        Of `Applicant`.
    letters : tuple of Letter
    terms : tuple of Term
        What runs once they are received.
    articles : tuple of Article
    texts : tuple of LegalText
        With when each was read.
    """

    law: str
    country: str
    name: str
    language: str
    reach: str
    system: str
    body: str
    source: HashedFile
    of_record: bool
    told: int
    refused: int
    unanswered: int
    unasked: tuple[str, ...]
    applicant: Applicant
    letters: tuple[Letter, ...]
    terms: tuple[Term, ...]
    articles: tuple[Article, ...]
    texts: tuple[LegalText, ...]

    @property
    def items(self) -> int:
        """How many items they ask for."""
        return sum(len(one.items) for one in self.letters)


def letters(law: Law, asked: Gaps, *, by: By = "gap", applicant: Applicant = "person") -> Letters:
    """Write the letters.

    Parameters
    ----------
    law : Law
    asked : Gaps
    by : str
        Of `By`: with one letter a gap, a refusal of one leaves the terms of the others running.
    applicant : str
        Of `Applicant`.

    Raises
    ------
    StudyError
        If the law has no lines for an organisation, or no subject for a topic.
    """
    if applicant == "organisation" and not law.letter.organisation:
        raise StudyError(
            "A law must say what an organisation fills in.",
            found=phrase("nothing, in `letter.organisation`"),
            where=law.name,
        )
    made = [
        _letter(law, asked, number, subject, gaps, applicant)
        for number, (subject, gaps) in enumerate(_parted(law, asked.gaps, by), 1)
    ]
    terms = law.procedures[0].terms
    codes = {code for one in made for code in one.articles}
    articles = law.cited(codes | {code for term in terms for code in term.articles})
    return Letters(
        law=law.code,
        country=law.country,
        name=law.name,
        language=law.language,
        reach=law.reach,
        system=asked.system,
        body=asked.body,
        source=asked.source,
        of_record=asked.of_record,
        told=asked.told,
        refused=asked.refused,
        unanswered=asked.unanswered,
        unasked=asked.unasked,
        applicant=applicant,
        letters=tuple(made),
        terms=terms,
        articles=articles,
        texts=law.read_in(articles),
    )


def _parted(law: Law, gaps: Sequence[Gap], by: By) -> list[tuple[str, list[Gap]]]:
    """Return the subject of each letter, and its gaps."""
    if by == "gap":
        return [(one.subject, [one]) for one in gaps]
    parts: list[tuple[str, list[Gap]]] = []
    for topic in TOPICS:
        held = [one for one in gaps if one.field and BY_KEY[one.field].topic == topic]
        if not held:
            continue
        if topic not in law.letter.topics:
            raise StudyError(
                "A law must have a subject for each topic that letters are put together by.",
                found=phrase("none for {topic}, in `letter.topics`", topic=topic),
                where=law.name,
                remedy="write one letter a gap, with --by gap",
            )
        parts.append((law.letter.topics[topic], held))
    return parts + [(one.subject, [one]) for one in gaps if not one.field]


def _letter(
    law: Law, asked: Gaps, number: int, subject: str, gaps: Sequence[Gap], applicant: Applicant
) -> Letter:
    form = law.letter
    named = {"system": asked.system, "body": asked.body, "law": law.name, "subject": subject}
    codes = dict.fromkeys(code for one in gaps for code in one.anticipate)
    exceptions = [one for one in law.anticipated if one.code in codes]
    said = (*form.opening, *exceptions, *form.closing, form.who)
    rests_on = {code for one in said for code in one.articles}
    rests_on |= {code for one in gaps for code in one.articles}
    asks = [(item, one.why) for one in gaps for item in one.ask]
    refused = ", ".join(str(n) for n, (_, why) in enumerate(asks, 1) if why == "refused")
    fields = tuple(one.field for one in gaps if one.field)
    last = f"-{fields[0]}" if len(gaps) == 1 and fields else ""
    return Letter(
        name=f"{number:02}{last}",
        language=law.language,
        fields=fields,
        why=tuple(one.why for one in gaps),
        subject=subject,
        place=form.place.format(**named),
        addressee=form.addressee.format(**named),
        reference=form.subject.format(**named),
        opening=tuple(one.text.format(**named) for one in form.opening),
        asked=form.asked.format(**named),
        items=tuple(item for item, _ in asks),
        again=form.refused.format(**named, items=refused) if refused else "",
        before_exceptions=form.exceptions.format(**named) if exceptions else "",
        exceptions=tuple(one.text.format(**named) for one in exceptions),
        closing=tuple(one.text.format(**named) for one in form.closing),
        who=form.who.text.format(**named),
        lines=form.organisation if applicant == "organisation" else form.person,
        articles=tuple(one.code for one in law.cited(rests_on)),
    )
