"""What `propose` says of times: which columns hold them, and the settings that read them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from veedor.errors import StudyError, phrase
from veedor.incidents.offsets import judge_offsets
from veedor.incidents.scan import TIME_ROLES
from veedor.tables.clocks import DAY
from veedor.tables.database import Database, Table, reading
from veedor.tables.escape import shown
from veedor.tables.hours import find_clock_style
from veedor.tables.names import words
from veedor.tables.personal import names_a_person
from veedor.tables.time_columns import is_text, time_sql, time_style, where
from veedor.tables.written import INSTANT, UTC

_SAMPLE_ROWS = 2_000
#: Clock times beside days: midnight, in winter and in summer.
_MOST_MIDNIGHTS = 3
_FEWEST_DAYS = 20
_UTC_WORDS = frozenset(("utc", "gmt", "zulu"))
_READABLE = 0.9
#: Hours of words that stand together. Agencies set their own: a guess to confirm.
DAY_PARTS: tuple[Mapping[str, str], ...] = (
    {"jour": "8-16", "soir": "16-24", "nuit": "0-8"},
    {"day": "8-16", "evening": "16-24", "midnight": "0-8", "night": "0-8"},
    {"madrugada": "0-6", "manana": "6-12", "tarde": "12-18", "noche": "18-24"},
    {"madrugada": "0-6", "manha": "6-12", "tarde": "12-18", "noite": "18-24"},
    {"nuit": "0-6", "matin": "6-12", "apres midi": "12-18", "soir": "18-24"},
    {"night": "0-6", "morning": "6-12", "afternoon": "12-18", "evening": "18-24"},
    {"dia": "6-18", "noche": "18-6", "noite": "18-6"},
    {"am": "0-12", "pm": "12-24"},
)
_NUMBER = re.compile(r"\s*[-+]?[\d.,]+\s*")
#: What stands before a part of the day, as in "por la noche".
_ARTICLES = re.compile(
    r"^(?:(?:de|da|do|del|por|pela|pelo|en|em|na|no|a|as|o|la|el|le|les|du|in|at|the|durante)"
    r" )+"
)
#: Headers of times that are not when it happened.
_NOT_WHEN = re.compile(
    r"report|rpt|denuncia|registro|carga|update|modif|created|creat|entered|birth|nacim|load|extract"
)
_PARTS = {
    "year": r"(?:.* )?(?:ano|anio|year|annee|yr)(?: .*)?",
    "month": r"(?:.* )?(?:mes|month|mois)(?: .*)?",
    "day": r"(?:.* )?(?:dia|day|jour)(?: (?!week|semana).*)?",
    "hour": r"(?:.* )?(?:hora|hour|heure|hr)(?: .*)?",
    "minute": r"(?:.* )?(?:minuto|minutos|minute|minutes|min)(?: .*)?",
}


def settle_times(
    database: Database, one: Table, roles: dict[str, str], why: dict[str, str], notes: list[str]
) -> dict[str, str]:
    """Keep one way of saying when, by what the values hold; give words for parts of the day.

    Parameters
    ----------
    roles, why : dict
        Role to header, and to a reason: changed in place.
    notes : list of str
        Added to.

    Returns
    -------
    dict
        A word for a part of the day -> its hours.
    """
    companions = {"clock", "hour_band"} & set(roles)
    if "clock" in roles and "time" not in roles and _dated(one, roles["clock"]):
        _move(roles, why, "clock", "time")
    if "date" in roles and has_clock(database, one, roles["date"], beside=bool(companions)):
        if "time" in roles:
            del roles["date"]
        else:
            _move(roles, why, "date", "time")
    elif (
        "time" in roles
        and "date" not in roles
        and companions
        and not has_clock(database, one, roles["time"], beside=True)
    ):
        _move(roles, why, "time", "date")
    parts: dict[str, str] = {}
    for role in ("clock", "hour_band"):
        if role not in roles:
            continue
        found = _parts_of_the_day(one, roles[role], band=role == "hour_band")
        if found is None:
            notes.append(
                phrase(
                    "Column {column} cannot be read as `{role}`.",
                    column=repr(shown(roles[role], 40)),
                    role=role,
                )
            )
            del roles[role]
        else:
            parts |= found
    if "date" in roles and one.samples[roles["date"]] and _is_number_of_a_day(one, roles["date"]):
        del roles["date"]
    if not {"time", "start", "date"} & set(roles):
        _in_parts(one, roles, why)
        if "year" not in roles:
            _by_values(database, one, roles, why)
    _note_clocks_of_interval(database, one, roles, notes)
    _one_time(roles)
    _with_minutes(one, roles, why)
    if not {"time", "start", "date", "year"} & set(roles):
        notes.append(
            phrase("No column of times was recognised: set time, or start and end, or date.")
        )
    return parts if {"clock", "hour_band"} & set(roles) else {}


def _note_clocks_of_interval(
    database: Database, one: Table, roles: dict[str, str], notes: list[str]
) -> None:
    """Say that clock times of days of a start and an end, in columns of their own, are not read."""
    if not {"start", "end"} <= set(roles) or has_clock(database, one, roles["start"], beside=True):
        return
    beside = []
    for role in ("start", "end"):
        stem = set(words(roles[role]).split()) - {"date", "fecha", "data", "day"}
        beside += [
            header
            for header in one.columns
            if header not in (roles["start"], roles["end"])
            and stem < set(words(header).split())
            and {"time", "hora", "heure", "hour", "clock"} & set(words(header).split())
        ]
    if len(beside) == 2:
        listed = ", ".join(repr(shown(header, 40)) for header in beside)
        notes.append(
            phrase(
                "The clock times in {listed} are not read: each interval runs from the "
                "beginning of its first day to the end of its last. Put day and clock time "
                "into one column in the file; or map {column} as date and {clock} as clock, "
                "without an end.",
                listed=listed,
                column=repr(shown(roles["start"], 40)),
                clock=repr(shown(beside[0], 40)),
            )
        )


def ambiguous(database: Database, one: Table, roles: Mapping[str, str]) -> tuple[str, ...]:
    """Return the columns whose order of day and month cannot be known."""
    return tuple(
        shown(roles[role], 80)
        for role in TIME_ROLES
        if role in roles and time_style(database, one, roles[role], settled=False).unsettled
    )


def offset_of(
    database: Database, one: Table, roles: Mapping[str, str], time_zone: str
) -> tuple[str | None, str]:
    """Return the `offset` setting that a column of hours asks for, and why."""
    found = {role: roles[role] for role in TIME_ROLES if role in roles}
    styles = {
        role: time_style(database, one, header, settled=False) for role, header in found.items()
    }
    open_styles = [style for style in styles.values() if style.unsettled]
    if open_styles:
        return None, ""
    try:
        judge_offsets(database, one, found, styles, time_zone)
    except StudyError as error:
        return "ignore", phrase(
            "Times carry an offset that is not theirs: {found}.", found=error.found
        )
    return None, ""


def header_in_utc(database: Database, one: Table, roles: Mapping[str, str]) -> str | None:
    """Return the header of a column of times that says UTC, where its values do not.

    Days, and clock times that are columns of their own, are as they are written.
    """
    for role in ("time", "start"):
        header = roles.get(role)
        if header is None or not _UTC_WORDS & set(words(header).split()):
            continue
        kinds = {kind for at, kind in _sampled(database, one, header) if at is not None}
        if kinds and UTC not in kinds:
            return header
    return None


def _sampled(database: Database, one: Table, header: str) -> list[tuple[Any, Any]]:
    """Read the first times of a column: microseconds, and of which kind; None where it has none."""
    style = time_style(database, one, header, settled=False)
    if style.unsettled:
        style = style.in_order("dmy")
    with reading(one.name):
        rows = database.rows(
            f"SELECT m.t, m.k FROM (SELECT {time_sql(one, header, style)} AS m "
            f"FROM {one.relation} LIMIT {_SAMPLE_ROWS})"
        )
    database.malformed()
    return [(row[0], row[1]) for row in rows]


def has_clock(database: Database, one: Table, header: str, *, beside: bool) -> bool:
    """Whether the times of a column have clock times, as against days at midnight.

    `beside` says whether there is a column of hours.
    """
    rows = _sampled(database, one, header)
    clocks = {row[0] % DAY for row in rows if row[1] in (INSTANT, UTC)}
    if any(row[0] % DAY for row in rows if row[1] == INSTANT):
        return True
    # A local day begins, in UTC, on one hour in winter and on another in summer.
    few = len(clocks) <= _MOST_MIDNIGHTS and not any(clock % (DAY // 48) for clock in clocks)
    return bool(clocks) and not (few and (beside or len(rows) >= _FEWEST_DAYS))


def _dated(one: Table, header: str) -> bool:
    dated = re.compile(
        r"\s*(?!1899|1900-0?1-0?[01]\b)\d{4}[-/]\d|(?!0?1/0?[01]/1900).*[-/](?!1899)\d{4} "
    )
    sample = one.samples[header][:50]
    return bool(sample) and all(dated.match(value) for value in sample)


def _move(roles: dict[str, str], why: dict[str, str], old: str, new: str) -> None:
    roles[new] = roles.pop(old)
    column = repr(shown(roles[new], 40))
    why[new] = (
        phrase("its header {column}, and its values hold a clock time", column=column)
        if new == "time"
        else phrase("its header {column}, and its values are days", column=column)
    )


def _parts_of_the_day(one: Table, header: str, *, band: bool) -> dict[str, str] | None:
    """Return the hours of a column's words, none for clock times; None if it is neither."""
    values = sorted(set(one.samples[header]))
    try:
        style = find_clock_style(values, where(one, header), band=band)
    except StudyError:  # numbers that may be hours or minutes: the reading says what to set
        return {}
    unread = [value for value in values if style.span(value) is None]
    if not unread:
        return {}
    named = {_ARTICLES.sub("", words(value)): value for value in unread}
    for known in DAY_PARTS:
        if set(named) <= set(known):
            return {value: known[word] for word, value in named.items()}
    counted = sum(value in unread for value in one.samples[header])
    return {} if counted <= (1 - _READABLE) * len(one.samples[header]) else None


def _is_number_of_a_day(one: Table, header: str) -> bool:
    return all(re.fullmatch(r"\s*\d{1,2}(?:\.0*)?\s*", value) for value in one.samples[header])


def _in_parts(one: Table, roles: dict[str, str], why: dict[str, str]) -> None:
    """Propose year, month and day, where each has a column of its own."""
    free = [header for header in one.columns if header not in roles.values()]
    found: dict[str, str] = {}
    for role, pattern in _PARTS.items():
        if role in ("hour", "minute") and {"clock", "hour_band"} & set(roles):
            continue
        known = [
            header
            for header in free
            if header not in found.values()
            and re.fullmatch(pattern, words(header))
            and (role == "month" or _are_whole(one, header))
            and one.samples[header]
        ]
        if known:
            found[role] = known[0]
    if not {"year", "month"} <= set(found):
        return
    if "hour" not in found:
        found.pop("minute", None)
    roles |= found
    why |= {
        role: phrase("its header {column}", column=repr(shown(name, 40)))
        for role, name in found.items()
    }


def _by_values(database: Database, one: Table, roles: dict[str, str], why: dict[str, str]) -> None:
    """Propose the first column whose values are written dates, whatever its header.

    Numbers alone may be anything, and are not taken for dates here.
    """
    for header in one.columns:
        sample = one.samples[header][:_SAMPLE_ROWS]
        taken = header in roles.values() or names_a_person(header)
        taken = taken or _NOT_WHEN.search(words(header)) is not None
        if taken or not sample or not is_text(one.types[header]):
            continue
        if any(_NUMBER.fullmatch(value) for value in sample[:50]):
            continue
        try:
            micros = _micros(database, one, header)
        except StudyError:
            continue
        if len(micros) >= _READABLE * len(sample):
            beside = bool({"clock", "hour_band"} & set(roles))
            role = "time" if has_clock(database, one, header, beside=beside) else "date"
            roles[role] = header
            why[role] = phrase("its values are dates")
            return


def _micros(database: Database, one: Table, header: str) -> list[int]:
    style = time_style(database, one, header, settled=False)
    if style.unsettled:
        style = style.in_order("dmy")
    with reading(one.name):
        rows = database.rows(
            f"SELECT m.t FROM (SELECT {time_sql(one, header, style)} AS m "
            f"FROM {one.relation} LIMIT {_SAMPLE_ROWS})"
        )
    database.malformed()
    return [row[0] for row in rows if row[0] is not None]


def _with_minutes(one: Table, roles: dict[str, str], why: dict[str, str]) -> None:
    """Put a column of minutes beside a column of hours."""
    role = next((role for role in ("clock", "hour_band") if role in roles), None)
    if role is None or not _are_whole(one, roles[role]):
        return
    if any(float(value) > 23 for value in one.samples[roles[role]]):
        return
    for header in one.columns:
        if (
            header not in roles.values()
            and re.fullmatch(_PARTS["minute"], words(header))
            and one.samples[header]
            and _are_whole(one, header)
        ):
            roles["hour"], roles["minute"] = roles.pop(role), header
            why["hour"] = phrase("its header {column}", column=repr(shown(roles["hour"], 40)))
            why["minute"] = phrase("its header {column}", column=repr(shown(header, 40)))
            return


def _are_whole(one: Table, header: str) -> bool:
    return all(re.fullmatch(r"\s*\d{1,4}(?:\.0*)?\s*", value) for value in one.samples[header])


def _one_time(roles: dict[str, str]) -> None:
    """Keep one way of saying when: an interval, a time, or a day with its hours."""
    if "start" in roles and "end" in roles:
        unwanted: tuple[str, ...] = ("time", "date", "clock", "hour_band")
    elif "date" in roles and {"clock", "hour_band"} & set(roles):
        unwanted = ("time", "start", "end", "hour_band" if "clock" in roles else "clock")
    elif "time" in roles:
        unwanted = ("start", "end", "date", "clock", "hour_band")
    elif "start" in roles:
        unwanted = ("end", "date", "clock", "hour_band")
    elif "year" in roles:
        unwanted = ("end", "hour_band" if "clock" in roles else "clock")
    else:
        unwanted = ("end", "clock", "hour_band") if "date" not in roles else ("end",)
    for role in unwanted:
        roles.pop(role, None)
