"""`Forecast`: how many incidents each cell is expected to record in each period."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from veedor.arrays import Floats
from veedor.errors import ForecastFileError, LeakageError, phrase
from veedor.forecasts.distributions import CountDistribution
from veedor.spacetime import Cells, Periods


@dataclass(frozen=True, eq=False)
class Forecast:
    """Count distributions for every period and cell, made before the first period began.

    Parameters
    ----------
    distribution : CountDistribution, shape (periods, cells)
    cells : Cells
    periods : Periods
    category : str
    forecaster : str
        Who made it.
    version : str
        Of the software that made it.
    parameters : dict
        JSON-ready; what it was made with, fitted values too.
    data_cutoff : datetime64
        No record entered after this instant was used.
    issued_at : datetime64
    total_dispersion : float or None
        Dispersion of the total over all cells. Cells rise and fall together, so the total is less
        certain than independent cells would make it; None where the maker does not say.
    unstated : frozenset of str
        Which of ``data_cutoff`` and ``issued_at`` the maker does not say; they are then the first
        edge, the latest that they can be.

    Raises
    ------
    LeakageError
        Unless data_cutoff <= issued_at <= first edge.
    ForecastFileError
        If the distribution does not have one row a period and one column a cell.
    """

    distribution: CountDistribution
    cells: Cells
    periods: Periods
    category: str
    forecaster: str
    version: str
    data_cutoff: np.datetime64
    issued_at: np.datetime64
    parameters: dict[str, Any] = field(default_factory=dict)
    total_dispersion: float | None = None
    unstated: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.distribution.shape != (len(self.periods), len(self.cells)):
            raise ForecastFileError(
                "A forecast must have one distribution for each period and cell.",
                found=phrase(
                    "shape {shape} for {n_periods} periods and {n_cells} cells",
                    shape=self.distribution.shape,
                    n_periods=len(self.periods),
                    n_cells=len(self.cells),
                ),
            )
        if not self.data_cutoff <= self.issued_at <= self.periods.edges[0]:
            raise LeakageError(
                "A forecast must be issued after its data cut-off and before its first period.",
                found=phrase(
                    "cut-off {data_cutoff}, issued {issued_at}, first period {begins} (UTC)",
                    data_cutoff=self.data_cutoff,
                    issued_at=self.issued_at,
                    begins=self.periods.edges[0],
                ),
                where=phrase(
                    "forecaster {forecaster}, category {category}",
                    forecaster=self.forecaster,
                    category=self.category,
                ),
            )

    @property
    def mean(self) -> Floats:
        """Expected incidents, shape (periods, cells)."""
        return self.distribution.mean

    @property
    def totals(self) -> CountDistribution:
        """Distribution of the incidents of all cells together, shape (periods,).

        Where the maker did not say how uncertain totals are, cells are taken as independent and
        the variances add up.
        """
        mean = self.distribution.mean.sum(axis=1)
        if self.total_dispersion is not None:
            return CountDistribution(mean, self.total_dispersion)
        excess = (self.distribution.variance - self.distribution.mean).sum(axis=1)
        return CountDistribution(mean, np.maximum(excess, 0.0) / mean**2)

    def rescaled(self, totals: Floats) -> Forecast:
        """Return the same forecast with every period's means scaled to the given totals.

        Parameters
        ----------
        totals : array, shape (periods,)
        """
        factor = totals / self.distribution.mean.sum(axis=1)
        return Forecast(
            distribution=self.distribution.scaled(factor[:, None]),
            cells=self.cells,
            periods=self.periods,
            category=self.category,
            forecaster=self.forecaster,
            version=self.version,
            data_cutoff=self.data_cutoff,
            issued_at=self.issued_at,
            parameters=self.parameters,
            total_dispersion=self.total_dispersion,
            unstated=self.unstated,
        )
