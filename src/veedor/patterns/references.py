"""What a place's share is held against: the places that kept theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from veedor.arrays import Bools

_MOST_ROUNDS = 20


def unchanged(named: Callable[[Bools], Bools], starts: Sequence[Bools]) -> Bools:
    """Find the places that none is named of when every place is held against them.

    Shares sum to one: where one place doubles, the shares of all others fall, though nothing
    happened there. So places are held against those that did not change. From each start the
    places named are left out, and all places, those left out too, are held against the rest anew,
    until the same are named twice. Of the ends the one is taken that names the fewest: what leaves
    the most places as they were. Without a change the start of all places is mostly the end too.

    Parameters
    ----------
    named : callable
        Given which places to hold all places against, shape (places,), which of them changed.
    starts : sequence of array of bool, shape (places,)
        The first is all that can be compared; no other place is ever in the result.

    Returns
    -------
    array of bool, shape (places,)
        All that can be compared where every start ends with each of them changed: then shares are
        all there is to compare.

    Examples
    --------
    Three places of four kept their level; the fourth doubled.

    >>> before, after = np.array([50, 50, 50, 50]), np.array([50, 50, 50, 100])
    >>> def named(kept):
    ...     usual = after[kept].sum() / before[kept].sum()
    ...     return np.abs(after / before / usual - 1) > 0.1
    >>> everywhere = np.ones(4, dtype=bool)
    >>> named(everywhere).tolist()
    [True, True, True, True]
    >>> unchanged(named, [everywhere, np.array([True, False, False, False])]).tolist()
    [True, True, True, False]
    """
    whole = starts[0]
    best, fewest = whole, np.inf
    for start in starts:
        kept, seen = start & whole, set[bytes]()
        for _ in range(_MOST_ROUNDS):
            if not kept.any() or kept.tobytes() in seen:
                break
            seen.add(kept.tobytes())
            changed = named(kept) & whole
            if changed.sum() < fewest and not bool(np.all(changed[kept])):
                best, fewest = whole & ~changed, float(changed.sum())
            kept = whole & ~changed
    return best
