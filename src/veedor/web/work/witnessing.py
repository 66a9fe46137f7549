"""`Witnessing`: beside its jobs a worker has checkpoints of the access log given to witnesses."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from django.conf import settings
from django.utils.timezone import now

from veedor.files.json_file import write_json
from veedor.files.locks import held, release
from veedor.web.looks.given_out import folder

log = logging.getLogger(__name__)
#: Between two looks at the clock, after a failure, and how long giving out may take.
_LOOK_S, _AGAIN_S, _MOST_S = 60.0, 3_600.0, 1_800.0
_TRIED, _LOCK = "tried.json", ".tried.lock"


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """The last time that checkpoints were given out, by whichever worker.

    Parameters
    ----------
    at : datetime
    reached : bool
        Whether every witness was.
    """

    at: datetime
    reached: bool


class Witnessing:
    """Has `veedor web witness` run at the interval of ``site.toml``, in a process of its own.

    It waits for no job and no job for it; that a witness was not reached is logged, and tried again
    within the hour. Of several workers one does it.

    Parameters
    ----------
    ending : threading.Event
        Of the worker.
    """

    def __init__(self, ending: threading.Event) -> None:
        self._ending = ending

    @contextmanager
    def beside(self) -> Iterator[None]:
        """Look at the clock until what is within ends."""
        thread = threading.Thread(target=self._run, daemon=True)
        thread.start()
        yield

    def _run(self) -> None:
        while not self._ending.wait(_LOOK_S):
            try:
                give_out_if_due()
            except Exception:  # whatever it is, the next time it is tried
                log.exception("checkpoints were not given out")


def give_out_if_due() -> bool:
    """Have checkpoints given out where it is time; return whether it was."""
    hours = settings.VEEDOR_SITE.settings.witnesses.every_hours
    if not hours:
        return False
    folder().mkdir(exist_ok=True)
    lock = folder() / _LOCK
    handle = held(lock)
    if handle is None:
        return False
    try:
        if not _is_due(_last(), now(), hours):
            return False
        reached = _given_out()
        write_json(Tried(at=now(), reached=reached), folder() / _TRIED)
    finally:
        release(handle, lock)
    if not reached:
        log.warning("a witness was not given a checkpoint of the access log; it is tried again")
    return True


def _is_due(last: Tried | None, at: datetime, hours: float) -> bool:
    if last is None or last.at > at:  # the clock was set back
        return True
    wait = timedelta(hours=hours)
    if not last.reached:
        wait = min(wait, timedelta(seconds=_AGAIN_S))
    return at - last.at >= wait


def _last() -> Tried | None:
    try:
        return msgspec.json.decode((folder() / _TRIED).read_bytes(), type=Tried)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None


def _given_out() -> bool:
    """Run the command; whether every witness was reached."""
    site: Path = settings.VEEDOR_SITE.folder
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-m", "veedor", "web", "witness", str(site)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_MOST_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
