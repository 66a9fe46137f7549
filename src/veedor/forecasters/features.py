"""What a cell looked like at an instant: the features that `Additive` and `PoissonTrees` use.

One function makes them, for training and for forecasting alike, from nothing but the record that
was known at the instant.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from veedor.forecasters.history import History
from veedor.forecasters.place_record import PlaceRecord
from veedor.forecasters.pooled_prior import PooledPrior
from veedor.forecasters.shrinkage import Shrinkage, offered
from veedor.spacetime import Cells, KernelSmoother

Floats = npt.NDArray[np.float64]

#: Days of a training block, and the most blocks that are looked back: about a year.
BLOCK_DAYS, MOST_BLOCKS = 28, 13
#: The record that must lie before a block, for its features to mean something.
FIRST_DAYS = 180
_DAY = np.timedelta64(1, "D")
_Instant = tuple[np.datetime64, np.datetime64]
_HALF_LIVES_DAYS = (21.0, 63.0, 182.0)
_NEAR_WIDTH = 1.5  # cells
_KERNEL_WIDTHS = (1.0, 2.0, 4.0)
_STEADY = 1.0  # incidents added to recorded and expected, so that a ratio of few says little


@dataclass(frozen=True, eq=False)
class Features:
    """Features of every cell at one instant.

    Parameters
    ----------
    names : tuple of str
    values : array, shape (cells, features)
    base : array, shape (cells,)
        Shares of `PooledCounts` at that instant, which the features are to correct.
    """

    names: tuple[str, ...]
    values: Floats
    base: Floats


@dataclass(frozen=True, eq=False)
class FeatureBuilder:
    """Makes `Features` at any instant of a record.

    Learned once from a training record (bandwidths, strengths, coefficients of the priors) and
    then only applied.

    Parameters
    ----------
    cells : Cells
    target : int
        Number of the category that is forecast.
    priors : tuple of PooledPrior or Shrinkage
        One a category: what gives its long-run shares.
    """

    cells: Cells
    target: int
    priors: tuple[PooledPrior | Shrinkage, ...]
    smoother: KernelSmoother = field(repr=False)
    _made: WeakKeyDictionary[object, dict[_Instant, Features]] = field(
        default_factory=WeakKeyDictionary, repr=False
    )

    def __getstate__(self) -> dict[str, Any]:
        """What was made is not pickled."""
        return {**vars(self), "_made": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Begin with nothing made."""
        vars(self).update(state, _made=WeakKeyDictionary())

    @classmethod
    def learn(cls, history: History) -> FeatureBuilder:
        """Fit the priors of all categories; done once for a history, whoever asks."""
        if history not in _BUILDERS:
            _BUILDERS[history] = cls._learn(history, PlaceRecord.of(history))
        return _BUILDERS[history]

    @classmethod
    def _learn(cls, history: History, record: PlaceRecord) -> FeatureBuilder:
        cells, smoother = history.cells, KernelSmoother(history.cells)
        amounts = record.discounted(history.cutoff)
        priors: list[PooledPrior | Shrinkage] = []
        for number, row in enumerate(amounts):
            if len(amounts) > 1:
                priors.append(PooledPrior.fit(amounts, number, cells, smoother))
            else:
                priors.append(Shrinkage.fit(row, cells, smoother))
        target = record.categories.index(history.category)
        return cls(cells, target, tuple(priors), smoother)

    def now(self, history: History) -> Features:
        """Features at the cut-off of a history; made once for each, whoever asks."""
        made = self._made.setdefault(history.lineage, {})
        instant = (history.begins, history.cutoff)
        if instant not in made:
            made[instant] = self.at(PlaceRecord.of(history), history.cutoff)
        return made[instant]

    def at(self, record: PlaceRecord, cutoff: np.datetime64) -> Features:
        """Features from what was known at `cutoff`.

        Notes
        -----
        Of every category: the logarithm of its long-run density, relative to its mean; and for
        three half-lives (21, 63 and 182 days) the logarithm of recently recorded by expected, in
        the cell and in its surroundings. Of the category itself: long-run kernel densities at
        three widths. The area of the cell. O(incidents + cells x features).
        """
        cells, smoother = self.cells, self.smoother
        width_m = 1000.0 * float(np.sqrt(np.median(cells.area_km2)))
        long_run = record.discounted(cutoff)
        bases = np.stack([self._base(number, long_run) for number in range(len(long_run))])
        columns: dict[str, Floats] = {}
        for number, name in enumerate(record.categories):
            ground = cells.area_km2 / cells.area_km2.sum()
            columns[f"{name}: long-run density"] = np.log(bases[number] / ground)
        for half_life in _HALF_LIVES_DAYS:
            recent = record.discounted(cutoff, half_life)
            for number, name in enumerate(record.categories):
                expected = bases[number] * recent[number].sum()
                near = smoother.sum(recent[number], _NEAR_WIDTH * width_m)
                near_expected = smoother.sum(expected, _NEAR_WIDTH * width_m)
                days = f"{half_life:.0f} days"
                columns[f"{name}: {days}, cell"] = _log_ratio(recent[number], expected)
                columns[f"{name}: {days}, surroundings"] = _log_ratio(near, near_expected)
        for width in offered(_KERNEL_WIDTHS, cells, smoother):
            amount = smoother.sum(long_run[self.target], width)
            ground = smoother.ground(width)
            mean = (long_run[self.target].sum() + _STEADY) / cells.area_km2.sum()
            columns[f"kernel of {width / width_m:.0f} cells"] = np.log(
                (amount + 0.05) / ground / mean
            )
        columns["area"] = np.log(cells.area_km2)
        return Features(tuple(columns), np.column_stack([*columns.values()]), bases[self.target])

    def _base(self, number: int, long_run: Floats) -> Floats:
        prior = self.priors[number]
        amounts = long_run if isinstance(prior, PooledPrior) else long_run[number]
        return prior.shares(amounts, self.cells, self.smoother)


# What was made of a history, for as long as somebody holds that history.
_BUILDERS: WeakKeyDictionary[History, FeatureBuilder] = WeakKeyDictionary()
_BLOCKS: WeakKeyDictionary[FeatureBuilder, TrainingBlocks] = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class TrainingBlocks:
    """Features at the beginning of past blocks, and what the blocks then recorded.

    Parameters
    ----------
    features : list of Features
        Latest block first.
    counts : array, shape (blocks, cells)
        Incidents of the category that is forecast.
    starts : list of datetime64
        Beginnings of the blocks.
    """

    features: list[Features]
    counts: Floats
    starts: list[np.datetime64]

    @classmethod
    def of(cls, history: History, builder: FeatureBuilder) -> TrainingBlocks:
        """Cut up to thirteen blocks of 28 days, back from the cut-off of the builder's history.

        A block begins at least 180 days after the record does. One without an incident of the
        category says nothing about where, and is left out. Done once, whoever asks.
        """
        if builder not in _BLOCKS:
            _BLOCKS[builder] = cls._of(history, PlaceRecord.of(history), builder)
        return _BLOCKS[builder]

    @classmethod
    def _of(cls, history: History, record: PlaceRecord, builder: FeatureBuilder) -> TrainingBlocks:
        features, counts, starts = [], [], []
        for block in range(MOST_BLOCKS):
            end = history.cutoff - block * BLOCK_DAYS * _DAY
            start = end - BLOCK_DAYS * _DAY
            if start < history.begins + FIRST_DAYS * _DAY:
                break
            seen = record.between(start, end)[builder.target]
            if seen.any():
                features.append(builder.at(record, start))
                counts.append(seen)
                starts.append(start)
        return cls(features, np.array(counts).reshape(len(counts), len(history.cells)), starts)

    @property
    def expected(self) -> Floats:
        """Counts that the base shares expect at the recorded totals, shape (blocks, cells)."""
        if not self.features:
            return self.counts
        base = np.stack([one.base for one in self.features])
        expected: Floats = self.counts.sum(axis=1)[:, None] * base
        return expected


def _log_ratio(recorded: Floats, expected: Floats) -> Floats:
    ratio: Floats = np.log((recorded + _STEADY) / (expected + _STEADY))
    return ratio
