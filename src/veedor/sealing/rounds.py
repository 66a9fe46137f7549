"""`score`: every promise whose time has come, by what it promised; what is not scored is listed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from veedor.record.recorded import Recorded
from veedor.sealing import clock
from veedor.sealing.batches import Entry
from veedor.sealing.clock import instant, written
from veedor.sealing.contents import counts_bytes, kept, parquet
from veedor.sealing.manifests import (
    AUTHORITY,
    OWN_CLOCK,
    Manifest,
    Promise,
    Scoring,
    this_code,
)
from veedor.sealing.problems import finding
from veedor.sealing.promising import stamping
from veedor.sealing.scores import score_promises
from veedor.sealing.shelf import Shelf, periods_of
from veedor.sealing.writing import writing
from veedor.statistics.codes import Finding


@dataclass(frozen=True)
class Waiting:
    """A promise without a new scoring, and why.

    Parameters
    ----------
    entry : int
        Number of the promise.
    promise : Promise
    reason : Finding
    due : bool
        Whether its time has come: if so, somebody must see to it.
    """

    entry: int
    promise: Promise
    reason: Finding
    due: bool


@dataclass(frozen=True)
class Scored:
    """What `score` did.

    Parameters
    ----------
    entries : tuple of Entry
        Scorings as appended, with the timestamp's.
    promises : dict of int to Promise
        By entry.
    waiting : tuple of Waiting
        All promises that got no new scoring.
    checkpoint : str
        The log's checkpoint afterwards.
    """

    entries: tuple[Entry, ...]
    promises: dict[int, Promise]
    waiting: tuple[Waiting, ...]
    checkpoint: str


def due_at(promise: Promise) -> np.datetime64:
    """Instant (UTC) from which a promise may be scored."""
    days = np.timedelta64(promise.revisions.wait_days, "D")
    due: np.datetime64 = instant(promise.periods.edges[-1]) + days
    return due


def score(
    log: Path, key: Ed25519PrivateKey, recorded: Recorded, *, tsa: str | None = None
) -> Scored:
    """Score every promise of a log whose periods, and whose days to wait, are over.

    All of them, by what each promised, in one batch. Counts are kept in the log, incidents never.
    Counts that a promise was scored with already change nothing; other counts make a further
    scoring beside the first.

    Parameters
    ----------
    log : Path
    key : Ed25519PrivateKey
        The log's.
    recorded : Recorded
        Over the whole of the periods.
    tsa : str, optional
        URL of a time-stamping authority.

    Raises
    ------
    SealError
        If the log does not verify or the key is another.

    Notes
    -----
    An incident lies in the cell whose outline, as it was sealed, holds it; counts by area are of
    the cell that has the area's code. A record that ends before a period does, or in which not
    every cell reported, is no record of it: see `Recorded.covers`.
    """
    with writing(log, key) as writer:
        now, board = clock.now(), _Board(writer.folder, recorded)
        promises = {
            number: entry.manifest
            for number, entry in enumerate(writer.entries)
            if isinstance(entry.manifest, Promise)
        }
        before: dict[int, list[Scoring]] = {number: [] for number in promises}
        for entry in writer.entries:
            if isinstance(entry.manifest, Scoring):
                before.setdefault(entry.manifest.forecast_entry, []).append(entry.manifest)
        waiting, due = [], []
        for number, promise in promises.items():
            if now < due_at(promise):
                reason = finding("log_not_due", due=written(due_at(promise)))
                waiting.append(Waiting(number, promise, reason, due=False))
            elif (lacks := board.lacks(promise)) is not None:
                waiting.append(Waiting(number, promise, lacks, due=not before[number]))
            elif kept(board.counted(promise)[0]) in [one.outcomes for one in before[number]]:
                reason = Finding("log_scored_before")
                waiting.append(Waiting(number, promise, reason, due=False))
            else:
                due.append((number, promise, *board.counted(promise)))
        results = score_promises([board.trial(promise, values) for _, promise, _, values in due])
        files = {parquet(kept(data)): data for _, _, data, _ in due}
        manifests: list[Manifest] = [
            Scoring(
                written_at=written(now),
                code=this_code(),
                time_source=OWN_CLOCK if tsa is None else AUTHORITY,
                forecast_entry=number,
                round=len(before[number]) + 1,
                outcomes=kept(data),
                sources=board.sources,
                results=result,
            )
            for (number, _, data, _), result in zip(due, results, strict=True)
        ]
        stamp = None if tsa is None else stamping(tsa, now, None)
        entries = tuple(writer.append(manifests, files, stamp)) if manifests else ()
        return Scored(entries, promises, tuple(waiting), writer.checkpoint)


class _Board(Shelf):
    """Counts of what was recorded, for any promise."""

    def __init__(self, folder: Path, recorded: Recorded) -> None:
        super().__init__(folder)
        self._recorded = recorded
        self.sources = [file.sha256 for file in recorded.files]
        self._categories = {category.name for category in recorded.categories}
        self._counted: dict[tuple[object, ...], tuple[bytes, npt.NDArray[np.int64]]] = {}

    def lacks(self, promise: Promise) -> Finding | None:
        """Why the record cannot score a promise; None where it can."""
        recorded, periods = self._recorded, periods_of(promise.periods)
        if promise.category not in self._categories:
            return finding("log_no_such_category", category=promise.category)
        cells, made = self.cells(promise.cells.sha256), promise.data_cutoff
        since = periods.edges[0] if made is None else instant(made)
        if not recorded.covers(promise.category, periods, cells, since).all():
            return finding(
                "log_not_recorded", begins=written(recorded.first), ends=written(recorded.last)
            )
        return None

    def counted(self, promise: Promise) -> tuple[bytes, npt.NDArray[np.int64]]:
        """Count for a promise: the file to keep, and counts of shape (periods, cells)."""
        key = (promise.cells.sha256, promise.category, *promise.periods.edges)
        if key not in self._counted:
            cells, periods = self.cells(promise.cells.sha256), periods_of(promise.periods)
            counts = self._recorded.counts(promise.category, periods, cells)
            self._counted[key] = counts_bytes(counts, cells, periods), counts.values
        return self._counted[key]
