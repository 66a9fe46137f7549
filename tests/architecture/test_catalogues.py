"""The catalogues of translations: up to date, whole, and of translations that fit."""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import click
import pytest
from babel import Locale
from babel.messages import Catalog
from babel.messages.pofile import read_po
from catalogues.extraction import messages
from catalogues.keeping import faults, faults_of, lacking, path_of, read, updated, written

from veedor.cli.app import app
from veedor.cli.language import Option, Spoken, paragraphs
from veedor.errors import Phrase
from veedor.languages import ENGLISH, languages

#: Languages whose catalogue must be up to date and whole.
WHOLE: tuple[str, ...] = ("es",)
#: What stands for a value and is the same in every language.
_TYPED = ("X/N", "A,B")
#: What is typed, or filled in by its own rules.
_AS_IT_IS = re.compile(r"`[^`]*`|(?<=\{)[^{}]*(?=\})")
#: The sign after a number or a field, with the blank before it.
_PERCENTAGE = re.compile(r"(?<=[\d}])(\s?%)(?![\w(])")
TRANSLATED = [language for language in languages() if language != ENGLISH]


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_fit_their_messages(language: str) -> None:
    assert not (wrong := faults(read(languages()[language]))), "\n".join(wrong)


@pytest.mark.parametrize("language", TRANSLATED)
def test_percentages_are_written_as_the_numbers_beside_them_are(language: str) -> None:
    pattern = Locale.parse(languages()[language]).percent_formats[None]
    sign = pattern.suffix[0]
    wrong = [
        form
        for message in read(languages()[language])
        for form in ([message.string] if isinstance(message.string, str) else message.string)
        for found in _PERCENTAGE.findall(_AS_IT_IS.sub("`", form))
        if found != sign
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", WHOLE)
def test_a_catalogue_is_up_to_date_and_whole(language: str) -> None:
    locale = languages()[language]
    now = updated(messages(), read(locale))
    kept = path_of(locale).read_text(encoding="utf-8")
    assert _of_this_click(kept) == _of_this_click(written(now)), "run `make catalogues`"
    assert not (without := lacking(now)), "\n".join(map(repr, without))


def _of_this_click(text: str) -> list[str]:
    """Give a catalogue's entries; without click's own where it is not the one that is pinned."""
    pins = Path(__file__).parents[2].joinpath("constraints.txt").read_text(encoding="utf-8")
    pinned = f"click=={version('click')}" in pins.split()
    entries = text.split("\n\n")
    return [one for one in entries if pinned or not one.startswith("#: click\n")]


def test_a_catalogue_is_kept_as_it_is_and_loses_what_is_no_longer_said() -> None:
    old = Catalog(locale="es_AR")
    old.add("kept", "guardado")
    old.add(("{n} cell", "{n} cells"), ("{n} celda", "{n} celdas"))
    old.add("gone", "ido")
    found = {"new": {"b.py", "a.py"}, "kept": {"a.py"}, ("{n} cell", "{n} cells"): {"a.py"}}
    text = written(updated(found, old))
    again = read_po(io.BytesIO(text.encode()), locale="es_AR")
    assert [message.id for message in again if message.id] == [
        "kept", "new", ("{n} cell", "{n} cells"),
    ]  # fmt: skip
    assert again["kept"].string == "guardado"
    assert again["{n} cell"].string == ("{n} celda", "{n} celdas")
    assert written(updated(found, again)) == text
    assert "gone" not in text
    assert "Date" not in text
    assert lacking(again) == ["new"]


def test_a_message_that_began_to_count_is_to_be_translated_anew() -> None:
    old = Catalog(locale="es_AR")
    old.add("{n} cell", "{n} celda")
    assert lacking(updated({("{n} cell", "{n} cells"): {"a.py"}}, old)) == [
        ("{n} cell", "{n} cells")
    ]


@pytest.mark.parametrize(
    ("message", "translation", "fault"),
    [
        ("{n} of {file}", "{n} de {archivo}", "fields"),
        ("{n:,} rows", "{n} filas", "fields"),
        ("a {b}", "un {b", "cannot be filled in"),
        ("%(prog)s, version", "versión", "fields"),
        ("one line\n", "una línea", "blanks"),
        (("{n} cell", "{n} cells"), "{n} celdas", "2 forms"),
        (("{n} cell of {zone}", "{n} cells of {zone}"), ("una celda", "{n} de {zone}"), "fields"),
        ("a cell", ("una celda", "celdas"), "1 forms"),
    ],
)
def test_a_translation_that_does_not_fit_is_found(message, translation, fault) -> None:
    (found,) = faults_of(message, translation, 2)
    assert fault in found


def test_the_words_of_click_are_among_the_messages() -> None:
    found = messages()
    assert {"Usage:", "Options", "Error: {message}", "Show this message and exit."} <= set(found)
    assert all(gettext.gettext(one) == one for one in found if isinstance(one, str))


def _commands(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[tuple[str, Spoken]]:
    for name in group.list_commands(click.Context(group)):
        made = group.get_command(click.Context(group), name)
        assert isinstance(made, Spoken)
        yield " ".join((*before, name)), made
        if isinstance(made, click.Group):
            yield from _commands(made, (*before, name))


def test_the_whole_help_of_every_command_is_among_the_messages() -> None:
    found = messages()
    for name, command in _commands(app):
        told = (
            [command.help] if isinstance(command.help, Phrase) else paragraphs(command.help or "")
        )
        for one in command.params:
            if isinstance(one, Option):
                told += [one.told, one.metavar or ""]
        for text in filter(None, told):
            kept = text.template if isinstance(text, Phrase) else text
            assert kept in found or kept in _TYPED, f"{name}: {kept!r}"
