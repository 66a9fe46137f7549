"""`seen`: a text of anyone's table, so that nothing in it hides or turns what is around it."""

from __future__ import annotations

import unicodedata

#: What lays text out and is let through.
_LAYOUT = "\n\t"
_NOT_SHOWN = ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")


def seen(text: str) -> str:
    r"""Return a text in which what cannot be seen, or turns the writing about, is named.

    Markup is left to the template, which escapes it.

    Examples
    --------
    >>> seen("pay\u202egnp\nno"), seen("a\x00b")
    ('pay[U+202E]gnp\nno', 'a[U+0000]b')
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        f"[U+{ord(one):04X}]"
        if one not in _LAYOUT and unicodedata.category(one) in _NOT_SHOWN
        else one
        for one in plain
    )
