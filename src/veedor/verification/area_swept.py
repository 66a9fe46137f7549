"""The area-swept curve: incidents captured against area flagged, and the area under it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np

from veedor.arrays import Floats, Ints
from veedor.statistics.codes import Denominator
from veedor.statistics.estimates import Estimate
from veedor.statistics.resampling import BlockBootstrap
from veedor.verification.places import CHANCE, ORACLE, rankings_beside
from veedor.verification.ranking import swept

_GRID = np.linspace(0.0, 1.0, 101)


class AreaSwept(msgspec.Struct, frozen=True, eq=False):
    """One ranking's area-swept curve.

    Parameters
    ----------
    ranking : str
    area : array, shape (points,)
        Shares of the area, from 0 to 1.
    capture_rate : array, shape (points,), or None
        Share of incidents captured at each. None where nothing was recorded.
    area_under : Estimate
        From 0 to 1; chance is 1/2; the whole curve, not only its points.
    normalised : Estimate
        0 for chance, 1 for the oracle; below 0 is worse than chance.
    """

    ranking: str
    area: Floats
    capture_rate: Floats | None
    area_under: Estimate
    normalised: Estimate


def area_swept(
    means: Mapping[str, Floats],
    observed: Ints,
    area_km2: Floats,
    bootstrap: BlockBootstrap,
    *,
    at: Floats = _GRID,
) -> list[AreaSwept]:
    r"""Area-swept curves of some rankings, of chance and of the oracle, and the areas under them.

    With C(a) the share of incidents that lies in the densest share a of the area, in each period
    its own, and incidents summed over periods,

    .. math:: A = \int_0^1 C(a)\,da, \qquad
              \frac{A - \tfrac12}{A_\text{oracle} - \tfrac12}.

    It does not depend on a choice of a, and gives much weight to areas far larger than anyone
    would flag. A is 1 less the mean share of the area that had to be swept until an incident was
    met, so the area *above* the curve is the Molchan diagram's.

    Parameters
    ----------
    means : mapping of str to array, shape (periods, cells)
    observed : array of int, shape (periods, cells)
    area_km2 : array, shape (cells,)
    bootstrap : BlockBootstrap
        Of the periods.
    at : array, shape (points,)
        Shares of the area at which the curves are given; a hundred steps unless given.

    Returns
    -------
    list of AreaSwept
        Undefined where nothing was recorded; the normalised index also where incidents were
        spread so evenly that the oracle is no better than chance. Ties by expectation.

    Notes
    -----
    Time: rankings times periods times cells times log cells. Memory: one period's.

    References
    ----------
    Zechar, J. D. & Jordan, T. H. (2008). Testing alarm-based earthquake predictions. Geophysical
    Journal International 172, 715-724 (area skill score).
    https://doi.org/10.1111/j.1365-246X.2007.03676.x

    Examples
    --------
    >>> mean, seen = {"ours": np.tile([2.0, 1.0], (6, 1))}, np.tile([3, 1], (6, 1))
    >>> weeks = BlockBootstrap(np.arange(6), np.random.default_rng(0))
    >>> for curve in area_swept(mean, seen, np.ones(2), weeks, at=np.array([0.5])):
    ...     print(curve.ranking, curve.capture_rate, curve.area_under.value)  # (3/8 + 7/8) / 2
    ours [0.75] 0.625
    chance [0.5] 0.5
    oracle [0.75] 0.625
    """
    incidents = observed.sum(axis=1).astype(np.float64)
    number = int(incidents.sum())
    found = {
        name: (0.5 * incidents, at * number)
        if mean is None
        else _integrals_and_curve(mean, observed, area_km2, at)
        for name, mean in rankings_beside(means, observed).items()
    }
    chance, best = found[CHANCE][0], found[ORACLE][0]
    # Rounding must not make a gain out of incidents that lie perfectly evenly.
    room = np.where(best - chance > 1e-9 * incidents, best - chance, 0.0)
    return [
        AreaSwept(
            ranking=name,
            area=at,
            capture_rate=curve / number if number else None,
            area_under=bootstrap.ratio(under, incidents, of=Denominator("incidents_in_cells")),
            normalised=bootstrap.ratio(
                under - chance,
                room,
                n=number,
                of=Denominator("incidents_in_cells_over_chance"),
            ),
        )
        for name, (under, curve) in found.items()
    ]


def _integrals_and_curve(
    mean: Floats, observed: Ints, area_km2: Floats, at: Floats
) -> tuple[Floats, Floats]:
    """Area under each period's curve of incidents, and the incidents captured at some areas."""
    under, curve = np.empty(len(observed)), np.zeros(len(at))
    for period, (hits, below) in enumerate(swept(mean, observed, area_km2, at)):
        under[period] = below
        curve += hits
    return under, curve
