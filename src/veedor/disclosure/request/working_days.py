"""Working days: which days are off and why, and terms counted over them."""

from __future__ import annotations

import calendar
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from importlib.metadata import version
from typing import Literal, TypeAlias

import holidays
import msgspec

from veedor.errors import StudyError, phrase
from veedor.suggestions import did_you_mean

#: To whom a day off applies: to everyone, to the administration alone, or to courts alone.
Reach: TypeAlias = Literal["all", "administration", "court"]
REACHES: tuple[Reach, ...] = ("all", "administration", "court")
#: A year of days, more than once: no term is longer, so that a day off too many ends the count.
_FURTHEST = 3_660
_PACKAGE = "holidays"
#: Of `date.isoweekday`.
WEEKEND = (6, 7)


class DayOff(msgspec.Struct, frozen=True):
    """A day of the week, Saturdays and Sundays apart, that is no working day.

    Parameters
    ----------
    day : date
    name : str
        As its source calls it.
    given : bool
        Whether somebody listed it; public holidays come from the package `holidays`.
    of : str
        Of `Reach`.
    """

    day: date
    name: str
    given: bool = False
    of: Reach = "all"


class HolidaySource(msgspec.Struct, frozen=True):
    """Where public holidays come from.

    Parameters
    ----------
    package, version : str
    country, subdivision : str
        Whose they are; the second is empty for the whole country.
    """

    package: str
    version: str
    country: str
    subdivision: str = ""


class DaysOff:
    """Days off of a country, and those that somebody lists.

    Parameters
    ----------
    country : str
        ISO 3166 code; empty for no public holidays but those that are listed.
    subdivision : str
        ISO 3166-2 code within the country; empty for the whole of it.
    language : str
        Of the names of public holidays, where the package has it.
    weekend : collection of int
        Days of the week off, 1 for Monday.
    listed : iterable of DayOff

    Raises
    ------
    StudyError
        For a country or subdivision that the package does not know.

    Examples
    --------
    >>> off = DaysOff("AR", language="es")
    >>> off.on(date(2026, 7, 9)).name, off.works(date(2026, 7, 13))
    ('Día de la Independencia', True)
    """

    def __init__(
        self,
        country: str = "",
        subdivision: str = "",
        *,
        language: str = "",
        weekend: Collection[int] = WEEKEND,
        listed: Iterable[DayOff] = (),
    ) -> None:
        self.country, self.subdivision = country, subdivision
        self._public = _public(country, subdivision, language) if country else None
        self._weekend = frozenset(weekend)
        self._listed: dict[date, list[DayOff]] = {}
        for one in listed:
            self._listed.setdefault(one.day, []).append(one)

    @property
    def holidays(self) -> HolidaySource | None:
        """Where public holidays come from; None where none are taken."""
        if not self.country:
            return None
        return HolidaySource(_PACKAGE, version(_PACKAGE), self.country, self.subdivision)

    def on(self, day: date, *, court: bool = False) -> DayOff | None:
        """Return why a day of the working week is off, None where it is not.

        Parameters
        ----------
        day : date
        court : bool
            Whether a court's days are asked for, rather than the administration's.

        Raises
        ------
        StudyError
            For a day in a year whose public holidays the package does not know.
        """
        if self._public is not None:
            first, last = self._public.start_year, self._public.end_year
            if not first <= day.year <= last:
                raise StudyError(
                    "A term must lie in years whose public holidays are known.",
                    found=day.isoformat(),
                    where=phrase(
                        "{country}, known from {first} to {last}",
                        country=self.country, first=str(first), last=str(last),
                    ),
                )  # fmt: skip
            if day in self._public:
                return DayOff(day, str(self._public[day]))
        others = "administration" if court else "court"
        return next((one for one in self._listed.get(day, ()) if one.of != others), None)

    def works(self, day: date, *, court: bool = False) -> bool:
        """Whether a day is a working day."""
        return day.isoweekday() not in self._weekend and self.on(day, court=court) is None

    def after(
        self, start: date, days: int, *, court: bool = False
    ) -> tuple[date, tuple[DayOff, ...]]:
        """Return the n-th working day after a day, and the days off that were passed over.

        The day itself is not counted, whether it is a working day or not; Saturdays and Sundays are
        passed over without being named.

        Parameters
        ----------
        start : date
        days : int
            At least 1.
        court : bool

        Raises
        ------
        StudyError
            If nearly every day is off.

        Examples
        --------
        >>> last, off = DaysOff("AR", language="es").after(date(2026, 7, 7), 3)
        >>> last.isoformat(), [one.day.isoformat() for one in off]
        ('2026-07-14', ['2026-07-09', '2026-07-10'])
        """
        day, left = start, days
        passed: list[DayOff] = []
        for _ in range(_FURTHEST):
            if not left:
                return day, tuple(passed)
            day += timedelta(days=1)
            if day.isoweekday() in self._weekend:
                continue
            off = self.on(day, court=court)
            if off is None:
                left -= 1
            else:
                passed.append(off)
        raise StudyError(
            "Some days must be working days.",
            found=phrase("none left to count, within {days:,} days", days=_FURTHEST),
            where=start.isoformat(),
            remedy="list fewer days off",
        )


def months_after(start: date, months: int) -> date:
    """Return the same day so many months later; the last of the month where it has no such day.

    >>> later = months_after(date(2027, 8, 31), 6), months_after(date(2024, 2, 29), 12)
    >>> [day.isoformat() for day in later]
    ['2028-02-29', '2025-02-28']
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def _public(country: str, subdivision: str, language: str) -> holidays.HolidayBase:
    known = holidays.list_supported_countries()
    if country not in known:
        raise StudyError(
            "The country of a calendar must be one whose public holidays are known.",
            found=repr(country),
            where=_PACKAGE,
            remedy=did_you_mean(country, known) or "use its ISO 3166 code, as AR",
        )
    if subdivision and subdivision not in known[country]:
        raise StudyError(
            "A subdivision must be one of its country.",
            found=repr(subdivision),
            where=phrase("{country}, {package}", country=country, package=_PACKAGE),
            remedy=did_you_mean(subdivision, known[country])
            or phrase("use one of {known}", known=", ".join(known[country]) or "-"),
        )
    spoken = holidays.country_holidays(country).supported_languages
    return holidays.country_holidays(
        country,
        subdiv=subdivision or None,
        observed=True,
        language=language if language in spoken else None,
    )
