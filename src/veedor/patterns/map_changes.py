"""Spatial change: whether two maps put the same shares of the incidents in the same places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, ndtr, ndtri

from veedor.arrays import Bools, Floats, Ints
from veedor.errors import DataError, phrase
from veedor.patterns.references import unchanged
from veedor.patterns.simulated import middle_range
from veedor.statistics.codes import Denominator, Hypothesis
from veedor.statistics.discoveries import FALSE_DISCOVERY_RATE, false_discovery_q
from veedor.statistics.estimates import TestResult

#: Incidents of both maps from which on a place's ratio says what the usual ratio is.
_FEWEST = 10
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
        Of the index alone: 1 where the test map has a larger share than the base map (its whole
        interval lies above), -1 a smaller one, 0 neither. Neither adjusted for looking at many
        places nor for shares that sum to one: see `changed`.
    s_by_chance : tuple of float
        Mean and 95% range of the robust index when it is shuffled which incident is of which map:
        what no change gives.
    test : TestResult
        Is the robust index smaller than if the incidents of both maps fell on the places with the
        same probabilities?
    p_value, q_value : array, shape (places,)
        Of a change of the place against the places that kept their level (Fisher's exact test),
        and `false_discovery_q` of it over the places with an incident. NaN where neither map has
        one, and where there is nothing to hold it against.
    reference : array of bool, shape (places,)
        The places that each is held against, without itself: see `unchanged`.
    ratio : array, shape (places,)
        Test by base incidents of the place, by that of the reference. 1 is no change; NaN where the
        place, or the reference, has no base incident.
    changed : array of int, shape (places,)
        1 for places that rose, -1 for those that fell against the reference, 0 for all others, at a
        false discovery rate of 5%.
    """

    s_index: float | None
    robust_s_index: float | None
    direction: Ints
    s_by_chance: tuple[float, float, float] | None
    test: TestResult
    p_value: Floats
    q_value: Floats
    reference: Bools
    ratio: Floats
    changed: Ints


def map_change(
    base: npt.ArrayLike,
    test: npt.ArrayLike,
    rng: np.random.Generator,
    *,
    share: float = 0.85,
    simulations: int = 99,
    dispersion: float = 1.0,
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
    dispersion : float
        Long-run variance by mean of the counts of a place, at least 1: above it incidents come in
        runs, and two maps differ by more without a change. Shuffled maps are that much further
        from even, and the normal scores of the places' exact p-values are divided by its root.
    seed : int, optional
        To state in the result.

    Raises
    ------
    DataError
        If the maps have no places, or not the same.

    Notes
    -----
    A place is held against the places that kept their level, not against all: shares sum to one,
    so one place that doubles would make all others fall. Which ones kept it is found from the same
    counts, see `unchanged`.

    Known faults of the index (Wheeler, Steenbeek & Andresen 2018): sampling 85% without replacement
    makes intervals too narrow for a difference between two samples, so that places without a change
    are called different far more often than 5%; sparse places make S small, and places that are
    empty in both maps make it large. So the index is only to be read beside `s_by_chance`, and
    single places by `changed`.

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
    (1.0, [0, 0, 0], [0, 0, 0])

    One place doubles; the others did not fall:

    >>> found = map_change([300, 200, 200, 200], [600, 200, 200, 200], np.random.default_rng(1))
    >>> found.changed.tolist(), found.ratio.tolist()
    ([1, 0, 0, 0], [2.0, 1.0, 1.0, 1.0])
    """
    one, two = np.asarray(base, dtype=np.int64), np.asarray(test, dtype=np.int64)
    if one.shape != two.shape or one.ndim != 1 or len(one) == 0:
        raise DataError(
            "Two maps must have the same places, at least one.",
            found=phrase(
                "shapes {shape} and {other_shape}", shape=one.shape, other_shape=two.shape
            ),
        )
    if not dispersion >= 1.0:
        raise DataError("A dispersion must be at least 1.", found=f"{dispersion:g}")
    busy = (one + two) > 0
    nothing = np.full(len(one), np.nan)
    if one.sum() == 0 or two.sum() == 0:
        none = _result(None, None, int(busy.sum()), seed)
        zero = np.zeros(len(one), dtype=np.int64)
        return MapChange(None, None, zero, None, none, nothing, nothing, zero > 0, nothing, zero)
    direction = _directions(one[None], two[None], share)[0]
    similar = direction == 0
    robust = float(similar[busy].mean())
    both = (one + two)[busy]
    shuffled = rng.multivariate_hypergeometric(
        both, int(one.sum()), size=simulations, method="marginals"
    )
    shuffled = _further(shuffled, both, float(one.sum() / both.sum()), dispersion)
    drawn = np.mean(_directions(shuffled, both - shuffled, share) == 0, axis=1)
    p_value, reference, ratio = nothing.copy(), busy.copy(), nothing.copy()
    reference[busy], p_value[busy], ratio[busy] = _places(one[busy], two[busy], dispersion)
    q_value = false_discovery_q(p_value)
    rose = np.where(one > 0, np.sign(ratio - 1.0), 1.0)
    return MapChange(
        s_index=float(similar.mean()),
        robust_s_index=robust,
        direction=direction,
        s_by_chance=(float(drawn.mean()), *middle_range(drawn).tolist()),
        test=_result(
            robust, (int(np.sum(drawn <= robust)) + 1) / (simulations + 1), int(busy.sum()), seed
        ),
        p_value=p_value,
        q_value=q_value,
        reference=reference,
        ratio=ratio,
        changed=np.where(q_value <= FALSE_DISCOVERY_RATE, rose, 0.0).astype(np.int64),
    )


def _further(shuffled: Ints, both: Ints, usual: float, dispersion: float) -> Ints:
    """Move shuffled maps away from even, as far as counts with that dispersion are."""
    if dispersion <= 1.0:
        return shuffled
    even = usual * both
    wider = np.rint(even + np.sqrt(dispersion) * (shuffled - even))
    return np.asarray(np.clip(wider, 0, both), dtype=np.int64)


def _places(one: Ints, two: Ints, dispersion: float) -> tuple[Bools, Floats, Floats]:
    """Reference, p-value and ratio of each place that has an incident."""

    def p_value(kept: Bools) -> Floats:
        exact = _fisher(one, two, kept)
        return exact if dispersion <= 1.0 else _wider(exact, dispersion)

    def named(kept: Bools) -> Bools:
        return np.asarray(false_discovery_q(p_value(kept)) <= FALSE_DISCOVERY_RATE)

    everywhere = np.ones(len(one), dtype=bool)
    enough = one + two >= _FEWEST
    starts = [everywhere]
    if enough.any():
        log_ratio = np.log((two + 0.5) / (one + 0.5))
        error = np.sqrt(dispersion * (1.0 / (two + 0.5) + 1.0 / (one + 0.5)))
        starts.append(np.abs(log_ratio - np.median(log_ratio[enough])) <= 2.0 * error)
    reference = unchanged(named, starts)
    first, second = (part[reference].sum() - part * reference for part in (one, two))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = two * first / np.where(one * second > 0, one * second, np.nan)
    return reference, p_value(reference), ratio


def _wider(p_value: Floats, dispersion: float) -> Floats:
    return np.asarray(2.0 * ndtr(ndtri(p_value / 2.0) / np.sqrt(dispersion)))


def _directions(one: Ints, two: Ints, share: float) -> Ints:
    """Compare pairs of maps, shape (maps, places); all test maps have the same total."""
    whole = int(two[0].sum())
    size = max(1, round(share * whole))
    many, place = np.unique(two, return_inverse=True)
    ends = np.array([_ends(whole, int(k), size) for k in many]) / size
    low, high = np.moveaxis(ends[place.reshape(two.shape)], -1, 0)
    base = one / one.sum(axis=-1, keepdims=True)
    return np.where(base < low, 1, np.where(base > high, -1, 0)).astype(np.int64)


def _fisher(one: Ints, two: Ints, kept: Bools) -> Floats:
    """Two-sided p-value of each place's counts against the places kept: twice the smaller tail.

    Given the place's total, its base count is hypergeometric where nothing changed.
    """
    base, whole = int(one[kept].sum()), int((one + two)[kept].sum())
    p_value = np.empty(len(one))
    inside, place = np.unique((one + two)[kept], return_inverse=True)
    mine = np.flatnonzero(kept)
    for number, total in enumerate(inside.tolist()):
        at = mine[place == number]
        p_value[at] = _tails(one[at], whole, total, base)
    for at in np.flatnonzero(~kept):
        total = int(one[at] + two[at])
        p_value[at] = _tails(one[[at]], whole + total, total, base + int(one[at]))[0]
    return p_value


def _tails(one: Ints, whole: int, mine: int, size: int) -> Floats:
    if mine == whole:
        return np.full(len(one), np.nan)
    first, weight = _hypergeometric(whole, mine, size)
    below = np.cumsum(weight)[one - first]
    above = np.cumsum(weight[::-1])[::-1][one - first]
    return np.minimum(1.0, 2.0 * np.minimum(below, above))


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
        test=Hypothesis("robust_s_index"),
        statistic=index,
        p_value=p_value,
        n=places,
        unit=Denominator("places"),
        seed=seed,
        source=_SOURCE,
    )
