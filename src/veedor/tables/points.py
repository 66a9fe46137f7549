"""A place inside a text: well-known text, a pair in brackets below an address, JSON, angles."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple, get_args

from veedor.tables.angles import read_angle, sql_angle
from veedor.tables.written import quoted

#: Which of the two numbers of a place is written first.
PointFirst = Literal["latitude", "longitude"]
POINT_FIRST: tuple[PointFirst, ...] = get_args(PointFirst)

_N = r"([-+]?[0-9]{1,9}(?:[.][0-9]+)?)"
_DECIMAL = r"([-+]?[0-9]{1,9}[.][0-9]+)"
_COMMA = r"([-+]?[0-9]{1,3},[0-9]+)"
_Q = "[\"'\\\\]*"
_WKT = rf"(?i)\bpoint\s*(?:zm?|m)?\s*\(\s*{_N}\s+{_N}"
_ARRAY = rf"(?i){_Q}coordinates{_Q}\s*:\s*\[\s*{_N}\s*,\s*{_N}"
_KEYED = {
    "x": rf"(?i)[\"'\\]+(?:longitude|longitud|long|lng|lon|x){_Q}\s*:\s*{_Q}{_N}",
    "y": rf"(?i)[\"'\\]+(?:latitude|latitud|lat|y){_Q}\s*:\s*{_Q}{_N}",
}
_BRACKETS = rf"[(\[]\s*{_DECIMAL}\s*,\s*{_DECIMAL}\s*[)\]]"
_BARE = rf"^\s*{_DECIMAL}\s*[,; ]\s*{_DECIMAL}\s*$"
_COMMAS = rf"^\s*[(\[]?\s*{_COMMA}\s*(?:;|,?\s)\s*{_COMMA}\s*[)\]]?\s*$"
_PAIRS = (_BRACKETS, _BARE, _COMMAS)
_REST = "[^A-Za-z(){}\\[\\]]*"
#: A latitude and a longitude as angles, the letter after each or before each.
_ANGLES = (
    rf"^\s*\(?([-+]?[0-9]{_REST}[NSns])\s*[,;/]?\s*([-+]?[0-9]{_REST}[EWOewo])\)?\s*$",
    rf"^\s*\(?([NSns]\s*[0-9]{_REST}?)\s*[,;/]?\s*([EWOewo]\s*[0-9]{_REST})\)?\s*$",
)


class Order(NamedTuple):
    """Which number of a place comes first, where no key or letter says it.

    Parameters
    ----------
    pair_x_first : bool
        Of a bare pair, or one in brackets; usually it is latitude first.
    rest_x_first : bool
        Of well-known text and GeoJSON; by their standards it is longitude first.
    """

    pair_x_first: bool = False
    rest_x_first: bool = True


USUAL = Order()


def read_point(text: str, order: Order = USUAL) -> tuple[float, float] | None:
    r"""Read a place, x (longitude) first; None where the text holds none.

    Parameters
    ----------
    text : str
    order : Order
        In JSON with keys the keys say which is which, and beside angles their letters.

    Examples
    --------
    >>> read_point("POINT (-75.18 39.99)"), read_point("(39.99, -75.18)")
    ((-75.18, 39.99), (-75.18, 39.99))
    >>> read_point("1400 MAIN ST\\nDALLAS, TX\\n(32.78, -96.79)")
    (-96.79, 32.78)
    >>> read_point("{'latitude': '41.88', 'longitude': '-87.63', 'human_address': ''}")
    (-87.63, 41.88)
    >>> read_point("-34,5; -58,25"), read_point("34°30'00\"S 58°15'00\"O")
    ((-58.25, -34.5), (-58.25, -34.5))
    >>> read_point("1400 MAIN ST") is None
    True
    """
    for pattern in (_WKT, _ARRAY):
        found = re.search(pattern, text)
        if found is not None:
            return _placed(found[1], found[2], x_first=order.rest_x_first)
    keyed = [re.search(_KEYED[axis], text) for axis in "xy"]
    if keyed[0] is not None and keyed[1] is not None:
        return float(keyed[0][1]), float(keyed[1][1])
    for pattern in _PAIRS:
        found = re.search(pattern, text)
        if found is not None:
            return _placed(found[1], found[2], x_first=order.pair_x_first)
    for pattern in _ANGLES:
        found = re.search(pattern, text)
        if found is not None:
            y, x = read_angle(found[1], "y"), read_angle(found[2], "x")
            if x is not None and y is not None:
                return x, y
    return None


def _placed(one: str, other: str, *, x_first: bool) -> tuple[float, float]:
    first, second = (float(number.replace(",", ".")) for number in (one, other))
    return (first, second) if x_first else (second, first)


def order_of(values: Iterable[str], asked: PointFirst | None = None) -> Order:
    """Find the order of a column: as asked, or by its pairs. A number beyond 90 is no latitude.

    Examples
    --------
    >>> order_of(["(-96.79, 32.78)"]).pair_x_first, order_of(["(32.78, -96.79)"]).pair_x_first
    (True, False)
    >>> order_of(["POINT (32.78 -96.79)"], "latitude").rest_x_first
    False
    """
    if asked is not None:
        return Order(asked == "longitude", asked == "longitude")
    for value in values:
        for pattern in _PAIRS:
            found = re.search(pattern, value)
            if found is not None and abs(float(found[1].replace(",", "."))) > 90:
                return Order(pair_x_first=True)
    return Order()


def holds_points(values: list[str]) -> bool:
    """Whether at least half of the texts of a column hold a place."""
    looked = values[:200]
    return bool(looked) and 2 * sum(read_point(text) is not None for text in looked) >= len(looked)


def sql_point(column: str, order: Order = USUAL) -> tuple[str, str]:
    """SQL of x and of y of a column of texts, as `read_point` reads it; NULL where it is none."""

    def part(pattern: str, group: int) -> str:
        extracted = f"regexp_extract({column}, {quoted(pattern)}, {group})"
        return f"TRY_CAST(nullif(replace({extracted}, ',', '.'), '') AS DOUBLE)"

    def angle(pattern: str, axis: Literal["x", "y"]) -> str:
        y, x = (f"regexp_extract({column}, {quoted(pattern)}, {group})" for group in (1, 2))
        whole = f"{sql_angle(x, 'x')} IS NOT NULL AND {sql_angle(y, 'y')} IS NOT NULL"
        return f"CASE WHEN {whole} THEN {sql_angle(x if axis == 'x' else y, axis)} END"

    keyed = " AND ".join(f"regexp_matches({column}, {quoted(_KEYED[axis])})" for axis in "xy")
    axes = []
    both: tuple[tuple[Literal["x", "y"], int], ...] = (("x", 1), ("y", 2))
    for axis, group in both:
        paired = group if order.pair_x_first else 3 - group
        rest = group if order.rest_x_first else 3 - group
        axes.append(
            f"coalesce({part(_WKT, rest)}, {part(_ARRAY, rest)}, "
            f"CASE WHEN {keyed} THEN {part(_KEYED[axis], 1)} END, "
            + ", ".join(part(pattern, paired) for pattern in _PAIRS)
            + ", "
            + ", ".join(angle(pattern, axis) for pattern in _ANGLES)
            + ")"
        )
    return axes[0], axes[1]
