"""Seconds of an audit of exposure: a city of 2,500 zones and 19,000 boxes.

    python -m benchmarks.audit_exposure [DEPARTMENT]

Both assignments, by zones and by clusters, as the command does it, reading and writing
included. Needs the development data.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from benchmarks.chicago import SHARED
from veedor.audits.places import (
    ExposureSettings,
    audit_exposure,
    make_groups,
    read_predictions,
    read_zones,
)
from veedor.report.words import words_in

DATA = SHARED / "predpol"
GROUPS = make_groups(
    ["white", "black", "latino", "asian"],
    "population",
    "white",
    ["hh_lt45k=households_lt45k/households:hh_ge45k"],
)


def main():
    """Print the seconds of each part, and of the processor."""
    folder = DATA / (sys.argv[1] if len(sys.argv) > 1 else "la")
    if not folder.is_dir():
        print("The development data is not here.")
        return
    laps, processor = [time.perf_counter()], time.process_time()
    zones = read_zones(folder / "zones.geojson.gz", GROUPS, population="population")
    laps.append(time.perf_counter())
    boxes = read_predictions(folder / "predictions.csv.gz", box_m=152.4)
    laps.append(time.perf_counter())
    audit = audit_exposure(zones, boxes, ExposureSettings(cluster_digits=11))
    laps.append(time.perf_counter())
    with tempfile.TemporaryDirectory() as place:
        audit.write(Path(place), words_in("en").of)
    laps.append(time.perf_counter())
    parts = ("read zones", "read boxes", "audit", "write")
    for part, before, after in zip(parts, laps, laps[1:], strict=False):
        print(f"{part:12} {after - before:6.2f} s")
    print(
        f"{'all':12} {laps[-1] - laps[0]:6.2f} s, processor {time.process_time() - processor:.2f} s"
    )
    print(f"{len(zones):,} zones, {len(boxes):,} boxes, {len(audit.statements):,} figures")


if __name__ == "__main__":
    main()
