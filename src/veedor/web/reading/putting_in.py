"""`put_in` and `keep`: a pack becomes a project's, with its readers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils import timezone

from veedor.errors import DataError, StudyError, phrase
from veedor.tables.personal import refuse_personal_text
from veedor.tasks.judging import ForReaders, for_readers
from veedor.web.accounts.events import record
from veedor.web.accounts.models import User
from veedor.web.projects.models import Project, Upload
from veedor.web.projects.permissions import Action, may
from veedor.web.reading.models import MOST_TITLE, Assignment, Line, Pack

#: Of one reader, of one text, and of a codebook's answer: a page must stay one that can be read.
MOST_LINES, MOST_TEXT, MOST_COLUMNS = 20_000, 20_000, 20


def put_in(project: Project, folder: Path, title: str, readers: Mapping[int, User]) -> Pack:
    """Keep a pack of a folder, and say who judges it.

    Parameters
    ----------
    project : Project
    folder : Path
        As `veedor reading pack` wrote it.
    title : str
        What readers see of it beforehand; says nothing of whom it is about.
    readers : mapping of int to User
        Number of a reader's file -> who judges it; others are said later.

    Raises
    ------
    VeedorError
        If the pack is not as it was made, is there already, or holds what may not be shown; or a
        reader may not judge in the project.
    """
    name = title_of(title)
    with transaction.atomic():
        pack = keep(project, for_readers(folder), name)
        for reader, user in readers.items():
            assign(pack, reader, user)
    return pack


def title_of(given: str) -> str:
    """Return what a pack is called, on one line.

    Raises
    ------
    VeedorError
        If it says nothing or too much, or holds personal data.
    """
    name = " ".join(given.split())
    if not 0 < len(name) <= MOST_TITLE or not name.isprintable():
        raise StudyError(
            phrase("A pack must have a title of 1 to {n} letters.", n=MOST_TITLE),
            found=phrase("{n} letters", n=len(name)),
        )
    refuse_personal_text([name], what=phrase("the title of a pack"), where="")
    return name


@transaction.atomic
def keep(project: Project, seen: ForReaders, title: str, upload: Upload | None = None) -> Pack:
    """Keep what readers of a pack see, and nothing else of it.

    Raises
    ------
    VeedorError
        If it is too large to be judged on a page, or is there already.
    """
    _require_bounded(seen)
    try:
        with transaction.atomic():
            pack = Pack.objects.create(
                project=project,
                title=title,
                sha256=seen.sha256,
                counts=seen.counts,
                shown=list(seen.shown),
                answers=[list(one) for one in seen.answers],
                readers=len(seen.lines),
                upload=upload,
            )
    except IntegrityError as error:
        raise StudyError(
            "A pack must be put into a project once.",
            found=phrase("a pack with the same key"),
            remedy="go on with the one that is there",
        ) from error
    Line.objects.bulk_create(
        Line(pack=pack, reader=reader, place=place, item=item, texts=list(texts))
        for reader, lines in enumerate(seen.lines, start=1)
        for place, (item, texts) in enumerate(lines, start=1)
    )
    return pack


def _require_bounded(seen: ForReaders) -> None:
    lines = max(map(len, seen.lines))
    longest = max((len(text) for of in seen.lines for _, texts in of for text in texts), default=0)
    for most, found, must in (
        (MOST_LINES, lines, phrase("A reader must be given at most {n:,} lines.", n=MOST_LINES)),
        (MOST_TEXT, longest, phrase("A text must have at most {n:,} letters.", n=MOST_TEXT)),
        (
            MOST_COLUMNS,
            len(seen.shown),
            phrase("Readers must be shown at most {n} columns.", n=MOST_COLUMNS),
        ),
    ):
        if found > most:
            raise DataError(must, found=phrase("{n:,}", n=found), where="for_readers")


def assign(pack: Pack, reader: int, user: User) -> Assignment:
    """Say who judges a pack as one of its readers, so that a file is of one person.

    Raises
    ------
    StudyError
        If there is no such reader, it is taken, or the account may not judge in the project.
    """
    if not 1 <= reader <= pack.readers:
        raise StudyError(
            phrase("A reader of this pack must be 1 to {n}.", n=pack.readers), found=str(reader)
        )
    if not may(user, Action.JUDGE, pack):
        raise StudyError(
            "Who judges a pack must be a reader of its project.",
            found=phrase("an account that is not"),
            remedy="an administrator can add it to the project as a reader",
        )
    try:
        with transaction.atomic():
            return Assignment.objects.create(pack=pack, reader=reader, user=user)
    except IntegrityError as error:
        raise StudyError(
            "Each of a pack's files must be judged by one account, and each account judges one.",
            found=phrase("a file or an account that is taken"),
        ) from error


@transaction.atomic
def replace(pack: Pack, reader: int, user: User, by: User, why: str) -> Assignment:
    """Let another judge in the place of a reader, from the first line on.

    What was answered so far stays with who answered it.

    Parameters
    ----------
    pack : Pack
    reader : int
    user : User
        Who judges from now on.
    by : User
        The analyst.
    why : str

    Raises
    ------
    StudyError
        If nobody judges as that reader, or it has finished; or the other may not judge, or judged
        this pack before.
    """
    held = pack.judging.select_for_update().filter(reader=reader).first()
    if held is None or held.is_done:
        raise StudyError(
            "Who is replaced must judge the pack, and not have finished.",
            found=phrase("nobody, or a reading that is finished"),
        )
    held.replaced_at, held.replaced_by, held.replaced_why = timezone.now(), by, why
    held.save()
    made = assign(pack, reader, user)
    about = f"{pack.project.key}/{pack.key}, {reader}"
    record("reader_replaced", by, held.user, about)
    record("reader_assigned", by, user, about)
    return made
