"""Seconds and peak memory of `veedor check` on counts by area of the size of Mexico's file.

    python benchmarks/area_check.py --areas 2470 --years 11

Makes a file in the layout of Mexico's counts by municipality (98 offences a municipality and
year, zeros in the months after the cut-off), reads it, sums its types and subtypes, looks for what
was not reported, and writes the page. The reading alone is measured beside it. Each runs in a
process of its own; seconds of processors do not depend on what else runs. The goals are 60 s and
3 GB.
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
import pyarrow as pa

from veedor.areas.reading import Publication, read_areas

MONTHS = (
    *("Enero", "Febrero", "Marzo", "Abril", "Mayo", "Junio", "Julio", "Agosto", "Septiembre"),
    *("Octubre", "Noviembre", "Diciembre"),
)
#: Types of offences, of how many subtypes each, of how many modalities each: 98 in all.
SHAPE = ((5, 5, 2), (4, 1, 5), (28, 1, 1))
PUBLISHED = date(2025, 11, 20)
CUT_OFF = 10


def offences() -> pa.Table:
    """Names of types, subtypes and modalities; of a type that stands alone, the same name."""
    rows = []
    for group, (types, subtypes, modalities) in enumerate(SHAPE):
        for kind in range(types):
            name = f"Delito {group}.{kind}"
            for sub in range(subtypes):
                called = f"{name} subtipo {sub}" if subtypes > 1 else name
                for mode in range(modalities):
                    last = f"Con medio {mode}" if modalities > 1 else called
                    rows.append((name, called, last))
    return pa.table({name: [row[at] for row in rows] for at, name in enumerate("tsm")})


def make(path: Path, areas: int, years: int) -> None:
    """Write the CSV; most counts are 0."""
    with duckdb.connect() as connection:
        connection.execute("SELECT setseed(0.5)").fetchall()
        connection.register("offences", offences())
        counts = ", ".join(
            f"CASE WHEN y = 2025 AND {at} >= {CUT_OFF} THEN 0 "
            f'ELSE (power(random(), 8) * 12)::INT END AS "{month}"'
            for at, month in enumerate(MONTHS)
        )
        connection.execute(
            'COPY (SELECT y AS "Año", 1 + a // 78 AS "Clave_Ent", '
            "'Entidad ' || (1 + a // 78) AS \"Entidad\", "
            '(1 + a // 78) * 1000 + 1 + a % 78 AS "Cve. Municipio", '
            "'Municipio ' || a AS \"Municipio\", 'Bien' AS \"Bien jurídico afectado\", "
            't AS "Tipo de delito", s AS "Subtipo de delito", m AS "Modalidad", '
            f"{counts} FROM range({2026 - years}, 2026) u(y), range({areas}) v(a), offences) "
            f"TO '{path}' (HEADER)"
        )


def measure(what: str, path: Path) -> dict[str, float]:
    """Do it in this process."""
    begun = time.perf_counter()
    if what == "read":
        read_areas([Publication(path, PUBLISHED)])
    else:
        command = [sys.executable, "-m", "veedor", "check", str(path), "--out", f"{path}.check"]
        subprocess.run(command, check=True, capture_output=True)
    spent = resource.getrusage(resource.RUSAGE_SELF if what == "read" else resource.RUSAGE_CHILDREN)
    return {
        "seconds": time.perf_counter() - begun,
        "processor_s": spent.ru_utime + spent.ru_stime,
        "memory_gb": spent.ru_maxrss / 1e6,
    }


def main() -> None:
    """Measure both, and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--areas", type=int, default=2470)
    parser.add_argument("--years", type=int, default=11)
    parser.add_argument("--measure", nargs=2, metavar=("WHAT", "FILE"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        print(json.dumps(measure(asked.measure[0], Path(asked.measure[1]))))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "municipal_2025-11-20.csv"
        make(path, asked.areas, asked.years)
        print(f"{path.stat().st_size / 1e6:.0f} MB")
        for what in ("read", "check"):
            command = [sys.executable, __file__, "--measure", what, str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            found = json.loads(done.stdout)
            print(
                f"{what:8}{found['seconds']:8.1f} s{found['processor_s']:8.1f} s of processors"
                f"{found['memory_gb']:8.2f} GB"
            )


if __name__ == "__main__":
    main()
