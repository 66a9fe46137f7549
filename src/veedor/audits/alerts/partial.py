"""What can be said where not everybody's outcome was checked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from veedor.arrays import Floats
from veedor.audits.alerts.tables.small import Stratum
from veedor.statistics.codes import Method
from veedor.statistics.intervals import normal_quantile
from veedor.statistics.misclassified import true_share

#: Beyond this many people an end of an interval is not sought further.
_MOST = 10**12


@dataclass(frozen=True)
class Corrected:
    """A rate that was not counted but worked out.

    Parameters
    ----------
    value, low, high : float or None
        None where undefined.
    method : Method
    numerator, denominator : float or None
        Estimated numbers of people.
    """

    value: float | None
    low: float | None
    high: float | None
    method: Method
    numerator: float | None = None
    denominator: float | None = None


def begg_greenes(
    alerts: int, checked: float, right: float, strata: Sequence[Stratum], level: float = 0.95
) -> dict[str, Corrected]:
    r"""Rates from alerts that were checked and a random audit of those without an alert.

    Those missed are estimated from each stratum's sample, :math:`\sum_h N_h y_h / m_h`; those
    rightly flagged from the alerts that were checked (Begg and Greenes). Three things are not
    known for sure: the share of alerts :math:`\tau`, the share with a true (for FPR: false) outcome
    among alerts :math:`\varphi_1`, and among others :math:`\varphi_2`. With
    :math:`\text{TPR} = \tau \varphi_1 / (\tau \varphi_1 + (1 - \tau) \varphi_2)`,

    .. math:: \text{logit TPR} = \log\frac{\tau}{1 - \tau} + \log \varphi_1 - \log \varphi_2,

    the limits of each (mid-p of shares; of a share over several
    strata the gamma limits of a weighted sum of counts) are put together as Zou and Donner do: the
    squares of the distances add up. Where nobody missed was found only the low end of TPR rests on
    the audit, and its high end is 1.

    Outcomes must be missing by design alone: the audit was drawn at random in each stratum, and
    alerts were checked without regard to what they would show.

    Parameters
    ----------
    alerts : int
        All alerts.
    checked, right : float
        Of them, those whose outcome is known, and those whose outcome is true; effective numbers
        where they were not all as likely to be checked.
    strata : sequence of Stratum
    level : float

    Returns
    -------
    dict
        ``tpr``, ``fnr``, ``fpr``, ``tnr``, ``npv``, ``for``, ``prevalence``.

    References
    ----------
    Begg, C. B. & Greenes, R. A. (1983). Assessment of diagnostic tests when disease verification
    is subject to selection bias. Biometrics 39, 207-215. https://doi.org/10.2307/2530820

    Zou, G. Y. & Donner, A. (2008). Construction of confidence limits about effect measures: a
    general approach. Statistics in Medicine 27, 1693-1702. https://doi.org/10.1002/sim.3095

    Fay, M. P. & Feuer, E. J. (1997). Confidence intervals for directly standardized rates: a method
    based on the gamma distribution. Statistics in Medicine 16, 791-801.
    https://doi.org/10.1002/(SICI)1097-0258(19970415)16:7<791::AID-SIM500>3.0.CO;2-#

    Examples
    --------
    100 alerts, all checked, 80 right; of 900 others 90 were drawn and 2 missed: so 20 of 900.

    >>> rates = begg_greenes(100, 100, 80, [Stratum("all", 900, 90, 2)])
    >>> rates["tpr"].value, round(rates["fpr"].value, 5)
    (0.8, 0.02222)
    """
    quiet = sum(stratum.population for stratum in strata)
    total = alerts + quiet
    missed = sum(s.population * s.positives_found / s.sampled for s in strata if s.sampled)
    least, most = _missed_limits(strata, quiet, level)
    found = alerts * right / checked if checked else math.nan
    z = normal_quantile(level)
    split = _odds_away(alerts, total, level)

    def rate(right_of: float, of_others: tuple[float, float, float]) -> Corrected:
        """Those counted among alerts, of all such; and those of the others, with limits."""
        above, below = alerts * right_of / checked if checked else math.nan, of_others[0]
        if not above + below > 0.0:
            return Corrected(None, None, None, Method("begg_greenes"))
        one = right_of / checked
        ends = _added(
            (one, *_midp(right_of, checked, level)), of_others, alerts, split,
        )  # fmt: skip
        return Corrected(
            above / (above + below), *ends, Method("begg_greenes"), above, above + below
        )

    rates = {
        "tpr": rate(right, (missed, least, most)),
        "fpr": rate(checked - right, (quiet - missed, quiet - most, quiet - least)),
    }
    rates["fnr"], rates["tnr"] = _other(rates["tpr"]), _other(rates["fpr"])
    if quiet:
        rates["for"] = Corrected(
            missed / quiet, least / quiet, most / quiet, Method("begg_greenes"), missed, quiet
        )
        rates["npv"] = _other(rates["for"])
    if total and math.isfinite(found):
        p = (found + missed) / total
        low, high = (alerts * end for end in _midp(right, checked, level))
        drawn = z * z * p * (1.0 - p) / total
        down = math.hypot((found - low) / total, (missed - least) / total, math.sqrt(drawn))
        up = math.hypot((high - found) / total, (most - missed) / total, math.sqrt(drawn))
        rates["prevalence"] = Corrected(
            p, max(p - down, 0.0), min(p + up, 1.0), Method("begg_greenes"), found + missed, total
        )
    return rates


def _added(
    one: tuple[float, float, float],
    others: tuple[float, float, float],
    alerts: int,
    split: tuple[float, float],
) -> tuple[float, float]:
    """Limits of alerts * one / (alerts * one + others), from those of both: value, low, high."""

    def away(value: float, end: float) -> float:
        """Distance on the logarithm; infinite where one of the two is 0."""
        return abs(math.log(value / end)) if value > 0.0 and end > 0.0 else math.inf

    def share(above: float, below: float, half: float) -> float:
        if math.isinf(half) or below <= 0.0:
            return math.nan
        return float(special.expit(math.log(alerts * above / below) + half))

    below_one, above_one = away(one[0], one[1]), away(one[0], one[2])
    fewer, more = away(others[0], others[1]), away(others[0], others[2])
    if one[0] == 0.0:  # nobody counted among alerts: only the high end says anything
        low, high = 0.0, share(one[2], max(others[1], 1e-9), split[1])
    elif others[0] <= 0.0:  # none among the others: only the low end does
        low, high = share(one[0], others[2], -math.hypot(below_one, split[0])), 1.0
    else:
        low = share(one[0], others[0], -math.hypot(below_one, more, split[0]))
        high = share(one[0], others[0], math.hypot(above_one, fewer, split[1]))
    return (0.0 if math.isnan(low) else low), (1.0 if math.isnan(high) else high)


def _odds_away(events: int, trials: int, level: float) -> tuple[float, float]:
    """Distances of the ends of a share's interval from it, on the logarithm of the odds."""
    if not 0 < events < trials:
        return math.nan, math.nan
    low, high = _midp(events, trials, level)
    centre = special.logit(events / trials)
    return float(centre - special.logit(low)), float(special.logit(high) - centre)


def _midp(events: float, trials: float, level: float) -> tuple[float, float]:
    """Interval of a proportion that mid-p tests do not reject; 0 or 1 at an edge that was counted.

    Events need not be whole: an effective number is not.
    """
    x, n, tail = events, trials, 0.5 - level / 2.0

    def at_least(p: float) -> float:
        """Mid-p of so many events: it grows with the proportion."""
        reached = 1.0 if x <= 0.0 else special.betainc(x, n - x + 1.0, p)
        passed = 0.0 if x >= n else special.betainc(x + 1.0, n - x, p)
        return float(0.5 * (reached + passed))

    def where(chance: float) -> float:
        return float(optimize.brentq(lambda p: at_least(p) - chance, 0.0, 1.0, xtol=1e-12))

    return (0.0 if x <= 0.0 else where(tail)), (1.0 if x >= n else where(1.0 - tail))


def _missed_limits(strata: Sequence[Stratum], quiet: int, level: float) -> tuple[float, float]:
    """Limits of how many were missed among those without an alert."""
    drawn = [s for s in strata if s.sampled]
    if len(drawn) == 1:
        low, high = _midp(drawn[0].positives_found, drawn[0].sampled, level)
        return low * drawn[0].population, high * drawn[0].population
    if not drawn:
        return 0.0, float(quiet)
    weights = [s.population / s.sampled for s in drawn]
    found = sum(w * s.positives_found for w, s in zip(weights, drawn, strict=True))
    spread = sum(w * w * s.positives_found for w, s in zip(weights, drawn, strict=True))
    tail, widest = 0.5 - level / 2.0, max(weights)
    low = 0.0
    if found:
        low = spread / found * float(special.gammaincinv(found**2 / spread, tail))
    above, wide = found + widest, spread + widest**2
    high = wide / above * float(special.gammaincinv(above**2 / wide, 1.0 - tail))
    return low, min(high, float(quiet))


def _other(rate: Corrected) -> Corrected:
    """Return one less a rate."""
    if rate.value is None or rate.low is None or rate.high is None:
        return rate
    above = (
        None
        if rate.numerator is None or rate.denominator is None
        else rate.denominator - rate.numerator
    )
    return Corrected(
        1.0 - rate.value, 1.0 - rate.high, 1.0 - rate.low, rate.method, above, rate.denominator
    )


def rogan_gladen(
    right: int,
    checked: int,
    sensitivity: tuple[int, int],
    specificity: tuple[int, int],
    level: float = 0.95,
) -> Corrected:
    r"""Share of alerts that are right, where those who checked them are sometimes wrong.

    :math:`(p + \text{sp} - 1) / (\text{se} + \text{sp} - 1)`, cut to [0, 1], with the interval of
    Lang and Reiczigel, which carries how well sensitivity and specificity are known.

    Undefined where the checker is no better than chance, or nothing was checked.

    Parameters
    ----------
    right, checked : int
        Alerts found to be right, of those that were checked.
    sensitivity : (int, int)
        Right matches that the checker confirmed, of all right ones put before it.
    specificity : (int, int)
        Wrong matches that the checker rejected, of all wrong ones put before it.
    level : float

    References
    ----------
    Rogan, W. J. & Gladen, B. (1978). Estimating prevalence from the results of a screening test.
    American Journal of Epidemiology 107, 71-76.
    https://doi.org/10.1093/oxfordjournals.aje.a112510

    Lang, Z. & Reiczigel, J. (2014). Confidence limits for prevalence of disease adjusted for
    estimated sensitivity and specificity. Preventive Veterinary Medicine 113, 13-22.
    https://doi.org/10.1016/j.prevetmed.2013.09.015

    Examples
    --------
    >>> rate = rogan_gladen(50, 100, (90, 100), (80, 100))
    >>> round(rate.value, 4)
    0.4286
    """
    se, sp = sensitivity[0] / sensitivity[1], specificity[0] / specificity[1]
    method = Method("lang_reiczigel")
    if checked == 0 or se + sp <= 1.0:
        return Corrected(None, None, None, method)
    value = float(true_share(right / checked, se, sp))
    z = normal_quantile(level)
    n, n_se, n_sp = checked + z * z, sensitivity[1] + 2.0, specificity[1] + 2.0
    p = (right + z * z / 2.0) / n
    se, sp = (sensitivity[0] + 1.0) / n_se, (specificity[0] + 1.0) / n_sp
    youden = se + sp - 1.0
    centre = (p + sp - 1.0) / youden
    of_se, of_sp = se * (1.0 - se) / n_se, sp * (1.0 - sp) / n_sp
    half = z * math.sqrt(p * (1.0 - p) / n + centre**2 * of_se + (1.0 - centre) ** 2 * of_sp)
    shift = 2.0 * z * z * (centre * of_se - (1.0 - centre) * of_sp)
    low, high = (
        min(max(centre + shift + sign * half / abs(youden), 0.0), 1.0) for sign in (-1.0, 1.0)
    )
    return Corrected(value, low, high, method, right, checked)


def chapman(first: int, second: int, both: int, level: float = 0.95) -> Corrected:
    r"""How many there were, from two independent lists of those found.

    :math:`(n_1 + 1)(n_2 + 1)/(m + 1) - 1`, whose bias is next to nothing. Given the lengths of the
    lists, m is hypergeometric: the interval holds every whole number that its mid-p test does not
    reject. Never below those that are on one list; without a high end where nobody is on both.

    Both lists must be of the same closed set of people, and being on one must not make being on
    the other likelier: where it does, there were more.

    Parameters
    ----------
    first, second, both : int
        On the first list, on the second, on both.
    level : float

    References
    ----------
    Chapman, D. G. (1951). Some properties of the hypergeometric distribution with applications to
    zoological sample censuses. University of California Publications in Statistics 1, 131-160.

    Seber, G. A. F. (1982). The Estimation of Animal Abundance, 2nd ed., section 3.1 (the
    hypergeometric distribution of those on both lists). Berry, G. & Armitage, P. (1995). Mid-P
    confidence intervals: a brief review. The Statistician 44, 417-423.
    https://doi.org/10.2307/2348891

    Examples
    --------
    >>> found = chapman(100, 80, 40)
    >>> round(found.value, 2), found.low, found.high
    (198.54, 173.0, 243.0)
    >>> chapman(10, 10, 0).high is None
    True
    """
    seen = first + second - both
    value = (first + 1.0) * (second + 1.0) / (both + 1.0) - 1.0
    tail = 0.5 - level / 2.0

    def at_most(whole: int) -> float:
        """Mid-p of so few on both lists: it grows with how many there are."""
        fewest = max(first + second - whole, 0)
        m = np.arange(fewest, both + 1, dtype=np.float64)
        log = _ways(first, m) + _ways(whole - first, second - m) - _ways(whole, second)
        chance = np.exp(log)
        return float(chance[:-1].sum() + 0.5 * chance[-1])

    def least(reached: float) -> int:
        """Fewest, from those seen on, of whom so few on both lists are that likely."""
        if at_most(seen) > reached:
            return seen
        below, above = seen, 2 * seen + 10
        while at_most(above) <= reached and above < _MOST:
            below, above = above, 2 * above
        while above - below > 1:
            middle = (below + above) // 2
            below, above = (middle, above) if at_most(middle) <= reached else (below, middle)
        return above

    low = least(tail)
    high = None if both == 0 else float(max(least(1.0 - tail) - 1, low))
    return Corrected(value, float(low), high, Method("chapman_midp"))


def _ways(whole: float, drawn: npt.ArrayLike) -> Floats:
    """Logarithm of how many ways there are to draw so many of a whole."""
    k = np.asarray(drawn, dtype=np.float64)
    ways: Floats = (
        special.gammaln(whole + 1.0) - special.gammaln(k + 1.0) - special.gammaln(whole - k + 1.0)
    )
    return ways


def unresolved_bounds(right: int, wrong: int, unresolved: int) -> tuple[float | None, float | None]:
    """PPV if every unresolved alert were wrong, and if every one were right.

    No interval: all that is between them fits what is known. None without alerts.

    Parameters
    ----------
    right, wrong, unresolved : int

    Examples
    --------
    >>> unresolved_bounds(6, 2, 2)
    (0.6, 0.8)
    """
    alerts = right + wrong + unresolved
    return (right / alerts, (right + unresolved) / alerts) if alerts else (None, None)


def audit_size(misses_in: float, half_width: float = 0.05, level: float = 0.95) -> dict[str, int]:
    """How many of those without an alert would have to be drawn at random and checked.

    Parameters
    ----------
    misses_in : float
        Share missed among them that one wants to be able to see, in (0, 1).
    half_width : float
        Of the interval of that share, as a part of it, in (0, 1).
    level : float

    Returns
    -------
    dict
        ``to_see_one``: so that, with this share missed, at least one is found with probability
        `level`; ``to_measure``: so that the interval is that narrow.

    Examples
    --------
    >>> audit_size(0.01, half_width=0.5)
    {'to_see_one': 299, 'to_measure': 1522}
    """
    z = normal_quantile(level)
    see = math.ceil(math.log(1.0 - level) / math.log1p(-misses_in))
    measure = math.ceil(z * z * (1.0 - misses_in) / (misses_in * half_width**2))
    return {"to_see_one": see, "to_measure": measure}
