"""How numbers are written: decided by the column, or refused; never silently ten."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veedor.errors import UnreadableError
from veedor.incidents import Category, Columns, Source, read
from veedor.tables.numerals import (
    Evidence,
    find_decimal,
    probe,
    read_number,
    sql_number,
    table_decimal,
    written,
)

TEXTS = st.text(alphabet="0123456789.,-+e '\u00a0_a", max_size=12)


@given(st.lists(TEXTS, max_size=20), st.sampled_from(".,"))
def test_a_column_is_read_in_sql_as_one_number_is(values, decimal):
    with duckdb.connect() as connection:
        found = connection.execute(
            f"SELECT {sql_number('v', decimal)} FROM (SELECT unnest(?::VARCHAR[]) AS v)", [values]
        ).fetchall()
        counted = connection.execute(
            probe("v", "(SELECT unnest(?::VARCHAR[]) AS v)"), [values]
        ).fetchone()
    assert [row[0] for row in found] == [read_number(value, decimal) for value in values]
    mine = Evidence.of(values)
    assert counted[0] == mine.point
    assert counted[1] == mine.comma


@given(st.floats(-1e12, 1e12), st.sampled_from(".,"))
def test_what_is_written_is_read_again_and_never_open(value, decimal):
    text = written(value)
    seen = Evidence.of([text])
    assert not seen.open_point
    assert find_decimal([text], "x") == "."
    assert read_number(text, ".") == value
    assert read_number(text.replace(".", decimal), decimal) == value


@pytest.mark.parametrize(
    ("values", "options", "decimal"),
    [
        (["10.000", "7.5"], {}, "."),
        (["10.000", "7,5"], {}, ","),
        (["10.000", "1.250.000"], {}, ","),
        (["10,000", "1,250,000"], {}, "."),
        (["10,000", "0,125"], {}, ","),
        (["10.000", "0.125"], {}, "."),
        (["10.000", "12345.678"], {}, "."),
        (["1 234,5", "10.000"], {}, ","),
        (["51.498", "-0.102"], {}, "."),
        (["-58.381"], {"most": 180.0}, "."),
        (["-58,381"], {"most": 180.0}, ","),
        (["-34.6123", "-346.123.456"], {"most": 180.0}, "."),
        (["1.250", "3.000"], {"whole": True}, ","),
        (["10.000"], {"table": ","}, ","),
        (["10.000"], {"asked": "."}, "."),
        (["10", "20"], {}, "."),
        ([], {}, "."),
    ],
)
def test_the_column_decides(values, options, decimal):
    assert find_decimal(values, "a.csv", **options) == decimal


@pytest.mark.parametrize(
    ("values", "options"),
    [
        (["10.000"], {}),
        (["10,000", "25,000"], {}),
        (["10.000"], {"whole": True}),
        (["10.000", "10,000"], {}),
        (["1.5", "1,5"], {}),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused(values, options):
    with pytest.raises(UnreadableError) as error:
        find_decimal(values, "a.csv, column n", **options)
    assert "a.csv, column n" in str(error.value)


def test_few_numbers_of_the_other_kind_are_unreadable_and_not_another_number():
    values = [f"{n}.5" for n in range(100)] + ["7,5"]
    assert find_decimal(values, "a.csv") == "."
    assert read_number("7,5", ".") is None


def test_a_table_has_one_decimal_mark():
    assert table_decimal({"x": Evidence.of(["1,5"]), "n": Evidence.of(["10.000"])}) == ","
    assert table_decimal({"x": Evidence.of(["1,5"]), "n": Evidence.of(["1.5"])}) is None


def source(path, **more):
    return Source(
        paths=(str(path),),
        columns=Columns(time="when", x="x", y="y", count="n", precision="p"),
        categories=(Category("robo", "reported"),),
        time_zone="America/Santiago",
        crs="EPSG:32719",
        input_crs="EPSG:32719",
        **more,
    )


def rows(path, *lines):
    path.write_text("\n".join(["when;x;y;n;p", *lines]) + "\n", encoding="utf-8")
    return path


def test_metres_with_points_between_thousands(tmp_path):
    path = rows(tmp_path / "a.csv", "2023-01-03;342.891,71;6.299.416,04;1;10.000")
    found = read(source(path)).incidents
    assert found.x_m.tolist() == [342891.71]
    assert found.y_m.tolist() == [6299416.04]
    assert found.precision_m.tolist() == [10000.0]


def test_a_count_of_ten_or_ten_thousand_is_refused(tmp_path):
    path = rows(tmp_path / "a.csv", "2023-01-03;342891;6299416;1;10.000")
    with pytest.raises(UnreadableError, match="'p'"):
        read(source(path))
    found = read(source(path, decimal=".")).incidents
    assert found.precision_m.tolist() == [10.0]


def test_the_whole_column_decides_where_a_sample_does_not(tmp_path):
    many = ["2023-01-03;342891;6299416;1;10.000"] * 20_000
    path = rows(tmp_path / "a.csv", *many, "2023-01-03;342891;6299416;1;1.250,5")
    found = read(source(path)).incidents
    np.testing.assert_array_equal(np.unique(found.precision_m), [1250.5, 10000.0])


@pytest.mark.parametrize("whole", [True, False])
def test_ten_thousand_beside_coordinates_with_points_is_not_ten(whole):
    table = table_decimal({"lat": Evidence.of(["-34.6037"]), "n": Evidence.of(["10.000", "2.000"])})
    assert table == "."
    with pytest.raises(UnreadableError, match="which is 10 or 10000"):
        find_decimal(["10.000", "2.000"], "a.csv, column n", table=table, whole=whole)


def test_numbers_with_three_decimals_in_a_table_with_points_keep_them():
    assert find_decimal(["12.375", "1.500"], "a.csv, column score", table=".") == "."
    assert find_decimal(["12.375", "1.500"], "a.csv, column n", table=".", whole=True) == ","


@pytest.mark.parametrize("text", ["83E8713", "+-24", "1e999", "1_000"])
@pytest.mark.parametrize("decimal", [".", ","])
def test_what_a_database_would_take_for_a_number_is_none(text, decimal):
    with duckdb.connect() as connection:
        found = connection.execute(
            f"SELECT {sql_number('v', decimal)} FROM (SELECT ?::VARCHAR AS v)", [text]
        )
        assert found.fetchone() == (None,)
    assert read_number(text, decimal) is None
