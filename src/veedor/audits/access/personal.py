"""Personal data inside the reasons of look-ups: found, and stopped or masked.

People write the plate that they ask for, a name or a telephone number into the reason. One such
text is one too many, so a single one stops the reading, unless it is asked that they be masked.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from veedor.arrays import Bools, Ints
from veedor.audits.access.cells import matching
from veedor.errors import PersonalDataRefusal, listed, phrase
from veedor.tables.personal.contacts import CONTACTS, WRITTEN, plate_letters
from veedor.tables.personal.kinds import Kind, folded
from veedor.tables.personal.names import likely_names, names_a_person_in
from veedor.tables.personal.numbers import NUMBERS
from veedor.tables.personal.screen import mask

MASK = "[MASKED]"
PLATES, NAMES = "plates", "names of persons"
_KINDS: tuple[Kind, ...] = (*WRITTEN, *CONTACTS, *NUMBERS)
#: Whatever may hold a datum has one of these: an at sign or a word for it, five digits, digits and
#: letters in one word, or a word before a birth.
_MAY = (
    r"(?i)@|arroba|[(\[ ]at[)\] ]|\d\D{0,4}\d\D{0,4}\d\D{0,4}\d\D{0,4}\d|[a-z]\d|\d[a-z]"
    r"|\d.{0,60}\b(?:st|street|ave|avenue|rd|road|blvd|lane|ln|dr|drive|ct|court|way|place|pl)\b"
    r"|\b(?:calle|av|avda|avenida|pasaje|ruta|plate|plates|patente|dominio|placa)\b.{0,40}\d"
)
_TOKEN = re.compile(
    r"(?<![\w-])(?:[A-Z]{2}\d{3}[A-Z]{2}|[A-Z]{3}\d{3,4}|[A-Z]{3}\d[A-Z]\d{2}|[A-Z]{2}\d{2}[A-Z]{3}"
    r"|\d{3}[A-Z]{3}|\d[A-Z]{3}\d{3})(?![\w-])",
    re.IGNORECASE,
)
#: The same for a first look at many texts.
_LIKE_A_PLATE = r"(?i)[a-z]\d{2}|\d[a-z]|\d{3}[a-z]{3}|[a-z]{3}\d"
#: Letters before (or behind) a number that are no plate's: files, calls, laws, roads, months.
_SERIALS = frozenset(
    """
    cad cas cfs cid csi dre dui dwi evt exp fir gtn hwy icr inc inv ipp irn leg mva mvt nic npu oca
    ord orc ors ref rcw rpt sar snc ter usc vin jan feb mar apr may jun jul aug sep oct nov dec ene
    abr ago dic min hrs sec usd ars mph kmh the and for
    """.split()  # noqa: SIM905 - a list of words is read as one
)
#: Letters of so many different numbers, and of such a share of all, are a series of files.
_FEWEST_OF_A_SERIES, _SHARE_OF_A_SERIES = 3, 0.3
#: Texts that are alike but for their digits are tried by so many of them.
_TRIED = 50


@dataclass(frozen=True)
class Screened:
    """Different texts of a column after the screen.

    Parameters
    ----------
    texts : array of text
        Those with personal data masked.
    masked : array of bool
    found : mapping of str to int
        Kind of personal data to look-ups with it.
    """

    texts: pa.Array
    masked: Bools
    found: Mapping[str, int]


def screened(texts: pa.Array, counts: Ints, *, column: str, where: str, masks: bool) -> Screened:
    """Stop at personal data in texts, or mask it.

    Parameters
    ----------
    texts : array of text, shape (n,)
        Different ones, or null.
    counts : array of int, shape (n,)
        Look-ups that have each.
    column, where : str
        For the error.
    masks : bool
        Whether it is masked; otherwise a single one is an error.

    Raises
    ------
    PersonalDataRefusal
        With kinds and how many look-ups there are of each; never with a value.

    Examples
    --------
    >>> said = pa.array(["burglary", "stolen 4 door ABC123", "call ana@example.org"])
    >>> seen = screened(said, np.array([5, 1, 1]), column="Reason", where="a.csv", masks=True)
    >>> seen.texts.to_pylist()
    ['burglary', 'stolen 4 door [MASKED]', 'call [MASKED]']
    >>> dict(seen.found)
    {'e-mail addresses': 1, 'plates': 1}
    """
    even = _folded(texts)
    asked = np.flatnonzero(matching(even, _MAY) | matching(even, likely_names()))
    even = even.take(pa.array(asked))
    series = _series(even.filter(pa.array(matching(even, _LIKE_A_PLATE))).to_pylist())
    kinds = {int(asked[at]): names for at, names in _kinds_by_text(even, series).items()}
    found: Counter[str] = Counter()
    for at, names in kinds.items():
        for name in names:
            found[name] += int(counts[at])
    if found and not masks:
        raise PersonalDataRefusal(
            "Reasons of look-ups must hold no personal data.",
            found=phrase(
                "{kinds}, first in a text of the shape {shape}",
                kinds=listed(
                    phrase("{kind} ({n:,})", kind=name, n=n) for name, n in sorted(found.items())
                ),
                shape=mask(texts[min(kinds)].as_py()[:40]),
            ),
            where=phrase("column {column} of {where}", column=repr(column), where=where),
            remedy="take them out, or run again with --mask, which puts [MASKED] in their place "
            "and counts them",
        )
    masked = np.zeros(len(texts), bool)
    if not kinds:
        return Screened(texts, masked, {})
    masked[list(kinds)] = True
    said = texts.to_pylist()
    for at, names in kinds.items():
        said[at] = _masked(folded(said[at]), names, series)
    return Screened(pa.array(said, pa.string()), masked, dict(sorted(found.items())))


def _folded(texts: pa.Array) -> pa.Array:
    """Do as `folded` does to many texts at once."""
    plain = pc.replace_substring_regex(texts, "[\u00ba\u00aa]", "\u00b0")
    return pc.replace_substring_regex(pc.utf8_normalize(plain, form="NFKD"), r"\p{Mn}|\p{Cf}", "")


def _kinds_by_text(texts: pa.Array, series: frozenset[str]) -> dict[int, frozenset[str]]:
    """Kinds of personal data in each text that has some.

    Texts that differ by digits only are looked at together: a number that passes a check digit by
    chance is none where most of its like do not.
    """
    alike = pc.replace_substring_regex(texts, r"\d", "9").dictionary_encode()
    order = np.argsort(alike.indices.to_numpy(), kind="stable")
    bounds = np.searchsorted(alike.indices.to_numpy()[order], np.arange(len(alike.dictionary) + 1))
    found: dict[int, frozenset[str]] = {}
    for first, last in itertools.pairwise(bounds.tolist()):
        places = order[first:last]
        tried = [_in_text(texts[int(at)].as_py(), series) for at in places[:_TRIED]]
        hits = Counter(name for names in tried for name in names)
        sure = {
            kind.name
            for kind in _KINDS
            if hits[kind.name] and (kind.chance == 0.0 or hits[kind.name] > len(tried) / 2 > 1)
        }
        names = frozenset(sure | ({PLATES, NAMES} & hits.keys()))
        for place, at in enumerate(places.tolist() if names else ()):
            here = tried[place] if place < len(tried) else names
            if here & names:
                found[at] = here & names
    return found


def _in_text(text: str, series: frozenset[str]) -> frozenset[str]:
    names = {kind.name for kind in _KINDS if kind(text)}
    if any(_letters(token) not in series for token in _TOKEN.findall(text)):
        names.add(PLATES)
    whole = plate_letters(text)
    if whole is not None and whole.lower() not in series:
        names.add(PLATES)
    if names_a_person_in(text):
        names.add(NAMES)
    return frozenset(names)


def _masked(text: str, names: frozenset[str], series: frozenset[str]) -> str:
    """Put a mark over what is personal; over all, where it cannot be told from the rest."""
    if NAMES in names or plate_letters(text) is not None:
        return MASK
    for kind in _KINDS:
        if kind.name in names:
            if kind.whole:
                return MASK
            text = kind.pattern.sub(MASK, text)
    if PLATES in names:
        text = _TOKEN.sub(lambda found: found[0] if _letters(found[0]) in series else MASK, text)
    # What an address or an account begins with stands before the at sign that was found.
    return re.sub(rf"[\w.%+-]+{re.escape(MASK)}", MASK, text)


def _series(texts: Iterable[str]) -> frozenset[str]:
    """Letters that stand before numbers of files rather than on plates."""
    numbers: defaultdict[str, set[str]] = defaultdict(set)
    for text in texts:
        for token in _TOKEN.findall(text):
            numbers[_letters(token)].add(re.sub(r"\D", "", token))
    whole = sum(map(len, numbers.values()))
    return _SERIALS | {
        letters
        for letters, seen in numbers.items()
        if len(seen) >= _FEWEST_OF_A_SERIES and len(seen) >= _SHARE_OF_A_SERIES * whole
    }


def _letters(token: str) -> str:
    return re.sub(r"\d", "", token).lower()
