"""Regression of a short series whose errors carry over: REML, integrated over how much they do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import optimize, special

from veedor.arrays import Floats

#: Autocorrelations at which the likelihood is taken: sines of as many angles, evenly apart.
NODES = 61
_CLOSE_ENOUGH = 1e-6
_MOST_ROUNDS = 100


@dataclass(frozen=True, eq=False)
class Mixture:
    r"""What is known of a number: Student's t's about several centres, each with its weight.

    Parameters
    ----------
    weight : array, shape (k,)
        At least 0; their sum is 1.
    centre, scale, freedom : array, shape (k,)
        Of each t distribution; scales above 0.

    Examples
    --------
    One component is Student's t itself:

    >>> one = Mixture(np.ones(1), np.array([2.0]), np.array([1.0]), np.array([10.0]))
    >>> [round(end, 4) for end in one.interval(0.95)], round(one.p_value(), 4)
    ([-0.2281, 4.2281], 0.0734)
    """

    weight: Floats
    centre: Floats
    scale: Floats
    freedom: Floats

    @property
    def mean(self) -> float:
        """Mean of the centres, by weight."""
        return float(self.weight @ self.centre)

    @property
    def error(self) -> float:
        """Standard error: spread within and between the components, without the t's own tails."""
        within = self.weight @ self.scale**2
        return float(np.sqrt(within + self.weight @ (self.centre - self.mean) ** 2))

    @property
    def degrees(self) -> float:
        """Degrees of freedom, the mean over the components."""
        return float(self.weight @ self.freedom)

    def below(self, value: float) -> float:
        """Probability of less than a value."""
        reached = special.stdtr(self.freedom, (value - self.centre) / self.scale)
        return float(self.weight @ reached)

    def quantile(self, share: float) -> float:
        """Value that a share lies below."""
        ends = self.centre + special.stdtrit(self.freedom, share) * self.scale
        low, high = float(ends.min()), float(ends.max())
        if high - low <= 1e-12 * max(abs(low), abs(high), 1e-300):
            return low
        return float(optimize.brentq(lambda at: self.below(at) - share, low, high, xtol=1e-12))

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Interval with equal tails."""
        tail = (1.0 - level) / 2.0
        return self.quantile(tail), self.quantile(1.0 - tail)

    def p_value(self, value: float = 0.0) -> float:
        """Two-sided p-value of the number being so much."""
        low = self.below(value)
        return min(1.0, 2.0 * min(low, 1.0 - low))

    def detectable(self, size: float, power: float) -> float:
        """Smallest distance from 0 that a two-sided test of a size finds with a power.

        By the upper quantiles: that of ``1 - size / 2`` and that of `power`, added.
        """
        parts = [self.quantile(share) - self.mean for share in (1.0 - size / 2.0, power)]
        return float(sum(parts))

    def widened(self, variance: float, freedom: float) -> Mixture:
        """Return the same with an independent error added; degrees of freedom after Satterthwaite.

        References
        ----------
        Satterthwaite, F. E. (1946). An approximate distribution of estimates of variance
        components. Biometrics Bulletin 2, 110-114. https://doi.org/10.2307/3002019
        """
        if variance <= 0.0:
            return self
        own = self.scale**2
        degrees = (own + variance) ** 2 / (own**2 / self.freedom + variance**2 / freedom)
        return Mixture(self.weight, self.centre, np.sqrt(own + variance), degrees)


@dataclass(frozen=True, eq=False)
class AutocorrelatedFit:
    r"""A fitted regression with first-order autocorrelated errors.

    Parameters
    ----------
    autocorrelation : array, shape (k,)
    weight : array, shape (k,)
        Of each autocorrelation: its restricted likelihood times the prior; their sum is 1.
    coefficients : array, shape (k, p)
    covariance : array, shape (k, p, p)
    freedom : int
        n - p.
    likeliest : int
        At which autocorrelation the restricted likelihood is largest: REML itself.
    """

    autocorrelation: Floats
    weight: Floats
    coefficients: Floats
    covariance: Floats
    freedom: int
    likeliest: int

    def of(self, contrast: Floats) -> Mixture:
        """What is known of a weighted sum of the coefficients, shape (p,) the weights."""
        return self._at(contrast, slice(None))

    def by_reml(self, contrast: Floats) -> Mixture:
        """The same as if the likeliest autocorrelation were the true one."""
        return self._at(contrast, slice(self.likeliest, self.likeliest + 1))

    @property
    def reml(self) -> float:
        """Autocorrelation of the largest restricted likelihood, of those that were tried."""
        return float(self.autocorrelation[self.likeliest])

    @property
    def carried(self) -> float:
        """Autocorrelation, the mean by weight."""
        return float(self.weight @ self.autocorrelation)

    def _at(self, contrast: Floats, which: slice) -> Mixture:
        weight = self.weight[which]
        variance = np.einsum("i,kij,j->k", contrast, self.covariance[which], contrast)
        return Mixture(
            weight / weight.sum(),
            self.coefficients[which] @ contrast,
            np.sqrt(np.maximum(variance, 1e-300)),
            np.full(len(weight), float(self.freedom)),
        )


@dataclass(frozen=True, eq=False)
class AutocorrelatedDesign:
    r"""A design whose errors at times t and u have the correlation :math:`\rho^{|t - u|}`.

    Parameters
    ----------
    design : array, shape (n, p)
        Of full rank, n > p.
    times : array, shape (n,)
        Whole numbers, increasing; a gap is a longer step, not a missing row.

    Raises
    ------
    ValueError
        If the design is not of full rank, or has no more rows than columns.

    Notes
    -----
    For each of 61 autocorrelations the coefficients are those of generalised least squares, and
    the restricted likelihood

    .. math:: |V_\rho|^{-1/2}\,|X^\top V_\rho^{-1} X|^{-1/2}\,
              (r^\top V_\rho^{-1} r)^{-(n - p)/2}

    is their weight, times the prior :math:`1/\sqrt{1 - \rho^2}`, which is flat over
    :math:`\arcsin\rho`. A coefficient is then known by the mixture of the t distributions that it
    has given each: what a short series cannot tell of its autocorrelation widens the interval.
    Putting in the likeliest value alone (REML, as it is usually done) does not: for 17 + 13 periods
    its tests at 5% are wrong in 9 to 15% of series.

    References
    ----------
    Turner, S. L., Forbes, A. B., Karahalios, A., Taljaard, M. & McKenzie, J. E. (2021). Evaluation
    of statistical methods used in the analysis of interrupted time series studies: a simulation
    study. BMC Medical Research Methodology 21, 181. https://doi.org/10.1186/s12874-021-01364-0

    Harville, D. A. (1974). Bayesian inference for variance components using only error contrasts.
    Biometrika 61, 383-385. https://doi.org/10.1093/biomet/61.2.383

    Examples
    --------
    A straight line is found again, with errors that are next to nothing:

    >>> design = np.column_stack([np.ones(12), np.arange(12.0)])
    >>> noise = 1e-3 * np.tile([1.0, 0.0, -1.0], 4)
    >>> fit = AutocorrelatedDesign(design, np.arange(12)).fit(design @ [3.0, 0.5] + noise)
    >>> round(fit.of(np.array([0.0, 1.0])).mean, 3)
    0.5
    """

    design: Floats
    times: Floats

    def __post_init__(self) -> None:
        n, p = self.design.shape
        if n <= p or int(np.linalg.matrix_rank(self.design)) < p:
            raise ValueError(f"a design of rank {p} with more than {p} rows, not {n}")

    @cached_property
    def autocorrelation(self) -> Floats:
        """Autocorrelations that are tried, shape (k,)."""
        return tried_autocorrelations()

    def fit(self, values: Floats) -> AutocorrelatedFit:
        """Fit to one series, shape (n,)."""
        n, p = self.design.shape
        whitened, orthogonal, triangle, log_size = self._factors
        z = whitened @ values
        part = np.einsum("knp,kn->kp", orthogonal, z)
        left = np.maximum((z**2).sum(axis=1) - (part**2).sum(axis=1), 1e-300)
        coefficients = np.linalg.solve(triangle, part[:, :, None])[:, :, 0]
        inverse = np.linalg.inv(triangle)
        covariance = (left / (n - p))[:, None, None] * (inverse @ inverse.transpose(0, 2, 1))
        likelihood = log_size - 0.5 * (n - p) * np.log(left)
        weight = np.exp(likelihood - likelihood.max())
        return AutocorrelatedFit(
            self.autocorrelation, weight / weight.sum(), coefficients, covariance, n - p,
            int(likelihood.argmax()),
        )  # fmt: skip

    def moments(self, values: Floats, contrast: Floats) -> tuple[Floats, Floats]:
        """Mean and variance of a weighted sum of the coefficients, for many series at once.

        Parameters
        ----------
        values : array, shape (m, n)
        contrast : array, shape (p,)

        Returns
        -------
        tuple of array, shape (m,)
            The mean and the squared error of `Mixture`.
        """
        n, p = self.design.shape
        whitened, orthogonal, triangle, log_size = self._factors
        z = np.einsum("kij,mj->kmi", whitened, values)
        part = np.einsum("kip,kmi->kmp", orthogonal, z)
        left = np.maximum((z**2).sum(axis=2) - (part**2).sum(axis=2), 1e-300)
        across = np.linalg.solve(triangle.transpose(0, 2, 1), contrast[None, :, None])[:, :, 0]
        centre = np.einsum("kp,kmp->km", across, part)
        variance = left / (n - p) * (across**2).sum(axis=1)[:, None]
        likelihood = log_size[:, None] - 0.5 * (n - p) * np.log(left)
        weight = np.exp(likelihood - likelihood.max(axis=0))
        weight /= weight.sum(axis=0)
        mean = (weight * centre).sum(axis=0)
        return mean, (weight * (variance + (centre - mean) ** 2)).sum(axis=0)

    @cached_property
    def _factors(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Whitening, its QR of the design, and what the likelihood has but the residuals."""
        root = np.linalg.cholesky(correlation(self.autocorrelation, self.times))
        whitening = np.linalg.inv(root)
        orthogonal, triangle = np.linalg.qr(whitening @ self.design)
        log_size = -sum(
            np.log(np.abs(np.diagonal(part, axis1=1, axis2=2))).sum(axis=1)
            for part in (root, triangle)
        )
        return whitening, orthogonal, triangle, np.asarray(log_size)


def tried_autocorrelations(nodes: int = NODES) -> Floats:
    """Sines of angles in (-90, 90) degrees, evenly apart.

    >>> tried_autocorrelations(3).round(4).tolist()
    [-0.866, 0.0, 0.866]
    """
    angles: Floats = np.pi * ((np.arange(nodes) + 0.5) / nodes - 0.5)
    return np.sin(angles)


def correlation(autocorrelation: Floats, times: Floats) -> Floats:
    """Correlations of errors at whole times, for each autocorrelation, shape (k, n, n).

    >>> correlation(np.array([-0.5]), np.array([0.0, 1.0, 3.0]))[0].tolist()
    [[1.0, -0.5, -0.125], [-0.5, 1.0, 0.25], [-0.125, 0.25, 1.0]]
    """
    apart = np.abs(times[:, None] - times[None, :])
    found: Floats = np.power(autocorrelation[:, None, None], apart[None])
    return found


@dataclass(frozen=True, eq=False)
class PlainFit:
    """Least squares: coefficients, their covariance, and how residuals follow one another.

    Parameters
    ----------
    coefficients : array, shape (p,)
    covariance : array, shape (p, p)
    freedom : int
    autocorrelation : float
        That the errors were taken to have; 0 for ordinary least squares.
    durbin_watson : float
        Of the residuals: near 2 where they do not follow one another, near 0 where each is like
        the last.
    """

    coefficients: Floats
    covariance: Floats
    freedom: int
    autocorrelation: float
    durbin_watson: float

    def of(self, contrast: Floats) -> Mixture:
        """What is known of a weighted sum of the coefficients."""
        variance = max(float(contrast @ self.covariance @ contrast), 1e-300)
        one = np.ones(1)
        return Mixture(
            one, one * float(contrast @ self.coefficients), one * np.sqrt(variance),
            one * self.freedom,
        )  # fmt: skip


def least_squares(design: Floats, values: Floats) -> PlainFit:
    r"""Ordinary least squares.

    Durbin and Watson's statistic is :math:`\sum_t (e_t - e_{t-1})^2 / \sum_t e_t^2`.

    References
    ----------
    Durbin, J. & Watson, G. S. (1950). Testing for serial correlation in least squares regression.
    Biometrika 37, 409-428. https://doi.org/10.1093/biomet/37.3-4.409

    Examples
    --------
    >>> fit = least_squares(np.ones((4, 1)), np.array([1.0, 3.0, 1.0, 3.0]))
    >>> fit.coefficients.tolist(), fit.durbin_watson
    ([2.0], 3.0)
    """
    return _weighted(design, values, np.eye(len(values)), 0.0)


def prais_winsten(design: Floats, values: Floats, times: Floats) -> PlainFit:
    r"""Generalised least squares with the autocorrelation of the residuals, till it stays.

    :math:`\hat\rho = \sum_t e_t e_{t-1} / \sum_t e_{t-1}^2` over neighbouring times; the first row
    is kept.

    Parameters
    ----------
    design : array, shape (n, p)
    values, times : array, shape (n,)
        See `AutocorrelatedDesign`.

    References
    ----------
    Prais, S. J. & Winsten, C. B. (1954). Trend estimators and serial correlation. Cowles Commission
    Discussion Paper 383.
    """
    beside = np.flatnonzero(np.diff(times) == 1.0)
    carried, fit = 0.0, least_squares(design, values)
    for _ in range(_MOST_ROUNDS):
        left = values - design @ fit.coefficients
        before = float((left[beside] ** 2).sum())
        found = float(left[beside] @ left[beside + 1]) / before if before > 0.0 else 0.0
        found = min(max(found, -0.99), 0.99)
        moved, carried = abs(found - carried), found
        root = np.linalg.cholesky(correlation(np.array([carried]), times)[0])
        fit = _weighted(design, values, root, carried)
        if moved < _CLOSE_ENOUGH:
            break
    return fit


def _weighted(design: Floats, values: Floats, root: Floats, carried: float) -> PlainFit:
    n, p = design.shape
    x, y = np.linalg.solve(root, design), np.linalg.solve(root, values)
    coefficients = np.linalg.lstsq(x, y, rcond=None)[0]
    left = values - design @ coefficients
    within = y - x @ coefficients
    covariance = float(within @ within) / (n - p) * np.linalg.inv(x.T @ x)
    square = float(left @ left)
    steps = float((np.diff(left) ** 2).sum())
    return PlainFit(
        coefficients, covariance, n - p, carried, steps / square if square > 0.0 else float("nan")
    )
