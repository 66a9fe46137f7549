"""Random Fourier features of smooth surfaces, and penalised Poisson fits on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from veedor.arrays import Floats
from veedor.spacetime import Cells
from veedor.statistics.regression import Fit, gram, newton, penalised_step, poisson_regression

# Fractions of the plastic number: multiples of them fill the unit square evenly.
_STEP = np.array([0.7548776662466927, 0.5698402909980532])


@dataclass(frozen=True)
class RandomFeatures:
    r"""Features whose inner products are a Matern-3/2 kernel, nearly.

    .. math:: \varphi(x) = m^{-1/2} (\cos \omega_1 x, \dots, \cos \omega_m x,
              \sin \omega_1 x, \dots, \sin \omega_m x), \quad
              \varphi(x) \cdot \varphi(y) \approx k(|x - y|),

    :math:`k(d) = (1 + \sqrt 3 d / \ell) \exp(-\sqrt 3 d / \ell)`. Directions and lengths of the
    frequencies are taken from an evenly filling sequence with a random start, which is nearer to
    the kernel than independent draws.

    Parameters
    ----------
    frequencies : array, shape (m, 2)
        Radians per metre, east and north.

    References
    ----------
    Rahimi, A. & Recht, B. (2007). Random features for large-scale kernel machines. Advances in
    Neural Information Processing Systems 20.
    """

    frequencies: Floats

    @classmethod
    def matern(cls, length_scale_m: float, features: int, random_state: int) -> RandomFeatures:
        r"""Features of a Matern-3/2 kernel.

        Parameters
        ----------
        length_scale_m : float
            :math:`\ell` in metres, above 0: the kernel is 0.48 there.
        features : int
            Two for each frequency; an odd one is left out.
        random_state : int
            Seed of the sequence's start.

        Notes
        -----
        In the plane the spectral density is a Student t with 3 degrees of freedom, so that a
        frequency is longer than r with probability :math:`(1 + r^2 \ell^2 / 3)^{-3/2}`.
        """
        start = np.random.default_rng(random_state).random(2)
        u, v = ((start + np.arange(1, features // 2 + 1)[:, None] * _STEP) % 1.0).T
        length = np.sqrt(3.0) / length_scale_m * np.sqrt((1.0 - u) ** (-2.0 / 3.0) - 1.0)
        # A half turn is enough: a frequency and its opposite have the same cosine.
        angle = np.pi * v
        return cls(np.column_stack([length * np.cos(angle), length * np.sin(angle)]))

    def at(self, cells: Cells) -> Floats:
        """Features at the cells' centres, from the middle of the area, shape (cells, 2m)."""
        x_m = cells.x_m - (cells.x_m.min() + cells.x_m.max()) / 2.0
        y_m = cells.y_m - (cells.y_m.min() + cells.y_m.max()) / 2.0
        angle = np.outer(x_m, self.frequencies[:, 0]) + np.outer(y_m, self.frequencies[:, 1])
        waves = np.concatenate([np.cos(angle), np.sin(angle)], axis=1)
        features: Floats = waves / np.sqrt(len(self.frequencies))
        return features


def with_intercept(features: Floats) -> Floats:
    """Features after a column of ones."""
    return np.concatenate([np.ones((len(features), 1)), features], axis=1)


def fit_surface(
    design: Floats, amounts: Floats, ground: Floats, precision: float, start: Floats
) -> Fit:
    r"""Log density with the largest penalised Poisson likelihood.

    .. math:: \sum_c (n_c \eta_c - A_c e^{\eta_c}) - \frac{\tau}{2} \sum_{j > 0} \beta_j^2,
              \quad \eta = X \beta.

    Parameters
    ----------
    design : array, shape (cells, 1 + features)
        The first column is the intercept's, which no prior pulls.
    amounts : array, shape (cells,)
        Incidents n; their sum above 0.
    ground : array, shape (cells,)
        Ground A, above 0.
    precision : float
        :math:`\tau` of the Gaussian prior, above 0.
    start : array, shape (1 + features,)
    """
    flat = np.zeros(design.shape[1])
    flat[0] = np.log(amounts.sum() / ground.sum())
    # A start from another record, or one step's, may be worse than none.
    return poisson_regression(
        design, amounts, ground, _prior(design.shape[1], precision), (start, flat)
    )


def sketch_surface(
    design: Floats, amounts: Floats, ground: Floats, precisions: Sequence[float], near: Floats
) -> list[Floats]:
    """Coefficients after one weighted least-squares step, for each precision, for little work.

    Parameters
    ----------
    design, amounts, ground
        As for `fit_surface`.
    precisions : sequence of float
    near : array, shape (cells,)
        Expected incidents from which the step is made, above 0.
    """
    information = gram(design, near)
    target = design.T @ (near * np.log(near / ground) + amounts - near)
    columns = design.shape[1]
    return [
        penalised_step(information, _prior(columns, precision), target) for precision in precisions
    ]


@dataclass(frozen=True)
class Course:
    r"""How shares change with time: smooth surfaces times known functions of time.

    .. math:: p_{bc} \propto p_c \exp(\sum_k z_{bk} \, \varphi_c \cdot \beta_k)

    in block b, given each block's total: a multinomial regression with Gaussian priors.

    Parameters
    ----------
    counts : array, shape (blocks, cells)
    log_base : array, shape (cells,)
        Log of the long-run shares :math:`p_c`.
    times : array, shape (blocks, k)
        The functions of time z.
    features : array, shape (cells, m)
    """

    counts: Floats
    log_base: Floats
    times: Floats
    features: Floats

    def log_shares(self, coefficients: Floats, times: Floats) -> Floats:
        """Log shares at other times, shape (len(times), cells); coefficients are (k, m)."""
        eta = self.log_base + times @ (coefficients @ self.features.T)
        eta -= eta.max(axis=1, keepdims=True)
        log_shares: Floats = eta - np.log(np.exp(eta).sum(axis=1, keepdims=True))
        return log_shares

    def slope(self, coefficients: Floats) -> tuple[Floats, Floats]:
        """Gradient of the log likelihood, shape (k m,), and minus its Hessian."""
        totals = self.counts.sum(axis=1)
        shares = np.exp(self.log_shares(coefficients, self.times))
        expected = shares * totals[:, None]
        gradient = ((self.counts - expected).T @ self.times).T @ self.features
        k, m = coefficients.shape
        averages = shares @ self.features
        curvature = np.empty((k, m, k, m))
        for a in range(k):
            for b in range(a + 1):
                both = self.times[:, a] * self.times[:, b]
                block = (self.features * (both @ expected)[:, None]).T @ self.features
                block -= (averages * (both * totals)[:, None]).T @ averages
                curvature[a, :, b, :] = block
                curvature[b, :, a, :] = block.T
        return gradient.ravel(), curvature.reshape(k * m, k * m)

    def fit(self, deviations: Floats, start: Floats) -> Fit:
        """Coefficients, shape (k, m), with the largest penalised likelihood.

        Parameters
        ----------
        deviations : array, shape (k,)
            Prior standard deviation of each surface's coefficients; 0 leaves it out.
        start : array, shape (k, m)
        """
        active = deviations > 0.0
        beta = np.where(active[:, None], start, 0.0)
        if not active.all():
            if active.any():
                some = replace(self, times=self.times[:, active])
                found = some.fit(deviations[active], start[active])
                beta[active] = found.coefficients
                return Fit(beta, found.converged, found.iterations)
            return Fit(beta, True, 0)
        prior = np.repeat(deviations**-2.0, self.features.shape[1])

        def slope_at(flat: Floats) -> tuple[Floats, Floats]:
            gradient, curvature = self.slope(flat.reshape(beta.shape))
            gradient = gradient - prior * flat
            return gradient, penalised_step(curvature, prior, gradient)

        def value_at(flat: Floats) -> float:
            log_shares = self.log_shares(flat.reshape(beta.shape), self.times)
            return float(np.vdot(self.counts, log_shares) - 0.5 * prior @ flat**2)

        found = newton(value_at, slope_at, [beta.ravel()])
        return replace(found, coefficients=found.coefficients.reshape(beta.shape))

    def sketches(self, deviations: Sequence[tuple[float, ...]]) -> list[Floats]:
        """Coefficients after one Newton step from none, for each choice, for little work."""
        k, m = self.times.shape[1], self.features.shape[1]
        gradient, curvature = self.slope(np.zeros((k, m)))
        found = []
        for choice in deviations:
            sds = np.repeat(choice, m)
            on = sds > 0.0
            beta = np.zeros(k * m)
            beta[on] = penalised_step(curvature[np.ix_(on, on)], sds[on] ** -2.0, gradient[on])
            found.append(beta.reshape(k, m))
        return found


def _prior(columns: int, precision: float) -> Floats:
    prior = np.full(columns, precision)
    prior[0] = 0.0
    return prior
