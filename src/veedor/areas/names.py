"""What is counted, and where: offences and areas, by code, and which of them are sums of others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from veedor.areas.states import Unit
from veedor.arrays import Ints
from veedor.errors import DataError, phrase
from veedor.incidents.model import KNOWN_BY


@dataclass(frozen=True)
class Area:
    """An area that counts are published for.

    Parameters
    ----------
    code : str
        Text, padded as its publisher pads it: ``"02"``, ``"06007"``.
    name : str
    level : str
        As the publisher calls it: ``"provincia"``, ``"municipio"``.
    residual : bool
        Whether it gathers what has no place (``PP999``, ``XX998``): in totals, never a place.
    """

    code: str
    name: str
    level: str
    residual: bool = False


@dataclass(frozen=True)
class Offence:
    """A category of a publisher, with what one count of it counts.

    Parameters
    ----------
    code : str
        Text: ``"14_1"``.
    name : str
    unit : Unit
    known_by : str
        ``"reported"``, or ``"discovered"`` by police activity: then it is never forecast.
    """

    code: str
    name: str
    unit: Unit
    known_by: str = "reported"

    def __post_init__(self) -> None:
        if self.known_by not in KNOWN_BY:
            raise DataError(
                phrase("Offence {code} must be declared reported or discovered.", code=self.code),
                found=repr(self.known_by),
            )


@dataclass(frozen=True)
class Sum:
    """A code whose count is declared to be the sum of others'.

    Parameters
    ----------
    total : str
    parts : tuple of str
        At least one; those that an edition lacks make the sum one that cannot be checked.
    since, until : date, optional
        First day from which, and first day from which no more, it is declared.
    printed : bool
        Whether its publisher prints the total; else it is made of its parts, and holds by itself.
    """

    total: str
    parts: tuple[str, ...]
    since: date | None = None
    until: date | None = None
    printed: bool = True

    def holds_on(self, day: np.datetime64) -> bool:
        """Whether it is declared for the span that begins on a day."""
        after = self.since is None or day >= np.datetime64(self.since)
        return bool(after and (self.until is None or day < np.datetime64(self.until)))


@dataclass(frozen=True, eq=False)
class Level:
    """A coarser division that the areas belong to, whether or not counts are printed for it.

    Parameters
    ----------
    name : str
        ``"regiao"``, ``"RISP"``, ``"provincia"``.
    codes, names : tuple of str
    of : array of int, shape (areas,)
        Which of them each area belongs to, residual areas too; -1 for none.
    """

    name: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    of: Ints = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.codes) != len(self.names) or bool(np.any(self.of >= len(self.codes))):
            raise DataError("Every area of a level must belong to a code of it.", found=self.name)


@dataclass(frozen=True)
class Sums:
    """All declared sums of the areas, or of the offences: a code may be part of several.

    Examples
    --------
    >>> sums = Sums((Sum("cvli", ("homicide", "robbery_death")), Sum("lethal", ("cvli", "police"))))
    >>> sorted(sums.below("lethal"))
    ['cvli', 'homicide', 'police', 'robbery_death']
    >>> sums.first_twice(["homicide", "police"]) is None
    True
    >>> sums.first_twice(["homicide", "lethal"])
    ('lethal', 'homicide')
    """

    declared: tuple[Sum, ...] = ()

    def __post_init__(self) -> None:
        for one in self.declared:
            if one.total in self.below(one.total) or not one.parts:
                raise DataError(
                    "A declared sum must be of other codes than its own.", found=one.total
                )

    @property
    def totals(self) -> frozenset[str]:
        """Codes that are sums of others."""
        return frozenset(one.total for one in self.declared)

    def below(self, code: str) -> frozenset[str]:
        """All codes that a code's count already holds, at any depth."""
        found: set[str] = set()
        waiting = [code]
        while waiting:
            over = waiting.pop()
            for one in self.declared:
                if one.total == over:
                    waiting += [part for part in one.parts if part not in found]
                    found |= set(one.parts)
        return frozenset(found)

    def first_twice(self, codes: Sequence[str]) -> tuple[str, str] | None:
        """Return a total and one of its parts, two with a part in common, or a code named twice."""
        holding: dict[str, int] = {}
        for place, code in enumerate(codes):
            for held in (code, *sorted(self.below(code))):
                other = holding.setdefault(held, place)
                if other != place:
                    return (codes[other], code) if held == code else (code, codes[other])
        return None

    def refuse_twice(self, codes: Sequence[str]) -> None:
        """Refuse to add codes of which one is held by another.

        Raises
        ------
        DataError
        """
        found = self.first_twice(codes)
        if found is not None:
            raise DataError(
                "What is added must not hold the same counts twice.",
                found=phrase(
                    "{total} holds {part}, or a part of it", total=found[0], part=found[1]
                ),
                remedy="name the total alone, or its parts",
            )


def by_code(members: Iterable[Area | Offence], what: str) -> Mapping[str, int]:
    """Return code -> place.

    Raises
    ------
    DataError
        If a code stands twice, or is blank.
    """
    found: dict[str, int] = {}
    for place, member in enumerate(members):
        if not member.code.strip() or member.code in found:
            raise DataError(
                "Codes must be there, and each only once.",
                found=repr(member.code),
                where=what,
                remedy="pad codes as their publisher does, and join what was split",
            )
        found[member.code] = place
    return found
