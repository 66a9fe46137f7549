"""Poisson regression with Gaussian priors."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_MOST_STEPS = 100
_FARTHEST = 30.0  # bound of a log correction, against overflow


def poisson_regression(
    design: Floats, counts: Floats, expected: Floats, precision: Floats
) -> tuple[Floats, bool]:
    r"""Coefficients of a log-linear correction of expected counts.

    .. math:: \max_\beta \sum_i \left(y_i \eta_i - e_i \exp \eta_i\right)
              - \tfrac{1}{2} \sum_j \tau_j \beta_j^2, \qquad \eta = X \beta,

    by Newton's method with halved steps; the objective is concave, so where it converges is the
    one maximum.

    Parameters
    ----------
    design : array, shape (n, p)
    counts, expected : array, shape (n,)
        Recorded, and expected where every coefficient is 0; above 0.
    precision : array, shape (p,)
        1 / variance of each coefficient's Gaussian prior around 0.

    Returns
    -------
    coefficients : array, shape (p,)
    converged : bool

    References
    ----------
    McCullagh, P. & Nelder, J. A. (1989). Generalized Linear Models, 2nd ed., chapter 2.
    https://doi.org/10.1201/9780203753736
    """
    beta = np.zeros(design.shape[1])
    mean = expected
    objective = -float(expected.sum())
    for _ in range(_MOST_STEPS):
        gradient = design.T @ (counts - mean) - precision * beta
        curvature = (design.T * mean) @ design + np.diag(precision)
        step = np.linalg.solve(curvature, gradient)
        size, value, new = 1.0, -np.inf, beta
        while size > 1e-10:
            new = beta + size * step
            eta = np.clip(design @ new, -_FARTHEST, _FARTHEST)
            mean = expected * np.exp(eta)
            value = float(counts @ eta - mean.sum() - 0.5 * precision @ new**2)
            if value >= objective:
                break
            size /= 2.0
        else:
            return beta, True  # no step gains anything: rounding is all that is left
        gained, beta, objective = value - objective, new, value
        if gained < 1e-10 * max(1.0, abs(objective)):
            return beta, True
    return beta, False
