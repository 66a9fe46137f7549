"""Made-up panels of areas on a small map, and what a slow, plain reader would say of them."""

import numpy as np
from scipy import special

from veedor.forecasters.endemic_epidemic import Panel


def lattice(rows, columns):
    """Neighbours of areas on a lattice of squares, those that share a side."""
    number = np.arange(rows * columns).reshape(rows, columns)
    found = [[] for _ in range(rows * columns)]
    for one, other in (
        *zip(number[:, :-1].ravel(), number[:, 1:].ravel(), strict=True),
        *zip(number[:-1].ravel(), number[1:].ravel(), strict=True),
    ):
        found[one].append(other)
        found[other].append(one)
    indptr = np.concatenate([[0], np.cumsum([len(one) for one in found])])
    return indptr, np.array([area for one in found for area in sorted(one)], dtype=np.int64)


def panel(periods=12, rows=2, columns=3, seed=0, **changed):
    """Counts that echo in their area and next to it, and a covariate of each kind."""
    rng = np.random.default_rng(seed)
    areas = rows * columns
    neighbours = lattice(rows, columns)
    given = {
        "counts": echoes(rng, periods, neighbours),
        "covariates": {
            "people": rng.gamma(4.0, 0.25, areas),
            "height": rng.normal(0.0, 0.3, areas),
            "heat": rng.normal(0.0, 0.3, (periods, 1)),
            "rain": rng.normal(0.0, 0.3, (periods, areas)),
        },
        "neighbours": neighbours,
    }
    return Panel(**{**given, **changed})


def echoes(rng, periods, neighbours, level=1.2, echo=0.3, near=0.1, psi=0.3):
    """Negative binomial counts: a level, an echo, and what areas that touch recorded."""
    indptr, indices = neighbours
    counts = np.full((periods, len(indptr) - 1), 3.0)
    for t in range(1, periods):
        around = np.add.reduceat(np.append(counts[t - 1][indices], 0.0), indptr[:-1])
        mean = level + echo * counts[t - 1] + near * np.where(np.diff(indptr) > 0, around, 0.0)
        counts[t] = rng.poisson(mean * rng.gamma(1.0 / psi, psi, counts.shape[1]))
    return counts


def log_likelihood(y, mean, psi):
    """Of a negative binomial, or of a Poisson for a psi of 0, term by term."""
    if psi == 0.0:
        return float(y * np.log(mean) - mean - special.gammaln(y + 1.0))
    size = 1.0 / psi
    return float(
        special.gammaln(y + size)
        - special.gammaln(size)
        - special.gammaln(y + 1.0)
        + size * np.log(size / (size + mean))
        + y * np.log(mean / (size + mean))
    )
