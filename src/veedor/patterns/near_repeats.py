"""Near repeats: incidents close in space that are close in time more often than by chance."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt
from scipy import special

from veedor.arrays import Floats, Ints
from veedor.errors import DataError, phrase
from veedor.patterns.bands import (
    LONGEST_DAYS,
    MOST_BANDS,
    SAME_PLACE_M,
    ascending,
)
from veedor.patterns.pairs import (
    PairCounter,
    blocks_of,
    close_candidates,
    districts,
    pairs_by_lag,
    shuffle_all,
    shuffle_within,
)
from veedor.patterns.simulated import middle_range
from veedor.statistics.discoveries import false_discovery_q
from veedor.statistics.resampling import jackknife_variance

#: A season is that of a district with at least so many incidents.
SEASON_OF = 500
_JACKKNIFE_OF = 50
_MOST_GROUPS = 32
_FEWEST_GROUPS = 6
#: Their days under 256 orders take 128 MB a core, thrice.
_MOST_INCIDENTS = 250_000


class NearRepeats(msgspec.Struct, frozen=True, eq=False):
    """The Knox table of a record. All arrays have shape (distance bands, time bands).

    Parameters
    ----------
    distances_m, days : tuple of number
        Ends of the bands; each begins beyond the end of the one before it. The first ones are the
        same place (at most 1 m apart) and the same day (of the local calendar): 1.0 and 0. Same
        place *and* same day is a band of its own, because one event that was recorded twice lies
        there too.
    observed : array of int
        Pairs of incidents.
    expected : array of float
        Mean number of pairs over all orders of the days, exactly: pairs so far apart in space times
        the share of all pairs that are so far apart in days.
    ratio : array of float
        Observed by expected (Knox ratio); 1 is no interaction of space and time. NaN where no pair
        is expected.
    low, high : array of float
        95% interval of the ratio, from leaving out districts; NaN where it cannot be had.
    p_value : array of float
        (M + 1) / (R + 1): shuffles with at least as many pairs. NaN where no pair is expected.
    q_value : array of float
        `false_discovery_q` over all bands of the table.
    seasonal_ratio, seasonal_low, seasonal_high : array of float
        Mean and 95% range of the ratio that a plain seasonal record gives: every district keeps
        its own days, with their season, trend and breaks, but which of its incidents fell on which
        day is shuffled. A ratio within it says nothing of repeats. NaN where there is one district
        only.
    incidents : int
        That make the pairs.
    thinned : int
        Left out at random, for there were too many pairs: see `near_repeats`.
    places : int
        Distinct points, to the metre.
    permutations, seasonal_permutations, seasonal_districts : int
    without_a_place, over_a_day : int
        Of a record, incidents that make no pairs: without a place, or dated to more than a day.
    """

    distances_m: tuple[float, ...]
    days: tuple[int, ...]
    observed: Ints
    expected: Floats
    ratio: Floats
    low: Floats
    high: Floats
    p_value: Floats
    q_value: Floats
    seasonal_ratio: Floats
    seasonal_low: Floats
    seasonal_high: Floats
    incidents: int
    thinned: int
    places: int
    permutations: int
    seasonal_permutations: int
    seasonal_districts: int
    without_a_place: int = 0
    over_a_day: int = 0

    def p_values(self) -> tuple[tuple[str, float | None], ...]:
        """Ask whether there are more pairs in the first bands beyond the same place and day."""
        first = float(self.p_value[1, 1])
        return (("near_repeats", first if np.isfinite(first) else None),)


def near_repeats(
    x_m: Floats,
    y_m: Floats,
    day: Ints,
    rng: np.random.Generator,
    *,
    distances_m: Sequence[float] = (100.0, 200.0, 300.0, 400.0),
    days: Sequence[int] = (7, 14, 21, 28),
    permutations: int = 999,
    seasonal_permutations: int = 199,
    most_pairs: float = 3e8,
) -> NearRepeats:
    r"""Knox test over bands of distance and time, by Monte Carlo.

    For each band the number of pairs of incidents that are so far apart in space and in days is
    compared with the same number when the days are shuffled over the incidents: places keep their
    counts, days keep theirs, and only what ties the two together is broken.

    Parameters
    ----------
    x_m, y_m : array, shape (n,)
        Positions in metres; all known.
    day : array of int, shape (n,)
        Civil day, counted from any one.
    rng : numpy.random.Generator
    distances_m : sequence of float
        Ends of the distance bands after the same place; each begins where the one before it ends.
    days : sequence of int
        Ends of the time bands after the same day.
    permutations, seasonal_permutations : int
    most_pairs : float
        Where more pairs lie in the same or adjoining squares of the largest distance, incidents are
        left out at random until about so many do; and so they are above 250,000. Observed and
        expected shrink alike, so the ratio is an estimate of the same, only less sure.

    Raises
    ------
    DataError
        If there are fewer than two incidents, the bands do not ascend or are more than 12, or the
        days span more than 32,767 (89 years).

    Notes
    -----
    Time O(permutations x pairs within the largest distance), memory O(512 n) bytes a core, n after
    thinning. The result does not depend on the number of cores.

    The interval is a delete-a-group jackknife of log(observed / expected) over up to 32 districts
    of like numbers of incidents, a pair being of the district of its first incident; Student's t.

    References
    ----------
    Knox, E. G. (1964). The detection of space-time interactions. Applied Statistics 13, 25-30.
    https://doi.org/10.2307/2985220

    Townsley, M., Homel, R. & Chaseling, J. (2003). Infectious burglaries: a test of the near repeat
    hypothesis. British Journal of Criminology 43, 615-633. https://doi.org/10.1093/bjc/43.3.615

    Kulldorff, M. & Hjalmars, U. (1999). The Knox method and other tests for space-time interaction.
    Biometrics 55, 544-552. https://doi.org/10.1111/j.0006-341X.1999.00544.x

    Examples
    --------
    >>> x, day = np.array([0.0, 50.0, 5000.0, 9000.0]), np.array([1, 3, 200, 300])
    >>> found = near_repeats(x, np.zeros(4), day, np.random.default_rng(1), permutations=99)
    >>> found.distances_m[:2], found.days[:2], found.observed[1, 1]
    ((1.0, 100.0), (0, 7), np.int64(1))
    """
    x_m, y_m = np.asarray(x_m, dtype=np.float64), np.asarray(y_m, dtype=np.float64)
    day = np.asarray(day, dtype=np.int64)
    edges = np.array([SAME_PLACE_M, *distances_m], dtype=np.float64)
    lags = np.array([0, *days], dtype=np.int64)
    _check(x_m, y_m, day, edges, lags)
    kept = _thinned(x_m, y_m, float(edges[-1]), most_pairs, rng)
    thinned = len(x_m) - len(kept)
    x_m, y_m, day = x_m[kept], y_m[kept], day[kept] - int(day[kept].min())
    counted = districts(
        x_m, y_m, max(_JACKKNIFE_OF, -(-len(x_m) // (2 * _MOST_GROUPS))), _MOST_GROUPS
    )
    counter = PairCounter.of(x_m, y_m, counted, edges, lags)
    by_district = counter.observed(day)
    observed = by_district.sum(axis=0)
    in_time = pairs_by_lag(day, lags) / (len(x_m) * (len(x_m) - 1) / 2)
    in_space = counter.at_any_time()
    expected = in_space.sum(axis=0)[:, None] * in_time
    ratio = _ratio(observed, expected)
    low, high = _interval(by_district, in_space[:, :, None] * in_time)
    drawn = counter.permuted(day, blocks_of(rng, permutations), shuffle_all)
    p_value = (np.sum(drawn >= observed, axis=0) + 1) / (permutations + 1)
    p_value = np.where(expected > 0, p_value, np.nan)
    seasons = districts(x_m, y_m, SEASON_OF)
    seasonal = np.full((3, *observed.shape), np.nan)
    if seasons.max() > 0:
        blocks = blocks_of(rng, seasonal_permutations)
        ratios = _ratio(counter.permuted(day, blocks, shuffle_within(seasons)), expected)
        seasonal[0] = ratios.mean(axis=0)
        seasonal[1:] = middle_range(ratios)
    points = np.unique(np.round(x_m) + 1j * np.round(y_m))
    return NearRepeats(
        distances_m=tuple(edges.tolist()),
        days=tuple(lags.tolist()),
        observed=observed,
        expected=expected,
        ratio=ratio,
        low=low,
        high=high,
        p_value=p_value,
        q_value=false_discovery_q(p_value),
        seasonal_ratio=seasonal[0],
        seasonal_low=seasonal[1],
        seasonal_high=seasonal[2],
        incidents=len(x_m),
        thinned=thinned,
        places=len(points),
        permutations=permutations,
        seasonal_permutations=seasonal_permutations,
        seasonal_districts=int(seasons.max()) + 1,
    )


def _thinned(
    x_m: Floats, y_m: Floats, reach_m: float, most_pairs: float, rng: np.random.Generator
) -> Ints:
    """Incidents to keep: all, or so large a part, drawn at random, as has about `most_pairs`."""
    share = np.sqrt(most_pairs / max(close_candidates(x_m, y_m, reach_m), 1))
    share = min(share, _MOST_INCIDENTS / len(x_m))
    if share >= 1.0:
        return np.arange(len(x_m))
    many = max(2, int(share * len(x_m)))
    return np.sort(rng.choice(len(x_m), many, replace=False))


def _check(x_m: Floats, y_m: Floats, day: Ints, edges: Floats, lags: Ints) -> None:
    if len(x_m) < 2 or not bool(np.isfinite(x_m).all() and np.isfinite(y_m).all()):
        raise DataError(
            "Near repeats need at least two incidents, all with a place.",
            found=phrase(
                "{n} incidents, {without} of them without one",
                n=len(x_m),
                without=int(np.sum(~np.isfinite(x_m))),
            ),
        )
    if not (ascending(edges[1:], SAME_PLACE_M) and ascending(lags[1:], 0)):
        raise DataError(
            phrase(
                "Bands of distance must ascend from above {same_place_m:g} m, and bands of "
                "days from above 0; at most {most_bands} of each.",
                same_place_m=SAME_PLACE_M,
                most_bands=MOST_BANDS,
            ),
            found=phrase(
                "ends {edges} m and {lags} days", edges=edges[1:].tolist(), lags=lags[1:].tolist()
            ),
        )
    if max(int(np.ptp(day)), int(lags[-1])) > LONGEST_DAYS:
        raise DataError(
            phrase(
                "Near repeats are counted over at most {longest_days:,} days.",
                longest_days=LONGEST_DAYS,
            ),
            found=phrase(
                "days that span {span:,}, lags up to {lags:,}",
                span=int(np.ptp(day)),
                lags=int(lags[-1]),
            ),
            remedy="take a shorter record",
        )


def _ratio(observed: npt.NDArray[np.integer], expected: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(expected > 0, observed / expected, np.nan))


def _interval(observed: Ints, expected: Floats) -> tuple[Floats, Floats]:
    """95% interval of the ratio from (districts, ...) pairs observed and expected."""
    groups = len(observed)
    nothing = np.full(observed.shape[1:], np.nan)
    if groups < _FEWEST_GROUPS:
        return nothing, nothing
    whole, whole_expected = observed.sum(axis=0), expected.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.log(whole / whole_expected)
        without = np.log((whole - observed) / (whole_expected - expected))
        reach = special.stdtrit(groups - 1, 0.975) * np.sqrt(jackknife_variance(without))
        known = np.isfinite(value) & np.isfinite(reach)
        return (
            np.where(known, np.exp(value - reach), np.nan),
            np.where(known, np.exp(value + reach), np.nan),
        )
