"""Level shifts of count series: whether there is one, where, and how large."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import special

from veedor.errors import DataError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: Fewest periods between two breaks, and before the first and after the last.
SHORTEST = 4


@dataclass(frozen=True)
class Shift:
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
    penalty : float
        What a break must gain, in twice log likelihood by dispersion: 95% of series without a break
        gain less by their best one.
    dispersion : float
        Variance by mean, from successive periods, so that a shift does not add to it; at least 1.
    """

    shifts: tuple[Shift, ...]
    p_value: float | None
    penalty: float
    dispersion: float


def find_shifts(
    counts: npt.ArrayLike,
    expected: npt.ArrayLike,
    rng: np.random.Generator,
    *,
    rate: float = 0.05,
    simulations: int = 999,
) -> Shifts:
    r"""Find level shifts by PELT, with a penalty that gives a stated rate of false alarms.

    Segments have cost :math:`-2 \sum y \log(\sum y / \sum e) / \phi` (Poisson, with exposures e and
    dispersion :math:`\phi`); the sum of costs plus a penalty for each break is made as small as can
    be, exactly. The penalty is the 1 - `rate` quantile of what the best single break gains in
    simulated series without one, of the same length, level and dispersion.

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

    Returns
    -------
    Shifts

    Raises
    ------
    DataError
        If there are fewer than 8 periods, or an expected value is not above 0 where something was
        recorded.

    Notes
    -----
    O(periods^2) at worst. Autocorrelation that is not a shift (a slow wave) is taken for shifts:
    the stated rate is that of series whose periods are independent.

    References
    ----------
    Killick, R., Fearnhead, P. & Eckley, I. A. (2012). Optimal detection of changepoints with a
    linear computational cost. Journal of the American Statistical Association 107, 1590-1598.
    https://doi.org/10.1080/01621459.2012.737745

    Examples
    --------
    >>> counts = np.array([10, 12, 9, 11, 10, 8, 31, 29, 33, 30, 28, 31])
    >>> found = find_shifts(counts, np.ones(12), np.random.default_rng(1))
    >>> [shift.at for shift in found.shifts], found.p_value
    ([6], 0.001)
    """
    y, e = np.asarray(counts, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    if len(y) < 2 * SHORTEST or bool(np.any((e <= 0) & (y > 0))):
        raise DataError(
            f"Level shifts need at least {2 * SHORTEST} periods, and an expected count above 0 "
            f"where "
            "something was recorded.",
            found=f"{len(y)} periods, {int(np.sum((e <= 0) & (y > 0)))} without",
        )
    if y.sum() == 0:
        return Shifts((), None, float("nan"), 1.0)
    dispersion = float(successive_dispersion(y[None], e)[0])
    gain = float(_best_gain(y[None], e)[0]) / dispersion
    mean = e * y.sum() / e.sum()
    drawn = draw_counts(np.broadcast_to(mean, (simulations, len(y))), dispersion, rng)
    drawn = drawn[drawn.sum(axis=1) > 0]
    by_chance = _best_gain(drawn, e) / successive_dispersion(drawn, e)
    p_value = (int(np.sum(by_chance >= gain)) + 1) / (len(drawn) + 1)
    penalty = float(np.quantile(by_chance, 1.0 - rate))
    at = pelt(y, e, penalty * dispersion) if p_value <= rate else []
    return Shifts(_describe(y, e, at, dispersion), p_value, penalty, dispersion)


def pelt(y: Floats, e: Floats, penalty: float, shortest: int = SHORTEST) -> list[int]:
    """First periods of the levels after the first, for the smallest penalised cost.

    Parameters
    ----------
    y, e : array, shape (periods,)
        Counts, and what they are in proportion to.
    penalty : float
        For each break, in units of twice the log likelihood.
    shortest : int
        Fewest periods of a level.

    Returns
    -------
    list of int

    Examples
    --------
    >>> pelt(np.array([1.0] * 6 + [9.0] * 6), np.ones(12), penalty=10.0)
    [6]
    """
    many, exposed = (np.concatenate([[0.0], np.cumsum(part)]) for part in (y, e))
    steps = len(y)
    best = np.full(steps + 1, np.inf)
    best[0] = -penalty
    last = np.zeros(steps + 1, dtype=np.int64)
    starts = np.array([0])
    for end in range(shortest, steps + 1):
        whole = best[starts] + _cost(many[end] - many[starts], exposed[end] - exposed[starts])
        place = int(np.argmin(whole))
        best[end], last[end] = whole[place] + penalty, starts[place]
        # A start that cannot win now never will; one that is too young is not judged yet.
        starts = np.append(starts[whole <= best[end]], end - shortest + 1)
    found: list[int] = []
    end = steps
    while last[end] > 0:
        end = int(last[end])
        found.append(end)
    return found[::-1]


def draw_counts(mean: Floats, dispersion: float, rng: np.random.Generator) -> Floats:
    """Draw counts with these means and variance `dispersion` times the mean (at least 1)."""
    if dispersion <= 1.0 + 1e-9:
        return rng.poisson(mean).astype(np.float64)
    scale = dispersion - 1.0
    return rng.poisson(rng.gamma(np.maximum(mean, 1e-12) / scale, scale)).astype(np.float64)


def successive_dispersion(y: Floats, e: Floats) -> Floats:
    r"""Variance by mean of count series, from successive periods: a level shift adds little to it.

    Half the mean square of :math:`r_t - r_{t-1}` with :math:`r_t = (y_t - m_t) / \sqrt{m_t}` and
    :math:`m_t` in proportion to e.

    Parameters
    ----------
    y : array, shape (series, periods)
    e : array, shape (periods,)

    Returns
    -------
    array, shape (series,)
        At least 1; 1 for a series without incidents.

    Examples
    --------
    >>> successive_dispersion(np.array([[1.0, 9.0, 1.0, 9.0]]), np.ones(4))
    array([6.4])
    """
    used = e > 0
    y, e = y[:, used], e[used]
    level = y.sum(axis=1, keepdims=True) / e.sum()
    level = np.where(level > 0, level, 1.0)
    aside = (y - level * e) / np.sqrt(level * e)
    return np.asarray(np.maximum(1.0, np.mean(np.diff(aside, axis=1) ** 2, axis=1) / 2.0))


def _cost(y: Floats, e: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(y > 0, -2.0 * y * np.log(y / e), 0.0))


def _best_gain(y: Floats, e: Floats) -> Floats:
    """What the best single break gains in twice log likelihood, for each of many series."""
    many, exposed = np.cumsum(y, axis=1), np.cumsum(e)
    whole = _cost(many[:, -1], exposed[-1])
    at = np.arange(SHORTEST, y.shape[1] - SHORTEST + 1) - 1
    parts = _cost(many[:, at], exposed[at]) + _cost(
        many[:, -1:] - many[:, at], exposed[-1] - exposed[at]
    )
    return np.asarray(whole - parts.min(axis=1))


def _describe(y: Floats, e: Floats, at: list[int], dispersion: float) -> tuple[Shift, ...]:
    edges = [0, *at, len(y)]
    many = [float(y[a:b].sum()) for a, b in pairwise(edges)]
    exposed = [float(e[a:b].sum()) for a, b in pairwise(edges)]
    shifts = []
    for place, first in enumerate(at):
        before, after = (many[k] / exposed[k] for k in (place, place + 1))
        ratio = low = high = None
        if before > 0:
            ratio = after / before
            if after > 0:
                error = np.sqrt(dispersion * (1 / many[place] + 1 / many[place + 1]))
                reach = float(special.ndtri(0.975) * error)
                low, high = float(ratio * np.exp(-reach)), float(ratio * np.exp(reach))
        typical = exposed[place + 1] / (edges[place + 2] - first)
        shifts.append(Shift(first, before, after, ratio, low, high, (after - before) * typical))
    return tuple(shifts)
