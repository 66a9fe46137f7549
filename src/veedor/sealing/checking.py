"""`verify`: what a log proves to a stranger who has its public files, and what it does not."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from veedor.errors import SealError, VeedorError
from veedor.files.json_file import plain
from veedor.files.replacing import sha256
from veedor.forecasts import Forecast
from veedor.sealing import timestamps
from veedor.sealing.checkpoints import Checkpoint, body
from veedor.sealing.clock import instant, written
from veedor.sealing.contents import files_of, orphans, parquet
from veedor.sealing.keys import fingerprint, raw
from veedor.sealing.log import FILES, KEY, Log, Problem, read_log
from veedor.sealing.manifests import AUTHORITY, OWN_CLOCK, Promise, Scoring, Timestamp
from veedor.sealing.merkle import verify_consistency
from veedor.sealing.names import brief, visible
from veedor.sealing.rivals import Rivals, invisible
from veedor.sealing.rounds import due_at
from veedor.sealing.scores import PromisedTrial, differs, score_promises
from veedor.sealing.shelf import Shelf

_CLOCKS_APART = np.timedelta64(15, "m")
# Counts that are scored in one go: enough to be fast, few enough for any memory.
_AT_ONCE = 500_000


@dataclass(frozen=True)
class Verdict:
    """What `verify` found.

    Parameters
    ----------
    log : Log
        As it was read.
    problems : tuple of Problem
        What does not hold; none means that the log verifies.
    notices : tuple of str
        What a reader must know that is no fault: late promises, several of one maker, or of names
        that look the same, for times that overlap, a cut-off after the sealing, broken-off writes.
    promises : dict of int to Promise
        By number of the entry.
    scorings : dict of int to list of (int, Scoring)
        By number of the promise: number of the entry, and the scoring, in order.
    existed_by : dict of int to datetime64
        Instant (UTC) by which an entry existed, by the word of an authority; entries without one
        are absent.
    authority_checked : bool
        Whether that word was checked against certificates that the verifier trusts.
    remembered : int
        Checkpoints that the verifier kept and this log was held against.
    key_given : bool
        Whether the verifier brought the public key.
    """

    log: Log
    problems: tuple[Problem, ...]
    notices: tuple[str, ...]
    promises: dict[int, Promise]
    scorings: dict[int, list[tuple[int, Scoring]]]
    existed_by: dict[int, np.datetime64]
    authority_checked: bool
    remembered: int
    key_given: bool

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def verify(
    folder: Path,
    *,
    public_key: Ed25519PublicKey | None = None,
    tsa_roots: Sequence[x509.Certificate] = (),
    remembered: Sequence[str] = (),
) -> Verdict:
    """Check everything in a log that can be checked from its public files.

    Parameters
    ----------
    folder : Path
    public_key : Ed25519PublicKey, optional
        The one that the log is expected to have, from elsewhere.
    tsa_roots : sequence of certificate
        Time-stamping authorities that the verifier trusts.
    remembered : sequence of str
        Checkpoints of this log that the verifier kept from before.

    Returns
    -------
    Verdict

    Raises
    ------
    SealError
        If there is no log.

    Notes
    -----
    Linear in the files of the log: each forecast is read once, each scoring computed again.
    """
    log = read_log(folder)
    return _Check(log, public_key, tuple(tsa_roots), tuple(remembered)).run()


@dataclass
class _Check:
    log: Log
    public_key: Ed25519PublicKey | None
    tsa_roots: tuple[x509.Certificate, ...]
    remembered: tuple[str, ...]
    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    promises: dict[int, Promise] = field(default_factory=dict)
    scorings: dict[int, list[tuple[int, Scoring]]] = field(default_factory=dict)
    existed_by: dict[int, np.datetime64] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    by_forecast: dict[str, Promise] = field(default_factory=dict)
    rivals: Rivals = field(default_factory=Rivals)
    trials: list[tuple[str, Scoring, PromisedTrial]] = field(default_factory=list)
    size: int = 0

    def run(self) -> Verdict:
        """Check part after part; a part that fails does not keep the others from being checked."""
        self.problems += self.log.problems
        self._key()
        self._remembered()
        self._files()
        self._stamps()
        shelf = Shelf(self.log.folder)
        for number, entry in enumerate(self.log.entries):
            if isinstance(entry.manifest, Promise):
                self._promise(number, entry.manifest, shelf)
            elif isinstance(entry.manifest, Scoring):
                self._scoring(number, entry.manifest, shelf)
        self._rescore()
        self._broken_off()
        return Verdict(
            self.log,
            tuple(dict.fromkeys(self.problems)),
            tuple(self.notices),
            self.promises,
            self.scorings,
            self.existed_by,
            bool(self.tsa_roots),
            len(self.remembered),
            self.public_key is not None,
        )

    def _problem(self, where: str, what: str) -> None:
        self.problems.append(Problem(brief(where), brief(what)))

    def _key(self) -> None:
        given, found = self.public_key, self.log.key
        if given is not None and (found is None or raw(found) != raw(given)):
            self._problem(
                KEY, f"is not the key that was expected, {fingerprint(given)}: another's log"
            )

    def _remembered(self) -> None:
        """Hold the log against checkpoints that the verifier kept."""
        for text in self.remembered:
            where = "remembered checkpoint"
            try:
                old = Checkpoint.parse(text, where)
            except SealError as error:
                self._problem(where, str(error))
                continue
            where = f"remembered checkpoint of {old.size} entries"
            head, tree = self.log.head, self.log.tree
            if self.log.key is not None and not old.is_by(self.log.key):
                self._problem(where, "was signed with another key: the log was replaced")
            elif head is not None and head.origin != old.origin:
                self._problem(where, f"is of the log {old.origin!r}: the log was replaced")
            elif len(tree) < old.size:
                self._problem(
                    where, f"the log has only {len(tree)} now: entries were taken out of it"
                )
            else:
                proof = tree.consistency_proof(old.size)
                if not verify_consistency(old.size, len(tree), old.root, tree.root(), proof):
                    self._problem(
                        where, "the log does not begin with those entries: it was rewritten"
                    )

    def _files(self) -> None:
        """Check that every file of an entry is there and has its hash."""
        needed = {
            name: (number, file)
            for number, entry in reversed(list(enumerate(self.log.entries)))
            for name, file in files_of(entry.manifest).items()
        }
        for name, (number, file) in needed.items():
            path = self.log.file(name)
            where = f"{FILES}/{name}, entry {number}"
            try:
                if path.is_symlink() or not path.is_file():
                    what = "is missing, or is no plain file"
                elif path.stat().st_size != file.bytes:
                    what = f"has {path.stat().st_size} bytes, and {file.bytes} were promised"
                else:
                    digest = sha256(path)
                    what = "" if digest == file.sha256 else "was changed: its hash is another"
            except OSError as error:
                what = f"cannot be read: {error}"
            if what:
                self.missing.add(name)
                self._problem(where, what)

    def _stamps(self) -> None:
        """Check every timestamp, and find by when each entry existed."""
        first, origin = 0, self.log.head.origin if self.log.head else ""
        for batch in self.log.batches:
            stamps = [one.manifest for one in batch.entries if isinstance(one.manifest, Timestamp)]
            last = batch.entries[-1].manifest
            number = first + len(batch.entries) - 1
            where = f"entry {number}, timestamp"
            if len(stamps) > 1 or (stamps and not isinstance(last, Timestamp)):
                self._problem(f"entry {first}", "its batch has a timestamp that is not its last")
            elif isinstance(last, Timestamp):
                message = body(origin, number, self.log.tree.root(number))
                moment = self._stamp(last, message, where)
                for one in range(first, number) if moment is not None else ():
                    self.existed_by[one] = moment  # type: ignore[assignment]
                if moment is not None and abs(moment - instant(last.written_at)) > _CLOCKS_APART:
                    self._problem(
                        where, f"says {written(moment)}, the entry {last.written_at}: backdated"
                    )
            for offset, entry in enumerate(batch.entries):
                claim = getattr(entry.manifest, "time_source", None)
                if claim is not None and claim != (AUTHORITY if stamps else OWN_CLOCK):
                    self._problem(f"entry {first + offset}", f"says {claim!r}, which is not so")
            first += len(batch.entries)

    def _stamp(self, stamp: Timestamp, message: bytes, where: str) -> np.datetime64 | None:
        try:
            response = base64.b64decode(stamp.response, validate=True)
            moment, read = timestamps.stamped(response, message, where)
            if self.tsa_roots:
                timestamps.check_authority(read, message, self.tsa_roots, where)
        except (SealError, ValueError) as error:
            self._problem(where, str(error))
            return None
        return moment

    def _promise(self, number: int, promise: Promise, shelf: Shelf) -> None:
        where = f"entry {number}, forecast of {promise.category!r} by {promise.forecaster!r}"
        if promise.forecast.sha256 in self.by_forecast:
            self._problem(where, "the same forecast was promised before")
        for what in self._tried(lambda: self._promise_faults(number, promise, shelf)):
            self._problem(where, what)
        self.promises[number] = self.by_forecast[promise.forecast.sha256] = promise
        self.scorings[number] = []
        if promise.late:
            self.notices.append(
                f"Entry {number} was sealed late: its first period began {promise.periods.edges[0]}"
                f", it was sealed {promise.written_at}. It proves no forecast."
            )
        if promise.data_cutoff is not None and promise.data_cutoff > promise.written_at:
            self.notices.append(
                f"Entry {number} names data up to {promise.data_cutoff}, and was sealed "
                f"{promise.written_at}, before that: its cut-off is not what it says."
            )
        self.notices += [*invisible(number, promise), *self.rivals.told(number, promise)]

    def _promise_faults(self, number: int, promise: Promise, shelf: Shelf) -> list[str]:
        faults = []
        begins, now = instant(promise.periods.edges[0]), instant(promise.written_at)
        existed = self.existed_by.get(number)
        if promise.late != (now >= begins):
            faults.append(f"late is {promise.late}, sealed {promise.written_at}")
        if existed is not None and existed >= begins and not promise.late:
            faults.append(f"an authority saw it only {written(existed)}, after its period began")
        if parquet(promise.forecast) not in self.missing:
            forecast = shelf.forecast(promise.forecast.sha256, promise.cells.sha256)
            said = {
                "category": (promise.category, forecast.category),
                "forecaster": (promise.forecaster, forecast.forecaster),
                "version": (promise.version, forecast.version),
                "periods": (promise.periods.edges, tuple(map(written, forecast.periods.edges))),
                "time zone": (promise.periods.time_zone, forecast.periods.time_zone),
                "data cut-off": (promise.data_cutoff, _stated(forecast, "data_cutoff")),
                "issue time": (promise.issued_at, _stated(forecast, "issued_at")),
                "number of cells": (promise.cells_count, len(forecast.cells)),
            }
            faults += [
                f"says {name} {stated!r}, and the forecast's is {true!r}"
                for name, (stated, true) in said.items()
                if stated != true
            ]
        if promise.reference is not None:
            other = self.by_forecast.get(promise.reference)
            if other is None:
                faults.append("its reference was not promised before it")
            elif (other.category, other.periods, other.cells) != (
                promise.category,
                promise.periods,
                promise.cells,
            ):
                faults.append("its reference is of another category, periods or cells")
        return faults

    def _scoring(self, number: int, scoring: Scoring, shelf: Shelf) -> None:
        promise = self.promises.get(scoring.forecast_entry)
        where = f"entry {number}, scoring of entry {scoring.forecast_entry}"
        if promise is None:
            self._problem(where, "there is no such promise before it")
            return
        before = self.scorings[scoring.forecast_entry]
        if scoring.round != len(before) + 1:
            self._problem(where, f"says it is the {scoring.round}., and it is {len(before) + 1}.")
        before.append((number, scoring))
        if instant(scoring.written_at) < due_at(promise):
            self._problem(where, f"before {written(due_at(promise))}, as was promised")
        for what in self._tried(lambda: self._set_down(where, promise, scoring, shelf)):
            self._problem(where, what)
        if self.size > _AT_ONCE:
            self._rescore()

    def _set_down(self, where: str, promise: Promise, scoring: Scoring, shelf: Shelf) -> list[str]:
        """Set a scoring down to be computed again with others."""
        needed = {parquet(scoring.outcomes), parquet(promise.forecast)}
        if needed & self.missing:
            return ["cannot be computed again: a file of it is missing or changed"]
        counts = shelf.counts(scoring.outcomes.sha256, promise.cells.sha256, promise.periods)
        self.trials.append((where, scoring, shelf.trial(promise, counts)))
        self.size += counts.size
        return []

    def _rescore(self) -> None:
        """Compute the scorings that were set down again, and compare."""
        found = score_promises([one for _, _, one in self.trials])
        for (where, scoring, _), results in zip(self.trials, found, strict=True):
            if (wrong := differs(plain(scoring.results), plain(results))) is not None:
                self._problem(where, f"the scores, computed again, differ: {wrong}")
        self.trials, self.size = [], 0

    @staticmethod
    def _tried(check: Callable[[], list[str]]) -> list[str]:
        """Faults that a check finds; a file that cannot be read is one."""
        try:
            return check()
        except (
            VeedorError,
            OSError,
            ValueError,
            LookupError,
            TypeError,
            ArithmeticError,
            RecursionError,
            MemoryError,
            pa.ArrowException,
        ) as error:
            return [f"{type(error).__name__}: {error}"]

    def _broken_off(self) -> None:
        if self.log.behind:
            self.notices.append(
                "The file checkpoint lacks the last batch: a write that broke off after the batch "
                "was complete. The batch holds its own checkpoint, and counts."
            )
        folder = self.log.folder / FILES
        left = dict.fromkeys(self.log.unfinished)
        if folder.is_dir() and not self.log.problems:
            left |= dict.fromkeys(orphans(self.log, self.log.entries))
        names = [visible(path.relative_to(self.log.folder).as_posix()) for path in left]
        self.notices += [
            f"{name} belongs to no entry: left by a write that broke off. It proves nothing; the "
            "next writer removes it."
            for name in names
        ]


def _stated(forecast: Forecast, name: str) -> str | None:
    """Instant as the forecast's maker states it; None where it does not."""
    return None if name in forecast.unstated else written(getattr(forecast, name))
