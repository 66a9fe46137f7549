"""The personal-data screen: what it stops, what it must let through, and how long it takes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely

from veedor.errors import PersonalDataRefusal
from veedor.incidents.refusals import is_discovered, is_protest
from veedor.spacetime import Cells
from veedor.study.config import parse_study
from veedor.tables.escape import shown
from veedor.tables.opening import open_table
from veedor.tables.personal import (
    Screen,
    mask,
    names_a_person,
    names_a_place,
    refuse_personal_header,
    refuse_personal_places,
    refuse_personal_text,
    safe,
)
from veedor.tables.rows import read_table

HERE = Path(__file__).parent / "vocabularies"


def vocabularies(name):
    return list(_vocabularies(name))


def _vocabularies(name):
    for line in (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            source, values = line.split(": ", 1)
            yield source, values.split("|")


def stops(values, **settings):
    screen = Screen("category", "c", distinct=True, **settings)
    screen.look(pa.array(values, pa.string()))
    try:
        screen.refuse()
    except PersonalDataRefusal as refusal:
        return str(refusal)
    return None


@pytest.mark.parametrize(("source", "values"), vocabularies("categories"))
def test_a_real_vocabulary_is_let_through_whole_and_value_by_value(source, values):
    assert stops(values) is None
    for form in (str, str.upper, str.lower, str.title):
        assert [value for value in values if stops([form(value)])] == []
    refuse_personal_text(values, what="a label", where="a test")


@pytest.mark.parametrize(("source", "values"), vocabularies("places"))
def test_names_of_places_are_let_through_as_places(source, values):
    assert stops(values, places=True) is None
    for form in (str, str.upper, str.lower, str.title):
        assert [value for value in values if stops([form(value)], places=True)] == []
    refuse_personal_places(values, what="a zone's name", where="a test")
    assert [value for value in values if safe(value, place=True) != shown(value)] == []


@pytest.mark.parametrize(("source", "values"), vocabularies("categories"))
def test_what_victims_report_is_neither_discovered_nor_protest(source, values):
    assert [value for value in values if is_protest(value)] == []
    if source not in ("error cause", "known by", "zero risk words", "agency codes"):
        assert [value for value in values if is_discovered(value)] == []


PLANTED = [
    "CPF 529.982.247-25",
    "529.982.247-25",
    "cpf: 52998224725",
    "CNPJ 11.222.333/0001-81",
    "GOMC900514HDFRRS09",
    "robo a GOMC900514HDFRRS09 en via publica",
    "RFC GODE561231GR8",
    "RUT 12.345.678-5",
    "12.345.678-5",
    "rut 12345678-5",
    "cédula 1.234.567-2",
    "1.234.567-2",
    "cedula de ciudadania 1.020.304.050",
    "documento 30111222",
    "DOCUMENTO NRO 30 111 222",
    "DNI: 30.111.222",
    "d.n.i. nº 30111222",
    "DNI30111222",
    "30.111.222",
    "３０.１１１.２２２",
    "30​.111​.222",
    "NIE X1234567L",
    "NIF 12345678Z",
    "passport 123456789",
    "AB 12 34 56 C",
    "NINO AB123456C",
    "IBAN ES91 2100 0418 4502 0005 1332",
    "GB82WEST12345698765432",
    "CBU 2850590940090418135201",
    "2850590940090418135201",
    "tarjeta 4111 1111 1111 1111",
    "SSN 123-45-6789",
    "123-45-6789",
    "ana@example.org",
    "ana.gomez (at) example.org",
    "ana arroba example punto com",
    "posted by @maria_g99",
    "@juanperez",
    "+54 9 11 4555-1234",
    "tel 45551234",
    "Cel: 11 5555 1234",
    "(555) 234-9876".replace("555", "415"),
    "patente AB123CD",
    "ROBO AUTOMOTOR DOMINIO ABC 123",
    "license plate 7ABC123",
    "placa ABC-1234",
    "matrícula 1234 BCD",
    "robo de AB 123 CD en garage",
    "Av. Corrientes 1234",
    "robo en calle florida 500",
    "calle 25 de Mayo 1234",
    "Calle 45 # 12-30",
    "Rua Augusta 1500",
    "123 Main Street",
    "ROBBERY AT 1520 N 42ND ST",
    "10 Downing Close",
    "víctima Ana Gomez",
    "VICTIMA ANA GOMEZ",
    "victima ana gomez",
    "imputado: JUAN PEREZ",
    "Imputado Perez, Juan",
    "Sr. Lopez",
    "suspect John Smith",
    "victim: mary jones",
    "vítima João da Silva",
    "robo a juan perez en la esquina",
    "HURTO - MARIA DE LOS ANGELES RODRIGUEZ",
    "detenido Xiomara Quispe Mamani",
    "nacido el 12/03/1980",
    "DOB 03/12/1980",
]


@pytest.mark.parametrize("value", PLANTED)
def test_one_datum_among_many_values_stops(value):
    found = stops(["Robo", "Hurto", "Lesiones", value, *(f"Clase {n}" for n in range(200))])
    assert found is not None
    assert value not in found, "an error shows the shape, never the value"


@pytest.mark.parametrize(
    "values",
    [
        ["AB123CD", "AC456EF", "AD789GH", "AE012JK"],
        ["ABC1D23", "BRA2E19", "QWE4R56"],
        ["AB12 CDE", "LD19 XYZ", "BV07 KLM"],
        ["1234 BCD", "5678 FGH", "9012 JKL"],
        ["ABC-12-34", "XYZ-98-76", "KLM-45-67"],
        ["529 982 247 25", "111 444 777 35"],
        ["52998224725", "11144477735"],
        ["12345678Z", "87654321X"],
        ["12345678-5", "11111111-1"],
        ["4111111111111111", "5555555555554444"],
        ["1710034065", "0926687856"],
    ],
)
def test_a_column_of_bare_numbers_or_plates_stops(values):
    assert stops(values) is not None


@pytest.mark.parametrize(
    "values",
    [
        [f"HY{n:06d}" for n in range(100_000, 104_000)],
        [f"{n}" for n in range(20_230_000_000, 20_230_002_000)],
        [f"{n}" for n in range(4_539_000_000_000_000, 4_539_000_000_002_000)],
        [f"{n}" for n in range(1_700_000_000, 1_700_002_000)],
        [f"2023-{n:08d}" for n in range(2_000)],
        [f"{n:08d}-{n % 10}" for n in range(12_345_000, 12_347_000)],
        [f"GO-2023{n:07d}" for n in range(2_000)],
        [f"{n:08d}A" for n in range(2_000)],
        [f"ART {n}" for n in range(100, 300)],
        [f"PFA {n}" for n in range(100, 300)],
        [f"CASE210{n:03d}001" for n in range(100, 900)],
        ["550e8400-e29b-41d4-a716-446655440000", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"],
    ],
)
def test_serials_are_let_through(values):
    assert stops(values) is None


@pytest.mark.parametrize(
    "header",
    [
        "cpf",
        "nif",
        "tel",
        "direccion",
        "address",
        "placa",
        "matricula",
        "iban",
        "birth_date",
        "usuario",
        "Teléfono_1",
        "nroDocumento",
        "user_name",
        "E-Mail",
        "domicilio",
        "endereço",
        "sobrenome",
        "FechaNacimiento",
        "Officer_Badge",
        "CURP",
        "RUT",
    ],
)
def test_headers_about_persons(header):
    assert names_a_person(header)


@pytest.mark.parametrize(
    "header",
    [
        "placement",
        "offense_name",
        "tipo",
        "id",
        "incident_id",
        "case_number",
        "block_address",
        "telling",
        "reuse",
        "dniester",
        "fecha",
        "hora",
        "barrio",
        "comuna",
        "latitud",
        "longitude",
        "district",
        "beat",
        "precinct",
        "autorizacion",
    ],
)
def test_headers_about_incidents(header):
    assert not names_a_person(header)


@pytest.mark.parametrize(
    ("piece", "found"),
    [
        ("a", False),
        ("a.", False),
        ("1", False),
        ("1 ", False),
        ("1.", False),
        ("calle ", False),
        ("dni ", False),
        ("+1 (", False),
        ("@", False),
        ("victima ", False),
        ("1 main ", False),
        ("Ab ", False),
        ("x@y.org ", True),
    ],
)
def test_a_cell_of_a_hundred_thousand_characters_is_read_to_its_end(piece, found):
    """Would not end with a pattern whose time grows with the square: 8 s for 10,000 letters."""
    assert (stops([piece * (100_000 // len(piece))]) is not None) == found


def test_a_datum_at_the_end_of_a_long_cell_is_found():
    assert stops(["x " * 30_000 + "ana@example.org"]) is not None
    assert stops(["x " * 9_999 + "DNI 30.111.222 " + "y " * 20_000]) is not None


DISCOVERED = [
    "NARCOTICS",
    "POSS: CANNABIS 30GMS OR LESS",
    "UNLAWFUL POSS OF HANDGUN",
    "UNLAWFUL USE OTHER FIREARM",
    "Possession of weapons",
    "Weapon Law Violations",
    "Driving Under the Influence",
    "PROSTITUTION",
    "SOLICIT ON PUBLIC WAY",
    "Public order",
    "Stop and search",
    "Immigration",
    "PORTACION DE ARMA DE FUEGO",
    "Infracciones a ley de armas",
    "Delitos contra la salud",
    "Narcomenudeo",
    "Contravenciones",
    "Infracción Ley de Migraciones",
    "Tráfico de entorpecentes",
    "Porte ilegal de arma de fogo",
    "apreensao_drogas",
    "Usage de stupéfiants",
]


@pytest.mark.parametrize("text", DISCOVERED)
def test_what_police_go_looking_for_is_discovered_in_four_languages(text):
    assert is_discovered(text)


def test_safe_shows_shapes_of_what_is_personal():
    assert safe("victima Ana Gomez") == "aaaaaaa Aaa Aaaaa"
    assert safe("Robo") == "Robo"


#: Municipalities, partidos and departments that are called as persons are.
NAMESAKES = [
    "Vicente López",
    "José C. Paz",
    "General San Martín",
    "Presidente Perón",
    "Florencio Varela",
    "Coronel Rosales",
    "Juan Aldama",
    "Benito Juárez",
    "Francisco I. Madero",
    "Miguel Hidalgo",
    "Lázaro Cárdenas",
]
PERSONS = [
    *("Ana Gomez", "Juan Perez", "Maria Lopez", "Carlos Diaz", "Laura Fernandez", "Jose Martinez"),
    *("Lucia Romero", "Diego Sosa", "Sofia Torres", "Pablo Ruiz", "Elena Castro", "Martin Vega"),
]


@pytest.mark.parametrize("name", NAMESAKES)
def test_a_place_that_is_called_as_a_person_is_shown_where_places_stand(name):
    assert safe(name, place=True) == name
    refuse_personal_places([name], what="an area's name", where="areas.csv")


def test_what_is_shown_of_persons_elsewhere_is_their_shape():
    assert [safe(name) for name in PERSONS] == [mask(name) for name in PERSONS]
    assert safe("30.111.222", place=True) == "99.999.999"
    assert safe("victima Ana Gomez", place=True) == "aaaaaaa Aaa Aaaaa"


def table_of(folder, header, names, rows_of_each=3):
    path = folder / "table.csv"
    rows = [f"{number},{name}" for number, name in enumerate(names * rows_of_each)]
    path.write_text("\n".join([f"count,{header}", *rows]) + "\n", encoding="utf-8")
    return path


def test_a_column_of_places_may_hold_namesakes_and_not_a_list_of_persons(tmp_path):
    """Ten names of which six are persons' are persons; of which five are, places."""
    assert (
        list(read_table(table_of(tmp_path, "place", NAMESAKES[:5])).text("place")[:5])
        == (NAMESAKES[:5])
    )
    others = ["Tigre", "Quilmes", "Morón", "Ezeiza"]
    for persons, refused in ((5, False), (6, True)):
        names = [*others, "La Plata", "Bragado"][: 10 - persons] + PERSONS[:persons]
        rows = read_table(table_of(tmp_path, "place", names))
        if refused:
            with pytest.raises(PersonalDataRefusal, match="names of persons"):
                rows.text("place")
        else:
            assert len(rows.text("place")) == 30
    with pytest.raises(PersonalDataRefusal, match="names of persons"):
        refuse_personal_places(PERSONS, what="a zone's name", where="zones.geojson")
    with pytest.raises(PersonalDataRefusal, match="names of persons"):
        Cells.from_polygons(
            np.array([shapely.box(n, 0, n + 1, 1) for n in range(0, 24, 2)], dtype=object),
            PERSONS, "EPSG:32616", source="zones",
        )  # fmt: skip


def test_a_field_at_fault_in_a_column_of_places_is_shown_by_its_name(tmp_path):
    rows = read_table(table_of(tmp_path, "place", NAMESAKES[:1]))
    error = rows.fault("A place must be known.", np.array([True, False, False]), "place")
    assert "Vicente López" in str(error)


def test_keys_and_labels_under_a_header_of_places_are_places(tmp_path):
    names = [*NAMESAKES[:4], "Tigre", "Quilmes"]
    for header, refused in (("group_municipio", False), ("group_officer", True)):
        path = table_of(tmp_path, header, names)
        if refused:
            with pytest.raises(PersonalDataRefusal), open_table(path):
                pass
            continue
        with open_table(path) as source:
            source.load("t", {"g": source.text(header)})
            source.screen_labels("t", {"g": header})
    with (
        pytest.raises(PersonalDataRefusal, match="names of persons"),
        open_table(table_of(tmp_path, "group_municipio", PERSONS)),
    ):
        pass
    with (
        pytest.raises(PersonalDataRefusal, match="names of persons"),
        open_table(table_of(tmp_path, "group_team", NAMESAKES)),
    ):
        pass


def test_headers_of_places():
    of_places = ("municipio", "Departamento_Nombre", "district", "comisaría", "zone id")
    assert [one for one in of_places if not names_a_place(one)] == []
    of_none = ("group", "victim_district", "name", "team", "oficial de zona")
    assert [one for one in of_none if names_a_place(one)] == []


def test_a_property_called_name_is_the_zones_own():
    for header in ("nombre", "name", "NOM"):
        refuse_personal_header("zones", header, of_places=True)
        with pytest.raises(PersonalDataRefusal):
            refuse_personal_header("id", header)
    for header in ("titular", "owner name", "victima"):
        with pytest.raises(PersonalDataRefusal):
            refuse_personal_header("zones", header, of_places=True)


def test_the_names_in_study_toml_are_screened(small_study):
    path = small_study / "study.toml"
    document = tomllib.loads(path.read_text())
    text = path.read_text().replace(document["study"]["title"], "Robos, DNI 30.111.222")
    with pytest.raises(PersonalDataRefusal, match="the title of a study"):
        parse_study(text.encode())
    values = text.replace("Robos, DNI 30.111.222", "Robos") + (
        '\n[[categories]]\nname = "otra"\nknown_by = "reported"\nvalues = ["victima ana gomez"]\n'
    )
    with pytest.raises(PersonalDataRefusal, match="a category's name or value"):
        parse_study(values.encode())


def test_names_of_cells_are_screened():
    square = shapely.box(0, 0, 500, 500)
    with pytest.raises(PersonalDataRefusal, match="addresses with a number"):
        Cells.from_polygons(
            np.array([square], dtype=object), ["Calle Florida 1234"], "EPSG:32616", source="zones"
        )


def test_headers_and_texts_of_an_audited_table_are_screened(tmp_path):
    path = tmp_path / "boxes.csv"
    path.write_text("zone,victima Ana Gomez\n1,2\n")
    with pytest.raises(PersonalDataRefusal, match="a header"):
        read_table(path, [])
    path.write_text("zone,n\nPlaza Juan Perez,2\nDNI 30111222,3\n")
    with pytest.raises(PersonalDataRefusal, match="identity numbers"):
        read_table(path, []).text("zone")
