"""How people write a day and a clock time: rules that SQL and Python apply alike.

A text is first made plain (`plain_time`): lower case, no accents, one kind of blank, months as
three English letters, ``am`` and ``pm``, offsets as ``+00``. Then the first rule that fits puts its
parts in one order: ``year|month|day|clock``, the day empty where there is only a month. `moment`
makes microseconds and a kind of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

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

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
#: Names of months without accents in English, Spanish, Portuguese and French.
_NAMES = (
    "january|janeiro|janvier|janv|enero|jan|ene",
    "february|fevereiro|fevrier|febrero|fevr|febr|feb|fev",
    "march|marzo|marco|mars|mar",
    "april|abril|avril|apr|abr|avr",
    "may|mayo|maio|mai",
    "june|junio|junho|juin|jun",
    "july|julio|julho|juillet|juil|jul",
    "august|agosto|aout|aug|ago",
    "september|septiembre|setiembre|setembro|septembre|sept|sep|set",
    "october|octubre|outubro|octobre|oct|out",
    "november|noviembre|novembro|novembre|nov",
    "december|diciembre|dezembro|decembre|dec|dic|dez",
)
_WEEKDAYS = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|lunes|martes|miercoles|jueves|viernes|sabado|domingo"
    r"|(?:segunda|terca|quarta|quinta|sexta)(?:-feira)?|lundi|mardi|mercredi|jeudi|vendredi|samedi"
    r"|dimanche|mon|tues?|wed|thu|thur|thurs|fri|sat|sun|lun|mie|jue|vie|sab|dom|seg|ter|qua|qui|sex"
    r"|mer|jeu|ven|sam|dim"
)
#: Blanks of every width become one space.
_BLANKS = (
    "[\\s\N{NO-BREAK SPACE}\N{FIGURE SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}"
    "\N{IDEOGRAPHIC SPACE}]+",
    " ",
)
#: Of texts that hold a word of three letters.
_WORDS = (
    (r" ?\([^()]*\)$", ""),
    (rf"^(?:{_WEEKDAYS})\b[.,]* ?", ""),
    (r"^mar\.?, ", ""),
    (r"(\d|m) ?(?:utc|gmt) ?([+-]\d)", r"\1\2"),
    (r"(\d|m) ?(?:utc|gmt)$", r"\1+00"),
    *(
        (rf"(^|[^a-z])(?:{names})\.?([^a-z]|$)", rf"\1{month}\2")
        for names, month in zip(_NAMES, MONTHS, strict=True)
    ),
)
#: Of texts that hold a letter.
_LETTERS = (
    (r"(\d) ?([ap])\.? ?m\b\.?", r"\1 \2m"),
    (r"(:\d\d) ?([ap])$", r"\1 \2m"),
    (r"(\d|m) ?z$", r"\1+00"),
    (r"(\d) ?h(?:s|rs|oras)?\.? ?(\d\d)\b", r"\1:\2"),
    (r"(:\d\d) ?h(?:s|rs|oras)?\.?$", r"\1"),
    (r"( \d\d?) ?h(?:s|rs|oras)?\.?$", r"\1:00"),
    (r"\b(?:de|del|of|at|a las|a la|as|a|le|el)\b", " "),
    (r"(\d)(?:st|nd|rd|th|er|º|°|ª)([^a-z]|$)", r"\1\2"),
    (r" +", " "),
)
#: What stands between a day and its clock time.
_BETWEEN = ((r" ?, ", " "), (r"(\d) [-|] (\d\d?:\d)", r"\1 \2"))

#: What follows a day: a clock time, an offset, both or nothing.
_TAIL = r"((?:[t ].*|[+].*)?)"
_YEAR = r"((?:18|19|20|21)\d\d)(0[1-9]|1[0-2])"
_MARK = r"[-/. ]"
#: Rules for texts without the name of a month.
_NUMBERED = (
    (rf"^(\d{{4}})[-/.: ](\d\d?)[-/.: ](\d\d?){_TAIL}$", r"\1|\2|\3|\4"),
    (rf"^{_YEAR}([0-3]\d)[t ]?(\d\d)(\d\d)(\d\d)((?:[.+-].*)?)$", r"\1|\2|\3| \4:\5:\6\7"),
    (rf"^{_YEAR}([0-3]\d)[t ]?(\d\d)(\d\d)((?:[+-].*)?)$", r"\1|\2|\3| \4:\5\6"),
    (rf"^{_YEAR}([0-3]\d)$", r"\1|\2|\3|"),
    (rf"^(\d{{4}}){_MARK}(\d\d?)$", r"\1|\2||"),
    (rf"^(\d\d?){_MARK}(\d{{4}})$", r"\2|\1||"),
)
#: Rules for texts with the name of a month.
_NAMED = (
    (rf"^(\d\d?)[-/. ,]*([a-z]{{3}})[-/. ,]*(\d{{4}}|\d\d){_TAIL}$", r"\3|\2|\1|\4"),
    (rf"^([a-z]{{3}})[-/. ]*(\d\d?)[-/. ,]+(\d{{4}}|\d\d){_TAIL}$", r"\3|\1|\2|\4"),
    (rf"^(\d{{4}})[-/. ]*([a-z]{{3}})[-/. ]*(\d\d?){_TAIL}$", r"\1|\2|\3|\4"),
    (r"^([a-z]{3}) (\d\d?)( [\d:.]+) (\d{4})((?: ?[+-]\d.*)?)$", r"\4|\1|\2|\3\5"),
    (r"^([a-z]{3})[-/. ,]*(\d{4}|\d\d)$", r"\2|\1||"),
    (r"^(\d{4})[-/. ]*([a-z]{3})$", r"\1|\2||"),
)
#: Three numbers of which the first is no year of four digits: their order must be known.
_THREE = rf"^(\d\d?){_MARK}(\d\d?){_MARK}(\d{{4}}|\d\d){_TAIL}$"
#: Order of the three numbers -> how they are put in order.
ORDERS = {"dmy": r"\3|\2|\1|\4", "mdy": r"\3|\1|\2|\4", "ymd": r"\1|\2|\3|\4"}
_NAME = r"[a-z]{3}"

#: A text in order, as its parts.
PARTS = (
    r"^(\d{4}|\d\d?)\|([a-z]{3}|\d\d?)\|(\d\d?)?\|"
    r"(?:[t ] ?(\d\d?)(?:[:.](\d\d?)(?:[:.](\d\d?)(?:[.,](\d+))?)?)?)? ?([ap]m)? ?"
    r"([+-]\d\d(?::?\d\d)?)?$"
)


def plain_time(text: str) -> str:
    """Return a written time in plain form; see the module.

    Examples
    --------
    >>> plain_time("Lunes, 3 de Enero de 2023 a las 5:45 p.\N{NO-BREAK SPACE}m.")
    '3 jan 2023 5:45 pm'
    >>> plain_time("2023-01-03T05:45:00Z")
    '2023-01-03t05:45:00+00'
    """
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFD", text.lower())
        if not unicodedata.combining(letter)
    )
    bare = re.sub(*_BLANKS, bare).strip()
    for kind, rules in ((_NAME, _WORDS), ("[a-z]", _LETTERS)):
        if re.search(kind, bare):
            for pattern, put in rules:
                bare = re.sub(pattern, put, bare, flags=re.ASCII)
    for pattern, put in _BETWEEN:
        bare = re.sub(pattern, put, bare, flags=re.ASCII)
    return bare.strip()


def three_numbers(plain: str) -> tuple[int, int, int, bool] | None:
    """Return the three numbers of a plain day whose order must be known, and if a year is short.

    Examples
    --------
    >>> three_numbers("03/04/22 10:00")
    (3, 4, 22, True)
    >>> three_numbers("2022-03-04") is None
    True
    """
    found = re.match(_THREE, plain, re.ASCII)
    if found is None:
        return None
    return int(found[1]), int(found[2]), int(found[3]), len(found[3]) == 2


def plain_sql(column: str) -> str:
    """Give the SQL of a text in plain form."""
    bare = f"trim({_replaced(f'lower(strip_accents({column}))', [_BLANKS])})"
    worded = _where("v__b", _NAME, _WORDS)
    letters = _where("v__c", "[a-z]", _LETTERS)
    return let(bare, "v__b", let(worded, "v__c", f"trim({_replaced(letters, _BETWEEN)})"))


def ordered_sql(plain: str, order: str | None) -> str:
    """Give the SQL of a plain text as ``year|month|day|clock``; otherwise what it was."""
    three = [] if order is None else [(_THREE, ORDERS[order])]
    named = _replaced(plain, _NAMED)
    return (
        f"CASE WHEN {_matches(plain, _NAME)} THEN {named} "
        f"ELSE {_replaced(plain, [*_NUMBERED, *three])} END"
    )


def let(value: str, name: str, body: str) -> str:
    """Give SQL in which a value that `body` needs several times is computed once."""
    return f"list_transform([{value}], lambda {name}: {body})[1]"


def quoted(text: str) -> str:
    """Return an SQL string literal.

    Examples
    --------
    >>> quoted("a'b")
    "'a''b'"
    """
    return "'" + text.replace("'", "''") + "'"


def _where(value: str, pattern: str, rules: Iterable[tuple[str, str]]) -> str:
    return f"CASE WHEN {_matches(value, pattern)} THEN {_replaced(value, rules)} ELSE {value} END"


def _matches(value: str, pattern: str) -> str:
    return f"regexp_matches({value}, {quoted(pattern)})"


def _replaced(value: str, rules: Iterable[tuple[str, str]]) -> str:
    for pattern, put in rules:
        whole = "" if pattern.startswith("^") and pattern.endswith("$") else ", 'g'"
        value = f"regexp_replace({value}, {quoted(pattern)}, {quoted(put)}{whole})"
    return value


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
