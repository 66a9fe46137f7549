"""Loops over resamples and over pairs of zones, compiled by numba when they are first called.

Import it where it is used, not at the top of a module: numba takes its time to load. Each has its
plain version elsewhere in this package, and a test that they agree.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from veedor.compiling import compiled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@compiled
def rank_correlations(weights: Floats, x: Ints, n_x: int, y: Ints, n_y: int) -> Floats:
    """Spearman's correlation in each resample, shape (r,); NaN where x or y does not vary.

    `weights` has shape (r, n); `x` and `y` are the places of the values among the distinct ones.
    """
    replicates, n = weights.shape
    result = np.empty(replicates)
    of_x, of_y = np.empty(n_x), np.empty(n_y)
    for r in range(replicates):
        of_x[:] = 0.0
        of_y[:] = 0.0
        total = 0.0
        for i in range(n):
            w = weights[r, i]
            of_x[x[i]] += w
            of_y[y[i]] += w
            total += w
        middle = 0.5 * (total + 1.0)
        xx = yy = xy = 0.0
        through = 0.0
        for k in range(n_x):
            held = of_x[k]
            of_x[k] = through + 0.5 * held + 0.5 - middle
            xx += held * of_x[k] * of_x[k]
            through += held
        through = 0.0
        for k in range(n_y):
            held = of_y[k]
            of_y[k] = through + 0.5 * held + 0.5 - middle
            yy += held * of_y[k] * of_y[k]
            through += held
        for i in range(n):
            xy += weights[r, i] * of_x[x[i]] * of_y[y[i]]
        result[r] = xy / np.sqrt(xx * yy) if xx > 0.0 and yy > 0.0 else np.nan
    return result


@compiled
def sums_held(
    weights: Floats, level: Ints, levels: int, fraction: float, columns: Floats
) -> Floats:
    """Sums of columns (n, k) over the first `fraction` of zones by level, ties shared, (r, k)."""
    replicates, n = weights.shape
    result = np.zeros((replicates, columns.shape[1]))
    of_level, part = np.empty(levels), np.empty(levels)
    for r in range(replicates):
        of_level[:] = 0.0
        total = 0.0
        for i in range(n):
            of_level[level[i]] += weights[r, i]
            total += weights[r, i]
        left = fraction * total
        for k in range(levels):
            taken = min(of_level[k], left)
            part[k] = taken / of_level[k] if of_level[k] > 0.0 else 0.0
            left -= taken
        for i in range(n):
            held = weights[r, i] * part[level[i]]
            if held > 0.0:
                for k in range(columns.shape[1]):
                    result[r, k] += held * columns[i, k]
    return result


@compiled
def class_products(
    x_m: Floats, y_m: Floats, values: Floats, widest: float, classes: int
) -> tuple[Floats, Floats]:
    """Unordered pairs by class of distance, shape (classes,), and their products (k, classes)."""
    k, n = values.shape
    pairs, products = np.zeros(classes), np.zeros((k, classes))
    for i in range(n):
        for j in range(i):
            apart = np.sqrt((x_m[i] - x_m[j]) ** 2 + (y_m[i] - y_m[j]) ** 2)
            at = min(int(apart * (classes / widest)), classes - 1)
            pairs[at] += 1.0
            for v in range(k):
                products[v, at] += values[v, i] * values[v, j]
    return pairs, products
