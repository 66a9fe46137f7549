"""The log of looks: entries are only added, whoever appends at once, is killed or goes back."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from tests.web.databases import EACH
from tests.web.looks import look, size, size_now

from veedor.sealing import clock, committed, verify


@EACH
def test_the_words_can_be_shown_to_be_those_of_the_log(stated):
    from veedor.web.looks.models import Purpose

    stated()
    purpose = Purpose.objects.get()
    said = json.loads(purpose.entry.leaf)["manifest"]
    assert said["words"] == committed(purpose.words, bytes(purpose.nonce))
    assert said["case"] is None


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
