"""A place inside a text: well-known text, a pair in brackets below an address, JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable

from veedor.tables.written import quoted

_N = r"([-+]?[0-9]{1,9}(?:[.][0-9]+)?)"
_DECIMAL = r"([-+]?[0-9]{1,9}[.][0-9]+)"
_Q = "[\"'\\\\]*"
_WKT = rf"(?i)\bpoint\s*(?:zm?|m)?\s*\(\s*{_N}\s+{_N}"
_ARRAY = rf"(?i){_Q}coordinates{_Q}\s*:\s*\[\s*{_N}\s*,\s*{_N}"
_KEYED = {
    "x": rf"(?i)[\"'\\]+(?:longitude|longitud|long|lng|lon|x){_Q}\s*:\s*{_Q}{_N}",
    "y": rf"(?i)[\"'\\]+(?:latitude|latitud|lat|y){_Q}\s*:\s*{_Q}{_N}",
}
_BRACKETS = rf"\(\s*{_DECIMAL}\s*,\s*{_DECIMAL}\s*\)"
_BARE = rf"^\s*{_DECIMAL}\s*[,; ]\s*{_DECIMAL}\s*$"
_PAIRS = (_BRACKETS, _BARE)


def read_point(text: str, *, x_first: bool = False) -> tuple[float, float] | None:
    r"""Read a place, x (longitude) first; None where the text holds none.

    Parameters
    ----------
    text : str
        Well-known text and GeoJSON are x first; in JSON with keys the keys say which is which.
    x_first : bool
        Whether a bare pair, or one in brackets, is x first; usually it is latitude first.

    Examples
    --------
    >>> read_point("POINT (-75.18 39.99)"), read_point("(39.99, -75.18)")
    ((-75.18, 39.99), (-75.18, 39.99))
    >>> read_point("1400 MAIN ST\\nDALLAS, TX\\n(32.78, -96.79)")
    (-96.79, 32.78)
    >>> read_point("{'latitude': '41.88', 'longitude': '-87.63', 'human_address': ''}")
    (-87.63, 41.88)
    >>> read_point("1400 MAIN ST") is None
    True
    """
    for pattern in (_WKT, _ARRAY):
        found = re.search(pattern, text)
        if found is not None:
            return float(found[1]), float(found[2])
    keyed = [re.search(_KEYED[axis], text) for axis in "xy"]
    if keyed[0] is not None and keyed[1] is not None:
        return float(keyed[0][1]), float(keyed[1][1])
    for pattern in _PAIRS:
        found = re.search(pattern, text)
        if found is not None:
            first, second = float(found[1]), float(found[2])
            return (first, second) if x_first else (second, first)
    return None


def is_x_first(values: Iterable[str]) -> bool:
    """Whether pairs are x first: a first number beyond 90 is no latitude.

    Examples
    --------
    >>> is_x_first(["(-96.79, 32.78)"]), is_x_first(["(32.78, -96.79)"])
    (True, False)
    """
    for value in values:
        for pattern in _PAIRS:
            found = re.search(pattern, value)
            if found is not None and abs(float(found[1])) > 90:
                return True
    return False


def holds_points(values: list[str]) -> bool:
    """Whether at least half of the texts of a column hold a place."""
    looked = values[:200]
    return bool(looked) and 2 * sum(read_point(text) is not None for text in looked) >= len(looked)


def sql_point(column: str, *, x_first: bool) -> tuple[str, str]:
    """SQL of x and of y of a column of texts, as `read_point` reads it; NULL where it is none."""

    def part(pattern: str, group: int) -> str:
        extracted = f"regexp_extract({column}, {quoted(pattern)}, {group})"
        return f"TRY_CAST(nullif({extracted}, '') AS DOUBLE)"

    keyed = " AND ".join(f"regexp_matches({column}, {quoted(_KEYED[axis])})" for axis in "xy")
    axes = []
    for axis, group in (("x", 1), ("y", 2)):
        paired = group if x_first else 3 - group
        axes.append(
            f"coalesce({part(_WKT, group)}, {part(_ARRAY, group)}, "
            f"CASE WHEN {keyed} THEN {part(_KEYED[axis], 1)} END, "
            + ", ".join(part(pattern, paired) for pattern in _PAIRS)
            + ")"
        )
    return axes[0], axes[1]
