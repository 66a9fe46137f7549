"""Emerging, fading, persistent: what rises or falls, and since when a place is a hot spot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from veedor.arrays import Bools, Floats, Ints
from veedor.errors import DataError, phrase
from veedor.patterns.hot_spots import COLD, HOT
from veedor.patterns.share_trends import PoissonTrend, poisson_trend
from veedor.statistics.discoveries import FALSE_DISCOVERY_RATE, false_discovery_q
from veedor.statistics.spatial import Neighbours, getis_ord, lag

#: Class -> the group it belongs to. H is hot; for cold spots read cold for hot. What each takes:
#:
#: - new: H in the last step and never before;
#: - consecutive: H without a gap in the last two or more steps, never before, in less than 90%;
#: - intensifying, persistent, diminishing: H in the last step and in at least 90% of the steps,
#:   with a rising trend, without one, with a falling one;
#: - sporadic: H in the last step, off and on before, in less than 90%, never the opposite;
#: - oscillating: H in the last step, in less than 90%, and the opposite in an earlier one;
#: - historical: not H in the last step, but in at least 90% of the steps;
#: - rising, falling: none of these, and a trend; none: none of these.
CLASSES = {
    "new": "emerging",
    "consecutive": "emerging",
    "intensifying": "emerging",
    "persistent": "persistent",
    "diminishing": "fading",
    "sporadic": "on_and_off",
    "oscillating": "on_and_off",
    "historical": "fading",
    "rising": "emerging",
    "falling": "fading",
    "none": "none",
}
_MOSTLY = 0.9
_FEWEST_STEPS = 6
#: What a Fourier transform leaves exact of a tail.
_LEAST = 1e-13


@dataclass(frozen=True, eq=False)
class Emerging:
    """Classes of places by their hot spots over time.

    Parameters
    ----------
    hot_class, cold_class : array of str, shape (cells,)
        Keys of `CLASSES`.
    kind : array of int, shape (steps, cells)
        1 hot, -1 cold, 0 neither, in each step.
    z : array, shape (steps, cells)
        Getis-Ord :math:`G_i^*` of each step.
    step_p : array, shape (steps,)
        p-value of each step: does any place stand out in it? The smallest q-value (Simes).
    own, around : PoissonTrend
        Trend of each place, and of each place with those around it, shape (cells,).
    change : array, shape (cells,)
        Yearly change of the one of the two that has the smaller p-value.
    trend_p, trend_q : array, shape (cells,)
        Twice the smaller of the two p-values, and `false_discovery_q` of it over all places.
    """

    hot_class: npt.NDArray[np.str_]
    cold_class: npt.NDArray[np.str_]
    kind: Ints
    z: Floats
    step_p: Floats
    own: PoissonTrend
    around: PoissonTrend
    change: Floats
    trend_p: Floats
    trend_q: Floats


def emerging(
    counts: npt.ArrayLike,
    neighbours: Neighbours,
    *,
    years: npt.ArrayLike | None = None,
    rate: float = FALSE_DISCOVERY_RATE,
) -> Emerging:
    """Class every place by its trend, and by its hot spots in each step.

    A place is hot (cold) in a step if its neighbours' sum is named at the false discovery `rate`
    over all places of the step, two-sided, against as many counts drawn from that step's. It is the
    test of `permutation_p_values` with exact tails: thousands of places need p-values that no
    affordable number of permutations reaches. A trend is one of the place's incidents,
    alone or with those around it, against the places that kept their level (`poisson_trend`), named
    at the same rate over all places. It takes all steps together: a place with few incidents a step
    is a hot spot in no step alone, and still has a trend. A change that touches every place alike
    is no trend.

    Parameters
    ----------
    counts : array of int, shape (steps, cells)
        At least six steps of equal length, such as months.
    neighbours : (indptr, indices)
    years : array, shape (steps,), optional
        Middle of each step, in years from any instant; by default steps are months.
    rate : float
        False discovery rate, within each step and over the trends.

    Raises
    ------
    DataError
        If there are fewer than 6 steps, or a count is negative or not whole.

    Notes
    -----
    The classes but the last two are those that analysts know from emerging hot spot analysis in
    ArcGIS. Four things differ: neighbours are those of the same step, not of the step before too; a
    place is held against its own step, not against all together; the trend is one of counts, not of
    z-scores, and allows for departures that last; both tests are adjusted for looking at every
    place.

    Drawing is with replacement and from all places, itself too, which changes tails by a share of
    neighbours by places, towards caution. O(steps x (cells + k m log(k m))) for k neighbours and a
    largest count of m.

    References
    ----------
    Ord & Getis (1995), see `getis_ord`. Lugannani & Rice (1980), see `poisson_trend`. Simes, R. J.
    (1986). An improved Bonferroni procedure for multiple tests of significance. Biometrika 73,
    751-754. https://doi.org/10.1093/biomet/73.3.751
    """
    table = np.asarray(counts, dtype=np.float64)
    if not bool(np.all((table >= 0) & (table == np.floor(table)))):
        raise DataError("Emerging hot spots are of counts: whole, and at least 0.")
    if len(table) < _FEWEST_STEPS:
        raise DataError(
            "Emerging hot spots need at least 6 steps.",
            found=phrase("{n} steps", n=len(table)),
        )
    z = getis_ord(table, neighbours)
    q = np.array([false_discovery_q(_two_sided(step, neighbours)) for step in table])
    kind = np.where((q <= rate) & np.isfinite(z), np.sign(np.nan_to_num(z)), 0).astype(np.int64)
    when = np.arange(len(table)) / 12.0 if years is None else years
    own = poisson_trend(table, when)
    around = poisson_trend(table, when, neighbours=neighbours)
    both = np.array([own.p_value, around.p_value])
    smaller = np.where(np.isnan(both), np.inf, both).min(axis=0)
    change = np.where(own.p_value == smaller, own.change, around.change)
    trend_p = np.where(np.isfinite(smaller), np.minimum(1.0, 2.0 * smaller), np.nan)
    trend_q = false_discovery_q(trend_p)
    direction = np.where(trend_q <= rate, np.sign(np.nan_to_num(change)), 0).astype(np.int64)
    smallest = np.where(np.isnan(q), 1.0, q).min(axis=1)
    hot, cold = kind == HOT, kind == COLD
    return Emerging(
        classify(hot, cold, direction),
        classify(cold, hot, -direction),
        kind,
        z,
        smallest,
        own,
        around,
        change,
        trend_p,
        trend_q,
    )


def _two_sided(counts: Floats, neighbours: Neighbours) -> Floats:
    """Twice the smaller tail of each place's neighbours' sum, among draws of as many places."""
    degree, sums = np.diff(neighbours[0]), lag(counts, neighbours).astype(np.int64)
    pool = np.bincount(counts.astype(np.int64)) / len(counts)
    p_value = np.full(len(counts), np.nan)
    for k in np.unique(degree[degree > 0]):
        size = int(k) * (len(pool) - 1) + 1
        chance = np.clip(np.fft.irfft(np.fft.rfft(pool, 2 * size) ** k, 2 * size)[:size], 0.0, 1.0)
        more, less = np.cumsum(chance[::-1])[::-1], np.cumsum(chance)
        smaller = np.maximum(np.minimum(more, less), _LEAST)
        mine = degree == k
        p_value[mine] = np.minimum(1.0, 2.0 * smaller[sums[mine]])
    return p_value


def classify(hot: Bools, opposite: Bools, direction: Ints) -> npt.NDArray[np.str_]:
    """Name the class of each place; see `CLASSES` for what each takes.

    Parameters
    ----------
    hot, opposite : array of bool, shape (steps, cells)
    direction : array of int, shape (cells,)
        1 rising, -1 falling, 0 without a trend. For cold spots a fall is a rise.

    Returns
    -------
    array of str, shape (cells,)

    Examples
    --------
    >>> hot = np.array([[0, 0, 1, 1, 1], [0, 1, 1, 0, 1], [1, 1, 1, 1, 0]], dtype=bool)
    >>> classify(hot, np.zeros_like(hot), np.array([0, 0, 0, 0, 0])).tolist()
    ['new', 'consecutive', 'persistent', 'sporadic', 'none']
    """
    steps = len(hot)
    last = hot[-1]
    times = hot.sum(axis=0)
    mostly = times >= _MOSTLY * steps
    # Hot steps in one piece at the end: as many as there are after the last step that is not hot.
    run = np.where(hot.all(axis=0), steps, np.argmin(hot[::-1], axis=0))
    rules = [
        ("new", last & (times == 1)),
        ("intensifying", last & mostly & (direction > 0)),
        ("diminishing", last & mostly & (direction < 0)),
        ("persistent", last & mostly),
        ("consecutive", last & (run == times) & (times >= 2)),
        ("oscillating", last & opposite[:-1].any(axis=0)),
        ("sporadic", last),
        ("historical", ~last & mostly),
        ("rising", direction > 0),
        ("falling", direction < 0),
    ]
    return np.select([rule for _, rule in rules], [name for name, _ in rules], "none")
