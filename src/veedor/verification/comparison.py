"""Is one forecast better than another? Information gain, period by period."""

from __future__ import annotations

from veedor.arrays import Floats, Ints
from veedor.forecasts import Forecast, require_same_ground
from veedor.verification.scores import log_score


def information_gain(forecast: Forecast, reference: Forecast, observed: Ints) -> Floats:
    r"""Log likelihood of the forecast over that of the reference, for each period, in nats.

    :math:`\sum_c \log P(y_c) - \log P_0(y_c)`, over all cells, those without incidents too.
    Divide its sum by the number of incidents for the gain per incident. Above 0 the forecast is
    better.

    Parameters
    ----------
    forecast, reference : Forecast
        For the same cells, periods and category.
    observed : array of int, shape (periods, cells)

    Returns
    -------
    array, shape (periods,)

    Raises
    ------
    SameGroundError
        If they are not for the same cells, periods and category.

    References
    ----------
    Rhoades, D. A. et al. (2011). Efficient testing of earthquake forecasting models. Acta
    Geophysica 59, 728-747. https://doi.org/10.2478/s11600-011-0013-5
    """
    require_same_ground(forecast, reference)
    return gain_of_scores(
        log_score(forecast.distribution, observed), log_score(reference.distribution, observed)
    )


def gain_of_scores(log_scores: Floats, reference_log_scores: Floats) -> Floats:
    """Information gain from log scores already at hand, both of shape (periods, cells)."""
    gain: Floats = (reference_log_scores - log_scores).sum(axis=1)
    return gain
