"""Seconds and memory of an audit of access, beside DuckDB's plain count of the same file.

    python -m benchmarks.access [ROWS]

A made-up log of a network of plate readers, 20 million look-ups of one year in the form of 13
columns (CSV), by 60,000 users of 4,000 forces: read with every key hashed under a salt, and every
figure. Beside it, what any reader must do at least: DuckDB counts the rows of the file, and the
users in it, without a state, a hash or a time. Each in its own process.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from veedor.audits.access.audit import audit_access
from veedor.audits.access.reading import AccessReading, read_access
from veedor.audits.access.salt import Salt

ROWS = 20_000_000
USERS, FORCES, PLATES, CASES = 60_000, 4_000, 4_000_000, 1_500_000
ZONE = "America/Chicago"
_TIME = "%m/%d/%Y, %I:%M:%S %p UTC"
_REASONS = (
    "investigation", "Investigation", "inv", "stolen vehicle", "burglary", "homicide", "drugs",
    "missing person", "welfare check", "test", "", "N/A", "BOLO", "hit and run", "traffic",
    "warrant",
)  # fmt: skip


def make_log(path: Path, rows: int) -> None:
    """Write a log whose users look up unequally often, with a case number in a reason in ten."""
    reasons = ", ".join(f"'{one}'" for one in _REASONS)
    duckdb.execute(
        f"""
        COPY (
          SELECT uuid_of AS "ID", 'J. Doe' || u AS "Name", 'PD ' || u % {FORCES} AS "Org Name",
            (hash(r, 3) % 6000)::INT AS "Total Networks Searched",
            strftime(t - to_days((hash(r, 4) % 30)::INT + 1), '{_TIME}') || chr(10)
              || strftime(t, '{_TIME}') AS "Time Frame",
            'Q' || printf('%07d', p) AS "License Plate",
            CASE WHEN r % 10 = 0 THEN 'burglary 25-' || (hash(r, 5) % {CASES}) ELSE
              ([{reasons}])[(hash(r, 6) % {len(_REASONS)})::INT + 1] END AS "Reason",
            CASE WHEN r % 3 = 0 THEN '' ELSE '25-' || (hash(r, 7) % {CASES}) END AS "Case #",
            '' AS "Filters", strftime(t, '{_TIME}') AS "Search Time",
            ['lookup', 'search', 'freeform', 'convoy'][(hash(r, 8) % 4)::INT + 1] AS "Search Type",
            '' AS "Text Prompt", '' AS "Moderation"
          FROM (
            SELECT range AS r, lower(printf('%016x-%08x', hash(range), range)) AS uuid_of,
              ({USERS} * pow((hash(range, 1) % 1000000) / 1e6, 3))::INT AS u,
              ({PLATES} * pow((hash(range, 2) % 10000019) / 10000019.0, 2))::INT AS p,
              TIMESTAMP '2025-01-01'
                + to_microseconds((range * (31536000000000.0 / {rows}))::BIGINT) AS t
            FROM range({rows})
          )
        ) TO '{path}' (HEADER, DELIMITER ',')
        """
    )


def read(path: Path) -> int:
    """Read the log."""
    return len(_reading(path).log)


def whole(path: Path) -> int:
    """Read the log, and make every figure."""
    found = _reading(path)
    return len(audit_access(found.log, registers=found.registers).statements)


def floor(path: Path) -> int:
    """Count rows and users without looking at anything else."""
    connection = duckdb.connect(config={"memory_limit": "1GB"})
    names = {f"c{n}": "VARCHAR" for n in range(13)}
    found = connection.execute(
        f"SELECT count(*), count(DISTINCT c1) FROM read_csv('{path}', columns = {names}, "
        "auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"')"
    ).fetchone()
    return int(found[0]) if found else 0


def _reading(path: Path) -> AccessReading:
    return read_access([path], "network", ZONE, Salt(b"made up, and long enough"))


TASKS: dict[str, Callable[[Path], int]] = {"floor": floor, "read": read, "whole": whole}


def measured(name: str, path: Path) -> dict[str, float]:
    """Run a task in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.access", "--one", name, "--file", str(path)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Measure each task."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=ROWS)
    parser.add_argument("--one", choices=TASKS)
    parser.add_argument("--file", type=Path)
    asked = parser.parse_args()
    if asked.one:
        started, begun = time.perf_counter(), time.process_time()
        found = TASKS[asked.one](asked.file)
        print(
            json.dumps(
                {
                    "found": found,
                    "seconds": round(time.perf_counter() - started, 1),
                    "cpu": round(time.process_time() - begun, 1),
                    "GB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2),
                }
            )
        )
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.csv"
        make_log(path, asked.rows)
        print(f"{asked.rows:,} rows, {path.stat().st_size / 1e9:.2f} GB of CSV")
        each = {name: measured(name, path) for name in TASKS}
        for name, one in each.items():
            ratio = one["seconds"] / max(each["floor"]["seconds"], 0.1)
            print(
                f"{name:6} {one['seconds']:7.1f} s  {one['cpu']:7.1f} s CPU  {one['GB']:5.2f} GB  "
                f"{ratio:5.1f} x the floor"
            )


if __name__ == "__main__":
    main()
