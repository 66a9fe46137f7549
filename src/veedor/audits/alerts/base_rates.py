"""The same system at another base rate: how many are wrongly flagged for each right one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from veedor.arrays import Floats
from veedor.audits.alerts.rates import Proportions, effective
from veedor.audits.alerts.statements import states
from veedor.audits.audit import Statement
from veedor.statistics.codes import Method
from veedor.statistics.intervals import mercaldo_logit

#: From one in a hundred thousand to one in two.
BASE_RATES = (
    1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5,
)  # fmt: skip


def ppv_at(tpr: npt.ArrayLike, fpr: npt.ArrayLike, base_rate: npt.ArrayLike) -> Floats:
    r"""Share of alerts that are right, where a share `base_rate` of those checked are positive.

    :math:`\text{TPR}\,b / (\text{TPR}\,b + \text{FPR}(1 - b))`, Bayes' rule. Undefined where
    nobody would be flagged.

    Parameters
    ----------
    tpr, fpr, base_rate : array

    Examples
    --------
    A system that is right 99 times in 100 both ways, where one in ten thousand is sought:

    >>> ppv_at(0.99, 0.01, 1e-4).round(4).item()
    0.0098
    """
    t, f, b = (np.asarray(x, dtype=np.float64) for x in (tpr, fpr, base_rate))
    with np.errstate(invalid="ignore", divide="ignore"):
        value: Floats = t * b / (t * b + f * (1.0 - b))
    return value


def base_rate_statements(
    subset: str,
    threshold: float | None,
    tpr: Proportions,
    fpr: Proportions,
    base_rates: Sequence[float] = BASE_RATES,
    level: float = 0.95,
    table: str = "decisions",
) -> list[Statement]:
    """Statements of `ppv_at_base_rate_<b>` and `false_per_true_at_<b>`, with Mercaldo's interval.

    False alerts for each true one are (1 - PPV) / PPV, and so are the ends of their interval, the
    other way round; undefined (and without a high end) where no alert would be true.

    Parameters
    ----------
    subset : str
    threshold : float or None
    tpr, fpr : Proportions
        Of the same groups.
    base_rates : sequence of float
        In (0, 1).
    level : float
    """
    made = []
    n1, n0 = tpr.size(level), fpr.size(level)
    for base_rate in base_rates:
        value = ppv_at(tpr.value, fpr.value, base_rate)
        low, high = mercaldo_logit(
            effective(tpr.events, tpr.trials, n1), n1, effective(fpr.events, fpr.trials, n0), n0,
            base_rate, level,
        )  # fmt: skip
        name = repr(float(base_rate))
        above, below = tpr.value * base_rate, fpr.value * (1.0 - base_rate)
        made += states(
            subset, threshold, tpr.groups, f"ppv_at_base_rate_{name}", value, above, above + below,
            low, high, Method("mercaldo_logit"), level=level, table=table,
        )  # fmt: skip
        with np.errstate(divide="ignore", invalid="ignore"):
            per_true = np.where(value > 0.0, below / above, np.nan)
            ends = (1.0 - high) / high, np.where(low > 0.0, (1.0 - low) / low, np.inf)
        made += states(
            subset, threshold, tpr.groups, f"false_per_true_at_{name}", per_true, below, above,
            *ends, Method("mercaldo_logit"), level=level, table=table,
        )  # fmt: skip
    return made


def per_day(tpr: float, fpr: float, base_rate: float, people_a_day: float) -> tuple[float, float]:
    """Expected true and false alerts a day.

    Parameters
    ----------
    tpr, fpr, base_rate : float
    people_a_day : float
        How many are checked a day.

    Examples
    --------
    >>> tuple(round(n, 6) for n in per_day(0.9, 0.001, 1e-4, 100_000))
    (9.0, 99.99)
    """
    return people_a_day * base_rate * tpr, people_a_day * (1.0 - base_rate) * fpr


def of_1000_alerts(ppv: float | None) -> tuple[int, int] | None:
    """Of 1,000 alerts: how many are right, how many wrong.

    Returns
    -------
    (int, int) or None
        None where undefined. Fewer than one right in a thousand is 0, and is to be said in words.

    Examples
    --------
    >>> of_1000_alerts(0.0098), of_1000_alerts(None)
    ((10, 990), None)
    """
    if ppv is None:
        return None
    right = round(1000 * ppv)
    return right, 1000 - right
