"""Results of a notebook speak the language that was chosen, or that of the environment."""

import pytest

import veedor
from veedor.notebook import language


@pytest.fixture(autouse=True)
def nobody_chose(monkeypatch):
    monkeypatch.setattr(language, "_asked", None)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


def test_the_language_is_chosen_once_for_all_results(monkeypatch):
    assert language.spoken().language == "en"
    monkeypatch.setenv("LANG", "es_AR.UTF-8")
    assert language.spoken().language == "es"
    veedor.set_language("en")
    assert language.spoken().language == "en"
    veedor.set_language("es")
    assert language.spoken().number(0.5) == "0,5"


def test_a_language_that_is_none_is_refused():
    with pytest.raises(veedor.StudyError, match="must be one of: en, es"):
        veedor.set_language("xx")
    assert language.spoken().language == "en"
