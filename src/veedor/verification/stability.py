"""Stability: how much of the flagged ground is flagged again in the next period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from veedor.arrays import Floats, Ints
from veedor.statistics.codes import Denominator
from veedor.statistics.estimates import Estimate
from veedor.statistics.resampling import BlockBootstrap
from veedor.verification.places import rankings_beside
from veedor.verification.ranking import flags_by_period


def flagged_again(mean: Floats, area_km2: Floats, fractions: Sequence[float]) -> Floats:
    r"""Share of the flagged ground that is flagged in the next period too.

    With f the share of each cell that is flagged (`expected_flags`) and A the area,

    .. math:: \frac{\sum_c A_c f_{t, c} f_{t + 1, c}}{\sum_c A_c f_{t, c}},

    the expectation when ties, and the cell that only fits in part, are broken at random in each
    period anew.

    Parameters
    ----------
    mean : array, shape (periods, cells)
    area_km2 : array, shape (cells,)
    fractions : sequence of float
        Of the area that each period flags, in (0, 1].

    Returns
    -------
    array, shape (fractions, periods - 1)
        From 0 (all other ground) to 1 (the same). Chance, ground drawn evenly in each period, gives
        the fraction. Neither direction is better: a map that never moves is stable and learns
        nothing; one that moves each period without reason sends people about.

    Examples
    --------
    >>> mean = np.array([[4.0, 3.0, 2.0, 1.0], [4.0, 1.0, 3.0, 2.0], [1.0, 1.0, 1.0, 1.0]])
    >>> flagged_again(mean, np.ones(4), [0.5])  # one cell of two; then half of each
    array([[0.5, 0.5]])
    """
    again = np.empty((len(fractions), max(len(mean) - 1, 0)))
    flagged = np.asarray(fractions, dtype=np.float64) * float(area_km2.sum())
    before = None
    for period, flags in enumerate(flags_by_period(mean / area_km2, area_km2, fractions)):
        if before is not None:
            again[:, period - 1] = (before * flags) @ area_km2 / flagged
        before = flags
    return again


class FlagStability(msgspec.Struct, frozen=True):
    """How stable the flagged ground of one ranking is.

    Parameters
    ----------
    ranking : str
    area_fraction : float
    flagged_again : Estimate
        Share of the flagged ground that is flagged in the next period too.
    jaccard : float or None
        Ground flagged in both of two periods by ground flagged in either.
    chance : float
        `flagged_again` of a ranking at random: the share of the area.
    """

    ranking: str
    area_fraction: float
    flagged_again: Estimate
    jaccard: float | None
    chance: float


def stability_table(
    means: Mapping[str, Floats],
    observed: Ints,
    area_km2: Floats,
    bootstrap: BlockBootstrap,
    *,
    fractions: Sequence[float] = (0.01, 0.05, 0.20),
) -> list[FlagStability]:
    r"""Stability of the flagged ground of some rankings, of chance and of the oracle.

    The Jaccard index of two sets of the same size with a share s in common is
    :math:`s / (2 - s)`; here of the mean share.

    Parameters
    ----------
    means : mapping of str to array, shape (periods, cells)
    observed : array of int, shape (periods, cells)
        Its own stability is the oracle's: how much the places that recorded most move.
    area_km2 : array, shape (cells,)
    bootstrap : BlockBootstrap
        Of the periods; a pair of periods counts with the later one.
    fractions : sequence of float in (0, 1]

    Returns
    -------
    list of FlagStability
        Undefined with a single period.

    References
    ----------
    Jaccard, P. (1901). Etude comparative de la distribution florale dans une portion des Alpes et
    des Jura. Bulletin de la Societe Vaudoise des Sciences Naturelles 37, 547-579.
    https://doi.org/10.5169/seals-266450

    Examples
    --------
    >>> mean = {"ours": np.array([[2.0, 1.0], [2.0, 1.0], [1.0, 2.0]])}
    >>> weeks = BlockBootstrap(np.arange(3), np.random.default_rng(0))
    >>> table = stability_table(
    ...     mean, np.ones((3, 2), dtype=int), np.ones(2), weeks, fractions=[0.5]
    ... )
    >>> [(row.ranking, row.flagged_again.value) for row in table]
    [('ours', 0.5), ('chance', 0.5), ('oracle', 0.5)]
    """
    pairs = np.ones(len(observed))
    pairs[:1] = 0.0
    rows = []
    for name, mean in rankings_beside(means, observed).items():
        again = np.zeros((len(fractions), len(observed)))
        again[:, 1:] = (
            np.array(fractions)[:, None]
            if mean is None
            else flagged_again(mean, area_km2, fractions)
        )
        for fraction, shares in zip(fractions, again, strict=True):
            estimate = bootstrap.ratio(shares, pairs, of=Denominator("pairs_of_periods"))
            share = estimate.value
            rows.append(
                FlagStability(
                    ranking=name,
                    area_fraction=fraction,
                    flagged_again=estimate,
                    jaccard=None if share is None else share / (2.0 - share),
                    chance=fraction,
                )
            )
    return rows
