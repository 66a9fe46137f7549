"""How a rate of an alert system is stated, and out of whom it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from veedor.audits.audit import Statement, Subject, finite
from veedor.statistics import Estimate
from veedor.statistics.codes import Denominator, Method

#: Of everyone, whatever the group.
ALL = "ALL"
#: Statistic -> whom it is out of.
_OUT_OF = {
    "prevalence": "known_outcomes", "accuracy": "known_outcomes", "alert_rate": "decisions",
    "tpr": "true_outcomes", "fnr": "true_outcomes", "fpr": "false_outcomes",
    "tnr": "false_outcomes", "ppv": "resolved_alerts", "fdr": "resolved_alerts",
    "npv": "resolved_others", "for": "resolved_others", "fpir": "searches_not_in_gallery",
    "selectivity": "searches_not_in_gallery", "fnir_rank1": "searches_in_gallery",
    "fnir_rank5": "searches_in_gallery", "fta_rate": "searches",
    "alerts_per_transaction": "people_who_passed",
    "false_alerts_per_transaction": "people_who_passed",
    "true_alerts_per_transaction": "people_who_passed", "stops_per_false_alert": "false_alerts",
    "engagements_per_alert": "alerts", "alerts_per_hour": "hours",
    "false_alerts_per_hour": "hours", "alerts_per_camera_hour": "camera_hours",
    "false_alerts_per_camera_hour": "camera_hours", "auc": "pairs_of_outcomes",
    "false_per_true": "right_alerts", "ppv_adjudicator_corrected": "resolved_alerts",
    "positives_by_recapture": "positives_on_both_lists", "lr_pos": "rate_below",
    "lr_neg": "rate_below", "n_mated": "searches", "n_nonmated": "searches",
}  # fmt: skip
#: Statistics with a name inside: pattern -> whom they are out of.
_LIKE = (
    (re.compile(r".+_(?:ratio|diff)_vs_.*", re.DOTALL), "rate_of_the_reference"),
    (re.compile(r"(?:ppv_at_base_rate|false_per_true_at)_.+"), "rates_at_the_base_rate"),
    (re.compile(r"ppv_if_unresolved_.+"), "alerts"),
    (re.compile(r"threshold_at_fpir_.+"), "searches_not_in_gallery"),
    (re.compile(r".+_(?:widest_gap|max_over_geomean)|(?:garbe|fdr_fair)_.+"), "all_groups"),
)
#: Denominators that are rates: nothing was counted that a statistic is out of.
_RATES = {"rate_below", "rate_of_the_reference", "rates_at_the_base_rate"}


def out_of(table: str, statistic: str) -> Denominator:
    """Say whom a statistic is out of.

    Parameters
    ----------
    table : str
        ``decisions``, ``searches`` or ``deployments``.
    statistic : str

    Examples
    --------
    >>> out_of("deployments", "alert_rate").code, out_of("decisions", "fpr_ratio_vs_a").code
    ('people_who_passed', 'rate_of_the_reference')
    """
    if table == "deployments" and statistic == "alert_rate":
        return Denominator("people_who_passed")
    code = _OUT_OF.get(statistic)
    if code is None:
        code = next((code for like, code in _LIKE if like.fullmatch(statistic)), None)
    return Denominator(code or {"deployments": "people_who_passed"}.get(table, table))


def state(
    subset: str,
    threshold: float | None,
    group: str,
    statistic: str,
    value: float | None,
    numerator: float | None = None,
    denominator: float | None = None,
    low: float | None = None,
    high: float | None = None,
    method: Method | None = None,
    *,
    level: float = 0.95,
    table: str = "decisions",
) -> Statement:
    """State one number; what is not finite becomes None: undefined.

    Parameters
    ----------
    subset : str
        ``all``, or what part of the data.
    threshold : float or None
        None where the system's own alerts are counted.
    group : str
        ``ALL`` is everyone.
    statistic : str
    value : float or None
        Probabilities, not per cents.
    numerator, denominator : float or None
    low, high : float or None
    method : Method or None
        Of the interval; None where there is none.
    level : float
    table : str
        ``decisions``, ``searches`` or ``deployments``.

    Examples
    --------
    >>> state("all", None, "ALL", "ppv", float("nan"), 0, 0).estimate.value is None
    True

    The n of an estimate is 0 where it is out of a rate, which stays in the statement:

    >>> ratio = state("all", None, "b", "fpr_ratio_vs_a", 1.25, 0.8, 0.64)
    >>> ratio.estimate.n, ratio.out_of
    (0, 0.64)
    """
    size, of = finite(denominator), out_of(table, statistic)
    made = Estimate(
        finite(value), finite(low), finite(high), level, method or Method("none_counted"),
        0 if of.code in _RATES else round(size or 0.0), of,
    )  # fmt: skip
    subject = Subject(group, "", subset, finite(threshold))
    return Statement(subject, statistic, made, finite(numerator), size)


def states(
    subset: str,
    threshold: float | None,
    groups: Sequence[str],
    statistic: str,
    value: npt.ArrayLike,
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    method: Method | Sequence[Method],
    *,
    level: float = 0.95,
    table: str = "decisions",
) -> list[Statement]:
    """State a number of each group, from arrays of shape (groups,); one method, or one a group."""
    methods = [method] * len(groups) if isinstance(method, Method) else method
    columns = [np.asarray(c, dtype=np.float64) for c in (value, numerator, denominator, low, high)]
    return [
        state(
            subset, threshold, group, statistic, x, counted, of, least, most, how, level=level,
            table=table,
        )
        for group, how, x, counted, of, least, most in zip(
            groups, methods, *(column.tolist() for column in columns), strict=True
        )
    ]  # fmt: skip
