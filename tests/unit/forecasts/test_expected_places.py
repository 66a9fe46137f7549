"""The most expected places: their order, intervals, and what they are out of."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from scipy import stats

from veedor.forecasts import CountDistribution, Forecast
from veedor.forecasts.expected_places import most_expected, write_expected
from veedor.report.named_places import first_places
from veedor.report.words import words_in
from veedor.spacetime import Gazetteer, Periods

MEAN = np.array([[0.1, 2.0, 2.0, 0.4, 7.0, 0.5], [1.0, 0.2, 0.3, 3.0, 0.1, 0.1]])


@pytest.fixture
def forecast(grid) -> Forecast:
    start = np.datetime64("2024-01-01T03:00", "us")
    return Forecast(
        distribution=CountDistribution(MEAN, 0.0),
        cells=grid(3, 2),
        periods=Periods(
            start + np.arange(3) * np.timedelta64(7, "D"), "America/Argentina/Buenos_Aires"
        ),
        category="robo",
        forecaster="A",
        version="1",
        data_cutoff=start,
        issued_at=start,
    )


def test_places_stand_by_their_means_ties_in_the_order_of_cells(forecast):
    found = most_expected(forecast, Gazetteer.of(forecast.cells), period=0, most=4)
    ids = forecast.cells.cell_id.tolist()
    assert [one.place.cell_id for one in found] == [ids[4], ids[1], ids[2], ids[5]]
    assert [one.rank for one in found] == [1, 2, 3, 4]
    assert [one.expected for one in found] == [7.0, 2.0, 2.0, 0.5]
    assert {round(one.expected_in_all, 9) for one in found} == {12.0}
    assert (found[0].start[:10], found[0].recorded, found[0].recorded_in_all) == (
        "2024-01-01", None, None,
    )  # fmt: skip


def test_intervals_hold_at_least_95_percent_as_scipy_has_them(forecast):
    for one in most_expected(forecast, Gazetteer.of(forecast.cells), period=0):
        assert (one.low, one.high) == tuple(stats.poisson.ppf([0.025, 0.975], one.expected))


def test_what_was_recorded_is_of_the_same_place_and_period(forecast):
    seen = np.arange(6)
    found = most_expected(forecast, Gazetteer.of(forecast.cells), seen)
    assert found[0].expected == 3.0
    assert [one.recorded for one in found] == [3, 0, 2, 1, 4, 5]
    assert {one.recorded_in_all for one in found} == {15}


def test_the_first_places_are_of_the_first_period_and_say_out_of_how_many(forecast, tmp_path):
    where = Gazetteer.of(forecast.cells)
    both = [one for period in (0, 1) for one in most_expected(forecast, where, period=period)]
    (table,) = first_places(words_in("en"), both)
    assert len(table.rows) == 5
    assert table.rows[0][2] == "7 (2 to 13)"
    assert "12 in all places together" in table.caption
    assert "from 1 January 2024 to before 8 January 2024" in table.caption
    write_expected(both, tmp_path / "x.csv")
    with (tmp_path / "x.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 12
    assert float(rows[0]["lat"]) == where.places[4].lat
    assert rows[0]["recorded"] == ""
