"""What is exported is opened by GDAL, and holds what was forecast or audited."""

from __future__ import annotations

import contextlib
import csv
import json
import sqlite3
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pyogrio.raw
import pytest
import shapely

from veedor.cli import main
from veedor.errors import DataError, ForecastFileError, StudyError
from veedor.exporting import FORMATS, audit_places, forecast_places, write_places
from veedor.forecasts import CountDistribution, Forecast, write_cells, write_forecast
from veedor.spacetime import Periods
from veedor.tasks import Context, export

COLUMNS = [
    *("category", "forecaster", "start", "end", "start_local", "end_local", "cell_id", "area_km2"),
    *("lat", "lon", "zone", "streets", "streets_m", "mean", "dispersion", "low", "high"),
]


def _layer(path):
    return "places" if path.suffix == ".gpkg" else None


def _read(path):
    return pyogrio.raw.read(path, layer=_layer(path))


@pytest.fixture
def study(tmp_path, grid) -> Path:
    """A study's folder with the forecasts of two categories by two makers for two weeks."""
    cells = grid(3, 2)
    start = np.datetime64("2024-01-01T03:00", "us")
    edges = start + np.arange(3) * np.timedelta64(7, "D")
    rng = np.random.default_rng(2)
    folder = tmp_path / "study" / "next"
    for category in ("robo", "=HYPERLINK(1)"):
        for maker in ("A", "B"):
            mean = rng.gamma(1.0, 1.0, (2, 6))
            one = Forecast(
                distribution=CountDistribution(mean, np.full((2, 6), 0.5)),
                cells=cells,
                periods=Periods(edges, "America/Argentina/Buenos_Aires"),
                category=category,
                forecaster=maker,
                version="1",
                parameters={},
                data_cutoff=start,
                issued_at=start,
            )
            write_forecast(one, folder / "forecasts" / category[:4] / maker / "x.parquet")
    write_cells(cells, folder / "cells.geojson")
    return folder.parent


@pytest.mark.parametrize(
    "change",
    [
        lambda table: table.replace_schema_metadata({"veedor": "["}),
        lambda table: table.replace_schema_metadata({"veedor": '{"x":' + "[" * 100_000}),
        lambda table: table.drop_columns("category"),
        lambda table: table.set_column(
            2, "end", pa.array(np.full(len(table), 2**62), pa.timestamp("us", tz="UTC"))
        ),
    ],
)
def test_forecasts_of_anyone_that_are_broken_are_one_clear_error(study, tmp_path, change):
    path = next(study.rglob("*.parquet"))
    pq.write_table(change(pq.read_table(path)), path)
    with pytest.raises(ForecastFileError):
        forecast_places(study)


def test_forecasts_without_a_dispersion_are_poisson(study):
    for path in study.rglob("*.parquet"):
        pq.write_table(pq.read_table(path).drop_columns("dispersion"), path)
    assert set(forecast_places(study).table["dispersion"].to_pylist()) == {0.0}


@pytest.mark.parametrize("ending", [".geojson", ".gpkg", ".csv"])
def test_gdal_opens_forecasts_and_finds_every_row(study, tmp_path, ending):
    places = forecast_places(study)
    path = tmp_path / f"out{ending}"
    write_places(places, path)
    meta, _, outlines, fields = _read(path)
    names = [name for name in meta["fields"].tolist() if name != "WKT"]
    assert names == COLUMNS
    values = dict(zip(meta["fields"].tolist(), fields, strict=True))
    assert len(values["mean"]) == 2 * 2 * 2 * 6
    np.testing.assert_allclose(values["mean"].astype(float), places.table["mean"].to_numpy())
    assert str(values["start"][0])[:19] in ("2024-01-01T03:00:00", "2024-01-01 03:00:00")
    if ending != ".csv":
        assert meta["crs"] == "EPSG:4326"
    polygons = shapely.from_wkb(outlines)
    expected = places.outlines[places.place]
    assert all(
        shapely.equals_exact(shapely.normalize(a), shapely.normalize(_many(b, a)), 1e-6)
        for a, b in zip(polygons, expected, strict=True)
    )


def _many(polygon, like):
    return shapely.multipolygons([polygon]) if like.geom_type == "MultiPolygon" else polygon


def test_geoparquet_says_what_it_holds(study, tmp_path):
    path = tmp_path / "out.parquet"
    places = forecast_places(study, category="robo", forecaster="A")
    write_places(places, path)
    table = pq.read_table(path)
    about = json.loads(table.schema.metadata[b"geo"])
    assert about["version"] == "1.1.0"
    column = about["columns"][about["primary_column"]]
    assert column["encoding"] == "WKB"
    assert "crs" not in column  # its default, OGC:CRS84
    outlines = shapely.from_wkb(table["geometry"].to_numpy())
    assert sorted({one.geom_type for one in outlines}) == column["geometry_types"]
    np.testing.assert_allclose(shapely.total_bounds(outlines), column["bbox"], atol=1e-8)
    assert all(shapely.is_ccw(shapely.get_exterior_ring(one)) for one in outlines)
    assert table.num_rows == 12
    assert table["start"].type.tz == "UTC"
    if "Parquet" in pyogrio.list_drivers():
        assert pyogrio.read_info(path)["features"] == 12


def test_a_formula_in_a_name_stays_a_text_in_csv(study, tmp_path):
    path = tmp_path / "out.csv"
    write_places(forecast_places(study), path)
    with path.open(newline="") as file:
        names = {row["category"] for row in csv.DictReader(file)}
    assert names == {"robo", "'=HYPERLINK(1)"}


def test_what_is_not_there_is_an_error_that_names_what_is(study, tmp_path):
    with pytest.raises(StudyError, match="robo by A"):
        forecast_places(study, category="hurto")
    with pytest.raises(StudyError, match="veedor run"):
        forecast_places(tmp_path)
    with pytest.raises(StudyError, match=r"\.gpkg"):
        write_places(forecast_places(study), tmp_path / "out.shp")


ZONES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"zone": number, "name": "<b>"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, 0], [x, 1], [x + 1, 1], [x + 1, 0], [x, 0]]],
            },
        }
        for number, x in ((1, 10), (2, 11))
    ],
}


@pytest.fixture
def audit(tmp_path) -> Path:
    folder = tmp_path / "audit"
    folder.mkdir()
    (folder / "places.csv").write_text(
        "zone,label,rate,low\n2,high,0.5,0.1\n3,low,,\n1,low,0.25,0.2\n", encoding="utf-8"
    )
    (tmp_path / "zones.geojson").write_text(json.dumps(ZONES), encoding="utf-8")
    return folder


@pytest.mark.parametrize("ending", FORMATS)
def test_an_audit_is_joined_to_its_zones(audit, tmp_path, ending):
    places = audit_places(audit / "places.csv", tmp_path / "zones.geojson")
    assert places.place.tolist() == [1, -1, 0]
    path = tmp_path / f"out{ending}"
    write_places(places, path)
    if ending == ".parquet":
        assert pq.read_table(path)["rate"].to_pylist() == [0.5, None, 0.25]
        return
    meta, _, outlines, fields = _read(path)
    values = dict(zip(meta["fields"].tolist(), fields, strict=True))
    rates = [None if one in ("", None) or one != one else float(one) for one in values["rate"]]
    assert rates == [0.5, None, 0.25]
    if outlines is not None:
        assert outlines[1] is None
        assert shapely.from_wkb(outlines[0]).bounds == (11, 0, 12, 1)


@pytest.mark.parametrize("ending", FORMATS)
def test_a_table_without_places_is_a_table(audit, tmp_path, ending):
    path = tmp_path / f"out{ending}"
    write_places(audit_places(audit / "places.csv"), path)
    if ending == ".parquet":
        assert b"geo" not in (pq.read_table(path).schema.metadata or {})
    else:
        assert _read(path)[0]["fields"].tolist() == ["zone", "label", "rate", "low"]


def test_zones_that_do_not_fit_are_an_error(audit, tmp_path):
    with pytest.raises(DataError, match="share a column of ids"):
        audit_places(audit / "places.csv", tmp_path / "zones.geojson", "label")
    twice = {**ZONES, "features": [ZONES["features"][0]] * 2}
    (tmp_path / "zones.geojson").write_text(json.dumps(twice), encoding="utf-8")
    with pytest.raises(DataError, match="1 more than once"):
        audit_places(audit / "places.csv", tmp_path / "zones.geojson")


def test_the_command(study, audit, tmp_path, capsys):
    def call(*arguments: str) -> int:
        with pytest.raises(SystemExit) as done:
            main(["export", *arguments])
        return int(done.value.code)

    out = tmp_path / "out.geojson"
    assert call(str(study), "--category", "robo", "--forecaster", "B", "--out", str(out)) == 0
    assert "12 rows" in capsys.readouterr().out
    zones = str(tmp_path / "zones.geojson")
    table = ["--table", "places.csv", "--zones", zones, "--id", "zone", "--out", str(out)]
    assert call(str(audit), *table) == 0
    assert len(json.loads(out.read_text(encoding="utf-8"))["features"]) == 3
    assert call(str(study), "--zones", zones, "--out", str(out)) == 2
    assert call(str(audit), *table, "--category", "robo") == 2


HOSTILE = {
    "=1+1": '"a\nb",0.5,9007199254740993,2024-01-01,true,7,x',
    "<b>ñ</b>": "=cmd(),,2,2024-01-02,false,7,y",
    "007": "-1,nan,3,,,,",
    "7": "+5,inf,4,2024-01-03,true,9,",
}


@pytest.fixture
def hostile(tmp_path):
    """An audit whose ids are formulas, markup and near doubles, with columns that formats own."""
    path = tmp_path / "hostile.csv"
    rows = "".join(f"{zone},{rest}\n" for zone, rest in HOSTILE.items())
    path.write_text("zone,label,rate,n,when,flag,fid,Geometry\n" + rows, encoding="utf-8")
    ring = [[0.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, 0.0], [0.0, 0.0]]
    hole = [[0.2, 0.2], [0.4, 0.2], [0.4, 0.4], [0.2, 0.4], [0.2, 0.2]]
    features = [
        {
            "type": "Feature",
            "properties": {"zone": zone},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x + 10 + at, y] for x, y in line] for line in (ring, hole)],
            },
        }
        for at, zone in enumerate(HOSTILE)
    ]
    zones = tmp_path / "hostile.geojson"
    zones.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return audit_places(path, zones)


@pytest.mark.parametrize("ending", [".geojson", ".gpkg", ".csv"])
def test_gdal_opens_what_is_hostile(hostile, tmp_path, ending):
    path = tmp_path / f"out{ending}"
    write_places(hostile, path)
    meta, _, outlines, fields = _read(path)
    found = dict(zip(meta["fields"].tolist(), fields, strict=True))
    assert list(found)[:8] == ["zone", "label", "rate", "n", "when", "flag", "fid_", "Geometry_"]
    guarded = ["'=1+1", *list(HOSTILE)[1:]]
    assert found["zone"].tolist() == (guarded if ending == ".csv" else list(HOSTILE))
    rates = [float(rate) if rate != "" else np.nan for rate in found["rate"]]
    np.testing.assert_array_equal(rates, [0.5, np.nan, np.nan, np.nan])
    assert [int(n) for n in found["n"]] == [9_007_199_254_740_993, 2, 3, 4]
    assert str(found["when"][1]) == "2024-01-02"
    for at, polygon in enumerate(shapely.from_wkb(outlines)):
        (single,) = shapely.get_parts(polygon)
        assert single.bounds == (10 + at, 0, 11 + at, 1)
        assert shapely.is_ccw(single.exterior)
        assert not any(shapely.is_ccw(hole) for hole in single.interiors)


@pytest.mark.parametrize("ending", FORMATS)
def test_an_audit_without_rows_is_a_file_without_rows(audit, tmp_path, ending):
    (audit / "none.csv").write_text("zone,rate\n", encoding="utf-8")
    path = tmp_path / f"out{ending}"
    write_places(audit_places(audit / "none.csv", tmp_path / "zones.geojson"), path)
    rows = pq.read_table(path).num_rows if ending == ".parquet" else _features(path)
    assert rows == 0


def _features(path):
    return pyogrio.read_info(path, layer=_layer(path))["features"]


def test_a_table_about_other_zones_is_an_error(audit, tmp_path):
    (audit / "other.csv").write_text("zone,rate\n77,0.5\n78,0.5\n", encoding="utf-8")
    with pytest.raises(DataError, match="77, 78 in the table; 1, 2 in the zones"):
        audit_places(audit / "other.csv", tmp_path / "zones.geojson")


@pytest.mark.parametrize("ending", FORMATS)
def test_a_crash_leaves_the_old_file_and_nothing_else(audit, tmp_path, ending, monkeypatch):
    path = tmp_path / "out" / f"x{ending}"
    path.parent.mkdir()
    path.write_bytes(b"old")
    places = audit_places(audit / "places.csv", tmp_path / "zones.geojson")

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    for name in ("veedor.exporting.formats.shapely.to_geojson", "pyogrio.raw.write"):
        monkeypatch.setattr(name, crash)
    monkeypatch.setattr("veedor.exporting.formats.pq.write_table", crash)
    monkeypatch.setattr("veedor.exporting.formats.pyarrow.csv.write_csv", crash)
    with pytest.raises(KeyboardInterrupt):
        write_places(places, path)
    assert path.read_bytes() == b"old"
    assert [left.name for left in path.parent.iterdir()] == [path.name]


def test_forecasts_have_local_times_and_intervals(study):
    table = forecast_places(study, category="robo", forecaster="A").table
    assert set(table["start_local"].to_pylist()) == {
        "2024-01-01T00:00-03:00",
        "2024-01-08T00:00-03:00",
    }
    distribution = CountDistribution(table["mean"].to_numpy(), table["dispersion"].to_numpy())
    low, high = table["low"].to_numpy(), table["high"].to_numpy()
    within = distribution.cdf(high) - np.where(low > 0, distribution.cdf(low - 1), 0.0)
    assert np.all(within >= 0.95)
    assert np.all(distribution.cdf(high - 1) < 0.975), "no wider than it must be"


@pytest.mark.parametrize("about", ["forecasts", "audit"])
def test_a_geopackage_opens_with_a_style_that_colours_every_value(study, audit, tmp_path, about):
    places = (
        forecast_places(study)
        if about == "forecasts"
        else audit_places(audit / "places.csv", tmp_path / "zones.geojson")
    )
    path = tmp_path / "x.gpkg"
    write_places(places, path)
    with contextlib.closing(sqlite3.connect(path)) as database:
        rows = database.execute(
            "SELECT f_table_name, f_geometry_column, styleQML, useAsDefault FROM layer_styles"
        ).fetchall()
        geometry = database.execute("SELECT column_name FROM gpkg_geometry_columns").fetchone()[0]
    assert [(name, column, default) for name, column, _, default in rows] == [
        ("places", geometry, int(number == 0)) for number in range(1 if about == "forecasts" else 2)
    ]
    renderer = ET.fromstring(rows[0][2]).find("renderer-v2")
    column = renderer.get("attr")
    assert column == ("mean" if about == "forecasts" else "rate")
    limits = [(float(r.get("lower")), float(r.get("upper"))) for r in renderer.find("ranges")]
    symbols = [one.get("name") for one in renderer.find("symbols")]
    assert [r.get("symbol") for r in renderer.find("ranges")] == symbols
    values = places.table[column].drop_null().to_numpy()
    for value in values:
        assert any(low <= value <= high for low, high in limits)
    assert [high for _, high in limits[:-1]] == [low for low, _ in limits[1:]]
    assert pyogrio.list_layers(path)[:, 0].tolist() == ["places", "layer_styles"]


def test_kinds_have_a_colour_each_and_ends_of_intervals_no_style(audit, tmp_path):
    path = tmp_path / "x.gpkg"
    write_places(audit_places(audit / "places.csv", tmp_path / "zones.geojson"), path)
    with contextlib.closing(sqlite3.connect(path)) as database:
        styles = dict(database.execute("SELECT styleName, styleQML FROM layer_styles").fetchall())
    assert list(styles) == ["rate", "label"], "neither zone, which is of as many kinds, nor low"
    renderer = ET.fromstring(styles["label"]).find("renderer-v2")
    assert renderer.get("type") == "categorizedSymbol"
    assert [one.get("value") for one in renderer.find("categories")] == ["high", "low"]
    fills = [one.get("value") for one in renderer.iter("Option") if one.get("name") == "color"]
    assert len(set(fills)) == 2


def test_a_folder_of_an_audit_is_exported_with_its_own_outlines(audit, tmp_path):
    (audit / "places.csv").write_text("place,rate\n2,0.5\n1,0.25\n", encoding="utf-8")
    zones = [
        {"type": "Feature", "properties": {"place": str(n + 1)}, "geometry": one["geometry"]}
        for n, one in enumerate(ZONES["features"])
    ]
    (audit / "places.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": zones}), encoding="utf-8"
    )
    out = tmp_path / "out.gpkg"
    export.perform(export.Request(folder=audit, out=out), Context())
    read = pyogrio.raw.read(out, layer="places")
    assert [one is not None for one in read[2]] == [True, True]
    (audit / "places_observed.csv").write_text("place,n\n2,1\n", encoding="utf-8")
    with pytest.raises(StudyError, match=r"places\.csv, places_observed\.csv"):
        export.perform(export.Request(folder=audit, out=out), Context())


def test_no_header_or_cell_of_a_csv_is_a_formula(tmp_path):
    evil = '=HYPERLINK("http://x")'
    full = "\uff1d1+1"
    table = tmp_path / "table.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["place", evil, full, "-x"], ["+1+2", "@a", "b", "-1.5"]])
    write_places(audit_places(table), tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        header, row = csv.reader(file)
    assert header == ["place", "'" + evil, "'" + full, "'-x"]
    assert row == ["'+1+2", "'@a", "b", "-1.5"]
