"""Periods of observed feedback are in the order of time, however their dates are written."""

import pytest

from veedor.audits.places.feedback.observed import read_observed
from veedor.errors import DataError


def observed(folder, periods):
    path = folder / "o.csv"
    rows = "".join(f"{period},{place},1,2,0\n" for period in periods for place in "ab")
    path.write_text("period,place,reported,discovered,flagged\n" + rows, encoding="utf-8")
    return read_observed(path).period.tolist()


@pytest.mark.parametrize(
    "periods",
    [
        ["15/12/2022", "01/02/2023", "01/11/2023"],
        ["dic-22", "ene-23", "abr-23"],
        ["2", "10", "30"],
        ["before", "later", "now"],
    ],
)
def test_periods_are_in_the_order_of_time(tmp_path, periods):
    assert observed(tmp_path, periods[::-1]) == periods


def test_an_order_of_day_and_month_that_is_not_known_is_refused(tmp_path):
    with pytest.raises(DataError, match="order of day"):
        observed(tmp_path, ["03/04/2023", "05/06/2023"])
