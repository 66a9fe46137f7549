r"""Error rates of an alert system, from counts.

==============  =========================  ==================================================
Rate            Out of                     Who is counted
==============  =========================  ==================================================
`prevalence`    known outcomes             those whose outcome is true
`alert_rate`    all decisions              those with an alert
`tpr`           outcomes that are true     those with an alert
`fnr`           outcomes that are true     those without: missed
`fpr`           outcomes that are false    those with an alert: wrongly flagged
`tnr`           outcomes that are false    those without
`ppv`           alerts with known outcome  those whose outcome is true
`fdr`           alerts with known outcome  those whose outcome is false
`npv`           no alert, known outcome    those whose outcome is false
`for`           no alert, known outcome    those whose outcome is true
`accuracy`      known outcomes             alert and outcome agree
==============  =========================  ==================================================

0/0 is undefined, never 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from veedor.audits.alerts.counting import CELLS, AlertCounts
from veedor.audits.alerts.estimates import Row, rows_of
from veedor.audits.alerts.intervals import (
    Interval,
    clopper_pearson,
    koopman_score,
    newcombe_hybrid,
    wilson,
)
from veedor.errors import StudyError

Floats = npt.NDArray[np.float64]
INTERVALS = {"wilson": wilson, "clopper_pearson": clopper_pearson}


@dataclass(frozen=True)
class RateDefinition:
    """Which cells a rate counts, out of which, and both in words.

    Parameters
    ----------
    counted, out_of : tuple of str
        Names of `CELLS`.
    who : str
        Whom it counts.
    denominator : str
        Out of whom.
    better : str
        Direction, or empty where neither is better by itself.
    """

    counted: tuple[str, ...]
    out_of: tuple[str, ...]
    who: str
    denominator: str
    better: str = ""

    def weights(self) -> tuple[Floats, Floats]:
        """Return 0/1 weights over the six cells: of the numerator, of the denominator."""
        return (
            np.array([float(cell in self.counted) for cell in CELLS]),
            np.array([float(cell in self.out_of) for cell in CELLS]),
        )


_KNOWN = ("tp", "fp", "fn", "tn")
_TRUE, _FALSE = "decisions whose outcome is true", "decisions whose outcome is false"
_ALERTS, _QUIET = "alerts whose outcome is known", "decisions without an alert, outcome known"
RATES = {
    "prevalence": RateDefinition(("tp", "fn"), _KNOWN, _TRUE, "decisions whose outcome is known"),
    "alert_rate": RateDefinition(("tp", "fp", "alert_unknown"), CELLS, "alerts", "decisions"),
    "tpr": RateDefinition(("tp",), ("tp", "fn"), "rightly flagged", _TRUE, "larger"),
    "fnr": RateDefinition(("fn",), ("tp", "fn"), "missed", _TRUE, "smaller"),
    "fpr": RateDefinition(("fp",), ("fp", "tn"), "wrongly flagged", _FALSE, "smaller"),
    "tnr": RateDefinition(("tn",), ("fp", "tn"), "rightly not flagged", _FALSE, "larger"),
    "ppv": RateDefinition(("tp",), ("tp", "fp"), "right alerts", _ALERTS, "larger"),
    "fdr": RateDefinition(("fp",), ("tp", "fp"), "wrong alerts", _ALERTS, "smaller"),
    "npv": RateDefinition(("tn",), ("fn", "tn"), "rightly not flagged", _QUIET, "larger"),
    "for": RateDefinition(("fn",), ("fn", "tn"), "missed", _QUIET, "smaller"),
    "accuracy": RateDefinition(
        ("tp", "tn"), _KNOWN, "decided as the outcome was", "decisions whose outcome is known",
        "larger",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Proportions:
    """One rate of every group.

    Parameters
    ----------
    name : str
    groups : tuple of str
    events, trials : array, shape (groups,)
    """

    name: str
    groups: tuple[str, ...]
    events: Floats
    trials: Floats

    @property
    def value(self) -> Floats:
        """Events by trials, NaN where there was no trial; shape (groups,)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.trials > 0.0, self.events / self.trials, np.nan)

    def interval(self, method: str = "wilson", level: float = 0.95) -> Interval:
        """Return low and high of every group, shape (groups,) each.

        Parameters
        ----------
        method : str
            ``wilson`` or ``clopper_pearson``.
        level : float

        Raises
        ------
        StudyError
            If there is no such method.
        """
        if method not in INTERVALS:
            raise StudyError(
                f"An interval must be one of {', '.join(INTERVALS)}.", found=repr(method)
            )
        return INTERVALS[method](self.events, self.trials, level)


def proportions(counts: AlertCounts) -> dict[str, Proportions]:
    """Return every rate of `RATES`, of every group.

    Parameters
    ----------
    counts : AlertCounts

    Examples
    --------
    >>> counts = AlertCounts.of(("a", "b"), [[8, 2, 2, 8, 0, 0], [0, 0, 1, 4, 0, 0]])
    >>> proportions(counts)["ppv"].value
    array([0.8, 0.8, nan])
    """
    found = {}
    for name, definition in RATES.items():
        above, below = definition.weights()
        found[name] = Proportions(name, counts.groups, counts.cells @ above, counts.cells @ below)
    return found


def count_rows(subset: str, threshold: float | None, counts: AlertCounts) -> list[Row]:
    """Rows of `n`, `tp`, `fp`, `fn` and `tn`, each out of all decisions of the group."""
    whole = counts.cells.sum(axis=1)
    rows = []
    for name, numbers in (("n", whole), *zip(CELLS[:4], counts.cells.T[:4], strict=True)):
        for group, number, total in zip(counts.groups, numbers, whole, strict=True):
            rows.append(
                Row(subset, threshold, group, name, float(number), float(number), float(total))
            )
    return rows


def rate_rows(
    subset: str,
    threshold: float | None,
    rates: dict[str, Proportions],
    method: str = "wilson",
    level: float = 0.95,
) -> list[Row]:
    """Rows of every rate of every group, with their intervals."""
    rows = []
    for rate in rates.values():
        low, high = rate.interval(method, level)
        rows += rows_of(
            subset, threshold, rate.groups, rate.name, rate.value, rate.events, rate.trials,
            low, high, method,
        )  # fmt: skip
    return rows


def likelihood_ratio_rows(
    subset: str, threshold: float | None, rates: dict[str, Proportions], level: float = 0.95
) -> list[Row]:
    """Rows of `lr_pos` (TPR by FPR) and `lr_neg` (FNR by TNR), with Koopman's interval.

    Undefined where FPR or TNR is 0 or undefined; the low end of the interval is given where there
    is one.
    """
    rows = []
    for name, above, below in (("lr_pos", "tpr", "fpr"), ("lr_neg", "fnr", "tnr")):
        top, bottom = rates[above], rates[below]
        rows += _ratio_rows(subset, threshold, name, top, bottom, level)
    return rows


def comparison_rows(
    subset: str,
    threshold: float | None,
    rates: dict[str, Proportions],
    reference: str,
    level: float = 0.95,
) -> list[Row]:
    """Rows of every group's ratio to, and difference from, the reference group.

    Ratios have Koopman's interval and name both rates as numerator and denominator; differences
    have Newcombe's.
    """
    return proportion_comparison_rows(subset, threshold, list(rates.values()), reference, level)


def proportion_comparison_rows(
    subset: str,
    threshold: float | None,
    rates: Sequence[Proportions],
    reference: str,
    level: float = 0.95,
) -> list[Row]:
    """Rows of `comparison_rows`, for any proportions."""
    rows = []
    for rate in rates:
        at = rate.groups.index(reference)
        others = [n for n, group in enumerate(rate.groups) if group not in ("ALL", reference)]
        pick = Proportions(
            rate.name, tuple(rate.groups[n] for n in others), rate.events[others],
            rate.trials[others],
        )  # fmt: skip
        base = Proportions(
            rate.name, pick.groups, np.repeat(rate.events[at], len(others)),
            np.repeat(rate.trials[at], len(others)),
        )  # fmt: skip
        name = f"{rate.name}_ratio_vs_{reference}"
        rows += _ratio_rows(subset, threshold, name, pick, base, level)
        low, high = newcombe_hybrid(pick.events, pick.trials, base.events, base.trials, level)
        rows += rows_of(
            subset, threshold, pick.groups, f"{rate.name}_diff_vs_{reference}",
            pick.value - base.value, pick.value, base.value, low, high, "newcombe_hybrid",
        )  # fmt: skip
    return rows


def _ratio_rows(
    subset: str,
    threshold: float | None,
    name: str,
    top: Proportions,
    bottom: Proportions,
    level: float,
) -> list[Row]:
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(bottom.value > 0.0, top.value / bottom.value, np.nan)
    low, high = koopman_score(top.events, top.trials, bottom.events, bottom.trials, level)
    return rows_of(
        subset, threshold, top.groups, name, value, top.value, bottom.value, low, high,
        "koopman_score",
    )  # fmt: skip
