"""Uploads: taken in within what a project may hold, named by us, and erased."""

from __future__ import annotations

import time
import unicodedata
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from veedor.errors import StudyError, phrase
from veedor.tables.personal import safe
from veedor.web.accounts.models import User
from veedor.web.projects.models import Project, Upload, UploadState
from veedor.web.projects.receiving import Received, incoming

_MIB = 1 << 20
_MOST_NAME = 80
#: What lies in the way in and belongs to no upload is erased after so long.
LEFT_AFTER_S = 6 * 3600
_HELD = (UploadState.RECEIVED, UploadState.KEPT)


def most_of_a_file() -> int:
    """Bytes that one upload may have."""
    return settings.VEEDOR_SITE.settings.uploads.file_mib * _MIB


def shown_name(given: str) -> str:
    r"""Make a name that somebody gave safe to show: one line, no path, no marks, no person.

    >>> shown_name("..\\..\\datos\u202egpj.csv"), shown_name("ana@example.org.csv")
    ('datos gpj.csv', 'aaa@aaaaaaa.aaa.aaa')
    """
    last = given[:1_000].replace("\\", "/").rsplit("/", 1)[-1]
    plain = unicodedata.normalize("NFC", last)
    clean = "".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in plain)
    return safe(" ".join(clean.split())[:_MOST_NAME])[:_MOST_NAME]


def take_in(received: Received, project: Project, user: User) -> Upload:
    """Write down a file that arrived, if the project has room for it.

    Raises
    ------
    StudyError
        If it is empty, or the project would hold more than is allowed.
    """
    if not received.size:
        raise StudyError("A source file must hold data.", found=phrase("an empty file"))
    most = settings.VEEDOR_SITE.settings.uploads.project_mib
    with transaction.atomic():
        Project.objects.select_for_update().get(pk=project.pk)
        held = project.uploads.filter(state__in=_HELD).aggregate(all=Sum("size"))["all"] or 0
        if held + received.size > most * _MIB:
            raise StudyError(
                phrase("A project must hold at most {n:,} MiB of uploads.", n=most),
                found=phrase("{n:,} MiB with this one", n=(held + received.size) // _MIB + 1),
                remedy="erase those that are not needed any more",
            )
        upload = Upload.objects.create(
            project=project,
            name=shown_name(received.name or ""),
            size=received.size,
            sha256=received.sha256,
            given_by=user,
        )
        received.path.rename(upload.incoming_path())
    return upload


def erase(upload: Upload) -> None:
    """Erase an upload, by the wish of somebody of its project."""
    path = upload.path()
    Upload.objects.filter(pk=upload.pk, state=UploadState.KEPT).update(state=UploadState.ERASED)
    path.unlink(missing_ok=True)


def sweep() -> None:
    """Erase files that are of no upload, since a process was killed before it could."""
    present = [(path, path.name.partition(".")[0]) for path in incoming().glob("*")]
    known = set(Upload.objects.filter(state=UploadState.RECEIVED).values_list("key", flat=True))
    for path, key in present:  # a form broke off
        if key not in known and is_left(path):
            path.unlink(missing_ok=True)
    gone = (UploadState.REFUSED, UploadState.ERASED)
    erased = set(Upload.objects.filter(state__in=gone).values_list("key", flat=True))
    for path in Path(settings.VEEDOR_SITE.uploads).glob("*/*"):
        if path.name.partition(".")[0] in erased:
            path.unlink(missing_ok=True)


def is_left(path: Path) -> bool:
    """Whether something that is made and moved at once is so old that nobody will move it."""
    try:
        return time.time() - path.stat().st_mtime > LEFT_AFTER_S
    except FileNotFoundError:
        return False
