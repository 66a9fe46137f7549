"""`PooledTrees`: boosted trees that learn from all reported categories together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from types import ModuleType
from typing import Any

import numpy as np

from veedor.arrays import Floats
from veedor.errors import StudyError
from veedor.forecasters.features import Features, Training, Values
from veedor.forecasters.lessons import Lesson
from veedor.forecasters.place_record import PlaceRecord
from veedor.forecasters.refits import training_instants
from veedor.forecasters.task import Task

FEWEST_INSTANTS, FEWEST_INCIDENTS = 12, 200
_LARGEST_CORRECTION = 20.0
#: A leaf holds at least so many rows for each cell: some ground, at several instants.
_ROWS_A_CELL, _FEWEST_IN_LEAF = 0.375, 20
#: And so many incidents are expected in it: from fewer, trees learn chance.
_EXPECTED_IN_LEAF = 150.0
#: LightGBM damps each step by this much in the logarithm, as if so many more were expected.
_DAMPED_BY = 0.7
#: Beyond, instants are left out: two years of four categories in 20,000 cells.
_MOST_ROWS = 2**22


@dataclass(frozen=True)
class Boosted:
    """Trees that were grown, as LightGBM writes them."""

    text: str

    @cached_property
    def _model(self) -> Any:
        return lightgbm().Booster(model_str=self.text)

    def correction(self, task: Task, features: Features) -> Floats:
        """Return what each cell's share is multiplied by, shape (cells,)."""
        raw = self._model.predict(_rows(task, features), raw_score=True, num_threads=1)
        farthest = np.log(_LARGEST_CORRECTION)
        correction: Floats = np.exp(np.clip(raw, -farthest, farthest))
        return correction


@dataclass(frozen=True)
class PooledTrees(Lesson[Boosted | None]):
    """Trees grown on the fortnights of every reported category until a date.

    A row is a cell at an instant, of one category. It shows what the category itself and all
    together had recorded, by the same columns whichever it is, and how many incidents the category
    has: so a category with few learns from those with many.

    Parameters
    ----------
    date : datetime64
    trees, leaves, random_state : int
    learning_rate : float
        See `PoissonTrees`.
    """

    trees: int
    learning_rate: float
    leaves: int
    random_state: int

    def learn(self, task: Task) -> Boosted | None:
        """Grow them; None with fewer than twelve fortnights, or 200 incidents in them."""
        record, cells = PlaceRecord.of(task), len(task.cells)
        instants = len(training_instants(task.record.covered, self.date))
        if instants < FEWEST_INSTANTS:
            return None
        step = -(-instants * cells * len(record.categories) // _MOST_ROWS)
        counts, expected, rows = [], [], []
        for name in sorted(record.categories):
            one = replace(task, category=name)
            training = Training.until(one, self.date, step)
            counts.append(training.rows(training.counts))
            expected.append(training.rows(training.expected))
            rows += [_rows(one, features)[training.by_place] for features in training.features]
        label = np.concatenate(counts)
        if label.sum() < FEWEST_INCIDENTS:
            return None
        settings = {
            "objective": "poisson",
            "boost_from_average": False,
            "learning_rate": self.learning_rate,
            "num_leaves": self.leaves,
            "min_data_in_leaf": max(_FEWEST_IN_LEAF, int(_ROWS_A_CELL * cells)),
            "min_sum_hessian_in_leaf": _EXPECTED_IN_LEAF * float(np.exp(_DAMPED_BY)),
            "poisson_max_delta_step": _DAMPED_BY,
            "feature_fraction": 0.4,
            "bagging_fraction": 0.7,
            "bagging_freq": 1,
            "lambda_l2": 20.0,
            "max_bin": 63,
            "seed": self.random_state,
            "num_threads": 1,
            "deterministic": True,
            "force_row_wise": True,
            "verbose": -1,
        }
        data = lightgbm().Dataset(
            rows, label=label, init_score=np.log(np.concatenate(expected)), params=settings
        )
        grown = lightgbm().train(settings, data, self.trees)
        return Boosted(grown.model_to_string())


def _rows(task: Task, features: Features) -> Values:
    """What trees see of every cell at an instant, shape (cells, columns)."""
    cells = len(task.cells)
    parts = [features.values[:, features.alike], np.full((cells, 1), features.level, np.float32)]
    if task.covariates is not None:
        parts.append(task.covariates.values.astype(np.float32))
    return np.concatenate(parts, axis=1)


def lightgbm() -> ModuleType:
    """Import it here: it takes longer than all of veedor, which often does without.

    Raises
    ------
    StudyError
        If the system lacks a library that it needs.
    """
    try:
        import lightgbm as found
    except OSError as error:
        raise StudyError(
            "The trees of PoissonTrees must find the library libgomp of the system.",
            found=str(error),
            remedy="install it (Debian: apt install libgomp1; Fedora: dnf install libgomp; macOS: "
            "brew install libomp), or leave PoissonTrees and Stack out of the study",
        ) from error
    module: ModuleType = found
    return module
