"""Weights of a convex mixture by its log score."""

from __future__ import annotations

import numpy as np

from veedor.arrays import Floats
from veedor.statistics.regression import newton


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
    bordered = np.zeros((members + 1, members + 1))
    bordered[:-1, -1] = bordered[-1, :-1] = 1.0

    def value_at(weights: Floats) -> float:
        return float(times @ np.log(weights @ probability) + pull * np.log(weights).sum())

    def slope_at(weights: Floats) -> tuple[Floats, Floats]:
        mixed = weights @ probability
        gradient = probability @ (times / mixed) + pull / weights
        scaled = probability * (np.sqrt(times) / mixed)
        bordered[:-1, :-1] = -(scaled @ scaled.T) - np.diag(pull / weights**2)
        return gradient, np.linalg.solve(bordered, np.append(-gradient, 0.0))[:-1]

    def longest(weights: Floats, step: Floats) -> float:
        # No weight loses more than nine tenths at once, so all stay above 0.
        return 0.9 / max(float((-step / weights).max()), 1e-300)

    equal = np.full(members, 1.0 / members)
    weights = newton(value_at, slope_at, [equal], longest=longest).coefficients
    found: Floats = weights / weights.sum()
    return found
