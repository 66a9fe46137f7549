"""Rows a second and peak memory of `read`, beside a bare DuckDB scan of the same columns.

    python benchmarks/reading.py --rows 10000000

Makes a CSV of about 200 bytes a row from the development data (Chicago 2016-2017, repeated with
jitter), and runs each measurement in a process of its own, the scan and `read` by turns. Each
first reads the beginning of the file, so that libraries are loaded before the clock begins.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

import duckdb

from benchmarks.chicago import DATA
from veedor.incidents import Category, Columns, Source, read

HEADER = (
    "id",
    "case_number",
    "date",
    "block",
    "iucr",
    "primary_type",
    "description",
    "location",
    "arrest",
    "domestic",
    "beat",
    "ward",
    "reported",
    "latitude",
    "longitude",
)
TYPES = {
    "id": "BIGINT",
    "date": "TIMESTAMP",
    "reported": "TIMESTAMP",
    "latitude": "DOUBLE",
    "longitude": "DOUBLE",
}
USED = ("id", "date", "primary_type", "reported", "latitude", "longitude")


def make(path: Path, rows: int) -> None:
    """Write the CSV."""
    jitter = "to_minutes(CAST(hash(r) % {} AS INT))"
    duckdb.connect().execute(
        f"""
        COPY (SELECT 10000000 + r AS id, 'HZ' || (100000 + (r * 7919) % 900000) AS case_number,
            strftime(occurred_at + {jitter.format(600)}, '%Y-%m-%d %H:%M:%S') AS date,
            '0' || (r % 99) || 'XX N EXAMPLE STREET AVENUE' AS block, '0820' AS iucr,
            category AS primary_type,
            'SIMPLE ' || (r % 17) || ' DESCRIPTION OF THE OFFENCE' AS description,
            'SMALL RETAIL STORE' AS location,
            'false' AS arrest, 'false' AS domestic,
            100 + r % 25 AS beat, r % 50 AS ward,
            strftime(occurred_at + {jitter.format("6000 + 600")}, '%Y-%m-%d %H:%M:%S') AS reported,
            round(latitude + (hash(r) % 1000) / 1e6, 9) AS latitude,
            round(longitude + (hash(r) // 1000 % 1000) / 1e6, 9) AS longitude
        FROM (SELECT range AS r FROM range({rows})) JOIN
            (SELECT *, row_number() OVER () - 1 AS k FROM '{DATA}') ON r % 321877 = k)
        TO '{path}' (HEADER)
        """
    )


def scan(path: str) -> int:
    """Count the rows, and the values of the used columns, parsed to their types."""
    columns = ", ".join(f"'{name}': '{TYPES.get(name, 'VARCHAR')}'" for name in HEADER)
    counts = ", ".join(f"count({name})" for name in USED)
    connection = duckdb.connect(config={"memory_limit": "1GB"})
    found = connection.execute(
        f"SELECT count(*), {counts} FROM read_csv('{path}', columns = {{{columns}}}, "
        "auto_detect = false, header = true)"
    ).fetchone()
    return int(found[0])


def read_all(path: str) -> int:
    """Read with veedor."""
    names = ("THEFT", "BATTERY", "CRIMINAL DAMAGE", "ASSAULT")
    kinds = tuple(Category(name.lower(), "reported", (name,)) for name in names)
    columns = Columns(
        id="id",
        time="date",
        category="primary_type",
        latitude="latitude",
        longitude="longitude",
        reported_at="reported",
    )
    source = Source((path,), columns, kinds, "America/Chicago", "EPSG:32616")
    return len(read(source, workspace=Path(path).parent).incidents)


def measure(what: str, path: Path) -> None:
    """Take one measurement in this process, and print it."""
    do = scan if what == "scan" else read_all
    with tempfile.TemporaryDirectory() as folder:
        beginning = Path(folder) / path.name
        with path.open("rb") as whole:
            beginning.write_bytes(b"".join(islice(whole, 1_000)))
        do(str(beginning))
    begun, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    rows = do(str(path))
    seconds, now = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF)
    cpu = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    print(json.dumps({"rows": rows, "seconds": seconds, "cpu": cpu, "mib": now.ru_maxrss / 1024}))


def measured(what: str, path: Path) -> dict[str, float]:
    """Run one measurement in its own process."""
    command = [sys.executable, __file__, "--measure", what, "--file", str(path)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def spread(values: list[float]) -> str:
    """Write the median, and the least and the largest."""
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--pairs", type=int, default=5, help="of a scan and a reading")
    parser.add_argument("--measure", choices=("scan", "read"))
    parser.add_argument("--file")
    arguments = parser.parse_args()
    if arguments.measure:
        measure(arguments.measure, Path(arguments.file))
        return
    if not DATA.exists():
        print(f"skipped: the development data are not there ({DATA.name})")
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "incidents.csv"
        make(path, arguments.rows)
        print(f"{arguments.rows} rows, {path.stat().st_size / 1e9:.2f} GB")
        measured("scan", path)  # once to fill the page cache
        pairs = [(measured("scan", path), measured("read", path)) for _ in range(arguments.pairs)]
    for what, found in zip(("scan", "read"), zip(*pairs, strict=True), strict=True):
        print(
            f"{what}: {spread([one['seconds'] for one in found])} s, "
            f"{spread([one['rows'] / one['seconds'] / 1e6 for one in found])} million rows/s, "
            f"{spread([one['cpu'] for one in found])} s CPU, "
            f"peak RSS {max(one['mib'] for one in found):.0f} MiB"
        )
    for what, name in (("seconds", "by the clock"), ("cpu", "of processors")):
        print(f"read / scan {name}: {spread([ours[what] / bare[what] for bare, ours in pairs])}")


if __name__ == "__main__":
    main()
