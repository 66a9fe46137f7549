"""How numbers are written: ``10.000`` is ten or ten thousand, which its column says, or nobody.

One rule for every table of anyone's. The decimal mark of a column is found from all that is in it;
`find_decimal` refuses a column that can be read in two ways. The other mark, blanks and apostrophes
then part thousands, and only where they do so every three digits.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass

import numpy as np

from veedor.arrays import Floats
from veedor.errors import DataError, UnreadableError, phrase
from veedor.tables.escape import shown
from veedor.tables.written import quoted

#: Numbers written otherwise than most of a column: up to this share they count as unreadable.
MOST_ODD = 0.05
_BLANKS = " '’\u00a0\u2009\u202f"
_ENDS = "[ \\t\\r\\n\u00a0\u2009\u202f]*"
_SIGN, _EXPONENT = rf"{_ENDS}[-+]?", rf"([eE][-+]?[0-9]+)?{_ENDS}"


def _decimals(mark: str, other: str) -> str:
    """Pattern of numbers in which `mark` is surely the decimal mark."""
    grouped = f"[0-9]{{1,3}}([{other}{_BLANKS}][0-9]{{3}})+{mark}[0-9]*"
    short = f"[0-9]*{mark}([0-9]{{1,2}}|[0-9]{{4,}})|[0-9]+{mark}"
    exact = f"(0[0-9]*|[0-9]{{4,}})?{mark}[0-9]{{3}}"
    power = f"[0-9]+{mark}[0-9]+[eE][-+]?[0-9]+"
    return f"{_SIGN}({grouped}|{short}|{exact}|{power}){_EXPONENT}"


_PATTERNS = {
    "point": _decimals(r"\.", ","),
    "comma": _decimals(",", r"\."),
    "grouped_by_point": rf"{_SIGN}[0-9]{{1,3}}(\.[0-9]{{3}}){{2,}}{_ENDS}",
    "grouped_by_comma": rf"{_SIGN}[0-9]{{1,3}}(,[0-9]{{3}}){{2,}}{_ENDS}",
    "open_point": rf"{_SIGN}[1-9][0-9]{{0,2}}\.[0-9]{{3}}{_ENDS}",
    "open_comma": rf"{_SIGN}[1-9][0-9]{{0,2}},[0-9]{{3}}{_ENDS}",
}
_COMPILED = {name: re.compile(pattern) for name, pattern in _PATTERNS.items()}
_UNEVEN = re.compile(rf".*[.,](?!000)[0-9]{{3}}{_ENDS}")


@dataclass(frozen=True)
class Evidence:
    """How many numbers of a column are written in which way.

    Parameters
    ----------
    point, comma : int
        In which that is surely the decimal mark, as ``0.125``, ``1.5`` or ``1,250.5``.
    grouped_by_point, grouped_by_comma : int
        In which that surely parts thousands, as ``1.250.000``.
    open_point, open_comma : int
        Which can be read both ways, as ``10.000``.
    uneven : int
        Of these, numbers that are not whole if the mark is a decimal one, as ``1.250``.
    example : str
        The first that can be read both ways.
    """

    point: int = 0
    comma: int = 0
    grouped_by_point: int = 0
    grouped_by_comma: int = 0
    open_point: int = 0
    open_comma: int = 0
    uneven: int = 0
    example: str = ""

    @classmethod
    def of(cls, values: Iterable[str]) -> Evidence:
        """Look at the texts of a column; what is no number is passed over.

        Examples
        --------
        >>> Evidence.of(["342.891,71", "10.000", "7"]).comma
        1
        """
        counts = dict.fromkeys((*_COMPILED, "uneven"), 0)
        example = ""
        for value in values:
            if "." not in value and "," not in value:
                continue
            for name, pattern in _COMPILED.items():
                if pattern.fullmatch(value):
                    counts[name] += 1
                    if name.startswith("open"):
                        counts["uneven"] += _UNEVEN.fullmatch(value) is not None
                        example = example or value
                    break
        return _evidence(list(counts.values()), example)

    def __add__(self, other: Evidence) -> Evidence:
        """Put what two parts of a column show together."""
        mine, others = astuple(self), astuple(other)
        counts = [a + b for a, b in zip(mine[:-1], others[:-1], strict=True)]
        return _evidence(counts, self.example or other.example)

    @property
    def settled(self) -> bool:
        """Whether it is surely seen which mark is the decimal one."""
        point, comma = self.point + self.grouped_by_comma, self.comma + self.grouped_by_point
        return point + comma > 0


def _evidence(counts: list[int], example: str) -> Evidence:
    point, comma, by_point, by_comma, open_point, open_comma, uneven = counts
    return Evidence(point, comma, by_point, by_comma, open_point, open_comma, uneven, example)


def probe(column: str, relation: str) -> str:
    """SQL that looks at a whole column of a table: one row, the fields of `Evidence`."""
    counted = [
        f"count(*) FILTER (regexp_full_match({column}, {quoted(pattern)}))"
        for pattern in _PATTERNS.values()
    ]
    either = f"({_PATTERNS['open_point']}|{_PATTERNS['open_comma']})"
    is_open = f"regexp_full_match({column}, {quoted(either)})"
    even = f"regexp_full_match({column}, {quoted('.*000' + _ENDS)})"
    counted.append(f"count(*) FILTER ({is_open} AND NOT {even})")
    return (
        f"SELECT {', '.join(counted)}, coalesce(min({column}) FILTER ({is_open}), '') "
        f"FROM {relation} WHERE contains({column}, '.') OR contains({column}, ',')"
    )


def find_decimal(
    values: Iterable[str] | Evidence,
    where: str,
    *,
    asked: str | None = None,
    most: float | None = None,
    whole: bool = False,
    table: str | None = None,
    remedy: str = "write the numbers without marks between thousands",
) -> str:
    """Find the decimal mark of one column, ``"."`` or ``","``.

    Parameters
    ----------
    values : iterable of str, or Evidence
        All texts of the column, or what they show.
    where : str
        File and column, for the error.
    asked : str, optional
        The mark that a person has set: then nothing is found.
    most : float, optional
        No number of the column can be larger, as 180 for a longitude: below 1,000 no mark parts
        thousands.
    whole : bool
        Whether the column holds whole numbers, so that ``1.250`` is one thousand and more.
    table : str, optional
        The mark that other columns of the same table surely have. It settles an open column in
        which it does not stand, and one of numbers that would not be whole: it never makes ten of
        ``10.000``.
    remedy : str
        What a person can do, for the error.

    Raises
    ------
    UnreadableError
        If the numbers can be read in two ways, or more than `MOST_ODD` of them need another mark
        than the rest.

    Examples
    --------
    >>> find_decimal(["342.891,71", "10.000"], "a.csv, column x")
    ','
    >>> find_decimal(["51.498"], "a.csv, column lat", most=90)
    '.'
    >>> try:
    ...     find_decimal(["10.000", "12"], "a.csv, column count")
    ... except UnreadableError as error:
    ...     print(error.found)
    '10.000', which is 10 or 10000
    """
    if asked is not None:
        return asked
    seen = values if isinstance(values, Evidence) else Evidence.of(values)
    small = most is not None and most < 1_000
    point = seen.point + (0 if small else seen.grouped_by_comma)
    comma = seen.comma + (0 if small else seen.grouped_by_point)
    if point or comma:
        if min(point, comma) > MOST_ODD * (point + comma):
            raise UnreadableError(
                "The numbers of a column must have one decimal mark.",
                found=phrase(
                    "{point} with a point and {comma} with a comma", point=point, comma=comma
                ),
                where=where,
                remedy=remedy,
            )
        return "." if point >= comma else ","
    if seen.open_point and seen.open_comma:
        raise UnreadableError(
            "The numbers of a column must have one decimal mark.",
            found=phrase(
                "{open_point} with a point and {open_comma} with a comma, as {example}",
                open_point=seen.open_point,
                open_comma=seen.open_comma,
                example=repr(shown(seen.example, 30)),
            ),
            where=where,
            remedy=remedy,
        )
    if not seen.open_point and not seen.open_comma:
        return table or "."
    mark, other = (".", ",") if seen.open_point else (",", ".")
    if small:
        return mark
    if whole and seen.uneven:
        return other
    # Beside coordinates with a point, a 10.000 may still be a count that parts its thousands.
    if table == other or (table == mark and seen.uneven and not whole):
        return table
    fewer, more = (read_number(seen.example, one) for one in (mark, other))
    raise UnreadableError(
        "Numbers must be readable in one way.",
        found=phrase(
            "{example}, which is {fewer:.12g} or {more:.12g}",
            example=repr(shown(seen.example.strip(), 30)),
            fewer=fewer,
            more=more,
        ),
        where=where,
        remedy=remedy,
    )


def table_decimal(columns: Mapping[str, Evidence]) -> str | None:
    """Return the decimal mark that the columns of a table surely have; None if none or both are.

    Examples
    --------
    >>> table_decimal({"x": Evidence.of(["342.891,71"]), "n": Evidence.of(["10.000"])})
    ','
    """
    total = sum(columns.values(), Evidence())
    point, comma = total.point + total.grouped_by_comma, total.comma + total.grouped_by_point
    if (point > 0) == (comma > 0):
        return None
    return "." if point else ","


def read_number(text: str, decimal: str) -> float | None:
    """Read one number; None where it is none, or not finite.

    Examples
    --------
    >>> read_number("342.891,71", ","), read_number("10.000", ","), read_number("10.00", ",")
    (342891.71, 10000.0, None)
    >>> read_number("1,250.5", "."), read_number("12,5", ".")
    (1250.5, None)
    """
    found = re.fullmatch(_number_pattern(decimal), text)
    if found is None:
        return None
    plain = re.sub(_marks(decimal), "", text).replace(decimal, ".")
    value = float(plain)
    return value if math.isfinite(value) else None


def read_numbers(texts: Iterable[str | None], decimal: str) -> Floats:
    """Read the numbers of a column; NaN where there is none."""
    found = (None if text is None else read_number(text, decimal) for text in texts)
    return np.array([math.nan if value is None else value for value in found], dtype=np.float64)


def property_numbers(
    properties: Sequence[Mapping[str, object]],
    name: str,
    file: str,
    *,
    least: float = -math.inf,
    whole: bool = False,
    null: bool = False,
) -> Floats:
    """Read the numbers of a property of GeoJSON's features, NaN where it is null.

    Numbers are what they are; texts are read as all texts of the property are written.

    Parameters
    ----------
    properties : sequence of mapping
    name, file : str
    least : float
    whole : bool
        Whether they are whole, so that ``1.250`` is above a thousand.
    null : bool
        Whether it may be null or empty.

    Raises
    ------
    DataError
        If no feature has it, or a value is not a finite number of at least `least`.
    UnreadableError
        As `find_decimal`.

    Examples
    --------
    >>> rows = [{"n": value} for value in (1.5, "10.000", "1.250", None)]
    >>> property_numbers(rows, "n", "a.geojson", whole=True, null=True)
    array([1.50e+00, 1.00e+04, 1.25e+03,      nan])
    """
    if not any(name in row for row in properties):
        known = list(dict.fromkeys(key for row in properties[:100] for key in row))
        raise DataError(
            phrase("The features must have the property {name}.", name=shown(name)),
            found=phrase(
                "none with it; they have {known}", known=", ".join(shown(key) for key in known[:20])
            ),
            where=file,
            remedy="name the property that holds it",
        )
    held = [row.get(name) for row in properties]
    texts = [value for value in held if isinstance(value, str)]
    decimal = find_decimal(texts, f"property {name!r} of {file}", whole=whole) if texts else "."

    def one(value: object) -> float:
        if isinstance(value, str):
            read = read_number(value, decimal)
            return math.nan if read is None else read
        if isinstance(value, bool) or not isinstance(value, int | float):
            return math.nan
        return float(value) if abs(value) < 1e308 else math.inf

    values = np.array([one(value) for value in held], dtype=np.float64)
    empty = np.array([null and value in (None, "") for value in held], dtype=bool)
    wrong = np.flatnonzero(~empty & ~(np.isfinite(values) & (values >= least)))
    if len(wrong):
        must = "a finite number" + (f", at least {least:g}" if least > -math.inf else "")
        raise DataError(
            phrase("{name} must be {must}.", name=shown(name), must=must),
            found=phrase(
                "{n} features where it is not, first {wrong}",
                n=len(wrong),
                wrong=", ".join(repr(shown(str(held[at]), 30)) for at in wrong[:5]),
            ),
            where=phrase(
                "{file}, features {wrong}",
                file=file,
                wrong=", ".join(str(at + 1) for at in wrong[:5]),
            ),
        )
    return values


def sql_number(column: str, decimal: str) -> str:
    """SQL that reads a column of texts as `read_number` does; NULL where it is no number."""
    marks = quoted(_marks(decimal))
    plain = f"regexp_replace({column}, {marks}, '', 'g')"
    if decimal == ",":
        plain = f"replace({plain}, ',', '.')"
    fits = f"regexp_full_match({column}, {quoted(_number_pattern(decimal))})"
    cast = f"TRY_CAST({plain} AS DOUBLE)"
    slow = f"CASE WHEN {fits} AND isfinite({cast}) THEN {cast} END"  # 1e999 is no number
    # The pattern is slow: it is asked only where a plain cast does not settle the matter.
    quick, doubted = f"TRY_CAST({column} AS DOUBLE)", ["_", "+-"]
    if decimal == ",":
        quick, doubted = f"TRY_CAST(replace({column}, ',', '.') AS DOUBLE)", [".", *doubted]
    sure = [f"isfinite({quick})", *(f"NOT contains({column}, {quoted(one)})" for one in doubted)]
    return f"CASE WHEN {' AND '.join(sure)} THEN {quick} ELSE {slow} END"


def written(value: float) -> str:
    """Write a number so that it is read in one way: never with exactly three decimals.

    Examples
    --------
    >>> written(10.125), written(7.0), written(7.5)
    ('10.1250', '7', '7.5')
    """
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = repr(value)
    return text + "0" if _COMPILED["open_point"].fullmatch(text) else text


def _marks(decimal: str) -> str:
    return rf"[{',' if decimal == '.' else '.'}{_BLANKS}]"


def _number_pattern(decimal: str) -> str:
    mark = re.escape(decimal)
    groups = "|".join(
        f"[0-9]{{1,3}}({one}[0-9]{{3}})+"
        for one in (r"\." if decimal == "," else ",", *(f"[{blank}]" for blank in _BLANKS))
    )
    whole = f"(({groups}|[0-9]+)({mark}[0-9]*)?|{mark}[0-9]+)"
    return f"{_SIGN}{whole}{_EXPONENT}"
