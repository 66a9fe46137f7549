"""`Shelf`: the files of a log, read as what they are."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

from veedor.arrays import Ints
from veedor.forecasts import Forecast, read_forecast
from veedor.sealing.clock import instant
from veedor.sealing.contents import read_cells_of, read_counts
from veedor.sealing.log import FILES
from veedor.sealing.manifests import Promise, Span
from veedor.sealing.scores import PromisedTrial
from veedor.spacetime import Cells, Periods


class Shelf:
    """Reads the forecasts of a log, each file of cells once.

    Parameters
    ----------
    folder : Path
        Of the log.
    """

    def __init__(self, folder: Path) -> None:
        self._files = folder / FILES
        self.cells = lru_cache(maxsize=8)(self._read_cells)
        self.forecast = lru_cache(maxsize=64)(self._read_forecast)
        self.counts = lru_cache(maxsize=8)(self._read_counts)

    def _read_cells(self, sha256: str) -> Cells:
        return read_cells_of(self._files / f"{sha256}.geojson")

    def _read_forecast(self, sha256: str, cells_sha256: str) -> Forecast:
        return read_forecast(self._files / f"{sha256}.parquet", self.cells(cells_sha256))

    def _read_counts(self, sha256: str, cells_sha256: str, span: Span) -> Ints:
        cells = self.cells(cells_sha256)
        return read_counts(self._files / f"{sha256}.parquet", cells, periods_of(span))

    def trial(self, promise: Promise, observed: Ints) -> PromisedTrial:
        """Read what it takes to score a promise with counts of shape (periods, cells)."""
        cells, reference = promise.cells.sha256, promise.reference
        return PromisedTrial.of(
            self.forecast(promise.forecast.sha256, cells),
            None if reference is None else self.forecast(reference, cells),
            observed,
            promise.scores,
            promise.area_fractions,
            promise.seed,
        )


def periods_of(span: Span) -> Periods:
    """Return the periods that a manifest names."""
    edges = np.array([instant(edge) for edge in span.edges], dtype="datetime64[us]")
    return Periods(edges, span.time_zone)
