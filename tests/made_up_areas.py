"""Made-up counts by area: months that come out late, in editions that are revised."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from shapely import box

from veedor.areas import Area, AreaCounts, Edition, Level, Offence, Spans, State, Unit
from veedor.incidents import Category
from veedor.record import AreaRecord
from veedor.spacetime import Cells, Periods
from veedor.spacetime.periods import utc_instant

ZONE = "America/Sao_Paulo"
CRS = "EPSG:31983"


def at(text: str) -> np.datetime64:
    """Instant of a local time."""
    return utc_instant(np.datetime64(text, "us").item(), ZONE)


def cells(codes: Sequence[str]) -> Cells:
    """Squares of 2 km side by side."""
    ground = np.array([box(2000 * n, 0, 2000 * n + 2000, 2000) for n in range(len(codes))])
    return Cells.from_polygons(ground, list(codes), CRS, source="made up")


def codes(areas: int) -> list[str]:
    """Codes of places."""
    return [f"{n:02d}" for n in range(areas)]


def edition(values: np.ndarray, published: str, spans: int | None = None) -> Edition:
    """All numbers of the first `spans`, shape (spans, offences, areas); later ones are not out."""
    held = values.astype(np.int32).copy()
    state = np.where(held == 0, State.REPORTED_ZERO, State.OBSERVED).astype(np.uint8)
    if spans is not None:
        held[spans:], state[spans:] = 0, State.NOT_REPORTED
    nothing = np.zeros(held.shape, np.bool_)
    return Edition(np.datetime64(published, "D"), f"{published}.csv", held, state, nothing)


def counts(
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


def record(areas: AreaCounts) -> AreaRecord:
    """All its offences, as known at the end."""
    return AreaRecord.of(areas, [Category(one.code, "reported") for one in areas.offences])


def months(first: str, n: int) -> Periods:
    """Months from one on."""
    starts = np.datetime64(first, "M") + np.arange(n + 1)
    return Periods(np.array([at(f"{month}-01") for month in starts]), ZONE)
