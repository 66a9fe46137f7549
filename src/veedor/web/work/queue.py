"""The queue: jobs are rows, taken by one worker at a time, each under a lock of the database.

A worker says with every beat that it still has its job. One that was not heard of for a while has
died: its job is taken again. Whatever a worker writes names its token, so that one that was given
up writes nothing any more.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from veedor.errors import StudyError, phrase
from veedor.web.projects.models import Project
from veedor.web.work.models import PENDING, Job, State
from veedor.web.work.packed import packed_error

#: A job that ended its process so often is not begun again.
MOST_ATTEMPTS = 3
#: Jobs of one project that have not ended: one analyst does not bury the work of all.
MOST_PENDING = 50


def require_room(project: Project) -> None:
    """Refuse another job of a project that has too many.

    Raises
    ------
    StudyError
    """
    pending = project.jobs.filter(state__in=PENDING).count()
    if pending >= MOST_PENDING:
        raise StudyError(
            phrase("A project must have at most {n} jobs that have not ended.", n=MOST_PENDING),
            found=phrase("{n:,}", n=pending),
            remedy="wait until some have ended, or cancel some",
        )


def take(worker: str, abandoned_after_s: float) -> Job | None:
    """Give a worker the oldest job that nobody has, or whose worker died; None where there is none.

    On PostgreSQL rows that another worker looks at are skipped; on SQLite a transaction that
    will write begins alone.
    """
    late = timezone.now() - timedelta(seconds=abandoned_after_s)
    with transaction.atomic():
        free = Q(state=State.QUEUED) | Q(state=State.RUNNING, beat_at__lt=late)
        job = (
            Job.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(free)
            .order_by("pk")
            .first()
        )
        if job is None:
            return None
        now = timezone.now()
        if job.cancel:
            job.state, job.ended_at, job.worker = State.CANCELLED, now, ""
        elif job.attempts >= MOST_ATTEMPTS:
            job.state, job.ended_at, job.worker = State.FAILED, now, ""
            job.error = packed_error(
                StudyError(
                    "A job must not end the process that does it.",
                    found=phrase("{n} attempts that ended so", n=job.attempts),
                    remedy="ask for less at once: a shorter record, fewer forecasters or places",
                )
            )
        else:
            job.state, job.worker, job.begun_at = State.RUNNING, worker, now
            job.attempts += 1
            job.step = job.part = job.total = job.error = job.outcome = None
        job.beat_at = now
        job.save()
    return job


def beat(job: Job, worker: str, progress: dict[str, Any]) -> bool | None:
    """Say that a worker still has a job, and how far it is.

    Returns
    -------
    bool or None
        Whether the job is to be cancelled; None where the worker has it no more.
    """
    held = Job.objects.filter(pk=job.pk, worker=worker, state=State.RUNNING)
    if not held.update(beat_at=timezone.now(), **progress):
        return None
    return bool(held.values_list("cancel", flat=True).first())


def end(job: Job, worker: str, state: str, **told: Any) -> bool:
    """Write how a job ended; False where the worker has it no more."""
    held = Job.objects.filter(pk=job.pk, worker=worker, state=State.RUNNING)
    return bool(held.update(state=state, ended_at=timezone.now(), worker="", **told))


def give_back(job: Job, worker: str, *, counted: bool) -> None:
    """Put a job back where it was, for the next worker.

    Parameters
    ----------
    counted : bool
        Whether this was an attempt: the job ended its process. Else the worker itself is ended.
    """
    held = Job.objects.filter(pk=job.pk, worker=worker, state=State.RUNNING)
    attempts = job.attempts if counted else max(0, job.attempts - 1)
    held.update(state=State.QUEUED, worker="", attempts=attempts)


def cancel(job: Job) -> None:
    """Ask for the end of a job: at once where nobody has begun it, else at its next step."""
    with transaction.atomic():
        if not Job.objects.filter(pk=job.pk, state=State.QUEUED, upload=None).update(
            state=State.CANCELLED, ended_at=timezone.now()
        ):
            Job.objects.filter(pk=job.pk, state__in=PENDING).update(cancel=True)


def retry(job: Job) -> None:
    """Ask again for a job that failed or was cancelled; what it made so far is used."""
    Job.objects.filter(pk=job.pk, state__in=(State.FAILED, State.CANCELLED), upload=None).update(
        state=State.QUEUED,
        cancel=False,
        attempts=0,
        error=None,
        step=None,
        part=None,
        total=None,
        ended_at=None,
    )
