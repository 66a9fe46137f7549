"""The personal-data screen: text that is kept must hold no personal data.

Every value of a kept text column is reduced to its *shape* (a digit becomes 9, a letter A or a),
whole columns at once. Shapes that no personal datum has are passed over; the values of the others
are tested, with the check digits of python-stdnum where there are any. What looks like a datum by
chance (one random 11-digit number in eleven passes the CUIT check) refuses the column only if most
values of its shape pass.

Errors and reports show the shape, never the value.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NoReturn

import numpy as np
import pyarrow as pa

from veedor.errors import PersonalDataRefusal, phrase
from veedor.tables.escape import shown
from veedor.tables.personal.contacts import CONTACTS, WRITTEN, plate_letters
from veedor.tables.personal.kinds import Kind, folded
from veedor.tables.personal.names import (
    follows_a_role,
    names_a_maker,
    names_a_person_in,
    reads_as_name,
)
from veedor.tables.personal.numbers import NUMBERS
from veedor.tables.personal.offices import reaches_an_office

_NAMES, _PLATES = phrase("names of persons"), phrase("plates")
_SHAPE = np.arange(256, dtype=np.uint8)
_SHAPE[ord("0") : ord("9") + 1] = ord("9")
_SHAPE[ord("a") : ord("z") + 1] = ord("a")
_SHAPE[ord("A") : ord("Z") + 1] = ord("A")
_SHAPE[128:] = ord("x")
#: Shapes of plain numbers and words that can be none of the data tested here.
_HARMLESS = re.compile(
    r"(?!9{10,11}$|9{13,19}$|9{22}$)9*"
    r"|[Aa]{1,3}|[Aa]{4,}"
    r"|(?!(?:A|a){2,3}9{3}(?:A|a|9|$)|(?:A|a){4}9{2}|(?:A|a){2}9{2}|(?:A|a)9{7}|(?:A|a){3,4}9{6}|(?:A|a){3}9(?:A|a)9{2}$)"
    r"[Aa]+9[Aa9]*"
    r"|(?!9(?:A|a){3}9{3}$|9{4}(?:A|a){3}$|9{8}(?:A|a)$)9+[Aa][Aa9]*"
)
_KEPT_PER_SHAPE = 4_000
_FEW, _BY_CHANCE = 30, 0.02
#: Of so many different names of places or more, no gazetteer has more than half that read as names
#: of persons (one in ten has, of the partidos of Buenos Aires); a list of persons has.
_GAZETTEER, _MOST_NAMESAKES = 10, 0.5
#: Longer cells are looked at in parts of this many characters: no datum is longer.
_PART = 20_000


def mask(value: str) -> str:
    """Return the shape of a value, so that it can be shown.

    Examples
    --------
    >>> mask("ana@example.org"), mask("20-05536168-2")
    ('aaa@aaaaaaa.aaa', '99-99999999-9')
    """
    return shown(_shape(value[:60]))


def _shape(value: str) -> str:
    return _SHAPE[np.frombuffer(value.encode(), dtype=np.uint8)].tobytes().decode()


class Screen:
    """Looks through one kept text column, batch by batch.

    Parameters
    ----------
    role, column : str
        For the message.
    distinct : bool
        Whether the values given are distinct ones (categories), so that persons' names can be
        sought among them by how many there are.
    places : bool
        Whether the column is of names of places, and the values given are distinct. Many a place is
        named after a person, so a given name and a surname alone are then nobody's; a name after a
        word such as victim still is, and so is a column most of which are such names.
    """

    def __init__(
        self, role: str, column: str, *, distinct: bool = False, places: bool = False
    ) -> None:
        self.role = role
        self.column = column
        self.distinct = distinct
        self.places = places
        self.values_seen = 0
        self._harmless: dict[str, bool] = {}
        self._kept: Counter[str] = Counter()
        self._tested: Counter[str] = Counter()
        self._hits: Counter[tuple[str, str]] = Counter()
        self._chance: dict[str, float] = {}
        self._sure: Counter[str] = Counter()
        self._plates: set[str] = set()
        self._plate_values = 0
        self._names = 0
        self._passed = 0
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
            self._passed += len(values)
            return
        codes = shapes.indices.to_numpy()
        self._passed += int(np.sum(~np.isin(codes, suspicious)))
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
        text = folded(value)
        found = set()
        for part in _parts(text):
            for kind in kinds_in(part):
                found.add(kind.name)
                if kind.sure:
                    self._sure[kind.name] += 1
                else:
                    self._chance[kind.name] = kind.chance
            if follows_a_role(part) or (not self.places and names_a_person_in(part)):
                found.add(_NAMES)
                self._sure[_NAMES] += 1
        for name in found:
            self._hits[name, shape] += 1
            self._example.setdefault(name, shape)
        letters = plate_letters(text)
        if letters is not None:
            self._plate_values += 1
            self._example.setdefault(_PLATES, shape)
            if len(self._plates) < 1_000:
                self._plates.add(letters)
        if reads_as_name(text[:200]):
            self._names += 1
            self._example.setdefault(_NAMES, shape)

    def refuse(self) -> None:
        """Refuse the column if what was seen so far is personal.

        Raises
        ------
        PersonalDataRefusal
            Naming the column, the shape of an example and how many values there were.
        """
        for name, count in sorted(self._sure.items()):
            self._stop(name, count)
        for (name, shape), count in sorted(self._hits.items()):
            tested = self._tested[shape]
            if count >= 0.5 * tested and _beyond_chance(count, tested, self._chance[name]):
                self._stop(name, count)
        tested = min(self.values_seen, sum(self._tested.values())) or 1
        enough = min(tested, 40) / 2
        if (
            self._plate_values >= max(3, 0.5 * min(self.values_seen, 4_000))
            and len(self._plates) >= enough
        ):
            self._stop(_PLATES, self._plate_values)
        if self._are_persons(tested):
            self._stop(_NAMES, self._names)

    def _are_persons(self, tested: int) -> bool:
        """Whether so many values read as names of persons that the column is one of persons."""
        if self.places:
            return _namesakes(self._names, self._passed + sum(self._tested.values()))
        return self._names >= 3 and (self.distinct or self._names >= 0.2 * tested)

    def _stop(self, kind: str, count: int) -> None:
        shape = shown(self._example[kind], 40)
        raise PersonalDataRefusal(
            "A kept column must not hold personal data.",
            found=phrase(
                "{kind}, {count} or more values, of the shape {shape}",
                kind=kind,
                count=count,
                shape=shape,
            ),
            where=phrase(
                "column {column}, mapped as `{role}`", column=repr(self.column), role=self.role
            ),
            remedy="map another column, or replace the values with keys that say nothing of a "
            "person before the data reach veedor",
        )


def _beyond_chance(count: int, tested: int, chance: float) -> bool:
    """Whether as many serials would pass a check by chance in less than one column in fifty.

    >>> [_beyond_chance(count, 4, 1 / 11) for count in (2, 3)]
    [False, True]
    """
    if tested > _FEW or chance == 0.0:
        return True  # half of many is far beyond chance
    tail = sum(
        math.comb(tested, k) * chance**k * (1.0 - chance) ** (tested - k)
        for k in range(count, tested + 1)
    )
    return tail < _BY_CHANCE


def _namesakes(names: int, of: int) -> bool:
    """Whether more names of places than any gazetteer has read as names of persons.

    >>> _namesakes(5, 10), _namesakes(6, 10), _namesakes(9, 9)
    (False, True, False)
    """
    return of >= _GAZETTEER and names > _MOST_NAMESAKES * of


def refuse_personal_places(names: Iterable[str], *, what: str, where: str) -> None:
    """Refuse names of places in which there is personal data, or that are persons' in truth.

    A place may be called as a person is; ten or more of which most are so called are a list of
    persons.

    Parameters
    ----------
    names : iterable of str
    what, where : str
        As `refuse_personal_text`.

    Raises
    ------
    PersonalDataRefusal
        Naming the kind and the shape, never the name.

    Examples
    --------
    >>> refuse_personal_places(["Vicente Lopez"], what="an area's name", where="areas.csv")
    """
    different = list(dict.fromkeys(names))
    refuse_personal_text(different, what=what, where=where)
    persons = [name for name in different if reads_as_name(name[:200])]
    if _namesakes(len(persons), len(different)):
        _refuse_text(_NAMES, persons[0], what, where)


def refuse_personal_text(
    texts: Iterable[str], *, what: str, where: str, maker: bool = False, office: bool = False
) -> None:
    """Refuse titles, labels, names of places or claims in which there is personal data.

    One datum in one text is enough: who writes a handful of names has written each of them.

    Parameters
    ----------
    texts : iterable of str
    what : str
        What the texts are, for the message: ``"the title of a study"``.
    where : str
        The file, setting or column.
    maker : bool
        Whether they say who made or promises something: then a given name and a surname are a
        person's, and no place's.
    office : bool
        Whether they say how an office is reached: by its address and telephone, and by mail whose
        name is an office's (`names_an_office`).

    Raises
    ------
    PersonalDataRefusal
        Naming the kind and the shape, never the text.

    Examples
    --------
    >>> refuse_personal_text(["Plaza Juan Perez"], what="a zone's name", where="zones.csv")
    >>> refuse_personal_text(["Calle Florida 1234"], what="a zone's name", where="zones.csv")
    Traceback (most recent call last):
    veedor.errors.PersonalDataRefusal: A text that is kept and shown must hold no personal data. \
Found: addresses with a number, in a zone's name of the shape Aaaaa Aaaaaaa 9999. Where: \
zones.csv. To do: write it without data about persons.
    """
    for value in texts:
        if _HARMLESS.fullmatch(_shape(value)):
            continue
        for part in _parts(folded(value)):
            kind = next(
                (
                    one.name
                    for one in kinds_in(part)
                    if one.chance == 0.0 and not (office and reaches_an_office(one, part))
                ),
                None,
            )
            named = names_a_maker(part) if maker else follows_a_role(part)
            if kind is None and (named or follows_a_role(part)):
                kind = _NAMES
            if kind is not None:
                _refuse_text(kind, value, what, where)


def _refuse_text(kind: str, value: str, what: str, where: str) -> NoReturn:
    raise PersonalDataRefusal(
        "A text that is kept and shown must hold no personal data.",
        found=phrase(
            "{kind}, in {examples} of the shape {mask}",
            kind=kind,
            examples=what,
            mask=shown(mask(value), 40),
        ),
        where=where,
        remedy="write it without data about persons",
    )


def kinds_in(text: str) -> Iterator[Kind]:
    """Yield the kinds that a folded text holds, each once."""
    at_sign = "@" in text or "arroba" in text.lower() or re.search(r"[(\[ ]at[)\] ]", text, re.I)
    digit = any(letter.isdigit() for letter in text)
    for kind in WRITTEN if at_sign else ():
        if kind(text):
            yield kind
    for kind in (*CONTACTS, *NUMBERS) if digit else ():
        if kind(text):
            yield kind


def _parts(text: str) -> Iterable[str]:
    """Cut a long text, each part overlapping the one before by more than any datum is long."""
    if len(text) <= _PART:
        return (text,)
    return (text[first : first + _PART] for first in range(0, len(text), _PART - 400))


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


def safe(value: str, *, place: bool = False) -> str:
    """Return a raw value as it may be shown: escaped, and as its shape if it reads as personal.

    Parameters
    ----------
    value : str
    place : bool
        Whether it stands where the name of a place does: then a given name and a surname are the
        place's. A name after a word such as victim is a person's there, too.

    Examples
    --------
    >>> safe("Vicente Lopez"), safe("Vicente Lopez", place=True)
    ('Aaaaaaa Aaaaa', 'Vicente Lopez')
    """
    text = folded(value[:_PART])
    if any(kinds_in(text)) or follows_a_role(text):
        return mask(value)
    if not place and (names_a_person_in(text) or reads_as_name(text)):
        return mask(value)
    return shown(value)
