"""What a job does to files besides its task: an upload is kept or erased, a proposal made anew."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from veedor.study.section_checks import FILE_NAME
from veedor.web.accounts.telling import tell
from veedor.web.projects.models import Upload, UploadState
from veedor.web.projects.uploads import erase_file
from veedor.web.work.child import SCREEN
from veedor.web.work.models import Job

#: The task that proposes a study.
PROPOSAL = "init"


def begin(job: Job) -> None:
    """Make ready what an attempt finds, where a worker died in the one before.

    An upload may have been moved without being written so, and a proposal that nobody confirmed
    is made anew.
    """
    if job.task == SCREEN and job.upload is not None:
        job.request = {"file": job.upload.place()}
    if job.task == PROPOSAL and job.study is not None and not job.study.confirmed:
        (job.study.folder / FILE_NAME).unlink(missing_ok=True)


def accept(upload: Upload, *, kind: str, ending: str, rows: int) -> None:
    """Keep an upload, under a name of ours that says what it is."""
    was = upload.path()
    upload.kind, upload.ending, upload.rows = kind, ending, rows
    kept = upload.kept_path()
    kept.parent.mkdir(parents=True, exist_ok=True)
    if was != kept:
        was.rename(kept)
    upload.state, upload.ended_at = UploadState.KEPT, timezone.now()
    upload.save()


def refuse(upload: Upload, error: dict[str, Any]) -> None:
    """Erase the file of an upload, and keep only when and by which rule."""
    tell("upload_refused", account=upload.given_by_id)
    erase_file(upload)
    upload.state, upload.ended_at = UploadState.REFUSED, timezone.now()
    upload.rule = error
    upload.save()
