"""`RecordedPoints`: recorded incidents as an audit takes them, by how they became known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer

from veedor.arrays import Floats, Geometries
from veedor.audits.places.assignment import points_by_zone
from veedor.audits.places.zones import PeopledZones
from veedor.errors import DataError, phrase
from veedor.tables.escape import shown
from veedor.tables.rows import read_table

REPORTED, DISCOVERED, UNKNOWN = "reported", "discovered", "recorded"


@dataclass(frozen=True, eq=False)
class RecordedPoints:
    """Recorded incidents; those that victims reported and those that police found kept apart.

    Parameters
    ----------
    lon, lat : array, shape (n,)
        WGS84 degrees.
    count : array, shape (n,)
        Incidents of each row.
    known_by : array of str, shape (n,)
        ``reported``, ``discovered``, or ``recorded`` where the file does not say.
    """

    lon: Floats
    lat: Floats
    count: Floats
    known_by: npt.NDArray[np.str_]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Ways of becoming known that there are, the reported first."""
        return tuple(
            kind for kind in (REPORTED, DISCOVERED, UNKNOWN) if bool(np.any(self.known_by == kind))
        )

    def of(self, kind: str) -> RecordedPoints:
        """Take the incidents that became known in one way."""
        here = self.known_by == kind
        return RecordedPoints(self.lon[here], self.lat[here], self.count[here], self.known_by[here])

    def by_zone(self, zones: PeopledZones) -> Floats:
        """Incidents of each zone, shape (zones,); on a border, shared by the zones that touch."""
        return points_by_zone(self.lon, self.lat, self.count, zones)

    def points(self, crs: str) -> Geometries:
        """Places in metres of `crs`, shape (n,)."""
        to_metres = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
        points: Geometries = shapely.points(*to_metres.transform(self.lon, self.lat))
        return points


def read_record(
    path: Path, *, reported: Sequence[str] = (), discovered: Sequence[str] = ()
) -> RecordedPoints:
    """Read incidents: CSV or Parquet, plain or .gz, with ``lat, lon`` and, if given, more.

    Parameters
    ----------
    path : Path
        ``count`` is 1 where absent; ``known_by`` says ``reported`` or ``discovered``; or
        ``category`` does, by the next two.
    reported, discovered : sequence of str
        Categories that victims and witnesses report, and that police go looking for. With either
        given, rows of other categories are left out.

    Raises
    ------
    UnreadableError, DataError
        If the file is no such table, or `known_by` holds anything else.
    """
    sheet = read_table(path, ("lat", "lon"))
    lon, lat = sheet.degrees()
    n = len(sheet)
    count = sheet.numbers("count", whole=True) if "count" in sheet else np.ones(n)
    if bool(np.any(count < 0.0)):
        raise sheet.fault(phrase("Incidents must not be fewer than 0."), count < 0.0, "count")
    known_by = np.full(n, UNKNOWN, dtype="<U10")
    if reported or discovered:
        category = sheet.text("category")
        known_by[:] = ""
        known_by[np.isin(category, list(reported))] = REPORTED
        known_by[np.isin(category, list(discovered))] = DISCOVERED
    elif "known_by" in sheet:
        known_by = sheet.text("known_by").astype("<U10")
        wrong = ~np.isin(known_by, [REPORTED, DISCOVERED])
        if bool(wrong.any()):
            raise DataError(
                "known_by must be reported or discovered.",
                found=", ".join(shown(str(name)) for name in np.unique(known_by[wrong])[:5]),
                where=phrase("{name}, {wrong} rows", name=path.name, wrong=int(wrong.sum())),
            )
    kept = known_by != ""
    if not bool(np.any(count[kept] > 0.0)):
        raise DataError(
            "There must be incidents of the categories.", found=phrase("none"), where=path.name
        )
    return RecordedPoints(lon[kept], lat[kept], count[kept], known_by[kept])
