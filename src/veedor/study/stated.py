"""`Stated`: what one maker stated, all its forecasts together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from veedor.forecasts import CountDistribution, Forecast
from veedor.verification import ImpliedGain, implied_gain

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

    def same_as(self, other: Stated) -> bool:
        """Whether both state the same, but for rounding."""
        return all(
            np.allclose(mine, theirs, rtol=1e-9, atol=0.0)
            for mine, theirs in (
                (self.cells.mean, other.cells.mean),
                (self.cells.dispersion, other.cells.dispersion),
            )
        )

    def implied_gain(self, reference: Stated) -> ImpliedGain:
        """Moments of the information gain over a reference; see `veedor.verification`."""
        return implied_gain(
            self.cells,
            reference.cells,
            forecast_totals=self.totals,
            reference_totals=reference.totals,
        )

    def gain_of_places(self, reference: Stated, observed: Ints) -> Floats:
        r"""Gain by period of where counts are expected, not of how many, nor how dispersed.

        Of means as Poisson rates, scaled to the reference's totals: :math:`\sum_c y_c \log (q_c /
        \mu_c)` where both sums agree, shape (n,).
        """
        means = self.rescaled(reference.totals.mean).mean
        theirs = reference.cells.mean
        gain: Floats = (observed * np.log(means / theirs) - (means - theirs)).sum(axis=1)
        return gain

    def same_places_as(self, reference: Stated) -> bool:
        """Whether both expect the same share of the total in each cell, but for rounding."""
        means = self.rescaled(reference.totals.mean).mean
        return bool(np.allclose(means, reference.cells.mean, rtol=1e-9, atol=0.0))

    def implied_gain_of_places(self, reference: Stated) -> ImpliedGain:
        """Moments of `gain_of_places`."""
        return implied_gain(
            self.rescaled(reference.totals.mean),
            reference.cells,
            forecast_totals=CountDistribution(reference.totals.mean, self.totals.dispersion),
            reference_totals=reference.totals,
            means_only=True,
        )

    def take(self, rows: Ints) -> Stated:
        """Return some of the rows."""
        return Stated(
            CountDistribution(self.cells.mean[rows], self.cells.dispersion[rows]),
            CountDistribution(self.totals.mean[rows], self.totals.dispersion[rows]),
            self.totals_stated,
        )
