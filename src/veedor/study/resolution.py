"""Refusals of cells and periods that are finer than the record knows."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from veedor.errors import CellSizeRefusal, StudyError, phrase
from veedor.forecasts import Forecast
from veedor.incidents.layouts import Layout
from veedor.spacetime import Cells, Length
from veedor.spacetime.periods import local_iso, local_time

_KM2 = 1e6
_CELLS = "study.toml, [cells]"


def refuse_finer(layout: Layout, length: Length, shape: str, size_m: float | None) -> None:
    """Refuse periods, squares and hexagons that are finer than a layout's record.

    Parameters
    ----------
    layout : Layout
    length : Length
        Of a period.
    shape : str
        ``"square"``, ``"hexagon"`` (`size_m` is the width between opposite sides) or
        ``"polygon"``, which `refuse_finer_cells` looks at.
    size_m : float, optional

    Raises
    ------
    CellSizeRefusal
        If a cell is smaller than the layout's smallest.
    StudyError
        If times are known to the month and a period is not whole months.
    """
    if layout.whole_months and length.unit != "month":
        raise StudyError(
            "Periods must be whole months: this record holds the month of an incident, "
            "not its day.",
            found=phrase(
                "length {length} with layout {name}",
                length=repr(str(length)),
                name=repr(layout.name),
            ),
            where=phrase("study.toml, [periods]"),
            remedy='set length = "1 month"',
        )
    if shape == "polygon" or size_m is None:
        return
    area_km2 = (size_m**2 if shape == "square" else size_m**2 * math.sqrt(3) / 2) / _KM2
    if area_km2 < layout.smallest_cell_km2:
        raise _too_fine(layout, f"{shape}s of {area_km2:.3g} km2 (size_m {size_m:g})", _CELLS)


def refuse_finer_cells(layout: Layout, cells: Cells) -> None:
    """Refuse polygons that are, at their median, finer than a layout's record.

    A quarter of the layout's smallest cell is the limit for the median: areas drawn for a
    population, as LSOAs are, are small where people live close together.

    Raises
    ------
    CellSizeRefusal
    """
    median_km2 = float(np.median(cells.area_km2))
    if median_km2 < layout.smallest_cell_km2 / 4:
        raise _too_fine(layout, f"{len(cells)} cells with a median of {median_km2:.3g} km2")


def refuse_finer_forecasts(
    layout: Layout, forecasts: Iterable[Forecast], cells: Cells, time_zone: str
) -> None:
    """Refuse to hold forecasts against a record that knows neither their cells nor their periods.

    Parameters
    ----------
    layout : Layout
        Of the record.
    forecasts : iterable of Forecast
    cells : Cells
        Of the forecasts.
    time_zone : str
        Of the record.

    Raises
    ------
    CellSizeRefusal
        If the cells are finer than the layout's smallest: see `refuse_finer_cells`.
    StudyError
        If times are known to the month and a period does not begin and end with one.
    """
    refuse_finer_cells(layout, cells)
    if not layout.whole_months:
        return
    for forecast in forecasts:
        for edge in np.unique(forecast.periods.edges):
            local = local_time(edge, time_zone)
            if (local.day, local.hour, local.minute, local.second) != (1, 0, 0, 0):
                raise StudyError(
                    "Periods must be whole months: this record holds the month of an incident, "
                    "not its day.",
                    found=phrase(
                        "a period of {forecaster} that begins or ends at {edge}, and a record of "
                        "layout {name}",
                        forecaster=forecast.forecaster,
                        edge=local_iso(edge, time_zone),
                        name=repr(layout.name),
                    ),
                    remedy="forecast whole calendar months, or use another record",
                )


def _too_fine(layout: Layout, found: str, where: str = "") -> CellSizeRefusal:
    return CellSizeRefusal(
        phrase(
            "Cells must not be smaller than the record can tell apart: each incident of "
            "{title} was moved to the nearest of a list of map points, so a finer map "
            "shows where those points are and not where incidents happened.",
            title=layout.title,
        ),
        found=found,
        where=where,
        remedy=phrase(
            "use cells of the size of an LSOA or larger: LSOA polygons, or squares of at "
            "least {size_m} m",
            size_m=math.ceil(math.sqrt(layout.smallest_cell_km2 * _KM2) / 50) * 50,
        ),
    )
