"""Two zones as an urn: the model in which the loop can be solved (Ensign et al. 2018)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from veedor.arrays import Floats


@dataclass(frozen=True)
class Urn:
    r"""Each day one of two zones is visited, with the chance of its share of the record so far.

    The zone that is visited adds its discovered incidents, and both add their reported ones. With
    a and b the expected additions, the share x of the first zone moves as

    $$f(x) = (x (d_1 + r_1) + (1 - x) r_1)(1 - x) - (x r_2 + (1 - x)(d_2 + r_2)) x$$

    and settles where f is 0 and falls.

    Parameters
    ----------
    discovered : (float, float)
        Expected incidents a day that are discovered in each zone if it is visited.
    reported : (float, float)
        Expected incidents a day that are reported in each zone.
    corrected : bool
        Whether a discovered incident is kept only with probability one minus the share of its
        zone: the correction of Ensign et al.

    References
    ----------
    Ensign, D., Friedler, S. A., Neville, S., Scheidegger, C. & Venkatasubramanian, S. (2018).
    Runaway feedback loops in predictive policing. Proceedings of Machine Learning Research 81,
    160-171. https://proceedings.mlr.press/v81/ensign18a.html

    Renlund, H. (2010). Generalized Polya urns via stochastic approximation. arXiv:1002.3716.

    Examples
    --------
    Discovered incidents only, 11 against 10: the first zone takes all. With reported ones the
    share stays within, and overstates the first zone; corrected, it is the truth.

    >>> Urn((1.1, 1.0)).limits()
    (1.0,)
    >>> [round(x, 3) for x in Urn((1.1, 1.0), reported=(1.1, 1.0)).limits()]
    [0.536]
    >>> [round(x, 4) for x in Urn((1.1, 1.0), corrected=True).limits()], round(1.1 / 2.1, 4)
    ([0.5238], 0.5238)
    """

    discovered: tuple[float, float]
    reported: tuple[float, float] = (0.0, 0.0)
    corrected: bool = False

    def limits(self) -> tuple[float, ...]:
        """Shares of the first zone at which the urn can settle, rising.

        Empty where every share stays as it is on average: with equal discovered rates and nothing
        reported the urn is Polya's, and its share settles anywhere, drawn from a beta distribution.
        """
        d1, d2 = self.discovered
        r1, r2 = self.reported
        x = np.polynomial.Polynomial([0.0, 1.0])
        thin1, thin2 = (1 - x, x) if self.corrected else (1.0, 1.0)
        drift = (x * d1 * thin1 + r1) * (1 - x) - ((1 - x) * d2 * thin2 + r2) * x
        coefficients = drift.trim(1e-14).coef
        if len(coefficients) == 1:
            return ()
        slope = drift.deriv()
        found = []
        for root in np.unique(np.round(drift.roots(), 10)):
            share = float(root.real)
            inside = abs(root.imag) < 1e-9 and -1e-9 <= share <= 1.0 + 1e-9
            if inside and float(slope(share)) < -1e-12:
                found.append(min(max(share, 0.0), 1.0))
        return tuple(found)

    def simulate(
        self,
        start: tuple[float, float],
        *,
        days: int,
        runs: int,
        rng: np.random.Generator,
    ) -> Floats:
        """Share of the first zone after each day, shape (days, runs); additions are Poisson.

        Parameters
        ----------
        start : (float, float)
            Recorded incidents to begin with, both above 0.
        days, runs : int
        rng : numpy.random.Generator
        """
        record = np.tile(np.asarray(start, dtype=np.float64), (runs, 1))
        shares = np.empty((days, runs))
        rows = np.arange(runs)
        found_rate, told_rate = np.array(self.discovered), np.array(self.reported)
        for day in range(days):
            share = record[:, 0] / record.sum(axis=1)
            visited = (rng.random(runs) >= share).astype(np.int64)
            found = rng.poisson(found_rate[visited])
            if self.corrected:
                own = np.where(visited == 0, share, 1.0 - share)
                found = np.where(rng.random(runs) < 1.0 - own, found, 0)
            record += rng.poisson(told_rate, size=(runs, 2))
            record[rows, visited] += found
            shares[day] = record[:, 0] / record.sum(axis=1)
        return shares
