"""Packs judged on the web: blind, in order, kept at once; the files score as those made by hand."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile

import pytest
from tests.made_up_readings import fill, read_rows
from tests.planned_readings import by_truth
from tests.web.databases import EACH
from tests.web.made_site import HOSTILE

from veedor.audits.reading import score_reading
from veedor.errors import DataError, PersonalDataRefusal, StudyError

pytestmark = EACH
AT = "/projects/propio/judging/paquete/"
PACK = "/projects/propio/packs/paquete/"
STATED = {"kind": "audit", "case_number": "", "words": "reviso lo que leyeron", "next": "/"}


def put(folder, readers, title="Alertas"):
    from veedor.web.projects.models import Project
    from veedor.web.reading.putting_in import put_in

    return put_in(Project.objects.get(key="propio"), folder, title, readers)


def answers(reader=1):
    from veedor.web.reading.models import Judgement

    found = Judgement.objects.filter(assignment__pack__key="paquete", assignment__reader=reader)
    return [(one.line.place, one.answer) for one in found.order_by("pk")]


def where(client, at=AT):
    return client.get(at).headers["Location"]


def through(client, at=AT):
    for n in (1, 2, 3):
        client.post(f"{at}{n}/", {"answer": "1"})
    return client.post(f"{at}end/")


def test_items_come_one_at_a_time_in_order_and_every_answer_is_kept_at_once(client_of):
    client = client_of("reader")
    assert where(client) == AT + "1/"
    assert client.get(AT + "2/").headers["Location"] == AT + "1/"
    assert client.post(AT + "3/", {"answer": "1"}).headers["Location"] == AT + "1/"
    assert answers() == []
    assert client.post(AT + "1/", {"answer": "2"}).headers["Location"] == AT + "2/"
    assert answers() == [(1, "wrong")]
    assert where(client_of("reader")) == AT + "2/"  # on another device
    assert "1 de 3" in client.get("/projects/propio/judging/").text


def test_the_one_before_can_be_changed_and_what_was_said_stays(client_of):
    client = client_of("reader")
    client.post(AT + "1/", {"answer": "2"})
    page = client.get(AT + "1/").text
    assert 'value="2" required checked' in page
    client.post(AT + "1/", {"answer": "2"})  # sent twice
    client.post(AT + "1/", {"answer": "3"})
    client.post(AT + "2/", {"answer": "1"})
    assert answers() == [(1, "wrong"), (1, "cannot tell"), (2, "right")]
    # Only the last: what comes twice is judged anew.
    assert client.get(AT + "1/").headers["Location"] == AT + "3/"
    assert client.post(AT + "1/", {"answer": "1"}).status_code == 302
    assert len(answers()) == 3


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"answer": "4"},
        {"answer": "0"},
        {"answer": "x"},
        {"answer": "right"},
        {"answer": "²"},
        {"count": "3"},
    ],
)
def test_what_is_no_answer_of_the_codebook_is_not_kept(client_of, given):
    answer = client_of("reader").post(AT + "1/", given)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text
    assert answers() == []


def test_a_hostile_text_is_text(client_of):
    client = client_of("reader")
    client.post(AT + "1/", {"answer": "1"})
    page = client.get(AT + "2/").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "\u202e" not in page
    assert "[U+202E]gnol[U+2066]" in page
    assert HOSTILE[-100:] in page


def test_a_pack_is_its_readers_alone(client_of, two):
    other = client_of("nobody")  # a reader of the same project, to whom it was not given
    for at in (AT, AT + "1/", AT + "end/"):
        assert other.get(at).status_code == 404
        assert other.post(at, {"answer": "1"}).status_code in (404, 405)
    assert "Bolsos" not in other.get("/projects/propio/judging/").text
    for name in ("reader", "nobody"):
        assert client_of(name).get(PACK).status_code == 404
        assert client_of(name).get(PACK + "readers.zip").status_code == 404
    # Nor is it found by way of another project.
    assert client_of("stranger").get("/projects/ajeno/packs/paquete/").status_code == 404
    assert answers() == []


def test_a_reader_sees_nothing_of_the_other(client_of, user, two):
    from veedor.web.reading.models import Pack
    from veedor.web.reading.putting_in import assign

    assign(Pack.objects.get(key="paquete"), 2, two)
    pages = [client_of("nobody").get(at).text for at in ("/projects/propio/judging/", AT + "1/")]
    through(client_of("reader"))

    def plain(text):
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)

    after = [client_of("nobody").get(at).text for at in ("/projects/propio/judging/", AT + "1/")]
    assert list(map(plain, pages)) == list(map(plain, after))
    assert "a coat" in after[1]  # in an order of its own


def test_what_is_finished_is_locked_until_an_analyst_says_why(client_of):
    client, analyst = client_of("reader"), client_of("analyst")
    assert client.post(AT + "end/").headers["Location"] == AT + "end/"
    assert where(client, AT + "end/") == AT + "1/"  # nothing was finished: not all is answered
    through(client)
    client.post(AT + "3/", {"answer": "2"})
    assert len(answers()) == 3
    assert "bloquead" in client.get(AT + "end/").text
    for why in ("", "...", "lo pidió ana.perez@example.org", "x" * 301):
        answer = analyst.post(PACK + "1/reopen/", {"why": why})
        assert 'class="wrong"' in answer.text
    client.post(AT + "1/", {"answer": "2"})
    assert len(answers()) == 3
    analyst.post(PACK + "1/reopen/", {"why": "tecla equivocada"})
    assert "tecla equivocada" in client_of("auditor").get(PACK).text
    assert "tecla" not in client.get("/projects/propio/judging/").text
    assert where(client, AT + "?n=1") == AT + "1/"
    assert client.post(AT + "1/", {"answer": "2"}).headers["Location"] == AT + "2/"
    assert answers()[-1] == (1, "wrong")
    client.post(AT + "end/")
    client.post(AT + "1/", {"answer": "1"})
    assert answers()[-1] == (1, "wrong")


def test_no_answer_is_given_out_before_all_have_finished(client_of, two):
    from veedor.web.looks.models import Entry

    through(client_of("reader"))
    analyst = client_of("analyst")
    assert (
        analyst.get(PACK + "readers.zip").headers["Location"].startswith("/projects/propio/purpose")
    )
    analyst.post("/projects/propio/purpose", STATED)
    assert analyst.get(PACK + "readers.zip").headers["Location"] == PACK
    assert not Entry.objects.filter(kind="look").exists()
    for wrong in ("", "9999", str(two.pk + 1000)):
        assert 'class="wrong"' in analyst.post(PACK + "2/assign/", {"account": wrong}).text
    assert analyst.post(PACK + "2/assign/", {"account": two.pk}).status_code == 302
    assert analyst.get(PACK + "readers.zip").headers["Location"] == PACK
    through(client_of("nobody"))
    given = analyst.get(PACK + "readers.zip")
    assert given.headers["Content-Type"] == "application/zip"
    assert Entry.objects.filter(kind="look", what="export").count() == 1
    whole = zipfile.ZipFile(io.BytesIO(given.content))
    assert whole.namelist() == ["answers.csv", "reader_1.csv", "reader_2.csv"]
    assert not [n for n in whole.namelist() if b"@example.org" in whole.read(n)]
    history = list(csv.DictReader(io.StringIO(whole.read("answers.csv").decode())))
    assert [(one["reader"], one["item"]) for one in history][:2] == [("1", "R1-1"), ("1", "R1-2")]
    assert all(one["answered_at"] for one in history)


def test_the_files_score_as_those_filled_in_by_hand(client_of, user, two, made, tmp_path):
    folder, true = made
    pack = put(folder, {1: user("reader"), 2: two})
    key = json.loads((folder / "key.json").read_text())
    of = {slot["item"]: key["items"][slot["place"]]["key"] for slot in key["slots"]}
    numbers = {one["answer"]: n for n, one in enumerate(key["answers"], start=1)}
    by_hand = []
    for n, name in ((1, "reader"), (2, "nobody")):
        by = by_truth(true, wrong=0.2, seed=n)
        hand = fill(folder, n, by, tmp_path / f"hand_{n}.csv")
        by_hand.append(hand)
        client, at = client_of(name), f"/projects/propio/judging/{pack.key}/"
        for place, line in enumerate(read_rows(hand), start=1):
            assert line["item"] in of
            answer = client.post(f"{at}{place}/", {"answer": numbers[line["answer"]]})
            assert answer.status_code == 302
        client.post(at + "end/")
    analyst = client_of("analyst")
    analyst.post("/projects/propio/purpose", STATED)
    given = analyst.get(f"/projects/propio/packs/{pack.key}/readers.zip").content
    zipfile.ZipFile(io.BytesIO(given)).extractall(tmp_path / "web")
    ours = [tmp_path / "web" / f"reader_{n}.csv" for n in (1, 2)]
    for one, other in zip(ours, by_hand, strict=True):
        assert read_rows(one) == read_rows(other)
    assert score_reading(folder, ours)[0] == score_reading(folder, by_hand)[0]


def test_nothing_that_tells_repeats_apart_is_kept(user, two, made):
    from veedor.web.reading.models import Line, Pack

    folder, _ = made
    pack = put(folder, {})
    lines = Line.objects.filter(pack=pack, reader=1)
    assert lines.count() == 26  # a tenth comes twice
    assert {one.name for one in Line._meta.fields} == {
        "id", "pack", "reader", "place", "item", "texts",
    }  # fmt: skip
    assert Pack.objects.get(pk=pack.pk).shown == ["as_written"]


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("bag by the door", "AB123CD by the door", PersonalDataRefusal),
        ("as_written", "score", DataError),
        ("R1-02", "R1-99", DataError),
    ],
)
def test_a_pack_that_was_changed_is_not_put_in(made, old, new, kind):
    from veedor.web.reading.models import Pack

    folder, _ = made
    path = folder / "for_readers" / "reader_1.csv"
    path.write_text(path.read_text("utf-8-sig").replace(old, new), "utf-8")
    with pytest.raises(kind):
        put(folder, {})
    assert Pack.objects.count() == 1


def test_a_pack_is_put_in_once_and_for_readers_of_its_project(made, user):
    from veedor.web.reading.models import Pack

    folder, _ = made
    for name in ("analyst", "stranger", "auditor", "nobody"):
        with pytest.raises(StudyError, match="reader of its project"):
            put(folder, {1: user(name)})
    with pytest.raises(StudyError, match="judged by one account"):
        put(folder, {1: user("reader"), 2: user("reader")})
    with pytest.raises(StudyError, match="must be 1 to 2"):
        put(folder, {3: user("reader")})
    with pytest.raises(PersonalDataRefusal):
        put(folder, {}, "ana.perez@example.org")
    assert Pack.objects.count() == 1
    put(folder, {1: user("reader")})
    with pytest.raises(StudyError, match="once"):
        put(folder, {})


def test_texts_are_bounded(made, monkeypatch):
    from veedor.web.reading import putting_in

    monkeypatch.setattr(putting_in, "MOST_TEXT", 10)
    with pytest.raises(DataError, match="at most 10 letters"):
        put(made[0], {})


def test_a_pack_is_put_in_by_a_command(made, user):
    from django.core.management import CommandError, call_command

    out = io.StringIO()
    call_command("put_pack", "propio", str(made[0]), "Alertas", "reader@example.org", stdout=out)
    assert out.getvalue().startswith("/projects/propio/packs/")
    for wrong in (("ajenoo", "reader@example.org"), ("propio", "who@example.org")):
        with pytest.raises(CommandError):
            call_command("put_pack", wrong[0], str(made[0]), "Alertas", wrong[1])
    with pytest.raises(CommandError, match="once"):
        call_command("put_pack", "propio", str(made[0]), "Alertas")


def test_counts_are_whole_numbers_or_that_one_cannot_tell(client_of):
    from veedor.web.reading.models import Pack

    Pack.objects.filter(key="paquete").update(counts=True, answers=[["cannot tell", ""]])
    client = client_of("reader")
    for wrong in ("", "-1", "1.5", "many", "²", "٣", "1" * 10):
        assert client.post(AT + "1/", {"count": wrong}).status_code == 200
    assert answers() == []
    client.post(AT + "1/", {"count": "007"})
    client.post(AT + "2/", {"answer": "1", "count": ""})
    assert answers() == [(1, "7"), (2, "cannot tell")]
    assert 'aria-pressed="true"' in client.get(AT + "2/").text


def test_a_reader_who_was_taken_out_judges_no_more(client_of, user):
    user("reader").memberships.all().delete()
    assert client_of("reader").post(AT + "1/", {"answer": "1"}).status_code == 404
    assert answers() == []


def test_a_reader_finds_the_packs_from_the_first_page(client_of):
    assert 'href="/projects/propio/judging/"' in client_of("reader").get("/").text
    assert "/judging/" not in client_of("analyst").get("/").text
