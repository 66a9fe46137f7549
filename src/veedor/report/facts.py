"""Whatever a report holds, as tables: nothing in it is left out because nobody expected it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from veedor.report.numbers import in_full, number, percent
from veedor.report.tables import Table, table

_WORDS = {
    "sha256": "SHA-256",
    "toml": "TOML",
    "crs": "CRS",
    "id": "ID",
    "km2": "km²",
    "utc": "UTC",
    "pct": "%",
}


def words(key: str) -> str:
    """Turn a key into words; what is not a plain key stays as it is.

    >>> words("rows_kept"), words("area_km2"), words("<b> c"), words("sha256")
    ('rows kept', 'area km²', '<b> c', 'SHA-256')
    """
    if not key.replace("_", "").isalnum() or key != key.lower():
        return key
    return " ".join(_WORDS.get(part, part) for part in key.split("_") if part)


def tables(name: str, value: Any) -> list[Table]:
    """Break any JSON-like value into tables, each of which says where it belongs.

    Parameters
    ----------
    name : str
        Caption of the outermost table.
    value : JSON-like

    Returns
    -------
    list of dict
        Plain values of one mapping stand in one table of two columns; a list of records is a table
        with a row each; what lies deeper has tables of its own, in order.

    Examples
    --------
    >>> [t["caption"] for t in tables("Quality", {"rows_in": 3, "set_aside": {"no date": 1}})]
    ['Quality', 'Quality: set aside']
    >>> tables("Empty", [])[0]["rows"]
    [['Empty', 'none']]
    """
    if isinstance(value, Mapping):
        if _is_estimate(value) or _is_share(value):
            return [table(name, ["What", "Value"], [[name, scalar(value)]])]
        if value and all(isinstance(item, Mapping) and _flat(item) for item in value.values()):
            records = [{"": key} | dict(item) for key, item in value.items()]
            if not any(_is_estimate(item) or _is_share(item) for item in value.values()):
                return [_records(name, records)]
        plain = {key: item for key, item in value.items() if _simple(item)}
        found = []
        if plain or not value:
            rows = [[words(str(key)), scalar(item)] for key, item in plain.items()]
            found.append(table(name, ["What", "Value"], rows or [[name, "none"]]))
        for key, item in value.items():
            if key not in plain:
                found.extend(tables(f"{name}: {words(str(key))}", item))
        return found
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        if all(isinstance(item, Mapping) and _flat(item) for item in value):
            return [_records(name, value)]
        if not _simple(value):
            return [
                t
                for place, item in enumerate(value)
                for t in tables(_named(name, place, item), item)
            ]
    return [table(name, ["What", "Value"], [[name, scalar(value)]])]


def scalar(value: Any) -> str:
    """Write one value, or a list of plain values, or an estimate.

    >>> scalar(None), scalar(True), scalar([1, 2]), scalar([]), scalar(0.5), scalar("a")
    ('undefined', 'yes', '1, 2', 'none', '0.5', 'a')
    >>> scalar({"share": 0.96, "numerator": 24, "denominator": 25})
    '96% (24 of 25)'
    """
    if isinstance(value, Mapping):
        if _is_share(value):
            of = f"{number(value['numerator'])} of {number(value['denominator'])}"
            return f"{percent(value['share'])} ({of})"
        return in_full(value) if _is_estimate(value) else "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(scalar(item) for item in value) or "none"
    return value if isinstance(value, str) else number(value, 6)


def _records(name: str, records: Sequence[Mapping[str, Any]]) -> Table:
    columns = list(dict.fromkeys(key for record in records for key in record))
    rows = [[scalar(record[key]) if key in record else "" for key in columns] for record in records]
    return table(name, [_heading(words(str(key))) for key in columns], rows)


def _named(name: str, place: int, item: Any) -> str:
    own = item.get("name") if isinstance(item, Mapping) else None
    return f"{name}: {own}" if isinstance(own, str) else f"{name}, {place + 1}"


def _heading(text: str) -> str:
    return text[:1].upper() + text[1:] or "What"


def _is_estimate(value: Mapping[str, Any]) -> bool:
    return {"value", "low", "high", "denominator"} <= set(value)


def _is_share(value: Mapping[str, Any]) -> bool:
    return set(value) == {"share", "numerator", "denominator"}


def _simple(value: Any) -> bool:
    if isinstance(value, Mapping):
        return _is_estimate(value) or _is_share(value) or not value
    if isinstance(value, Sequence) and not isinstance(value, str):
        return all(not isinstance(item, (Mapping, list, tuple)) for item in value)
    return True


def _flat(value: Mapping[str, Any]) -> bool:
    return all(_simple(item) for item in value.values())
