"""The languages that veedor speaks: English, and one catalogue of translations for each other.

A catalogue is ``locale/<locale>/LC_MESSAGES/veedor.po``; adding one adds its language. A wheel
holds it compiled (``.mo``); a checkout reads the text itself.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "locale"
DOMAIN = "veedor"
#: Templates are English: it needs no catalogue.
ENGLISH = "en"
_BRITISH = "en_GB"
#: In the order in which POSIX asks for them.
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


@lru_cache
def languages() -> Mapping[str, str]:
    """Language -> the locale whose rules for numbers, dates and plurals are CLDR's.

    >>> languages()["en"], languages()["es"]
    ('en_GB', 'es_AR')
    """
    found = {path.parents[1].name for path in FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.[mp]o")}
    return {ENGLISH: _BRITISH} | {locale.partition("_")[0]: locale for locale in sorted(found)}


def list_separator(language: str) -> str:
    """Return what a spreadsheet of a language expects between fields of a CSV.

    Where a comma stands in 1,5 it cannot stand between numbers too.

    >>> list_separator("en"), list_separator("es")
    (',', ';')
    """
    from babel.numbers import get_decimal_symbol  # most calls need none of it

    return ";" if get_decimal_symbol(languages()[language]) == "," else ","


def of_environment(environment: Mapping[str, str]) -> str | None:
    """Return the language that the environment asks for; None where it asks for none of ours.

    English counts as none: most systems are set to it, or to C, by nobody's choice, and it is what
    a study or a call that says nothing gets anyway.

    >>> of_environment({"LANG": "es_AR.UTF-8"}), of_environment({"LANG": "en_US.UTF-8"})
    ('es', None)
    >>> of_environment({"LC_ALL": "C.UTF-8", "LANG": "es_AR.UTF-8"}) is None
    True
    """
    asked = next((environment[name] for name in _VARIABLES if environment.get(name)), "")
    language = asked.partition(".")[0].partition("@")[0].partition("_")[0].lower()
    return language if language in languages() and language != ENGLISH else None


def compiled(language: str) -> bytes:
    """Return the catalogue of a language, compiled."""
    folder = FOLDER / languages()[language] / "LC_MESSAGES"
    made = folder / f"{DOMAIN}.mo"
    if made.is_file():
        return made.read_bytes()
    from babel.messages.mofile import write_mo  # a wheel needs neither
    from babel.messages.pofile import read_po

    text = io.BytesIO()
    with (folder / f"{DOMAIN}.po").open("rb") as file:
        write_mo(text, read_po(file, locale=languages()[language]))
    return text.getvalue()


@lru_cache
def translations(language: str) -> gettext.NullTranslations:
    """Return the translations of a language of `languages`; one of each is read.

    >>> translations("en").gettext("Map")
    'Map'
    """
    if language == ENGLISH:
        return gettext.NullTranslations()
    return gettext.GNUTranslations(io.BytesIO(compiled(language)))
