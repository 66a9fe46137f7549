"""`PoissonTrees`: boosted trees that correct `PooledCounts`."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np

from veedor.arrays import Floats
from veedor.errors import StudyError, TooLittleDataError, phrase
from veedor.forecasters.allocation import RefittedForecaster, everywhen
from veedor.forecasters.features import Training, features_at
from veedor.forecasters.place_record import PlaceRecord
from veedor.forecasters.refits import FIRST, refit_at, training_instants
from veedor.forecasters.task import Task
from veedor.spacetime import Periods

_FEWEST_INSTANTS, _FEWEST_INCIDENTS = 12, 200
_LARGEST_CORRECTION = 20.0
#: Of trees and of leaves: what ends.
_MOST = 10_000
#: A leaf holds at least as many rows as this part of the cells: some ground, at several instants.
_CELLS_A_LEAF, _FEWEST_IN_LEAF = 8, 20
_DAY = np.timedelta64(1, "D")


class PoissonTrees(RefittedForecaster):
    r"""Long-run shares of `PooledCounts` times a correction by gradient-boosted Poisson trees.

    The trees are fitted to what was recorded in fortnights from 182 days into the record on. For
    cell c and fortnight b, with :math:`m_{cb}` expected at the recorded total by shares as of its
    beginning, it is a Poisson regression of :math:`y_{cb}` with offset :math:`\log m_{cb}`: where
    the trees find nothing, the shares stay as they were. They are grown anew every 28 days of the
    record.

    Features, all as of the beginning of the fortnight, are those of `features_at`, and the place
    covariates of the study if it has any. Fortnights are used whatever the length of the periods:
    trained on single days, trees do worse, as there is less to see in each.

    Parameters
    ----------
    trees : int
    learning_rate : float
        In (0, 1].
    leaves : int
        Most leaves of a tree, at least 2.
    random_state : int
        Seed: each tree looks at a random 3 in 10 of the features and 7 in 10 of the rows.

    Raises
    ------
    TooLittleDataError
        At `fit`, with fewer than twelve fortnights (364 days of record) or 200 incidents in them.

    References
    ----------
    Friedman, J. H. (2001). Greedy function approximation: a gradient boosting machine. Annals of
    Statistics 29, 1189-1232. https://doi.org/10.1214/aos/1013203451
    Ke, G. et al. (2017). LightGBM: a highly efficient gradient boosting decision tree. Advances in
    Neural Information Processing Systems 30, 3146-3154.
    """

    looks_at_incidents = True

    def __init__(
        self,
        trees: int = 120,
        learning_rate: float = 0.06,
        leaves: int = 12,
        random_state: int = 1,
    ) -> None:
        self.trees = trees
        self.learning_rate = learning_rate
        self.leaves = leaves
        self.random_state = random_state

    def check_parameters(self) -> None:
        """Refuse trees that cannot be grown."""
        self._require("trees", phrase("from 1 to {most:,}", most=_MOST), 1 <= self.trees <= _MOST)
        self._require(
            "learning_rate", phrase("above 0, at most 1"), 0.0 < self.learning_rate <= 1.0
        )
        self._require("leaves", phrase("from 2 to {most:,}", most=_MOST), 2 <= self.leaves <= _MOST)
        self._require(
            "random_state", phrase("at least 0, below 2^31"), 0 <= self.random_state < 2**31
        )

    def _learn_shares(self, task: Task) -> None:
        _ = task.periods  # not one whole period is another, more general, error
        date = refit_at(task.record.covered)
        self.fortnights_, self.incidents_ = _seen(task, date)
        if self.fortnights_ < _FEWEST_INSTANTS or self.incidents_ < _FEWEST_INCIDENTS:
            raise TooLittleDataError(
                phrase(
                    "{name} needs at least {fewest} fortnights after the first {first_days} days, "
                    "with {fewest_incidents} incidents in them.",
                    name=type(self).__name__,
                    fewest=_FEWEST_INSTANTS,
                    first_days=FIRST // _DAY,
                    fewest_incidents=_FEWEST_INCIDENTS,
                ),
                found=phrase(
                    "fortnights: {fortnights}; incidents of {category} in them: {incidents}",
                    fortnights=self.fortnights_,
                    category=task.category,
                    incidents=self.incidents_,
                ),
                where=phrase("category {category}", category=task.category),
                remedy="use a longer record, or go on without it",
            )
        self._grown(task)

    def shares(self, task: Task, periods: Periods) -> Floats:
        """Shares as of the record's cut-off; the same in every period.

        Those of `PooledCounts` where the record is cut so early that there is too little data.
        """
        features = features_at(task, task.cutoff)
        shares = features.base
        model = self._grown(task)
        if model is not None:
            design = features.values
            if task.covariates is not None:
                places = task.covariates.values.astype(np.float32)
                design = np.concatenate([design, places], axis=1)
            raw = model.predict(design, raw_score=True, num_threads=1)
            farthest = np.log(_LARGEST_CORRECTION)
            shares = shares * np.exp(np.clip(raw, -farthest, farthest))
        return everywhen(shares / shares.sum(), periods)

    def _grown(self, task: Task) -> Any | None:
        """Trees as of the last date of learning, grown once, whoever asks; None with too little."""
        covered, covariates = task.record.covered, task.covariates
        date = refit_at(covered)
        places = None if covariates is None else covariates.digest
        asked = (type(self), task.category, task.cells.digest, places, task.begins, date)
        return task.record.memo.ask(
            (*asked, *self.get_params().values()), lambda: self._grow(task, date)
        )

    def _grow(self, task: Task, date: np.datetime64) -> Any | None:
        fortnights, incidents = _seen(task, date)
        if fortnights < _FEWEST_INSTANTS or incidents < _FEWEST_INCIDENTS:
            return None
        lightgbm = _lightgbm()
        training = Training.until(task, date)
        design = training.design
        if task.covariates is not None:
            places = task.covariates.values[training.by_place].astype(np.float32)
            design = np.concatenate([design, np.tile(places, (len(training), 1))], axis=1)
        settings = {
            "objective": "poisson",
            "boost_from_average": False,
            "learning_rate": self.learning_rate,
            "num_leaves": self.leaves,
            "min_data_in_leaf": max(_FEWEST_IN_LEAF, len(task.cells) // _CELLS_A_LEAF),
            "feature_fraction": 0.3,
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
        data = lightgbm.Dataset(
            design,
            label=training.rows(training.counts),
            init_score=np.log(training.rows(training.expected)),
            params=settings,
        )
        return lightgbm.train(settings, data, self.trees)


def _lightgbm() -> ModuleType:
    """Import it here: it takes longer than all of veedor, which often does without."""
    try:
        import lightgbm
    except OSError as error:
        raise StudyError(
            "The trees of PoissonTrees must find the library libgomp of the system.",
            found=str(error),
            remedy="install it (Debian: apt install libgomp1; Fedora: dnf install libgomp; macOS: "
            "brew install libomp), or leave PoissonTrees and Stack out of the study",
        ) from error
    module: ModuleType = lightgbm
    return module


def _seen(task: Task, date: np.datetime64) -> tuple[int, int]:
    """Fortnights that can be learned from until a date, and the incidents in them."""
    instants, record = training_instants(task.record.covered, date), PlaceRecord.of(task)
    if not instants:
        return 0, 0
    counts = record.fortnights(record.index_of(task.category), instants, date)
    return len(instants), int(counts.sum())
