"""Headers that say that their column holds data about persons, in four languages."""

from __future__ import annotations

from veedor.errors import PersonalDataRefusal, phrase
from veedor.tables.escape import shown
from veedor.tables.names import words

#: Header words that name a person or a personal datum.
_PERSONAL_WORDS = frozenset(
    """
    surname surnames lastname lname firstname fname fullname forename apellido apellidos nombres
    sobrenome prenom
    victim victims victima victimas vitima vitimas victime suspect suspects sospechoso sospechosa
    suspeito imputado imputada imputados acusado acusada denunciante damnificado damnificada
    detenido detenida offender offenders arrestee complainant witness testigo testemunha autor
    officer officers agente oficial badge legajo owner propietario titular
    email mail correo phone phones telephone telefono telefone telefonos tel celular cel mobile
    movil whatsapp
    dni cuit cuil ssn passport pasaporte passaporte curp rfc rut rg cpf cnpj nif nie nino cedula
    documento iban cbu clabe tarjeta
    plate plates patente patentes dominio placa placas matricula vin chasis chassis imei
    dob birth birthdate birthday nacimiento nascimento cumpleanos
    direccion domicilio endereco address addresses adresse residencia
    user users usuario usuarios username userid login handle twitter instagram facebook
    alias apodo nickname
    """.split()  # noqa: SIM905 - a list of words is read as one
)
#: Words that are personal only if the header holds nothing else ("name", but not "offense name").
_NAME_WORDS = frozenset(
    """name names nombre nome nom full first last middle completo completa person persona pessoa of
    de da do y e and""".split()  # noqa: SIM905
)
_NAMING = frozenset(["name", "names", "nombre", "nome", "nom", "persona", "person", "pessoa"])
#: Words of which one alone is no datum: an address of a block is a place.
_PLACES = frozenset(["block", "hundred", "100", "bloque", "cuadra", "manzana"])
_HOUSE_NUMBERS = frozenset(
    "housenumber house altura numero number nro num puerta puertas numeracion".split()  # noqa: SIM905
)
#: Words for what places are called by, in a header of a column of them.
_OF_PLACES = frozenset(
    """
    area areas zone zones zona zonas place places lugar lugares region regions regiao municipality
    municipalities municipio municipios partido partidos departamento departamentos departments
    county counties district districts distrito distritos province provinces provincia provincias
    comuna comunas commune barrio barrios bairro neighbourhood neighborhood localidad localidades
    locality ciudad city cidade town borough ward wards beat precinct precincto comisaria
    comisarias seccional station stations alcaldia colonia colonias entidad estado state cuadrante
    """.split()  # noqa: SIM905 - a list of words is read as one
)
_ADDRESSES = frozenset(["address", "addresses", "direccion", "adresse", "endereco"])


def names_a_person(header: str) -> bool:
    """Whether a header says that its column holds data about persons.

    Examples
    --------
    >>> [names_a_person(one) for one in ("victim_dni", "Nombre", "offense_name", "Block Address")]
    [True, True, False, False]
    """
    found = set(words(header).split())
    return _says_whose(header) or (bool(found & _NAMING) and found <= _NAME_WORDS)


def _says_whose(header: str) -> bool:
    """Whether a word of a header is of persons by itself, as victim is and name is not."""
    found = set(words(header).split())
    return bool((found - _ADDRESSES if found & _PLACES else found) & _PERSONAL_WORDS)


def names_a_place(header: str) -> bool:
    """Whether a header says that its column holds places, which may be called as persons are.

    Examples
    --------
    >>> [names_a_place(one) for one in ("municipio", "Departamento_Nombre", "group", "victima")]
    [True, True, False, False]
    >>> names_a_place("victim_district")
    False
    """
    found = set(words(header).split())
    return bool(found & _OF_PLACES) and not found & _PERSONAL_WORDS


def names_an_address(header: str) -> bool:
    """Whether a header of streets says that its column holds addresses, or persons.

    Examples
    --------
    >>> [names_an_address(one) for one in ("addr:housenumber", "Domicilio", "Altura", "nombre")]
    [True, True, True, False]
    """
    found = set(words(header).split())
    return bool(found & (_PERSONAL_WORDS | _HOUSE_NUMBERS))


def refuse_personal_header(role: str, column: str, *, of_places: bool = False) -> None:
    """Refuse a column whose name says that it holds personal data.

    Parameters
    ----------
    role, column : str
        For the message.
    of_places : bool
        Whether the rows are places, so that a column that is called ``name`` holds theirs.

    Raises
    ------
    PersonalDataRefusal

    Examples
    --------
    >>> refuse_personal_header("category", "offense_name")
    >>> refuse_personal_header("id", "victim_dni")
    Traceback (most recent call last):
    veedor.errors.PersonalDataRefusal: A kept column must not hold personal data. Found: a column \
named 'victim_dni', mapped as `id`. Where: columns in study.toml. To do: map a column without data \
about persons; veedor drops every column that is not mapped.
    """
    if _says_whose(column) if of_places else names_a_person(column):
        raise PersonalDataRefusal(
            "A kept column must not hold personal data.",
            found=phrase(
                "a column named {column}, mapped as `{role}`", column=repr(shown(column)), role=role
            ),
            where=phrase("columns in study.toml"),
            remedy="map a column without data about persons; veedor drops every column that is not "
            "mapped",
        )
