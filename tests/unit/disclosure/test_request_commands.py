"""The commands: what they write, in both languages, and that nobody is in it."""

from __future__ import annotations

import csv
import json
import re
from datetime import datetime
from importlib import import_module
from pathlib import Path

import docx
import pytest
from tests.unit.disclosure.test_deadlines import LAW
from tests.unit.disclosure.test_letters import LIST, answered

from veedor.errors import StudyError
from veedor.report.letter_file import blocks
from veedor.report.words import words_in
from veedor.report.words.laws import OF_LAWS
from veedor.tasks import Context


def perform(task: str, language: str = "en", **asked):
    module = import_module(f"veedor.tasks.request_{task}")
    return module.perform(module.Request(**asked), Context(language=language))


@pytest.fixture
def record(tmp_path) -> Path:
    path = tmp_path / "record.toml"
    path.write_text(answered(purposes="given", retention="refused"), "utf-8")
    return path


@pytest.mark.parametrize("language", ["en", "es"])
def test_letters_are_written_twice_each_with_the_same_words(tmp_path, record, language) -> None:
    out = tmp_path / "letters"
    done = perform("letter", language, gaps=record, fields=("retention", "supplier"), out=out)
    assert sorted(one.name for one in out.iterdir()) == [
        "01-supplier.docx", "01-supplier.html", "02-retention.docx", "02-retention.html",
        "manifest.json", "report.html", "results.json",
    ]  # fmt: skip
    held = json.loads((out / "results.json").read_text("utf-8"))
    assert [one["name"] for one in held["letters"]] == ["01-supplier", "02-retention"]
    for letter in done.results.letters:
        page = (out / f"{letter.name}.html").read_text("utf-8")
        assert '<html lang="es">' in page
        assert f'<aside class="on-screen" lang="{language}">' in page
        written = docx.Document(str(out / f"{letter.name}.docx"))
        text = "\n".join(one.text for one in written.paragraphs)
        for part in (letter.reference, *letter.items, *letter.exceptions, *letter.closing):
            assert part in text
            assert part in page
        for name in letter.lines:
            assert f"{name}: \t" in text
            assert f"<dt>{name}</dt><dd></dd>" in page
    assert len(blocks(done.results.letters[1])) == len(blocks(done.results.letters[0])) + 1


def test_letters_are_in_the_law_s_language_whatever_the_reader_s(tmp_path, record) -> None:
    made = {}
    for language in ("en", "es"):
        out = tmp_path / language
        perform("letter", language, gaps=record, fields=("retention",), out=out)
        made[language] = (out / "01-retention.docx").read_bytes()
        page = (out / "report.html").read_text("utf-8")
        told = {"en": "No legal advice", "es": "No es asesoramiento legal"}[language]
        assert told in page
    assert made["en"] == made["es"]


def test_the_page_leads_to_each_letter_and_names_what_comes_next(tmp_path, record) -> None:
    out = tmp_path / "letters"
    done = perform("letter", gaps=record, out=out)
    page = (out / "report.html").read_text("utf-8")
    for letter in done.results.letters:
        assert f'href="{letter.name}.html"' in page
    assert "veedor request deadlines --received YYYY-MM-DD --out deadlines" in page
    assert "No letter asks for 1 field" in page


def test_no_command_takes_who_asks() -> None:
    from dataclasses import fields

    names = {
        field.name
        for task in ("letter", "deadlines")
        for field in fields(import_module(f"veedor.tasks.request_{task}").Request)
    }
    assert names == {
        "gaps", "fields", "by", "applicant", "law", "out", "received", "on", "procedure",
        "days_off", "subdivision",
    }  # fmt: skip


@pytest.mark.parametrize("language", ["en", "es"])
def test_deadlines_are_told_in_four_files_that_agree(tmp_path, language) -> None:
    out = tmp_path / "deadlines"
    done = perform(
        "deadlines", language, received=datetime(2026, 3, 2).date(), on=("denied=2026-03-10",),
        out=out,
    )  # fmt: skip
    words = words_in(language)
    held = json.loads((out / "results.json").read_text("utf-8"))
    with (out / "deadlines.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    page = (out / "report.html").read_text("utf-8")
    calendar = re.sub(r"\r\n ", "", (out / "deadlines.ics").read_bytes().decode())
    assert [row["day"] for row in rows] == [one["day"] or "" for one in held["rows"]]
    for row in done.results.dated:
        assert words.day(row.day) in page
        assert f"DTSTART;VALUE=DATE:{row.day:%Y%m%d}" in calendar
    assert calendar.count("BEGIN:VALARM") == 2
    assert {row["read_in"] for row in rows} == {"2026-06"}
    assert all(re.search(r"art\. \d+", row["provision"]) for row in rows)
    for article in done.results.articles:
        assert article.quote in page
    assert words.month("2026-06-01") in page


def test_the_tutorial_says_the_days_that_its_command_gives(tmp_path) -> None:
    done = perform("deadlines", received=datetime(2026, 3, 2).date(), out=tmp_path / "days")
    found = {one.term.code: one.day for one in done.results.dated}
    assert found["claim"] == found["court"]
    docs = Path(__file__).parents[3] / "docs"
    for page, language in (("tutorials/record-and-request.md", "en"),
                           ("es/registro-y-pedido.md", "es")):  # fmt: skip
        text = (docs / page).read_text("utf-8")
        assert "--received 2026-03-02" in text
        assert words_in(language).day(found["answer"]) in text
        assert (
            words_in(language).day(found["claim"]).removesuffix(" 2026").removesuffix(" de") in text
        )


def test_each_own_text_of_a_law_has_its_words_and_its_spanish() -> None:
    held = {LAW.reach, *LAW.events.values()}
    for procedure in LAW.procedures:
        held |= {procedure.what, *(one.what for one in procedure.terms)}
        held |= {one.note for one in procedure.terms if one.note}
    assert set(OF_LAWS) == held
    spanish = words_in("es")
    assert not [text for text in OF_LAWS if spanish.own(text) == text]


def test_another_country_by_its_template(tmp_path) -> None:
    law = Path(__file__).with_name("ruritania.toml")
    asked = tmp_path / "list.toml"
    asked.write_text(LIST.replace('["secrets"]', '["crown"]'), "utf-8")
    perform("letter", "es", gaps=asked, law=law, out=tmp_path / "letters")
    page = (tmp_path / "letters" / "01-retention.html").read_text("utf-8")
    assert '<html lang="en">' in page
    assert "Pray answer within ten days." in page
    assert "--law ruritania.toml" in (tmp_path / "letters" / "report.html").read_text("utf-8")
    done = perform(
        "deadlines", "es", received=datetime(2026, 3, 5).date(), law=law, out=tmp_path / "days"
    )
    # A Thursday; Fridays and Saturdays are off, and no holiday is known: ten days end on the 19th.
    assert {one.term.code: str(one.day) for one in done.results.rows} == {
        "answer": "2026-03-19",
        "court": "2026-04-18",
    }
    assert done.results.holidays is None


def test_an_extension_by_months_counts_from_the_beginning(tmp_path) -> None:
    done = perform(
        "deadlines", received=datetime(2026, 12, 31).date(), procedure="grace",
        law=Path(__file__).with_name("ruritania.toml"), out=tmp_path / "days",
    )  # fmt: skip
    assert [str(one.day) for one in done.results.rows] == ["2027-02-28", "2027-03-31"]


@pytest.mark.parametrize("on", ["denied", "denied=", "denied=10/03/2026", "=2026-03-10"])
def test_a_day_that_is_none_is_refused(tmp_path, on: str) -> None:
    with pytest.raises(StudyError):
        perform("deadlines", received=datetime(2026, 3, 2).date(), on=(on,), out=tmp_path / "x")
