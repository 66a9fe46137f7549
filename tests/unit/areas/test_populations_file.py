"""People of areas, read from a table of anyone's: who says so, and never a guess."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from veedor.areas.populations_file import read_populations
from veedor.errors import DataError

SAID = ("National Statistics Office", "projections of 2022")


def table(folder: Path, text: str) -> Path:
    path = folder / "people.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_in_any_order_are_people_by_year_and_area_and_blanks_are_not_said(tmp_path):
    path = table(tmp_path, "code;year;people\n06;2011;1.250\n02;2010;900\n06;2010;\n02;2012;950\n")
    columns = {"area": "code", "population": "people"}
    found = read_populations(path, columns, *SAID)
    assert found.codes == ("02", "06")
    assert found.years.tolist() == [2010, 2011, 2012]
    np.testing.assert_array_equal(
        found.values, [[900.0, np.nan], [np.nan, 1250.0], [950.0, np.nan]]
    )
    assert (found.source, found.vintage) == SAID


@pytest.mark.parametrize(
    ("text", "columns", "said", "message"),
    [
        ("area,year,population\n1,2010,5\n1,2010,6\n", {}, SAID, "Each area, year must have one"),
        ("area,year,population\n1,2010,0\n", {}, SAID, "above 0"),
        ("area,year,population\n1,20,5\n", {}, SAID, "four digits"),
        ("area,year,population\n1,2010,many\n", {}, SAID, "finite numbers"),
        ("area,year,people\n1,2010,5\n", {}, SAID, "population"),
        ("area,year,population\n1,2010,5\n", {"sex": "x"}, SAID, "area, year and population"),
        ("area,year,population\n1,2010,5\n", {}, ("", "2022"), "Who says"),
        ("area,year,population\n1,2010,5\n", {}, ("INDEC", " "), "Who says"),
    ],
)
def test_what_is_no_population_or_has_no_source_is_refused(tmp_path, text, columns, said, message):
    with pytest.raises(DataError, match=message):
        read_populations(table(tmp_path, text), columns, *said)
