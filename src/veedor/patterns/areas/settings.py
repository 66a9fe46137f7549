"""How the patterns of area counts are looked for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class AreaPatternSettings:
    """How the patterns of area counts are looked for.

    Parameters
    ----------
    seed : int
    permutations : int
        Of the places, for Moran's I.
    simulations : int
        Series without a shift, of each series.
    rate_years : float
        How much of the end of the record rates are of.
    """

    seed: int = 0
    permutations: int = 9_999
    simulations: int = 999
    rate_years: float = 1.0
