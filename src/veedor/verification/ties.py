"""Ties by expectation: how much of each tied cell is flagged, over all orders of them."""

from __future__ import annotations

import numpy as np

from veedor.arrays import Floats, Ints

_EQUAL = 1e-9
# Choices of cells that may come before one: so many are listed, for all kinds together and for one.
_MOST_CHOICES, _FEWEST_CHOICES = 131_072, 8_192
# So many cells that fit, and that do not, and the second order is enough.
_MANY_CELLS, _MANY_LARGE = 6.0, 3.0
_FEW_KINDS = 16
_MOST_KINDS = 64


def tied_shares(area_km2: Floats, target_km2: float) -> Floats:
    r"""Expected share of each tied cell that is flagged, over all orders of the cells.

    The cells are flagged one after another in a random order until `target_km2` is reached; the
    last one is flagged in part. With S the area that comes before cell c,

    .. math:: f_c = E \min\left(1, \max\left(0, \frac{T - S}{A_c}\right)\right).

    Where all areas are equal it is the same for all, T by their sum. A small cell fits whole more
    often than a large one: for cells that differ, it is not.

    Parameters
    ----------
    area_km2 : array, shape (n,)
    target_km2 : float
        To be flagged among them.

    Returns
    -------
    array in [0, 1], shape (n,)
        Always of the sum ``shares @ area_km2 == target_km2``. Exact where there are at
        most 16 different areas and the choices of cells that may come before one are few enough to
        be listed: 13 cells of any areas, some hundred of two. Beyond that, with
        :math:`A = \sum_c A_c` and :math:`\tilde a = \sum_c A_c^2 / A`, by

        .. math:: f_c \approx \frac TA + \frac{1 - 2 T / A}{2 A} (\tilde a - A_c)

        where T and A - T are at least six times :math:`\tilde a` and three times the largest area,
        and else by listing with areas of similar size taken as equal.

    Notes
    -----
    The formula is the second order of the distribution of S, a sum of areas in a random sample
    without replacement. Both are off by less than 0.005 of a cell where simulated (uniform and
    lognormal areas, one cell of a fifth of the ground, clipped lattices; 20 to 300 cells).

    Examples
    --------
    >>> tied_shares(np.array([0.5, 2.0]), 0.5)  # the first whole, or 1/4 of the other
    array([0.5  , 0.125])
    >>> tied_shares(np.array([1.0, 1.0, 1.0]), 1.5)
    array([0.5, 0.5, 0.5])
    """
    return TiedCells(area_km2).shares(target_km2)


class TiedCells:
    """Cells of one density, for any part of them that is to be flagged; see `tied_shares`.

    Parameters
    ----------
    area_km2 : array, shape (n,)
    """

    def __init__(self, area_km2: Floats) -> None:
        self._area = area_km2
        self._largest = float(area_km2.max())
        self.total_km2 = float(area_km2.sum())
        self._equal = float(np.ptp(area_km2)) <= _EQUAL * self._largest
        self._typical = float((area_km2**2).sum()) / self.total_km2
        self._kind: Ints | None = None

    def shares(self, target_km2: float) -> Floats:
        """Expected share of each cell that is flagged, shape (n,)."""
        level, slope = self._line(target_km2)
        if slope is None:
            return self._listed_shares(target_km2)
        shares: Floats = level + slope * (self._typical - self._area)
        return shares

    def captured(self, target_km2: float, counts: Ints) -> float:
        """Incidents expected in the flagged ground, of `counts`, shape (n,), in the cells."""
        level, slope = self._line(target_km2)
        if slope is None:
            return float((self._listed_shares(target_km2) * counts).sum())
        hits = level * float(counts.sum())
        return hits + slope * float(((self._typical - self._area) * counts).sum())

    def _line(self, target_km2: float) -> tuple[float, float | None]:
        """Share of a cell of typical size, and how it falls with size; None: to be listed."""
        part = target_km2 / self.total_km2
        if part <= 0.0 or part >= 1.0:
            return float(part > 0.0), 0.0
        if self._equal:
            return part, 0.0
        least = min(target_km2, self.total_km2 - target_km2)
        many = least >= max(_MANY_CELLS * self._typical, _MANY_LARGE * self._largest)
        if not many or self._kinds().max() < _FEW_KINDS:
            return part, None
        return part, (0.5 - part) / self.total_km2

    def _listed_shares(self, target_km2: float) -> Floats:
        if target_km2 > 0.5 * self.total_km2:  # the same, from the end of the order
            return 1.0 - self._listed_shares(self.total_km2 - target_km2)
        kind, kinds = self._kinds(), _FEW_KINDS
        few = kind.max() < _FEW_KINDS
        shares = _listed(self._area, target_km2, kind) if few else None
        while shares is None:
            shares = _listed(self._area, target_km2, _joined(self._area, kind, kinds))
            kinds -= 1
        scaled: Floats = np.clip(shares * (target_km2 / float(shares @ self._area)), 0.0, 1.0)
        return scaled

    def _kinds(self) -> Ints:
        """Number of each area among the different ones, rising."""
        if self._kind is None:
            self._kind = _kinds(self._area)
        return self._kind


def _kinds(area_km2: Floats) -> Ints:
    order = np.argsort(area_km2, kind="stable")
    rising = area_km2[order]
    kind = np.empty(len(order), dtype=np.int64)
    kind[order] = np.concatenate([[0], np.cumsum(np.diff(rising) > _EQUAL * rising[1:])])
    return kind


def _joined(area_km2: Floats, kind: Ints, kinds: int) -> Ints:
    """Join neighbouring kinds until so few are left, each time those that differ least (Ward)."""
    number: Floats = np.bincount(kind).astype(np.float64)
    size: Floats = np.bincount(kind, weights=area_km2) / number
    part = np.arange(len(size))
    if len(size) > _MOST_KINDS:  # first by size alone, evenly between the smallest and largest
        even = (size - size[0]) / (size[-1] - size[0]) * (_MOST_KINDS - 1)
        part = np.unique(even.astype(np.int64), return_inverse=True)[1]
        weight = np.asarray(np.bincount(part, weights=number), dtype=np.float64)
        size, number = np.bincount(part, weights=number * size) / weight, weight
    while len(size) > kinds:
        cost = number[1:] * number[:-1] / (number[1:] + number[:-1]) * np.diff(size) ** 2
        at = int(np.argmin(cost))
        both = number[at] + number[at + 1]
        size[at] = (number[at] * size[at] + number[at + 1] * size[at + 1]) / both
        number[at] = both
        size, number = np.delete(size, at + 1), np.delete(number, at + 1)
        part = part - (part > at)
    joined: Ints = part[kind]
    return joined


def _listed(area_km2: Floats, target_km2: float, kind: Ints) -> Floats | None:
    """Shares by listing what may come before a cell; cells of one kind count with their mean area.

    None where that is too much.
    """
    from veedor.verification.compiled_ties import sums_before

    number = np.bincount(kind)
    size = np.bincount(kind, weights=area_km2) / number
    shares = np.empty(len(area_km2))
    most = max(_MOST_CHOICES // len(size), _FEWEST_CHOICES)
    for one in range(len(size)):
        others = number.copy()
        others[one] -= 1
        found, sums, weights = sums_before(size, others, target_km2, most)
        if found < 0:
            return None
        order = np.argsort(sums[:found])
        before, weight = sums[order], weights[order]
        likely = np.concatenate([[0.0], np.cumsum(weight)])
        room = np.concatenate([[0.0], np.cumsum(weight * (target_km2 - before))])
        mine = kind == one
        area = area_km2[mine]
        whole = np.searchsorted(before, target_km2 - area, side="right")
        shares[mine] = likely[whole] + (room[-1] - room[whole]) / area
    return shares
