"""`Additive`: `PooledCounts`, corrected by what was recorded of late; every term can be read."""

from __future__ import annotations

import numpy as np

from veedor.arrays import Floats
from veedor.forecasters.allocation import AllocatingForecaster, everywhen
from veedor.forecasters.features import FeatureBuilder, Features, TrainingBlocks
from veedor.forecasters.task import Task
from veedor.spacetime import Periods
from veedor.statistics.regression import poisson_regression

# Precision of the Gaussian prior of every coefficient, of features in standard deviations: a
# coefficient is worth having when some thirty incidents speak for it.
_PRECISION = 30.0
_FLAT = 1e-6  # of the intercept
_FEWEST_BLOCKS = 3
_FARTHEST = 10.0


class Additive(AllocatingForecaster):
    r"""Long-run shares of `PooledCounts` times a log-linear correction for the recent past.

    .. math:: \log \text{share}_c = \log p_c + \beta^\top z_c + \text{const},

    where p are the shares of `PooledCounts` and z the features of `features.FeatureBuilder`, in
    standard deviations: recently recorded by expected, for every category, in the cell and in its
    surroundings. The coefficients are a Poisson regression on up to thirteen past blocks of 28
    days, each from features as of its beginning, with a Gaussian prior. They can be read one by
    one: `coefficients_` holds them by name.

    With fewer than three blocks (264 days of record) there is no correction.
    """

    looks_at_incidents = True

    def _learn_shares(self, task: Task) -> None:
        self.builder_ = FeatureBuilder.learn(task)
        blocks = TrainingBlocks.of(task, self.builder_)
        self.blocks_ = len(blocks.features)
        self.coefficients_: dict[str, float] = {}
        self.converged_ = True
        if self.blocks_ < _FEWEST_BLOCKS or not blocks.counts.any():
            return
        values = np.concatenate([one.values for one in blocks.features])
        self.centre_ = values.mean(axis=0)
        self.scale_ = np.maximum(values.std(axis=0), 1e-9)
        design = np.column_stack([(values - self.centre_) / self.scale_, np.ones(len(values))])
        fit = poisson_regression(
            design,
            blocks.counts.ravel(),
            blocks.expected.ravel(),
            np.append(np.full(values.shape[1], _PRECISION), _FLAT),
        )
        self.converged_ = fit.converged
        names = blocks.features[0].names
        self.coefficients_ = dict(zip(names, fit.coefficients[:-1].tolist(), strict=True))

    def shares(self, task: Task, periods: Periods) -> Floats:
        """Shares as of the record's cut-off; the same in every period."""
        features = self.builder_.now(task)
        shares = features.base * self._correction(features)
        return everywhen(shares / shares.sum(), periods)

    def _correction(self, features: Features) -> Floats:
        if not self.coefficients_:
            return np.ones(len(features.base))
        beta = np.array([*self.coefficients_.values()])
        eta = (features.values - self.centre_) / self.scale_ @ beta
        correction: Floats = np.exp(np.clip(eta, -_FARTHEST, _FARTHEST))
        return correction
