"""`veedor record`: a record is begun, exported beside audits of its system, and compared."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import docx
import pytest
from tests.golden import system

import veedor.audits
from veedor.audits.alerts import Inputs, Settings, audit_alerts
from veedor.audits.audit import Audit
from veedor.cli.app import main
from veedor.disclosure.record import FIELDS, read_record
from veedor.disclosure.record.fields import BY_KEY
from veedor.disclosure.record.shown import FIELDS_OF, AnyAudit
from veedor.errors import DataError, PersonalDataRefusal, StudyError, UnreadableError
from veedor.report.words.record_page import AUDITS
from veedor.tasks import Context, record_diff, record_export, record_new, record_show


@pytest.fixture
def context(tmp_path):
    return Context(workspace=tmp_path, clock=lambda: datetime(2026, 11, 30, 12, tzinfo=UTC))


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Results of an audit of alerts, in a folder of their own."""
    folder = tmp_path_factory.mktemp("audit")
    rows = ["score,outcome", *(f"{k % 10 / 10},{int(k % 3 == 0)}" for k in range(90))]
    (folder / "decisions.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    inputs = Inputs(folder / "decisions.csv", None, None, None, None, None, None)
    audit_alerts(inputs, Settings(thresholds=(0.5,))).write(folder / "out", str)
    return folder / "out"


def _export(context, record, **options):
    request = record_export.Request(record=record, out=Path("out"), **options)
    return record_export.perform(request, context)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_new_record_asks_everything_and_answers_nothing(tmp_path, language):
    context = Context(
        workspace=tmp_path, clock=lambda: datetime(2026, 11, 30, tzinfo=UTC), language=language
    )
    request = record_new.Request(record=Path("r.toml"), system="alarms", body="the ministry")
    done = record_new.perform(request, context)
    text = (tmp_path / "r.toml").read_text(encoding="utf-8")
    held = tomllib.loads(text)
    assert list(held["fields"]) == [one.key for one in FIELDS]
    assert held["about"] == {
        "system": "alarms", "body": "the ministry", "version": "1", "date": "2026-11-30",
        "language": language,
    }  # fmt: skip
    assert read_record(tmp_path / "r.toml") == done.results
    assert done.results.counted["not answered"] == len(FIELDS)
    assert "21(2)(g)" in text
    assert max(map(len, text.splitlines())) <= 100
    assert ("Quién puede acceder" in text) == (language == "es")
    with pytest.raises(StudyError, match="there already"):
        record_new.perform(request, context)


def test_a_record_of_a_person_is_not_begun(tmp_path, context):
    request = record_new.Request(record=Path("r.toml"), system="alarms", body="Juan Perez")
    with pytest.raises(PersonalDataRefusal):
        record_new.perform(request, context)
    assert not (tmp_path / "r.toml").exists()


def test_what_an_audit_shows_stands_as_what_it_is_and_answers_nothing(tmp_path, context, results):
    record_new.perform(
        record_new.Request(
            record=Path("r.toml"), system="alarms", body="the ministry", audits=(results,)
        ),
        context,
    )
    done = _export(context, Path("r.toml"))
    (shown,) = done.results.audits
    assert (shown.audit, shown.date) == ("alerts", "2026-11-30")
    assert "accuracy_tests" in shown.fields
    assert done.results.counted["given"] == 0
    page = (tmp_path / "out" / "record.html").read_text(encoding="utf-8")
    assert "audit of alerts, 30 November 2026" in page
    assert f"results.json, SHA-256 {shown.sha256}." in page
    assert "not answers of the body" in page


_OF_EACH = """
[about]
system = "alarms"
body = "the ministry"
version = "2"
date = 2026-11-30
language = "en"
[[audits]]
results = "not-there/results.json"
date = 2026-11-01
[fields.description]
state = "given"
value = '''Two
  lines, \u00e1 \u0085 \U0001f6a8.'''
source = "note 12"
date = 2026-11-02
[fields.retention]
state = "refused"
value = "security"
source = "note 13"
date = 2026-11-03
[fields.sensitive_data]
state = "not applicable"
source = "note 14"
date = 2026-11-04
[fields.recipients]
source = "request 7"
date = 2026-08-20
"""


@pytest.fixture
def of_each(tmp_path):
    """A record with a field in every state, and an audit whose file is not there."""
    (tmp_path / "r.toml").write_text(_OF_EACH, encoding="utf-8")
    return tmp_path / "r.toml"


@pytest.mark.parametrize(
    ("language", "blank", "asked"),
    [
        ("en", "not answered", "asked on 20 August 2026: request 7"),
        ("es", "sin respuesta", "se preguntó el 20 de agosto de 2026: request 7"),
    ],
)
def test_a_record_is_shown_field_by_field_in_four_states(of_each, language, blank, asked):
    context = Context(workspace=of_each.parent, language=language)
    done = record_show.perform(record_show.Request(record=of_each), context)
    rows = [row for part in done.document.headline for one in part.tables for row in one.rows]
    assert len(rows) == len(FIELDS)
    by_state: dict[str, list[list[str]]] = {}
    for row in rows:
        by_state.setdefault(row[1], []).append(row)
    assert len(by_state[blank]) == len(FIELDS) - 3
    assert [row[2:] for row in by_state[blank] if row[3]] == [["", asked]]
    assert {row[2] for row in by_state[blank]} == {""}  # nothing is inferred
    (described,) = (row for row in rows if row[2].startswith("Two"))
    assert described[2].startswith("Two lines, \u00e1")
    told = [line for part in done.document.headline for line in part.sentences]
    assert any("not-there/results.json" in line for line in told)
    assert "1" in told[-1]
    assert str(len(FIELDS) - 3) in told[-1]


def test_a_record_is_printed_as_json_that_any_terminal_carries(of_each, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["record", "show", str(of_each), "--json"])
    assert ended.value.code == 0
    out = capsys.readouterr().out
    assert out.isascii()
    held = json.loads(out)
    record = read_record(of_each)
    assert list(held["answers"]) == sorted(one.key for one in FIELDS)
    assert held["answers"]["description"]["value"] == record.answers["description"].value
    assert held["answers"]["purposes"] == {
        "state": "not answered", "value": "", "source": "", "date": "",
    }  # fmt: skip
    assert held["counted"] == dict(record.counted)
    assert held["audits"] == [
        {"results": "not-there/results.json", "date": "2026-11-01", "sha256": ""}
    ]


def test_a_record_that_is_none_is_not_shown(of_each, context):
    of_each.write_text(_OF_EACH.replace('"refused"', '"maybe"'), encoding="utf-8")
    with pytest.raises(DataError, match="as it is to be read"):
        record_show.perform(record_show.Request(record=of_each), context)


def test_every_audit_has_its_fields_and_its_name():
    audits = {
        kind
        for _, module, _ in pkgutil.walk_packages(veedor.audits.__path__, "veedor.audits.")
        for kind in vars(importlib.import_module(module)).values()
        if isinstance(kind, type) and issubclass(kind, Audit) and kind is not Audit
    }
    assert audits == set(FIELDS_OF) == set(get_args(AnyAudit))
    assert {kind.__struct_config__.tag for kind in audits} == set(AUDITS)
    assert all(set(fields) <= set(BY_KEY) for fields in FIELDS_OF.values())


def test_an_audit_that_is_another_than_was_named_is_an_error(tmp_path, context, results):
    (tmp_path / "a.json").write_bytes((results / "results.json").read_bytes())
    named = '[[audits]]\nresults = "{}"\ndate = 2026-09-01\nsha256 = "{}"\n'
    with pytest.raises(DataError, match="another SHA-256"):
        _export(context, system.write(tmp_path / "1.toml", audits=named.format("a.json", "00")))
    with pytest.raises(UnreadableError, match="must be there"):
        _export(context, system.write(tmp_path / "2.toml", audits=named.format("b.json", "")))
    (tmp_path / "c.json").write_text('{"audit": "of taxes"}', encoding="utf-8")
    with pytest.raises(UnreadableError, match="`veedor audit` wrote"):
        _export(context, system.write(tmp_path / "3.toml", audits=named.format("c.json", "")))
    done = _export(context, system.write(tmp_path / "4.toml", audits=named.format("a.json", "")))
    assert len(done.results.audits) == 1


def test_an_export_writes_what_was_asked_for(tmp_path, context):
    done = _export(
        context, system.write(tmp_path / "r.toml"), to=("ley-25326", "nl-register", "ley-25326")
    )
    written = {one.name for one in (tmp_path / "out").iterdir()}
    assert written == {
        "record.html", "record.docx", "record.json", "ley-25326.csv", "nl-register.csv",
        "manifest.json",
    }  # fmt: skip
    assert next(str(one) for one in done.hindrances).startswith("An entry of the Netherlands'")
    assert [one.framework for one in done.results.matrices] == ["ley-25326", "nl-register"]
    lines = (tmp_path / "out" / "ley-25326.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + len(done.results.matrices[0].rows)
    row = next(line for line in lines if line.startswith("22(1)"))
    assert ",published_provision,Published provision,refused,La resolución tiene" in row


def test_an_entry_of_the_dutch_register_is_written_where_it_is_whole(tmp_path, context):
    text = system.write(tmp_path / "r.toml").read_text(encoding="utf-8")
    category = (
        '[fields.publication_category]\nstate = "given"\nvalue = "impactful algorithm"\n'
        'source = "a page"\ndate = 2026-08-02\n'
    )
    nl = text.replace('language = "es"', 'language = "nl"') + category
    (tmp_path / "r.toml").write_text(nl, encoding="utf-8")
    done = _export(context, Path("r.toml"), to=("nl-register",))
    assert done.hindrances == ()
    entry = json.loads((tmp_path / "out" / "nl-register.json").read_text(encoding="utf-8"))
    assert entry["status"] == "In gebruik"
    assert entry["lang"] == "nld"


def test_the_document_for_word_processors_says_what_the_page_says(tmp_path, context):
    _export(context, system.write(tmp_path / "r.toml"))
    made = docx.Document(str(tmp_path / "out" / "record.docx"))
    told = [one.text for one in made.paragraphs]
    assert "6 of 59 questions are answered, 2 refused" in told
    cells = {cell.text for table in made.tables for row in table.rows for cell in row.cells}
    assert "22(1)" in cells
    assert any(one.startswith("“Las normas sobre creación") for one in cells)


def test_one_of_questionnaire_and_answers_is_not_enough(tmp_path, context):
    record = system.write(tmp_path / "r.toml")
    with pytest.raises(StudyError, match="together"):
        _export(context, record, questionnaire=record)


def test_a_page_gives_no_mark_and_concludes_nothing(tmp_path, context):
    _export(context, system.write(tmp_path / "r.toml"))
    page = (tmp_path / "out" / "record.html").read_text(encoding="utf-8")
    words = re.sub(r"<[^>]+>", " ", page.partition("</style>")[2])
    assert "no legal advice" in words
    assert not re.search(r"\b(complies|violat|unlawful|illegal|score of|grade)\b", words)


def test_a_diff_names_what_changed_and_is_written_where_asked(tmp_path, context):
    first, later = system.write(tmp_path / "1.toml"), system.write_later(tmp_path / "2.toml")
    done = record_diff.perform(record_diff.Request(before=first, after=later), context)
    points = [point for section in done.document.headline for point in section.points]
    assert points == ["Purposes: withdrawn", "Status: changed", "Retention: added"]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["1.toml", "2.toml"]
    record_diff.perform(
        record_diff.Request(before=first, after=later, out=Path("changes")), context
    )
    held = json.loads((tmp_path / "changes" / "changes.json").read_text(encoding="utf-8"))
    assert [one["kind"] for one in held["changes"]] == ["withdrawn", "changed", "added"]
    page = (tmp_path / "changes" / "changes.html").read_text(encoding="utf-8")
    assert "3 answers differ: 1 added, 1 changed, 1 withdrawn" in page
    same = record_diff.perform(record_diff.Request(before=first, after=first), context)
    assert same.results.changes == ()
