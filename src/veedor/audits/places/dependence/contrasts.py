"""Intervals of logarithms of ratios of sums over dependent zones, given who lives where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import special

from veedor.arrays import Floats
from veedor.audits.places.dependence.field import Covariances, likely_covariances
from veedor.audits.places.dependence.ground import FEWEST_LEFT, Ground, Products
from veedor.statistics.regression import CountRegression, poisson_mean

#: A zone that the mean follows so closely is not made to count for more.
_MOST_LEVERAGE = 0.8


@dataclass(frozen=True)
class Contrast:
    """How far one figure could be chance.

    Parameters
    ----------
    error : float
        Standard error of its logarithm; NaN where it cannot be told.
    effective : float
        Independent zones that it is worth.
    left : float
        Of these, what the fitted terms leave.
    """

    error: float
    effective: float
    left: float

    @property
    def tells(self) -> bool:
        """Whether at least 8 independent zones are left."""
        return bool(np.isfinite(self.error) and self.left >= FEWEST_LEFT)

    def reach(self, level: float) -> float:
        """Half of the interval of the logarithm, by Student's t; NaN where it cannot be told."""
        if not self.tells:
            return float("nan")
        return float(special.stdtrit(self.left, 0.5 + level / 2.0)) * self.error

    def about(self, value: float | None, level: float) -> tuple[float, float]:
        """Interval of a ratio about its value; NaN where it cannot be told."""
        return exponentiated(value, self.reach(level))


def exponentiated(value: float | None, reach: float) -> tuple[float, float]:
    """Ends that lie `reach` on either side of the logarithm of a value above 0."""
    if value is None or not value > 0.0 or not np.isfinite(reach):
        return float("nan"), float("nan")
    with np.errstate(over="ignore"):
        return float(value * np.exp(-reach)), float(value * np.exp(reach))


#: Of a figure of which nothing can be told.
NOTHING = Contrast(float("nan"), float("nan"), float("nan"))


@dataclass(frozen=True, eq=False)
class FittedMean:
    """Counts about what is expected of each zone, and how alike neighbours deviate from it.

    Parameters
    ----------
    ground : Ground
    count : array, shape (n,)
        At least 0.
    mean : array, shape (n,)
        Expected, above 0.
    design : array, shape (n, p)
        Terms of the logarithm of the mean.
    covariances : Covariances
        Of the relative deviations.
    """

    ground: Ground
    count: Floats
    mean: Floats
    design: Floats
    covariances: Covariances

    @classmethod
    def of(
        cls, ground: Ground, count: Floats, design: Floats, mean: Floats | None = None
    ) -> FittedMean | None:
        """Fit a log-linear mean by quasi-likelihood; None where nothing can be told.

        Parameters
        ----------
        ground : Ground
        count : array, shape (n,)
        design : array, shape (n, p)
            With a column of ones.
        mean : array, shape (n,), optional
            Where it is known already; `design` then says what was fitted.
        """
        if not ground.enough or not count.sum() > 0.0:
            return None
        fitted = poisson_mean(count, design) if mean is None else mean
        fitted = np.maximum(fitted, 1e-9 * fitted.mean())
        return cls(
            ground, count, fitted, design,
            likely_covariances(ground, count / fitted - 1.0, design),
        )  # fmt: skip

    @cached_property
    def rank(self) -> int:
        """Terms that the mean was fitted with."""
        return int(np.linalg.matrix_rank(self.design))

    @cached_property
    def leverage(self) -> Floats:
        """How closely the mean follows each zone, in [0, 1], shape (n,)."""
        root = self.design * np.sqrt(self.mean)[:, None]
        inverse = np.linalg.pinv(root.T @ root, rcond=1e-12, hermitian=True)
        found: Floats = np.einsum("ij,jk,ik->i", root, inverse, root)
        return found

    def contrasts(
        self, weights: Floats, zones: Floats | None = None, grounds: Sequence[Ground] = ()
    ) -> list[list[Contrast]]:
        r"""How far sums :math:`\sum_i d_i c_i` could be from those of the expected counts.

        The logarithm of a ratio of sums has, to first order, the error
        :math:`\sum_i d_i (c_i - m_i)` with known weights d = a/sum(a c) - b/sum(b c), so only the
        covariance of the predictions is needed. Its variance is the largest of four: zone by
        zone, with errors made larger by leverage (HC3); with the pairs of the fitted covariances;
        the same, with pairs that touch or share a cluster by their observed products; and with
        mean products by distance and direction (Clifford). A sum that is worth
        ``zones near / variance`` independent zones has Student's t with that less the fitted terms.

        Parameters
        ----------
        weights : array, shape (n, k)
            d, of k figures.
        zones : array, shape (k,), optional
            That each figure is about; all by default.
        grounds : sequence of Ground, optional
            The same zones, whose clusters may have anything in common; that of the fit by default.

        Returns
        -------
        list of list of Contrast
            Of each ground, of each figure.

        References
        ----------
        MacKinnon, J. G. & White, H. (1985). Some heteroskedasticity-consistent covariance matrix
        estimators with improved finite sample properties. Journal of Econometrics 29, 305-325.
        https://doi.org/10.1016/0304-4076(85)90158-7

        Clifford, P., Richardson, S. & Hemon, D. (1989). Assessing the significance of the
        correlation between two spatial processes. Biometrics 45, 123-134.
        https://doi.org/10.2307/2532039
        """
        n, k = len(self.count), weights.shape[1]
        deviation = self.count / self.mean - 1.0
        known = weights * self.mean[:, None]
        error = weights * (self.count - self.mean)[:, None]
        error /= np.maximum(1.0 - self.leverage, 1.0 - _MOST_LEVERAGE)[:, None]
        spread = deviation @ deviation / max(n - self.rank, 1)
        near = np.maximum((error**2).sum(axis=0), spread * (known**2).sum(axis=0))
        about = known - known.mean(axis=0), deviation - deviation.mean()
        products = self.ground.products(np.column_stack([known, *about]), exact=k)
        means = products.means
        clifford = 2.0 * products.pairs @ (means[:, k : 2 * k] * means[:, [2 * k]])
        sizes = np.full(k, float(n)) if zones is None else zones
        return [
            self._on(ground, known, error, near, products, clifford, sizes)
            for ground in grounds or (self.ground,)
        ]

    def _on(
        self, ground: Ground, known: Floats, error: Floats, near: Floats, products: Products,
        clifford: Floats, sizes: Floats,
    ) -> list[Contrast]:  # fmt: skip
        """Take the largest variance of each figure over the pairs that a ground calls near."""
        first, second = ground.near
        apart = np.hypot(
            ground.x_m[first] - ground.x_m[second], ground.y_m[first] - ground.y_m[second]
        )
        touching = known[first] * known[second]
        observed = 2.0 * (error[first] * error[second]).sum(axis=0)
        modelled, none = self.covariances, np.zeros(len(sizes))
        far, swapped = none.copy(), none.copy()
        for shape in np.unique(modelled.shape):
            of = ground.shapes[shape]
            form = 2.0 * (of.at(products.distance_m) @ products.by_distance)
            close = 2.0 * (of.at(apart) @ touching)
            for at in np.flatnonzero(modelled.shape == shape):
                weight, shared = modelled.weight[at], modelled.shared[at]
                far += weight * np.maximum(shared * form, -0.5 * near)
                swapped += weight * shared * close
        variance = near + np.max([none, far, far - swapped + observed, clifford], axis=0)
        made, units = [], ground.units
        for one, alone, size in zip(variance, near, sizes, strict=True):
            if not (ground.enough and np.isfinite(one) and one > 1e-18):
                made.append(NOTHING)
                continue
            # In this order, so that zones that are worth themselves are worth exactly so many.
            effective = min(float(size * (alone / one)), float(units))
            inflated = one * units / max(units - self.rank, 1)
            made.append(Contrast(float(np.sqrt(inflated)), effective, effective - self.rank))
        return made


def coefficient_chance(
    fit: CountRegression, count: Floats, design: Floats, place: int, ground: Ground
) -> Contrast:
    r"""How far a coefficient of a log-linear regression could be chance.

    To first order its error is a sum of those of the counts, with the weights
    :math:`(X^T W X)^{-1} x_i / (1 + \alpha m_i)` where W is m / (1 + alpha m).

    Parameters
    ----------
    fit : CountRegression
    count : array, shape (n,)
    design : array, shape (n, p)
    place : int
        Of the coefficient.
    ground : Ground
    """
    mean = np.exp(np.clip(design @ fit.coefficients, -50.0, 50.0))
    fitted = FittedMean.of(ground, count, design, mean)
    if fitted is None or not fit.converged:
        return NOTHING
    shrunk = 1.0 / (1.0 + fit.dispersion * mean)
    information = design.T @ (design * (mean * shrunk)[:, None])
    weights = (design @ np.linalg.pinv(information, hermitian=True)[:, [place]]) * shrunk[:, None]
    return fitted.contrasts(weights)[0][0]
