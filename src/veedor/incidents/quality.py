"""`assess`: what a reading says about its own quality, as a `QualityReport`."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from veedor.errors import DataError, phrase
from veedor.incidents import tally as reasons
from veedor.incidents.heaps import heaped_times
from veedor.incidents.months import by_month, days_of, far_years, series_breaks
from veedor.incidents.places import REASONS
from veedor.incidents.quality_report import (
    CategoryRead,
    Counted,
    DroppedColumns,
    Duplicates,
    FarPlaces,
    KnownBy,
    LayoutBreak,
    LayoutRead,
    Mended,
    Months,
    OtherValues,
    PlacesRead,
    QualityReport,
    Quantiles,
    Reason,
    ReportingRead,
    RowsRead,
    SetAside,
    Share,
    StackedPlaces,
    TimesRead,
)
from veedor.incidents.reading import Reading
from veedor.incidents.stacks import find_stacks
from veedor.tables.clocks import DAY, HOUR, MINUTE
from veedor.tables.personal import safe

_CHUNK = 1_000_000
_TOP_VALUES = 20
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95, 0.99)


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
            found=phrase("shape {shape} for {n} incidents", shape=inside.shape, n=n),
        )
    months = by_month(incidents)
    aside = sum(tally.set_aside.values())
    return QualityReport(
        rows=RowsRead(
            read=tally.rows_in,
            kept=n,
            set_aside=[
                SetAside(reason, count, tally.first_rows(reason))
                for reason, count in sorted(
                    tally.set_aside.items(), key=lambda item: (-item[1], item[0])
                )
            ],
            counted_more=tally.counted_more,
            reconciled=tally.rows_in + tally.counted_more == n + aside,
        ),
        categories=_categories(reading),
        other_values=OtherValues(
            tally.set_aside[reasons.OTHER_CATEGORY], _values(tally.other_values.items())
        ),
        months=months,
        breaks=series_breaks(months),
        places=_places(reading, inside),
        times=_times(reading, months),
        reporting=_reporting(reading),
        duplicates=Duplicates(tally.set_aside[reasons.DUPLICATE], tally.identical_rows),
        known_by=[
            KnownBy(incidents.categories[index].name, safe(value), count)
            for (index, value), count in sorted(
                tally.known_by.items(), key=lambda item: (item[0][0], -item[1], item[0][1])
            )[:1_000]
        ],
        dropped_columns=[
            DroppedColumns(file, [safe(column) for column in columns])
            for file, columns in tally.dropped.items()
        ],
        layout=_layout(reading, months),
    )


def _places(reading: Reading, inside: npt.NDArray[np.bool_] | None) -> PlacesRead:
    incidents, tally = reading.incidents, reading.tally
    located = int(np.count_nonzero(incidents.located))
    return PlacesRead(
        located=Share.of(located, len(incidents)),
        unlocated=[
            Reason(reason, tally.unlocated[reason]) for reason in REASONS if tally.unlocated[reason]
        ],
        outside_area=None
        if inside is None
        else Share.of(int(np.count_nonzero(~inside & incidents.located)), located),
        swapped_suspected=tally.swapped_suspected,
        cause=tally.cause or None,
        other_zones=_values(tally.other_zones.items()),
        unlocated_zones=_values(tally.unlocated_zones.items()),
        far=FarPlaces(
            incidents=tally.far,
            points=tally.far_points,
            farthest_km=None if tally.farthest_m is None else round(tally.farthest_m / 1_000, 1),
            first_rows=list(tally.far_rows),
        ),
        stacks=_stacks(reading),
    )


def _stacks(reading: Reading) -> StackedPlaces:
    """Find stacked points; where zones are named there is one in each, of veedor's making."""
    incidents, columns = reading.incidents, reading.source.columns
    if columns.zone is not None and not columns.measured:
        return StackedPlaces(0, Share.of(0, 0), [])
    return find_stacks(incidents.x_m, incidents.y_m)


def _times(reading: Reading, months: Months) -> TimesRead:
    incidents, tally = reading.incidents, reading.tally
    exact = int(np.count_nonzero(incidents.start == incidents.end))
    return TimesRead(
        nonexistent=tally.nonexistent_times,
        ambiguous=tally.ambiguous_times,
        whole_days=tally.whole_days,
        whole_months=tally.whole_months,
        with_offset=tally.with_offset,
        far_years=far_years(months),
        days_at_midnight=list(tally.days_at_midnight),
        days_as_written=list(tally.days_as_written),
        unreadable={role: list(texts) for role, texts in tally.unreadable_examples.items()},
        exact=Share.of(exact, len(incidents)),
        interval_hours=quantiles(_differences(incidents.start, incidents.end), HOUR),
        heaped=heaped_times(incidents),
    )


def quantiles(counted: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]], unit: int) -> Quantiles:
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
    >>> quantiles((np.array([0, 60]), np.array([3, 1])), HOUR).quantiles["0.95"]
    1.0
    """
    minutes, counts = counted
    n = int(counts.sum())
    reached = np.cumsum(counts)
    return Quantiles(
        n,
        {
            f"{level:g}": None
            if n == 0
            else round(
                float(minutes[np.searchsorted(reached, np.ceil(level * n))]) * MINUTE / unit, 4
            )
            for level in LEVELS
        },
    )


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


def _layout(reading: Reading, months: Months) -> LayoutRead | None:
    layout = reading.source.layout
    if layout is None:
        return None
    first, last = days_of(reading.incidents, months)
    return LayoutRead(
        name=layout.name,
        title=layout.title,
        licence=layout.licence,
        page=layout.page,
        delay=layout.delay,
        rule=layout.rule,
        mended=[Mended(what, rows) for what, rows in reading.tally.mended.items() if rows],
        persons=list(reading.tally.persons),
        breaks=[
            LayoutBreak(str(one.day), one.what, first < one.day <= last) for one in layout.breaks
        ],
    )


def _categories(reading: Reading) -> list[CategoryRead]:
    incidents = reading.incidents
    k = len(incidents.categories)
    table = np.zeros((k, 2), dtype=np.int64)
    for first in range(0, len(incidents), _CHUNK):
        rows = slice(first, first + _CHUNK)
        cell = incidents.category[rows].astype(np.int64) * 2 + np.isfinite(incidents.x_m[rows])
        table += np.bincount(cell, minlength=2 * k).reshape(k, 2)
    counts, located = table.sum(axis=1), table[:, 1]
    owners = reading.owners
    return [
        CategoryRead(
            name=category.name,
            known_by=category.known_by,
            count=int(counts[index]),
            located=Share.of(int(located[index]), int(counts[index])),
            raw_values=_values(
                (value, count)
                for value, count in reading.tally.values.items()
                if owners(value) == index
            ),
        )
        for index, category in enumerate(incidents.categories)
    ]


def _values(counted: Iterable[tuple[str, int]]) -> list[Counted]:
    top = sorted(counted, key=lambda item: (-item[1], item[0]))[:_TOP_VALUES]
    return [Counted(safe(value), count) for value, count in top]


def _reporting(reading: Reading) -> ReportingRead | None:
    incidents, tally = reading.incidents, reading.tally
    if incidents.reported_at is None:
        return None
    known = int(np.count_nonzero(~np.isnat(incidents.reported_at)))
    return ReportingRead(
        known=Share.of(known, len(incidents)),
        unreadable=tally.reported_unreadable,
        before_start=tally.reported_before_start,
        delay_days=quantiles(_differences(incidents.end, incidents.reported_at), DAY),
    )
