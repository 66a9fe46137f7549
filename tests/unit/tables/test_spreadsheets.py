"""xlsx: one sheet of texts, and nothing that is out of proportion."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest

from veedor.errors import UnreadableError
from veedor.incidents import Category, Columns, Source, read
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
