"""What veedor refuses, and what only looks like it."""

import pytest

from veedor.errors import DiscoveredCategoryRefusal, PersonalDataRefusal, ProtestRefusal, StudyError
from veedor.incidents import (
    Category,
    Columns,
    Source,
    propose,
    read,
    refuse_discovered,
    screen_categories,
)
from veedor.tables.personal import mask, names_a_person


@pytest.mark.parametrize(
    "text",
    [
        "Protest",
        "PROTESTS",
        "Unlawful assembly",
        "demonstration",
        "Manifestación",
        "piquete",
        "Corte de ruta",
        "march rally",
        "huelga",
    ],
)
def test_protest(text):
    with pytest.raises(ProtestRefusal):
        screen_categories([Category("other", "reported", (text,))])


@pytest.mark.parametrize(
    "text",
    ["Aggravated assault", "assembled goods theft", "shooting", "Robo", "THEFT", "Hurto automotor"],
)
def test_not_protest(text):
    screen_categories([Category(text, "reported")])


@pytest.mark.parametrize(
    "text",
    [
        "NARCOTICS",
        "Drug possession",
        "WEAPONS VIOLATION",
        "CONCEALED CARRY LICENSE VIOLATION",
        "Prostitution",
        "Estupefacientes",
        "Tenencia de estupefacientes",
        "Portación de armas",
        "Immigration",
        "PUBLIC ORDER",
        "disorderly conduct",
        "CRIMINAL POSSESSION OF A WEAPON",
        "Ley 23.737",
    ],
)
def test_discovered_although_declared_reported(text):
    with pytest.raises(DiscoveredCategoryRefusal):
        refuse_discovered(Category("x", "reported", (text,)))


@pytest.mark.parametrize(
    "text",
    [
        "assault with a weapon",
        "drugstore robbery",
        "Robo con arma de fuego",
        "shooting",
        "BATTERY",
        "Hurto",
        "CRIMINAL DAMAGE",
        "device theft",
        "service fraud",
    ],
)
def test_not_discovered(text):
    refuse_discovered(Category(text, "reported"))


def test_declared_discovered_is_refused():
    with pytest.raises(DiscoveredCategoryRefusal, match="declared discovered"):
        refuse_discovered(Category("stops", "discovered"))


def reads(folder, ids, kinds=None):
    kinds = kinds or ["theft"] * len(ids)
    path = folder / "a.csv"
    path.write_text(
        "id,when,kind\n"
        + "".join(f'"{i}",2022-01-31 10:00,"{k}"\n' for i, k in zip(ids, kinds, strict=True))
    )
    source = Source(
        (str(path),),
        Columns(id="id", time="when", category="kind"),
        (Category("theft", "reported"),),
        "UTC",
        "EPSG:32616",
    )
    return read(source)


@pytest.mark.parametrize(
    "ids",
    [
        ["ana@example.org", "1"],
        ["+54 9 11 4567-8901", "1"],
        ["(312) 555-2368"],
        ["20-05536168-2"],
        ["20055361682", "20267565393"],
        ["30.123.456", "7"],
        ["DNI 30123456", "7"],
        ["536-90-4399"],
        ["AB123CD", "AC456EF", "AD789GH"],
        ["ABC123", "XYZ456", "QRS789"],
        ["Juan Perez", "Maria Gomez", "Ana Lopez"],
    ],
)
def test_personal_ids(tmp_path, ids):
    with pytest.raises(PersonalDataRefusal) as caught:
        reads(tmp_path, ids)
    text = str(caught.value)
    assert "column 'id'" in text
    assert not any(one in text for one in ids if len(one) > 2)


@pytest.mark.parametrize(
    "ids",
    [
        [f"HZ{n}" for n in range(123456, 123556)],
        [f"JC{n}AB" for n in range(100, 200)],
        [str(n) for n in range(30123456, 30123556)],
        [str(n) for n in range(20055361000, 20055361100)],
        [f"2022-{n:06d}" for n in range(100)],
        [f"{n:03d}-22-{n:04d}" for n in range(900, 990)],
        [f"ABC{n}" for n in range(100, 200)],
    ],
)
def test_ordinary_case_numbers(tmp_path, ids):
    assert len(reads(tmp_path, ids).incidents) == len(ids)


def test_names_among_categories(tmp_path):
    kinds = ["theft", "PEREZ, JUAN", "Maria Gomez", "Carlos Alberto Ruiz"]
    with pytest.raises(PersonalDataRefusal, match="names of persons"):
        reads(tmp_path, range(4), kinds)


@pytest.mark.parametrize(
    "header",
    ["Victim Name", "nombre", "Apellido y Nombre", "email", "DNI", "suspectPhone", "patente"],
)
def test_personal_headers(header):
    assert names_a_person(header)
    with pytest.raises(PersonalDataRefusal, match=r"columns in study\.toml"):
        read(
            Source(
                ("x.csv",),
                Columns(time="when", id=header),
                (Category("a", "reported"),),
                "UTC",
                "EPSG:32616",
            )
        )


@pytest.mark.parametrize(
    "header", ["offense_name", "Nombre del delito", "Primary Type", "id", "OFNS_DESC", "place name"]
)
def test_ordinary_headers(header):
    assert not names_a_person(header)


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"time": "a", "date": "b"},
        {"end": "a"},
        {"time": "a", "latitude": "b"},
        {"time": "a", "clock": "b"},
        {"time": "a", "id": "a"},
    ],
)
def test_columns_that_do_not_fit(columns):
    with pytest.raises(StudyError):
        Columns(**columns)


def test_propose(tmp_path):
    path = tmp_path / "ba.csv"
    lines = [
        f"{n};{n % 9 + 1:02d}/{n % 11 + 1:02d}/2021;{n % 24};"
        f"{'Robo' if n % 3 else 'Piquete'};-34,6{n};-58,4{n};Juan"
        for n in range(30)
    ]
    path.write_text(
        "\n".join(["id-mapa;fecha;franja;tipo;latitud;longitud;nombre", *lines]), encoding="latin-1"
    )
    found = propose([str(path)])
    assert {one.role: one.column for one in found.columns} == {
        "latitude": "latitud",
        "longitude": "longitud",
        "id": "id-mapa",
        "hour_band": "franja",
        "date": "fecha",
        "category": "tipo",
    }
    assert (found.time_zone, found.crs, found.delimiter, found.decimal) == (
        "America/Argentina/Buenos_Aires",
        "EPSG:32721",
        ";",
        ",",
    )
    assert found.ambiguous_dates == ("fecha",)
    assert found.dropped == ("nombre (personal)",)
    assert [(one.value, one.known_by) for one in found.values] == [
        ("Robo", "reported"),
        ("Piquete", None),
    ]
    assert "Juan" not in str(found)


def test_a_masked_example_stays_on_one_line():
    assert mask("a\nb\tana@example.org") == "a a aaa@aaaaaaa.aaa"


@pytest.mark.parametrize("known_by", ["reported", "discovered"])
def test_discovered_categories_may_be_read(tmp_path, known_by):
    path = tmp_path / "a.csv"
    path.write_text("when,kind\n2022-01-31 10:00,NARCOTICS\n")
    category = Category("narcotics", known_by, ("NARCOTICS",))
    columns = Columns(time="when", category="kind")
    assert len(read(Source((str(path),), columns, (category,), "UTC", "EPSG:32616")).incidents) == 1
