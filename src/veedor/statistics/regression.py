"""Regression of counts: one Newton's method, with or without priors, for all that is fitted so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import linalg, special

from veedor.arrays import Floats, Ints

Family = Literal["poisson", "negative_binomial"]

#: Blocks that an interval of a coefficient needs.
FEWEST_BLOCKS = 8
_MOST_STEPS = 100
# What another step would still gain, in nats; far below any that matters.
_GAIN = 1e-9
# Rounding of a sum over all rows must not pass for a step that went too far.
_SLACK = 1e-12
_SMALLEST_STEP = 1e-10
_BLOCK = 1 << 14


@dataclass(frozen=True, eq=False)
class Fit:
    """Where a likelihood is largest.

    Parameters
    ----------
    coefficients : array, shape (p,)
    converged : bool
    iterations : int
        Steps of Newton's method.
    """

    coefficients: Floats
    converged: bool
    iterations: int


def newton(
    value_at: Callable[[Floats], float],
    slope_at: Callable[[Floats], tuple[Floats, Floats]],
    starts: Sequence[Floats],
    *,
    longest: Callable[[Floats, Floats], float] | None = None,
) -> Fit:
    r"""Climb a concave function by Newton's method, each step halved until it does not go down.

    It stops where the next step s would gain less than :math:`10^{-9}`, by the slope
    :math:`g^\top s`, and takes that step too, which squares the error that is left.

    Parameters
    ----------
    value_at : callable
        Value at a point, shape (p,); minus infinity where it overflows.
    slope_at : callable
        Gradient at a point, and the step that it asks for, both of shape (p,).
    starts : sequence of array, shape (p,)
        It begins at the one with the largest value, the first of these.
    longest : callable, optional
        Largest part of a step from a point that may be taken, for functions with an edge; 1 by
        default.

    References
    ----------
    Boyd, S. & Vandenberghe, L. (2004). Convex Optimization, section 9.5 (the Newton decrement).
    https://doi.org/10.1017/CBO9780511804441

    Examples
    --------
    The largest of x - exp(x) is at 0:

    >>> fit = newton(lambda x: float((x - np.exp(x)).sum()),
    ...     lambda x: (1.0 - np.exp(x), np.exp(-x) - 1.0), [np.array([2.0])])
    >>> fit.converged, abs(fit.coefficients.round(9)).tolist()
    (True, [0.0])
    """
    value, at = max(((value_at(start), start) for start in starts), key=itemgetter(0))
    for iteration in range(1, _MOST_STEPS + 1):
        gradient, step = slope_at(at)
        size = 1.0 if longest is None else min(1.0, longest(at, step))
        if gradient @ step < _GAIN:
            return Fit(at + size * step, True, iteration)
        new = value_at(at + size * step)
        while not new >= value - _SLACK * abs(value):
            size /= 2.0
            if size < _SMALLEST_STEP:
                return Fit(at, True, iteration)  # rounding is all that is left
            new = value_at(at + size * step)
        at, value = at + size * step, new
    return Fit(at, False, _MOST_STEPS)


def gram(design: Floats, weights: Floats) -> Floats:
    r"""Return :math:`X^\top W X`, shape (p, p)."""
    scaled = design * np.sqrt(weights)[:, None]
    found: Floats = scaled.T @ scaled
    return found


def penalised_step(information: Floats, precision: Floats, gradient: Floats) -> Floats:
    """Step of a likelihood with Gaussian priors around 0, shape (p,)."""
    step: Floats = linalg.solve(information + np.diag(precision), gradient, assume_a="pos")
    return step


def poisson_regression(
    design: npt.NDArray[np.floating],
    counts: Floats,
    expected: Floats,
    precision: Floats,
    starts: Sequence[Floats] = (),
    curvature: Literal["anew", "at the start"] = "anew",
) -> Fit:
    r"""Coefficients of a log-linear correction of expected counts.

    .. math:: \max_\beta \sum_i \left(y_i \eta_i - e_i \exp \eta_i\right)
              - \tfrac{1}{2} \sum_j \tau_j \beta_j^2, \qquad \eta = X \beta,

    by `newton`; the objective is concave, so where it converges is the one maximum.

    Parameters
    ----------
    design : array, shape (n, p)
        Of float32 too, which is worked on some rows at a time: large ones need half the memory.
    counts, expected : array, shape (n,)
        Recorded, and expected where every coefficient is 0; above 0.
    precision : array, shape (p,)
        1 / variance of each coefficient's Gaussian prior around 0; 0 for none.
    starts : sequence of array, shape (p,), optional
        See `newton`; every coefficient 0 by default.
    curvature : {"anew", "at the start"}
        Whether the information is worked out for each step, or once where every coefficient is 0:
        then the steps are several times cheaper and more, for corrections that are small.

    References
    ----------
    McCullagh, P. & Nelder, J. A. (1989). Generalized Linear Models, 2nd ed., chapter 2.
    https://doi.org/10.1201/9780203753736
    """
    known = _gram_of(design, expected) if curvature == "at the start" else None
    last: tuple[Floats, Floats] | None = None

    def linear_at(beta: Floats) -> Floats:
        nonlocal last
        if last is None or last[0] is not beta:
            last = beta, np.concatenate([block @ beta for block in _blocks(design)])
        return last[1]

    def mean_at(beta: Floats) -> Floats:
        with np.errstate(over="ignore"):
            mean: Floats = expected * np.exp(linear_at(beta))
        return mean

    def value_at(beta: Floats) -> float:
        return float(counts @ linear_at(beta) - mean_at(beta).sum() - 0.5 * precision @ beta**2)

    def slope_at(beta: Floats) -> tuple[Floats, Floats]:
        mean, gradient, at = mean_at(beta), -precision * beta, 0
        residual = counts - mean
        for block in _blocks(design):
            gradient += residual[at : at + len(block)] @ block
            at += len(block)
        information = _gram_of(design, mean) if known is None else known
        return gradient, penalised_step(information, precision, gradient)

    return newton(value_at, slope_at, starts or (np.zeros(design.shape[1]),))


def _blocks(design: npt.NDArray[np.floating]) -> Iterator[Floats]:
    """Rows of a design as float64, some at a time, where they are not."""
    each = len(design) if design.dtype == np.float64 else _BLOCK
    for start in range(0, len(design), max(each, 1)):
        yield design[start : start + each].astype(np.float64, copy=False)


def _gram_of(design: npt.NDArray[np.floating], weights: Floats) -> Floats:
    found, at = np.zeros((design.shape[1], design.shape[1])), 0
    for block in _blocks(design):
        found += gram(block, weights[at : at + len(block)])
        at += len(block)
    return found


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
    fit = _unpenalised(count, x, 0.0)
    alpha = 0.0
    if family == "negative_binomial":
        for _ in range(20):
            mean = np.exp(x @ fit.coefficients)
            excess = float(np.sum((count - mean) ** 2 - mean) / np.sum(mean**2))
            moved, alpha = abs(max(excess, 0.0) - alpha), max(excess, 0.0)
            fit = _unpenalised(count, x, alpha, fit.coefficients)
            if moved < 1e-8:
                break
    mean = np.exp(x @ fit.coefficients)
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
    return CountRegression(fit.coefficients / scale, covariance, alpha, number, fit.converged)


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
    mean: Floats = np.exp(_bounded(design @ _unpenalised(count, design, 0.0, start).coefficients))
    return mean


def _unpenalised(count: Floats, x: Floats, alpha: float, start: Floats | None = None) -> Fit:
    """Fit without priors: by scoring, with the least step where terms say the same."""
    if start is None:
        start = np.linalg.lstsq(x, np.log(count + max(count.mean(), 1e-9) * 0.5), rcond=None)[0]

    def value_at(beta: Floats) -> float:
        linear = _bounded(x @ beta)
        mean = np.exp(linear)
        if alpha <= 0.0:
            return float(np.sum(count * linear - mean))
        return float(np.sum(count * linear - (count + 1.0 / alpha) * np.log1p(alpha * mean)))

    def slope_at(beta: Floats) -> tuple[Floats, Floats]:
        mean = np.exp(_bounded(x @ beta))
        gradient = x.T @ ((count - mean) / (1.0 + alpha * mean))
        information = x.T @ ((mean / (1.0 + alpha * mean))[:, None] * x)
        return gradient, np.asarray(np.linalg.lstsq(information, gradient, rcond=None)[0])

    return newton(value_at, slope_at, [start])


def _bounded(linear: Floats) -> Floats:
    """Logarithm of a mean that does not overflow, however far a term runs."""
    bounded: Floats = np.clip(linear, -50.0, 50.0)
    return bounded


def square_blocks(x_m: Floats, y_m: Floats, size_m: float) -> Ints:
    """Number of the square of ground that each zone's middle lies in, shape (n,), from 0."""
    square = np.column_stack([np.floor(x_m / size_m), np.floor(y_m / size_m)])
    return np.unique(square, axis=0, return_inverse=True)[1].ravel().astype(np.int64)
