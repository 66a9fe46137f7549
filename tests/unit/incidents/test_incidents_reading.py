"""Each format and each quirk, from a file written here to incidents that can be checked by hand."""

import gzip
import json
import zipfile
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from veedor.errors import ConflictingRowsError, DataError, StudyError, UnreadableError
from veedor.files.json_file import plain
from veedor.incidents import Category, Columns, Source, assess, propose, read

ROBBERY = (Category("robbery", "reported", ("ROBO",)),)
PLAIN = (
    "id,when,kind,lat,lon\n1,2022-01-31 23:30,ROBO,41.8,-87.6\n2,2022-07-01T10:00,robo,41.9,-87.7\n"
)
COLUMNS = Columns(id="id", time="when", category="kind", latitude="lat", longitude="lon")


def write(folder, text, name="a.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def source(path, columns=COLUMNS, **settings):
    settings = {
        "categories": ROBBERY,
        "time_zone": "America/Chicago",
        "crs": "EPSG:32616",
    } | settings
    return Source((str(path),), columns, **settings)


def got(folder, text, columns=COLUMNS, name="a.csv", encoding="utf-8", **settings):
    return read(source(write(folder, text, name, encoding), columns, **settings))


def utc(*texts):
    return np.array(texts, dtype="datetime64[us]")


def aside(reading):
    return dict(reading.tally.set_aside)


def test_plain_csv(tmp_path):
    reading = got(tmp_path, PLAIN)
    incidents = reading.incidents
    assert incidents.id.tolist() == [1, 2]
    assert np.array_equal(incidents.start, utc("2022-02-01T05:30", "2022-07-01T15:00"))
    assert np.array_equal(incidents.start, incidents.end)
    assert incidents.x_m[0] == pytest.approx(450_154.0, abs=0.5)
    assert reading.tally.rows_in == 2
    assert not incidents.start.flags.writeable


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_dialects(tmp_path, delimiter, encoding):
    text = PLAIN.replace("ROBO", "Daño").replace("robo", "DAÑO").replace(",", delimiter)
    reading = got(tmp_path, text, encoding=encoding, categories=(Category("Daño", "reported"),))
    assert len(reading.incidents) == 2
    assert reading.incidents.provenance.tables[0].delimiter == delimiter


def test_decimal_comma(tmp_path):
    text = "id;when;kind;lat;lon\n1;2022-01-31 23:30;ROBO;41,8;-87,6\n"
    assert got(tmp_path, text).incidents.x_m[0] == pytest.approx(450_154.0, abs=0.5)


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "America/Chicago"])
def test_times_of_parquet_are_read_whatever_their_unit_and_zone(tmp_path, unit, zone):
    local = datetime(2022, 7, 1, 23, 30, tzinfo=ZoneInfo("America/Chicago"))
    when = local.replace(tzinfo=None) if zone is None else local.astimezone(ZoneInfo(zone))
    table = pa.table(
        {
            "id": [1],
            "when": pa.array([when], pa.timestamp(unit, zone)),
            "kind": pa.array(["ROBO"]).dictionary_encode(),
            "lat": pa.array([Decimal("41.8")], pa.decimal128(12, 7)),
            "lon": [-87.6],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet", version="2.6")
    read_here = read(source(tmp_path / "a.parquet")).incidents
    assert read_here.start.tolist() == [datetime(2022, 7, 2, 4, 30)]


def test_gz_zip_parquet_and_geojson_hold_the_same(tmp_path):
    plain = got(tmp_path, PLAIN).incidents
    packed = tmp_path / "b.csv.gz"
    packed.write_bytes(gzip.compress(PLAIN.encode()))
    archive = tmp_path / "c.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("inner/c.csv", PLAIN)
        file.writestr("readme.md", "words")
    table = pa.table(
        {
            "id": [1, 2],
            "when": [datetime(2022, 1, 31, 23, 30), datetime(2022, 7, 1, 10)],
            "kind": ["ROBO", "robo"],
            "lat": [41.8, 41.9],
            "lon": [-87.6, -87.7],
        }
    )
    pq.write_table(table, tmp_path / "d.parquet")
    features = [
        {
            "type": "Feature",
            "properties": {
                "id": row["id"],
                "when": row["when"].isoformat(),
                "kind": row["kind"],
                "extra": {},
            },
            "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
        }
        for row in table.to_pylist()
    ]
    (tmp_path / "e.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features})
    )
    (tmp_path / "f.ndjson").write_text("\n".join(map(json.dumps, features)))
    unplaced = Columns(id="id", time="when", category="kind")
    for name in ("b.csv.gz", "c.zip", "d.parquet", "e.geojson", "f.ndjson"):
        columns = unplaced if "json" in name else COLUMNS
        incidents = read(source(tmp_path / name, columns)).incidents
        for column in ("id", "start", "end", "category", "x_m", "y_m"):
            assert np.array_equal(getattr(incidents, column), getattr(plain, column)), (
                name,
                column,
            )


def test_folder_with_columns_in_another_order(tmp_path):
    write(tmp_path, PLAIN, "a.csv")
    write(tmp_path, "kind,lon,lat,when,id,extra\nROBO,-87.6,41.8,2022-03-01,3,x\n", "b.csv")
    reading = read(source(tmp_path))
    assert reading.incidents.id.tolist() == [1, 2, 3]
    assert reading.tally.dropped == {"a.csv": [], "b.csv": ["extra"]}


def test_a_name_with_glob_characters(tmp_path):
    assert len(got(tmp_path, PLAIN, name="a[1]*.csv").incidents) == 2


def test_a_date_is_its_whole_local_day_also_when_the_clock_changes(tmp_path):
    text = PLAIN.replace("2022-01-31 23:30", "2022-03-13")
    incidents = got(tmp_path, text).incidents
    assert incidents.end[0] - incidents.start[0] == np.timedelta64(23, "h")


def test_clock_changes_are_counted(tmp_path):
    text = PLAIN.replace("2022-01-31 23:30", "2022-03-13 02:30").replace(
        "2022-07-01T10:00", "2022-11-06 01:30"
    )
    reading = got(tmp_path, text)
    assert np.array_equal(reading.incidents.start, utc("2022-03-13T08:30", "2022-11-06T06:30"))
    assert (reading.tally.nonexistent_times, reading.tally.ambiguous_times) == (1, 1)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2022-01-31T10:00:00Z", "2022-01-31T10:00"),
        ("2022-01-31 10:00:00+03:00", "2022-01-31T07:00"),
        ("2022-01-31T10:00:00.5-0300", "2022-01-31T13:00:00.5"),
        ("01/31/2022 10:00:00 PM", "2022-02-01T04:00"),
        ("31/01/2022 22:00", "2022-02-01T04:00"),
        ("31.01.2022 22:00", "2022-02-01T04:00"),
        ("2022/01/31 22:00:00", "2022-02-01T04:00"),
        ("20220131220000", "2022-02-01T04:00"),
        ("31-Jan-2022 22:00", "2022-02-01T04:00"),
        ("2022-01-31 10:00 PM", "2022-02-01T04:00"),
        (" 2022-01-31 22:00 ", "2022-02-01T04:00"),
    ],
)
def test_time_formats(tmp_path, written, meant):
    incidents = got(tmp_path, PLAIN.replace("2022-01-31 23:30", written)).incidents
    assert incidents.start[0] == np.datetime64(meant, "us")
    assert incidents.end[0] == incidents.start[0]


def test_order_of_day_and_month_is_never_guessed(tmp_path):
    text = "id,when,kind,lat,lon\n1,03/04/2022,ROBO,41.8,-87.6\n2,05/06/2022,ROBO,41.8,-87.6\n"
    with pytest.raises(
        StudyError, match=r"order of day and month.*Found:.*Where: column 'when'.*time_format"
    ):
        got(tmp_path, text)
    reading = got(tmp_path, text, time_format="%d/%m/%Y")
    assert reading.incidents.start[0] == np.datetime64("2022-04-03T05:00", "us")
    many = text + "".join(f"{row},03/04/2022,ROBO,41.8,-87.6\n" for row in range(3, 30_000))
    late = got(tmp_path, many + "30000,25/04/2022,ROBO,41.8,-87.6\n")
    assert late.incidents.start[0] == np.datetime64("2022-04-03T05:00", "us")
    with pytest.raises(StudyError, match="one order"):
        got(tmp_path, text + "3,13/01/2022,ROBO,,\n4,01/13/2022,ROBO,,\n")


def test_hour_bands_clocks_and_intervals(tmp_path):
    text = (
        "day,band,clock,kind\n2022-01-31,18-20,6:30 PM,ROBO\n"
        "2022-01-31,22 a 2,1830,ROBO\n2022-01-31,,,ROBO\n"
    )
    bands = got(tmp_path, text, Columns(date="day", hour_band="band", category="kind")).incidents
    assert np.array_equal(
        bands.start, utc("2022-02-01T00:00", "2022-02-01T04:00", "2022-01-31T06:00")
    )
    assert np.array_equal(
        bands.end, utc("2022-02-01T02:00", "2022-02-01T08:00", "2022-02-01T06:00")
    )
    clocks = got(tmp_path, text, Columns(date="day", clock="clock", category="kind")).incidents
    assert np.array_equal(
        clocks.end, utc("2022-02-01T00:30", "2022-02-01T00:30", "2022-02-01T06:00")
    )
    text = (
        "a,b,kind\n2022-01-31 20:00,2022-02-01 08:00,ROBO\n2022-01-31 20:00,,ROBO\n"
        "2022-01-31 20:00,2022-01-30,ROBO\n"
    )
    reading = got(tmp_path, text, Columns(start="a", end="b", category="kind"))
    assert (reading.incidents.end - reading.incidents.start).astype("timedelta64[h]").astype(
        int
    ).tolist() == [12, 0]
    assert aside(reading) == {"interval ends before it starts": 1}


def test_every_reason_to_set_a_row_aside(tmp_path):
    text = PLAIN + (
        "3,,ROBO,1,1\n4,soon,ROBO,1,1\n5,1850-01-01,ROBO,1,1\n6,2022-01-01,HURTO,1,1\n"
        "7,2022-01-01,,1,1\n,2022-01-01,ROBO,1,1\n1,2022-01-31 23:30,ROBO,41.8,-87.6\n"
        "9,2022\n10,2022-01-01,ROBO,1,1,1,1\n"
        f"{'x' * 200},2022-01-01,ROBO,1,1\n"
    )
    reading = got(tmp_path, text)
    assert aside(reading) == {
        "no time": 1,
        "unreadable time": 1,
        "date before 1900 or after 2100": 1,
        "category not in the study": 1,
        "no category": 1,
        "no id": 1,
        "id longer than 128 bytes or with control characters": 1,
        "exact duplicate row of the same id": 1,
        "malformed row: too few columns": 1,
        "malformed row: too many columns": 1,
    }
    report = plain(assess(reading))
    assert report["rows"]["in"] == 12
    assert report["rows"]["reconciled"]
    first = {entry["reason"]: entry["first_rows"] for entry in report["rows"]["set_aside"]}
    assert first["no time"] == ["a.csv, row 3"]
    assert first["malformed row: too few columns"] == ["a.csv, row 10"]
    assert first["id longer than 128 bytes or with control characters"] == ["a.csv, row 12"]
    assert report["other_values"] == {"rows": 1, "values": [{"value": "HURTO", "count": 1}]}
    json.dumps(report, allow_nan=False)


def test_incidents_without_a_place_are_kept_and_counted(tmp_path):
    places = ["0,0", ",", "x,1", "95,1", "-87.6,41.8", "10,10", "41.85,-87.65"]
    text = "id,when,kind,lat,lon\n" + "".join(
        f"{n},2022-01-01,ROBO,{place}\n" for n, place in enumerate(places)
    )
    reading = got(tmp_path, text)
    assert np.isfinite(reading.incidents.x_m).sum() == 1
    assert dict(reading.tally.unlocated) == {
        "coordinates are (0, 0)": 1,
        "no coordinates": 1,
        "coordinates not numbers": 1,
        "latitude or longitude out of range": 1,
        "far from the area of use of the crs": 2,
    }
    assert reading.tally.swapped_suspected == 1


def test_projected_coordinates(tmp_path):
    text = "when,e,n\n2022-01-01,1176000,1900000\n"
    columns = Columns(time="when", x="e", y="n")
    incidents = got(tmp_path, text, columns, input_crs="EPSG:3435").incidents
    degrees = got(
        tmp_path,
        "when,lat,lon\n2022-01-01,41.881,-87.627\n",
        Columns(time="when", latitude="lat", longitude="lon"),
    ).incidents
    assert np.hypot(incidents.x_m - degrees.x_m, incidents.y_m - degrees.y_m)[0] < 500


def test_conflicting_rows_name_both_and_no_value(tmp_path):
    with pytest.raises(ConflictingRowsError) as caught:
        got(tmp_path, PLAIN + "2,2022-07-01T11:00,ROBO,41.9,-87.7\n")
    assert "a.csv, row 2 and a.csv, row 3" in str(caught.value)
    assert "start, end" in str(caught.value)
    assert "41.9" not in str(caught.value)


def test_ids_stay_as_written(tmp_path):
    assert got(tmp_path, PLAIN.replace("2,2022-07", "0002,2022-07")).incidents.id.tolist() == [
        b"1",
        b"0002",
    ]
    assert got(tmp_path, PLAIN, Columns(time="when", category="kind")).incidents.id.tolist() == [
        0,
        1,
    ]


def test_reporting_delay(tmp_path):
    text = (
        "when,rep,kind\n2022-01-01 10:00,2022-01-03 10:00,ROBO\n"
        "2022-01-02 10:00,2022-01-01 10:00,ROBO\n2022-01-02 10:00,?,ROBO\n2022-01-02 10:00,,ROBO\n"
    )
    report = plain(
        assess(got(tmp_path, text, Columns(time="when", reported_at="rep", category="kind")))
    )
    assert report["reporting"]["known"] == {"share": 0.5, "numerator": 2, "denominator": 4}
    assert (report["reporting"]["unreadable"], report["reporting"]["before_start"]) == (1, 1)
    assert report["reporting"]["delay_days"]["quantiles"]["0.5"] == -1.0
    assert report["reporting"]["delay_days"]["quantiles"]["0.99"] == 2.0


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "empty file"),
        ("a.csv", b"id,when,kind,lat,lon\n", "header only"),
        ("a.csv", b"id,id,kind\n1,2,3\n", "more than once"),
        ("a.csv", b"id,when\n\0\0\0\0,1\n", "NUL bytes"),
        ("a.csv", b"id,date,kind,lat,lon\n1,2022-01-01,ROBO,1,1\n", "no column 'when'"),
        ("a.csv.gz", b"\x1f\x8bnothing", "broken"),
        ("a.zip", b"PK\x03\x04nothing", "broken"),
        ("a.parquet", b"PAR1nothing", "broken contents"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": [', "breaks off"),
        ("a.csv", b"BZh91AY&SY", "another format"),
    ],
)
def test_bad_files_are_one_clear_error(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableError, match=said) as caught:
        read(source(path))
    text = str(caught.value)
    assert "\n" not in text
    assert "Found: " in text
    assert "Where: " in text
    assert str(tmp_path) not in text


@pytest.mark.parametrize("titles", ["", "Export of 2022\n\n"])
@pytest.mark.parametrize("size", [300_000, 1_500_000])
def test_a_cell_longer_than_a_first_look_is_no_missing_row(tmp_path, size, titles):
    long = "x" * size
    text = f'{titles}id,when,kind,lat,lon,note\n1,2022-01-01 10:00,ROBO,1,1,"{long}"\n'
    incidents = got(tmp_path, text + "2,2022-01-02 10:00,ROBO,1,1,short\n").incidents
    assert incidents.id.tolist() == [1, 2]


def test_a_header_over_blank_lines_alone_holds_no_rows(tmp_path):
    with pytest.raises(UnreadableError, match="header only"):
        got(tmp_path, "id,when,kind,lat,lon\n" + "\n" * 300_000)


def test_nothing_kept_is_an_error(tmp_path):
    with pytest.raises(DataError, match="category not in the study: 2"):
        got(tmp_path, PLAIN.replace("ROBO", "HURTO").replace("robo", "HURTO"))


def test_a_bomb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("veedor.tables.files.RATIO_FREE_BYTES", 1 << 20)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(PLAIN.encode() + b"x" * (8 << 20)))
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("b.csv", PLAIN + "x" * (8 << 20))
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("c.zip", b"PK\x03\x04")
    for name, said in (
        ("a.csv.gz", "200 times"),
        ("b.zip", "200 times"),
        ("c.zip", "within an archive"),
    ):
        with pytest.raises(UnreadableError, match=said):
            read(source(tmp_path / name))


def test_no_file_stays_behind(tmp_path):
    path = write(tmp_path, PLAIN)
    workspace = tmp_path / "work"
    workspace.mkdir()
    seen = []
    reading = read(source(path), workspace=workspace, progress=seen.append)
    assert list(workspace.iterdir()) == []
    assert seen == [2]
    assert reading.incidents.id.tolist() == [1, 2]


def test_hostile_text_is_escaped(tmp_path):
    text = PLAIN + "3,2022-01-01,<b>=1+1</b>,1,1\n4,2022-01-01,=cmd|x,1,1\n"
    values = {
        entry["value"] for entry in plain(assess(got(tmp_path, text)))["other_values"]["values"]
    }
    assert values == {"‹b›=1+1‹/b›", "'=cmd|x"}


def test_rows_keep_their_order_over_many_batches(tmp_path):
    rows = "".join(
        f"{n},2022-01-01 10:{n % 60:02d},ROBO,41.{n % 1000},-87.5\n" if n != 350_000 else "x\n"
        for n in range(700_000)
    )
    reading = got(tmp_path, "id,when,kind,lat,lon\n" + rows + "A1,2022-01-01T10:00Z,ROBO,,\n")
    ids = reading.incidents.id
    assert ids[-1] == b"A1"
    assert np.all(np.diff(ids[:-1].astype(np.int64)) > 0)
    assert reading.tally.first_rows("malformed row: too few columns") == ["a.csv, row 350001"]


@pytest.mark.parametrize("ends", [("\r\n", "\n"), ("\n", "\r\n"), ("\n", "\r")])
def test_lines_may_end_in_different_ways(tmp_path, ends):
    """As where a row was appended by another program, or two exports were joined."""
    header = "id,when,kind,lat,lon"
    rows = [f"{n},2022-01-01 10:{n % 60:02d},ROBO,41.{800 + n},-87.5" for n in range(60)]
    first, second = ends
    text = first.join([header, *rows[:40]]) + first + second.join(rows[40:]) + second
    path = tmp_path / "joined.csv"
    path.write_bytes(text.encode())
    source = Source(
        (str(path),),
        Columns(id="id", time="when", category="kind", latitude="lat", longitude="lon"),
        (Category("robbery", "reported", ("ROBO",)),),
        "America/Chicago",
        "EPSG:32616",
    )
    assert read(source).incidents.id.tolist() == list(range(60))
    assert {value.value: value.count for value in propose([str(path)]).values} == {"ROBO": 60}


def test_a_quote_that_swallows_rows_is_refused_not_counted_as_one_row(tmp_path):
    rows = [f"{number},2022-01-31 23:30,ROBO,41.8,-87.6" for number in range(500)]
    rows[10] = '10,2022-01-31 23:30,"ROBO,41.8,-87.6'
    with pytest.raises(UnreadableError, match=r"Quotes must close.*a.csv, row 11"):
        got(tmp_path, "\n".join(["id,when,kind,lat,lon", *rows]) + "\n")
    # A later quote closes it, with other text behind.
    rows[20] = '20,2022-01-31 23:30,"ROBO",41.8,-87.6'
    with pytest.raises(UnreadableError, match=r"Quotes must close.*a.csv, row 11"):
        got(tmp_path, "\n".join(["id,when,kind,lat,lon", *rows]) + "\n")


def test_a_quote_that_swallows_most_of_a_long_file_is_refused(tmp_path):
    """A block of the file, and what is beyond it, once vanished as a single malformed row."""
    rows = [f"{number},2022-01-31 23:30,ROBO,41.8,-87.6" for number in range(150_000)]
    rows[10] = '10,2022-01-31 23:30,"ROBO,41.8,-87.6'
    with pytest.raises(UnreadableError, match=r"Quotes must close.*a.csv, row 11"):
        got(tmp_path, "\n".join(["id,when,kind,lat,lon", *rows]) + "\n")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_broken_quote_that_closes_in_its_line_costs_that_row_alone(end, tmp_path):
    rows = [f"{number},2022-01-31 23:30,ROBO,41.8,-87.6" for number in range(500)]
    rows[10] = '10,2022-01-31 23:30,"ROBO" con armas,41.8,-87.6'
    reading = got(tmp_path, end.join(["id,when,kind,lat,lon", *rows]) + end)
    assert aside(reading) == {"malformed row: quotes that do not close": 1}
    assert reading.tally.rows_in == 500
    # One that takes the rows behind it is refused all the same.
    rows[10] = '10,2022-01-31 23:30,"ROBO,41.8,-87.6'
    with pytest.raises(UnreadableError, match=r"Quotes must close.*a.csv, row 11"):
        got(tmp_path, end.join(["id,when,kind,lat,lon", *rows]) + end)


def test_an_open_quote_on_the_last_line_costs_that_row_alone(tmp_path):
    reading = got(tmp_path, PLAIN + '3,2022-07-01 10:00,"ROBO,41.9,-87.7\n')
    assert aside(reading) == {"malformed row: quotes that do not close": 1}
    assert reading.tally.rows_in == 3


def test_a_crs_for_all_the_earth_holds_every_place(tmp_path):
    """Its area of use is 360 degrees wide, which once became 0."""
    reading = got(tmp_path, PLAIN, crs="EPSG:3857")
    assert reading.incidents.located.all()
    assert reading.tally.swapped_suspected == 0


@pytest.mark.parametrize("inner", ["[" * 100_000, '{"a":' * 100_000, '["]",' * 100_000])
def test_a_geojson_file_nested_deep_is_refused_and_not_followed(tmp_path, inner):
    """A hundred kilobytes once filled the memory of the machine."""
    columns = Columns(id="id", time="when", category="kind")
    with pytest.raises(UnreadableError, match="nest at most"):
        got(tmp_path, '{"type":"FeatureCollection","features":[' + inner, columns, "a.geojson")
