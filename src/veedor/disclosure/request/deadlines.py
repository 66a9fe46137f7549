"""The calendar of a request: by when each must act, by what provision, and which days were off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import msgspec

from veedor.disclosure.request.law import RECEIVED, Article, Law, LegalText, Procedure, Term
from veedor.disclosure.request.working_days import (
    DayOff,
    DaysOff,
    HolidaySource,
    months_after,
)
from veedor.errors import Phrase, StudyError, phrase
from veedor.statistics.codes import Finding
from veedor.suggestions import one_of


class Deadline(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a calendar.

    Parameters
    ----------
    term : Term
        What the law says.
    extended : bool
        Whether this is the term with its extension.
    happens : bool
        False for an extension that nobody told of, or in time: a row to know of, from which nothing
        else is counted.
    counted_from : date or None
        The day before the first that counts; None where it is not known yet.
    event : str
        Event or term whose day that is.
    day : date or None
        The last day, or the first on which something is open.
    days_off : tuple of DayOff
        Public holidays and listed days that were passed over, beside weekends.
    on_day_off : bool
        Whether a term that is not of working days ends on a day that is none.
    done, interrupted : bool
        Whether what it is for was done, or something interrupted it before its end.
    """

    term: Term
    extended: bool = False
    happens: bool = True
    counted_from: date | None = None
    event: str = ""
    day: date | None = None
    days_off: tuple[DayOff, ...] = ()
    on_day_off: bool = False
    done: bool = False
    interrupted: bool = False


class Deadlines(msgspec.Struct, frozen=True, kw_only=True):
    """A calendar of deadlines, as ``results.json`` of `veedor request deadlines` holds it.

    Parameters
    ----------
    law, country, name, language : str
        Of the law: its code, its country, what it is called, and the language of its words.
    reach : str
    procedure, what : str
        Code of the procedure, and what it is.
    called : dict of str to str
        What happens on a day that somebody may give, by its event.
    events : dict of str to date
        Days that were given.
    rows : tuple of Deadline
        In the order of the law.
    findings : tuple of Finding
        What somebody has to know of these days.
    articles : tuple of Article
    texts : tuple of LegalText
        With when each was read.
    holidays : HolidaySource or None
        Where public holidays come from; None where none were taken.
    listed : int
        Days off that somebody listed.
    """

    law: str
    country: str
    name: str
    language: str
    reach: str
    procedure: str
    what: str
    called: dict[str, str]
    events: dict[str, date]
    rows: tuple[Deadline, ...]
    findings: tuple[Finding, ...]
    articles: tuple[Article, ...]
    texts: tuple[LegalText, ...]
    holidays: HolidaySource | None
    listed: int

    @property
    def dated(self) -> tuple[Deadline, ...]:
        """Rows with a day, those that happen, by day and then as the law has them."""
        known = [one for one in self.rows if one.day is not None and one.happens]
        return tuple(sorted(known, key=lambda one: one.day or date.max))

    @property
    def own(self) -> tuple[Deadline, ...]:
        """Rows of whoever asks that are still to be kept to, by day."""
        return tuple(
            one
            for one in self.dated
            if one.term.whose == "you" and not (one.done or one.interrupted)
        )


def deadlines(
    law: Law, procedure: Procedure, events: Mapping[str, date], off: DaysOff, listed: int = 0
) -> Deadlines:
    """Count the terms of a procedure from the days that are known.

    The day of an event is not counted: the first day of a term is the one after it, or the first
    working day after it. A term of working days ends on a working day; one of calendar days ends on
    the day it is counted to, and a note says where that is a day off. Something that opens once a
    term of days is over opens on the next calendar day. What opens at an interval of months opens
    on the same day of the month, from which as many months lie between, counted either way; where
    a month has no such day, on the first of the next.

    Parameters
    ----------
    law : Law
    procedure : Procedure
        Of this law.
    events : mapping of str to date
        Days that are known, by event of the procedure; that of receipt is needed.
    off : DaysOff
    listed : int
        How many of its days somebody listed.

    Raises
    ------
    StudyError
        For an event that the procedure does not have, none of receipt, or one before it.

    Examples
    --------
    >>> from veedor.disclosure.request.law_file import shipped_law
    >>> law = shipped_law("ar")
    >>> made = deadlines(
    ...     law, law.procedure(""), {"received": date(2026, 3, 2)}, DaysOff("AR", language="es")
    ... )
    >>> [(one.term.code, one.day.isoformat()) for one in made.dated if one.term.whose == "you"]
    [('claim', '2026-05-26'), ('court', '2026-05-26')]
    """
    _check_events(procedure, events)
    known = dict(events)
    rows, findings = [], []
    for term in procedure.terms:
        begun = _begun(term, known)
        row = _acted(_counted(term, begun, term.days, off), events)
        rows.append(row)
        if row.day is None or begun is None:
            continue
        known[term.code] = row.day
        if term.extension:
            told = events.get(term.extended_by)
            in_time = told is not None and told <= row.day
            later = _counted(term, begun, term.days + term.extension, off)
            rows.append(msgspec.structs.replace(later, extended=True, happens=in_time))
            if told is not None and not in_time:
                findings.append(
                    Finding(
                        "extension_too_late",
                        {"told": told.isoformat(), "due": row.day.isoformat()},
                    )
                )
            if in_time and later.day is not None:
                known[term.code] = later.day
                rows[-2] = msgspec.structs.replace(row, happens=False)
        findings += _noted(term, row, events, known)
    articles = law.cited({code for one in procedure.terms for code in one.articles})
    return Deadlines(
        law=law.code,
        country=law.country,
        name=law.name,
        language=law.language,
        reach=law.reach,
        procedure=procedure.code,
        what=procedure.what,
        called={name: law.events[name] for name in procedure.events},
        events=dict(events),
        rows=tuple(rows),
        findings=tuple(findings),
        articles=articles,
        texts=law.read_in(articles),
        holidays=off.holidays,
        listed=listed,
    )


def _check_events(procedure: Procedure, events: Mapping[str, date]) -> None:
    for name in events:
        if name not in procedure.events:
            raise StudyError(
                "A day must be of an event that the procedure has.",
                found=repr(name),
                where=procedure.code,
                remedy=one_of(name, procedure.events),
            )
    if RECEIVED not in events:
        raise StudyError(
            "The day of receipt must be known.", found=phrase("none"), where=procedure.code
        )
    for name, day in events.items():
        if day < events[RECEIVED]:
            raise StudyError(
                "Nothing may happen before the request is received.",
                found=phrase("{event} on {day}", event=name, day=day.isoformat()),
                where=phrase("received on {day}", day=events[RECEIVED].isoformat()),
            )


def _begun(term: Term, known: Mapping[str, date]) -> tuple[str, date] | None:
    """Return the earliest of the days that a term is counted from, and whose it is."""
    begun = [(known[name], name) for name in term.after if name in known]
    if not begun:
        return None
    day, name = min(begun, key=lambda one: one[0])
    return name, day


def _counted(term: Term, begun: tuple[str, date] | None, days: int, off: DaysOff) -> Deadline:
    """Count a term, from a day that is itself not counted."""
    if begun is None:
        return Deadline(term=term)
    event, start = begun
    passed: tuple[DayOff, ...] = ()
    last = start
    if term.unit == "months":
        last = months_after(start, days)
    elif term.unit == "calendar":
        last = start + timedelta(days=days)
    elif days:
        last, passed = off.after(start, days, court=term.court)
    if term.opens and (term.unit != "months" or last.day < start.day):
        # Counted back from the last of a shorter month, so many months reach to before the start.
        last += timedelta(days=1)
    return Deadline(
        term=term,
        counted_from=start,
        event=event,
        day=last,
        days_off=passed,
        on_day_off=term.unit == "calendar"
        and not term.opens
        and not off.works(last, court=term.court),
    )


def _acted(row: Deadline, events: Mapping[str, date]) -> Deadline:
    """Say of a row whether what it is for was done, and whether it was interrupted."""
    stopped = events.get(row.term.interrupted_by)
    return msgspec.structs.replace(
        row,
        done=row.term.done in events,
        interrupted=stopped is not None
        and row.counted_from is not None
        and row.day is not None
        and row.counted_from < stopped <= row.day,
    )


def _noted(
    term: Term, row: Deadline, events: Mapping[str, date], known: Mapping[str, date]
) -> list[Finding]:
    """Say what the days that were given mean for a term."""
    day, begins = known[term.code], row.counted_from
    about = {"what": Phrase(term.what, {}), "day": day.isoformat()}
    made = []
    if row.on_day_off:
        made.append(Finding("ends_on_day_off", {**about}))
    if sum(name in known for name in term.after) > 1 and begins is not None:
        made.append(Finding("earliest_counts", {**about, "begins": begins.isoformat()}))
    done = events.get(term.done)
    if done is not None and begins is not None:
        if done > day:
            made.append(Finding("done_too_late", {**about, "done": done.isoformat()}))
        elif done <= begins:
            at = {"done": done.isoformat(), "begins": begins.isoformat()}
            made.append(Finding("done_too_early", {**about, **at}))
    if row.interrupted:
        stopped = events[term.interrupted_by]
        made.append(Finding("term_interrupted", {**about, "done": stopped.isoformat()}))
    return made
