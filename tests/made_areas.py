"""Counts by area that tests make up: of one edition, or of several that are revised."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from shapely import box
from tests.conftest import CRS

from veedor.areas import (
    Area,
    AreaCounts,
    Edition,
    Level,
    Offence,
    Populations,
    Spans,
    State,
    Unit,
)
from veedor.areas.states import states_of
from veedor.incidents import Category
from veedor.record import AreaRecord
from veedor.spacetime import Cells, Periods
from veedor.spacetime.periods import utc_instant

ZONE = "America/Sao_Paulo"


def codes(areas: int) -> tuple[str, ...]:
    """Codes of so many areas: ``"01"`` on."""
    return tuple(f"{number + 1:02d}" for number in range(areas))


def edition(
    values: npt.ArrayLike,
    published: str,
    spans: int | None = None,
    *,
    missing: npt.NDArray[np.bool_] | None = None,
    provisional: npt.NDArray[np.bool_] | None = None,
) -> Edition:
    """All numbers, shape (spans, offences, areas), of the first `spans`; later ones are not out."""
    held = np.array(values, dtype=np.int32)
    absent = np.zeros(held.shape, np.bool_) if missing is None else missing.copy()
    absent[len(held) if spans is None else spans :] = True
    held[absent] = 0
    state = states_of(held)
    state[absent] = State.NOT_REPORTED
    late = np.zeros(held.shape, np.bool_) if provisional is None else provisional.copy()
    return Edition(np.datetime64(published, "D"), f"{published}.csv", held, state, late)


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
    value = np.asarray(values)
    if value.ndim == 2:
        value = value[:, None, :]
        missing = None if missing is None else missing[:, None, :]
        provisional = None if provisional is None else provisional[:, None, :]
    spans, offences, areas = value.shape
    return AreaCounts(
        tuple(
            Area(code, f"Area {code}", "municipio", residual=place in residual)
            for place, code in enumerate(codes(areas))
        ),
        tuple(Offence(f"o{k}", f"offence {k}", Unit.RECORDS) for k in range(offences)),
        Spans(unit, np.datetime64(first, "D"), spans),
        (edition(value, "2026-01-20", missing=missing, provisional=provisional),),
        **more,
    )


def counts_of(
    *editions: Edition, unit: str = "month", first: str = "2018-01-01", level: bool = False
) -> AreaCounts:
    """Places, then one residual area; offences `a`, `b` and so on."""
    spans, offences, areas = editions[0].values.shape
    places = tuple(Area(code, f"Area {code}", "municipio") for code in codes(areas - 1))
    halves = np.array([*(n // ((areas - 1) / 2) for n in range(areas - 1)), -1], dtype=np.int64)
    return AreaCounts(
        (*places, Area("99", "Sin determinar", "municipio", residual=True)),
        tuple(Offence(chr(97 + n), chr(97 + n), Unit.FACTS) for n in range(offences)),
        Spans(unit, np.datetime64(first), spans),
        editions,
        levels=(Level("half", ("W", "E"), ("West", "East"), halves),) if level else (),
        time_zone=ZONE,
    )


def record_of(areas: AreaCounts) -> AreaRecord:
    """All its offences, as known at the end."""
    return AreaRecord.of(areas, [Category(one.code, "reported") for one in areas.offences])


def populations(people: npt.ArrayLike, years: range = range(2010, 2030)) -> Populations:
    """People of areas, the same in all years."""
    of = np.asarray(people, dtype=np.float64)
    table = np.tile(of, (len(years), 1))
    return Populations(codes(len(of)), np.array(years), table, "census office", "2013 projections")


def outlines(areas: int, columns: int | None = None) -> Cells:
    """Squares of 2 km by the codes of areas, row by row; side by side where no row is said."""
    size = 2000.0
    polygons = np.array(
        [
            box(size * x, size * y, size * (x + 1), size * (y + 1))
            for y, x in (divmod(number, columns or areas) for number in range(areas))
        ],
        dtype=object,
    )
    return Cells.from_polygons(polygons, list(codes(areas)), CRS, source="made up")


def at(text: str) -> np.datetime64:
    """Instant of a local time."""
    return utc_instant(np.datetime64(text, "us").item(), ZONE)


def months(first: str, n: int) -> Periods:
    """Months from one on."""
    starts = np.datetime64(first, "M") + np.arange(n + 1)
    return Periods(np.array([at(f"{month}-01") for month in starts]), ZONE)
