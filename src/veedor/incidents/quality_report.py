"""`QualityReport`: what was read, what was not, and what looks wrong, as numbers and codes."""

from __future__ import annotations

import msgspec


class Share(msgspec.Struct, frozen=True):
    """A share with what it is of; None, never 0, where that is nothing.

    Examples
    --------
    >>> Share.of(1, 4).share, Share.of(0, 0).share
    (0.25, None)
    """

    share: float | None
    numerator: int
    denominator: int

    @classmethod
    def of(cls, numerator: int, denominator: int) -> Share:
        """Divide two counts."""
        return cls(numerator / denominator if denominator else None, numerator, denominator)


class Quantiles(msgspec.Struct, frozen=True):
    """Quantiles of `n` values: level (as ``"0.95"``) to value, None where n is 0."""

    n: int
    quantiles: dict[str, float | None]


class Counted(msgspec.Struct, frozen=True):
    """A value of the file, made safe to show, and how many rows hold it."""

    value: str
    count: int


class SetAside(msgspec.Struct, frozen=True):
    """Rows that were not kept for one reason; `first_rows` say where, as ``file:row``."""

    reason: str
    count: int
    first_rows: list[str]


class Reason(msgspec.Struct, frozen=True):
    """Incidents without a usable place, for one reason."""

    reason: str
    count: int


class RowsRead(msgspec.Struct, frozen=True, rename={"read": "in"}):
    """How rows became incidents.

    Parameters
    ----------
    read : int
        Written as ``in``.
    kept : int
    set_aside : list of SetAside
    counted_more : int
        Incidents beyond the first of rows that stand for several.
    reconciled : bool
        Whether read + counted_more = kept + all set aside.
    """

    read: int
    kept: int
    set_aside: list[SetAside]
    counted_more: int
    reconciled: bool


class CategoryRead(msgspec.Struct, frozen=True):
    """Incidents of one category, and the values of the file that stand for it."""

    name: str
    known_by: str
    count: int
    located: Share
    raw_values: list[Counted]


class OtherValues(msgspec.Struct, frozen=True):
    """Rows of no category of the study, with their most frequent values."""

    rows: int
    values: list[Counted]


class Months(msgspec.Struct, frozen=True):
    """Incidents by local calendar month; all lists have one length.

    Parameters
    ----------
    labels : list of str
        As ``"2022-01"``.
    total, located : list of int
    complete : list of bool
        Whether the record seems to cover the month.
    by_category : dict of str to list of int
    """

    labels: list[str]
    total: list[int]
    located: list[int]
    complete: list[bool]
    by_category: dict[str, list[int]]


class SeriesBreak(msgspec.Struct, frozen=True):
    """A month that breaks the series of a category, or of all (None): see `find_breaks`."""

    category: str | None
    month: str
    count: int
    expected: float
    z: float


class FarPlaces(msgspec.Struct, frozen=True):
    """Places far from all others; `farthest_km` from their middle, None where there is none."""

    incidents: int
    points: int
    farthest_km: float | None
    first_rows: list[str]


class Stack(msgspec.Struct, frozen=True):
    """A point that holds several incidents, rounded to 100 m: it may be a home.

    Parameters
    ----------
    x_m, y_m : int or None
        None in a report that is shown without the data.
    count : int
    suspected : bool
        Whether it holds so many that it may stand for "place unknown".
    """

    x_m: int | None
    y_m: int | None
    count: int
    suspected: bool


class StackedPlaces(msgspec.Struct, frozen=True):
    """How incidents share exact points; `stacked` is of those on a point with two or more."""

    distinct_points: int
    stacked: Share
    top: list[Stack]


class PlacesRead(msgspec.Struct, frozen=True):
    """Where incidents are.

    Parameters
    ----------
    located : Share
    unlocated : list of Reason
    outside_area : Share or None
        Of the located; None where there is no area.
    swapped_suspected : int
    cause : str or None
        What is suspected where the CRS does not hold.
    other_zones : list of Counted
        Names of no zone of the study.
    unlocated_zones : list of Counted
        Zones that incidents without usable coordinates name, where a column names one.
    far : FarPlaces
    stacks : StackedPlaces
    """

    located: Share
    unlocated: list[Reason]
    outside_area: Share | None
    swapped_suspected: int
    cause: str | None
    other_zones: list[Counted]
    unlocated_zones: list[Counted]
    far: FarPlaces
    stacks: StackedPlaces


class YearCount(msgspec.Struct, frozen=True):
    """A year with few incidents, two years or more from all others."""

    year: str
    count: int


class HeapedTime(msgspec.Struct, frozen=True):
    """A minute of the local day, as ``00:00``, that holds far more incidents than others do."""

    clock: str
    count: int


class TimesRead(msgspec.Struct, frozen=True):
    """When incidents were.

    Parameters
    ----------
    nonexistent, ambiguous : int
        Incidents at clock changes.
    whole_days, whole_months : int
    with_offset : int
        Converted to local time.
    far_years : list of YearCount
    days_at_midnight : list of str
        Roles whose times are all midnight, taken as whole days.
    days_as_written : list of str
        Files whose days stand at midnight UTC, taken as written.
    unreadable : dict of str to list of str
        Role to examples of values that could not be read.
    exact : Share
        With start = end.
    interval_hours : Quantiles
        To the minute.
    heaped : list of HeapedTime
        Minutes of the day at which times are written where the hour is not known.
    """

    nonexistent: int
    ambiguous: int
    whole_days: int
    whole_months: int
    with_offset: int
    far_years: list[YearCount]
    days_at_midnight: list[str]
    days_as_written: list[str]
    unreadable: dict[str, list[str]]
    exact: Share
    interval_hours: Quantiles
    heaped: list[HeapedTime] = []


class ReportingRead(msgspec.Struct, frozen=True):
    """When incidents became known; `delay_days` from the end of the interval, to the minute."""

    known: Share
    unreadable: int
    before_start: int
    delay_days: Quantiles


class Duplicates(msgspec.Struct, frozen=True):
    """Rows that are the same as an earlier one.

    Parameters
    ----------
    of_an_id : int
        Set aside.
    identical_rows : int or None
        Kept, since there are no ids; None where there are.
    """

    of_an_id: int
    identical_rows: int | None


class KnownBy(msgspec.Struct, frozen=True):
    """A value of the known_by column within a category."""

    category: str
    value: str
    count: int


class DroppedColumns(msgspec.Struct, frozen=True):
    """Names of a file's columns that were not read."""

    file: str
    columns: list[str]


class Mended(msgspec.Struct, frozen=True):
    """What the layout mended, in how many of all rows."""

    what: str
    rows: int


class LayoutBreak(msgspec.Struct, frozen=True, rename={"since": "from"}):
    """A day from which the layout's publisher counts differently; `since` is written ``from``.

    It is in the record where it lies after the record's first day and not after its last: of a
    record that begins later, all was counted the new way.
    """

    since: str
    what: str
    in_the_record: bool


class LayoutRead(msgspec.Struct, frozen=True):
    """What the layout of the files did and says; `persons` are columns that were dropped."""

    name: str
    title: str
    licence: str
    page: str
    delay: str
    rule: str
    mended: list[Mended]
    persons: list[str]
    breaks: list[LayoutBreak]


class QualityReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was read, what was not, and what looks wrong: ``quality.json``.

    Parameters
    ----------
    schema : int
        Version of what the file holds.
    rows : RowsRead
    categories : list of CategoryRead
    other_values : OtherValues
    months : Months
    breaks : list of SeriesBreak
    places : PlacesRead
    times : TimesRead
    reporting : ReportingRead or None
        None where there is no such column.
    duplicates : Duplicates
    known_by : list of KnownBy
    dropped_columns : list of DroppedColumns
    layout : LayoutRead or None
    """

    schema: int = 1
    rows: RowsRead
    categories: list[CategoryRead]
    other_values: OtherValues
    months: Months
    breaks: list[SeriesBreak]
    places: PlacesRead
    times: TimesRead
    reporting: ReportingRead | None
    duplicates: Duplicates
    known_by: list[KnownBy]
    dropped_columns: list[DroppedColumns]
    layout: LayoutRead | None
