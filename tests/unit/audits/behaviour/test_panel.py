"""A long table is read whole, with what is missing told from what is zero."""

import numpy as np
import pytest

from veedor.audits.behaviour import read_panel
from veedor.errors import DataError, PersonalDataRefusal


def written(tmp_path, *rows, header="date,series,role,value"):
    path = tmp_path / "table.csv"
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return path


def test_rows_in_any_order_are_laid_out_by_series_and_month(tmp_path):
    path = written(
        tmp_path, "2024-03,b,control,30", "2024-01,a,sensitive,10", "2024-01,b,control,20",
        "2024-02,a,sensitive,",
    )  # fmt: skip
    panel = read_panel(path)
    assert panel.spans.labels == ("2024-01", "2024-02", "2024-03")
    assert panel.series.tolist() == ["a", "b"]
    assert panel.roles.tolist() == ["sensitive", "control"]
    assert panel.values[0, 0] == 10.0
    assert np.isnan(panel.values[0, 1])  # written empty
    assert np.isnan(panel.values[1, 1])  # no row
    assert (panel.denominators[np.isfinite(panel.values)] == 1.0).all()


def test_columns_and_roles_may_be_in_spanish(tmp_path):
    path = written(
        tmp_path, "2024-01,a,sensible,10,100", "2024-01,b,Testigo,20,100",
        "2024-01,c,control negativo,20,100", header="fecha,serie,rol,valor,denominador",
    )  # fmt: skip
    panel = read_panel(path)
    assert panel.roles.tolist() == ["sensitive", "control", "negative_control"]
    assert panel.logs[0, 0] == pytest.approx(np.log(0.1))


def test_quarters_and_weeks_are_known_by_their_days(tmp_path):
    quarters = [f"{year}-{month:02}-01,a,control,9" for year in (2023, 2024) for month in (1, 4, 7)]
    assert read_panel(written(tmp_path, *quarters)).spans.unit == "quarter"
    weeks = [f"2024-01-{day:02},a,control,9" for day in (1, 8, 15, 29)]
    panel = read_panel(written(tmp_path, *weeks))
    assert (panel.spans.unit, len(panel.spans)) == ("week", 5)
    assert np.isnan(panel.values[0, 3])


def test_missing_days_are_out_of_the_denominator_and_half_a_month_is_missing(tmp_path):
    path = written(
        tmp_path, "2024-04,a,control,90,0", "2024-05,a,control,90,1", "2024-06,a,control,90,15",
        "2024-07,a,control,90,16", header="date,series,role,value,gone",
    )  # fmt: skip
    panel = read_panel(path, missing_days="gone")
    assert panel.denominators[0, :3].tolist() == [1.0, pytest.approx(30 / 31), 0.5]
    assert panel.values[0, :3].tolist() == [90.0, 90.0, 90.0]
    assert np.isnan(panel.values[0, 3])
    assert not panel.unused_days


def test_a_column_of_missing_days_that_nobody_named_is_noticed(tmp_path):
    path = written(tmp_path, "2024-04,a,control,90,3", header="date,series,role,value,Zero_Days")
    assert read_panel(path).unused_days == "Zero_Days"


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (["2024-01,a,control,1", "2024-01,a,control,2"], "one row"),
        (["2024-01,a,control,1", "2024-02,a,sensitive,2"], "same in all rows of a series"),
        (["2024-01,a,treated,1"], "one of sensitive, control, negative_control"),
        (["2024-01,a,control,-1"], "at least 0"),
        (["2024-01,a,control,many"], "finite number"),
        ([",a,control,1"], "of which period"),
        (["2024-01,a,control,1", "2024-02-03,a,control,1"], "one unit"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path, rows, found):
    with pytest.raises(DataError, match=found):
        read_panel(written(tmp_path, *rows))


@pytest.mark.parametrize("days", ["-1", "32"])
def test_more_missing_days_than_the_month_has_are_refused(tmp_path, days):
    path = written(tmp_path, f"2024-01,a,control,1,{days}", header="date,series,role,value,gone")
    with pytest.raises(DataError, match="between 0 and the days"):
        read_panel(path, missing_days="gone")


def test_a_denominator_of_0_is_refused(tmp_path):
    path = written(tmp_path, "2024-01,a,control,1,0", header="date,series,role,value,denominator")
    with pytest.raises(DataError, match="denominators above 0"):
        read_panel(path)


def test_a_series_that_is_a_person_is_refused(tmp_path):
    with pytest.raises(PersonalDataRefusal):
        read_panel(written(tmp_path, "2024-01,DNI 24.123.456,control,1"))
