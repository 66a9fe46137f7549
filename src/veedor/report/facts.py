"""Whatever a report holds, as tables: nothing in it is left out because nobody expected it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from veedor.files.json_file import plain
from veedor.report.tables import Table, table
from veedor.report.words import Words
from veedor.report.words.facts import CODED, CODES, FIELDS


class Field(str):
    """The name of a field of a result: veedor's own, which any other key is not."""

    __slots__ = ()


def opened(value: Any) -> Any:
    """Turn a result into what JSON knows, its fields marked as such.

    >>> from veedor.incidents.quality_report import Duplicates
    >>> opened(Duplicates(of_an_id=2, identical_rows=0))
    {'of_an_id': 2, 'identical_rows': 0}
    """
    if isinstance(value, msgspec.Struct):
        return {
            Field(field.encode_name): opened(getattr(value, field.name))
            for field in msgspec.structs.fields(value)
        }
    if isinstance(value, Mapping):
        return {key: opened(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [opened(item) for item in value]
    return value if isinstance(value, str) else plain(value)


def readable(words: Words, key: str) -> str:
    """Say a field's name; any other key stays as it is.

    >>> from veedor.report.words import words_in
    >>> [readable(words_in("en"), key) for key in (Field("size_m"), "size_m")]
    ['size, m', 'size_m']
    """
    if isinstance(key, Field) and key in FIELDS:
        return words.say(FIELDS[key])
    return words.translated(key)


def tables(words: Words, name: str, value: Any) -> list[Table]:
    """Break any JSON-like value into tables, each of which says where it belongs.

    Plain values of one mapping stand in one table of two columns; a list of records is a table
    with a row each; what lies deeper has tables of its own, in order.

    Examples
    --------
    >>> from veedor.report.words import words_in
    >>> quality = {"rows": 3, Field("set_aside"): {"no date": 1}}
    >>> [t.caption for t in tables(words_in("en"), "Quality", quality)]
    ['Quality', 'Quality: set aside']
    >>> tables(words_in("en"), "Empty", [])[0].rows
    [['Empty', 'none']]
    """
    value = opened(value)
    if isinstance(value, Mapping):
        if _is_share(value):
            return [_pairs(words, name, [[name, scalar(words, value)]])]
        if value and all(isinstance(item, Mapping) and _flat(item) for item in value.values()):
            records = [{"": key} | dict(item) for key, item in value.items()]
            if not any(_is_share(item) for item in value.values()):
                return [_records(words, name, records)]
        flat = {key: item for key, item in value.items() if _simple(item)}
        found = []
        if flat or not value:
            rows = [[readable(words, key), _value(words, key, item)] for key, item in flat.items()]
            found.append(_pairs(words, name, rows or [[name, words.say("none")]]))
        for key, item in value.items():
            if key not in flat:
                found.extend(tables(words, f"{name}: {readable(words, key)}", item))
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
    return words.translated(value) if isinstance(value, str) else words.number(value, 6)


def _value(words: Words, key: str, value: Any) -> str:
    """Write a field's value, a code of veedor's own in words."""
    if isinstance(key, Field) and key in CODED and isinstance(value, str) and value in CODES:
        return words.say(CODES[value])
    return scalar(words, value)


def _pairs(words: Words, name: str, rows: Sequence[Sequence[str]]) -> Table:
    return table(name, [words.say("What"), words.say("Value")], rows)


def _records(words: Words, name: str, records: Sequence[Mapping[str, Any]]) -> Table:
    columns = list(dict.fromkeys(key for record in records for key in record))
    rows = [
        [_value(words, key, record[key]) if key in record else "" for key in columns]
        for record in records
    ]
    return table(name, [readable(words, key) or words.say("What") for key in columns], rows)


def _named(name: str, place: int, item: Any) -> str:
    own = item.get("name") if isinstance(item, Mapping) else None
    return f"{name}: {own}" if isinstance(own, str) else f"{name}, {place + 1}"


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
