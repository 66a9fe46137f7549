"""Priors for each cell's counts from its surroundings and from all other categories."""

from __future__ import annotations

from collections.abc import Iterator
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
class PooledPriors:
    r"""Gamma prior of each cell's count of each category, centred on a log-linear regression.

    For the category k, a cell of area a with n incidents of the N in all the A km2,

    .. math:: m = \frac{N a}{A} \exp(\beta_0 + \beta^\top x), \qquad
              \text{rate} \sim \text{Gamma}(\text{mean } m, \text{shape } \phi), \qquad
              E[\text{rate} \mid n] = \frac{\phi + n}{\phi / m + 1}.

    x are logarithms of densities, each relative to its own mean over the study area: of the
    category itself in the surroundings, without the cell; of every other category in the cell;
    and of all others together, in the cell and in its surroundings. :math:`\beta` and
    :math:`\phi` have the largest marginal (negative binomial) likelihood, with a standard
    Gaussian prior on :math:`\beta`. With one category only there is no regression: its surroundings
    alone are the prior, as in `Shrinkage`.

    Parameters
    ----------
    shrinkages : tuple of Shrinkage
        One a category: what its own counts and surroundings alone suggest.
    of_others : tuple of Shrinkage
        One a category: of all other categories together; none where there is one category.
    coefficients : tuple of array, shape (1 + features,)
        One a category.
    strengths : tuple of float
        Shapes phi: a large one trusts the prior, a small one the cell.
    converged : tuple of bool

    Notes
    -----
    O(cells x categories x (categories + widths)) for each step of the fit.

    References
    ----------
    Lawless, J. F. (1987). Negative binomial and mixed Poisson regression. Canadian Journal of
    Statistics 15, 209-225. https://doi.org/10.2307/3314912
    Clayton, D. & Kaldor, J. (1987). Empirical Bayes estimates of age-standardized relative risks
    for use in disease mapping. Biometrics 43, 671-681. https://doi.org/10.2307/2532003
    """

    shrinkages: tuple[Shrinkage, ...]
    of_others: tuple[Shrinkage, ...] = ()
    coefficients: tuple[Floats, ...] = ()
    strengths: tuple[float, ...] = ()
    converged: tuple[bool, ...] = ()

    @classmethod
    def of(cls, task: Task, instant: np.datetime64) -> PooledPriors:
        """Fit the priors to what was known at an instant; once, whoever asks."""
        return task.record.memo.ask(
            (cls, task.cells.digest, task.begins, instant),
            lambda: cls.fit(PlaceRecord.of(task).at(instant).amounts[0], task.smoother),
        )

    @classmethod
    def fit(cls, amounts: Floats, smoother: KernelSmoother) -> PooledPriors:
        """Fit the priors of all categories.

        Parameters
        ----------
        amounts : array, shape (categories, cells)
            Incidents; all 0 for a category without any.
        smoother : KernelSmoother
        """
        shrinkages = tuple(Shrinkage.fit(row, smoother) for row in amounts)
        if len(amounts) == 1:
            return cls(shrinkages)
        others = amounts.sum(axis=0) - amounts
        blank = cls(shrinkages, tuple(Shrinkage.fit(row, smoother) for row in others))
        found = [
            _regress(row, _exposure(row, smoother), design)
            for row, design in zip(amounts, blank._designs(amounts, smoother), strict=True)
        ]
        coefficients, strengths, converged = zip(*found, strict=True)
        return cls(shrinkages, blank.of_others, coefficients, strengths, converged)

    def shares(self, amounts: Floats, smoother: KernelSmoother) -> Floats:
        """Posterior means as shares of their sum, shape (categories, cells)."""
        if not self.of_others:
            return self.shrinkages[0].shares(amounts[0], smoother)[None]
        rows = []
        for number, design in enumerate(self._designs(amounts, smoother)):
            n, strength = amounts[number], self.strengths[number]
            log_rate = design @ self.coefficients[number]
            mean = _exposure(n, smoother) * np.exp(np.clip(log_rate, -_FARTHEST, _FARTHEST))
            posterior = (strength + n) / (strength / mean + 1.0)
            rows.append(posterior / posterior.sum())
        return np.stack(rows)

    def weight_of_others(self, category: int) -> float:
        """Sum of the coefficients of the other categories in the cell itself."""
        if not self.of_others:
            return 0.0
        coefficients = self.coefficients[category]
        last = len(coefficients) - len(_OTHERS_WIDTHS)
        return float(coefficients[last - len(self.shrinkages) : last].sum())

    def _designs(self, amounts: Floats, smoother: KernelSmoother) -> Iterator[Floats]:
        """Intercept and log relative densities of each category, shape (cells, 1 + features)."""
        others = amounts.sum(axis=0) - amounts
        own_widths = offered(_WIDTHS, smoother)
        others_widths = _padded(offered(_OTHERS_WIDTHS, smoother))
        near = _Surroundings(np.concatenate([amounts, others]), smoother)
        many = len(amounts)
        alone = [
            _log_relative(one.posterior(amounts[row], near.of(row, one.bandwidth_m)), smoother)
            for row, one in enumerate(self.shrinkages)
        ]
        for row in range(many):
            shrinkage = self.of_others[row]
            together = shrinkage.posterior(others[row], near.of(many + row, shrinkage.bandwidth_m))
            columns = [
                np.ones(amounts.shape[1]),
                *(_log_relative(near.of(row, width), smoother) for width in own_widths),
                *(alone[other] for other in range(many) if other != row),
                _log_relative(together, smoother),
                *(_log_relative(near.of(many + row, width), smoother) for width in others_widths),
            ]
            yield np.column_stack(columns)


class _Surroundings:
    """Surroundings of several amounts, each width made once for all of them."""

    def __init__(self, amounts: Floats, smoother: KernelSmoother) -> None:
        self._amounts, self._smoother = amounts, smoother
        self._made: dict[float, Floats] = {}

    def of(self, row: int, width_m: float) -> Floats:
        """Surroundings of one of the amounts, shape (cells,)."""
        if width_m not in self._made:
            self._made[width_m] = surroundings(self._amounts, self._smoother, width_m)
        found: Floats = self._made[width_m][row]
        return found


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
