"""The most expected places: their order, intervals, and what they are out of."""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from veedor.forecasts import CountDistribution, Forecast
from veedor.forecasts.expected_places import (
    most_expected,
    most_expected_zones,
    write_expected,
)
from veedor.forecasts.sums import sums_of
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


def test_zones_sum_their_cells_and_what_rises_together_is_less_certain(forecast):
    """Cells 0 to 3 in the one zone, 4 in the other, 5 in none; sums of Poissons are Poissons."""
    zone, seen = np.array([1, 1, 1, 1, 0, -1]), np.array([1, 0, 2, 4, 9, 7])
    alone = most_expected_zones(forecast, ["North", "South", "Empty"], zone, seen)
    assert [(one.zone, round(one.expected, 9), one.recorded) for one in alone] == [
        ("South", 4.5, 7), ("North", 0.1, 9),
    ]  # fmt: skip
    assert (alone[0].low, alone[0].high) == tuple(stats.poisson.ppf([0.025, 0.975], 4.5))
    stated = replace(forecast, total_dispersion=0.3)
    together = most_expected_zones(stated, ["North", "South", "Empty"], zone, seen)
    assert together[0].high > alone[0].high
    assert (together[1].low, together[1].high) == (alone[1].low, alone[1].high)  # a single cell
    assert most_expected_zones(forecast, ["A"], np.full(6, -1), seen) == ()


def test_intervals_of_zones_hold_what_is_drawn_of_cells_that_vary_together():
    """Against simulation: a common gamma factor of variance 0.09 and each cell's own of 0.4."""
    rng, mean = np.random.default_rng(3), np.random.default_rng(1).gamma(0.5, 2.0, 60)
    alpha = 1.4 * 1.09 - 1.0
    whole = mean.sum()
    squares = (mean**2).sum()
    total = (alpha * squares + 0.09 * (whole**2 - squares)) / whole**2
    group = np.arange(60) % 3
    sums = sums_of(CountDistribution(mean, alpha), group, 3, total)
    common = rng.gamma(1 / 0.09, 0.09, (20_000, 1))
    drawn = rng.poisson(mean * common * rng.gamma(1 / 0.4, 0.4, (20_000, 60)))
    seen = np.array([drawn[:, group == number].sum(axis=1) for number in range(3)])
    np.testing.assert_allclose(sums.variance, seen.var(axis=1), rtol=0.06)
    low, high = sums.quantile(0.025), sums.quantile(0.975)
    held = ((seen >= low[:, None]) & (seen <= high[:, None])).mean(axis=1)
    assert np.all((held > 0.94) & (held < 0.975))
    independent = sums_of(CountDistribution(mean, alpha), group, 3)
    assert np.all(independent.variance < 0.9 * sums.variance)


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
