"""Concentration of incidents in few places, where there are fewer incidents than places too."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np
import numpy.typing as npt

from veedor.arrays import Floats, Ints
from veedor.statistics.inequality import generalised_gini, gini
from veedor.verification.places import CHANCE, ORACLE


def share_of_whole_places(counts: npt.ArrayLike, share: float) -> float | None:
    """Smallest share of whole places that together hold a share of the incidents.

    `veedor.statistics.share_of_places_holding` takes the last place in part.

    Parameters
    ----------
    counts : array of whole numbers >= 0, shape (cells,)
    share : float
        Of the incidents, in (0, 1]; 0.25 and 0.5 are usual.

    Returns
    -------
    float or None
        In (0, 1]; smaller is more concentrated. None without incidents. With few incidents it is
        small whatever happens: look at `generalised_gini` too.

    References
    ----------
    Weisburd, D. (2015). The law of crime concentration and the criminology of place. Criminology
    53, 133-157. https://doi.org/10.1111/1745-9125.12070

    Examples
    --------
    >>> share_of_whole_places([5, 2, 1, 0, 0, 0, 0, 0, 0, 0], 0.5)  # one of ten holds 5 of 8
    0.1
    """
    if not 0.0 < share <= 1.0:
        raise ValueError(f"a share of incidents must be above 0 and at most 1, got {share!r}")
    falling = np.sort(np.asarray(counts, dtype=np.float64))[::-1]
    held = np.cumsum(falling)
    if len(held) == 0 or held[-1] <= 0.0:
        return None
    needed = np.searchsorted(held, share * held[-1] * (1.0 - 1e-12)) + 1
    return float(needed) / len(falling)


class ForecastConcentration(msgspec.Struct, frozen=True):
    """How concentrated incidents are, recorded or as a ranking would spread as many.

    Parameters
    ----------
    ranking : str
        `ORACLE` is what was recorded, `CHANCE` as many incidents anywhere by area.
    generalised_gini : float or None
        Recorded; of the others the mean of simulations.
    low, high : float or None
        Hold the middle 95% of simulations; None for what was recorded.
    gini : float or None
        Plain, for comparison with what others publish.
    quarter, half : float or None
        Smallest share of places with a quarter and half of the incidents.
    incidents, places : int
    """

    ranking: str
    generalised_gini: float | None
    low: float | None
    high: float | None
    gini: float | None
    quarter: float | None
    half: float | None
    incidents: int
    places: int


def concentration_table(
    means: Mapping[str, Floats],
    observed: Ints,
    area_km2: Floats,
    rng: np.random.Generator,
    *,
    replicates: int = 499,
) -> list[ForecastConcentration]:
    """Concentration of what was recorded, and of as many incidents spread by forecasts and chance.

    Counts of all periods are added up in each cell. A forecast spreads the same number of incidents
    over cells in proportion to its expected totals, `replicates` times: recorded incidents more
    concentrated than that lie in fewer places than the forecast knows of.

    Parameters
    ----------
    means : mapping of str to array, shape (periods, cells)
    observed : array of int, shape (periods, cells)
    area_km2 : array, shape (cells,)
    rng : numpy.random.Generator
    replicates : int

    Returns
    -------
    list of ForecastConcentration
        For each ranking, `CHANCE` and `ORACLE`. Undefined where nothing was recorded.

    Examples
    --------
    >>> seen = np.array([[5, 2, 1, 0, 0, 0, 0, 0, 0, 0]])
    >>> chance, recorded = concentration_table({}, seen, np.ones(10), np.random.default_rng(0))
    >>> round(recorded.generalised_gini, 4), recorded.half
    (0.75, 0.1)
    >>> chance.high < recorded.generalised_gini
    True
    """
    totals = observed.sum(axis=0)
    incidents, places = int(totals.sum()), len(totals)
    rows = []
    expected = {name: mean.sum(axis=0) for name, mean in means.items()}
    for name, weight in {**expected, CHANCE: area_km2}.items():
        if incidents == 0:
            rows.append(ForecastConcentration(name, None, None, None, None, None, None, 0, places))
            continue
        counts = rng.multinomial(incidents, weight / weight.sum(), size=replicates)
        drawn = generalised_gini(counts)
        low, high = np.percentile(drawn, [2.5, 97.5])
        rows.append(
            ForecastConcentration(
                name,
                float(drawn.mean()),
                float(low),
                float(high),
                float(gini(counts).mean()),
                _mean_share(counts, 0.25),
                _mean_share(counts, 0.5),
                incidents,
                places,
            )
        )
    some = incidents > 0
    recorded = float(generalised_gini(totals)) if some else None
    plain = float(gini(totals)) if some else None
    quarter, half = share_of_whole_places(totals, 0.25), share_of_whole_places(totals, 0.5)
    rows.append(
        ForecastConcentration(ORACLE, recorded, None, None, plain, quarter, half, incidents, places)
    )
    return rows


def _mean_share(counts: Ints, share: float) -> float:
    return float(np.mean([share_of_whole_places(row, share) for row in counts]))
