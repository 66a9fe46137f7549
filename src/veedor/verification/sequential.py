"""A comparison that may be looked at every week: an e-process for score differences."""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt
from scipy import special

from veedor.arrays import Floats
from veedor.errors import StudyError, phrase
from veedor.statistics.codes import Denominator, Hypothesis
from veedor.statistics.estimates import TestResult
from veedor.verification.implied import ImpliedGain

# Bets as shares of the largest that is allowed; the larger, the more weight.
_BETS = 0.9 * 2.0 ** -np.arange(12.0)
_WEIGHTS = 1.0 / ((np.arange(12.0) + 1.0) * (np.arange(12.0) + 2.0))
_SOURCE = (
    "Choe, Y. J. & Ramdas, A. (2024). Comparing sequential forecasters. Operations Research 72, "
    "1368-1387. https://doi.org/10.1287/opre.2021.0792; by bets: Waudby-Smith, I. & Ramdas, A. "
    "(2024). Estimating means of bounded random variables by betting. Journal of the Royal "
    "Statistical Society B 86, 1-27. https://doi.org/10.1093/jrsssb/qkad009"
)
# Standard deviations from the mean that count as plausible.
_PLAUSIBLE = 2.0
#: Alternative -> code of the test of its opposite.
_CODES = {
    "better": "e_process_better",
    "worse": "e_process_worse",
    "two-sided": "e_process_either",
}


class EProcess(msgspec.Struct, frozen=True, eq=False):
    """Evidence against the null hypothesis after each period.

    Parameters
    ----------
    log_e : array, shape (periods,)
        Natural logarithm of the evidence: above log(20) = 3.0 the null is rejected at 5%, whenever
        one looks.
    p_values : array, shape (periods,)
        Anytime-valid: 1 over the largest evidence so far, at most 1. Never rises.
    capped : int
        Periods whose difference was larger than the bound and counted as the bound.
    result : TestResult
        After the last period; its statistic is the evidence's logarithm there.
    """

    log_e: Floats
    p_values: Floats
    capped: int
    result: TestResult

    def rejected_at(self, alpha: float = 0.05) -> int | None:
        """Return the number of the first period at which the null is rejected, from 0; or None."""
        rejected = np.flatnonzero(self.p_values <= alpha)
        return int(rejected[0]) if len(rejected) else None


def e_process(
    differences: npt.ArrayLike,
    *,
    bound: float | npt.ArrayLike,
    cap: bool = False,
    alternative: str = "better",
) -> EProcess:
    r"""Evidence, period by period, that a forecast scores better than a reference.

    Let :math:`d_t` be the reference's score minus the forecast's, between :math:`-b_t` and
    :math:`b_t`. For a bet :math:`\lambda \in [0, 1)`,

    .. math:: E_t(\lambda) = \prod_{s \le t} \left( 1 + \lambda \frac{d_s}{b_s} \right),

    and the evidence :math:`E_t` is its weighted mean over twelve bets from 0.0004 to 0.9. Whatever
    the differences' distribution and dependence, the chance that it *ever* reaches
    :math:`1/\alpha` is at most :math:`\alpha` if the null holds: that, at every time so far, the
    mean of the conditional expectations of :math:`d_s / b_s` was at most 0. For with
    :math:`m_s` these expectations, :math:`E_t(\lambda) \exp(-\lambda \sum_{s \le t} m_s)` never
    rises in expectation, since :math:`1 + \lambda m \le e^{\lambda m}`; and under the null it is
    never below :math:`E_t(\lambda)`.

    Parameters
    ----------
    differences : array, shape (periods,)
        In order of time; each known before the next period's forecast is scored.
    bound : float or array, shape (periods,)
        b, above 0. Each must be fixed before its period is seen: 1 for a period's mean Brier
        scores, since these lie between 0 and 1; or `plausible_gain`, from the forecasts alone.
        Bounds near the usual differences make evidence fast.
    cap : bool
        Differences beyond the bound count as the bound. Then the null hypothesis is about the
        *capped* difference, and says so: use it for log scores and information gain, which have no
        bound. Otherwise a difference beyond the bound is an error.
    alternative : {"better", "worse", "two-sided"}
        Two-sided evidence is the mean of both.

    Returns
    -------
    EProcess
        Without periods its arrays are empty and the result's statistic and p-value None.

    Raises
    ------
    StudyError
        If a difference is not a finite number or, unless capped, lies beyond the bound.

    Notes
    -----
    Conservative by design: the price of looking whenever one likes. With a bound far above the
    usual differences it takes very long to say anything. O(periods).

    References
    ----------
    Choe, Y. J. & Ramdas, A. (2024). Comparing sequential forecasters. Operations Research 72,
    1368-1387. https://doi.org/10.1287/opre.2021.0792

    Waudby-Smith, I. & Ramdas, A. (2024). Estimating means of bounded random variables by betting.
    Journal of the Royal Statistical Society B 86, 1-27. https://doi.org/10.1093/jrsssb/qkad009

    Examples
    --------
    Half the bound better each time: the largest bet, of half the weight, grows by 1.45.

    >>> always_better = e_process(np.full(40, 0.5), bound=1.0)
    >>> always_better.rejected_at(0.05)  # when that becomes convincing
    9
    >>> e_process(np.full(40, -0.5), bound=1.0).rejected_at() is None
    True
    """
    d, capped = _bounded(differences, bound, cap)
    if alternative not in _CODES:
        raise StudyError(
            phrase("The alternative must be one of {codes}.", codes=", ".join(_CODES)),
            found=repr(alternative),
        )
    if alternative == "two-sided":
        log_e = np.logaddexp(_log_evidence(d), _log_evidence(-d)) - np.log(2.0)
    else:
        log_e = _log_evidence(d if alternative == "better" else -d)
    largest = np.maximum.accumulate(log_e) if len(log_e) else log_e
    p_values: Floats = np.minimum(1.0, np.exp(-largest))
    fixed = np.ndim(bound) == 0
    bounds = ("fixed" if fixed else "of_each_period") + ("_capped" if cap else "")
    return EProcess(
        log_e,
        p_values,
        capped,
        TestResult(
            test=Hypothesis(_CODES[alternative], {"bounds": bounds}),
            statistic=float(log_e[-1]) if len(d) else None,
            p_value=float(p_values[-1]) if len(d) else None,
            n=len(d),
            unit=Denominator("periods"),
            seed=None,
            source=_SOURCE,
        ),
    )


def plausible_gain(implied: ImpliedGain) -> Floats:
    """Bound of the information gain of each period, from the two forecasts alone: nats.

    The mean and two standard deviations of the gain if either forecast were right, the larger of
    both, and the most that one incident changes the gain by, so that no single rare incident is
    capped. Known before the period is seen, as `e_process` needs it.

    Returns
    -------
    array, shape (periods,)
        Above 0.
    """
    reach = np.maximum(
        np.abs(implied.mean_if_reference) + _PLAUSIBLE * np.sqrt(implied.if_reference),
        np.abs(implied.mean_if_forecast) + _PLAUSIBLE * np.sqrt(implied.if_forecast),
    )
    bound: Floats = np.maximum(reach + implied.largest_step, np.finfo(np.float64).tiny)
    return bound


def _log_evidence(scaled: Floats) -> Floats:
    """Log of the weighted mean over bets of the product of 1 + bet x difference, (periods,)."""
    each = np.cumsum(np.log1p(np.multiply.outer(scaled, _BETS)), axis=0)
    log_e: Floats = special.logsumexp(each, axis=1, b=_WEIGHTS / _WEIGHTS.sum())
    return log_e


def _bounded(
    differences: npt.ArrayLike, bound: float | npt.ArrayLike, cap: bool
) -> tuple[Floats, int]:
    """Differences by their bounds, and how many were capped."""
    d, b = np.asarray(differences, dtype=np.float64), np.asarray(bound, dtype=np.float64)
    fits = d.ndim == 1 and (b.ndim == 0 or b.shape == d.shape)
    if not fits or not bool(np.isfinite(d).all() and np.isfinite(b).all() and (b > 0.0).all()):
        raise StudyError(
            "An e-process needs one finite difference a period and bounds above 0, one for all or "
            "one a period.",
            found=phrase(
                "shape {shape}, {n} not finite; bounds of shape {other_shape}, the smallest "
                "is {lowest:g}",
                shape=d.shape,
                n=int((~np.isfinite(d)).sum()),
                other_shape=b.shape,
                lowest=b.min(initial=np.inf),
            ),
        )
    beyond = np.flatnonzero(np.abs(d) > b)
    if len(beyond) and not cap:
        raise StudyError(
            "Every difference must lie within the bound that was fixed in advance.",
            found=phrase(
                "{n} beyond it, the largest is {largest:g}; bounds from {lowest:g} to {highest:g}",
                n=len(beyond),
                largest=np.abs(d).max(),
                lowest=b.min(),
                highest=b.max(),
            ),
            where=phrase(
                "periods {beyond}, counted from 0", beyond=", ".join(str(t) for t in beyond[:5])
            ),
            remedy="a score with a bound, such as Brier; or cap=True, and the null hypothesis is "
            "about capped differences",
        )
    return np.clip(d / b, -1.0, 1.0), len(beyond)
