"""The personal-data screen: columns that say they are personal, and text that is.

Every value of a kept text column is reduced to its *shape* (a digit becomes 9, a letter A or a),
whole columns at once. Shapes that no personal datum has are passed over; the values of the others
are tested, with the check digits of python-stdnum where there are any. What looks like a datum by
chance (one random 11-digit number in eleven passes the CUIT check) refuses the column only if most
values of its shape pass.

Errors and reports show the shape, never the value.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

import numpy as np
import pyarrow as pa
import stdnum.ar.cuit
import stdnum.ar.dni
import stdnum.us.ssn

from veedor.errors import PersonalDataRefusal
from veedor.incidents.escape import shown
from veedor.incidents.given_names import GIVEN_NAMES

#: Header words that name a person or a personal datum, English and Spanish.
_PERSONAL_WORDS = frozenset(
    """
    surname surnames lastname firstname fullname apellido apellidos nombres victim victims
    victima victimas suspect suspects sospechoso sospechosa imputado imputada acusado
    acusada denunciante damnificado offender arrestee complainant witness testigo email mail
    correo phone telephone telefono celular mobile dni cuit cuil ssn passport pasaporte
    plate plates patente dominio curp rut cedula documento dob birthdate nacimiento
    """.split()  # noqa: SIM905
)
#: Words that are personal only if the header holds nothing else ("name", but not "offense name").
_NAME_WORDS = frozenset(
    [
        "name",
        "names",
        "nombre",
        "full",
        "first",
        "last",
        "middle",
        "completo",
        "person",
        "persona",
        "of",
        "de",
        "y",
        "and",
    ]
)
_NAMING = frozenset(["name", "names", "nombre", "persona", "person"])

_EMAIL = re.compile(r"[\w.%+-]+@[\w-]+(\.[\w-]+)*\.[A-Za-z]{2,}")
_INTERNATIONAL = re.compile(r"(?<![\w.])\+\d{1,3}[\s.-]?\(?\d(?:[\s().-]*\d){6,12}(?!\w)")
_NANP = re.compile(r"(?<![\w-])(\([2-9]\d{2}\)\s?|[2-9]\d{2}[-. ])[2-9]\d{2}[-. ]\d{4}(?![\w-])")
_ARGENTINE = re.compile(
    r"(?<![\w-])(\(0\d{2,4}\)\s?|0\d{2,4}[- ]|11[- ]|15[- ])(15[- ]?)?\d{3,4}[- ]\d{4}(?![\w-])"
)
_DOTTED_DNI = re.compile(r"(?<![\w.])\d{1,2}\.\d{3}\.\d{3}(?![\w.])")
_SAID_DNI = re.compile(r"\bD\.?N\.?I\.?\W{0,4}\d{1,2}\.?\d{3}\.?\d{3}\b", re.IGNORECASE)
_CUIT = re.compile(r"(?<![\w-])\d{2}-\d{8}-\d(?![\w-])")
_BARE_CUIT = re.compile(r"\d{11}")
_SSN = re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])")
_PLATE = re.compile(r"[A-Z]{2}[ -]?\d{3}[ -]?[A-Z]{2}|[A-Z]{3}[ -]?\d{3}", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_]{2,}(?:[ ,'-]+[^\W\d_]+){1,4}")

_SHAPE = np.arange(256, dtype=np.uint8)
_SHAPE[ord("0") : ord("9") + 1] = ord("9")
_SHAPE[ord("a") : ord("z") + 1] = ord("a")
_SHAPE[ord("A") : ord("Z") + 1] = ord("A")
_SHAPE[128:] = ord("x")
#: Shapes that can be none of the data tested here: plain numbers that are not of 11 digits, and
#: letters and digits without a blank, dot, at-sign, plus or hyphen.
_HARMLESS = re.compile(r"(?!9{11}$)9*|(?!(?:A|a){2,3}999(?:A|a|$))[Aa]+9[Aa9]*|9+[Aa][Aa9]*|[Aa]+")
_KEPT_PER_SHAPE = 4_000


def refuse_personal_header(role: str, column: str) -> None:
    """Refuse a column whose name says that it holds personal data.

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
    if names_a_person(column):
        raise PersonalDataRefusal(
            "A kept column must not hold personal data.",
            found=f"a column named {column!r}, mapped as `{role}`",
            where="columns in study.toml",
            remedy="map a column without data about persons; veedor drops every column that is not "
            "mapped",
        )


def names_a_person(header: str) -> bool:
    """Whether a header says that its column holds data about persons."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", spaced)
        if not unicodedata.combining(letter)
    )
    words = set(re.findall(r"[a-z]+", bare.casefold()))
    if words & _PERSONAL_WORDS:
        return True
    return bool(words & _NAMING) and words <= _NAME_WORDS


def mask(value: str) -> str:
    """Return the shape of a value, so that it can be shown.

    Examples
    --------
    >>> mask("ana@example.org"), mask("20-05536168-2")
    ('aaa@aaaaaaa.aaa', '99-99999999-9')
    """
    shape = _SHAPE[np.frombuffer(value.encode()[:60], dtype=np.uint8)].tobytes().decode()
    return shown(shape)


class Screen:
    """Looks through one kept text column, batch by batch.

    Parameters
    ----------
    role, column : str
        For the message.
    distinct : bool
        Whether the values given are distinct ones (categories), so that persons' names can be
        sought among them by how many there are.
    """

    def __init__(self, role: str, column: str, *, distinct: bool = False) -> None:
        self.role = role
        self.column = column
        self.distinct = distinct
        self.values_seen = 0
        self._harmless: dict[str, bool] = {}
        self._kept: Counter[str] = Counter()
        self._tested: Counter[str] = Counter()
        self._hits: Counter[tuple[str, str]] = Counter()
        self._plates: set[str] = set()
        self._plate_values = 0
        self._names = 0
        self._example: dict[str, str] = {}

    def look(self, values: pa.StringArray) -> None:
        """Take in the values of a batch."""
        values = values.drop_null()
        self.values_seen += len(values)
        if len(values) == 0:
            return
        shapes = _shapes(values).dictionary_encode()
        names = shapes.dictionary.to_pylist()
        suspicious = [index for index, shape in enumerate(names) if not self._passes(shape)]
        if not suspicious:
            return
        codes = shapes.indices.to_numpy()
        for index in suspicious:
            shape = names[index]
            room = _KEPT_PER_SHAPE - self._kept[shape]
            if room <= 0:
                continue
            rows = np.flatnonzero(codes == index)[:room]
            self._kept[shape] += len(rows)
            for value in values.take(pa.array(rows)).to_pylist():
                self._test(value, shape)

    def _passes(self, shape: str) -> bool:
        known = self._harmless.get(shape)
        if known is None:
            if len(self._harmless) > 100_000:
                self._harmless.clear()
                self._kept.clear()
            known = self._harmless[shape] = _HARMLESS.fullmatch(shape) is not None
        return known

    def _test(self, value: str, shape: str) -> None:
        self._tested[shape] += 1
        for kind in _kinds(value):
            self._hits[kind, shape] += 1
            self._example.setdefault(kind, shape)
        text = value.strip()
        if _PLATE.fullmatch(text):
            self._plate_values += 1
            self._example.setdefault("plates", shape)
            if len(self._plates) < 1_000:
                self._plates.add(re.sub(r"[\d\s-]", "", text).upper())
        if _reads_as_name(text):
            self._names += 1
            self._example.setdefault("names of persons", shape)

    def refuse(self) -> None:
        """Refuse the column if what was seen so far is personal.

        Raises
        ------
        PersonalDataRefusal
            Naming the column, the shape of an example and how many values there were.
        """
        for (kind, shape), count in sorted(self._hits.items()):
            sure = kind in _SURE
            if sure or (count >= _LEAST.get(kind, 1) and count >= 0.5 * self._tested[shape]):
                self._stop(kind, count)
        tested = min(self.values_seen, sum(self._tested.values())) or 1
        enough = min(tested, 40) / 2
        if (
            self._plate_values >= max(3, 0.5 * min(self.values_seen, 4_000))
            and len(self._plates) >= enough
        ):
            self._stop("plates", self._plate_values)
        if self._names >= 3 and (self.distinct or self._names >= 0.2 * tested):
            self._stop("names of persons", self._names)

    def _stop(self, kind: str, count: int) -> None:
        shape = shown(self._example[kind], 40)
        raise PersonalDataRefusal(
            "A kept column must not hold personal data.",
            found=f"{kind}, {count} or more values, of the shape {shape}",
            where=f"column {self.column!r}, mapped as `{self.role}`",
            remedy="map another column, or replace the values with keys that say nothing of a "
            "person before the data reach veedor",
        )


_SURE = frozenset({"e-mail addresses", "telephone numbers", "dotted DNI numbers", "DNI numbers"})
_LEAST = {"bare CUIT or CUIL numbers": 2}


def _kinds(value: str) -> list[str]:
    """Name the kinds of personal data that a value holds, by format and check digit."""
    found = []
    if _EMAIL.search(value):
        found.append("e-mail addresses")
    if _INTERNATIONAL.search(value):
        found.append("telephone numbers")
    if _NANP.search(value) or _ARGENTINE.search(value):
        found.append("local telephone numbers")
    dotted = _DOTTED_DNI.search(value)
    if dotted and stdnum.ar.dni.is_valid(dotted.group()):
        found.append("dotted DNI numbers")
    if _SAID_DNI.search(value):
        found.append("DNI numbers")
    written = _CUIT.search(value)
    if written and stdnum.ar.cuit.is_valid(written.group()):
        found.append("CUIT or CUIL numbers")
    elif _BARE_CUIT.fullmatch(value.strip()) and stdnum.ar.cuit.is_valid(value.strip()):
        found.append("bare CUIT or CUIL numbers")
    social = _SSN.search(value)
    if social and stdnum.us.ssn.is_valid(social.group()):
        found.append("social security numbers")
    return found


def _reads_as_name(value: str) -> bool:
    """Whether a value reads as a given name and a surname, in either order."""
    if not _NAME.fullmatch(value):
        return False
    words = re.findall(r"[^\W\d_]+", value)
    if not all(word[0].isupper() for word in words if len(word) > 3):
        return False
    bare = [
        "".join(
            x for x in unicodedata.normalize("NFKD", word) if not unicodedata.combining(x)
        ).lower()
        for word in words
    ]
    return bare[0] in GIVEN_NAMES or ("," in value and bare[-1] in GIVEN_NAMES)


def _shapes(values: pa.StringArray) -> pa.StringArray:
    """Replace each byte by its kind, without a look at single values."""
    values = pa.concat_arrays([values])  # a slice would carry its neighbours' bytes
    _, offsets, data = values.buffers()
    if data is None:
        return values
    width = np.int64 if pa.types.is_large_string(values.type) else np.int32
    bounds = np.frombuffer(offsets, dtype=width)[values.offset : values.offset + len(values) + 1]
    shaped = _SHAPE[np.frombuffer(data, dtype=np.uint8)[bounds[0] : bounds[-1]]]
    return type(values).from_buffers(
        len(values), pa.py_buffer(np.ascontiguousarray(bounds - bounds[0])), pa.py_buffer(shaped)
    )


def safe(value: str) -> str:
    """Return a raw value as it may be shown: escaped, and as its shape if it reads as personal."""
    return mask(value) if _kinds(value) or _reads_as_name(value.strip()) else shown(value)
