"""Times that were spoilt before they came: days a spreadsheet turned, half days that were lost.

A spreadsheet that opens 05/04/2022 where the other order is used makes 4 May of 5 April, and leaves
25/04/2022 as text. A clock of twelve hours whose AM and PM were lost puts every evening in the
morning. Neither can be seen in a single value, and both can in a column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np

from veedor.errors import StudyError, phrase
from veedor.tables.escape import shown
from veedor.tables.written import EXCEL_DAYS, plain_time, three_numbers

#: Different days of the month of each kind that must have been seen.
_FEWEST_DAYS = 5
#: Clock times that must have been seen, and the least share in each half of the twelve hours.
_FEWEST_CLOCKS, _LEAST_SHARE = 100, 0.1
#: Counts since 1970 that must have been seen, and how many seconds they may be rounded to.
_FEWEST_POWERS, _SECONDS = 20, 60.0
_ISO_DAY = re.compile(r"\s*(\d{4})[-/](\d{2})[-/](\d{2})(?:[T ].*)?")
_SERIAL = re.compile(r"\s*(\d{5})(?:[.,]\d+)?\s*")
_POWER = re.compile(r"\s*\d(?:[.,](\d+))?[eE][+]?(1\d|9)\s*")
#: Exponent of an instant counted since 1970 -> how many of its unit a second has, as a power.
_UNITS = {9: 0, 12: 3, 15: 6, 18: 9}
_CLOCK = re.compile(r"(?:^|[ T])(\d{1,2})[:.h](\d{2})(?:[:.]\d{2}(?:[.,]\d+)?)?$")


def refuse_turned_days(values: Iterable[str], where: str) -> None:
    """Refuse dates of which a spreadsheet has turned those with a day up to 12.

    Parameters
    ----------
    values : iterable of str
        A sample of a column.
    where : str
        The column, for the message.

    Raises
    ------
    StudyError
        If all texts such as 25/04/2022 have a number above 12, and no date that is written year
        first, or as a day number of a spreadsheet, is after the 12th.

    Examples
    --------
    >>> days = [f"{day}/04/2022" for day in range(13, 28)]
    >>> refuse_turned_days(days + ["2022-05-14"] * 9, "a.csv")
    >>> try:
    ...     refuse_turned_days(days + [f"2022-04-{day:02}" for day in range(1, 13)], "a.csv")
    ... except StudyError as error:
    ...     print(error.must)
    No spreadsheet may have turned the dates of a column.
    """
    texts: dict[int, str] = {}
    made: dict[int, str] = {}
    firsts = set()
    for value in values:
        day = _made_day(value)
        if day is not None:
            if day > 12:
                return
            made.setdefault(day, value)
            continue
        three = three_numbers(plain_time(value))
        if three is None or three[3]:
            continue
        if (three[0] > 12) == (three[1] > 12):
            return
        firsts.add(three[0] > 12)
        texts.setdefault(max(three[:2]), value)
    if len(firsts) != 1 or min(len(texts), len(made)) < _FEWEST_DAYS:
        return
    listed = [
        ", ".join(shown(one, 40) for one in list(some.values())[:3]) for some in (texts, made)
    ]
    raise StudyError(
        "No spreadsheet may have turned the dates of a column.",
        found=phrase(
            "texts of which every one has a number above 12 ({listed}), beside dates of "
            "which none is after the 12th of its month ({others}): their days and months "
            "were exchanged",
            listed=listed[0],
            others=listed[1],
        ),
        where=where,
        remedy="take the file as it was before a spreadsheet opened it, or import it there again "
        "with that column as text",
    )


def refuse_rounded_instants(values: Iterable[str], where: str) -> None:
    """Refuse instants since 1970 that a spreadsheet wrote as powers of ten, and so rounded.

    Parameters
    ----------
    values : iterable of str
        A sample of a column of times.
    where : str
        The column, for the message.

    Raises
    ------
    StudyError
        If of twenty such values or more the one with the most digits is rounded to over a minute.

    Examples
    --------
    >>> refuse_rounded_instants(["1.703848260000E+12"] * 20, "a.csv")
    >>> try:
    ...     refuse_rounded_instants(["1.70385E+12"] * 20, "a.csv")
    ... except StudyError as error:
    ...     print(error.must)
    Times must not have been rounded by a spreadsheet.
    """
    found = [(value, power) for value in values if (power := _POWER.fullmatch(value)) is not None]
    steps = [
        int(power[2]) - _UNITS[int(power[2])] - len(power[1] or "")
        for _, power in found
        if int(power[2]) in _UNITS
    ]
    if len(steps) < _FEWEST_POWERS or 10.0 ** min(steps) <= _SECONDS:
        return
    raise StudyError(
        "Times must not have been rounded by a spreadsheet.",
        found=phrase(
            "counts since 1970 as powers of ten, rounded to {hours:.1f} hours: {examples}",
            hours=10.0 ** min(steps) / 3_600,
            examples=", ".join(shown(value, 40) for value, _ in found[:5]),
        ),
        where=where,
        remedy="take the file as it was before a spreadsheet opened it, or write that column there "
        "as whole numbers and export it again",
    )


def refuse_half_days(values: Iterable[str], where: str) -> None:
    """Refuse clock times that run from 1 to 12, without AM or PM.

    Parameters
    ----------
    values : iterable of str
        A sample of a column of times or clock times.
    where : str
        The column, for the message.

    Raises
    ------
    StudyError
        If of a hundred clock times or more none is at hour 0 or after hour 12, and a tenth or more
        lie before 7 and from 7 to 12 each.

    Examples
    --------
    >>> refuse_half_days([f"{hour}:15" for hour in range(24)] * 9, "a.csv")
    >>> try:
    ...     refuse_half_days([f"{hour}:15" for hour in range(1, 13)] * 9, "a.csv")
    ... except StudyError as error:
    ...     print(error.found)
    hours 1 to 12 only, without AM or PM, in 108 values: 1:15, 2:15, 3:15, 4:15, 5:15
    """
    hours: list[int] = []
    examples: list[str] = []
    for value in values:
        found = _CLOCK.search(value.strip())
        if found is None:
            continue
        hours.append(int(found[1]))
        if not 1 <= hours[-1] <= 12:
            return
        if len(examples) < 5:
            examples.append(value)
    early = np.mean(np.array(hours) < 7) if hours else 0.0
    if len(hours) < _FEWEST_CLOCKS or not _LEAST_SHARE <= early <= 1 - _LEAST_SHARE:
        return
    raise StudyError(
        "Clock times must say which half of the day they are of.",
        found=phrase(
            "hours 1 to 12 only, without AM or PM, in {n:,} values: {examples}",
            n=len(hours),
            examples=", ".join(shown(one, 40) for one in examples),
        ),
        where=where,
        remedy="export the file again with AM and PM, or with hours 0 to 23; if these are hours of "
        'a day of 24, set time_format in study.toml, as "%Y-%m-%d %H:%M", or clock_format = "hhmm" '
        "for a column of clock times; to count by day, map the column of days alone",
    )


def _made_day(value: str) -> int | None:
    """Return the day of the month of a date that a machine wrote."""
    iso = _ISO_DAY.fullmatch(value)
    if iso is not None:
        return int(iso[3])
    serial = _SERIAL.fullmatch(value)
    if serial is None or not EXCEL_DAYS[0] <= int(serial[1]) < EXCEL_DAYS[1]:
        return None
    return (date(1899, 12, 30) + timedelta(days=int(serial[1]))).day
