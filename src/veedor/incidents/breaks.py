"""Months whose volume breaks the series."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from veedor.arrays import Bools, Ints

#: Months on either side that a month is compared with.
NEIGHBOURS = 6
#: Robust z-scores beyond this are breaks (Iglewicz & Hoaglin 1993).
THRESHOLD = 3.5
#: On the scale 2 sqrt(n + 3/8) a Poisson count has a standard deviation of about 1, so a month is
#: never judged on less.
LEAST_SPREAD = 1.0
#: Incidents are far from all others beyond this many months without any, if fewer than this share.
_FAR_MONTHS, _FEW = 24, 0.01


class Break(NamedTuple):
    """A month whose count is far from its neighbours'.

    `month` is its index, `recorded` its count, `expected` the count that its neighbours' median
    stands for, `z` the robust z-score (negative: too few).
    """

    month: int
    recorded: int
    expected: float
    z: float


def find_breaks(counts: Ints, complete: Bools) -> tuple[Break, ...]:
    r"""Find the months whose count is far from that of the months around them.

    With :math:`a_m = 2\sqrt{n_m + 3/8}` (Anscombe's scale), :math:`e_m` the median of :math:`a`
    over the up to 6 complete months on either side, without m itself, and :math:`s` the larger of 1
    and 1.4826 times the median of :math:`|a_m - e_m|` over all complete months, m breaks the series
    if :math:`|a_m - e_m| / s > 3.5`.

    Parameters
    ----------
    counts : array of int, shape (months,)
        Recorded incidents in each calendar month, without gaps.
    complete : array of bool, shape (months,)
        Whether the data cover the whole month; the others are neither judged nor compared with.

    Returns
    -------
    tuple of Break
        In order. Empty if there are fewer than five complete months: then nothing can be said.

    References
    ----------
    Anscombe (1948), The transformation of Poisson, binomial and negative-binomial data, Biometrika
    35, doi:10.1093/biomet/35.3-4.246; Iglewicz & Hoaglin (1993), How to detect and handle outliers,
    ASQC.

    Examples
    --------
    >>> counts = np.array([100, 104, 97, 3, 101, 99])
    >>> [(found.month, found.recorded, found.expected) for found in find_breaks(counts, counts > 0)]
    [(3, 3, 100.0)]
    """
    judged = np.flatnonzero(complete)
    if len(judged) < 5:
        return ()
    scaled = 2 * np.sqrt(counts[judged] + 0.375)
    expected = np.empty(len(judged))
    for place in range(len(judged)):
        around = np.concatenate(
            [scaled[max(0, place - NEIGHBOURS) : place], scaled[place + 1 : place + 1 + NEIGHBOURS]]
        )
        expected[place] = np.median(around)
    off = scaled - expected
    spread = max(LEAST_SPREAD, 1.4826 * float(np.median(np.abs(off))))
    z = off / spread
    return tuple(
        Break(
            int(judged[place]),
            int(counts[judged[place]]),
            round(max(0.0, float((expected[place] / 2) ** 2 - 0.375)), 1),
            round(float(z[place]), 2),
        )
        for place in np.flatnonzero(np.abs(z) > THRESHOLD)
    )


def body(counts: Ints) -> tuple[int, int]:
    """Return first and last month of the body of a record, by position.

    A few incidents far from all others (two years without any between them, and together less than
    one in a hundred) are no part of it: their dates are mistaken, or their record does not begin
    there.

    Parameters
    ----------
    counts : array of int, shape (months,)
        Incidents a month; at least one is above 0.

    Examples
    --------
    >>> body(np.array([1] + [0] * 30 + [90, 80, 0, 70] + [0] * 900 + [1]))
    (31, 34)
    """
    there = np.flatnonzero(counts)
    groups = np.split(there, np.flatnonzero(np.diff(there) > _FAR_MONTHS) + 1)
    largest = max(groups, key=lambda group: int(counts[group].sum()))
    if counts[largest].sum() <= (1.0 - _FEW) * counts.sum():
        return int(there[0]), int(there[-1])
    return int(largest[0]), int(largest[-1])
