"""Weights of a convex mixture by its log score."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_MOST_STEPS = 200
_TOLERANCE = 1e-12


def mixture_weights(probability: Floats, times: Floats, pull: float) -> Floats:
    r"""Weights on the simplex that make a mixture's log score largest, pulled to equal ones.

    .. math:: \max_w \sum_i n_i \log \sum_m w_m p_{mi} + \kappa \sum_m \log w_m

    by Newton's method within the simplex. The objective is strictly concave, so there is one
    maximum.

    Parameters
    ----------
    probability : array, shape (members, n)
        What each member gave to what happened; above 0.
    times : array, shape (n,)
        How often it happened.
    pull : float
        kappa, above 0, in incidents a member: it weighs as much as that many for each do.

    Returns
    -------
    array, shape (members,)
        Each above 0, summing to 1; equal where nothing happened.

    References
    ----------
    Hall, S. G. & Mitchell, J. (2007). Combining density forecasts. International Journal of
    Forecasting 23, 1-13. https://doi.org/10.1016/j.ijforecast.2006.08.001

    Examples
    --------
    >>> mixture_weights(np.array([[0.2], [0.1]]), np.array([0.0]), 5.0)
    array([0.5, 0.5])
    """
    members = len(probability)
    weights = np.full(members, 1.0 / members)
    value = _objective(weights, probability, times, pull)
    bordered = np.zeros((members + 1, members + 1))
    bordered[:-1, -1] = bordered[-1, :-1] = 1.0
    for _ in range(_MOST_STEPS):
        mixed = weights @ probability
        gradient = probability @ (times / mixed) + pull / weights
        scaled = probability * (np.sqrt(times) / mixed)
        bordered[:-1, :-1] = -(scaled @ scaled.T) - np.diag(pull / weights**2)
        step = np.linalg.solve(bordered, np.append(-gradient, 0.0))[:-1]
        # No weight loses more than nine tenths at once, so all stay above 0.
        size = min(1.0, 0.9 / max(float((-step / weights).max()), 1e-300))
        while size > 1e-12:
            new = weights + size * step
            new_value = _objective(new, probability, times, pull)
            if new_value >= value:
                break
            size /= 2.0
        else:
            break
        gained, weights, value = new_value - value, new / new.sum(), new_value
        if gained <= _TOLERANCE * max(1.0, abs(value)):
            break
    return weights


def _objective(weights: Floats, probability: Floats, times: Floats, pull: float) -> float:
    return float(times @ np.log(weights @ probability) + pull * np.log(weights).sum())
