"""The loop over pairs of places that share their rates, compiled by numba when first called."""

from __future__ import annotations

from veedor.arrays import Bools, Floats, Ints
from veedor.compiling import compiled


@compiled
def add_pairs(
    counts: Floats,
    ends: Floats,
    ahead: Floats,
    tie: float,
    flagged: Bools,
    weight: Floats,
    left: Floats,
    start: Ints,
    above: Floats,
) -> None:
    """Add to `above` the weight of the places of the same stratum that may be, or must be, above.

    May be for a flagged place, must be for another. No more is added once it exceeds `left`: that
    would not change the answer. Places come by stratum, ``start[s]`` the first of stratum s, and
    within it in falling order, so that this happens soon.
    """
    categories = counts.shape[1]
    for stratum in range(len(start) - 1):
        least, most = ends[0, stratum], ends[1, stratum]
        for i in range(start[stratum], start[stratum + 1]):
            rising, falling = (most, least) if flagged[i] else (least, most)
            total = above[i]
            for j in range(start[stratum], start[stratum + 1]):
                if total > left[i]:
                    break
                gap = ahead[j] - ahead[i]
                for c in range(categories):
                    more = counts[j, c] - counts[i, c]
                    gap += more * (rising[c] if more > 0.0 else falling[c])
                if gap > tie and j != i:
                    total += weight[j]
            above[i] = total
