"""What killed processes leave goes, and nothing that somebody needs; why it went stays."""

from __future__ import annotations

import os
import time
from datetime import timedelta

import pytest
from tests.web.test_jobs import again, feedback
from tests.web.test_uploads import give, last
from tests.web.working import site_folder, work

RULE = {"class": "PersonalDataRefusal", "must": "x", "found": "", "where": "", "remedy": ""}


def made(*places, hours=7.0):
    """Make folders of a site, so old; return their paths."""
    then = time.time() - hours * 3_600
    paths = [site_folder() / place for place in places]
    for path in paths:
        path.mkdir(parents=True)
        os.utime(path, (then, then))
    return paths


def there(paths):
    """Which of some paths are there."""
    return [path.exists() for path in paths]


def test_folders_that_nobody_will_move_go_and_fresh_ones_stay():
    from veedor.web.work.sweeping import sweep

    names = ("looks-x", "pack-x", "record-x", "gaps-x", "ajeno/.r.veedor-new-1", ".jobs/x.tmp")
    old = made(*(f"work/{name}" for name in names), f"public/{'0' * 64}")
    fresh = made("work/looks-y", "work/ajeno/.s.veedor-new-2", ".jobs/y.tmp", hours=0)
    result = made("work/propio/older")
    sweep()
    assert not any(there(old))
    assert all(there(fresh + result))
    assert (site_folder() / "work" / "propio" / "trabajo" / "report.html").is_file()


def test_what_a_job_that_is_to_be_done_may_need_stays():
    from veedor.web.work.sweeping import sweep

    job = feedback()
    needed = made(f"work/.jobs/{job.key}.tmp", f"work/propio/.{job.key}.veedor-new-1")
    sweep()
    assert all(there(needed))
    type(job).objects.filter(pk=job.pk).update(state="cancelled")
    sweep()
    assert not any(there(needed))


def test_locks_go_but_those_that_are_held():
    from veedor.files.locks import held, release
    from veedor.web.work.sweeping import sweep

    (site_folder() / "work" / ".jobs").mkdir()
    own = site_folder() / "work" / "ajeno"
    own.mkdir(exist_ok=True)
    left, taken = site_folder() / "work" / ".jobs" / "x.lock", own / ".r.lock"
    left.touch()
    handle = held(taken)
    for path in (left, taken):
        os.utime(path, (1, 1))
    sweep()
    assert there([left, taken]) == [False, True]
    release(handle, taken)


def test_files_of_uploads_that_were_erased_go_and_others_stay(client_of):
    from veedor.web.projects.models import Project, Upload, UploadState
    from veedor.web.work.sweeping import sweep

    own, place = Project.objects.get(key="propio"), site_folder() / "uploads" / "propio"
    place.mkdir(parents=True)
    kept, erased = place / "subida.csv", place / "borrada.csv"
    Upload.objects.create(key="borrada", project=own, size=1, state=UploadState.ERASED)
    give(client_of("analyst"), b"a,b\n1,2\n")
    waiting = last().incoming_path()
    read = waiting.with_name(f"{waiting.name}.read")
    broke_off = waiting.with_name(".left")
    for path in (kept, erased, read, broke_off):
        path.write_bytes(b"x")
    for path in (kept, erased, waiting, read, broke_off):
        os.utime(path, (1, 1))
    sweep()
    assert there([kept, erased, waiting, read, broke_off]) == [True, False, True, True, False]


def test_an_upload_whose_job_was_given_up_is_refused_with_what_was_said_of_the_job(client_of):
    from django.utils import timezone

    from veedor.web.projects.models import Upload
    from veedor.web.work.models import Job
    from veedor.web.work.sweeping import sweep

    give(client_of("analyst"), b"a,b\n1,2\n")
    Job.objects.filter(upload=last()).update(state="failed", error=RULE)
    sweep()
    assert last().state == "received"  # somebody may be about to say why
    Upload.objects.filter(pk=last().pk).update(given_at=timezone.now() - timedelta(hours=7))
    file = last().incoming_path()
    assert file.exists()
    sweep()
    assert (last().state, last().rule, last().name) == ("refused", RULE, "")
    assert not file.exists()


def test_a_worker_that_dies_while_it_erases_leaves_the_reason_and_the_next_one_the_rest(
    client_of, monkeypatch
):
    from veedor.web.work import handling
    from veedor.web.work.models import Job

    class Killed(BaseException):
        pass

    def dies(*given):
        raise Killed

    give(client_of("analyst"), b"dni,b\n30.123.456,2\n" * 50)
    file = last().incoming_path()
    with monkeypatch.context() as dying:
        dying.setattr(handling, "_erase", dies)
        with pytest.raises(Killed):
            work()
    rule = last().rule
    assert (last().state, file.exists()) == ("refused", True)
    assert rule["class"] == "PersonalDataRefusal"
    Job.objects.filter(upload=last()).update(state="queued")  # as once it was silent
    work()
    job = again(Job.objects.get(upload=last()))
    assert (job.state, job.error, last().rule) == ("failed", rule, rule)
    assert not file.exists()


def test_a_worker_sweeps_when_it_starts_and_every_hour(monkeypatch):
    from veedor.web.work import worker as module

    now, swept = [50.0], []
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(module, "sweep", lambda: swept.append(now[0]))
    worker = module.Worker(60.0)
    for now[0] in (50.0, 60.0, 3_649.0, 3_651.0, 3_700.0):
        worker._next()
    assert swept == [50.0, 3_651.0]
