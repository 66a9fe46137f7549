"""A reader is replaced: the first keeps its answers, the other begins blind; none is changed."""

from __future__ import annotations

import csv
import io
import threading
import zipfile

import pytest
from tests.made_up_readings import fill, read_rows
from tests.planned_readings import by_truth
from tests.web.databases import EACH

from veedor.audits.reading import score_reading
from veedor.errors import StudyError

pytestmark = EACH
AT = "/projects/propio/judging/paquete/"
PACK = "/projects/propio/packs/paquete/"
STATED = {"kind": "audit", "case_number": "", "words": "reviso lo que leyeron", "next": "/"}


def replace(client, user, why="está de licencia", reader=1, at=PACK):
    return client.post(f"{at}{reader}/replace/", {"account": user.pk, "why": why})


def given(reader=1):
    """Answers by address, of everyone who judged as a reader."""
    from veedor.web.reading.models import Judgement

    found = Judgement.objects.filter(assignment__pack__key="paquete", assignment__reader=reader)
    return [
        (one.assignment.user.email.partition("@")[0], one.line.place, one.answer)
        for one in found.order_by("pk")
    ]


def through(client, at=AT, answer="1"):
    for n in (1, 2, 3):
        client.post(f"{at}{n}/", {"answer": answer})
    client.post(f"{at}end/")


def test_the_other_begins_blind_and_the_first_keeps_its_answers(client_of, user, two):
    from veedor.web.accounts.models import Event

    first, analyst = client_of("reader"), client_of("analyst")
    first.post(AT + "1/", {"answer": "2"})
    first.post(AT + "2/", {"answer": "3"})
    assert replace(analyst, two).headers["Location"] == PACK
    other = client_of("nobody")
    assert other.get(AT).headers["Location"] == AT + "1/"
    page = other.get(AT + "1/").text
    assert "checked" not in page
    assert "licencia" not in page
    assert "reader@" not in page
    # To the first the pack is not there any more, whatever window it has open.
    for address in (AT, AT + "2/", AT + "end/"):
        assert first.get(address).status_code == 404
        assert first.post(address, {"answer": "1"}).status_code in (404, 405)
    assert "Bolsos" not in first.get("/projects/propio/judging/").text
    other.post(AT + "1/", {"answer": "1"})
    assert given() == [("reader", 1, "wrong"), ("reader", 2, "cannot tell"), ("nobody", 1, "right")]
    shown = client_of("auditor").get(PACK).text
    assert "está de licencia" in shown
    assert "reader@example.org: 2 de 3" in " ".join(shown.split())
    told = list(Event.objects.order_by("pk").values_list("kind", "account__email", "actor__email"))
    assert told[-2:] == [
        ("reader_replaced", "reader@example.org", "analyst@example.org"),
        ("reader_assigned", "nobody@example.org", "analyst@example.org"),
    ]


@pytest.mark.parametrize("why", ["", "...", "lo pidió ana.perez@example.org", "x" * 301])
def test_it_takes_a_reason_that_names_nobody(client_of, two, why):
    answer = replace(client_of("analyst"), two, why)
    assert answer.status_code == 200
    assert 'class="wrong"' in answer.text
    assert client_of("nobody").get(AT).status_code == 404


@pytest.mark.parametrize("name", ["analyst", "stranger", "auditor", "reader", "administrator"])
def test_only_another_reader_of_the_project_takes_over(client_of, user, name):
    assert 'class="wrong"' in replace(client_of("analyst"), user(name)).text
    assert client_of("reader").get(AT).status_code == 302


@pytest.mark.parametrize("name", ["reader", "stranger", "auditor", "administrator", "visitor"])
def test_only_an_analyst_of_the_project_replaces(client_of, two, name):
    assert replace(client_of(name), two).status_code in (302, 404)
    assert client_of("nobody").get(AT).status_code == 404


def test_who_has_finished_is_not_replaced_and_who_was_does_not_come_back(client_of, user, two):
    from veedor.web.reading.models import Pack
    from veedor.web.reading.putting_in import replace as replaced

    pack = Pack.objects.get(key="paquete")
    replace(client_of("analyst"), two)
    with pytest.raises(StudyError, match="one account"):
        replaced(pack, 1, user("reader"), user("analyst"), "vuelve")
    assert client_of("nobody").get(AT).status_code == 302  # nothing came of it
    through(client_of("nobody"))
    with pytest.raises(StudyError, match="not have finished"):
        replaced(pack, 1, user("reader"), user("analyst"), "por otra cosa")
    page = client_of("analyst").get(PACK).text
    assert "/1/replace/" not in page
    assert "/1/reopen/" in page


def test_an_account_that_left_is_replaced(client_of, user, two):
    gone = user("reader")
    gone.is_active = False
    gone.save()
    replace(client_of("analyst"), two)
    assert client_of("nobody").get(AT).headers["Location"] == AT + "1/"


def test_an_answer_of_who_is_replaced_meanwhile_is_not_kept(user, two):
    from veedor.web.reading.judging import finish, keep
    from veedor.web.reading.models import Assignment, Pack
    from veedor.web.reading.putting_in import replace as replaced

    before = Assignment.objects.get()
    replaced(Pack.objects.get(key="paquete"), 1, two, user("analyst"), "se enfermó")
    assert not keep(before, 1, "right")
    assert not finish(before)
    assert given() == []


def test_of_many_who_replace_at_once_one_does(user, two):
    from django.db import connection

    from veedor.web.projects.models import Membership
    from veedor.web.reading.models import Pack
    from veedor.web.reading.putting_in import replace as replaced

    pack, analyst = Pack.objects.get(key="paquete"), user("analyst")
    others = [two, user("fresh")]
    Membership.objects.create(user=others[1], project=pack.project, role="reader")
    ends = []

    def do(other):
        try:
            replaced(pack, 1, other, analyst, "se enfermó")
            ends.append("done")
        except StudyError:  # who was to be replaced was, meanwhile
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(one,)) for one in others]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert ends
    assert pack.judging.count() == 1
    assert pack.assignments.count() == 1 + len(ends)


def test_files_of_a_replaced_reader_are_two_persons_and_score_as_by_hand(
    client_of, user, two, made, tmp_path
):
    from veedor.web.projects.models import Membership, Project
    from veedor.web.reading.putting_in import put_in

    folder, true = made
    project, fresh = Project.objects.get(key="propio"), user("auditor")
    fresh.site_role = ""
    fresh.save()
    Membership.objects.create(user=fresh, project=project, role="reader")
    pack = put_in(project, folder, "Alertas", {1: user("reader"), 2: two})
    numbers = {"right": 1, "wrong": 2, "not to be told": 3}
    at, analyst = f"/projects/propio/judging/{pack.key}/", client_of("analyst")
    for place in range(1, 6):  # the first answers all wrong, and falls ill
        client_of("reader").post(f"{at}{place}/", {"answer": 2})
    replace(analyst, fresh, at=f"/projects/propio/packs/{pack.key}/")
    by_hand = []
    for n, name in ((1, "auditor"), (2, "nobody")):
        hand = fill(folder, n, by_truth(true, wrong=0.2, seed=n), tmp_path / f"hand_{n}.csv")
        by_hand.append(hand)
        client = client_of(name)
        for place, line in enumerate(read_rows(hand), start=1):
            client.post(f"{at}{place}/", {"answer": numbers[line["answer"]]})
        client.post(f"{at}end/")
    analyst.post("/projects/propio/purpose", STATED)
    packed = analyst.get(f"/projects/propio/packs/{pack.key}/readers.zip").content
    whole = zipfile.ZipFile(io.BytesIO(packed))
    assert whole.namelist() == [
        "answers.csv", "reader_1.csv", "reader_2.csv", "replaced_1_1.csv",
    ]  # fmt: skip
    whole.extractall(tmp_path / "web")
    ours = [tmp_path / "web" / f"reader_{n}.csv" for n in (1, 2)]
    assert score_reading(folder, ours)[0] == score_reading(folder, by_hand)[0]
    replaced = read_rows(tmp_path / "web" / "replaced_1_1.csv")
    assert [one["answer"] for one in replaced] == ["wrong"] * 5
    # A file of the two together is no reader's.
    with pytest.raises(StudyError, match="once"):
        score_reading(folder, [*ours, tmp_path / "web" / "replaced_1_1.csv"])
    history = list(csv.DictReader(io.StringIO(whole.read("answers.csv").decode())))
    of_first = [one for one in history if (one["reader"], one["person"]) == ("1", "1")]
    assert [one["answer"] for one in of_first] == ["wrong"] * 5
    assert {one["person"] for one in history if one["reader"] == "2"} == {"1"}
    assert sum((one["reader"], one["person"]) == ("1", "2") for one in history) == 26
    assert b"@example.org" not in b"".join(whole.read(name) for name in whole.namelist())


def test_the_database_refuses_to_change_an_answer_or_what_was_asked(client_of):
    from django.db import DatabaseError, connection, transaction

    from veedor.web.looks.guards import missing
    from veedor.web.reading.models import Judgement, Line

    client = client_of("reader")
    client.post(AT + "1/", {"answer": "2"})
    client.post(AT + "1/", {"answer": "1"})  # a change is one more row
    assert given() == [("reader", 1, "wrong"), ("reader", 1, "right")]
    assert missing(connection) == []
    kept = list(Judgement.objects.values_list()), list(Line.objects.values_list())
    statements = [
        "UPDATE reading_judgement SET answer = 'right'",
        "UPDATE reading_judgement SET at = CURRENT_TIMESTAMP",
        "DELETE FROM reading_judgement",
        "UPDATE reading_line SET texts = '[\"other\"]'",
        "UPDATE reading_line SET item = 'R1-9' WHERE place = 1",
        "DELETE FROM reading_line WHERE reader = 2",
    ]
    if connection.vendor == "postgresql":
        statements += ["TRUNCATE reading_judgement", "TRUNCATE reading_line CASCADE"]
    else:
        statements += [
            f"INSERT OR REPLACE INTO {one} SELECT * FROM {one} LIMIT 1"
            for one in ("reading_judgement", "reading_line")
        ]
    for statement in statements:
        with (
            pytest.raises(DatabaseError, match="only added to"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    for change in (
        lambda: Judgement.objects.update(answer="right"),
        lambda: Judgement.objects.all().delete(),
        lambda: Line.objects.filter(place=1).update(texts=["other"]),
    ):
        with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
            change()
    assert (list(Judgement.objects.values_list()), list(Line.objects.values_list())) == kept


def test_a_site_of_before_goes_forward_with_its_answers(site):
    from django.core.management import call_command
    from django.db import DatabaseError, connection, transaction
    from django.db.migrations.executor import MigrationExecutor

    from veedor.web.looks.guards import missing
    from veedor.web.reading.models import Judgement, Pack

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
    else:
        connection.close()
        for path in site.glob("db.sqlite3*"):
            path.unlink()
    before = ("reading", "0001_initial")
    call_command("migrate", *before, verbosity=0)
    apps = MigrationExecutor(connection).loader.project_state(before).apps
    office = apps.get_model("accounts", "Office").objects.create(name="Una")
    user = apps.get_model("accounts", "User").objects.create(email="a@example.org", office=office)
    pack = apps.get_model("reading", "Pack").objects.create(
        project=apps.get_model("projects", "Project").objects.create(title="Uno"),
        title="Bolsos", sha256="0" * 64, counts=False, shown=["what"], answers=[], readers=2,
    )  # fmt: skip
    line = apps.get_model("reading", "Line").objects.create(
        pack=pack, reader=1, place=1, item="R1-1", texts=["a bag"]
    )
    judging = apps.get_model("reading", "Assignment").objects.create(pack=pack, reader=1, user=user)
    apps.get_model("reading", "Judgement").objects.create(
        assignment=judging, line=line, answer="right"
    )
    call_command("migrate", verbosity=0)
    assert missing(connection) == []
    assert Pack.objects.get().judging.get().judgements.get().answer == "right"
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
        Judgement.objects.all().delete()
