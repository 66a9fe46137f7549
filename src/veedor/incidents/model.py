"""`Incidents`: what was recorded, one row an incident, as columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
from pyproj import CRS, Proj

from veedor.arrays import Floats, Instants
from veedor.errors import DataError, GeographicCoordinatesError, phrase
from veedor.files.replacing import HashedFile
from veedor.incidents.spool import give_back

#: Categories are `reported` by victims or witnesses, or `discovered` by police activity.
KNOWN_BY = ("reported", "discovered")
_COLUMNS = ("id", "category", "start", "end", "reported_at", "x_m", "y_m", "precision_m")


@dataclass(frozen=True)
class Category:
    """An offence category of a study.

    Parameters
    ----------
    name : str
        Its name in the study.
    known_by : str
        ``"reported"`` or ``"discovered"``.
    values : tuple of str
        The raw values of the category column that it gathers; empty means its own name.
    """

    name: str
    known_by: str
    values: tuple[str, ...] = ()


class TableRead(msgspec.Struct, frozen=True, kw_only=True):
    """A table that was read: kind of file, how it is written (None for what is usual), rows."""

    name: str
    format: str
    encoding: str | None
    delimiter: str | None
    decimal: str | None
    skip_rows: int | None
    header: bool | None
    sheets: tuple[str, ...]
    rows: int


class Provenance(msgspec.Struct, frozen=True, kw_only=True):
    """Where incidents come from: files with their hashes, tables in them, columns by role."""

    files: tuple[HashedFile, ...] = ()
    tables: tuple[TableRead, ...] = ()
    columns: dict[str, str] = {}
    time_format: str | None = None
    input_crs: str | None = None
    layout: str | None = None


@dataclass(frozen=True, eq=False)
class Incidents:
    """Recorded incidents, as arrays of one length n.

    Parameters
    ----------
    id : array of int64 or bytes, shape (n,)
        Unique key of each incident.
    category : array of int16, shape (n,)
        Index into `categories`.
    start, end : array of datetime64[us], shape (n,)
        UTC interval in which the incident happened; equal where the time is exact.
    reported_at : array of datetime64[us], shape (n,), or None
        UTC instant at which the record was entered; NaT where unknown; None where there is no
        such column.
    x_m, y_m : array of float64, shape (n,)
        Projected position in metres of `crs`; NaN (both) where there is no place.
    precision_m : array of float32, shape (n,), or None
        How far off the position may be, in metres; None where not recorded.
    categories : tuple of Category
    crs : str
        Projected coordinate reference system in metres, as ``"EPSG:32616"``.
    time_zone : str
        IANA name of the local time zone.
    provenance : Provenance
        Source files, their hashes, the columns used.

    Raises
    ------
    DataError
        If lengths differ, an interval ends before it starts, or half a place is given.
    GeographicCoordinatesError
        If `crs` is not projected, or not in metres.

    Notes
    -----
    The arrays may be memory-mapped; they are read-only. Uniqueness of the ids is established by
    the reader, which knows the rows; it is not tested again here.
    """

    id: npt.NDArray[Any]
    category: npt.NDArray[np.int16]
    start: Instants
    end: Instants
    reported_at: Instants | None
    x_m: Floats
    y_m: Floats
    precision_m: npt.NDArray[np.float32] | None
    categories: tuple[Category, ...]
    crs: str
    time_zone: str
    provenance: Provenance = field(default_factory=Provenance)

    def __post_init__(self) -> None:
        n = len(self.id)
        for name in _COLUMNS:
            column = getattr(self, name)
            if column is not None and column.shape != (n,):
                raise DataError(
                    "Every column of Incidents must have one value an incident.",
                    found=phrase(
                        "{name} has shape {shape} for {n} ids", name=name, shape=column.shape, n=n
                    ),
                )
        if bool(np.any(self.end < self.start)):
            raise DataError(
                "An incident must not end before it starts.",
                found=phrase(
                    "{n_found} incidents that do", n_found=int(np.sum(self.end < self.start))
                ),
            )
        if bool(np.any(np.isfinite(self.x_m) != np.isfinite(self.y_m))):
            raise DataError(
                "A place must have both coordinates or none.",
                found=phrase("incidents with one of the two"),
            )
        require_metres(self.crs)
        for name in _COLUMNS:
            column = getattr(self, name)
            if column is not None:
                column.flags.writeable = False

    def __len__(self) -> int:
        return len(self.id)

    @property
    def midpoint(self) -> Instants:
        """Middle of each interval, UTC, shape (n,): where `Counts` puts an incident in time."""
        return self.midpoint_of(slice(None))

    def midpoint_of(self, rows: npt.NDArray[Any] | slice) -> Instants:
        """Middle of the interval of the incidents at `rows` alone."""
        start = self.start[rows]
        middle: Instants = start + (self.end[rows] - start) // 2
        return middle

    @property
    def located(self) -> npt.NDArray[np.bool_]:
        """Whether each incident has a place, shape (n,)."""
        has_place: npt.NDArray[np.bool_] = np.isfinite(self.x_m)
        return has_place

    def index_of(self, category: str) -> int:
        """Index of a category by name.

        Raises
        ------
        DataError
            If there is no such category.
        """
        for index, known in enumerate(self.categories):
            if known.name == category:
                return index
        raise DataError(
            "A category must be one of the study's.",
            found=repr(category),
            remedy=phrase(
                "use one of {categories}",
                categories=", ".join(known.name for known in self.categories),
            ),
        )

    def give_back(self) -> None:
        """Give back the memory of columns that are mapped from a file: they stay as they are.

        Their pages are read again when they are looked at; for whoever has seen all of them.
        """
        for name in _COLUMNS:
            give_back(getattr(self, name))

    def take(self, rows: npt.NDArray[Any]) -> Incidents:
        """Return the incidents at `rows` (indices or a mask), in that order."""
        return Incidents(
            id=self.id[rows],
            category=self.category[rows],
            start=self.start[rows],
            end=self.end[rows],
            reported_at=None if self.reported_at is None else self.reported_at[rows],
            x_m=self.x_m[rows],
            y_m=self.y_m[rows],
            precision_m=None if self.precision_m is None else self.precision_m[rows],
            categories=self.categories,
            crs=self.crs,
            time_zone=self.time_zone,
            provenance=self.provenance,
        )


def require_metres(crs: str) -> None:
    """Refuse a coordinate reference system in which distances are not metres.

    Raises
    ------
    GeographicCoordinatesError
        If `crs` is geographic, or its axes are in another unit than metres.
    """
    projected, unit, name = _kind_of(crs)
    if not projected or unit not in ("metre", "meter"):
        raise GeographicCoordinatesError(
            "Distances must be measured in a projected coordinate reference system in metres.",
            found=phrase("{crs} ({name}, unit {unit})", crs=crs, name=name, unit=unit),
            remedy="set a projected crs in study.toml, as the UTM zone that `veedor init` proposes",
        )


@lru_cache(maxsize=64)
def _kind_of(crs: str) -> tuple[bool, str, str]:
    """Whether coordinates are projected, their unit, and what they are called."""
    parsed = CRS.from_user_input(crs)
    unit = parsed.axis_info[0].unit_name if parsed.axis_info else "unknown"
    return parsed.is_projected, unit, parsed.name


#: How far a metre of the coordinates may be from one on the ground. A UTM zone keeps within 0.1%,
#: the projections of whole countries within 2%; Web Mercator is 34% off in Chicago.
MOST_STRETCHED = 0.05


def require_true_metres(crs: str, x_m: float, y_m: float) -> None:
    """Refuse a coordinate reference system whose metres are not metres on the ground.

    Its cells would be smaller than they say, and its distances longer.

    Parameters
    ----------
    crs : str
        Projected, in metres.
    x_m, y_m : float
        Where it is to be used.

    Raises
    ------
    GeographicCoordinatesError
        If it stretches or shrinks some direction there by more than `MOST_STRETCHED`.

    Examples
    --------
    >>> require_true_metres("EPSG:32616", 446_000.0, 4_627_800.0)
    >>> try:
    ...     require_true_metres("EPSG:3857", -9_754_000.0, 5_100_000.0)  # Chicago
    ... except GeographicCoordinatesError as error:
    ...     print(error.found)
    EPSG:3857 makes 1.34 to 1.34 metres of a metre at the cells
    """
    projection = Proj(CRS.from_user_input(crs))
    scale = projection.get_factors(*projection(x_m, y_m, inverse=True))
    longest, shortest = scale.tissot_semimajor, scale.tissot_semiminor
    if longest > 1.0 + MOST_STRETCHED or shortest < 1.0 - MOST_STRETCHED:
        raise GeographicCoordinatesError(
            phrase(
                "A metre of the coordinates must be a metre on the ground, within "
                "{most_stretched:.0%}.",
                most_stretched=MOST_STRETCHED,
            ),
            found=phrase(
                "{crs} makes {shortest:.2f} to {longest:.2f} metres of a metre at the cells",
                crs=crs,
                shortest=shortest,
                longest=longest,
            ),
            remedy="set a crs made for the place in study.toml, as the UTM zone that `veedor init` "
            "proposes",
        )
