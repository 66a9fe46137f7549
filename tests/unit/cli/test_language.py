"""In which language a call is answered, and that all of the answer is in it."""

from __future__ import annotations

import gettext
import os

import pytest
from babel.messages import Catalog
from catalogues.keeping import written

from veedor import languages
from veedor.cli import main
from veedor.cli.language import asked_in, speaking
from veedor.tasks import check
from veedor.tasks.language import language_of

TRANSLATED = {
    "Usage:": "Uso:",
    "Options": "Opciones",
    "Commands": "Comandos",
    "Error: {message}": "Error: {message}",
    "No such command {name!r}.": "No existe el comando {name!r}.",
    "Did you mean {one}?": "¿Quiso decir {one}?",
    "Show this message and exit.": "Muestra esta ayuda y termina.",
    "Run a finished study again and say whether every number is the same.": "Repite.",
    "Processes; one a core by default.": "Procesos; uno por núcleo.",
    "This needs mending": "Hay algo que corregir",
    "Found:": "Se encontró:",
    "none": "nada",
    "A study must be a folder with {file_name}.": "Un estudio debe ser una carpeta con {file_name}",
    "veedor, version {version}": "veedor, versión {version}",
}


@pytest.fixture(autouse=True)
def spanish(tmp_path, monkeypatch):
    """A catalogue of a few messages in the place of the one that ships."""
    catalogue = Catalog(locale="es_AR")
    for message, translation in TRANSLATED.items():
        catalogue.add(message, translation)
    place = tmp_path / "locale" / "es_AR" / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "veedor.po").write_text(written(catalogue), encoding="utf-8")
    monkeypatch.setattr(languages, "FOLDER", tmp_path / "locale")
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    forget()
    yield
    forget()


def forget() -> None:
    from veedor.report.words import words_in

    for kept in (languages.languages, languages.translations, words_in):
        kept.cache_clear()


def called(capsys, *arguments: str) -> str:
    with pytest.raises(SystemExit):
        main(list(arguments))
    told = capsys.readouterr()
    return told.out + told.err


@pytest.mark.parametrize(
    ("given", "language"),
    [
        ([], None),
        (["run", "x"], None),
        (["--lang", "es", "run", "x"], "es"),
        (["run", "x", "--lang=es"], "es"),
        (["--lang", "es", "run", "--lang", "en", "x"], "en"),
        (["run", "--", "--lang", "es"], None),
        (["run", "x", "--lang"], None),
        (["run", "x", "--lang", "xx"], None),
    ],
)
def test_the_option_may_stand_anywhere_and_the_last_counts(given, language):
    assert asked_in(given).language == language


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "es_AR.UTF-8"}, "es"),
        ({"LANG": "es"}, "es"),
        ({"LC_MESSAGES": "es_MX@euro", "LANG": "en_US"}, "es"),
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "es_AR"}, None),
        ({"LC_ALL": "", "LANG": "es_AR"}, "es"),
        ({"LANG": "fr_FR"}, None),
        ({"LANG": "C.UTF-8"}, None),
    ],
)
def test_the_environment_is_asked_as_posix_has_it(environment, language, monkeypatch):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert asked_in(["run"]).language == language
    assert asked_in(["run", "--lang", "en"]).language == "en"


def test_help_is_in_the_language_wherever_it_was_asked_for(capsys):
    for arguments in (("--lang", "es", "--help"), ("--help", "--lang", "es")):
        text = called(capsys, *arguments)
        assert text.startswith("Uso: veedor")
        assert "Opciones:" in text
        assert "Comandos:" in text
        assert "Repite." in text
        assert "Muestra esta ayuda" in text
    assert "Procesos; uno por núcleo." in called(capsys, "run", "--help", "--lang", "es")
    assert called(capsys, "--help").startswith("Usage: veedor")
    assert "versión" in called(capsys, "--version", "--lang", "es")


def test_complaints_are_in_the_language(capsys, monkeypatch):
    monkeypatch.setenv("LANG", "es_AR.UTF-8")
    told = called(capsys, "chek")
    assert "No existe el comando 'chek'. ¿Quiso decir 'check'?" in told
    assert "No such command" in called(capsys, "--lang", "en", "chek")


def test_a_language_that_is_none_is_refused(capsys):
    assert "'xx' is not one of 'en', 'es'" in called(capsys, "run", "here", "--lang", "xx")


def test_errors_are_in_the_language_that_was_asked_for(capsys, tmp_path):
    told = called(capsys, "check", str(tmp_path), "--lang", "es")
    assert "Hay algo que corregir" in told
    assert "Se encontró: nada" in told
    assert "Found: none" in called(capsys, "check", str(tmp_path))


def test_the_study_says_its_language_where_nobody_else_does(capsys, small_study, monkeypatch):
    study = small_study / "study.toml"
    assert language_of(check.Request(study=small_study)) == "en"
    study.write_text(study.read_text().replace("[study]", '[study]\nlanguage = "es"', 1))
    assert language_of(check.Request(study=small_study)) == "es"
    broken = study.read_text().replace("size_m = 500", "size_m = 50")
    study.write_text(broken)
    told = called(capsys, "check", str(small_study))
    assert "Se encontró:" in told
    assert "Found" in called(capsys, "check", str(small_study), "--lang", "en")
    study.write_text(broken.replace('"es"', '"xx"'))
    told = called(capsys, "check", str(small_study))
    assert "Found" in told


@pytest.mark.parametrize("text", [b"\xff", b"[study", b'study = "es"', b"[study]\nlanguage = 3"])
def test_a_study_that_cannot_be_read_says_no_language(text, tmp_path):
    (tmp_path / "study.toml").write_bytes(text)
    assert language_of(check.Request(study=tmp_path)) == "en"


def test_nothing_of_a_call_is_left_in_the_process():
    before = dict(os.environ), gettext.textdomain()
    with speaking("es"):
        assert gettext.gettext("Options") == "Opciones"
    assert (dict(os.environ), gettext.textdomain()) == before
    assert gettext.gettext("Options") == "Options"
