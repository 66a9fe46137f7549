"""How the times of a column are written: the order of day and month, and the SQL that reads them.

A time column becomes two: microseconds since 1970, local or UTC, and a kind that says which, or why
there is none. The order of day, month and year is never guessed: it is seen in the column, or asked
for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from veedor.errors import StudyError, phrase
from veedor.tables.written import (
    DAY_ONLY,
    INSTANT,
    MONTH_ONLY,
    UTC,
    moment,
    plain_time,
    quoted,
    three_numbers,
)

_ISO = re.compile(
    r"\d{4}([-/])\d{2}\1\d{2}(?:([ T])\d{2}:\d{2}(:\d{2})?(\.\d{1,6})?"
    r"(Z| UTC| GMT|[+-]\d{2}(?::?\d{2})?)?)?"
)
_NUMBERS = re.compile(
    r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})"
    r"(?:(T| +)(\d{1,2}):(\d{2})(:\d{2})?(\.\d+)?( ?[AaPp][Mm])?)?"
)
_SIX_DIGITS = re.compile(r"(\d\d)(\d\d)(\d\d)")


@dataclass(frozen=True)
class Style:
    """How the times of one column are written.

    Parameters
    ----------
    usual : str or None
        The `strptime` format of most values of the sample: tried before all others. ``%1`` and
        ``%2`` stand for day and month while their order is open.
    order : {"dmy", "mdy", "ymd"} or None
        Of three numbers; None where it was not seen.
    ordered : bool
        Whether there are values that need that order.
    short_years : bool
        Whether it is open which of the three numbers is the year, too.
    months : bool
        Whether six digits are a year and a month.
    asked : str or None
        The format that the study gives.
    ignore_offset : bool
        Whether the clock time that stands before an offset is local.
    days : bool
        Whether a time at midnight is that day, since all are.
    as_written : bool
        Whether these are days with an offset that is not theirs.
    examples : tuple of str
        Values that need an order.
    """

    usual: str | None = None
    order: str | None = None
    ordered: bool = False
    short_years: bool = False
    months: bool = False
    asked: str | None = None
    ignore_offset: bool = False
    days: bool = False
    as_written: bool = False
    examples: tuple[str, ...] = ()

    @property
    def day_first(self) -> bool | None:
        """Order of day and month; None where it was not seen."""
        return None if self.order is None else self.order == "dmy"

    @property
    def unsettled(self) -> bool:
        """Whether the order of day and month is needed and not known."""
        return self.ordered and self.order is None

    def settled(self, *, day_first: bool) -> Style:
        """Return the style with the order of day and month put in."""
        return self.in_order("dmy" if day_first else "mdy")

    def in_order(self, order: str) -> Style:
        """Return the style with the order of the three numbers put in."""
        usual = None if order == "ymd" else self.usual
        return replace(self, order=order, usual=None if usual is None else _turn(usual, order))


def find_style(
    values: Iterable[str], asked: str | None, where: str, *, ignore_offset: bool = False
) -> Style:
    """Find how the times of a column are written, from a sample.

    Raises
    ------
    StudyError
        If values with the day first and with the month first are mixed, six digits may be a month
        or a day, or the format asked for is none.

    Examples
    --------
    >>> find_style(["03/04/2022 10:00 PM", "04/13/2022 9:15 AM"], None, "a.csv").usual
    '%m/%d/%Y %I:%M %p'
    >>> find_style(["03/04/2022"], None, "a.csv").unsettled
    True
    >>> find_style(["21/03/22", "22/03/01", "22/04/15", "22/04/30"], None, "a.csv").order
    'ymd'
    """
    if asked is not None:
        return _as_asked(asked, ignore_offset)
    forms: Counter[str] = Counter()
    threes: Counter[tuple[int, int, int, bool]] = Counter()
    examples: dict[str, None] = {}
    six: list[str] = []
    for value in values:
        text = value.strip()
        year_first = _ISO.fullmatch(text)
        if year_first is not None:
            form = _iso_form(year_first)
            forms[form] += 1
            continue
        numbers = _NUMBERS.fullmatch(text)
        if numbers is not None:
            forms[_form(numbers)] += 1
        elif _SIX_DIGITS.fullmatch(text):
            six.append(text)
        three = three_numbers(text if numbers else plain_time(text))
        if three is not None:
            threes[three] += 1
            if len(examples) < 5:
                examples[text] = None
    usual = max(forms, key=lambda form: forms[form], default=None)
    if usual is not None and ignore_offset and re.search(r"%z|Z$| UTC$| GMT$|[+]00", usual):
        usual = None
    style = Style(
        usual=usual,
        ordered=bool(threes),
        months=_are_months(six, where),
        ignore_offset=ignore_offset,
        examples=tuple(examples),
    )
    return _with_order(style, threes, where)


def _with_order(style: Style, threes: Counter[tuple[int, int, int, bool]], where: str) -> Style:
    """Put in the order that the numbers show, if they do."""
    if not threes:
        return style
    short = {(one, two, year) for one, two, year, is_short in threes if is_short}
    if short and len(short) == len(threes):
        last_is_year = _last_is_year(short)
        if last_is_year is None:
            return replace(style, short_years=True)
        if not last_is_year:
            return style.in_order("ymd")
    firsts = sum(n for (one, two, _, _), n in threes.items() if two <= 12 < one <= 31)
    seconds = sum(n for (one, two, _, _), n in threes.items() if one <= 12 < two <= 31)
    if firsts and seconds:
        raise _mixed(where)
    if firsts or seconds:
        return style.settled(day_first=bool(firsts))
    return style


def _last_is_year(short: set[tuple[int, int, int]]) -> bool | None:
    """Whether of three numbers of two digits the last is the year; None: the first may be.

    A year has few values among many days, and may be above 31.
    """
    firsts, lasts = {three[0] for three in short}, {three[2] for three in short}
    if max(lasts) > 31 or 0 in lasts:
        return True
    if max(firsts) > 31 or 0 in firsts:
        return False
    if 2 * len(lasts) <= len(firsts):
        return True
    return False if 2 * len(firsts) <= len(lasts) else None


def _are_months(six: list[str], where: str) -> bool:
    """Whether six digits are a year and a month, as 202301."""
    if not six:
        return False
    months = sum("1900" < text[:4] < "2101" and "01" <= text[4:] <= "12" for text in six)
    days = sum("01" <= text[2:4] <= "12" and "01" <= text[4:] <= "31" for text in six)
    if months == len(six) == days:
        raise StudyError(
            "It must be known whether six digits are a year and a month, or a day.",
            found=", ".join(dict.fromkeys(six[:5])),
            where=where,
            remedy='set time_format in study.toml: "%Y%m" for year and month, "%y%m%d" for a day',
        )
    return months > days


def _as_asked(asked: str, ignore_offset: bool) -> Style:
    try:
        datetime.strptime("", asked)
    except ValueError as error:
        if "does not match" not in str(error):
            raise StudyError(
                "time_format must be a strptime format.",
                found=repr(asked),
                remedy="write it as %d/%m/%Y %H:%M; the letters are those of strptime",
            ) from error
    if not re.search("%-?[dmjbBcxDF]", asked):
        raise StudyError(
            "time_format must hold a day or a month.",
            found=repr(asked),
            remedy="write it as %d/%m/%Y %H:%M, or %Y-%m for months",
        )
    found = re.findall("%-?([dmYy])", asked)
    order = "".join(found).lower()
    # strptime reads the names of zones only in English, and only some: our own reader knows UTC.
    plain = "%Z" not in asked and not (ignore_offset and "%z" in asked)
    known = order if order in ("dmy", "mdy") or found == ["y", "m", "d"] else None
    return Style(
        usual=asked if plain else None,
        order=known,
        months=asked == "%Y%m",
        asked=asked,
        ignore_offset=ignore_offset,
    )


def _iso_form(found: re.Match[str]) -> str:
    day = f"%Y{found[1]}%m{found[1]}%d"
    if found[2] is None:
        return day
    offset = found[5] or ""
    if offset[1:].strip("0:") and offset[0] in "+-":
        offset = "%z"
    return f"{day}{found[2]}%H:%M{':%S' if found[3] else ''}{'.%f' if found[4] else ''}{offset}"


def _form(found: re.Match[str]) -> str:
    """Write the format of a value, its day and month as in the text: %1 and %2."""
    mark = found[2]
    text = f"%1{mark}%2{mark}{'%Y' if len(found[4]) == 4 else '%y'}"
    if found[5] is None:
        return text
    half = (found[10] or "").replace(found[10].strip() if found[10] else "", "%p")
    seconds = (":%S" if found[8] else "") + (".%f" if found[9] else "")
    return f"{text}{'T' if found[5] == 'T' else ' '}{'%I' if half else '%H'}:%M{seconds}{half}"


def _turn(form: str, order: str) -> str:
    first, second = ("%d", "%m") if order == "dmy" else ("%m", "%d")
    return form.replace("%1", first).replace("%2", second)


def _mixed(where: str) -> StudyError:
    return StudyError(
        "The dates of a column must have one order of day and month.",
        found=phrase("dates with the day first and dates with the month first"),
        where=where,
        remedy="write the dates as year-month-day in the file; no setting can tell them apart",
    )


def unsettled_error(where: str, style: Style) -> StudyError:
    """Return the error for a column whose order of day, month and year cannot be known."""
    shown = ", ".join(style.examples)
    form = style.usual if style.usual is not None and "%1" in style.usual else "%1/%2/%Y"
    formats = [_turn(form, order) for order in ("dmy", "mdy")]
    if style.short_years:
        formats.append(re.sub("%1(.)%2(.)%y", r"%y\1%m\2%d", form))
        found = phrase("{shown}: the year may be the first number or the last", shown=shown)
    else:
        found = phrase(
            "no day above 12 in any row, so 03/04 may be 3 April or 4 March ({shown})", shown=shown
        )
    if form != style.usual and style.usual is not None:
        return StudyError(
            "The order of day and month must be known.",
            found=phrase("{found}, among others as {usual}", found=found, usual=style.usual),
            where=where,
            remedy="write all dates of the column one way in the file, as 2022-01-31 18:30",
        )
    return StudyError(
        "The order of day and month must be known.",
        found=found,
        where=where,
        remedy=phrase(
            "set time_format in study.toml: {formats}",
            formats=", ".join(f'"{one}"' for one in formats),
        ),
    )


def read_usual(column: str, style: Style) -> str:
    """Give the SQL of the timestamps of values in the usual format, NULL for the others.

    It is strict and several times faster than `read_text`, which is asked only about the rest. A
    year of fewer than four digits is not read as one of the first century.
    """
    if style.usual is None or style.unsettled:
        return "NULL::TIMESTAMP"
    read = f"try_strptime({column}, {quoted(style.usual)})::TIMESTAMP"
    if "%Y" not in style.usual or style.usual.startswith("%Y"):
        return read
    return f"CASE WHEN {read} >= TIMESTAMP '1000-01-01' THEN {read} END"


def usual_kind(style: Style) -> int:
    """Return the kind of the times in the usual format."""
    form = style.usual or ""
    if re.search(r"%z|Z$| UTC$| GMT$|[+-]00(?::?00)?$", form):
        return UTC
    if re.search(r"%[HIcXTs]", form):
        return INSTANT
    return DAY_ONLY if re.search(r"%[djxDFu]", form) else MONTH_ONLY


def read_text(column: str, style: Style) -> str:
    """Give the SQL of a text column as ``{t: microseconds, k: kind}``, NULL where unreadable.

    Parameters
    ----------
    column : str
        Quoted SQL name.
    """
    return moment(column, style.order, months=style.months, ignore_offset=style.ignore_offset)


def read_typed(
    column: str, sql_type: str, *, ignore_offset: bool = False
) -> tuple[str, str] | None:
    """Give the SQL of a typed column's timestamp and kind; None if the type is no time."""
    if sql_type == "DATE":
        kind = DAY_ONLY
    elif sql_type == "TIMESTAMP WITH TIME ZONE":
        kind = INSTANT if ignore_offset else UTC
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
    if style.short_years:
        return style
    if day_first and month_first:
        raise _mixed(where)
    if day_first or month_first:
        return style.settled(day_first=bool(day_first))
    return style
