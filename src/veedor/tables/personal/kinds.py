"""What a kind of personal data is: a pattern, a check, and how many values it takes.

Every pattern begins with something that is rare and reaches a bounded number of characters, so that
a cell of a million letters takes no longer, letter for letter, than a short one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

Check = Callable[[str], bool]


@dataclass(frozen=True)
class Kind:
    """One kind of personal data.

    Parameters
    ----------
    name : str
        As it stands in messages.
    pattern : re.Pattern
        Searched for in the folded text: see `folded`.
    check : callable, optional
        What a match must pass besides: a check digit, mostly.
    sure : bool
        Whether one value is enough. If not, at least half of the tested values of the same shape
        must have it, so that a serial which passes a check digit by chance is let through.
    chance : float
        Share of serials of this form that pass the check by chance: 1/11 for a digit modulo 11. The
        values that pass must be more than chance gives, too.
    whole : bool
        Whether it must be the whole value.
    """

    name: str
    pattern: re.Pattern[str]
    check: Check | None = None
    sure: bool = False
    chance: float = 0.0
    whole: bool = False

    def __call__(self, text: str) -> bool:
        """Whether a folded text holds it."""
        if self.whole:
            found = self.pattern.fullmatch(text.strip())
            return found is not None and (self.check is None or self.check(found.group()))
        return any(
            self.check is None or self.check(found.group()) for found in self.pattern.finditer(text)
        )


#: Their signs would be read as letters: 27º, 16ª.
_ORDINALS = {ord("º"): "°", ord("ª"): "°"}


def folded(value: str) -> str:
    r"""Return a text without what hides in it: accents, full-width forms, zero-width characters.

    Examples
    --------
    >>> folded("VÍCTIMA ３０\u200b.111.222")
    'VICTIMA 30.111.222'
    """
    return "".join(
        letter
        for letter in unicodedata.normalize("NFKD", value.translate(_ORDINALS))
        if not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf"
    )


def bare(text: str) -> str:
    """Return the letters and digits of a text."""
    return re.sub(r"[^0-9A-Za-z]", "", text)


#: What may stand between the word for a number and the number: nro., no, #, a colon.
NUMBER_WORD = (
    r"(?:\s{0,2}(?:n(?:ro|um|umero|umber|o|r)?|#)\s{0,1}[.°º:]{0,2})?\s{0,2}[:.,#=-]{0,2}\s{0,3}"
)


def has_six_digits(text: str) -> bool:
    """Whether a text has six digits or more, as every number tested here has."""
    return sum(letter.isdigit() for letter in text) >= 6
