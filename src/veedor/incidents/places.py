"""`Projector`: coordinates as recorded to metres of the study's CRS, and why some have no place."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from pyproj import CRS, Transformer

Floats = npt.NDArray[np.float64]

#: Why an incident has no place, in the order in which it is asked.
REASONS = (
    "no coordinates",
    "coordinates not numbers",
    "coordinates are (0, 0)",
    "latitude or longitude out of range",
    "far from the area of use of the crs",
    "outside the area that the layout covers",
)
#: How far outside the area of use of the CRS a place may lie, in degrees.
MARGIN_DEGREES = 5.0


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
    """

    def __init__(
        self, crs: str, input_crs: str, extent: tuple[float, float, float, float] | None = None
    ) -> None:
        target, given = CRS.from_user_input(crs), CRS.from_user_input(input_crs)
        self.geographic = given.is_geographic
        self._same = target == given
        self._transformer = Transformer.from_crs(given, target, always_xy=True)
        self._extent = extent
        area = target.area_of_use
        self._area = None if area is None else (area.west, area.south, area.east, area.north)

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
        reason[(reason == 0) & ~(np.isfinite(x) & np.isfinite(y))] = 2
        reason[(reason == 0) & (x == 0) & (y == 0)] = 3
        if self.geographic:
            with np.errstate(invalid="ignore"):
                reason[(reason == 0) & ((np.abs(y) > 90) | (np.abs(x) > 180))] = 4
                reason[(reason == 0) & ~self._near(x, y, MARGIN_DEGREES)] = 5
                reason[(reason == 0) & ~self._covered(x, y)] = 6
        good = reason == 0
        if good.all():
            x_m, y_m = self._transform(x, y)
        else:
            x_m, y_m = np.full_like(x, np.nan), np.full_like(y, np.nan)
            x_m[good], y_m[good] = self._transform(x[good], y[good])
        lost = (reason == 0) & ~((np.abs(x_m) < 1e8) & (np.abs(y_m) < 1e8))
        reason[lost] = 5
        x_m[lost] = y_m[lost] = np.nan
        return x_m, y_m, reason

    def swapped(self, x: Floats, y: Floats, kind: npt.NDArray[np.uint8]) -> tuple[Floats, Floats]:
        """Project the places that lie outside the area of use but would lie in it if swapped.

        Returns
        -------
        x_m, y_m : array, shape (m,)
            Where they would lie.
        """
        if not self.geographic or self._area is None:
            return np.empty(0), np.empty(0)
        with np.errstate(invalid="ignore"):
            suspect = (
                (kind == 0)
                & ~((x == 0) & (y == 0))
                & ~self._near(x, y, MARGIN_DEGREES)
                & self._near(y, x, 0.0)
            )
        if not suspect.any():
            return np.empty(0), np.empty(0)
        return self._transform(y[suspect], x[suspect])

    def _covered(self, x: Floats, y: Floats) -> npt.NDArray[np.bool_]:
        if self._extent is None:
            return np.ones(len(x), dtype=bool)
        west, south, east, north = self._extent
        inside: npt.NDArray[np.bool_] = (x >= west) & (x <= east) & (y >= south) & (y <= north)
        return inside

    def _near(self, x: Floats, y: Floats, margin: float) -> npt.NDArray[np.bool_]:
        if self._area is None:
            return np.ones(len(x), dtype=bool)
        west, south, east, north = self._area
        # 360 degrees, all around the earth, must not become none.
        width = ((east - west) % 360 or 360) + 2 * margin
        inside_x = (x - (west - margin)) % 360 <= width if width < 360 else np.isfinite(x)
        near: npt.NDArray[np.bool_] = inside_x & (y >= south - margin) & (y <= north + margin)
        return near

    def _transform(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        if self._same:
            return x.copy(), y.copy()
        x_m, y_m = self._transformer.transform(x, y)
        return np.asarray(x_m, dtype=np.float64), np.asarray(y_m, dtype=np.float64)
