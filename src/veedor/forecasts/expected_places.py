"""The places where a forecast expects the most incidents, each with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from veedor.arrays import Ints
from veedor.forecasts.distributions import CountDistribution
from veedor.forecasts.forecast import Forecast
from veedor.forecasts.sums import sums_of
from veedor.spacetime import Gazetteer, Place
from veedor.tables.csv_file import write_rows

FILE = "expected_places.csv"
#: Of the interval of each count.
LEVEL = 0.95
MOST = 20


class ExpectedPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A place, and how many incidents are expected there in a period.

    Parameters
    ----------
    category, forecaster : str
    start, end : str
        Of the period, local ISO 8601.
    rank : int
        From 1, the most expected.
    place : Place
    expected : float
        Incidents of the category.
    low, high : int
        With a probability of at least `LEVEL` the count lies between them, both included.
    expected_in_all : float
        In all cells together.
    recorded, recorded_in_all : int or None
        In that period, here and in all cells; None where it has not come yet.
    """

    category: str
    forecaster: str
    start: str
    end: str
    rank: int
    place: Place
    expected: float
    low: int
    high: int
    expected_in_all: float
    recorded: int | None = None
    recorded_in_all: int | None = None


class ExpectedZone(msgspec.Struct, frozen=True, kw_only=True):
    """A zone, and how many incidents are expected in its cells in a period.

    Parameters
    ----------
    category, zone : str
    expected : float
        Incidents of the category, in the cells whose middle lies in the zone.
    low, high : int
        With a probability of at least `LEVEL` the count lies between them, both included.
    recorded : int
        In that period.
    """

    category: str
    zone: str
    expected: float
    low: int
    high: int
    recorded: int


def most_expected_zones(
    forecast: Forecast,
    names: Sequence[str],
    zone: Ints,
    recorded: npt.NDArray[np.int64],
    *,
    most: int = MOST,
) -> tuple[ExpectedZone, ...]:
    """Name the zones with the largest expected counts of the last period.

    Their intervals are of the sum of their cells, which rise and fall together as the forecast
    says of the total: see `veedor.forecasts.sums`.

    Parameters
    ----------
    forecast : Forecast
    names : sequence of str
        Of the zones.
    zone : array of int, shape (cells,)
        In which each cell lies; -1 for none.
    recorded : array of int, shape (cells,)
        In the period.
    most : int
        Zones to name.
    """
    held, group = np.unique(zone[zone >= 0], return_inverse=True)
    if not len(held):
        return ()
    of_cell = np.full(len(zone), -1)
    of_cell[zone >= 0] = group
    sums = sums_of(forecast.distribution[-1], of_cell, len(held), forecast.total_dispersion)
    low, high = (sums.quantile((1.0 + side * LEVEL) / 2.0) for side in (-1, 1))
    seen = np.bincount(group, weights=recorded[zone >= 0]).astype(int)
    return tuple(
        ExpectedZone(
            category=forecast.category,
            zone=names[held[at]],
            expected=float(sums.mean[at]),
            low=int(low[at]),
            high=int(high[at]),
            recorded=int(seen[at]),
        )
        for at in np.argsort(-sums.mean, kind="stable")[:most].tolist()
    )


def most_expected(
    forecast: Forecast,
    gazetteer: Gazetteer,
    recorded: npt.NDArray[np.int64] | None = None,
    *,
    period: int = -1,
    most: int = MOST,
) -> tuple[ExpectedPlace, ...]:
    """Name the places with the largest expected counts of a period, ties in the cells' order.

    Parameters
    ----------
    forecast : Forecast
    gazetteer : Gazetteer
        Of the forecast's cells.
    recorded : array of int, shape (cells,), optional
        In the period.
    period : int
        Index of it among the forecast's.
    most : int
        Places to name.
    """
    mean = forecast.distribution.mean[period]
    order = np.argsort(-mean, kind="stable")[:most]
    dispersion = np.broadcast_to(forecast.distribution.dispersion, forecast.mean.shape)[period]
    counts = CountDistribution(mean[order], dispersion[order])
    low, high = (counts.quantile((1.0 + side * LEVEL) / 2.0) for side in (-1, 1))
    start, end = (days[period] for days in forecast.periods.labels())
    return tuple(
        ExpectedPlace(
            category=forecast.category,
            forecaster=forecast.forecaster,
            start=start,
            end=end,
            rank=rank + 1,
            place=gazetteer.places[cell],
            expected=float(mean[cell]),
            low=int(low[rank]),
            high=int(high[rank]),
            expected_in_all=float(mean.sum()),
            recorded=None if recorded is None else int(recorded[cell]),
            recorded_in_all=None if recorded is None else int(recorded.sum()),
        )
        for rank, cell in enumerate(order.tolist())
    )


def write_expected(places: Sequence[ExpectedPlace], path: Path) -> None:
    """Write named places as a CSV, a row each."""
    names = [name for name in ExpectedPlace.__struct_fields__ if name != "place"]
    write_rows(
        [*names, *Place.__struct_fields__],
        ([*(getattr(one, name) for name in names), *one.place.fields] for one in places),
        path,
    )
