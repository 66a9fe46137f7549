"""T- and W-test of the information gain per incident of one forecast over another."""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt
from scipy import special, stats

from veedor.arrays import Floats
from veedor.errors import SameGroundError, phrase
from veedor.forecasts import Forecast, require_same_ground
from veedor.statistics.codes import Denominator, Hypothesis, Method
from veedor.statistics.estimates import Estimate, TestResult

_EXACT_UP_TO = 25
_SOURCE = (
    "Rhoades, D. A., Schorlemmer, D., Gerstenberger, M. C., Christophersen, A., Zechar, J. D. & "
    "Imoto, M. (2011). Efficient testing of earthquake forecasting models. Acta Geophysica 59, "
    "728-747. https://doi.org/10.2478/s11600-011-0013-5"
)
_INCIDENTS = Denominator("incidents_in_cells")


class PairedGain(msgspec.Struct, frozen=True):
    """Information gain per incident of one forecast's means over another's, and its two tests.

    Parameters
    ----------
    gain : Estimate
        Nats per incident; above 0 the forecast is better. Interval by Student's t.
    t_test, w_test : TestResult
        Two-sided; a statistic above 0 speaks for the forecast.
    """

    gain: Estimate
    t_test: TestResult
    w_test: TestResult


def paired_gain(
    forecast: Forecast, reference: Forecast, observed: npt.ArrayLike, *, level: float = 0.95
) -> PairedGain:
    """T- and W-test of two forecasts' means, with every recorded incident as one observation.

    The means are taken as Poisson rates, as the source does: dispersions play no part. For those,
    and for incidents that come in clusters, see `diebold_mariano`, which takes periods as
    observations. Beyond the source, both tests are held to the error that the forecasts imply:
    see `gain_at_incidents`.

    Parameters
    ----------
    forecast, reference : Forecast
        For the same cells, periods and category.
    observed : array of whole numbers, shape (periods, cells)
    level : float
        Of the interval.

    Raises
    ------
    SameGroundError
        If they are not for the same cells, periods and category, or the counts' shape differs.
    """
    require_same_ground(forecast, reference)
    counts = np.asarray(observed)
    if counts.shape != forecast.mean.shape:
        raise SameGroundError(
            "Recorded counts must have one number for every period and cell of the forecasts.",
            found=phrase(
                "counts of shape {shape}, forecasts of shape {other_shape}",
                shape=counts.shape,
                other_shape=forecast.mean.shape,
            ),
        )
    log_ratio = np.log(forecast.mean / reference.mean)
    return gain_at_incidents(
        np.repeat(log_ratio.ravel(), counts.ravel()),
        float(forecast.mean.sum()),
        float(reference.mean.sum()),
        level=level,
        implied=(
            float(np.sqrt((reference.mean * log_ratio**2).sum())),
            float(np.sqrt((forecast.mean * log_ratio**2).sum())),
        ),
    )


def gain_at_incidents(
    log_ratio: Floats,
    expected: float,
    reference_expected: float,
    *,
    level: float = 0.95,
    implied: tuple[float, float] = (0.0, 0.0),
) -> PairedGain:
    r"""T- and W-test from the logarithm of the ratio of rates at each incident.

    With :math:`x_i = \log(\mu_A(i) / \mu_B(i))` where incident i of N was recorded, and
    :math:`\hat N_A, \hat N_B` incidents expected,

    .. math::

        G = \frac1N \sum_i x_i - \frac{\hat N_A - \hat N_B}{N}, \quad
        s^2 = \frac{1}{N - 1} \sum_i x_i^2 - \frac{1}{N^2 - N} \left(\sum_i x_i\right)^2, \quad
        T = \frac{G \sqrt N}{s}

    with N - 1 degrees of freedom. The W-test is Wilcoxon's signed-rank test that the median of
    :math:`x_i` is :math:`(\hat N_A - \hat N_B) / N`; it needs symmetry about the median, not a
    normal distribution.

    Parameters
    ----------
    log_ratio : array, shape (N,)
    expected, reference_expected : float
        Incidents that each forecast expects in all cells and periods.
    level : float
        Of the interval.
    implied : (float, float)
        Standard errors of the summed gain if the reference were right, and if the forecast were
        (0: leave them out, as the source does). Incidents that were recorded say nothing of cells
        that were not hit; so a gain must clear the first and a loss the second: the interval
        reaches as far, and no p-value is smaller than that of this error.

    Returns
    -------
    PairedGain
        The gain is undefined (None) without incidents, its interval and the T-test with fewer than
        two or where all ratios are equal, the W-test where no ratio differs from the median. The
        W-test's statistic is the normal z of the sum of ranks.

    Notes
    -----
    Incidents are taken as independent. Where they come in clusters both tests reject too often.
    Up to 25 incidents without ties the W-test is exact, beyond it is normal, corrected for ties.

    References
    ----------
    Rhoades, D. A. et al. (2011). Efficient testing of earthquake forecasting models. Acta
    Geophysica 59, 728-747. https://doi.org/10.2478/s11600-011-0013-5

    Wilcoxon, F. (1945). Individual comparisons by ranking methods. Biometrics Bulletin 1, 80-83.
    https://doi.org/10.2307/3001968

    Examples
    --------
    >>> found = gain_at_incidents(np.log([2.0, 2.0, 0.5]), 3.0, 3.0)
    >>> round(found.gain.value, 4)  # log(2) / 3
    0.231
    """
    x = np.asarray(log_ratio, dtype=np.float64)
    n = len(x)
    shift = (expected - reference_expected) / n if n else 0.0
    gain = float(x.mean()) - shift if n else None
    spread = float(x.std(ddof=1)) if n > 1 else 0.0
    low = high = statistic = p_value = None
    # A spread of a rounding error is none.
    by_chance = 0.0
    if gain is not None and (error := implied[0 if gain > 0.0 else 1]) > 0.0:
        by_chance = 2.0 * float(special.ndtr(-abs(gain) * n / error))
    if gain is not None and spread > 1e-12 * float(np.abs(x).max()):
        error = spread / np.sqrt(n)
        reach = float(special.stdtrit(n - 1, 0.5 + level / 2.0)) * error
        z = float(special.ndtri(0.5 + level / 2.0)) / n
        low = gain - max(reach, z * implied[0])
        high = gain + max(reach, z * implied[1])
        statistic = gain / error
        p_value = max(2.0 * float(special.stdtr(n - 1, -abs(statistic))), by_chance)
    method = Method("none_few_incidents")
    if low is not None:
        method = Method("student_t_or_chance" if any(implied) else "student_t_incidents")
    return PairedGain(
        Estimate(gain, low, high, level, method, n, _INCIDENTS),
        TestResult(
            Hypothesis("t_test"),
            statistic,
            p_value,
            n,
            _INCIDENTS,
            None,
            _SOURCE,
        ),
        _w_test(x - shift, by_chance),
    )


def _w_test(difference: Floats, by_chance: float) -> TestResult:
    nonzero = difference[difference != 0.0]
    n, statistic, p_value = len(nonzero), None, None
    if n:
        ranks = stats.rankdata(np.abs(nonzero))
        above = float(ranks[nonzero > 0.0].sum())
        _, ties = np.unique(ranks, return_counts=True)
        variance = n * (n + 1.0) * (2.0 * n + 1.0) / 24.0 - float((ties**3 - ties).sum()) / 48.0
        statistic = (above - n * (n + 1.0) / 4.0) / float(np.sqrt(variance))
        exact = n <= _EXACT_UP_TO and bool(np.all(ties == 1))
        p_value = (
            float(stats.wilcoxon(nonzero, method="exact").pvalue)
            if exact
            else 2.0 * float(special.ndtr(-abs(statistic)))
        )
        p_value = max(p_value, by_chance)
    return TestResult(
        Hypothesis("w_test"), statistic, p_value, len(difference), _INCIDENTS, None, _SOURCE
    )
