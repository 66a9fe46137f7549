"""Whether a text names a person: after a word for one, or by a given name and a surname."""

from __future__ import annotations

import re

from veedor.tables.personal.kinds import folded
from veedor.tables.personal.word_lists import GIVEN_NAMES, SURNAMES

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_NAME = re.compile(r"[^\W\d_]{2,40}(?:[ ,'-]{1,3}[^\W\d_]{1,40}){1,4}")

#: Words after which a name is a person's, in Spanish, Portuguese and English.
_ROLES = frozenset(
    """
    victima victimas imputado imputada acusado acusada detenido detenida denunciante damnificado
    damnificada sospechoso sospechosa testigo fallecido fallecida occiso occisa agresor agresora
    procesado procesada condenado condenada aprehendido aprehendida autor autora senor senora sr
    sra srta dona llamado llamada alias apodado apodada nombre apellido
    vitima suspeito suspeita testemunha senhor senhora reu nome
    victim victims suspect suspects accused defendant arrestee complainant witness offender
    deceased mr mrs ms named called name
    """.split()  # noqa: SIM905 - a list of words is read as one
)
_TITLES = frozenset(
    ["sr", "sra", "srta", "senor", "senora", "senhor", "senhora", "mr", "mrs", "ms"]
)
#: What may stand between such a word and the name.
_BETWEEN = frozenset(
    """
    el la o a un una the sr sra srta senor senora mr mrs ms nombre name nome is es y e de don dona
    """.split()  # noqa: SIM905
)
_JOINING = frozenset(["de", "del", "da", "do", "dos", "la", "las", "los", "van", "von", "y"])
#: Words beside a person's name that make it a place's or a law's.
_PLACES = frozenset(
    """
    calle av avda avenida pasaje barrio villa plaza plazoleta parque paseo estacion escuela colegio
    hospital ruta ciudad general gral presidente pte presidencia coronel doctor dr dra street st
    ave avenue road rd boulevard blvd drive park school station square plaza comisaria seccional
    distrito alcaldia municipio comuna localidad partido departamento provincia colonia
    fraccionamiento puente tunel autopista terminal aeropuerto estadio club biblioteca museo
    universidad instituto puerto isla lago rio cerro monte rua bairro praca hospital ward beat
    precinct district lake county township ley law act penal unidad
    """.split()  # noqa: SIM905 - a list of words is read as one
)
#: Words before a person's name, streets of the same name apart.
_RANKS = frozenset(
    """
    dr dra doctor doctora lic licenciado licenciada ing prof profesor profesora professor arq
    general gral coronel presidente pte comisario comisaria jefe jefa oficial sargento capitan
    chief sergeant captain lieutenant officer detective inspector by por
    """.split()  # noqa: SIM905
)
#: Words that make a person's name that of an organisation.
_ORGANISATIONS = frozenset(
    """
    fundacion fundacao foundation stiftung asociacion associacao association asociados associados
    associates sociedad sociedade society compania companhia company empresa corporation corp inc
    ltd llc ltda srl sa gmbh plc estudio studio consultora consultoria consulting consultants
    laboratorio laboratory lab labs grupo group centro center centre observatorio observatory
    instituto institute universidad universidade university facultad faculdade faculty colegio
    college cooperativa cooperative sindicato union liga league comite committee red network
    municipalidad municipality ministerio ministry intendencia prefeitura secretaria gobierno
    government policia police sheriff department dept office oficina city county unit direccion
    fiscalia prosecutor defensoria ombudsman tribunal court diario journal news times post press
    radio newspaper periodico
    """.split()  # noqa: SIM905
)
#: Words that follow such a word with a capital and are nobody's name.
_COMMON = frozenset(
    """
    mujer hombre menor mayor adulto adulta nino nina persona personas femenina femenino masculina
    masculino policia con sin de del por en para vinculada vinculado conocido conocida desconocido
    desconocida fatal leve grave lesionada lesionado multiple multiples unica male female adult
    child minor juvenile unknown known other none person persons police officer injured fatal
    domestic not no of in with without under over and or under age elderly student employee
    """.split()  # noqa: SIM905 - a list of words is read as one
)


def likely_names() -> str:
    """Pattern (of RE2) that a folded text matches wherever `names_a_person_in` finds a name.

    A cheap first look at many texts.
    """
    return rf"(?i)\b(?:{'|'.join(sorted(GIVEN_NAMES | _ROLES))})\b"


def names_a_person_in(value: str) -> bool:
    """Whether a text holds a person's name for sure, as far as the lists of names take it.

    A name after a word such as victim or imputado; or a given name and a surname of the lists side
    by side, in any case, unless a word beside them makes them a place.

    Examples
    --------
    >>> texts = ("víctima Ana Gomez", "robo a juan perez", "imputado: Xiomara Q. Mamani")
    >>> [names_a_person_in(text) for text in texts]
    [True, True, True]
    >>> texts = ("Victima Mujer Adulta", "Plaza Juan Perez", "WITNESS INTIMIDATION")
    >>> [names_a_person_in(text) for text in texts]
    [False, False, False]
    """
    return follows_a_role(value) or _stands_alone(value)


def names_a_maker(value: str) -> bool:
    """Whether a text that says who made or promises something names a person.

    As `names_a_person_in`, unless a word makes it an organisation that is named after one.

    Examples
    --------
    >>> [names_a_maker(text) for text in ("Juan Perez", "Dr. Ana Gomez, analyst")]
    [True, True]
    >>> [names_a_maker(text) for text in ("City of X", "Fundacion Juan Perez", "Holt Winters")]
    [False, False, False]
    """
    words = [one.group() for one in _WORD.finditer(folded(value))]
    if {word.lower() for word in words} & _ORGANISATIONS:
        return False
    surname, _, given = value.partition(",")
    turned = [one.group() for one in _WORD.finditer(folded(f"{given} {surname}"))]
    return any(
        names_a_person_in(" ".join(word for word in order if word.lower() not in _RANKS))
        for order in (words, turned)
    )


def follows_a_role(value: str) -> bool:
    """Whether a text holds a name after a word for a person: victim, imputado, Mr."""
    found = list(_WORD.finditer(folded(value)))
    words = [one.group() for one in found]
    low = [word.lower() for word in words]
    return any(
        word in _ROLES and _named(words, low, number) for number, word in enumerate(low[:-1])
    )


def _named(words: list[str], low: list[str], number: int) -> bool:
    """Whether the words after the one with this number are a name."""
    at = number + 1
    while at < len(words) and at <= number + 4 and (low[at] in _BETWEEN or low[at] in _ROLES):
        at += 1
    if at >= len(words) or low[at] in _COMMON or low[at] in _PLACES:
        return False
    if low[at] in GIVEN_NAMES:
        return True
    following = [word for word in low[at + 1 : at + 4] if word not in _JOINING]
    title = bool({*low[number:at]} & _TITLES)
    if low[at] in SURNAMES and (title or (following[:1] and following[0] in GIVEN_NAMES)):
        return True
    if len(low[at]) > 1 and following[:1] and following[0] in SURNAMES:
        return True
    # Names outside the lists, where the writer's capitals tell them from the words around them.
    second = words[at + 1] if at + 1 < len(words) else ""
    return (
        words[number].islower()
        and words[at].istitle()
        and second.istitle()
        and low[at + 1] not in _COMMON
        and low[at + 1] not in _PLACES
    )


def _stands_alone(value: str) -> bool:
    """Whether a given name and a surname of the lists stand side by side, nobody's place."""
    found = list(_WORD.finditer(folded(value)))
    low = [one.group().lower() for one in found]
    for number, word in enumerate(low[:-1]):
        if word not in GIVEN_NAMES:
            continue
        at = number + 1
        if (at + 1 < len(low) and low[at] in GIVEN_NAMES and low[at + 1] in SURNAMES) or (
            at + 1 < len(low) and len(low[at]) == 1
        ):
            at += 1
        joined = at
        while at + 1 < len(low) and low[at] in _JOINING:
            at += 1
        if at > joined and low[at] not in SURNAMES and at + 1 < len(low):
            at += 1  # de los Angeles Rodriguez
        around = {*low[max(0, number - 3) : number], *low[at + 1 : at + 3]}
        if low[at] in SURNAMES and low[at] != word and not around & _PLACES:
            return True
    return False


def reads_as_name(value: str) -> bool:
    """Whether a whole value reads as a given name and further names, in either order.

    Weaker than `names_a_person_in`: a few such values together tell a column of persons.
    """
    value = folded(value).strip()
    if not _NAME.fullmatch(value):
        return False
    words = re.findall(r"[^\W\d_]+", value)
    if not all(word[0].isupper() for word in words if len(word) > 3):
        return False
    first, last = words[0].lower(), words[-1].lower()
    return first in GIVEN_NAMES or ("," in value and last in GIVEN_NAMES)
