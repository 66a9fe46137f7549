"""A language that nobody speaks: every message accented and longer, in letters of Greek rules.

What stands on a page in plain letters comes from outside of the catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from unittest.mock import patch

from babel.messages import Catalog
from catalogues.extraction import messages
from catalogues.keeping import updated, written

from veedor import languages
from veedor.report.words import words_in

#: Of a country whose months and marks share no letter with English.
LOCALE, LANGUAGE = "el_GR", "el"
_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ACCENTED = "áƀćđéƒģĥíĵķĺḿńóṕɋŕśťúṽẃẋýźÁƁĆĐÉƑĢĤÍĴĶĹḾŃÓṔɊŔŚŤÚṼẂẊÝŹ"
_LETTERS = str.maketrans(_PLAIN, _ACCENTED)
#: What stays: fields, and what is typed or named as it is.
_KEPT = re.compile(r"(\{[^{}]*\}|%\(\w+\)s|`[^`]*`)")
_SAID = ("title", "aria-label", "alt", "placeholder", "aria-description", "aria-roledescription")
_UNSAID = ("script", "style", "code", "pre", "kbd", "samp")
_WORD = re.compile(r"[A-Za-z]{2,}")


def accented(message: str) -> str:
    """Accent every letter, and make it longer.

    >>> accented("{n:,} rows of `a.csv`")
    '{n:,} ŕóẃśś óƒƒ `a.csv`'
    """
    parts = _KEPT.split(message)
    return "".join(
        part if place % 2 else re.sub(r"(\w)\b", r"\1\1", part.translate(_LETTERS))
        for place, part in enumerate(parts)
    )


def catalogue() -> Catalog:
    """Translate every message that there is."""
    made = updated(messages(), Catalog(locale=LOCALE))
    for message in made:
        if message.id:
            forms = (message.id,) if isinstance(message.id, str) else message.id
            said = tuple(accented(form) for form in forms)
            message.string = said[0] if isinstance(message.id, str) else said
    return made


@contextmanager
def spoken(folder: Path) -> Iterator[None]:
    """Let veedor have the language as well."""
    place = folder / LOCALE / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / f"{languages.DOMAIN}.po").write_text(written(catalogue()), encoding="utf-8")
    with patch.object(languages, "FOLDER", folder):
        forget()
        yield
    forget()


def forget() -> None:
    """Look for languages anew."""
    for kept in (languages.languages, languages.translations, words_in):
        kept.cache_clear()


class Said(HTMLParser):
    """Texts of a page that are read or heard: of its elements, and of attributes.

    What says that it is in a language of its own, as a law's words do, is not said by the page.
    """

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._unsaid = 0
        self._foreign = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Keep what attributes say."""
        self._unsaid += tag in _UNSAID
        if tag != "html" and dict(attributes).get("lang"):
            self._foreign = tag
        self.texts += [value for name, value in attributes if name in _SAID and value]

    def handle_endtag(self, tag: str) -> None:
        """Say again what stands after code."""
        self._unsaid -= tag in _UNSAID
        if tag == self._foreign:
            self._foreign = ""

    def handle_data(self, data: str) -> None:
        """Keep what is said."""
        if not self._unsaid and not self._foreign and data.strip():
            self.texts.append(" ".join(data.split()))


def untouched(texts: list[str], names: list[str]) -> list[str]:
    """Texts that hold a word in plain letters, once names that users gave are taken out."""
    given = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))
    return [text for text in dict.fromkeys(texts) if _WORD.search(given.sub(" ", text))]
