"""One pass over the decisions to counts; everything after works on counts.

The six cells of a group: alerts whose outcome is true (``tp``), false (``fp``) or unknown, and
decisions without an alert whose outcome is true (``fn``), false (``tn``) or unknown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from veedor.audits.alerts.tables.decisions import Decisions
from veedor.audits.alerts.tables.small import Stratum
from veedor.incidents.times import quoted

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CELLS = ("tp", "fp", "fn", "tn", "alert_unknown", "quiet_unknown")
ALL = "ALL"
_CELL_OF = {(1, 1): 0, (1, 0): 1, (0, 1): 2, (0, 0): 3, (1, 2): 4, (0, 2): 5}
_CELL_SQL = (
    "({alert} AND outcome = 1)", "({alert} AND outcome = 0)",
    "(NOT ({alert}) AND outcome = 1)", "(NOT ({alert}) AND outcome = 0)",
)  # fmt: skip


@dataclass(frozen=True)
class AlertCounts:
    """Cells of each group, and of everyone.

    Parameters
    ----------
    groups : tuple of str
        The first is ``ALL``.
    cells : array of int, shape (groups, 6)
        In the order of `CELLS`; the first row is the sum of the others.

    Examples
    --------
    >>> counts = AlertCounts.of(("a", "b"), [[1, 2, 3, 4, 0, 0], [1, 0, 0, 1, 0, 0]])
    >>> counts.groups, counts.cells[0].tolist()
    (('ALL', 'a', 'b'), [2, 2, 3, 5, 0, 0])
    """

    groups: tuple[str, ...]
    cells: Ints

    @classmethod
    def of(cls, groups: tuple[str, ...], cells: npt.ArrayLike) -> AlertCounts:
        """Put the sum of all groups before them.

        Parameters
        ----------
        groups : tuple of str
        cells : array of int, shape (groups, 6)
        """
        counted = np.asarray(cells, dtype=np.int64).reshape(-1, len(CELLS))
        return cls((ALL, *groups), np.vstack([counted.sum(axis=0), counted]))


def count(decisions: Decisions, threshold: float | None, version: str | None = None) -> AlertCounts:
    """Count the cells of every group at a threshold, in one query.

    Parameters
    ----------
    decisions : Decisions
    threshold : float or None
        None for the alerts that the system gave.
    version : str, optional
        Of the system, to count its decisions only.
    """
    only = "" if version is None else f"WHERE system_version = {quoted(version)} "
    found = decisions.source.database.rows(
        f"SELECT grp, ({decisions.alert(threshold)})::INT, outcome, count(*) FROM decisions "
        f"{only}GROUP BY ALL"
    )
    names = decisions.groups or ("everyone",)
    place = {name: number for number, name in enumerate(names)}
    cells = np.zeros((len(names), len(CELLS)), dtype=np.int64)
    for group, alert, outcome, number in found:
        row = place[group] if decisions.groups else 0
        cells[row, _CELL_OF[alert, outcome]] += number
    if decisions.groups:
        return AlertCounts.of(names, cells)
    return AlertCounts((ALL,), cells)


@dataclass(frozen=True)
class ClusterMoments:
    """Sums over clusters of the products of their cells: enough for the variance of every rate.

    Parameters
    ----------
    cluster : str
        Header of the column.
    products : array, shape (groups, 4, 4)
        Sum over clusters of cell i times cell j; cells tp, fp, fn, tn.
    active : array of int, shape (groups, 16)
        Clusters that have a row in any cell of a subset; bit i of the index is cell i.
    repeats : bool
        Whether any cluster has more than one row.
    """

    cluster: str
    products: Floats
    active: Ints
    repeats: bool


def cluster_moments(decisions: Decisions, role: str, threshold: float | None) -> ClusterMoments:
    """Count cells by cluster and group, and sum their products.

    Parameters
    ----------
    decisions : Decisions
    role : str
        ``subject_key`` or ``deployment_id``. A row without a key is a cluster of its own.
    threshold : float or None
    """
    alert = decisions.alert(threshold)
    cells = ", ".join(
        f"count_if({sql.format(alert=alert)})::DOUBLE AS c{number}"
        for number, sql in enumerate(_CELL_SQL)
    )
    key = f"coalesce({role}, hash(rowid_))"
    products = ", ".join(f"sum(c{i} * c{j})" for i in range(4) for j in range(i, 4))
    active = ", ".join(
        f"count_if({' OR '.join(f'c{cell} > 0' for cell in range(4) if subset >> cell & 1)})"
        for subset in range(1, 16)
    )
    grouped = f"SELECT {{group}} AS g, {cells}, count(*) AS rows FROM "
    numbered = f"(SELECT *, row_number() OVER () AS rowid_ FROM decisions) GROUP BY {key}"
    names = (ALL, *decisions.groups)
    product = np.zeros((len(names), 4, 4))
    counted = np.zeros((len(names), 16), dtype=np.int64)
    repeats = False
    place = {name: number for number, name in enumerate(names)}
    for group, by in (("'ALL'", ""), *((("grp", ", grp"),) if decisions.groups else ())):
        found = decisions.source.database.rows(
            f"SELECT g, max(rows) > 1, {active}, {products} FROM "
            f"({grouped.format(group=group)}{numbered}{by}) GROUP BY g"
        )
        for row in found:
            at = place[row[0]] if by else 0
            repeats |= bool(row[1])
            counted[at, 1:] = row[2:17]
            upper = np.zeros((4, 4))
            upper[np.triu_indices(4)] = row[17:]
            product[at] = upper + np.triu(upper, 1).T
    return ClusterMoments(decisions.headers[role], product, counted, repeats)


@dataclass(frozen=True)
class DailyCounts:
    """Cells by day and group.

    Parameters
    ----------
    days : tuple of str
        ISO dates, those with a decision.
    groups : tuple of str
        The first is ``ALL``.
    cells : array of int, shape (groups, days, 6)
    """

    days: tuple[str, ...]
    groups: tuple[str, ...]
    cells: Ints


def count_by_day(decisions: Decisions, threshold: float | None) -> DailyCounts:
    """Count the cells of every day and group, in one query; decisions without a time are left out.

    Parameters
    ----------
    decisions : Decisions
        With times.
    threshold : float or None
    """
    found = decisions.source.database.rows(
        f"SELECT day::VARCHAR, grp, ({decisions.alert(threshold)})::INT, outcome, count(*) "
        "FROM decisions WHERE day IS NOT NULL GROUP BY ALL"
    )
    days = sorted({row[0] for row in found})
    at = {day: number for number, day in enumerate(days)}
    place = {name: number for number, name in enumerate(decisions.groups, start=1)}
    cells = np.zeros((1 + len(place), len(days), len(CELLS)), dtype=np.int64)
    for day, group, alert, outcome, number in found:
        cells[0, at[day], _CELL_OF[alert, outcome]] += number
        if place:
            cells[place[group], at[day], _CELL_OF[alert, outcome]] += number
    return DailyCounts(tuple(days), (ALL, *decisions.groups), cells)


def audited_strata(
    decisions: Decisions, threshold: float | None, group: str
) -> tuple[list[Stratum], tuple[int, float, float]]:
    """Gather the decisions without an alert by their chance of being checked.

    Parameters
    ----------
    decisions : Decisions
        With ``inclusion_probability``.
    threshold : float or None
    group : str
        ``ALL`` or one of the groups.

    Returns
    -------
    strata : list of Stratum
        Decisions without an alert. Where the chance is written only on those that were checked,
        a stratum's size is how many were checked by that chance.
    alerts : (int, float, float)
        All alerts; and as if drawn alike, how many of them were checked and how many were right.
    """
    alert = decisions.alert(threshold)
    mine = "" if group == ALL else f"AND grp = {quoted(group)} "
    rows = decisions.source.database.rows(
        "SELECT inclusion_probability, count(*), count_if(outcome < 2), count_if(outcome = 1) "
        f"FROM decisions WHERE NOT ({alert}) {mine}GROUP BY 1 ORDER BY 1"
    )
    whole = sum(row[1] for row in rows)
    drawn = [(float(p), n, known, true) for p, n, known, true in rows if p is not None]
    if any(p is None for p, *_ in rows):
        expected = sum(known / p for p, _, known, _ in drawn) or 1.0
        drawn = [
            (p, round(whole * known / p / expected), known, true) for p, _, known, true in drawn
        ]
    strata = [Stratum(f"{p:g}", n, known, true) for p, n, known, true in drawn if n]
    number, weight, squares, right = decisions.source.database.rows(
        "SELECT count(*), sum(w) FILTER (outcome < 2), sum(w * w) FILTER (outcome < 2), "
        "sum(w) FILTER (outcome = 1) FROM (SELECT outcome, "
        f"1.0 / coalesce(inclusion_probability, 1.0) AS w FROM decisions WHERE {alert} {mine})"
    )[0]
    if not weight:
        return strata, (int(number), 0.0, 0.0)
    size = weight * weight / squares
    return strata, (int(number), size, size * (right or 0.0) / weight)
