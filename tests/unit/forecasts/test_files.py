"""Files of several forecasts, of other makers, and of rounded cells."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from shapely import Point

from veedor.errors import ForecastFileError, PersonalDataRefusal, UnreadableError
from veedor.forecasts import (
    CountDistribution,
    Forecast,
    cells_crs,
    read_cells,
    read_forecast,
    read_forecasts,
    write_cells,
    write_forecast,
)
from veedor.spacetime import Cells, HexagonLattice, Length, Periods, SquareLattice, StudyArea

MONDAY = np.datetime64("2024-01-01T03:00", "us")
WEEKS = Periods.stepping(MONDAY, Length(1, "week"), 0, 4, "America/Argentina/Buenos_Aires")


def _forecast(cells, category, scale):
    mean = scale * (1.0 + np.arange(4 * len(cells)).reshape(4, -1))
    return Forecast(CountDistribution(mean, 0.2), cells, WEEKS, category, "V", "1", MONDAY, MONDAY)


@pytest.fixture
def both(grid, tmp_path):
    """One table with two categories, as a vendor may write it."""
    cells = grid(3, 2)
    tables = []
    for category, scale in (("theft", 1.0), ("robbery", 0.1)):
        write_forecast(_forecast(cells, category, scale), tmp_path / "one.parquet")
        table = pq.read_table(tmp_path / "one.parquet").replace_schema_metadata()
        columns = [table[name].cast(pa.string()) for name in ("category", "cell_id")]
        table = table.set_column(0, "category", columns[0])
        tables.append(table.set_column(3, "cell_id", columns[1]))
    return cells, pa.concat_tables(tables)


def test_a_file_may_hold_several_categories(both, tmp_path):
    cells, table = both
    pq.write_table(table, tmp_path / "vendor.parquet")
    robbery, theft = read_forecasts(tmp_path / "vendor.parquet", cells)
    assert (robbery.category, theft.category) == ("robbery", "theft")
    assert robbery.forecaster == "vendor"
    assert theft.mean == pytest.approx(10.0 * robbery.mean)
    with pytest.raises(ForecastFileError, match="one forecast"):
        read_forecast(tmp_path / "vendor.parquet", cells)


def test_rows_and_names_of_cells_may_come_in_any_order(grid, tmp_path):
    cells, path = grid(3, 2), tmp_path / "one.parquet"
    made = _forecast(cells, "theft", 1.0)
    write_forecast(made, path)
    table, rng = pq.read_table(path), np.random.default_rng(0)
    assert table["cell_id"].chunk(0).dictionary.to_pylist() == cells.cell_id.tolist()
    plain = table.set_column(3, "cell_id", table["cell_id"].cast(pa.string()))
    for one in (table, plain, plain.slice(6, 6)):
        pq.write_table(one.take(rng.permutation(len(one))), path)
        first = 1 if len(one) == 6 else 0
        read = read_forecast(path, cells)
        np.testing.assert_array_equal(read.mean, made.mean[first : first + len(one) // 6])
    for name, value in (("version", "v" * 2_001), ("forecaster", "é" * 1_001)):
        said = json.loads(table.schema.metadata[b"veedor"]) | {name: value}
        pq.write_table(table.replace_schema_metadata({"veedor": json.dumps(said)}), path)
        with pytest.raises(UnreadableError, match="2,00"):
            read_forecast(path, cells)


def test_a_csv_reads_as_the_parquet_does(both, tmp_path):
    cells, table = both
    pyarrow.csv.write_csv(table, tmp_path / "vendor.csv")
    pq.write_table(table, tmp_path / "vendor.parquet")
    for one, other in zip(
        read_forecasts(tmp_path / "vendor.csv", cells),
        read_forecasts(tmp_path / "vendor.parquet", cells),
        strict=True,
    ):
        assert (one.mean == other.mean).all()
        assert (one.periods.edges == other.periods.edges).all()


def test_a_gap_between_periods_makes_two_forecasts(both, tmp_path):
    cells, table = both
    kept = table.filter(table["start"].to_numpy() != WEEKS.start[1])
    pq.write_table(kept, tmp_path / "vendor.parquet")
    lengths = [len(one.periods) for one in read_forecasts(tmp_path / "vendor.parquet", cells)]
    assert lengths == [1, 2, 1, 2]


def test_without_a_dispersion_counts_are_poisson(both, tmp_path):
    cells, table = both
    pq.write_table(table.drop_columns("dispersion"), tmp_path / "vendor.parquet")
    assert (
        read_forecasts(tmp_path / "vendor.parquet", cells)[0].distribution.dispersion == 0
    ).all()


def _far(rows):
    return pa.array(np.full(rows, 2**62), pa.timestamp("us", tz="UTC"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.drop_columns("mean"), "no mean"),
        (lambda t: t.slice(0, 0), "rows"),
        (lambda t: t.slice(1), "1 missing"),
        (lambda t: pa.concat_tables([t, t.slice(0, 1)]), "1 repeated"),
        (lambda t: t.set_column(4, "mean", pa.array([None] * len(t), pa.float64())), "row 1"),
        (lambda t: t.set_column(4, "mean", pa.array(["x"] * len(t))), "numbers"),
        (lambda t: t.set_column(2, "end", t["start"]), "overlap"),
        (lambda t: t.set_column(2, "end", pa.array(["soon"] * len(t))), "times"),
        (lambda t: t.replace_schema_metadata({"veedor": "["}), "metadata"),
        (lambda t: t.replace_schema_metadata({"veedor": '{"time_zone": "../x"}'}), "metadata"),
        (lambda t: t.replace_schema_metadata({"veedor": '{"data_cutoff": "soon"}'}), "metadata"),
        (lambda t: t.replace_schema_metadata({"veedor": '{"total_dispersion": -1}'}), "metadata"),
        (
            lambda t: t.replace_schema_metadata({"veedor": '{"total_dispersion": Infinity}'}),
            "cannot",
        ),
        (lambda t: t.replace_schema_metadata({"veedor": '{"data_cutoff": 5}'}), "metadata"),
        (lambda t: t.replace_schema_metadata({"veedor": '{"issued_at": "-9000-01-01"}'}), "years"),
        (lambda t: t.replace_schema_metadata({"veedor": '{"forecaster": {"a": 1}}'}), "no text"),
        (lambda t: t.replace_schema_metadata({"veedor": '{"x":' + "[" * 100_000}), "metadata"),
        (lambda t: t.append_column("mean", t["mean"]), "mean more than once"),
        (lambda t: t.set_column(3, "cell_id", pa.array(["<b>" * 500] * len(t))), "elsewhere"),
        (lambda t: t.set_column(1, "start", _far(len(t))), "1000 to 9999"),
        (lambda t: t.set_column(2, "end", _far(len(t))), "1000 to 9999"),
    ],
)
def test_a_broken_file_gets_one_clear_error(both, tmp_path, change, words):
    cells, table = both
    pq.write_table(change(table), tmp_path / "vendor.parquet")
    with pytest.raises(ForecastFileError, match=words) as error:
        read_forecasts(tmp_path / "vendor.parquet", cells)
    assert len(str(error.value)) < 600


def test_a_name_that_is_longer_than_any_is_refused(both, tmp_path):
    cells, table = both
    path = tmp_path / "vendor.parquet"
    for name in ("category", "cell_id"):
        place = table.column_names.index(name)
        long = pa.array(["a" * 1_000_000] * len(table))
        pq.write_table(table.set_column(place, name, long), path)
        with pytest.raises(UnreadableError, match="letters"):
            read_forecasts(path, cells)
    write_cells(cells, tmp_path / "cells.geojson")
    text = (tmp_path / "cells.geojson").read_text()
    name = str(cells.cell_id[0])
    (tmp_path / "cells.geojson").write_text(text.replace(f'"{name}"', f'"{"a" * 1_000_000}"'))
    with pytest.raises(UnreadableError, match="letters"):
        read_cells(tmp_path / "cells.geojson", cells.crs)


def test_names_of_the_cells_of_a_lattice_are_nobodys(grid, tmp_path):
    cells = grid(2, 2)
    path = tmp_path / "cells.geojson"
    write_cells(cells, path)
    name = str(cells.cell_id[0])
    path.write_text(path.read_text().replace(f'"{name}"', '"victima Ana Gomez"'))
    with pytest.raises(PersonalDataRefusal):
        read_cells(path, cells.crs)


def _coded(table, words):
    """The same table with its text as numbers of words, cut in two row groups of their own."""
    parts = []
    for part in (table.slice(0, len(table) // 2), table.slice(len(table) // 2)):
        for name in ("category", "cell_id"):
            column = part[name].combine_chunks().dictionary_encode()
            longer = pa.array([*words, *column.dictionary.to_pylist()])
            codes = pa.array(column.indices.to_numpy() + len(words), pa.int8())
            coded = pa.DictionaryArray.from_arrays(codes, longer)
            part = part.set_column(part.column_names.index(name), name, coded)
        parts.append(part)
    return pa.concat_tables(parts)


@pytest.mark.parametrize("words", [[], ["of no row"], [None]])
def test_text_by_number_reads_as_text(both, tmp_path, words):
    """Words that no row has are nothing, and each part of a table may number words its own way."""
    cells, table = both
    pq.write_table(table, tmp_path / "text.parquet")
    order = np.random.default_rng(0).permutation(len(table))
    coded = _coded(table.take(order), words)
    for one, other in zip(
        read_forecasts(tmp_path / "text.parquet", cells),
        _read(coded, cells, tmp_path / "coded.parquet"),
        strict=True,
    ):
        assert one.category == other.category
        assert (one.mean == other.mean).all()


def _read(table, cells, path):
    """Read a table as it is: a Parquet file keeps no words that no row has."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("veedor.forecasts.files.parquet_table", lambda *_, **__: table)
        return read_forecasts(path, cells)


@pytest.mark.parametrize("size_m", [100.0, 250.0])
def test_cells_survive_the_rounding_of_their_file(grid, tmp_path, size_m):
    cells = grid(12, 9, size_m=size_m)
    write_cells(cells, tmp_path / "cells.geojson")
    again = read_cells(tmp_path / "cells.geojson", cells.crs)
    assert again.cell_id.tolist() == cells.cell_id.tolist()
    assert (again.area_km2 == cells.area_km2).all()
    assert (again.locate(cells.x_m, cells.y_m) == np.arange(len(cells))).all()
    assert [row.tolist() for row in again.neighbours] == [row.tolist() for row in cells.neighbours]


@pytest.mark.parametrize(
    ("change", "words"), [({"cell_id": None}, "without"), ({"area_km2": 9.0}, "cell 0_0")]
)
def test_cells_that_do_not_say_what_they_are_are_refused(grid, tmp_path, change, words):
    cells = grid(2, 2)
    write_cells(cells, tmp_path / "cells.geojson")
    document = json.loads((tmp_path / "cells.geojson").read_text())
    document["features"][0]["properties"].update(change)
    (tmp_path / "cells.geojson").write_text(json.dumps(document))
    with pytest.raises(ForecastFileError, match=words):
        read_cells(tmp_path / "cells.geojson", cells.crs)


@pytest.mark.parametrize("lattice", [SquareLattice(500.0), HexagonLattice(500.0)])
def test_cells_read_back_hold_the_same_points_on_their_edges_too(tmp_path, lattice):
    outline = Point(372_000.0, 6_170_000.0).buffer(2_520.0)  # clips cells, and leaves specks
    cells = Cells.on_lattice(StudyArea(outline, "EPSG:32721", "made up"), lattice)
    path = tmp_path / "cells.geojson"
    write_cells(cells, path)
    assert "tiles" in path.read_text()
    assert cells_crs(path) == cells.crs
    again = read_cells(path, cells_crs(path))
    assert (again.shape, again.size_m) == (cells.shape, cells.size_m)
    assert (again.area_km2 == cells.area_km2).all()
    x, y = np.meshgrid(
        np.arange(369_000.0, 375_001.0, 50.0), np.arange(6_167_000.0, 6_173_001.0, 50.0)
    )
    assert (again.locate(x.ravel(), y.ravel()) == cells.locate(x.ravel(), y.ravel())).all()
    assert [row.tolist() for row in again.neighbours] == [row.tolist() for row in cells.neighbours]


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ({"size_m": 10.0}, "100 m to 100 km"),
        ({"size_m": 490.0}, "named after"),
        ({"lattice": "circle"}, "squares or hexagons"),
        ({"crs": "EPSG:4326"}, "metres"),
        ({"crs": "EPSG:999999"}, "metres"),
        ({"crs": ["x"]}, "metres"),
    ],
)
def test_a_lattice_that_the_cells_are_not_of_is_refused(grid, tmp_path, stated, words):
    cells = grid(2, 2)
    path = tmp_path / "cells.geojson"
    write_cells(cells, path)
    document = json.loads(path.read_text())
    document["veedor"] |= stated
    path.write_text(json.dumps(document))
    with pytest.raises(ForecastFileError, match=words):
        read_cells(path, cells_crs(path))
