"""Text of unknown origin made safe to show: short, one line, no formula, no markup."""

from __future__ import annotations

import re
import unicodedata


def shown(text: str, limit: int = 60) -> str:
    r"""Return `text` as it may be printed in an error, a JSON file or a table cell.

    Control and invisible characters become spaces, ``<`` and ``>`` become ``‹`` and ``›``, a
    leading ``= + - @`` (a spreadsheet formula, unless it is a number) is preceded by an apostrophe,
    and long text is cut.

    Examples
    --------
    >>> shown("<b>Robo</b>")
    '‹b›Robo‹/b›'
    >>> shown('=HYPERLINK("x")')
    '\'=HYPERLINK("x")'
    """
    clean = "".join(
        " " if unicodedata.category(letter)[0] in "CZ" else letter for letter in text[: 4 * limit]
    )
    clean = " ".join(clean.split()).replace("<", "‹").replace(">", "›")
    if clean[:1] in ("=", "+", "-", "@") and not re.fullmatch(r"[+-][\d.,]+", clean):
        clean = "'" + clean
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"
