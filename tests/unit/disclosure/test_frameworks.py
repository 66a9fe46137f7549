"""Laws and registers: their words and limits are those of their texts, and every field is one."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from veedor.disclosure.record import (
    About,
    Answer,
    SystemRecord,
    complete,
    framework,
    register_entry,
)
from veedor.disclosure.record.fields import BY_KEY, CATEGORIES, FIELDS, STATUSES
from veedor.errors import DataError

KEYS = ("ley-25326", "eu-ai-act-27", "nl-register", "uk-atrs")
ARTICLES = ["4", "6", "7", "9", "10", "11", "14", "15", "16", "17", "21", "22", "23"]


@pytest.mark.parametrize("key", KEYS)
def test_every_field_that_a_framework_names_is_one(key):
    for one in framework(key).entries:
        assert set(one.fields) <= set(BY_KEY), one.reference


def test_the_law_stands_by_article_in_its_order():
    law = framework("ley-25326")
    assert list(law.articles) == ARTICLES
    met = [one.reference.partition("(")[0] for one in law.entries]
    assert list(dict.fromkeys(met)) == ARTICLES
    assert {f"21(2)({letter})" for letter in "abcdefghi"} <= {one.reference for one in law.entries}
    assert {f"22(2)({letter})" for letter in "abcdefg"} <= {one.reference for one in law.entries}
    assert [one.reference for one in framework("eu-ai-act-27").entries] == [
        f"27(1)({letter})" for letter in "abcdef"
    ]


def test_every_field_is_asked_by_somebody():
    asked = {field for key in KEYS for one in framework(key).entries for field in one.fields}
    assert {one.key for one in FIELDS} - asked == {"accuracy_tests"}


@pytest.mark.shared_data
def test_a_law_is_quoted_in_its_own_words(shared_data):
    text = (shared_data / "records" / "ar_LEY-25326.md").read_text(encoding="utf-8")
    for one in framework("ley-25326").entries:
        assert one.says in text, one.reference
    for number, title in framework("ley-25326").articles.items():
        assert f"({title})" in text, number


@pytest.mark.shared_data
def test_the_dutch_register_asks_what_its_standard_says(shared_data):
    path = shared_data / "records" / "nl_algoritmeregister_v1_0.json"
    standard = json.loads(path.read_text(encoding="utf-8"))["properties"]
    entries = {one.name: one for one in framework("nl-register").entries}
    by_itself = {"lars", "publication_dt", "lang", "standard_version"}
    assert set(entries) == set(standard) - by_itself
    for name, one in entries.items():
        says = standard[name]
        assert one.required == (says["required"] is True), name
        assert one.longest == says.get("max_length"), name
        if one.terms:
            assert list(one.terms.values()) == says["permitted_values"]


@pytest.mark.shared_data
def test_the_british_standard_asks_what_its_table_says(shared_data):
    path = shared_data / "records" / "atrs_uk_v1_fields.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    entries = framework("uk-atrs").entries
    assert [one.name for one in entries] == [row["attribute"].rstrip("*") for row in rows]
    assert [one.required for one in entries] == [row["required"] == "TRUE" for row in rows]


DUTCH = {
    "description": "Vergelijkt kentekens met een lijst.",
    "status": STATUSES[1],
    "contact": "info@example.org",
    "publication_category": CATEGORIES[0],
    "in_use_since": "2024-03",
}


def _record(values, language="nl", system="Kentekens"):
    answers = {
        key: Answer("given", value, "brief 12", "2026-11-02") for key, value in values.items()
    }
    about = About(system, "Politie", "1", "2026-11-30", language)
    return SystemRecord(about, complete(answers))


def test_an_entry_of_the_dutch_register_holds_what_was_given_and_no_more():
    assert register_entry(_record(DUTCH)) == {
        "name": "Kentekens", "organization": "Politie", "status": "In gebruik",
        "description_short": DUTCH["description"], "contact_email": "info@example.org",
        "publication_category": "Hoog-risico AI-systeem", "begin_date": "2024-03",
        "lang": "nld", "standard_version": "1.0",
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(set(DUTCH) - {"in_use_since"}))
def test_an_entry_without_what_is_required_is_refused(name):
    with pytest.raises(DataError, match="is not given"):
        register_entry(_record({key: value for key, value in DUTCH.items() if key != name}))


def test_an_entry_is_never_cut():
    at_most = _record(DUTCH | {"description": "a" * 400})
    assert len(register_entry(at_most)["description_short"]) == 400
    with pytest.raises(DataError, match="description_short has 401 characters of at most 400"):
        register_entry(_record(DUTCH | {"description": "a" * 401}))
    with pytest.raises(DataError, match="name has 101"):
        register_entry(_record(DUTCH, system="a" * 101))


def test_an_entry_in_another_language_is_refused():
    with pytest.raises(DataError, match="must be in Dutch"):
        register_entry(_record(DUTCH, language="es"))


def test_what_was_refused_is_no_entry():
    record = _record(DUTCH)
    answers = dict(record.answers) | {
        "contact": Answer("refused", "geheim", "brief 12", "2026-11-02")
    }
    with pytest.raises(DataError, match="contact_email is not given"):
        register_entry(SystemRecord(record.about, answers))


def test_the_files_are_small():
    import veedor.disclosure.record as room

    texts = Path(room.__file__).parent / "texts"
    assert sum(path.stat().st_size for path in texts.iterdir()) < 60_000
