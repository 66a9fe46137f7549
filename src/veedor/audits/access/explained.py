"""Look-ups that a hand-written rule explains, that none does, and of which it cannot be told.

An unexplained look-up is not an unlawful one: what would explain it may not have been given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from veedor.arrays import Bools
from veedor.audits.access.authorised import Listed
from veedor.audits.access.first_lookups import Repeats
from veedor.audits.access.ground import Ground
from veedor.audits.access.log import CellState
from veedor.audits.access.reasons import Reasons
from veedor.audits.access.settings import Rule
from veedor.audits.audit import WHOLE, Statement, Subject
from veedor.statistics.codes import Denominator

#: Whether a condition holds: 1, 0, or -1 where that cannot be told.
Answers = npt.NDArray[np.int8]
#: Of the local day, -1 where not known.
Minutes = npt.NDArray[np.int16]
#: Rank of the answers 0, 1 and -1: of several conditions the lowest decides.
_RANK = np.array([0, 2, 1], np.int8)


@dataclass(frozen=True, eq=False)
class Explained:
    """Which rule explains each look-up.

    Parameters
    ----------
    rules : tuple of tuple of str
        Those that what was given can answer, in order.
    by : array of int8, shape (look-up,)
        Number of the first rule that holds; -1 where none does, -2 where it cannot be told.
    """

    rules: tuple[Rule, ...]
    by: Answers


def explained(ground: Ground, lists: Listed | None, reasons: Reasons | None) -> Explained | None:
    """Ask the rules of every look-up, in order; None where no rule can be answered.

    A rule holds where all its conditions do, and fails where one does. A look-up is unexplained
    where all rules fail, and cannot be told where one neither holds nor fails and none holds.
    """
    answers = {
        name: found
        for name, found in (
            ("listed", _listed(lists)),
            ("case_open", _case_open(ground)),
            ("unit_assigned", _unit_assigned(ground)),
            ("case_stated", _case_stated(ground, reasons)),
            ("reason_stated", _reason_stated(reasons)),
            ("in_shift", in_shift(ground)),
        )
        if found is not None
    }
    rules = tuple(rule for rule in ground.settings.rules if all(one in answers for one in rule))
    # Reasons alone are told by themselves: to call what they do not say unexplained is too much.
    if not rules or (lists is None and ground.column("case") is None):
        return None
    by = np.full(len(ground), -1, np.int8)
    for number, rule in enumerate(rules):
        held = np.minimum.reduce([_RANK[answers[one]] for one in rule])
        by[(held == _RANK[-1]) & (by == -1)] = -2
        by[(held == _RANK[1]) & (by < 0)] = number
    return Explained(rules, by)


def _listed(lists: Listed | None) -> Answers | None:
    if lists is None:
        return None
    return np.where(lists.judged, lists.inside, -1).astype(np.int8)


def _case_open(ground: Ground) -> Answers | None:
    """Whether the case is in the register and was open; a case that is stated nowhere is not."""
    register, column = ground.registers.cases, ground.column("case")
    if register is None or column is None:
        return None
    grace = np.timedelta64(ground.settings.case_grace_days, "D")
    widened = replace(register, since=register.since - grace, until=register.until + grace)
    answer = widened.holds(column.codes, ground.log.at).astype(np.int8)
    answer[column.known & (ground.minute < 0)] = -1
    answer[_unseen(column.states)] = -1
    return answer


def _unit_assigned(ground: Ground) -> Answers | None:
    """Whether the case is assigned to the unit of who looks."""
    assigned_to, column = ground.registers.case_units, ground.column("case")
    units = ground.grouping("unit")
    if assigned_to is None or column is None or units is None:
        return None
    codes, names = units
    place = {name: number for number, name in enumerate(names)}
    translated = np.array([place.get(name, -2) for name in assigned_to.values] + [-1], np.int32)
    of_case = np.append(translated[assigned_to.codes], np.int32(-1))
    assigned = of_case[column.codes]
    answer: Answers = (assigned == codes).astype(np.int8)
    answer[column.known & ((assigned == -1) | (codes < 0))] = -1
    answer[~column.known] = 0
    answer[_unseen(column.states)] = -1
    return answer


def _case_stated(ground: Ground, reasons: Reasons | None) -> Answers | None:
    """Whether a case is stated, in its column or as a number within the reason."""
    column = ground.column("case")
    if column is None and reasons is None:
        return None
    stated = np.zeros(len(ground), np.int8)
    unseen = np.zeros(len(ground), np.bool_)
    if column is not None:
        stated[column.known] = 1
        unseen |= _unseen(column.states)
    if reasons is not None:
        stated[reasons.case_number] = 1
        unseen |= reasons.unseen
    stated[unseen & (stated == 0)] = -1
    return stated


def _reason_stated(reasons: Reasons | None) -> Answers | None:
    """Whether the reason says something under the widest word list that ships."""
    if reasons is None:
        return None
    return np.where(reasons.unseen, -1, reasons.readable & ~reasons.widest).astype(np.int8)


def in_shift(ground: Ground) -> Answers | None:
    """Whether a look-up lies within its user's shift; None where no shift is known."""
    roster = ground.registers.roster
    if roster is None or roster.shift_start is None or roster.shift_end is None:
        return None
    begins = np.append(roster.shift_start, np.int16(-1))[ground.user]
    ends = np.append(roster.shift_end, np.int16(-1))[ground.user]
    return between(ground.minute, begins, ends)


def between(minute: Minutes, begins: Minutes | int, ends: Minutes | int) -> Answers:
    """Whether minutes of the day lie between two, over midnight where the second is no later.

    >>> between(np.array([0, 360, 1380, -1]), 22 * 60, 6 * 60).tolist()
    [1, 0, 1, -1]
    """
    after, before = minute >= begins, minute < ends
    inside = np.where(np.asarray(begins) < ends, after & before, after | before)
    known = (minute >= 0) & (np.asarray(begins) >= 0) & (np.asarray(ends) >= 0)
    return np.where(known, inside, -1).astype(np.int8)


def _unseen(states: npt.NDArray[np.uint8]) -> Bools:
    """Cells that may hold something which was not released."""
    return np.isin(states, (CellState.NOT_EXPORTED, CellState.WITHHELD, CellState.MASKED))


def explained_shares(ground: Ground, found: Explained, repeats: Repeats | None) -> list[Statement]:
    """State how many look-ups are explained, by which rule, unexplained, or cannot be told.

    First look-ups of a key stand apart: a repeat is easily explained by what explains the first.
    """
    subsets = [("all", ground.everything)]
    if repeats is not None:
        subsets += [("first", repeats.first), ("again", repeats.known & ~repeats.first)]
    made = []
    for subset, among in subsets:
        of = Denominator({"all": "lookups", "first": "first_lookups", "again": "repeats"}[subset])
        subject = Subject(WHOLE, subset=subset)
        made += [
            ground.share("explained_share", found.by >= 0, among, of, subject),
            ground.share("unexplained_share", found.by == -1, among, of, subject),
            ground.share("cannot_tell_share", found.by == -2, among, of, subject),
        ]
        for number, rule in enumerate(found.rules):
            ruled = Subject(WHOLE, "+".join(rule), subset)
            made.append(ground.share("explained_by_share", found.by == number, among, of, ruled))
    return made
