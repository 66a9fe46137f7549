"""What a value of the wrong kind is told by: msgspec's complaints, as phrases for any language."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from veedor.errors import Phrase, phrase

_KNOWN: tuple[tuple[re.Pattern[str], Callable[..., Phrase]], ...] = (
    (
        re.compile(r"Expected `(?P<kind>[^`]+)`, got `(?P<got>[^`]+)`"),
        lambda **held: phrase("Expected `{kind}`, got `{got}`", **held),
    ),
    (
        re.compile(r"Expected `(?P<kind>[^`]+)` (?P<limit>[<>]=?) (?P<value>\S+)"),
        lambda **held: phrase("Expected `{kind}` {limit} {value}", **held),
    ),
    (
        re.compile(r"Expected `(?P<kind>[^`]+)` of length (?P<limit>[<>]=?) (?P<value>\S+)"),
        lambda **held: phrase("Expected `{kind}` of length {limit} {value}", **held),
    ),
    (
        re.compile(r"Expected (?P<kinds>\w[^`]*), got (?P<got>.+)"),
        lambda **held: phrase("Expected {kinds}, got {got}", **held),
    ),
    (
        re.compile(r"Object contains unknown field `(?P<name>.*)`"),
        lambda **held: phrase("The table contains an unknown setting `{name}`", **held),
    ),
    (
        re.compile(r"Object missing required field `(?P<name>.*)`"),
        lambda **held: phrase("The table lacks the setting `{name}`", **held),
    ),
    (
        re.compile(r"Invalid enum value (?P<value>.+)"),
        lambda **held: phrase("{value} is none of the values that there are", **held),
    ),
)  # fmt: skip


def complaint(error: msgspec.ValidationError, *, where: bool = True) -> str:
    """Say what msgspec found, as a `phrase` where it is one of its usual complaints.

    Parameters
    ----------
    error : msgspec.ValidationError
    where : bool
        Whether to say at which setting.

    Examples
    --------
    >>> complaint(msgspec.ValidationError("Expected `int`, got `str` - at `$.study.seed`"))
    'Expected `int`, got `str`, at `study.seed`'
    >>> complaint(msgspec.ValidationError("Object contains unknown field `sed` - at `$.study`"))
    'The table contains an unknown setting `sed`, at `study`'
    >>> complaint(msgspec.ValidationError("Something else"))
    'Something else'
    """
    text, _, path = str(error).partition(" - at ")
    found: str = text
    for pattern, made in _KNOWN:
        held = pattern.fullmatch(text)
        if held is not None:
            found = made(**held.groupdict())
            break
    path = path.replace("`$.", "`").strip("`")
    if not where or path in ("", "$"):
        return found
    return phrase("{complaint}, at `{setting}`", complaint=found, setting=path)
