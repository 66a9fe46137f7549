"""A site of the web app whose processes are killed at random moments, under load.

    python -m benchmarks.web_kills --points 100 --seed 1

Makes a site (in SQLite, or in the empty database of DATABASE_URL), serves it as `veedor web run`
does, and lets people read, sign in, look at results, upload, ask for audits, judge and publish, as
fast as the machine lets them. At each point one process is ended by SIGKILL: the server, one of
those that answer, the worker, the process of a job, or the one that publishes. What is down is
started again. After each point, and at the end, it is asked whether anything is gone that somebody
was told is done, whether the access log verifies, and whether anything is half there; at the end,
also whether anything was left that nobody clears. Exit code 1 if so.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import numpy as np

from benchmarks.web_clients import (
    Acknowledged,
    Asker,
    Browser,
    Judge,
    Looker,
    Publisher,
    SignIn,
    Uploader,
    Visitor,
)

KINDS = ("server", "answering", "worker", "job", "publishing")
SHARES = (0.1, 0.25, 0.25, 0.25, 0.15)
LINES, READERS, SIGNING = 4_000, 2, 8
ABANDONED_S = 4.0


def make_site(folder: Path, port: int) -> dict[str, object]:
    """Make a site with somebody of each kind; return what those who use it need to know."""
    from veedor.report.words import words_in
    from veedor.web.site.folder import About, making
    from veedor.web.site.opening import migrate, open_site
    from veedor.web.site.words import settings_file

    about = About(title="Kills", address=f"http://127.0.0.1:{port}")
    text = settings_file(words_in("es"), about)
    text = text.replace("abandoned_after_s = 60", f"abandoned_after_s = {ABANDONED_S}")
    with making(folder, text):
        pass
    open_site(folder)
    migrate()
    from benchmarks.web_clients import fill

    return fill(folder, LINES, READERS, SIGNING)


class Serving:
    """`veedor web run`, with all that it starts.

    Parameters
    ----------
    folder : Path
    port : int
    """

    def __init__(self, folder: Path, port: int) -> None:
        self.port = port
        self._command = [
            sys.executable, "-m", "veedor", "web", "run", str(folder),
            "--bind", f"127.0.0.1:{port}", "--processes", "2", "--workers", "1",
        ]  # fmt: skip
        self.log = folder.parent / "server.log"
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        self.answers()

    def answers(self, seconds: float = 600.0) -> float:
        """Wait until it answers that its database is there; return how long that took."""
        began = time.perf_counter()
        while time.perf_counter() - began < seconds:
            with suppress(OSError, ValueError, IndexError):
                if Browser(self.port).get("/health/")[0] == 200:
                    return time.perf_counter() - began
            if self.process.poll() is not None:
                raise SystemExit(f"the server ended: {self.log.read_text()[-2_000:]}")
            time.sleep(0.05)
        raise SystemExit("the site does not answer")

    def pids(self, kind: str, publisher: Publisher) -> list[int]:
        """Processes of a kind that are there now."""
        if kind == "server":
            return [self.process.pid]
        if kind == "publishing":
            return publisher.pids()
        below = children(self.process.pid)
        keeper = [one for one in below if b"site.keeping" in said(one)]
        if kind == "answering":
            return [one for one in below if one not in keeper]
        workers = [one for of in keeper for one in children(of)]
        if kind == "worker":
            return workers
        return [one for of in workers for one in children(of)]

    def stop(self) -> None:
        """End it as a person would."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


def children(pid: int) -> list[int]:
    """Processes that a process started."""
    found = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += [int(one) for one in (task / "children").read_text().split()]
    return found


def said(pid: int) -> bytes:
    """The command line of a process."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def kill_one(serving: Serving, publisher: Publisher, rng: np.random.Generator) -> tuple[str, float]:
    """End a process at a random moment; return its kind, and how long the site did not answer."""
    kind = str(rng.choice(KINDS, p=SHARES))
    time.sleep(rng.uniform(0.1, 1.5))
    until = time.perf_counter() + 6.0
    while not (found := serving.pids(kind, publisher)):
        if time.perf_counter() > until:
            kind = "worker"
        if serving.process.poll() is not None:
            raise SystemExit(f"the server ended: {serving.log.read_text()[-2_000:]}")
        time.sleep(0.02)
    # Those that end by themselves are ended anywhere in their time, and not at its beginning.
    if kind in ("job", "publishing"):
        time.sleep(rng.uniform(0.0, 2.0))
        found = serving.pids(kind, publisher) or found
    with suppress(ProcessLookupError):
        os.kill(int(rng.choice(found)), signal.SIGKILL)
    if kind == "server":
        serving.process.wait()
        began = time.perf_counter()
        serving.start()
        return kind, time.perf_counter() - began
    return kind, serving.answers()


def run(folder: Path, port: int, points: int, rng: np.random.Generator, seconds: float) -> int:
    """Kill, check and print; return how much was wrong."""
    from benchmarks.web_checks import check_now, drained, left_behind

    made = make_site(folder, port)
    serving = Serving(folder, port)
    told = Acknowledged()
    stop = threading.Event()
    publisher = Publisher(port, made, told, stop, folder, rng.spawn(1)[0])
    clients = [
        *(Visitor(port, made, told, stop, one) for one in rng.spawn(2)),
        *(Judge(port, made, told, stop, n, one) for n, one in enumerate(rng.spawn(READERS))),
        SignIn(port, made, told, stop, rng.spawn(1)[0]),
        Looker(port, made, told, stop, rng.spawn(1)[0]),
        Uploader(port, made, told, stop, rng.spawn(1)[0]),
        Asker(port, made, told, stop, rng.spawn(1)[0]),
        publisher,
    ]
    for one in clients:
        one.start()
    kinds: Counter[str] = Counter()
    waited: dict[str, list[float]] = {}
    wrong: list[str] = []
    began = time.perf_counter()
    for point in range(points):
        kind, took = kill_one(serving, publisher, rng)
        kinds[kind] += 1
        waited.setdefault(kind, []).append(took)
        found = check_now(told.copy())
        wrong += [f"point {point + 1}, {kind}: {one}" for one in found]
        print(f"point {point + 1}: {kind}, {took:.1f} s {found or ''}", file=sys.stderr, flush=True)
        if seconds and time.perf_counter() - began > seconds:
            break
    stop.set()
    for one in clients:
        one.join(120)
    wrong += [f"a client hangs: {type(one).__name__}" for one in clients if one.is_alive()]
    wrong += [f"a client broke: {one.failed}" for one in clients if one.failed]
    wrong += drained(240.0)
    serving.stop()
    before = left_behind(age=True)
    serving.start()
    until = time.perf_counter() + 60.0
    while (after := left_behind(age=False)) and time.perf_counter() < until:
        time.sleep(0.5)
    wrong += [f"left for ever: {one}" for one in after]
    wrong += check_now(told.copy())
    serving.stop()
    print(f"{sum(kinds.values())} points in {time.perf_counter() - began:.0f} s: {dict(kinds)}")
    for kind, times in waited.items():
        median, most = statistics.median(times), max(times)
        print(f"  answers again after {kind}: median {median:.1f} s, at most {most:.1f} s")
    print(f"acknowledged: {told.counted()}")
    print(f"not answered: {dict(told.unanswered)}")
    print(f"left by killed processes and cleared: {len(before)}")
    for one in wrong:
        print(f"WRONG {one}")
    print(f"{len(wrong)} wrong")
    return len(wrong)


def free_port() -> int:
    """Find a port that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def main() -> None:
    """Kill so many."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--points", type=int, default=100)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--seconds", type=float, default=0.0, help="end after these; 0 for never")
    parser.add_argument("--keep", type=Path, default=None, help="a new folder that stays")
    given = parser.parse_args()
    seed = np.random.SeedSequence().entropy % 2**32 if given.seed is None else given.seed
    print(f"seed {seed}, load of the machine {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    rng = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory(prefix="veedor-kills-") as scratch:
        folder = (given.keep or Path(scratch)) / "site"
        wrong = run(folder, free_port(), given.points, rng, given.seconds)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
