"""Cells that say a number but look as if nothing had been reported, for what describes counts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from veedor.areas import AreaCounts, reported
from veedor.areas.unreported import Stretch, named, scan
from veedor.arrays import Bools

#: A stretch with an edge on one side only, which may be a change of level, is doubted where it
#: holds at most this share of what the other side leads to expect: almost nothing.
ALMOST_NOTHING = 0.05


def doubted_cells(record: AreaCounts, codes: Sequence[str]) -> Bools:
    """Return which cells of some offences look unreported, shape (spans, offences, areas).

    Parameters
    ----------
    record : AreaCounts
        Its latest edition.
    codes : sequence of str
        Of offences; in all others nothing is looked for.

    Returns
    -------
    array of bool
        Of `veedor.areas.unreported.named`, at most 5% of whose series are expected to be false over
        all of `codes`: stretches with an edge on both sides whole; those that are low until the
        end, or from the beginning, where `is_doubted`.
    """
    mask = np.zeros(record.latest.values.shape, dtype=np.bool_)
    places = [record.offence_of(code) for code in codes]
    latest = record.latest
    scanned = [
        scan(latest.values[:, place], reported(latest.state[:, place]), record.spans.unit)
        for place in places
    ]
    for place, stretches in zip(places, named(scanned), strict=True):
        for one in stretches:
            if is_doubted(one):
                mask[one.first : one.end, place, one.area] = True
    return mask


def is_doubted(one: Stretch) -> bool:
    """Whether a stretch is left out: what has one edge only if almost nothing was recorded for it.

    >>> drop = Stretch("drop", 0, 10, 13, 3, 20.0, None, 1e-9)
    >>> is_doubted(drop), is_doubted(Stretch("drop", 0, 10, 13, 4, 20.0, None, 1e-9))
    (True, False)
    """
    if one.kind in ("zeros", "gap"):
        return True
    beside = one.before if one.after is None else one.after
    return beside is not None and one.recorded <= ALMOST_NOTHING * (one.end - one.first) * beside
