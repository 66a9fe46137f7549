"""`PoissonTrees`: boosted trees that correct `PooledCounts`."""

from __future__ import annotations

import numpy as np

from veedor.arrays import Floats, Ints
from veedor.errors import TooLittleDataError, phrase
from veedor.forecasters.allocation import AllocatingForecaster
from veedor.forecasters.calendars import holiday_share, turn_of_year
from veedor.forecasters.features import (
    BLOCK,
    BLOCK_DAYS,
    FIRST_DAYS,
    FeatureBuilder,
    TrainingBlocks,
    block_starts,
)
from veedor.forecasters.place_record import PlaceRecord
from veedor.forecasters.task import Task
from veedor.spacetime import Periods

_FEWEST_BLOCKS, _FEWEST_INCIDENTS = 6, 200
# A whole year of blocks: with less, a season would be told from a trend by nothing.
_SEASON_BLOCKS = 13
_LARGEST_CORRECTION = 20.0
#: Of trees and of leaves: what ends.
_MOST = 10_000
_MIN_PLACES, _PLACES_A_LEAF = 20, 400
_LEVELS = np.linspace(0.0, 1.0, 129)[1:-1]


class PoissonTrees(AllocatingForecaster):
    r"""Long-run shares of `PooledCounts` times a correction by gradient-boosted Poisson trees.

    The trees are fitted to up to thirteen past blocks of 28 days. For cell c and block b, with
    :math:`m_{cb}` expected at the block's recorded total by shares as of its beginning, the
    target is :math:`y_{cb} / m_{cb}` with weight :math:`m_{cb}`, which is Poisson regression with
    offset :math:`\log m_{cb}`: where the trees find nothing, the shares stay as they were.

    Features, all as of the beginning of the block, are those of `features.FeatureBuilder` (the
    cell's and its surroundings' recent past at three half-lives, long-run densities of every
    reported category, kernel histories at three widths), the season and the share of public
    holidays once there is a year of blocks, and the place covariates of the study if it has any.
    Blocks of four weeks are used whatever the length of the periods: trained on single days, trees
    do worse, as there is less to see in each.

    Parameters
    ----------
    trees : int
    learning_rate : float
        In (0, 1].
    leaves : int
        Most leaves of a tree, at least 2.
    random_state : int
        Seed: each split looks at a random 3 in 10 of the features.

    Raises
    ------
    TooLittleDataError
        At `fit`, with fewer than six blocks (348 days of record) or 200 incidents in them.

    References
    ----------
    Friedman, J. H. (2001). Greedy function approximation: a gradient boosting machine. Annals of
    Statistics 29, 1189-1232. https://doi.org/10.1214/aos/1013203451
    """

    looks_at_incidents = True

    def __init__(
        self,
        trees: int = 70,
        learning_rate: float = 0.1,
        leaves: int = 8,
        random_state: int = 0,
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
            "random_state", phrase("at least 0, below 2^32"), 0 <= self.random_state < 2**32
        )

    def _learn_shares(self, task: Task) -> None:
        # Imported here: it takes longer than all of veedor, which often does without.
        from sklearn.ensemble import HistGradientBoostingRegressor

        self.incidents_ = self._require_blocks(task)
        self.builder_ = FeatureBuilder.learn(task)
        blocks = TrainingBlocks.of(task, self.builder_)
        self.blocks_ = len(blocks.features)
        self.seasonal_ = self.blocks_ >= _SEASON_BLOCKS
        design = np.concatenate(
            [
                self._design(one.values, task, self._block(task, start))
                for one, start in zip(blocks.features, blocks.starts, strict=True)
            ]
        )
        expected = blocks.expected.ravel()
        counts = blocks.counts.ravel()
        self.cuts_ = [_cuts(column) for column in design.T]
        order = _canonical_order(task, self.blocks_)
        self.model_ = HistGradientBoostingRegressor(
            loss="poisson",
            max_iter=self.trees,
            learning_rate=self.learning_rate,
            max_leaf_nodes=self.leaves,
            min_samples_leaf=max(_MIN_PLACES, min(300, len(design) // _PLACES_A_LEAF)),
            l2_regularization=5.0,
            max_features=0.3,
            early_stopping=False,
            random_state=self.random_state,
        )
        self.model_.fit(
            self._coded(design[order]),
            counts[order] / expected[order],
            sample_weight=expected[order],
        )

    def shares(self, task: Task, periods: Periods) -> Floats:
        """Shares as of the record's cut-off; the season of each four weeks enters if known."""
        features = self.builder_.now(task)
        block = BLOCK if self.seasonal_ else periods.edges[-1] - periods.edges[0]
        number = (periods.start - periods.edges[0]) // block
        rows = np.empty((len(periods), len(features.base)))
        for one in np.unique(number):
            mine = np.flatnonzero(number == one)
            edges = periods.edges[[mine[0], mine[-1] + 1]].copy()
            span = Periods(edges, periods.time_zone)
            shares = features.base * self._correction(features.values, task, span)
            rows[mine] = shares / shares.sum()
        return rows

    def _correction(self, values: Floats, task: Task, period: Periods) -> Floats:
        correction: Floats = self.model_.predict(self._coded(self._design(values, task, period)))
        return np.clip(correction, 1.0 / _LARGEST_CORRECTION, _LARGEST_CORRECTION)

    def _coded(self, design: Floats) -> Floats:
        """Number of the quantile step that each value lies in.

        scikit-learn would cut the values itself, but with weights takes ten times as long over it
        as over the trees; values that are few are not cut again.
        """
        coded = np.zeros(design.shape)
        for number, cuts in enumerate(self.cuts_):
            if len(cuts):  # scikit-learn takes no feature of which nothing is known
                column = design[:, number]
                steps = np.searchsorted(cuts, column, side="right")
                coded[:, number] = np.where(np.isnan(column), np.nan, steps)
        return coded

    def _design(self, values: Floats, task: Task, period: Periods) -> Floats:
        """Add what does not come from the record: the calendar and the place covariates."""
        parts = [values]
        if self.seasonal_:
            calendar = np.array([*turn_of_year(period), holiday_share(period, task.region)])
            parts.append(np.broadcast_to(calendar, (len(values), len(calendar))))
        if task.covariates is not None:
            parts.append(task.covariates.values)
        return np.concatenate(parts, axis=1)

    def _block(self, task: Task, start: np.datetime64) -> Periods:
        return Periods(np.array([start, start + BLOCK]), task.record.zone)

    def _require_blocks(self, task: Task) -> int:
        _ = task.periods  # not one whole period is another, more general, error
        starts, record = block_starts(task), PlaceRecord.of(task)
        found = phrase("blocks: {blocks}", blocks=len(starts))
        if len(starts) >= _FEWEST_BLOCKS:
            target = record.categories.index(task.category)
            incidents = int(record.between(starts[-1], task.cutoff)[target].sum())
            if incidents >= _FEWEST_INCIDENTS:
                return incidents
            found = phrase(
                "blocks: {blocks}; incidents of {category}: {incidents}",
                blocks=len(starts),
                category=task.category,
                incidents=incidents,
            )
        raise TooLittleDataError(
            phrase(
                "{name} needs at least {fewest_blocks} blocks of {block_days} days after the "
                "first {first_days} days, with {fewest_incidents} incidents in them.",
                name=type(self).__name__,
                fewest_blocks=_FEWEST_BLOCKS,
                block_days=BLOCK_DAYS,
                first_days=FIRST_DAYS,
                fewest_incidents=_FEWEST_INCIDENTS,
            ),
            found=found,
            where=phrase("category {category}", category=task.category),
            remedy="use a longer record, or go on without it",
        )


def _cuts(column: Floats) -> Floats:
    """Quantiles of what is known of a feature; none where nothing is."""
    known = column[~np.isnan(column)]
    return np.unique(np.quantile(known, _LEVELS)) if len(known) else known


def _canonical_order(task: Task, blocks: int) -> Ints:
    """Rows of the design in an order that does not depend on the order of the cells.

    Sums over rows in another order differ in their last digit, which can turn a split.
    """
    cells = task.cells
    by_place = np.lexsort((cells.x_m, cells.y_m))
    return (np.arange(blocks)[:, None] * len(cells) + by_place).ravel()
