"""A claim about a rate, before the counts: supported, contradicted, or not enough data."""

from __future__ import annotations

import math

import msgspec
import numpy as np
from scipy import special

SUPPORTED, CONTRADICTED = "supported", "contradicted"
NOT_ENOUGH = "not_enough_data"
#: Odds ratios of the alternatives of an e-value.
_ODDS = np.geomspace(1.25, 128.0, 16)
_SOURCE = (
    "Clopper & Pearson (1934), https://doi.org/10.1093/biomet/26.4.404; "
    "Ramdas et al. (2023), https://doi.org/10.1214/23-STS894 (e-values)"
)


class ClaimVerdict(msgspec.Struct, frozen=True):
    """What the counts say to a claim.

    Parameters
    ----------
    verdict : str
        ``supported``, ``contradicted`` or ``not_enough_data``.
    value : float or None
        The rate that was counted.
    events, trials : int
    p_if_false : float or None
        Exact one-sided probability of counts so favourable, were the claim just false.
    p_if_true : float or None
        Exact one-sided probability of counts so unfavourable, were the claim just true.
    e_against : float or None
        E-value against the claim: at most 1 on average if it is true, however long one waits.
    e_for : float or None
        E-value for the claim: at most 1 on average if it is false.
    alpha : float
    trials_to_settle : int or None
        Trials without one event against the claim that would support it. None where no number
        would.
    size : float or None
        Independent trials that the tests took them for; fewer than `trials` where those come in
        clusters. None where there is nothing to test.
    source : str
        Papers of the tests.
    """

    verdict: str
    value: float | None
    events: int
    trials: int
    p_if_false: float | None
    p_if_true: float | None
    e_against: float | None
    e_for: float | None
    alpha: float
    trials_to_settle: int | None
    size: float | None
    source: str = _SOURCE


def error_free_trials(value: float, alpha: float = 0.05) -> int | None:
    r"""Trials, all without an error, after which an error rate of `value` or more is rejected.

    The smallest n with :math:`(1 - \text{value})^n \le \alpha`. None where value is 0: no number
    of trials shows that something never happens.

    Parameters
    ----------
    value : float
        In [0, 1].
    alpha : float

    Examples
    --------
    "Fewer than 1 in 6,000":

    >>> error_free_trials(1 / 6000)
    17973
    """
    if value <= 0.0:
        return None
    if value >= 1.0:
        return 1
    n = max(math.floor(math.log(alpha) / math.log1p(-value)) - 1, 1)
    while n * math.log1p(-value) > math.log(alpha):
        n += 1
    return n


def one_sided_e_value(events: float, trials: float, limit: float, *, rising: bool = True) -> float:
    r"""E-value against a rate of at most `limit` (or, where not `rising`, of at least `limit`).

    The mean, over 16 alternatives whose odds are 1.25 to 128 times those of the limit, of the
    likelihood ratio of the alternative to the limit,
    :math:`(p_1 / p_0)^x ((1 - p_1) / (1 - p_0))^{n - x}`.

    At most 1 on average under every rate within the limit, at any time one stops: 20 or more is
    evidence at the 5% level. 1 without trials; infinite where an event was ruled out and came.

    Parameters
    ----------
    events, trials : float
        Need not be whole: an effective number is not.
    limit : float
        In [0, 1].
    rising : bool

    References
    ----------
    Ramdas, A., Grunwald, P., Vovk, V. & Shafer, G. (2023). Game-theoretic statistics and safe
    anytime-valid inference. Statistical Science 38, 576-601. https://doi.org/10.1214/23-STS894

    Examples
    --------
    >>> round(one_sided_e_value(5, 5, 0.5), 1)
    19.1
    """
    if not rising:
        return one_sided_e_value(trials - events, trials, 1.0 - limit)
    if limit >= 1.0 or trials == 0:
        return 1.0
    if limit <= 0.0:
        return math.inf if events else 1.0
    other = special.expit(special.logit(limit) + np.log(_ODDS))
    logs = events * np.log(other / limit) + (trials - events) * (
        np.log1p(-other) - math.log1p(-limit)
    )
    return math.exp(min(float(special.logsumexp(logs)) - math.log(len(_ODDS)), 700.0))


def judge(
    operator: str,
    value: float,
    events: int,
    trials: int,
    alpha: float = 0.05,
    size: float | None = None,
) -> ClaimVerdict:
    """Judge a claim that a rate is ``<``, ``<=``, ``>`` or ``>=`` a value.

    Supported where the exact one-sided test rejects that it is false; contradicted where it
    rejects that it is true; otherwise there are not enough data. A claim of less than a value and
    one of at most it are judged alike: no data tell them apart.

    Parameters
    ----------
    operator : str
    value : float
        In [0, 1].
    events, trials : int
    alpha : float
    size : float, optional
        Independent trials that would tell as much, where trials come in clusters: the test is then
        of the same share of so many. NaN where nothing tells how many: not enough data.

    Examples
    --------
    >>> judge("<", 1 / 6000, 0, 8600).verdict, judge("<", 1 / 6000, 7, 8600).verdict
    ('not_enough_data', 'contradicted')
    >>> judge("<", 1 / 6000, 0, 17973).verdict
    'supported'
    """
    below = operator.startswith("<")
    settle = error_free_trials(value if below else 1.0 - value, alpha)
    n = float(trials) if size is None else size
    if trials == 0 or math.isnan(n):
        rate = events / trials if trials else None
        return ClaimVerdict(
            NOT_ENOUGH, rate, events, trials, None, None, 1.0, 1.0, alpha, settle, None
        )
    x = float(events) if n == trials else events / trials * n
    few = 1.0 if x >= n else float(special.betainc(n - x, x + 1.0, 1.0 - value))
    many = 1.0 if x <= 0.0 else float(special.betainc(x, n - x + 1.0, value))
    p_if_false, p_if_true = (few, many) if below else (many, few)
    verdict = NOT_ENOUGH
    if p_if_false <= alpha:
        verdict = SUPPORTED
    elif p_if_true <= alpha:
        verdict = CONTRADICTED
    against = one_sided_e_value(x, n, value, rising=below)
    support = one_sided_e_value(x, n, value, rising=not below)
    return ClaimVerdict(
        verdict, events / trials, events, trials, p_if_false, p_if_true,
        against if math.isfinite(against) else None, support if math.isfinite(support) else None,
        alpha, settle, n,
    )  # fmt: skip
