"""Reasons as they were written: what cells hold, and what word lists make of them.

Whether a reason is vague is decided by a list of words, and one list calls 6% vague where another
calls 38%. Several are asked, all are printed, none is right. A look-up without a stated reason is
not one without a reason.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np

from veedor.arrays import Bools
from veedor.audits.access.ground import Ground
from veedor.audits.access.log import CellState
from veedor.audits.access.results import Term, WordList
from veedor.audits.audit import WHOLE, Statement, Subject
from veedor.statistics.codes import Denominator

#: A number of a case: two digits of a year and a number, or five digits and more in a row.
CASE_NUMBER = re.compile(r"(?<!\d)(?:\d{2}|\d{4})\s?[-/]\s?\d{3,}(?!\d)|(?<!\d)\d{5,}(?!\d)")
#: The list of those that ship which calls most vague.
WIDEST = "kinds"
OWN = "own"
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Vague:
    """Words of a list.

    Parameters
    ----------
    name : str
    words : frozenset of str
        Whole, folded.
    stems : tuple of str
        All that begin so.
    """

    name: str
    words: frozenset[str]
    stems: tuple[str, ...]

    def holds(self, words: Sequence[str]) -> bool:
        """Whether a reason's words are all of the list; numbers say nothing."""
        return all(
            word in self.words or word.isdigit() or word.startswith(self.stems) for word in words
        )

    def printed(self) -> tuple[str, ...]:
        """Return all words as they are printed."""
        return (*sorted(self.words), *(f"{stem}*" for stem in sorted(self.stems)))


@dataclass(frozen=True, eq=False)
class Reasons:
    """What the reasons of look-ups are.

    Parameters
    ----------
    readable : array of bool, shape (look-up,)
        With a value, whole or in part.
    unseen : array of bool, shape (look-up,)
        Not exported, withheld or masked.
    vague : dict of str to array of bool
        List -> look-ups that are vague under it.
    case_number : array of bool, shape (look-up,)
        With a number of a case within.
    vendor : array of bool, shape (look-up,)
        The system's own text.
    words : tuple of str
        Of each reason by its code, folded, a blank between them.
    """

    readable: Bools
    unseen: Bools
    vague: dict[str, Bools]
    case_number: Bools
    vendor: Bools
    words: tuple[str, ...]

    @property
    def widest(self) -> Bools:
        """Look-ups vague under the widest list that ships."""
        return self.vague[WIDEST]


def folded(text: str) -> tuple[str, ...]:
    """Return the words of a text in lower case and without accents.

    >>> folded("Averiguación+de  PARADERO (25-1234)")
    ('averiguacion', 'de', 'paradero', '25', '1234')
    """
    parts = unicodedata.normalize("NFKD", text.casefold())
    return tuple(_WORDS.findall("".join(one for one in parts if not unicodedata.combining(one))))


@lru_cache
def _shipped() -> dict[str, Any]:
    text = (
        resources.files("veedor.audits.access")
        .joinpath("reason_words.toml")
        .read_text(encoding="utf-8")
    )
    return tomllib.loads(text)


def word_lists(own: Sequence[str] = ()) -> tuple[Vague, ...]:
    """Return the lists that ship, each with all of those it builds on, and one of one's own.

    Examples
    --------
    >>> [one.name for one in word_lists()]
    ['nothing', 'generic', 'generic_stems', 'kinds']
    >>> [one.holds(folded("Police search")) for one in word_lists()]
    [False, True, True, True]
    """
    found: dict[str, Vague] = {}
    for name, given in _shipped()["lists"].items():
        held = _list_of(name, given["words"])
        for other in given.get("also", ()):
            held = Vague(name, held.words | found[other].words, (*held.stems, *found[other].stems))
        found[name] = held
    if own:
        found[OWN] = _list_of(OWN, own)
    return tuple(found.values())


def _list_of(name: str, words: Sequence[str]) -> Vague:
    """Make a list: of a phrase every word."""
    stems = {part for word in words if word.endswith("*") for part in folded(word)}
    whole = {part for word in words if not word.endswith("*") for part in folded(word)}
    return Vague(name, frozenset(whole), tuple(sorted(stems)))


def reasons_of(ground: Ground) -> Reasons | None:
    """Read the reasons; None where no file exports them, all are withheld, or all are the same."""
    column = ground.column("reason")
    if column is None:
        return None
    phrases = tuple(" ".join(folded(one)) for one in _shipped()["vendor"]["phrases"])
    lists = word_lists(ground.settings.own_words)
    # A reason is folded once, and its words kept as one text: there may be millions.
    words = []
    vague, vendor, case = ({one.name: bytearray() for one in lists}, bytearray(), bytearray())
    for value in column.values:
        held = folded(value)
        text = " ".join(held)
        words.append(text)
        vendor.append(any(said(phrase, text) for phrase in phrases))
        case.append(CASE_NUMBER.search(value) is not None)
        for one in lists:
            vague[one.name].append(one.holds(held))

    def of_each(by_value: bytearray) -> Bools:
        return np.append(np.frombuffer(by_value, np.bool_), False)[column.codes]

    return Reasons(
        column.known,
        np.isin(column.states, (CellState.NOT_EXPORTED, CellState.WITHHELD, CellState.MASKED)),
        {name: of_each(by_value) for name, by_value in vague.items()},
        of_each(case),
        of_each(vendor),
        tuple(words),
    )


def said(phrase: str, words: str) -> bool:
    """Whether words, a blank between them, hold a phrase: "ice" is not in "police".

    >>> said("ice", "police"), said("ice", "for ice"), said("b c", "a b c")
    (False, True, True)
    """
    return phrase in words and f" {phrase} " in f" {words} "


def reason_shares(ground: Ground, found: Reasons | None) -> list[Statement]:
    """State what the cells of reasons are, and how many reasons hold case numbers or own text."""
    states = ground.log.states("reason")
    of = Denominator("lookups")
    made = []
    for state in CellState:
        here = states == state
        if here.any() and "reason" in ground.log.coded:
            subject = Subject(WHOLE, subset=state.name.lower())
            made.append(ground.share("reason_cells_share", here, ground.everything, of, subject))
    if found is None:
        return made
    of_read = Denominator("lookups_with_reason")
    made.append(ground.share("vendor_text_share", found.vendor, found.readable, of_read))
    made.append(ground.share("case_in_reason_share", found.case_number, found.readable, of_read))
    if (case := ground.log.coded.get("case")) is not None and case.known.any():
        without = found.readable & np.isin(case.states, (CellState.EMPTY, CellState.PLACEHOLDER))
        if without.any():
            made.append(
                ground.share(
                    "case_in_wrong_field_share", found.case_number & without, without,
                    Denominator("lookups_with_reason_without_case"),
                )
            )  # fmt: skip
    for one in word_lists(ground.settings.own_words):
        subject = Subject(WHOLE, one.name)
        made.append(
            ground.share("vague_share", found.vague[one.name], found.readable, of_read, subject)
        )
    return made


def lists_told(ground: Ground, statements: Sequence[Statement]) -> list[WordList]:
    """Return every list with its words and the share that is vague under it."""
    shares = {
        one.subject.assignment: one.estimate for one in statements if one.statistic == "vague_share"
    }
    return [
        WordList(one.name, one.printed(), shares[one.name])
        for one in word_lists(ground.settings.own_words)
        if one.name in shares
    ]


def terms(ground: Ground, found: Reasons) -> list[Term]:
    """Count look-ups whose reason has a word, and those that only have its letters inside others.

    From 1 to one below k neither is told: who was looked up is a person too.
    """
    column = ground.log.coded["reason"]
    many = np.bincount(column.codes[column.known], minlength=len(column.values))
    made = []
    for word in dict.fromkeys((*ground.settings.terms, *_shipped()["topics"]["words"])):
        phrase = " ".join(folded(word))
        letters = np.fromiter((phrase in text for text in found.words), np.bool_)
        whole = letters.copy()
        whole[letters] = [said(phrase, found.words[place]) for place in np.flatnonzero(letters)]
        inside = letters & ~whole
        made.append(
            Term(word, ground.shown(int(many[whole].sum())), ground.shown(int(many[inside].sum())))
        )
    return made
