"""`AreaFile`: an opened file as a layout reads it, and what is noticed on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from veedor.areas.noticed import Example, Notice, Noticed
from veedor.areas.populations import Populations
from veedor.areas.spans import Spans
from veedor.areas.states import State, Unit
from veedor.errors import DataError, phrase
from veedor.tables.escape import shown
from veedor.tables.kinds import text
from veedor.tables.names import words
from veedor.tables.source import Source
from veedor.tables.written import quoted

_FIRST = 5
_YEAR = quoted("(18|19|20|21)[0-9]{2}([.]0+)?")
#: What a blank cell is, in the words of who gives a plain file.
BLANKS = {
    "not reported": State.NOT_REPORTED,
    "zero": State.REPORTED_ZERO,
    "not applicable": State.NOT_APPLICABLE,
}


_RATES = frozenset(
    ("rate", "rates", "tasa", "tasas", "taxa", "taxas", "percent", "percentage", "pct", "100k")
)


def names_a_rate(header: str) -> bool:
    """Whether a header says that its column holds rates or shares.

    Examples
    --------
    >>> [names_a_rate(one) for one in ("tasa_hechos", "Rate per 100,000", "% var", "robos")]
    [True, True, True, False]
    """
    return "%" in header or bool(set(words(header).split()) & _RATES)


@dataclass(frozen=True)
class Choices:
    """What a layout leaves to whoever reads.

    Parameters
    ----------
    unit : Unit, optional
        What is counted, where a file counts several things, or does not say; else the first of
        the layout's units.
    columns : dict of str to str
        Field of a plain form -> header.
    blank : str, optional
        What a blank cell of a plain form is: of `BLANKS`.
    time_zone : str, optional
        IANA name, where the layout has none.
    sheets : tuple of str
        Of a workbook; those with the layout's headers where empty.
    as_printed : bool
        Whether numbers stay that the layout's rule says are none, because their publisher says
        that they were not reported: to look at them, never to count from.
    """

    unit: Unit | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    blank: str | None = None
    time_zone: str | None = None
    sheets: tuple[str, ...] = ()
    as_printed: bool = False

    def __post_init__(self) -> None:
        if self.blank is not None and self.blank not in BLANKS:
            raise DataError(
                "What a blank cell is must be said in words that veedor knows.",
                found=repr(shown(self.blank, 40)),
                remedy=phrase("use one of {words}", words=", ".join(map(repr, BLANKS))),
            )


@dataclass(frozen=True, eq=False)
class AreaFile:
    """One publication, opened and screened.

    Parameters
    ----------
    source : Source
    headers : dict of str to str
        Field of the layout -> header, for the fields that the file has.
    published : datetime64[D] or None
        None where neither whoever reads nor the file's name says it.
    months_late : int or None
        The layout's rule for such a file.
    time_zone : str
    choices : Choices
    noticed : list of Noticed
        Grows while the file is read.
    populations : list of Populations
        Where the file holds them beside the counts.
    read : set of str
        Headers of the columns of counts that were read.
    """

    source: Source
    headers: Mapping[str, str]
    published: np.datetime64 | None = None
    months_late: int | None = None
    time_zone: str = "UTC"
    choices: Choices = field(default_factory=Choices)
    noticed: list[Noticed] = field(default_factory=list)
    populations: list[Populations] = field(default_factory=list)
    read: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """How messages call it."""
        return self.source.table.name

    def has(self, name: str) -> bool:
        """Whether the file has a field."""
        return name in self.headers

    def text(self, name: str) -> str:
        """Give the SQL of a field as text without outer blanks; NULL where empty or not there."""
        if name not in self.headers:
            return "NULL::VARCHAR"
        header = self.headers[name]
        return text(self.source.table.columns[header], self.source.table.types[header]).sql

    def padded(self, name: str, width: int) -> str:
        """Give the SQL of a code that its publisher writes with `width` digits."""
        said = self.text(name)
        return (
            f"CASE WHEN regexp_full_match({said}, '[0-9]{{1,{width}}}') "
            f"THEN lpad({said}, {width}, '0') ELSE {said} END"
        )

    def month(self, year: str, month: str) -> str:
        """Give the SQL of the first day of a month; NULL where there is none."""
        of = f"lpad(regexp_replace({self.text(month)}, '[.]0+$', ''), 2, '0')"
        return f"TRY_CAST(({self._digits(year)}) || '-' || {of} || '-01' AS DATE)"

    def year(self, year: str) -> str:
        """Give the SQL of the first day of a year; NULL where there is none."""
        return f"TRY_CAST(({self._digits(year)}) || '-01-01' AS DATE)"

    def _digits(self, year: str) -> str:
        """Give the SQL of the four digits of a year, without the ``.0`` that spreadsheets add."""
        said = self.text(year)
        return f"CASE WHEN regexp_full_match({said}, {_YEAR}) THEN left({said}, 4) END"

    def published_by(self, spans: Spans) -> np.datetime64:
        """Return the day of publication: the known one, else by the layout's rule.

        Parameters
        ----------
        spans : Spans
            Of which the last is the last that the file holds.

        Raises
        ------
        DataError
            If nobody says it, and the layout has no rule.
        """
        if self.published is not None:
            return self.published
        if self.months_late is None:
            raise DataError(
                "The day on which a file was published must be known.",
                found=phrase("no day in its name, as in NAME_2026-02-20.csv"),
                where=self.name,
                remedy='say it, as "FILE" = 2026-02-20 under [counts.published] of study.toml; '
                "to `veedor check` as --published FILE=2026-02-20",
            )
        last = spans.edges[-1] - np.timedelta64(1, "D")
        month = last.astype("datetime64[M]") + self.months_late + 1
        day: np.datetime64 = month.astype("datetime64[D]") - np.timedelta64(1, "D")
        self.notice(Notice.PUBLISHED_BY_RULE, 1, [Example(span=spans.labels[-1], text=str(day))])
        return day

    def notice(
        self,
        what: Notice,
        n: int,
        examples: Iterable[Example] = (),
        columns: Sequence[str] = (),
    ) -> None:
        """Keep what was met, if it was."""
        if n:
            self.noticed.append(
                Noticed(
                    what=what,
                    file=self.name,
                    n=n,
                    examples=tuple(examples)[:_FIRST],
                    columns=tuple(columns),
                )
            )

    def not_whole(self, header: str, example: str, cells: int) -> DataError:
        """Say that a column of counts holds what can be none, and in how many cells."""
        return DataError(
            "Counts must be whole numbers.",
            found=phrase("{example} ({n:,} cells)", example=repr(shown(example, 40)), n=cells),
            where=phrase("column {header} of {name}", header=shown(header), name=self.name),
            remedy="give counts, not rates; leave cells without a number blank",
        )
