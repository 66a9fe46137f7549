"""`AreaLayout`: how one publisher writes counts by area, and what must be known before reading."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from veedor.areas.breaks import SeriesBreak
from veedor.areas.counts import AreaCounts
from veedor.areas.layouts.file import AreaFile
from veedor.areas.states import State, Unit
from veedor.tables.names import words


@dataclass(frozen=True)
class AreaLayout:
    """How one publisher writes counts by area.

    Parameters
    ----------
    name : str
        As in ``layout = NAME`` under ``[counts]`` of study.toml.
    title, licence, page : str
        What it is, under which terms as far as known, and the page it is published on.
    units : tuple of Unit
        What a count may count; the first one unless another is chosen.
    states : str
        The rule for states, as sentences (a `phrase`): what a blank is, a 0, a missing row.
    fields : dict of str to tuple of str
        Field -> the headers that it has had; case, accents and punctuation do not matter.
    needed : tuple of str
        Fields without which a file is not of this layout.
    read : callable
        From an opened file to its counts: an `AreaCounts` of one edition, whose provenance
        `read_areas` adds.
    time_zone : str
        IANA name; empty where whoever reads must say it.
    level : str
        What its areas are called: ``"municipio"``.
    persons : tuple of str
        Headers that hold data about persons: dropped, and named.
    quirks : tuple of str
        What else must be known of the file, as sentences (a `phrase` each).
    breaks : tuple of SeriesBreak
    months_late : int or None
        Where neither whoever reads nor the file's name says the day of publication: the last day
        of so many months after the last one that it holds. None: the day must be given.
    parts : bool
        Whether a file holds only a part of what is published (a year, an offence, a period under
        one method): what it has no span or no offence for stays as it was published before.
    absent : State
        What an area is, within the spans and the offences of a file, that the file does not name.
    whole : callable, optional
        What is known only once all files are one record: from the record to the record.
    plain : bool
        Whether it is a form for anyone, whose columns are named by whoever reads it: such a file is
        never recognised by its headers.

    Examples
    --------
    >>> from veedor.areas.layouts import find_area_layout
    >>> find_area_layout("isp-rj").lacks(["fmun_cod", "ano", "mes"])
    ('name', 'region', 'hom_doloso', 'phase')
    """

    name: str
    title: str
    licence: str
    page: str
    units: tuple[Unit, ...]
    states: str
    fields: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...]
    read: Callable[[AreaFile], AreaCounts]
    time_zone: str = ""
    level: str = ""
    persons: tuple[str, ...] = ()
    quirks: tuple[str, ...] = ()
    breaks: tuple[SeriesBreak, ...] = field(default=())
    months_late: int | None = None
    parts: bool = False
    absent: State = State.NOT_REPORTED
    whole: Callable[[AreaCounts], AreaCounts] | None = None
    plain: bool = False

    def fields_in(self, headers: Sequence[str]) -> dict[str, str]:
        """Return field -> header, for the fields that a file has."""
        known = {words(header): header for header in reversed(headers)}
        found = {}
        for name, aliases in self.fields.items():
            there = [known[words(alias)] for alias in aliases if words(alias) in known]
            if there:
                found[name] = there[0]
        return found

    def lacks(self, headers: Sequence[str]) -> tuple[str, ...]:
        """Return the needed fields that a file lacks; none means that it is of this layout."""
        found = self.fields_in(headers)
        return tuple(name for name in self.needed if name not in found)
