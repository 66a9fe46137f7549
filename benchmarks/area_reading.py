"""Seconds and peak memory of reading counts by area, beside a bare DuckDB scan of the same file.

    python benchmarks/area_reading.py --areas 2470 --years 11 --offences 98

Makes a wide file, a column a month, of the size of a country's municipalities: 2.7 million rows, 32
million cells. Each measurement runs in a process of its own. The goals are 60 s and 3 GB.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import duckdb

from veedor.areas import Unit
from veedor.areas.layouts import Choices
from veedor.areas.reading import Publication, read_areas

MONTHS = (
    *("Enero", "Febrero", "Marzo", "Abril", "Mayo", "Junio", "Julio", "Agosto", "Septiembre"),
    *("Octubre", "Noviembre", "Diciembre"),
)
COLUMNS = {"area": "municipio", "category": "modalidad", "year": "anio"}


def make(path: Path, areas: int, years: int, offences: int) -> None:
    """Write the CSV; nine counts in ten are 0."""
    with duckdb.connect() as connection:
        connection.execute("SELECT setseed(0.5)")
        counts = ", ".join(
            f'CASE WHEN random() < .9 THEN 0 ELSE (random() * 9)::INT END AS "{month}"'
            for month in MONTHS
        )
        connection.execute(
            f"COPY (SELECT y AS anio, lpad((1001 + a)::VARCHAR, 5, '0') AS municipio, "
            f"'Municipio ' || a AS nombre, 'Delito con modalidad ' || o AS modalidad, {counts} "
            f"FROM range({2026 - years}, 2026) t(y), range({areas}) u(a), range({offences}) v(o) "
            f"ORDER BY y, a, o) TO '{path}' (HEADER)"
        )


def measure(what: str, path: Path) -> dict[str, float]:
    """Read the file in this process."""
    begun = time.perf_counter()
    if what == "veedor":
        record = read_areas(
            [Publication(path, date(2026, 1, 20))],
            "wide",
            Choices(unit=Unit.OFFENCES, blank="not reported", columns=COLUMNS),
        ).record
        cells = record.latest.values.size
    else:
        sums = " + ".join(f'sum("{month}")' for month in MONTHS)
        with duckdb.connect() as connection:
            connection.execute(f"SELECT modalidad, {sums} FROM '{path}' GROUP BY 1").fetchall()
        cells = 0
    return {
        "seconds": time.perf_counter() - begun,
        "memory_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
        "cells": float(cells),
    }


def main() -> None:
    """Measure both, and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--areas", type=int, default=2470)
    parser.add_argument("--years", type=int, default=11)
    parser.add_argument("--offences", type=int, default=98)
    parser.add_argument("--measure", nargs=2, metavar=("WHAT", "FILE"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        print(json.dumps(measure(asked.measure[0], Path(asked.measure[1]))))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "counts.csv"
        make(path, asked.areas, asked.years, asked.offences)
        print(f"{path.stat().st_size / 1e6:.0f} MB")
        for what in ("duckdb", "veedor"):
            command = [sys.executable, __file__, "--measure", what, str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            found = json.loads(done.stdout)
            print(
                f"{what:8}{found['seconds']:8.1f} s{found['memory_gb']:8.2f} GB"
                f"{found['cells']:14,.0f} cells"
            )


if __name__ == "__main__":
    main()
