"""What a name says, whatever its case, accents, width and marks: headers, groups, places."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable


def words(header: str) -> str:
    """Return the header as lower-case words without accents.

    Examples
    --------
    >>> words("CMPLNT_FR_DT"), words("Tipo de Delito")
    ('cmplnt fr dt', 'tipo de delito')
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", spaced)
        if not unicodedata.combining(letter)
    )
    return " ".join(re.findall(r"[a-z0-9]+", bare.casefold()))


def folded(name: str) -> str:
    """Return what is left of a name without case, width, and blanks that nobody sees.

    Examples
    --------
    >>> folded(" White\u00a0 Irish "), folded("STRASSE") == folded("straße")
    ('white irish', True)
    """
    whole = unicodedata.normalize("NFKC", name).casefold()
    seen = "".join(c for c in whole if unicodedata.category(c) != "Cf")
    return " ".join(unicodedata.normalize("NFC", seen).split())


def first_alike(names: Iterable[str]) -> tuple[str, ...]:
    """Return the first two different names that only `folded` makes the same; else nothing.

    Examples
    --------
    >>> first_alike(["lat", "Count", "count "]), first_alike(["lat", "lon"])
    (('Count', 'count '), ())
    """
    first: dict[str, str] = {}
    for name in names:
        other = first.setdefault(folded(name), name)
        if other != name:
            return other, name
    return ()
