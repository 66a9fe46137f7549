"""`Columns` and `Source`: which columns of which files are read, and as what."""

from __future__ import annotations

import codecs
import zoneinfo
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from veedor.errors import StudyError, phrase
from veedor.incidents.categories import check_categories, plain
from veedor.incidents.model import Category, require_metres
from veedor.tables.hours import DIGITS, day_parts
from veedor.tables.points import POINT_FIRST, PointFirst

if TYPE_CHECKING:
    from veedor.incidents.layouts import Layout
    from veedor.incidents.named_zones import NamedZones

#: What an offset beside a time may mean.
OFFSETS = ("convert", "ignore", "utc")
_PAIRS = (("latitude", "longitude"), ("x", "y"))
_PLACES = ("latitude", "x", "point")


@dataclass(frozen=True)
class Columns:
    """The allow-list: the name of the column that plays each role; every other column is dropped.

    Parameters
    ----------
    category : str, optional
        Offence category. May be absent only if the study has one category, which every row is.
    id : str, optional
        Unique key of the incident. Without it incidents are numbered in the order of the rows.
    time : str, optional
        One time of the incident. A date without a clock time stands for that whole local day.
    start, end : str, optional
        The interval in which it happened; a missing end means the instant `start`.
    date : str, optional
        Calendar day, with `clock`, `hour_band` or `hour`, or alone for the whole day.
    year, month, day : str, optional
        A calendar day in several columns, in place of `date`; without `day` the whole month.
    hour, minute : str, optional
        A clock time in two columns, in place of `clock`; without `minute` the whole hour.
    clock : str, optional
        Time of day, as ``18:30``, ``1830``, ``6:30 PM``; missing means the whole day.
    hour_band : str, optional
        Hours of the day, as ``18`` (18:00 to 19:00), ``18-20``, ``18 a 20``, ``18:00-19:59``.
    reported_at : str, optional
        When the record was entered.
    latitude, longitude : str, optional
        WGS84 degrees.
    x, y : str, optional
        Coordinates in the source's `input_crs`, x first (easting or longitude).
    point : str, optional
        Text that holds a place in the source's `input_crs`: ``POINT (lon lat)``, ``(lat, lon)``,
        GeoJSON, or JSON with latitude and longitude.
    zone : str, optional
        For records without coordinates, the name of one of the source's `zones`. Beside
        coordinates it places nothing: it tells by zone how many incidents lack them.
    precision : str, optional
        How far off the position may be, in metres.
    known_by : str, optional
        How each record became known; counted by category in the quality report.
    count : str, optional
        How many incidents the row stands for; missing means one.
    incident : str, optional
        What the rows of one incident share, where it may have several: it counts once in each
        category, at its first row. A row without it is an incident of its own.

    Raises
    ------
    StudyError
        If no time is given or two kinds are mixed, half a place is given, or a column has two
        roles.

    Examples
    --------
    >>> Columns(time="occurred_at", latitude="lat", longitude="lon").roles()
    {'time': 'occurred_at', 'latitude': 'lat', 'longitude': 'lon'}
    """

    category: str | None = None
    id: str | None = None
    time: str | None = None
    start: str | None = None
    end: str | None = None
    date: str | None = None
    clock: str | None = None
    hour_band: str | None = None
    year: str | None = None
    month: str | None = None
    day: str | None = None
    hour: str | None = None
    minute: str | None = None
    reported_at: str | None = None
    latitude: str | None = None
    longitude: str | None = None
    x: str | None = None
    y: str | None = None
    point: str | None = None
    zone: str | None = None
    precision: str | None = None
    known_by: str | None = None
    count: str | None = None
    incident: str | None = None

    def __post_init__(self) -> None:
        roles = self.roles()
        kinds = [kind for kind in ("time", "start", "date", "year") if kind in roles]
        if len(kinds) != 1:
            _wrong(
                phrase("The time of an incident must be given in one way."),
                ", ".join(kinds) or phrase("no time column"),
                phrase(
                    "set `time`, or `start` and `end`, or `date` (or `year`, `month` and `day`) "
                    "with `clock` or `hour_band`"
                ),
            )
        if self.end is not None and self.start is None:
            _wrong(
                phrase("An `end` must come with a `start`."),
                phrase("only `end`"),
                phrase("set `start`, or use `time`"),
            )
        for finer, coarser in (("month", "year"), ("year", "month"), ("minute", "hour")):
            if finer in roles and coarser not in roles:
                _wrong(
                    phrase("`{finer}` must come with `{coarser}`.", finer=finer, coarser=coarser),
                    phrase("no `{coarser}`", coarser=coarser),
                    phrase("set `{coarser}` too", coarser=coarser),
                )
        if "day" in roles and "month" not in roles:
            _wrong(
                phrase("`day` must come with `month` and `year`."),
                phrase("no `month`"),
                phrase("set all three"),
            )
        clocks = [role for role in ("clock", "hour_band", "hour") if role in roles]
        if not {"date", "year"} & set(roles) and clocks:
            _wrong(
                phrase("`clock`, `hour_band` and `hour` must come with a `date`."),
                phrase("no `date`"),
                phrase("set `date` to the column that holds the day"),
            )
        if len(clocks) > 1:
            _wrong(
                phrase("A day must have one of `clock`, `hour_band` and `hour`."),
                ", ".join(clocks),
                phrase("keep one of them"),
            )
        for first, second in _PAIRS:
            if (first in roles) != (second in roles):
                given, missing = (first, second) if first in roles else (second, first)
                _wrong(
                    phrase("A place must have both coordinates."),
                    phrase("`{given}` without `{missing}`", given=given, missing=missing),
                    phrase("set `{missing}` too", missing=missing),
                )
        places = [role for role in _PLACES if role in roles]
        if len(places) > 1:
            _wrong(
                phrase("A place must be given once."), ", ".join(places), phrase("keep one of them")
            )
        for role, column in roles.items():
            if list(roles.values()).count(column) > 1:
                _wrong(
                    phrase("A column must have one role."),
                    phrase(
                        "column {column} twice, once as `{role}`", column=repr(column), role=role
                    ),
                    phrase("give each role its own column"),
                )

    def roles(self) -> dict[str, str]:
        """Role to column name, for the roles that are set."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        for role, column in named.items():
            if column is not None and not (isinstance(column, str) and column.strip()):
                _wrong(
                    phrase("The column of `{role}` must be a name.", role=role),
                    repr(column),
                    phrase("write the header's text"),
                )
        return {role: column for role, column in named.items() if column is not None}

    @property
    def placed(self) -> bool:
        """Whether any column says where."""
        return self.measured or self.zone is not None

    @property
    def measured(self) -> bool:
        """Whether any column holds coordinates."""
        return any(getattr(self, role) is not None for role in _PLACES)


@dataclass(frozen=True)
class Source:
    """Files of recorded incidents and how to read them.

    Parameters
    ----------
    paths : tuple of str
        Files, folders or globs. CSV (plain, gz or zip), Parquet, GeoJSON, xlsx, ODS.
    columns : Columns
    categories : tuple of Category
        The study's categories; other values of the category column are set aside and counted.
    time_zone : str
        IANA name, as ``"America/Argentina/Buenos_Aires"``: times are local civil time in it unless
        they carry an offset.
    crs : str
        Projected coordinate reference system in metres of the result, as ``"EPSG:32721"``.
    input_crs : str
        Coordinate reference system of `x` and `y`.
    delimiter, encoding, decimal : str, optional
        Found from the file where not given.
    time_format : str, optional
        `strptime` format of the times, for files whose order of day and month cannot be known.
    offset : {"convert", "ignore", "utc"}, optional
        What an offset beside a time means: ``"ignore"`` takes the clock time before it as local,
        for files that write local times as if they were UTC. Without it times are converted, unless
        a column of hours says otherwise: that is an error. ``"utc"`` takes times without an offset
        as UTC, for files that say so nowhere but in a header or beside the file.
    point_first : {"latitude", "longitude"}, optional
        Which number of a place in a text comes first, also against the standards of well-known text
        and GeoJSON, which some agencies' files break.
    clock_format : {"hours", "hhmm", "hhmmss", "fraction"}, optional
        What numbers alone in a column of clock times are; found where not given.
    day_parts : tuple of (str, str), optional
        Words for parts of the day in the `hour_band` or `clock` column, and their hours.
    layout : Layout, optional
        What is known of the files: `columns` may then name what it makes of them.
    most_misplaced : float
        Largest share of the coordinates that may lie where their CRS does not hold.
    skip_rows : int, optional
        How many lines (rows, in a workbook) come before the header. Titles are found where it is
        not given.
    header : bool, optional
        Whether a header names the columns. If not they are ``column 1``, ``column 2`` and so on.
    sheets : tuple of str
        Sheets of a workbook to read, one after another; the one with rows where not given.
    zones : NamedZones, optional
        What the column mapped as `zone` names, where there are no coordinates.

    Raises
    ------
    StudyError
        If a name repeats, a value has two categories, or a zone, CRS or encoding is unknown.
    GeographicCoordinatesError
        If `crs` is not projected in metres.
    """

    paths: tuple[str, ...]
    columns: Columns
    categories: tuple[Category, ...]
    time_zone: str
    crs: str
    input_crs: str = "EPSG:4326"
    delimiter: str | None = None
    encoding: str | None = None
    decimal: str | None = None
    time_format: str | None = None
    offset: str | None = None
    point_first: PointFirst | None = None
    clock_format: str | None = None
    day_parts: tuple[tuple[str, str], ...] = ()
    layout: Layout | None = None
    most_misplaced: float = 0.05
    skip_rows: int | None = None
    header: bool | None = None
    sheets: tuple[str, ...] = ()
    zones: NamedZones | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.paths, tuple) or not self.paths:
            _wrong(
                phrase("A source must have paths."),
                repr(self.paths),
                phrase("give a tuple of files, folders or globs"),
            )
        check_categories(self.categories, self.columns.category)
        try:
            zoneinfo.ZoneInfo(self.time_zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            _wrong(
                phrase("The time zone must be an IANA name."),
                repr(self.time_zone),
                phrase("use a name such as America/Argentina/Buenos_Aires or America/Chicago"),
            )
        from pyproj import CRS
        from pyproj.exceptions import CRSError

        for role, crs in (("crs", self.crs), ("input_crs", self.input_crs)):
            try:
                CRS.from_user_input(crs)
            except CRSError:
                _wrong(
                    phrase("`{role}` must be a known CRS.", role=role),
                    repr(crs),
                    phrase("use a code such as EPSG:32721"),
                )
        require_metres(self.crs)
        if self.encoding is not None:
            try:
                codecs.lookup(self.encoding)
            except LookupError:
                _wrong(
                    phrase("The encoding must be known."),
                    repr(self.encoding),
                    phrase("use utf-8 or latin-1"),
                )
        if self.columns.zone is not None and self.zones is None and not self.columns.measured:
            _wrong(
                phrase("A record of zones must come with the zones."),
                phrase("column {zone} as `zone` and no zones", zone=repr(self.columns.zone)),
                phrase("give the polygons that it names"),
            )
        if self.skip_rows is not None and self.skip_rows < 0:
            _wrong(
                phrase("`skip_rows` must be at least 0."),
                str(self.skip_rows),
                phrase("count lines from 0"),
            )
        if not 0.0 <= self.most_misplaced <= 1.0:
            _wrong(
                phrase("`most_misplaced` must be a share."),
                f"{self.most_misplaced:g}",
                phrase("set a number from 0 to 1"),
            )
        for setting, value, known in (
            ("offset", self.offset, OFFSETS),
            ("point_first", self.point_first, POINT_FIRST),
            ("clock_format", self.clock_format, DIGITS),
        ):
            if value is not None and value not in known:
                _wrong(
                    phrase(
                        "`{setting}` must be one of {known}.",
                        setting=setting,
                        known=", ".join(known),
                    ),
                    repr(value),
                    phrase("use one of them, or leave it out"),
                )
        day_parts(dict(self.day_parts))
        if self.decimal not in (None, ".", ","):
            _wrong(
                phrase("The decimal mark must be '.' or ','."),
                repr(self.decimal),
                phrase("set one of the two"),
            )
        if self.delimiter is not None and (
            len(self.delimiter) != 1 or self.delimiter in '"\r\n\0' or not self.delimiter.isascii()
        ):
            _wrong(
                phrase("The delimiter must be one character."),
                repr(self.delimiter),
                phrase("use , ; tab or |"),
            )

    def category_index(self) -> dict[str, int]:
        """Plain raw value to the index of the category that gathers it."""
        return {
            plain(value): index
            for index, category in enumerate(self.categories)
            for value in category.values or (category.name,)
        }


def _wrong(must: str, found: str, remedy: str) -> None:
    raise StudyError(must, found=found, remedy=remedy)
