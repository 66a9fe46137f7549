"""Scores of events "at least k incidents": Brier score, and their sum, the ranked probability."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import special

from veedor.arrays import Floats
from veedor.forecasts import CountDistribution
from veedor.verification.scores.walking import MOST_COUNTS, blocks, walkable

COUNT_EDGES = (1, 2, 3, 5)
"""Categories of the ranked probability score unless given: none, 1, 2, 3 or 4, 5 and more."""

# Below this dispersion the incomplete beta function loses more than the Poisson is off.
_NO_BETA_BELOW = 1e-13


def probability_at_least(distribution: CountDistribution, count: int) -> Floats:
    """Probability of at least `count` incidents.

    Never one minus a probability near one, so that small probabilities keep their digits.

    Parameters
    ----------
    distribution : CountDistribution
    count : int
        At 0 or below the event is certain.

    Returns
    -------
    array in [0, 1], shape of the distribution

    Examples
    --------
    >>> probability_at_least(CountDistribution(np.array([1.0]), 0.0), 2).round(4)  # 1 - 2 / e
    array([0.2642])
    """
    if count <= 0:
        return np.ones(distribution.shape)
    if count == 1:
        return distribution.probability_of_any()
    mean, alpha = distribution.mean, distribution.dispersion
    poisson = special.pdtrc(count - 1.0, mean)
    dispersed = alpha > _NO_BETA_BELOW
    if not bool(np.any(dispersed)):
        return np.asarray(poisson, dtype=np.float64)
    a = np.where(dispersed, alpha, 1.0)
    odds = a * mean
    tail: Floats = np.where(
        dispersed, special.betainc(float(count), 1.0 / a, odds / (1.0 + odds)), poisson
    )
    return tail


def brier_at_least(
    distribution: CountDistribution, observed: npt.ArrayLike, count: int = 1
) -> Floats:
    r"""Brier score of the event that at least `count` incidents are recorded.

    :math:`(P(Y \ge k) - 1\{y \ge k\})^2`, from 0 to 1; smaller is better; 0 is certain and right.

    Raises
    ------
    ValueError
        If `count` is below 1: at least 0 always happens.

    References
    ----------
    Brier, G. W. (1950). Verification of forecasts expressed in terms of probability. Monthly
    Weather Review 78, 1-3. https://doi.org/10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2

    Examples
    --------
    >>> one = CountDistribution(np.array([1.0]), 0.0)  # P(at least 2) = 1 - 2 / e
    >>> brier_at_least(one, [2], 2).round(4), round((2 / np.e) ** 2, 4)
    (array([0.5413]), 0.5413)
    """
    if count < 1:
        raise ValueError(f"the event must be of at least 1 incident, got {count}")
    happened = np.asarray(observed) >= count
    score: Floats = (probability_at_least(distribution, count) - happened) ** 2
    return score


def brier_any(distribution: CountDistribution, observed: npt.ArrayLike) -> Floats:
    r"""Brier score of the event that at least one incident is recorded.

    `brier_at_least` with 1, the event that a place records anything.

    Examples
    --------
    >>> half = CountDistribution(np.array([np.log(2.0)]), 0.0)
    >>> brier_any(half, 3)
    array([0.25])
    """
    return brier_at_least(distribution, observed)


def ranked_probability_score(
    distribution: CountDistribution,
    observed: npt.ArrayLike,
    edges: Sequence[int] = COUNT_EDGES,
) -> Floats:
    r"""Ranked probability score over categories of counts.

    With categories that begin at 0 and at each edge e,

    .. math:: \sum_e \left(F(e - 1) - 1\{y < e\}\right)^2,

    the sum of the Brier scores of all events "at least e". With every whole number from 1 as an
    edge it is the `crps`. It is not divided by the number of edges.

    Parameters
    ----------
    distribution : CountDistribution
    observed : array of whole numbers, broadcastable
    edges : sequence of int
        Rising, from 1: where each category but the first begins.

    Returns
    -------
    array
        From 0 (certain and right) to the number of edges; smaller is better. Proper.

    Raises
    ------
    ValueError
        If edges do not rise, or are not whole numbers from 1.

    References
    ----------
    Epstein, E. S. (1969). A scoring system for probability forecasts of ranked categories. Journal
    of Applied Meteorology 8, 985-987.
    https://doi.org/10.1175/1520-0450(1969)008<0985:ASSFPF>2.0.CO;2

    Examples
    --------
    >>> one = CountDistribution(np.array([1.0]), 0.0)  # P(>= 1) = 0.6321, P(>= 2) = 0.2642
    >>> ranked_probability_score(one, [1], edges=(1, 2)).round(4)  # 0.3679^2 + 0.2642^2
    array([0.2052])
    """
    rising = np.asarray(edges)
    if (
        rising.ndim != 1
        or len(rising) == 0
        or bool(np.any(rising != np.floor(rising)))
        or rising[0] < 1
        or bool(np.any(np.diff(rising) <= 0))
    ):
        raise ValueError(f"edges must be whole numbers from 1 that rise, got {edges!r}")
    shape = np.broadcast_shapes(distribution.shape, np.shape(observed))
    score = np.empty(shape)
    flat = score.reshape(-1)
    for block, forecasts, y in blocks(distribution, observed):
        flat[block] = _ranked(forecasts, y, rising.astype(np.float64))
    return score


def _ranked(distribution: CountDistribution, y: Floats, edges: Floats) -> Floats:
    from veedor.verification.scores.compiled import ranked_sums

    near = walkable(distribution) & (edges[-1] <= MOST_COUNTS)
    score = np.zeros(len(y))
    score[near] = ranked_sums(
        distribution.mean[near], distribution.dispersion[near], y[near], edges
    )
    if not bool(np.all(near)):
        rest, counts = distribution[~near], y[~near]
        score[~near] = sum(brier_at_least(rest, counts, int(edge)) for edge in edges)
    return score
