"""In which language results speak in a notebook."""

from __future__ import annotations

import os

from veedor.errors import StudyError, phrase
from veedor.languages import ENGLISH, languages, of_environment
from veedor.report.words import Words, words_in

_asked: str | None = None


def set_language(language: str) -> None:
    """Choose the language of what results say of themselves, of their pictures and pages.

    Until it is called it is that of the environment (LANG), else English.

    Parameters
    ----------
    language : str
        ``"en"``, ``"es"``, or another one whose catalogue is installed.

    Raises
    ------
    StudyError
        If veedor does not speak it.

    Examples
    --------
    >>> import veedor
    >>> veedor.set_language("en")
    """
    global _asked
    if language not in languages():
        raise StudyError(
            phrase("The language must be one of: {languages}.", languages=", ".join(languages())),
            found=repr(language),
            where="set_language",
        )
    _asked = language


def spoken() -> Words:
    """Return the words of the language that is spoken."""
    return words_in(_asked or of_environment(os.environ) or ENGLISH)
