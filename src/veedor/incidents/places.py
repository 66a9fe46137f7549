"""`Projector`: coordinates as recorded to metres of the study's CRS, and why some have no place."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import product

import numpy as np
import numpy.typing as npt
from pyproj import CRS, Transformer

from veedor.arrays import Bools, Floats
from veedor.errors import listed, phrase
from veedor.incidents.ground import Ground

NO_COORDINATES = phrase("no coordinates")
NOT_NUMBERS = phrase("coordinates not numbers")
ZERO = phrase("coordinates are (0, 0)")
OUT_OF_RANGE = phrase("latitude or longitude out of range")
FAR = phrase("far from the area of use of the crs")
NOT_COVERED = phrase("outside the area that the layout covers")
DEGREES = phrase("degrees where the crs has metres or feet")
DEFAULT = phrase("coordinates are a default, as (-1, -1), 999999 or latitude 90")
DEFAULT_POINT = phrase("default point, far from all other places")
OTHER_ZONE = phrase("zone that is none of the study's")
#: Why an incident has no place, in the order of their codes.
REASONS = (
    NO_COORDINATES,
    NOT_NUMBERS,
    ZERO,
    OUT_OF_RANGE,
    FAR,
    NOT_COVERED,
    DEGREES,
    DEFAULT,
    DEFAULT_POINT,
    OTHER_ZONE,
)
#: Of these, the ones that say that the CRS does not hold for the coordinates.
MISPLACED = (OUT_OF_RANGE, FAR, DEGREES)
#: How far outside the area of use of the study's CRS a place may lie, in degrees.
MARGIN_DEGREES = 5.0
#: What is written for "nowhere", in both coordinates.
_DEFAULTS = (-1.0, *(sign * (10.0**n - 1) for n in range(3, 10) for sign in (1, -1)))
_KEPT = 1_000
#: What may be wrong with projected coordinates, and what to do.
_FEET = (
    phrase("feet where input_crs has metres"),
    phrase("set input_crs to the CRS in feet in which the agency publishes x and y"),
)
_METRES = (
    phrase("metres where input_crs has feet"),
    phrase("set input_crs to the CRS in metres in which the agency publishes x and y"),
)
_EXCHANGED = (phrase("x and y exchanged"), phrase("exchange the two columns: x is the easting"))
_OTHER = (
    phrase("another CRS or unit than input_crs, as feet for metres"),
    phrase(
        "set input_crs to the CRS in which the agency publishes x and y, and crs to "
        "one of the place"
    ),
)
_FOOT_M = 0.3048
#: Fewer places than these are projected in one thread.
_FEW = 50_000


class Projector:
    """Projects places, and sets a reason where there is none.

    Parameters
    ----------
    crs : str
        Of the result: projected, in metres.
    input_crs : str
        Of the coordinates given, x first.
    extent : tuple of float, optional
        West, south, east, north: degrees outside it are no place.

    Attributes
    ----------
    geographic : bool
        Whether the coordinates given are degrees.
    """

    def __init__(
        self, crs: str, input_crs: str, extent: tuple[float, float, float, float] | None = None
    ) -> None:
        target, given = CRS.from_user_input(crs), CRS.from_user_input(input_crs)
        self.geographic = given.is_geographic
        self._same = target == given
        self._transformer = Transformer.from_crs(given, target, always_xy=True)
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="places")
        self._extent = extent
        self._target, self._given = Ground(target), Ground(given)
        self._misplaced: list[Floats] = []
        self._misplaced_count = 0
        self._any_right = False

    def project(
        self, x: Floats, y: Floats, kind: npt.NDArray[np.uint8]
    ) -> tuple[Floats, Floats, npt.NDArray[np.uint8]]:
        """Project places.

        Parameters
        ----------
        x, y : array, shape (n,)
            As recorded.
        kind : array of uint8, shape (n,)
            0 where both are numbers, 1 where one is missing, 2 where one cannot be read.

        Returns
        -------
        x_m, y_m : array, shape (n,)
            NaN where there is no place.
        reason : array of uint8, shape (n,)
            0, or 1 plus an index into `REASONS`.
        """
        reason = np.where(kind == 1, 1, np.where(kind == 2, 2, 0)).astype(np.uint8)

        def put(why: str, rows: Bools) -> None:
            reason[(reason == 0) & rows] = REASONS.index(why) + 1

        put(NOT_NUMBERS, ~(np.isfinite(x) & np.isfinite(y)))
        put(ZERO, (x == 0) & (y == 0))
        put(DEFAULT, (x == y) & np.isin(x, _DEFAULTS))
        if self.geographic:
            put(DEFAULT, np.abs(y) == 90)
            with np.errstate(invalid="ignore"):
                put(OUT_OF_RANGE, (np.abs(y) > 90) | (np.abs(x) > 180))
                put(FAR, ~self._target.near(x, y, MARGIN_DEGREES))
                put(NOT_COVERED, ~self._covered(x, y))
        elif not self._plainly_inside(x, y, reason == 0):
            lon, lat = self._given.degrees(x, y)
            within = self._given.near(lon, lat, 0.0) & self._target.near(lon, lat, 0.0)
            put(DEGREES, (np.abs(x) <= 180) & (np.abs(y) <= 90) & ~within)
            put(FAR, ((x == 0) | (y == 0)) & ~within)
            put(FAR, ~self._given.near(lon, lat, self._given.margin))
            put(FAR, ~self._target.near(lon, lat, MARGIN_DEGREES))
        good = reason == 0
        self._any_right = self._any_right or bool(good.any())
        if good.all():
            x_m, y_m = self._transform(x, y)
        else:
            x_m, y_m = np.full_like(x, np.nan), np.full_like(y, np.nan)
            x_m[good], y_m[good] = self._transform(x[good], y[good])
        lost = good & ~((np.abs(x_m) < 1e8) & (np.abs(y_m) < 1e8))
        reason[lost] = REASONS.index(FAR) + 1
        x_m[lost] = y_m[lost] = np.nan
        self._keep(x, y, reason)
        return x_m, y_m, reason

    def swapped(self, x: Floats, y: Floats, kind: npt.NDArray[np.uint8]) -> tuple[Floats, Floats]:
        """Project the places that lie outside the area of use but would lie in it if swapped.

        Returns
        -------
        x_m, y_m : array, shape (m,)
            Where they would lie.
        """
        if not self._target.bounded:
            return np.empty(0), np.empty(0)
        suspect = (kind == 0) & np.isfinite(x) & np.isfinite(y) & ~((x == 0) & (y == 0))
        suspect[suspect] = self._holds(y[suspect], x[suspect]) & ~self._near(x[suspect], y[suspect])
        if not suspect.any():
            return np.empty(0), np.empty(0)
        return self._transform(y[suspect], x[suspect])

    def cause(self) -> tuple[str, str]:
        """Say what is suspected of the places where the CRS does not hold, and what to do.

        Of `MISPLACED` the first thousand are tried; most of them must agree.
        """
        if not self._misplaced:
            return "", ""
        x, y = np.concatenate(self._misplaced, axis=1)
        degrees = (np.abs(x) <= 180) & (np.abs(y) <= 90)

        def most(rows: Bools) -> bool:
            return bool(np.mean(rows) >= 0.5)

        if self.geographic:
            if most(~degrees & self._without_mark(x, y)):
                return phrase("numbers that lost their decimal mark, as in a spreadsheet"), phrase(
                    "take the file as it was before a spreadsheet opened it, or write the mark "
                    "into those numbers again"
                )
            if most(~degrees & (np.abs(x) > 180)):
                return (
                    phrase("numbers too large for degrees, perhaps metres or feet"),
                    phrase(
                        "map the columns as x and y, and set input_crs to the CRS in which the "
                        "agency publishes them; where other rows are degrees, take them apart, or "
                        "use a pair of columns that all rows fill"
                    ),
                )
            if most(self._holds(y, x)):
                return phrase("latitude and longitude exchanged"), (
                    phrase("exchange the two numbers of those rows in the file: others are right")
                    if self._any_right
                    else phrase("exchange the two columns")
                )
            if most(self._holds(-x, y)):
                return (
                    phrase("longitudes without their minus sign"),
                    phrase("mend the sign in the file"),
                )
            return phrase("a crs of another place"), phrase("set crs to one made for the place")
        if most(degrees):
            return (
                phrase("degrees among coordinates in another unit"),
                phrase(
                    'set input_crs = "EPSG:4326" if all are degrees; else take the rows apart by '
                    "their unit, or use a pair of columns that all rows fill"
                ),
            )
        feet, metres = (x * _FOOT_M, y * _FOOT_M), (x / _FOOT_M, y / _FOOT_M)
        suspected = [
            hypothesis
            for holds, hypothesis in (
                (self._given.metres and most(self._holds(*feet)), _FEET),
                (not self._given.metres and most(self._holds(*metres)), _METRES),
                (most(self._holds(y, x)), _EXCHANGED),
            )
            if holds
        ] or [_OTHER]
        return (
            listed([one[0] for one in suspected], "; "),
            listed([one[1] for one in suspected], "; "),
        )

    def _keep(self, x: Floats, y: Floats, reason: npt.NDArray[np.uint8]) -> None:
        """Keep the first places where the CRS does not hold, to find the cause."""
        if self._misplaced_count >= _KEPT or not reason.any():
            return
        codes = [REASONS.index(why) + 1 for why in MISPLACED]
        rows = np.flatnonzero(np.isin(reason, codes))[: _KEPT - self._misplaced_count]
        if len(rows):
            self._misplaced.append(np.stack((x[rows], y[rows])))
            self._misplaced_count += len(rows)

    def _plainly_inside(self, x: Floats, y: Floats, good: Bools) -> bool:
        """Whether all places lie in the area of use, seen from the corners around them."""
        x, y = x[good], y[good]
        if len(x) == 0:
            return True
        edges_x = np.linspace(x.min(), x.max(), 5)
        edges_y = np.linspace(y.min(), y.max(), 5)
        grid_x, grid_y = (axis.ravel() for axis in np.meshgrid(edges_x, edges_y))
        return bool(np.all(self._holds(grid_x, grid_y)))

    def _holds(self, x: Floats, y: Floats) -> Bools:
        """Whether the CRS given and the study's hold at places, without any margin."""
        lon, lat = (x, y) if self.geographic else self._given.degrees(x, y)
        return self._given.near(lon, lat, 0.0) & self._target.near(lon, lat, 0.0)

    def _without_mark(self, x: Floats, y: Floats) -> Bools:
        """Whether whole numbers would lie where the study's CRS holds, had they a decimal mark."""
        found = np.zeros(len(x), dtype=bool)
        for powers in product(range(1, 10), repeat=2):
            lon, lat = (axis / 10.0**power for axis, power in zip((x, y), powers, strict=True))
            found |= self._target.near(lon, lat, 0.0)
        whole: Bools = found & (x == np.floor(x)) & (y == np.floor(y))
        return whole

    def _near(self, x: Floats, y: Floats) -> Bools:
        if self.geographic:
            return self._target.near(x, y, MARGIN_DEGREES)
        lon, lat = self._given.degrees(x, y)
        near = self._target.near(lon, lat, MARGIN_DEGREES)
        return near & self._given.near(lon, lat, self._given.margin)

    def _covered(self, x: Floats, y: Floats) -> Bools:
        if self._extent is None:
            return np.ones(len(x), dtype=bool)
        west, south, east, north = self._extent
        inside: Bools = (x >= west) & (x <= east) & (y >= south) & (y <= north)
        return inside

    def _transform(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        if self._same:
            return x.copy(), y.copy()
        # Of many, half in another thread: nothing else that is done with a batch takes as long.
        half = len(x) // 2 if len(x) >= _FEW else 0
        x_m, y_m = np.empty((2, len(x)))
        beside = (
            self._beside.submit(self._transformer.transform, x[:half], y[:half]) if half else None
        )
        x_m[half:], y_m[half:] = self._transformer.transform(x[half:], y[half:])
        if beside is not None:
            x_m[:half], y_m[:half] = beside.result()
        return x_m, y_m
