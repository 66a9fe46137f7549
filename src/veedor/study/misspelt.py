"""Which setting of study.toml somebody meant by one that there is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args

import msgspec

from veedor.suggestions import did_you_mean

_UNKNOWN = re.compile(r"Object contains unknown field `(?P<name>[^`]*)`(?: - at `\$(?P<at>.*)`)?")
_INDEX = re.compile(r"\[.*?\]")


def meant(error: msgspec.ValidationError, kind: type[msgspec.Struct]) -> str:
    """Ask whether a setting of the same table was meant; empty where none is like it.

    Parameters
    ----------
    error : msgspec.ValidationError
        Of a document of `kind`.
    kind : type of msgspec.Struct

    Examples
    --------
    >>> class Table(msgspec.Struct, forbid_unknown_fields=True):
    ...     seed: int = 1
    >>> try:
    ...     msgspec.convert({"sead": 2}, Table)
    ... except msgspec.ValidationError as error:
    ...     meant(error, Table)
    "Did you mean 'seed'?"
    """
    found = _UNKNOWN.fullmatch(str(error))
    if found is None:
        return ""
    table = kind
    for name in filter(None, _INDEX.sub("", found["at"] or "").split(".")):
        held = {one.encode_name: one.type for one in msgspec.structs.fields(table)}
        inner = next(_tables(held.get(name)), None)
        if inner is None:
            return ""
        table = inner
    return did_you_mean(found["name"], [one.encode_name for one in msgspec.structs.fields(table)])


def _tables(kind: Any) -> Iterator[type[msgspec.Struct]]:
    """Tables within a type: itself, what it may be, and what a list of it holds."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield kind
    for inner in get_args(kind):
        yield from _tables(inner)
