"""`Predictions`: where any system looked, from any of three kinds of file."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely
from pyproj import Transformer

from veedor.arrays import Floats, Geometries
from veedor.errors import DataError, ForecastFileError, StudyError, phrase
from veedor.forecasts import find_cells
from veedor.spacetime.areas import polygonal, read_outlines
from veedor.tables.escape import shown
from veedor.tables.numerals import property_numbers
from veedor.tables.rows import Rows, read_table

#: Beyond it sums and squares of counts say nothing.
_MOST = 1e15


@dataclass(frozen=True, eq=False)
class Predictions:
    """Places that a system pointed at, and how often or how strongly.

    Parameters
    ----------
    lon, lat : array, shape (n,)
        Centres, WGS84 degrees.
    count : array, shape (n,)
        Times that each was predicted, or its score; at least 0.
    outlines : object array, shape (n,), or None
        In WGS84 degrees; None for boxes.
    box_m : float or None
        Side of a box in metres; None where it is not known or `outlines` are given.
    unit : str
        What `count` counts, in words.
    source : str
        Name of the file.
    """

    lon: Floats
    lat: Floats
    count: Floats
    outlines: Geometries | None
    box_m: float | None
    unit: str
    source: str

    def __post_init__(self) -> None:
        wrong = np.flatnonzero(~(self.count >= 0.0))
        if len(wrong):
            raise DataError(
                "A place must not be predicted fewer than 0 times.",
                found=phrase(
                    "{n} below 0, first {wrong}",
                    n=len(wrong),
                    wrong=", ".join(f"{self.count[place]:g}" for place in wrong[:5]),
                ),
                where=phrase(
                    "{source}, places {wrong}",
                    source=self.source,
                    wrong=", ".join(str(at + 1) for at in wrong[:5]),
                ),
            )
        large = np.flatnonzero(~(self.count <= _MOST))
        if len(large):
            raise DataError(
                phrase("A place must be predicted at most {most:g} times.", most=_MOST),
                found=f"{self.count[large[0]]:g}",
                where=phrase(
                    "{source}, rows {large}",
                    source=self.source,
                    large=", ".join(str(row + 1) for row in large[:5]),
                ),
                remedy="check the column of counts; scores may be divided by a number",
            )
        if not self.count.sum() > 0.0:
            raise DataError(
                "There must be a prediction to audit.",
                found=phrase("counts of 0"),
                where=self.source,
            )
        if self.box_m is not None and not 0.0 < self.box_m <= 100_000.0:
            raise StudyError(
                "The side of a box must be above 0 and at most 100,000 metres.",
                found=f"{self.box_m:g}",
                remedy="500 feet are --box-m 152.4",
            )

    def __len__(self) -> int:
        return len(self.count)

    @property
    def has_extent(self) -> bool:
        """Whether the ground of each prediction is known."""
        return self.outlines is not None or self.box_m is not None

    def extents(self, crs: str) -> Geometries:
        """Polygons in metres of `crs`, shape (n,); boxes stand north up about their centres."""
        if self.outlines is not None:
            to_metres = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
            moved: Geometries = shapely.transform(
                self.outlines, lambda xy: np.column_stack(to_metres.transform(xy[:, 0], xy[:, 1]))
            )
            return moved
        if self.box_m is None:
            raise StudyError(
                "Predictions as points must come with the size of their boxes for this.",
                found=phrase("no size"),
                where=self.source,
                remedy="give it with --box-m, in metres",
            )
        x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(self.lon, self.lat)
        half = self.box_m / 2.0
        boxes: Geometries = shapely.box(x - half, y - half, x + half, y + half)
        return boxes


def read_predictions(
    path: Path,
    *,
    box_m: float | None = None,
    category: str | None = None,
    score: str = "count",
    cells: Path | None = None,
) -> Predictions:
    """Read predictions: boxes as CSV, polygons with a score as GeoJSON, or a veedor forecast.

    Parameters
    ----------
    path : Path
        CSV or Parquet (also .gz) with ``lat, lon, count`` and, if given, ``start, end, category``;
        GeoJSON (``.geojson`` or ``.json``, also .gz) of polygons with a number; or a forecast in
        veedor's format (``.parquet`` with ``cell_id`` and ``mean``), or a folder of such, added up.
    box_m : float, optional
        Side of a box in metres.
    category : str, optional
        Only rows of this category.
    score : str
        Property of the polygons to take.
    cells : Path, optional
        Outlines of a forecast's cells; by default the nearest ``cells.geojson`` beside or above
        it, as a run writes it.

    Raises
    ------
    UnreadableError, DataError, ForecastFileError
        If the file is none of these, or has negative or unreadable numbers.
    """
    if os.path.isdir(path):  # noqa: PTH112 - a name that is too long is no folder
        return _added_up(path, category, cells)
    if path.name.lower().endswith((".geojson", ".json", ".geojson.gz", ".json.gz")):
        return _polygons(path, score)
    sheet = read_table(path, ())
    if "cell_id" in sheet:
        return _forecast(sheet, path, cells, category)
    return _boxes(sheet, box_m, category)


def _added_up(folder: Path, category: str | None, cells: Path | None) -> Predictions:
    """Incidents that a forecaster expected in each cell, over all its forecasts."""
    made = [
        read_predictions(path, category=category, cells=cells)
        for path in sorted(folder.glob("*.parquet"))
    ]
    if not made or len({len(one) for one in made}) != 1:
        raise StudyError(
            "A forecaster must have made forecasts of the same cells to be audited.",
            found=phrase("{n} forecasts", n=len(made)),
            where=folder.name,
            remedy="audit another forecaster, or one forecast",
        )
    total = np.sum([one.count for one in made], axis=0)
    source = folder.name if category is None else f"{folder.name}, {category}"
    return replace(made[0], count=total, source=shown(source, 100))


def _boxes(sheet: Rows, box_m: float | None, category: str | None) -> Predictions:
    chosen = _of_category(sheet, category)
    lon, lat = chosen.degrees()
    count = chosen.numbers("count")
    if bool(np.any(count < 0.0)):
        raise chosen.fault(
            phrase("A place must not be predicted fewer than 0 times."), count < 0.0, "count"
        )
    return Predictions(lon, lat, count, None, box_m, "predictions", shown(sheet.name, 100))


def _of_category(sheet: Rows, category: str | None) -> Rows:
    if category is None:
        return sheet
    names = sheet.text("category")
    here = names == category.strip()
    if not here.any():
        raise DataError(
            "There must be predictions of the category.",
            found=phrase(
                "none of {category}; there are {names}",
                category=shown(category),
                names=", ".join(shown(str(name)) for name in np.unique(names)[:20]),
            ),
            where=sheet.name,
        )
    return sheet.chosen(here)


def _polygons(path: Path, score: str) -> Predictions:
    outlines, properties, source = read_outlines(path)
    scores = property_numbers(properties, score, path.name)
    to_degrees = Transformer.from_crs(source, "EPSG:4326", always_xy=True)
    outlines = shapely.transform(
        np.array([polygonal(outline) for outline in outlines], dtype=object),
        lambda xy: np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1])),
    )
    return _of_outlines(outlines, scores, shown(score), path)


def _of_outlines(outlines: Geometries, count: Floats, unit: str, path: Path) -> Predictions:
    centre = shapely.centroid(outlines)
    return Predictions(
        shapely.get_x(centre),
        shapely.get_y(centre),
        count,
        outlines,
        None,
        unit,
        shown(path.name, 100),
    )


def _forecast(sheet: Rows, path: Path, cells: Path | None, category: str | None) -> Predictions:
    """Expected incidents of each cell, summed over the periods."""
    for name in ("category", "mean"):
        if name not in sheet:
            raise ForecastFileError(
                "A forecast file must have the columns category, cell_id and mean.",
                found=", ".join(sheet.columns),
                where=path.name,
            )
    chosen = _of_category(sheet, category)
    names = np.unique(chosen.text("category"))
    if len(names) != 1:
        raise ForecastFileError(
            "A forecast of several categories must be audited one by one.",
            found=", ".join(shown(str(name)) for name in names[:20]),
            where=path.name,
            remedy="name one with --category",
        )
    where = find_cells(path, cells)
    outlines, properties, source = read_outlines(where)
    known = np.array([str(row.get("cell_id")) for row in properties])
    wanted = chosen.text("cell_id")
    order = np.argsort(known)
    at = np.minimum(np.searchsorted(known[order], wanted), len(known) - 1)
    unknown = known[order][at] != wanted
    if bool(unknown.any()):
        raise ForecastFileError(
            "Every cell of a forecast must have its outline.",
            found=phrase(
                "{unknown} rows of cells without one, as {examples}",
                unknown=int(unknown.sum()),
                examples=sorted({shown(name) for name in wanted[unknown]})[:5],
            ),
            where=where.name,
            remedy="name the cells.geojson that was written with the forecast with --cells",
        )
    mean = np.bincount(order[at], weights=chosen.numbers("mean"), minlength=len(known))
    to_degrees = Transformer.from_crs(source, "EPSG:4326", always_xy=True)
    moved = shapely.transform(
        outlines, lambda xy: np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1]))
    )
    return _of_outlines(moved, mean.astype(np.float64), "expected incidents", path)
