"""Emerging, fading, persistent: how often, since when and with what trend a place is a hot spot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from veedor.patterns.discoveries import FALSE_DISCOVERY_RATE, false_discovery_q
from veedor.patterns.hot_spots import COLD, HOT
from veedor.patterns.local import Neighbours, getis_ord, permutation_p_values
from veedor.patterns.trends import MannKendall, mann_kendall

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: Class -> what it takes, in words. H is hot; for cold spots read cold for hot.
CLASSES = {
    "new": "H in the last step and never before",
    "consecutive": "H without a gap in the last two or more steps, never before, in less than 90% "
    "of "
    "the steps",
    "intensifying": "H in the last step and in at least 90% of the steps, with a rising trend",
    "persistent": "H in the last step and in at least 90% of the steps, without a trend",
    "diminishing": "H in the last step and in at least 90% of the steps, with a falling trend",
    "sporadic": "H in the last step, off and on before, in less than 90% of the steps, never the "
    "opposite",
    "oscillating": "H in the last step, in less than 90% of the steps, and the opposite in an "
    "earlier one",
    "historical": "not H in the last step, but in at least 90% of the steps",
    "none": "none of these",
}
#: Class -> the group it belongs to.
GROUPS = {
    "new": "emerging",
    "consecutive": "emerging",
    "intensifying": "emerging",
    "persistent": "persistent",
    "sporadic": "on and off",
    "oscillating": "on and off",
    "diminishing": "fading",
    "historical": "fading",
    "none": "none",
}
_MOSTLY = 0.9


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
    trend : MannKendall
        Of z, shape (cells,).
    trend_q : array, shape (cells,)
        `false_discovery_q` of the trends' p-values.
    """

    hot_class: npt.NDArray[np.str_]
    cold_class: npt.NDArray[np.str_]
    kind: Ints
    z: Floats
    trend: MannKendall
    trend_q: Floats


def emerging(
    counts: npt.ArrayLike,
    neighbours: Neighbours,
    rng: np.random.Generator,
    *,
    permutations: int = 9_999,
    rate: float = FALSE_DISCOVERY_RATE,
) -> Emerging:
    """Class every place by its hot spots in each step and the trend of its z-scores.

    A place is hot (cold) in a step if its conditional permutation test, within that step, is named
    at the false discovery `rate` over all places of the step. A trend is one of the z-scores over
    the steps, by Mann-Kendall corrected for autocorrelation, named at the same rate over all
    places. As z-scores are relative to all places of their step, a change that touches every place
    alike is no trend.

    Parameters
    ----------
    counts : array, shape (steps, cells)
        At least six steps of equal length, such as months.
    neighbours : (indptr, indices)
    rng : numpy.random.Generator
    permutations : int
    rate : float
        False discovery rate, within each step and over the trends.

    Returns
    -------
    Emerging

    Raises
    ------
    DataError
        If there are fewer than 6 steps.

    Notes
    -----
    The classes are those that analysts know from emerging hot spot analysis in ArcGIS, with two
    differences: neighbours are those of the same step, not of the step before too, and both tests
    are adjusted for looking at every place.

    References
    ----------
    Hamed & Rao (1998), see `mann_kendall`. Ord & Getis (1995), see `getis_ord`.
    """
    table = np.asarray(counts, dtype=np.float64)
    z = getis_ord(table, neighbours)
    trend = mann_kendall(np.nan_to_num(z))
    trend_q = false_discovery_q(trend.p_value)
    more, less = permutation_p_values(table, neighbours, rng, permutations=permutations)
    two_sided = np.minimum(1.0, 2.0 * np.minimum(more, less))
    q = np.array([false_discovery_q(step) for step in two_sided])
    kind = np.where((q <= rate) & np.isfinite(z), np.sign(np.nan_to_num(z)), 0).astype(np.int64)
    direction = np.where(trend_q <= rate, np.sign(trend.tau), 0).astype(np.int64)
    return Emerging(
        classify(kind == HOT, kind == COLD, direction),
        classify(kind == COLD, kind == HOT, -direction),
        kind,
        z,
        trend,
        trend_q,
    )


def classify(
    hot: npt.NDArray[np.bool_], opposite: npt.NDArray[np.bool_], direction: Ints
) -> npt.NDArray[np.str_]:
    """Name the class of each place; see `CLASSES` for what each takes.

    Parameters
    ----------
    hot, opposite : array of bool, shape (steps, cells)
    direction : array of int, shape (cells,)
        1 rising, -1 falling, 0 without a trend.

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
    ]
    return np.select([rule for _, rule in rules], [name for name, _ in rules], "none")
