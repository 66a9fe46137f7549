"""`Additive`: `PooledCounts`, corrected by what was recorded of late; every term can be read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from veedor.arrays import Floats
from veedor.forecasters.allocation import RefittedForecaster, everywhen
from veedor.forecasters.features import Features, Training, features_at
from veedor.forecasters.refits import refit_at
from veedor.forecasters.task import Task
from veedor.spacetime import Periods
from veedor.statistics.regression import poisson_regression

# Precision of the Gaussian prior of every coefficient, of features in standard deviations: a
# coefficient is worth having when some hundred incidents speak for it.
_PRECISION = 100.0
_FLAT = 1e-6  # of the intercept
_FEWEST_INSTANTS = 6
_FARTHEST = 5.0


class Additive(RefittedForecaster):
    r"""Long-run shares of `PooledCounts` times a log-linear correction for the recent past.

    .. math:: \log \text{share}_c = \log p_c + \beta^\top z_c + \text{const},

    where p are the shares of `PooledCounts` and z the features of `features_at`, in standard
    deviations: recently recorded by expected, for every category, in the cell and in its
    surroundings, and how the incidents of the cell are spread over points. The coefficients are a
    Poisson regression on what was recorded in fortnights from 182 days into the record on, each
    from features as of its beginning, with a Gaussian prior of precision 100. They are fitted every
    28 days of the record and can be read one by one: `coefficients_` holds them by name.

    With fewer than six fortnights (280 days of record) there is no correction.
    """

    looks_at_incidents = True

    def _learn_shares(self, task: Task) -> None:
        found = _Correction.of(task)
        self.fortnights_ = found.fortnights
        self.coefficients_ = found.coefficients
        self.converged_ = found.converged

    def shares(self, task: Task, periods: Periods) -> Floats:
        """Shares as of the record's cut-off; the same in every period."""
        features = features_at(task, task.cutoff)
        shares = features.base * _Correction.of(task).at(features)
        return everywhen(shares / shares.sum(), periods)


@dataclass(frozen=True, eq=False)
class _Correction:
    """Coefficients of the features, in standard deviations from their means."""

    fortnights: int
    coefficients: dict[str, float]
    centre: Floats
    scale: Floats
    converged: bool

    @classmethod
    def of(cls, task: Task) -> _Correction:
        """Fit it to what was known at the last date of learning; once, whoever asks."""
        date = refit_at(task.record.covered)
        asked = (cls, task.category, task.cells.digest, task.begins, date)
        return task.record.memo.ask(asked, lambda: cls.fit(Training.until(task, date)))

    @classmethod
    def fit(cls, training: Training) -> _Correction:
        nothing = np.zeros(0)
        if len(training) < _FEWEST_INSTANTS:
            return cls(len(training), {}, nothing, nothing, True)
        design = training.design
        centre = design.mean(axis=0, dtype=np.float64)
        design -= centre.astype(np.float32)
        scale = np.maximum(np.sqrt(np.mean(np.square(design), axis=0, dtype=np.float64)), 1e-9)
        design /= scale.astype(np.float32)
        fit = poisson_regression(
            np.column_stack([design, np.ones(len(design), np.float32)]),
            training.rows(training.counts),
            training.rows(training.expected),
            np.append(np.full(design.shape[1], _PRECISION), _FLAT),
            curvature="at the start",
        )
        names = training.features[0].names
        coefficients = dict(zip(names, fit.coefficients[:-1].tolist(), strict=True))
        return cls(len(training), coefficients, centre, scale, fit.converged)

    def at(self, features: Features) -> Floats:
        """Return what the shares of `PooledCounts` are multiplied by, shape (cells,)."""
        if not self.coefficients:
            return np.ones(len(features.base))
        beta = np.array([*self.coefficients.values()])
        eta = (features.values - self.centre) / self.scale @ beta
        correction: Floats = np.exp(np.clip(eta, -_FARTHEST, _FARTHEST))
        return correction
