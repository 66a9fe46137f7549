"""What must hold of the site of `web_kills`, at every moment and in the end."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.web_clients import Acknowledged

#: Days that what killed processes left is made older by, so that it is swept now.
_OLDER_S = 3 * 86_400


def check_now(told: Acknowledged) -> list[str]:
    """Say what is wrong now of what was acknowledged, of the log and of what is public."""
    from django.db import close_old_connections

    close_old_connections()
    return [*_lost(told), *_log(), *_public(), *_results()]


def _lost(told: Acknowledged) -> Iterator[str]:
    from django.contrib.sessions.models import Session

    from veedor.web.looks.models import Entry, Purpose
    from veedor.web.observatory.models import Publication
    from veedor.web.projects.models import Upload
    from veedor.web.reading.models import Judgement
    from veedor.web.work.models import Job

    for kind, keys, there in (
        ("session", told.sessions, Session.objects.values_list("session_key", flat=True)),
        ("job", told.jobs, Job.objects.values_list("key", flat=True)),
        ("publication", told.publications, Publication.objects.values_list("key", flat=True)),
        (
            "withdrawal",
            told.withdrawn,
            Publication.objects.exclude(withdrawn_at=None).values_list("key", flat=True),
        ),
    ):
        for key in sorted(set(keys) - set(there)):
            yield f"{kind} {key} is lost"
    refused = Upload.objects.filter(state="refused").count()
    known = set(Upload.objects.values_list("sha256", flat=True))
    lost = len(set(told.uploads) - known)
    if lost > refused:  # of one that was given up no hash is kept
        yield f"{lost - refused} uploads are lost"
    for kind, n, there_are in (
        ("looks", told.looks, Entry.objects.filter(kind="look").count()),
        ("purposes", told.purposes, Purpose.objects.count()),
    ):
        if there_are < n:
            yield f"{n - there_are} {kind} are lost"
    rows = Judgement.objects.order_by("pk").values_list(
        "assignment__reader", "line__place", "answer"
    )
    given = {(reader, place): answer for reader, place, answer in rows}
    for one, answer in told.answers.items():
        if given.get(one) != answer:
            yield f"the answer of reader and line {one} is lost"


def _log() -> Iterator[str]:
    from veedor.sealing import verify
    from veedor.web.looks.exporting import write_log
    from veedor.web.looks.models import LogEnd
    from veedor.web.site.keys import log_key

    with tempfile.TemporaryDirectory() as scratch:
        write_log(LogEnd.objects.get(), Path(scratch, "log"))
        checked = verify(Path(scratch, "log"), public_key=log_key().public_key())
    for problem in checked.problems:
        yield f"the log: {problem.what.code}"


def _public() -> Iterator[str]:
    """Of every publication that may be read, each file as it is listed."""
    from veedor.web.observatory.models import Publication

    for one in Publication.objects.filter(withdrawn_at=None):
        listed = list(one.listed.all())
        whole = bool(listed) and all(_is(one.folder / each.name, each.sha256) for each in listed)
        if not whole and Publication.objects.filter(pk=one.pk, withdrawn_at=None).exists():
            yield f"publication {one.key} is half there"


def _is(path: Path, sha256: str) -> bool:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    except OSError:
        return False


def _results() -> Iterator[str]:
    """Of every job that is done, its result as its manifest says."""
    from veedor.files.folders import is_as_listed
    from veedor.web.work.models import Job

    for job in Job.objects.filter(state="done").exclude(folder=""):
        if not is_as_listed(job.result):
            yield f"the result of job {job.key} is not whole"


def drained(seconds: float) -> list[str]:
    """Wait until all work is done; say what of it is lost, hanging or half there.

    It hangs where nothing of it was done for so many seconds: how much there is, and how fast the
    machine is, does not matter.
    """
    from veedor.web.projects.models import Upload
    from veedor.web.work.models import PENDING, Job

    least, until = Job.objects.count() + 1, 0.0
    while (left := Job.objects.filter(state__in=PENDING).count()) and (
        left < least or time.perf_counter() < until
    ):
        if left < least:
            least, until = left, time.perf_counter() + seconds
        time.sleep(0.5)
    wrong = [f"job {one.key} hangs" for one in Job.objects.filter(state__in=PENDING)]
    wrong += [f"upload {one.key} hangs" for one in Upload.objects.filter(state="received")]
    given_up = 0
    for job in Job.objects.filter(state__in=("failed", "cancelled")):
        given_up += 1
        if (job.error or {}).get("must", {}).get("say", "").startswith("A job must not end"):
            continue
        wrong.append(f"job {job.key} failed: {job.error}")
        if job.folder and job.result.exists():
            wrong.append(f"job {job.key} failed, and has a result")
    kept = list(Upload.objects.filter(state="kept").select_related("project"))
    wrong += [
        f"upload {one.key} has other bytes" for one in kept if not _is(one.path(), one.sha256)
    ]
    again = Job.objects.filter(attempts__gt=1).count()
    print(f"jobs: {Job.objects.count()}, begun again {again}, given up after 3 times {given_up}")
    return wrong


def left_behind(*, age: bool) -> list[str]:
    """Name files of the site that no row knows; make them old, where the next sweep shall see them.

    Everything rests: nobody asks, and no job is to be done.
    """
    from django.conf import settings

    from veedor.web.observatory.models import Publication
    from veedor.web.projects.models import Upload
    from veedor.web.work.models import Job

    site = settings.VEEDOR_SITE
    known = {one.path() for one in Upload.objects.exclude(state__in=("refused", "erased"))}
    known |= {one.folder for one in Publication.objects.filter(withdrawn_at=None)}
    known |= {one.result for one in Job.objects.filter(state="done").exclude(folder="")}
    found = [
        *site.uploads.glob("*/*"),
        *site.public.iterdir(),
        *(one for one in site.work.iterdir() if one.name not in (".jobs", ".worker", "proyecto")),
        *site.work.glob(".jobs/*"),
        *site.work.glob("proyecto/*"),
        *(path for path in site.folder.rglob("*.part")),
    ]
    left = sorted({path for path in found if path not in known})
    if age:
        old = time.time() - _OLDER_S
        for path in left:
            os.utime(path, (old, old))
    return [path.relative_to(site.folder).as_posix() for path in left]
