"""What `init` proposes looks at values, not only at headers."""

from __future__ import annotations

import pytest

from veedor.incidents import propose
from veedor.incidents.whereabouts import time_zone_at


def proposed(tmp_path, header, row, n=60, **columns):
    path = tmp_path / "a.csv"
    kinds = ("Robbery", "Burglary", "Theft")
    rows = [
        row.format(
            n=n,
            kind=kinds[n % 3],
            day=f"2023-0{n % 9 + 1}-{n % 27 + 1:02d}",
            clock=f"{n % 24:02d}:{n % 60:02d}",
            lon=f"{-122.4 - n / 1000:.6f}",
            lat=f"{37.7 + n / 1000:.6f}",
        )
        for n in range(n)
    ]
    path.write_text("\n".join([*([header] if header else []), *rows]) + "\n", encoding="utf-8")
    found = propose([str(path)])
    return {column.role: column.column for column in found.columns}, found


@pytest.mark.parametrize(
    ("header", "row", "roles"),
    [
        (
            "X,Y,Dates,Category",
            "{lon},{lat},{day} {clock},{kind}",
            {"longitude": "X", "latitude": "Y", "time": "Dates", "category": "Category"},
        ),
        (
            "Date,Time,Kind of thing,lat,lon",
            "{day},{clock},{kind},{lat},{lon}",
            {"date": "Date", "clock": "Time", "category": "Kind of thing"},
        ),
        (
            "when_it_was,at,what,x_coord,y_coord",
            "{day},{clock},{kind},{lon},{lat}",
            {"date": "when_it_was", "clock": "at", "category": "what", "longitude": "x_coord"},
        ),
        (
            "latitude,longitude,lat,lon,fecha,tipo",
            ",,{lat},{lon},{day},{kind}",
            {"latitude": "lat", "longitude": "lon", "date": "fecha", "category": "tipo"},
        ),
        (
            "X,Y,LONG_WGS84,LAT_WGS84,date,offence",
            "-13626{n}.5,4551{n}.5,{lon},{lat},{day},{kind}",
            {"longitude": "LONG_WGS84", "latitude": "LAT_WGS84"},
        ),
        (
            "offense_code_group,offense_code,offense_description,date,lat,lon",
            ",30{n},{kind} - simple,{day},{lat},{lon}",
            {"category": "offense_description"},
        ),
        (
            None,
            "{lat},{lon},{day},{kind}",
            {"latitude": "column 1", "longitude": "column 2", "date": "column 3"},
        ),
        (None, "2700{n},240{n},{day},{kind}", {"x": "column 1", "y": "column 2"}),
        (
            "INCIDENT_NO,DATE_FROM,DATE_TO,OFFENSE,LONGITUDE_X,LATITUDE_X",
            "22{n:04},{day} {clock},{day} 23:59,{kind},{lon},{lat}",
            {"id": "INCIDENT_NO", "start": "DATE_FROM", "end": "DATE_TO", "latitude": "LATITUDE_X"},
        ),
        (
            "Tipo Lugar,Fecha,Tipo Muerte,Coordenada X,Coordenada Y",
            "PÚBLICO,{day},ASESINATO,{lon},{lat}",
            {"category": "Tipo Muerte", "date": "Fecha", "longitude": "Coordenada X"},
        ),
    ],
)
def test_columns_are_chosen_by_what_they_hold(tmp_path, header, row, roles):
    found, _ = proposed(tmp_path, header, row)
    assert roles.items() <= found.items()
    assert not {"latitude", "x"} <= set(found)


def test_numbers_that_repeat_are_no_id_and_may_be_of_one_incident(tmp_path):
    row = "{n},{day},{kind},{lat},{lon}"
    found, _ = proposed(tmp_path, "report_no,date,offense,lat,lon", row, n=3_000)
    assert found["id"] == "report_no"
    path = tmp_path / "a.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[-1]]) + "\n", encoding="utf-8")
    again = propose([str(path)])  # the repeat lies beyond the rows that are looked at first
    assert again.column("id") is None
    assert any("map it as incident" in note for note in again.notes)
    other = lines[-1].replace(lines[-1].split(",")[1], "2023-12-31")
    path.write_text("\n".join([*lines, other]) + "\n", encoding="utf-8")
    apart = propose([str(path)])
    assert apart.column("id") is None
    assert any("incidents of different times" in note for note in apart.notes)
    assert not any("map it as incident" in note for note in apart.notes)


@pytest.mark.parametrize("clock", ["", " {clock}"])
def test_clock_times_beside_an_interval_are_told_where_they_would_be_lost(tmp_path, clock):
    row = f"{{day}}{clock},{{clock}},{{day}} 23:59,23:59,{{kind}},{{lat}},{{lon}}"
    header = "date_from,hour_from,date_to,hour_to,offense,lat,lon"
    _, proposal = proposed(tmp_path, header, row)
    assert any("'hour_from', 'hour_to'" in note for note in proposal.notes) == (not clock)


def test_no_place_is_said_first(tmp_path):
    _, proposal = proposed(tmp_path, "date,offense,remark", "{day},{kind},B{n}")
    assert proposal.notes[0].startswith("No place was found")
    _, proposal = proposed(tmp_path, "date,offense,beat", "{day},{kind},B{n}")
    assert "column 'beat' seems to name places" in proposal.notes[0]


def test_categories_are_proposed_as_they_are_matched(tmp_path):
    from veedor.incidents import Category, Columns, Source, read

    kinds = ["A" * 70 + " robbery", "-theft <under 500>", "=burglary", "Robbery"]
    path = tmp_path / "a.csv"
    lines = [f'2023-01-02,"{kinds[n % 4]}",37.7,-122.4' for n in range(40)]
    path.write_text("\n".join(["date,offense,lat,lon", *lines]) + "\n", encoding="utf-8")
    proposal = propose([str(path)])
    source = Source(
        paths=(str(path),),
        columns=Columns(**{one.role: one.column for one in proposal.columns}),
        categories=tuple(Category(one.value, one.known_by, one.gathers) for one in proposal.values),
        time_zone=proposal.time_zone,
        crs=proposal.crs,
    )
    assert len(proposal.values) == 4
    assert all(len(one.value) <= 60 for one in proposal.values)
    assert len(read(source).incidents) == 40


@pytest.mark.parametrize(
    ("lon", "lat", "zone"),
    [
        (-122.33, 47.61, "America/Los_Angeles"),
        (-123.10, 49.25, "America/Vancouver"),
        (-83.05, 42.33, "America/Detroit"),
        (-83.02, 42.30, "America/Toronto"),
        (-106.48, 31.76, "America/Denver"),
        (-117.16, 32.72, "America/Los_Angeles"),
        (-54.58, -25.52, "America/Sao_Paulo"),
        (-54.61, -25.51, "America/Asuncion"),
        (-55.90, -27.37, "America/Argentina/Cordoba"),
        (7.75, 48.58, "Europe/Paris"),
    ],
)
def test_the_time_zone_is_that_of_the_boundary(lon, lat, zone):
    assert time_zone_at(lon, lat) == zone
