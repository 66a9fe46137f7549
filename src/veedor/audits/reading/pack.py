"""A pack: blind files for readers, each in an order of its own, and the key that scoring needs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from shutil import copyfile
from typing import ClassVar

import msgspec
import numpy as np
import pyarrow as pa

from veedor.audits.access.personal import screened
from veedor.audits.reading.codebook import Answer, read_codebook
from veedor.audits.reading.frame import Frame, open_frame, refuse_persons
from veedor.audits.reading.plan import (
    CODEBOOK,
    PLAN,
    RANDOM,
    SAMPLE,
    TARGETED,
    Drawn,
    ReadingPlan,
    decoded,
    draw,
    read_plan,
    sample_hash,
)
from veedor.errors import DataError, PersonalDataRefusal, StudyError, listed, phrase
from veedor.files.json_file import write_json
from veedor.files.replacing import content, sha256
from veedor.tables.csv_file import write_rows
from veedor.tables.escape import csv_field, shown
from veedor.tables.kinds import Column
from veedor.tables.names import folded, words
from veedor.tables.personal import Screen
from veedor.tables.rows import read_table

KEY = "key.json"
#: What may be handed to readers, and nothing else.
FOR_READERS = "for_readers"
ITEM, ANSWER = "item", "answer"
#: People who read one pack.
MOST_READERS = 6
_MOST_BYTES = 256 << 20
#: Words of headers that would tell a reader what the system thought, or of whom a row is.
_NOT_BLIND = frozenset(
    """
    score scores confidence similarity probability risk threshold rank ranking puntaje puntuacion
    confianza similitud probabilidad riesgo umbral
    alert alerts alerta alertas alarm alarma flag flagged match hit outcome verified resultado
    verificado
    group groups grupo grupos race raza ethnicity etnia sex sexo gender genero age edad nationality
    nacionalidad religion
    """.split()  # noqa: SIM905 - a list of words is read as one
)


class Item(msgspec.Struct, frozen=True):
    """A row that is read.

    Parameters
    ----------
    key : str
    part : {"random", "targeted"}
    stratum : str
    alert : bool
    probability : float or None
        Of being drawn; None for a row that was chosen by hand.
    """

    key: str
    part: str
    stratum: str
    alert: bool
    probability: float | None


class Slot(msgspec.Struct, frozen=True):
    """A line of a reader's file.

    Parameters
    ----------
    item : str
        What the line is called: it names the reader's file, and nothing else.
    reader : int
        From 1; one more than the readers for whoever decides where they differ.
    place : int
        Of the row among the key's items.
    repeat : bool
        Whether the reader has had the row before.
    """

    item: str
    reader: int
    place: int
    repeat: bool


class ReadingKey(msgspec.Struct, frozen=True, kw_only=True):
    """What joins readers' lines with the sample, as ``key.json`` holds it; never a reader's.

    Parameters
    ----------
    schema_version : int
    plan_sha256, codebook_sha256 : str
        Of the files as they were before anyone read.
    readers : int
    counts : bool
        Whether readers count: then an answer is a whole number from 0.
    seed : int
        Of orders and repeats.
    shown : tuple of str
        Columns that readers see.
    answers : tuple of Answer
    items : tuple of Item
    slots : tuple of Slot
    """

    #: Of what this version of veedor writes.
    newest_schema: ClassVar[int] = 1

    schema_version: int
    plan_sha256: str
    codebook_sha256: str
    readers: int
    counts: bool
    seed: int
    shown: tuple[str, ...]
    answers: tuple[Answer, ...]
    items: tuple[Item, ...]
    slots: tuple[Slot, ...]


class PackSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How a sample is handed out.

    Parameters
    ----------
    show : tuple of str
        Columns that readers see; all others stay out.
    readers : int
        At least 2.
    repeats : float
        Share of the rows that each reader is given twice, unsaid.
    counts : bool
    seed : int
    language : str
        Of the spreadsheets in which readers answer.
    """

    show: tuple[str, ...]
    readers: int = 2
    repeats: float = 0.1
    counts: bool = False
    seed: int = 1
    language: str = "en"

    def __post_init__(self) -> None:
        """Refuse one reader, and a pack that shows nothing."""
        if self.readers < 2:
            raise StudyError(
                "Two people or more must read the same rows, apart from each other.",
                found=f"{self.readers}",
                remedy="one reader's judgement cannot be told from the truth: find a second one",
            )
        if not self.show:
            raise StudyError(
                "Readers must be shown something.", found=phrase("no column"),
                remedy="name with --show what they are to judge by, once for each column",
            )  # fmt: skip
        if not 0.0 <= self.repeats <= 0.5:
            raise StudyError(
                "Hidden repeats must be from 0 to half of the rows.", found=f"{self.repeats:g}"
            )


def make_pack(
    planned: Path, table: Path, settings: PackSettings, codebook: Path | None, into: Path
) -> ReadingKey:
    """Make a pack of a plan.

    Parameters
    ----------
    planned : Path
        Folder of the plan.
    table : Path
        That the plan was made of.
    settings : PackSettings
    codebook : Path, optional
        By default that of the plan.
    into : Path
        Folder, to be filled: ``for_readers/`` with a file for each and the codebook; ``key.json``
        and ``plan.json`` for whoever scores.

    Raises
    ------
    DataError
        If the table is not the one that was planned, or the sample was changed.
    PersonalDataRefusal
        If what is to be shown holds data about persons.
    """
    plan = read_plan(planned / PLAN)
    book = codebook or planned / CODEBOOK
    answers = read_codebook(book, counts=settings.counts)
    _refuse_telling(plan, settings.show, table.name)
    with open_frame(table, plan.columns) as frame:
        require_same_frame(plan, frame)
        sample = _sample(plan, frame, planned / SAMPLE)
        texts = _shown(frame, settings.show, [one.key for one in sample])
    items = tuple(Item(*one) for one in sample)
    slots = _slots(len(items), settings)
    for_readers = into / FOR_READERS
    for_readers.mkdir()
    for reader in range(1, settings.readers + 1):
        write_lines(
            for_readers / f"reader_{reader}.csv", settings.show,
            [(one.item, texts[items[one.place].key]) for one in slots if one.reader == reader],
            settings.language,
        )  # fmt: skip
    for source, target in (
        (book, for_readers / CODEBOOK), (planned / PLAN, into / PLAN), (book, into / CODEBOOK),
    ):  # fmt: skip
        copyfile(source, target)
    key = ReadingKey(
        schema_version=ReadingKey.newest_schema,
        plan_sha256=sha256(into / PLAN),
        codebook_sha256=sha256(into / CODEBOOK),
        readers=settings.readers,
        counts=settings.counts,
        seed=settings.seed,
        shown=settings.show,
        answers=answers,
        items=items,
        slots=slots,
    )
    write_json(key, into / KEY)
    return key


def write_lines(
    path: Path,
    shown_columns: Sequence[str],
    lines: Sequence[tuple[str, Sequence[str]]],
    language: str,
) -> None:
    """Write a reader's file: the item, what is shown of it, and an empty answer."""
    header = (ITEM, *shown_columns, ANSWER)
    rows = ((item, *texts, "") for item, texts in lines)
    write_rows(header, rows, path, filled_in=language)


def require_same_frame(plan: ReadingPlan, frame: Frame) -> None:
    """Refuse a table that is not, to the byte of its cells, the one that was planned.

    Raises
    ------
    DataError
    """
    if frame.digest != plan.frame_sha256:
        raise DataError(
            "The table must be the one that the plan was made of: a sample of another is not "
            "random in it.",
            found=phrase(
                "{rows:,} rows that differ from the {planned:,} planned",
                rows=frame.rows,
                planned=plan.frame_rows,
            ),
            where=frame.source.table.name,
            remedy="give the table as it was, or plan anew",
        )


def _sample(plan: ReadingPlan, frame: Frame, path: Path) -> list[Drawn]:
    """Draw the sample again, and read the targeted list; refuse a file that says otherwise."""
    drawn = draw(plan, frame)
    rows = read_table(path, ("key", "part"))
    keys, parts = rows.texts("key").to_pylist(), rows.texts("part").to_pylist()
    written = [key for key, part in zip(keys, parts, strict=True) if part == RANDOM]
    by_hand = [key for key, part in zip(keys, parts, strict=True) if part == TARGETED]
    side = {one.name: one.alert for one in frame.strata}
    of = frame.stratum_of(by_hand)
    targeted = [Drawn(key, TARGETED, of[key], side[of[key]], None) for key in by_hand if key in of]
    sample = [*drawn, *targeted]
    same = sorted(written) == sorted(csv_field(one.key) for one in drawn)
    if not same or sample_hash(sample) != plan.sample_sha256:
        raise DataError(
            "The sample must be as it was drawn: rows that were put in or taken out by hand are "
            "not random, and give no rate.",
            found=phrase(
                "{written:,} random rows in the file, {drawn:,} drawn",
                written=len(written),
                drawn=len(drawn),
            ),
            where=path.name,
            remedy="plan anew; rows chosen by hand belong into a list of their own, --targeted",
        )
    return sample


def _refuse_telling(plan: ReadingPlan, show: Sequence[str], where: str) -> None:
    """Refuse to show what the system thought of a row, or of whom it is."""
    refuse_persons(show, where)
    telling = {folded(one) for one in (plan.columns.score, plan.columns.alert) if one}
    for header in show:
        if folded(header) in telling or set(words(header).split()) & _NOT_BLIND:
            raise StudyError(
                "Readers must judge without the score, the alert, the outcome and the group.",
                found=phrase("--show {header}", header=shown(header)),
                where=where,
                remedy="leave it out, or give the column another name if it says none of these",
            )


def _shown(frame: Frame, show: Sequence[str], keys: Sequence[str]) -> dict[str, list[str]]:
    """Texts of the shown columns by key, screened."""
    source = frame.source
    headers = [source.need(one) for one in show]
    columns = {f"c{n}": source.text(header) for n, header in enumerate(headers)}
    key = source.text(source.need(frame.columns.key)) if frame.columns.key else Column("NULL")
    source.load("shown_texts", {"key": key} | columns)
    named = "key" if frame.columns.key else "(rowid + 1)::VARCHAR"
    connection = source.database.connection
    connection.register("wanted", pa.table({"wanted": pa.array(keys, pa.string())}))
    found = connection.sql(
        f"SELECT {named} AS key, {', '.join(columns)} FROM shown_texts "
        f"WHERE {named} IN (SELECT wanted FROM wanted)"
    ).to_arrow_table()
    for n, header in enumerate(headers):
        screen_shown(header, found[f"c{n}"], source.table.name)
    return {str(row["key"]): [row[name] or "" for name in columns] for row in found.to_pylist()}


def screen_shown(header: str, values: pa.ChunkedArray, where: str) -> None:
    """Refuse a column of which a value to be shown holds data about a person.

    Raises
    ------
    PersonalDataRefusal
    """
    screen = Screen("shown", header)
    screen.look(values.combine_chunks().cast(pa.string()))
    screen.refuse()
    different = values.drop_null().combine_chunks().cast(pa.string()).value_counts()
    counts = different.field("counts").to_numpy()
    found = screened(
        different.field("values"), counts, column=header, where=where, masks=True
    ).found
    if found:
        raise PersonalDataRefusal(
            "What readers see must hold no personal data.",
            found=listed(phrase("{kind} ({n:,})", kind=kind, n=n) for kind, n in found.items()),
            where=phrase("column {column} of {name}", column=repr(shown(header)), name=where),
            remedy="take them out of the table, and plan anew; or show another column",
        )


def _slots(items: int, settings: PackSettings) -> tuple[Slot, ...]:
    """Give each reader all items in an order of its own, some of them once more further down."""
    rng = np.random.default_rng(settings.seed)
    slots = []
    for reader in range(1, settings.readers + 2):
        order = rng.permutation(items).tolist()
        lines = [(place, False) for place in order]
        if reader <= settings.readers:
            again = rng.permutation(order[: max(items // 2, 1)])[
                : round(settings.repeats * items)
            ].tolist()
            for place in again:  # in the second half, so that none stands beside its first
                at = int(rng.integers(len(lines) // 2 + 1, len(lines) + 1))
                lines.insert(at, (place, True))
        width = len(str(len(lines)))
        slots += [
            Slot(f"R{reader}-{line:0{width}d}", reader, place, repeat)
            for line, (place, repeat) in enumerate(lines, start=1)
        ]
    return tuple(slots)


def read_key(folder: Path) -> ReadingKey:
    """Read the key of a pack, and hold that plan, sample and codebook are as they were.

    Raises
    ------
    DataError
        Naming what was changed.
    """
    text = content(folder / KEY, _MOST_BYTES, phrase("The key of a pack"))
    must = phrase("The key of a pack must be as `veedor reading pack` wrote it.")
    key = decoded(text, ReadingKey, must, KEY)
    plan = read_plan(folder / PLAN)
    drawn = [Drawn(*msgspec.structs.astuple(one)) for one in key.items]
    changed = [
        name
        for name, held in (
            (PLAN, sha256(folder / PLAN) == key.plan_sha256),
            (CODEBOOK, sha256(folder / CODEBOOK) == key.codebook_sha256),
            (KEY, sample_hash(drawn) == plan.sample_sha256),
        )
        if not held
    ]
    if changed:
        raise DataError(
            "Plan, sample and codebook must be as they were before anyone read: else chances of "
            "being drawn are unknown, and there is no rate.",
            found=phrase("changed: {files}", files=", ".join(changed)),
            where=shown(folder.name, 100),
            remedy="score the pack as it was made, or plan anew",
        )
    return key
