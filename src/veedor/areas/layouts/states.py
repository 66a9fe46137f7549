"""States that a layout's rule sets: what was not reported, or cannot be, whatever a file prints."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from veedor.areas.edition import Edition
from veedor.areas.states import State
from veedor.arrays import Bools


def restated(edition: Edition, where: Bools, state: State) -> Edition:
    """Return an edition in which cells have no number, by a rule.

    Parameters
    ----------
    edition : Edition
    where : array of bool, broadcast over (spans, offences, areas)
    state : State
        `NOT_REPORTED` or `NOT_APPLICABLE`.
    """
    cells = np.broadcast_to(where, edition.values.shape)
    return replace(
        edition,
        values=np.where(cells, np.int32(0), edition.values),
        state=np.where(cells, np.uint8(state), edition.state),
        provisional=edition.provisional & ~cells,
    )


def blank_before(edition: Edition, first: Bools) -> Edition:
    """Return an edition in which what is blank cannot be counted, where `first` is true."""
    blank = edition.state == State.NOT_REPORTED
    return restated(edition, blank & np.broadcast_to(first, blank.shape), State.NOT_APPLICABLE)


def not_yet(edition: Edition) -> Bools:
    """Whether an area has not begun to be counted, shape (spans, 1, areas)."""
    begun = np.logical_or.accumulate(edition.reported.any(axis=1), axis=0)
    found: Bools = ~begun[:, None, :]
    return found
