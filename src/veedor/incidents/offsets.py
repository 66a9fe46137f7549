"""Offsets beside times: what they mean is judged by the days and hours that stand beside them.

Some files write local times as if they were UTC, and some write a local day as the instant at which
it begins, in UTC. Neither can be told from one value.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from veedor.arrays import Bools, Ints
from veedor.errors import StudyError, phrase
from veedor.tables.clocks import DAY, HOUR, LocalClock
from veedor.tables.database import Database, Table, reading
from veedor.tables.hours import clock
from veedor.tables.names import words
from veedor.tables.time_columns import as_text, time_sql, where
from veedor.tables.times import Style
from veedor.tables.written import INSTANT, UTC

_SAMPLE_ROWS = 2_000
_FEWEST = 5
#: So many times that are all at midnight are days.
_FEWEST_DAYS = 20
#: Of the times, how many must agree with the hour beside them, or disagree with it.
_AGREE, _DISAGREE = 0.9, 0.5
_HOURS = re.compile(
    r"(?:.* )?(?:hour|hora|heure|hr|time|tm|clock)"
    r"(?: (?:of day|(?:of |del? |da |do )?"
    r"(?:occ|ocorr|ocurr|hecho|fato|suceso|incident|offen[sc]e|crime|event)\w*))?"
)
_DATED = re.compile(r"\d{4}[-/]|[-/]\d{4}|[-/]\d+[-/]")
#: The clock time that a text ends in, whatever way its day is written.
_CLOCK = re.compile(r"[T ]([\d:.,h]+(?:\s?[AaPp]\.?\s?[Mm]\.?)?)$")
_OFFSET = re.compile(r"(?:[zZ]|UTC|GMT|[+]\d\d(?::?\d\d)?|[:\d]\d ?-\d\d(?::?\d\d)?)$")
_COUNTED = re.compile(r"\d{9,}(?:\.\d*)?|\d(?:\.\d+)?[eE][+]?1\d")
#: Different clock times beside the days of a year: midnight, in winter and in summer.
_MOST_MIDNIGHTS = 3


def judge_offsets(
    database: Database,
    table: Table,
    roles: dict[str, str],
    styles: dict[str, Style],
    time_zone: str,
    *,
    asked: str | None = None,
) -> None:
    """Put into the styles what the offsets and midnights of a table mean.

    A column of times that are all local midnight holds days. A `date` that is midnight as written,
    and not in local time, is the day as written. Times whose written clock agrees with a column of
    hours, while the local clock does not, are an error.

    Parameters
    ----------
    asked : {"convert", "ignore"}, optional
        What the study says of offsets.

    Raises
    ------
    StudyError
        If a column of hours contradicts the offsets.
    """
    local = LocalClock(time_zone)
    hours = [name for name in table.columns if _HOURS.fullmatch(words(name))]
    for role, style in styles.items():
        if not _worth_a_look(table, roles[role]):
            continue
        others = [name for name in hours if name != roles[role]]
        times, with_offset, beside = _sample(database, table, roles[role], style, others)
        moved = np.where(with_offset, local.to_local(times), times)
        if len(times) >= _FEWEST_DAYS and not (moved % DAY).any():
            styles[role] = replace(style, days=True)
            continue
        if asked is not None or not with_offset.any():
            continue
        written, moved = times[with_offset], moved[with_offset]
        as_written, as_moved = np.mean(written % DAY == 0), np.mean(moved % DAY == 0)
        if as_written >= _AGREE and as_moved < _DISAGREE and role == "date":
            styles[role] = replace(style, ignore_offset=True, usual=None, as_written=True)
        elif role in ("time", "start", "date") and as_moved < _AGREE:
            for name in others:
                if contradicts(written, moved, beside[name][with_offset]):
                    raise _contradiction(
                        table, roles[role], name, written, moved, beside[name][with_offset]
                    )


def _worth_a_look(table: Table, header: str) -> bool:
    """Whether the times of a column may carry an offset, or be days at midnight."""
    kind = table.types[header]
    if kind != "VARCHAR":
        return kind != "DATE"
    sample = [value.strip() for value in table.samples[header][:_SAMPLE_ROWS]]
    if any(_OFFSET.search(value) or _COUNTED.fullmatch(value) for value in sample):
        return True
    clocks = {found[1] if (found := _CLOCK.search(value)) else "" for value in sample}
    return "" not in clocks and len(clocks) <= _MOST_MIDNIGHTS


def contradicts(written: Ints, moved: Ints, hours: Ints) -> bool:
    """Whether the hours beside times agree with them as written, and not as converted.

    Parameters
    ----------
    written, moved : array of int64, shape (n,)
        Microseconds in UTC and in local time.
    hours : array of int64, shape (n,)
        0 to 23; -1 where there is none.

    Examples
    --------
    >>> hour = np.array([5, 9, 13, 17, 22])
    >>> contradicts(hour * HOUR, (hour - 5) * HOUR, hour)
    True
    """
    there = hours >= 0
    if np.count_nonzero(there) < _FEWEST:
        return False
    agree = (written[there] // HOUR % 24 == hours[there]).mean()
    agree_moved = (moved[there] // HOUR % 24 == hours[there]).mean()
    return bool(agree >= _AGREE and agree_moved <= _DISAGREE)


def _sample(
    database: Database, table: Table, header: str, style: Style, hours: list[str]
) -> tuple[Ints, Bools, dict[str, Ints]]:
    """Give times, whether each is an instant in UTC, and the hours beside them."""
    listed = [f"{time_sql(table, header, style)} AS m", *(as_text(table, name) for name in hours)]
    with reading(table.name):
        rows = database.rows(
            f"SELECT {', '.join(listed)} FROM {table.relation} LIMIT {_SAMPLE_ROWS}"
        )
    database.malformed()
    rows = [row for row in rows if row[0] is not None and row[0]["k"] in (UTC, INSTANT)]
    return (
        np.array([row[0]["t"] for row in rows], dtype=np.int64),
        np.array([row[0]["k"] == UTC for row in rows], dtype=bool),
        {
            name: np.array([_hour(row[at]) for row in rows], dtype=np.int64)
            for at, name in enumerate(hours, start=1)
        },
    )


def _hour(text: str | None) -> int:
    found = None if text is None or _DATED.search(text) else clock(text)
    return -1 if found is None or found >= DAY else found // HOUR


def _contradiction(
    table: Table,
    header: str,
    hours: str,
    written: Ints,
    moved: Ints,
    beside: Ints,
) -> StudyError:
    at = int(np.flatnonzero((beside >= 0) & (written // HOUR % 24 == beside))[0])
    first = np.datetime_as_string(written[at : at + 1].view("datetime64[us]"), unit="m")[0]
    turned = np.datetime_as_string(moved[at : at + 1].view("datetime64[us]"), unit="m")[0]
    return StudyError(
        "Times with an offset must agree with the hours that stand beside them.",
        found=phrase(
            "{first} in UTC, which is {turned} in local time, beside hour {beside} in "
            "column {hours}",
            first=first,
            turned=turned,
            beside=beside[at],
            hours=repr(hours),
        ),
        where=where(table, header),
        remedy='set offset = "ignore" in study.toml if the clock times are local and the offset is '
        'wrong, or offset = "convert" if they are right',
    )
