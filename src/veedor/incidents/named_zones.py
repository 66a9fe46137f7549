"""`NamedZones`: the places that a record names instead of giving coordinates."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from veedor.arrays import Floats
from veedor.errors import StudyError, phrase
from veedor.tables.escape import shown
from veedor.tables.names import words

#: Of the filled rows of a column, how many must name zones that were given, and how many zones.
_NAMED, _FEWEST_ZONES = 0.5, 2


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


@dataclass(frozen=True)
class OfferedZones:
    """Zones that were given beside a record, which may name them.

    Parameters
    ----------
    names : mapping of str to frozenset of str
        Property of the zones to its values, as `zone_name` compares them.
    longitude, latitude : float
        Their middle.
    """

    names: Mapping[str, frozenset[str]]
    longitude: float
    latitude: float

    def named_by(self, header: str, values: Sequence[str]) -> tuple[float, str] | None:
        """Find the property that a column names the zones by, and the share of its rows that do.

        Numbers name zones only where the header and the property share a word: the hours of a day
        are also numbers of districts.

        Parameters
        ----------
        header : str
        values : sequence of str
            A sample of the column, without what is empty.

        Examples
        --------
        >>> offered = OfferedZones({"NAME": frozenset(("nunoa", "la reina"))}, -70.6, -33.4)
        >>> offered.named_by("comuna", ["Ñuñoa", "LA REINA", "Ñuñoa", "unknown"])
        (0.75, 'NAME')
        >>> offered.named_by("comuna", ["Ñuñoa", "Ñuñoa"]) is None
        True
        """
        written = [zone_name(value) for value in values]
        best: tuple[float, str] | None = None
        for name, held in self.names.items():
            found = [one for one in written if one and one in held]
            alike = set(words(header).split()) & set(words(name).split())
            if not alike and all(one.replace(" ", "").isdigit() for one in set(found)):
                continue
            share = len(found) / len(written) if written else 0.0
            if len(set(found)) >= _FEWEST_ZONES and share >= _NAMED:
                best = max(best or (share, name), (share, name), key=lambda one: one[0])
        return best


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
