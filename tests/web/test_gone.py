"""The database gone or held, the disk full: it is said, nothing is half-kept, and it goes on."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing, contextmanager, suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import close_old_connections
from tests.web.databases import EACH, in_place_of_the_own
from tests.web.made_site import fill
from tests.web.own_server import own_server
from tests.web.test_backups import verified
from tests.web.test_jobs import again, feedback
from tests.web.working import site_folder, state_purpose, until, work, worker_process

#: So that it is taken after a moment what nobody does.
ABANDONED_S = 4
FILE = "/projects/propio/jobs/trabajo/files/estimates.csv"


@contextmanager
def workers(n, site, url=None):
    """Have workers in processes of their own; they live, and end when they are asked to."""
    started = [worker_process(site, url) for _ in range(n)]
    try:
        yield
        assert [one.poll() for one in started] == [None] * n
    finally:
        for one in started:
            one.terminate()
        for one in started:
            with suppress(subprocess.TimeoutExpired):
                one.wait(30)
            one.kill()
            one.wait()


def soon_abandoned(site):
    """Let workers of a site take after a moment what nobody does."""
    settings = site / "site.toml"
    text = settings.read_text(encoding="utf-8")
    assert "abandoned_after_s = 60" in text
    settings.write_text(text.replace("after_s = 60", f"after_s = {ABANDONED_S}"), encoding="utf-8")


def quiet(client):
    """Let faults be answered, as a server does."""
    client.raise_request_exception = False
    return client


def told_gone(answer):
    """Whether an answer says that the site cannot answer, and nothing of why."""
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert "Su base de datos no responde" in answer.text
    for hidden in ("Traceback", "psycopg", "sqlite", "OperationalError", "/tmp/", "postgres"):
        assert hidden not in answer.text
    return True


def health(client):
    """The status of health, and what it says but of witnesses."""
    answer = client.get("/health/")
    told = answer.json()
    told.pop("witnesses", None)
    return answer.status_code, told


def test_a_server_of_databases_is_stopped_and_started_and_no_job_is_begun_twice(site, client_of):
    from veedor.web.site.opening import migrate

    soon_abandoned(site)
    with own_server() as server, in_place_of_the_own(server.url):
        migrate()
        fill()
        visitor, analyst = quiet(client_of("visitor")), quiet(client_of("analyst"))
        assert health(visitor)[1]["database"] is True
        with workers(2, site, server.url):
            job = feedback(rounds=400, runs=40_000)
            until(lambda: again(job).step is not None)
            server.stop()
            assert told_gone(analyst.get("/"))
            assert told_gone(analyst.post("/projects/propio/audits/feedback/", {"world": "x"}))
            status, told = health(visitor)
            assert (status, told["database"], told["worker"]) == (503, False, True)
            time.sleep(2 * ABANDONED_S)  # longer than a worker may be silent
            assert not job.result.exists()
            server.start()
            # The connection of before is dead, and a server asks so before it is used.
            close_old_connections()
            assert health(visitor)[1]["database"] is True
            short = feedback()
            until(lambda: again(short).state == "done")
            assert (again(job).state, again(job).attempts) == ("running", 1)
            assert again(short).attempts == 1


def test_a_database_that_another_holds_for_long(site, client_of):
    from django.db import connection

    job = feedback()
    client = quiet(client_of("analyst"))
    state_purpose(client)
    connection.close()
    connection.settings_dict["OPTIONS"]["timeout"], before = 1, 20
    try:
        with closing(sqlite3.connect(site / "db.sqlite3", isolation_level=None)) as holding:
            holding.execute("BEGIN IMMEDIATE")
            with workers(1, site):
                assert health(quiet(client_of("visitor")))[0] == 503
                assert client_of("visitor").get("/").status_code == 200  # what is read is read
                assert client.get(FILE).status_code == 503
                assert told_gone(client.post("/projects/propio/uploads/subida/erase/"))
                until((site / "work" / ".worker").exists)
                assert again(job).state == "queued"
                holding.execute("ROLLBACK")
                until(lambda: again(job).state == "done")
                assert again(job).attempts == 1
                told = {"database": True, "disk": True, "worker": True}
                assert health(client_of("visitor")) == (200, told)
    finally:
        connection.settings_dict["OPTIONS"]["timeout"] = before
        connection.close()


@pytest.fixture
def small_disk(site, tmp_path):
    """The test's site on a disk of its own of 40 MB, which `fill_up` fills."""
    from django.db import connection
    from django.test import override_settings

    from veedor.web.site.folder import read_site

    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", disk]
    if os.getuid() or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a disk cannot be mounted here")
    try:
        connection.close()
        shutil.copytree(site, disk / "site")
        with override_settings(VEEDOR_SITE=read_site(disk / "site")):
            if connection.vendor == "sqlite":
                connection.settings_dict["NAME"] = str(disk / "site" / "db.sqlite3")
            yield disk
        connection.close()
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def fill_up(disk):
    """Leave no byte."""
    with (disk / "filler").open("wb", buffering=0) as filler, suppress(OSError):
        while filler.write(b"x" * 65_536):
            pass


def give(client):
    """Upload a table."""
    table = SimpleUploadedFile("datos.csv", b"a,b\n" + b"1,2\n" * 10_000, "text/csv")
    return client.post("/projects/propio/uploads/new/", {"file": table})


@EACH
def test_a_full_disk_keeps_nothing_half_and_a_job_waits_for_room(small_disk, client_of, database):
    from veedor.web.projects.models import Upload
    from veedor.web.work.queue import retry

    client = quiet(client_of("analyst"))
    state_purpose(client)
    client.get("/projects/propio/uploads/")
    job = feedback()
    uploads = Upload.objects.count()
    fill_up(small_disk)
    assert client_of("visitor").get("/").status_code == 200
    assert health(client_of("visitor"))[1]["disk"] is False
    assert told_gone(give(client))
    if database is None:
        assert client.get(FILE).status_code == 503
    with workers(1, small_disk / "site", database):
        time.sleep(6.0)
        assert again(job).state == "queued"
        assert not job.result.exists()
        (small_disk / "filler").unlink()
        until(lambda: retry(job) or again(job).state == "done")
        assert again(job).attempts == 1
    assert Upload.objects.count() == uploads
    assert not list(site_folder().glob("uploads/incoming/*"))
    assert not [one for one in site_folder().rglob("*") if ".veedor-new" in one.name]
    assert give(client).status_code == 302
    work()
    assert Upload.objects.get(name="datos.csv", state="kept", size=40_004).path().is_file()
    verified(small_disk / "log")


def lines(logged, text):
    """How many lines of the log hold a text."""
    return sum(text in line for line in logged.getvalue().splitlines())


@pytest.mark.parametrize("kind", ["OperationalError", "InterfaceError", "OSError"])
def test_a_worker_waits_for_its_queue_and_says_so_once(logged, monkeypatch, kind):
    import django.db

    from veedor.web.work import worker as module

    error = OSError(28, "full") if kind == "OSError" else getattr(django.db, kind)("gone")
    job, taken, tries = feedback(), module.queue.take, []

    def take(*given):
        tries.append(given)
        if len(tries) < 4:
            raise error
        found = taken(*given)
        if found is None:
            worker.ending.set()
        return found

    monkeypatch.setattr(module, "_POLL_S", 0.01)
    monkeypatch.setattr(module.queue, "take", take)
    worker = module.Worker(60.0)
    worker.run()
    assert (again(job).state, again(job).attempts) == ("done", 1)
    assert lines(logged, "the queue is asked again") == 1
    assert lines(logged, "what failed is done again") == 1


def test_what_is_done_and_cannot_be_written_is_written_once_it_can(logged, monkeypatch):
    from django.db import OperationalError

    from veedor.web.work import worker as module

    job, ended, tries = feedback(), module.queue.end, []

    def end(*given, **told):
        tries.append(given)
        if len(tries) < 3:
            raise OperationalError
        return ended(*given, **told)

    monkeypatch.setattr(module, "_POLL_S", 0.01)
    monkeypatch.setattr(module.queue, "end", end)
    work(most=1)
    assert (again(job).state, again(job).attempts, len(tries)) == ("done", 1, 3)
    assert lines(logged, "what became of a job") == 1


@pytest.mark.parametrize(
    ("error", "state", "attempts"),
    [(28, "queued", 0), (11, "queued", 0), (2, "failed", 1)],
    ids=["no room", "no process left", "not there"],
)
def test_a_job_that_cannot_be_begun_is_given_back(monkeypatch, error, state, attempts):
    from veedor.web.work import worker as module

    def begun(job):
        raise OSError(error, "made up")

    monkeypatch.setattr(module, "_LET_BE_S", 0.01)
    monkeypatch.setattr(module, "_Child", begun)
    job = feedback()
    work(most=1)
    assert (again(job).state, again(job).attempts) == (state, attempts)


def test_others_are_let_be_for_as_long_as_nobody_could_speak(monkeypatch):
    from veedor.web.work import outage as module

    now = [1_000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    outage = module.Outage(60.0)
    assert outage.patience() == 0.0
    outage.failed("gone: %s", OSError())
    now[0] = 1_300.0
    outage.failed("gone: %s", OSError())
    assert outage.patience() == 300.0
    outage.over()
    outage.over()
    now[0] = 1_359.0
    assert outage.patience() == 300.0
    now[0] = 1_361.0
    assert outage.patience() == 0.0


def test_health_says_what_lacks(client_of, monkeypatch):
    from veedor.web.pages import health as module
    from veedor.web.work.alive import tell_alive

    visitor = client_of("visitor")
    assert health(visitor) == (200, {"database": True, "disk": True, "worker": False})
    tell_alive()
    assert health(visitor)[1]["worker"] is True
    old = time.time() - 61
    os.utime(site_folder() / "work" / ".worker", (old, old))
    assert health(visitor)[1]["worker"] is False
    monkeypatch.setattr(module, "most_of_a_file", lambda: 1 << 60)
    assert health(visitor) == (200, {"database": True, "disk": False, "worker": False})
