"""`Layout`: how one agency writes its open data, and what must be known before it is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from veedor.incidents.columns import Columns
from veedor.incidents.layouts.portals import Portal
from veedor.tables.names import words

_TIMES = frozenset(
    ["time", "start", "end", "date", "clock", "hour_band", "year", "month", "day", "hour", "minute"]
)
_PLACES = frozenset(("latitude", "longitude", "x", "y", "point", "zone"))


@dataclass(frozen=True)
class Break:
    """A day from which the record means something else, and why."""

    day: date
    what: str


@dataclass(frozen=True)
class View:
    """SQL over the fields of a layout.

    Parameters
    ----------
    columns : dict of str to str
        Name of a column that the layout makes -> SQL.
    mended : dict of str to str
        What was mended, in words -> SQL that is true for a row where it was.
    aside : dict of str to str
        Reason for which a row is set aside -> SQL that is true for such a row.
    """

    columns: Mapping[str, str]
    mended: Mapping[str, str] = field(default_factory=dict)
    aside: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Layout:
    """How one agency writes its open data.

    Parameters
    ----------
    name : str
        As in ``veedor init --layout NAME`` and ``layout = NAME`` in study.toml.
    title, licence, page : str
        What it is, under which terms, and the page that says so.
    delay : str
        How late a record is, and whether that can be measured from the file.
    fields : dict of str to tuple of str
        Field -> the headers that it has had; case, accents and punctuation do not matter.
    needed : tuple of str
        Fields without which a file is not of this layout.
    prefix : str
        What some files put before every header.
    columns : Columns
        Role -> column that `view` makes, or field.
    view : callable
        From field -> quoted SQL name, and whether days come before months, to a `View`. A field
        that the file lacks is NULL, and so is one that holds a word of `missing`.
    dates : tuple of str
        Fields of dates. A file that shows another order of day and month than `day_first`, as after
        a spreadsheet has saved it, is read in its own.
    day_first : bool
        The order that the agency writes.
    time_zone, crs, country, subdivision : str
        Of the study that `veedor init` writes.
    extent : tuple of float
        West, south, east, north in degrees: a place outside it is none.
    missing : tuple of str
        What is written for "nothing here", besides what veedor knows.
    persons : tuple of str
        Headers that hold data about persons: dropped as all others, and named.
    categories : dict of str to tuple of str
        Name -> the spellings of one category over the years.
    breaks : tuple of Break
    complete_until : date, optional
        The first day from which the record is known to be incomplete.
    rule : str
        How rows become incidents.
    smallest_cell_km2, whole_months : float, bool
        Cells below this size, and periods that are not whole months, would show more than the
        record knows.
    size_m : int
        Of the cells that `veedor init` proposes.
    companions : str
        Regular expression of the names of files that come in the same download and hold no
        incidents: they are left out.
    portals : tuple of Portal
        Where `veedor fetch` gets it; none where it is to be downloaded from its page.

    Examples
    --------
    >>> from veedor.incidents.layouts import find_layout
    >>> find_layout("chicago").fields_in(["ID", "Primary Type"])["primary_type"]
    'Primary Type'
    """

    name: str
    title: str
    licence: str
    page: str
    delay: str
    fields: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...]
    columns: Columns
    view: Callable[[Mapping[str, str], bool], View]
    time_zone: str
    crs: str
    country: str
    extent: tuple[float, float, float, float]
    rule: str
    dates: tuple[str, ...]
    portals: tuple[Portal, ...]
    subdivision: str | None = None
    missing: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    categories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    breaks: tuple[Break, ...] = ()
    day_first: bool = False
    complete_until: date | None = None
    smallest_cell_km2: float = 0.0
    whole_months: bool = False
    size_m: int = 500
    companions: str = ""
    prefix: str = ""

    def sets_aside(self, name: str) -> bool:
        """Whether a file of this name, in a zip or not, comes with the data and is none of it."""
        found = re.fullmatch(self.companions, name.rpartition("/")[2])
        return bool(self.companions) and found is not None

    def bare(self, header: str) -> str:
        """Return the words of a header, without the prefix."""
        before = f"{words(self.prefix)} " if self.prefix else ""
        return words(header).removeprefix(before)

    def fields_in(self, headers: list[str]) -> dict[str, str]:
        """Return field -> header, for the fields that a file has."""
        plain = {self.bare(header): header for header in reversed(headers)}
        found = {}
        for name, aliases in self.fields.items():
            known = [plain[words(alias)] for alias in aliases if words(alias) in plain]
            if known:
                found[name] = known[0]
        return found

    def lacks(self, headers: list[str]) -> tuple[str, ...]:
        """Return the needed fields that a file lacks; none means that it is of this layout."""
        found = self.fields_in(headers)
        return tuple(name for name in self.needed if name not in found)

    def with_columns(self, own: Mapping[str, str]) -> Columns:
        """Return the layout's columns, with a study's own in place of those that they replace.

        Examples
        --------
        >>> from veedor.incidents.layouts import find_layout
        >>> find_layout("buenos-aires").with_columns({"category": "subtipo"}).category
        'subtipo'
        """
        replaced = set(own)
        for kind in (_TIMES, _PLACES):
            if replaced & kind:
                replaced |= kind
        kept = {role: name for role, name in self.columns.roles().items() if role not in replaced}
        return Columns(**(kept | dict(own)))
