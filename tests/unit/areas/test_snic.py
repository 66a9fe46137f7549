"""Argentina's SNIC and SAT: parents beside parts, victims, what was not reported, month 99."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from veedor.areas import AreaCounts, State, Unit
from veedor.areas.layouts import Choices
from veedor.areas.noticed import Notice, Noticed
from veedor.areas.reading import AreaReading, Publication, read_areas
from veedor.errors import BrokenSeriesError, DataError

Read = Callable[..., AreaReading]
HEAD = (
    "provincia_id,provincia_nombre,anio,codigo_delito_snic_id,codigo_delito_snic_nombre,"
    "cantidad_hechos,cantidad_victimas,cantidad_victimas_fem,tasa_hechos"
)
NAMES = {
    "1": "Homicidios dolosos",
    "4": "Homicidios culposos por otros hechos",
    "14": "Otros delitos contra la libertad",
    "14_1": "Trata de personas simple",
    "14_3": "Otros delitos contra la libertad",
    "19": "Hurtos",
    "22": "Delitos contra la seguridad pública",
    "22_2": "Tenencia ilegal de armas de fuego",
    "29_5": "Contrabando simple",
    "30": "Contravenciones",
}


def fact(place: str, when: str, code: str, facts: object, victims: object = "") -> str:
    """Give a row; place is ``id,name`` once or twice, when is ``year`` or ``year,month``."""
    return f"{place},{when},{code},{NAMES[code]},{facts},{victims},,.5"


CABA, BUENOS_AIRES, CORDOBA = "02,Capital Federal", "06,Buenos Aires", "14,Córdoba"


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def reading(*lines: str, **choices: object) -> AreaReading:
        path = tmp_path / "snic.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return read_areas([Publication(path)], choices=Choices(**choices))  # type: ignore[arg-type]

    return reading


def state_of(record: AreaCounts, offence: str, area: str, span: str) -> State:
    at = record.spans.labels.index(span), record.area_index[area]
    return State(int(record.series(offence).state[at]))


def noticed(reading: AreaReading, what: Notice) -> Noticed:
    return next(one for one in reading.noticed if one.what is what)


PARTS = (
    fact(CABA, "2016", "14", 70, 75),
    fact(CABA, "2017", "14", 80, 90),
    fact(CABA, "2017", "14_1", 20, 30),
    fact(CABA, "2017", "14_3", 60, 60),
    fact(CABA, "2016", "22", 5),
    fact(CABA, "2017", "22", 7, 0),
    fact(CABA, "2017", "22_2", 7),
)


def test_parents_stand_beside_their_parts_and_are_declared_to_be_their_sums(read: Read) -> None:
    record = read(HEAD, *PARTS).record
    assert [one.code for one in record.offences] == ["14", "14_1", "14_3", "22", "22_2"]
    assert record.offence_sums.below("14") == {"14_1", "14_3"}
    (of_liberty, _) = record.offence_sums.declared
    assert not of_liberty.holds_on(np.datetime64("2016-01-01"))
    assert of_liberty.holds_on(np.datetime64("2017-01-01"))


def test_a_first_year_of_parts_is_no_rise_and_breaks_no_parent(read: Read) -> None:
    record = read(HEAD, *PARTS).record
    assert state_of(record, "14_1", "02", "2016") is State.NOT_APPLICABLE
    assert record.totals("14_1").missing.tolist() == [0, 0]
    record.require_unbroken("14")
    with pytest.raises(BrokenSeriesError, match="told apart"):
        record.require_unbroken("14_1")


def test_victims_are_counted_of_some_codes_only_whatever_is_printed(read: Read) -> None:
    record = read(HEAD, *PARTS, unit=Unit.VICTIMS).record
    assert record.series("14").values[:, 0].tolist() == [75, 90]
    assert state_of(record, "22", "02", "2017") is State.NOT_APPLICABLE
    assert {one.unit for one in record.offences} == {Unit.VICTIMS}
    with pytest.raises(DataError, match='"facts" or "victims"'):
        read(HEAD, *PARTS, unit=Unit.FILES)


def test_rates_are_no_counts_and_victims_by_sex_are_dropped(read: Read) -> None:
    reading = read(HEAD, *PARTS)
    assert noticed(reading, Notice.RATES_NOT_READ).columns == ("tasa_hechos",)
    assert noticed(reading, Notice.PERSONS_DROPPED).columns == ("cantidad_victimas_fem",)


def test_what_police_go_looking_for_is_discovered(read: Read) -> None:
    record = read(HEAD, *PARTS, fact(CABA, "2017", "29_5", 1), fact(CABA, "2017", "30", 1)).record
    known_by = {one.code: one.known_by for one in record.offences}
    assert {code for code, by in known_by.items() if by == "discovered"} == {
        "22",
        "22_2",
        "29_5",
        "30",
    }


def test_what_a_province_did_not_report_is_no_number_whatever_it_prints(read: Read) -> None:
    lines = (
        fact(BUENOS_AIRES, "2008", "4", 213, 213),
        *(fact(BUENOS_AIRES, str(year), "4", year - 2009, 1) for year in range(2009, 2014)),
        fact(BUENOS_AIRES, "2014", "4", 534, 534),
        fact(BUENOS_AIRES, "2009", "19", 900),
        fact(CORDOBA, "2012", "4", 5, 5),
        fact(CORDOBA, "2012", "1", 123, 123),
        fact(CORDOBA, "2012", "19", 16613),
        fact(CORDOBA, "2014", "19", 27272),
    )
    reading = read(HEAD, *lines)
    record = reading.record
    missing = [State.NOT_REPORTED] * 5
    at = record.area_index["06"]
    series = record.series("4")
    assert series.state[:, at].tolist() == [State.OBSERVED, *missing, State.OBSERVED]
    assert series.values[1:6, at].tolist() == [0] * 5
    assert state_of(record, "19", "06", "2009") is State.OBSERVED
    assert state_of(record, "4", "14", "2012") is State.NOT_REPORTED
    assert state_of(record, "1", "14", "2012") is State.OBSERVED
    assert state_of(record, "19", "14", "2012") is State.NOT_REPORTED
    ruled = noticed(reading, Notice.NOT_REPORTED_BY_RULE)
    assert (ruled.n, ruled.examples[0].text) == (7, "0")
    assert record.totals("19").missing[record.spans.labels.index("2012")] == 2
    printed = read(HEAD, *lines, as_printed=True).record
    assert printed.series("4").values[5, at] == 4


def test_codes_that_lost_a_zero_are_padded_and_an_offence_has_none(read: Read) -> None:
    lines = [line.replace("02,", "2,", 1) for line in PARTS]
    reading = read(
        HEAD, *lines, fact("2,Capital Federal", "2016", "1", 3, 3).replace(",1,", ",01,")
    )
    assert reading.record.areas[0].code == "02"
    assert reading.record.offences[0].code == "1"
    assert noticed(reading, Notice.CODES_PADDED).n == len(lines) + 1


DEPARTMENTS = HEAD.replace("anio", "departamento_id,departamento_nombre,anio")
MONTHS = DEPARTMENTS.replace("anio", "anio,mes")
COMUNA, NOWHERE = "02,Capital Federal,02007,Comuna 1", "02,Capital Federal,02999,Sin determinar"


def test_departments_belong_to_provinces_and_one_is_no_place(read: Read) -> None:
    reading = read(
        DEPARTMENTS,
        fact(COMUNA, "2023", "19", 10),
        fact(NOWHERE, "2023", "19", 4),
        fact("06,Buenos Aires,6854,25 de Mayo", "2023", "19", 2),
    )
    record = reading.record
    assert reading.layout.name == "snic-departamentos"
    assert [area.code for area in record.areas] == ["02007", "02999", "06854"]
    assert [area.residual for area in record.areas] == [False, True, False]
    assert record.places.tolist() == [0, 2]
    assert record.totals("19").values.tolist() == [16]
    (level,) = record.levels
    assert [level.names[at] for at in level.of] == ["Capital Federal"] * 2 + ["Buenos Aires"]


def test_month_99_is_in_no_month(read: Read) -> None:
    reading = read(
        MONTHS,
        fact(COMUNA, "2023,1", "19", 10),
        fact(COMUNA, "2023,12", "19", 11),
        fact(COMUNA, "2023,99", "19", 7),
    )
    record = reading.record
    assert reading.layout.name == "snic-departamentos-mes"
    assert len(record.spans) == 12
    assert record.totals("19").values.sum() == 21
    undated = record.latest.undated
    assert (undated.year.tolist(), undated.values.tolist()) == ([2023], [7])
    assert noticed(reading, Notice.UNDATED).n == 7
    assert str(record.latest.published) == "2024-12-31"


SAT = (
    "provincia_id,provincia_nombre,departamento_id,departamento_nombre,anio,mes,"
    "codigo_delito_sat_prop,nombre_delito_sat_prop,cantidad_hechos,cantidad_hechos_inc_conocido,"
    "cantidad_hechos_origen_denuncia,cantidad_hechos_origen_intervenc,"
    "cantidad_hechos_origen_orden_jud,cantidad_hechos_origen_otro,cantidad_inculpados_sexo_masc"
)


def test_alerts_of_property_offences_keep_how_they_became_known(read: Read) -> None:
    reading = read(
        SAT,
        f"{COMUNA},2023,1,1,Robos,100,20,70,20,1,9,30",
        f"{COMUNA},2023,2,1,Robos,50,20,,,,,30",
        f"{COMUNA},2023,99,1,Robos,5,0,5,0,0,0,0",
    )
    record = reading.record
    assert reading.layout.name == "sat-propiedad"
    assert [(one.code, one.known_by) for one in record.offences] == [
        ("1", "reported"),
        ("1_denuncia", "reported"),
        ("1_intervencion", "discovered"),
        ("1_orden", "reported"),
        ("1_otro", "reported"),
    ]
    assert record.latest.values[0, :, 0].tolist() == [100, 70, 20, 1, 9]
    assert record.latest.state[1, :, 0].tolist() == [State.OBSERVED, *[State.NOT_REPORTED] * 4]
    assert len(record.offence_sums.below("1")) == 4
    assert noticed(reading, Notice.PERSONS_DROPPED).columns == ("cantidad_inculpados_sexo_masc",)
    assert noticed(reading, Notice.COLUMNS_UNKNOWN).columns == ("cantidad_hechos_inc_conocido",)
    assert record.latest.undated.values.tolist() == [5]


@pytest.mark.shared_data
def test_the_provinces_parents_are_the_sums_of_their_parts(shared_data: Path) -> None:
    reading = read_areas([Publication(shared_data / "areas" / "snic-provincias.csv.gz")])
    record = reading.record
    assert (len(record.areas), len(record.offences), len(record.spans)) == (24, 72, 24)
    assert len(record.offence_sums.declared) == 6
    for one in record.offence_sums.declared:
        at = record.offence_of(one.total)
        parts = [record.offence_of(code) for code in one.parts]
        held = np.array([one.holds_on(day) for day in record.spans.starts])
        values = record.latest.values[held]
        np.testing.assert_array_equal(values[:, at], values[:, parts].sum(axis=1))
    assert noticed(reading, Notice.NOT_REPORTED_BY_RULE).n == 12 * 5 + 24 * 2
    early = record.spans.years < 2017
    parts = [record.offence_of(one.code) for one in record.offences if "14_" in one.code]
    assert (record.latest.state[np.ix_(early, parts)] == State.NOT_APPLICABLE).all()
