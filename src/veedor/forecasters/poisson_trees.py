"""`PoissonTrees`: boosted trees that correct `PooledCounts`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from veedor.arrays import Floats
from veedor.errors import TooLittleDataError, phrase
from veedor.forecasters.allocation import RefittedForecaster, everywhen
from veedor.forecasters.dispersion import periods_held_back
from veedor.forecasters.features import features_at
from veedor.forecasters.lessons import Lesson
from veedor.forecasters.place_record import PlaceRecord
from veedor.forecasters.pooled_trees import FEWEST_INCIDENTS, FEWEST_INSTANTS, Boosted, PooledTrees
from veedor.forecasters.refits import FIRST, refit_at, training_instants
from veedor.forecasters.task import Task
from veedor.record import Points
from veedor.spacetime import Periods

#: Of trees and of leaves: what ends.
_MOST = 10_000
_DAY = np.timedelta64(1, "D")


class PoissonTrees(RefittedForecaster):
    r"""Long-run shares of `PooledCounts` times a correction by gradient-boosted Poisson trees.

    The trees are fitted to what was recorded, of every reported category, in fortnights from 182
    days into the record on. For cell c, fortnight b and category k, with :math:`m_{cbk}` expected
    at the recorded total by shares as of its beginning, it is a Poisson regression of
    :math:`y_{cbk}` with offset :math:`\log m_{cbk}`: where the trees find nothing, the shares stay
    as they were. They are grown anew every 28 days of the record, once for all categories.

    Features, all as of the beginning of the fortnight, are those of `features_at` that are of the
    category itself or of all together, how many incidents the category has, and the place
    covariates of the study if it has any. Fortnights are used whatever the length of the periods:
    trained on single days, trees do worse, as there is less to see in each. A leaf holds at least 3
    rows for 8 cells, in which 150 incidents are expected: in a small record trees find little.

    Parameters
    ----------
    trees : int
    learning_rate : float
        In (0, 1].
    leaves : int
        Most leaves of a tree, at least 2.
    random_state : int
        Seed: each tree looks at a random 4 in 10 of the features and 7 in 10 of the rows.

    Raises
    ------
    TooLittleDataError
        At `fit`, with fewer than twelve fortnights (364 days of record) or 200 incidents of the
        category in them.

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
        trees: int = 100,
        learning_rate: float = 0.12,
        leaves: int = 32,
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

    def lessons(self, task: Task) -> Sequence[Lesson[Any]]:
        """Trees as of the last date of learning, and of those that the dispersion looks back to."""
        if not isinstance(task.record, Points):
            return ()
        covered, begun = task.record.covered, task.periods.start
        late = begun[len(begun) - periods_held_back(len(begun)) :]
        dates = {refit_at(covered), *(refit_at(covered, start) for start in late)}
        enough = [date for date in dates if _instants(task, date) >= FEWEST_INSTANTS]
        return [self._trees_at(date) for date in sorted(enough)]

    def _learn_shares(self, task: Task) -> None:
        _ = task.periods  # not one whole period is another, more general, error
        date = refit_at(task.record.covered)
        self.fortnights_, self.incidents_ = _instants(task, date), _incidents(task, date)
        if self.fortnights_ < FEWEST_INSTANTS or self.incidents_ < FEWEST_INCIDENTS:
            raise TooLittleDataError(
                phrase(
                    "{name} needs at least {fewest} fortnights after the first {first_days} days, "
                    "with {fewest_incidents} incidents in them.",
                    name=type(self).__name__,
                    fewest=FEWEST_INSTANTS,
                    first_days=FIRST // _DAY,
                    fewest_incidents=FEWEST_INCIDENTS,
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
        grown = self._grown(task)
        if grown is not None:
            shares = shares * grown.correction(task, features)
        return everywhen(shares / shares.sum(), periods)

    def _grown(self, task: Task) -> Boosted | None:
        """Trees as of the last date of learning; None with too little data."""
        date = refit_at(task.record.covered)
        if _instants(task, date) < FEWEST_INSTANTS or _incidents(task, date) < FEWEST_INCIDENTS:
            return None
        return self._trees_at(date).ask(task)

    def _trees_at(self, date: np.datetime64) -> PooledTrees:
        return PooledTrees(date, self.trees, self.learning_rate, self.leaves, self.random_state)


def _instants(task: Task, date: np.datetime64) -> int:
    """Count the fortnights that can be learned from until a date."""
    return len(training_instants(task.record.covered, date))


def _incidents(task: Task, date: np.datetime64) -> int:
    """Count the incidents of the category in them."""
    instants, record = training_instants(task.record.covered, date), PlaceRecord.of(task)
    if not instants:
        return 0
    return int(record.fortnights(record.index_of(task.category), instants, date).sum())
