"""`ReadingPlan`: which rows of each stratum people are to read, and what that will tell."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar, NamedTuple, Protocol, TypeVar

import msgspec
import numpy as np

from veedor.audits.reading.codebook import COLUMNS as CODEBOOK_COLUMNS
from veedor.audits.reading.design import (
    NEYMAN,
    PilotStratum,
    PlannedStratum,
    PlanSettings,
    Rival,
    planned_side,
)
from veedor.audits.reading.frame import Frame, FrameColumns, drawn_places
from veedor.complaints import complaint
from veedor.errors import DataError, StudyError, UnreadableError, phrase
from veedor.files.json_file import require_known, write_json
from veedor.files.replacing import content
from veedor.tables.csv_file import write_rows
from veedor.tables.escape import shown
from veedor.tables.rows import read_table

PLAN, SAMPLE, CODEBOOK = "plan.json", "sample.csv", "codebook.csv"
#: The two parts of a sample: only the first gives rates.
RANDOM, TARGETED = "random", "targeted"
_MOST_BYTES = 8 << 20


class _Laid(Protocol):
    newest_schema: ClassVar[int]

    @property
    def schema_version(self) -> int: ...


_Kind = TypeVar("_Kind", bound=_Laid)


class ReadingPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A plan, as ``plan.json`` holds it: what was promised before anyone read.

    Parameters
    ----------
    schema_version : int
    table : str
        Name of the file.
    columns : FrameColumns
    settings : PlanSettings
    frame_rows : int
    frame_sha256 : str
        Of all rows and columns of the table.
    sample_sha256 : str
        Of the sample with its probabilities.
    strata : tuple of PlannedStratum
    rivals : tuple of Rival
    pilot_read : int
        Rows that the pilot's shares rest on; 0 without one.
    targeted : int
        Rows of the targeted list, which is no part of any rate.
    """

    #: Of what this version of veedor writes.
    newest_schema: ClassVar[int] = 1

    schema_version: int
    table: str
    columns: FrameColumns
    settings: PlanSettings
    frame_rows: int
    frame_sha256: str
    sample_sha256: str
    strata: tuple[PlannedStratum, ...]
    rivals: tuple[Rival, ...]
    pilot_read: int = 0
    targeted: int = 0


class Drawn(NamedTuple):
    """A row of ``sample.csv``."""

    key: str
    part: str
    stratum: str
    alert: bool
    probability: float | None


def make_plan(
    frame: Frame,
    settings: PlanSettings,
    pilot: dict[str, PilotStratum] | None = None,
    targeted: Sequence[str] = (),
) -> tuple[ReadingPlan, list[Drawn]]:
    """Plan a reading, and draw its sample.

    Parameters
    ----------
    frame : Frame
    settings : PlanSettings
    pilot : dict of str to PilotStratum, optional
        Spreads of strata for Neyman's allocation. Its readings are no part of what is drawn.
    targeted : sequence of str
        Keys of rows that were chosen by hand.

    Raises
    ------
    StudyError
        If more is to be read than there is, or Neyman's allocation is asked for without a pilot.
    """
    if settings.design == NEYMAN and not pilot:
        raise StudyError(
            "Neyman's allocation must have a pilot: it follows how far answers vary in strata.",
            found=phrase("--design neyman without --pilot"),
            remedy="read a small sample first; its strata.csv is the pilot",
        )
    planned: list[PlannedStratum] = []
    rivals: list[Rival] = []
    for alert in (True, False):
        side = [one for one in frame.strata if one.alert == alert]
        if not side or (not alert and not settings.others):
            continue
        chosen, told = planned_side(side, settings, pilot or {}, frame.columns.alert)
        planned += chosen
        rivals += told
    if settings.others and not any(not one.alert for one in frame.strata):
        raise StudyError(
            "Rows without an alert can be read only where a column says which have one.",
            found=phrase("--others, and no row without an alert"),
            where=frame.source.table.name,
            remedy="name the column with --alert, in a table of alerts and of all else",
        )
    plan = ReadingPlan(
        schema_version=ReadingPlan.newest_schema,
        table=shown(frame.source.table.name, 100),
        columns=frame.columns,
        settings=settings,
        frame_rows=frame.rows,
        frame_sha256=frame.digest,
        sample_sha256="",
        strata=tuple(planned),
        rivals=tuple(rivals),
        pilot_read=sum(one.read for one in (pilot or {}).values()),
        targeted=len(set(targeted)),
    )
    sample = [*draw(plan, frame), *_by_hand(frame, targeted)]
    return msgspec.structs.replace(plan, sample_sha256=sample_hash(sample)), sample


def draw(plan: ReadingPlan, frame: Frame) -> list[Drawn]:
    """Draw the random part of a plan's sample: the same rows for the same frame and seed."""
    rng = np.random.default_rng(plan.settings.seed)
    return [
        Drawn(key, RANDOM, one.name, one.alert, one.probability)
        for one in plan.strata
        for key in frame.keys_at(one.of, drawn_places(one.rows, one.drawn, rng))
    ]


def _by_hand(frame: Frame, targeted: Sequence[str]) -> list[Drawn]:
    wanted = list(dict.fromkeys(targeted))
    found = frame.stratum_of(wanted)
    if lacking := [key for key in wanted if key not in found]:
        raise DataError(
            "A targeted list must name rows of the table.",
            found=phrase("{n} keys that are not there", n=len(lacking)),
            where=frame.source.table.name,
            remedy="name rows by the key of the plan",
        )
    side = {one.name: one.alert for one in frame.strata}
    return [Drawn(key, TARGETED, found[key], side[found[key]], None) for key in wanted]


def sample_hash(sample: Iterable[Drawn]) -> str:
    """SHA-256 of a sample, whatever the order of its rows."""
    lines = sorted("\x1f".join((d.key, d.part, d.stratum, repr(d.probability))) for d in sample)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def read_targeted(path: Path, key: str) -> list[str]:
    """Read the keys of rows that were chosen by hand.

    Parameters
    ----------
    path : Path
    key : str
        Its column, as in the table; ``row`` where rows are named by their place.
    """
    rows = read_table(path, (key or "row",))
    return [str(one) for one in rows.text(key or "row") if one]


def write_plan(
    plan: ReadingPlan,
    sample: Sequence[Drawn],
    answers: Sequence[Sequence[str]],
    folder: Path,
    language: str = "en",
) -> None:
    """Write ``plan.json``, ``sample.csv`` and a ``codebook.csv`` to begin with.

    Parameters
    ----------
    plan : ReadingPlan
    sample : sequence of Drawn
    answers : sequence of (answer, counts as, meaning)
    folder : Path
    language : str
        Of the spreadsheet in which the codebook is gone on with.
    """
    write_json(plan, folder / PLAN)
    rows = ((d.key, d.part, d.stratum, str(d.alert).lower(), d.probability) for d in sample)
    write_rows(Drawn._fields, rows, folder / SAMPLE)
    write_rows(CODEBOOK_COLUMNS, answers, folder / CODEBOOK, filled_in=language)


def read_plan(path: Path) -> ReadingPlan:
    """Read ``plan.json``.

    Raises
    ------
    UnreadableError
        If it is no plan of this version.
    """
    text = content(path, _MOST_BYTES, phrase("A plan"))
    must = phrase("A plan must be as `veedor reading plan` wrote it.")
    return decoded(text, ReadingPlan, must, path.name)


def decoded(text: bytes, kind: type[_Kind], must: str, where: str) -> _Kind:
    """Read what veedor wrote as JSON.

    Raises
    ------
    UnreadableError
        With what must hold, where it is not that.
    """
    try:
        read = msgspec.json.decode(text, type=kind)
    except msgspec.ValidationError as error:
        raise UnreadableError(must, found=complaint(error), where=shown(where, 100)) from None
    except msgspec.DecodeError as error:
        raise UnreadableError(must, found=shown(str(error), 200), where=shown(where, 100)) from None
    require_known(read.schema_version, read.newest_schema, shown(where, 100))
    return read
