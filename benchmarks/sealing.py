"""Seconds and peak memory of `verify`, for a log of 10,000 entries: half promises, half scorings.

    python -m benchmarks.sealing --entries 10000 --cells 100 --batch 10

Every week `batch` forecasts are promised in one batch, each against the first, and scored in
another a week later. Every forecast and every week's counts are files of their own.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from shapely import box

from veedor.forecasts import CountDistribution, Forecast, write_cells, write_forecast
from veedor.sealing import create_key, promisable, verify
from veedor.sealing.clock import written
from veedor.sealing.contents import counts_bytes, geojson, kept, parquet
from veedor.sealing.manifests import OWN_CLOCK, Promise, Revisions, Scoring, Span, this_code
from veedor.sealing.scores import PromisedTrial, score_promises
from veedor.sealing.writing import writing
from veedor.spacetime import Cells, Counts, Length, Periods, SquareLattice, StudyArea

FIRST = np.datetime64("2000-01-03", "us")
AREAS = (0.01, 0.05, 0.2)
HOUR = np.timedelta64(1, "h")


def build(folder: Path, entries: int, cells_count: int, batch: int) -> None:
    """Write the log."""
    ground = box(370e3, 6165e3, 370e3 + 500.0 * cells_count, 6165e3 + 500.0)
    cells = Cells.on_lattice(StudyArea(ground, "EPSG:32721", "made up"), SquareLattice(500.0))
    write_cells(cells, folder / "cells.geojson")
    cells_text = (folder / "cells.geojson").read_bytes()
    rng = np.random.default_rng(1)
    with writing(folder / "log", create_key(folder / "log.key")) as writer:
        for week in range(entries // (2 * batch)):
            periods = Periods.stepping(FIRST, Length(1, "week"), 2 * week, 2 * week + 1, "UTC")
            edges = tuple(written(edge) for edge in periods.edges)
            promises, forecasts, files = [], [], {geojson(kept(cells_text)): cells_text}
            for number in range(batch):
                begins = periods.edges[0]
                mean = rng.gamma(2.0, 1.0, (1, len(cells)))
                forecast = Forecast(
                    CountDistribution(mean, 0.2), cells, periods, "theft", f"F{number}", "1",
                    begins - 2 * HOUR, begins - 2 * HOUR,
                )  # fmt: skip
                write_forecast(forecast, folder / "one.parquet")
                data = (folder / "one.parquet").read_bytes()
                files[parquet(kept(data))] = data
                forecasts.append(forecast)
                promises.append(
                    Promise(
                        written_at=written(begins - HOUR),
                        code=this_code(),
                        promised_by="a benchmark",
                        late=False,
                        time_source=OWN_CLOCK,
                        category="theft",
                        periods=Span(edges=edges, time_zone="UTC"),
                        forecast=kept(data),
                        forecaster=f"F{number}",
                        version="1",
                        cells=kept(cells_text),
                        cells_count=len(cells),
                        data_cutoff=written(begins - 2 * HOUR),
                        issued_at=written(begins - 2 * HOUR),
                        scores=list(promisable()),
                        area_fractions=list(AREAS),
                        reference=promises[0].forecast.sha256 if promises else None,
                        revisions=Revisions(wait_days=0, text="none"),
                        seed=1,
                    )
                )
            first = len(writer.entries)
            writer.append(promises, files)
            values = rng.poisson(2.0, (1, len(cells)))
            zero = np.zeros(1, dtype=np.int64)
            counts = Counts(values, zero, zero, "theft", periods.edges[-1])
            data = counts_bytes(counts, cells, periods)
            cases = [
                PromisedTrial.of(
                    forecast, forecasts[0] if number else None, values, promisable(), AREAS, 1
                )
                for number, forecast in enumerate(forecasts)
            ]
            scorings = [
                Scoring(
                    written_at=written(periods.edges[-1]),
                    code=this_code(),
                    time_source=OWN_CLOCK,
                    forecast_entry=first + number,
                    round=1,
                    outcomes=kept(data),
                    sources=[],
                    results=results,
                )
                for number, results in enumerate(score_promises(cases))
            ]
            writer.append(scorings, {parquet(kept(data)): data})


def main() -> None:
    """Build, verify in a process of its own, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--cells", type=int, default=100)
    parser.add_argument("--batch", type=int, default=10)
    parser.add_argument("--log", type=Path, help="Verify this log only.")
    parser.add_argument("--keep", type=Path, help="Build the log here, and leave it.")
    given = parser.parse_args()
    if given.log:
        begun = time.perf_counter()
        verdict = verify(given.log)
        seconds = time.perf_counter() - begun
        used = resource.getrusage(resource.RUSAGE_SELF)
        found = {
            "entries": len(verdict.log.tree),
            "problems": len(verdict.problems),
            "seconds": round(seconds, 2),
            "cpu_seconds": round(used.ru_utime + used.ru_stime, 2),
            "mib": round(used.ru_maxrss / 1024),
        }
        print(json.dumps(found))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = given.keep or Path(name)
        begun = time.perf_counter()
        build(folder, given.entries, given.cells, given.batch)
        print(f"built in {time.perf_counter() - begun:.0f} s", flush=True)
        command = [sys.executable, __file__, "--log", str(folder / "log")]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
