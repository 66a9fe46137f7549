"""`Devices`: what watches a place, from where, how far and in which directions."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np
import shapely

from veedor.arrays import Bools, Floats, Geometries, Ints, Texts
from veedor.errors import DataError, StudyError, phrase
from veedor.tables.escape import shown

#: Metres. What is said to see further is in another unit, or wrong.
MOST_RANGE = 10_000.0
#: Degrees of a device that looks all round.
ROUND = 360.0


class DevicesRead(msgspec.Struct, frozen=True):
    """What a file of devices held, and what of it is not known.

    Parameters
    ----------
    file : str
    layout : {"table", "osm"}
        A table of ours, or tags of OpenStreetMap.
    rows : int
        Rows or features.
    other : int
        Of them, set aside because they are no device that watches: other things, persons on guard,
        microphones.
    indoor : int
        Set aside because they watch the inside of a building.
    without_point : int
        Set aside because they have no place, or are drawn as a line or an outline.
    copies : int
        Features of an id that came before, with the same content; the first was kept.
    uncounted : int
        Places set aside because no reader counted there, or could tell.
    repeated : int
        Devices alike in everything with one before them: one and the same, or two.
    range_assumed, direction_unknown, angle_assumed : int
        Devices whose range, direction or field of view the file does not say.
    drawn : int
        Devices whose view the file draws as a polygon.
    placed : int
        Of them, without a place of their own: they stand where a point within their view is.
    mended : int
        Of them, whose polygon crossed itself; what it encloses was taken.
    """

    file: str
    layout: str
    rows: int
    other: int = 0
    indoor: int = 0
    without_point: int = 0
    copies: int = 0
    uncounted: int = 0
    repeated: int = 0
    range_assumed: int = 0
    direction_unknown: int = 0
    angle_assumed: int = 0
    drawn: int = 0
    placed: int = 0
    mended: int = 0


@dataclass(frozen=True, eq=False)
class Looks:
    """Directions that devices look in; a device may have several.

    Parameters
    ----------
    device : array of int, shape (s,)
        Place of the device.
    bearing : array, shape (s,)
        Middle of its field of view, degrees clockwise from true north.
    angle_low, angle_high : array, shape (s,)
        Narrowest and widest that the field of view may be, degrees in [0, 360]. A direction that
        is not known is 0 to 360: no ground is surely in view, and any may be.
    """

    device: Ints
    bearing: Floats
    angle_low: Floats
    angle_high: Floats


@dataclass(frozen=True, eq=False)
class Devices:
    """Devices in the order of their file.

    Parameters
    ----------
    lon, lat : array, shape (n,)
        WGS84 degrees.
    kind : array of str, shape (n,)
    range_low_m, range_high_m : array, shape (n,)
        How far each sees at least and at most.
    looks : Looks
    count_low, count_high : array, shape (n,)
        How many devices stand there at least and at most: 1 each where a row is a device.
    drawn : object array of polygons, shape (n,)
        Views that are known as they are, in WGS84 longitude and latitude; empty where one is known
        by its range and `looks`. The range of a drawn one is how far its furthest corner lies.
    read : DevicesRead

    Raises
    ------
    DataError
        If a number is out of range, or there is no device.
    """

    lon: Floats
    lat: Floats
    kind: Texts
    range_low_m: Floats
    range_high_m: Floats
    looks: Looks
    count_low: Floats
    count_high: Floats
    drawn: Geometries
    read: DevicesRead

    def __post_init__(self) -> None:
        low, high = self.range_low_m, self.range_high_m
        self._require(
            (low >= 0.0) & (low <= high) & (high > 0.0) & (high <= MOST_RANGE),
            phrase(
                "A device must see from 0 to {most:,.0f} metres, at least no further than at most.",
                most=MOST_RANGE,
            ),
            [f"{a:g} to {b:g}" for a, b in zip(low, high, strict=True)],
            phrase(
                "give ranges in metres; leave a range that is not known empty, and bound it with "
                "--range-m"
            ),
        )
        for name, values, least in (("lat", self.lat, 90.0), ("lon", self.lon, 180.0)):
            self._require(
                np.abs(values) <= least,
                phrase("lat must lie within -90 to 90 and lon within -180 to 180 degrees (WGS84)."),
                [f"{name} {value:g}" for value in values],
                phrase(
                    "convert the coordinates to WGS84; check that lat and lon are not exchanged"
                ),
            )
        self._require(
            (self.lon != 0.0) | (self.lat != 0.0),
            phrase("A device must have a place of its own."),
            ["0, 0"] * len(self),
            phrase("leave out devices without a place: longitude and latitude 0 is in the sea"),
        )
        fewest, most = self.count_low, self.count_high
        self._require(
            (fewest >= 0.0) & (fewest <= most) & (most <= 1e6)
            & (fewest % 1.0 == 0.0) & (most % 1.0 == 0.0),
            phrase("Counts of devices must be whole, at least 0, and the least at most the most."),
            [f"{a:g} to {b:g}" for a, b in zip(fewest, most, strict=True)],
            "",
        )  # fmt: skip
        if not bool(np.any(most > 0.0)):
            raise DataError(
                "There must be a device to audit.",
                found=phrase("none in {rows} rows", rows=self.read.rows),
                where=self.read.file,
                remedy="of OpenStreetMap, export what is tagged man_made=surveillance",
            )

    def _require(self, holds: Bools, must: str, found: list[str], remedy: str) -> None:
        wrong = np.flatnonzero(~holds)
        if len(wrong):
            raise DataError(
                must,
                found=phrase(
                    "{n} devices that do not, first {examples}",
                    n=len(wrong),
                    examples=", ".join(found[place] for place in wrong[:5]),
                ),
                where=phrase(
                    "{file}, devices {places}",
                    file=self.read.file,
                    places=", ".join(str(place + 1) for place in wrong[:5]),
                ),
                remedy=remedy,
            )

    def __len__(self) -> int:
        return len(self.lon)

    @property
    def ranges(self) -> tuple[float, float] | None:
        """Shortest and longest range that any device may have; None where all views are drawn."""
        by_range = shapely.is_empty(self.drawn)
        if not by_range.any():
            return None
        low, high = self.range_low_m[by_range], self.range_high_m[by_range]
        return float(low.min()), float(high.max())

    @property
    def views_known(self) -> bool:
        """Whether range, direction, field of view and number of every device are known."""
        return self.counts_known and bool(
            np.array_equal(self.range_low_m, self.range_high_m)
            and np.array_equal(self.looks.angle_low, self.looks.angle_high)
        )

    @property
    def counts_known(self) -> bool:
        """Whether it is known how many devices stand at each place."""
        return bool(np.array_equal(self.count_low, self.count_high))


@dataclass(frozen=True)
class Assumed:
    """What is taken of devices whose file does not say it.

    Parameters
    ----------
    ranges : dict of str to (float, float)
        Kind, folded, to the least and the most metres; ``""`` is every other kind.
    angles : (float, float)
        Narrowest and widest field of view of a device with a direction; 0 to 360 if not known.
        360 to 360 says that they look all round, with or without a direction.
    """

    ranges: dict[str, tuple[float, float]]
    angles: tuple[float, float] = (0.0, ROUND)

    @classmethod
    def of(cls, ranges: tuple[str, ...] = (), angle: str | None = None, where: str = "") -> Assumed:
        """Read them as a command or a study has them.

        Parameters
        ----------
        ranges : tuple of str
            ``[KIND=]LOW[,HIGH]`` each.
        angle : str, optional
            ``LOW[,HIGH]``.
        where : str
            Section of a study that they stand in; options of a command without it.

        Raises
        ------
        StudyError
            If one is not so, or out of range.

        Examples
        --------
        >>> Assumed.of(("20,60", "ALPR=15"), "60,110")
        Assumed(ranges={'': (20.0, 60.0), 'alpr': (15.0, 15.0)}, angles=(60.0, 110.0))
        """
        of_range, of_angle = ("range_m", "angle_deg") if where else ("--range-m", "--angle-deg")
        found: dict[str, tuple[float, float]] = {}
        for one in ranges:
            kind, is_kind, ends = one.rpartition("=")
            name = kind.strip().casefold() if is_kind else ""
            if name in found:
                raise StudyError(
                    "Each kind of device must have its range once.",
                    found=shown(one),
                    where=where or of_range,
                )
            found[name] = _ends(ends, MOST_RANGE, of_range, where, one)
        return cls(found, (0.0, ROUND) if angle is None else _ends(angle, ROUND, of_angle, where))

    def range_of(self, kind: str) -> tuple[float, float] | None:
        """Ends of the range of a kind; None where nothing is assumed of it."""
        return self.ranges.get(kind.casefold(), self.ranges.get(""))


def _ends(text: str, most: float, option: str, where: str, whole: str = "") -> tuple[float, float]:
    parts = text.split(",")
    try:
        low, high = float(parts[0]), float(parts[-1])
    except ValueError:
        low = high = float("nan")
    if len(parts) > 2 or not 0.0 <= low <= high <= most or high == 0.0:
        raise StudyError(
            phrase(
                "{option} must be LOW,HIGH or one number, from 0 to {most:,.0f}.",
                option=option,
                most=most,
            ),
            found=shown(whole or text),
            where=where,
            remedy="write a decimal point, and a comma between the two",
        )
    return low, high
