"""Times as people write them: each way, from a file written here, to what it means."""

from contextlib import closing

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from veedor.errors import DataError, StudyError
from veedor.files.json_file import plain
from veedor.incidents import Category, Columns, Source, assess, propose, read
from veedor.tables.clocks import LocalClock
from veedor.tables.database import Database, table
from veedor.tables.files import opened
from veedor.tables.time_columns import read_times, time_sql, time_style
from veedor.tables.written import DAY_ONLY, INSTANT, MONTH_ONLY, UTC, plain_time

ROBBERY = (Category("robbery", "reported", ("ROBO",)),)


def got(folder, header, rows, time_zone="America/Toronto", **settings):
    """Read rows of a CSV whose columns are roles, or what `columns` says."""
    roles = settings.pop("columns", {name: name for name in header.split(";")})
    path = folder / "a.csv"
    lines = [f"{header};kind", *(f"{row};ROBO" for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    source = Source(
        (str(path),),
        Columns(category="kind", **roles),
        ROBBERY,
        time_zone,
        "EPSG:32617",
        **settings,
    )
    return read(source)


def spans(reading):
    clock = LocalClock(reading.source.time_zone)
    start, end = (
        clock.to_local(edge.astype(np.int64)).view("datetime64[us]").astype("datetime64[m]")
        for edge in (reading.incidents.start, reading.incidents.end)
    )
    return [f"{a} {b}" for a, b in zip(start.astype(str), end.astype(str), strict=True)]


@pytest.mark.parametrize(
    ("written", "meant", "kind"),
    [
        ("2023-01-03 03:42:00 UTC", "2023-01-03T03:42", UTC),
        ("2023-01-03T03:42:00 GMT", "2023-01-03T03:42", UTC),
        ("2023-01-03T03:42Z", "2023-01-03T03:42", UTC),
        ("2023/01/03 05:00:00+00", "2023-01-03T05:00", UTC),
        ("2023-01-03 05:00:00 -0300", "2023-01-03T08:00", UTC),
        ("2023-01-03T05:00:00.1234567+05:30", "2023-01-02T23:30:00.123456", UTC),
        ("Tue Jan 03 2023 05:45:00 GMT-0500 (EST)", "2023-01-03T10:45", UTC),
        ("Tue, 03 Jan 2023 05:45:00 GMT", "2023-01-03T05:45", UTC),
        ("Tue Jan  3 05:45:00 2023", "2023-01-03T05:45", INSTANT),
        ("03-ENE-2023", "2023-01-03", DAY_ONLY),
        ("3 de enero de 2023", "2023-01-03", DAY_ONLY),
        ("3 de Enero del 2023 a las 5:45 p. m.", "2023-01-03T17:45", INSTANT),
        ("martes, 3 de abril de 2023", "2023-04-03", DAY_ONLY),
        ("terça-feira, 3 de março de 2023", "2023-03-03", DAY_ONLY),
        ("1er février 2023 5h45", "2023-02-01T05:45", INSTANT),
        ("3 août 2023", "2023-08-03", DAY_ONLY),
        ("18-ago.-23", "2023-08-18", DAY_ONLY),
        ("12 dez 2022", "2022-12-12", DAY_ONLY),
        ("5 set. 2022", "2022-09-05", DAY_ONLY),
        ("Tuesday, January 3, 2023 3:42 AM", "2023-01-03T03:42", INSTANT),
        ("July 4th, 2023", "2023-07-04", DAY_ONLY),
        ("2023-Jan-03", "2023-01-03", DAY_ONLY),
        ("13/01/2023 05:45:00 a. m.", "2023-01-13T05:45", INSTANT),
        (
            "13/01/2023 05:45:00\N{NO-BREAK SPACE}p.\N{NO-BREAK SPACE}m.",
            "2023-01-13T17:45",
            INSTANT,
        ),
        ("13/01/2023 05:45\N{NARROW NO-BREAK SPACE}PM", "2023-01-13T17:45", INSTANT),
        ("13/01/2023, 12:05 a.m.", "2023-01-13T00:05", INSTANT),
        ("13.01.2023 22.30", "2023-01-13T22:30", INSTANT),
        ("2023.01.03", "2023-01-03", DAY_ONLY),
        ("2023:01:03 05:45:00", "2023-01-03T05:45", INSTANT),
        ("2023-01-03 24:00:00", "2023-01-04", INSTANT),
        ("20230103T054500Z", "2023-01-03T05:45", UTC),
        ("202301030545", "2023-01-03T05:45", INSTANT),
        ("1672638300", "2023-01-02T05:45", UTC),
        ("1672638300000", "2023-01-02T05:45", UTC),
        ("1.6726383E12", "2023-01-02T05:45", UTC),
        ("1672638300000000", "2023-01-02T05:45", UTC),
        ("44928.239583", "2023-01-02T05:45", INSTANT),
        ("44928,2396", "2023-01-02T05:45", INSTANT),
        ("44928", "2023-01-02", DAY_ONLY),
        ("2023-01", "2023-01-01", MONTH_ONLY),
        ("01/2023", "2023-01-01", MONTH_ONLY),
        ("ene-23", "2023-01-01", MONTH_ONLY),
        ("enero de 2023", "2023-01-01", MONTH_ONLY),
        ("202301", "2023-01-01", MONTH_ONLY),
    ],
)
def test_ways_of_writing_a_time(written, meant, kind):
    micros, kinds = read_times([written], "here")
    assert micros.view("datetime64[us]")[0] == np.datetime64(meant, "us")
    assert kinds[0] == kind


@pytest.mark.parametrize(
    "written",
    [
        "2023-02-30",
        "2023-01-03 24:01",
        "2023-01-03 13:60",
        "soon",
        "2023010305",
        "2023-01-03 5 EST",
    ],
)
def test_what_is_no_time_is_not_read(written):
    with pytest.raises(Exception, match=r"readable"):
        read_times([written], "here")


def test_plain_form_is_stable():
    for text in (
        "3 de enero de 2023 5:45 p. m.",
        "Tue, 03 Jan 2023 05:45:00 GMT",
        "1ER FÉVRIER 2023",
    ):
        assert plain_time(plain_time(text)) == plain_time(text)


def test_a_short_year_is_judged_by_the_column():
    last, _ = read_times(["25/03/22", "26/03/22", "02/04/22"], "here")
    assert last.view("datetime64[us]")[0] == np.datetime64("2022-03-25")
    first, _ = read_times(["22/03/25", "22/03/26", "22/04/02", "23/04/13"], "here")
    assert first.view("datetime64[us]")[0] == np.datetime64("2022-03-25")
    with pytest.raises(DataError, match=r"25/03/22.*write dates as 2023-01-31"):
        read_times(["25/03/22"], "here")
    with pytest.raises(StudyError, match='"%Y%m" for year and month'):
        read_times(["201103", "201112"], "here")


def test_a_short_year_that_may_be_first_or_last_is_refused_with_the_settings(tmp_path):
    with pytest.raises(StudyError, match=r'25/03/22.*"%d/%m/%y".*"%y/%m/%d"'):
        got(tmp_path, "time", ["25/03/22"])
    for form, meant in (("%y/%m/%d", "2025-03-22"), ("%d/%m/%y", "2022-03-25")):
        reading = got(tmp_path, "time", ["25/03/22"], time_format=form)
        assert spans(reading)[0].startswith(meant)


def test_a_few_short_years_among_long_ones_are_no_first_century(tmp_path):
    reading = got(tmp_path, "time", ["25/03/2022"] * 9 + ["26/03/22"])
    assert spans(reading)[-1] == "2022-03-26T00:00 2022-03-27T00:00"


def test_a_month_alone_is_that_month(tmp_path):
    reading = got(tmp_path, "time;reported_at", ["2023-01;2023-02", "2023-12;"])
    assert spans(reading) == [
        "2023-01-01T00:00 2023-02-01T00:00",
        "2023-12-01T00:00 2024-01-01T00:00",
    ]
    report = plain(assess(reading))
    assert report["times"]["whole_months"] == 2
    assert report["reporting"]["before_start"] == 0


def test_a_day_in_utc_beside_an_hour_is_the_local_day(tmp_path):
    rows = ["2023-01-03T05:00:00Z;3", "2023-01-03T05:00:00Z;22", "2023/07/04 04:00:00+00;3"]
    reading = got(tmp_path, "date;hour_band", rows)
    assert spans(reading) == [
        "2023-01-03T03:00 2023-01-03T04:00",
        "2023-01-03T22:00 2023-01-03T23:00",
        "2023-07-04T03:00 2023-07-04T04:00",
    ]
    assert plain(assess(reading))["times"]["with_offset"] == 3
    rows = ["2023-01-02T23:00:00Z;03:15", "2023-01-03;03:15", "2023-07-03T22:00:00Z;03:15"]
    reading = got(tmp_path, "date;clock", rows, "Europe/Madrid")
    assert [span.split()[0] for span in spans(reading)] == [
        "2023-01-03T03:15",
        "2023-01-03T03:15",
        "2023-07-04T03:15",
    ]


def test_a_day_at_midnight_utc_is_the_day_as_written(tmp_path):
    reading = got(tmp_path, "date;clock", ["2023-01-03 00:00:00+00;03:15"] * 3)
    assert spans(reading)[0] == "2023-01-03T03:15 2023-01-03T03:15"
    assert plain(assess(reading))["times"]["days_as_written"] == ["a.csv"]


def hourly(written):
    return [
        f"2023-01-{day:02} {(3 * day + written) % 24:02}:15:00+00;{3 * day % 24}"
        for day in range(2, 12)
    ]


def test_an_hour_that_contradicts_an_offset_is_an_error_with_the_way_out(tmp_path):
    time = {"time": "time"}
    with pytest.raises(StudyError, match=r'hour 6 in column \'HOUR\'.*offset = "ignore"'):
        got(tmp_path, "time;HOUR", hourly(0), columns=time)
    kept = got(tmp_path, "time;HOUR", hourly(0), columns=time, offset="ignore")
    assert spans(kept)[0] == "2023-01-02T06:15 2023-01-02T06:15"
    assert plain(assess(kept))["times"]["with_offset"] == 0
    moved = got(tmp_path, "time;HOUR", hourly(0), columns=time, offset="convert")
    assert spans(moved)[0] == "2023-01-02T01:15 2023-01-02T01:15"
    clocks = [f"{row.partition(';')[0]};{row[11:16]}" for row in hourly(0)]
    with pytest.raises(StudyError, match=r"hour 6 in column 'dispatch_time'"):
        got(tmp_path, "time;dispatch_time", clocks, columns=time)
    right = got(tmp_path, "time;HOUR", hourly(5), columns=time)
    assert spans(right)[0] == "2023-01-02T06:15 2023-01-02T06:15"


def test_times_that_are_all_midnight_are_days(tmp_path):
    days = [f"2023-01-{day:02}T05:00:00Z;2023-01-{day:02} 00:00:00" for day in range(2, 30)]
    reading = got(tmp_path, "time;reported_at", days)
    assert spans(reading)[0] == "2023-01-02T00:00 2023-01-03T00:00"
    report = plain(assess(reading))
    assert report["reporting"]["before_start"] == 0
    assert report["times"]["days_at_midnight"] == ["time", "reported_at"]


@pytest.mark.parametrize(
    "day", ["2023 Jan {:02} 12:00:00 AM", "{}-ene-2023 0:00", "{:02}-JAN-23 12.00.00.000000 AM"]
)
def test_midnights_are_days_however_the_day_is_written(tmp_path, day):
    reading = got(tmp_path, "start", [day.format(number) for number in range(2, 30)])
    assert spans(reading)[0] == "2023-01-02T00:00 2023-01-03T00:00"


@pytest.mark.parametrize(
    ("clocks", "meant"),
    [
        (["5", "30", "1830", "0"], ["00:05 00:05", "00:30 00:30", "18:30 18:30", "00:00 00:00"]),
        (["5", "18", "0"], ["05:00 06:00", "18:00 19:00", "00:00 01:00"]),
        (["1830.0", "5.0"], ["18:30 18:30", "00:05 00:05"]),
        (["500", "93000", "183015"], ["00:05 00:05", "09:30 09:30", "18:30 18:30"]),
        (["12/30/1899 6:30:00 PM", "12/30/1899"], ["18:30 18:30", "00:00 00:00"]),
        (["1899-12-30 18:30:00"], ["18:30 18:30"]),
        (["0.770833", "0"], ["18:30 18:30", "00:00 00:00"]),
        (["6:30 p.\N{NO-BREAK SPACE}m.", "06:30:15.123"], ["18:30 18:30", "06:30 06:30"]),
    ],
)
def test_clock_times_are_judged_with_their_column(tmp_path, clocks, meant):
    reading = got(tmp_path, "date;clock", [f"2023-01-03;{clock}" for clock in clocks])
    found = [
        " ".join(edge.partition("T")[2] for edge in span.split(" ")) for span in spans(reading)
    ]
    assert found == meant


@pytest.mark.parametrize("clocks", [["5", "30"], ["15", "45", "59"], list(map(str, range(1, 25)))])
def test_numbers_that_may_be_hours_or_minutes_are_refused(tmp_path, clocks):
    rows = [f"2023-01-03;{clock}" for clock in clocks]
    with pytest.raises(StudyError, match=r"numbers in a column of clock times.*clock_format"):
        got(tmp_path, "date;clock", rows)
    if "24" not in clocks:
        reading = got(tmp_path, "date;clock", rows, clock_format="hhmm")
        assert spans(reading)[0].split()[0] == f"2023-01-03T00:{int(clocks[0]):02}"


def test_words_for_parts_of_the_day(tmp_path):
    rows = ["2023-01-03;jour", "2023-01-03;Soir", "2023-01-03;nuit", "2023-01-03;mañana"]
    with pytest.raises(StudyError, match=r"'Soir'.*day_parts"):
        got(tmp_path, "date;hour_band", rows)
    parts = (("jour", "8-16"), ("soir", "16-24"), ("nuit", "0-8"), ("Manana", "6-12"))
    reading = got(tmp_path, "date;hour_band", rows, day_parts=parts)
    assert spans(reading) == [
        "2023-01-03T08:00 2023-01-03T16:00",
        "2023-01-03T16:00 2023-01-04T00:00",
        "2023-01-03T00:00 2023-01-03T08:00",
        "2023-01-03T06:00 2023-01-03T12:00",
    ]
    with pytest.raises(StudyError, match="band of hours"):
        got(tmp_path, "date;hour_band", rows, day_parts=(("jour", "morning"),))


def test_a_day_in_several_columns(tmp_path):
    rows = ["2023;January;3;22", "2023.0;2.0;28.0;5.0", "23;ene;13;", "2023;5;;"]
    reading = got(tmp_path, "year;month;day;hour", rows)
    assert spans(reading) == [
        "2023-01-03T22:00 2023-01-03T23:00",
        "2023-02-28T05:00 2023-02-28T06:00",
        "2023-01-13T00:00 2023-01-14T00:00",
        "2023-05-01T00:00 2023-06-01T00:00",
    ]
    assert reading.tally.dropped == {"a.csv": []}
    reading = got(tmp_path, "date;hour;minute", ["2023-01-03;22;5", "2023-01-03;22;"])
    assert spans(reading) == [
        "2023-01-03T22:05 2023-01-03T22:05",
        "2023-01-03T22:00 2023-01-03T23:00",
    ]
    with pytest.raises(StudyError, match="`minute` must come with `hour`"):
        Columns(date="a", minute="b")


def test_a_column_of_times_that_is_partly_unreadable_stops(tmp_path):
    rows = [f"2023-01-{day:02}" for day in range(1, 31)] * 10
    reading = got(tmp_path, "time", [*rows, "soon", "later"])
    assert dict(reading.tally.set_aside) == {"unreadable time": 2}
    assert plain(assess(reading))["times"]["unreadable"] == {"time": ["soon", "later"]}
    odd = [f"semana {n}" for n in range(8)]
    with pytest.raises(StudyError, match=r"8 of 308.*'semana 0'.*time_format"):
        got(tmp_path, "time", [*rows, *odd])
    with pytest.raises(StudyError, match=r"8 of 308.*column 'reported_at'.*time_format"):
        got(
            tmp_path,
            "time;reported_at",
            [f"{row};{row}" for row in rows] + [f"2023-01-01;{o}" for o in odd],
        )


def test_typed_columns_of_numbers_are_read_as_written(tmp_path):
    path = tmp_path / "a.parquet"
    table = pa.table({"when": [1672638300000, None], "kind": ["ROBO", "ROBO"]})
    pq.write_table(table, path)
    columns = Columns(time="when", category="kind")
    source = Source((str(path),), columns, ROBBERY, "America/Toronto", "EPSG:32617")
    reading = read(source)
    assert reading.incidents.start.tolist() == [np.datetime64("2023-01-02T05:45").item()]
    assert dict(reading.tally.set_aside) == {"no time": 1}


def test_a_time_format_with_a_zone_is_honoured(tmp_path):
    for written, form in (
        ("2023-01-03 03:42:00 UTC", "%Y-%m-%d %H:%M:%S %Z"),
        ("03/04/2023 03:42 -0500", "%d/%m/%Y %H:%M %z"),
    ):
        reading = got(tmp_path, "time", [written], time_format=form)
        assert plain(assess(reading))["times"]["with_offset"] == 1
    assert reading.incidents.start[0] == np.datetime64("2023-04-03T08:42")
    with pytest.raises(StudyError, match="strptime format"):
        got(tmp_path, "time", ["2023-01-03"], time_format="%Q")
    with pytest.raises(StudyError, match="day or a month"):
        got(tmp_path, "time", ["2023"], time_format="%Y")


def proposed(folder, text):
    path = folder / "a.csv"
    path.write_text(text, encoding="utf-8")
    return propose([str(path)])


def roles(proposal):
    return {column.role: column.column for column in proposal.columns}


def test_init_keeps_a_day_in_utc_with_its_hour(tmp_path):
    rows = "".join(f"2023/01/{day:02} 05:00:00+00,{day},ROBO,43.7,-79.4\n" for day in range(2, 22))
    found = proposed(tmp_path, "OCC_DATE,OCC_HOUR,tipo,lat,lon\n" + rows)
    assert roles(found)["date"] == "OCC_DATE"
    assert roles(found)["hour_band"] == "OCC_HOUR"
    assert found.offset is None


def test_init_proposes_to_ignore_an_offset_that_an_hour_contradicts(tmp_path):
    rows = "".join(f"{row.replace(';', ',')},ROBO,43.7,-79.4\n" for row in hourly(0))
    found = proposed(tmp_path, "OCCURRED_ON_DATE,HOUR,tipo,lat,lon\n" + rows)
    assert roles(found)["time"] == "OCCURRED_ON_DATE"
    assert found.offset == "ignore"
    assert any("offset that is not theirs" in note for note in found.notes)


def test_init_proposes_hours_for_parts_of_the_day_and_days_in_columns(tmp_path):
    text = "".join(
        f"2023,{day % 12 + 1},{day},{'jour' if day % 2 else 'nuit'},ROBO,45.5,-73.6\n"
        for day in range(1, 25)
    )
    found = proposed(tmp_path, "annee,mois,jour,QUART,tipo,lat,lon\n" + text)
    assert found.day_parts == (("jour", "8-16"), ("nuit", "0-8"))
    assert {role: roles(found).get(role) for role in ("year", "month", "day", "hour_band")} == {
        "year": "annee",
        "month": "mois",
        "day": "jour",
        "hour_band": "QUART",
    }


def test_days_that_stand_for_no_date_and_years_far_from_all_others_are_said(tmp_path):
    rows = [f"2023-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 29)]
    reading = got(tmp_path, "time", [*rows, "1900-01-01", "2099-12-31 00:00", "2077-01-03"])
    assert dict(reading.tally.set_aside) == {
        "day that stands for no date (1900-01-01 or 2099-12-31)": 2
    }
    assert plain(assess(reading))["times"]["far_years"] == [{"year": "2077", "count": 1}]


def test_a_column_of_any_table(tmp_path):
    path = tmp_path / "a.csv"
    days = ("25/03/22", "26/03/22", "3 de abril de 2022", "2022-04", "soon", "04/04/2022 23:30Z")
    path.write_text("\n".join(("day", *days)), encoding="utf-8")
    file = next(iter(opened(path, tmp_path)))
    with closing(Database(tmp_path)) as database:
        one = table(database, file)
        sql = time_sql(one, "day", time_style(database, one, "day"))
        found = database.rows(
            f"SELECT strftime(make_timestamp(m.t), '%Y-%m-%d'), m.k FROM (SELECT {sql} AS m "
            f"FROM {one.relation})"
        )
    assert found == [
        ("2022-03-25", DAY_ONLY),
        ("2022-03-26", DAY_ONLY),
        ("2022-04-03", DAY_ONLY),
        ("2022-04-01", MONTH_ONLY),
        (None, None),
        ("2022-04-04", UTC),
    ]
