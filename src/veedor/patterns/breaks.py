"""Level shifts of count series: whether there is one, where, and how large."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import msgspec
import numpy as np
import numpy.typing as npt
from scipy import special

from veedor.arrays import Floats, Ints
from veedor.errors import DataError, phrase
from veedor.patterns.departures import departures, draw_counts, draw_departures

#: Fewest periods between two breaks, and before the first and after the last.
SHORTEST = 4
#: With fewer simulated series beyond the one observed, its p-value is not known well enough.
_FEW_BEYOND = 10


class Shift(msgspec.Struct, frozen=True):
    """One level shift.

    Parameters
    ----------
    at : int
        The first period of the new level.
    before, after : float
        Recorded by expected, in the stretch before and in the stretch after it.
    ratio, low, high : float or None
        After by before, with its 95% interval; None where the stretch before has no incident.
    change : float
        Incidents a period more (fewer: negative) than at the level before.
    """

    at: int
    before: float
    after: float
    ratio: float | None
    low: float | None
    high: float | None
    change: float


@dataclass(frozen=True)
class Shifts:
    """What is known of a series' level.

    Parameters
    ----------
    shifts : tuple of Shift
        In order; empty where none is found.
    p_value : float or None
        Of the hypothesis that there is none, by simulation; None where nothing was recorded.
    penalty : float or None
        What a break must gain, in twice log likelihood by long-run dispersion: 95% of series
        without a break gain less by their best one.
    dispersion, carried : float
        Variance by mean, and the share of a departure that lasts into the next period: see
        `departures`, to which a shift adds little.
    """

    shifts: tuple[Shift, ...]
    p_value: float | None
    penalty: float | None
    dispersion: float
    carried: float


def find_shifts(
    counts: npt.ArrayLike,
    expected: npt.ArrayLike,
    rng: np.random.Generator,
    *,
    rate: float = 0.05,
    simulations: int = 999,
    least_carried: float = 0.0,
    rest: npt.ArrayLike | None = None,
    few_beyond: int = _FEW_BEYOND,
) -> Shifts:
    r"""Find level shifts by PELT, with a penalty that gives a stated rate of false alarms.

    Segments have cost :math:`-2 \sum y \log(\sum y / \sum e) / \lambda` (Poisson, with exposures e
    and long-run dispersion :math:`\lambda`, see `departures`); the sum of costs plus a penalty for
    each break is the smallest of all divisions into levels of at least 4 periods. The penalty is
    the 1 - `rate` quantile of what the best single break gains in simulated series without one, of
    the same length, level and dispersion, with autocorrelations about that estimated, and each with
    a long-run dispersion of its own; differences across the best break do not count in it.

    Parameters
    ----------
    counts : array of int, shape (periods,)
    expected : array, shape (periods,)
        What the counts would be in proportion to without a shift: ones, days of each period, a
        seasonal profile, or the counts of all places together.
    rng : numpy.random.Generator
    rate : float
        Of false alarms, a series.
    simulations : int
        Ten times as many where fewer than `few_beyond` of these gain as much as the series.
    least_carried : float
        Autocorrelation that series of this kind have on average: series without a shift are
        simulated with no less, as one alone hardly tells it.
    rest : array, shape (periods,), optional
        Where the expected counts hold the series itself: what they hold besides, counts too. Levels
        and ratios are then against that.
    few_beyond : int
        0 for no more simulations than were asked for: where there are many series, and the
        smallest p-value that these can give is small enough.

    Raises
    ------
    DataError
        If there are fewer than 8 periods with an expected value above 0, or it is not above 0 where
        something was recorded.

    Notes
    -----
    O(periods^2) at worst, and O(periods x simulations). The rate is that of series whose departures
    die out by a constant share a period; a slow wave is still cut into steps.

    References
    ----------
    Killick, R., Fearnhead, P. & Eckley, I. A. (2012). Optimal detection of changepoints with a
    linear computational cost. Journal of the American Statistical Association 107, 1590-1598.
    https://doi.org/10.1080/01621459.2012.737745

    Examples
    --------
    >>> counts = np.array([10, 12, 9, 11, 10, 8, 31, 29, 33, 30, 28, 31])
    >>> found = find_shifts(counts, np.ones(12), np.random.default_rng(1))
    >>> [shift.at for shift in found.shifts], round(found.p_value, 4)
    ([6], 0.0001)
    """
    y, e = np.asarray(counts, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    if int(np.sum(e > 0)) < 2 * SHORTEST or bool(np.any((e <= 0) & (y > 0))):
        raise DataError(
            phrase(
                "Level shifts need at least {shortest} periods with an expected count above 0, "
                "and one wherever something was recorded.",
                shortest=2 * SHORTEST,
            ),
            found=phrase(
                "{n} periods, {without} without",
                n=int(np.sum(e > 0)),
                without=int(np.sum((e <= 0) & (y > 0))),
            ),
        )
    if y.sum() == 0:
        return Shifts((), None, None, 1.0, 0.0)
    gained, first = best_break(y[None], e)
    found = departures(y[None], e, first)
    dispersion, carried, long_run = (
        float(one[0]) for one in (found.dispersion, found.carried, found.long_run)
    )
    gain = float(gained[0]) / long_run
    mean = e * y.sum() / e.sum()
    lasting = max(carried, least_carried)
    by_chance = _by_chance(mean, e, dispersion, lasting, simulations, rng)
    if np.sum(by_chance >= gain) < few_beyond:
        more = _by_chance(mean, e, dispersion, lasting, 9 * simulations, rng)
        by_chance = np.concatenate([by_chance, more])
    p_value = (int(np.sum(by_chance >= gain)) + 1) / (len(by_chance) + 1)
    penalty = float(np.quantile(by_chance, 1.0 - rate))
    at = pelt(y, e, penalty * long_run) if p_value <= rate else []
    held = None if rest is None else np.asarray(rest, dtype=np.float64)
    return Shifts(_describe(y, e, at, long_run, held), p_value, penalty, dispersion, carried)


def usual_carried(series: Sequence[tuple[npt.ArrayLike, npt.ArrayLike]]) -> float:
    """Share of a departure that lasts into the next period, on average over series of one kind.

    Parameters
    ----------
    series : sequence of (counts, expected)
        Each as `find_shifts` takes them.

    Returns
    -------
    float
        0 where no series has an incident.
    """
    found = [0.0]
    for counts, expected in series:
        y, e = np.asarray(counts, dtype=np.float64), np.asarray(expected, dtype=np.float64)
        if y.sum() > 0:
            found.append(float(departures(y[None], e, best_break(y[None], e)[1]).carried[0]))
    return float(np.mean(found[1:])) if len(found) > 1 else 0.0


def _by_chance(
    mean: Floats, e: Floats, dispersion: float, carried: float, many: int, rng: np.random.Generator
) -> Floats:
    """What the best break of each of so many series without one gains, by its own dispersion."""
    lasting = draw_departures(dispersion, carried, len(mean), many, rng).carried
    drawn = draw_counts(np.broadcast_to(mean, (many, len(mean))), dispersion, rng, lasting)
    drawn = drawn[drawn.sum(axis=1) > 0]
    gained, first = best_break(drawn, e)
    return np.asarray(gained / departures(drawn, e, first).long_run)


def pelt(y: Floats, e: Floats, penalty: float, shortest: int = SHORTEST) -> list[int]:
    """First periods of the levels after the first, for the smallest penalised cost.

    The smallest of all divisions into levels of at least `shortest` periods: a start is given up
    only from the end on at which the one that beats it is long enough to be a level itself.

    Parameters
    ----------
    y, e : array, shape (periods,)
        Counts, and what they are in proportion to.
    penalty : float
        For each break, in units of twice the log likelihood.
    shortest : int
        Fewest periods of a level.

    Examples
    --------
    >>> pelt(np.array([1.0] * 6 + [9.0] * 6), np.ones(12), penalty=10.0)
    [6]

    One break would gain 1.6, less than it costs:

    >>> counts = np.array([10.0, 5.0, 6.0, 17.0, 4.0, 5.0, 2.0, 11.0, 12.0, 9.0])
    >>> pelt(counts, np.ones(10), penalty=2.0)
    []
    """
    many, exposed = (np.concatenate([[0.0], np.cumsum(part)]) for part in (y, e))
    steps = len(y)
    best = np.full(steps + 1, np.inf)
    best[0] = -penalty
    last = np.zeros(steps + 1, dtype=np.int64)
    starts = np.array([0])
    # From which end on a start need not be tried again: until then it is.
    useless = np.array([steps + 1])
    for end in range(shortest, steps + 1):
        whole = best[starts] + _cost(many[end] - many[starts], exposed[end] - exposed[starts])
        place = int(np.argmin(whole))
        best[end], last[end] = whole[place] + penalty, starts[place]
        # What starts here is cheaper than what starts there - once it is long enough to be a level.
        beaten = np.where(whole > best[end], end + shortest, steps + 1)
        useless = np.minimum(useless, beaten)
        kept = useless > end + 1
        starts = np.append(starts[kept], end - shortest + 1)
        useless = np.append(useless[kept], steps + 1)
    found: list[int] = []
    end = steps
    while last[end] > 0:
        end = int(last[end])
        found.append(end)
    return found[::-1]


def _cost(y: Floats, e: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(y > 0, -2.0 * y * np.log(y / e), 0.0))


def best_break(y: Floats, e: Floats) -> tuple[Floats, Ints]:
    """What the best break of each series gains in twice log likelihood, and where it is.

    Parameters
    ----------
    y : array, shape (series, periods)
    e : array, shape (periods,)

    Returns
    -------
    gained : array, shape (series,)
    at : array of int, shape (series,)
        First period of the new level.
    """
    many, exposed = np.cumsum(y, axis=1), np.cumsum(e)
    whole = _cost(many[:, -1], exposed[-1])
    at = np.arange(SHORTEST, y.shape[1] - SHORTEST + 1) - 1
    parts = _cost(many[:, at], exposed[at]) + _cost(
        many[:, -1:] - many[:, at], exposed[-1] - exposed[at]
    )
    best = np.argmin(parts, axis=1)
    return np.asarray(whole - parts[np.arange(len(y)), best]), at[best] + 1


def _describe(
    y: Floats, e: Floats, at: list[int], long_run: float, rest: Floats | None
) -> tuple[Shift, ...]:
    edges = [0, *at, len(y)]
    many = [float(y[a:b].sum()) for a, b in pairwise(edges)]
    against = e if rest is None else rest
    held = [float(against[a:b].sum()) for a, b in pairwise(edges)]
    shifts = []
    for place, first in enumerate(at):
        (old, new), (base, now) = many[place : place + 2], held[place : place + 2]
        if base <= 0 or now <= 0:
            continue
        ratio = low = high = None
        if old > 0:
            ratio = new / now / (old / base)
            # Where it is held against counts, these vary too.
            of_rest = 0.0 if rest is None else 1 / base + 1 / now
            if new > 0:
                error = np.sqrt(long_run * (1 / old + 1 / new + of_rest))
                reach = float(special.ndtri(0.975) * error)
                low, high = float(ratio * np.exp(-reach)), float(ratio * np.exp(reach))
            else:
                # None of so many, each as likely to be before as after but for the exposures.
                share = float(special.betaincinv(1.0, old / long_run, 0.975))
                low, high = 0.0, share / (1.0 - share) * base / now
        typical = now / (edges[place + 2] - first)
        shifts.append(
            Shift(
                first, old / base, new / now, ratio, low, high, (new / now - old / base) * typical
            )
        )
    return tuple(shifts)
