import json

import numpy as np
import pyarrow.parquet as pq
import pytest

from veedor.errors import (
    DataError,
    ForecastFileError,
    LeakageError,
    SameGroundError,
    UnreadableError,
)
from veedor.forecasts import (
    CountDistribution,
    Forecast,
    read_boxes,
    read_cell_means,
    read_forecast,
    require_same_ground,
    write_cells,
    write_forecast,
)
from veedor.spacetime import Length, Periods

ZONE = "America/Argentina/Buenos_Aires"
ISSUE = np.datetime64("2024-01-01T03:00", "us")
PERIODS = Periods.stepping(ISSUE, Length(1, "week"), 0, 2, ZONE)


@pytest.fixture
def forecast(grid):
    cells = grid(3, 2)
    mean = np.random.default_rng(0).gamma(1.0, 1.0, (2, 6)) + 0.01
    return Forecast(
        CountDistribution(mean, 0.3),
        cells,
        PERIODS,
        "robo / hurto",
        "Vendor",
        "1.2",
        ISSUE - np.timedelta64(1, "D"),
        ISSUE,
        {"bandwidth": 3},
        0.05,
    )


def test_a_forecast_survives_the_file(forecast, tmp_path):
    write_forecast(forecast, tmp_path / "f.parquet")
    again = read_forecast(tmp_path / "f.parquet", forecast.cells)
    assert again.mean.tobytes() == forecast.mean.tobytes()
    assert (again.distribution.dispersion == forecast.distribution.dispersion).all()
    for name in ("category", "forecaster", "version", "parameters", "total_dispersion"):
        assert getattr(again, name) == getattr(forecast, name)
    assert (again.data_cutoff, again.issued_at) == (forecast.data_cutoff, forecast.issued_at)
    assert (again.periods.edges == forecast.periods.edges).all()


def test_anyone_can_read_the_file_and_rows_may_come_in_any_order(forecast, tmp_path):
    write_forecast(forecast, tmp_path / "f.parquet")
    table = pq.read_table(tmp_path / "f.parquet")
    assert table.column_names == ["category", "start", "end", "cell_id", "mean", "dispersion"]
    shuffled = table.take(np.random.default_rng(1).permutation(table.num_rows))
    pq.write_table(shuffled, tmp_path / "g.parquet")
    assert (read_forecast(tmp_path / "g.parquet", forecast.cells).mean == forecast.mean).all()


def test_the_same_forecast_is_the_same_bytes(forecast, tmp_path):
    write_forecast(forecast, tmp_path / "a.parquet")
    write_forecast(forecast, tmp_path / "b.parquet")
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_missing_and_repeated_cells_are_named(forecast, tmp_path):
    write_forecast(forecast, tmp_path / "f.parquet")
    table = pq.read_table(tmp_path / "f.parquet")
    pq.write_table(table.slice(1), tmp_path / "g.parquet")
    with pytest.raises(ForecastFileError, match="1 missing and 0 repeated"):
        read_forecast(tmp_path / "g.parquet", forecast.cells)
    pq.write_table(table.drop_columns(["mean"]), tmp_path / "h.parquet")
    with pytest.raises(ForecastFileError, match="no mean"):
        read_forecast(tmp_path / "h.parquet", forecast.cells)
    (tmp_path / "i.parquet").write_text("not parquet")
    with pytest.raises(ForecastFileError, match="must be a Parquet or CSV file"):
        read_forecast(tmp_path / "i.parquet", forecast.cells)
    order = np.array([0, 1, 2, 3, 4])
    with pytest.raises(ForecastFileError, match="one of the study's cells"):
        read_forecast(tmp_path / "f.parquet", forecast.cells.take(order))


def test_cells_are_written_for_any_map(forecast, tmp_path):
    write_cells(forecast.cells, tmp_path / "cells.geojson")
    document = json.loads((tmp_path / "cells.geojson").read_text())
    assert len(document["features"]) == 6
    assert document["features"][0]["properties"]["area_km2"] == 0.25


@pytest.mark.parametrize(("cutoff", "issued"), [(1, 0), (0, 1), (2, 1)])
def test_a_forecast_from_the_future_is_leakage(forecast, cutoff, issued):
    day = np.timedelta64(1, "D")
    with pytest.raises(LeakageError, match="before its first period"):
        Forecast(
            forecast.distribution,
            forecast.cells,
            PERIODS,
            "c",
            "f",
            "1",
            ISSUE + cutoff * day,
            ISSUE + issued * day,
        )


@pytest.mark.parametrize("mean", [0.0, -1.0, np.nan, np.inf])
def test_means_must_be_above_zero(mean):
    with pytest.raises(ForecastFileError, match="above 0"):
        CountDistribution(np.array([1.0, mean]), 0.0)


@pytest.mark.parametrize("alpha", [-0.1, np.nan, np.inf])
def test_dispersions_must_be_at_least_zero(alpha):
    with pytest.raises(ForecastFileError, match="at least 0"):
        CountDistribution(np.array([1.0]), alpha)


def test_totals_of_independent_cells_add_their_variances(forecast):
    alone = Forecast(forecast.distribution, forecast.cells, PERIODS, "c", "f", "1", ISSUE, ISSUE)
    np.testing.assert_allclose(
        alone.totals.variance, alone.distribution.variance.sum(axis=1), rtol=1e-12
    )
    assert (forecast.totals.dispersion == 0.05).all()


def test_rescaling_sets_the_totals(forecast):
    np.testing.assert_allclose(forecast.rescaled(np.array([7.0, 9.0])).mean.sum(axis=1), [7.0, 9.0])


def test_different_ground_is_refused_by_name(forecast):
    later = Periods.stepping(ISSUE, Length(1, "week"), 1, 3, ZONE)
    other = Forecast(
        CountDistribution(np.ones((2, 5)), 0.0),
        forecast.cells.take(np.arange(5)),
        later,
        "hurto",
        "B",
        "1",
        ISSUE,
        ISSUE,
    )
    with pytest.raises(SameGroundError, match=r"category .*, periods .*, cells"):
        require_same_ground(forecast, other)


def test_a_csv_of_means_becomes_a_forecast(forecast, tmp_path):
    path = tmp_path / "vendor.csv"
    ids = forecast.cells.cell_id
    path.write_text("cell_id,mean,extra\n" + "".join(f"{i},0.5,x\n" for i in ids[::-1]))
    read = read_cell_means(
        path, forecast.cells, PERIODS, category="c", forecaster="V", issued_at=ISSUE
    )
    assert read.mean.shape == (2, 6)
    assert (read.mean == 0.5).all()
    path.write_text("cell_id,mean\n" + "".join(f"{i},abc\n" for i in ids))
    with pytest.raises(DataError, match="numbers"):
        read_cell_means(
            path, forecast.cells, PERIODS, category="c", forecaster="V", issued_at=ISSUE
        )


@pytest.mark.parametrize(("mean", "value"), [('"0,5"', 0.5), ("1.250.000", 1_250_000)])
def test_a_vendors_numbers_are_read_as_their_column_says(forecast, tmp_path, mean, value):
    path = tmp_path / "vendor.csv"
    path.write_text("cell_id,mean\n" + "".join(f"{i},{mean}\n" for i in forecast.cells.cell_id))
    arguments = {"category": "c", "forecaster": "V", "issued_at": ISSUE}
    assert (read_cell_means(path, forecast.cells, PERIODS, **arguments).mean == value).all()
    path.write_text("cell_id,mean\n" + "".join(f"{i},10.000\n" for i in forecast.cells.cell_id))
    with pytest.raises(UnreadableError, match="10 or 10000"):
        read_cell_means(path, forecast.cells, PERIODS, **arguments)


def test_boxes_give_their_counts_to_the_ground_they_cover(forecast, tmp_path):
    from pyproj import Transformer

    to_degrees = Transformer.from_crs(forecast.cells.crs, "EPSG:4326", always_xy=True)
    lon, lat = to_degrees.transform([500.0, 250.0], [250.0, 250.0])  # one on a border, one inside
    path = tmp_path / "boxes.csv"
    path.write_text(f"lat,lon,count\n{lat[0]},{lon[0]},10\n{lat[1]},{lon[1]},30\n")
    read = read_boxes(
        path,
        forecast.cells,
        PERIODS,
        box_m=152.4,
        expected_total=8.0,
        category="c",
        forecaster="V",
        issued_at=ISSUE,
    )
    np.testing.assert_allclose(read.mean.sum(axis=1), 8.0)
    share = read.mean[0] * 40.5 / 8.0
    assert share[0] == pytest.approx(35.0 + 0.5 / 6, rel=1e-3)
    assert share[1] == pytest.approx(5.0 + 0.5 / 6, rel=1e-3)
    assert share[2:] == pytest.approx(0.5 / 6)
    assert read.parameters["expected_total_given"] == 8.0
