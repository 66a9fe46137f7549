"""A worker: takes a job, has it done by a child process, and writes down how far it is."""

from __future__ import annotations

import errno
import json
import logging
import os
import queue as lines_of
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import msgspec
from django.conf import settings
from django.db import Error, close_old_connections, connection

from veedor.errors import VeedorError, phrase
from veedor.files.folders import clear_after_kill
from veedor.files.locks import held, release
from veedor.web.site.gone import comes_back
from veedor.web.work import queue
from veedor.web.work.alive import tell_alive
from veedor.web.work.apart import can_stand_apart
from veedor.web.work.bounds import Bound, Watch, bounds_of, over
from veedor.web.work.handling import begin, refuse, settle
from veedor.web.work.models import Job, State
from veedor.web.work.outage import Outage
from veedor.web.work.packed import packed_error
from veedor.web.work.sweeping import sweep
from veedor.web.work.witnessing import Witnessing

log = logging.getLogger(__name__)
#: What a database or a disk that is gone, or full, may answer.
_FAILS = (Error, OSError)
#: Bytes without which no job is taken: a few of the database find room where nothing else does.
_LEAST_FREE = 2 * 2**20
#: Of the system: no process or memory is left now.
_NONE_LEFT = frozenset({errno.EAGAIN, errno.ENOMEM})
#: Between two looks at the queue, and between two beats.
_POLL_S, _BEAT_S = 1.0, 1.0
#: How long a job that is cancelled may take to end by itself.
_PATIENCE_S = 30.0
#: Between two sweeps, and how long a job that could not be begun is let be.
_SWEEP_S, _LET_BE_S = 3_600.0, 5.0
_MODULE = "veedor.web.work.child"
#: Of the environment: what a process that reads anyone's files is not told.
_SECRETS = frozenset({"DATABASE_URL", "VEEDOR_MAIL_PASSWORD"})


def _require_room() -> None:
    if shutil.disk_usage(settings.VEEDOR_SITE.folder).free < _LEAST_FREE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class Worker:
    """Does one job after another.

    Parameters
    ----------
    abandoned_after_s : float
        A job whose worker was not heard of for so long is taken.
    """

    def __init__(self, abandoned_after_s: float) -> None:
        self.token = secrets.token_hex(16)
        self.abandoned_after_s = abandoned_after_s
        self.ending = threading.Event()
        self._outage, self._lack = Outage(abandoned_after_s), Outage(0.0)
        self._swept_at = -_SWEEP_S

    def run(self) -> None:
        """Do jobs until `ending` is set; where the database is gone, wait for it."""
        if not can_stand_apart():
            log.warning("processes that read uploads are not kept off the network here")
        with Witnessing(self.ending).beside():
            self._work()

    def _work(self) -> None:
        while not self.ending.is_set():
            tell_alive()
            job = self._next()
            if job is None:
                self.ending.wait(_POLL_S)
            elif job.state == State.RUNNING:
                self.do(job)
            else:
                self._insist(job, partial(_given_up, job))

    def _next(self) -> Job | None:
        """Take a job, and sweep where it is time; None where there is none, or no database."""
        try:
            close_old_connections()
            self._sweep()
            _require_room()
            job = queue.take(self.token, self.abandoned_after_s + self._outage.patience())
        except _FAILS as error:
            self._outage.failed("the queue is asked again and again: %s", error)
            return None
        self._outage.over()
        return job

    def _sweep(self) -> None:
        if time.monotonic() - self._swept_at < _SWEEP_S:
            return
        try:
            sweep()
        except OSError as error:
            log.warning("not all was swept: %s", type(error).__name__)
        self._swept_at = time.monotonic()

    def _insist(self, job: Job, write: Callable[[], object]) -> None:
        """Write what became of a job, again and again while the database or the disk is gone.

        Where the worker is told to end meanwhile, or it fails for another reason, the job is taken
        again as that of one that died.
        """
        while True:
            try:
                write()
            except _FAILS as error:
                if not comes_back(error):
                    log.warning("job %s was let go: %s", job.key, type(error).__name__)
                    connection.close()
                    return
                self._outage.failed("what became of a job is written again and again: %s", error)
            else:
                self._outage.over()
                return
            if self.ending.wait(_POLL_S):
                return
            tell_alive()

    def do(self, job: Job) -> None:
        """Do one job that was taken; where it cannot be begun, give it back.

        It was no attempt where the database, or room for it, is gone.
        """
        try:
            self._do(job)
        except _FAILS as error:
            self._lack.failed("a job that cannot be begun is given back: %s", error)
            waits = _passes(error)
            self._insist(job, partial(queue.give_back, job, self.token, counted=not waits))
            if waits:
                self.ending.wait(_LET_BE_S)

    def _do(self, job: Job) -> None:
        begin(job)
        try:
            child = _Child(job)
        except OSError as error:
            if _passes(error):
                raise
            self._end(job, {"end": "fault", "what": f"{type(error).__name__}: {error.strerror}"})
            return
        self._lack.over()
        try:
            self._watch(job, child)
        finally:
            child.kill()

    def _watch(self, job: Job, child: _Child) -> None:
        progress: dict[str, Any] = {}
        cancelled_at, heard_at = None, time.monotonic()
        while True:
            line = child.line(_BEAT_S)
            if line is not None and "end" in line:
                self._end(job, child.over(line["bound"]) if line["end"] == "over" else line)
                return
            if line is not None:
                progress |= {name: line[name] for name in ("step", "part", "total") if name in line}
                progress |= {"part": None} if "step" in line else {}
            if self.ending.is_set():
                child.kill()
                self._insist(job, partial(queue.give_back, job, self.token, counted=False))
                return
            if line is None and child.ended():
                if child.ended_by == signal.SIGXCPU:
                    self._end(job, child.over("processor"))
                    return
                log.warning("job %s ended its process", job.key)
                self._insist(job, partial(queue.give_back, job, self.token, counted=True))
                return
            if time.monotonic() - heard_at < _BEAT_S:
                continue
            tell_alive()
            heard_at = time.monotonic()
            exceeded = child.exceeded()
            if exceeded is not None:
                child.kill()
                self._end(job, child.over(exceeded))
                return
            try:
                wish = queue.beat(job, self.token, progress)
            except _FAILS as error:  # it goes on untold: its lock keeps others from doing the same
                self._outage.failed("a job goes on untold: %s", error)
                continue
            self._outage.over()
            if wish is None:
                return
            if wish and cancelled_at is None:
                cancelled_at = heard_at
                child.cancel()
            if cancelled_at is not None and heard_at - cancelled_at > _PATIENCE_S:
                child.kill()
                self._end(job, {"end": "cancelled"})
                return

    def _end(self, job: Job, line: dict[str, Any]) -> None:
        how = line["end"]
        if how == "busy":  # the child of a worker that died is still ending
            self._insist(job, partial(queue.give_back, job, self.token, counted=False))
            self.ending.wait(_POLL_S)
            return
        if how == "fault":
            log.error("job %s (%s): %s", job.key, job.task, line["what"])
            line["error"] = packed_error(_fault(line["what"]))
        shutil.rmtree(job.temporary, ignore_errors=True)  # its room may be what lacks
        self._insist(job, partial(self._ended, job, line))

    def _ended(self, job: Job, line: dict[str, Any]) -> None:
        line = settle(job, line)
        states = {"done": State.DONE, "cancelled": State.CANCELLED}
        queue.end(
            job,
            self.token,
            states.get(line["end"], State.FAILED),
            outcome=line.get("outcome"),
            error=line.get("error"),
        )


def _passes(error: Exception) -> bool:
    """Whether a job that could not be begun can be, once there is room again."""
    return comes_back(error) or (isinstance(error, OSError) and error.errno in _NONE_LEFT)


def _given_up(job: Job) -> None:
    """An upload that was never looked at to the end is erased, and what was copied of it."""
    shutil.rmtree(job.temporary, ignore_errors=True)
    if job.upload is not None:
        refuse(job.upload, job.error or {})


def _fault(what: str) -> VeedorError:
    return VeedorError(
        phrase("veedor must do this, and could not: the fault is its own, or the machine's."),
        found=what,
        remedy="ask again; if it stays, tell those who keep the site",
    )


class _Child:
    """The process that performs a job, with what it started, as one group."""

    def __init__(self, job: Job) -> None:
        site = settings.VEEDOR_SITE
        self._bounds = bounds_of(site.settings, screening=job.upload_id is not None)
        self._temporary = job.temporary
        self._job = job
        shutil.rmtree(self._temporary, ignore_errors=True)
        self._temporary.mkdir(parents=True, mode=0o700)
        environment = {name: one for name, one in os.environ.items() if name not in _SECRETS}
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
            [sys.executable, "-m", _MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=environment | {"TMPDIR": str(self._temporary)},
            cwd=Path(job.asked()["workspace"]),
        )
        folders = (self._temporary, Path(site.work, job.project.key))
        self._watch = Watch(self._bounds, self._process.pid, folders)
        self._lines: lines_of.Queue[bytes] = lines_of.Queue()
        bounded = {"bounds": msgspec.to_builtins(self._bounds), "apart": can_stand_apart()}
        self._send(json.dumps(job.asked() | bounded))
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        for line in self._process.stdout:
            self._lines.put(line)

    def _send(self, text: str) -> None:
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe
        with suppress(BrokenPipeError):
            self._process.stdin.write(text.encode() + b"\n")
            self._process.stdin.flush()

    def line(self, seconds: float) -> dict[str, Any] | None:
        """Wait for what it tells next."""
        try:
            told: dict[str, Any] = json.loads(self._lines.get(timeout=seconds))
        except (lines_of.Empty, ValueError):
            return None
        return told

    def ended(self) -> bool:
        """Whether it ended, and all that it told was read."""
        if self._process.poll() is None:
            return False
        self._reading.join(_BEAT_S)
        return self._lines.empty()

    @property
    def ended_by(self) -> int:
        """Number of the signal that ended it; 0 or less where none did."""
        return -(self._process.returncode or 0)

    def exceeded(self) -> Bound | None:
        """Name a bound that it is over, with all that it started."""
        return self._watch.exceeded()

    def over(self, bound: Bound) -> dict[str, Any]:
        """Say how a job ended that was over a bound."""
        return {"end": "failed", "error": packed_error(over(bound, self._bounds))}

    def cancel(self) -> None:
        """Tell it to end at its next step."""
        self._send("cancel")

    def kill(self) -> None:
        """End it, and all that it started."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._reading.join(_BEAT_S)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
        shutil.rmtree(self._temporary, ignore_errors=True)
        with suppress(OSError):  # what stays is swept
            self._clear()

    def _clear(self) -> None:
        """Clear what it was writing, unless another worker has the job done by now."""
        if not self._job.folder:
            return
        handle = held(self._job.lock)
        if handle is None:
            return
        try:
            clear_after_kill(self._job.result)
        finally:
            release(handle, self._job.lock)


@contextmanager
def ended_by_signals(worker: Worker) -> Iterator[None]:
    """Let a worker end, and give back its job, where the system asks for it."""

    def asked(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - signal's
        worker.ending.set()

    before = {one: signal.signal(one, asked) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
