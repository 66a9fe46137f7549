"""Text of unknown origin made safe: to show (short, one line, no markup), or for a spreadsheet."""

from __future__ import annotations

import re
import unicodedata

#: What a spreadsheet may take for the beginning of a formula, full-width signs too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

#: Numbers are no formula, nor is a pair of coordinates.
_NUMBERS = re.compile(r"[+-][\d.,]+(?:, [+-]?[\d.,]+)*")


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
    clean = csv_field(" ".join(clean.split()).replace("<", "‹").replace(">", "›"))
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


def csv_field(text: str) -> str:
    r"""Return `text` as a field that no spreadsheet takes for a formula, and else as it is.

    Names stay what they are, so that tables can be joined by them: only what begins as a formula
    does (``= + - @``, a tab or an end of line; unless it is numbers) is preceded by an apostrophe.

    Examples
    --------
    >>> csv_field("age < 25"), csv_field("-1.5, 39.1"), csv_field("@SUM(A1)")
    ('age < 25', '-1.5, 39.1', "'@SUM(A1)")
    """
    formula = text[:1] in _FORMULA and not _NUMBERS.fullmatch(text)
    return f"'{text}" if formula else text
