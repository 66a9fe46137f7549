"""How smooth a field is: a grid of covariances, each as likely as the deviations make it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from veedor.arrays import Floats, Ints
from veedor.audits.places.dependence.ground import Ground

#: Parts of the variance that neighbours do not share.
_NUGGETS = np.array([0.02, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97, 1.0])
_LEAST_WEIGHT = 1e-3


@dataclass(frozen=True, eq=False)
class Covariances:
    """Covariances of a field that are likely enough to count.

    Parameters
    ----------
    weight : array, shape (k,)
        Likelihood of each; sums to 1.
    shared : array, shape (k,)
        Variance that neighbours share.
    shape : array of int, shape (k,)
        Place of its correlation among `Ground.shapes`.
    """

    weight: Floats
    shared: Floats
    shape: Ints


def likely_covariances(ground: Ground, deviations: Floats, design: Floats) -> Covariances:
    r"""Weigh covariances :math:`s^2 [(1-g) \rho(h/r) + g 1(h=0)]` of a field about a linear mean.

    Each shape of correlation, range and part g gets its restricted likelihood with s^2 integrated
    out, so that not knowing how far the field is smooth widens what is made of it.

    Parameters
    ----------
    ground : Ground
    deviations : array, shape (n,)
    design : array, shape (n, p)
        Of the mean.

    References
    ----------
    Patterson, H. D. & Thompson, R. (1971). Recovery of inter-block information when block sizes are
    unequal. Biometrika 58, 545-554. https://doi.org/10.1093/biomet/58.3.545

    Stein, M. L. (1999). Interpolation of Spatial Data, section 2.7 (Matern's correlation).
    https://doi.org/10.1007/978-1-4612-1494-6
    """
    u, x = deviations[ground.fitted], design[ground.fitted]
    left = max(len(u) - x.shape[1], 1)
    likelihood, shared, shape = [], [], []
    for place, (values, vectors) in enumerate(ground.spectra):
        # All shapes are alike where neighbours share nothing.
        nuggets = _NUGGETS if place == 0 else _NUGGETS[:-1]
        turned_u, turned_x = vectors.T @ u, vectors.T @ x
        variance = np.outer(1.0 - nuggets, values) + nuggets[:, None]
        weighed = turned_x.T[None] / variance[:, None, :]
        information = weighed @ turned_x
        fitted = (
            np.linalg.pinv(information, rcond=1e-10, hermitian=True)
            @ (weighed @ turned_u)[..., None]
        )
        rest = turned_u - (turned_x @ fitted)[..., 0]
        square = np.maximum((rest**2 / variance).sum(axis=1), 1e-300)
        roots = np.linalg.eigvalsh(information)
        used = roots > 1e-9 * roots.sum(axis=1, keepdims=True)
        determinant = np.log(np.where(used, roots, 1.0)).sum(axis=1)
        likelihood.append(
            -0.5 * (np.log(variance).sum(axis=1) + determinant + left * np.log(square))
        )
        shared.append(square / left * (1.0 - nuggets))
        shape.append(np.full(len(nuggets), place))
    found = np.concatenate(likelihood)
    weight = np.exp(found - found.max())
    weight /= weight.sum()
    kept = weight > _LEAST_WEIGHT
    return Covariances(
        weight[kept] / weight[kept].sum(), np.concatenate(shared)[kept],
        np.concatenate(shape)[kept],
    )  # fmt: skip
