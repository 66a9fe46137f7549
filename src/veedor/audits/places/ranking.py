"""Zones by how much they hold: the most and least targeted, with ties shared."""

from __future__ import annotations

import numpy as np

from veedor.arrays import Bools, Floats


def part_held(count: Floats, fraction: float, *, top: bool = True) -> Floats:
    """Part of each zone that belongs to the `fraction` of zones with the most predictions.

    Of n zones, ``fraction * n`` are taken. Zones above the cut belong whole; all that are tied at
    the cut share what is left in equal parts, so that the order of rows never matters.

    Parameters
    ----------
    count : array, shape (n,)
    fraction : float
        In (0, 1].
    top : bool
        False for the zones with the fewest.

    Returns
    -------
    array, shape (n,)
        In [0, 1]; sums to ``fraction * n``.

    Examples
    --------
    Half of four zones: the first, and half of each of the two that are tied.

    >>> part_held(np.array([9.0, 4.0, 4.0, 1.0]), 0.5)
    array([1. , 0.5, 0.5, 0. ])
    """
    _, level, tied = np.unique(-count if top else count, return_inverse=True, return_counts=True)
    before = np.cumsum(tied) - tied
    part: Floats = np.clip((fraction * len(count) - before) / tied, 0.0, 1.0)[level]
    return part


def published_deciles(count: Floats) -> Bools:
    """Membership of ten bins as The Markup cut them in 2021, shape (10, n); a zone may be in none.

    The cuts are the deciles of the counts (linear interpolation), and every bin but the highest
    leaves out both its ends: a zone whose count *is* a cut belongs nowhere. Kept to reproduce
    what was published; see docs/audits/markup-2021.md for what is wrong with it.

    References
    ----------
    The Markup (2021). Prediction: Bias.
    https://github.com/the-markup/investigation-prediction-bias

    Examples
    --------
    >>> published_deciles(np.array([0.0, 0.0, 0.0, 0.0, 5.0])).sum(axis=0)
    array([0, 0, 0, 0, 1])
    """
    cuts = np.quantile(count, np.arange(11) / 10.0)
    bins = np.array([(count > cuts[k]) & (count < cuts[k + 1]) for k in range(10)])
    bins[0] = count < cuts[1]
    bins[9] = (count > cuts[9]) & (count <= cuts[10])
    return bins
