"""Each layout reads its files as published, mends what it says, and counts every row."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from tests.asking import ask

from veedor.errors import StudyError, UnreadableError
from veedor.incidents import Category, Source, assess, propose, read
from veedor.incidents.layouts import LAYOUTS, find_layout, recognise_layout
from veedor.incidents.named_zones import NamedZones
from veedor.incidents.usability import judge
from veedor.record.recorded import RecordedIncidents
from veedor.report.words import words_in
from veedor.report.words.quality import quality_tables
from veedor.study.config import parse_study
from veedor.study.outcomes import read_outcomes
from veedor.tasks import fetch, init
from veedor.tasks.request import described

from .conftest import FILES, local
from .made_up import write_raw, write_zones

BA = {"robo": ("Robo", "Robo (con violencia)"), "hurto": ("Hurto", "Hurto (sin violencia)")}


def set_aside(quality):
    assert quality.rows.reconciled
    return {group.reason: group.count for group in quality.rows.set_aside}


def mended(quality):
    return {one.what: one.rows for one in quality.layout.mended}


def unlocated(quality):
    located = quality.places.located
    without = sum(one.count for one in quality.places.unlocated)
    assert located.numerator + without == located.denominator == quality.rows.kept
    return {one.reason: one.count for one in quality.places.unlocated}


@pytest.mark.parametrize("path", sorted(FILES.glob("*.csv")), ids=lambda path: path.stem)
def test_every_file_is_recognised_by_its_headers(path):
    found = propose([str(path)])
    assert found.layout is not None
    assert path.stem.startswith(found.layout)
    known = find_layout(found.layout)
    assert (found.time_zone, found.crs) == (known.time_zone, known.crs)
    assert known.delay in found.notes
    assert not any("victim" in name.casefold() for name in known.columns.roles().values())


def test_help_names_every_layout():
    (about,) = (one for name, _, _, one in described(init.Request) if name == "layout")
    assert f": {', '.join(LAYOUTS)};" in about["help"]


def test_names_are_recognised_whatever_their_case_and_marks():
    headers = ["dr no", "date_rptd", "Date Occ", "time_occ", "CRM_CD_DESC", "lat", "lon", "more"]
    assert recognise_layout(headers).name == "los-angeles"
    assert recognise_layout(headers[1:]) is None
    assert recognise_layout([]) is None


def test_an_unknown_layout_is_an_error_that_names_the_known():
    with pytest.raises(StudyError) as unknown:
        find_layout("gotham")
    assert all(name in unknown.value.remedy for name in LAYOUTS)


def test_a_file_of_another_layout_is_an_error_that_names_what_lacks(read_as):
    with pytest.raises(UnreadableError, match=r"dr_no, date_rptd, date_occ"):
        read_as("los-angeles", {"x": ("x",)}, "chicago")


def test_buenos_aires(read_as):
    reading = read_as("buenos-aires", BA, "buenos-aires-2019", "buenos-aires-2023")
    quality = assess(reading)
    assert quality.rows.read == 12
    assert quality.rows.counted_more == 2
    assert quality.rows.kept == 10
    assert set_aside(quality) == {
        "another row of an incident already counted in this category": 1,
        "count of incidents that is no whole number from 1 to 1000": 1,
        "no category": 1,
        "row that counts no incident": 1,
    }
    assert mended(quality) == {
        "coordinates without their decimal point divided by a million": 1,
        "hour band without an hour taken as the whole day": 1,
        "row that counts several incidents": 2,
    }
    assert unlocated(quality) == {
        "no coordinates": 3,
        "outside the area that the layout covers": 1,
    }
    incidents = reading.incidents
    assert local(reading, incidents.start)[:4] == [
        "2019-03-01T14:00",
        "2019-03-01T00:00",
        "2019-03-02T22:00",
        "2023-03-01T00:00",
    ]
    hours = (incidents.end - incidents.start).astype("timedelta64[h]").astype(int)
    assert hours.tolist() == [1, 1, 1, 24, 1, 1, 1, 24, 24, 2]
    assert len(set(incidents.id.tolist())) == 10
    # 34.540123 S without its point, and 34.541 S with a comma, lie 98 m apart.
    north = incidents.y_m[3] - incidents.y_m[4]
    assert 90 < north < 105
    assert quality.reporting is None
    assert "cannot be estimated" in quality.layout.delay


def test_the_twin_of_a_year_as_a_spreadsheet_counts_nothing_twice(read_as, tmp_path):
    book = openpyxl.Workbook()
    with (FILES / "buenos-aires-2023.csv").open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.reader(file, delimiter=";")):
            cells = [float(cell) if number and cell.isdigit() else cell for cell in row]
            book.active.append(cells)
    book.create_sheet("empty")
    book.save(tmp_path / "delitos_2023.xlsx")
    alone = read_as("buenos-aires", BA, tmp_path / "delitos_2023.xlsx")
    text = read_as("buenos-aires", BA, "buenos-aires-2023")
    for name in ("start", "end", "category", "x_m", "y_m"):
        np.testing.assert_array_equal(
            getattr(alone.incidents, name), getattr(text.incidents, name), err_msg=name
        )
    both = read_as("buenos-aires", BA, "buenos-aires-2023", tmp_path / "delitos_2023.xlsx")
    assert len(both.incidents) == len(text.incidents)
    assert assess(both).rows.reconciled


def test_copies_of_a_row_that_counts_several_have_ids_of_their_own(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("key,when,n\n7,2024-01-01,3\n8,2024-01-02,\n9,2024-01-03,1\n", "utf-8")
    from veedor.incidents import Columns

    reading = read(
        Source(
            paths=(str(path),),
            columns=Columns(id="key", time="when", count="n"),
            categories=(Category("all", "reported"),),
            time_zone="UTC",
            crs="EPSG:32721",
        )
    )
    assert reading.incidents.id.tolist() == [b"7", b"7#2", b"7#3", b"8", b"9"]
    assert assess(reading).rows.reconciled


def test_chicago(read_as):
    values = {
        "theft": ("THEFT",),
        "assault": ("CRIM SEXUAL ASSAULT", "CRIMINAL SEXUAL ASSAULT"),
        "narcotics": ("NARCOTICS",),
    }
    reading = read_as("chicago", values, "chicago")
    assert local(reading, reading.incidents.start) == [
        "2022-03-04T23:30",
        "2022-03-05T01:15",
        "2022-03-06T00:00",
    ]
    assert reading.incidents.id.tolist() == [11, 12, 13]
    # 36.6 N, 91.7 W is where a map projection puts the missing (0, 0) of its feet.
    assert unlocated(assess(reading)) == {
        "no coordinates": 1,
        "outside the area that the layout covers": 1,
    }
    proposed = {value.value: value for value in propose([str(FILES / "chicago.csv")]).values}
    assert "CRIM SEXUAL ASSAULT" in proposed["CRIMINAL SEXUAL ASSAULT"].gathers
    assert proposed["NARCOTICS"].known_by == "discovered"


def test_new_york(read_as):
    reading = read_as(
        "new-york", {"burglary": ("BURGLARY",), "larceny": ("PETIT LARCENY",)}, "new-york"
    )
    quality = assess(reading)
    assert local(reading, reading.incidents.start) == ["2022-03-04T22:00", "2022-03-04T13:05"]
    assert local(reading, reading.incidents.end) == ["2022-03-05T06:30", "2022-03-04T13:05"]
    # A day alone was surely known at its end.
    assert local(reading, reading.incidents.reported_at) == ["2022-03-06T00:00", "2022-03-05T00:00"]
    assert set_aside(quality) == {
        "another row of an incident already counted in this category": 1,
        "date before 1900 or after 2100": 1,
        "interval ends before it starts": 1,
        "no category": 1,
    }
    persons = ["SUSP_AGE_GROUP", "SUSP_RACE", "SUSP_SEX", "VIC_AGE_GROUP", "VIC_RACE", "VIC_SEX"]
    assert quality.layout.persons == persons
    assert set(persons) <= set(quality.dropped_columns[0].columns)


def test_los_angeles(read_as):
    values = {"stolen": ("VEHICLE - STOLEN",), "burglary": ("BURGLARY FROM VEHICLE",)}
    reading = read_as("los-angeles", values, "los-angeles")
    quality = assess(reading)
    assert [text[11:] for text in local(reading, reading.incidents.start)] == [
        "00:05",
        "00:45",
        "01:30",
        "21:30",
    ]
    assert mended(quality) == {"clock time without its leading zeros": 2}
    assert unlocated(quality) == {"coordinates are (0, 0)": 1}
    assert quality.layout.persons == ["Vict Age", "Vict Sex", "Vict Descent"]
    assert {one.since: one.in_the_record for one in quality.layout.breaks} == {
        "2020-03-19": False,
        "2024-03-07": False,
    }


@pytest.mark.parametrize(
    ("first", "last", "inside"),
    [
        ("01/07/2020", "03/18/2020", False),
        ("01/07/2020", "03/19/2020", True),
        ("03/18/2020", "09/01/2020", True),
        ("03/19/2020", "09/01/2020", False),  # all of it was counted the new way
    ],
)
def test_a_known_break_is_one_only_inside_the_record(read_as, tmp_path, first, last, inside):
    lines = (FILES / "los-angeles.csv").read_text(encoding="utf-8").splitlines()
    header, rows = lines[0], [line for line in lines[1:] if line.count("01/07/2020") == 1]
    path = tmp_path / "los-angeles.csv"
    days = [first, *[last] * (len(rows) - 1)]
    changed = [row.replace("01/07/2020", day) for row, day in zip(rows, days, strict=True)]
    path.write_text("\n".join([header, *changed]) + "\n", encoding="utf-8")
    values = {"stolen": ("VEHICLE - STOLEN",), "burglary": ("BURGLARY FROM VEHICLE",)}
    quality = assess(read_as("los-angeles", values, path))
    assert {one.since: one.in_the_record for one in quality.layout.breaks} == {
        "2020-03-19": inside,
        "2024-03-07": False,
    }
    shown = str(quality_tables(words_in("en"), quality).layout)
    assert ("2020-03-19" in shown) == inside
    assert "2024-03-07" not in shown
    limits = {one.code for one in judge(quality).limits}
    assert ("record_counted_otherwise" in limits) == inside
    made = ask(init, study=tmp_path / "study", incidents=(path,), layout="los-angeles").results
    notes = " ".join(made.proposal.notes)
    assert ("From 2020-03-19" in notes) == inside
    assert "2024-03" not in notes


def test_san_francisco_counts_an_incident_once_in_each_category(read_as):
    values = {"larceny": ("Larceny Theft",), "burglary": ("Burglary",)}
    reading = read_as("san-francisco", values, "san-francisco")
    quality = assess(reading)
    assert set_aside(quality) == {
        "another row of an incident already counted in this category": 1,
        "supplement to an earlier report": 1,
    }
    assert reading.incidents.id.tolist() == [90106244, 90105041, 90206244]
    assert reading.incidents.category.tolist() == [0, 1, 0]
    assert "supplement" in quality.layout.rule.casefold()
    assert unlocated(quality) == {"no coordinates": 1}


def test_reasons_for_no_place_are_counted_over_what_is_kept(read_as, tmp_path):
    text = (FILES / "san-francisco.csv").read_text(encoding="utf-8")
    path = tmp_path / "nowhere.csv"
    path.write_text(text.replace(",37.78,-122.41", ",,"), encoding="utf-8")
    quality = assess(read_as("san-francisco", {"larceny": ("Larceny Theft",)}, path))
    assert quality.rows.kept == 2
    assert unlocated(quality) == {"no coordinates": 2}


@pytest.mark.parametrize("name", ["mexico-city", "mexico-city-2020"])
def test_mexico_city(read_as, name):
    values = {
        "robo": ("ROBO A TRANSEÚNTE EN VÍA PÚBLICA CON Y SIN VIOLENCIA",),
        "otro": ("DELITO DE BAJO IMPACTO",),
    }
    reading = read_as("mexico-city", values, name)
    quality = assess(reading)
    if name == "mexico-city-2020":
        assert local(reading, reading.incidents.start) == ["2020-06-21T22:15"]
        assert local(reading, reading.incidents.reported_at) == ["2020-07-18T19:29"]
        return
    assert local(reading, reading.incidents.start) == [
        "2019-01-01T22:00",
        "1906-01-01T12:00",
        "2019-01-03T00:00",
    ]
    days = (reading.incidents.end - reading.incidents.start).astype("timedelta64[h]").astype(int)
    assert days.tolist() == [0, 0, 24]
    assert set_aside(quality) == {"no time": 1}
    assert sum(mended(quality).values()) == 1
    assert unlocated(quality) == {"no coordinates": 2}


def test_police_uk_holds_months(read_as):
    values = {"burglary": ("Burglary",), "asb": ("Anti-social behaviour",)}
    reading = read_as("data-police-uk", values, "data-police-uk")
    assert local(reading, reading.incidents.start) == [
        "2023-02-01T00:00",
        "2023-03-01T00:00",
        "2023-03-01T00:00",
    ]
    assert local(reading, reading.incidents.end) == [
        "2023-03-01T00:00",
        "2023-04-01T00:00",
        "2023-04-01T00:00",
    ]


def test_medellin(read_as):
    values = {"persona": ("Hurto a persona",), "moto": ("Hurto de moto",)}
    reading = read_as("medellin", values, "medellin")
    quality = assess(reading)
    assert local(reading, reading.incidents.start) == [
        "2019-03-01T14:30",
        "2019-03-02T23:10",
        "2019-03-02T23:10",
        "2019-03-03T00:00",
        "2019-03-04T08:00",
    ]
    assert mended(quality) == {
        "code of a barrio without the mark before it": 2,
        "row that counts several incidents": 1,
    }
    assert unlocated(quality) == {"coordinates are (0, 0)": 1, "no coordinates": 1}
    # Of the two without a place one names its barrio: "603", which has lost "#0".
    assert [(one.value, one.count) for one in quality.places.unlocated_zones] == [("0603", 1)]
    assert quality.layout.persons == [
        "sexo",
        "edad",
        "estado_civil",
        "grupo_actor",
        "actividad_delictiva",
        "parentesco",
        "ocupacion",
        "discapacidad",
        "grupo_especial",
        "nivel_academico",
        "testigo",
    ]


def test_medellin_with_a_prefix_before_every_header(read_as):
    reading = read_as("medellin", {"homicidio": ("Homicidio",)}, "medellin-2019")
    assert local(reading, reading.incidents.start) == ["2018-03-01T14:30"]
    assert unlocated(assess(reading)) == {}
    assert assess(reading).layout.persons == ["seguridad.sexo", "seguridad.edad"]


def uruguay(column, zones):
    known = find_layout("uruguay")
    return read(
        Source(
            paths=(str(FILES / "uruguay.csv"),),
            columns=known.with_columns({"zone": column}),
            categories=(
                Category("rapiña", "reported", ("RAPIÑA",)),
                Category("hurto", "reported", ("HURTO",)),
                Category("abigeato", "reported", ("ABIGEATO",)),
            ),
            time_zone=known.time_zone,
            crs=known.crs,
            layout=known,
            zones=NamedZones(zones, np.arange(len(zones)) * 1e4 + 5e5, np.full(len(zones), 6.2e6)),
        )
    )


def test_uruguay():
    reading = uruguay("departamento", ["Montevideo", "Paysandu", "Tacuarembó"])
    quality = assess(reading)
    assert local(reading, reading.incidents.start) == [
        "2022-09-05T21:00",
        "2022-09-06T00:00",
        "2022-09-17T00:00",
        "2022-09-18T05:00",
    ]
    hours = (reading.incidents.end - reading.incidents.start).astype("timedelta64[h]").astype(int)
    assert hours.tolist() == [1, 24, 1, 1]
    assert sum(set_aside(quality).values()) == 1  # the event that stands there twice
    assert unlocated(quality) == {}
    assert mended(quality) == {"hour that is not known taken as the whole day": 2}
    assert quality.layout.persons == ["VICT_RAP", "VICT_HUR"]


def test_a_barrio_of_uruguay_is_one_of_montevideo(read_as):
    """What the column holds elsewhere, or for what could not be classified, names no place."""
    reading = uruguay("barrio", ["Centro", "No corresponde"])
    assert assess(reading).places.located.numerator == 1


@pytest.mark.parametrize("name", ["medellin", "uruguay"])
def test_a_layout_without_a_portal_says_where_to_download(name, tmp_path):
    with pytest.raises(StudyError, match="portal") as refused:
        ask(
            fetch,
            layout=name,
            since=date(2022, 1, 1),
            out=tmp_path / "a.csv",
        )
    assert find_layout(name).page in refused.value.remedy


def test_init_writes_the_zones_that_a_record_names(tmp_path):
    """With a file of zones its property is found by the names; without one it waits to be set."""
    (raw,) = write_raw("uruguay", tmp_path, 300)
    zones = write_zones("uruguay", tmp_path)
    made = ask(init, study=tmp_path / "a", incidents=(raw,), zones=zones).results
    section = made.path.read_text(encoding="utf-8").split("[cells]")[1].split("[periods]")[0]
    assert 'shape = "polygon"' in section
    assert 'id = "nombre"' in section
    assert "[area]" not in made.path.read_text(encoding="utf-8")
    made = ask(init, study=tmp_path / "b", incidents=(raw,)).results
    with pytest.raises(StudyError) as unset:
        parse_study(made.path.read_bytes())
    assert "cells" in unset.value.found
    assert made.span is not None
    with pytest.raises(StudyError, match="must be those zones"):
        ask(init, study=tmp_path / "c", incidents=(raw,), area=zones)


def test_own_columns_take_the_place_of_the_layouts():
    known = find_layout("new-york")
    own = known.with_columns({"time": "CMPLNT_FR_DT", "category": "LAW_CAT_CD"})
    assert own.time == "CMPLNT_FR_DT"
    assert own.start is own.end is None
    assert own.category == "LAW_CAT_CD"
    assert own.incident == "number"


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda layout: layout.name)
def test_every_layout_says_what_must_be_known(layout):
    page = Path(__file__).parents[3] / "docs" / "layouts" / f"{layout.name}.md"
    text = page.read_text(encoding="utf-8")
    for said in (layout.licence, layout.page):
        assert said in text
    for heading in ("Delay", "Missing values", "Breaks", "Columns about persons"):
        assert f"## {heading}" in text, heading
    for name in layout.persons:
        assert name in text
    for known in layout.breaks:
        assert str(known.day) in text
    west, south, east, north = layout.extent
    assert west < east
    assert south < north


def test_outcomes_of_a_layout_are_read_by_it():
    recorded = read_outcomes(FILES / "buenos-aires-2019.csv", ["Robo", "Hurto"]).recorded
    assert isinstance(recorded, RecordedIncidents)
    assert recorded.incidents.category.tolist() == [0, 0, 1]
    assert recorded.incidents.provenance.layout == "buenos-aires"
