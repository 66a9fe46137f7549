"""Where a number stands in the documents: the one place to mend when their shape changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq
from pyproj import Transformer
from shapely import Polygon, STRtree, points
from tests.golden import town

Floats = npt.NDArray[np.float64]

_TO_METRES = Transformer.from_crs("EPSG:4326", "EPSG:32721", always_xy=True)


class Found:
    """Numbers of the documents by what they are."""

    def __init__(self, documents: Mapping[str, Any]) -> None:
        self._of = documents

    # What `run`, `verify-forecast` and `score` say of one forecaster's forecasts of one category.

    def observed(self, category: str) -> list[int]:
        return self._examined("run", category)["recorded"]["by_period"]

    def counted(self, category: str) -> dict[str, int]:
        return self._examined("run", category)["recorded"]

    def score(self, category: str, forecaster: str, name: str) -> dict[str, Any]:
        return self._run(category, forecaster)["scores"][name]

    def gain(self, category: str, forecaster: str) -> dict[str, Any]:
        gain = self.comparison(category, forecaster, "run")["gain"]
        return gain | gain["estimate"]

    def captured(self, category: str, forecaster: str, fraction: float) -> dict[str, Any]:
        """`capture_rate`, `pai` and `pei`, estimates; chance and oracle are forecasters here."""
        return next(
            row
            for row in self._examined("run", category)["places"]["captured"]
            if (row["ranking"], row["area_fraction"]) == (forecaster, fraction)
        )

    def totals(self, category: str, forecaster: str) -> dict[str, list[float]]:
        return self._run(category, forecaster)["by_period"]

    def reliability(self, category: str, forecaster: str) -> list[dict[str, Any]]:
        return self._run(category, forecaster)["calibration"]["means"]

    def number_test(self, category: str, forecaster: str) -> dict[str, Any]:
        return self._run(category, forecaster, "verify-forecast")["consistency"]["number"]

    def area_under(self, category: str, ranking: str) -> dict[str, Any]:
        rows = self._examined("verify-forecast", category)["places"]["area_swept"]
        return next(row["area_under"] for row in rows if row["ranking"] == ranking)

    def comparison(
        self, category: str, forecaster: str, command: str = "verify-forecast"
    ) -> dict[str, Any]:
        rows = self._examined(command, category)["comparisons"]
        return next(row for row in rows if row["forecaster"] == forecaster)

    def verified(self, category: str, forecaster: str) -> dict[str, dict[str, Any]]:
        """What `verify-forecast` says of promised forecasts: scores, captured shares, the gain."""
        command = "verify-promised"
        captured = {
            f"captured {row['area_fraction']}": row["capture_rate"]
            for row in self._examined(command, category)["places"]["captured"]
            if row["ranking"] == forecaster
        }
        found = self._run(category, forecaster, command)["scores"] | captured
        if forecaster != "PriorCounts":
            found["gain"] = self.comparison(category, forecaster, command)["gain"]["estimate"]
        return found

    def sealed(self, category: str, forecaster: str) -> dict[str, Any]:
        (promise,) = (
            one
            for one in self._of["score"]["promises"]
            if (one["category"], one["forecaster"]) == (category, forecaster)
        )
        (scoring,) = promise["scorings"]
        return scoring["results"]

    # What the audits and the other commands say.

    def figure(self, audit: str, assignment: str, group: str, statistic: str) -> dict[str, Any]:
        (row,) = (
            one["estimate"]
            for one in self._of[f"audit-{audit}"]["statements"]
            if one["statistic"] == statistic
            and (one["subject"]["assignment"], one["subject"]["group"]) == (assignment, group)
        )
        return row

    def rate(self, group: str, metric: str, audit: str = "alerts") -> dict[str, Any]:
        (row,) = (
            row for row in self.rates(audit) if (row["group"], row["metric"]) == (group, metric)
        )
        return row

    def rates(self, audit: str = "alerts") -> list[dict[str, Any]]:
        return [
            one["estimate"]
            | one["subject"]
            | {"metric": one["statistic"], "method": one["estimate"]["method"]["code"]}
            | {"numerator": one["numerator"], "denominator": one["out_of"], "small": one["small"]}
            for one in self._of[f"audit-{audit}"]["statements"]
        ]

    def concentration(self, category: str) -> dict[str, Any]:
        return self._category("patterns", category)["concentration"][0]

    def near_repeats(self, category: str) -> dict[str, Any]:
        return self._category("patterns", category)["near_repeats"]

    def next_forecast(self, category: str, forecaster: str) -> dict[str, list[Any]]:
        return self._of["forecast"][f"{category} by {forecaster}"]

    def quality(self, name: str) -> Any:
        return self._of["check"][name]

    def exported(self) -> list[dict[str, Any]]:
        return [feature["properties"] for feature in self._of["export"]["features"]]

    def _category(self, command: str, name: str) -> dict[str, Any]:
        return next(one for one in self._of[command]["categories"] if one["name"] == name)

    def _examined(self, command: str, category: str) -> dict[str, Any]:
        found = (one["examination"] for one in self._of[command]["categories"])
        return next(one for one in found if one["category"] == category)

    def _run(self, category: str, forecaster: str, command: str = "run") -> dict[str, Any]:
        made = self._examined(command, category)["forecasters"]
        return next(one for one in made if one["forecaster"] == forecaster)


class Files:
    """The town's files, read with nothing of veedor's."""

    def __init__(self, folder: Path) -> None:
        self.town = folder / "town"
        cells = json.loads((self.town / "results" / "cells.geojson").read_text(encoding="utf-8"))
        self.cell_id = [one["properties"]["cell_id"] for one in cells["features"]]
        rings = [np.array(one["geometry"]["coordinates"][0]) for one in cells["features"]]
        self._outlines = [Polygon(np.stack(_TO_METRES.transform(*r.T), axis=1)) for r in rings]
        self.area = np.array([one.area / 1e6 for one in self._outlines])

    def rows(self, name: str) -> list[dict[str, str]]:
        head, *lines = (self.town / name).read_text(encoding="utf-8").splitlines()
        return [dict(zip(head.split(","), line.split(","), strict=True)) for line in lines]

    def counts(self, category: str, first: int, last: int) -> tuple[np.ndarray, int, int]:
        """Incidents of weeks `first` to `last` by week and cell; those without a place; outside."""
        mine = [row for row in self.rows("incidents.csv") if row["category"] == category]
        week = np.array([
            (np.datetime64(row["occurred_at"]) - town.FIRST) // np.timedelta64(7, "D")
            for row in mine
        ])  # fmt: skip
        mine = [row for row, at in zip(mine, week, strict=True) if first <= at < last]
        week = week[(week >= first) & (week < last)]
        located = np.array([bool(row["lat"]) for row in mine])
        lon, lat = (
            np.array([float(row[name] or "nan") for row in mine]) for name in ("lon", "lat")
        )
        x, y = _TO_METRES.transform(lon[located], lat[located])
        which, cell = STRtree(self._outlines).query(points(x, y), predicate="within")
        values = np.zeros((last - first, len(self.cell_id)), dtype=int)
        np.add.at(values, (week[located][which] - first, cell), 1)
        return values, int((~located).sum()), int(located.sum() - len(which))

    def forecasts(
        self, category: str, forecaster: str
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Means and dispersions by week and cell, and the dispersion of each week's total."""
        folder = self.town / "results" / "forecasts" / category / forecaster
        means, dispersions, of_total = [], [], []
        for path in sorted(folder.glob("*.parquet")):
            table = pq.read_table(path)
            assert table["cell_id"].to_pylist() == self.cell_id
            means.append(table["mean"].to_numpy())
            dispersions.append(table["dispersion"].to_numpy())
            of_total.append(json.loads(table.schema.metadata[b"veedor"])["total_dispersion"])
        return np.array(means), np.array(dispersions), np.array(of_total, dtype=float)
