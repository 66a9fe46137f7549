"""Runs on a dask cluster: killed at random, what a task costs, and how far that goes.

    python -m benchmarks.cluster --runs 50

A scheduler and two workers of this machine, each a process. A made-up record of three categories is
forecast from eight origins by three cheap forecasters; each task also waits a while, so that there
is something to kill. Workers are killed at random moments, up to two a run, and in every fifth run
the scheduler too; all that was made is compared with what one process makes, byte for byte. Then
tasks of no work say what a task costs the asking process and the scheduler, and a model what
follows for a thousand workers. Needs Linux and the extra ``cluster``.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Generator, Hashable, Iterable
from pathlib import Path
from threading import Event, Thread
from typing import Any

import numpy as np
from shapely import box
from tests.made_cluster import Cluster

from veedor.backtest import Backtest, Executor, Plan, SerialExecutor
from veedor.backtest.executors.cluster import DaskExecutor
from veedor.forecasters import Entry, Task
from veedor.incidents import Category, Incidents
from veedor.record import Points
from veedor.spacetime import Cells, Length, Periods, SquareLattice, StudyArea

CATEGORIES = ("burglary", "robbery", "theft")
CRS = "EPSG:32721"
WEEK = Length(1, "week")
SECONDS = 0.1
ORIGINS = 8
NO_WORK = 3000
SPED = 40
#: Bytes of a forecast of some ten thousand cells, as its file has it.
FORECAST = 150_000


def main() -> None:
    """Kill, measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        plan = made_up_plan(np.random.default_rng(given.seed))
        expected = made(plan, SerialExecutor(), folder / "here")
        with Cluster(folder) as cluster, cluster.supervised(2):
            soak(plan, expected, cluster, given.runs, np.random.default_rng(given.seed))
        with Cluster(folder) as cluster:
            for what, (one, two) in speeds(cluster).items():
                print(
                    f"{SPED} tasks that {what}: {one:.1f} s on one worker, {two:.1f} s on two: "
                    f"efficiency {one / two / 2:.2f}"
                )
            tell_model(*costs(cluster, 0), *costs(cluster, FORECAST)[2:])


def made_up_plan(rng: np.random.Generator) -> Plan:
    """Two years of incidents in 400 squares, whose last eight weeks are forecast."""
    n, begins = 6000, np.datetime64("2022-01-03T03:00", "us")
    start = begins + np.sort(rng.integers(0, 104 * 7 * 86_400, n)).astype("timedelta64[s]")
    incidents = Incidents(
        id=np.arange(n),
        category=rng.integers(0, len(CATEGORIES), n).astype(np.int16),
        start=start,
        end=start.copy(),
        reported_at=None,
        x_m=rng.gamma(2.0, 1500.0, n) % 10_000.0,
        y_m=rng.gamma(2.0, 1500.0, n) % 10_000.0,
        precision_m=None,
        categories=tuple(Category(name, "reported") for name in CATEGORIES),
        crs=CRS,
        time_zone="America/Argentina/Buenos_Aires",
    )
    cells = Cells.on_lattice(
        StudyArea(box(0.0, 0.0, 10_000.0, 10_000.0), CRS, "made up"), SquareLattice(500.0)
    )
    ends = begins + np.timedelta64(7 * 104, "D")
    record = Points.of(incidents, cutoff=ends, begins=begins)
    return Plan(
        tuple(Task(record, name, cells, WEEK) for name in CATEGORIES),
        tuple(Entry.of(name) for name in ("PriorCounts", "PastMean", "RecentMean")),
        Periods.stepping(ends, WEEK, -ORIGINS, 0, incidents.time_zone),
        1,
    )


class Slowed:
    """An executor whose tasks take a while longer."""

    def __init__(self, executor: Executor) -> None:
        self.executor = executor

    def run(
        self,
        function: Callable[[Any, Any], Any],
        shared: Any,
        tasks: Iterable[Any],
        *,
        together: Callable[[Any], Hashable] | None = None,
    ) -> Generator[Any, None, None]:
        """Run as the other one does."""
        return self.executor.run(slowed, (function, shared), tasks, together=together)


def slowed(shared: tuple[Callable[[Any, Any], Any], Any], task: Any) -> Any:
    """Wait, and do it."""
    time.sleep(SECONDS)
    function, rest = shared
    return function(rest, task)


def waiting(seconds: float, task: int) -> int:
    """Wait, and give the task back."""
    time.sleep(seconds)
    return task


def computing(rounds: int, task: int) -> float:
    """Keep a processor busy with so many rounds of the same work."""
    rng = np.random.default_rng(task)
    return float(sum(np.sort(rng.random(100_000))[0] for _ in range(rounds)))


def returning(size: int, task: int) -> bytes:  # noqa: ARG001 - all are alike
    """Do nothing, and give so many bytes back."""
    return bytes(size)


def made(plan: Plan, executor: Executor, folder: Path) -> dict[str, bytes]:
    """Make all forecasts of a plan and return their files."""
    for _ in Backtest(plan, folder).run(executor):
        pass
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*.*"))
        if path.is_file()
    }


def soak(
    plan: Plan,
    expected: dict[str, bytes],
    cluster: Cluster,
    runs: int,
    rng: np.random.Generator,
) -> None:
    """Run again and again while workers, and sometimes the scheduler, are killed."""
    began, killed, same = time.monotonic(), Counter[str](), 0
    for number in range(runs):
        over = Event()
        killer = Thread(target=kill, args=(cluster, number % 5 == 4, rng, over, killed))
        killer.start()
        found = made(plan, Slowed(DaskExecutor(cluster.address)), cluster.logs / f"run-{number}")
        over.set()
        killer.join()
        same += found == expected
        if number % 10 == 9 or number == runs - 1:
            print(
                f"{number + 1} runs of {len(expected)} forecasts, {killed['worker']} workers and "
                f"{killed['scheduler']} schedulers killed: {same} whole and the same bytes, "
                f"{time.monotonic() - began:.0f} s",
                flush=True,
            )


def kill(
    cluster: Cluster,
    scheduler_too: bool,
    rng: np.random.Generator,
    over: Event,
    killed: Counter[str],
) -> None:
    """Kill two things at random moments, as long as the run is not over."""
    for seconds in rng.exponential(2.0, 2):
        if over.wait(0.3 + seconds):
            return
        if scheduler_too and rng.random() < 0.5:
            cluster.kill_scheduler()
            killed["scheduler"] += 1
        else:
            cluster.kill_worker(int(rng.integers(len(cluster.workers))))
            killed["worker"] += 1


def speeds(cluster: Cluster) -> dict[str, tuple[float, float]]:
    """Seconds of the same tasks on one worker and on two: some only wait, some compute."""
    seconds: dict[str, list[float]] = {"wait": [], "compute": []}
    for _ in range(2):
        cluster.start_worker()
        _ready(cluster, len(cluster.workers))
        asked: tuple[tuple[str, Callable[..., Any], Any], ...] = (
            ("wait", waiting, 0.5),
            ("compute", computing, 800),
        )
        for what, task, shared in asked:
            began = time.monotonic()
            list(DaskExecutor(cluster.address).run(task, shared, range(SPED)))
            seconds[what].append(time.monotonic() - began)
    return {what: (one, two) for what, (one, two) in seconds.items()}


def _ready(cluster: Cluster, workers: int) -> None:
    """Wait until so many workers have done something."""
    from distributed import Client

    with Client(cluster.address, set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=120)
        client.run(os.getpid)
    list(DaskExecutor(cluster.address).run(waiting, 0.05, range(40)))


def costs(cluster: Cluster, size: int) -> tuple[float, float, float, float]:
    """Seconds of a task that returns so many bytes, of the asker and scheduler, and bytes moved."""
    here, there, moved = time.process_time(), _processor(cluster.scheduler.pid), _moved()
    began = time.monotonic()
    for _ in DaskExecutor(cluster.address).run(returning, size, range(NO_WORK)):
        pass
    return (
        (time.monotonic() - began) / NO_WORK,
        (time.process_time() - here) / NO_WORK,
        (_processor(cluster.scheduler.pid) - there) / NO_WORK,
        (_moved() - moved) / NO_WORK,
    )


def tell_model(
    each: float, here: float, scheduler: float, moved: float, large: float, large_moved: float
) -> None:
    """Print the terms, and what follows from them."""
    print(
        f"tasks of no work, two workers: {1 / each:.0f} a second; a task costs the asking process "
        f"{1e3 * here:.2f} ms of processor, the scheduler {1e3 * scheduler:.2f} ms, and "
        f"{moved / 1e3:.1f} kB on the network, all ways together"
    )
    print(
        f"with {FORECAST / 1e3:.0f} kB returned: {1e3 * large:.2f} ms of the scheduler and "
        f"{large_moved / 1e3:.0f} kB"
    )
    least = max(here, large)
    print(f"most tasks a second, whatever the workers: {1 / least:.0f}")
    for workers in (2, 10, 100, 1000):
        shares = ", ".join(
            f"{seconds:g} s {min(1.0, seconds / (workers * least)):.2f}"
            for seconds in (0.5, 2.0, 10.0, 60.0)
        )
        print(f"  {workers:>5} workers, efficiency with tasks of {shares}")


def _processor(process: int) -> float:
    """Seconds of processor that a process has used (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _moved() -> int:
    """Bytes that went over the loopback (Linux)."""
    (line,) = (one for one in Path("/proc/net/dev").read_text().splitlines() if " lo:" in one)
    return int(line.split(":")[1].split()[0])


if __name__ == "__main__":
    main()
