"""Gaps: what a system's keepers have not told, from a record of it or from a list of one's own."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import msgspec

from veedor.complaints import complaint
from veedor.disclosure.record import SystemRecord, read_record
from veedor.disclosure.record.fields import BY_KEY
from veedor.disclosure.request.law import Code, Law, Question, Text
from veedor.errors import PersonalDataRefusal, StudyError, UnreadableError, phrase
from veedor.files.replacing import HashedFile, content
from veedor.files.toml_text import read_toml
from veedor.suggestions import did_you_mean
from veedor.tables.escape import shown
from veedor.tables.personal import mask, refuse_personal_text
from veedor.tables.personal.names import names_a_person_in

MOST_BYTES = 1 << 20
MOST_GAPS = 200
#: Why something is asked: a record has no answer, or a refusal; or somebody lists it.
Why: TypeAlias = Literal["not answered", "refused", "listed"]


class Gap(msgspec.Struct, frozen=True):
    """Something that was not told.

    Parameters
    ----------
    field : str
        Key of a field of a record; empty for what somebody asks in words of their own.
    why : str
        Of `Why`.
    subject : str
        What it is about.
    ask : tuple of str
        What to ask, an item each.
    anticipate, articles : tuple of str
        Codes of exceptions, and of provisions that the items rest on.
    """

    field: str
    why: Why
    subject: str
    ask: tuple[str, ...]
    anticipate: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()


class Gaps(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be asked about one system, of one body.

    Parameters
    ----------
    system, body : str
    source : HashedFile
        The record or list.
    of_record : bool
        Whether it is a record.
    gaps : tuple of Gap
    told, refused, unanswered : int
        Fields of a record that were given or do not apply, that were refused, and that were not
        answered; 0 for a list.
    unasked : tuple of str
        Fields without an answer for which the law has no question.
    """

    system: str
    body: str
    source: HashedFile
    of_record: bool
    gaps: tuple[Gap, ...]
    told: int = 0
    refused: int = 0
    unanswered: int = 0
    unasked: tuple[str, ...] = ()


class _Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One gap of a list."""

    field: str = ""
    subject: str = ""
    ask: tuple[Text, ...] = ()
    anticipate: tuple[Code, ...] = ()


class _List(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A list of gaps."""

    system: Text
    body: Text
    gaps: Annotated[tuple[_Listed, ...], msgspec.Meta(min_length=1, max_length=MOST_GAPS)]


def read_gaps(path: Path, law: Law, fields: Collection[str] = ()) -> Gaps:
    """Read what is to be asked: a record, or a list of gaps.

    Parameters
    ----------
    path : Path
        TOML: a record has ``[about]``, a list ``[[gaps]]``.
    law : Law
        Whose questions are asked.
    fields : collection of str
        Only these; all gaps if empty.

    Raises
    ------
    UnreadableError
        If it is no TOML.
    DataError
        If it is a record that is not as it must be.
    StudyError
        If it is a list that is not, if there is no gap, or a field that is named has none.
    PersonalDataRefusal
        If it asks for a person's data, or names a person.
    """
    try:
        held = read_toml(content(path, MOST_BYTES, phrase("A list of gaps")).decode("utf-8-sig"))
    except (UnicodeDecodeError, RecursionError, tomllib.TOMLDecodeError) as error:
        raise UnreadableError(
            "A record, or a list of gaps, must be TOML.",
            found=shown(str(error), 200),
            where=shown(path.name),
            remedy="`veedor record new` writes a record",
        ) from error
    if "gaps" in held:
        return _chosen(_of_list(held, path, law), fields, path)
    return _chosen(gaps_of(read_record(path), path, law), fields, path)


def gaps_of(record: SystemRecord, path: Path, law: Law) -> Gaps:
    """Return the fields of a record that have no answer, or a refusal."""
    asked = {one.field: one for one in law.questions}
    counted = record.counted
    open_fields: dict[str, Why] = {}
    for key, answer in record.answers.items():
        if answer.state in ("not answered", "refused"):
            open_fields[key] = "refused" if answer.state == "refused" else "not answered"
    return Gaps(
        system=record.about.system,
        body=record.about.body,
        source=HashedFile.of(path, path.name),
        of_record=True,
        gaps=tuple(
            _of_question(asked[key], why) for key, why in open_fields.items() if key in asked
        ),
        told=counted["given"] + counted["not applicable"],
        refused=counted["refused"],
        unanswered=counted["not answered"],
        unasked=tuple(key for key in open_fields if key not in asked),
    )


def _of_question(one: Question, why: Why) -> Gap:
    return Gap(one.field, why, one.subject, one.ask, one.anticipate, one.articles)


def _of_list(held: dict[str, object], path: Path, law: Law) -> Gaps:
    where = shown(path.name)
    try:
        made = msgspec.convert(held, _List)
    except msgspec.ValidationError as error:
        raise StudyError(
            "A list of gaps must hold what its format says.", found=complaint(error), where=where,
            remedy="see `veedor request letter --help`",
        ) from error  # fmt: skip
    refuse_personal_text(
        [made.system, made.body],
        what=phrase("the name of a system or body"), where=where, maker=True,
    )  # fmt: skip
    gaps = tuple(
        _of_one(one, law, phrase("{file}, gap {number}", file=where, number=number))
        for number, one in enumerate(made.gaps, 1)
    )
    return Gaps(
        system=made.system, body=made.body, source=HashedFile.of(path, path.name), of_record=False,
        gaps=gaps,
    )  # fmt: skip


def _of_one(one: _Listed, law: Law, where: str) -> Gap:
    """Return a gap of a list: a field of a record, or a question in somebody's own words."""
    asked = {question.field: question for question in law.questions}
    if bool(one.field) == bool(one.subject and one.ask):
        raise StudyError(
            "A gap must name a field of a record, or a subject and what to ask.",
            found=phrase("both") if one.field else phrase("neither"),
            where=where,
            remedy='write field = "retention", or subject = "..." and ask = ["..."]',
        )
    if one.field:
        if one.field not in asked:
            raise StudyError(
                "A gap must be a field of a record that the law has a question for.",
                found=shown(one.field),
                where=where,
                remedy=did_you_mean(one.field, asked),
            )
        made = _of_question(asked[one.field], "listed")
        if one.anticipate:
            made = msgspec.structs.replace(made, anticipate=one.anticipate)
    else:
        _refuse_persons([one.subject, *one.ask], where)
        made = Gap("", "listed", one.subject, one.ask, one.anticipate)
    known = {exception.code for exception in law.anticipated}
    for code in made.anticipate:
        if code not in known:
            raise StudyError(
                "An exception must be one that the law has a paragraph for.",
                found=shown(code),
                where=where,
                remedy=did_you_mean(code, known),
            )
    return made


def _refuse_persons(texts: Collection[str], where: str) -> None:
    """Refuse a question about a person: it holds what tells who somebody is, or a name."""
    refuse_personal_text(texts, what=phrase("a question"), where=where)
    for text in texts:
        if names_a_person_in(text):
            raise PersonalDataRefusal(
                "A letter must ask for no person's data.",
                found=phrase("a name, in a question of the shape {mask}", mask=mask(text)),
                where=where,
                remedy="ask for documents, rules and counts; of data about oneself, ask in person "
                "by the right of access, for which `veedor request deadlines` has a calendar",
            )


def _chosen(made: Gaps, fields: Collection[str], path: Path) -> Gaps:
    """Return the gaps of some fields."""
    there = [one.field for one in made.gaps if one.field]
    for field in fields:
        if field not in there:
            raise StudyError(
                "What is asked for must be a gap.",
                found=phrase("{field}, which has an answer or no question", field=shown(field))
                if field in BY_KEY
                else phrase("{field}, which is no field", field=shown(field)),
                where=shown(path.name),
                remedy=phrase("leave it out of --fields: what was answered stands in the record")
                if field in BY_KEY
                else did_you_mean(field, there),
            )
    gaps = tuple(one for one in made.gaps if not fields or one.field in fields)
    if not gaps:
        raise StudyError(
            "There must be something to ask.",
            found=phrase("no field without an answer"),
            where=shown(path.name),
        )
    return msgspec.structs.replace(made, gaps=gaps)
