"""A process that performs one job and ends: what breaks it takes nothing else along.

It knows nothing of Django or the database. What to do stands in the first line of its input, what
comes of it in lines of JSON of its output. When its worker ends, its input does, and then it ends.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from veedor.errors import Phrase, VeedorError, phrase
from veedor.files.locks import held, release
from veedor.web.work.apart import stand_apart
from veedor.web.work.bounds import Bounds, enclose
from veedor.web.work.packed import packed, packed_done, packed_error

#: The jobs that look at an upload, which may be a reading pack; any other is a task.
SCREEN, PACK = "screen", "pack"
_DEATH_OF_PARENT = 1  # PR_SET_PDEATHSIG of linux/prctl.h

Tell = Callable[..., None]


class Telling:
    """Progress, as lines.

    Parameters
    ----------
    tell : callable
    """

    def __init__(self, tell: Tell) -> None:
        self._tell = tell

    def step(self, name: Phrase, total: int | None) -> None:
        """Begin a step."""
        self._tell(step=packed(name), total=total)

    def advance(self, done: int) -> None:
        """Tell how far it is."""
        self._tell(part=done)

    def rest(self) -> None:
        """Pass over: a job ends by itself."""

    def tell(self, text: str) -> None:
        """Pass over: what a task says at the end is kept."""


def main() -> None:
    """Perform the job that the input says."""
    _end_with_parent()
    output = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)  # what a library prints is no line of ours
    told = threading.Lock()

    def tell(**line: Any) -> None:
        with told:
            output.write(json.dumps(line) + "\n")

    asked = json.loads(sys.stdin.buffer.readline())
    if asked["apart"]:
        stand_apart()
        _end_with_parent()
    enclose(msgspec.convert(asked["bounds"], Bounds))
    cancel = threading.Event()
    threading.Thread(target=_listen, args=(cancel,), daemon=True).start()
    lock = Path(asked["lock"])
    lock.parent.mkdir(parents=True, exist_ok=True)
    handle = held(lock)
    if handle is None:
        tell(end="busy")
        return
    try:
        tell(**_performed(asked, cancel, tell))
    finally:
        release(handle, lock)


def _end_with_parent() -> None:
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_DEATH_OF_PARENT, signal.SIGKILL)


def _listen(cancel: threading.Event) -> None:
    """Wait for the wish to end; where the worker is gone, end with all that was started here."""
    while line := sys.stdin.buffer.readline():
        if line.strip() == b"cancel":
            cancel.set()
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)


def _performed(asked: dict[str, Any], cancel: threading.Event, tell: Tell) -> dict[str, Any]:
    from veedor.report.words import words_in
    from veedor.tasks import Cancelled, Context

    context = Context(
        workspace=Path(asked["workspace"]),
        progress=Telling(tell),
        cancel=cancel,
        language=asked["language"],
        given=frozenset(asked["request"]),
        runs_code=False,
    )
    try:
        if asked["task"] == SCREEN:
            return {"end": "done", "outcome": _screened(asked["request"], context)}
        if asked["task"] == PACK:
            return {"end": "done", "outcome": _read_pack(asked["request"], context)}
        task = import_module(f"veedor.tasks.{asked['task']}")
        done = task.perform(task.Request(**asked["request"]), context)
        return {"end": "done", "outcome": packed_done(done, words_in(context.language))}
    except Cancelled:
        return {"end": "cancelled"}
    except VeedorError as error:
        return {"end": "failed", "error": packed_error(error)}
    except MemoryError:
        return {"end": "over", "bound": "memory"}
    except OSError as error:
        if error.errno == errno.EFBIG:
            return {"end": "over", "bound": "bytes"}
        return {"end": "fault", "what": f"{type(error).__name__}: {error.strerror}"}
    except Exception as error:  # noqa: BLE001 - its text may repeat data, so only its kind is told
        return {"end": "fault", "what": _where(error)}


def _screened(request: dict[str, Any], context: Any) -> dict[str, Any]:
    from veedor.tables.screening import screen_file

    path = context.workspace / request["file"]
    context.step(phrase("Looking for personal data"), None)
    found = screen_file(path, context.advance)
    return {"kind": found.kind, "ending": found.ending, "rows": found.rows}


def _read_pack(request: dict[str, Any], context: Any) -> dict[str, Any]:
    """Read a pack, and write what its readers see for the worker; its key stays here."""
    import msgspec

    from veedor.tasks.judging import for_readers_in

    context.step(phrase("Looking for personal data"), None)
    seen = for_readers_in(context.workspace / request["file"])
    into = context.workspace / request["into"]
    into.write_bytes(msgspec.json.encode(seen))
    return {}


def _where(error: BaseException) -> str:
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    at = (
        "" if place is None else f"{Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}"
    )
    return f"{type(error).__name__}, {at}"


if __name__ == "__main__":
    main()
