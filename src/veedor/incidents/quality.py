"""`assess`: what a reading says about its own quality, as a `QualityReport`."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from veedor.errors import DataError
from veedor.incidents import tally as reasons
from veedor.incidents.model import Incidents
from veedor.incidents.months import by_month, far_years, holds_year, series_breaks
from veedor.incidents.places import REASONS
from veedor.incidents.reading import Reading
from veedor.incidents.stacks import find_stacks
from veedor.tables.clocks import DAY, HOUR, MINUTE
from veedor.tables.personal import safe

_CHUNK = 1_000_000
_TOP_VALUES = 20
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95, 0.99)


@dataclass(frozen=True)
class QualityReport:
    """What was read, what was not, and what looks wrong: plain numbers, lists and dicts.

    A *share* is ``{"share": float or None, "numerator": int, "denominator": int}``; it is None
    where the denominator is 0. *Quantiles* are ``{"n": int, "quantiles": {"0.05": float, ...,
    "0.99": float}}``, the values None where n is 0.

    Parameters
    ----------
    rows : dict
        ``in``, ``kept``, ``set_aside`` (list of ``reason``, ``count``, ``first_rows``),
        ``counted_more`` (incidents beyond the first of rows that stand for several) and
        ``reconciled``: whether ``in`` + ``counted_more`` = ``kept`` + all set aside.
    categories : list of dict
        ``name``, ``known_by``, ``count``, ``located`` (share), ``raw_values`` (list of ``value``,
        ``count``).
    other_values : dict
        Raw values of no category of the study: ``rows``, and ``values``, the most frequent
        (``value``, ``count``).
    months : dict
        Lists of one length: ``labels`` (local calendar months, as ``"2022-01"``), ``total``,
        ``located``, ``complete`` (bool); ``by_category``: name to list.
    breaks : list of dict
        ``category`` (None for all together), ``month``, ``count``, ``expected``, ``z``: see
        `veedor.incidents.breaks.find_breaks`.
    places : dict
        ``located`` (share), ``unlocated`` (list of ``reason``, ``count``), ``outside_area`` (share
        of the located; None where there is no area), ``swapped_suspected`` (int), ``cause`` (what
        is suspected where the CRS does not hold, or None), ``other_zones`` (names of no zone of the
        study: ``value``, ``count``), ``far`` (``incidents`` and ``points`` far from all other
        places, ``farthest_km`` from their middle, ``first_rows``), ``stacks``:
        ``distinct_points``, ``stacked`` (share of located incidents on a point that holds two or
        more), ``top`` (list of ``x_m``, ``y_m`` rounded to 100 m, ``count``, ``suspected``).
    times : dict
        ``nonexistent``, ``ambiguous`` (counts of incidents at clock changes), ``whole_days``,
        ``whole_months``, ``with_offset`` (counts; the last were converted to local time),
        ``far_years`` (list of ``year``, ``count``: years with few incidents, two years or more from
        all others), ``days_at_midnight`` (roles whose times are all midnight, taken as whole days),
        ``days_as_written`` (files whose days stand at midnight UTC, taken as written),
        ``unreadable`` (role to examples of values that could not be read), ``exact`` (share with
        start = end), ``interval_hours`` (quantiles, to the minute).
    reporting : dict or None
        ``known`` (share), ``unreadable``, ``before_start`` (counts), ``delay_days`` (quantiles,
        from the end of the interval, to the minute). None where there is no such column.
    duplicates : dict
        ``of_an_id``: rows set aside because an earlier row is the same; ``identical_rows``: rows
        the same as an earlier one where there are no ids, kept; None where there are.
    known_by : list of dict
        ``category``, ``value``, ``count`` of the known_by column.
    dropped_columns : list of dict
        ``file``, ``columns``: names of the columns that were not read.
    layout : dict or None
        What the layout of the files did and says: ``name``, ``title``, ``licence``, ``page``,
        ``delay``, ``rule``, ``mended`` (list of ``what``, ``rows``: of all rows read),
        ``persons`` (columns about persons that were dropped), ``breaks`` (list of ``from``,
        ``what``). None without a layout.

    Examples
    --------
    >>> from veedor.incidents.quality import share
    >>> share(1, 4), share(0, 0)["share"]
    ({'share': 0.25, 'numerator': 1, 'denominator': 4}, None)
    """

    rows: dict[str, Any]
    categories: list[dict[str, Any]]
    other_values: dict[str, Any]
    months: dict[str, Any]
    breaks: list[dict[str, Any]]
    places: dict[str, Any]
    times: dict[str, Any]
    reporting: dict[str, Any] | None
    duplicates: dict[str, Any]
    known_by: list[dict[str, Any]]
    dropped_columns: list[dict[str, Any]]
    layout: dict[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the report as a dict that JSON can hold: the fields by name, and ``schema``."""
        return {"schema": 1, **{field.name: getattr(self, field.name) for field in fields(self)}}


def assess(reading: Reading, *, inside: npt.NDArray[np.bool_] | None = None) -> QualityReport:
    """Assess the quality of what was read.

    Parameters
    ----------
    reading : Reading
    inside : array of bool, shape (n,), optional
        Whether each incident lies in the study area; only the located ones are looked at.

    Raises
    ------
    DataError
        If `inside` has another length than the incidents.
    """
    incidents, tally = reading.incidents, reading.tally
    n = len(incidents)
    if inside is not None and inside.shape != (n,):
        raise DataError(
            "`inside` must have one value an incident.",
            found=f"shape {inside.shape} for {n} incidents",
        )
    located = int(np.count_nonzero(incidents.located))
    months = by_month(incidents)
    aside = sum(tally.set_aside.values())
    return QualityReport(
        rows={
            "in": tally.rows_in,
            "kept": n,
            "set_aside": [
                {"reason": reason, "count": count, "first_rows": tally.first_rows(reason)}
                for reason, count in sorted(
                    tally.set_aside.items(), key=lambda item: (-item[1], item[0])
                )
            ],
            "counted_more": tally.counted_more,
            "reconciled": tally.rows_in + tally.counted_more == n + aside,
        },
        categories=_categories(reading),
        other_values={
            "rows": tally.set_aside[reasons.OTHER_CATEGORY],
            "values": _values(tally.other_values.items()),
        },
        months=months,
        breaks=series_breaks(months),
        places={
            "located": share(located, n),
            "unlocated": [
                {"reason": reason, "count": tally.unlocated[reason]}
                for reason in REASONS
                if tally.unlocated[reason]
            ],
            "outside_area": None
            if inside is None
            else share(int(np.count_nonzero(~inside & incidents.located)), located),
            "swapped_suspected": tally.swapped_suspected,
            "cause": tally.cause or None,
            "other_zones": _values(tally.other_zones.items()),
            "far": {
                "incidents": tally.far,
                "points": tally.far_points,
                "farthest_km": None
                if tally.farthest_m is None
                else round(tally.farthest_m / 1_000, 1),
                "first_rows": list(tally.far_rows),
            },
            "stacks": _stacks(incidents),
        },
        times={
            "nonexistent": tally.nonexistent_times,
            "ambiguous": tally.ambiguous_times,
            "whole_days": tally.whole_days,
            "whole_months": tally.whole_months,
            "with_offset": tally.with_offset,
            "far_years": far_years(months),
            "days_at_midnight": list(tally.days_at_midnight),
            "days_as_written": list(tally.days_as_written),
            "unreadable": {role: list(texts) for role, texts in tally.unreadable_examples.items()},
            "exact": share(int(np.count_nonzero(incidents.start == incidents.end)), n),
            "interval_hours": quantiles(_differences(incidents.start, incidents.end), HOUR),
        },
        reporting=_reporting(reading),
        duplicates={
            "of_an_id": tally.set_aside[reasons.DUPLICATE],
            "identical_rows": tally.identical_rows,
        },
        known_by=[
            {"category": incidents.categories[index].name, "value": safe(value), "count": count}
            for (index, value), count in sorted(
                tally.known_by.items(), key=lambda item: (item[0][0], -item[1], item[0][1])
            )[:1_000]
        ],
        dropped_columns=[
            {"file": file, "columns": [safe(column) for column in columns]}
            for file, columns in tally.dropped.items()
        ],
        layout=_layout(reading, months),
    )


def share(numerator: int, denominator: int) -> dict[str, Any]:
    """Return a share with what it is of; undefined (None), never 0, where that is nothing."""
    return {
        "share": numerator / denominator if denominator else None,
        "numerator": numerator,
        "denominator": denominator,
    }


def quantiles(
    counted: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]], unit: int
) -> dict[str, Any]:
    """Return quantiles of counted minutes, in another unit.

    The q-quantile is the smallest value that at least a share q of the values do not exceed (type 1
    of Hyndman & Fan 1996, doi:10.2307/2684934).

    Parameters
    ----------
    counted : (minutes, counts)
        Different values in minutes, ascending, and how often each occurs.
    unit : int
        Microseconds of the unit of the result.

    Examples
    --------
    >>> quantiles((np.array([0, 60]), np.array([3, 1])), HOUR)["quantiles"]["0.95"]
    1.0
    """
    minutes, counts = counted
    n = int(counts.sum())
    reached = np.cumsum(counts)
    return {
        "n": n,
        "quantiles": {
            f"{level:g}": None
            if n == 0
            else round(
                float(minutes[np.searchsorted(reached, np.ceil(level * n))]) * MINUTE / unit, 4
            )
            for level in LEVELS
        },
    }


def _differences(
    start: npt.NDArray[np.datetime64], end: npt.NDArray[np.datetime64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Count the differences, in whole minutes, chunk by chunk; NaT are left out."""
    minutes, counts = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    for first in range(0, len(start), _CHUNK):
        some = end[first : first + _CHUNK] - start[first : first + _CHUNK]
        whole = some[~np.isnat(some)].astype(np.int64) // MINUTE
        values, times = np.unique(whole, return_counts=True)
        merged, inverse = np.unique(np.concatenate([minutes, values]), return_inverse=True)
        counts = np.bincount(
            inverse, weights=np.concatenate([counts, times]), minlength=len(merged)
        ).astype(np.int64)
        minutes = merged
    return minutes, counts


def _layout(reading: Reading, months: dict[str, Any]) -> dict[str, Any] | None:
    layout = reading.source.layout
    if layout is None:
        return None
    return {
        "name": layout.name,
        "title": layout.title,
        "licence": layout.licence,
        "page": layout.page,
        "delay": layout.delay,
        "rule": layout.rule,
        "mended": [
            {"what": what, "rows": rows} for what, rows in reading.tally.mended.items() if rows
        ],
        "persons": list(reading.tally.persons),
        "breaks": [
            {"from": str(one.day), "what": one.what, "in_the_record": holds_year(one, months)}
            for one in layout.breaks
        ],
    }


def _categories(reading: Reading) -> list[dict[str, Any]]:
    incidents = reading.incidents
    k = len(incidents.categories)
    counts = np.bincount(incidents.category, minlength=k)
    located = np.bincount(incidents.category[incidents.located], minlength=k)
    owners = reading.owners
    return [
        {
            "name": category.name,
            "known_by": category.known_by,
            "count": int(counts[index]),
            "located": share(int(located[index]), int(counts[index])),
            "raw_values": _values(
                (value, count)
                for value, count in reading.tally.values.items()
                if owners(value) == index
            ),
        }
        for index, category in enumerate(incidents.categories)
    ]


def _values(counted: Any) -> list[dict[str, Any]]:
    top = sorted(counted, key=lambda item: (-item[1], item[0]))[:_TOP_VALUES]
    return [{"value": safe(value), "count": count} for value, count in top]


def _stacks(incidents: Incidents) -> dict[str, Any]:
    found = find_stacks(incidents.x_m, incidents.y_m)
    return {
        "distinct_points": found.distinct_points,
        "stacked": share(found.stacked, found.located),
        "top": list(found.top),
    }


def _reporting(reading: Reading) -> dict[str, Any] | None:
    incidents, tally = reading.incidents, reading.tally
    if incidents.reported_at is None:
        return None
    known = int(np.count_nonzero(~np.isnat(incidents.reported_at)))
    return {
        "known": share(known, len(incidents)),
        "unreadable": tally.reported_unreadable,
        "before_start": tally.reported_before_start,
        "delay_days": quantiles(_differences(incidents.end, incidents.reported_at), DAY),
    }
