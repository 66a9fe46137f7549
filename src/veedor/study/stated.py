"""`Stated`: what one maker stated, all its forecasts together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from veedor.forecasts import CountDistribution, Forecast

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Stated:
    """What one maker stated.

    Parameters
    ----------
    cells : CountDistribution, shape (n, cells)
        A row for each period of each forecast.
    totals : CountDistribution, shape (n,)
    totals_stated : bool
        Whether the maker said how uncertain totals are; otherwise cells are taken as independent.
    """

    cells: CountDistribution
    totals: CountDistribution
    totals_stated: bool

    @classmethod
    def of(cls, forecasts: Sequence[Forecast]) -> Stated:
        """Put forecasts of one maker and category one after another."""
        totals = [forecast.totals for forecast in forecasts]
        return cls(
            CountDistribution(
                np.concatenate([forecast.mean for forecast in forecasts]),
                np.concatenate([forecast.distribution.dispersion for forecast in forecasts]),
            ),
            CountDistribution(
                np.concatenate([one.mean for one in totals]),
                np.concatenate([one.dispersion for one in totals]),
            ),
            all(forecast.total_dispersion is not None for forecast in forecasts),
        )

    def rescaled(self, totals: Floats) -> CountDistribution:
        """Distributions of the cells when every row's means are scaled to the given totals."""
        return self.cells.scaled((totals / self.totals.mean)[:, None])

    def take(self, rows: Ints) -> Stated:
        """Return some of the rows."""
        return Stated(
            CountDistribution(self.cells.mean[rows], self.cells.dispersion[rows]),
            CountDistribution(self.totals.mean[rows], self.totals.dispersion[rows]),
            self.totals_stated,
        )
