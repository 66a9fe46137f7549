"""Days off of one's own: a day or a run of days, and to whom they apply."""

from __future__ import annotations

from datetime import date, timedelta

import openpyxl
import pytest

from veedor.disclosure.request import read_days_off
from veedor.errors import DataError, PersonalDataRefusal


def read(folder, text: str):
    path = folder / "off.csv"
    path.write_text(text, "utf-8")
    return read_days_off(path)


def test_days_and_runs_of_days(tmp_path) -> None:
    made = read(
        tmp_path,
        "first,last,name,of\n2026-12-24,,Asueto,administration\n"
        "2027-01-01,2027-01-31,Feria,court\n2026-11-06,,,\n",
    )
    assert len(made) == 1 + 31 + 1
    assert (made[0].day, made[0].name, made[0].of, made[0].given) == (
        date(2026, 12, 24), "Asueto", "administration", True,
    )  # fmt: skip
    assert [one.day for one in made[1:32]] == [date(2027, 1, 1) + timedelta(n) for n in range(31)]
    assert {one.of for one in made[1:32]} == {"court"}
    assert (made[32].name, made[32].of) == ("", "all")


def test_the_first_day_is_enough(tmp_path) -> None:
    assert [one.day for one in read(tmp_path, "first\n2026-12-24\n2026-12-31\n")] == [
        date(2026, 12, 24),
        date(2026, 12, 31),
    ]


def test_days_of_a_spreadsheet(tmp_path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["first", "last"])
    book.active.append([date(2027, 1, 1), date(2027, 1, 2)])
    path = tmp_path / "off.xlsx"
    book.save(path)
    assert [one.day for one in read_days_off(path)] == [date(2027, 1, 1), date(2027, 1, 2)]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("24/12/2026,,,", "write it as 2026-12-24"),
        ("2026-02-30,,,", "must be a day"),
        ("2026-12-24T10:00,,,", "must be a day"),
        (",,,", "must be a day"),
        ("2026-12-24,2026-12-23,,", "1 to 100 days"),
        ("2026-01-01,2026-04-11,,", "1 to 100 days"),
        ("2026-12-24,,,courts", "Did you mean 'court'"),
    ],
)
def test_a_row_that_is_wrong_is_named(tmp_path, row: str, told: str) -> None:
    with pytest.raises(DataError, match=told) as wrong:
        read(tmp_path, f"first,last,name,of\n2026-11-06,,,\n{row}\n")
    assert "row 2" in str(wrong.value)


def test_a_run_of_as_many_days_as_there_may_be(tmp_path) -> None:
    assert len(read(tmp_path, "first,last\n2026-01-01,2026-04-10\n")) == 100


def test_persons_are_no_names_of_days(tmp_path) -> None:
    with pytest.raises(PersonalDataRefusal):
        read(tmp_path, "first,name\n2026-12-24,duelo por la víctima Ana Gómez\n")
