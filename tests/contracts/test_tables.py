"""Every door through which a table of anyone's comes in: what all take, and what all refuse."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyproj import Transformer

from veedor.audits.alerts.tables.decisions import DECISION_KEYS, read_decisions
from veedor.audits.alerts.tables.deployments import DEPLOYMENT_KEYS, read_deployments
from veedor.audits.alerts.tables.small import read_claims
from veedor.audits.places import read_predictions, read_record
from veedor.audits.places.feedback import read_observed, read_world
from veedor.audits.places.reporting import read_counts, read_forecast_counts, read_rates
from veedor.errors import DataError, PersonalDataRefusal, UnreadableError, VeedorError
from veedor.exporting import audit_places
from veedor.forecasters.covariates import Covariates
from veedor.forecasts import read_boxes, read_cell_means, read_forecasts
from veedor.spacetime import Periods
from veedor.tables.opening import open_table
from veedor.tables.source import Source

PERIODS = Periods(np.array(["2026-01-05", "2026-01-12"], dtype="datetime64[us]"), "UTC")
ISSUED = np.datetime64("2026-01-01", "us")
FLAGGED = [["yes", "Ñandú", "1"], ["no", "Ñandú", "0"], ["yes", "b", "0"], ["no", "b", "1"]]

#: pyarrow before 21 reads views of text and writes none.
VIEWS_ARE_WRITTEN = int(pa.__version__.partition(".")[0]) >= 21


@dataclass(frozen=True)
class Door:
    """A reader, a table that it takes (with at least one number of two decimals), and a need."""

    name: str
    read: Callable[[Path, Any], Any]
    header: list[str]
    rows: list[list[str]]
    needed: str
    texts: tuple[str, ...] = ()
    truths: tuple[str, ...] = ()
    may_be_empty: bool = False


def _alerts(read: Callable[[Source], Any], keys: Sequence[str] = ()) -> Callable[[Path, Any], Any]:
    def through(path: Path, _: Any) -> Any:
        with open_table(path, keys) as source:
            return read(source)

    return through


def _decisions(source: Source) -> Any:
    read_decisions(source, ("group",))
    return source.database.rows("SELECT grp, alert, outcome, score FROM decisions")


def _deployments(source: Source) -> Any:
    found = read_deployments(source)
    counts = {name: values.tolist() for name, values in found.counts.items()}
    return found.ids, found.thresholds, counts


def _fields(*names: str) -> Callable[[Any], list[Any]]:
    return lambda made: [np.asarray(getattr(made, name)).tolist() for name in names]


def _forecast(made: Any) -> list[Any]:
    return [made.category, made.mean.tolist()]


_OF = {"category": "c", "forecaster": "V", "issued_at": ISSUED}
#: Latitude and longitude of the middle of the cells.
BOX = Transformer.from_crs("EPSG:32721", "EPSG:4326").transform(500.0, 500.0)
CELLS = ["0_0", "1_0", "0_1", "1_1"]
DOORS = [
    Door(
        "decisions",
        _alerts(_decisions, DECISION_KEYS),
        ["flagged", "group", "outcome", "score"],
        [[*row, f"{n % 7}.25"] for n, row in enumerate(FLAGGED * 10)],
        "outcome",
        ("group",),
        ("flagged", "outcome"),
    ),
    Door(
        "deployments",
        _alerts(_deployments, DEPLOYMENT_KEYS),
        ["deployment_id", "threshold", "true_alerts", "false_alerts", "transactions"],
        [["Cañón", "0.25", "4", "6", "1000"], ["b", "0.25", "1", "9", "2000"]],
        "deployment_id",
        ("deployment_id",),
    ),
    Door(
        "claims",
        _alerts(read_claims),
        ["metric", "operator", "value", "denominator"],
        [["ppv", "at least", "0.75", "señales"], ["fpr", "<", "0.25", "a"]],
        "metric",
    ),
    Door(
        "predictions",
        lambda path, _: _fields("lon", "lat", "count")(read_predictions(path, category="robó")),
        ["lat", "lon", "count", "category"],
        [["-34.61", "-58.44", "2.25", "robó"], ["-34.62", "-58.45", "3", "robó"]],
        "lat",
        ("category",),
    ),
    Door(
        "record",
        lambda path, _: _fields("lon", "lat", "count")(read_record(path, reported=["robó"])),
        ["lat", "lon", "count", "category"],
        [["-34.61", "-58.44", "2", "robó"], ["-34.62", "-58.45", "3", "hurto"]],
        "lon",
        ("category",),
    ),
    Door(
        "counts",
        lambda path, _: _fields("place", "counts", "flagged")(read_counts(path)),
        ["place", "count", "flagged"],
        [["Ñuñoa", "2.25", "yes"], ["b", "3.5", "no"]],
        "count",
        ("place",),
        ("flagged",),
    ),
    Door(
        "forecast counts",
        lambda path, _: _fields("place", "categories", "counts")(read_forecast_counts(path)),
        ["category", "cell_id", "mean"],
        [["robó", "a", "2.25"], ["robó", "b", "3.5"], ["robó", "b", "1.25"]],
        "cell_id",
        ("category", "cell_id"),
    ),
    Door(
        "rates",
        lambda path, _: _fields("categories", "low", "high")(read_rates(path)),
        ["category", "low", "high"],
        [["robó", "0.25", "0.5"], ["b", "0.35", "0.75"]],
        "category",
        ("category",),
    ),
    Door(
        "observed",
        lambda path, _: _fields("place", "reported", "flagged")(read_observed(path)),
        ["period", "place", "reported", "discovered", "flagged", "note"],
        [
            [day, place, "4", "2", flag, "1.25"]
            for day, flag in (("13/01/2026", "yes"), ("20/01/2026", "no"))
            for place in ("Ñuñoa", "b")
        ],
        "discovered",
        ("place",),
        ("flagged",),
    ),
    Door(
        "world",
        lambda path, _: _fields("zone", "true_rate", "reporting")(read_world(path)),
        ["zone", "true_rate", "reporting"],
        [["Ñuñoa", "2.25", "0.5"], ["b", "3.5", "0.25"]],
        "true_rate",
        ("zone",),
    ),
    Door(
        "covariates",
        lambda path, cells: str(Covariates.read(path, {"bars": "business"}, cells).values),
        ["cell_id", "bars", "note"],
        [[cell, f"{n}.25", "ñ"] for n, cell in enumerate(CELLS)],
        "bars",
        ("cell_id",),
    ),
    Door(
        "cell means",
        lambda path, cells: _forecast(read_cell_means(path, cells, PERIODS, **_OF)),
        ["cell_id", "mean", "note"],
        [[cell, f"{n}.25", "ñ"] for n, cell in enumerate(CELLS)],
        "mean",
        ("cell_id",),
    ),
    Door(
        "boxes",
        lambda path, cells: _forecast(
            read_boxes(path, cells, PERIODS, box_m=500.0, expected_total=4.0, **_OF)
        ),
        ["lat", "lon", "count", "note"],
        [[*map(str, BOX), "2", "ñ"], [*map(str, BOX), "3", "a"]],
        "count",
    ),
    Door(
        "forecast",
        lambda path, cells: [_forecast(one) for one in read_forecasts(path, cells)],
        ["category", "start", "end", "cell_id", "mean"],
        [
            ["robó", "2026-01-05T00:00:00Z", "2026-01-12T00:00:00Z", cell, f"{n}.25"]
            for n, cell in enumerate(CELLS)
        ],
        "cell_id",
        ("category", "cell_id"),
    ),
    Door(
        "export",
        lambda path, _: audit_places(path).table["label"].to_pylist(),
        ["zone", "label", "rate"],
        [["1", "añejo", "0.25"], ["2", "b", "0.5"]],
        "",
        ("label",),
        may_be_empty=True,
    ),
]


@pytest.fixture(params=DOORS, ids=lambda door: door.name)
def door(request):
    return request.param


@pytest.fixture
def read(door, tmp_path, grid):
    """Read bytes through the door, under some name."""

    def run(data: bytes, name: str = "table.csv") -> Any:
        path = tmp_path / name
        path.write_bytes(data)
        return door.read(path, grid(2, 2))

    return run


def written(door, *, delimiter=",", header=None, rows=None, end="\r\n") -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator=end)
    writer.writerows([header or door.header, *(rows or door.rows)])
    return stream.getvalue()


def with_column(door, name: str, value: str) -> str:
    rows = [[*row, value] for row in door.rows]
    return written(door, header=[*door.header, name], rows=rows)


@pytest.fixture
def plain(door, read):
    return read(written(door).encode())


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "cp1252", "utf-16"], ids=["mark", "western", "two bytes"]
)
def test_the_encoding_does_not_matter(door, read, plain, encoding):
    assert read(written(door).encode(encoding)) == plain


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_do_not_matter_even_mixed(door, read, plain, end):
    assert read(written(door, end=end).encode()) == plain
    first, rest = written(door, end="\r\n").split("\r\n", 1)
    assert read(f"{first}\n{rest}".encode()) == plain


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_neither_delimiter_nor_decimal_comma_matters(door, read, plain, delimiter):
    rows = [[_with_comma(field) for field in row] for row in door.rows]
    found = read(written(door, delimiter=delimiter, rows=rows).encode())
    if door.name != "export":  # of which only the texts are compared
        assert found == plain


def _with_comma(field: str) -> str:
    return field.replace(".", ",") if re.fullmatch(r"-?[0-9.]+", field) else field


def test_archives_are_opened(door, read, plain):
    text = written(door).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("table.csv", text)
    assert read(gzip.compress(text), "table.csv.gz") == plain
    assert read(packed.getvalue(), "table.zip") == plain


def test_a_workbook_and_parquet_are_tables_too(door, read, plain, tmp_path):
    book = openpyxl.Workbook()
    for row in [door.header, *door.rows]:
        book.active.append([_typed(field) for field in row])
    book.save(tmp_path / "made.xlsx")
    assert read((tmp_path / "made.xlsx").read_bytes(), "table.xlsx") == plain
    columns = {name: [row[at] for row in door.rows] for at, name in enumerate(door.header)}
    if door.name != "forecast":  # its own Parquet is typed
        pq.write_table(pa.table(columns), tmp_path / "made.parquet")
        assert read((tmp_path / "made.parquet").read_bytes(), "table.parquet") == plain


def _typed(field: str) -> str | float:
    return float(field) if re.fullmatch(r"-?[0-9.]+", field) else field


def test_texts_may_be_of_any_type_that_parquet_has(door, read, plain):
    kinds = [pa.large_string(), pa.dictionary(pa.int8(), pa.string())]
    if VIEWS_ARE_WRITTEN:
        kinds.append(pa.string_view())
    for kind in kinds:
        columns = zip(*door.rows, strict=True)
        stream = io.BytesIO()
        pq.write_table(pa.table([pa.array(c).cast(kind) for c in columns], door.header), stream)
        assert read(stream.getvalue(), "table.parquet") == plain


def test_numbers_may_be_of_few_bits(door, tmp_path, grid):
    def through(kind):
        columns = [pa.array(column) for column in zip(*door.rows, strict=True)]
        for place, column in enumerate(columns):
            if all(re.fullmatch(r"-?[0-9.]+", text) for text in column.to_pylist()):
                numbers = np.array([float(text) for text in column.to_pylist()], np.float16)
                columns[place] = pa.array(numbers).cast(kind)
        pq.write_table(pa.table(columns, door.header), tmp_path / "table.parquet")
        return door.read(tmp_path / "table.parquet", grid(2, 2))

    if door.name == "boxes":  # 16 bits are too few for a place
        pytest.skip("places need more")
    assert through(pa.float16()) == through(pa.float64())


def test_two_encodings_in_one_file_are_refused(door, read):
    text = with_column(door, "remark", "señaló")
    lines = text.split("\r\n")
    lines[2::2] = [line.encode().decode("cp1252") for line in lines[2::2]]
    with pytest.raises(VeedorError, match="one encoding"):
        read("\r\n".join(lines).encode("cp1252"))


def test_a_byte_that_is_no_text_is_said_to_be_that(door, read):
    if not door.texts:
        pytest.skip("it reads no text")
    lines = with_column(door, "remark", "ñáéíóúü").encode().split(b"\r\n")
    lines.append(lines[1].replace("ñáéíóúü".encode(), b"\xd1"))
    place = door.header.index(door.texts[0])
    cells = lines[-1].split(b",")
    cells[place] = b"\xd1a"
    lines[-2:] = [b",".join(cells)]
    with pytest.raises(UnreadableError, match=r"text of the encoding.*line"):
        read(b"\r\n".join(lines))


def test_the_case_of_headers_and_blanks_do_not_matter(door, read, plain):
    if door.name == "export":
        pytest.skip("names its columns as the file does")
    header = [f" {name.upper()} " for name in door.header]
    rows = [[f" {field}\u00a0" for field in row] for row in door.rows]
    assert read(written(door, header=header, rows=rows).encode()) == plain


@pytest.mark.parametrize(
    ("yes", "no"),
    [("1", "0"), ("true", "FALSE"), ("Sí", "No"), ("si", "no"), ("sim", "não"), ("t", "f"),
     ("S", "N"), ("1.0", "0.0"), ("verdadero", "falso"), ("Y", "N")],
)  # fmt: skip
def test_truths_are_written_in_any_of_three_languages(door, read, plain, yes, no):
    if not door.truths:
        pytest.skip("no truths")
    rows = [list(row) for row in door.rows]
    for name in door.truths:
        at = door.header.index(name)
        for row in rows:
            row[at] = yes if row[at] in ("yes", "1") else no
    assert read(written(door, rows=rows).encode()) == plain


def test_a_formula_is_a_text(door, read):
    """Nothing is worked out on reading; what is written is guarded where it is written."""
    rows = with_column(door, "extra", "=1+1")
    read(rows.encode())


def test_a_missing_column_is_named_with_what_was_perhaps_meant(door, read):
    if not door.needed:
        pytest.skip("needs none")
    header = [f"{name}z" if name == door.needed else name for name in door.header]
    with pytest.raises(DataError) as caught:
        read(written(door, header=header).encode())
    assert door.needed in caught.value.must
    assert f"Did you mean '{door.needed}z'" in caught.value.remedy
    assert "table.csv" in caught.value.where


@pytest.mark.parametrize("twice", [lambda name: name, lambda name: f"{name.upper()} "])
def test_a_column_that_is_there_twice_is_refused(door, read, twice):
    name = door.needed or "rate"
    text = with_column(door, twice(name), "1")
    with pytest.raises(DataError, match=r"unique|once|more than case"):
        read(text.encode())


@pytest.mark.parametrize("line", ["x", "x,x,x,x,x,x,x,x"])
def test_a_row_with_too_few_or_too_many_cells_is_refused(door, read, line):
    with pytest.raises(UnreadableError, match=f"as many cells.*lines {len(door.rows) + 2}"):
        read((written(door) + line + "\r\n").encode())


def test_an_empty_file_and_a_header_alone_are_refused(door, read):
    with pytest.raises(UnreadableError, match="an empty file"):
        read(b"")
    if not door.may_be_empty:
        with pytest.raises(VeedorError, match="a header only"):
            read((",".join(door.header) + "\n").encode())


@pytest.mark.parametrize("data", [b"\x00\x01\x02" * 200, b"%PDF-1.4 and more", b"\x1f\x8b broken"])
def test_what_is_no_table_is_refused(door, read, data):
    with pytest.raises(UnreadableError):
        read(data)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("ana.perez@example.org", "1"),
        ("photo", "faces/a.jpg"),
        ("extra", "faces/a.jpg"),
        ("vector", "0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9"),
    ],
)
def test_persons_and_their_likeness_are_refused(door, read, header, value):
    with pytest.raises(PersonalDataRefusal) as caught:
        read(with_column(door, header, value).encode())
    assert "perez" not in str(caught.value)


def test_text_that_is_kept_is_no_personal_datum(door, read):
    for name in door.texts:
        rows = [list(row) for row in door.rows]
        for row in rows:
            row[door.header.index(name)] = "ana.perez@example.org"
        with pytest.raises(PersonalDataRefusal):
            read(written(door, rows=rows).encode())


def test_a_number_that_is_none_is_named_with_its_row(door, read):
    at = next((at for at, field in enumerate(door.rows[0]) if _with_comma(field) != field), None)
    if at is None or door.name in ("export", "observed"):
        pytest.skip("no number is read")
    rows = [list(row) for row in door.rows]
    rows[1][at] = "many"
    with pytest.raises(DataError, match=r"row 2 \(line 3\)") as caught:
        read(written(door, rows=rows).encode())
    assert door.header[at] in caught.value.must


def test_mixed_and_ambiguous_decimals_are_refused(door, read):
    at = next((at for at, field in enumerate(door.rows[0]) if _with_comma(field) != field), None)
    if at is None or door.name in ("export", "observed"):
        pytest.skip("no number is read")
    for first, others in (("0.55", "0,55"), ("10.000", "10.000")):
        if first == "10.000" and door.header[at] in ("lat", "value"):
            continue  # neither goes beyond a thousand
        rows = [list(row) for row in door.rows]
        for number, row in enumerate(rows):
            row[at] = others if number % 2 else first
        with pytest.raises(UnreadableError, match=r"one decimal mark|one way"):
            read(written(door, rows=rows).encode())


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("endless.csv", "a folder, a device or a pipe"),
        ("nothing.csv", "no such file"),
        ("a" * 300 + ".csv", "no such file"),
    ],
    ids=["device", "nothing", "long"],
)
def test_what_is_no_file_is_said_to_be_what_it_is(door, tmp_path, grid, name, found):
    (tmp_path / "endless.csv").symlink_to("/dev/zero")
    with pytest.raises(UnreadableError, match=found):
        door.read(tmp_path / name, grid(2, 2))
