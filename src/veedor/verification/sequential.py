"""A comparison that may be looked at every week: an e-process for score differences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from veedor.errors import StudyError
from veedor.verification.estimates import TestResult

Floats = npt.NDArray[np.float64]

# Bets as shares of the largest that is allowed; equal weight on each.
_BETS = 0.9 * 2.0 ** -np.arange(12.0)
_SOURCE = (
    "Choe, Y. J. & Ramdas, A. (2024). Comparing sequential forecasters. Operations Research 72, "
    "1368-1387. https://doi.org/10.1287/opre.2021.0792"
)
_DIRECTIONS = ("better", "worse", "two-sided")


@dataclass(frozen=True, eq=False)
class EProcess:
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

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, JSON-ready."""
        return {
            "log_e": self.log_e.tolist(),
            "p_values": self.p_values.tolist(),
            "capped": self.capped,
            "result": self.result.to_dict(),
        }


def e_process(
    differences: npt.ArrayLike,
    *,
    bound: float,
    cap: bool = False,
    alternative: str = "better",
) -> EProcess:
    r"""Evidence, period by period, that a forecast scores better than a reference.

    Let :math:`d_t` be the reference's score minus the forecast's, between -b and b,
    :math:`g_t` the mean of the differences before t (0 at first), and c = 2b. For a bet
    :math:`\lambda \in [0, 1/c)`,

    .. math:: E_t(\lambda) = \exp\left( \lambda \sum_{s \le t} d_s
              - \psi(\lambda) \sum_{s \le t} (d_s - g_s)^2 \right), \quad
              \psi(\lambda) = \frac{-\log(1 - c\lambda) - c\lambda}{c^2},

    and the evidence :math:`E_t` is its mean over twelve bets from 0.0004/c to 0.9/c. Whatever the
    differences' distribution and dependence, the chance that it *ever* reaches
    :math:`1/\alpha` is at most :math:`\alpha` if the null holds: that, at every time so far, the
    mean of the differences' conditional expectations was at most 0.

    Parameters
    ----------
    differences : array, shape (periods,)
        In order of time; each known before the next period's forecast is scored.
    bound : float
        b, above 0. It must be fixed before the first period is seen: 1 for a period's mean Brier
        scores, since these lie between 0 and 1. Log scores and information gain have no bound.
    cap : bool
        Differences beyond the bound count as the bound. Then the null hypothesis is about the
        *capped* difference, and says so: use it for log scores, with a bound promised in advance.
        Otherwise a difference beyond the bound is an error.
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

    Howard, S. R., Ramdas, A., McAuliffe, J. & Sekhon, J. (2021). Time-uniform, nonparametric,
    nonasymptotic confidence sequences. Annals of Statistics 49, 1055-1080.
    https://doi.org/10.1214/20-AOS1991

    Examples
    --------
    >>> always_better = e_process(np.full(40, 0.5), bound=1.0)
    >>> always_better.rejected_at(0.05)  # when that becomes convincing
    24
    >>> e_process(np.full(40, -0.5), bound=1.0).rejected_at() is None
    True
    """
    d, capped = _bounded(differences, bound, cap)
    if alternative not in _DIRECTIONS:
        raise StudyError(
            f"The alternative must be one of {', '.join(_DIRECTIONS)}.", found=repr(alternative)
        )
    if alternative == "two-sided":
        log_e = np.logaddexp(_log_evidence(d, bound), _log_evidence(-d, bound)) - np.log(2.0)
    else:
        log_e = _log_evidence(d if alternative == "better" else -d, bound)
    largest = np.maximum.accumulate(log_e) if len(log_e) else log_e
    p_values: Floats = np.minimum(1.0, np.exp(-largest))
    what = f"score differences, capped at {bound:g} either way," if cap else "score differences"
    null = {
        "better": "the forecast was, on average so far, no better than the reference",
        "worse": "the forecast was, on average so far, no worse than the reference",
        "two-sided": "the forecast was, on average so far, as good as the reference",
    }[alternative]
    return EProcess(
        log_e,
        p_values,
        capped,
        TestResult(
            test=f"E-process, {alternative}",
            null_hypothesis=f"At every time, by the expectation of {what} given the past, {null}.",
            statistic=float(log_e[-1]) if len(d) else None,
            p_value=float(p_values[-1]) if len(d) else None,
            n=len(d),
            unit="periods",
            seed=None,
            source=_SOURCE,
        ),
    )


def _log_evidence(d: Floats, bound: float) -> Floats:
    """Log of the mean over bets of the empirical Bernstein supermartingale, shape (periods,)."""
    c = 2.0 * bound
    before = np.concatenate([[0.0], np.cumsum(d)])[:-1] / np.maximum(np.arange(len(d)), 1)
    gathered, spread = np.cumsum(d), np.cumsum((d - before) ** 2)
    penalty = (-np.log1p(-_BETS) - _BETS) / c**2
    each = np.multiply.outer(gathered, _BETS / c) - np.multiply.outer(spread, penalty)
    log_e: Floats = special.logsumexp(each, axis=1) - np.log(len(_BETS))
    return log_e


def _bounded(differences: npt.ArrayLike, bound: float, cap: bool) -> tuple[Floats, int]:
    d = np.asarray(differences, dtype=np.float64)
    if d.ndim != 1 or not bool(np.isfinite(d).all()) or not (np.isfinite(bound) and bound > 0.0):
        raise StudyError(
            "An e-process needs one finite difference a period and a bound above 0.",
            found=f"shape {d.shape}, {int((~np.isfinite(d)).sum())} not finite, bound {bound:g}",
        )
    beyond = np.flatnonzero(np.abs(d) > bound)
    if len(beyond) and not cap:
        raise StudyError(
            "Every difference must lie within the bound that was fixed in advance.",
            found=f"{len(beyond)} beyond {bound:g}, the largest is {np.abs(d).max():g}",
            where=f"periods {', '.join(str(t) for t in beyond[:5])}, counted from 0",
            remedy="a score with a bound, such as Brier; or cap=True, and the null hypothesis is "
            "about capped differences",
        )
    return np.clip(d, -bound, bound), len(beyond)
