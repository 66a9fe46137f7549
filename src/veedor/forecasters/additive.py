"""`Additive`: `PooledCounts`, corrected by what was recorded of late; every term can be read."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from veedor.forecasters.allocation import AllocatingForecaster, Floats, everywhen
from veedor.forecasters.features import FeatureBuilder, Features, TrainingBlocks
from veedor.forecasters.history import History
from veedor.spacetime import Periods

# Precision of the Gaussian prior of every coefficient, of features in standard deviations: a
# coefficient is worth having when some thirty incidents speak for it.
_PRECISION = 30.0
_FEWEST_BLOCKS = 3
_MOST_STEPS = 100
_TOLERANCE = 1e-9
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

    def _learn_shares(self, history: History) -> None:
        self.builder_ = FeatureBuilder.learn(history)
        blocks = TrainingBlocks.of(history, self.builder_)
        self.blocks_ = len(blocks.features)
        self.coefficients_: dict[str, float] = {}
        self.converged_ = True
        if self.blocks_ < _FEWEST_BLOCKS or not blocks.counts.any():
            return
        values = np.concatenate([one.values for one in blocks.features])
        self.centre_ = values.mean(axis=0)
        self.scale_ = np.maximum(values.std(axis=0), 1e-9)
        beta, self.converged_ = _poisson_regression(
            (values - self.centre_) / self.scale_, blocks.counts.ravel(), blocks.expected.ravel()
        )
        names = blocks.features[0].names
        self.coefficients_ = dict(zip(names, beta.tolist(), strict=True))

    def shares(self, history: History, periods: Periods) -> Floats:
        """Shares as of the record's cut-off; the same in every period."""
        features = self.builder_.now(history)
        shares = features.base * self._correction(features)
        return everywhen(shares / shares.sum(), periods)

    def _correction(self, features: Features) -> Floats:
        if not self.coefficients_:
            return np.ones(len(features.base))
        beta = np.array([*self.coefficients_.values()])
        eta = (features.values - self.centre_) / self.scale_ @ beta
        correction: Floats = np.exp(np.clip(eta, -_FARTHEST, _FARTHEST))
        return correction


def _poisson_regression(
    design: Floats, counts: Floats, expected: Floats
) -> tuple[npt.NDArray[np.float64], bool]:
    """Coefficients of a log-linear correction of expected counts, with an intercept thrown away.

    Newton's method with halved steps; the objective is concave, so where it converges is the one
    maximum.
    """
    design = np.column_stack([design, np.ones(len(design))])
    precision = np.append(np.full(design.shape[1] - 1, _PRECISION), 1e-6)
    beta = np.zeros(design.shape[1])
    mean = expected
    objective = -float(mean.sum())
    for _ in range(_MOST_STEPS):
        gradient = design.T @ (counts - mean) - precision * beta
        curvature = (design.T * mean) @ design + np.diag(precision)
        step = np.linalg.solve(curvature, gradient)
        size, value, new = 1.0, -np.inf, beta
        while size > 1e-8:
            new = beta + size * step
            eta = np.clip(design @ new, -_FARTHEST, _FARTHEST)
            mean = expected * np.exp(eta)
            value = float(counts @ eta - mean.sum() - 0.5 * precision @ new**2)
            if value >= objective:
                break
            size /= 2.0
        gained, beta, objective = value - objective, new, value
        if gained < _TOLERANCE * max(1.0, abs(objective)):
            return beta[:-1], True
    return beta[:-1], False
