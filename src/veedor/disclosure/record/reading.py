"""`read_record`: a record as somebody keeps it, a TOML file, checked field by field."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from veedor.complaints import complaint
from veedor.disclosure.record.core import About, Answer, AuditNamed, SystemRecord, complete
from veedor.disclosure.record.fields import BY_KEY, Field
from veedor.errors import DataError, UnreadableError, phrase
from veedor.files.replacing import content
from veedor.files.toml_text import read_toml
from veedor.suggestions import did_you_mean, one_of
from veedor.tables.escape import shown
from veedor.tables.personal import refuse_personal_text

_Part = TypeVar("_Part", About, Answer, AuditNamed)
_MOST_BYTES = 1 << 20
_PARTS = ("about", "fields", "audits")
_LANGUAGE = re.compile(r"[a-z]{2}")
_LINK = re.compile(r"https?://[^\s/]+\.[^\s]+")
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")


def read_record(path: Path) -> SystemRecord:
    """Read a record.

    Parameters
    ----------
    path : Path
        TOML, as `veedor record new` writes it: ``[about]``, a table of ``[fields]`` each, and
        ``[[audits]]``. A field that is not there is not answered.

    Raises
    ------
    UnreadableError
        If it is no TOML.
    DataError
        If it holds what a record has not, or an answer lacks what its state needs.
    PersonalDataRefusal
        If a person is named in it.
    """
    try:
        text = content(path, _MOST_BYTES, phrase("A record")).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(error, path.name) from error
    return parsed(text, path.name)


def parsed(text: str, file: str) -> SystemRecord:
    """Read a record from the text of its file, which is called so; errors as `read_record`."""
    try:
        held = read_toml(text)
    except (RecursionError, tomllib.TOMLDecodeError) as error:
        raise _unreadable(error, file) from error
    name = shown(file)
    _require_known(held, _PARTS, name)
    about = _part(held.get("about", {}), About, phrase("{file}, about", file=name))
    _check_about(about, name)
    fields = held.get("fields", {})
    if not isinstance(fields, dict):
        raise _wrong(phrase("`fields` that is no table"), name)
    _require_known(fields, BY_KEY, name)
    answers = {}
    for key, value in fields.items():
        where = phrase("{file}, fields.{field}", file=name, field=key)
        answers[key] = _part(value, Answer, where)
        _check(answers[key], BY_KEY[key], about, where)
    named = held.get("audits", [])
    if not isinstance(named, list):
        raise _wrong(phrase("`audits` that is no list of tables"), name)
    where = phrase("{file}, audits", file=name)
    audits = tuple(_part(one, AuditNamed, where) for one in named)
    for audit in audits:
        _check_date(audit.date, about.date, where)
    return SystemRecord(about, complete(answers), audits)


def _unreadable(error: Exception, file: str) -> UnreadableError:
    return UnreadableError(
        "A record must be a TOML file.",
        found=shown(str(error), 200),
        where=shown(file),
        remedy="`veedor record new` writes one; text stands between quotes, of several lines "
        "between three",
    )


def _require_known(held: Mapping[str, object], known: Iterable[str], name: str) -> None:
    for key in held:
        if key not in known:
            raise DataError(
                "A record must hold nothing but what a record has.",
                found=shown(key),
                where=name,
                remedy=did_you_mean(key, known) or phrase("`veedor record new` writes every field"),
            )


def _part(value: object, kind: type[_Part], where: str) -> _Part:
    if isinstance(value, dict):
        value = {
            key: _as_text(one) if isinstance(one, str | date) else one for key, one in value.items()
        }
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise _wrong(complaint(error), where) from error


def _as_text(value: str | date) -> str:
    """Return a text without the blanks around it; a date of TOML as its text."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else value.strip()


def _wrong(found: str, where: str, remedy: str = "") -> DataError:
    return DataError(
        "A record must be as it is to be read.", found=found, where=where, remedy=remedy
    )


def _check_about(about: About, name: str) -> None:
    where = phrase("{file}, about", file=name)
    if not (about.system and about.body and about.version):
        raise _wrong(
            phrase("no system, body or version"),
            where,
            phrase("write how the system and its body are called"),
        )
    if not _LANGUAGE.fullmatch(about.language):
        raise _wrong(
            phrase("language {language}", language=shown(about.language)),
            where,
            phrase("write its two letters, such as es or en"),
        )
    _check_date(about.date, "9999-12-31", where)
    refuse_personal_text(
        [about.system, about.body],
        what=phrase("the name of a system or body"),
        where=where,
        maker=True,
    )


def _check_date(written: str, latest: str, where: str) -> None:
    try:
        date.fromisoformat(written)
        whole = len(written) == len("2026-11-30")
    except ValueError:
        whole = False
    if not whole:
        raise _wrong(
            phrase("date {date}", date=shown(written) or '""'),
            where,
            phrase("write it as 2026-11-30"),
        )
    if written > latest:
        raise _wrong(
            phrase(
                "{date}, which is after the record's own date, {latest}",
                date=written,
                latest=latest,
            ),
            where,
            phrase("give the record a new version and date, or mend this date"),
        )


def _check(answer: Answer, field: Field, about: About, where: str) -> None:
    """Refuse an answer that lacks what its state needs, or is not of its field's form."""
    if answer.state == "not answered":
        if answer.value:
            raise _wrong(
                phrase("a value in a field that was not answered"),
                where,
                phrase('write state = "given", "refused" or "not applicable"'),
            )
        if bool(answer.source) != bool(answer.date):
            raise _wrong(
                phrase("only one of source and date"),
                where,
                phrase("write both, of the request that asked; or neither, where nobody asked"),
            )
    elif not (answer.source and answer.date):
        raise _wrong(
            phrase("{state}, without its source or date", state=answer.state),
            where,
            phrase("write where it can be read, and of which day that is"),
        )
    elif answer.state == "given" and not answer.value:
        raise _wrong(
            phrase("given, without a value"),
            where,
            phrase('write what was answered; where nothing was, state = "not answered"'),
        )
    if answer.date:
        _check_date(answer.date, about.date, where)
    refuse_personal_text(
        [answer.value],
        what=phrase("an answer"),
        where=where,
        maker=True,
        office=field.form == "office",
    )
    refuse_personal_text([answer.source], what=phrase("a source"), where=where, maker=True)
    if answer.state == "given":
        _check_form(answer.value, field, where)


def _check_form(value: str, field: Field, where: str) -> None:
    if field.form == "choice" and value not in field.choices:
        raise _wrong(shown(value), where, one_of(value, field.choices))
    if field.form == "month" and not _MONTH.fullmatch(value):
        raise _wrong(shown(value), where, phrase("write year and month, as 2026-11"))
    if field.form == "link" and not _LINK.fullmatch(value):
        raise _wrong(shown(value), where, phrase("write an address that begins with https://"))
