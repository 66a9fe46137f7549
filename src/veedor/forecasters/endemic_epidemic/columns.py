"""`Columns`: terms of a predictor, each held by period, by area, or by both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from veedor.arrays import Floats


class Columns:
    """Terms over periods and areas, at the cost of what they vary by.

    Most terms vary by period alone, as a season, or by area alone: a sum over all cells is then
    one over the cells' sums.

    Parameters
    ----------
    terms : sequence of array
        Each of shape (periods or 1, areas or 1).
    periods : int
    """

    def __init__(self, terms: Sequence[Floats], periods: int) -> None:
        self._terms = [
            np.broadcast_to(term, (periods, 1)) if term.shape[1] == 1 else term for term in terms
        ]
        shapes = [term.shape for term in self._terms]
        self._period = [at for at, shape in enumerate(shapes) if shape[1] == 1]
        self._area = [at for at, shape in enumerate(shapes) if shape[1] > 1 and shape[0] == 1]
        self._both = [at for at, shape in enumerate(shapes) if min(shape) > 1]
        self._by_period = np.array([self._terms[at][:, 0] for at in self._period])
        self._by_area = np.array([self._terms[at][0] for at in self._area])

    def __len__(self) -> int:
        return len(self._terms)

    def __iter__(self) -> Iterator[Floats]:
        return iter(self._terms)

    def of(self, periods: slice) -> Columns:
        """Return the terms of some periods."""
        cut = [term[periods] if term.shape[1] == 1 else at(term, periods) for term in self._terms]
        return Columns(cut, periods.stop - periods.start)

    def times(self, numbers: Floats) -> Floats:
        """Sum of the terms times a number each, broadcasts to (periods, areas)."""
        found = np.zeros((1, 1))
        for term, number in zip(self._terms, numbers, strict=True):
            found = found + term * number
        return found

    def sums(self, cells: Floats) -> Floats:
        """Sum of each term times numbers of all cells, shape (terms,)."""
        found = np.zeros(len(self))
        if self._period:
            found[self._period] = self._by_period @ cells.sum(axis=1)
        if self._area:
            found[self._area] = self._by_area @ cells.sum(axis=0)
        for place in self._both:
            found[place] = np.vdot(self._terms[place], cells)
        return found


def at(values: Floats, periods: slice) -> Floats:
    """Some periods of what may be the same in all, shape (periods or 1, ...)."""
    return values if len(values) == 1 else values[periods]
