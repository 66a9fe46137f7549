"""``veedor run`` on the development data: seconds, peak memory, scores of every category.

    python -m benchmarks.study_run --jobs 2 [--forecasters all]

Chicago 2016-2017, four categories, squares of 250 m, weekly, 13 origins from October 2017. Memory
is the largest sum of the resident sets of the command and its workers, sampled ten times a second.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.chicago import OF_INCIDENTS, is_there, study_toml


def main() -> None:
    """Run once and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--jobs", default="2")
    parser.add_argument("--size", default="250")
    parser.add_argument(
        "--forecasters", help="names with commas, or 'all' that one record of incidents is for"
    )
    given = parser.parse_args()
    if not is_there():
        return
    with tempfile.TemporaryDirectory() as place:
        study = Path(place) / "chicago"
        study.mkdir()
        text = study_toml(int(given.size))
        if given.forecasters:
            names = OF_INCIDENTS if given.forecasters == "all" else given.forecasters.split(",")
            text += f"\n[forecasters]\nuse = {json.dumps(list(names))}\n"
        (study / "study.toml").write_text(text, encoding="utf-8")
        seconds, peak = measured(
            [sys.executable, "-m", "veedor", "run", str(study), "--jobs", given.jobs]
        )
        results = json.loads((study / "results" / "results.json").read_text(encoding="utf-8"))
        manifest = json.loads((study / "results" / "manifest.json").read_text(encoding="utf-8"))
    print(f"{seconds:.1f} s, peak {peak / 2**20:.0f} MiB, {results['cells']['count']:,} cells")
    print(json.dumps({key: manifest[key] for key in ("seconds", "fit_and_predict_seconds")}))
    for category in results["categories"]:
        found = category["examination"]
        print(f"{found['category']}: {found['recorded']['inside']:,} incidents in cells")
        gains = {row["forecaster"]: row["gain_at_same_totals"] for row in found["comparisons"]}
        captured = {
            row["ranking"]: row
            for row in found["places"]["captured"]
            if row["area_fraction"] == 0.01
        }
        for row in found["forecasters"]:
            told, who = "reference", row["forecaster"]
            if who in gains:
                gain = gains[who]["estimate"]
                told = f"gain {gain['value']:+.4f} ({gain['low']:+.4f} to {gain['high']:+.4f})"
            scores = ", ".join(f"{name} {one['value']:.4f}" for name, one in row["scores"].items())
            print(
                f"  {who:12} {told}; {scores}; capture at 1% "
                f"{captured[who]['capture_rate']['value']:.3f}, "
                f"PEI {captured[who]['pei']['value']:.3f}"
            )


def measured(command: list[str]) -> tuple[float, int]:
    """Seconds and the largest resident bytes of a command with all its descendants."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        peak = max(peak, resident(process.pid))
        time.sleep(0.1)
    if process.returncode:
        raise SystemExit(process.returncode)
    return time.perf_counter() - began, peak


def resident(root: int) -> int:
    """Resident bytes of a process and its descendants (Linux)."""
    parent, size = {}, {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            fields = (path / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        parent[int(path.name)] = int(fields[1])
        size[int(path.name)] = int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
    family = {root}
    while grown := {pid for pid, above in parent.items() if above in family} - family:
        family |= grown
    return sum(size.get(pid, 0) for pid in family)


if __name__ == "__main__":
    main()
