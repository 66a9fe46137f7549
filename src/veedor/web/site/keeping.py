"""A process that keeps the workers of a site: one that ends is started again.

It is no thread of the server's, which starts its own processes by copying itself: a copy made while
another process is being started keeps that one's pipes open, and both wait. It ends when its input
does: when the server is gone, however it went.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

#: Between two looks at the workers, and how long one that is told to end may take.
_LOOK_S, _PATIENCE_S = 1.0, 15.0


@contextmanager
def workers_beside(folder: Path, n: int) -> Iterator[None]:
    """Keep workers of a site until what is within ends.

    Parameters
    ----------
    folder : Path
    n : int
        How many; 0 for none.
    """
    if not n:
        yield
        return
    owner = os.getpid()
    keeper = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", __name__, str(folder), str(n)], stdin=subprocess.PIPE
    )
    try:
        yield
    finally:
        if os.getpid() == owner:  # and no copy of it, which ends here too
            keeper.terminate()
            with suppress(subprocess.TimeoutExpired):
                keeper.wait(_PATIENCE_S + _LOOK_S)


def main() -> None:
    """Keep so many workers of a site, as the command line says."""
    command = [sys.executable, "-m", "veedor", "web", "worker", sys.argv[1]]
    ending = threading.Event()

    def asked(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - signal's
        ending.set()

    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, asked)

    def listen() -> None:
        sys.stdin.buffer.read()
        ending.set()

    threading.Thread(target=listen, daemon=True).start()

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - ours

    running = [start() for _ in range(int(sys.argv[2]))]
    while not ending.wait(_LOOK_S):
        running = [one if one.poll() is None else start() for one in running]
    for worker in running:
        worker.terminate()
    for worker in running:
        try:
            worker.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            worker.kill()


if __name__ == "__main__":
    main()
