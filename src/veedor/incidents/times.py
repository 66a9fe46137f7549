"""How times are written: the order of day and month, and the SQL that reads them.

A time column becomes two: microseconds since 1970, local or UTC, and a kind that says which, or why
there is none. The order of day and month is never guessed: it is seen in a number above 12, or
asked for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from veedor.errors import StudyError

#: Kinds of a time, as the SQL gives them.
INSTANT, DAY_ONLY, UTC, MISSING, UNREADABLE = range(5)

_ISO = re.compile(r"\d{4}([-/])\d{2}\1\d{2}(?:([ T])\d{2}:\d{2}(:\d{2})?(\.\d{1,6})?)?")
_NUMBERS = re.compile(
    r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})"
    r"(?:(T| +)(\d{1,2}):(\d{2})(:\d{2})?(\.\d+)?( ?[AaPp][Mm])?)?"
)
_CLOCKS = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%I:%M:%S%p", "%I:%M%p", "%H:%M:%S.%f")
_OTHER_DAYS = (
    "%Y%m%d",
    "%Y.%m.%d",
    "%d-%b-%Y",
    "%d %b %Y",
    "%d %B %Y",
    "%b %d %Y",
    "%b %d, %Y",
    "%B %d, %Y",
)
_OTHER_TIMES = (
    "%Y%m%d%H%M%S",
    "%Y%m%d%H%M",
    "%Y%m%dT%H%M%S",
    *(f"{day} {clock}" for day in ("%Y-%m-%d", "%Y/%m/%d") for clock in _CLOCKS[2:6]),
    *(f"{day} {clock}" for day in _OTHER_DAYS for clock in _CLOCKS),
)


@dataclass(frozen=True)
class Style:
    """How the times of one column are written.

    Parameters
    ----------
    first : tuple of str
        `strptime` formats seen in the sample, the most frequent first.
    iso : bool
        Whether year-month-day text was seen most.
    usual : str or None
        The format of most values of the sample: tried before all others.
    day_first : bool or None
        Order of day and month; None where no number above 12 was seen.
    ordered : bool
        Whether there are values that need that order.
    asked : str or None
        The format that the study gives.
    """

    first: tuple[str, ...] = ()
    iso: bool = True
    usual: str | None = None
    day_first: bool | None = None
    ordered: bool = False
    asked: str | None = None

    @property
    def unsettled(self) -> bool:
        """Whether the order of day and month is needed and not known."""
        return self.ordered and self.day_first is None

    def settled(self, *, day_first: bool) -> Style:
        """Return the style with the order of day and month put in."""
        turned = tuple(_turn(form, day_first=day_first) for form in self.first)
        usual = None if self.usual is None else _turn(self.usual, day_first=day_first)
        return replace(self, day_first=day_first, first=tuple(dict.fromkeys(turned)), usual=usual)


def find_style(values: Iterable[str], asked: str | None, where: str) -> Style:
    """Find how the times of a column are written, from a sample.

    Raises
    ------
    StudyError
        If values with the day first and with the month first are mixed.

    Examples
    --------
    >>> find_style(["03/04/2022 10:00 PM", "04/13/2022 9:15 AM"], None, "a.csv").first
    ('%m/%d/%Y %I:%M %p',)
    >>> find_style(["03/04/2022"], None, "a.csv").unsettled
    True
    """
    if asked is not None:
        order = {True: True, False: False}[asked.find("%d") < asked.find("%m")]
        return Style(first=(asked,), iso=False, usual=asked, day_first=order, asked=asked)
    forms: Counter[str] = Counter()
    iso: Counter[str] = Counter()
    firsts = seconds = 0
    for value in values:
        text = value.strip()
        found = _NUMBERS.fullmatch(text)
        if found is None:
            year_first = _ISO.fullmatch(text)
            if year_first is not None:
                iso[_iso_form(year_first)] += 1
            continue
        forms[_form(found)] += 1
        one, two = int(found[1]), int(found[3])
        firsts += two <= 12 < one <= 31
        seconds += one <= 12 < two <= 31
    if firsts and seconds:
        raise _mixed(where)
    day_first = True if firsts else False if seconds else None
    style = Style(
        first=tuple(form for form, _ in forms.most_common()),
        iso=iso.total() >= forms.total(),
        usual=max(iso | forms, key=lambda form: (iso | forms)[form], default=None),
        ordered=bool(forms),
    )
    return style if day_first is None else style.settled(day_first=day_first)


def _iso_form(found: re.Match[str]) -> str:
    day = f"%Y{found[1]}%m{found[1]}%d"
    if found[2] is None:
        return day
    return f"{day}{found[2]}%H:%M{':%S' if found[3] else ''}{'.%f' if found[4] else ''}"


def _form(found: re.Match[str]) -> str:
    """Write the format of a value, its day and month as in the text: %1 and %2."""
    mark = found[2]
    text = f"%1{mark}%2{mark}{'%Y' if len(found[4]) == 4 else '%y'}"
    if found[5] is None:
        return text
    half = (found[10] or "").replace(found[10].strip() if found[10] else "", "%p")
    seconds = (":%S" if found[8] else "") + (".%f" if found[9] else "")
    return f"{text}{'T' if found[5] == 'T' else ' '}{'%I' if half else '%H'}:%M{seconds}{half}"


def _turn(form: str, *, day_first: bool) -> str:
    first, second = ("%d", "%m") if day_first else ("%m", "%d")
    return form.replace("%1", first).replace("%2", second)


def _mixed(where: str) -> StudyError:
    return StudyError(
        "The dates of a column must have one order of day and month.",
        found="dates with the day first and dates with the month first",
        where=where,
        remedy="write the dates as year-month-day in the file; no setting can tell them apart",
    )


def unsettled_error(where: str) -> StudyError:
    """Return the error for a column whose order of day and month cannot be known."""
    return StudyError(
        "The order of day and month must be known.",
        found="no day above 12 in any row, so 03/04 may be 3 April or 4 March",
        where=where,
        remedy="set time_format, as %d/%m/%Y or %m/%d/%Y, in study.toml",
    )


def read_usual(column: str, style: Style) -> str:
    """Give the SQL of the timestamps of values in the usual format, NULL for the others.

    It is strict and several times faster than `read_text`, which is asked only about the rest.
    """
    if style.usual is None:
        return "NULL::TIMESTAMP"
    return f"try_strptime({column}, {quoted(style.usual)})::TIMESTAMP"


def usual_kind(style: Style) -> int:
    """Return the kind of the times in the usual format."""
    form = style.usual or ""
    if "%z" in form:
        return UTC
    return INSTANT if re.search(r"%[HIcXTs]", form) else DAY_ONLY


def read_text(column: str, style: Style) -> tuple[str, str]:
    """Give the SQL of a text column's timestamp, NULL where unreadable, and of its kind.

    Parameters
    ----------
    column : str
        Quoted SQL name.
    """
    c = column
    days, clocked = _formats(style)
    text = f"trim({c})"
    slow = f"coalesce(try_strptime({text}, {clocked}), try_strptime({text}, {days}))"
    offset = (
        f"(strlen({text}) > 10 AND (suffix({text}, 'Z') OR contains({text}, '+') "
        f"OR contains(substr({text}, 12), '-')))"
    )
    iso = (
        f"CASE WHEN {offset} THEN TRY_CAST({text} AS TIMESTAMPTZ)::TIMESTAMP "
        f"WHEN ascii(right({text}, 1)) BETWEEN 48 AND 57 THEN TRY_CAST({text} AS TIMESTAMP) END"
    )
    compact = r"\d{12}|\d{14}|\d{8}T\d+"
    day_only = f"NOT contains({c}, ':') AND NOT regexp_full_match({text}, {quoted(compact)})"
    kind = f"CASE WHEN {offset} THEN {UTC} WHEN {day_only} THEN {DAY_ONLY} ELSE {INSTANT} END"
    return f"coalesce({iso}, {slow})" if style.iso else f"coalesce({slow}, {iso})", kind


def read_typed(column: str, sql_type: str) -> tuple[str, str] | None:
    """Give the SQL of a typed column's timestamp and kind; None if the type is no time."""
    if sql_type == "DATE":
        kind = DAY_ONLY
    elif sql_type == "TIMESTAMP WITH TIME ZONE":
        kind = UTC
    elif sql_type.startswith("TIMESTAMP"):
        kind = INSTANT
    else:
        return None
    return f"CASE WHEN isfinite({column}::TIMESTAMP) THEN {column}::TIMESTAMP END", str(kind)


def order_probe(column: str) -> str:
    """Give the SQL of how many values show the day first, and how many the month first."""
    over, under = r"(1[3-9]|2\d|3[01])", r"(0?[1-9]|1[0-2])"
    day = rf"regexp_matches({column}, '^\s*{over}[/.-]{under}[/.-]\d{{2}}')"
    month = rf"regexp_matches({column}, '^\s*{under}[/.-]{over}[/.-]\d{{2}}')"
    return f"count_if({day}), count_if({month})"


def settle(style: Style, day_first: int, month_first: int, where: str) -> Style:
    """Settle a style by what the whole column showed; unsettled if it showed nothing.

    Raises
    ------
    StudyError
        If both orders were shown.
    """
    if day_first and month_first:
        raise _mixed(where)
    if day_first or month_first:
        return style.settled(day_first=bool(day_first))
    return style


def _formats(style: Style) -> tuple[str, str]:
    """Give SQL lists of the formats of days and of times: first what was seen, then the rest."""
    days = [form for form in style.first if "%H" not in form and "%I" not in form]
    clocked = [form for form in style.first if form not in days]
    if style.day_first is not None:
        years = sorted({"%y" if "%y" in form else "%Y" for form in style.first})
        for year in years:
            for mark in "/-.":
                day = _turn(f"%1{mark}%2{mark}{year}", day_first=style.day_first)
                days.append(day)
                clocked.extend(f"{day} {clock}" for clock in _CLOCKS)
    days.extend(_OTHER_DAYS)
    clocked.extend(_OTHER_TIMES)
    return tuple(  # type: ignore[return-value]
        "[" + ", ".join(quoted(form) for form in dict.fromkeys(forms)) + "]"
        for forms in (days, clocked)
    )


def quoted(text: str) -> str:
    """Return an SQL string literal.

    Examples
    --------
    >>> quoted("a'b")
    "'a''b'"
    """
    return "'" + text.replace("'", "''") + "'"
