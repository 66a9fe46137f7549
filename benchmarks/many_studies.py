"""``veedor run-many``: seconds beside those of single runs, and memory by the number of studies.

    python -m benchmarks.many_studies --studies 20 --jobs 2

Studies of 600 made-up incidents each, 40 squares of 500 m, one category, twelve weekly origins,
four forecasters. Single runs are `veedor run` of each, one after the other. Memory is that of
`benchmarks.study_run`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.study_run import measured

STUDY = """\
[study]
title = "Made up"
seed = 1

[incidents]
files = ["incidents.csv"]
time_zone = "America/Argentina/Buenos_Aires"
crs = "EPSG:32721"

[incidents.columns]
id = "id"
time = "occurred_at"
latitude = "lat"
longitude = "lon"
category = "category"

[[categories]]
name = "robo"
known_by = "reported"

[cells]
size_m = 500

[periods]
length = "1 week"
history_from = 2024-01-01
until = 2024-07-01
origins = 12

[forecasters]
use = ["PriorCounts", "Recency", "Kernel", "PastMean"]
"""


def main() -> None:
    """Run the studies together and, unless told otherwise, each by itself; print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--studies", type=int, default=20)
    parser.add_argument("--jobs", default="2")
    parser.add_argument("--ahead", default="1")
    parser.add_argument("--together-only", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "cities"
        for number in range(given.studies):
            write(folder / f"city{number:03d}", np.random.default_rng(number))
        veedor = [sys.executable, "-m", "veedor"]
        options = ["--jobs", given.jobs]
        seconds, peak = measured(
            [*veedor, "run-many", str(folder), *options, "--ahead", given.ahead]
        )
        print(f"run-many, {given.studies} studies: {seconds:.1f} s, peak {peak / 2**20:.0f} MiB")
        if given.together_only:
            return
        began, most = time.perf_counter(), 0
        for study in sorted(folder.glob("city*")):
            _, peak = measured([*veedor, "run", str(study), *options])
            most = max(most, peak)
        alone = time.perf_counter() - began
        print(f"run, one after the other: {alone:.1f} s, peak {most / 2**20:.0f} MiB")
        print(f"run-many takes {seconds / alone:.2f} of the time")


def write(folder: Path, rng: np.random.Generator) -> None:
    """Write a study of incidents around three corners."""
    folder.mkdir(parents=True)
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    minutes = np.sort(rng.integers(0, 182 * 24 * 60, 600))
    when = np.datetime64("2024-01-01T00:00") + minutes.astype("timedelta64[m]")
    corner = rng.integers(0, 3, 600)
    lat = -34.60 + 0.01 * corner + rng.normal(0, 0.004, 600)
    lon = -58.40 + 0.01 * corner + rng.normal(0, 0.004, 600)
    rows = [f"{n},{when[n]},{lat[n]:.6f},{lon[n]:.6f},robo" for n in range(600)]
    text = "\n".join(["id,occurred_at,lat,lon,category", *rows]) + "\n"
    (folder / "incidents.csv").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
