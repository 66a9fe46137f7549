"""What a cell looked like at an instant: the features that `Additive` and `PoissonTrees` use.

One function makes them, for training and for forecasting alike, from nothing but the record that
was known at the instant.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

import numpy as np

from veedor.arrays import Floats
from veedor.forecasters.place_record import PlaceRecord
from veedor.forecasters.pooled_prior import PooledPrior
from veedor.forecasters.shrinkage import Shrinkage, offered
from veedor.forecasters.task import Task
from veedor.spacetime import KernelSmoother

BLOCK_DAYS = 28
_MOST_BLOCKS = 13  # about a year
#: The record that must lie before a block, for its features to mean something.
FIRST_DAYS = 180
_DAY = np.timedelta64(1, "D")
BLOCK = BLOCK_DAYS * _DAY
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
    target : int
        Number of the category that is forecast.
    priors : tuple of PooledPrior or Shrinkage
        One a category: what gives its long-run shares.
    smoother : KernelSmoother
    learned_from : tuple
        The task of the training record, by value.
    """

    target: int
    priors: tuple[PooledPrior | Shrinkage, ...]
    smoother: KernelSmoother = field(repr=False)
    learned_from: tuple[Hashable, ...]

    @classmethod
    def learn(cls, task: Task) -> FeatureBuilder:
        """Fit the priors of all categories; done once for a task, whoever asks."""

        def learn() -> FeatureBuilder:
            record = PlaceRecord.of(task)
            priors: tuple[PooledPrior | Shrinkage, ...]
            if (many := len(record.categories)) > 1:
                priors = tuple(PooledPrior.of(task, record, number) for number in range(many))
            else:
                priors = (Shrinkage.fit(record.discounted(task.cutoff)[0], task.smoother),)
            target = record.categories.index(task.category)
            return cls(target, priors, task.smoother, task.asked)

        return task.ask("feature builder", learn)

    def now(self, task: Task) -> Features:
        """Features at the cut-off of a task; made once for each, whoever asks."""
        return task.ask(
            ("features", self.learned_from), lambda: self.at(PlaceRecord.of(task), task.cutoff)
        )

    def at(self, record: PlaceRecord, cutoff: np.datetime64) -> Features:
        """Features from what was known at `cutoff`.

        Notes
        -----
        Of every category: the logarithm of its long-run density, relative to its mean; and for
        three half-lives (21, 63 and 182 days) the logarithm of recently recorded by expected, in
        the cell and in its surroundings. Of the category itself: long-run kernel densities at
        three widths. The area of the cell. O(incidents + cells x features).
        """
        smoother, area = self.smoother, self.smoother.area_km2
        long_run = record.discounted(cutoff)
        bases = np.stack([self._base(number, long_run) for number in range(len(long_run))])
        columns: dict[str, Floats] = {}
        for number, name in enumerate(record.categories):
            columns[f"{name}: long-run density"] = np.log(bases[number] / (area / area.sum()))
        for half_life in _HALF_LIVES_DAYS:
            recent = record.discounted(cutoff, half_life)
            for number, name in enumerate(record.categories):
                expected = bases[number] * recent[number].sum()
                near = smoother.sum(recent[number], _NEAR_WIDTH * smoother.width_m)
                near_expected = smoother.sum(expected, _NEAR_WIDTH * smoother.width_m)
                days = f"{half_life:.0f} days"
                columns[f"{name}: {days}, cell"] = _log_ratio(recent[number], expected)
                columns[f"{name}: {days}, surroundings"] = _log_ratio(near, near_expected)
        for width in offered(_KERNEL_WIDTHS, smoother):
            amount = smoother.sum(long_run[self.target], width)
            ground = smoother.ground(width)
            mean = (long_run[self.target].sum() + _STEADY) / area.sum()
            wide = f"{width / smoother.width_m:.0f}"
            columns[f"kernel of {wide} cell{'s' * (wide != '1')}"] = np.log(
                (amount + 0.05) / ground / mean
            )
        columns["area"] = np.log(area)
        return Features(tuple(columns), np.column_stack([*columns.values()]), bases[self.target])

    def _base(self, number: int, long_run: Floats) -> Floats:
        prior = self.priors[number]
        amounts = long_run if isinstance(prior, PooledPrior) else long_run[number]
        return prior.shares(amounts, self.smoother)


def block_starts(task: Task) -> list[np.datetime64]:
    """Beginnings of the blocks that the record has room for, latest first."""
    starts = [task.cutoff - (number + 1) * BLOCK for number in range(_MOST_BLOCKS)]
    return [start for start in starts if start >= task.begins + FIRST_DAYS * _DAY]


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
    def of(cls, task: Task, builder: FeatureBuilder) -> TrainingBlocks:
        """Cut up to thirteen blocks of 28 days, back from the cut-off of the builder's task.

        A block begins at least 180 days after the record does. One without an incident of the
        category says nothing about where, and is left out. Done once, whoever asks.
        """

        def cut() -> TrainingBlocks:
            record = PlaceRecord.of(task)
            seen = [
                (start, record.between(start, start + BLOCK)[builder.target])
                for start in block_starts(task)
            ]
            starts = [start for start, counts in seen if counts.any()]
            counts = np.array([counts for _, counts in seen if counts.any()])
            features = [builder.at(record, start) for start in starts]
            return cls(features, counts.reshape(len(starts), len(task.cells)), starts)

        return task.ask(("training blocks", builder.learned_from), cut)

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
