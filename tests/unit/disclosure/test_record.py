"""A record of a system: what it takes in, what it refuses, and that nothing is inferred."""

from __future__ import annotations

import pytest

from veedor.disclosure.record import FIELDS, differences, matrix, read_record
from veedor.errors import DataError, PersonalDataRefusal, UnreadableError

ABOUT = """\
[about]
system = "face recognition"
body = "Ministry of Security"
version = "1"
date = 2026-11-30
language = "en"
"""
TOLD = 'source = "note 12"\ndate = 2026-11-02\n'


@pytest.fixture
def read(tmp_path):
    def made(text="", about=ABOUT):
        path = tmp_path / "record.toml"
        path.write_text(about + text, encoding="utf-8")
        return read_record(path)

    return made


def _field(key="retention", **values):
    lines = [f'{name} = "{value}"' for name, value in values.items()]
    return "\n".join([f"[fields.{key}]", *lines, ""])


def test_a_field_that_nobody_wrote_is_not_answered(read):
    record = read()
    assert list(record.answers) == [one.key for one in FIELDS]
    assert {one.state for one in record.answers.values()} == {"not answered"}
    assert record.counted == {
        "given": 0, "refused": 0, "not applicable": 0, "not answered": len(FIELDS),
    }  # fmt: skip


def test_an_answer_is_kept_as_it_was_written_but_for_blanks_around_it(read):
    answer = read(_field(state="given", value="  90 days, then deleted ") + TOLD).answers[
        "retention"
    ]
    assert (answer.state, answer.value) == ("given", "90 days, then deleted")
    assert (answer.source, answer.date) == ("note 12", "2026-11-02")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (_field(state="given", value="90 days"), "without its source or date"),
        (_field(state="given") + TOLD, "given, without a value"),
        (_field(state="given", value="   ") + TOLD, "given, without a value"),
        (_field(state="refused", value="secret"), "without its source or date"),
        (_field(state="not applicable", source="note 12"), "without its source or date"),
        (_field(state="not answered", value="90 days"), "a value in a field that was not answered"),
        (_field(value="90 days"), "a value in a field that was not answered"),
        (_field(state="not answered", source="request 3"), "only one of source and date"),
        (_field(state="unknown") + TOLD, "none of the values that there are"),
        (_field(state="given", value="x", source="y", date="2 Nov 2026"), "date 2 Nov 2026"),
        (_field(state="given", value="x", source="y", date="20261102"), "date 20261102"),
        (_field(state="given", value="x", source="y", date="2026-11-31"), "date 2026-11-31"),
        (_field(state="given", value="x", source="y", date="2026-12-01"), "after the record's own"),
        (_field("status", state="given", value="In use") + TOLD, "In use"),
        (_field("in_use_since", state="given", value="2026-13") + TOLD, "2026-13"),
        (_field("website", state="given", value="example.org") + TOLD, "example.org"),
        ('[fields]\nretention = "90 days"\n', "Expected"),
        ('[fields.retention]\nstate = "given"\nvalu = "x"\n', "unknown setting `valu`"),
        ("[[audits]]\nresults = 'a.json'\ndate = 2026-12-24\n", "after the record's own"),
        ("[audits]\nresults = 'a.json'\n", "no list of tables"),
        ("fields = 3\n", "no table"),
    ],
)  # fmt: skip
def test_an_answer_that_lacks_what_its_state_needs_is_refused(read, text, found):
    with pytest.raises(DataError) as raised:
        read(text) if not text.startswith("fields") else read(about=text + ABOUT)
    assert found in str(raised.value)


def test_the_day_of_the_record_itself_is_no_later_day(read):
    text = _field(state="refused", source="note", date="2026-11-30")
    assert read(text).answers["retention"].date == "2026-11-30"


def test_a_field_that_there_is_not_is_refused_with_what_was_meant(read):
    with pytest.raises(DataError, match="retention"):
        read(_field("retencion", state="given", value="x") + TOLD)
    with pytest.raises(DataError, match="Did you mean 'fields'"):
        read("[field]\nx = 1\n")


def test_what_is_no_toml_is_told_where(read):
    with pytest.raises(UnreadableError, match="line 9"):
        read('\n[fields.retention]\nstate = "given\n')


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (('version = "1"', 'version = ""'), "no system, body or version"),
        (('language = "en"', 'language = "English"'), "language English"),
        (("date = 2026-11-30", 'date = "soon"'), "date soon"),
        (("body =", "bodies ="), "unknown setting `bodies`"),
    ],
)
def test_a_record_says_what_it_is_of(read, change, found):
    with pytest.raises(DataError, match=found):
        read(about=ABOUT.replace(*change))


@pytest.mark.parametrize(
    "text",
    [
        _field("who_may_access", state="given", value="operador Juan Perez") + TOLD,
        _field("security", state="given", value="ask ana.gomez@example.org") + TOLD,
        _field("retention", state="refused", source="Dra. Ana Gomez", date="2026-11-02"),
        _field("contact", state="given", value="ana.gomez@example.org") + TOLD,
        _field("contact", state="given", value="Juan Perez, info@example.org") + TOLD,
        _field("contact", state="given", value="info@example.org, DNI 20.123.456") + TOLD,
        _field("risks", state="given", value="a stop of the car with patente AB 123 CD") + TOLD,
    ],
)
def test_no_person_is_named(read, text):
    with pytest.raises(PersonalDataRefusal):
        read(text)


@pytest.mark.parametrize(
    "value",
    [
        "Mesa de entradas, Av. Mitre 1500, tel. 011 4333-4444",
        "transparencia@seguridad.example.org",
        "mesadeentradas@example.org or https://example.org/contact",
    ],
)
def test_an_office_may_say_how_it_is_reached(read, value):
    assert read(_field("contact", state="given", value=value) + TOLD).counted["given"] == 1


def test_only_a_field_for_an_office_may_hold_how_one_is_reached(read):
    with pytest.raises(PersonalDataRefusal):
        read(_field("retention", state="given", value="info@example.org") + TOLD)


def test_every_field_that_is_given_stands_in_the_matrix_by_article(read):
    record = read(_field("recipients", state="given", value="courts") + TOLD)
    rows = {(one.reference, one.field): one.answer for one in matrix(record, "ley-25326").rows}
    assert rows["21(2)(e)", "recipients"].value == "courts"
    assert rows["21(2)(g)", "who_may_access"].state == "not answered"
    assert {"21(2)(h)", "22(1)", "23(2)", "23(3)"} <= {reference for reference, _ in rows}
    given = {reference for (reference, _), one in rows.items() if one.state == "given"}
    assert given == {"6(a)", "11(1)", "11(4)", "21(2)(e)", "22(2)(e)"}


def test_what_a_register_asks_and_a_record_has_not_is_not_answered(read):
    rows = {one.name: one for one in matrix(read(), "uk-atrs").rows}
    assert rows["system_architecture"].field == ""
    assert rows["system_architecture"].answer.state == "not answered"
    assert (rows["name"].answer.value, rows["name"].answer.state) == ("face recognition", "given")


def test_differences_tell_added_from_changed_and_withdrawn(read):
    before = read(
        _field("retention", state="given", value="90 days") + TOLD
        + _field("security", state="given", value="keys") + TOLD
        + _field("risks", state="refused") + TOLD
        + _field("training", state="given", value="a day") + TOLD
    )  # fmt: skip
    after = read(
        _field("retention", state="given", value="30 days") + TOLD
        + _field("risks", state="given", value="wrong stops") + TOLD
        + _field("appeals", state="refused") + TOLD
        + _field("training", state="given", value="a day") + TOLD
    )  # fmt: skip
    found = differences(before, after)
    assert [(one.field, one.kind) for one in found.changes] == [
        ("security", "withdrawn"), ("retention", "changed"), ("risks", "changed"),
        ("appeals", "added"),
    ]  # fmt: skip
    assert found.unchanged == len(FIELDS) - 4
    assert found.changes[0].before.date == "2026-11-02"


def test_versions_must_be_of_one_system_the_older_first(read):
    newer = read()
    older = read(about=ABOUT.replace("2026-11-30", "2026-11-29"))
    assert differences(older, newer).changes == ()
    with pytest.raises(DataError, match="older version"):
        differences(newer, older)
    other = read(about=ABOUT.replace("face recognition", "alarms").replace("Security", "Works"))
    with pytest.raises(DataError, match="one record"):
        differences(older, other)
    renamed = read(about=ABOUT.replace("face recognition", "biometric alerts"))
    assert differences(older, renamed).changes == ()
