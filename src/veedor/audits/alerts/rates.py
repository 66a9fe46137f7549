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
from dataclasses import dataclass, replace

import numpy as np

from veedor.arrays import Floats
from veedor.audits.alerts.counting import CELLS, AlertCounts
from veedor.audits.alerts.statements import state, states
from veedor.audits.audit import Statement
from veedor.errors import StudyError, phrase
from veedor.statistics.clusters import ClusteredRate
from veedor.statistics.codes import Method
from veedor.statistics.intervals import Interval, clopper_pearson, wilson

INTERVALS = {"wilson": wilson, "clopper_pearson": clopper_pearson}
_OVER_CLUSTERS = {
    "wilson": "wilson_over_clusters", "clopper_pearson": "clopper_pearson_over_clusters",
}  # fmt: skip


@dataclass(frozen=True)
class RateDefinition:
    """Which cells a rate counts, and out of which.

    Parameters
    ----------
    counted, out_of : tuple of str
        Names of `CELLS`.
    better : str
        Direction, or empty where neither is better by itself.
    """

    counted: tuple[str, ...]
    out_of: tuple[str, ...]
    better: str = ""

    def weights(self) -> tuple[Floats, Floats]:
        """Return 0/1 weights over the six cells: of the numerator, of the denominator."""
        return (
            np.array([float(cell in self.counted) for cell in CELLS]),
            np.array([float(cell in self.out_of) for cell in CELLS]),
        )


_KNOWN = ("tp", "fp", "fn", "tn")
RATES = {
    "prevalence": RateDefinition(("tp", "fn"), _KNOWN),
    "alert_rate": RateDefinition(("tp", "fp", "alert_unknown"), CELLS),
    "tpr": RateDefinition(("tp",), ("tp", "fn"), "larger"),
    "fnr": RateDefinition(("fn",), ("tp", "fn"), "smaller"),
    "fpr": RateDefinition(("fp",), ("fp", "tn"), "smaller"),
    "tnr": RateDefinition(("tn",), ("fp", "tn"), "larger"),
    "ppv": RateDefinition(("tp",), ("tp", "fp"), "larger"),
    "fdr": RateDefinition(("fp",), ("tp", "fp"), "smaller"),
    "npv": RateDefinition(("tn",), ("fn", "tn"), "larger"),
    "for": RateDefinition(("fn",), ("fn", "tn"), "smaller"),
    "accuracy": RateDefinition(("tp", "tn"), _KNOWN, "larger"),
}


@dataclass(frozen=True)
class Proportions:
    """One rate of every group, and the one interval that it has everywhere.

    Parameters
    ----------
    name : str
    groups : tuple of str
    events, trials : array, shape (groups,)
    clustered : ClusteredRate or None
        The same rate over clusters, where rows come in clusters: intervals allow for them.
    clusters : tuple of str
        Header of what each group's rows are clustered by; empty where they are independent.
    """

    name: str
    groups: tuple[str, ...]
    events: Floats
    trials: Floats
    clustered: ClusteredRate | None = None
    clusters: tuple[str, ...] = ()

    @property
    def value(self) -> Floats:
        """Events by trials, NaN where there was no trial; shape (groups,)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.trials > 0.0, self.events / self.trials, np.nan)

    def size(self, level: float = 0.95) -> Floats:
        """Independent trials that would tell as much; NaN where nothing tells how many."""
        return self.trials if self.clustered is None else self.clustered.size(level)

    def method(self, plain: str) -> list[Method]:
        """Interval of every group: ``wilson``, or over as many trials as clusters leave."""
        by = self.clusters or ("",) * len(self.groups)
        over_clusters = _OVER_CLUSTERS[plain]
        return [
            Method(over_clusters, {"cluster": cluster}) if cluster else Method(plain)
            for cluster in by
        ]

    def interval(self, method: str = "wilson", level: float = 0.95) -> Interval:
        """Return low and high of every group, shape (groups,) each.

        Parameters
        ----------
        method : str
            ``wilson`` or ``clopper_pearson``; at as many trials as `size` says.
        level : float

        Raises
        ------
        StudyError
            If there is no such method.
        """
        if method not in INTERVALS:
            raise StudyError(
                phrase("An interval must be one of {intervals}.", intervals=", ".join(INTERVALS)),
                found=repr(method),
            )
        size = self.size(level)
        return INTERVALS[method](effective(self.events, self.trials, size), size, level)

    def with_clusters(self, rate: ClusteredRate, header: str | Sequence[str]) -> Proportions:
        """Return the same rate with intervals that allow for clusters.

        Parameters
        ----------
        rate : ClusteredRate
        header : str or sequence of str
            What the rows are clustered by; one for each group where they differ.
        """
        headers = (header,) * len(self.groups) if isinstance(header, str) else header
        named = tuple(
            "" if alone else one for alone, one in zip(rate.independent, headers, strict=True)
        )
        return replace(self, clustered=rate, clusters=named)


def effective(events: Floats, trials: Floats, size: Floats) -> Floats:
    """Events among as many trials as these are worth; exact where they are worth all."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(size == trials, events, np.where(trials > 0.0, events / trials, 0.0) * size)


def proportions(counts: AlertCounts) -> dict[str, Proportions]:
    """Return every rate of `RATES`, of every group.

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


def count_statements(subset: str, threshold: float | None, counts: AlertCounts) -> list[Statement]:
    """Statements of `n`, `tp`, `fp`, `fn` and `tn`, each out of all decisions of the group."""
    whole = counts.cells.sum(axis=1)
    made = []
    for name, numbers in (("n", whole), *zip(CELLS[:4], counts.cells.T[:4], strict=True)):
        for group, number, total in zip(counts.groups, numbers, whole, strict=True):
            made.append(
                state(subset, threshold, group, name, float(number), float(number), float(total))
            )
    return made


def rate_statements(
    subset: str,
    threshold: float | None,
    rates: dict[str, Proportions],
    method: str = "wilson",
    level: float = 0.95,
    table: str = "decisions",
) -> list[Statement]:
    """Statements of every rate of every group, with their intervals."""
    made = []
    for rate in rates.values():
        low, high = rate.interval(method, level)
        made += states(
            subset, threshold, rate.groups, rate.name, rate.value, rate.events, rate.trials,
            low, high, rate.method(method), level=level, table=table,
        )  # fmt: skip
    return made
