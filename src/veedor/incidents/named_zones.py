"""`NamedZones`: the places that a record names instead of giving coordinates."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from veedor.arrays import Floats
from veedor.errors import StudyError, phrase
from veedor.tables.escape import shown


class NamedZones:
    """Zones by name, and a point inside each.

    Parameters
    ----------
    names : sequence of str
    x_m, y_m : array, shape (n,)
        A point inside each, in metres of the study's CRS.

    Raises
    ------
    StudyError
        If two names are one, as they are compared.
    """

    def __init__(self, names: Sequence[str], x_m: Floats, y_m: Floats) -> None:
        self._x_m, self._y_m = x_m, y_m
        self._index: dict[str, int] = {}
        for number, name in enumerate(names):
            known = self._index.setdefault(zone_name(name), number)
            if known != number:
                raise StudyError(
                    "Zones must have names that differ by more than case, accents and punctuation.",
                    found=phrase(
                        "{names} and {name}",
                        names=repr(shown(names[known], 40)),
                        name=repr(shown(name, 40)),
                    ),
                    where=phrase("the file of [cells]"),
                    remedy="set id under [cells] to a property that tells them apart",
                )

    def place(self, name: str) -> tuple[float, float] | None:
        """Return the point inside the zone that a name means; None if there is none."""
        at = self._index.get(zone_name(name))
        return None if at is None else (float(self._x_m[at]), float(self._y_m[at]))


def zone_name(text: str) -> str:
    """Return the name of a zone as it is compared: without case, accents, punctuation, first zeros.

    Examples
    --------
    >>> zone_name("  Ñuñoa "), zone_name("SAN JOSÉ (centro)"), zone_name("007")
    ('nunoa', 'san jose centro', '7')
    """
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text)
        if not unicodedata.combining(letter)
    )
    words = re.findall(r"\w+", bare.casefold())
    return " ".join(word.lstrip("0") or "0" if word.isdigit() else word for word in words)
