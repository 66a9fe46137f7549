"""The spans of a plain form: a column of periods, of years and months, or headers that are months.

A period is written as anyone writes it (`veedor.tables.written`): ``2024``, ``2024-01``,
``2024m01``, ``enero de 2024``, a day. What its unit is, the whole column says.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from veedor.areas.layouts.file import AreaFile
from veedor.areas.spans import Days
from veedor.errors import DataError, phrase
from veedor.tables.database import reading
from veedor.tables.escape import shown
from veedor.tables.time_columns import UnreadableTimesError, read_times
from veedor.tables.written import INSTANT, MONTH_ONLY, UTC, plain_time

_YEAR = re.compile(r"(?:18|19|20|21)\d\d(?:[.]0)?")
_MONTH = re.compile(r"((?:18|19|20|21)\d\d) ?[mM] ?(\d\d?)")
_SHORT_MONTH = re.compile(r"[a-z]{3}")
#: From a month to a month, as January to June.
_SEVERAL = re.compile(
    r"(?P<first>[a-z]{3,10})\.?(?: *[-/] *| +(?:a|to|ate|hasta) +)[a-z]{3,10}\.?"
    r"(?: +(?:de +)?| *[-/] *)\d{4}"
)
_DAY = 86_400_000_000
_MOST = 20_000


def first_days(texts: Sequence[str], where: str) -> tuple[str, Days]:
    """Return the unit of periods, and the first day of each, shape (n,).

    Days that are all the first of a year are years, if there are several; all the first of a month
    are months; all of one day of the week are weeks, if there are several; others are days.

    Raises
    ------
    DataError
        If they are of several units, hold clock times, or cannot be read.

    Examples
    --------
    >>> first_days(["2024m01", "feb-24"], "a.csv")[0]
    'month'
    >>> first_days(["2023", "2024"], "a.csv")
    ('year', array(['2023-01-01', '2024-01-01'], dtype='datetime64[D]'))
    """
    years = [text for text in texts if _YEAR.fullmatch(text)]
    if years and len(years) < len(texts):
        raise _of_several_units(years, where)
    if years:
        return "year", np.array([f"{text[:4]}-01-01" for text in texts], dtype="datetime64[D]")
    _refuse_several_months(texts, where)
    micros, kinds = read_times([_MONTH.sub(r"\1-\2", text) for text in texts], where)
    of_months = kinds == MONTH_ONLY
    clock = np.isin(kinds, (INSTANT, UTC)) & (micros % _DAY != 0)
    if bool(clock.any()) or (bool(of_months.any()) and not bool(of_months.all())):
        odd = np.flatnonzero(clock if bool(clock.any()) else ~of_months)
        raise _of_several_units([texts[int(place)] for place in odd], where)
    days = micros.view("datetime64[us]").astype("datetime64[D]")
    return "month" if bool(of_months.all()) else _unit(days), days


def _refuse_several_months(texts: Sequence[str], where: str) -> None:
    """Refuse periods from a month to another: where several begin alike, each holds the last."""
    spans = [(text, found["first"]) for text in texts if (found := _SEVERAL.fullmatch(_bare(text)))]
    if not spans:
        return
    alike = len({first for _, first in spans}) < len({_bare(text) for text, _ in spans})
    raise DataError(
        "Periods must be years, months, weeks or days, each by itself.",
        found=phrase(
            "{examples}: from a month to a month, which may hold those before",
            examples=", ".join(repr(shown(text, 40)) for text, _ in spans[:3]),
        )
        if alike
        else ", ".join(repr(shown(text, 40)) for text, _ in spans[:3]),
        where=where,
        remedy=phrase(
            "take from each sum the one before it, and write each period as the first day of its "
            "months; or keep the whole years"
        ),
    )


def _bare(text: str) -> str:
    """Return a period in lower case, without accents."""
    plain = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _of_several_units(odd: Sequence[str], where: str) -> DataError:
    return DataError(
        "Periods of one file must be of one unit: years, months, weeks or days.",
        found=", ".join(repr(shown(text, 40)) for text in odd[:3]),
        where=where,
        remedy=phrase("write them all as 2024, as 2024-01, or as the first day of each"),
    )


def _unit(days: Days) -> str:
    several = len(np.unique(days)) > 1
    if several and bool((days == days.astype("datetime64[Y]")).all()):
        return "year"
    if bool((days == days.astype("datetime64[M]")).all()):
        return "month"
    weekday = days.astype(np.int64) % 7
    return "week" if several and bool((weekday == weekday[0]).all()) else "day"


def read_periods(file: AreaFile) -> tuple[str, str]:
    """Return the unit of a file's periods, and the SQL of the first day of a row's."""
    if not file.has("period"):
        if not file.has("year"):
            file.source.need("period", role="period")
        if file.has("month"):
            return "month", _read(file, f"({file.text('year')}) || '-' || ({file.text('month')})")
        return "year", _read(file, file.text("year"), unit="year")
    sql = file.text("period")
    return _unit_of(file, sql), _lookup(sql)


def _read(file: AreaFile, sql: str, unit: str = "month") -> str:
    found = _unit_of(file, sql)
    if found != unit:
        raise DataError(
            "Years and months must be whole numbers, or names of months.",
            found=phrase("periods of a {unit}", unit=found),
            where=file.name,
        )
    return _lookup(sql)


def _lookup(sql: str) -> str:
    return f"(SELECT day FROM periods WHERE periods.said = ({sql}))"


def _unit_of(file: AreaFile, sql: str) -> str:
    """Read the different periods of a file, and keep them beside its rows."""
    table, database = file.source.table, file.source.database
    with reading(table.name):
        rows = database.rows(
            f"SELECT DISTINCT ({sql}) AS said FROM {table.relation} WHERE said IS NOT NULL "
            f"ORDER BY said LIMIT {_MOST}"
        )
    database.malformed()  # met again, and told, when the file is read
    texts = [str(said) for (said,) in rows]
    if not texts:
        raise DataError("The table must hold rows.", found=phrase("none"), where=table.name)
    unit, days = first_days(texts, table.name)
    database.connection.register("periods", pa.table({"said": texts, "day": pa.array(days)}))
    return unit


def months_in(headers: Sequence[str], *, of_year: bool) -> dict[str, np.datetime64]:
    """Return the headers that are months, with each month's first day.

    Parameters
    ----------
    headers : sequence of str
    of_year : bool
        Whether rows name the year: then a month is its name or number, of the year 2000.

    Examples
    --------
    >>> list(months_in(["code", "2024-01", "2024m02", "total"], of_year=False))
    ['2024-01', '2024m02']
    >>> {name: str(day)[5:7] for name, day in months_in(["Setiembre", "12"], of_year=True).items()}
    {'Setiembre': '09', '12': '12'}
    """
    found = {}
    for header in headers:
        text = _MONTH.sub(r"\1-\2", header)
        if of_year and not (
            _SHORT_MONTH.fullmatch(plain_time(header)) or re.fullmatch(r"\d\d?", header)
        ):
            continue
        try:
            micros, kinds = read_times([f"{text} 2000" if of_year else text], header)
        except (UnreadableTimesError, DataError):
            continue
        if kinds[0] == MONTH_ONLY:
            found[header] = micros.view("datetime64[us]").astype("datetime64[D]")[0]
    return found
