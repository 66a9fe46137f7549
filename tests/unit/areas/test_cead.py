"""Chile: points between thousands, whole counts that lost them, what police come upon."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from veedor.areas import State, assess_areas
from veedor.areas.noticed import Notice, Noticed
from veedor.areas.reading import AreaReading, Publication, read_areas
from veedor.errors import DataError

HEADER = "comuna,cut_comuna,region,cut_region,fecha,delito,delito_n"
DAY = date(2024, 1, 15)


def rows(*counts: str, offence: str = "Hurtos", code: str = "13101") -> list[str]:
    return [
        f"Santiago,{code},Metropolitana,13,2023-{at:02d}-01,{offence},{count}"
        for at, count in enumerate(counts, start=1)
    ]


def read(folder: Path, *lines: str) -> AreaReading:
    path = folder / "cead.csv"
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return read_areas([Publication(path, DAY)])


def lost(reading: AreaReading) -> list[Noticed]:
    return [one for one in reading.noticed if one.what is Notice.THOUSANDS_LOST]


def test_points_between_thousands_are_no_decimals(tmp_path: Path) -> None:
    reading = read(tmp_path, *rows("987", "1.234", "1.100", "12.345"))
    assert reading.layout.name == "cead"
    assert reading.record.totals("hurtos").values.tolist() == [987, 1234, 1100, 12345]
    assert lost(reading) == []
    assert next(one.n for one in reading.noticed if one.what is Notice.THOUSANDS) == 3


def test_numbers_with_decimals_are_put_right_and_noticed(tmp_path: Path) -> None:
    """As a program writes 1.200 and 1.230 that it took for numbers."""
    reading = read(tmp_path, *rows("987", "1.2", "1.23", "1150", "980"))
    assert reading.record.totals("hurtos").values.tolist() == [987, 1200, 1230, 1150, 980]
    (one,) = lost(reading)
    assert (one.n, [example.text for example in one.examples]) == (2, ["1.2", "1.23"])


def test_a_copy_whose_column_is_of_numbers(tmp_path: Path) -> None:
    table = pa.table(
        {
            "comuna": ["Santiago"] * 3,
            "cut_comuna": [13101] * 3,
            "fecha": pa.array(np.array(["2023-01", "2023-02", "2023-03"], "datetime64[D]")),
            "delito": ["Hurtos"] * 3,
            "delito_n": [1.234, 987.0, 1.2],
        }
    )
    pq.write_table(table, tmp_path / "cead.parquet")
    reading = read_areas([Publication(tmp_path / "cead.parquet", DAY)])
    assert reading.record.totals("hurtos").values.tolist() == [1234, 987, 1200]
    assert [one.n for one in lost(reading)] == [2]


def test_a_whole_count_that_lost_its_thousands_is_kept_and_named(tmp_path: Path) -> None:
    """1.000 read as a number is 1: only its neighbours tell."""
    reading = read(tmp_path, *rows("1050", "1120", "1080", "1", "1190", "1010", "1130"))
    assert reading.record.totals("hurtos").values[3] == 1
    assert lost(reading) == []
    (one,) = assess_areas(reading.record).thousand_times_less
    assert (one.area, one.span, one.recorded) == ("13101", "2023-04", 1)


def test_what_is_no_count_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="whole numbers"):
        read(tmp_path, *rows("12", "1.23456", "14"))


def test_blanks_codes_regions_and_what_police_come_upon(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        *rows("5", "", "0", code="5101"),
        *rows("7", "8", "9", offence="Infracción a la ley de drogas", code="5101"),
        *rows("7", "8", "9", offence="Amenazas con armas", code="5101"),
        *rows("7", "8", "9", offence="Porte de arma cortante o punzante", code="5101"),
    )
    record = reading.record
    assert record.areas[0].code == "05101"
    assert record.levels[0].names == ("Metropolitana",)
    assert record.series("hurtos").state[:, 0].tolist() == [
        State.OBSERVED,
        State.NOT_REPORTED,
        State.REPORTED_ZERO,
    ]
    assert {one.code for one in record.offences if one.known_by == "discovered"} == {
        "infraccion-a-la-ley-de-drogas",
        "porte-de-arma-cortante-o-punzante",
    }


def test_days_are_no_periods_of_cead(tmp_path: Path) -> None:
    lines = [line.replace("-01,", f"-{at},") for at, line in enumerate(rows("5", "6", "7"), 11)]
    with pytest.raises(DataError, match="by month or by year"):
        read(tmp_path, *lines)
