"""Scores of quantiles and central intervals: pinball, interval and weighted interval score."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from veedor.arrays import Floats, Ints
from veedor.forecasts import CountDistribution
from veedor.verification.scores.walking import blocks, walkable

INTERVAL_LEVELS = (0.5, 0.8, 0.95)
"""Levels of the central intervals of the weighted interval score unless given."""

_HIGHEST_LEVEL = 1.0 - 1e-9  # a walk subtracts from 1, so that it knows no tail near rounding


def pinball_score(quantile: npt.ArrayLike, observed: npt.ArrayLike, level: float) -> Floats:
    r"""Quantile score (pinball loss) of a quantile forecast q at a level.

    :math:`(1\{y \le q\} - \tau)(q - y)`: :math:`\tau (y - q)` where more was recorded,
    :math:`(1 - \tau)(q - y)` where less. In incidents, from 0 up; smaller is better; the best
    forecast is the quantile itself. At level 1/2 it is half the absolute error.

    Raises
    ------
    ValueError
        If the level is not between 0 and 1.

    References
    ----------
    Koenker, R. & Bassett, G. (1978). Regression quantiles. Econometrica 46, 33-50.
    https://doi.org/10.2307/1913643

    Gneiting, T. & Raftery, A. E. (2007). Strictly proper scoring rules, prediction, and
    estimation. Journal of the American Statistical Association 102, 359-378, section 6.1.
    https://doi.org/10.1198/016214506000001437

    Examples
    --------
    >>> pinball_score([2, 2], [5, 1], 0.9)  # 0.9 * 3 and 0.1 * 1
    array([2.7, 0.1])
    """
    _require_levels([level])
    distance = np.asarray(observed, dtype=np.float64) - np.asarray(quantile, dtype=np.float64)
    score: Floats = np.maximum(level * distance, (level - 1.0) * distance)
    return score


def interval_score(
    low: npt.ArrayLike, high: npt.ArrayLike, observed: npt.ArrayLike, level: float
) -> Floats:
    r"""Interval score of a central interval of a level, with :math:`\alpha = 1 -` level.

    :math:`(u - l) + \frac{2}{\alpha}(l - y)_+ + \frac{2}{\alpha}(y - u)_+`: its width, and a
    penalty for a miss. In incidents, from 0 up; smaller is better. Proper.

    Raises
    ------
    ValueError
        If the level is not between 0 and 1, or an interval ends before it begins.

    References
    ----------
    Gneiting, T. & Raftery, A. E. (2007). Strictly proper scoring rules, prediction, and
    estimation. Journal of the American Statistical Association 102, 359-378, equation 43.
    https://doi.org/10.1198/016214506000001437

    Examples
    --------
    >>> interval_score([0, 0], [3, 3], [2, 5], 0.8)  # 3, and 3 + 10 * 2
    array([ 3., 23.])
    """
    _require_levels([level])
    below, above = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    if bool(np.any(below > above)):
        raise ValueError("an interval must not end before it begins")
    y = np.asarray(observed, dtype=np.float64)
    miss = np.maximum(below - y, 0.0) + np.maximum(y - above, 0.0)
    score: Floats = above - below + 2.0 * miss / (1.0 - level)
    return score


def weighted_interval_score_of_quantiles(
    forecast: npt.ArrayLike, observed: npt.ArrayLike, levels: Sequence[float]
) -> Floats:
    r"""Weighted interval score of a forecast that is given as quantiles.

    With a median m and K central intervals,

    .. math:: \frac{1}{K + 1/2} \left(\tfrac12 |y - m| + \sum_k \tfrac{\alpha_k}{2}
              \text{IS}_{\alpha_k}\right),

    which is twice the mean of the pinball scores at the 2K + 1 quantiles.

    Parameters
    ----------
    forecast : array, shape (2K + 1, ...)
        The quantiles, in the order of the central intervals' ends that `levels` makes: from the
        lowest to the highest, the median in the middle.
    observed : array, shape of one quantile
    levels : sequence of K numbers in (0, 1)
        Of the central intervals, rising.

    Returns
    -------
    array, shape of `observed`
        In incidents, from 0 up; smaller is better; with many intervals close to the CRPS.

    Raises
    ------
    ValueError
        If levels do not rise between 0 and 1, or the number of quantiles is another.

    References
    ----------
    Bracher, J., Ray, E. L., Gneiting, T. & Reich, N. G. (2021). Evaluating epidemic forecasts in an
    interval format. PLOS Computational Biology 17, e1008618.
    https://doi.org/10.1371/journal.pcbi.1008618

    Examples
    --------
    >>> ends = [[0], [1], [3]]  # of one interval of level 0.5, with its median
    >>> weighted_interval_score_of_quantiles(ends, [5], [0.5])  # (4 / 2 + (3 + 4 * 2) / 4) / 1.5
    array([3.16666667])
    """
    ends = _ends(levels)
    given = np.asarray(forecast, dtype=np.float64)
    if len(given) != len(ends):
        raise ValueError(f"{len(levels)} intervals have {len(ends)} quantiles, got {len(given)}")
    total = np.zeros(np.broadcast_shapes(given.shape[1:], np.shape(observed)))
    for end, quantile in zip(ends, given, strict=True):
        total += pinball_score(quantile, observed, end)
    score: Floats = 2.0 * total / len(ends)
    return score


def weighted_interval_score(
    distribution: CountDistribution,
    observed: npt.ArrayLike,
    levels: Sequence[float] = INTERVAL_LEVELS,
) -> Floats:
    """Weighted interval score of the median and central intervals of a forecast.

    `weighted_interval_score_of_quantiles` says what it is. A forecast's quantiles are whole
    numbers: the smallest count whose cumulative probability reaches the level.

    Examples
    --------
    >>> d = CountDistribution(np.array([1.0]), 0.0)  # quantiles 0, 0, 0, 1, 2, 2, 3
    >>> weighted_interval_score(d, [1]).round(4)
    array([0.2214])
    >>> round(2 * (0.025 + 0.1 + 0.25 + 0 + 0.25 + 0.1 + 2 * 0.025) / 7, 4)  # of the 7 quantiles
    0.2214
    """
    return 2.0 * _mean_pinball(distribution, observed, _ends(levels))


def quantile_score(
    distribution: CountDistribution, observed: npt.ArrayLike, level: float = 0.9
) -> Floats:
    """Quantile score of a forecast's quantile at one level: see `pinball_score`.

    At a high level it judges the upper tail, where staff and cells are planned.

    Examples
    --------
    >>> d = CountDistribution(np.array([1.0]), 0.0)  # its 0.9 quantile is 2
    >>> quantile_score(d, [5], 0.9)
    array([2.7])
    """
    return _mean_pinball(distribution, observed, [level])


def quantiles(distribution: CountDistribution, levels: Sequence[float]) -> Ints:
    """Smallest counts whose cumulative probabilities reach the levels, shape (levels, ...).

    What `CountDistribution.quantile` gives, for several levels at once: means of up to about 100
    are walked through count by count.

    Raises
    ------
    ValueError
        If a level is not between 0 and 1.

    Examples
    --------
    >>> quantiles(CountDistribution(np.array([1.0]), 0.0), [0.5, 0.9, 0.95]).ravel()
    array([1, 2, 3])
    """
    _require_levels(levels)
    found = np.empty((len(levels), *distribution.shape), dtype=np.int64)
    flat = found.reshape(len(levels), -1)
    for block, forecasts, _ in blocks(distribution, 0.0):
        flat[:, block] = _quantiles(forecasts, levels)
    return found


def _mean_pinball(
    distribution: CountDistribution, observed: npt.ArrayLike, levels: Sequence[float]
) -> Floats:
    """Return the mean of the quantile scores at some levels."""
    from veedor.verification.scores.compiled import mean_pinballs

    _require_levels(levels)
    rising = np.sort(np.asarray(levels, dtype=np.float64))
    score = np.empty(np.broadcast_shapes(distribution.shape, np.shape(observed)))
    flat = score.reshape(-1)
    for block, forecasts, y in blocks(distribution, observed):
        near = walkable(forecasts) & (rising[-1] < _HIGHEST_LEVEL)
        part = np.empty(len(y))
        part[near] = mean_pinballs(
            forecasts.mean[near], forecasts.dispersion[near], y[near], rising
        )
        if not bool(np.all(near)):
            rest, counts = forecasts[~near], y[~near]
            scores = [pinball_score(rest.quantile(one), counts, one) for one in rising]
            part[~near] = np.mean(scores, axis=0)
        flat[block] = part
    return score


def _quantiles(distribution: CountDistribution, levels: Sequence[float]) -> Ints:
    """Quantiles of one block, shape (levels, n)."""
    from veedor.verification.scores.compiled import quantile_counts

    order = np.argsort(levels)
    rising = np.asarray(levels, dtype=np.float64)[order]
    near = walkable(distribution) & (rising[-1] < _HIGHEST_LEVEL)
    found = np.empty((len(levels), len(near)), dtype=np.int64)
    found[np.ix_(order, near)] = quantile_counts(
        distribution.mean[near], distribution.dispersion[near], rising
    )
    if not bool(np.all(near)):
        rest = distribution[~near]
        for number, level in enumerate(levels):
            found[number, ~near] = rest.quantile(level)
    return found


def _ends(levels: Sequence[float]) -> list[float]:
    """Return levels of the quantiles at the ends of central intervals, with the median."""
    _require_levels(levels)
    if any(later <= earlier for earlier, later in pairwise(levels)):
        raise ValueError(f"levels of intervals must rise, got {levels!r}")
    lower = [(1.0 - level) / 2.0 for level in reversed(levels)]
    return [*lower, 0.5, *((1.0 + level) / 2.0 for level in levels)]


def _require_levels(levels: Sequence[float]) -> None:
    if len(levels) == 0 or not all(0.0 < level < 1.0 for level in levels):
        raise ValueError(f"levels must be between 0 and 1, got {levels!r}")
