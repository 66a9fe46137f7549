"""N-test: the number of all recorded incidents beside the forecast's."""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt
from scipy import fft, special

from veedor.arrays import Floats
from veedor.errors import SameGroundError, phrase
from veedor.forecasts import CountDistribution
from veedor.statistics.codes import Denominator, Hypothesis
from veedor.statistics.estimates import TestResult
from veedor.verification.consistency import NEGATIVE_BINOMIAL, POISSON

_POISSON_BELOW = 1e-12
_MOST_EXACT = 2**22
_SOURCE = (
    "Zechar, J. D., Gerstenberger, M. C. & Rhoades, D. A. (2010). Likelihood-based tests for "
    "evaluating space-rate-magnitude earthquake forecasts. Bulletin of the Seismological Society "
    "of America 100, 1184-1195. https://doi.org/10.1785/0120090192"
)


class NumberTest(msgspec.Struct, frozen=True):
    """What the N-test found: both tails, and both together.

    Parameters
    ----------
    delta1 : float
        Probability of at least as many incidents as were recorded. Near 0: too few were forecast.
    delta2 : float
        Probability of at most as many. Near 0: too many were forecast.
    result : TestResult
        Two-sided: twice the smaller of the two, at most 1. Its statistic is the recorded number.
    """

    delta1: float
    delta2: float
    result: TestResult


def number_test(totals: CountDistribution, observed: npt.ArrayLike) -> NumberTest:
    r"""Test the number of incidents of all cells and periods together.

    .. math:: \delta_1 = P(N \ge n), \quad \delta_2 = P(N \le n), \quad
              p = \min(1, 2 \min(\delta_1, \delta_2)),

    where n incidents were recorded and N is the sum over periods of their totals, taken as
    independent. Exact, without simulation. Both tails hold n itself, so the test is conservative
    where few incidents are expected.

    Parameters
    ----------
    totals : CountDistribution, shape (periods,)
        Of all cells together, as `Forecast.totals` gives them: with the dispersion of the total
        where the forecast states one (the negative binomial N-test), else that of independent
        cells. Dispersion 0 is the Poisson N-test.
    observed : array of whole numbers, shape (periods,)
        Incidents recorded in the cells.

    Returns
    -------
    NumberTest
        Always defined.

    Raises
    ------
    SameGroundError
        If the shapes differ.

    Notes
    -----
    A sum of negative binomials with different means is none; its probabilities are the inverse
    Fourier transform of :math:`\prod_t (1 + \alpha_t\mu_t(1 - z))^{-1/\alpha_t}`, exact to about
    1e-13. Beyond four million incidents a negative binomial of the same mean and variance stands
    in. O(periods x incidents).

    References
    ----------
    Zechar, J. D., Gerstenberger, M. C. & Rhoades, D. A. (2010). Likelihood-based tests for
    evaluating space-rate-magnitude earthquake forecasts. Bulletin of the Seismological Society of
    America 100, 1184-1195. https://doi.org/10.1785/0120090192

    Bayona, J. A. et al. (2022). Prospective evaluation of multiplicative hybrid earthquake
    forecasting models in California. Geophysical Journal International 229, 1736-1753 (negative
    binomial N-test). https://doi.org/10.1093/gji/ggac018

    Examples
    --------
    >>> test = number_test(CountDistribution(np.array([np.log(2.0)]), 0.0), [0])
    >>> test.delta1, round(test.delta2, 3), test.result.p_value
    (1.0, 0.5, 1.0)
    """
    recorded = np.asarray(observed)
    if recorded.shape != totals.shape or recorded.ndim != 1:
        raise SameGroundError(
            "An N-test needs one total and one recorded number a period.",
            found=phrase(
                "totals of shape {shape}, recorded numbers of shape {other_shape}",
                shape=totals.shape,
                other_shape=recorded.shape,
            ),
        )
    number = int(recorded.sum())
    at_least, at_most = _tails(totals, number)
    return NumberTest(
        at_least,
        at_most,
        TestResult(
            test=Hypothesis("number_test", {"family": _family(totals)}),
            statistic=float(number),
            p_value=min(1.0, 2.0 * min(at_least, at_most)),
            n=number,
            unit=Denominator("incidents_in_cells"),
            seed=None,
            source=_SOURCE,
        ),
    )


def _family(totals: CountDistribution) -> str:
    return POISSON if _is_poisson(totals) else NEGATIVE_BINOMIAL


def _is_poisson(totals: CountDistribution) -> bool:
    return not bool(np.any(totals.dispersion > _POISSON_BELOW))


def _tails(totals: CountDistribution, number: int) -> tuple[float, float]:
    """Probabilities of at least, and of at most, so many."""
    mean = float(totals.mean.sum())
    if _is_poisson(totals):
        at_least = float(special.pdtrc(number - 1.0, mean)) if number else 1.0
        return at_least, float(special.pdtr(number, mean))
    spread = float(totals.variance.sum())
    most = mean + 12.0 * np.sqrt(spread) + 60.0 * float((1.0 + _odds(totals)).max())
    if totals.shape == (1,) or most > _MOST_EXACT:
        alpha = (spread - mean) / mean**2
        share = alpha * mean / (1.0 + alpha * mean)
        at_least = float(special.betainc(number, 1.0 / alpha, share)) if number else 1.0
        return at_least, float(special.betaincc(number + 1.0, 1.0 / alpha, share))
    pmf = _pmf_of_sum(totals, fft.next_fast_len(int(most) + 1, real=True))
    return min(1.0, float(pmf[number:].sum())), min(1.0, float(pmf[: number + 1].sum()))


def _odds(totals: CountDistribution) -> Floats:
    odds: Floats = totals.dispersion * totals.mean
    return odds


def _pmf_of_sum(totals: CountDistribution, size: int) -> Floats:
    """Probability of 0, 1, ... size - 1 incidents in all periods together."""
    missing = 1.0 - np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    log = np.zeros(len(missing), dtype=np.complex128)
    for mean, alpha in zip(totals.mean, totals.dispersion, strict=True):
        if alpha > _POISSON_BELOW:
            log -= np.log1p(alpha * mean * missing) / alpha
        else:
            log -= mean * missing
    pmf: Floats = np.maximum(fft.irfft(np.exp(log), size), 0.0)
    return pmf
