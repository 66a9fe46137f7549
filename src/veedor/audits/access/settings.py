"""What is asked of an audit of access."""

from __future__ import annotations

import re
from datetime import date
from typing import TypeAlias

import msgspec

from veedor.errors import StudyError, phrase
from veedor.statistics.suppression import SMALL_COUNT
from veedor.tables.escape import shown

#: What a rule of explanations can ask of a look-up; several in one rule must all hold.
CONDITIONS = (
    "listed",         # the key is on the authorised list in force
    "case_open",      # the case is in the register and was open
    "unit_assigned",  # the case is assigned to the user's unit
    "case_stated",    # a case is stated, in its column or within the reason
    "reason_stated",  # the reason says something under the widest word list
    "in_shift",       # within the user's shift
)  # fmt: skip

Rule: TypeAlias = tuple[str, ...]

#: In order: the first that holds explains a look-up.
RULES: tuple[Rule, ...] = (
    ("listed",),
    ("case_open", "unit_assigned"),
    ("case_open",),
    ("case_stated",),
)


class PolicyDate(msgspec.Struct, frozen=True):
    """A day from which other rules held: no trend is drawn across it.

    Parameters
    ----------
    day : date
        Local; the first day under the new rules.
    name : str
        What changed, in the words of who gives it.
    """

    day: date
    name: str = ""


class Settings(msgspec.Struct, frozen=True):
    """What is asked of an audit of access.

    Parameters
    ----------
    k : int
        Counts of people from 1 to one below it are hidden, and groups of fewer people.
    level : float
        Of intervals.
    replicates : int
        Of the bootstrap of concentration.
    devices_above : float
        From how many devices on a look-up is said to reach many: more than this.
    windows_above : tuple of float
        Days: for windows asked for that are longer.
    repeats_within : tuple of int
        Days within which a look-up of the same key is a repeat.
    listed_later_within : int
        Days after a look-up within which a key comes onto the authorised list "later".
    case_grace_days : int
        Days before a case is opened and after it is closed that still count as open.
    rules : tuple of tuple of str
        Explanations in order, each of `CONDITIONS` that must all hold.
    working_hours : (float, float) or None
        Local hours in [0, 24], from the first to the second without it, of look-ups by users
        without a shift. None asks nothing.
    working_days : tuple of int
        0 is Monday.
    policies : tuple of PolicyDate
    terms : tuple of str
        Words that are counted in reasons as whole words, besides those that ship.
    own_words : tuple of str
        A word list of vague reasons of one's own, beside those that ship.
    review : int
        Look-ups in the random part of the review plan.
    targeted : int
        At most so many in its targeted part.
    seed : int

    Raises
    ------
    StudyError
        If one cannot be.
    """

    k: int = SMALL_COUNT
    level: float = 0.95
    replicates: int = 2000
    devices_above: float = 1000.0
    windows_above: tuple[float, ...] = (1.0, 7.0, 30.0)
    repeats_within: tuple[int, ...] = (1, 7, 30)
    listed_later_within: int = 7
    case_grace_days: int = 0
    rules: tuple[Rule, ...] = RULES
    working_hours: tuple[float, float] | None = None
    working_days: tuple[int, ...] = (0, 1, 2, 3, 4)
    policies: tuple[PolicyDate, ...] = ()
    terms: tuple[str, ...] = ()
    own_words: tuple[str, ...] = ()
    review: int = 200
    targeted: int = 50
    seed: int = 0

    def __post_init__(self) -> None:
        if self.k < 2:
            _wrong(phrase("The smallest group told of must be of 2 or more."), str(self.k))
        if not 0.0 < self.level < 1.0:
            _wrong(phrase("The level must be in (0, 1)."), str(self.level))
        if self.replicates < 100:
            _wrong(phrase("Replicates must be 100 or more."), str(self.replicates))
        for days in (*self.windows_above, *self.repeats_within):
            if not days > 0:
                _wrong(phrase("Days must be above 0."), str(days))
        for count in (
            self.review, self.targeted, self.listed_later_within, self.case_grace_days,
        ):  # fmt: skip
            if count < 0:
                _wrong(phrase("Numbers of days and of look-ups must be 0 or more."), str(count))
        for rule in self.rules:
            unknown = [one for one in rule if one not in CONDITIONS]
            if unknown or not rule:
                _wrong(
                    phrase(
                        "A rule must be of these conditions: {conditions}.",
                        conditions=", ".join(CONDITIONS),
                    ),
                    repr(shown(unknown[0])) if unknown else phrase("a rule without one"),
                )
        hours = self.working_hours
        if hours is not None and not (
            all(0.0 <= hour <= 24.0 for hour in hours) and hours[0] != hours[1]
        ):
            _wrong(phrase("Working hours must be two, from 0 to 24."), f"{hours[0]}-{hours[1]}")
        if any(not 0 <= day <= 6 for day in self.working_days):
            _wrong(phrase("Working days must be from 0 (Monday) to 6."), str(self.working_days))
        for word in (*self.terms, *self.own_words):
            if not re.search(r"\w", word):
                _wrong(phrase("A word must have a letter or a digit."), repr(shown(word)))


def _wrong(must: str, found: str) -> None:
    raise StudyError(must, found=found)
