"""Forms of forecasts that are refused by name, since renaming a column would not mend them."""

import json

import numpy as np
import pytest
from shapely import box

from veedor.errors import DataError, ForecastFileError
from veedor.forecasts import read_boxes, read_forecasts
from veedor.spacetime import Cells, Length, Periods, SquareLattice, StudyArea

GROUND = StudyArea(box(332_000, 7_394_000, 334_000, 7_396_000), "EPSG:32723", "made up")
CELLS = Cells.on_lattice(GROUND, SquareLattice(1_000.0))
MONDAY = np.datetime64("2023-10-02T03:00", "us")
WEEKS = Periods.stepping(MONDAY, Length(1, "week"), 0, 2, "America/Sao_Paulo")


def read(folder, text, name="theirs.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_forecasts(path, CELLS, time_zone=lambda: "America/Sao_Paulo")


@pytest.mark.parametrize(
    "header",
    ["2023-10-02,2023-10-09,2023-10-16", "02/10/2023,09/10/2023,16/10/2023", "W40,W41,W42"],
)
def test_periods_side_by_side_are_told_apart_from_a_missing_column(tmp_path, header):
    with pytest.raises(ForecastFileError, match="turn these columns into rows") as caught:
        read(tmp_path, f"cell_id,{header}\n332_7394,1,2,3\n")
    assert "3 columns for periods" in caught.value.found
    with pytest.raises(DataError, match="column `category`"):
        read(tmp_path, "cell_id,2023-10-02,2023-10-09\n332_7394,1,2\n")


@pytest.mark.parametrize("header", ["risk_score", "Riesgo", "Rank"])
def test_a_score_is_no_expected_number(tmp_path, header):
    rows = f"category,start,end,cell_id,{header}\ntheft,2023-10-02,2023-10-09,332_7394,97\n"
    with pytest.raises(ForecastFileError, match="a score is none") as caught:
        read(tmp_path, rows)
    assert repr(header) in caught.value.found
    with pytest.raises(DataError, match="column `mean`"):
        read(tmp_path, rows.replace(header, "expected"))


def test_shapes_are_no_table_of_a_forecast(tmp_path):
    shape = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    feature = {"type": "Feature", "properties": {"date": "2023-10-02"}, "geometry": shape}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    with pytest.raises(ForecastFileError, match=r"cells\.geojson with --cells"):
        read(tmp_path, text, "theirs.geojson")


@pytest.mark.parametrize(
    ("lat", "lon", "remedy"),
    [("-46.64", "-23.55", "exchange the columns"), ("48.1", "11.5", "of the same place")],
)
def test_boxes_on_no_cell_say_whether_they_were_exchanged(tmp_path, lat, lon, remedy):
    path = tmp_path / "boxes.csv"
    path.write_text(f"lat,lon,count\n{lat},{lon},3\n", encoding="utf-8")
    with pytest.raises(ForecastFileError, match=remedy):
        read_boxes(
            path, CELLS, WEEKS, box_m=300.0, expected_total=4.0, category="theft",
            forecaster="theirs", issued_at=MONDAY,
        )  # fmt: skip
