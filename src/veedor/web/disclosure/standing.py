"""Where a request stands today: what is due, by which term of the law, and what is late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from veedor.disclosure.request import Deadline, Deadlines
from veedor.disclosure.request.law import RECEIVED
from veedor.tasks import request_deadlines

#: Events that are of no law: the letter went, and it was answered in full.
SENT, ANSWERED = "sent", "answered"
_EVER = date.max


class Standing(NamedTuple):
    """Where a request stands.

    Parameters
    ----------
    event : str
        What happened last; empty for a letter that was not sent.
    since : date or None
        When.
    made : Deadlines or None
        All terms, once it was received.
    open : tuple of Deadline
        Terms that still run, or ran out without what they are for, by day.
    due : Deadline or None
        What the body, or the agency, has to do now, at last.
    own : Deadline or None
        What is open to whoever asks, until a day that is not over.
    over : Deadline or None
        The last of one's own days, where all of them are over.
    late : bool
        Whether `due` is over.
    """

    event: str
    since: date | None
    made: Deadlines | None = None
    open: tuple[Deadline, ...] = ()
    due: Deadline | None = None
    own: Deadline | None = None
    over: Deadline | None = None
    late: bool = False

    @property
    def first(self) -> tuple[bool, bool, date]:
        """By which requests are put in order: late ones first, answered ones last."""
        days = [one.day for one in (self.own, self.due) if one is not None and one.day is not None]
        return (not self.late, self.event == ANSWERED, min(days, default=_EVER))


def standing_of(procedure: str, days: Mapping[str, date], today: date) -> Standing:
    """Say where a request stands.

    Parameters
    ----------
    procedure : str
        Of the law.
    days : mapping of str to date
        Days that are known, by event.
    today : date

    Raises
    ------
    StudyError
        If the days cannot be of one request.
    """
    if RECEIVED not in days:
        return Standing(SENT if SENT in days else "", days.get(SENT))
    made = request_deadlines.counted(
        request_deadlines.Request(
            received=days[RECEIVED],
            on=tuple(
                f"{event}={day.isoformat()}"
                for event, day in days.items()
                if event not in (SENT, RECEIVED, ANSWERED)
            ),
            procedure=procedure,
            out=Path(),
        )
    )
    if ANSWERED in days:
        return Standing(ANSWERED, days[ANSWERED], made)
    stage = _stage(made)
    left = tuple(one for one in made.dated if _is_open(made, one, stage))
    due = max((one for one in left if _is_due(one)), key=_day, default=None)
    own = [one for one in left if one.term.whose == "you" and not one.term.opens]
    ahead = [one for one in own if _day(one) >= today]
    return Standing(
        stage,
        made.events[stage],
        made,
        left,
        due,
        min(ahead, key=_day, default=None),
        max(own, key=_day, default=None) if not ahead else None,
        due is not None and _day(due) < today,
    )


def _day(row: Deadline) -> date:
    return row.day or _EVER


def _is_due(row: Deadline) -> bool:
    return row.term.whose != "you" and not row.term.opens


def _stage(made: Deadlines) -> str:
    """Return the last event from which a term is counted."""
    counted = {name for row in made.rows for name in row.term.after} & set(made.events)
    order = list(made.called)
    return max(counted, key=lambda name: (made.events[name], order.index(name)))


def _is_open(made: Deadlines, row: Deadline, stage: str) -> bool:
    """Whether a term is not over by what happened: those of others run from the last event."""
    if row.done or row.interrupted:
        return False
    return row.term.whose == "you" or _root(made, row) == stage


def _root(made: Deadlines, row: Deadline) -> str:
    """Return the event that a term is counted from, be it by way of another term."""
    before = {one.term.code: one.event for one in made.rows if one.happens}
    event = row.event
    while event not in made.events:
        event = before[event]
    return event
