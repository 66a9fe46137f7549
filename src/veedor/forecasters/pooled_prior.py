"""A prior for each cell's count from its surroundings and from all other categories."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from veedor.arrays import Floats
from veedor.forecasters.place_record import PlaceRecord
from veedor.forecasters.shrinkage import Shrinkage, best_strength, offered, surroundings
from veedor.forecasters.task import Task
from veedor.spacetime import KernelSmoother

# Surroundings are looked at in these widths, in cells; those of the other categories at two.
_WIDTHS = (1.0, 2.0, 4.0, 8.0)
_OTHERS_WIDTHS = (1.0, 4.0)
_PRECISION = 1.0  # of every coefficient's Gaussian prior around 0
_MOST_ROUNDS = 200
_TOLERANCE = 1e-7
_FARTHEST = 30.0  # bound of a log rate relative to the mean, against overflow


@dataclass(frozen=True, eq=False)
class PooledPrior:
    r"""Gamma prior of each cell's count, centred on a log-linear regression.

    For the category k, a cell of area a with n incidents of the N in all the A km2,

    .. math:: m = \frac{N a}{A} \exp(\beta_0 + \beta^\top x), \qquad
              \text{rate} \sim \text{Gamma}(\text{mean } m, \text{shape } \phi), \qquad
              E[\text{rate} \mid n] = \frac{\phi + n}{\phi / m + 1}.

    x are logarithms of densities, each relative to its own mean over the study area: of the
    category itself in the surroundings, without the cell; of every other category in the cell;
    and of all others together, in the cell and in its surroundings. :math:`\beta` and
    :math:`\phi` have the largest marginal (negative binomial) likelihood, with a standard
    Gaussian prior on :math:`\beta`.

    Parameters
    ----------
    shrinkages : tuple of Shrinkage
        One a category: what its own counts and surroundings alone suggest.
    shrinkage_of_others : Shrinkage or None
        Of all other categories together; None where there is no other.
    target : int
        Number of the category that is forecast.
    coefficients : array, shape (1 + features,)
    strength : float
        Shape phi: a large one trusts the prior, a small one the cell.
    converged : bool

    References
    ----------
    Lawless, J. F. (1987). Negative binomial and mixed Poisson regression. Canadian Journal of
    Statistics 15, 209-225. https://doi.org/10.2307/3314912
    Clayton, D. & Kaldor, J. (1987). Empirical Bayes estimates of age-standardized relative risks
    for use in disease mapping. Biometrics 43, 671-681. https://doi.org/10.2307/2532003
    """

    shrinkages: tuple[Shrinkage, ...]
    shrinkage_of_others: Shrinkage | None
    target: int
    coefficients: Floats
    strength: float
    converged: bool

    @classmethod
    def of(cls, task: Task, record: PlaceRecord, target: int) -> PooledPrior:
        """Fit the prior of a category to the whole record of a task; once, whoever asks.

        Parameters
        ----------
        task : Task
        record : PlaceRecord
            Of the task.
        target : int
            Number of the category in it; any, not only the task's own.
        """
        return task.record.memo.ask(
            (cls, target, task.cells.digest, *task.record.covered),
            lambda: cls.fit(record.discounted(task.cutoff), target, task.smoother),
        )

    @classmethod
    def fit(cls, amounts: Floats, target: int, smoother: KernelSmoother) -> PooledPrior:
        """Fit the prior of one category.

        Parameters
        ----------
        amounts : array, shape (categories, cells)
            Incidents; all 0 for a category without any.
        target : int
            Row of the category that is forecast.
        smoother : KernelSmoother
        """
        shrinkages = tuple(Shrinkage.fit(row, smoother) for row in amounts)
        others = np.delete(amounts, target, axis=0)
        of_others = Shrinkage.fit(others.sum(axis=0), smoother) if len(others) else None
        blank = cls(shrinkages, of_others, target, np.zeros(0), 1.0, False)
        design = blank._design(amounts, smoother)
        coefficients, strength, converged = _regress(
            amounts[target], _exposure(amounts[target], smoother), design
        )
        return cls(shrinkages, of_others, target, coefficients, strength, converged)

    def shares(self, amounts: Floats, smoother: KernelSmoother) -> Floats:
        """Posterior means as shares of their sum, shape (cells,)."""
        n = amounts[self.target]
        log_rate = self._design(amounts, smoother) @ self.coefficients
        mean = _exposure(n, smoother) * np.exp(np.clip(log_rate, -_FARTHEST, _FARTHEST))
        posterior = (self.strength + n) / (self.strength / mean + 1.0)
        shares: Floats = posterior / posterior.sum()
        return shares

    @property
    def weight_of_others(self) -> float:
        """Sum of the coefficients of the other categories in the cell itself."""
        if self.shrinkage_of_others is None:
            return 0.0
        last = len(self.coefficients) - len(_OTHERS_WIDTHS)
        return float(self.coefficients[last - len(self.shrinkages) : last].sum())

    def _design(self, amounts: Floats, smoother: KernelSmoother) -> Floats:
        """Intercept and log relative densities, shape (cells, 1 + features)."""
        n = amounts[self.target]
        columns = [np.ones(len(n))]
        for width in offered(_WIDTHS, smoother):
            columns.append(_log_relative(surroundings(n, smoother, width), smoother))
        if self.shrinkage_of_others is not None:
            for number, shrinkage in enumerate(self.shrinkages):
                if number != self.target:
                    columns.append(
                        _log_relative(shrinkage.shares(amounts[number], smoother), smoother)
                    )
            others = amounts.sum(axis=0) - n
            shares = self.shrinkage_of_others.shares(others, smoother)
            columns.append(_log_relative(shares, smoother))
            for width in _padded(offered(_OTHERS_WIDTHS, smoother)):
                columns.append(_log_relative(surroundings(others, smoother, width), smoother))
        return np.column_stack(columns)


def _padded(widths: list[float]) -> list[float]:
    """As many widths as were asked for, also where the widest could not be offered."""
    return widths + [widths[-1]] * (len(_OTHERS_WIDTHS) - len(widths))


def _exposure(amounts: Floats, smoother: KernelSmoother) -> Floats:
    """Incidents of each cell if all ground recorded alike; half an incident more in all."""
    exposure: Floats = (amounts.sum() + 0.5) * smoother.area_km2 / smoother.area_km2.sum()
    return exposure


def _log_relative(amounts: Floats, smoother: KernelSmoother) -> Floats:
    """Logarithm of a density relative to its mean over the study area."""
    area = smoother.area_km2
    log: Floats = np.log(amounts * area.sum() / (area * amounts.sum()))
    return log


def _regress(counts: Floats, exposure: Floats, design: Floats) -> tuple[Floats, float, bool]:
    """Negative binomial regression: Fisher scoring for the coefficients, search for the shape."""
    beta = np.zeros(design.shape[1])
    strength = 1.0
    for _ in range(_MOST_ROUNDS):
        mean = exposure * np.exp(np.clip(design @ beta, -_FARTHEST, _FARTHEST))
        new_strength, _ = best_strength(counts, mean)
        weight = mean * new_strength / (new_strength + mean)
        gradient = design.T @ (weight * (counts - mean) / mean) - _PRECISION * beta
        curvature = (design.T * weight) @ design + _PRECISION * np.eye(len(beta))
        step = np.linalg.solve(curvature, gradient)
        # Two log units of any rate at most, so that steps from far away do not overshoot.
        beta = beta + step * min(1.0, 2.0 / max(float(np.abs(design @ step).max()), 1e-12))
        settled = abs(np.log(new_strength / strength)) < 1e-3
        strength = new_strength
        if settled and float(np.abs(step).max()) < _TOLERANCE:
            return beta, strength, True
    return beta, strength, False
