"""Time and memory of `veedor patterns` on two years of Chicago, and of the Knox test alone.

``python -m benchmarks.patterns`` prints them. Four categories, 250 m cells, 999 permutations.
"""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path

import numpy as np

from veedor.patterns import near_repeats
from veedor.report.patterns import publish_patterns
from veedor.study.patterns import find_patterns
from veedor.study.patterns.record import Record

_DATA = Path(__file__).parents[2] / "shared" / "data" / "chicago" / "incidents.parquet"
_NAMES = ("THEFT", "BATTERY", "CRIMINAL DAMAGE", "ASSAULT")


def study_text(data: Path) -> str:
    """study.toml of the whole record."""
    categories = "".join(
        f'[[categories]]\nname = "{name}"\nknown_by = "reported"\n' for name in _NAMES
    )
    return f"""
[study]
title = "Chicago, 2016 and 2017"
[incidents]
files = ["{data}"]
time_zone = "America/Chicago"
crs = "EPSG:32616"
[incidents.columns]
time = "occurred_at"
latitude = "latitude"
longitude = "longitude"
category = "category"
{categories}
[cells]
size_m = 250
[periods]
length = "1 week"
history_from = 2016-01-01
until = 2018-01-01
origins = 13
[holidays]
country = "US"
subdivision = "IL"
"""


def knox(record: Record, many: int) -> float:
    """Seconds of the Knox test on so many incidents drawn from all."""
    incidents = record.incidents
    rows = np.flatnonzero(incidents.located & (record.day >= 0))
    rng = np.random.default_rng(1)
    rows = rng.choice(rows, many, replace=False)
    began = time.perf_counter()
    near_repeats(incidents.x_m[rows], incidents.y_m[rows], record.day[rows], rng)
    return time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "study.toml").write_text(study_text(_DATA.resolve()), encoding="utf-8")
        began, worked = time.perf_counter(), time.process_time()
        found = find_patterns(Path(folder), publish=publish_patterns)
        took, work = time.perf_counter() - began, time.process_time() - worked
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"all patterns, with the report: {took:.1f} s ({work:.1f} s of processor), {memory:.0f} MB"
    )
    for many in (20_000, 100_000):
        print(f"Knox, 999 permutations, {many:,} incidents: {knox(found.record, many):.1f} s")


if __name__ == "__main__":
    main()
