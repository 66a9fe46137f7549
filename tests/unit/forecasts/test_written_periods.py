"""Periods of a forecast file as its maker wrote them: instants, local times, days."""

import datetime as dt

import pyarrow as pa
import pytest

from veedor.errors import ForecastFileError
from veedor.forecasts.written_periods import with_instants


def read(start, end, head=None, time_zone=lambda: "Europe/London"):
    table = with_instants(pa.table({"start": start, "end": end}), head or {}, "v.csv", time_zone)
    return [
        tuple(f"{at:%m-%dT%H}" for at in pair)
        for pair in zip(table["start"].to_pylist(), table["end"].to_pylist(), strict=True)
    ]


WEEKS = [("07-02T23", "07-09T23"), ("07-09T23", "07-16T23")]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (["2023-07-03", "2023-07-10"], ["2023-07-10", "2023-07-17"]),
        (["2023-07-03", "2023-07-10"], ["2023-07-09", "2023-07-16"]),
        (["03/07/2023", "10/07/2023"], ["10/07/2023", "17/07/2023"]),
        (["2023-07-03 00:00", "2023-07-10 00:00"], ["2023-07-10 00:00", "2023-07-17 00:00"]),
        (["2023-07-02T23:00:00Z", "2023-07-10T00:00+01:00"], ["2023-07-10", "2023-07-17"]),
        ([dt.date(2023, 7, 3), dt.date(2023, 7, 10)], [dt.date(2023, 7, 9), dt.date(2023, 7, 16)]),
    ],
)
def test_days_and_times_without_an_offset_are_local(start, end):
    assert read(start, end) == WEEKS


def test_a_day_that_ends_on_itself_is_that_day():
    assert read(["2023-07-03"], ["2023-07-03"]) == [("07-02T23", "07-03T23")]


def test_what_the_file_says_of_its_time_zone_goes_first():
    assert read(["2023-07-03"], ["2023-07-04"], {"time_zone": "UTC"}) == [("07-03T00", "07-04T00")]


def test_local_times_without_a_time_zone_and_what_is_no_time_are_one_clear_error():
    with pytest.raises(ForecastFileError, match=r"offset.*local times.*v\.csv.*00:00:00Z"):
        read(["2023-07-03"], ["2023-07-10"], time_zone=None)
    with pytest.raises(ForecastFileError, match=r"columns start and end must hold times.*week 1"):
        read(["week 1"], ["week 2"])
    with pytest.raises(ForecastFileError, match=r"order of day.*03/07/2023.*write dates as"):
        read(["03/07/2023"], ["10/07/2023"])
    with pytest.raises(ForecastFileError, match="months alone"):
        read(["2023-07"], ["2023-08"])
