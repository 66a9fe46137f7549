"""Correlation of who lives in a zone with how much it is predicted, in many resamples at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def mid_ranks(values: Floats, weights: Floats | None = None) -> Floats:
    r"""Average ranks: those that are tied share the mean of the ranks they take.

    In a resample where value j counts w_j times, the rank of value i is
    :math:`\sum_{x_j < x_i} w_j + \tfrac12 (1 + \sum_{x_j = x_i} w_j)`.

    Parameters
    ----------
    values : array, shape (n,)
    weights : array, shape (r, n), optional
        How often each counts, in each of r resamples; once by default.

    Returns
    -------
    array, shape (n,) or (r, n)
        O(n log n) once, and O(n) a resample.

    Examples
    --------
    >>> mid_ranks(np.array([3.0, 1.0, 3.0]))
    array([2.5, 1. , 2.5])
    """
    part = np.ones((1, len(values))) if weights is None else weights
    distinct, level = np.unique(values, return_inverse=True)
    if len(distinct) == len(values):
        order = np.argsort(level)
        through = np.empty_like(part)
        through[:, order] = np.cumsum(part[:, order], axis=1)
        ranks = through - 0.5 * part + 0.5
        return ranks[0] if weights is None else ranks
    order = np.argsort(level, kind="stable")
    starts = np.searchsorted(level[order], np.arange(len(distinct)))
    of_level = np.add.reduceat(part[:, order], starts, axis=1)
    ranks = (np.cumsum(of_level, axis=1) - 0.5 * of_level + 0.5)[:, level]
    return ranks[0] if weights is None else ranks


def resampled_spearman(x: Floats, y: Floats, weights: Floats) -> Floats:
    """Spearman's correlation, average ranks, in each of r resamples.

    Parameters
    ----------
    x, y : array, shape (n,)
    weights : array, shape (r, n)
        How often each zone counts in each resample.

    Returns
    -------
    array, shape (r,)
        NaN where x or y is the same everywhere. O(n) a resample.
    """
    from veedor.audits.places.compiled import rank_correlations

    values_x, level_x = np.unique(x, return_inverse=True)
    values_y, level_y = np.unique(y, return_inverse=True)
    found: Floats = rank_correlations(weights, level_x, len(values_x), level_y, len(values_y))
    return found


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


def correlation(x: Floats, y: Floats, weights: Floats | None = None) -> Floats:
    r"""Pearson's correlation, :math:`r = S_{xy} / \sqrt{S_{xx} S_{yy}}`.

    Parameters
    ----------
    x, y : array, shape (n,) or (r, n)
        Of ranks, it is Spearman's.
    weights : array, shape (r, n), optional
        How often each zone counts, in each of r resamples; once by default.

    Returns
    -------
    array, shape (r,) or ()
        In [-1, 1]. NaN where x or y is the same everywhere.

    Examples
    --------
    >>> float(correlation(np.array([1.0, 2.0, 3.0]), np.array([5.0, 7.0, 9.0])))
    1.0
    """
    part = np.ones((1, x.shape[-1])) if weights is None else weights
    total = part.sum(axis=1)
    # Around the plain means, so that sums of squares keep their digits.
    x = np.atleast_2d(x) - np.mean(x)
    y = np.atleast_2d(y) - np.mean(y)
    mean_x, mean_y = (np.einsum("ri,ri->r", part, np.broadcast_to(v, part.shape)) for v in (x, y))
    weighted = part * x
    xy = np.einsum("ri,ri->r", weighted, np.broadcast_to(y, part.shape)) - mean_x * mean_y / total
    xx = np.einsum("ri,ri->r", weighted, np.broadcast_to(x, part.shape)) - mean_x**2 / total
    y_part = part * y
    yy = np.einsum("ri,ri->r", y_part, np.broadcast_to(y, part.shape)) - mean_y**2 / total
    scale_x = np.einsum("ri,ri->r", weighted, np.broadcast_to(x, part.shape))
    scale_y = np.einsum("ri,ri->r", y_part, np.broadcast_to(y, part.shape))
    flat = (xx <= 1e-12 * scale_x) | (yy <= 1e-12 * scale_y) | (xx <= 0.0) | (yy <= 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        r = np.where(flat, np.nan, np.clip(xy / np.sqrt(xx * yy), -1.0, 1.0))
    return r[0] if weights is None else r
