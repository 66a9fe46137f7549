"""What a cell looked like at an instant: the features that `Additive` and `PoissonTrees` use.

One function makes them, for training and for forecasting alike, from nothing but the record that
was known at the instant. They are made once for an instant, whoever asks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from veedor.arrays import Floats, Ints
from veedor.forecasters.place_record import HALF_LIVES_DAYS, PlaceRecord, Seen
from veedor.forecasters.pooled_prior import PooledPriors
from veedor.forecasters.refits import FIRST, refit_at, training_instants
from veedor.forecasters.shrinkage import offered
from veedor.forecasters.task import Task
from veedor.spacetime import KernelSmoother

Values = npt.NDArray[np.float32]

_NEAR_WIDTHS = (1.0, 2.5)  # cells
_KERNEL_WIDTHS = (0.7, 1.0, 2.0, 4.0)
_YEAR = np.timedelta64(365, "D")
_STEADY = 1.0  # incidents added to recorded and expected, so that a ratio of few says little
#: Other categories whose own features enter, those with the most incidents; all enter together.
_MOST_OTHERS = 8


@dataclass(frozen=True, eq=False)
class Features:
    """Features of every cell at one instant.

    Parameters
    ----------
    names : tuple of str
    values : array of float32, shape (cells, features)
    base : array, shape (cells,)
        Shares of `PooledCounts` at that instant, which the features are to correct.
    alike : array of int64
        Columns that are of the category itself, or of all together: the same of every category.
    level : float
        Logarithm of the category's incidents a year and cell.
    """

    names: tuple[str, ...]
    values: Values
    base: Floats
    alike: Ints
    level: float


def base_at(task: Task, instant: np.datetime64) -> Floats:
    """Shares of `PooledCounts` from what was known at an instant, shape (categories, cells).

    The priors are those that were fitted at the last date of learning; see `refit_at`.
    """

    def make() -> Floats:
        priors = PooledPriors.of(task, refit_at(task.record.covered, instant))
        return priors.shares(PlaceRecord.of(task).at(instant).amounts[0], task.smoother)

    return task.record.memo.ask(("base", task.cells.digest, task.begins, instant), make)


def features_at(task: Task, instant: np.datetime64) -> Features:
    """Features of the category of a task from what was known at an instant.

    Notes
    -----
    Of every category: the logarithm of its long-run share, and for four half-lives (10, 30, 90 and
    270 days) the logarithm of recently recorded by expected in the cell; of all categories together
    the same. Of the category itself also the same in its surroundings at two widths; long-run
    kernel densities at four; its count by that expected; and how it is spread over points: how many
    there are, also by count, the busiest of them, how often two incidents share one, and what was
    of late recorded by expected at those with at least eight incidents. O(incidents + cells x
    features).
    """
    asked = ("features", task.category, task.cells.digest, task.begins, instant)
    return task.record.memo.ask(asked, lambda: _made(task, instant))


def _made(task: Task, instant: np.datetime64) -> Features:
    record, smoother = PlaceRecord.of(task), task.smoother
    target = record.index_of(task.category)
    shares, seen = base_at(task, instant), record.at(instant)
    shown = _shown(record, target, task)
    #: By category, or None for all together and what only the target has.
    columns: dict[tuple[int | None, str], Floats] = {}
    for number in shown:
        columns[number, "long-run share"] = np.log(shares[number] * len(task.cells))
    long_run, *discounted = seen.amounts
    for half_life, recent in zip(HALF_LIVES_DAYS[1:], discounted, strict=True):
        days = f"{half_life:.0f} days"
        expected = shares * recent.sum(axis=1, keepdims=True)
        for number in shown:
            columns[number, f"{days}, cell"] = _log_ratio(recent[number], expected[number])
        if len(recent) > 1:
            together = _log_ratio(recent.sum(axis=0), expected.sum(axis=0))
            columns[None, f"{days}, cell, all categories"] = together
        for width in offered(_NEAR_WIDTHS, smoother):
            near = smoother.sum(np.stack([recent[target], expected[target]]), width)
            steady = 2.0 * smoother.width_m**2 / (4.0 * np.pi * width**2)
            columns[None, f"{days}, within {_cells(width, smoother)}"] = _log_ratio(
                near[0], near[1], steady
            )
    n = long_run[target]
    by_share = _log_ratio(n, shares[target] * n.sum(), 0.5)
    own = _kernels(n, smoother) | {"count by long-run share": by_share} | _spread(seen, target)
    columns |= {(None, name): column for name, column in own.items()}
    years = (instant - task.begins) / _YEAR
    return Features(
        names=tuple(
            what if number is None else f"{record.categories[number]}: {what}"
            for number, what in columns
        ),
        values=np.column_stack([*columns.values()]).astype(np.float32),
        base=shares[target],
        alike=np.flatnonzero([number in (None, target) for number, _ in columns]),
        level=float(np.log((n.sum() + _STEADY) / (years * len(task.cells)))),
    )


def _shown(record: PlaceRecord, target: int, task: Task) -> list[int]:
    """Categories whose own features enter: the target first, then those with the most incidents.

    They are counted as of the first instant that is learned from, so that they never change.
    """
    counts = record.at(min(task.begins + FIRST, task.cutoff)).amounts[0].sum(axis=1)
    order = [int(one) for one in np.argsort(-counts, kind="stable") if one != target]
    return [target, *sorted(order[:_MOST_OTHERS])]


def _kernels(n: Floats, smoother: KernelSmoother) -> dict[str, Floats]:
    """Long-run densities around each cell, relative to the mean."""
    mean = (n.sum() + _STEADY) / smoother.area_km2.sum()
    return {
        f"kernel of {_cells(width, smoother)}": np.log(
            (smoother.sum(n, width) + 0.05) / smoother.ground(width) / mean
        )
        for width in offered(_KERNEL_WIDTHS, smoother)
    }


def _spread(seen: Seen, target: int) -> dict[str, Floats]:
    """How the incidents of a cell are spread over points, which are counted and never named."""
    n, of_all = seen.amounts[0, target], seen.amounts[0].sum(axis=0)
    pairs = seen.pairs[target]
    return {
        "points of any category": np.log1p(seen.all_points),
        "points of any category by count": np.log((seen.all_points + 1.0) / (of_all + 1.0)),
        "points by count": np.log((seen.points[target] + 1.0) / (n + 1.0)),
        "busiest point": np.log1p(seen.busiest[target]),
        "pairs at one point": np.log((pairs + 0.05 * n + 0.5) / (n * (n - 1.0) + n + 1.0)),
        "busy points, 60 days": _log_ratio(seen.busy[target], seen.busy_expected[target]),
    }


@dataclass(frozen=True, eq=False)
class Training:
    """Features at past instants, and what was recorded in the fortnight after each.

    Parameters
    ----------
    instants : list of datetime64
        Latest first.
    features : list of Features
        One an instant.
    counts : array, shape (instants, cells)
        Incidents of the category that is forecast.
    by_place : array of int64, shape (cells,)
        An order of the cells that does not depend on how they are numbered: sums in it are the
        same, and so is what is drawn of its rows.
    """

    instants: list[np.datetime64]
    features: list[Features]
    counts: Floats
    by_place: Ints

    @classmethod
    def until(cls, task: Task, date: np.datetime64, step: int = 1) -> Training:
        """Take the instants that are learned from until a date, and what was known at it.

        A fortnight without an incident of the category says nothing about where, and is left out.

        Parameters
        ----------
        task : Task
        date : datetime64
        step : int
            With 2, every second instant is learned from, beginning with the latest.
        """
        record = PlaceRecord.of(task)
        every = training_instants(task.record.covered, date)
        table = np.zeros((0, len(task.cells)))
        if every:
            table = record.fortnights(record.index_of(task.category), every, date)
        told = np.flatnonzero(table.any(axis=1))
        told = told[told % step == 0]
        instants, counts = [every[number] for number in told], table[told]
        features = [features_at(task, instant) for instant in instants]
        by_place = np.lexsort((task.cells.x_m, task.cells.y_m))
        return cls(instants, features, counts, by_place)

    def __len__(self) -> int:
        return len(self.instants)

    @property
    def design(self) -> Values:
        """Features by instant and place, shape (instants x cells, features)."""
        return np.concatenate([one.values[self.by_place] for one in self.features])

    def rows(self, table: Floats) -> Floats:
        """Give a table, shape (instants, cells), in the order of the design."""
        return table[:, self.by_place].ravel()

    @property
    def expected(self) -> Floats:
        """Counts that the base shares expect at the recorded totals, shape (instants, cells)."""
        if not self.features:
            return self.counts
        base = np.stack([one.base for one in self.features])
        expected: Floats = self.counts.sum(axis=1)[:, None] * base
        return expected


def _log_ratio(recorded: Floats, expected: Floats, steady: float = _STEADY) -> Floats:
    ratio: Floats = np.log((recorded + steady) / (expected + steady))
    return ratio


def _cells(width_m: float, smoother: KernelSmoother) -> str:
    wide = f"{width_m / smoother.width_m:g}"
    return f"{wide} cell{'s' * (wide != '1')}"
