"""Incidents by local calendar month: what each holds, which break the series, which lie far off."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt

from veedor.incidents.breaks import body, find_breaks
from veedor.incidents.model import Incidents
from veedor.incidents.quality_report import Months, SeriesBreak, YearCount
from veedor.tables.clocks import DAY, LocalClock

_CHUNK = 1_000_000
#: A first or last month is partial if a gap as long as the one at its edge had less than this
#: chance.
_GAP_CHANCE = 0.001


def by_month(incidents: Incidents) -> Months:
    """Count incidents by month: in all, with a place, by category; and which months are whole."""
    n = len(incidents)
    clock = LocalClock(incidents.time_zone)
    k = len(incidents.categories)
    first = last = None
    parts: list[tuple[int, npt.NDArray[np.int64]]] = []
    for at in range(0, n, _CHUNK):
        rows = slice(at, at + _CHUNK)
        start = incidents.start[rows]
        middle = (start + (incidents.end[rows] - start) // 2).astype(np.int64)
        local = clock.to_local(middle)
        low, high = int(local.min()), int(local.max())
        first = low if first is None else min(first, low)
        last = high if last is None else max(last, high)
        month = local.view("datetime64[us]").astype("datetime64[M]").astype(np.int64)
        start_month = int(month.min())
        width = int(month.max()) - start_month + 1
        cell = ((month - start_month) * k + incidents.category[rows]) * 2 + np.isfinite(
            incidents.x_m[rows]
        )
        parts.append((start_month, np.bincount(cell, minlength=width * k * 2).reshape(width, k, 2)))
    if first is None or last is None:
        return Months([], [], [], [], {})
    base = min(from_month for from_month, _ in parts)
    stop = max(from_month + len(counts) for from_month, counts in parts)
    table = np.zeros((stop - base, k, 2), dtype=np.int64)
    for from_month, counts in parts:
        table[from_month - base : from_month - base + len(counts)] += counts
    labels = np.arange(base, stop).astype("datetime64[M]")
    by_category = table.sum(axis=2)
    return Months(
        labels=[str(label) for label in labels],
        total=table.sum(axis=(1, 2)).tolist(),
        located=table[:, :, 1].sum(axis=1).tolist(),
        complete=_complete(labels, first, last, n),
        by_category={
            category.name: by_category[:, index].tolist()
            for index, category in enumerate(incidents.categories)
        },
    )


def _complete(labels: npt.NDArray[np.datetime64], first: int, last: int, n: int) -> list[bool]:
    """Whether the data seem to cover each month: at the edges, whether the gap could be chance."""
    complete = [True] * len(labels)
    span = max(last - first, DAY)
    longest = -np.log(_GAP_CHANCE) * span / n
    edges = (labels[0], labels[-1] + 1)
    begin, finish = (int(edge.astype("datetime64[us]").astype(np.int64)) for edge in edges)
    complete[0] &= bool(first - begin <= longest)
    complete[-1] &= bool(finish - last <= longest)
    return complete


def series_breaks(months: Months) -> list[SeriesBreak]:
    """Months that break the series, in all and by category."""
    complete = np.array(months.complete, dtype=bool)
    series: list[tuple[str | None, list[int]]] = [(None, months.total), *months.by_category.items()]
    return [
        SeriesBreak(category, months.labels[found.month], found.recorded, found.expected, found.z)
        for category, counts in series
        for found in find_breaks(np.array(counts, dtype=np.int64), complete)
    ]


def far_years(months: Months) -> list[YearCount]:
    """Count incidents in years away from the body of the record."""
    if not months.labels:
        return []
    first, last = body(np.array(months.total, dtype=np.int64))
    far: dict[str, int] = {}
    for at, (label, count) in enumerate(zip(months.labels, months.total, strict=True)):
        if count and not first <= at <= last:
            year = label.rpartition("-")[0]
            far[year] = far.get(year, 0) + count
    return [YearCount(year, count) for year, count in far.items()]


def days_of(incidents: Incidents, months: Months) -> tuple[date, date]:
    """Return the first and the last local day of the body of a record.

    Raises
    ------
    ValueError
        If there is no incident.
    """
    ends = body(np.array(months.total, dtype=np.int64))
    begin, finish = (np.datetime64(months.labels[end], "M") for end in ends)
    clock = LocalClock(incidents.time_zone)
    first = last = None
    for at in range(0, len(incidents), _CHUNK):
        rows = slice(at, at + _CHUNK)
        start = incidents.start[rows]
        middle = (start + (incidents.end[rows] - start) // 2).astype(np.int64)
        local = clock.to_local(middle).view("datetime64[us]")
        inside = local[(local >= begin) & (local < finish + 1)]
        if len(inside):
            first = inside.min() if first is None else min(first, inside.min())
            last = inside.max() if last is None else max(last, inside.max())
    if first is None or last is None:
        raise ValueError("a record without incidents has no days")
    return tuple(one.astype("datetime64[D]").item() for one in (first, last))
