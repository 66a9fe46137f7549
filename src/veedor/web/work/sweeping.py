"""`sweep`: what processes left that were killed goes, once nobody can need it."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from veedor.files.locks import held, release
from veedor.web.observatory.publishing import clear_public
from veedor.web.projects import uploads
from veedor.web.projects.models import Upload, UploadState
from veedor.web.projects.uploads import LEFT_AFTER_S, is_left
from veedor.web.work.handling import refuse
from veedor.web.work.models import PENDING, Job

#: Folders in which pages make what they hand out.
_HANDED_OUT = ("looks-*", "pack-*", "record-*", "gaps-*")
#: Of what jobs write: folders that were never moved to their places.
_BUILT = (".*.veedor-new-*", "*/.*.veedor-new-*")
_LOCKS = (".*.lock", "*/.*.lock")


def sweep() -> None:
    """Erase uploads that nobody looks at, files of none, folders half-made, and locks of none.

    What is there is named before it is asked who is at work: whoever begins meanwhile begins anew.
    """
    work = Path(settings.VEEDOR_SITE.work)
    _refuse_those_given_up()
    uploads.sweep()
    temporary = list(work.glob(".jobs/*"))
    half_made, locks = _of_projects(work, _BUILT), _of_projects(work, _LOCKS)
    pending = list(Job.objects.filter(state__in=PENDING).values_list("key", "project__key"))
    keys, busy = {key for key, _ in pending}, {project for _, project in pending}
    left = [path for pattern in _HANDED_OUT for path in work.glob(pattern)]
    left += [path for path in temporary if path.stem not in keys]
    left += [path for project, path in half_made + locks if project not in busy]
    for path in left:
        if path.is_symlink() or not is_left(path):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.suffix == ".lock" and (handle := held(path)) is not None:
            release(handle, path)
    clear_public()


def _of_projects(work: Path, patterns: tuple[str, ...]) -> list[tuple[str, Path]]:
    """What lies in the folders of projects, with the key of each."""
    return [
        (project.name, path)
        for project in work.glob("[!.]*")
        for pattern in patterns
        for path in project.glob(pattern)
    ]


def _refuse_those_given_up() -> None:
    """Refuse uploads whose job was given up by a worker that died before it could do so."""
    long_ago = timezone.now() - timedelta(seconds=LEFT_AFTER_S)
    received = Upload.objects.filter(state=UploadState.RECEIVED, given_at__lt=long_ago)
    for upload in received.exclude(jobs__state__in=PENDING):
        last = upload.jobs.first()
        refuse(upload, (last.error if last else None) or {})
