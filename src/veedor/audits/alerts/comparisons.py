"""Groups compared: ratios, differences, gaps to everyone, and the widest gap of all.

Where rows come in clusters, the variance of what is compared is linearised over them, with the
covariance of the two rates: groups of one evening go right or wrong together, and a group is part
of everyone. Its design effect is put on the trials of both.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec
import numpy as np
from scipy import special

from veedor.arrays import Floats
from veedor.audits.alerts.rates import Proportions, effective
from veedor.audits.alerts.statements import states
from veedor.audits.audit import Statement, finite
from veedor.statistics.codes import Method
from veedor.statistics.intervals import (
    Interval,
    koopman_score,
    newcombe_hybrid,
    newcombe_within,
    normal_quantile,
)

#: More groups than this are not compared pair by pair.
MOST_FOR_PAIRS = 200


def likelihood_ratio_statements(
    subset: str, threshold: float | None, rates: dict[str, Proportions], level: float = 0.95
) -> list[Statement]:
    """Statements of `lr_pos` (TPR by FPR) and `lr_neg` (FNR by TNR), with Koopman's interval.

    Undefined where FPR or TNR is 0 or undefined; the low end of the interval is given where there
    is one. The two rates are of different decisions, each with what its own are worth.
    """
    made = []
    for name, above, below in (("lr_pos", "tpr", "fpr"), ("lr_neg", "fnr", "tnr")):
        top, bottom = rates[above], rates[below]
        n1, n2 = top.size(level), bottom.size(level)
        with np.errstate(invalid="ignore", divide="ignore"):
            value = np.where(bottom.value > 0.0, top.value / bottom.value, np.nan)
        low, high = koopman_score(
            effective(top.events, top.trials, n1), n1,
            effective(bottom.events, bottom.trials, n2), n2, level,
        )  # fmt: skip
        made += states(
            subset, threshold, top.groups, name, value, top.value, bottom.value, low, high,
            Method("koopman_score"), level=level,
        )  # fmt: skip
    return made


def comparison_statements(
    subset: str,
    threshold: float | None,
    rates: Sequence[Proportions],
    reference: str,
    level: float = 0.95,
    table: str = "decisions",
) -> list[Statement]:
    """Statements of every group's ratio to, and difference from, the reference group.

    Ratios have Koopman's interval and name both rates as numerator and denominator; differences
    have Newcombe's.

    Parameters
    ----------
    subset : str
    threshold : float or None
    rates : sequence of Proportions
        Where they have clusters, their covariance is with the reference.
    reference : str
    level : float
    """
    made = []
    for rate in rates:
        at = rate.groups.index(reference)
        others = [n for n, group in enumerate(rate.groups) if group not in ("ALL", reference)]
        names = [rate.groups[n] for n in others]
        base = rate.value[at]
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio = rate.value / base if base > 0.0 else np.full(len(rate.groups), np.nan)
        for by, value, (low, high), method in (
            ("ratio", ratio, ratio_interval(rate, at, level), Method("koopman_score")),
            (
                "diff",
                rate.value - base,
                difference_interval(rate, at, level),
                Method("newcombe_hybrid"),
            ),
        ):
            made += states(
                subset, threshold, names, f"{rate.name}_{by}_vs_{reference}", value[others],
                rate.value[others], np.repeat(base, len(others)), low[others], high[others], method,
                level=level, table=table,
            )  # fmt: skip
    return made


def ratio_interval(rate: Proportions, base: int, level: float = 0.95) -> Interval:
    """Interval of every group's rate by that of a group that it is not part of.

    Parameters
    ----------
    rate : Proportions
    base : int
        Number of that group.
    level : float
    """
    p = rate.value
    with np.errstate(invalid="ignore", divide="ignore"):
        plain = (1.0 - p) / (rate.trials * p)
        n1, n2 = _sizes(rate, base, plain + plain[base], 1.0 / p, level)
    x1 = effective(rate.events, rate.trials, n1)
    x2 = effective(np.full_like(n2, rate.events[base]), np.full_like(n2, rate.trials[base]), n2)
    return koopman_score(x1, n1, x2, n2, level)


def difference_interval(rate: Proportions, base: int, level: float = 0.95) -> Interval:
    """Interval of every group's rate less that of a group that it is not part of."""
    p = rate.value
    with np.errstate(invalid="ignore", divide="ignore"):
        plain = p * (1.0 - p) / rate.trials
        n1, n2 = _sizes(rate, base, plain + plain[base], np.ones_like(p), level)
    x1 = effective(rate.events, rate.trials, n1)
    x2 = effective(np.full_like(n2, rate.events[base]), np.full_like(n2, rate.trials[base]), n2)
    return newcombe_hybrid(x1, n1, x2, n2, level)


def gap_interval(rate: Proportions, level: float = 0.95) -> Interval:
    """Interval of every group's rate less that of everyone, of whom the group is part.

    Parameters
    ----------
    rate : Proportions
        Whose first group is everyone; where it has clusters, its covariance is with everyone.
    level : float
    """
    x, n = rate.events, rate.trials
    rest, others = n[0] - n, x[0] - x
    with np.errstate(invalid="ignore", divide="ignore"):
        p, q = rate.value, np.where(rest > 0.0, others / rest, np.nan)
        plain = (rest / n[0]) ** 2 * (p * (1.0 - p) / n + q * (1.0 - q) / rest)
        n1, _ = _sizes(rate, 0, plain, np.ones_like(p), level)
        # What a group's trials lose, the others' lose too: their clusters are the same.
        kept = np.where(n > 0.0, n1 / n, np.nan)
    low, high = newcombe_within(x * kept, n * kept, x[0] * kept, n[0] * kept, level)
    return low, high


def _sizes(
    rate: Proportions, base: int, plain: Floats, scale: Floats, level: float
) -> tuple[Floats, Floats]:
    """Independent trials of every group, and of the base beside it, for what compares the two.

    `plain` is the variance of what is compared, were trials independent; `scale` is what a rate
    is multiplied by in it.
    """
    size = rate.size(level)
    alone, beside = size, np.full_like(size, size[base])
    held = rate.clustered
    if held is None:
        return alone, beside
    with np.errstate(invalid="ignore", divide="ignore"):
        own = np.where(
            held.independent, rate.value * (1.0 - rate.value) / rate.trials, held.variance
        )
        spread = scale**2 * own + scale[base] ** 2 * own[base]
        spread -= 2.0 * scale * scale[base] * held.covariance
        effect = np.maximum(spread / plain, 1.0)
        clusters = np.minimum(held.effective_clusters, held.effective_clusters[base])
        few = np.maximum(np.where(held.independent, rate.trials, clusters) - 1.0, 1.0)
        tail = 0.5 + level / 2.0
        effect *= (special.stdtrit(few, tail) / normal_quantile(level)) ** 2
        known = np.isfinite(effect) & (plain > 0.0)
        one = np.where(known, np.minimum(rate.trials / effect, rate.trials), alone)
        two = np.where(known, np.minimum(rate.trials[base] / effect, rate.trials[base]), beside)
    return one, two


def widest_gap(rate: Proportions, level: float = 0.95) -> tuple[float, float, float]:
    """Largest less smallest rate of any group; its interval holds 0 where all may be equal.

    Its ends are the largest low and the largest high end of Newcombe's intervals of the differences
    of all pairs, each at a level so high that all of them hold together (Bonferroni): the true
    widest gap is the largest of those differences. Low is 0 where no pair differs that surely.

    Parameters
    ----------
    rate : Proportions
        Whose first group is everyone: left out.
    level : float

    Returns
    -------
    value, low, high : float
        NaN where any group's rate is undefined, or there are fewer than two groups or more than
        200.

    Examples
    --------
    >>> rate = Proportions("fpr", ("ALL", "a", "b"), np.array([30.0, 10, 20]),
    ...     np.array([200.0, 100, 100]))
    >>> [round(number, 2) for number in widest_gap(rate)]
    [0.1, 0.0, 0.2]
    """
    p = rate.value[1:]
    groups = len(p)
    if not 2 <= groups <= MOST_FOR_PAIRS or not np.isfinite(p).all():
        return math.nan, math.nan, math.nan
    one, two = np.triu_indices(groups, 1)
    together = 1.0 - (1.0 - level) / len(one)
    n = rate.size(together)[1:]
    x = effective(rate.events[1:], rate.trials[1:], n)
    low, high = newcombe_hybrid(x[one], n[one], x[two], n[two], together)
    upper = float(np.maximum(np.abs(low), np.abs(high)).max())
    return float(np.ptp(p)), float(max(np.maximum(low, -high).max(), 0.0)), upper


class SurestGroup(msgspec.Struct, frozen=True):
    """The group whose rate differs most surely from the reference's; how many were looked at."""

    metric: str
    group: str
    reference: str
    ratio: float
    low: float
    high: float | None
    level: float
    compared: int


def surest_group(rate: Proportions, reference: str, level: float = 0.95) -> SurestGroup | None:
    """Return the group whose rate differs most surely from the reference's, if any does.

    The ratio's interval is at a level so high that those of all groups hold together (Bonferroni,
    which is Holm's first step): where it leaves out 1 the group differs, however many were looked
    at.

    Parameters
    ----------
    rate : Proportions
        Where it has clusters, its covariance is with the reference.
    reference : str
    level : float
        Of all intervals together.

    Returns
    -------
    SurestGroup or None
        None where no interval leaves out 1.
    """
    base = rate.groups.index(reference)
    others = [
        n
        for n, group in enumerate(rate.groups)
        if group not in ("ALL", reference) and rate.trials[n] > 0.0
    ]
    if not others or not rate.value[base] > 0.0:
        return None
    together = 1.0 - (1.0 - level) / len(others)
    low, high = ratio_interval(rate, base, together)
    with np.errstate(divide="ignore", invalid="ignore"):
        surely = np.fmax(np.log(low), -np.log(high))
    surely = np.where(np.isfinite(surely), surely, -np.inf)
    at = max(others, key=lambda n: float(surely[n]))
    if not surely[at] > 0.0:
        return None
    return SurestGroup(
        rate.name, rate.groups[at], reference, float(rate.value[at] / rate.value[base]),
        float(low[at]), finite(high[at]), level, len(others),
    )  # fmt: skip


class Compared(msgspec.Struct, frozen=True):
    """A group's error rate as times the reference's, with an interval that holds beside others'.

    Parameters
    ----------
    metric, group, reference : str
    ratio : float or None
        None where the reference's rate is 0 or undefined.
    low, high : float or None
        Of Koopman's interval; `high` is None where there is no limit, `low` where nothing is known.
    level : float
        Of all intervals together.
    together : int
        How many comparisons that level holds for (Bonferroni).
    """

    metric: str
    group: str
    reference: str
    ratio: float | None
    low: float | None
    high: float | None
    level: float
    together: int

    @property
    def direction(self) -> int:
        """1 where the rate is shown to be higher than the reference's, -1 lower, 0 not shown.

        >>> Compared("fpr", "a", "b", 1.9, 1.6, 2.2, 0.95, 3).direction
        1
        >>> Compared("fpr", "a", "b", 1.9, 1.0, 2.2, 0.95, 3).direction
        0
        """
        if self.low is not None and self.low > 1.0:
            return 1
        return -1 if self.high is not None and self.high < 1.0 else 0


def compared_together(
    rates: Sequence[Proportions], reference: str, level: float = 0.95
) -> tuple[Compared, ...]:
    """Compare several rates of every group with the reference's, all intervals holding together.

    Parameters
    ----------
    rates : sequence of Proportions
        Of the same groups; where they have clusters, their covariance is with the reference.
    reference : str
    level : float
        Of all intervals together: each is at 1 - (1 - level) / comparisons.

    Returns
    -------
    tuple of Compared
        Of each rate, the groups in their order; a group or a reference without a trial is left out.

    Examples
    --------
    >>> rate = Proportions("fpr", ("ALL", "a", "b"), np.array([30.0, 10, 20]),
    ...     np.array([200.0, 100, 100]))
    >>> (one,) = compared_together([rate], "a")
    >>> one.group, one.ratio, one.together, one.direction
    ('b', 2.0, 1, 1)
    """
    pairs = [
        (rate, n)
        for rate in rates
        for n, group in enumerate(rate.groups)
        if group not in ("ALL", reference)
        and rate.trials[n] > 0.0
        and rate.trials[rate.groups.index(reference)] > 0.0
    ]
    if not pairs:
        return ()
    each = 1.0 - (1.0 - level) / len(pairs)
    ends = {rate.name: ratio_interval(rate, rate.groups.index(reference), each) for rate in rates}
    made = []
    for rate, n in pairs:
        base = rate.value[rate.groups.index(reference)]
        low, high = (finite(end[n]) for end in ends[rate.name])
        ratio = finite(rate.value[n] / base) if base > 0.0 else None
        made.append(
            Compared(rate.name, rate.groups[n], reference, ratio, low, high, level, len(pairs))
        )
    return tuple(made)
