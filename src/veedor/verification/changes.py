"""A change of skill over time: whether there was one, and when."""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt

from veedor.arrays import Floats, Ints
from veedor.errors import StudyError, phrase
from veedor.statistics.codes import Denominator, Hypothesis
from veedor.statistics.estimates import TestResult
from veedor.statistics.resampling import circular_blocks, usual_block_length

_FEWEST = 12
_SOURCE = (
    "Andrews, D. W. K. (1993). Tests for parameter instability and structural change with unknown "
    "change point. Econometrica 61, 821-856. https://doi.org/10.2307/2951764; block permutation: "
    "Kirch, C. (2007). Block permutation principles for the change analysis of dependent data. "
    "Journal of Statistical Planning and Inference 137, 2453-2474. "
    "https://doi.org/10.1016/j.jspi.2006.09.026"
)


class SkillChange(msgspec.Struct, frozen=True):
    """Whether the mean score difference changed, and where that most likely was.

    Parameters
    ----------
    test : TestResult
    period : int or None
        Number, from 0, of the first period after the likeliest change. It says nothing unless the
        test rejects: some period is always the likeliest.
    earliest, latest : int or None
        Interval of it, of the same meaning.
    before, after : float or None
        Mean difference on either side.
    level : float
        Of the interval.
    """

    test: TestResult
    period: int | None
    earliest: int | None
    latest: int | None
    before: float | None
    after: float | None
    level: float


def skill_change(
    differences: npt.ArrayLike,
    *,
    trim: float = 0.15,
    block_length: int | None = None,
    replicates: int = 1999,
    level: float = 0.9,
    seed: int = 0,
) -> SkillChange:
    r"""Test whether the mean of score differences changed once, at an unknown time.

    .. math:: F = \max_{k} \frac{n}{k (n - k)} \frac{(S_k - \frac{k}{n} S_n)^2}{\hat\sigma^2},
              \quad S_k = \sum_{t \le k} d_t,

    over k from ``trim`` to ``1 - trim`` of the periods, :math:`\hat\sigma^2` the variance of all.
    Its distribution without a change comes from permuting whole blocks of neighbouring periods,
    which keeps what they share: p = (M + 1) / (R + 1).

    Parameters
    ----------
    differences : array, shape (periods,)
        In order of time, such as information gain by period; above 0 the forecast is better.
    trim : float
        In (0, 0.5): a change within this share of either end is not looked for.
    block_length : int, optional
        `usual_block_length` by default.
    replicates : int
    level : float
        Of the interval of the period.
    seed : int

    Returns
    -------
    SkillChange
        Undefined (None) with fewer than 12 periods, or fewer than four blocks, or where all
        differences are equal.

    Raises
    ------
    StudyError
        If a difference is not a finite number or a setting is out of its range.

    Notes
    -----
    The interval of the period comes from a circular block bootstrap of the residuals on both
    sides, laid on the two fitted means, the change found anew each time. A gradual change, or two,
    is found as one. Differences that follow each other closely over more than a block make the
    test reject too often. O(replicates x periods).

    References
    ----------
    Andrews, D. W. K. (1993). Tests for parameter instability and structural change with unknown
    change point. Econometrica 61, 821-856. https://doi.org/10.2307/2951764

    Kirch, C. (2007). Block permutation principles for the change analysis of dependent data.
    Journal of Statistical Planning and Inference 137, 2453-2474.
    https://doi.org/10.1016/j.jspi.2006.09.026

    Examples
    --------
    >>> noise = np.tile([0.1, -0.1, 0.0], 10)
    >>> found = skill_change(np.repeat([1.0, 0.0], 15) + noise)
    >>> found.period, round(found.before, 3), round(found.after, 3), found.test.p_value < 0.05
    (15, 1.0, 0.0, True)
    """
    d = np.asarray(differences, dtype=np.float64)
    if d.ndim != 1 or not bool(np.isfinite(d).all()):
        raise StudyError(
            "A change of skill needs one finite difference a period.",
            found=phrase(
                "shape {shape}, {n} not finite", shape=d.shape, n=int((~np.isfinite(d)).sum())
            ),
        )
    n = len(d)
    length = usual_block_length(n) if block_length is None else block_length
    if not (0.0 < trim < 0.5 and 0.0 < level < 1.0 and length >= 1):
        raise StudyError(
            "The trim must be between 0 and 0.5, the level between 0 and 1, a block one period or "
            "more.",
            found=phrase(
                "trim {trim}, level {level}, blocks of {length}",
                trim=trim,
                level=level,
                length=length,
            ),
        )
    if n < _FEWEST or -(-n // length) < 4 or np.ptp(d) <= 1e-12 * np.abs(d).max():
        return SkillChange(
            _tested(None, None, n, length, seed), None, None, None, None, None, level
        )
    rng = np.random.default_rng(seed)
    statistic, place = _largest_change(d[None, :], trim)
    permuted, _ = _largest_change(d[_permuted_blocks(n, length, replicates, rng)], trim)
    p_value = float((1 + np.sum(permuted >= statistic[0] * (1.0 - 1e-12))) / (replicates + 1))
    k = int(place[0])
    fitted = np.where(np.arange(n) < k, d[:k].mean(), d[k:].mean())
    residual = (d - fitted) * np.sqrt(n / (n - 2.0))
    again = fitted + residual[circular_blocks(n, length, replicates, rng)]
    _, places = _largest_change(again, trim)
    tails = [50.0 * (1.0 - level), 50.0 * (1.0 + level)]
    low, high = np.percentile(places, tails, method="inverted_cdf")
    return SkillChange(
        _tested(float(statistic[0]), p_value, n, length, seed),
        k,
        int(low),
        int(high),
        float(d[:k].mean()),
        float(d[k:].mean()),
        level,
    )


def _largest_change(series: Floats, trim: float) -> tuple[Floats, Ints]:
    """Largest F of each row, and the first period after the change it stands for."""
    n = series.shape[1]
    first = max(1, int(np.ceil(trim * n)))
    k = np.arange(first, n - first + 1)
    centred = series - series.mean(axis=1, keepdims=True)
    gathered = np.cumsum(centred, axis=1)[:, k - 1]
    f = gathered**2 * (n / (k * (n - k))) / (centred**2).mean(axis=1, keepdims=True)
    best = np.argmax(f, axis=1)
    return np.take_along_axis(f, best[:, None], axis=1)[:, 0], k[best]


def _permuted_blocks(n: int, length: int, replicates: int, rng: np.random.Generator) -> Ints:
    """Orders of the periods, shape (replicates, n): blocks shuffled, their grid shifted."""
    shift = rng.integers(0, length, (replicates, 1))
    block = (np.arange(n) + shift) // length
    keys = rng.random((replicates, -(-n // length) + 1))
    order: Ints = np.argsort(np.take_along_axis(keys, block, axis=1), axis=1, kind="stable")
    return order


def _tested(
    statistic: float | None, p_value: float | None, n: int, length: int, seed: int
) -> TestResult:
    return TestResult(
        test=Hypothesis("one_change", {"length": length}),
        statistic=statistic,
        p_value=p_value,
        n=n,
        unit=Denominator("periods"),
        seed=seed,
        source=_SOURCE,
    )
