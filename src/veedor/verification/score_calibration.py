"""Is a forecast calibrated? The z-test of Wei and Held, by the scores that it expects of itself."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import special

from veedor.errors import SameGroundError, phrase
from veedor.forecasts import CountDistribution
from veedor.statistics.codes import Denominator, Hypothesis
from veedor.statistics.estimates import TestResult
from veedor.verification.scores import SCORES, KnownScore, score_moments

Weighting = Literal["each", "pooled"]

_CODES: dict[KnownScore, str] = {
    "log_score": "calibration_by_log_score",
    "crps": "calibration_by_crps",
    "dawid_sebastiani": "calibration_by_dawid_sebastiani",
}
_SOURCE = (
    "Wei, W. & Held, L. (2014). Calibration tests for count data. TEST 23, 787-805. "
    "https://doi.org/10.1007/s11749-014-0380-8"
)


def score_calibration_test(
    distribution: CountDistribution,
    observed: npt.ArrayLike,
    score: KnownScore = "dawid_sebastiani",
    weighting: Weighting = "each",
) -> TestResult:
    r"""Test whether the scores are those that the forecast expects of itself.

    With :math:`s_i` the score of what was recorded, and :math:`E_i` and :math:`V_i` its mean and
    variance over the counts that the forecast expects,

    .. math:: Z^*_s = \frac{1}{\sqrt n} \sum_i \frac{s_i - E_i}{\sqrt{V_i}}, \qquad
              Z_s = \frac{\sum_i (s_i - E_i)}{\sqrt{\sum_i V_i}},

    which are near standard normal where the forecast is right and counts are independent given it;
    two-sided. Above 0 the scores are worse than the forecast says they will be: it is too sure of
    itself, or off. Below 0 they are better: it is vaguer than it need be, as the CRPS and the
    Dawid-Sebastiani score tell; the log score of a vague forecast may go either way.

    Parameters
    ----------
    distribution : CountDistribution
    observed : array of whole numbers, same shape
    score : {"dawid_sebastiani", "log_score", "crps"}
        The CRPS of counts is their ranked probability score. A test by one does not see what
        another does.
    weighting : {"each", "pooled"}
        :math:`Z^*_s`, in which every count weighs alike, advised for low counts; or :math:`Z_s`
        of the mean score, in which uncertain forecasts weigh more.

    Returns
    -------
    TestResult
        Its statistic is z. Undefined (None) without a count, and where no score can vary.

    Raises
    ------
    SameGroundError
        If the shapes differ.

    Notes
    -----
    It says nothing of sharpness: a forecast of the long-run mean for every cell may pass. Areas
    that rise and fall together make it reject too often.

    References
    ----------
    Wei, W. & Held, L. (2014). Calibration tests for count data. TEST 23, 787-805.
    https://doi.org/10.1007/s11749-014-0380-8 (equation 5, and the discussion)

    Examples
    --------
    One count of 3 where 1 was expected: a score of 4 + log 1, where 1 + log 1 is expected with
    variance 2 + 1.

    >>> found = score_calibration_test(CountDistribution(np.array([1.0]), 0.0), [3])
    >>> round(found.statistic, 4), round(found.p_value, 4)  # 3 / sqrt 3
    (1.7321, 0.0833)
    """
    counts = np.asarray(observed)
    if counts.shape != distribution.shape:
        raise SameGroundError(
            "A test of calibration needs one recorded count for each forecast.",
            found=phrase(
                "forecasts of shape {shape}, recorded numbers of shape {other_shape}",
                shape=distribution.shape,
                other_shape=counts.shape,
            ),
        )
    excess = SCORES[score].function(distribution, counts)
    mean, variance = score_moments(distribution, score)
    excess = excess - mean
    varies = variance > 0.0
    statistic: float | None = None
    if bool(varies.any()):
        statistic = (
            float((excess[varies] / np.sqrt(variance[varies])).sum() / np.sqrt(varies.sum()))
            if weighting == "each"
            else float(excess.sum() / np.sqrt(variance.sum()))
        )
    return TestResult(
        test=Hypothesis(_CODES[score]),
        statistic=statistic,
        p_value=None if statistic is None else float(special.erfc(abs(statistic) / np.sqrt(2.0))),
        n=int(counts.size),
        unit=Denominator("cell_periods"),
        seed=None,
        source=_SOURCE,
    )
