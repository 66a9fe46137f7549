"""Purposes and looks: nothing is shown before it is written down; what is written stays."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
import zipfile
from types import SimpleNamespace

import numpy as np
import pytest
from tests.web.databases import EACH

from veedor.sealing import clock, committed, verify
from veedor.statistics.suppression import SMALL_COUNT

WORDS = "reviso el registro de este mes"
DIGEST = "ab" * 32


@pytest.fixture
def stated(client_of):
    """State why an account looks at the log, and give its browser."""

    def state(name="auditor", **more):
        client = client_of(name)
        said = {"kind": "audit", "case_number": "", "words": WORDS, "next": "/looks/log/"} | more
        answer = client.post("/looks/log/purpose", said)
        assert (answer.status_code, answer.headers.get("Location")) == (302, said["next"])
        return client

    return state


@pytest.fixture
def copied(client_of, tmp_path):
    """Export the log as a stranger gets it, without asking who may."""

    def copy(name="log"):
        from veedor.web.looks.exporting import exported

        with exported() as packed:
            archive = zipfile.ZipFile(io.BytesIO(packed.read_bytes()))
        archive.extractall(tmp_path / name)
        return tmp_path / name

    return copy


def size():
    from veedor.web.looks.models import Entry, LogEnd

    assert Entry.objects.count() == LogEnd.objects.get().size
    return LogEnd.objects.get().size


def size_now():
    from veedor.web.looks.models import LogEnd

    return LogEnd.objects.get().size


def look(account, project=None):
    from veedor.web.looks.looking import looked

    return looked(SimpleNamespace(user=account), "access_log", DIGEST, project)


@EACH
def test_nothing_is_shown_before_it_is_said_why_and_written_down(stated, client_of, copied):
    before = size()
    answer = client_of("auditor").get("/looks/log/?office=X")
    assert answer.status_code == 302
    asked = answer.headers["Location"]
    assert asked == "/looks/log/purpose?next=%2Flooks%2Flog%2F%3Foffice%3DX"
    assert size() == before
    page = client_of("auditor").get(asked).content.decode()
    assert 'value="/looks/log/?office=X"' in page
    client = stated(case_number="EX-2026-00012-DEF")
    shown = client.get("/looks/log/")
    assert shown.status_code == 200
    assert WORDS in shown.content.decode()
    assert "EX-2026-00012-DEF" in shown.content.decode()
    folder = copied()
    checked = verify(folder / "log")
    assert checked.holds
    assert [one.purpose for one in checked.looks.looks] == [before]
    # A stranger sees neither the words nor the number, nor who it was.
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for hidden in (WORDS, "EX-2026-00012-DEF", "auditor@example.org"):
        assert hidden.encode() not in everything


@EACH
def test_the_words_can_be_shown_to_be_those_of_the_log(stated):
    from veedor.web.looks.models import Purpose

    stated()
    purpose = Purpose.objects.get()
    said = json.loads(purpose.entry.leaf)["manifest"]
    assert said["words"] == committed(purpose.words, bytes(purpose.nonce))
    assert said["case"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": "para ana.perez@example.org, que lo pide"},
        {"words": "sobre la denuncia de la víctima Juana Molina de ayer"},
        {"words": "control"},
        {"words": "........................"},
        {"words": "reviso el registro\u202e de este mes"},
        {"case_number": "20-05536168-2"},
        {"kind": "curiosity"},
        {"kind": ""},
        {"words": "a" * 501},
        {"case_number": "1" * 81},
    ],
)
def test_a_purpose_with_personal_data_or_without_words_is_not_kept(client_of, wrong):
    from veedor.web.looks.models import Purpose

    before = size()
    said = {"kind": "audit", "case_number": "", "words": WORDS, "next": ""} | wrong
    answer = client_of("auditor").post("/looks/log/purpose", said)
    assert answer.status_code == 200
    assert 'class="wrong"' in answer.content.decode()
    assert not Purpose.objects.exists()
    assert size() == before


def test_after_stating_a_purpose_one_stays_on_this_site(client_of):
    said = {"kind": "audit", "words": WORDS, "next": "https://example.net/"}
    answer = client_of("auditor").post("/looks/log/purpose", said)
    assert answer.headers["Location"] == "/"


@EACH
def test_a_purpose_is_for_eight_hours_one_account_and_one_project(stated, user, monkeypatch):
    from veedor.web.looks import looking
    from veedor.web.looks.models import Purpose
    from veedor.web.projects.models import Project

    client, at = stated(), clock.now()
    stated_at = Purpose.objects.get().entry.at
    last = np.datetime64(stated_at.replace(tzinfo=None)) + np.timedelta64(8, "h")
    monkeypatch.setattr(clock, "now", lambda: last)
    assert client.get("/looks/log/").status_code == 200
    own = Project.objects.get(key="propio")
    assert not look(user("auditor"), own)
    assert not look(user("analyst"))
    before = size()
    monkeypatch.setattr(clock, "now", lambda: last + np.timedelta64(1, "us"))
    assert client.get("/looks/log/").status_code == 302
    # In force when it was asked, and over when it was this one's turn to write.
    monkeypatch.setattr(looking, "in_force", lambda *_: Purpose.objects.get())
    assert not look(user("auditor"))
    assert size() == before
    assert last > at


@EACH
def test_the_database_refuses_to_change_what_is_written(stated, copied):
    from django.db import DatabaseError, connection, transaction

    from veedor.web.looks.guards import missing

    stated().get("/looks/log/")
    assert missing(connection) == []
    statements = [
        "UPDATE looks_entry SET office = 'X'",
        "UPDATE looks_entry SET leaf = leaf || ' ' WHERE number = 1",
        "DELETE FROM looks_entry WHERE number = 0",
        "DELETE FROM looks_purpose",
        "UPDATE looks_purpose SET words = 'other'",
        "UPDATE looks_logend SET size = size - 1",
        "UPDATE looks_logend SET size = size + 2",
        "UPDATE looks_logend SET root = 'x'",
        "UPDATE looks_logend SET origin = 'x', size = size + 1",
        "DELETE FROM looks_logend",
        "INSERT INTO looks_entry SELECT number + 1000, leaf, kind, at, account, project, office, "
        "role, what, why, under FROM looks_entry WHERE number = 0",
    ]
    if connection.vendor == "postgresql":
        statements += [f"TRUNCATE {one} CASCADE" for one in ("looks_entry", "looks_logend")]
        statements += ["TRUNCATE looks_purpose"]
    else:
        statements += [
            f"INSERT OR REPLACE INTO {one} SELECT * FROM {one} LIMIT 1"
            for one in ("looks_entry", "looks_purpose", "looks_logend")
        ]
    for statement in statements:
        with (
            pytest.raises(DatabaseError, match="only added to"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert verify(copied() / "log").holds


@EACH
def test_a_row_that_is_changed_past_the_guards_is_found_by_a_stranger(stated, copied):
    from django.db import connection

    client = stated()
    for _ in range(3):
        client.get("/looks/log/")
    last = size() - 1
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE looks_entry DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER looks_entry_no_update")
        cursor.execute(
            "UPDATE looks_entry SET leaf = replace(leaf, 'access_log', 'result') WHERE number = %s",
            [last - 1],
        )
    found = [one.what.code for one in verify(copied() / "log").problems]
    assert "log_not_signed" in found
    assert "log_does_not_follow" in found


@EACH
def test_guards_that_were_taken_away_are_missed(site):
    from django.db import connection

    from veedor.web.looks.guards import missing

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE looks_purpose DISABLE TRIGGER looks_purpose_no_delete")
        else:
            cursor.execute("DROP TRIGGER looks_purpose_no_delete")
    assert missing(connection) == ["looks_purpose_no_delete"]


@EACH
def test_many_that_append_at_once_make_one_log(stated, user, copied):
    from django.db import connection

    stated()
    account, before, wrong = user("auditor"), size(), []

    def append():
        try:
            for _ in range(8):
                assert look(account)
        except BaseException as error:  # noqa: BLE001 - told by the test
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=append) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not wrong
    assert size() == before + 48
    checked = verify(copied() / "log")
    assert checked.holds
    assert len(checked.looks.looks) == 48


@pytest.fixture
def appending(site, database):
    """Start a process that looks so many times as the auditor."""
    environment = os.environ | {"VEEDOR_SITE": str(site)}
    environment.pop("DATABASE_URL", None)
    if database is not None:
        environment["DATABASE_URL"] = database

    def start(many):
        command = [sys.executable, "-m", "tests.web.appending_alone", "auditor", str(many)]
        return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)

    return start


@EACH
def test_processes_that_append_at_once_make_one_log(stated, appending, copied):
    stated()
    before = size()
    running = [appending(12) for _ in range(3)]
    for one in running:
        _, told = one.communicate(timeout=200)
        assert one.returncode == 0, told
    assert size() == before + 36
    assert verify(copied() / "log").holds


@EACH
def test_a_process_that_is_killed_while_it_appends_leaves_a_whole_log(stated, appending, copied):
    from django.db import connection

    stated()
    rng = np.random.default_rng(8)
    for _ in range(2):
        before, until = size(), time.monotonic() + 120
        process = appending(1_000_000)
        while size_now() == before:
            assert process.poll() is None, process.stderr.read()
            assert time.monotonic() < until
            time.sleep(0.05)
        time.sleep(float(rng.uniform(0.0, 0.2)))
        process.kill()
        process.communicate()
        connection.close()
        assert size() > before
    assert verify(copied() / "log").holds


def test_where_the_database_is_held_by_another_nothing_is_shown(stated, site):
    from django.db import connection

    client = stated()
    before = size()
    connection.close()
    held = connection.settings_dict["OPTIONS"]
    other = sqlite3.connect(site / "db.sqlite3", isolation_level=None)
    try:
        connection.settings_dict["OPTIONS"] = held | {"timeout": 0.2}
        other.execute("BEGIN IMMEDIATE")
        answer = client.get("/looks/log/")
        other.execute("ROLLBACK")
    finally:
        connection.settings_dict["OPTIONS"] = held
        connection.close()
        other.close()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert WORDS not in answer.content.decode()
    assert size() == before


@EACH
def test_where_the_disk_is_full_nothing_is_shown_and_nothing_said(stated, client_of, monkeypatch):
    from django.db import OperationalError

    from veedor.web.looks.models import LogEnd, Purpose

    client = stated()
    before = size()

    def full(*_, **__):
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(LogEnd, "move_to", full)
    assert client.get("/looks/log/").status_code == 503
    said = {"kind": "audit", "words": WORDS, "next": ""}
    assert client.post("/looks/log/purpose", said).status_code == 503
    assert size() == before
    assert Purpose.objects.count() == 1


@EACH
def test_a_clock_that_was_set_back_stops_the_log(stated, monkeypatch):
    client = stated()
    at = clock.now()
    monkeypatch.setattr(clock, "now", lambda: at - np.timedelta64(900, "ms"))
    assert client.get("/looks/log/").status_code == 200  # stands still for a moment
    monkeypatch.setattr(clock, "now", lambda: at - np.timedelta64(1, "m"))
    before = size()
    answer = client.get("/looks/log/")
    assert answer.status_code == 503
    assert 'class="caution"' in answer.content.decode()
    assert size() == before


def test_a_database_that_was_restored_from_an_older_copy_is_not_gone_on_with(
    stated, site, copied, user
):
    from django.db import connection

    client = stated()
    connection.close()
    kept = sqlite3.connect(site / "db.sqlite3")
    kept.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept.close()
    older = (site / "db.sqlite3").read_bytes()
    assert client.get("/looks/log/").status_code == 200
    copied("given_out")
    connection.close()
    for name in ("db.sqlite3-wal", "db.sqlite3-shm"):
        (site / name).unlink(missing_ok=True)
    (site / "db.sqlite3").write_bytes(older)
    before = size()
    answer = client.get("/looks/log/")
    assert answer.status_code == 503
    assert str(site) not in answer.content.decode()  # no path of the machine
    assert size() == before
    # The same number of other entries is no better.
    (site / "checkpoints" / "newest").rename(site / "checkpoints" / "kept")
    assert look(user("auditor"))
    (site / "checkpoints" / "kept").rename(site / "checkpoints" / "newest")
    assert client.get("/looks/log/").status_code == 503


@EACH
def test_what_becomes_of_accounts_is_in_the_log(user, client_of, stated, copied):
    from allauth.mfa.models import Authenticator

    from veedor.web.accounts.models import Office, User
    from veedor.web.looks.models import Entry
    from veedor.web.projects.models import Membership, Project

    def told():
        return list(Entry.objects.filter(number__gte=before).values_list("what", "role"))

    before = size()
    account = user("nobody")
    joined = Membership.objects.create(
        user=account, project=Project.objects.get(key="propio"), role="analyst"
    )
    joined.delete()
    account.site_role = "auditor"
    account.save()
    account.office = Office.objects.create(name="Otra")
    account.save()
    Authenticator.objects.filter(user=account, type="totp").delete()
    account.is_active = False
    account.save()
    account.save()  # nothing new
    account.set_password("otra clave larga de prueba")
    account.save()
    assert told() == [
        ("role_changed", "analyst"),
        ("role_changed", "none"),
        ("role_changed", "auditor"),
        ("role_changed", "auditor"),
        ("factor_reset", "auditor"),
        ("ended", "auditor"),
    ]
    User.objects.create_user("new@example.org", None, account.office)
    assert told()[-1] == ("invited", "none")
    assert verify(copied() / "log").holds


def test_an_account_is_not_changed_where_the_log_cannot_say_so(client_of, user, monkeypatch):
    from veedor.web.projects.models import Membership

    at, before = clock.now(), size()
    monkeypatch.setattr(clock, "now", lambda: at - np.timedelta64(1, "D"))
    there = Membership.objects.get(user=user("analyst"))
    address = f"/projects/propio/members/{there.user_id}/remove/"
    assert client_of("administrator").post(address).status_code == 503
    assert Membership.objects.filter(pk=there.pk).exists()
    assert size() == before


@EACH
def test_an_account_that_is_ended_while_it_looks_is_shown_nothing(stated, user):
    from django.core.exceptions import PermissionDenied

    stated()
    account = user("auditor")
    other = user("auditor")
    other.is_active = False
    other.save()
    before = size()
    with pytest.raises(PermissionDenied):
        look(account)
    assert size() == before


def test_the_public_is_told_no_count_of_few(stated, client_of):
    from veedor.web.looks.numbers import public_numbers

    stated().get("/looks/log/")
    told = public_numbers()
    assert [one.name for one in told.offices] == ["Defensoría de prueba"]
    assert {one.accounts for one in (*told.offices, *told.kinds)} == {None}
    assert (told.accounts, told.looks) == (None, None)
    page = client_of("visitor").get("/looks/")
    assert page.status_code == 200
    assert "Defensoría de prueba" in page.content.decode()


@EACH
def test_the_public_is_told_who_may_look_and_how_often(user):
    from django.core.cache import cache

    from veedor.web.accounts.models import User
    from veedor.web.looks.numbers import public_numbers

    office = user("auditor").office
    for number in range(SMALL_COUNT - 3):
        User.objects.create_user(f"a{number}@example.org", None, office, site_role="auditor")
    # Of the tests' accounts two are analysts and one is an auditor.
    assert public_numbers().accounts == SMALL_COUNT
    assert public_numbers().looks == 0
    closed = user("auditor")
    closed.is_active = False
    closed.save()
    assert public_numbers().accounts == SMALL_COUNT  # kept for an hour
    cache.clear()
    assert public_numbers().accounts is None


def test_the_log_is_filtered(stated):
    client = stated()
    for _ in range(2):
        client.get("/looks/log/")

    def shown(query):
        return client.get(f"/looks/log/?{query}").content.decode().count('<th scope="row">')

    assert shown("entry=purpose") == 1
    assert shown("entry=look") >= 3
    assert shown("why=court") == 0
    assert shown("what=access_log&why=audit") >= 3
    assert shown("since=2001-01-01&until=2001-01-02") == 0
    assert shown("office=Nowhere") == 0
    assert shown("before=3") == 3
    assert shown("account=zz") > 3  # no key: not filtered by it, and the form says so


def test_a_checkpoint_that_was_given_out_is_public(client_of, copied):
    visitor = client_of("visitor")
    assert visitor.get("/looks/checkpoint").status_code == 404
    folder = copied()
    answer = visitor.get("/looks/checkpoint")
    assert answer.content == (folder / "log" / "checkpoint").read_bytes()
    assert visitor.get("/looks/key").content == (folder / "log" / "public-key.pem").read_bytes()


def test_an_export_is_a_look_and_its_digest_that_of_the_file(stated, tmp_path):
    import hashlib

    from veedor.web.looks.models import Entry

    client = stated()
    answer = client.get("/looks/log/export")
    packed = b"".join(answer.streaming_content)
    last = Entry.objects.last()
    assert last.what == "export"
    assert hashlib.sha256(packed).hexdigest() in last.leaf
    zipfile.ZipFile(io.BytesIO(packed)).extractall(tmp_path / "out")
    again = tmp_path / "again.csv"
    checked = verify(tmp_path / "out" / "log")
    from veedor.sealing import write_looks

    write_looks(checked, again)
    assert again.read_bytes() == (tmp_path / "out" / "looks.csv").read_bytes()


@pytest.fixture
def asked(stated, user):
    """Ask a view that stands under a purpose, as an account that has one."""
    from django.test import RequestFactory

    from veedor.web.looks.looking import under_purpose

    stated()

    def ask(view):
        request = RequestFactory().get("/any/")
        request.user = user("auditor")
        return under_purpose("result")(view)(request)

    return ask


@pytest.mark.parametrize("status", [301, 304, 404, 500])
def test_an_answer_that_shows_nothing_is_no_look(asked, status):
    from django.http import HttpResponse

    before = size()
    assert asked(lambda _: HttpResponse(status=status)).status_code == status
    assert size() == before


def test_a_form_that_is_shown_again_is_a_look(asked):
    from django.http import HttpResponse

    before = size()
    assert asked(lambda _: HttpResponse("what was guessed", status=400)).status_code == 400
    assert size() == before + 1


def test_what_is_streamed_must_be_said(asked):
    from django.http import StreamingHttpResponse

    from veedor.web.looks.looking import shown

    before = size()
    with pytest.raises(AssertionError, match="what is streamed"):
        asked(lambda _: StreamingHttpResponse([b"secret"]))
    assert size() == before
    asked(lambda _: shown(StreamingHttpResponse([b"secret"]), DIGEST))
    assert size() == before + 1


def test_a_look_is_committed_and_not_part_of_what_may_be_undone(stated, user):
    from django.db import transaction

    stated()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        look(user("auditor"))
