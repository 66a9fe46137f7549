"""`Words`: templates filled in, plurals, numbers and dates of one language."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from string import Formatter
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol

from veedor.errors import Phrase
from veedor.languages import languages, translations
from veedor.report.words.codes import Template, template_of
from veedor.statistics.codes import Argument, Coded, Hypothesis

_MINUS = "\u2212"
#: Digits before the point; CLDR's rules are carried out for 28.
_LARGEST = 18


def noted(template: str) -> str:
    """Mark a template that stands in a table, so that it is found for translation.

    >>> noted("recorded incidents")
    'recorded incidents'
    """
    return template


def noted_many(one: str, other: str) -> tuple[str, str]:
    """Mark a template's forms for one and for several, as `Words.many` takes them.

    >>> noted_many("{n} cell", "{n} cells")
    ('{n} cell', '{n} cells')
    """
    return one, other


class Words:
    """Words of one language.

    Parameters
    ----------
    language : str
        Of `veedor.languages.languages`.

    Examples
    --------
    >>> words = words_in("en")
    >>> words.say("{n} cells of {size} m", n=12345, size=words.number(250.0))
    '12,345 cells of 250 m'
    >>> words.many(1, "{n} cell", "{n} cells"), words.many(2, "{n} cell", "{n} cells")
    ('1 cell', '2 cells')
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._locale = Locale.parse(languages()[language])
        self._messages = translations(language)

    def say(self, template: str, **arguments: Any) -> str:
        """Fill in a template: whole numbers are grouped, all else must be text already.

        Raises
        ------
        TypeError
            For a number that is not whole: how it is rounded is for the caller to say, by
            `number`, `percent` or `day`.
        """
        return self._filled(self._messages.gettext(template), arguments)

    def translated(self, text: str) -> str:
        """Say an error's part: a `Phrase` is veedor's own, anyone's text stays as it is.

        >>> words_in("es").translated("none"), words_in("en").translated("{a brace}")
        ('none', '{a brace}')
        >>> from veedor.errors import phrase
        >>> words_in("es").translated(phrase("{rows:,} rows of {name}", rows=12345, name="a.csv"))
        '12.345 rows of a.csv'
        """
        if not isinstance(text, Phrase) or not text:
            return text
        template = self._messages.gettext(text.template)
        given = {
            name: self.translated(value) if isinstance(value, str) else _Number(value, self._locale)
            for name, value in text.arguments.items()
        }
        return template.format(**given) if given else template

    def own(self, text: str) -> str:
        """Say a fixed text of veedor's own that a result holds."""
        return self._messages.gettext(text) if text else text

    def many(self, n: int, one: str, other: str, /, **arguments: Any) -> str:
        """Fill in the template for a count; ``{n}`` is the count."""
        return self._filled(self._messages.ngettext(one, other, n), {"n": n} | arguments)

    def of(self, coded: Coded, template: Template | None = None) -> str:
        """Say a code of a result; a code without words is an error, not a silence.

        Floats among its arguments are written to three significant digits, and a ratio is named.
        A topic that says a code in its own words gives its template.
        """
        template = template_of(coded) if template is None else template
        given = {name: self._argument(value) for name, value in coded.arguments.items()}
        if isinstance(template, str):
            return self.say(template, **given)
        one, other = template
        count = coded.arguments["n" if "n" in given else counted_in(other)]
        return self.many(int(count or 0), one, other, **given)

    def _argument(self, value: Argument) -> str | int:
        from veedor.report.words.places import RATIOS  # it stands on this module

        if isinstance(value, float) or value is None:
            return self.number(value)
        if isinstance(value, str) and value in RATIOS:
            return self.own(RATIOS[value])
        return self.translated(value) if isinstance(value, Phrase) else value

    def tested(self, test: Hypothesis) -> tuple[str, str]:
        """Say a test's name, and its null hypothesis."""
        from veedor.report.words.tests import FAMILIES  # it stands on this module

        pair = template_of(test)
        given = {
            key: self.own(FAMILIES[value])
            if isinstance(value, str) and value in FAMILIES
            else value
            for key, value in test.arguments.items()
        }
        return self.say(pair[0], **given), self.say(pair[1], **given)

    def number(self, value: float | None, digits: int = 3) -> str:
        """Write a number to so many significant digits; None, NaN and infinities are undefined.

        >>> words_in("en").number(0.0123456), words_in("es").number(-1234.5)
        ('0.0123', '−1.234')
        """
        if value is None or not math.isfinite(value):
            return self.say(noted("undefined"))
        if isinstance(value, int):
            return self._whole(value)
        if value == 0:
            return "0"
        size = math.floor(math.log10(abs(value)))
        if not -5 < size < _LARGEST:
            return self._by_power(value, digits)
        return self._decimal(float(value), max(digits - 1 - size, 0))

    def percent(self, share: float | None, digits: int = 3) -> str:
        """Write a share as a percentage.

        >>> words_in("en").percent(0.1234), words_in("es").percent(0.1234)
        ('12.3%', '12,3%')
        """
        text = self.number(None if share is None else 100.0 * share, digits)
        if share is None or not math.isfinite(share):
            return text
        return _percentage(text, self._locale)

    def day(self, moment: str | date) -> str:
        """Write an ISO day or instant in full, with the time where it is not midnight.

        >>> words_in("en").day("2025-03-03T06:30:00"), words_in("es").day("2025-03-03")
        ('3 March 2025, 06:30', '3 de marzo de 2025')
        """
        when = datetime.fromisoformat(str(moment))
        text = format_date(when, "long", locale=self._locale)
        if (when.hour, when.minute) == (0, 0):
            return text
        return f"{text}, {when:%H:%M}"

    def short_day(self, moment: str | date) -> str:
        """Write an ISO day as short as the axis of a chart needs.

        >>> words_in("en").short_day("2025-03-03T00:00:00-05:00")
        '3 Mar 25'
        """
        when = datetime.fromisoformat(str(moment))
        return format_date(when, "d MMM yy", locale=self._locale)

    def month(self, moment: str | date) -> str:
        """Write the month of an ISO day.

        >>> words_in("en").month("2025-03-03"), words_in("es").month("2025-03-03")
        ('March 2025', 'marzo de 2025')
        """
        return format_skeleton("yMMMM", datetime.fromisoformat(str(moment)), locale=self._locale)

    def country(self, code: str) -> str:
        """Name a country by its ISO 3166 code; one that has no name here is its code.

        >>> words_in("en").country("BR"), words_in("es").country("BR"), words_in("es").country("X")
        ('Brazil', 'Brasil', 'X')
        """
        return str(self._locale.territories.get(code, code))

    def listed(self, items: Sequence[str]) -> str:
        """Join names the way a sentence does.

        >>> words_in("en").listed(["a", "b", "c"]), words_in("es").listed(["a", "b", "c"])
        ('a, b and c', 'a, b y c')
        """
        return format_list(list(items), locale=self._locale)

    def _filled(self, template: str, arguments: dict[str, Any]) -> str:
        for name, value in arguments.items():
            if isinstance(value, float):
                raise TypeError(f"{name} of {template!r} is a float: write it with Words.number")
        return template.format(
            **{
                name: self._whole(value) if type(value) is int else value
                for name, value in arguments.items()
            }
        )

    def _whole(self, value: int) -> str:
        return self._decimal(value, 0) if abs(value) < 10**_LARGEST else self._by_power(value, 3)

    def _by_power(self, value: float, digits: int) -> str:
        """Write a number that is too large or too small for its zeros."""
        mantissa, exponent = f"{Decimal(value):.{digits - 1}e}".split("e")
        sign = _MINUS if exponent.startswith("-") else ""
        return f"{self._decimal(float(mantissa), digits - 1)}e{sign}{exponent[1:].zfill(2)}"

    def _decimal(self, value: float, decimals: int) -> str:
        rounded = round(value, decimals)
        pattern = "#,##0." + "#" * decimals if decimals else "#,##0"
        return format_decimal(rounded, pattern, locale=self._locale).replace("-", _MINUS)


class _Number(float):
    """A number that a template writes with the marks of a language."""

    __slots__ = ("locale", "value")

    value: float
    locale: Locale

    def __new__(cls, value: float, locale: Locale) -> _Number:
        made = super().__new__(cls, value)
        made.value, made.locale = value, locale
        return made

    def __format__(self, how: str) -> str:
        english = format(self.value, how)
        marks = {",": get_group_symbol(self.locale), ".": get_decimal_symbol(self.locale)}
        text = "".join(marks.get(mark, mark) for mark in english.removesuffix("%"))
        return _percentage(text, self.locale) if english.endswith("%") else text


def _percentage(text: str, locale: Locale) -> str:
    r"""Put the percent sign where the language has it, with its blank.

    >>> _percentage("5", Locale("es", "AR")), _percentage("5", Locale("de"))
    ('5%', '5\xa0%')
    """
    pattern = locale.percent_formats[None]
    return f"{pattern.prefix[0]}{text}{pattern.suffix[0]}"


def counted_in(template: str) -> str:
    """Return the argument that stands first in a template: by it one is told from several.

    >>> counted_in("{zones} zones of {file}")
    'zones'
    """
    return next(name for _, name, _, _ in Formatter().parse(template) if name)


@lru_cache
def words_in(language: str) -> Words:
    """Return the words of a language of `veedor.languages.languages`; one of each is made.

    >>> words_in("en") is words_in("en")
    True
    """
    return Words(language)
