"""Doing the jobs of a test's site: by a worker in this process, or by processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

from django.conf import settings

#: What an audit of feedback simulates, in a moment.
WORLD = "zone,true_rate,reporting\n1,6,.4\n2,5,.4\n3,4,.2\n"
#: Long for a test, short for a person.
PATIENCE_S = 120.0


def work(most: int = 20) -> None:
    """Do what is queued, one job after another, until there is none."""
    from veedor.web.work import queue
    from veedor.web.work.models import Job, State
    from veedor.web.work.worker import Worker

    worker = Worker(60.0)
    for _ in range(most):
        if not Job.objects.filter(state=State.QUEUED).exists():
            return
        job = queue.take(worker.token, worker.abandoned_after_s)
        if job is not None and job.state == State.RUNNING:
            worker.do(job)


def worker_process(site: Path, url: str | None = None) -> subprocess.Popen[bytes]:
    """Start a worker of a site in a process of its own."""
    environment = {**os.environ, "PYTHONWARNINGS": "default"}
    environment.pop("DATABASE_URL", None)
    if url is not None:
        environment["DATABASE_URL"] = url
    return subprocess.Popen(
        [sys.executable, "-m", "veedor", "web", "worker", str(site)],
        env=environment,
        stdout=subprocess.DEVNULL,
    )


def until(holds, seconds: float = PATIENCE_S) -> None:
    """Wait until something holds; fail where it does not in time."""
    waiting = threading.Event()
    for _ in range(int(seconds / 0.05)):
        if holds():
            return
        waiting.wait(0.05)
    raise AssertionError("it did not come about in time")


def site_folder() -> Path:
    """The folder of the test's site."""
    return Path(settings.VEEDOR_SITE.folder)


def state_purpose(client, project: str = "propio") -> None:
    """Say why an account looks at a project."""
    why = {"kind": "own_work", "words": "Trabajo propio de prueba en este proyecto"}
    answer = client.post(f"/projects/{project}/purpose", why)
    assert answer.status_code == 302, answer.text
