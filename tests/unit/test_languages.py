"""Languages are those whose catalogues are there, compiled or as text."""

from __future__ import annotations

import pytest
from babel.messages import Catalog
from catalogues.keeping import written

from veedor import languages
from veedor.languages import compiled, of_environment, translations


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(languages, "FOLDER", tmp_path)
    for kept in (languages.languages, translations):
        kept.cache_clear()
    yield tmp_path
    for kept in (languages.languages, translations):
        kept.cache_clear()


def put(folder, locale, message, translation):
    catalogue = Catalog(locale=locale)
    catalogue.add(message, translation)
    place = folder / locale / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "veedor.po").write_text(written(catalogue), encoding="utf-8")
    return place


def test_a_language_is_added_by_its_catalogue_alone(folder):
    put(folder, "pt_BR", "none", "nenhum")
    assert dict(languages.languages()) == {"en": "en_GB", "pt": "pt_BR"}
    assert translations("pt").gettext("none") == "nenhum"
    assert of_environment({"LANG": "pt_PT.UTF-8"}) == "pt"
    assert of_environment({"LANG": "es_AR.UTF-8"}) is None


def test_a_catalogue_that_is_compiled_is_read_in_place_of_its_text(folder):
    place = put(folder, "es_AR", "none", "nada")
    made = compiled("es")
    (place / "veedor.po").unlink()
    (place / "veedor.mo").write_bytes(made)
    assert dict(languages.languages()) == {"en": "en_GB", "es": "es_AR"}
    assert translations("es").gettext("none") == "nada"
    assert translations("es").gettext("not there") == "not there"


def test_a_language_counts_as_its_own_rules_say(folder):
    put(folder, "pt_BR", ("{n} cell", "{n} cells"), ("{n} célula", "{n} células"))
    counted = [translations("pt").ngettext("{n} cell", "{n} cells", n) for n in (0, 1, 2)]
    assert counted == ["{n} célula", "{n} célula", "{n} células"]
