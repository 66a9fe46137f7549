"""`Layer`: sums of what is forecast apart, over areas and over offences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from veedor.areas import AreaCounts, Sums
from veedor.arrays import Ints
from veedor.errors import DataError, phrase

#: Code of all areas together.
ALL = "all"
#: Name of the areas that are forecast, each by itself.
CELLS = "cells"


@dataclass(frozen=True, eq=False)
class Layer:
    """Disjoint groups of leaves; what a group records is what its leaves do together.

    Parameters
    ----------
    name : str
        Of the division of areas: a `Level`'s, ``"cells"`` for none, or ``"all"``.
    codes : tuple of (str, str)
        Offence and area of each group.
    of : array of int, shape (leaves,)
        Group of each leaf, from 0; -1 for none. Every group has a leaf.

    Examples
    --------
    >>> halves = Layer("half", (("theft", "W"), ("theft", "E")), np.array([0, 0, 1, -1]))
    >>> halves.sums(np.array([[1, 2, 4, 8], [0, 1, 0, 0]]))
    array([[3, 4],
           [1, 0]])
    """

    name: str
    codes: tuple[tuple[str, str], ...]
    of: Ints

    def __post_init__(self) -> None:
        there = np.unique(self.of[self.of >= 0])
        if not np.array_equal(there, np.arange(len(self.codes))):
            raise DataError(
                "Every group of a layer must have a leaf, and every leaf a group of it or none.",
                found=phrase(
                    "{codes} groups, leaves in {there}", codes=len(self.codes), there=len(there)
                ),
                where=self.name,
            )

    def __len__(self) -> int:
        return len(self.codes)

    def sums(self, leaves: Ints) -> Ints:
        """Sums of each group, shape (..., groups), of counts of the leaves, shape (..., leaves)."""
        inside = np.flatnonzero(self.of >= 0)
        order = inside[np.argsort(self.of[inside], kind="stable")]
        begins = np.searchsorted(self.of[order], np.arange(len(self)))
        sums: Ints = np.add.reduceat(leaves[..., order], begins, axis=-1)
        return sums


def area_layers(areas: AreaCounts, cells: Sequence[str], offence: str) -> tuple[Layer, ...]:
    """Levels of one offence, from fine to coarse, and all areas together, last.

    Parameters
    ----------
    areas : AreaCounts
    cells : sequence of str
        Codes of the areas that are forecast: the leaves, in this order.
    offence : str
        Its name, for the groups.

    Returns
    -------
    tuple of Layer
        Groups hold the areas that are forecast, and no others. A level that tells no two of them
        apart, or every one, is left out.
    """
    where = np.array([areas.area_index[code] for code in cells], dtype=np.int64)
    layers = []
    for level in areas.levels:
        there, of = np.unique(level.of[where], return_inverse=True)
        shift = int(np.sum(there < 0))
        if not 1 < len(there) - shift < len(cells):
            continue
        codes = tuple((offence, level.codes[group]) for group in there[shift:])
        layers.append(Layer(level.name, codes, of.astype(np.int64) - shift))
    everyone = np.zeros(len(cells), dtype=np.int64)
    return (*layers, Layer(ALL, ((offence, ALL),), everyone))


def crossed_layers(
    single: Sequence[Layer],
    cells: Sequence[str],
    offences: Sequence[str],
    sums: Sums,
    day: np.datetime64,
) -> tuple[Layer, ...]:
    """Layers of several offences: of each alone, and of each declared sum of them.

    Parameters
    ----------
    single : sequence of Layer
        Of one offence, as `area_layers` gives them.
    cells : sequence of str
        Codes of the areas that are forecast.
    offences : sequence of str
        Codes: the leaves are all cells of the first, then of the second, and so on.
    sums : Sums
        Those whose parts are all among the offences, themselves or as such sums, become layers.
    day : datetime64
        On which they are to be declared.

    Raises
    ------
    DataError
        If one of the offences holds another: then it is no leaf.
    """
    sums.refuse_twice(list(offences))
    each = Layer(CELLS, tuple(("", code) for code in cells), np.arange(len(cells)))
    layers = [_beside(layer, [(code, (code,)) for code in offences], offences) for layer in single]
    for total, parts in _held(sums, offences, day).items():
        layers += [_beside(layer, [(total, parts)], offences) for layer in (each, *single)]
    return tuple(layers)


def _held(sums: Sums, offences: Sequence[str], day: np.datetime64) -> dict[str, tuple[str, ...]]:
    """Offences that each declared sum is made of, where all its parts are there."""
    found: dict[str, tuple[str, ...]] = {}
    while True:
        made = {code: (code,) for code in offences} | found
        more = {
            one.total: tuple(leaf for part in one.parts for leaf in made[part])
            for one in sums.declared
            if one.total not in made and one.holds_on(day) and set(one.parts) <= set(made)
        }
        if not more:
            return found
        found |= more


def _beside(
    layer: Layer, totals: Sequence[tuple[str, tuple[str, ...]]], offences: Sequence[str]
) -> Layer:
    """A layer of areas for sums of offences, none of which share one."""
    n, groups = len(layer.of), len(layer)
    of = np.full((len(offences), n), -1, dtype=np.int64)
    codes: list[tuple[str, str]] = []
    for number, (total, parts) in enumerate(totals):
        for part in parts:
            of[offences.index(part)] = np.where(layer.of >= 0, layer.of + number * groups, -1)
        codes += [(total, area) for _, area in layer.codes]
    return Layer(layer.name, tuple(codes), of.reshape(-1))
