"""`read_toml`: TOML that anyone may have written, read in time that grows as its length does."""

from __future__ import annotations

import re
import tomllib
from typing import Any

#: Parts of a key. The reader of the standard library takes their square, in time and memory.
MOST_PARTS = 50
#: Texts between quotes, and comments: dots in them part no key.
_TEXTS = re.compile(
    r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*', re.DOTALL
)

#: What stands between keys and values: no key goes on behind it.
_APART = re.compile(r"[\n,=\[\]{}]")


def read_toml(text: str) -> dict[str, Any]:
    """Return what a text of TOML holds.

    Raises
    ------
    tomllib.TOMLDecodeError
        If it is none, or has a key of more than `MOST_PARTS` parts, or a number of thousands of
        figures.
    RecursionError
        If it is nested too deeply.

    Examples
    --------
    >>> read_toml('a.b = "one.two"')
    {'a': {'b': 'one.two'}}
    >>> read_toml("a." * 60 + "b = 1")
    Traceback (most recent call last):
    tomllib.TOMLDecodeError: a key with more than 50 dots
    """
    for part in _APART.split(_TEXTS.sub("", text)):
        if part.count(".") > MOST_PARTS:
            raise tomllib.TOMLDecodeError(f"a key with more than {MOST_PARTS} dots")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except ValueError as error:  # of `int`
        raise tomllib.TOMLDecodeError(str(error)) from error
