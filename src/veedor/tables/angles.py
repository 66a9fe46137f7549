r"""A latitude or longitude as people write angles: ``34°36'12"S``, ``-34 36 12``, ``58.38 W``.

Degrees, minutes and seconds, with a decimal point or comma in the last of them, and N, S, E, W or
the Spanish and Portuguese O (oeste) for the side. What is a plain number is no angle: it is read as
all numbers of its column are.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Literal

import numpy as np

from veedor.arrays import Floats
from veedor.tables.numerals import read_number
from veedor.tables.written import let, quoted

Axis = Literal["x", "y"]
#: Letters for the two sides of an axis; of each the second half is negative.
_SIDES: dict[Axis, str] = {"x": "EWO", "y": "NS"}
_NEGATIVE = "SWO"
_B = "[ \\t\u00a0\u2009\u202f]*"
_DEGREE, _MINUTE, _SECOND = "[°º˚:]", "['’′´:]", "(?:[\"”″]|'')"
_PART = "[0-9]{1,2}(?:[.,][0-9]+)?"


def _pattern(sides: str) -> str:
    side = f"[{sides}{sides.lower()}]"
    blanks = "[ \\t\u00a0\u2009\u202f]+"
    return (
        f"{_B}({side}?){_B}([-+\u2212]?){_B}([0-9]{{1,3}}(?:[.,][0-9]+)?)"
        f"(?:(?:{_B}{_DEGREE}{_B}|{blanks})({_PART})"
        f"(?:(?:{_B}{_MINUTE}{_B}|{blanks})({_PART}))?)?"
        f"{_B}({_DEGREE}|{_MINUTE}|{_SECOND})?{_B}({side}?){_B}"
    )


_PATTERNS: dict[Axis, str] = {axis: _pattern(sides) for axis, sides in _SIDES.items()}
_FIELDS = ("before", "sign", "degrees", "minutes", "seconds", "mark", "after")


def read_angle(text: str, axis: Axis) -> float | None:
    r"""Read an angle in degrees; None where the text is none.

    Parameters
    ----------
    text : str
    axis : {"x", "y"}
        Of a longitude or a latitude: letters of the other axis are none of it.

    Examples
    --------
    >>> round(read_angle("34°36'12.6\"S", "y"), 4), read_angle("W 58° 30'", "x")
    (-34.6035, -58.5)
    >>> read_angle("-34 36 00", "y"), read_angle("58,25 O", "x"), read_angle("58.25 E", "x")
    (-34.6, -58.25, 58.25)
    >>> read_angle("34.6", "y") is read_angle("34°36'S", "x") is read_angle("34°70'", "y") is None
    True
    """
    found = re.fullmatch(_PATTERNS[axis], text)
    if found is None:
        return None
    before, sign, degrees, minutes, seconds, mark, after = (part or "" for part in found.groups())
    side = (before + after).upper()
    if not (side or mark or minutes) or len(side) > 1:
        return None
    if (minutes and not degrees.isdigit()) or (seconds and not minutes.isdigit()):
        return None
    if sign in ("-", "\u2212") and side and side not in _NEGATIVE:
        return None
    whole, sixtieths, rest = (_number(part) for part in (degrees, minutes, seconds))
    if sixtieths >= 60 or rest > 60:
        return None
    size = whole + sixtieths / 60 + rest / 3600
    return -size if sign in ("-", "\u2212") or (side and side in _NEGATIVE) else size


def _number(text: str) -> float:
    return float(text.replace(",", ".")) if text else 0.0


def sql_angle(column: str, axis: Axis) -> str:
    """SQL that reads a column of texts as `read_angle` does; NULL where it is none."""
    names = ", ".join(quoted(name) for name in _FIELDS)
    whole = quoted(f"^{_PATTERNS[axis]}$")
    part = "v__a"
    side = f"upper({part}.before || {part}.after)"
    minus = f"{part}.sign IN ('-', '\u2212')"
    degrees, minutes, seconds = (
        f"coalesce(TRY_CAST(replace({part}.{name}, ',', '.') AS DOUBLE), 0)"
        for name in ("degrees", "minutes", "seconds")
    )
    whole_one = "NOT regexp_matches({0}, '[.,]')"
    negative = f"{side} IN ('S', 'W', 'O')"
    fits = (
        f"{part}.degrees <> ''",
        f"({side} <> '' OR {part}.mark <> '' OR {part}.minutes <> '')",
        f"length({side}) <= 1",
        f"({part}.minutes = '' OR {whole_one.format(f'{part}.degrees')})",
        f"({part}.seconds = '' OR {whole_one.format(f'{part}.minutes')})",
        f"NOT ({minus} AND {side} <> '' AND NOT {negative})",
        f"{minutes} < 60 AND {seconds} <= 60",
    )
    size = f"({degrees} + {minutes} / 60 + {seconds} / 3600)"
    return let(
        f"regexp_extract({column}, {whole}, [{names}])",
        part,
        f"CASE WHEN {' AND '.join(fits)} "
        f"THEN CASE WHEN {minus} OR {negative} THEN -{size} ELSE {size} END END",
    )


def read_degrees(texts: Iterable[str | None], decimal: str, axis: Axis) -> Floats:
    """Read numbers or angles, whichever each is; NaN where a text is neither.

    Examples
    --------
    >>> read_degrees(["-34.6", "34°36'S", "calle 12"], ".", "y")
    array([-34.6, -34.6,   nan])
    """

    def one(text: str | None) -> float:
        if text is None:
            return math.nan
        number = read_number(text, decimal)
        number = read_angle(text, axis) if number is None else number
        return math.nan if number is None else number

    return np.array([one(text) for text in texts], dtype=np.float64)
