"""Diebold-Mariano test of two forecasts' scores, period by period."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

from veedor.arrays import Floats
from veedor.errors import StudyError, phrase
from veedor.statistics.codes import Denominator, Hypothesis
from veedor.statistics.estimates import TestResult

_KERNELS = ("bartlett", "rectangular")
_FEWEST = 3
#: Alternative -> code of the test of its opposite.
_CODES = {
    "two-sided": "diebold_mariano",
    "better": "diebold_mariano_better",
    "worse": "diebold_mariano_worse",
}
_SOURCE = (
    "Diebold, F. X. & Mariano, R. S. (1995). Comparing predictive accuracy. Journal of Business & "
    "Economic Statistics 13, 253-263. https://doi.org/10.1080/07350015.1995.10524599; "
    "Harvey, D., Leybourne, S. & Newbold, P. (1997). Testing the equality of prediction mean "
    "squared errors. International Journal of Forecasting 13, 281-291. "
    "https://doi.org/10.1016/S0169-2070(96)00719-4"
)


def long_run_variance(series: Floats, lags: int, kernel: str = "bartlett") -> Floats:
    r"""Variance of the mean of an autocorrelated series, times its length (HAC).

    .. math:: \omega^2 = \gamma_0 + 2 \sum_{k=1}^{K} w_k \gamma_k, \quad
              \gamma_k = \frac1n \sum_t (d_t - \bar d)(d_{t-k} - \bar d),

    with :math:`w_k = 1 - k / (K + 1)` (Bartlett; never below 0) or 1 (rectangular; can be).

    Parameters
    ----------
    series : array, shape (..., n)
    lags : int
        K, from 0 to n - 1.
    kernel : {"bartlett", "rectangular"}

    Returns
    -------
    array, shape (...)

    References
    ----------
    Newey, W. K. & West, K. D. (1987). A simple, positive semi-definite, heteroskedasticity and
    autocorrelation consistent covariance matrix. Econometrica 55, 703-708.
    https://doi.org/10.2307/1913610

    Examples
    --------
    >>> long_run_variance(np.array([1.0, -1.0, 1.0, -1.0]), 0)
    array(1.)
    >>> long_run_variance(np.array([1.0, -1.0, 1.0, -1.0]), 1)  # 1 - 2 * 1/2 * 3/4
    array(0.25)
    """
    n = series.shape[-1]
    if kernel not in _KERNELS or not 0 <= lags < n:
        raise StudyError(
            "A long-run variance needs a kernel, and lags from 0 to fewer than the periods.",
            found=phrase(
                "kernel {kernel}, {lags} lags, {n} periods", kernel=repr(kernel), lags=lags, n=n
            ),
            remedy='use "bartlett" or "rectangular"',
        )
    centred = series - series.mean(axis=-1, keepdims=True)
    total = (centred**2).mean(axis=-1)
    for k in range(1, lags + 1):
        weight = 1.0 - k / (lags + 1.0) if kernel == "bartlett" else 1.0
        total = total + 2.0 * weight * (centred[..., k:] * centred[..., :-k]).sum(axis=-1) / n
    return np.asarray(total, dtype=np.float64)


def diebold_mariano(
    score: npt.ArrayLike,
    reference_score: npt.ArrayLike,
    *,
    horizon: int = 1,
    lags: int | None = None,
    kernel: str = "bartlett",
    alternative: str = "two-sided",
    implied: tuple[float, float] = (0.0, 0.0),
) -> TestResult:
    r"""Test whether two forecasts' expected scores are equal.

    With :math:`d_t` the reference's score minus the forecast's (smaller scores are better, so
    above 0 the forecast is),

    .. math:: DM = \frac{\bar d}{\sqrt{\omega^2 / n}}
              \sqrt{\frac{n + 1 - 2h + h(h - 1)/n}{n}}

    beside Student's t with n - 1 degrees of freedom; :math:`\omega^2` is `long_run_variance` and
    the second root the small-sample correction of Harvey, Leybourne & Newbold, with h - 1 the
    number of lags (and at least the horizon's).

    Parameters
    ----------
    score, reference_score : array, shape (periods,)
        Sums or means over all cells, in order of time, evenly spaced.
    horizon : int
        How many periods ahead; errors of h-step forecasts share up to h - 1 periods.
    lags : int, optional
        Of the autocovariance. By default ``horizon - 1`` for the rectangular kernel, as in the
        source; for Bartlett's at least that and :math:`\lfloor 4 (n / 100)^{2/9} \rfloor`.
    kernel : {"bartlett", "rectangular"}
    alternative : {"two-sided", "better", "worse"}
        Of the forecast, beside the reference.
    implied : (float, float)
        Standard errors of the mean difference if the reference were right, and if the forecast
        were: see `implied_score_errors`. Periods that were recorded are silent on losses too rare
        to be among them, so where the forecast looks better no p-value is smaller than the first
        gives, and where it looks worse, than the second. 0, as in the source: leave them out.

    Returns
    -------
    TestResult
        Its statistic is above 0 where the forecast is better. Undefined (None) with fewer than
        three periods or no more than the lags, and where the variance is not above 0: where all
        differences are equal, or the rectangular kernel gives a negative one.

    Raises
    ------
    StudyError
        If the two differ in length, hold something that is not a number, or a setting is unknown.

    References
    ----------
    Diebold, F. X. & Mariano, R. S. (1995). Comparing predictive accuracy. Journal of Business &
    Economic Statistics 13, 253-263. https://doi.org/10.1080/07350015.1995.10524599

    Harvey, D., Leybourne, S. & Newbold, P. (1997). Testing the equality of prediction mean squared
    errors. International Journal of Forecasting 13, 281-291.
    https://doi.org/10.1016/S0169-2070(96)00719-4

    Examples
    --------
    Differences 1, 2, 3 without lags: mean 2, sqrt(variance / n) sqrt(2)/3, correction sqrt(2/3).

    >>> found = diebold_mariano([1.0, 1.0, 1.0], [2.0, 3.0, 4.0], lags=0)
    >>> round(found.statistic, 4), round(found.p_value, 4)  # 2 sqrt(3)
    (3.4641, 0.0742)
    """
    difference = paired_differences(score, reference_score)
    n = len(difference)
    if alternative not in ("two-sided", "better", "worse") or kernel not in _KERNELS or horizon < 1:
        raise StudyError(
            "A Diebold-Mariano test needs a known alternative and kernel, and a horizon of 1 or "
            "more.",
            found=phrase(
                "alternative {alternative}, kernel {kernel}, horizon {horizon}",
                alternative=repr(alternative),
                kernel=repr(kernel),
                horizon=horizon,
            ),
        )
    if lags is None:
        rule = int(4.0 * (n / 100.0) ** (2.0 / 9.0)) if kernel == "bartlett" else 0
        lags = max(horizon - 1, min(rule, n - 1))
    statistic = p_value = None
    h = max(horizon, lags + 1)
    if n >= _FEWEST and h < n:
        variance = float(long_run_variance(difference, lags, kernel))
        if variance > (1e-12 * float(np.abs(difference).max())) ** 2:
            correction = (n + 1.0 - 2.0 * h + h * (h - 1.0) / n) / n
            statistic = float(difference.mean()) * float(np.sqrt(correction * n / variance))
            p_value = _tail(statistic, n - 1, alternative)
            error = implied[0 if statistic > 0.0 else 1]
            if error > 0.0:
                z = float(difference.mean()) / error
                p_value = max(p_value, _tail(z, np.inf, alternative))
    return TestResult(
        test=Hypothesis(_CODES[alternative], {"kernel": kernel, "lags": lags}),
        statistic=statistic,
        p_value=p_value,
        n=n,
        unit=Denominator("periods"),
        seed=None,
        source=_SOURCE,
    )


def paired_differences(score: npt.ArrayLike, reference_score: npt.ArrayLike) -> Floats:
    """Reference's score minus the forecast's, by period: above 0 the forecast is better.

    Raises
    ------
    StudyError
        If the two differ in length or hold something that is not a finite number.
    """
    mine = np.asarray(score, dtype=np.float64)
    other = np.asarray(reference_score, dtype=np.float64)
    if mine.shape != other.shape or mine.ndim != 1:
        raise StudyError(
            "Scores are compared period by period, so there must be as many of each.",
            found=phrase(
                "shapes {shape} and {other_shape}", shape=mine.shape, other_shape=other.shape
            ),
        )
    difference: Floats = other - mine
    if not bool(np.isfinite(difference).all()):
        raise StudyError(
            "Every score that is compared must be a finite number.",
            found=phrase("{n} that are not", n=int((~np.isfinite(difference)).sum())),
            where=phrase(
                "period {n}, counted from 0", n=int(np.flatnonzero(~np.isfinite(difference))[0])
            ),
        )
    return difference


def _tail(statistic: float, freedom: float, alternative: str) -> float:
    """Student's tail; the normal one for endless degrees of freedom."""
    if alternative == "two-sided":
        return 2.0 * _below(-abs(statistic), freedom)
    return _below(-statistic if alternative == "better" else statistic, freedom)


def _below(statistic: float, freedom: float) -> float:
    endless = np.isinf(freedom)
    return float(special.ndtr(statistic) if endless else special.stdtr(freedom, statistic))
