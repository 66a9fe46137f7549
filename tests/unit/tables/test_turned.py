"""Times and places that were spoilt on their way here: refused, or put right and said."""

import json
from datetime import datetime, timedelta

import pytest

from veedor.errors import StudyError
from veedor.incidents import Category, Columns, Source, propose, read
from veedor.tables.time_columns import read_times

DAYS = [datetime(2022, 1, 1, 9, 30) + timedelta(days=3 * n, hours=5 * n) for n in range(120)]


def reading(folder, written, **settings):
    path = folder / "a.csv"
    path.write_text("\n".join(["when;kind", *(f"{one};ROBO" for one in written)]), encoding="utf-8")
    return read(
        Source(
            (str(path),),
            Columns(category="kind", time="when"),
            (Category("robbery", "reported", ("ROBO",)),),
            "America/Mexico_City",
            "EPSG:32614",
            **settings,
        )
    )


def turned(day, form):
    """Write a day as a spreadsheet of the other order leaves it."""
    if day.day > 12:
        return day.strftime("%d/%m/%Y %H:%M")
    other = day.replace(month=day.day, day=day.month)
    if form == "serial":
        return str((other - datetime(1899, 12, 30)) / timedelta(days=1))
    return other.strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize("form", ["iso", "serial"])
def test_days_that_a_spreadsheet_turned_are_refused(tmp_path, form):
    with pytest.raises(StudyError, match=r"spreadsheet.*exchanged.*column 'when' of a\.csv"):
        reading(tmp_path, [turned(day, form) for day in DAYS])


def test_days_that_a_spreadsheet_turned_are_refused_in_any_table():
    with pytest.raises(StudyError, match="spreadsheet"):
        read_times([turned(day, "iso") for day in DAYS], "a.csv")


def test_two_ways_of_writing_that_are_both_whole_are_read(tmp_path):
    forms = ("%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M:%S")
    kept = reading(tmp_path, [day.strftime(forms[n % 2]) for n, day in enumerate(DAYS)])
    assert len(kept.incidents) == len(DAYS)


def test_clock_times_that_lost_am_and_pm_are_refused_unless_the_format_is_set(tmp_path):
    written = [day.strftime("%d/%m/%Y %I:%M") for day in DAYS]
    with pytest.raises(StudyError, match=r"1 to 12 only.*time_format"):
        reading(tmp_path, written)
    assert len(reading(tmp_path, written, time_format="%d/%m/%Y %H:%M").incidents) == len(DAYS)


def test_marks_between_a_day_and_its_clock_and_halves_of_one_letter(tmp_path):
    forms = ("%d/%m/%Y - %H:%M hs.", "%d/%m/%Y | %H:%M", "%d/%m/%Y")
    written = [
        f"{day.strftime(forms[n % 3])}{'' if n % 3 < 2 else f' {day:%I:%M}{day:%p}'[:-1].lower()}"
        for n, day in enumerate(DAYS)
    ]
    kept = reading(tmp_path, written)
    assert (kept.incidents.start == kept.incidents.end).all()
    plain = reading(tmp_path, [f"{day:%Y-%m-%d %H:%M}" for day in DAYS])
    assert (kept.incidents.start == plain.incidents.start).all()


def test_an_order_that_is_open_beside_another_form_has_no_format_to_set(tmp_path):
    written = ["2022-01-31 10:00", "2022-01-30 10:00", "03/04/2022 10:00"]
    with pytest.raises(StudyError, match="one way in the file") as caught:
        reading(tmp_path, written)
    assert "time_format" not in str(caught.value)


def proposed(folder, header, row, end="\n", before=""):
    path = folder / "a.csv"
    rows = [
        row.format(
            day=day,
            lat=f"{41.8 + n / 1000:.6f}",
            lon=f"{-87.6 - n / 1000:.6f}",
            big=f"{346.0 + n / 1000:.3f}".replace(",", "."),
            bigger=f"6.29{n % 10}.{100 + n}",
            kind=("Robbery", "Burglary", "Theft")[n % 3],
            part=("De madrugada", "Por la mañana", "Por la tarde", "Por la noche")[n % 4],
        )
        for n, day in enumerate(DAYS)
    ]
    path.write_bytes((before + end.join([header, *rows, ""])).encode())
    found = propose([str(path)])
    return {column.role: column.column for column in found.columns}, found


@pytest.mark.parametrize(
    ("header", "row", "roles"),
    [
        (
            "when;kind;lat;lon",
            "{day};{kind};{lon};{lat}",
            {"latitude": "lon", "longitude": "lat", "time": "when"},
        ),
        ("when;kind;lon;lat", "{day};{kind};-97571{lat};51463{lat}", {"x": "lon", "y": "lat"}),
        ("when;kind;X;Y", "{day};{kind};{big};{bigger}", {"x": "X", "y": "Y"}),
        (
            "Date;Time Reported;kind;lat;lon",
            "{day:%Y-%m-%d};10:00;{kind};{lat};{lon}",
            {"date": "Date", "clock": None},
        ),
        (
            "crime_date;crime_time;kind;lat;lon",
            "{day:%Y-%m-%d} 00:00:00;1900-01-01 {day:%H:%M:%S};{kind};{lat};{lon}",
            {"date": "crime_date", "clock": "crime_time"},
        ),
        (
            "DATAOCORRENCIA;PERIDOOCORRENCIA;RUBRICA;lat;lon",
            "{day:%d/%m/%Y};{part};{kind};{lat};{lon}",
            {"date": "DATAOCORRENCIA", "hour_band": "PERIDOOCORRENCIA"},
        ),
    ],
)
def test_init_looks_at_what_the_values_are(tmp_path, header, row, roles):
    found, proposal = proposed(tmp_path, header, row)
    assert {role: found.get(role) for role in roles} == roles
    if "hour_band" in roles:
        assert dict(proposal.day_parts)["Por la noche"] == "18-24"
    if roles.get("latitude") == "lon":
        assert proposal.time_zone == "America/Chicago"
        assert any("exchange" in note for note in proposal.notes)


def test_init_says_that_the_clock_times_of_an_interval_are_not_read(tmp_path):
    _, proposal = proposed(
        tmp_path,
        "From Date;From Time;To Date;To Time;kind;lat;lon",
        "{day:%Y-%m-%d};{day:%H:%M};{day:%Y-%m-%d};{day:%H:%M};{kind};{lat};{lon}",
    )
    assert any("'From Time', 'To Time' are not read" in note for note in proposal.notes)


@pytest.mark.parametrize(("before", "end"), [("Title\n\n", "\r\n"), ("Title\r\n\r\n", "\n")])
def test_titles_with_other_line_ends_than_the_table_hide_no_rows(tmp_path, before, end):
    _, proposal = proposed(
        tmp_path, "when;kind;lat;lon", "{day};{kind};{lat};{lon}", end=end, before=before
    )
    assert sum(value.count for value in proposal.values) == len(DAYS)


def test_a_clock_that_contradicts_an_offset_is_found_by_usual_headers(tmp_path):
    _, proposal = proposed(
        tmp_path,
        "occurred_on;TIME_OCC;kind;lat;lon",
        "{day:%Y-%m-%dT%H:%M:%SZ};{day:%I:%M %p};{kind};{lat};{lon}",
    )
    assert proposal.offset == "ignore"


def test_a_multipoint_of_one_point_is_a_place(tmp_path):
    path = tmp_path / "a.geojson"
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "MultiPoint", "coordinates": [[-87.6, 41.8 + n / 1000]]},
            "properties": {"when": f"{day}", "kind": ("Robbery", "Theft")[n % 2]},
        }
        for n, day in enumerate(DAYS)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    assert propose([str(path)]).time_zone == "America/Chicago"
