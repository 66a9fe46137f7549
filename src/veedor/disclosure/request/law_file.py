"""Reading a law: the one that ships with veedor, or a template file of somebody's own."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Iterator
from importlib import resources
from pathlib import Path
from string import Formatter

import msgspec

from veedor.complaints import complaint
from veedor.disclosure.record.fields import BY_KEY
from veedor.disclosure.request.law import RECEIVED, Law, Procedure
from veedor.errors import StudyError, phrase
from veedor.files.replacing import content
from veedor.files.toml_text import read_toml
from veedor.suggestions import did_you_mean
from veedor.tables.personal import refuse_personal_text

#: Of a template file.
FORMAT = 1
#: Laws that ship with veedor: their texts were read.
SHIPPED = ("ar",)
MOST_BYTES = 1 << 20
#: What a text of a letter may name between braces.
NAMED = ("system", "body", "law", "subject")


def shipped_law(code: str) -> Law:
    """Return a law that ships with veedor.

    Parameters
    ----------
    code : str
        Of `SHIPPED`.

    Examples
    --------
    >>> law = shipped_law("ar")
    >>> law.procedure("").events
    ('received', 'extended', 'claimed', 'denied', 'ordered')
    """
    file = resources.files("veedor.disclosure.request").joinpath("laws", f"{code}.toml")
    return _checked(_decoded(file.read_text(encoding="utf-8"), file.name), file.name)


def read_law(path: Path) -> Law:
    """Read a template file of somebody's own.

    Raises
    ------
    StudyError
        If it is no such file, or names what is not in it.
    PersonalDataRefusal
        If a text of it holds data about a person.
    """
    data = content(path, MOST_BYTES, phrase("A template of a law"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_toml(str(error), path.name) from error
    law = _checked(_decoded(text, path.name), path.name)
    letter = law.letter
    refuse_personal_text(
        [
            *(one.text for one in (*letter.opening, *letter.closing, *law.anticipated)),
            *(item for one in law.questions for item in one.ask),
            letter.addressee, letter.subject, letter.who.text, *letter.person, *letter.organisation,
        ],
        what=phrase("a text of a letter"),
        where=path.name,
    )  # fmt: skip
    return law


def _decoded(text: str, where: str) -> Law:
    try:
        return msgspec.convert(read_toml(text), Law)
    except (RecursionError, tomllib.TOMLDecodeError) as error:
        raise _not_toml(str(error), where) from error
    except msgspec.ValidationError as error:
        raise StudyError(
            "A template of a law must hold what its format says.",
            found=complaint(error),
            where=where,
        ) from error


def _not_toml(found: str, where: str) -> StudyError:
    return StudyError("A template of a law must be TOML.", found=found, where=where)


def _checked(law: Law, where: str) -> Law:
    """Refuse a law that names what is not in it."""
    if law.format != FORMAT:
        raise StudyError(
            phrase("A template of a law must be of format {format}.", format=FORMAT),
            found=str(law.format),
            where=where,
        )
    _require_different("texts", [one.code for one in law.texts], where)
    _require_different("articles", [one.code for one in law.articles], where)
    _require_different("anticipated", [one.code for one in law.anticipated], where)
    _require_different("questions", [one.field for one in law.questions], where)
    _require_different("procedures", [one.code for one in law.procedures], where)
    articles = {one.code for one in law.articles}
    form = law.letter
    _require_known("texts", (one.text for one in law.articles), {t.code for t in law.texts}, where)
    for paragraph in (*form.opening, *form.closing, form.who, *law.anticipated):
        _require_known("articles", paragraph.articles, articles, where)
    known = {one.code for one in law.anticipated}
    for question in law.questions:
        _require_known("anticipated", question.anticipate, known, where)
        _require_known("articles", question.articles, articles, where)
        _require_known("fields of a record", [question.field], set(BY_KEY), where)
    for text in _filled(law):
        _require_named(text, NAMED, where)
    _require_named(form.refused, (*NAMED, "items"), where)
    for procedure in law.procedures:
        _check_terms(procedure, articles, where)
        named = [*law.events, *(one.code for one in procedure.terms)]
        _require_known("events", procedure.events, named, where)
    return law


def _filled(law: Law) -> Iterator[str]:
    """Yield every text of a letter in which something is named between braces."""
    form = law.letter
    yield from (form.place, form.addressee, form.subject, form.asked, form.exceptions)
    yield from (one.text for one in (*form.opening, *form.closing, form.who, *law.anticipated))


def _require_named(text: str, known: tuple[str, ...], where: str) -> None:
    try:
        named = [name for _, name, how, _ in Formatter().parse(text) if name is not None or how]
    except ValueError as error:
        raise StudyError(
            "Braces of a text must stand in pairs.", found=str(error), where=where,
            remedy="write {{ for a brace",
        ) from error  # fmt: skip
    for name in named:
        if name not in known:
            raise StudyError(
                phrase("A text may name between braces: {known}.", known=", ".join(known)),
                found=f"{{{name}}}",
                where=where,
                remedy=did_you_mean(str(name), known),
            )


def _check_terms(procedure: Procedure, articles: set[str], where: str) -> None:
    """Hold a term to days that stand before it, and to provisions that there are."""
    _require_different("terms", [one.code for one in procedure.terms], where)
    own = {one.code for one in procedure.terms}
    before: set[str] = set()
    for term in procedure.terms:
        _require_known("articles", term.articles, articles, where)
        late = [name for name in term.after if name in own and name not in before]
        clash = [name for name in term.events if name in own]
        if late or clash or not (term.days or term.opens):
            raise StudyError(
                "A term must have days, or open something, and be counted from an event or from a "
                "term before it.",
                found=term.code,
                where=phrase("{file}, procedure {code}", file=where, code=procedure.code),
            )
        if bool(term.extension) != bool(term.extended_by):
            raise StudyError(
                "A term that may be extended must name the event of being told of it.",
                found=term.code,
                where=phrase("{file}, procedure {code}", file=where, code=procedure.code),
            )
        before.add(term.code)
    if "answer" not in own:
        raise StudyError(
            "A procedure must have a term by which there is to be an answer.",
            found=phrase("no term of the code {code}", code="answer"),
            where=phrase("{file}, procedure {code}", file=where, code=procedure.code),
        )
    if not any(RECEIVED in one.after for one in procedure.terms):
        raise StudyError(
            "Some term of a procedure must be counted from the day of receipt.",
            found=phrase("none after {event}", event=RECEIVED),
            where=phrase("{file}, procedure {code}", file=where, code=procedure.code),
        )


def _require_different(what: str, codes: list[str], where: str) -> None:
    twice = sorted({one for one in codes if codes.count(one) > 1})
    if twice:
        raise StudyError(
            "A code of a template must be there once.",
            found=phrase("{code} more than once, in {what}", code=twice[0], what=what),
            where=where,
        )


def _require_known(what: str, codes: Iterable[str], known: Collection[str], where: str) -> None:
    for one in codes:
        if one not in known:
            raise StudyError(
                "What a template names must be in it.",
                found=phrase("{code}, not in {what}", code=one, what=what),
                where=where,
                remedy=did_you_mean(one, sorted(known)),
            )
