"""``veedor run-many``: seconds beside those of single runs, and memory by the number of studies.

    python -m benchmarks.many_studies --studies 20 --jobs 2

Studies of the tests' made-up town, each of 1,400 incidents of its own: 48 squares of
500 m, two categories, six weekly origins, three forecasters. Single runs are `veedor run` of each,
one after the other. Memory is that of `benchmarks.study_run`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.golden import town

from benchmarks.study_run import measured


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
            town.build_small(folder / f"city{number:03d}", number)
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


if __name__ == "__main__":
    main()
