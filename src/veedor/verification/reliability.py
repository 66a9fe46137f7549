"""Reliability: recorded against expected counts, and frequencies against probabilities."""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt
from scipy import optimize

from veedor.arrays import Floats, Ints
from veedor.statistics.codes import Denominator
from veedor.statistics.estimates import Estimate
from veedor.statistics.resampling import BlockBootstrap
from veedor.verification.corp import grouped_by_probability


def reliability_bins(mean: Floats, bins: int = 10) -> Ints:
    """Bin of each forecast, by its mean, so that each bin expects about as many incidents.

    Parameters
    ----------
    mean : array, any shape
    bins : int

    Returns
    -------
    array of int, shape of `mean`, from 0 (smallest means); equal means share a bin
    """
    values, inverse, number = np.unique(mean, return_inverse=True, return_counts=True)
    mass = np.cumsum(values * number)
    bin_of_value = np.minimum((mass - 0.5 * values * number) / mass[-1] * bins, bins - 1)
    index: Ints = bin_of_value.astype(np.int64)[inverse].reshape(mean.shape)
    return index


class MeanReliability(msgspec.Struct, frozen=True):
    """Recorded against expected incidents of one group of cells and periods.

    Parameters
    ----------
    group : int
        Number of the bin of forecasts, or of the zone.
    expected : float
        Mean forecast, incidents per cell and period.
    observed : Estimate
        Mean recorded count.
    observed_by_expected : Estimate
        Recorded by expected incidents: above 1 the forecast is too low.
    """

    group: int
    expected: float
    observed: Estimate
    observed_by_expected: Estimate


def mean_reliability(
    mean: Floats, observed: Ints, group: Ints, bootstrap: BlockBootstrap
) -> list[MeanReliability]:
    """Recorded against expected incidents by groups of cells and periods.

    Parameters
    ----------
    mean : array, shape (periods, cells)
    observed : array of int, shape (periods, cells)
    group : array of int, shape (cells,) or (periods, cells)
        Bin of each forecast (`reliability_bins`), or zone of each cell. Below 0 is in no group.
    bootstrap : BlockBootstrap
        Of the periods.

    Returns
    -------
    list of MeanReliability
        Groups without a cell and period are not there.

    Examples
    --------
    >>> mean, seen = np.full((6, 2), [1.0, 4.0]), np.full((6, 2), [2, 4])
    >>> weeks = BlockBootstrap(np.arange(6), np.random.default_rng(0))
    >>> rows = mean_reliability(mean, seen, reliability_bins(mean, 2), weeks)
    >>> [(row.expected, row.observed.value, row.observed_by_expected.value) for row in rows]
    [(1.0, 2.0, 2.0), (4.0, 4.0, 1.0)]
    """
    label = np.broadcast_to(group, observed.shape)
    groups = int(label.max(initial=-1)) + 1
    sums = np.zeros((3, groups, len(observed)))
    for period, labels in enumerate(label):
        mine = labels >= 0
        for row, weights in zip(sums, (None, mean[period], observed[period]), strict=True):
            row[:, period] = np.bincount(
                labels[mine],
                weights=None if weights is None else weights[mine],
                minlength=groups,
            )
    size, expected, recorded = sums
    return [
        MeanReliability(
            group=number,
            expected=float(expected[number].sum() / size[number].sum()),
            observed=bootstrap.ratio(
                recorded[number], size[number], of=Denominator("cell_periods_of_group")
            ),
            observed_by_expected=bootstrap.ratio(
                recorded[number], expected[number], of=Denominator("expected_incidents_of_group")
            ),
        )
        for number in np.flatnonzero(size.sum(axis=1)).tolist()
    ]


class ReliabilityCurve(msgspec.Struct, frozen=True, eq=False):
    """Frequency of an event against its forecast probability, with a consistency band.

    Parameters
    ----------
    probability : array, shape (points,)
        Rising.
    frequency : array, shape (points,)
        Recalibrated by isotonic regression, so that it rises too.
    low, high : array, shape (points,)
        Where the frequency of a calibrated forecast would lie, at each point for itself.
    level : float
        Of the band.
    n : array of int, shape (points,)
        Forecasts at each point.
    """

    probability: Floats
    frequency: Floats
    low: Floats
    high: Floats
    level: float
    n: Ints


def reliability_curve(
    probability: npt.ArrayLike,
    happened: npt.ArrayLike,
    rng: np.random.Generator,
    *,
    level: float = 0.9,
    replicates: int = 999,
    points: int = 200,
) -> ReliabilityCurve:
    """CORP reliability curve of the probability of an event, with a band for a calibrated forecast.

    The curve is the isotonic regression of what happened on what was forecast, so no bins are
    chosen. The band resamples outcomes from the forecast itself: each time every event happens
    with its forecast probability, and the curve is drawn anew; it holds the middle of these curves
    at each point. A curve within it may come of a calibrated forecast.

    Parameters
    ----------
    probability : array in [0, 1], any shape
        As `CountDistribution.probability_of_any` gives for "at least one".
    happened : array of bool, same shape
    rng : numpy.random.Generator
    level : float
        Of the band, at each point for itself: of a calibrated forecast, a tenth of the points may
        lie outside a band of level 0.9.
    replicates : int
    points : int
        More different probabilities than these are first joined, neighbours with neighbours, in
        groups of about as many forecasts.

    Returns
    -------
    ReliabilityCurve
        Without points where there is no forecast.

    Notes
    -----
    Events are drawn as independent given the forecast. Incidents that come in waves over many
    cells widen what a calibrated forecast shows beyond the band.

    References
    ----------
    Broecker, J. & Smith, L. A. (2007). Increasing the reliability of reliability diagrams. Weather
    and Forecasting 22, 651-661. https://doi.org/10.1175/WAF993.1

    Dimitriadis, T., Gneiting, T. & Jordan, A. I. (2021). Stable reliability diagrams for
    probabilistic classifiers. PNAS 118, e2016191118. https://doi.org/10.1073/pnas.2016191118

    Examples
    --------
    >>> curve = reliability_curve(
    ...     np.repeat([0.2, 0.4, 0.9], 10), np.tile([True, False], 15), np.random.default_rng(0)
    ... )
    >>> curve.frequency.tolist(), bool(curve.high[2] >= 0.9 > 0.5), bool(curve.low[2] > 0.5)
    ([0.5, 0.5, 0.5], True, True)
    """
    p, n, hits = grouped_by_probability(probability, happened)
    if len(p) > points:
        middle = (np.cumsum(n) - 0.5 * n) / n.sum()
        _, start = np.unique((middle * points).astype(np.int64), return_index=True)
        weight, hits = np.add.reduceat(p * n, start), np.add.reduceat(hits, start)
        n = np.add.reduceat(n, start)
        p = weight / n
    if len(p) == 0:
        nothing = np.zeros(0)
        return ReliabilityCurve(nothing, nothing, nothing, nothing, level, n)
    drawn = rng.binomial(n, np.clip(p, 0.0, 1.0), size=(replicates, len(p))) / n
    curves = np.stack([optimize.isotonic_regression(one, weights=n).x for one in drawn])
    low, high = np.quantile(curves, [(1.0 - level) / 2.0, (1.0 + level) / 2.0], axis=0)
    frequency = optimize.isotonic_regression(hits / n, weights=n).x
    return ReliabilityCurve(p, frequency, low, high, level, n)
