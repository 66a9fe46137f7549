"""Workers have checkpoints given to witnesses by themselves; a failure stops no job and is told."""

from __future__ import annotations

import logging
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import msgspec
import pytest
from tests.web.databases import EACH

from veedor.web.site.folder import Witnesses, read_site

START = datetime(2026, 11, 30, 9, tzinfo=UTC)


@pytest.fixture
def every(site):
    """Say in site.toml how often, and to whom."""
    from django.conf import settings
    from django.test import override_settings

    changed = []

    def say(hours, **more):
        place = site / "site.toml"
        text = place.read_text()
        before = "every_hours = 24\n"
        assert before in text
        text = text.replace(before, f"every_hours = {hours}\n")
        for name, value in more.items():
            text = text.replace(f'{name} = ""\n', f'{name} = "{value}"\n')
        place.write_text(text)
        told = msgspec.structs.replace(settings.VEEDOR_SITE, settings=read_site(site).settings)
        other = override_settings(VEEDOR_SITE=told)
        other.enable()
        changed.append(other)

    yield say
    for one in reversed(changed):
        one.disable()


@pytest.fixture
def clock(monkeypatch):
    """The worker's clock, and how giving out ends; counts how often it was done."""
    from veedor.web.work import witnessing

    said = SimpleNamespace(at=START, reached=True, times=0)

    def give():
        said.times += 1
        return said.reached

    monkeypatch.setattr(witnessing, "now", lambda: said.at)
    monkeypatch.setattr(witnessing, "_given_out", give)
    return said


def test_once_a_day_is_what_a_new_site_says():
    from django.conf import settings

    assert settings.VEEDOR_SITE.settings.witnesses.every_hours == 24
    assert Witnesses().every_hours == 24


@pytest.mark.parametrize("hours", ["-1", "9000", '"daily"'])
def test_an_interval_that_is_none_is_refused(site, hours):
    from veedor.errors import StudyError

    place = site / "site.toml"
    place.write_text(place.read_text().replace("every_hours = 24\n", f"every_hours = {hours}\n"))
    with pytest.raises(StudyError):
        read_site(site)


def test_it_is_done_at_the_interval_and_at_0_never(every, clock):
    from veedor.web.work.witnessing import give_out_if_due

    assert give_out_if_due()
    assert not give_out_if_due()
    clock.at = START + timedelta(hours=24) - timedelta(seconds=1)
    assert not give_out_if_due()
    clock.at = START + timedelta(hours=24)
    assert give_out_if_due()
    clock.at = START  # the clock was set back
    assert give_out_if_due()
    assert clock.times == 3
    every(0)
    clock.at = START + timedelta(days=900)
    assert not give_out_if_due()
    assert clock.times == 3


@pytest.mark.parametrize(("hours", "minutes"), [(24, 60), ("0.5", 30)])
def test_a_failure_is_logged_and_tried_again_within_the_hour(every, clock, caplog, hours, minutes):
    from veedor.web.work.witnessing import give_out_if_due

    every(hours)
    clock.reached = False
    with caplog.at_level(logging.WARNING, "veedor.web"):
        assert give_out_if_due()
    assert [one.levelname for one in caplog.records] == ["WARNING"]
    assert not caplog.records[0].args
    clock.at = START + timedelta(minutes=minutes) - timedelta(seconds=1)
    assert not give_out_if_due()
    clock.at = START + timedelta(minutes=minutes)
    clock.reached = True
    assert give_out_if_due()
    clock.at += timedelta(minutes=minutes)
    assert give_out_if_due() == (hours != 24)


def test_of_several_workers_one_does_it(every, clock, monkeypatch):
    from veedor.web.work import witnessing

    inside, go = threading.Event(), threading.Event()

    def slow():
        clock.times += 1
        inside.set()
        assert go.wait(20)
        return True

    monkeypatch.setattr(witnessing, "_given_out", slow)
    first = threading.Thread(target=witnessing.give_out_if_due)
    first.start()
    assert inside.wait(20)
    assert not witnessing.give_out_if_due()
    go.set()
    first.join()
    assert not witnessing.give_out_if_due()
    assert clock.times == 1


def test_whatever_breaks_stops_no_job(monkeypatch, caplog):
    from tests.web.test_jobs import again, feedback
    from tests.web.working import until

    from veedor.web.work import witnessing
    from veedor.web.work.worker import Worker

    tried = threading.Event()

    def broken():
        tried.set()
        raise ValueError("ana.perez@example.org")

    monkeypatch.setattr(witnessing, "_LOOK_S", 0.01)
    monkeypatch.setattr(witnessing, "give_out_if_due", broken)
    job, worker = feedback(), Worker(60.0)

    def run():
        from django.db import connection

        worker.run()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert tried.wait(20)
    until(lambda: again(job).state == "done")
    worker.ending.set()
    thread.join(20)
    assert not thread.is_alive()
    told = [one for one in caplog.records if one.name == witnessing.log.name]
    assert told
    assert "ana.perez" not in " ".join(one.getMessage() for one in told)


@pytest.mark.parametrize("how", ["slow", "fails", "absent"])
def test_a_command_that_does_not_end_well_is_a_failure(monkeypatch, how):
    from veedor.web.work import witnessing

    def run(command, timeout, **more):
        if how == "absent":
            raise OSError("no such program")
        if how == "slow":
            raise subprocess.TimeoutExpired(command, timeout)
        return subprocess.CompletedProcess(command, 2)

    monkeypatch.setattr(witnessing.subprocess, "run", run)
    assert not witnessing._given_out()


@EACH
def test_a_witness_has_it_and_pages_say_since_when(
    every, client_of, stated, tmp_path, database, monkeypatch
):
    from veedor.web.looks.models import Entry
    from veedor.web.work.witnessing import give_out_if_due

    monkeypatch.delenv("DATABASE_URL", raising=False)
    if database is not None:
        monkeypatch.setenv("DATABASE_URL", database)
    other, place = tmp_path / "others.git", tmp_path / "clone"
    subprocess.run(["git", "init", "--quiet", "--bare", other], check=True)
    subprocess.run(["git", "clone", "--quiet", other, place], check=True, capture_output=True)
    every(24, git=str(place))
    auditor = stated()
    assert "Ningún testigo tomó nunca" in auditor.get("/looks/log/").text
    state = client_of("visitor").get("/health/").json()["witnesses"]
    first = Entry.objects.earliest("number")
    assert state == {"last": None, "without_since": f"{first.at:%Y-%m-%dT%H:%M:%SZ}"}
    assert give_out_if_due()
    taken = Entry.objects.get(kind="witness")
    state = client_of("visitor").get("/health/").json()["witnesses"]
    assert state == {"last": f"{taken.at:%Y-%m-%dT%H:%M:%SZ}", "without_since": None}
    auditor.get("/looks/log/")  # one more entry, which no witness has
    state = client_of("visitor").get("/health/").json()["witnesses"]
    assert state["without_since"] is not None
    assert "Un testigo tomó por última vez" in auditor.get("/looks/log/").text


@EACH
def test_what_waits_longer_than_twice_the_interval_is_said_aloud(stated, monkeypatch):
    from veedor.web.looks import witnessed

    auditor = stated()

    class Later(datetime):
        ahead = timedelta(hours=47)

        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + cls.ahead

    monkeypatch.setattr(witnessed, "datetime", Later)
    assert '<p class="caution">' not in auditor.get("/looks/log/").text
    Later.ahead = timedelta(hours=49)
    assert '<p class="caution">' in auditor.get("/looks/log/").text
