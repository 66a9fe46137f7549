"""From a finished run to its report."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from veedor.report.maps import Maps
from veedor.report.write import write_report
from veedor.study.results import read_back
from veedor.study.run import Outcome


def publish(outcome: Outcome, folder: Path) -> None:
    """Write ``report.html`` of a run into a folder.

    Parameters
    ----------
    outcome : Outcome
    folder : Path
    """
    backtest, cells = outcome.backtest, outcome.prepared.cells
    means = {
        category: {
            name: np.concatenate([one.mean for one in read_back(backtest, category, name)])
            for name in backtest.forecasters
        }
        for category in backtest.categories
    }
    maps = Maps(
        polygons=cells.lonlat_polygons(),
        cell_ids=tuple(cells.cell_id.tolist()),
        area_km2=cells.area_km2,
        observed={name: counts.values for name, counts in outcome.outcomes.items()},
        means=means,
    )
    write_report(outcome.results, outcome.quality, outcome.manifest, maps, folder / "report.html")
