"""Interval coverage by level of forecast and by zone: where stated uncertainties hold."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from veedor.arrays import Ints
from veedor.forecasts import CountDistribution
from veedor.statistics.codes import Denominator
from veedor.statistics.estimates import Estimate
from veedor.statistics.resampling import BlockBootstrap
from veedor.verification.pit import pit_cdf


class GroupCoverage(msgspec.Struct, frozen=True):
    """Coverage of central intervals of one level in one group of cells and periods.

    Parameters
    ----------
    group : int
        Number of the zone, or of the bin of forecasts.
    level : float
        Of the central interval: what the coverage should be.
    expected : float
        Mean forecast of the group, incidents per cell and period.
    coverage : Estimate
        Below the level is too sure, above it too unsure.
    """

    group: int
    level: float
    expected: float
    coverage: Estimate


def coverage_by_group(
    distribution: CountDistribution,
    observed: Ints,
    group: Ints,
    bootstrap: BlockBootstrap,
    *,
    levels: Sequence[float] = (0.5, 0.8, 0.95),
) -> list[GroupCoverage]:
    """Share of counts inside central intervals, by groups of cells and periods.

    Counts on the edge of an interval are taken in part (`pit_cdf` at (1 + L)/2 less that at
    (1 - L)/2), so that a calibrated forecast of counts reaches the level itself.

    Parameters
    ----------
    distribution : CountDistribution, shape (periods, cells)
    observed : array of int, shape (periods, cells)
    group : array of int, shape (cells,) or (periods, cells)
        Zone of each cell, or bin of each forecast (`reliability_bins`). Below 0 is in no group.
    bootstrap : BlockBootstrap
        Of the periods.
    levels : sequence of float in (0, 1)

    Returns
    -------
    list of GroupCoverage
        By group, then level; groups without a cell and period are not there.

    Raises
    ------
    ValueError
        If the groups cannot be laid over the periods and cells.

    Notes
    -----
    Time: periods times cells times levels. Memory: one period's.

    References
    ----------
    Czado, C., Gneiting, T. & Held, L. (2009). Predictive model assessment for count data.
    Biometrics 65, 1254-1261. https://doi.org/10.1111/j.1541-0420.2009.01191.x

    Examples
    --------
    >>> half = CountDistribution(np.full((6, 2), np.log(2.0)), 0.0)  # P(0) = 1/2
    >>> weeks = BlockBootstrap(np.arange(6), np.random.default_rng(0))
    >>> zone, seen = np.array([0, 1]), np.zeros((6, 2), dtype=int)
    >>> rows = coverage_by_group(half, seen, zone, weeks, levels=[0.5])  # 0 fills [0, 1/2]
    >>> [(row.group, round(row.coverage.value, 6), row.coverage.n) for row in rows]
    [(0, 0.5, 6), (1, 0.5, 6)]
    """
    label = np.broadcast_to(group, observed.shape)
    groups = int(label.max(initial=-1)) + 1
    edges = np.array([[(1.0 - level) / 2.0, (1.0 + level) / 2.0] for level in levels])
    inside = np.zeros((len(levels), groups, len(observed)))
    size, expected = np.zeros((groups, len(observed))), np.zeros(groups)
    for period, counts in enumerate(observed):
        mine = label[period] >= 0
        forecasts, labels = distribution[period][mine], label[period][mine]
        ends = pit_cdf(forecasts, counts[mine], edges.ravel()).reshape(len(levels), 2, -1)
        for number, (low, high) in enumerate(ends):
            inside[number, :, period] = np.bincount(labels, weights=high - low, minlength=groups)
        size[:, period] = np.bincount(labels, minlength=groups)
        expected += np.bincount(labels, weights=forecasts.mean, minlength=groups)
    return [
        GroupCoverage(
            group=number,
            level=level,
            expected=float(expected[number] / size[number].sum()),
            coverage=bootstrap.ratio(
                held[number], size[number], of=Denominator("cell_periods_of_group")
            ),
        )
        for number in np.flatnonzero(size.sum(axis=1)).tolist()
        for level, held in zip(levels, inside, strict=True)
    ]
