"""Every error veedor raises on purpose, in one tree.

::

    VeedorError                        something a person can mend; the command line exits with 2
    ├── StudyError                     study.toml or a command's arguments
    │   └── TooLittleDataError         a record on which a forecaster has nothing to say
    ├── DataError                      an input file
    │   ├── UnreadableError            cannot be read as what it claims to be
    │   ├── ConflictingRowsError       one id, two different rows
    │   ├── BrokenSeriesError          a series read across a day from which it means something else
    │   ├── NotReportedError           a count of what was not reported, which is never 0
    │   └── ForecastFileError          a forecast file that breaks the format
    ├── Refusal                        what veedor does not do, by design
    │   ├── PersonalDataRefusal        a kept column holds data about persons
    │   ├── DiscoveredCategoryRefusal  a category that police go looking for
    │   ├── ProtestRefusal             protest or assembly as a category
    │   ├── CellSizeRefusal            places so small that they are addresses
    │   └── DemographicRefusal         a feature about who lives in a place
    ├── GeographicCoordinatesError     degrees, or stretched metres, where metres are needed
    ├── LeakageError                   data from after the cut-off
    ├── SameGroundError                two things compared that differ in cells, periods or category
    ├── IncoherentForecastsError       forecasts of sums too far from those of their parts to join
    ├── SealError                      a promise, or the log that keeps it, that does not hold
    ├── ClusterError                   workers elsewhere that are not fit, or are lost
    ├── ContractError                  a forecaster that breaks its contract
    └── FetchError                     a portal of open data that refuses, fails or changes

Each error is one sentence per part: what must hold, what was found, where, and what to do. A
sentence with something in it is a `phrase`: English for whoever prints it, and a template with
arguments for `veedor.report.words`, which can say it in another language.
"""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Integral, Real
from typing import TypeAlias

Argument: TypeAlias = "str | int | float"


class Phrase(str):
    """A sentence that remembers what it was made from; made by `phrase`.

    Parameters
    ----------
    template : str
        With named fields, as `str.format` has them; without arguments it is the sentence.
    arguments : dict of str to str, int or float
    """

    __slots__ = ("arguments", "template")

    template: str
    arguments: dict[str, Argument]

    def __new__(cls, template: str, arguments: dict[str, Argument]) -> Phrase:
        """Fill in the template."""
        made = super().__new__(cls, template.format(**arguments) if arguments else template)
        made.template, made.arguments = template, arguments
        return made

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way back from a worker process with its template."""
        return (type(self), (self.template, self.arguments))


def phrase(template: str, /, **arguments: object) -> Phrase:
    """Fill in a template, and keep it beside what is filled in.

    Parameters
    ----------
    template : str
        A literal, so that it can be found for translation.
    **arguments
        Numbers and text stay as they are, anything else is kept as its text.

    Examples
    --------
    >>> found = phrase("{rows:,} rows of {name}", rows=12345, name="a.csv")
    >>> found, found.arguments["rows"]
    ('12,345 rows of a.csv', 12345)
    """
    return Phrase(template, {name: _kept(value) for name, value in arguments.items()})


def listed(parts: Iterable[str], between: str = ", ") -> Phrase:
    """Put parts one after another, each said by itself.

    >>> listed([phrase("no place"), "b.csv"])
    'no place, b.csv'
    """
    named = {f"part_{place}": part for place, part in enumerate(parts)}
    return Phrase(between.join(f"{{{name}}}" for name in named), dict(named))


def _kept(value: object) -> Argument:
    """Return a number, of numpy too, as Python's, an error as it is told, anything else as text."""
    if isinstance(value, VeedorError):
        return value.told
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, Integral):
        return int(value)
    return float(value) if isinstance(value, Real) else str(value)


class VeedorError(Exception):
    """Something that a person can mend.

    Parameters
    ----------
    must : str
        What must hold, as a whole sentence of veedor's own.
    found : str
        What was found instead. Words of veedor's own are a `phrase`, anyone's are text.
    where : str, optional
        File, row, column, setting: as exactly as it is known; words as in `found`.
    remedy : str, optional
        What to do about it, in words of veedor's own.

    Examples
    --------
    >>> print(VeedorError("Ids must be unique.", found="id 7 twice", where="a.csv, rows 2 and 9"))
    Ids must be unique. Found: id 7 twice. Where: a.csv, rows 2 and 9.
    """

    def __init__(self, must: str, *, found: str = "", where: str = "", remedy: str = "") -> None:
        self.must = _own(must)
        self.found = found
        self.where = where
        self.remedy = _own(remedy)
        #: All of it, in sentences.
        self.told = self._in_sentences()
        super().__init__(self.told)

    def _in_sentences(self) -> Phrase:
        parts = (
            (phrase("Found:"), self.found),
            (phrase("Where:"), self.where),
            (phrase("To do:"), self.remedy),
        )
        return listed([self.must, *(_sentence(*part) for part in parts if part[1])], " ")

    @property
    def reason(self) -> Phrase:
        """What must hold, and what was found instead."""
        found = [_sentence(phrase("Found:"), self.found)] if self.found else []
        return listed([self.must, *found], " ")

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way back from a worker process, which plain keyword arguments do not."""
        return (_rebuild, (type(self), self.must, self.found, self.where, self.remedy))


def _sentence(label: Phrase, text: str) -> Phrase:
    return listed([label, text], " ") if text.endswith((".", "?")) else _closed(label, text)


def _closed(label: Phrase, text: str) -> Phrase:
    return Phrase("{label} {text}.", {"label": label, "text": text})


def _own(text: str) -> Phrase:
    return text if isinstance(text, Phrase) else Phrase(text, {})


def _rebuild(
    kind: type[VeedorError], must: str, found: str, where: str, remedy: str
) -> VeedorError:
    return kind(must, found=found, where=where, remedy=remedy)


class StudyError(VeedorError):
    """A study file or a command's arguments do not fit."""


class TooLittleDataError(StudyError):
    """A record is too short or too sparse for a forecaster; others may still forecast from it."""


class DataError(VeedorError):
    """An input file does not hold what it must."""


class UnreadableError(DataError):
    """A file cannot be read as what it claims to be."""


class ConflictingRowsError(DataError):
    """Two rows share an id and differ in content."""


class BrokenSeriesError(DataError):
    """A forecast or a trend would cross a break of its series."""


class NotReportedError(DataError):
    """A count is asked for that was not reported: it is missing, and not 0."""


class ForecastFileError(DataError):
    """A forecast file breaks the format."""


class Refusal(VeedorError):  # noqa: N818 - a refusal is not a fault of the data
    """Something veedor does not do, by design; no setting turns it off."""


class PersonalDataRefusal(Refusal):
    """A kept column holds, or says that it holds, data about persons."""


class DiscoveredCategoryRefusal(Refusal):
    """A category that police go looking for: forecasting it forecasts patrols."""


class ProtestRefusal(Refusal):
    """Protest and assembly are never a category."""


class CellSizeRefusal(Refusal):
    """Cells below 10,000 m2 are addresses, not places."""


class DemographicRefusal(Refusal):
    """A feature about the people of a place, or one that does not say what it is about."""


class GeographicCoordinatesError(VeedorError):
    """Degrees, or metres that are none on the ground, were given where distances need metres."""


class LeakageError(VeedorError):
    """Something made before a cut-off holds data from after it."""


class IncoherentForecastsError(VeedorError):
    """Forecasts of sums are too far from the sums of forecasts of their parts to be joined."""


class SameGroundError(VeedorError):
    """Two things that are compared differ in cells, periods or category."""


class SealError(VeedorError):
    """A promise that may not be made, or a log of promises that cannot be added to."""


class ClusterError(VeedorError):
    """Workers on other machines cannot do what is asked of them, or were lost."""


class ContractError(VeedorError):
    """A forecaster breaks the contract that all forecasters keep."""


class FetchError(VeedorError):
    """A portal of open data refuses, fails, or changes while it is read."""
