"""CORP: the Brier score as miscalibration, discrimination and uncertainty, without bins."""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt
from scipy import optimize

from veedor.arrays import Floats, Ints


class BrierDecomposition(msgspec.Struct, frozen=True):
    """Parts of a mean Brier score: score = miscalibration - discrimination + uncertainty.

    Parameters
    ----------
    score : float or None
        Mean Brier score; smaller is better. All are None where there is no forecast.
    miscalibration : float or None
        MCB: what recalibration would gain; from 0, smaller is better.
    discrimination : float or None
        DSC: what the recalibrated forecast gains over a constant; from 0, larger is better.
    uncertainty : float or None
        UNC: the score of the event's own frequency as a constant forecast; not the forecast's
        doing.
    n : int
        Forecasts.
    """

    score: float | None
    miscalibration: float | None
    discrimination: float | None
    uncertainty: float | None
    n: int


def brier_decomposition(probability: npt.ArrayLike, happened: npt.ArrayLike) -> BrierDecomposition:
    r"""Miscalibration, discrimination and uncertainty of forecasts of an event.

    With :math:`\hat p` the isotonic regression of what happened on what was forecast
    (pool-adjacent-violators) and :math:`\bar y` the event's frequency,

    .. math:: \text{MCB} = S(p) - S(\hat p), \quad \text{DSC} = S(\bar y) - S(\hat p), \quad
              \text{UNC} = S(\bar y),

    with S the mean Brier score, so that S(p) = MCB - DSC + UNC exactly, and MCB and DSC are never
    below 0. No bins are chosen.

    Parameters
    ----------
    probability : array in [0, 1], any shape
        As `probability_at_least` gives.
    happened : array of bool, same shape

    Returns
    -------
    BrierDecomposition
        Undefined (None) without forecasts.

    Raises
    ------
    ValueError
        If shapes differ, or a probability is not from 0 to 1.

    Notes
    -----
    Time: that of sorting. Where few events happened, isotonic regression fits their noise, and both
    MCB and DSC come out too large.

    References
    ----------
    Dimitriadis, T., Gneiting, T. & Jordan, A. I. (2021). Stable reliability diagrams for
    probabilistic classifiers. PNAS 118, e2016191118. https://doi.org/10.1073/pnas.2016191118

    Examples
    --------
    >>> parts = brier_decomposition([0.5, 0.5, 1.0, 1.0], [False, False, True, False])
    >>> parts  # recalibrated 0, 0, 1/2, 1/2; frequency 1/4
    BrierDecomposition(score=0.375, miscalibration=0.25, discrimination=0.0625,
                       uncertainty=0.1875, n=4)
    """
    p, n, hits = grouped_by_probability(probability, happened)
    total = int(n.sum())
    if total == 0:
        return BrierDecomposition(None, None, None, None, 0)
    refitted = optimize.isotonic_regression(hits / n, weights=n).x

    def score(forecast: Floats | float) -> float:
        return float(np.sum(hits * (1.0 - forecast) ** 2 + (n - hits) * forecast**2) / total)

    frequency = float(hits.sum()) / total
    given, calibrated, constant = score(p), score(refitted), score(frequency)
    return BrierDecomposition(given, given - calibrated, constant - calibrated, constant, total)


def grouped_by_probability(
    probability: npt.ArrayLike, happened: npt.ArrayLike
) -> tuple[Floats, Ints, Ints]:
    """Different probabilities, rising, with how often each was forecast and its event happened.

    Raises
    ------
    ValueError
        If shapes differ, or a probability is not from 0 to 1.
    """
    p, event = np.asarray(probability, dtype=np.float64), np.asarray(happened, dtype=bool)
    if p.shape != event.shape:
        raise ValueError(f"{p.shape} probabilities for {event.shape} events")
    if not bool(np.all((p >= 0.0) & (p <= 1.0))):
        raise ValueError("a probability must be from 0 to 1")
    order = np.argsort(p, axis=None)
    rising, event = p.ravel()[order], event.ravel()[order]
    start = np.flatnonzero(np.concatenate([[True], rising[1:] > rising[:-1]])[: len(rising)])
    n = np.diff(np.concatenate([start, [len(rising)]]))
    if len(start) == 0:
        return rising, n[:0], n[:0]
    return rising[start], n, np.add.reduceat(event.astype(np.int64), start)
