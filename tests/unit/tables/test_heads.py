"""Where a table begins: titles before the header, no header, sheets; nothing read in silence."""

from __future__ import annotations

import zipfile

import openpyxl
import pytest

from veedor.errors import UnreadableError
from veedor.incidents import Category, Columns, Source, propose, read
from veedor.tables.dialect import HeaderlessError
from veedor.tables.heads import Head, find_head

ROWS = ["1,2023-01-02,Robo,-34.60,-58.40", "2,2023-01-03,Robo,-34.61,-58.41"]
HEADER = "id,date,kind,lat,lon"


def source(path, columns=None, **more):
    return Source(
        paths=(str(path),),
        columns=columns
        or Columns(time="date", id="id", category="kind", latitude="lat", longitude="lon"),
        categories=(Category("Robo", "reported"),),
        time_zone="America/Argentina/Buenos_Aires",
        crs="EPSG:32721",
        **more,
    )


@pytest.mark.parametrize(
    ("rows", "head"),
    [
        ([["a", "b", "c"], ["1", "2", "3"]], Head(0, True)),
        ([["Title"], ["a", "b", "c"], ["1", "2", "3"]], Head(1, True)),
        ([["Title", "", ""], ["", "", ""], ["a", "b", "c"], ["1", "2", "3"]], Head(2, True)),
        ([["Made", "2023-01-01"], ["a", "b", "c", "d", "e"], ["1"] * 5], Head(1, True)),
        ([["a", "b"], ["1", "2"]], Head(0, True)),
        ([["a"], ["1"]], Head(0, True)),
        ([["place", "2019", "2020"], ["x", "3", "4"]], Head(0, True)),
        ([["x", "-34.6", "Robo"], ["y", "-34.7", "Robo"]], Head(0, False)),
        ([["7", "8", "Robo"], ["9", "10", "Robo"]], Head(0, False)),
        ([["Robo", "18:30", "x"]], Head(0, False)),
        ([], Head(0, True)),
    ],
)
def test_a_header_is_told_from_titles_and_data(rows, head):
    assert find_head(rows) == head


@pytest.mark.parametrize("titles", ["", "Policía\n", "Policía\nHecho,2023-10-10\n\n", "\n\n"])
def test_titles_of_a_csv_are_skipped_and_rows_keep_their_numbers(tmp_path, titles):
    path = tmp_path / "a.csv"
    path.write_text("\n".join([titles + HEADER, *ROWS, "3,2023-01-04"]) + "\n", encoding="utf-8")
    found = read(source(path))
    assert len(found.incidents) == 2
    assert found.tally.first_rows("malformed row: too few columns") == ["a.csv, row 3"]
    assert len(read(source(path, skip_rows=titles.count("\n"))).incidents) == 2


def test_a_csv_without_a_header_is_said_and_can_be_read(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("\n".join([*ROWS, "3,2023-01-04"]) + "\n", encoding="utf-8")
    names = [f"column {number}" for number in range(1, 6)]
    columns = Columns(
        time=names[1], id=names[0], category=names[2], latitude=names[3], longitude=names[4]
    )
    with pytest.raises(HeaderlessError, match="header = false"):
        read(source(path, columns))
    found = read(source(path, columns, header=False))
    assert len(found.incidents) == 2
    assert found.tally.first_rows("malformed row: too few columns") == ["a.csv, row 3"]
    assert propose([str(path)]).header is False


def test_a_header_that_looks_like_data_can_be_said_to_be_one(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id,date,kind,lat,1.5\n" + "\n".join(ROWS) + "\n", encoding="utf-8")
    with pytest.raises(HeaderlessError):
        read(source(path))
    columns = Columns(time="date", id="id", category="kind")
    assert len(read(source(path, columns, header=True)).incidents) == 2


def book(path, sheets):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


TABLE = [HEADER.split(","), *(row.split(",") for row in ROWS)]


def test_title_rows_of_a_sheet_are_skipped(tmp_path):
    titles = [["POLICÍA NACIONAL"], [], ["Robos 2023"]]
    path = book(tmp_path / "a.xlsx", {"Hoja1": [*titles, *TABLE]})
    found = read(source(path))
    assert len(found.incidents) == 2
    assert found.incidents.provenance.tables[0].skip_rows == 3
    assert len(read(source(path, skip_rows=3)).incidents) == 2
    proposal = propose([str(path)])
    assert proposal.skip_rows == 3


def test_sheets_are_named_and_read_as_one_table(tmp_path):
    parts = {"Enero": TABLE, "Febrero": [TABLE[0], ["3", *TABLE[1][1:]]], "Notas": [["x"], ["y"]]}
    path = book(tmp_path / "a.xlsx", parts)
    with pytest.raises(UnreadableError, match="'Enero', 'Febrero', 'Notas'"):
        read(source(path))
    assert len(read(source(path, sheets=("Enero",))).incidents) == 2
    assert len(read(source(path, sheets=("Enero", "Febrero"))).incidents) == 3
    with pytest.raises(UnreadableError, match="same header"):
        read(source(path, sheets=("Enero", "Notas")))
    with pytest.raises(UnreadableError, match="no sheet 'Marzo'"):
        read(source(path, sheets=("Marzo",)))
    assert propose([str(path)]).sheets == ("Enero", "Febrero")


@pytest.mark.parametrize("cell", ["XFD1048576", "ZZ900000"])
def test_a_cell_far_from_its_table_is_one_error(tmp_path, cell):
    plain = book(tmp_path / "plain.xlsx", {"s": TABLE})
    path = tmp_path / "far.xlsx"
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            text = old.read(member)
            if "worksheets/" in member.filename:
                far = f'<row><c r="{cell}" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
                text = text.replace(b"</sheetData>", far.encode())
            new.writestr(member.filename, text)
    with pytest.raises(UnreadableError, match="must lie together"):
        read(source(path))
