"""Regression of counts with errors that let neighbours share what the model leaves out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Family = Literal["poisson", "negative_binomial"]

_STEPS = 100
FEWEST_BLOCKS = 8


@dataclass(frozen=True, eq=False)
class CountRegression:
    """A fitted log-linear model of counts.

    Parameters
    ----------
    coefficients : array, shape (k,)
    covariance : array, shape (k, k)
        By leaving out block by block.
    dispersion : float
        alpha in variance = mean + alpha mean^2; 0 for Poisson.
    blocks : int
    converged : bool
    """

    coefficients: Floats
    covariance: Floats
    dispersion: float
    blocks: int
    converged: bool

    def interval(self, place: int, level: float = 0.95) -> tuple[float, float]:
        """Interval of one coefficient, by Student's t with blocks - 1 degrees of freedom.

        NaN with fewer than 8 blocks, or where the fit did not converge.
        """
        error = float(np.sqrt(max(self.covariance[place, place], 0.0)))
        if self.blocks < FEWEST_BLOCKS or not self.converged or not np.isfinite(error):
            return float("nan"), float("nan")
        reach = float(special.stdtrit(self.blocks - 1, 0.5 + level / 2.0)) * error
        centre = float(self.coefficients[place])
        return centre - reach, centre + reach


def fit_counts(
    count: Floats, design: Floats, blocks: Ints, family: Family = "poisson"
) -> CountRegression:
    r"""Fit :math:`E(c_i) = \exp(x_i \beta)`.

    Parameters
    ----------
    count : array, shape (n,)
        At least 0; need not be whole: the Poisson score only asks that the mean be right.
    design : array, shape (n, k)
        With a column of ones.
    blocks : array of int, shape (n,)
        Block of ground of each zone, from 0: within one, errors may have anything in common.
    family : {"poisson", "negative_binomial"}
        The variance that weighs zones; for the second, alpha is by moments.

    Returns
    -------
    CountRegression
        The covariance is the jackknife over blocks (CR3), by one step from the full fit: with
        scores U_b and information A, A_b of all zones and of block b, the estimate without b is
        off by :math:`(A - A_b)^{-1} U_b`. Right whatever the variance is, if blocks are
        independent; it errs to the safe side with few.

    References
    ----------
    Gourieroux, C., Monfort, A. & Trognon, A. (1984). Pseudo maximum likelihood methods:
    applications to Poisson models. Econometrica 52, 701-720. https://doi.org/10.2307/1913472

    MacKinnon, J. G., Nielsen, M. O. & Webb, M. D. (2023). Cluster-robust inference: a guide to
    empirical practice. Journal of Econometrics 232, 272-299.
    https://doi.org/10.1016/j.jeconom.2022.04.001

    Examples
    --------
    >>> count, ones = np.array([2.0, 4.0, 8.0, 16.0]), np.ones(4)
    >>> fit = fit_counts(count, np.column_stack([ones, np.arange(4.0)]), np.arange(4))
    >>> np.exp(fit.coefficients).round(6)
    array([2., 2.])
    """
    scale = np.maximum(np.abs(design).max(axis=0), 1e-12)
    x = design / scale
    beta, converged = _solve(count, x, 0.0)
    alpha = 0.0
    if family == "negative_binomial":
        for _ in range(20):
            mean = np.exp(x @ beta)
            excess = float(np.sum((count - mean) ** 2 - mean) / np.sum(mean**2))
            moved, alpha = abs(max(excess, 0.0) - alpha), max(excess, 0.0)
            beta, converged = _solve(count, x, alpha, beta)
            if moved < 1e-8:
                break
    mean = np.exp(x @ beta)
    weight = mean / (1.0 + alpha * mean)
    residual = (count - mean) / (1.0 + alpha * mean)
    number = int(blocks.max()) + 1
    score = np.zeros((number, x.shape[1]))
    np.add.at(score, blocks, x * residual[:, None])
    part = np.zeros((number, x.shape[1], x.shape[1]))
    np.add.at(part, blocks, weight[:, None, None] * x[:, :, None] * x[:, None, :])
    try:
        off = np.linalg.solve(part.sum(axis=0) - part, score[:, :, None])[:, :, 0]
    except np.linalg.LinAlgError:
        off = np.full_like(score, np.nan)
    covariance = (number - 1) / number * (off.T @ off) / np.outer(scale, scale)
    return CountRegression(beta / scale, covariance, alpha, number, converged)


def _solve(count: Floats, x: Floats, alpha: float, start: Floats | None = None) -> tuple[
    Floats, bool
]:  # fmt: skip
    """Iteratively reweighted least squares; the step is halved where the fit would get worse."""
    beta = start
    if beta is None:
        beta = np.linalg.lstsq(x, np.log(count + max(count.mean(), 1e-9) * 0.5), rcond=None)[0]
    last = _deviance(count, x @ beta, alpha)
    for _ in range(_STEPS):
        mean = np.exp(np.clip(x @ beta, -50.0, 50.0))
        weight = mean / (1.0 + alpha * mean)
        gradient = x.T @ ((count - mean) / (1.0 + alpha * mean))
        information = x.T @ (weight[:, None] * x)
        step = np.linalg.lstsq(information, gradient, rcond=None)[0]
        for _ in range(30):
            now = _deviance(count, x @ (beta + step), alpha)
            if now <= last + 1e-9 * (abs(last) + 1.0):
                break
            step = step / 2.0
        beta = beta + step
        if abs(last - now) <= 1e-10 * (abs(now) + 1.0):
            return beta, True
        last = now
    return beta, False


def _deviance(count: Floats, linear: Floats, alpha: float) -> float:
    """Minus the log likelihood, up to what does not depend on the mean."""
    linear = np.clip(linear, -50.0, 50.0)
    mean = np.exp(linear)
    if alpha <= 0.0:
        return float(np.sum(mean - count * linear))
    return float(np.sum((count + 1.0 / alpha) * np.log1p(alpha * mean) - count * linear))


def poisson_mean(count: Floats, design: Floats) -> Floats:
    """Mean of counts by a log-linear quasi-likelihood fit, shape (n,).

    Terms that say the same as others do not matter; the mean is the same.

    Parameters
    ----------
    count : array, shape (n,)
        At least 0, not all 0; need not be whole.
    design : array, shape (n, k)
        With a column of ones.
    """
    start = np.zeros(design.shape[1])
    start[0] = np.log(count.mean())
    beta, _ = _solve(count, design, 0.0, start)
    mean: Floats = np.exp(np.clip(design @ beta, -50.0, 50.0))
    return mean


def square_blocks(x_m: Floats, y_m: Floats, size_m: float) -> Ints:
    """Number of the square of ground that each zone's middle lies in, shape (n,), from 0."""
    square = np.column_stack([np.floor(x_m / size_m), np.floor(y_m / size_m)])
    return np.unique(square, axis=0, return_inverse=True)[1].ravel().astype(np.int64)
