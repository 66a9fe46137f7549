"""Files as people have them: several years, saved by spreadsheets, in a zip with others."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

from veedor.errors import CellSizeRefusal, StudyError
from veedor.forecasts import CountDistribution, Forecast
from veedor.incidents import Category, Columns, Source, assess, propose, read
from veedor.incidents.layouts import find_layout
from veedor.spacetime import Periods
from veedor.study.resolution import refuse_finer_forecasts

from .conftest import local
from .made_up import write_raw

BA = "id-mapa,fecha,franja,tipo,barrio,comuna,latitud,longitud,cantidad\n"


def by_proposal(path: Path):
    """Read a file as `veedor init` proposes to."""
    found = propose([str(path)])
    known = find_layout(found.layout)
    categories = tuple(Category(one.value, one.known_by, one.gathers) for one in found.values)
    return read(
        Source(
            paths=(str(path),),
            columns=Columns(**{one.role: one.column for one in found.columns}),
            categories=categories,
            time_zone=known.time_zone,
            crs=known.crs,
            layout=known,
        )
    )


def write(path: Path, *rows: str) -> Path:
    path.write_text(BA + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def test_categories_are_of_every_file_and_one_by_case(tmp_path):
    write(tmp_path / "delitos_2016.csv", *["1,2016-01-01,3,Robo (con violencia),x,1,0,0,1"] * 2)
    write(
        tmp_path / "delitos_2019.csv",
        *["1,2019-01-01,3,Lesiones,x,1,0,0,1"] * 3,
        "9,2019-01-01,3,ROBO,x,1,0,0,1",
        "7,2019-01-01,3,LESIONES,x,1,0,0,1",
    )
    with zipfile.ZipFile(tmp_path / "delitos.zip", "w") as packed:
        for path in sorted(tmp_path.glob("*.csv")):
            packed.write(path, path.name)
    expected = [("Lesiones", 4), ("Robo", 3)]
    for files in ([str(tmp_path / "delitos.zip")], [str(tmp_path / "delitos_*.csv")]):
        found = propose(files)
        assert [(one.value, one.count) for one in found.values] == expected
        assert "Robo (con violencia)" in found.values[1].gathers
    # What is proposed can be read: no spelling belongs to two categories.
    assert len(by_proposal(tmp_path / "delitos.zip").incidents) == 4


def test_a_further_file_of_another_kind_is_named(tmp_path):
    first = write(tmp_path / "a.csv", "1,2019-01-01,3,Robo,x,1,0,0,1")
    (tmp_path / "b.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    found = propose([str(first), str(tmp_path / "b.csv")])
    assert [one.value for one in found.values] == ["Robo"]
    assert any("b.csv" in note for note in found.notes)


TURNED = ["buenos-aires", "chicago", "new-york", "los-angeles", "mexico-city"]


@pytest.mark.parametrize("name", TURNED)
def test_dates_are_read_in_the_order_that_the_file_shows(name, tmp_path):
    """As after a spreadsheet of another country has saved the file."""
    (raw,) = write_raw(name, tmp_path, 300)
    plain = by_proposal(raw)
    text = raw.read_text(encoding="utf-8")
    turned = tmp_path / "turned.csv"
    if name in ("buenos-aires", "mexico-city"):
        text = re.sub(r"(\d{4})-(\d\d)-(\d\d)", r"\2/\3/\1", text)  # month first
    else:
        text = re.sub(r"(\d\d)/(\d\d)/(\d{4})", r"\2/\1/\3", text)  # day first
    turned.write_text(text, encoding="utf-8")
    again = by_proposal(turned)
    np.testing.assert_array_equal(again.incidents.start, plain.incidents.start)
    np.testing.assert_array_equal(again.incidents.end, plain.incidents.end)


def test_without_a_day_above_twelve_the_layouts_order_holds(tmp_path):
    path = write(tmp_path / "a.csv", "1,03/04/2019,3,Robo,x,1,0,0,1", "2,3/5/2019,4,Robo,x,1,0,0,1")
    reading = by_proposal(path)
    assert local(reading, reading.incidents.start) == ["2019-04-03T03:00", "2019-05-03T04:00"]


def test_an_order_that_only_a_late_row_shows_is_found(tmp_path):
    early = [f"{k},03/04/2019,3,Robo,x,1,0,0,1" for k in range(9_000)]
    path = write(tmp_path / "a.csv", *early, "9999,03/24/2019,3,Robo,x,1,0,0,1")
    reading = by_proposal(path)
    assert {text[:10] for text in local(reading, reading.incidents.start)} == {
        "2019-03-04",
        "2019-03-24",
    }


def test_two_orders_in_one_file_are_an_error_and_a_slip_is_not(tmp_path):
    path = write(
        tmp_path / "a.csv", "1,13/04/2019,3,Robo,x,1,0,0,1", "2,04/13/2019,3,Robo,x,1,0,0,1"
    )
    with pytest.raises(StudyError, match="order of day and month"):
        propose([str(path)])
    path = write(
        tmp_path / "b.csv", "1,13/04/2019,3,Robo,x,1,0,0,1", "2,31/13/2019,3,Robo,x,1,0,0,1"
    )
    quality = assess(by_proposal(path))
    assert [(one.reason, one.count) for one in quality.rows.set_aside] == [("unreadable time", 1)]


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ("-34618512", "-58435102"),
        ("-34618512.0", "-58435102.0"),
        ("-34.618.512", "-58.435.102"),
        ('"-34,618512"', '"-58,435102"'),
        ('"-34,618,512"', '"-58,435,102"'),
        ("-34.618512", "-58.435102"),
    ],
)
def test_a_place_however_its_point_was_lost(tmp_path, latitude, longitude):
    path = write(tmp_path / "a.csv", f"1,2019-04-13,3,Robo,x,1,{latitude},{longitude},1")
    reading = by_proposal(path)
    from pyproj import Transformer

    there = Transformer.from_crs("EPSG:32721", "EPSG:4326", always_xy=True)
    place = there.transform(reading.incidents.x_m[0], reading.incidents.y_m[0])
    np.testing.assert_allclose(place, (-58.435102, -34.618512), atol=1e-6)


def test_clock_times_that_a_program_made_decimal(tmp_path):
    (raw,) = write_raw("los-angeles", tmp_path, 200)
    plain = by_proposal(raw)
    rows = raw.read_text(encoding="utf-8").splitlines()
    at = rows[0].split(",").index("TIME OCC")
    cells = [row.split(",") for row in rows[1:]]
    made = [",".join([*row[:at], row[at] + ".0", *row[at + 1 :]]) for row in cells]
    raw.write_text("\n".join([rows[0], *made]) + "\n", encoding="utf-8")
    np.testing.assert_array_equal(by_proposal(raw).incidents.start, plain.incidents.start)


def test_a_download_of_data_police_uk_is_read_as_it_comes(tmp_path):
    (raw,) = write_raw("data-police-uk", tmp_path, 200)
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as packed:
        packed.writestr("2021-01/2021-01-kent-outcomes.csv", "Crime ID,Month\n1,2021-01\n")
        packed.writestr("2021-01/2021-01-kent-stop-and-search.csv", "Type,Date\nx,2021-01-01\n")
        packed.write(raw, "2021-01/2021-01-kent-street.csv")
    reading = by_proposal(tmp_path / "all.zip")
    quality = assess(reading)
    assert quality.rows.read == quality.rows.kept == 200


def forecast(cells, *edges: str) -> Forecast:
    instants = np.array(edges, dtype="datetime64[us]")
    shape = (len(edges) - 1, len(cells))
    return Forecast(
        distribution=CountDistribution(np.ones(shape), np.zeros(shape)),
        cells=cells,
        periods=Periods(instants, "Europe/London"),
        category="Burglary",
        forecaster="A",
        version="1",
        parameters={},
        data_cutoff=instants[0],
        issued_at=instants[0],
    )


def test_forecasts_finer_than_the_record_are_refused(grid):
    known, cells = find_layout("data-police-uk"), grid(2, 2)
    # In summer a month of London begins at 23:00 UTC of the day before.
    months = forecast(cells, "2023-05-31T23:00", "2023-06-30T23:00", "2023-07-31T23:00")
    refuse_finer_forecasts(known, [months], cells, "Europe/London")
    weeks = forecast(cells, "2023-05-31T23:00", "2023-06-07T23:00")
    with pytest.raises(StudyError, match="2023-06-08T00:00"):
        refuse_finer_forecasts(known, [months, weeks], cells, "Europe/London")
    refuse_finer_forecasts(find_layout("chicago"), [weeks], cells, "Europe/London")
    with pytest.raises(CellSizeRefusal, match="map points"):
        refuse_finer_forecasts(known, [months], grid(2, 2, 100.0), "Europe/London")
