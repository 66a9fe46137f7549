"""Weights over neighbours, with their derivatives by the logarithm of the decay."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from veedor.arrays import Floats, Ints
from veedor.errors import DataError, phrase
from veedor.forecasters.endemic_epidemic.panel import Panel
from veedor.forecasters.endemic_epidemic.specification import Weights

# An entry of a sparse matrix takes about as long as so many of a full one.
_TIMES_SLOWER = 8


def orders(neighbours: tuple[Ints, Ints], max_order: int | None = None) -> sparse.csr_array:
    """Fewest borders between every two areas, by breadth-first search.

    Parameters
    ----------
    neighbours : (indptr, indices)
        Areas that touch each area.
    max_order : int or None
        Pairs farther apart are left out; None for all. Pairs that no chain of borders connects
        are always left out.

    Returns
    -------
    sparse array of float, shape (areas, areas)
        Nothing on the diagonal.

    Examples
    --------
    Three areas in a row:

    >>> row = (np.array([0, 1, 3, 4]), np.array([1, 0, 2, 1]))
    >>> orders(row).toarray()
    array([[0., 1., 2.],
           [1., 0., 1.],
           [2., 1., 0.]])
    """
    indptr, indices = neighbours
    n = len(indptr) - 1
    touching = sparse.csr_array((np.ones(len(indices)), indices, indptr), shape=(n, n))
    reached = sparse.csr_array(sparse.eye_array(n, format="csr"))
    front, found, order = reached, sparse.csr_array((n, n)), 0
    while max_order is None or order < max_order:
        order += 1
        wider = sparse.csr_array(front @ touching)
        wider.data[:] = 1.0
        front = sparse.csr_array(wider - wider.multiply(reached))
        front.eliminate_zeros()
        if front.nnz == 0:
            break
        reached = sparse.csr_array(reached + front)
        found = sparse.csr_array(found + order * front)
    found.sort_indices()
    return found


@dataclass(frozen=True, eq=False)
class Spreading:
    """Weights of one model on one panel.

    Parameters
    ----------
    base : sparse array, shape (areas, areas)
        Orders for a power law, else the weights themselves before they are normalised.
    decays : bool
        Whether it is a power law.
    normalised : bool
    """

    base: sparse.csr_array
    decays: bool
    normalised: bool

    @classmethod
    def of(cls, weights: Weights, panel: Panel) -> Spreading:
        """Weights of a panel.

        Raises
        ------
        DataError
            If the panel does not have what they are made of, or a given weight is below 0 or of
            an area for itself.
        """
        if weights.kind == "given":
            if panel.flows is None:
                raise _lacking("flows")
            base = sparse.csr_array(panel.flows, dtype=np.float64)
            if base.nnz and (not base.data.min() >= 0.0 or base.diagonal().any()):
                raise DataError(
                    "Given weights must be at least 0, and 0 of an area for itself.",
                    found=phrase("one that is not"),
                )
            base.eliminate_zeros()
            return cls(base, False, weights.normalised)
        if panel.neighbours is None:
            raise _lacking("neighbours")
        reach = 1 if weights.kind == "first_order" else weights.max_order
        base = orders(panel.neighbours, reach)
        if weights.kind == "equal":
            base.data[:] = 1.0
        return cls(base, weights.kind == "power_law", weights.normalised)

    def at(self, log_decay: float = 0.0) -> sparse.csr_array:
        """Weights, shape (areas, areas): row j, column i is w_ji."""
        return self._with(self._derivatives(log_decay)[0])

    def sums(self, counts: Floats, log_decay: float = 0.0) -> tuple[Floats, Floats, Floats]:
        """What the neighbours recorded, weighted, and its derivatives by the log of the decay.

        Parameters
        ----------
        counts : array, shape (periods, areas)
        log_decay : float

        Returns
        -------
        three arrays, shape (periods, areas)
        """
        if not self.decays:
            sums = self.plain_sums(counts)
            return sums, np.zeros_like(sums), np.zeros_like(sums)
        plain, first, second = (self._over(counts, data) for data in self._derivatives(log_decay))
        return plain, first, second

    def plain_sums(self, counts: Floats, log_decay: float = 0.0) -> Floats:
        """Return the first of `sums` alone."""
        return self._over(counts, self._derivatives(log_decay)[0])

    def _over(self, counts: Floats, data: Floats) -> Floats:
        matrix = self._with(data)
        crowded = self.base.nnz * _TIMES_SLOWER > self.base.shape[0] ** 2
        return np.asarray(counts @ (matrix.toarray() if crowded else matrix))

    def unknown(self, known: Floats) -> Floats:
        """How many of the areas that count for each were not reported, (periods, areas)."""
        touched = self._with(np.ones(self.base.nnz))
        return np.asarray((1.0 - known) @ touched)

    @cached_property
    def _row(self) -> Ints:
        return np.repeat(np.arange(self.base.shape[0]), np.diff(self.base.indptr))

    def _with(self, data: Floats) -> sparse.csr_array:
        return sparse.csr_array((data, self.base.indices, self.base.indptr), shape=self.base.shape)

    def _derivatives(self, log_decay: float) -> tuple[Floats, Floats, Floats]:
        data = self.base.data.astype(np.float64)
        if self.decays:
            log_order = np.exp(log_decay) * np.log(data)
            raw = np.exp(-log_order)
            first = -log_order * raw
            second = first * (1.0 - log_order)
        else:
            raw, first, second = data, np.zeros_like(data), np.zeros_like(data)
        if not self.normalised:
            return raw, first, second
        whole, whole_first, whole_second = (
            np.bincount(self._row, part, self.base.shape[0])[self._row]
            for part in (raw, first, second)
        )
        share = raw / whole
        share_first = (first - share * whole_first) / whole
        share_second = (second - 2.0 * share_first * whole_first - share * whole_second) / whole
        return share, share_first, share_second


def _lacking(what: str) -> DataError:
    return DataError(
        "A panel must have what the weights of a neighbour part are made of.",
        found=phrase("no {what}", what=what),
    )
