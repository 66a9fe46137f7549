"""Clock times and hours of the day as they are written in tables, to microseconds of the day.

A number alone is judged with its column: 5 is five past midnight among 1830 and 2215, and five
o'clock among the hours 0 to 23.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from veedor.errors import StudyError, phrase
from veedor.tables.clocks import DAY, HOUR, MINUTE, SECOND
from veedor.tables.names import words
from veedor.tables.written import plain_time

#: How numbers alone are meant in a column of clock times.
DIGITS = ("hours", "hhmm", "hhmmss", "fraction")

_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{1,2})(?:[:.](\d{2})(?:[.,]\d+)?)?)? ?([ap]m)?")
_COMPACT = re.compile(r"(\d{1,2})(\d{2})(\d{2})?")
_NUMBER = re.compile(r"(\d{1,6})(?:\.0*)?")
_FRACTION = re.compile(r"[01]?[.,]\d+")
_RANGE = re.compile(
    r"(?:de |from |entre )?(?P<a>\d[^-–—]*?)\s*(?:-|–|—|\ba\b|\bto\b|\by\b|\band\b)\s*(?P<b>\d.*)",
    re.IGNORECASE,
)
#: A day before a clock time, as databases write one that has no day.
_DAY = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[t ]+(.+)")
_NO_DAY = re.compile(r"(?:12[-/.]30|30[-/.]12)[-/.]1899|1899[-/.]12[-/.]30")
_WIDE = 12
_EXAMPLES = 5


def clock(text: str) -> int | None:
    """Return microseconds since midnight of a clock time, or None.

    Examples
    --------
    >>> [clock(text) // 60_000_000 for text in ("18:30", "1830", "6:30 p. m.", "18h30", "18.30 hs")]
    [1110, 1110, 1110, 1110, 1110]
    >>> clock("12/30/1899 6:30:00 PM") // 60_000_000
    1110
    >>> clock("25:00") is None
    True
    """
    bare = text.strip()
    number = _NUMBER.fullmatch(bare)
    if number is not None:
        bare = number[1]
    found = _COMPACT.fullmatch(bare) if len(bare) > 2 else None
    half = None
    if found is None:
        bare = re.sub(r"(\d) ?h(?:s|rs|oras)?\.?$", r"\1", plain_time(bare))
        if _NO_DAY.fullmatch(bare):
            return 0
        dated = _DAY.fullmatch(bare)
        found = _CLOCK.fullmatch(bare if dated is None else dated[1])
        if found is None:
            return None
        half = found[4]
    hour, minute, second = (int(part or 0) for part in found.groups()[:3])
    if half is not None:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return _of(hour, minute, second)


def hour_band(text: str) -> tuple[int, int] | None:
    """Return the start and end of an hour band, microseconds since midnight, or None.

    A single hour lasts one hour; ``18-20`` ends at 20:00; an end at minute 59 means the full hour;
    a band that ends before it starts runs past midnight.

    Examples
    --------
    >>> def hours(text):
    ...     return tuple(edge / 3_600_000_000 for edge in hour_band(text))
    >>> hours("18"), hours("18-20"), hours("18 a 20"), hours("18:00-19:59"), hours("22-2")
    ((18.0, 19.0), (18.0, 20.0), (18.0, 20.0), (18.0, 20.0), (22.0, 26.0))
    >>> hour_band("noche") is None
    True
    """
    bare = re.sub(r"[\[\]()]", "", text).strip()
    if re.fullmatch(r"\d{1,2}\.0+", bare):
        bare = bare.split(".")[0]
    span = _RANGE.fullmatch(bare)
    if span is None:
        start = clock(bare)
        if start is None or start >= DAY:
            return None
        return start, start + HOUR
    start, end = clock(span["a"].strip()), clock(span["b"].strip())
    if start is None or end is None or start >= DAY:
        return None
    if end % HOUR >= 59 * MINUTE:
        end = end - end % HOUR + HOUR
    if end <= start:
        end += DAY
    return start, end


@dataclass(frozen=True)
class ClockStyle:
    """How the clock times or hour bands of one column are written.

    Parameters
    ----------
    band : bool
        Whether the column holds hour bands.
    digits : str or None
        One of `DIGITS`: what numbers alone are; None where there are none.
    parts : dict of str to (int, int)
        A word of the column, in plain form -> the part of the day that it stands for.
    """

    band: bool = False
    digits: str | None = None
    parts: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def span(self, text: str) -> tuple[int, int] | None:
        """Return start and end of a value, microseconds since midnight; None: unreadable.

        Examples
        --------
        >>> [ClockStyle(digits=digits).span("5")[0] // 60_000_000 for digits in ("hhmm", "hours")]
        [5, 300]
        """
        part = self.parts.get(words(text)) if self.parts else None
        if part is not None:
            return part
        number = _NUMBER.fullmatch(text.strip())
        if self.digits == "fraction":
            bare = text.strip().replace(",", ".")
            if number is not None or _FRACTION.fullmatch(bare):
                share = float(bare)
                at = round(share * 1440) * MINUTE if share <= 1.0 else None
                return None if at is None or at > DAY else (at, at)
        if number is not None:
            at = _of_digits(number[1], self.digits)
            hourly = self.digits == "hours" or self.band
            return None if at is None else (at, at + HOUR if hourly else at)
        if self.band:
            return hour_band(text)
        at = clock(text)
        return None if at is None else (at, at)


def find_clock_style(
    values: Iterable[str],
    where: str,
    *,
    band: bool,
    asked: str | None = None,
    parts: Mapping[str, tuple[int, int]] | None = None,
) -> ClockStyle:
    """Find what numbers alone mean in a column of clock times, from a sample.

    Raises
    ------
    StudyError
        If that cannot be known.

    Examples
    --------
    >>> find_clock_style(["1830", "5", "30"], "a.csv", band=False).digits
    'hhmm'
    >>> find_clock_style(["18", "5", "0"], "a.csv", band=False).digits
    'hours'
    """
    parts = parts or {}
    if asked is not None:
        return ClockStyle(band, asked, parts)
    numbers, fractions = set(), False
    for value in set(values):
        if words(value) in parts:
            continue
        number = _NUMBER.fullmatch(value.strip())
        if number is not None:
            numbers.add(number[1])
        fractions = fractions or (number is None and bool(_FRACTION.fullmatch(value.strip())))
    return ClockStyle(band, _digits(numbers, where, fractions=fractions), parts)


def day_parts(given: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """Return what words for parts of the day stand for.

    Raises
    ------
    StudyError
        If a part is no band of hours.

    Examples
    --------
    >>> {word: (a // HOUR, b // HOUR) for word, (a, b) in day_parts({"Soir": "16-24"}).items()}
    {'soir': (16, 24)}
    """
    found = {}
    for word, text in given.items():
        band = hour_band(text)
        if band is None:
            raise StudyError(
                "A part of the day must be a band of hours.",
                found=f"{word!r}: {text!r}",
                where=phrase("day_parts"),
                remedy='write it as "8-16" or "22-6"',
            )
        found[words(word)] = band
    return found


def _digits(numbers: set[str], where: str, *, fractions: bool) -> str | None:
    if fractions and numbers <= {"0", "1"}:
        return "fraction"
    if not numbers:
        return None
    top, longest = max(map(int, numbers)), max(map(len, numbers))
    if longest > 4:
        return "hhmmss"
    if longest > 2:
        return "hhmm"
    hours = {int(number) for number in numbers}
    if top < 24 or (top == 24 and (0 in hours or len(hours) < _WIDE)):
        return "hours"
    last = ", ".join(sorted(numbers, key=int)[-_EXAMPLES:])
    raise StudyError(
        "It must be known what numbers in a column of clock times are.",
        found=phrase(
            "{numbers}: hours 1 to 24, each of which may be the one that begins or the one that "
            "ends then",
            numbers=last,
        )
        if top == 24
        else phrase(
            "{numbers}: hours go to 23, and hours with minutes beyond 59",
            numbers=last,
        ),
        where=where,
        remedy='set clock_format in study.toml: "hours" for 18, "hhmm" for 1830 (5 is then 00:05), '
        '"hhmmss" for 183000',
    )


def _of_digits(number: str, digits: str | None) -> int | None:
    if digits == "hhmm" and len(number) <= 4:
        return _of(int(number) // 100, int(number) % 100, 0)
    if digits == "hhmmss":
        whole = int(number)
        return _of(whole // 10_000, whole // 100 % 100, whole % 100)
    if digits == "hours":
        return int(number) * HOUR if int(number) < 24 else None
    return clock(number)


def _of(hour: int, minute: int, second: int) -> int | None:
    if hour > 24 or minute > 59 or second > 59 or (hour == 24 and minute + second > 0):
        return None
    return hour * HOUR + minute * MINUTE + second * SECOND
