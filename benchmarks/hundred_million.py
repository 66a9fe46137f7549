"""Seconds and memory of `veedor init`, `check` and `run` on a file of 100 million incidents.

    python -m benchmarks.hundred_million [ROWS]

A made-up Parquet file of ten years of a large city: instants, latitudes and longitudes of 200,000
addresses, six categories, and when each was entered. Written by DuckDB from hashes of the row, so
that the same number of rows is the same file. Each command runs in a process of its own, by the
door that anyone uses: `init`, then `check` and `run` of the study that it wrote, with cells of
500 m, the forecasters PriorCounts and Stack, and no chapter on patterns, in one process. The memory
is the most that was resident, pages of mapped files among it; what the process itself held, without
them, stands beside. The floor: DuckDB counts the rows and the different places.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import duckdb

ROWS = 100_000_000
ADDRESSES = 200_000
CATEGORIES = ("theft", "burglary", "robbery", "assault", "criminal damage", "vehicle theft")
#: Seconds and GB.
GOALS = {"init": (10.0, 1.0), "check": (120.0, 8.0), "run": (600.0, 8.0)}
SIZE_M, FORECASTERS = 500, ("PriorCounts", "Stack")
_DAYS = 3_652
_KIB = 1024
_LATITUDE, _LONGITUDE = -34.6, -58.45


def make_record(path: Path, rows: int) -> None:
    """Write incidents whose addresses and categories are unequally usual, reported hours later."""
    names = ", ".join(f"'{name}'" for name in CATEGORIES)
    connection = duckdb.connect(config={"memory_limit": "2GB"})
    connection.execute("SET preserve_insertion_order = false")
    connection.execute(
        f"""
        COPY (
          SELECT t AS occurred_at,
            t + to_minutes((3000 * pow({_share("r, 3")}, 4))::BIGINT) AS reported_at,
            ([{names}])[1 + floor({len(CATEGORIES)} * pow({_share("r, 4")}, 2))::INT] AS category,
            round({_LATITUDE} + 0.2 * {_share("a, 5")}, 6) AS latitude,
            round({_LONGITUDE} + 0.25 * {_share("a, 6")}, 6) AS longitude
          FROM (
            SELECT range AS r, floor({ADDRESSES} * pow({_share("range, 1")}, 2))::INT AS a,
              TIMESTAMP '2015-01-01' + to_minutes((hash(range, 2) % {_DAYS * 1440})::BIGINT) AS t
            FROM range({rows})
          )
        ) TO '{path}' (FORMAT parquet, COMPRESSION zstd)
        """
    )
    connection.close()


def _share(what: str) -> str:
    """SQL of a number from 0 to below 1, made of a hash."""
    return f"((hash({what}) % 10000019) / 10000019.0)"


class _Watched(threading.Thread):
    """Looks ten times a second at what a process holds."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.status = Path(f"/proc/{process}/status")
        self.own = 0
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.1):
            try:
                text = self.status.read_text()
            except OSError:
                return
            for line in text.splitlines():
                if line.startswith("RssAnon:"):
                    self.own = max(self.own, int(line.split()[1]))


def measured(command: Sequence[str], folder: Path) -> dict[str, float]:
    """Run a command in a process of its own; give its seconds, processor seconds and GB."""
    begun = time.perf_counter()
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=subprocess.STDOUT)
        watched = _Watched(process.pid)
        watched.start()
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        watched.over.set()
        watched.join()
    if os.waitstatus_to_exitcode(status):
        raise SystemExit((folder / "said").read_text())
    return {
        "seconds": round(seconds, 1),
        "of processors": round(used.ru_utime + used.ru_stime, 1),
        "GB": round(used.ru_maxrss * _KIB / 1e9, 2),
        "of its own": round(watched.own * _KIB / 1e9, 2),
    }


_FLOOR = (
    "import duckdb, sys; print(duckdb.connect(config={'memory_limit': '1GB'}).execute("
    "'SELECT count(*), count(DISTINCT (latitude, longitude)) FROM read_parquet(?)', "
    "[sys.argv[1]]).fetchone())"
)


def commands(path: Path) -> dict[str, list[str]]:
    """Return what is run, by name."""
    veedor = [sys.executable, "-m", "veedor"]
    return {
        "floor": [sys.executable, "-c", _FLOOR, str(path)],
        "init": [*veedor, "init", "study", "--incidents", str(path)],
        "check": [*veedor, "check", "study"],
        "run": [*veedor, "run", "study", "--jobs", "1"],
    }


def settle(study: Path) -> None:
    """Ask for the cells and forecasters that are measured."""
    text = study.read_text()
    settings = {
        r"^size_m = \d+": f"size_m = {SIZE_M}",
        r"^use = .*": f"use = {[*FORECASTERS]}".replace("'", '"'),
        r"^\[patterns\]": "# [patterns]",
    }
    for pattern, setting in settings.items():
        text, changed = re.subn(pattern, setting, text, flags=re.MULTILINE)
        if changed != 1:
            raise SystemExit(f"study.toml has {changed} lines of {pattern}, not one")
    study.write_text(text)


def main() -> None:
    """Make the file, and measure each command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=ROWS)
    parser.add_argument("--file", type=Path, help="where to keep the record, made if not there")
    parser.add_argument("--only", nargs="+", help="of floor, init, check and run; run needs init")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = (asked.file or folder / "incidents.parquet").absolute()
        if not path.exists():
            make_record(path, asked.rows)
        print(f"{asked.rows:,} rows, {path.stat().st_size / 1e9:.2f} GB of Parquet", flush=True)
        for what, command in commands(path).items():
            if asked.only and what not in asked.only:
                continue
            found = measured(command, folder)
            told = "".join(f"{name} {value:g}  " for name, value in found.items())
            goal = "goal {:g} s, {:g} GB".format(*GOALS[what]) if what in GOALS else ""
            print(f"{what:6} {told} {goal}", flush=True)
            if what == "init":
                settle(folder / "study" / "study.toml")


if __name__ == "__main__":
    main()
