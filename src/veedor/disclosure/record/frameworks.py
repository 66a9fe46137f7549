"""`Framework`: what a law, a register or a standard asks for, and which field answers each."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import Literal, TypeAlias

import msgspec

from veedor.disclosure.record.core import Answer, SystemRecord

FrameworkKey: TypeAlias = Literal["ley-25326", "eu-ai-act-27", "nl-register", "uk-atrs"]


class FrameworkEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that is asked for.

    Parameters
    ----------
    reference : str
        Article and paragraph, or number in a standard.
    says : str
        A law's own words, quoted, in the language of the law; what a register calls it.
    fields : tuple of str
        Keys of the fields that answer it; none where a record has no such field.
    name : str
        Of a register's field, in its files.
    required : bool
        Whether a register takes no entry without it.
    longest : int, optional
        How many characters a register takes.
    terms : dict of str to str
        A choice of a record -> the register's own word.
    about : {"", "system", "body"}
        Where the record itself says it.
    """

    reference: str
    says: str
    fields: tuple[str, ...] = ()
    name: str = ""
    required: bool = False
    longest: int | None = None
    terms: dict[str, str] = {}
    about: Literal["", "system", "body"] = ""


class Framework(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What asks.

    Parameters
    ----------
    key : str
    read_in : str
        The month of the text it was read in, as YYYY-MM: what was changed later is not in it.
    language : str
        Of its words.
    source : str
        Where the text is published.
    entries : tuple of FrameworkEntry
        In its order.
    articles : dict of str to str
        Of a law, its number and what it is called, in the law's own words; none of a register.
    """

    key: FrameworkKey
    read_in: str
    language: str
    source: str
    entries: tuple[FrameworkEntry, ...]
    articles: dict[str, str] = {}


class MatrixRow(msgspec.Struct, frozen=True):
    """One field that answers one entry, with what was answered.

    Parameters
    ----------
    reference, says, name : str
        Of the entry.
    required : bool
    field : str
        Key of the field; empty where a record has none: then it is not answered.
    answer : Answer
    """

    reference: str
    says: str
    name: str
    required: bool
    field: str
    answer: Answer


class Matrix(msgspec.Struct, frozen=True):
    """A framework filled in from a record, row by row; nothing is concluded.

    Parameters
    ----------
    framework : str
    read_in, source : str
        Of the text.
    rows : tuple of MatrixRow
    """

    framework: FrameworkKey
    read_in: str
    source: str
    rows: tuple[MatrixRow, ...]


@lru_cache
def framework(key: FrameworkKey) -> Framework:
    """Return one of the frameworks that ship with veedor.

    >>> framework("ley-25326").entries[0].reference, framework("eu-ai-act-27").read_in
    ('4(1)', '2024-07')
    """
    text = resources.files("veedor.disclosure.record") / "texts" / f"{key}.json"
    return msgspec.json.decode(text.read_bytes(), type=Framework)


def matrix(record: SystemRecord, key: FrameworkKey) -> Matrix:
    """Fill a framework in: a row for each field that answers an entry, in its order."""
    asks = framework(key)
    rows = [
        MatrixRow(one.reference, one.says, one.name, one.required, field, answer)
        for one in asks.entries
        for field, answer in answers_to(record, one)
    ]
    return Matrix(asks.key, asks.read_in, asks.source, tuple(rows))


def answers_to(record: SystemRecord, entry: FrameworkEntry) -> list[tuple[str, Answer]]:
    """Return the fields that answer an entry, each with its answer; one without a field if none."""
    about = record.about
    if entry.about:
        return [(entry.about, Answer("given", getattr(about, entry.about), "", about.date))]
    return [(key, record.answers[key]) for key in entry.fields] or [("", Answer())]
