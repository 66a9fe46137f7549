"""Tables that audits are given, and the files that they write."""

from __future__ import annotations

import csv
import gzip
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from veedor.audits import alerts
from veedor.audits.audit import COLUMNS, Statement, Subject, write_estimates
from veedor.errors import DataError, UnreadableError
from veedor.files.json_file import write_json
from veedor.statistics import Estimate
from veedor.statistics.codes import Denominator, Method
from veedor.tables.rows import read_table


def test_a_byte_order_mark_blanks_and_gzip_are_read(tmp_path):
    path = tmp_path / "a.csv.gz"
    with gzip.open(path, "wb") as file:
        file.write("\ufeffplace , count\n a ,1\nb, 2\n".encode())
    sheet = read_table(path, ("place", "count"))
    assert sheet.text("place").tolist() == ["a", "b"]
    assert sheet.numbers("count").tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (b"", UnreadableError),
        (b"place,count\n", DataError),
        (b"place\na\n", DataError),
        (b"place,count,count\na,1,2\n", UnreadableError),
        (b"place,count\na,1\nb\n", UnreadableError),
        (b"pl\xe1ce,count\na,1\n", DataError),
    ],
)
def test_a_broken_table_is_refused_in_words(tmp_path, text, kind):
    path = tmp_path / "a.csv"
    path.write_bytes(text)
    with pytest.raises(kind, match=r"a\.csv"):
        read_table(path, ("place", "count"))


@pytest.mark.parametrize("field", ["nan", "inf", "x", "", "1,5,5"])
def test_a_field_that_is_no_finite_number_is_named_with_its_row(tmp_path, field):
    path = tmp_path / "a.csv"
    path.write_text(f'count\n1\n"{field}"\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"row 2 \(line 3\)"):
        read_table(path, ("count",)).numbers("count")


def test_a_parquet_file_that_is_broken_or_names_a_column_twice_is_refused(tmp_path):
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1 and no more PAR1")
    with pytest.raises(UnreadableError, match=r"a\.parquet"):
        read_table(path, ())
    twice = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["count", "count"])
    pyarrow.parquet.write_table(twice, path)
    with pytest.raises(DataError):
        read_table(path, ("count",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("place;count\na;1,5\n", [1.5]),
        ('place,count\na,"1,5"\n', [1.5]),
        ("place;count\na;10.000\nb;1,5\n", [10000.0, 1.5]),
        ("lat;lon;count\n-34,61;-58,44;10.000\n", [10000.0]),
        ("lat,lon,count\n-34.612,-58.44,1.250\n", [1.25]),
        ("place,count\na,1.234.567\nb,10.000\n", [1234567.0, 10000.0]),
    ],
)
def test_numbers_are_read_as_their_column_or_the_coordinates_write_them(tmp_path, text, expected):
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    sheet = read_table(path, ("count",))
    assert sheet.numbers("count").tolist() == expected
    assert sheet.chosen(np.array([0])).numbers("count").tolist() == expected[:1]


@pytest.mark.parametrize("text", ["place;count\na;10.000\n", 'place,count\na,"1,234"\nb,7\n'])
def test_a_number_that_can_be_read_in_two_ways_is_refused(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableError, match="or 1"):
        read_table(path, ("count",)).numbers("count")


def test_typed_numbers_are_what_they_are(tmp_path):
    path = tmp_path / "a.parquet"
    pyarrow.parquet.write_table(pa.table({"count": [10.125, 7.25], "n": [1000, None]}), path)
    sheet = read_table(path, ())
    assert sheet.numbers("count").tolist() == [10.125, 7.25]
    assert sheet.numbers("n", empty=0.0).tolist() == [1000.0, 0.0]


def test_a_fault_names_the_row_of_the_file_and_not_of_what_was_chosen(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("category,count\na,1\nb,2\na,x\n", encoding="utf-8")
    sheet = read_table(path, ())
    with pytest.raises(DataError, match=r"row 3 \(line 4\)"):
        sheet.chosen(sheet.text("category") == "a").numbers("count")


@pytest.mark.parametrize("header", ["count,Count", "count, COUNT ", "straße,STRASSE"])
def test_headers_that_differ_by_case_are_refused(tmp_path, header):
    path = tmp_path / "a.csv"
    path.write_text(f"{header}\n1,2\n", encoding="utf-8")
    with pytest.raises(DataError, match="more than case"):
        read_table(path, ())


def test_flags_are_yes_or_no(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("flagged\n1\nTrue\nno\n0\n", encoding="utf-8")
    assert read_table(path, ()).flags("flagged").tolist() == [True, True, False, False]
    path.write_text("flagged\n2\n", encoding="utf-8")
    with pytest.raises(DataError, match="1 or 0"):
        read_table(path, ()).flags("flagged")


def test_an_undefined_value_is_an_empty_field_and_no_formula_is_written(tmp_path):
    held = Estimate(None, None, 2.0, 0.95, Method("m"), 3, Denominator("things"))
    write_estimates([Statement(Subject("=cmd()", "own"), "x", held)], tmp_path / "e.csv", str)
    rows = list(csv.DictReader((tmp_path / "e.csv").read_text(encoding="utf-8").splitlines()))
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["group"] == "'=cmd()"
    assert (rows[0]["value"], rows[0]["low"], rows[0]["high"]) == ("", "", "2.0")


def test_names_stay_as_they_are_so_that_tables_can_be_joined(tmp_path):
    names = ("\t=cmd()", "age < 25", "-1")
    rows = [alerts.state("all", 0.5, name, "ppv", 0.25, 1, 4) for name in names]
    write_estimates(rows, tmp_path / "e.csv", str)
    written = list(csv.DictReader((tmp_path / "e.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["group"] for row in written] == ["'\t=cmd()", "age < 25", "-1"]
    assert [written[0][name] for name in ("value", "numerator", "out_of")] == ["0.25", "1", "4"]


def test_results_hold_no_nan_and_leave_old_ones_when_they_fail(tmp_path):
    path = tmp_path / "results.json"
    write_json({"b": 1, "a": None}, path)
    before = path.read_bytes()
    assert json.loads(before) == {"a": None, "b": 1}
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json({"a": np.nan}, path)
    assert path.read_bytes() == before
