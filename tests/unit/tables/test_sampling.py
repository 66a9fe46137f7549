"""Samples of large files: rows of the file, as they stand, from its beginning to its end."""

import csv
import itertools

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from veedor.tables import sampling
from veedor.tables.files import InputFile
from veedor.tables.sampling import rows_of, sample_of


@pytest.fixture
def short(monkeypatch):
    """Stretches of ten rows or 200 bytes."""
    monkeypatch.setattr(sampling, "_ROWS", 10)
    monkeypatch.setattr(sampling, "_BYTES", 200)
    monkeypatch.setattr(sampling, "_HEAD", 400)


def parquet(path, rows, name="n", group=137):
    table = pa.table(
        {
            name: pa.array(range(rows), pa.int32()),
            "at": pa.array(range(rows), pa.timestamp("us", tz="UTC")),
            "text": pa.array([None if n % 3 else f"row {n}" for n in range(rows)]),
        }
    )
    pq.write_table(table, path, row_group_size=group)
    return table


def test_a_sample_of_parquet_has_rows_from_the_first_to_the_last_in_their_order(tmp_path, short):
    whole = parquet(tmp_path / "a[1].parquet", 5_000)
    file = InputFile(tmp_path / "a[1].parquet", "a[1].parquet", "parquet")
    assert rows_of(file) == 5_000
    (tmp_path / "made").mkdir()
    target = tmp_path / "made" / "it's.parquet"
    assert sample_of(file, target, 6)
    found = pq.read_table(target)
    starts = [0, 998, 1996, 2994, 3992, 4990]
    assert found.column("n").to_pylist() == [at + n for at in starts for n in range(10)]
    taken = whole.take(found.column("n").combine_chunks())
    assert duckdb.sql("SELECT count(*) FROM (SELECT * FROM found EXCEPT SELECT * FROM taken)")
    assert found.column("text").to_pylist() == taken.column("text").to_pylist()
    assert found.schema.field("at").type == pa.timestamp("us", tz="UTC")
    assert found.column_names == ["n", "at", "text"]


def test_no_sample_is_made_of_few_rows_or_of_a_file_that_numbers_its_own(tmp_path, short):
    target = tmp_path / "made.parquet"
    for rows, name, made in ((60, "n", False), (61, "n", True), (61, "File_Row_Number", False)):
        parquet(tmp_path / "a.parquet", rows, name)
        file = InputFile(tmp_path / "a.parquet", "a.parquet", "parquet")
        assert sample_of(file, target, 6) is made


def lines_of(path, rows, text="plain", end="\n", encoding="utf-8"):
    lines = ["id,what,when", *(f"{n:05d},{text},2024-01-01" for n in range(rows))]
    path.write_bytes((end.join(lines) + end).encode(encoding))
    return InputFile(path, path.name, "csv")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_sample_of_csv_has_its_header_and_whole_lines_to_the_last(tmp_path, short, end):
    file = lines_of(tmp_path / "a.csv", 2_000, end=end)
    target = tmp_path / "made.csv"
    assert sample_of(file, target, 8)
    lines = target.read_bytes().splitlines(keepends=True)
    whole = file.path.read_bytes().splitlines(keepends=True)
    assert lines[0] == whole[0]
    assert set(lines) <= set(whole)
    assert len(set(lines)) == len(lines) == len(sorted(lines))
    assert lines[-1] == whole[-1]
    ids = [int(line[:5]) for line in lines[1:]]
    assert ids == sorted(ids)
    assert max(b - a for a, b in itertools.pairwise(ids)) < 2_000 / 7


def test_a_last_line_without_an_end_is_not_taken(tmp_path, short):
    file = lines_of(tmp_path / "a.csv", 2_000)
    file.path.write_bytes(file.path.read_bytes()[:-5])
    assert sample_of(file, tmp_path / "made.csv", 8)
    assert b"01998," in (tmp_path / "made.csv").read_bytes()[-40:]


def test_a_csv_is_not_entered_where_quotes_go_over_lines(tmp_path, short):
    """Read as it stands, every row of the sample is one of the file."""
    path = tmp_path / "a.csv"
    rows = [("id", "what", "when")]
    rows += [(str(n), "two\nlines, 1\n" if n % 7 == 6 else 'a "b"', "x") for n in range(3_000)]
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    given = InputFile(path, "a.csv", "csv")
    made = sample_of(given, tmp_path / "made.csv", 30)
    if made:
        with (tmp_path / "made.csv").open(newline="") as file:
            assert {tuple(row) for row in csv.reader(file)} <= set(rows)


@pytest.mark.parametrize(
    "made", [{"encoding": "utf-16"}, {"end": "\r"}, {"text": '"open'}, {"rows": 40}]
)
def test_no_sample_is_made_of_a_csv_that_cannot_be_entered(tmp_path, short, made):
    file = lines_of(tmp_path / "a.csv", **{"rows": 2_001, **made})
    if made.get("text"):  # an odd number of quotes in the head
        file.path.write_bytes(b'"' + file.path.read_bytes().replace(b'"', b""))
    assert not sample_of(file, tmp_path / "made.csv", 8)


def test_other_kinds_are_not_sampled(tmp_path):
    assert not sample_of(InputFile(tmp_path, "a.geojson", "geojson"), tmp_path / "b")
    assert rows_of(InputFile(tmp_path, "a.geojson", "geojson")) is None
