"""What can be said where not everybody's outcome was checked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy import special

from veedor.audits.alerts.intervals import normal_quantile, wilson
from veedor.audits.alerts.tables.small import Stratum


@dataclass(frozen=True)
class Corrected:
    """A rate that was not counted but worked out.

    Parameters
    ----------
    value, low, high : float or None
        None where undefined.
    method : str
    numerator, denominator : float or None
        Estimated numbers of people.
    """

    value: float | None
    low: float | None
    high: float | None
    method: str
    numerator: float | None = None
    denominator: float | None = None


def begg_greenes(
    alerts: int, checked: float, right: float, strata: Sequence[Stratum], level: float = 0.95
) -> dict[str, Corrected]:
    r"""Rates from alerts that were checked and a random audit of those without an alert.

    Those missed are estimated from each stratum's sample, :math:`\sum_h N_h y_h / m_h`; those
    rightly flagged from the alerts that were checked. The interval of TPR and FPR is Begg and
    Greenes' normal one on the logit scale, whose variance is

    .. math:: \frac{1}{N \tau (1 - \tau)} + \frac{1 - \varphi_1}{n_1 \varphi_1} +
              \frac{\text{var}(\varphi_2)}{\varphi_2^2}

    with the share of alerts :math:`\tau`, and the share with a true (for FPR: false) outcome among
    alerts :math:`\varphi_1` and others :math:`\varphi_2`. Where the audit found nobody, the missed
    are bounded by :math:`\log(2 / \alpha) \max_h N_h / m_h` instead.

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
    spread = sum(
        s.population**2 * s.positives_found * (s.sampled - s.positives_found) / s.sampled**3
        for s in strata
        if s.sampled
    )
    found = alerts * right / checked if checked else math.nan
    wrong, clear = alerts - found, quiet - missed
    weight = max((s.population / s.sampled for s in strata if s.sampled), default=math.nan)
    most_missed = min(weight * math.log(2.0 / (1.0 - level)), quiet)
    z = normal_quantile(level)
    share = alerts / total if total else math.nan
    at_random = 1.0 / (total * share * (1.0 - share)) if 0.0 < share < 1.0 else math.nan

    def rate(above: float, below: float, right_of: float, seen: float) -> Corrected:
        """Above of above + below; the first among alerts, the second among the others."""
        if not above + below > 0.0:
            return Corrected(None, None, None, "begg_greenes")
        value = above / (above + below)
        if seen == 0.0:  # nobody missed was found
            low_above = float(wilson(right_of, checked, level)[0]) * alerts
            low, high = low_above / (low_above + most_missed), 1.0
        elif right_of == 0:
            high_above = float(wilson(0, checked, level)[1]) * alerts
            low, high = 0.0, high_above / (high_above + max(seen - z * math.sqrt(spread), 1e-9))
        else:
            variance = at_random + (checked - right_of) / (checked * right_of) + spread / seen**2
            centre, half = math.log(above / below), z * math.sqrt(variance)
            low, high = float(special.expit(centre - half)), float(special.expit(centre + half))
        return Corrected(value, low, high, "begg_greenes", above, above + below)

    rates = {
        "tpr": rate(found, missed, right, missed),
        "fpr": rate(wrong, clear, checked - right, clear),
    }
    rates["fnr"], rates["tnr"] = _other(rates["tpr"]), _other(rates["fpr"])
    if quiet:
        half = z * math.sqrt(spread) / quiet
        p = missed / quiet
        low, high = max(p - half, 0.0), min(p + half, 1.0)
        if len(strata) == 1:
            low, high = (
                float(e) for e in wilson(strata[0].positives_found, strata[0].sampled, level)
            )
        elif missed == 0.0:
            high = most_missed / quiet
        rates["for"] = Corrected(p, low, high, "begg_greenes", missed, quiet)
        rates["npv"] = _other(rates["for"])
    if total and math.isfinite(found):
        p1 = right / checked
        variance = (alerts**2 * p1 * (1.0 - p1) / checked + spread) / total**2
        p = (found + missed) / total
        variance += p * (1.0 - p) / total
        size = p * (1.0 - p) / variance if variance > 0.0 else float(total)
        low, high = (float(e) for e in wilson(p * size, size, level))
        rates["prevalence"] = Corrected(p, low, high, "begg_greenes", found + missed, total)
    return rates


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
    method = "lang_reiczigel"
    if checked == 0 or se + sp <= 1.0:
        return Corrected(None, None, None, method)
    value = min(max((right / checked + sp - 1.0) / (se + sp - 1.0), 0.0), 1.0)
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

    :math:`(n_1 + 1)(n_2 + 1)/(m + 1) - 1`, whose bias is next to nothing; the interval is normal
    on the logarithm of those on neither list, never below those that are on one.

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

    Seber, G. A. F. (1970). The effects of trap response on tag recapture estimates. Biometrics 26,
    13-22 (its variance). https://doi.org/10.2307/2529040

    Chao, A. (1987). Estimating the population size for capture-recapture data with unequal
    catchability. Biometrics 43, 783-791 (the interval). https://doi.org/10.2307/2531532

    Examples
    --------
    >>> chapman(100, 80, 40).value.__round__(2)
    198.54
    """
    seen = first + second - both
    value = (first + 1.0) * (second + 1.0) / (both + 1.0) - 1.0
    variance = (
        (first + 1.0) * (second + 1.0) * (first - both) * (second - both)
        / ((both + 1.0) ** 2 * (both + 2.0))
    )  # fmt: skip
    unseen = value - seen
    if unseen <= 0.0 or variance <= 0.0:
        return Corrected(value, float(seen), max(value, float(seen)), "chapman_log")
    factor = math.exp(normal_quantile(level) * math.sqrt(math.log1p(variance / unseen**2)))
    return Corrected(value, seen + unseen / factor, seen + unseen * factor, "chapman_log")


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
