"""Catalogues as files: the same messages give the same bytes, whoever writes them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from string import Formatter

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

from catalogues.extraction import Message
from veedor import languages

_HEADER = """\
# Translations of veedor. `make catalogues` keeps this file; see docs/languages.md.
msgid ""
msgstr ""
"Language: {locale}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""
_WIDTH = 100
#: Of the source: a wheel carries what is compiled of them.
_LOCALES = Path(__file__).parents[1] / "src" / "veedor" / languages.FOLDER.name
#: What click fills in.
_PERCENT = re.compile(r"%\(\w+\)s")


def path_of(locale: str) -> Path:
    """Where the catalogue of a locale is."""
    return _LOCALES / locale / "LC_MESSAGES" / f"{languages.DOMAIN}.po"


def read(locale: str) -> Catalog:
    """Read the catalogue of a locale."""
    with path_of(locale).open("rb") as file:
        return read_po(file, locale=locale)


def updated(found: Mapping[Message, Iterable[str]], old: Catalog) -> Catalog:
    """Make a catalogue of the messages found, with the old one's translations of them.

    What is no longer said is left out, and nothing is guessed from what is like it.
    """
    new = Catalog(locale=old.locale)
    for message, modules in found.items():
        kept = old.get(message if isinstance(message, str) else message[0])
        same = kept is not None and kept.id == message
        new.add(
            message,
            kept.string if kept is not None and same else "",
            locations=[(module, 0) for module in sorted(modules)],
        )
    return new


def written(catalogue: Catalog) -> str:
    """Write a catalogue: sorted, without dates, numbers of lines or names of machines."""
    body = io.BytesIO()
    write_po(
        body, catalogue, width=_WIDTH, omit_header=True, sort_output=True, include_lineno=False
    )
    header = _HEADER.format(locale=catalogue.locale, plurals=catalogue.plural_forms)
    return header + body.getvalue().decode("utf-8").strip("\n") + "\n"


def lacking(catalogue: Catalog) -> list[Message]:
    """Messages without a translation."""
    return [message.id for message in catalogue if message.id and not all(_forms(message.string))]


def faults(catalogue: Catalog) -> list[str]:
    """What is wrong with translations that are there: fields, plurals, blanks at an end."""
    return [
        f"{message.id!r}: {fault}"
        for message in catalogue
        if message.id and any(_forms(message.string))
        for fault in faults_of(message.id, message.string, catalogue.num_plurals)
    ]


def faults_of(message: Message, translation: str | Iterable[str], plurals: int) -> Iterator[str]:
    """Say what is wrong with a translation of a message.

    >>> list(faults_of("{n} of {name}", "{n} de {nombre}", 2))
    ['the fields are {nombre} {n}, not {name} {n}']
    >>> list(faults_of(("{n} cell", "{n} cells"), ("una celda", "{n} celdas"), 2))
    []
    """
    several = not isinstance(message, str)
    originals, forms = _forms(message), _forms(translation)
    if several == isinstance(translation, str) or len(forms) != (plurals if several else 1):
        yield f"it needs {plurals if several else 1} forms, not {len(forms)}"
        return
    wanted = _fields(originals[-1])
    for place, form in enumerate(forms):
        try:
            fields = _fields(form)
        except ValueError as error:
            yield f"{form!r} cannot be filled in: {error}"
            continue
        # One may be said in words: "one cell", without its number.
        may_lack = {"{n}"} if several and place == 0 else set()
        may_have = wanted | _fields(originals[place]) if several and place == 0 else wanted
        if not wanted - may_lack - _lacked(originals) <= fields <= may_have:
            yield f"the fields are {' '.join(sorted(fields))}, not {' '.join(sorted(wanted))}"
        ends = [text[: len(text) - len(text.lstrip())] for text in (form, originals[0])]
        ends += [text[len(text.rstrip()) :] for text in (form, originals[0])]
        if form and (ends[0] != ends[1] or ends[2] != ends[3]):
            yield "it begins or ends with other blanks"


def _lacked(originals: tuple[str, ...]) -> set[str]:
    """Fields that the original's form for one lacks."""
    return _fields(originals[-1]) - _fields(originals[0])


def _forms(text: str | Iterable[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _fields(text: str) -> set[str]:
    """What is filled in, with how it is written."""
    if _PERCENT.search(text):
        return set(_PERCENT.findall(text))
    return {
        "{" + name + (f"!{conversion}" if conversion else "") + (f":{how}" if how else "") + "}"
        for _, name, how, conversion in Formatter().parse(text)
        if name is not None
    }
