"""What a job does to files besides its task: an upload is kept or erased, a proposal made anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from django.db import transaction
from django.utils import timezone

from veedor.errors import VeedorError
from veedor.study.section_checks import FILE_NAME
from veedor.tables.personal import safe
from veedor.tasks.judging import ForReaders
from veedor.web.accounts.telling import tell
from veedor.web.projects.models import Upload, UploadState
from veedor.web.reading.putting_in import keep
from veedor.web.work.child import PACK, SCREEN
from veedor.web.work.models import Job
from veedor.web.work.packed import packed_error

#: The task that proposes a study.
PROPOSAL = "init"


def begin(job: Job) -> None:
    """Make ready what an attempt finds, where a worker died in the one before.

    An upload may have been moved without being written so, and a proposal that nobody confirmed
    is made anew.
    """
    if job.upload is not None:
        job.request = job.request | {"file": job.upload.place()}
    if job.task == PACK and job.upload is not None:
        job.request["into"] = f"{job.upload.place()}.read"
    if job.task == PROPOSAL and job.study is not None and not job.study.confirmed:
        (job.study.folder / FILE_NAME).unlink(missing_ok=True)


def settle(job: Job, line: dict[str, Any]) -> dict[str, Any]:
    """Keep the upload of a job that ended, or erase it; return how the job ended then.

    Parameters
    ----------
    job : Job
    line : dict
        How its process said that it ended.
    """
    upload = job.upload
    if upload is None:
        return line
    upload.refresh_from_db()
    if upload.state == UploadState.PACK:  # a worker died after the pack was kept
        _erase_pack(upload)
        return {"end": "done"}
    if upload.state == UploadState.REFUSED:  # or after it wrote why, which stays
        _erase(upload, upload.path())
        return {"end": "failed", "error": upload.rule or None}
    if line["end"] == "done" and job.task == SCREEN:
        _accept(upload, **line["outcome"])
    elif line["end"] == "done":
        try:
            _become_pack(job, upload)
        except VeedorError as error:
            line = {"end": "failed", "error": packed_error(error)}
    if line["end"] != "done":
        refuse(upload, line.get("error", {}))
        line = line | {"error": upload.rule or None}
    return line


def _accept(upload: Upload, *, kind: str, ending: str, rows: int) -> None:
    """Keep an upload, under a name of ours that says what it is."""
    was = upload.path()
    upload.kind, upload.ending, upload.rows = kind, ending, rows
    kept = upload.kept_path()
    kept.parent.mkdir(parents=True, exist_ok=True)
    if was != kept:
        was.rename(kept)
    upload.state, upload.ended_at = UploadState.KEPT, timezone.now()
    upload.save()


def _become_pack(job: Job, upload: Upload) -> None:
    """Keep what readers see; the archive, which has the key, goes once that is committed."""
    seen = msgspec.json.decode(_read(upload).read_bytes(), type=ForReaders)
    with transaction.atomic():
        keep(upload.project, seen, job.request["title"], upload)
        upload.name = upload.sha256 = ""
        upload.state, upload.ended_at = UploadState.PACK, timezone.now()
        upload.save()
    _erase_pack(upload)


def _erase_pack(upload: Upload) -> None:
    for path in (upload.incoming_path(), _read(upload)):
        path.unlink(missing_ok=True)


def _read(upload: Upload) -> Path:
    """Where its process wrote what readers see."""
    path = upload.incoming_path()
    return path.with_name(f"{path.name}.read")


def refuse(upload: Upload, error: dict[str, Any]) -> None:
    """Erase the file of an upload, and keep only when and by which rule, without any value.

    That is written first: a worker that dies between leaves a file, which whoever has the job
    next erases, or `sweep`, and not an upload of which nobody knows why it went.
    """
    path = upload.path()
    upload.name = upload.sha256 = ""
    upload.state, upload.ended_at = UploadState.REFUSED, timezone.now()
    upload.rule = _without_persons(error)
    upload.save()
    _erase(upload, path)
    tell("upload_refused", account=upload.given_by_id)


def _erase(upload: Upload, path: Path) -> None:
    path.unlink(missing_ok=True)
    _read(upload).unlink(missing_ok=True)


def _without_persons(told: Any) -> Any:
    """Return a packed error in which a text that reads as a person is its shape."""
    if isinstance(told, dict):
        return {name: one if name == "say" else _without_persons(one) for name, one in told.items()}
    return safe(told) if isinstance(told, str) else told
