"""The masked table of ST-SHN and ST-HSL, and beside it proper scores of the very same forecasts.

    python -m benchmarks.masked_table --forecasters PriorCounts PastMean

The task: Chicago 2016-2017 in cells of about 3 km (1/37 degree of latitude by 1/28 of longitude,
from the record's own south-west corner: 14 rows by 12 columns); train until the end of August 2017,
validate in September, test on the 92 days of October to December; forecast each cell and day. Only
cell-days with at least one incident are scored:

    MAE  = mean of |f - y| over y >= 1,        MAPE = mean of |f - y| / y over y >= 1.

So what is scored is a point for the count *given that it is not 0*, and which point is best depends
on the measure: the median given at least one for MAE, that median with weights 1/y for MAPE. A
forecast of 0 is never rewarded, nor is any other on a day without incidents. The table is therefore
never printed without a constant 1 and a cell's past median beside it.

Sources: Xia, L. et al. (2021). Spatial-temporal sequential hypergraph network for crime prediction
with dynamic multiplex relation learning. IJCAI 2021, 1631-1637.
https://doi.org/10.24963/ijcai.2021/225. Li, Z. et al. (2022). Spatial-temporal hypergraph
self-supervised learning for crime prediction. ICDE 2022. https://arxiv.org/abs/2204.08587. Grid and
split as in ``Datasets/CHI_crime/dataProcessing_CHI.py``, measures as in ``utils.py`` and
``engine.py``, of https://github.com/LZH-YS1998/STHSL. Its preparation drops the first row of the
record, an incident of 1 January 2016; this does not.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer

from benchmarks.chicago import CATEGORIES, CRS, TIME_ZONE, is_there, source
from veedor.errors import TooLittleDataError
from veedor.forecasters import FORECASTERS, Region, Task, make_forecaster
from veedor.forecasts import CountDistribution
from veedor.incidents import read
from veedor.record import Covered, Points
from veedor.spacetime import Cells, Length, Periods
from veedor.spacetime.periods import utc_instant
from veedor.verification import crps, log_score, poisson_deviance

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

#: Masked MAE and MAPE of ST-HSL as run from its public code.
ST_HSL = {
    "THEFT": (1.298, 0.505),
    "BATTERY": (1.109, 0.546),
    "CRIMINAL DAMAGE": (0.847, 0.484),
    "ASSAULT": (0.674, 0.418),
}
TEST_DAYS, VALIDATION_DAYS = 92, 30

_ROWS_PER_DEGREE, _COLUMNS_PER_DEGREE = 111 / 3, 84 / 3
_DAY = Length(1, "day")


@dataclass(frozen=True, eq=False)
class Masked:
    """The record on the task's grid.

    Parameters
    ----------
    history : Task
        The whole of 2016 and 2017; its cells are all of the grid, the lake's too.
    test : Periods
        1 October to 31 December 2017, day by day.
    """

    history: Task
    test: Periods

    @property
    def cells(self) -> int:
        """How many cells the grid has."""
        return len(self.history.cells)

    def training(self, category: str) -> Whole:
        """Counts by day until the end of August 2017, shape (609 days, cells)."""
        known = replace(self.history, category=category).until(self.test.edges[0])
        return known.counts.values[:-VALIDATION_DAYS]

    def observed(self, category: str) -> Whole:
        """Counts of the test days, shape (days, cells)."""
        return replace(self.history, category=category).counts_in(self.test).values

    def forecast(self, name: str, category: str, every: int) -> CountDistribution:
        """Forecast all test days, refitting every so many days to what was known by then."""
        history, edges = replace(self.history, category=category), self.test.edges
        parts = []
        for first in range(0, len(self.test), every):
            ahead = Periods(edges[first : first + every + 1].copy(), TIME_ZONE)
            known = history.until(ahead.edges[0])
            parts.append(make_forecaster(name).fit(known).predict(ahead).distribution)
        return CountDistribution(
            np.concatenate([part.mean for part in parts]),
            np.concatenate([part.dispersion for part in parts]),
        )


def load() -> Masked:
    """Read the incidents and lay the task's grid."""
    incidents = read(source()).incidents
    to_degrees = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
    to_metres = Transformer.from_crs("EPSG:4326", CRS, always_xy=True)
    east, north = to_degrees.transform(incidents.x_m, incidents.y_m)
    west, south = float(east.min()), float(north.min())
    row = ((north - south) * _ROWS_PER_DEGREE).astype(np.int32)
    column = ((east - west) * _COLUMNS_PER_DEGREE).astype(np.int32)
    rows, columns = int(row.max()) + 1, int(column.max()) + 1
    i, j = np.divmod(np.arange(rows * columns), columns)
    corners = np.stack(
        [
            np.column_stack(
                to_metres.transform(
                    west + (j + right) / _COLUMNS_PER_DEGREE, south + (i + up) / _ROWS_PER_DEGREE
                )
            )
            for up, right in ((0, 0), (0, 1), (1, 1), (1, 0))
        ],
        axis=1,
    )
    cells = Cells.from_polygons(
        shapely.polygons(corners),
        [f"{a}_{b}" for a, b in zip(i, j, strict=True)],
        CRS,
        source="the grid of ST-SHN",
    )
    october = utc_instant(datetime(2017, 10, 1), TIME_ZONE)
    test = Periods.stepping(october, _DAY, 0, TEST_DAYS, TIME_ZONE)
    begins = utc_instant(datetime(2016, 1, 1), TIME_ZONE)
    covered = Covered(begins, test.edges[-1], test.edges[-1])
    # In degrees, as the task has it: outlines in metres are bent.
    record = Points(incidents, covered).assigned(cells, row * columns + column)
    history = Task(record, CATEGORIES[0], cells, _DAY, Region("US", "IL"))
    return Masked(history, test)


def masked_errors(point: npt.ArrayLike, observed: Whole) -> tuple[float, float]:
    """Masked MAE and MAPE: over the counts that are not 0.

    >>> masked_errors(1.0, np.array([0, 1, 4]))
    (1.5, 0.375)
    """
    y = np.asarray(observed, dtype=np.float64)
    scored = y > 0
    error = np.abs(np.broadcast_to(point, y.shape) - y)[scored]
    return float(error.mean()), float((error / y[scored]).mean())


def past_median(training: Whole) -> Floats:
    """Median of each cell's training days with an incident, 1 where there was none, (cells,).

    >>> past_median(np.array([[0, 0], [1, 0], [5, 0], [2, 0]]))
    array([2., 1.])
    """
    return np.array([np.median(days[days > 0]) if days.any() else 1.0 for days in training.T])


def conditional_median(distribution: CountDistribution) -> Floats:
    """Smallest count with at least half the probability below or at it, given at least one.

    >>> conditional_median(CountDistribution(np.array([0.01, 3.0]), 0.0))
    array([1., 3.])
    """
    none = np.exp(distribution.log_pmf(0))
    half = np.minimum((1.0 + none) / 2.0, np.nextafter(1.0, 0.0))
    return np.maximum(distribution.quantile(half), 1).astype(np.float64)


def point_for_mape(distribution: CountDistribution) -> Floats:
    """Median of the counts from 1 up when each weighs its probability by itself.

    >>> point_for_mape(CountDistribution(np.array([0.01, 3.0]), 0.0))
    array([1., 2.])
    """
    most = int(distribution.quantile(0.9999).max()) + 1
    weights = np.stack([np.exp(distribution.log_pmf(k)) / k for k in range(1, most + 1)])
    below = np.cumsum(weights, axis=0)
    return 1.0 + np.argmax(below >= below[-1] / 2.0, axis=0)


def proper_scores(distribution: CountDistribution, observed: Whole) -> dict[str, float]:
    """Means over all cell-days, those without incidents too."""
    return {
        score.__name__: float(score(distribution, observed).mean())
        for score in (log_score, poisson_deviance, crps)
    }


def rows(
    task: Masked, category: str, forecasters: list[str], every: int
) -> Iterator[dict[str, Any]]:
    """Make the lines of one category's table: the simple points first."""
    observed = task.observed(category)
    simple = {
        "constant 1": np.ones(task.cells),
        "past median": past_median(task.training(category)),
    }
    for name, point in simple.items():
        as_poisson = CountDistribution(np.broadcast_to(point, observed.shape), 0.0)
        yield {
            "name": name,
            "points": {"itself": masked_errors(point, observed)},
            "scores": proper_scores(as_poisson, observed),
        }
    yield {"name": "ST-HSL", "points": {"as run": ST_HSL[category]}, "scores": None}
    for name in forecasters:
        try:
            made = task.forecast(name, category, every)
        except TooLittleDataError as error:
            yield {"name": name, "left_out": str(error)}
            continue
        yield {
            "name": name,
            "points": {
                "mean": masked_errors(made.mean, observed),
                "median if any": masked_errors(conditional_median(made), observed),
                "best for MAPE": masked_errors(point_for_mape(made), observed),
            },
            "scores": proper_scores(made, observed),
        }


def show(row: dict[str, Any]) -> None:
    """Print a line for each point; the proper scores belong to the whole forecast."""
    if "left_out" in row:
        print(f"{row['name']:14} left out: {row['left_out']}")
        return
    scores = row["scores"]
    told = "undefined: only points" if scores is None else ""
    if scores is not None:
        told = "".join(f"{value:11.4f}" for value in scores.values())
    for name, (mae, mape) in row["points"].items():
        print(f"{row['name']:14} {name:14} {mae:7.3f} {mape:7.3f}   {told}")
        told = ""


def main() -> None:
    """Print a table for each category."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--forecasters", nargs="+", choices=FORECASTERS, default=list(FORECASTERS))
    parser.add_argument("--categories", nargs="+", choices=CATEGORIES, default=list(CATEGORIES))
    parser.add_argument("--every", type=int, default=7, help="days between refits (default 7)")
    parser.add_argument("--json", type=Path, help="also write the numbers to this file")
    given = parser.parse_args()
    if not is_there():
        return
    task = load()
    print(f"{task.cells} cells, {len(task.test)} test days, refitted every {given.every} days")
    print(
        "Masked MAE and MAPE see only cell-days with an incident: a constant 1 does well. The\n"
        "proper scores see all cell-days; constant and median are taken there as Poisson means."
    )
    tables = {}
    for category in given.categories:
        observed = task.observed(category)
        print(f"\n{category}: {np.sum(observed > 0):,} of {observed.size:,} cell-days scored")
        print(f"{'':14} {'point':14} {'MAE':>7} {'MAPE':>7}   {'log score':>11}", end="")
        print(f"{'deviance':>11}{'CRPS':>11}", flush=True)
        tables[category] = []
        for row in rows(task, category, given.forecasters, given.every):
            show(row)
            tables[category].append(row)
    print("\nMean Poisson deviance over all cell-days of these categories")
    for of_one in zip(*tables.values(), strict=True):
        if all(row.get("scores") for row in of_one):
            mean = np.mean([row["scores"]["poisson_deviance"] for row in of_one])
            print(f"{of_one[0]['name']:14} {mean:.4f}")
    if given.json:
        given.json.write_text(json.dumps(tables, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
