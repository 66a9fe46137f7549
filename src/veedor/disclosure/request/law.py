"""`Law`: how information is asked for in one country, and by when it is answered."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Annotated, Literal, TypeAlias

import msgspec

from veedor.disclosure.request.working_days import WEEKEND
from veedor.errors import StudyError
from veedor.suggestions import one_of

Code: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_/.-]{0,60}$")]
Text: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=4_000)]
#: Whose act a term is about: the body that was asked, whoever asks, or who watches over the law.
Whose: TypeAlias = Literal["you", "body", "agency"]
Unit: TypeAlias = Literal["working", "calendar", "months"]
#: The one event that every procedure begins with.
RECEIVED = "received"


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of a template file, in which a setting that there is not is an error."""


class LegalText(_Table, frozen=True):
    """A text of the law, and when it was read.

    Parameters
    ----------
    code, title, about : str
    read : str
        Day or month of the text, as YYYY-MM-DD or YYYY-MM: later changes are not in it.
    source : str
        Where it was read.
    """

    code: Code
    title: Text
    read: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]
    about: str = ""
    source: str = ""


class Article(_Table, frozen=True):
    """A provision, and the words of it that matter here.

    Parameters
    ----------
    code : str
    text : str
        Code of its `LegalText`.
    article : str
        Number, and the part of it.
    quote : str
        In the law's own words.
    """

    code: Code
    text: Code
    article: Text
    quote: Text


class Term(_Table, frozen=True):
    """How long something takes by law, or from when something may be done.

    Parameters
    ----------
    code, what : str
        What it is for, as a page says it.
    after : tuple of str
        Events or terms that it is counted from: the earliest of those that are known.
    days : int
        How many; 0 for the day after.
    unit : str
        ``working`` or ``calendar`` days, or ``months``.
    whose : str
        Of `Whose`.
    articles : tuple of str
        Codes of the provisions that say so.
    opens : bool
        Whether something may be done once it is over, rather than until then.
    court : bool
        Whether it is counted in the working days of courts.
    extension : int
        By how many units it may be extended.
    extended_by : str
        The event of being told of that, which counts only before it is over.
    done, interrupted_by : str
        The event by which it is kept; the one that interrupts it.
    note : str
        What has to be known besides.
    """

    code: Code
    what: Text
    after: Annotated[tuple[Code, ...], msgspec.Meta(min_length=1)]
    whose: Whose
    articles: Annotated[tuple[Code, ...], msgspec.Meta(min_length=1)]
    days: Annotated[int, msgspec.Meta(ge=0, le=1_000)] = 0
    unit: Unit = "working"
    opens: bool = False
    court: bool = False
    extension: Annotated[int, msgspec.Meta(ge=0, le=1_000)] = 0
    extended_by: str = ""
    done: str = ""
    interrupted_by: str = ""
    note: str = ""

    @property
    def events(self) -> Iterator[str]:
        """Events that it names, other than those it is counted from."""
        return filter(None, (self.extended_by, self.done, self.interrupted_by))


class Procedure(_Table, frozen=True):
    """What may be asked, and the terms of it in their order."""

    code: Code
    what: Text
    terms: Annotated[tuple[Term, ...], msgspec.Meta(min_length=1)]

    @property
    def events(self) -> tuple[str, ...]:
        """Days that somebody may give, the first of which everybody must."""
        own = {one.code for one in self.terms}
        named = [name for one in self.terms for name in (*one.after, *one.events)]
        return tuple(dict.fromkeys([RECEIVED, *(name for name in named if name not in own)]))


class Paragraph(_Table, frozen=True):
    """A paragraph of a letter, and the provisions that it rests on."""

    text: Text
    articles: tuple[Code, ...] = ()


class Anticipated(Paragraph, frozen=True, kw_only=True):
    """An exception that a body may invoke, and what the letter says of it beforehand."""

    code: Code


class Question(_Table, frozen=True):
    """What a letter asks where a field of a record has no answer.

    Parameters
    ----------
    field : str
        Key of a field of a record.
    subject : str
        What the letter is about.
    ask : tuple of str
        What it asks, an item each.
    anticipate : tuple of str
        Codes of exceptions.
    articles : tuple of str
        Provisions that what is asked rests on.
    """

    field: Code
    subject: Text
    ask: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1, max_length=30)]
    anticipate: tuple[Code, ...] = ()
    articles: tuple[Code, ...] = ()


class LetterForm(_Table, frozen=True):
    """What every letter holds besides what it asks.

    Parameters
    ----------
    place, addressee, subject : str
        Lines at its head; the first is to be filled in.
    opening : tuple of Paragraph
    asked : str
        What stands before the items.
    exceptions : str
        What stands before the exceptions that are anticipated.
    closing : tuple of Paragraph
    person, organisation : tuple of str
        What is to be filled in by hand: all that the law lets a body ask.
    who : Paragraph
        What stands before that.
    refused : str
        What stands after the items where some of them, ``{items}``, were refused before.
    topics : dict of str to str
        Subjects of letters that put the gaps of one topic together.
    """

    place: Text
    addressee: Text
    subject: Text
    opening: Annotated[tuple[Paragraph, ...], msgspec.Meta(min_length=1)]
    asked: Text
    exceptions: Text
    closing: tuple[Paragraph, ...]
    who: Paragraph
    person: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]
    organisation: tuple[Text, ...] = ()
    refused: str = ""
    topics: dict[str, str] = {}


class Calendar(_Table, frozen=True):
    """Whose public holidays are days off, and which days of the week."""

    country: str = ""
    subdivision: str = ""
    weekend: tuple[Annotated[int, msgspec.Meta(ge=1, le=7)], ...] = WEEKEND


class Law(_Table, frozen=True):
    """All of a template file.

    Parameters
    ----------
    format : int
        `FORMAT`.
    code, country, name : str
    language : str
        Of the letter: two letters of ISO 639-1.
    reach : str
        Whom it binds, and whom it does not.
    calendar : Calendar
    texts : tuple of LegalText
    articles : tuple of Article
    events : dict of str to str
        What happens on a day that somebody may give.
    procedures : tuple of Procedure
        The first is that of the letter.
    letter : LetterForm
    anticipated : tuple of Anticipated
    questions : tuple of Question
    """

    format: int
    code: Code
    country: str
    language: Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2}$")]
    name: Text
    reach: Text
    texts: Annotated[tuple[LegalText, ...], msgspec.Meta(min_length=1)]
    articles: Annotated[tuple[Article, ...], msgspec.Meta(min_length=1)]
    events: dict[Code, Text]
    procedures: Annotated[tuple[Procedure, ...], msgspec.Meta(min_length=1)]
    letter: LetterForm
    calendar: Calendar = Calendar()
    anticipated: tuple[Anticipated, ...] = ()
    questions: tuple[Question, ...] = ()

    def procedure(self, code: str) -> Procedure:
        """Return a procedure; the first for no code.

        Raises
        ------
        StudyError
            If there is none of this code.
        """
        if not code:
            return self.procedures[0]
        known = {one.code: one for one in self.procedures}
        if code not in known:
            raise StudyError(
                "A procedure must be one that the law has.",
                found=repr(code),
                where=self.name,
                remedy=one_of(code, known),
            )
        return known[code]

    def cited(self, codes: Collection[str]) -> tuple[Article, ...]:
        """Return provisions by their codes, in the order of the law's file, each once."""
        return tuple(one for one in self.articles if one.code in codes)

    def read_in(self, articles: Collection[Article]) -> tuple[LegalText, ...]:
        """Return the texts that provisions stand in, in the order of the law's file."""
        held = {one.text for one in articles}
        return tuple(one for one in self.texts if one.code in held)
