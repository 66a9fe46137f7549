"""Ranks, and the correlation of who lives in a zone with how much it is predicted."""

from __future__ import annotations

import numpy as np

from veedor.arrays import Floats


def mid_ranks(values: Floats) -> Floats:
    """Average ranks: those that are tied share the mean of the ranks they take.

    Parameters
    ----------
    values : array, shape (n,)

    Returns
    -------
    array, shape (n,)

    Examples
    --------
    >>> mid_ranks(np.array([3.0, 1.0, 3.0]))
    array([2.5, 1. , 2.5])
    """
    _, level, tied = np.unique(values, return_inverse=True, return_counts=True)
    ranks: Floats = (np.cumsum(tied) - 0.5 * (tied - 1))[level]
    return ranks


def published_ranks(count: Floats) -> Floats:
    """Ranks as The Markup gave them in 2021: ties by the order of rows, the first the highest.

    Kept to reproduce what was published: it makes a correlation depend on the order of the file.

    Examples
    --------
    >>> published_ranks(np.array([0.0, 7.0, 0.0, 0.0]))
    array([3., 4., 2., 1.])
    """
    ranks = np.empty(len(count))
    ranks[np.argsort(-count, kind="stable")] = np.arange(len(count), 0, -1)
    return ranks


def correlation(x: Floats, y: Floats) -> float:
    r"""Pearson's correlation, :math:`r = S_{xy} / \sqrt{S_{xx} S_{yy}}`.

    Parameters
    ----------
    x, y : array, shape (n,)
        Of ranks, it is Spearman's.

    Returns
    -------
    float
        In [-1, 1]. NaN where x or y is the same everywhere.

    Examples
    --------
    >>> correlation(np.array([1.0, 2.0, 3.0]), np.array([5.0, 7.0, 9.0]))
    1.0
    """
    if len(x) < 2 or np.ptp(x) <= 0.0 or np.ptp(y) <= 0.0:
        return float("nan")
    dx, dy = x - x.mean(), y - y.mean()
    return float(np.clip(dx @ dy / np.sqrt((dx @ dx) * (dy @ dy)), -1.0, 1.0))
