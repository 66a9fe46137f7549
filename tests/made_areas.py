"""Area counts that tests make up: months, offences and places by a few numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from shapely import box
from tests.conftest import CRS

from veedor.areas import Area, AreaCounts, Edition, Offence, Populations, Spans, State, Unit
from veedor.areas.states import states_of
from veedor.spacetime import Cells


def codes(areas: int) -> tuple[str, ...]:
    """Codes of so many areas: ``"01"`` on."""
    return tuple(f"{number + 1:02d}" for number in range(areas))


def area_counts(
    values: npt.ArrayLike,
    *,
    missing: npt.NDArray[np.bool_] | None = None,
    provisional: npt.NDArray[np.bool_] | None = None,
    first: str = "2014-01-01",
    unit: str = "month",
    residual: tuple[int, ...] = (),
    **more: Any,
) -> AreaCounts:
    """Counts of shape (spans, areas), or (spans, offences, areas), in one edition."""
    value = np.asarray(values, dtype=np.int32)
    if value.ndim == 2:
        value = value[:, None, :]
        missing = None if missing is None else missing[:, None, :]
        provisional = None if provisional is None else provisional[:, None, :]
    state = states_of(value)
    if missing is not None:
        state[missing] = State.NOT_REPORTED
        value = np.where(missing, 0, value).astype(np.int32)
    late = np.zeros(value.shape, np.bool_) if provisional is None else provisional.copy()
    spans, offences, areas = value.shape
    names = codes(areas)
    return AreaCounts(
        tuple(
            Area(code, f"Area {code}", "municipio", residual=place in residual)
            for place, code in enumerate(names)
        ),
        tuple(Offence(f"o{k}", f"offence {k}", Unit.RECORDS) for k in range(offences)),
        Spans(unit, np.datetime64(first, "D"), spans),
        (Edition(np.datetime64("2026-01-20", "D"), "made-up.csv", value, state, late),),
        **more,
    )


def populations(people: npt.ArrayLike, years: range = range(2010, 2030)) -> Populations:
    """People of areas, the same in all years."""
    of = np.asarray(people, dtype=np.float64)
    table = np.tile(of, (len(years), 1))
    return Populations(codes(len(of)), np.array(years), table, "census office", "2013 projections")


def outlines(areas: int, columns: int) -> Cells:
    """Squares of 2 km, row by row, by the codes of areas."""
    size = 2000.0
    polygons = np.array(
        [
            box(size * x, size * y, size * (x + 1), size * (y + 1))
            for y, x in (divmod(number, columns) for number in range(areas))
        ],
        dtype=object,
    )
    return Cells.from_polygons(polygons, list(codes(areas)), CRS, source="made up")
