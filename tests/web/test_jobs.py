"""Jobs: taken once, told of, cancelled, tried again, and whole or absent whatever is killed."""

from __future__ import annotations

import os
import signal
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from tests.web.databases import EACH
from tests.web.working import WORLD, site_folder, state_purpose, until, work


def feedback(key: str = "", rounds: int = 10, runs: int = 2):
    """Ask for an audit that takes as long as is wished, of a file that is there."""
    from veedor.web.projects.models import Project, new_key
    from veedor.web.work.models import Job

    project = Project.objects.get(key="propio")
    place = site_folder() / "uploads" / "propio"
    place.mkdir(parents=True, exist_ok=True)
    (place / "world.csv").write_text(WORLD, encoding="utf-8")
    key = key or new_key()
    folder = f"work/propio/{key}"
    request = {
        "world": "uploads/propio/world.csv",
        "rounds": rounds,
        "runs": runs,
        "threshold": False,
        "out": folder,
    }
    return Job.objects.create(
        key=key,
        project=project,
        task="audit_feedback",
        request=request,
        folder=folder,
        language="es",
    )


def again(job):
    """The row as it is now."""
    from veedor.web.work.models import Job

    return Job.objects.get(pk=job.pk)


def children_of(pid: int) -> list[int]:
    """Processes that a process started."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(one) for one in listed]


def test_a_job_is_done_and_its_report_is_there(client_of):
    job = feedback()
    work()
    job = again(job)
    assert job.state == "done"
    assert (job.result / "report.html").is_file()
    assert job.outcome["told"]
    assert job.outcome["holds"]
    page = client_of("analyst").get(f"/projects/propio/jobs/{job.key}/").text
    assert "Ver el resultado" in page


def test_what_needs_mending_is_said_in_the_language_of_who_reads(client_of):
    job = feedback()
    (site_folder() / "uploads" / "propio" / "world.csv").write_text("a,b\n1,2\n")
    work()
    job = again(job)
    assert job.state == "failed"
    assert not job.result.exists()
    client = client_of("analyst")
    state_purpose(client)
    page = client.get(f"/projects/propio/jobs/{job.key}/").text
    assert "Qué hacer" in page or "Se encontró" in page
    assert str(site_folder()) not in page
    english = client_of("analyst")
    english.post("/language/", {"language": "en"})
    assert "Found:" in english.get(f"/projects/propio/jobs/{job.key}/").text


def test_a_fault_tells_its_kind_and_no_data(monkeypatch, client_of):
    job = feedback()
    type(job).objects.filter(pk=job.pk).update(request={"nonsense": "Juan Perez"})
    work()
    job = again(job)
    assert job.state == "failed"
    assert "Juan" not in str(job.error)


def test_no_file_is_run_that_a_job_names(client_of):
    """Whatever came to stand in its row."""
    job = feedback()
    code = site_folder() / "uploads" / "propio" / "code.py"
    code.write_text(
        f"open({str(site_folder() / 'ran')!r}, 'w')\ndef f(counts):\n    return counts\n"
    )
    job.request = job.request | {"system": f"{code}:f"}
    job.save()
    work()
    assert again(job).state == "failed"
    assert "no file of theirs" in str(again(job).error)
    assert not (site_folder() / "ran").exists()


def test_a_queued_job_is_cancelled_at_once_and_tried_again(client_of):
    job, client = feedback(), client_of("analyst")
    client.post(f"/projects/propio/jobs/{job.key}/cancel/")
    assert again(job).state == "cancelled"
    work()
    assert not job.result.exists()
    client.post(f"/projects/propio/jobs/{job.key}/retry/")
    work()
    assert again(job).state == "done"


def test_one_job_is_taken_once_and_again_only_if_its_worker_is_silent():
    from django.utils import timezone

    from veedor.web.work import queue

    job = feedback()
    taken = queue.take("one", 60.0)
    assert taken is not None
    assert taken.pk == job.pk
    assert queue.take("two", 60.0) is None
    assert queue.beat(taken, "one", {"part": 3}) is False
    type(job).objects.filter(pk=job.pk).update(beat_at=timezone.now() - timedelta(seconds=61))
    stolen = queue.take("two", 60.0)
    assert stolen is not None
    assert stolen.attempts == 2
    assert queue.beat(taken, "one", {"part": 9}) is None
    assert not queue.end(taken, "one", "done")
    assert (again(job).worker, again(job).part) == ("two", None)


def test_a_job_that_ends_its_process_again_and_again_is_given_up():
    from veedor.web.work import queue

    job = feedback()
    for _ in range(queue.MOST_ATTEMPTS):
        taken = queue.take("one", 60.0)
        assert taken is not None
        queue.give_back(taken, "one", counted=True)
    given_up = queue.take("one", 60.0)
    assert given_up is not None
    assert again(job).state == "failed"
    assert again(job).error["found"]["of"] == {"n": queue.MOST_ATTEMPTS}


def test_a_study_has_one_job_at_a_time():
    from django.db import IntegrityError, transaction

    from veedor.web.projects.models import Project
    from veedor.web.work.models import Job, Study

    study = Study.objects.get(key="estudio")
    project = Project.objects.get(key="propio")
    about = {"project": project, "study": study, "task": "check", "request": {}, "language": "es"}
    first = Job.objects.create(**about)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(**about)
    Job.objects.filter(pk=first.pk).update(state="done")
    Job.objects.create(**about)


@EACH
def test_two_workers_never_do_one_job(worker_of):
    from veedor.web.work.models import Job

    jobs = [feedback(rounds=10, runs=1) for _ in range(6)]
    workers = [worker_of(), worker_of()]
    until(lambda: not Job.objects.filter(state__in=("queued", "running")).exists())
    assert {again(job).state for job in jobs} == {"done"}
    assert {again(job).attempts for job in jobs} == {1}
    for one in workers:
        one.send_signal(signal.SIGTERM)
        assert one.wait(20) == 0


@EACH
def test_many_who_take_at_once_take_different_jobs(database):
    from django.db import connection

    from veedor.web.work import queue

    jobs = [feedback() for _ in range(8)]
    taken: list[int] = []
    start = threading.Barrier(4)

    def take(name: str) -> None:
        start.wait()
        while (job := queue.take(name, 60.0)) is not None:
            taken.append(job.pk)
        connection.close()

    threads = [threading.Thread(target=take, args=(f"w{n}",)) for n in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(taken) == sorted(job.pk for job in jobs)


def test_a_child_that_is_killed_leaves_nothing_and_the_job_is_done_again(worker_of):
    job = feedback(rounds=400, runs=400)
    worker = worker_of()
    until(lambda: again(job).step is not None)
    (child,) = children_of(worker.pid)
    os.kill(child, signal.SIGKILL)
    until(lambda: again(job).attempts == 2)
    assert not job.result.exists()
    assert worker.poll() is None
    type(job).objects.filter(pk=job.pk).update(cancel=True)
    until(lambda: again(job).state == "cancelled")
    assert not job.result.exists()
    assert not list(job.result.parent.glob(f".{job.key}*new*"))


def test_a_worker_that_is_killed_takes_its_child_along_and_another_goes_on(worker_of):
    from django.utils import timezone

    job = feedback(rounds=400, runs=400)
    worker = worker_of()
    until(lambda: again(job).step is not None)
    (child,) = children_of(worker.pid)
    worker.kill()
    worker.wait()
    until(lambda: not Path(f"/proc/{child}").exists() or zombie(child), 10.0)
    assert again(job).state == "running"
    assert not job.result.exists()
    late = timezone.now() - timedelta(seconds=120)
    short = {**job.request, "rounds": 10, "runs": 1}
    type(job).objects.filter(pk=job.pk).update(beat_at=late, request=short)
    worker_of()
    until(lambda: again(job).state == "done")
    assert again(job).attempts == 2
    assert (job.result / "report.html").is_file()


def zombie(pid: int) -> bool:
    """Whether a process ended, and nobody asked how."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def test_a_worker_that_is_told_to_end_gives_its_job_back(worker_of):
    job = feedback(rounds=400, runs=400)
    worker = worker_of()
    until(lambda: again(job).step is not None)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0
    job = again(job)
    assert (job.state, job.attempts, job.worker) == ("queued", 0, "")
    assert not job.result.exists()


def test_a_job_is_not_done_while_an_old_child_still_does_it():
    from veedor.files.locks import held, release

    job = feedback()
    lock = Path(job.asked()["lock"])
    lock.parent.mkdir(parents=True)
    handle = held(lock)
    assert handle is not None
    work(most=1)
    assert (again(job).state, again(job).attempts) == ("queued", 0)
    release(handle, lock)
    work()
    assert again(job).state == "done"


def test_results_are_handed_out_by_their_manifest_alone(client_of, user):
    client = client_of("analyst")
    files = "/projects/propio/jobs/trabajo/files/"
    assert client.get(f"{files}report.html").status_code == 302  # asked why, first
    state_purpose(client)
    page = client.get(f"{files}report.html")
    assert page.status_code == 200
    assert page.headers["Content-Security-Policy"].startswith("sandbox allow-scripts;")
    assert "script-src 'sha256-" in page.headers["Content-Security-Policy"]
    assert "allow-same-origin" not in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"
    table = client.get(f"{files}estimates.csv")
    assert table.headers["Content-Type"] == "application/octet-stream"
    assert table.headers["Content-Disposition"].startswith("attachment")
    assert table.headers["X-Content-Type-Options"] == "nosniff"
    assert b"".join(table.streaming_content) == b"a,b\n1,2\n"
    folder = site_folder() / "work" / "propio" / "trabajo"
    (folder / "extra.csv").write_text("x")
    (folder / "estimates.csv").unlink()
    (folder / "estimates.csv").symlink_to(site_folder() / "secret_key")
    for name in ("extra.csv", "manifest.json", "../../../secret_key", "estimates.csv", ""):
        assert client.get(files + name).status_code == 404


def test_a_process_that_reads_anyones_files_is_told_no_secret(monkeypatch):
    from veedor.web.work import worker

    monkeypatch.setenv("DATABASE_URL", "postgres://site:secret@localhost/site")
    monkeypatch.setenv("VEEDOR_MAIL_PASSWORD", "secret")
    given = {}

    def started(command, env, **more):
        given.update(env)
        raise OSError(command)

    monkeypatch.setattr(worker.subprocess, "Popen", started)
    with pytest.raises(OSError, match="child"):
        worker._Child(feedback())
    assert "PATH" in given
    assert "secret" not in given.values()
    assert not [name for name in given if name in ("DATABASE_URL", "VEEDOR_MAIL_PASSWORD")]


def test_a_project_has_so_many_jobs_at_once_and_no_more(client_of, user, monkeypatch):
    from tests.web.test_uploads import GOOD, give

    from veedor.web.work import queue
    from veedor.web.work.models import Job

    monkeypatch.setattr(queue, "MOST_PENDING", 2)
    feedback()
    client = client_of("analyst")
    assert give(client, GOOD, "a.csv").status_code == 302
    assert Job.objects.filter(state="queued").count() == 2
    answer = give(client, GOOD, "b.csv")
    assert (answer.status_code, Job.objects.filter(state="queued").count()) == (400, 2)
    assert not list((site_folder() / "uploads" / "incoming").glob(".*"))
    assert "a lo sumo 2" in answer.text
    given = {"title": "Otro", "incidents": "subida"}
    assert client.post("/projects/propio/new-study/", given).status_code == 400
    assert Job.objects.filter(state="queued").count() == 2
    work()
    assert give(client, GOOD, "b.csv").status_code == 302
