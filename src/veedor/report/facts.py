"""Whatever a report holds, as tables: nothing in it is left out because nobody expected it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from veedor.report.tables import Table, table
from veedor.report.words import Words

_WORDS = {
    "sha256": "SHA-256",
    "toml": "TOML",
    "crs": "CRS",
    "id": "ID",
    "km2": "km²",
    "utc": "UTC",
    "pct": "%",
}


def readable(key: str) -> str:
    """Turn a key into words; what is not a plain key stays as it is.

    >>> readable("rows_kept"), readable("area_km2"), readable("<b> c"), readable("sha256")
    ('rows kept', 'area km²', '<b> c', 'SHA-256')
    """
    if not key.replace("_", "").isalnum() or key != key.lower():
        return key
    return " ".join(_WORDS.get(part, part) for part in key.split("_") if part)


def tables(words: Words, name: str, value: Any) -> list[Table]:
    """Break any JSON-like value into tables, each of which says where it belongs.

    Plain values of one mapping stand in one table of two columns; a list of records is a table
    with a row each; what lies deeper has tables of its own, in order.

    Examples
    --------
    >>> from veedor.report.words import words_in
    >>> quality = {"rows_in": 3, "set_aside": {"no date": 1}}
    >>> [t.caption for t in tables(words_in("en"), "Quality", quality)]
    ['Quality', 'Quality: set aside']
    >>> tables(words_in("en"), "Empty", [])[0].rows
    [['Empty', 'none']]
    """
    if isinstance(value, Mapping):
        if _is_share(value):
            return [_pairs(words, name, [[name, scalar(words, value)]])]
        if value and all(isinstance(item, Mapping) and _flat(item) for item in value.values()):
            records = [{"": key} | dict(item) for key, item in value.items()]
            if not any(_is_share(item) for item in value.values()):
                return [_records(words, name, records)]
        plain = {key: item for key, item in value.items() if _simple(item)}
        found = []
        if plain or not value:
            rows = [[readable(str(key)), scalar(words, item)] for key, item in plain.items()]
            found.append(_pairs(words, name, rows or [[name, words.say("none")]]))
        for key, item in value.items():
            if key not in plain:
                found.extend(tables(words, f"{name}: {readable(str(key))}", item))
        return found
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        if all(isinstance(item, Mapping) and _flat(item) for item in value):
            return [_records(words, name, value)]
        if not _simple(value):
            return [
                t
                for place, item in enumerate(value)
                for t in tables(words, _named(name, place, item), item)
            ]
    return [_pairs(words, name, [[name, scalar(words, value)]])]


def scalar(words: Words, value: Any) -> str:
    """Write one value, or a list of plain values, or a share.

    >>> from veedor.report.words import words_in
    >>> [scalar(words_in("en"), one) for one in (None, True, [1, 2], [], 0.5, "a")]
    ['undefined', 'yes', '1, 2', 'none', '0.5', 'a']
    >>> scalar(words_in("en"), {"share": 0.96, "numerator": 24, "denominator": 25})
    '96% (24 of 25)'
    """
    if isinstance(value, Mapping):
        if not _is_share(value):
            return words.say("none")
        of = {name: int(value[name]) for name in ("numerator", "denominator")}
        share = words.percent(value["share"])
        return words.say("{share} ({numerator} of {denominator})", share=share, **of)
    if isinstance(value, bool):
        return words.say("yes") if value else words.say("no")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(scalar(words, item) for item in value) or words.say("none")
    return value if isinstance(value, str) else words.number(value, 6)


def _pairs(words: Words, name: str, rows: Sequence[Sequence[str]]) -> Table:
    return table(name, [words.say("What"), words.say("Value")], rows)


def _records(words: Words, name: str, records: Sequence[Mapping[str, Any]]) -> Table:
    columns = list(dict.fromkeys(key for record in records for key in record))
    rows = [
        [scalar(words, record[key]) if key in record else "" for key in columns]
        for record in records
    ]
    return table(name, [_heading(words, readable(str(key))) for key in columns], rows)


def _named(name: str, place: int, item: Any) -> str:
    own = item.get("name") if isinstance(item, Mapping) else None
    return f"{name}: {own}" if isinstance(own, str) else f"{name}, {place + 1}"


def _heading(words: Words, text: str) -> str:
    return text[:1].upper() + text[1:] or words.say("What")


def _is_share(value: Mapping[str, Any]) -> bool:
    return set(value) == {"share", "numerator", "denominator"}


def _simple(value: Any) -> bool:
    if isinstance(value, Mapping):
        return _is_share(value) or not value
    if isinstance(value, Sequence) and not isinstance(value, str):
        return all(not isinstance(item, (Mapping, list, tuple)) for item in value)
    return True


def _flat(value: Mapping[str, Any]) -> bool:
    return all(_simple(item) for item in value.values())
