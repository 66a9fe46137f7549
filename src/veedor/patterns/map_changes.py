"""Spatial change: whether two maps put the same shares of the incidents in the same places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from veedor.errors import DataError
from veedor.estimates import TestResult
from veedor.patterns.discoveries import FALSE_DISCOVERY_RATE, false_discovery_q
from veedor.patterns.simulated import middle_range

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_SOURCE = (
    "Andresen, M. A. (2009). Testing for similarity in area-based spatial patterns. Applied "
    "Geography 29, 333-345. https://doi.org/10.1016/j.apgeog.2008.12.004"
)


@dataclass(frozen=True, eq=False)
class MapChange:
    """Two maps compared, place by place.

    Parameters
    ----------
    s_index : float or None
        Share of the places whose share of the base incidents lies within the interval of their
        share of the test incidents: 1 is the same map. None where one of the maps is empty.
    robust_s_index : float or None
        The same over the places where either map has an incident.
    direction : array of int, shape (places,)
        1 where the test map has a larger share than the base map (its whole interval lies above),
        -1 a smaller one, 0 neither. Not adjusted for looking at many places: see `q_value`.
    s_by_chance : tuple of float
        Mean and 95% range of the robust index when it is shuffled which incident is of which map:
        what no change gives.
    test : TestResult
        Is the robust index smaller than no change gives?
    p_value, q_value : array, shape (places,)
        Of a difference in the place's share (Fisher's exact test), and `false_discovery_q` of it
        over the places with an incident. NaN where neither map has one.
    rate : float
        False discovery rate for `changed`.
    """

    s_index: float | None
    robust_s_index: float | None
    direction: Ints
    s_by_chance: tuple[float, float, float] | None
    test: TestResult
    p_value: Floats
    q_value: Floats
    rate: float = FALSE_DISCOVERY_RATE

    @property
    def changed(self) -> npt.NDArray[np.bool_]:
        """Places whose share changed, at the false discovery rate, shape (places,)."""
        named: npt.NDArray[np.bool_] = self.q_value <= self.rate
        return named


def map_change(
    base: npt.ArrayLike,
    test: npt.ArrayLike,
    rng: np.random.Generator,
    *,
    share: float = 0.85,
    simulations: int = 99,
    seed: int | None = None,
) -> MapChange:
    """Compare two maps by Andresen's spatial point pattern test, and place by place.

    85% of the test incidents are drawn without replacement, again and again; each place's interval
    runs from the 2.5th to the 97.5th percentile of its share. A place is similar if its share of
    the base incidents lies within. The number of a place's incidents in such a draw is
    hypergeometric, so its percentiles are computed, not drawn: what ever more resamples come to.

    Parameters
    ----------
    base, test : array of int, shape (places,)
        Counts of two periods (or two categories) in the same places.
    rng : numpy.random.Generator
    share : float
        Of the test incidents, in each resample.
    simulations : int
        Pairs of maps without a change, for `s_by_chance`: each place keeps its incidents of both
        maps together, each map its total, and which incident is of which map is shuffled.
    seed : int, optional
        To state in the result.

    Returns
    -------
    MapChange

    Raises
    ------
    DataError
        If the maps have no places, or not the same.

    Notes
    -----
    Known faults of the index (Wheeler, Steenbeek & Andresen 2018): sampling 85% without replacement
    makes intervals too narrow for a difference between two samples, so that places without a change
    are called different far more often than 5%; sparse places make S small, and places that are
    empty in both maps make it large. So the index is only to be read beside `s_by_chance`, and
    single places by `q_value`.

    References
    ----------
    Andresen, M. A. (2009). Testing for similarity in area-based spatial patterns. Applied Geography
    29, 333-345. https://doi.org/10.1016/j.apgeog.2008.12.004

    Wheeler, A. P., Steenbeek, W. & Andresen, M. A. (2018). Testing for similarity in area-based
    spatial patterns: alternative methods to Andresen's spatial point pattern test. Transactions in
    GIS 22, 760-774. https://doi.org/10.1111/tgis.12341

    Examples
    --------
    >>> found = map_change([50, 50, 0], [50, 50, 0], np.random.default_rng(1))
    >>> found.s_index, found.direction.tolist(), found.changed.tolist()
    (1.0, [0, 0, 0], [False, False, False])
    """
    one, two = np.asarray(base, dtype=np.int64), np.asarray(test, dtype=np.int64)
    if one.shape != two.shape or one.ndim != 1 or len(one) == 0:
        raise DataError(
            "Two maps must have the same places, at least one.",
            found=f"shapes {one.shape} and {two.shape}",
        )
    busy = (one + two) > 0
    nothing = np.full(len(one), np.nan)
    if one.sum() == 0 or two.sum() == 0:
        none = _result(None, None, int(busy.sum()), seed)
        zero = np.zeros(len(one), dtype=np.int64)
        return MapChange(None, None, zero, None, none, nothing, nothing)
    direction = _directions(one[None], two[None], share)[0]
    similar = direction == 0
    robust = float(similar[busy].mean())
    both = (one + two)[busy]
    shuffled = rng.multivariate_hypergeometric(
        both, int(one.sum()), size=simulations, method="marginals"
    )
    drawn = np.mean(_directions(shuffled, both - shuffled, share) == 0, axis=1)
    p_value = nothing.copy()
    p_value[busy] = _fisher(one[busy], two[busy])
    return MapChange(
        s_index=float(similar.mean()),
        robust_s_index=robust,
        direction=direction,
        s_by_chance=(float(drawn.mean()), *middle_range(drawn).tolist()),
        test=_result(
            robust, (int(np.sum(drawn <= robust)) + 1) / (simulations + 1), int(busy.sum()), seed
        ),
        p_value=p_value,
        q_value=false_discovery_q(p_value),
    )


def _directions(one: Ints, two: Ints, share: float) -> Ints:
    """Compare pairs of maps, shape (maps, places); all test maps have the same total."""
    whole = int(two[0].sum())
    size = max(1, round(share * whole))
    many, place = np.unique(two, return_inverse=True)
    ends = np.array([_ends(whole, int(k), size) for k in many]) / size
    low, high = np.moveaxis(ends[place.reshape(two.shape)], -1, 0)
    base = one / one.sum(axis=-1, keepdims=True)
    return np.where(base < low, 1, np.where(base > high, -1, 0)).astype(np.int64)


def _fisher(one: Ints, two: Ints) -> Floats:
    """Two-sided p-value of each place's counts against the rest: twice the smaller tail.

    Given the place's total, its base count is hypergeometric where the shares are the same.
    """
    whole, size = int(one.sum() + two.sum()), int(one.sum())
    total, place = np.unique(one + two, return_inverse=True)
    p_value = np.empty(len(one))
    for number, mine in enumerate(total.tolist()):
        at = np.flatnonzero(place == number)
        first, weight = _hypergeometric(whole, mine, size)
        below = np.cumsum(weight)[one[at] - first]
        above = np.cumsum(weight[::-1])[::-1][one[at] - first]
        p_value[at] = np.minimum(1.0, 2.0 * np.minimum(below, above))
    return p_value


def _ends(whole: int, mine: int, size: int) -> tuple[int, int]:
    """2.5th and 97.5th percentile of how many of `mine` of `whole` are among `size` drawn."""
    first, weight = _hypergeometric(whole, mine, size)
    low, high = np.searchsorted(np.cumsum(weight), (0.025, 0.975), side="left")
    return first + int(low), first + min(int(high), len(weight) - 1)


def _hypergeometric(whole: int, mine: int, size: int) -> tuple[int, Floats]:
    """Fewest of `mine` of `whole` among `size` drawn, and the probabilities from there on."""
    first = max(0, size - (whole - mine))
    found = np.arange(first, min(mine, size) + 1)
    log_weight = -(
        gammaln(found + 1)
        + gammaln(mine - found + 1)
        + gammaln(size - found + 1)
        + gammaln(whole - mine - size + found + 1)
    )
    weight = np.exp(log_weight - log_weight.max())
    return first, weight / weight.sum()


def _result(
    index: float | None, p_value: float | None, places: int, seed: int | None
) -> TestResult:
    return TestResult(
        test="robust S index against no change, lower tail",
        null_hypothesis="The incidents of both maps fall on the places with the same "
        "probabilities.",
        statistic=index,
        p_value=p_value,
        n=places,
        unit="places with a recorded incident in either map",
        seed=seed,
        source=_SOURCE,
    )
