"""Days off that somebody lists: asuetos, days of mourning, the recess of courts."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from veedor.disclosure.request.working_days import REACHES, DayOff, Reach
from veedor.errors import DataError, phrase
from veedor.suggestions import one_of
from veedor.tables.escape import shown
from veedor.tables.rows import read_table

#: A row of more days is a mistake of a year.
_MOST_DAYS = 100


def read_days_off(path: Path) -> tuple[DayOff, ...]:
    """Read ``first[, last][, name][, of]``, a row a day or a run of days.

    Parameters
    ----------
    path : Path
        A table, read and screened as any. ``first`` and ``last`` are days, as 2026-12-24; without
        ``last`` a row is one day. ``of`` says whose days they are: of all (also where it is empty),
        of the administration, or of courts.

    Returns
    -------
    tuple of DayOff
        A day each, in the order of the file.

    Raises
    ------
    DataError
        If a day is none, a run ends before it begins or is longer than a recess is, or ``of`` is
        none of the three.
    """
    rows = read_table(path, ("first",))
    held = {
        name: rows.text(name).tolist() if name in rows else [""] * len(rows)
        for name in ("first", "last", "name", "of")
    }
    made: list[DayOff] = []
    for place, (first, last, name, of) in enumerate(zip(*held.values(), strict=True), 1):
        where = phrase("{name}, row {row}", name=rows.name, row=place)
        begins = _day(first, where)
        ends = _day(last, where) if last else begins
        length = (ends - begins).days + 1
        if not 1 <= length <= _MOST_DAYS:
            raise DataError(
                phrase("A run of days off must be of 1 to {most} days.", most=_MOST_DAYS),
                found=phrase("{first} to {last}", first=begins, last=ends),
                where=where,
            )
        reach = _reach(of, where)
        made += [
            DayOff(begins + timedelta(days=n), name, given=True, of=reach) for n in range(length)
        ]
    return tuple(made)


def _day(text: str, where: str) -> date:
    try:
        day = date.fromisoformat(text[: len("2026-12-24")])
    except ValueError:
        day = None
    if day is None or text[10:].strip("T 0:"):  # a spreadsheet's day is one at midnight
        raise DataError(
            "A day off must be a day.",
            found=repr(shown(text)),
            where=where,
            remedy="write it as 2026-12-24",
        )
    return day


def _reach(text: str, where: str) -> Reach:
    for one in REACHES:
        if text.casefold() == one or (not text and one == "all"):
            return one
    raise DataError(
        "Days off must be of all, of the administration or of courts.",
        found=repr(shown(text)),
        where=where,
        remedy=one_of(text, REACHES),
    )
