"""One pass over the decisions to counts; everything after works on counts.

The six cells of a group: alerts whose outcome is true (``tp``), false (``fp``) or unknown, and
decisions without an alert whose outcome is true (``fn``), false (``tn``) or unknown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from veedor.arrays import Floats, Ints
from veedor.audits.alerts.tables.decisions import Decisions
from veedor.audits.alerts.tables.small import Stratum
from veedor.tables.written import quoted

CELLS = ("tp", "fp", "fn", "tn", "alert_unknown", "quiet_unknown")
ALL = "ALL"
_CELL_OF = {(1, 1): 0, (1, 0): 1, (0, 1): 2, (0, 0): 3, (1, 2): 4, (0, 2): 5}
_CELL_SQL = (
    "({alert} AND outcome = 1)", "({alert} AND outcome = 0)",
    "(NOT ({alert}) AND outcome = 1)", "(NOT ({alert}) AND outcome = 0)",
    "({alert} AND outcome = 2)", "(NOT ({alert}) AND outcome = 2)",
)  # fmt: skip
#: Cells of which rates are out.
DENOMINATORS = (
    CELLS, CELLS[:4], ("tp", "fn"), ("fp", "tn"), ("tp", "fp"), ("fn", "tn"),
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


def days_of(decisions: Decisions) -> int | None:
    """Days from the first decision to the last, both counted; None where one has no day."""
    first, last, rows = decisions.source.database.rows(
        "SELECT min(day), max(day), count(day) FROM decisions"
    )[0]
    return (last - first).days + 1 if rows and rows == decisions.rows else None


@dataclass(frozen=True)
class ClusterMoments:
    """Sums over clusters of the products of their cells: enough for the variance of every rate.

    Parameters
    ----------
    cluster : str
        Header of the column.
    products : array, shape (groups, 6, 6)
        Sum over clusters of cell i times cell j, in the order of `CELLS`.
    across : array, shape (groups, 6, 6)
        Sum over clusters of a group's cell i times cell j of the group that all are compared with.
    base : int
        Number of that group.
    active : array of int, shape (groups, 6)
        Clusters that have a row in any cell of each of `DENOMINATORS`.
    repeats : bool
        Whether any cluster has more than one row.
    """

    cluster: str
    products: Floats
    across: Floats
    base: int
    active: Ints
    repeats: bool


def cluster_moments(
    decisions: Decisions,
    role: str,
    threshold: float | None,
    *,
    version: str | None = None,
    compared_with: str | None = None,
) -> ClusterMoments:
    """Count cells by cluster and group, and sum their products.

    Parameters
    ----------
    decisions : Decisions
    role : str
        ``subject_key`` or ``deployment_id``. A row without a key is a cluster of its own.
    threshold : float or None
    version : str, optional
        Of the system, to count its decisions only.
    compared_with : str, optional
        Group that the others are compared with; everyone where not given.
    """
    alert, database = decisions.alert(threshold), decisions.source.database
    number = len(CELLS)
    cells = ", ".join(
        f"count_if({sql.format(alert=alert)})::DOUBLE AS c{place}"
        for place, sql in enumerate(_CELL_SQL)
    )
    only = "" if version is None else f"WHERE system_version = {quoted(version)} "
    database.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE clustered AS SELECT coalesce({role}, hash(rowid_)) AS k, "
        f"grp AS g, count(*) AS n, {cells} "
        f"FROM (SELECT *, row_number() OVER () AS rowid_ FROM decisions {only}) GROUP BY ALL"
    )
    summed = ", ".join(f"sum(c{i}) AS c{i}" for i in range(number))
    everyone = f"(SELECT k, 'ALL' AS g, sum(n) AS n, {summed} FROM clustered GROUP BY k)"
    active = ", ".join(
        f"count_if({' OR '.join(f'c{CELLS.index(cell)} > 0' for cell in subset)})"
        for subset in DENOMINATORS
    )
    products = ", ".join(f"sum(c{i} * c{j})" for i in range(number) for j in range(i, number))
    names = (ALL, *decisions.groups)
    place = {name: at for at, name in enumerate(names)}
    product = np.zeros((len(names), number, number))
    counted = np.zeros((len(names), len(DENOMINATORS)), dtype=np.int64)
    repeats = False
    for table in (everyone, *(("clustered",) if decisions.groups else ())):
        for row in database.rows(
            f"SELECT g, max(n) > 1, {active}, {products} FROM {table} GROUP BY g"
        ):
            at = place[row[0]]
            repeats |= bool(row[1])
            counted[at] = row[2 : 2 + len(DENOMINATORS)]
            upper = np.zeros((number, number))
            upper[np.triu_indices(number)] = row[2 + len(DENOMINATORS) :]
            product[at] = upper + np.triu(upper, 1).T
    base = place[compared_with or ALL]
    across = np.zeros_like(product)
    across[base] = product[base]
    if repeats and decisions.groups:
        other = (
            everyone if base == 0 else f"(SELECT * FROM clustered WHERE g = {quoted(names[base])})"
        )
        crossed = ", ".join(f"sum(a.c{i} * b.c{j})" for i in range(number) for j in range(number))
        for row in database.rows(
            f"SELECT a.g, {crossed} FROM clustered a JOIN {other} b USING (k) GROUP BY a.g"
        ):
            across[place[row[0]]] = np.reshape(row[1:], (number, number))
    database.connection.execute("DROP TABLE clustered")
    return ClusterMoments(decisions.headers[role], product, across, base, counted, repeats)


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
