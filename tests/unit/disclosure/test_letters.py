"""Letters: what is a gap, what a letter holds, and what no letter may ask."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from veedor.disclosure.record.fields import FIELDS
from veedor.disclosure.request import letters, read_gaps, read_law, shipped_law
from veedor.errors import DataError, PersonalDataRefusal, StudyError, UnreadableError

LAW = shipped_law("ar")
RECORD = """
[about]
system = "Lectura de patentes"
body = "la Policía de un lugar"
version = "1"
date = "2026-11-30"
language = "es"
"""
GIVEN = """
[fields.{field}]
state = "{state}"
value = "{value}"
source = "Nota 12"
date = "2026-10-01"
"""
LIST = """
system = "Cámaras"
body = "el ministerio"

[[gaps]]
field = "retention"

[[gaps]]
subject = "Compras"
ask = ["El contrato de cada compra.", "Los montos pagados."]
anticipate = ["secrets"]
"""


def answered(**states: str) -> str:
    """A record with some answers; every other field is not answered."""
    made = [GIVEN.format(field=f, state=s, value="Dicho.") for f, s in states.items()]
    return RECORD + "".join(made)


def read(folder: Path, text: str, fields=(), law=LAW):
    path = folder / "asked.toml"
    path.write_text(text, "utf-8")
    return read_gaps(path, law, fields)


def test_gaps_of_a_record_are_what_was_not_answered_or_was_refused(tmp_path) -> None:
    made = read(
        tmp_path,
        answered(purposes="given", supplier="not applicable", retention="refused"),
    )
    there = {one.field: one.why for one in made.gaps}
    assert "purposes" not in there
    assert "supplier" not in there
    assert there["retention"] == "refused"
    assert there["access_log"] == "not answered"
    assert made.unasked == ("publication_category",)
    assert len(there) == len(FIELDS) - 2 - 1
    assert (made.told, made.refused, made.unanswered) == (2, 1, len(FIELDS) - 3)
    assert [one.field for one in made.gaps] == [f.key for f in FIELDS if f.key in there]


def test_one_letter_a_gap_and_one_item_a_paragraph(tmp_path) -> None:
    asked = read(tmp_path, answered(purposes="given"), ["retention", "supplier", "website"])
    made = letters(LAW, asked)
    assert [one.name for one in made.letters] == ["01-supplier", "02-website", "03-retention"]
    supplier, website, _ = made.letters
    assert len(supplier.items) == 2
    assert supplier.exceptions
    assert not website.exceptions
    assert website.before_exceptions == ""
    assert "Lectura de patentes" in supplier.reference
    assert supplier.addressee.endswith("\nla Policía de un lugar")
    assert made.items == 5
    assert {one.language for one in made.letters} == {"es"}
    assert not re.search(r"[{}]", str(made.letters))


def test_a_refusal_is_asked_for_anew_and_only_then(tmp_path) -> None:
    text = answered(retention="refused")
    (refused,) = letters(LAW, read(tmp_path, text, ["retention"])).letters
    (plain,) = letters(LAW, read(tmp_path, text, ["deletion"])).letters
    assert "ya fue denegado lo que se pide en: 1, 2." in refused.again
    assert plain.again == ""


def test_letters_by_topic_hold_every_item_once(tmp_path) -> None:
    asked = read(tmp_path, answered(deletion="refused"))
    one_each, together = letters(LAW, asked), letters(LAW, asked, by="topic")
    assert len(together.letters) == 6
    assert [one.subject for one in together.letters] == list(LAW.letter.topics.values())
    items = [item for one in one_each.letters for item in one.items]
    assert [item for one in together.letters for item in one.items] == items
    (data,) = (one for one in together.letters if "deletion" in one.fields)
    at = [number for number, item in enumerate(data.items, 1) if "cancela" in item]
    assert f"lo que se pide en: {at[0]}, {at[0] + 1}." in data.again
    assert data.name == "03"
    both = {code for one in one_each.letters for code in one.articles}
    assert {code for one in together.letters for code in one.articles} == both


def test_a_letter_says_what_the_law_gives_and_cites_it(tmp_path) -> None:
    made = letters(LAW, read(tmp_path, RECORD, ["who_may_access"]))
    (letter,) = made.letters
    text = " ".join([*letter.opening, *letter.exceptions, *letter.closing, letter.who])
    for told in (
        "quince (15) días hábiles", "disociado", "tachas", "acto fundado", "formatos digitales",
        "sin costo", "constancia", "políticas de seguridad", "art. 13 de la ley",
    ):  # fmt: skip
        assert told in text, told
    assert {"ley-27275/13", "decreto-206/8-a", "ley-25326/21-2-g"} <= set(letter.articles)
    assert set(letter.articles) <= {one.code for one in made.articles}
    assert [one.code for one in made.texts] == ["ley-27275", "decreto-206", "ley-25326"]


def test_what_is_filled_in_by_hand_is_what_the_decree_lets_be_asked(tmp_path) -> None:
    asked = read(tmp_path, RECORD, ["website"])
    (person,) = letters(LAW, asked).letters
    (organisation,) = letters(LAW, asked, applicant="organisation").letters
    assert person.lines == (
        "Nombre y apellido", "Documento de identidad", "Domicilio", "Correo electrónico",
    )  # fmt: skip
    assert organisation.lines[:2] == ("Razón social", "C.U.I.T.")
    assert any("poder" in line for line in organisation.lines)
    assert person.closing == organisation.closing


def test_a_list_asks_in_its_own_words(tmp_path) -> None:
    asked = read(tmp_path, LIST)
    made = letters(LAW, asked)
    assert [one.name for one in made.letters] == ["01-retention", "02"]
    assert made.letters[1].items == ("El contrato de cada compra.", "Los montos pagados.")
    assert [one[:8] for one in made.letters[1].exceptions] == ["Secretos"]
    assert (made.told, made.unanswered, made.of_record) == (0, 0, False)
    assert [one.why for one in asked.gaps] == ["listed", "listed"]


def test_braces_of_anyone_are_text(tmp_path) -> None:
    text = LIST.replace("Cámaras", "Cámaras {body}").replace("montos", "montos {system.x}")
    (_, letter) = letters(LAW, read(tmp_path, text)).letters
    assert "Cámaras {body}" in letter.reference
    assert "montos {system.x}" in letter.items[1]


@pytest.mark.parametrize(
    "asked",
    [
        "Todo lo que figure sobre Juan Pérez.",
        "Las consultas sobre el DNI 30.111.222.",
        "Los legajos de la víctima Ana Gómez.",
        "Lo registrado de ana@example.org.",
        "Las lecturas de la patente AB 123 CD.",
        "Las consultas del imputado Xiomara Q. Mamani.",
    ],
)
def test_nobody_is_asked_about(tmp_path, asked: str) -> None:
    with pytest.raises(PersonalDataRefusal) as refused:
        read(tmp_path, LIST.replace("Los montos pagados.", asked))
    told = str(refused.value)
    for secret in ("Pérez", "Gómez", "30.111.222", "ana@", "AB 123", "Mamani"):
        assert secret not in told


@pytest.mark.parametrize(
    "asked",
    [
        "Las categorías de datos que contiene, y si entre ellos está el DNI.",
        "Los convenios con la Universidad Nacional de General San Martín.",
        "Las cámaras de la avenida Juan B. Justo.",
        "Cuántas patentes se leyeron por mes.",
    ],
)
def test_places_and_kinds_of_data_may_be_asked_about(tmp_path, asked: str) -> None:
    assert read(tmp_path, LIST.replace("Los montos pagados.", asked)).gaps[1].ask[1] == asked


def test_a_person_as_a_body_is_refused(tmp_path) -> None:
    with pytest.raises(PersonalDataRefusal):
        read(tmp_path, LIST.replace("el ministerio", "Juan Pérez"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('field = "retention"', 'field = "retenton"', "Did you mean 'retention'"),
        ('field = "retention"', 'field = "publication_category"', "law has a question for"),
        ('field = "retention"', "", "Found: neither"),
        ('field = "retention"', 'field = "retention"\nsubject = "a"\nask = ["b"]', "Found: both"),
        ('anticipate = ["secrets"]', 'anticipate = ["secret"]', "Did you mean 'secrets'"),
        ('subject = "Compras"', "", "Found: neither"),
        ('system = "Cámaras"', "", "lacks the setting `system`"),
        ('system = "Cámaras"', 'system = ""', "length >= 1"),
        ('body = "el ministerio"', 'body = "b"\nname = "x"', "unknown setting `name`"),
        ('body = "el ministerio"', 'body = "b"\nemail = "x"', "unknown setting `email`"),
    ],
)
def test_a_list_is_held_to_its_format(tmp_path, old: str, new: str, told: str) -> None:
    assert old in LIST
    with pytest.raises(StudyError, match=re.escape(told)):
        read(tmp_path, LIST.replace(old, new, 1))


def test_what_is_no_gap_cannot_be_asked_for(tmp_path) -> None:
    with pytest.raises(StudyError, match="has an answer or no question") as raised:
        read(tmp_path, answered(retention="given"), ["retention"])
    assert "leave it out of --fields" in str(raised.value), "no other field is meant"
    with pytest.raises(StudyError, match="Did you mean 'retention'"):
        read(tmp_path, RECORD, ["retentoin"])
    with pytest.raises(StudyError, match="There must be something to ask"):
        read(tmp_path, answered(**{one.key: "not applicable" for one in FIELDS}))


def test_what_is_no_toml_and_no_record_is_refused(tmp_path) -> None:
    with pytest.raises(UnreadableError, match="must be TOML"):
        read(tmp_path, "a = ")
    with pytest.raises(DataError):
        read(tmp_path, "a = 1")


def test_a_law_without_lines_or_topics_says_so(tmp_path) -> None:
    law = read_law(Path(__file__).with_name("ruritania.toml"))
    asked = read(tmp_path, LIST.replace('["secrets"]', '["crown"]'), law=law)
    (first, _) = letters(law, asked).letters
    assert first.reference == "Petition: Keeping of data, of Cámaras"
    assert first.opening == (
        "I ask for papers on Cámaras under the Ruritania: Act of Open Papers.",
    )
    assert first.lines == ("Name", "Address")
    with pytest.raises(StudyError, match="what an organisation fills in"):
        letters(law, asked, applicant="organisation")
    with pytest.raises(StudyError, match="subject for each topic"):
        letters(law, asked, by="topic")
