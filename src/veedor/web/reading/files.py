"""`packed`: the readers' files of a pack, as `veedor reading score` reads them, in a ZIP."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from veedor.tables.csv_file import write_rows
from veedor.tasks.judging import Seen, write_filled
from veedor.web.reading.models import Assignment, Judgement, Pack

HISTORY = "answers.csv"
_COLUMNS = ("reader", "item", "answer", "answered_at")
#: Of every file in the ZIP, so that the same answers give the same bytes.
_WHEN = (1980, 1, 1, 0, 0, 0)


def all_done(pack: Pack) -> bool:
    """Whether every reader of a pack has finished: before that nobody is told an answer."""
    assigned = list(pack.assignments.all())
    return len(assigned) == pack.readers and all(one.is_done for one in assigned)


def packed(pack: Pack, language: str) -> bytes:
    """Pack a file for each reader, by its number and no name, and every answer with its time."""
    with tempfile.TemporaryDirectory(prefix="pack-", dir=settings.VEEDOR_SITE.work) as made:
        folder = Path(made)
        assigned = list(pack.assignments.order_by("reader"))
        for one in assigned:
            path = folder / f"reader_{one.reader}.csv"
            write_filled(path, pack.shown, _answered(one), language)
        given = (row for one in assigned for row in _given(one))
        write_rows(_COLUMNS, given, folder / HISTORY)
        into = folder / "readers.zip"
        with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.glob("*.csv")):
                about = zipfile.ZipInfo(path.name, _WHEN)
                about.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(about, path.read_bytes())
        return into.read_bytes()


def _answered(assignment: Assignment) -> Iterator[tuple[Seen, str]]:
    held = {one.line_id: one.answer for one in assignment.judgements.all()}  # the last one holds
    for line in assignment.pack.lines.filter(reader=assignment.reader):
        yield (line.item, tuple(line.texts)), held[line.pk]


def _given(assignment: Assignment) -> Iterator[tuple[int, str, str, str]]:
    every = Judgement.objects.filter(assignment=assignment).select_related("line").order_by("pk")
    for one in every:
        at = one.at.isoformat(timespec="seconds")
        yield assignment.reader, one.line.item, one.answer, at
