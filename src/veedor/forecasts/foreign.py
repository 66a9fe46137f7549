"""Forecasts that someone else made, read into the same type as ours."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely
from pyproj import Transformer

from veedor.errors import ForecastFileError, phrase
from veedor.forecasts.distributions import CountDistribution
from veedor.forecasts.files import columns_of, order_of_slots
from veedor.forecasts.forecast import Forecast
from veedor.spacetime import Cells, Periods
from veedor.tables.rows import read_table


def read_cell_means(
    path: Path,
    cells: Cells,
    periods: Periods,
    *,
    category: str,
    forecaster: str,
    issued_at: np.datetime64,
) -> Forecast:
    """Read a table of cells and means: ``cell_id, mean`` and, if given, ``dispersion, period``.

    Parameters
    ----------
    path : Path
        ``period`` is a whole number from 0, the number of the period in `periods`; without it the
        same means hold for every period. Without ``dispersion`` counts are taken as Poisson.
    cells : Cells
    periods : Periods
    category, forecaster : str
    issued_at : datetime64
        When its maker issued it; also taken as its data cut-off.

    Raises
    ------
    ForecastFileError
        If a cell is unknown, or a cell and period is missing or given twice.
    DataError
        If the file is no table, a column is missing, or its numbers cannot be read in one way.
    """
    table = read_table(path, ("cell_id", "mean"))
    column = columns_of(table.texts("cell_id"), cells, path)
    has_period = "period" in table
    row = np.zeros(len(table), dtype=np.int64)
    rows = len(periods) if has_period else 1
    if has_period:
        number = table.numbers("period", whole=True)
        wrong = (number < 0) | (number >= rows) | (number != np.floor(number))
        if bool(np.any(wrong)):
            raise table.fault(
                phrase("Periods must be numbered 0 to {last}.", last=rows - 1), wrong, "period"
            )
        row = number.astype(np.int64)
    order = order_of_slots(row, column, (rows, len(cells)), path)
    shape = (len(periods), len(cells))
    mean = table.numbers("mean")[order].reshape(rows, -1)
    dispersed = "dispersion" in table
    alpha = table.numbers("dispersion")[order].reshape(rows, -1) if dispersed else 0.0
    return Forecast(
        distribution=CountDistribution(
            np.broadcast_to(mean, shape), np.broadcast_to(np.asarray(alpha), shape)
        ),
        cells=cells,
        periods=periods,
        category=category,
        forecaster=forecaster,
        version="",
        parameters={"read_from": path.name},
        data_cutoff=issued_at,
        issued_at=issued_at,
    )


def read_boxes(
    path: Path,
    cells: Cells,
    periods: Periods,
    *,
    box_m: float,
    expected_total: float,
    category: str,
    forecaster: str,
    issued_at: np.datetime64,
) -> Forecast:
    """Read a vendor's boxes with counts: ``lat, lon, count``, a row for each box that was flagged.

    Parameters
    ----------
    path : Path
        A table: centre of a box in WGS84 and how often the system predicted it.
    cells : Cells
        A box gives its count to the cells it overlaps, in proportion to the ground.
    periods : Periods
    box_m : float
        Side of a box in metres (500 feet are 152.4).
    expected_total : float
        Incidents of all cells a period. Such files say where, not how many; the total must come
        from elsewhere, and `parameters` records that it was given.
    category, forecaster : str
    issued_at : datetime64

    Raises
    ------
    ForecastFileError
        If no box meets a cell.
    DataError
        If the file is no table, a column is missing, its numbers cannot be read in one way, or a
        count is negative.

    Notes
    -----
    Cells that were never predicted share one half of one prediction by area, since a proper
    forecast gives no place a mean of 0. Poisson, because such files state no uncertainty.
    """
    table = read_table(path, ("lat", "lon", "count"))
    times = table.numbers("count", whole=True)
    if bool(np.any(times < 0)):
        raise table.fault(
            phrase("A box must not be predicted fewer than 0 times."), times < 0, "count"
        )
    to_metres = Transformer.from_crs("EPSG:4326", cells.crs, always_xy=True)
    x, y = to_metres.transform(*table.degrees())
    half = box_m / 2.0
    boxes = shapely.box(x - half, y - half, x + half, y + half)
    box, cell = shapely.STRtree(cells.polygons).query(boxes, predicate="intersects")
    part = shapely.area(shapely.intersection(boxes[box], cells.polygons[cell])) / box_m**2
    predicted = np.bincount(cell, weights=times[box] * part, minlength=len(cells))
    if predicted.sum() <= 0.0:
        lon, lat = table.degrees()
        x, y = to_metres.transform(lat, lon)
        there = np.isfinite(x) & np.isfinite(y)
        turned = shapely.STRtree(cells.polygons).query(shapely.points(x[there], y[there]))
        raise ForecastFileError(
            "At least one predicted box must lie on the study's cells.",
            found=phrase("none of {n_times}", n_times=len(times)),
            where=path.name,
            remedy=phrase("exchange the columns lat and lon: so the boxes lie on the cells")
            if turned.size
            else phrase("check that the file and the study are of the same place"),
        )
    share = predicted + 0.5 * cells.area_km2 / cells.area_km2.sum()
    mean = expected_total * share / share.sum()
    return Forecast(
        distribution=CountDistribution(np.tile(mean, (len(periods), 1)), 0.0),
        cells=cells,
        periods=periods,
        category=category,
        forecaster=forecaster,
        version="",
        parameters={
            "read_from": path.name,
            "box_m": box_m,
            "boxes": len(times),
            "predictions": float(times.sum()),
            "predictions_on_cells": float(predicted.sum()),
            "expected_total_given": expected_total,
        },
        data_cutoff=issued_at,
        issued_at=issued_at,
    )
