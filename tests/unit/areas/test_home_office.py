"""England and Wales: sheets of financial years, quarters, offences taken back, no areas."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from veedor.areas import Spans, State
from veedor.areas.noticed import Notice
from veedor.areas.reading import AreaReading, Publication, read_areas
from veedor.errors import DataError

HEADER = (
    *("Financial Year", "Financial Quarter", "Region", "Force Name", "CSP Name", "CSP Code"),
    *("Offence Description", "Offence Group", "Offence Subgroup", "Offence Code"),
    "Number of Offences",
)
BURGLARY = ("Burglary in a dwelling", "Theft offences", "Domestic burglary", "28A")
ATTEMPT = ("Attempted burglary", "Theft offences", "Domestic burglary", "28B")
BICYCLE = ("Theft of a pedal cycle", "Theft offences", "Bicycle theft", "44")
DRUGS = ("Possession of cannabis", "Drug offences", "Possession of drugs", "92E")
BATH = ("South West", "Avon & Somerset", "Bath and North East Somerset", "E22000018")
NONE = ("South West", "Avon & Somerset", "UNASSIGNED - Avon & Somerset", None)


def cells(year: str, quarter: int, area: tuple[str | None, ...], of: tuple[str, ...], n: int):
    return [year, quarter, *area, *of, n]


@pytest.fixture
def reading(tmp_path: Path) -> AreaReading:
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active.append(["Police recorded crime"])
    for year in ("2022/23", "2023/24"):
        sheet = book.create_sheet(year.replace("/", "-"))
        sheet.append(list(HEADER))
        for quarter in (1, 2, 3, 4):
            for area in (BATH, NONE):
                sheet.append(cells(year, quarter, area, BURGLARY, 10 + quarter))
                sheet.append(cells(year, quarter, area, ATTEMPT, -1 if quarter == 2 else 2))
                sheet.append(cells(year, quarter, area, BICYCLE, 0))
                sheet.append(cells(year, quarter, area, DRUGS, 4))
    path = tmp_path / "prc-csp-2024-07-25.xlsx"
    book.save(path)
    return read_areas([Publication(path)])


def test_sheets_of_financial_years_are_quarters(reading: AreaReading) -> None:
    record = reading.record
    assert reading.layout.name == "home-office-csp"
    assert record.spans.unit == "quarter"
    assert record.spans.labels[:2] == ("2022-Q2", "2022-Q3")
    assert record.spans.labels[-1] == "2024-Q1"
    code = "theft-offences/domestic-burglary/28a-burglary-in-a-dwelling"
    assert record.totals(code).values.tolist() == [22, 24, 26, 28] * 2


def test_groups_and_subgroups_are_sums(reading: AreaReading) -> None:
    record = reading.record
    assert record.totals("theft-offences/domestic-burglary").values[:2].tolist() == [26, 22]
    assert record.totals("theft-offences").values[:2].tolist() == [26, 22]
    bicycle = "theft-offences/bicycle-theft/44-theft-of-a-pedal-cycle"
    assert (record.series(bicycle).state == State.REPORTED_ZERO).all()
    assert record.offence_sums.first_twice(["theft-offences", bicycle])


def test_taken_back_not_placed_and_discovered(reading: AreaReading) -> None:
    record = reading.record
    assert {area.name: area.residual for area in record.areas} == {
        "Bath and North East Somerset": False,
        "UNASSIGNED - Avon & Somerset": True,
    }
    assert record.levels[0].codes == ("Avon & Somerset",)
    assert next(one.n for one in reading.noticed if one.what is Notice.NEGATIVE) == 4
    discovered = {one.code for one in record.offences if one.known_by == "discovered"}
    assert discovered == {
        "drug-offences",
        "drug-offences/possession-of-drugs",
        "drug-offences/possession-of-drugs/92e-possession-of-cannabis",
    }


def test_force_areas_have_names_for_codes(tmp_path: Path) -> None:
    path = tmp_path / "pfa_2024-07-25.csv"
    path.write_text(
        "Financial Year,Financial Quarter,Force Name,Offence Group,Offence Subgroup,"
        "Number of Offences\n"
        "2023/24,Q4,Devon & Cornwall,Robbery,Robbery of personal property,5\n"
        "2023/24,Q4,British Transport Police,Robbery,Robbery of personal property,2\n",
        encoding="utf-8",
    )
    record = read_areas([Publication(path)]).record
    assert {area.code: area.residual for area in record.areas} == {
        "british-transport-police": True,
        "devon-cornwall": False,
    }
    assert record.spans.labels == ("2024-Q1",)
    assert record.totals("robbery").values.tolist() == [7]


def test_quarters_as_spans() -> None:
    days = np.array(["2023-11-15", "2024-05-31", "2024-07-01"], dtype="datetime64[D]")
    spans = Spans.covering("quarter", days[:2])
    assert spans.labels == ("2023-Q4", "2024-Q1", "2024-Q2")
    assert [str(day) for day in spans.edges] == [
        *("2023-10-01", "2024-01-01", "2024-04-01", "2024-07-01"),
    ]
    assert spans.index_of(days).tolist() == [0, 2, -1]
    assert spans.joined(Spans("quarter", np.datetime64("2025-01-01"), 1)).n == 6
    with pytest.raises(DataError, match="first day"):
        Spans("quarter", np.datetime64("2024-02-01"), 1)
    with pytest.raises(DataError, match="same spans"):
        spans.joined(Spans("month", np.datetime64("2024-01-01"), 1))


def test_a_later_quarter_is_known_by_its_own_day(reading: AreaReading) -> None:
    assert reading.record.latest.published == np.datetime64(date(2024, 7, 25))
