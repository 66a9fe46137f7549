"""xlsx: one sheet of texts, and nothing that is out of proportion."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest

from veedor.errors import UnreadableError
from veedor.incidents import Category, Columns, Source, propose, read
from veedor.tables import files


def source(path: Path) -> Source:
    return Source(
        paths=(str(path),),
        columns=Columns(time="when", category="kind"),
        categories=(Category("robo", "reported"),),
        time_zone="UTC",
        crs="EPSG:32721",
    )


def book(path: Path, *rows: list[object], sheets: int = 1) -> Path:
    made = openpyxl.Workbook()
    for number in range(sheets):
        sheet = made.active if number == 0 else made.create_sheet(f"s{number}")
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


def test_cells_are_read_by_their_kind(tmp_path):
    path = book(
        tmp_path / "a.xlsx",
        ["when", "kind", "n"],
        [dt.datetime(2024, 1, 31, 18, 30), "robo", 1.0],
        [dt.date(2024, 2, 1), " robo ", True],
        [None, None, None],
        ["2024-02-02 10:00", "robo", 2.5],
    )
    reading = read(source(path))
    assert [str(one)[:16] for one in reading.incidents.start] == [
        "2024-01-31T18:30",
        "2024-02-01T00:00",
        "2024-02-02T10:00",
    ]
    assert reading.tally.whole_days == 1


def test_a_word_for_nothing_is_no_value_of_a_sheet(tmp_path):
    clocks = [dt.time(18, 30), "NULL", dt.time(7, 5)] * 10
    rows = [
        [dt.date(2023, 1, 1 + n), clock, "Robo" if n % 2 else "Hurto", -34.9, -56.2 - n / 1000]
        for n, clock in enumerate(clocks)
    ]
    path = book(tmp_path / "a.xlsx", ["dia", "hora", "tipo", "lat", "lon"], *rows)
    assert propose([str(path)]).column("clock") == "hora"


def test_several_sheets_with_rows_are_refused(tmp_path):
    path = book(tmp_path / "a.xlsx", ["when", "kind"], ["2024-01-01", "robo"], sheets=2)
    with pytest.raises(UnreadableError, match="2 of 2 sheets"):
        read(source(path))


@pytest.mark.parametrize(
    "rows", [[["when", "when"], ["2024-01-01", "robo"]], [["when", "kind"]], []]
)
def test_a_sheet_without_a_sound_header_or_rows_is_refused(tmp_path, rows):
    with pytest.raises(UnreadableError):
        read(source(book(tmp_path / "a.xlsx", *rows)))


def test_a_bomb_is_refused_before_it_is_opened(tmp_path, monkeypatch):
    path = book(tmp_path / "a.xlsx", ["when", "kind"], ["2024-01-01", "robo"])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet9.xml", b"<r/>" * (1 << 22))
    monkeypatch.setattr(files, "RATIO_FREE_BYTES", 1 << 20)
    with pytest.raises(UnreadableError, match="200 times its size"):
        read(source(path))


def test_a_cut_off_workbook_is_refused(tmp_path):
    path = book(tmp_path / "a.xlsx", ["when", "kind"], ["2024-01-01", "robo"])
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableError):
        read(source(path))


NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text")
)
MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"


def cell(text, times=1):
    """A text, or where there is none an empty cell, once or so often."""
    often = "" if times == 1 else f' table:number-columns-repeated="{times}"'
    if text is None:
        return f"<table:table-cell{often}/>"
    kind, *value = ("date", text) if text[:2] == "20" else ("string",)
    given = "".join(f' office:date-value="{one}"' for one in value)
    return (
        f'<table:table-cell office:value-type="{kind}"{given}{often}>'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def row(*cells, times=1):
    often = "" if times == 1 else f' table:number-rows-repeated="{times}"'
    return f"<table:table-row{often}>{''.join(cells)}</table:table-row>"


def open_document(path: Path, *rows: str, before: str = "", mimetype: str = MIMETYPE) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", mimetype)
        packed.writestr(
            "content.xml",
            f"<?xml version='1.0'?>{before}<office:document-content {NAMES}><office:body>"
            f'<office:spreadsheet><table:table table:name="A">{"".join(rows)}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        packed.writestr("META-INF/manifest.xml", "<manifest/>")
    return path


HEADER = row(cell("when"), cell("kind"), cell(None, 16_382))
REST_OF_SHEET = row(cell(None, 16_384), times=1_048_000)


def test_an_open_document_is_read_with_what_it_repeats(tmp_path):
    """Programs write the rest of a sheet as one empty cell, repeated; it takes no memory."""
    path = open_document(
        tmp_path / "a.ods",
        HEADER,
        row(cell("2024-01-31T18:30:00"), cell("robo"), cell(None, 16_382), times=2),
        row(cell("2024-02-01"), cell("robo")),
        REST_OF_SHEET,
    )
    reading = read(source(path))
    assert [str(one)[:16] for one in reading.incidents.start] == [
        "2024-01-31T18:30",
        "2024-01-31T18:30",
        "2024-02-01T00:00",
    ]


@pytest.mark.parametrize(
    "rows",
    [
        (row(cell("2024-01-01", 16_000), times=1_000_000),),
        (row(cell(None), times=1_000_000), row(cell(None, 9_000), cell("x"))),
    ],
    ids=["filled", "far"],
)
def test_an_open_document_that_unfolds_to_gigabytes_is_refused(tmp_path, rows):
    path = open_document(tmp_path / "a.ods", HEADER, *rows)
    with pytest.raises(UnreadableError, match="must lie together") as caught:
        read(source(path))
    assert caught.value.where == "A of a.ods"


@pytest.mark.parametrize(
    "given",
    [
        {"before": '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'},
        {"before": "<unclosed>"},
        {"mimetype": "application/vnd.oasis.opendocument.text"},
    ],
    ids=["entities", "broken", "text"],
)
def test_what_is_no_sound_open_document_is_refused(tmp_path, given):
    path = open_document(tmp_path / "a.ods", HEADER, row(cell("2024-01-01"), cell("robo")), **given)
    with pytest.raises(UnreadableError):
        read(source(path))


def test_repeats_that_are_no_number_are_refused(tmp_path):
    bad = '<table:table-row table:number-rows-repeated="many"/>'
    with pytest.raises(UnreadableError, match="broken contents"):
        read(source(open_document(tmp_path / "a.ods", HEADER, bad)))
