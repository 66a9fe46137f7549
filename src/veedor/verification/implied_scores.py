"""The error of a difference of any two scores that the two forecasts themselves imply."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from scipy import special

from veedor.arrays import Bools, Floats
from veedor.forecasts import CountDistribution

Score = Callable[[CountDistribution, npt.ArrayLike], Floats]

_ENOUGH = 40_000
_FEWEST_PERIODS = 2
# Counts whose chance by their square is less than this share of the chance of any are left out.
_SLIGHT = 1e-4
_LARGE = 60.0
_ENOUGH_LARGE = 400
# Gauss-Hermite: counts at normal quantiles, so that tails have their part.
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(16)


def implied_score_errors(
    score: Score,
    forecasts: Sequence[CountDistribution],
    totals: Sequence[CountDistribution] | None = None,
) -> Floats:
    """Standard errors of the mean difference by period of two forecasts' scores, summed over cells.

    As `implied_gain`, for any score and each two of several forecasts.

    Parameters
    ----------
    score : callable
        Of `SCORES`: from a distribution and counts to the score of each.
    forecasts : sequence of CountDistribution, shape (periods, cells)
        The reference first.
    totals : sequence of CountDistribution, shape (periods,), optional
        Of all cells; without, cells are taken as independent.

    Returns
    -------
    array, shape (forecasts, forecasts)
        In row i and column j that of i and j if i were right, with dispersions no larger than
        the reference's: see `implied_gain`.

    Notes
    -----
    Within some hundredths: counts too unlikely to matter are left out, large ones stand for their
    neighbours, and of more than forty thousand cells and periods, periods at even distances stand
    for all. At least two periods are looked at.

    Examples
    --------
    One cell and period; the squared error of the mean, of 1 against 2: differences 2 y - 3.

    >>> def squared(d, y):
    ...     return (y - d.mean) ** 2
    >>> each = [CountDistribution(np.array([[mean]]), 0.0) for mean in (1.0, 2.0)]
    >>> implied_score_errors(squared, each).round(2)  # 2 and 2 sqrt(2)
    array([[0.  , 2.  ],
           [2.83, 0.  ]])
    """
    periods, cells = forecasts[0].shape
    found = np.zeros((len(forecasts), len(forecasts)))
    if not periods * cells:
        return found
    wanted = min(periods, max(_FEWEST_PERIODS, _ENOUGH // cells))
    large = np.any([one.mean + 10.0 * np.sqrt(one.variance) > _LARGE for one in forecasts], axis=0)
    if bool(large.any()):
        wanted = min(wanted, max(_FEWEST_PERIODS, int(_ENOUGH_LARGE / large.sum() * periods)))
    rows = np.unique(np.linspace(0, periods - 1, wanted).round().astype(np.int64))
    some, large = [one[rows] for one in forecasts], large[rows]
    rises = _Rises(score, some, large)
    for i, right in enumerate(some):
        held = np.minimum(right.dispersion, some[0].dispersion)
        truth = CountDistribution(right.mean, held)
        whole = None if totals is None else totals[i][rows]
        for j in range(len(some)):
            if i != j:
                variance = rises.variance(truth, (i, j), whole)
                found[i, j] = np.sqrt(variance.mean() / periods)
    return found


class _Rises:
    """By how much each forecast's score is above that of no incident, by count: found once."""

    def __init__(self, score: Score, forecasts: Sequence[CountDistribution], large: Bools) -> None:
        self._large = large
        self._at: list[tuple[Bools, Floats]] = []
        base = np.stack([score(one, 0.0) for one in forecasts])
        any_at_all = [one.probability_of_any() for one in forecasts]
        chances = [np.where(large, 0.0, 1.0 - some) for some in any_at_all]
        highest = max(float(np.max(one.mean, where=~large, initial=0.0)) for one in forecasts)
        y = 0.0
        while True:
            chances = [
                _next(p, one.mean, one.dispersion, y)
                for p, one in zip(chances, forecasts, strict=True)
            ]
            y += 1.0
            tells = (
                ~large
                if y == 1.0
                else np.any(
                    [
                        p * y * y > _SLIGHT * some
                        for p, some in zip(chances, any_at_all, strict=True)
                    ],
                    axis=0,
                )
            )
            if y > highest and not bool(tells.any()):
                break
            rise = np.stack([score(one[tells], y) for one in forecasts]) - base[:, tells]
            self._at.append((tells, rise))
        self._nodes: list[list[tuple[Floats, Floats]]] = []
        for one in forecasts if bool(large.any()) else ():
            counts = _spread_out(one[large])
            self._nodes.append(
                [
                    (y, np.stack([score(each[large], y) for each in forecasts]) - base[:, large])
                    for y in counts
                ]
            )

    def variance(
        self, truth: CountDistribution, pair: tuple[int, int], totals: CountDistribution | None
    ) -> Floats:
        """Variance of the difference's sum over cells, shape (periods,); `pair[0]` is right."""
        i, j = pair
        first, second, crossed = (np.zeros(truth.shape) for _ in range(3))
        p = np.where(self._large, 0.0, 1.0 - truth.probability_of_any())
        for y, (tells, rise) in enumerate(self._at):
            p = _next(p, truth.mean, truth.dispersion, float(y))
            d, weight = rise[j] - rise[i], p[tells]
            first[tells] += weight * d
            second[tells] += weight * d * d
            crossed[tells] += weight * d * (y + 1.0)
        nodes = self._nodes[i] if self._nodes else []
        for (counts, rise), weight in zip(nodes, _WEIGHTS / _WEIGHTS.sum(), strict=False):
            d = rise[j] - rise[i]
            first[self._large] += weight * d
            second[self._large] += weight * d * d
            crossed[self._large] += weight * d * counts
        variance: Floats = np.maximum(second - first**2, 0.0).sum(axis=1)
        if totals is None:
            return variance
        spread, mean = truth.variance, truth.mean
        shared = np.maximum(totals.variance - spread.sum(axis=1), 0.0) / totals.mean**2
        loading = ((crossed - first * mean) / spread * mean).sum(axis=1)
        return np.asarray(variance + shared * loading**2, dtype=np.float64)


def _spread_out(large: CountDistribution) -> list[Floats]:
    """Counts from the least to the most likely to matter, of a gamma of the same moments."""
    scale = large.variance / large.mean
    levels = special.ndtr(_NODES)
    return [np.rint(special.gammaincinv(large.mean / scale, level) * scale) for level in levels]


def _next(p: Floats, mean: Floats, dispersion: Floats, y: float) -> Floats:
    """Return the probability of y + 1 from that of y."""
    following: Floats = (
        p * (mean / (1.0 + dispersion * mean)) * ((1.0 + dispersion * y) / (y + 1.0))
    )
    return following
