"""Colombia: an offence a file, days without a row, persons summed over, files of one day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from veedor.areas import State, Unit
from veedor.areas.layouts import Choices
from veedor.areas.noticed import Notice
from veedor.areas.reading import AreaReading, Publication, read_areas
from veedor.errors import DataError

HEADER = "fecha_hecho,cod_depto,departamento,cod_muni,municipio,arma_medio,genero,cantidad"
HOMICIDES = (
    "01/03/2024,05,ANTIOQUIA,05001,MEDELLÍN,ARMA DE FUEGO,MASCULINO,2",
    "01/03/2024,05,ANTIOQUIA,05001,MEDELLÍN,ARMA DE FUEGO,FEMENINO,1",
    "03/03/2024,05,ANTIOQUIA,5001,MEDELLÍN,CONTUNDENTES,MASCULINO,1",
    "31/03/2024,08,ATLÁNTICO,08001,BARRANQUILLA (CT),ARMA DE FUEGO,MASCULINO,1",
)
THEFTS = (
    "02/03/2024,11,BOGOTÁ,11001,BOGOTÁ D.C. (CT),SIN EMPLEO DE ARMAS,FEMENINO,7",
    "31/03/2024,11,BOGOTÁ,11001,BOGOTÁ D.C. (CT),SIN EMPLEO DE ARMAS,FEMENINO,4",
)
DAY = date(2024, 4, 30)


def write(folder: Path, name: str, *rows: str) -> Path:
    path = folder / name
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def homicides(tmp_path: Path) -> AreaReading:
    return read_areas([Publication(write(tmp_path, "HOMICIDIO_2024-04-30.csv", *HOMICIDES))])


def test_rows_are_summed_over_persons_and_their_columns_dropped(homicides: AreaReading) -> None:
    record = homicides.record
    assert homicides.layout.name == "colombia"
    assert (record.areas[0].code, record.areas[0].name) == ("05001", "MEDELLÍN")
    assert record.totals("homicidio").values[:3].tolist() == [3, 0, 1]
    met = {one.what: one for one in homicides.noticed}
    assert met[Notice.ROWS_ADDED].n == 1
    assert met[Notice.PERSONS_DROPPED].columns == ("genero",)
    assert record.offences[0].unit is Unit.VICTIMS


def test_a_day_without_a_row_was_counted_up_to_the_last_day(homicides: AreaReading) -> None:
    record = homicides.record
    assert (record.spans.unit, record.spans.labels[0], len(record.spans)) == (
        "day",
        "2024-03-01",
        31,
    )
    of = record.series("homicidio")
    assert (of.state[1] == State.REPORTED_ZERO).all()


def test_files_of_one_day_are_one_edition(tmp_path: Path) -> None:
    paths = [
        write(tmp_path, "homicidio.csv", *HOMICIDES),
        write(tmp_path, "hurto a personas.csv", *THEFTS),
    ]
    record = read_areas([Publication(path, DAY) for path in paths]).record
    assert len(record.editions) == 1
    assert record.editions[0].source == "homicidio.csv, hurto a personas.csv"
    assert {one.code: one.unit for one in record.offences} == {
        "homicidio": Unit.VICTIMS,
        "hurto-a-personas": Unit.CASES,
    }
    # Bogotá is in one file only: in the days of the other, none were recorded there.
    bogota = record.area_index["11001"]
    of = record.series("homicidio")
    assert (of.state[:, bogota] == State.REPORTED_ZERO).all()
    assert record.totals("hurto-a-personas").missing.tolist() == [3, *[0] * 30]
    with pytest.raises(DataError, match="different days"):
        read_areas([Publication(path, DAY) for path in (paths[0], paths[0])])


def test_a_later_file_of_another_year_leaves_the_years_before(tmp_path: Path) -> None:
    later = [row.replace("/2024,", "/2025,") for row in HOMICIDES]
    record = read_areas(
        [
            Publication(write(tmp_path, "homicidio_2024.csv", *HOMICIDES), DAY),
            Publication(write(tmp_path, "homicidio_2025.csv", *later), date(2025, 4, 30)),
        ]
    ).record
    first, last = record.editions
    assert first.values.sum() == 5
    assert last.values.sum() == 10
    assert (last.state[100] == State.NOT_REPORTED).all()  # between the two


def test_without_a_municipality_it_is_in_totals_and_no_place(tmp_path: Path) -> None:
    row = "05/03/2024,,NO REPORTA,,NO REPORTA,NO REPORTADO,NO REPORTA,1"
    path = write(tmp_path, "homicidio_2024-04-30.csv", *HOMICIDES, row)
    record = read_areas([Publication(path)]).record
    assert record.areas[-1].residual
    assert len(record.places) == 2
    assert record.totals("homicidio").values.sum() == 6


def test_a_workbook_with_titles_notes_and_eight_digits(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["POLICÍA NACIONAL DE COLOMBIA"])
    sheet.append([])
    sheet.append(["DEPARTAMENTO", "MUNICIPIO", "CODIGO DANE", "ARMAS MEDIOS", "FECHA HECHO"])
    for at, name in enumerate(("GENERO", "*AGRUPA EDAD PERSONA", "CANTIDAD"), start=6):
        sheet.cell(3, at, name)
    for number in range(1, 21):
        sheet.append(
            ["ANTIOQUIA", "MEDELLÍN", 5001000, "X", date(2024, 3, number), "M", "ADULTOS", 1]
        )
    sheet.append(["TOTAL", None, None, None, None, None, None, 20])
    path = tmp_path / "homicidio_2024-04-30.xlsx"
    book.save(path)
    reading = read_areas([Publication(path)])
    assert [area.code for area in reading.record.areas] == ["05001"]
    assert reading.record.totals("homicidio").values.sum() == 20
    met = {one.what: one.n for one in reading.noticed}
    assert met[Notice.ROWS_SET_ASIDE] == 1
    assert met[Notice.PERSONS_DROPPED] == 2


def test_what_police_do_is_discovered_and_a_unit_can_be_chosen(tmp_path: Path) -> None:
    path = write(tmp_path, "capturas_2024-04-30.csv", *THEFTS)
    (offence,) = read_areas([Publication(path)], choices=Choices(unit=Unit.RECORDS)).record.offences
    assert (offence.code, offence.known_by, offence.unit) == (
        "capturas",
        "discovered",
        Unit.RECORDS,
    )


def test_a_file_that_does_not_say_its_offence_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="by its name"):
        read_areas([Publication(write(tmp_path, "2024-04-30.csv", *THEFTS))])
