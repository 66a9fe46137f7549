"""`publish` and `withdraw`: a folder becomes public whole or not at all, and goes with a word."""

from __future__ import annotations

import secrets
import shutil
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from veedor.errors import StudyError, phrase
from veedor.files.locks import alone
from veedor.files.replacing import HashedFile
from veedor.tables.personal import refuse_personal_text
from veedor.web.accounts.models import User
from veedor.web.observatory.looked import require_looked
from veedor.web.observatory.models import Kind, Publication, PublishedFile
from veedor.web.observatory.promises import CheckedPromises, checked, keep_promises
from veedor.web.observatory.results import Results, copied
from veedor.web.projects.models import Project
from veedor.web.projects.permissions import Action, may

COPY, CHECKED, LISTING, WHOLE = "files", "checked", "files.sha256", "whole.zip"
_BUILDING = ".building-"
_DIGEST = 64
#: Seconds after which what a killed process was building is cleared.
_ABANDONED = 86_400
#: A zip of the same files is the same bytes.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def publish(
    project: Project, user: User, folder: Path, title: str, *, by_hand: bool = False
) -> Publication:
    """Publish a folder of results, or a log of promises, as veedor wrote it.

    Everything is copied, hashed, checked against its manifest and, of a log, verified, before
    anyone sees anything of it. Who publishes a study or an audit has a purpose in force and looked
    at it: the access log shows it.

    Parameters
    ----------
    project : Project
    user : User
        Who may publish in it; the office is shown, never the account.
    folder : Path
    title : str
    by_hand : bool
        Whether a command of the machine does it: of that the access log shows no look.

    Raises
    ------
    PermissionDenied
        If the account may not.
    StudyError
        If the folder is not what veedor wrote, holds another thing, is public already, or was not
        looked at.
    SealError
        If a log does not hold, or does not begin with what was published of it before.
    PersonalDataRefusal
        If the title names a person.
    """
    _require_may(user, project)
    title = _plain(title, 200, phrase("the title of a publication"))
    public: Path = settings.VEEDOR_SITE.public
    building = public / f"{_BUILDING}{secrets.token_hex(8)}"
    building.mkdir(mode=0o700)
    try:
        results = copied(folder, building / COPY)
        look = None if by_hand else require_looked(project, user, results)
        promises = None
        if results.kind is Kind.PROMISES:
            promises = checked(building / COPY, building / CHECKED)
        (building / LISTING).write_bytes(results.listing)
        _zip(building)
        with _only_one():
            return _placed(project, user, title, building, results, promises, look)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def withdraw(publication: Publication, user: User, why: str) -> None:
    """Let nothing of a publication be read again, and say by which office, when and why.

    Raises
    ------
    PermissionDenied
        If the account may not.
    StudyError
        If it was withdrawn already, or no reason is given.
    PersonalDataRefusal
        If the reason names a person.
    """
    _require_may(user, publication.project)
    why = _plain(why, 500, phrase("the reason of a withdrawal"))
    with _only_one(), transaction.atomic():
        found = Publication.objects.select_for_update().get(pk=publication.pk)
        if found.withdrawn:
            raise StudyError(
                "What is withdrawn must be public.",
                found=phrase("that it was withdrawn already"),
                where=found.key,
            )
        found.withdrawn_at, found.withdrawn_office = timezone.now(), user.office
        found.withdrawn_why = why
        found.save()
        found.listed.all().delete()
        transaction.on_commit(lambda: shutil.rmtree(found.folder, ignore_errors=True))
    publication.refresh_from_db()


def _require_may(user: User, project: Project) -> None:
    if not may(user, Action.PUBLISH, project):
        raise PermissionDenied


def _plain(text: str, most: int, what: str) -> str:
    text = " ".join(text.split())
    if not text or not text.isprintable() or len(text) > most:
        raise StudyError(
            "A text that is published must be one line that can be read.",
            found=phrase("characters: {n:,}", n=len(text)),
            where=what,
            remedy=phrase("write up to {n:,} characters", n=most),
        )
    refuse_personal_text([text], what=what, where=what)
    return text


@contextmanager
def _only_one() -> Iterator[None]:
    """Let one process at a time change what is public; what a killed one left goes first."""
    public: Path = settings.VEEDOR_SITE.public
    busy = StudyError(
        "Only one thing at a time may be published or withdrawn.",
        found=phrase("another one that has not ended"),
        remedy="try again in a moment",
    )
    with alone(public / "publishing", busy):
        live = set(
            Publication.objects.filter(withdrawn_at__isnull=True).values_list("digest", flat=True)
        )
        for left in public.iterdir():
            of_nobody = len(left.name) == _DIGEST and left.name not in live
            if of_nobody or (left.name.startswith(_BUILDING) and _old(left)):
                shutil.rmtree(left, ignore_errors=True)
        yield


def clear_public() -> None:
    """Clear what killed processes left of things that were published or withdrawn."""
    with suppress(StudyError), _only_one():  # whoever publishes now clears it
        pass


def _old(folder: Path) -> bool:
    return time.time() - folder.stat().st_mtime > _ABANDONED


def _placed(
    project: Project,
    user: User,
    title: str,
    building: Path,
    results: Results,
    promises: CheckedPromises | None,
    look: int | None,
) -> Publication:
    """Put a folder that is complete in its place, with its row: both or neither."""
    if Publication.objects.filter(digest=results.digest, withdrawn_at__isnull=True).exists():
        raise StudyError(
            "A folder must be published once.",
            found=phrase("the same, public already"),
            where=results.digest,
        )
    if promises is not None:
        promises.require_goes_on(building / COPY)
    target: Path = settings.VEEDOR_SITE.public / results.digest
    try:
        with transaction.atomic():
            made = Publication.objects.create(
                project=project,
                kind=results.kind,
                title=title,
                office=user.office,
                published_by=user,
                digest=results.digest,
                veedor=results.veedor,
                report=f"{COPY}/{results.report}" if results.report else "",
                bytes=sum(one.bytes for one in results.files),
                files=len(results.files),
                look=look,
            )
            PublishedFile.objects.bulk_create(
                [
                    PublishedFile(
                        publication=made, name=one.name, sha256=one.sha256, bytes=one.bytes
                    )
                    for one in _below(building)
                ],
                batch_size=500,
            )
            if promises is not None:
                keep_promises(made, promises)
            building.chmod(0o755)
            building.rename(target)
    except BaseException:
        if target.exists() and not Publication.objects.filter(digest=results.digest).exists():
            shutil.rmtree(target, ignore_errors=True)
        raise
    return made


def _below(folder: Path) -> list[HashedFile]:
    return [
        HashedFile.of(path, path.relative_to(folder).as_posix())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]


def _zip(building: Path) -> None:
    """Write everything that was copied into one file, for whoever wants it whole."""
    with zipfile.ZipFile(building / WHOLE, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as whole:
        for path in sorted((building / COPY).rglob("*")):
            if path.is_file():
                about = zipfile.ZipInfo(path.relative_to(building / COPY).as_posix(), _NO_TIME)
                about.compress_type = zipfile.ZIP_DEFLATED
                with path.open("rb") as read, whole.open(about, "w") as write:
                    shutil.copyfileobj(read, write)
