"""`packed`: the readers' files of a pack, as `veedor reading score` reads them, in a ZIP.

A file is of one person. Who was replaced has a file of their own, of what they answered; it is kept
and not scored.
"""

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
_COLUMNS = ("reader", "person", "item", "answer", "answered_at")
#: Of every file in the ZIP, so that the same answers give the same bytes.
_WHEN = (1980, 1, 1, 0, 0, 0)


def all_done(pack: Pack) -> bool:
    """Whether every reader of a pack has finished: before that nobody is told an answer."""
    assigned = list(pack.judging)
    return len(assigned) == pack.readers and all(one.is_done for one in assigned)


def packed(pack: Pack, language: str) -> bytes:
    """Pack a file for each person who judged, by number, and every answer with its time.

    Of those who judged as one of the pack's readers one after another, the last is the reader.
    """
    with tempfile.TemporaryDirectory(prefix="pack-", dir=settings.VEEDOR_SITE.work) as made:
        folder = Path(made)
        persons = _persons(pack)
        for (reader, person), one in persons.items():
            name = f"replaced_{reader}_{person}" if one.replaced_at else f"reader_{reader}"
            write_filled(folder / f"{name}.csv", pack.shown, _answered(one), language)
        given = (row for who, one in persons.items() for row in _given(one, *who))
        write_rows(_COLUMNS, given, folder / HISTORY)
        into = folder / "readers.zip"
        with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.glob("*.csv")):
                about = zipfile.ZipInfo(path.name, _WHEN)
                about.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(about, path.read_bytes())
        return into.read_bytes()


def _persons(pack: Pack) -> dict[tuple[int, int], Assignment]:
    """Who judged, by reader and, from 1, which one of those who did so one after another."""
    found: dict[tuple[int, int], Assignment] = {}
    for one in pack.assignments.order_by("reader", "pk"):
        person = 1 + sum(reader == one.reader for reader, _ in found)
        found[one.reader, person] = one
    return found


def _answered(assignment: Assignment) -> Iterator[tuple[Seen, str]]:
    held = {one.line_id: one.answer for one in assignment.judgements.all()}  # the last one holds
    for line in assignment.pack.lines.filter(reader=assignment.reader):
        if line.pk in held or assignment.replaced_at is None:
            yield (line.item, tuple(line.texts)), held[line.pk]


def _given(
    assignment: Assignment, reader: int, person: int
) -> Iterator[tuple[int, int, str, str, str]]:
    every = Judgement.objects.filter(assignment=assignment).select_related("line").order_by("pk")
    for one in every:
        at = one.at.isoformat(timespec="seconds")
        yield reader, person, one.line.item, one.answer, at
