"""What a header says, whatever its case, accents and marks."""

from __future__ import annotations

import re
import unicodedata


def words(header: str) -> str:
    """Return the header as lower-case words without accents.

    Examples
    --------
    >>> words("CMPLNT_FR_DT"), words("Tipo de Delito")
    ('cmplnt fr dt', 'tipo de delito')
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", spaced)
        if not unicodedata.combining(letter)
    )
    return " ".join(re.findall(r"[a-z0-9]+", bare.casefold()))
