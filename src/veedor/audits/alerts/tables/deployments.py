"""`Deployments`: the counts that police publish, one row a deployment, whole or by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from veedor.arrays import Bools, Floats
from veedor.audits.alerts.tables.groups import distinct_names, group_headers, group_label
from veedor.errors import DataError, phrase
from veedor.tables.escape import shown
from veedor.tables.kinds import Column
from veedor.tables.names import folded
from veedor.tables.source import Source

COUNTS = (
    "transactions", "watchlist_size", "alerts", "true_alerts", "false_alerts", "unresolved_alerts",
    "engagements", "stops_after_false_alert",
)  # fmt: skip
#: What was watched, beside what was checked.
WATCHED = ("cameras", "hours")
DEPLOYMENT_KEYS = ("deployment_id", "deployment", "site")
_TOTALS = ("all", "total")


@dataclass(frozen=True)
class Deployments:
    """Counts by deployment and group.

    Parameters
    ----------
    cluster : str
        Header of the deployments' ids.
    ids : tuple of str
        In the order of their dates; without dates, of the file.
    dates : tuple of date or None
    thresholds : tuple of float or None
    versions : tuple of str or None
    groups : tuple of str
        The first is ``ALL``.
    counts : dict of str to array, shape (groups, deployments)
        Of those of `COUNTS` that the file has; NaN where a cell is empty. ``alerts`` is filled in
        from its parts where it is not given.
    exposures : dict of str to array, shape (groups, deployments)
        ``hours`` watched and ``camera_hours``, cameras times hours, where the file has them; NaN
        where it does not say.
    cameras_without_hours : bool
        Whether cameras are given, and not for how many hours they watched.
    """

    cluster: str
    ids: tuple[str, ...]
    dates: tuple[date | None, ...]
    thresholds: tuple[float | None, ...]
    versions: tuple[str | None, ...]
    groups: tuple[str, ...]
    counts: dict[str, Floats]
    exposures: dict[str, Floats]
    cameras_without_hours: bool = False

    def total(self, name: str) -> Floats:
        """Sum of a count over deployments, NaN where one is not given.

        Shape (groups,).
        """
        if name not in self.counts:
            return np.full(len(self.groups), np.nan)
        summed: Floats = self.counts[name].sum(axis=1)
        return summed


def read_deployments(source: Source, groups: Sequence[str] = ()) -> Deployments:
    """Read and check published counts.

    Groups come as rows (a group column, named by the user; rows where it is empty or ``ALL`` are
    the whole) or as columns (``false_alerts_<group>`` beside ``false_alerts``).

    Parameters
    ----------
    source : Source
    groups : sequence of str
        Group columns.

    Raises
    ------
    DataError
        With row numbers: counts that are no whole numbers from 0, parts that do not add up to the
        alerts, more stops after false alerts than false alerts, more alerts than transactions.
    """
    key = source.need("deployment_id", "deployment")
    labels = group_headers(source, groups)
    named = {name: source.find(name) for name in COUNTS}
    if named["true_alerts"] is None and named["false_alerts"] is None:
        source.need("true_alerts")
    wide = _wide(source) if not labels else {}
    columns = {
        "id": source.text(key).never("{0} IS NULL", "Every deployment must have an id.", "none"),
        "grp": group_label(source, labels),
    }
    counted = {name: header for name, header in named.items() if header is not None}
    for place, ((name, _), header) in enumerate(wide.items()):
        counted[f"wide_{place}_{name}"] = header
    columns |= {name: source.number(header, whole=True) for name, header in counted.items()}
    columns |= _watched(source)
    for name, role, read in (
        ("day", "date", source.day),
        ("threshold", "threshold", source.number),
        ("system_version", "system_version", source.text),
    ):
        found = source.find(role)
        if found is not None:
            columns[name] = read(found)
    source.load("deployments", columns)
    _check_sums(source, set(columns))
    _check_watched(source, set(columns))
    table = source.database.connection.sql("SELECT * FROM deployments").to_arrow_table()
    rows: list[dict[str, Any]] = table.to_pylist()
    return _gathered(source, key, rows, bool(labels), wide)


def _watched(source: Source) -> dict[str, Column]:
    """Read how many cameras watched, and for how many hours."""
    found = {}
    for name in WATCHED:
        header = source.find(name)
        if header is not None:
            read = source.number(header, whole=name == "cameras")
            found[name] = read.never("{0} < 0", phrase("`{name}` must not be below 0.", name=name))
    return found


def _check_watched(source: Source, held: set[str]) -> None:
    """Refuse alarms of no camera, or in no time."""
    for name in set(WATCHED) & held:
        for count in {"alerts", "true_alerts", "false_alerts"} & held:
            source.forbid(
                "deployments", f"{name} = 0 AND {count} > 0",
                phrase("There must not be alerts where nothing was watched."),
                phrase("`{name}` 0, and alerts", name=name),
                phrase("correct the row; leave `{name}` empty where it is not known", name=name),
            )  # fmt: skip


def _wide(source: Source) -> dict[tuple[str, str], str]:
    """Find columns such as ``false_alerts_black``: (count, group) to header."""
    found: dict[tuple[str, str], str] = {}
    for header in source.table.columns:
        lower = header.casefold()
        for name in sorted(COUNTS, key=len, reverse=True):
            if lower in COUNTS:
                break
            if lower.startswith(name + "_"):
                key = (name, header[len(name) + 1 :].strip())
                if key in found:
                    raise DataError(
                        "A column must be there once.",
                        found=phrase(
                            "columns {found} and {header}",
                            found=repr(shown(found[key], 40)),
                            header=repr(shown(header, 40)),
                        ),
                        where=source.table.name,
                        remedy="take out or rename one of them",
                    )
                found[key] = header
                break
    names = sorted({group for _, group in found})
    if any(folded(name) in _TOTALS for name in names):
        raise DataError(
            "No group may be named ALL: that is everyone.",
            found=phrase("columns of a group of this name"),
            where=source.table.name,
            remedy="take them out, or name the totals without a group",
        )
    distinct_names(names, source.table.name)
    return found


def _check_sums(source: Source, held: set[str]) -> None:
    """Refuse impossible sums, with their rows."""
    parts = [n for n in ("true_alerts", "false_alerts", "unresolved_alerts") if n in held]
    added = " + ".join(f"coalesce({name}, 0)" for name in parts)
    checks = [
        ("alerts", f"{added} > alerts", "The parts of the alerts must not exceed the alerts."),
        (
            "transactions",
            f"{'alerts' if 'alerts' in held else added} > transactions",
            "There must not be more alerts than transactions.",
        ),
    ]
    if "stops_after_false_alert" in held and "false_alerts" in held:
        checks.append((
            "stops_after_false_alert",
            "stops_after_false_alert > false_alerts",
            "There must not be more stops after false alerts than false alerts.",
        ))  # fmt: skip
    if {"alerts", "true_alerts", "false_alerts", "unresolved_alerts"} <= held:
        checks.append((
            "alerts",
            f"alerts IS NOT NULL AND true_alerts IS NOT NULL AND false_alerts IS NOT NULL AND "
            f"unresolved_alerts IS NOT NULL AND {added} <> alerts",
            "True, false and unresolved alerts must add up to the alerts.",
        ))  # fmt: skip
    for name, condition, must in checks:
        if name in held:
            source.forbid(
                "deployments", condition, must, phrase("counts that cannot be"),
                phrase("correct the row; veedor does not guess which number is wrong"),
            )  # fmt: skip


def _gathered(
    source: Source,
    cluster: str,
    rows: list[dict[str, Any]],
    grouped: bool,
    wide: dict[tuple[str, str], str],
) -> Deployments:
    first: dict[str, dict[str, Any]] = {}
    for row in rows:
        first.setdefault(row["id"], row)
    has_dates = all(row.get("day") is not None for row in first.values())
    ids = sorted(first, key=lambda one: first[one]["day"]) if has_dates else list(first)
    place = {one: number for number, one in enumerate(ids)}
    labels = {row["grp"] for row in rows} if grouped else set()
    totals = {label for label in labels if folded(label) in (*_TOTALS, "not recorded")}
    distinct_names(sorted(labels - totals), source.table.name)
    names = sorted(labels - totals) or sorted({group for _, group in wide}, key=str.casefold)
    held = [name for name in (*COUNTS, *WATCHED) if name in rows[0]]
    counts = {name: np.full((1 + len(names), len(ids)), np.nan) for name in held}
    for name, _ in wide:
        counts.setdefault(name, np.full((1 + len(names), len(ids)), np.nan))
    seen: dict[tuple[int, int], int] = {}
    for number, row in enumerate(rows):
        at = place[row["id"]]
        line = 0 if not grouped or row["grp"] in totals else 1 + names.index(row["grp"])
        if (line, at) in seen:
            raise DataError(
                "Every deployment must have one row, or one a group.",
                found=phrase("the same one twice"),
                where=source.where([seen[line, at], number]),
                remedy="one row each: add them up or take one out",
            )
        seen[line, at] = number
        for name in held:
            if row[name] is not None:
                counts[name][line, at] = row[name]
        for column, ((name, group), _) in enumerate(wide.items()):
            value = row[f"wide_{column}_{name}"]
            if value is not None:
                counts[name][1 + names.index(group), at] = value
    watched = {name: counts.pop(name) for name in WATCHED if name in held}
    exposures = _exposures(watched, of_groups=grouped and not totals)
    for values in counts.values():
        if grouped and not totals:
            values[0] = values[1:].sum(axis=0)
    _fill_alerts(counts)
    _check_filled(source, counts, ids, rows)
    return Deployments(
        cluster,
        tuple(ids),
        tuple(first[one].get("day") for one in ids),
        tuple(first[one].get("threshold") for one in ids),
        tuple(first[one].get("system_version") for one in ids),
        ("ALL", *names),
        counts,
        exposures,
        "cameras" in watched and not exposures,
    )


def _exposures(watched: dict[str, Floats], *, of_groups: bool) -> dict[str, Floats]:
    """Hours and camera-hours of each group and deployment.

    Where only groups have rows everyone has the sum of their camera-hours, and their hours where
    these are the same: several groups are watched in one hour.
    """
    hours = watched.get("hours")
    if hours is None:
        return {}
    if of_groups:
        same = np.all(hours[1:] == hours[1], axis=0)
        hours[0] = np.where(same, hours[1], np.nan)
    if "cameras" not in watched:
        return {"hours": hours}
    together = watched["cameras"] * hours
    if of_groups:
        together[0] = together[1:].sum(axis=0)
    return {"hours": hours, "camera_hours": together}


def _fill_alerts(counts: dict[str, Floats]) -> None:
    """Add true, false and unresolved alerts up where alerts are not given, and the reverse."""
    shape = next(iter(counts.values())).shape
    missing = np.full(shape, np.nan)
    whole = counts.get("alerts", missing)
    true, false = counts.get("true_alerts", missing), counts.get("false_alerts", missing)
    unresolved = counts.get("unresolved_alerts", np.zeros(shape))
    unresolved = np.where(np.isnan(unresolved), 0.0, unresolved)
    counts["alerts"] = np.where(np.isnan(whole), true + false + unresolved, whole)
    counts["true_alerts"] = np.where(np.isnan(true), counts["alerts"] - false - unresolved, true)
    counts["false_alerts"] = np.where(np.isnan(false), counts["alerts"] - true - unresolved, false)
    counts["unresolved_alerts"] = counts["alerts"] - counts["true_alerts"] - counts["false_alerts"]


_PARTS = (
    ("alerts", "transactions", phrase("There must not be more alerts than transactions.")),
    ("stops_after_false_alert", "false_alerts",
     phrase("There must not be more stops after false alerts than false alerts.")),
    ("engagements", "alerts",
     phrase("There must not be more engagements after alerts than alerts.")),
)  # fmt: skip


def _check_filled(
    source: Source,
    counts: dict[str, Floats],
    ids: Sequence[str],
    rows: Sequence[dict[str, Any]],
) -> None:
    """Refuse what cannot be, of every group and with counts that were worked out from others."""

    def refuse(bad: Bools, must: str) -> None:
        where = np.flatnonzero(bad if bad.ndim == 1 else bad.any(axis=0))
        if not len(where):
            return
        named = {ids[int(place)] for place in where}
        raise DataError(
            must,
            found=phrase("counts that cannot be"),
            where=source.where([number for number, row in enumerate(rows) if row["id"] in named]),
            remedy="correct the row; veedor does not guess which number is wrong",
        )

    with np.errstate(invalid="ignore"):
        for values in counts.values():
            refuse(values < 0.0, phrase("The parts of the alerts must not exceed the alerts."))
        for part, whole, must in _PARTS:
            if part in counts and whole in counts:
                refuse(counts[part] > counts[whole], must)
        for name, values in counts.items():
            if name != "watchlist_size" and len(values) > 1:
                refuse(
                    np.nansum(values[1:], axis=0) > values[0],
                    phrase(
                        "The `{name}` of the groups must not exceed those of everyone.", name=name
                    ),
                )
