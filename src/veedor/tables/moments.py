"""The SQL that reads one written time: its microseconds, and its kind; NULL where unreadable."""

from __future__ import annotations

from veedor.tables.written import MONTHS, PARTS, let, ordered_sql, plain_sql, quoted

#: Kinds of a time, as the SQL gives them.
INSTANT, DAY_ONLY, UTC, MISSING, UNREADABLE, MONTH_ONLY = range(6)

#: A day number of Excel: 1954 to 2119.
EXCEL_DAYS = (20_000, 80_000)
#: Lowest and highest value, and microseconds of one, of seconds, milli-, micro- and nanoseconds
#: since 1970: 1973 to 2286.
_EPOCHS = (
    (1e8, 1e10, "1e6"),
    (1e11, 1e13, "1e3"),
    (1e14, 1e16, "1"),
    (1e17, 1e19, "1e-3"),
)
#: Ten digits that may be a day and an hour, or seconds in the 2030s: neither.
_DAY_AND_HOUR = r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])"


def moment(column: str, order: str | None, *, months: bool, ignore_offset: bool) -> str:
    """Give the SQL of a text as ``{t: microseconds, k: kind}``, NULL where it is unreadable.

    Parameters
    ----------
    column : str
        Quoted SQL name of a text.
    order : str or None
        Of three numbers: ``"dmy"``, ``"mdy"`` or ``"ymd"``; None: such a text is unreadable.
    months : bool
        Whether six digits are a year and a month.
    ignore_offset : bool
        Whether the clock time that stands before an offset is local.
    """
    text = f"CASE WHEN v__p.t SIMILAR TO {quoted(r'[0-9]+([.,][0-9]*)?(e[+]?[0-9]+)?')}"
    counted = f"{text} THEN {_counted('v__p.t', months=months, ignore_offset=ignore_offset)} END"
    parts = "['y', 'o', 'd', 'h', 'i', 's', 'f', 'p', 'z']"
    written = let(
        f"regexp_extract({ordered_sql('v__p.t', order)}, {quoted(PARTS)}, {parts})",
        "v__w",
        _put_together(ignore_offset=ignore_offset),
    )
    return let(f"{{'t': {plain_sql(column)}}}", "v__p", f"coalesce({written}, {counted})")


def _put_together(*, ignore_offset: bool) -> str:
    months = ", ".join(map(quoted, MONTHS))
    year = (
        "TRY_CAST(v__w.y AS INT) + CASE WHEN strlen(v__w.y) > 2 THEN 0 "
        "WHEN TRY_CAST(v__w.y AS INT) < 69 THEN 2000 ELSE 1900 END"
    )
    month = f"coalesce(TRY_CAST(v__w.o AS INT), list_position([{months}], v__w.o))"
    day = "CASE WHEN v__w.d = '' THEN 1 ELSE TRY_CAST(v__w.d AS INT) END"
    date = f"epoch_us(TRY_CAST(printf('%04d-%02d-%02d', {year}, {month}, {day}) AS TIMESTAMP))"
    hour = (
        "CASE v__w.p WHEN '' THEN v__w.h::INT WHEN 'am' THEN CASE WHEN v__w.h::INT <= 12 "
        "THEN v__w.h::INT % 12 END ELSE CASE WHEN v__w.h::INT <= 12 THEN v__w.h::INT % 12 + 12 "
        "ELSE v__w.h::INT END END"
    )
    minute, second = (f"coalesce(TRY_CAST({one} AS INT), 0)" for one in ("v__w.i", "v__w.s"))
    fraction = "coalesce(TRY_CAST(left(rpad(v__w.f, 6, '0'), 6) AS INT), 0)"
    within = (
        f"(v__w.i <> '' OR v__w.p <> '') AND {minute} < 60 AND {second} < 60 AND ({hour} < 24 "
        f"OR ({hour} = 24 AND {minute} = 0 AND {second} = 0))"
    )
    clock = (
        "CASE WHEN v__w.h = '' THEN CASE WHEN v__w.p = '' THEN 0 END "
        f"WHEN {within} THEN (({hour} * 60 + {minute}) * 60 + {second}) * 1000000::BIGINT "
        f"+ {fraction} END"
    )
    sign = "CASE WHEN left(v__w.z, 1) = '-' THEN -1 ELSE 1 END"
    offset = (
        f"({sign} * (substr(v__w.z, 2, 2)::INT * 60 + "
        "coalesce(TRY_CAST(right(v__w.z, 2) AS INT) * (strlen(v__w.z) > 3)::INT, 0))) "
        "* 60000000::BIGINT"
    )
    moved = "v__w.z <> '' AND v__w.h <> ''" if not ignore_offset else "FALSE"
    micros = f"{date} + {clock} - CASE WHEN {moved} THEN {offset} ELSE 0 END"
    kind = (
        f"CASE WHEN v__w.d = '' THEN {MONTH_ONLY} WHEN v__w.h = '' THEN {DAY_ONLY} "
        f"WHEN {moved} THEN {UTC} ELSE {INSTANT} END"
    )
    return let(
        f"{{'t': CASE WHEN v__w.y <> '' THEN {micros} END, 'k': {kind}}}",
        "v__m",
        "CASE WHEN v__m.t IS NOT NULL AND NOT (v__m.k = "
        f"{MONTH_ONLY} AND v__w.h <> '') THEN {{'t': v__m.t::BIGINT, 'k': v__m.k::UTINYINT}} END",
    )


def _counted(text: str, *, months: bool, ignore_offset: bool) -> str:
    """Give the SQL of a time that is one number: since 1970, of Excel, or a year and month."""
    number = f"TRY_CAST(replace({text}, ',', '.') AS DOUBLE)"
    sort = INSTANT if ignore_offset else UTC
    whole = f"({text} NOT LIKE '%.%' AND {text} NOT LIKE '%,%')"
    epochs = " ".join(
        f"WHEN v__v.n >= {low} AND v__v.n < {high} AND NOT regexp_full_match({text}, "
        f"{quoted(_DAY_AND_HOUR)}) THEN {{'t': round(v__v.n * {unit})::BIGINT, "
        f"'k': {sort}::UTINYINT}}"
        for low, high, unit in _EPOCHS
    )
    # Days that were written with four decimals or fewer are known to no more than a minute.
    unit = f"CASE WHEN regexp_matches({text}, '[.,][0-9]{{5}}') THEN 1 ELSE 60 END"
    serial = (
        f"WHEN v__v.n >= {EXCEL_DAYS[0]} AND v__v.n < {EXCEL_DAYS[1]} THEN "
        f"{{'t': (round((v__v.n - 25569) * 86400 / ({unit})) * ({unit}))::BIGINT * 1000000, "
        f"'k': (CASE WHEN v__v.n = floor(v__v.n) THEN {DAY_ONLY} ELSE {INSTANT} END)::UTINYINT}}"
    )
    month = (
        f"WHEN {whole} AND strlen({text}) = 6 AND right({text}, 2) BETWEEN '01' AND '12' AND "
        f"left({text}, 2) IN ('19', '20') THEN {{'t': epoch_us(TRY_CAST(left({text}, 4) || '-' || "
        f"right({text}, 2) || '-01' AS TIMESTAMP)), 'k': {MONTH_ONLY}::UTINYINT}} "
        if months
        else ""
    )
    return let(f"{{'n': {number}}}", "v__v", f"CASE {epochs} {serial} {month}END")
