r"""Anyone's text as it may be sent to a terminal: what would act on it, or hide in it, is shown.

A name in a file can hold codes that clear the screen, letters that turn the direction of reading,
or an end of line with a sentence of its own behind it.
"""

from __future__ import annotations

import unicodedata

#: Controls, formats (bidirectional marks among them), surrogates, private and unassigned; line and
#: paragraph separators.
_SHOWN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def visible(text: str, *, lines: bool = False) -> str:
    r"""Write what cannot be seen as its code.

    Parameters
    ----------
    text : str
    lines : bool
        Whether ends of lines are the writer's own, and stay.

    Examples
    --------
    >>> visible("a\x1b[2Jb\nc")
    'a\\x1b[2Jb\\nc'
    >>> visible("robo \u202e\u00f1")
    'robo \\u202eñ'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        letter if (lines and letter == "\n") or not _hidden(letter) else _code(letter)
        for letter in text
    )


def _hidden(letter: str) -> bool:
    return unicodedata.category(letter) in _SHOWN


def _code(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")
