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
from veedor.sealing.collecting import seldom_collecting
from veedor.sealing.contents import files_of, orphans, parquet
from veedor.sealing.keys import fingerprint, raw
from veedor.sealing.log import FILES, KEY, Log, read_log
from veedor.sealing.looking import CheckedLooks, check_looks
from veedor.sealing.manifests import AUTHORITY, OWN_CLOCK, Promise, Scoring, Timestamp
from veedor.sealing.merkle import verify_consistency
from veedor.sealing.problems import Problem, fails, finding, in_file
from veedor.sealing.rivals import PromiseBeside, Rivals, invisible
from veedor.sealing.rounds import due_at
from veedor.sealing.scores import PromisedTrial, differs, score_promises
from veedor.sealing.shelf import Shelf
from veedor.statistics.codes import Argument, Finding

_CLOCKS_APART = np.timedelta64(15, "m")
# Counts that are scored in one go: enough to be fast, few enough for any memory.
_AT_ONCE = 500_000


@dataclass(frozen=True)
class CheckedLog:
    """What `verify` found.

    Parameters
    ----------
    log : Log
        As it was read.
    problems : tuple of Problem
        What does not hold; none means that the log verifies.
    notices : tuple of Finding
        What a reader must know that is no fault: late promises, names that cannot be seen, a
        cut-off after the sealing, broken-off writes.
    beside : tuple of PromiseBeside
        Promises of one maker, or of names that look the same, for times that overlap.
    promises : dict of int to Promise
        By number of the entry.
    scorings : dict of int to list of (int, Scoring)
        By number of the promise: number of the entry, and the scoring, in order.
    agreed : frozenset of int
        Entries of scorings that were computed again and agree.
    existed_by : dict of int to datetime64
        Instant (UTC) by which an entry existed, by the word of an authority; entries without one
        are absent.
    authority_checked : bool
        Whether that word was checked against certificates that the verifier trusts.
    remembered : int
        Checkpoints that the verifier kept and this log was held against.
    key_given : bool
        Whether the verifier brought the public key.
    looks : CheckedLooks or None
        What an access log holds; None for a log of promises.
    """

    log: Log
    problems: tuple[Problem, ...]
    notices: tuple[Finding, ...]
    beside: tuple[PromiseBeside, ...]
    promises: dict[int, Promise]
    scorings: dict[int, list[tuple[int, Scoring]]]
    agreed: frozenset[int]
    existed_by: dict[int, np.datetime64]
    authority_checked: bool
    remembered: int
    key_given: bool
    looks: CheckedLooks | None

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
) -> CheckedLog:
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

    Raises
    ------
    SealError
        If there is no log.

    Notes
    -----
    Linear in the files of the log: each forecast is read once, each scoring computed again.
    """
    with seldom_collecting():
        log = read_log(folder)
        return _Check(log, public_key, tuple(tsa_roots), tuple(remembered)).run()


@dataclass
class _Check:
    log: Log
    public_key: Ed25519PublicKey | None
    tsa_roots: tuple[x509.Certificate, ...]
    remembered: tuple[str, ...]
    problems: list[Problem] = field(default_factory=list)
    notices: list[Finding] = field(default_factory=list)
    beside: list[PromiseBeside] = field(default_factory=list)
    promises: dict[int, Promise] = field(default_factory=dict)
    scorings: dict[int, list[tuple[int, Scoring]]] = field(default_factory=dict)
    existed_by: dict[int, np.datetime64] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    by_forecast: dict[str, Promise] = field(default_factory=dict)
    rivals: Rivals = field(default_factory=Rivals)
    agreed: set[int] = field(default_factory=set)
    trials: list[tuple[Finding, int, Scoring, PromisedTrial]] = field(default_factory=list)
    size: int = 0

    def run(self) -> CheckedLog:
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
        self._renewed()
        looks, faults = check_looks(self.log.entries, self.log.tree)
        self.problems += faults
        self._broken_off()
        return CheckedLog(
            self.log,
            tuple(dict.fromkeys(self.problems)),
            tuple(self.notices),
            tuple(self.beside),
            self.promises,
            self.scorings,
            frozenset(self.agreed),
            self.existed_by,
            bool(self.tsa_roots),
            len(self.remembered),
            self.public_key is not None,
            looks,
        )

    def _problem(self, where: Finding, what: Finding) -> None:
        self.problems.append(Problem(where=where, what=what))

    def _key(self) -> None:
        given, found = self.public_key, self.log.key
        if given is not None and (found is None or raw(found) != raw(given)):
            self._problem(in_file(KEY), finding("log_key_of_another", expected=fingerprint(given)))

    def _renewed(self) -> None:
        """Say that a key took the place of another, and which."""
        keys = self.log.keys
        for start, key in zip(keys.starts[1:], keys.keys[1:], strict=True) if keys else ():
            told = finding("log_key_renewed", entry=start - 1, key=fingerprint(key))
            self.notices.append(told)

    def _remembered(self) -> None:
        """Hold the log against checkpoints that the verifier kept."""
        for text in self.remembered:
            try:
                old = Checkpoint.parse(text, "remembered checkpoint")
            except SealError as error:
                self._problem(Finding("log_remembered"), fails(error))
                continue
            where = finding("log_remembered_of", entries=old.size)
            head, tree = self.log.head, self.log.tree
            if self.log.keys is not None and not self.log.keys.gave_out(old):
                self._problem(where, Finding("log_remembered_by_another_key"))
            elif head is not None and head.origin != old.origin:
                self._problem(where, finding("log_remembered_of_another", name=old.origin))
            elif len(tree) < old.size:
                self._problem(where, finding("log_cut_short", entries=len(tree)))
            else:
                proof = tree.consistency_proof(old.size)
                if not verify_consistency(old.size, len(tree), old.root, tree.root(), proof):
                    self._problem(where, Finding("log_rewritten"))

    def _files(self) -> None:
        """Check that every file of an entry is there and has its hash."""
        needed = {
            name: (number, file)
            for number, entry in reversed(list(enumerate(self.log.entries)))
            for name, file in files_of(entry.manifest).items()
        }
        for name, (number, file) in needed.items():
            path = self.log.file(name)
            what = None
            try:
                if path.is_symlink() or not path.is_file():
                    what = Finding("log_no_file")
                elif path.stat().st_size != file.bytes:
                    size = path.stat().st_size
                    what = finding("log_file_of_other_size", found=size, promised=file.bytes)
                elif sha256(path) != file.sha256:
                    what = Finding("log_file_changed")
            except OSError as error:
                what = fails(error)
            if what is not None:
                self.missing.add(name)
                where = finding("log_entry_in_file", file=f"{FILES}/{name}", entry=number)
                self._problem(where, what)

    def _stamps(self) -> None:
        """Check every timestamp, and find by when each entry existed."""
        first, origin = 0, self.log.head.origin if self.log.head else ""
        for batch in self.log.batches:
            stamps = [one.manifest for one in batch.entries if isinstance(one.manifest, Timestamp)]
            last = batch.entries[-1].manifest
            number = first + len(batch.entries) - 1
            where = finding("log_timestamp", entry=number)
            if len(stamps) > 1 or (stamps and not isinstance(last, Timestamp)):
                self._problem(_entry(first), Finding("log_timestamp_not_last"))
            elif isinstance(last, Timestamp):
                message = body(origin, number, self.log.tree.root(number))
                moment = self._stamp(last, message, where)
                for one in range(first, number) if moment is not None else ():
                    self.existed_by[one] = moment  # type: ignore[assignment]
                if moment is not None and abs(moment - instant(last.written_at)) > _CLOCKS_APART:
                    says, stated = written(moment), last.written_at
                    self._problem(where, finding("log_backdated", says=says, entry_says=stated))
            for offset, entry in enumerate(batch.entries):
                claim = getattr(entry.manifest, "time_source", None)
                if claim is not None and claim != (AUTHORITY if stamps else OWN_CLOCK):
                    self._problem(_entry(first + offset), finding("log_clock_not_so", says=claim))
            first += len(batch.entries)

    def _stamp(self, stamp: Timestamp, message: bytes, where: Finding) -> np.datetime64 | None:
        try:
            response = base64.b64decode(stamp.response, validate=True)
            moment, read = timestamps.stamped(response, message, stamp.authority)
            if self.tsa_roots:
                timestamps.check_authority(read, message, self.tsa_roots, stamp.authority)
        except (SealError, ValueError) as error:
            self._problem(where, fails(error))
            return None
        return moment

    def _promise(self, number: int, promise: Promise, shelf: Shelf) -> None:
        where = finding(
            "log_promise",
            entry=number,
            category=promise.category,
            forecaster=promise.forecaster,
        )
        if promise.forecast.sha256 in self.by_forecast:
            self._problem(where, Finding("log_promised_twice"))
        for what in self._tried(lambda: self._promise_faults(number, promise, shelf)):
            self._problem(where, what)
        self.promises[number] = self.by_forecast[promise.forecast.sha256] = promise
        self.scorings[number] = []
        if promise.late:
            self._notice("log_late", number, begins=promise.periods.edges[0], promise=promise)
        if promise.data_cutoff is not None and promise.data_cutoff > promise.written_at:
            self._notice("log_cutoff_after", number, cutoff=promise.data_cutoff, promise=promise)
        self.notices += invisible(number, promise)
        self.beside += self.rivals.beside(number, promise)

    def _promise_faults(self, number: int, promise: Promise, shelf: Shelf) -> list[Finding]:
        faults: list[Finding] = []
        begins, now = instant(promise.periods.edges[0]), instant(promise.written_at)
        existed = self.existed_by.get(number)
        if promise.late != (now >= begins):
            code = "log_says_late" if promise.late else "log_says_in_time"
            faults.append(finding(code, sealed=promise.written_at))
        if existed is not None and existed >= begins and not promise.late:
            faults.append(finding("log_seen_late", seen=written(existed)))
        if parquet(promise.forecast) not in self.missing:
            forecast = shelf.forecast(promise.forecast.sha256, promise.cells.sha256)
            said: dict[str, tuple[Argument, Argument]] = {
                "log_other_category": (promise.category, forecast.category),
                "log_other_forecaster": (promise.forecaster, forecast.forecaster),
                "log_other_version": (promise.version, forecast.version),
                "log_other_periods": (
                    ", ".join(promise.periods.edges),
                    ", ".join(map(written, forecast.periods.edges)),
                ),
                "log_other_time_zone": (promise.periods.time_zone, forecast.periods.time_zone),
                "log_other_data_cutoff": (promise.data_cutoff, _stated(forecast, "data_cutoff")),
                "log_other_issued_at": (promise.issued_at, _stated(forecast, "issued_at")),
                "log_other_cells": (promise.cells_count, len(forecast.cells)),
            }
            faults += [
                finding(code, says=stated, found=true)
                for code, (stated, true) in said.items()
                if stated != true
            ]
        if promise.reference is not None:
            other = self.by_forecast.get(promise.reference)
            if other is None:
                faults.append(Finding("log_no_reference"))
            elif (other.category, other.periods, other.cells) != (
                promise.category,
                promise.periods,
                promise.cells,
            ):
                faults.append(Finding("log_reference_of_others"))
        return faults

    def _scoring(self, number: int, scoring: Scoring, shelf: Shelf) -> None:
        promise = self.promises.get(scoring.forecast_entry)
        where = finding("log_scoring", entry=number, of=scoring.forecast_entry)
        if promise is None:
            self._problem(where, Finding("log_scoring_of_nothing"))
            return
        before = self.scorings[scoring.forecast_entry]
        if scoring.round != len(before) + 1:
            self._problem(
                where, finding("log_other_round", says=scoring.round, found=len(before) + 1)
            )
        before.append((number, scoring))
        if instant(scoring.written_at) < due_at(promise):
            self._problem(where, finding("log_scored_early", due=written(due_at(promise))))
        for what in self._tried(lambda: self._set_down(where, number, scoring, shelf)):
            self._problem(where, what)
        if self.size > _AT_ONCE:
            self._rescore()

    def _set_down(
        self, where: Finding, number: int, scoring: Scoring, shelf: Shelf
    ) -> list[Finding]:
        """Set a scoring down to be computed again with others."""
        promise = self.promises[scoring.forecast_entry]
        needed = {parquet(scoring.outcomes), parquet(promise.forecast)}
        if needed & self.missing:
            return [Finding("log_not_computable")]
        counts = shelf.counts(scoring.outcomes.sha256, promise.cells.sha256, promise.periods)
        self.trials.append((where, number, scoring, shelf.trial(promise, counts)))
        self.size += counts.size
        return []

    def _rescore(self) -> None:
        """Compute the scorings that were set down again, and compare."""
        found = score_promises([one for *_, one in self.trials])
        for (where, number, scoring, _), results in zip(self.trials, found, strict=True):
            if (wrong := differs(plain(scoring.results), plain(results))) is not None:
                self._problem(where, finding("log_scores_differ", **wrong))
            else:
                self.agreed.add(number)
        self.trials, self.size = [], 0

    @staticmethod
    def _tried(check: Callable[[], list[Finding]]) -> list[Finding]:
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
            return [fails(error)]

    def _broken_off(self) -> None:
        if self.log.behind:
            self.notices.append(Finding("log_checkpoint_behind"))
        folder = self.log.folder / FILES
        left = dict.fromkeys(self.log.unfinished)
        if folder.is_dir() and not self.log.problems:
            left |= dict.fromkeys(orphans(self.log, self.log.entries))
        names = [path.relative_to(self.log.folder).as_posix() for path in left]
        self.notices += [finding("log_left_over", file=name) for name in names]

    def _notice(self, code: str, entry: int, promise: Promise, **arguments: Argument) -> None:
        sealed = promise.written_at
        self.notices.append(finding(code, entry=entry, sealed=sealed, **arguments))


def _entry(number: int) -> Finding:
    return finding("log_entry", entry=number)


def _stated(forecast: Forecast, name: str) -> str | None:
    """Instant as the forecast's maker states it; None where it does not."""
    return None if name in forecast.unstated else written(getattr(forecast, name))
