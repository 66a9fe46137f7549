"""`Proposal`: what was found in files of incidents, for a person to confirm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from veedor.errors import StudyError, phrase
from veedor.incidents.categories import plain
from veedor.incidents.columns import Columns, Source
from veedor.incidents.layouts import find_layout
from veedor.incidents.model import Category
from veedor.incidents.refusals import is_discovered, is_protest
from veedor.tables.escape import shown
from veedor.tables.personal import safe
from veedor.tables.points import PointFirst

#: Of a column of categories, the most frequent.
MOST_VALUES = 200


@dataclass(frozen=True)
class ProposedColumn:
    """A column proposed for a role: up to three `examples`, escaped, and `why` it was taken."""

    role: str
    column: str
    examples: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class ProposedValue:
    """A category: its name, its `count`, and its proposed `known_by`; None: never a category.

    `gathers` holds the raw values that are it, where a layout knows several spellings, or the raw
    value is too long or too odd to be a name; empty means the name itself.
    """

    value: str
    count: int
    known_by: str | None
    gathers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """What a file seems to hold. Everything in it is a guess for a person to confirm.

    Parameters
    ----------
    files : tuple of str
        Names of the files found. Columns are proposed from the first, categories from all.
    columns : tuple of ProposedColumn
    values : tuple of ProposedValue
        Raw values of the category column, the most frequent first.
    time_zone, crs : str or None
        None where there are no coordinates to guess from.
    format, encoding, delimiter, decimal : str or None
        As found in the first file.
    ambiguous_dates : tuple of str
        Columns whose order of day and month cannot be known: `time_format` must be set.
    dropped : tuple of str
        Columns that will not be read.
    notes : tuple of str
        What a person must look at, in sentences.
    offset : str or None
        ``"ignore"`` where a column of hours shows that the offsets beside times are wrong,
        ``"utc"`` where the header alone says that times are in UTC.
    day_parts : tuple of (str, str)
        Words for parts of the day, and their hours.
    point_first : {"latitude", "longitude"} or None
        Where places in a text lie at sea or a pole in the usual order.
    zones_by : str or None
        Property of the zones that were given by which the record names them.
    layout : str or None
        Name of the layout that the files are of; its columns are not guesses.
    skip_rows : int or None
        Rows of titles before the header; None where there are none.
    header : bool or None
        False where no header names the columns.
    sheets : tuple of str
        Sheets to read, where a workbook has several with rows.
    """

    files: tuple[str, ...]
    columns: tuple[ProposedColumn, ...]
    values: tuple[ProposedValue, ...]
    time_zone: str | None
    crs: str | None
    format: str
    encoding: str | None
    delimiter: str | None
    decimal: str | None
    ambiguous_dates: tuple[str, ...]
    dropped: tuple[str, ...]
    notes: tuple[str, ...]
    layout: str | None = None
    skip_rows: int | None = None
    header: bool | None = None
    sheets: tuple[str, ...] = ()
    offset: str | None = None
    day_parts: tuple[tuple[str, str], ...] = ()
    zones_by: str | None = None
    point_first: PointFirst | None = None

    def column(self, role: str) -> str | None:
        """Return the column proposed for a role."""
        return next((one.column for one in self.columns if one.role == role), None)

    def source(
        self,
        paths: Sequence[str],
        *,
        columns: Mapping[str, str] | None = None,
        **settings: Any,
    ) -> Source:
        """Say how to read the files as proposed.

        Parameters
        ----------
        paths : sequence of str
        columns : dict of str, optional
            Role to column, in place of those proposed.
        **settings
            Of `Source`, in place of what is proposed.

        Raises
        ------
        StudyError
            If the time zone or the CRS is neither proposed nor given.
        """
        proposed: dict[str, Any] = {
            "categories": tuple(
                Category(value.value, value.known_by, value.gathers)
                for value in self.values
                if value.known_by is not None
            ),
            "time_zone": self.time_zone,
            "crs": self.crs,
            "layout": None if self.layout is None else find_layout(self.layout),
            "skip_rows": self.skip_rows,
            "header": self.header,
            "sheets": self.sheets,
            "offset": self.offset,
            "point_first": self.point_first,
            "day_parts": self.day_parts,
        } | settings
        for name, example in (("time_zone", "America/Chicago"), ("crs", "EPSG:32616")):
            if proposed[name] is None:
                raise StudyError(
                    phrase("{name} must be given where the places do not show it.", name=name),
                    found=phrase("no place in degrees"),
                    where=", ".join(self.files),
                    remedy=phrase('give it, as "{example}"', example=example),
                )
        roles = columns or {column.role: column.column for column in self.columns}
        return Source(paths=tuple(paths), columns=Columns(**roles), **proposed)


def with_values(proposal: Proposal, seen: Counter[str], unread: list[str]) -> Proposal:
    """Give a proposal its categories: spellings that are one by case and blanks are one."""
    layout = None if proposal.layout is None else find_layout(proposal.layout)
    known = {} if layout is None else layout.categories
    owner = {plain(text): name for name, texts in known.items() for text in texts}
    found: dict[str, ProposedValue] = {}
    names: set[str] = set()
    masked = 0
    for value, count in seen.most_common():
        name = owner.get(plain(value), value)
        if safe(name) != shown(name):
            masked += count
            continue
        same = found.get(plain(name))
        if same is None:
            same = ProposedValue(_new_name(name, names), 0, None, known.get(name, ()))
            if not same.gathers and plain(same.value) != plain(name):
                same = replace(same, gathers=(name,))
        found[plain(name)] = replace(
            same,
            count=same.count + count,
            known_by=None
            if is_protest(value)
            else "discovered"
            if is_discovered(value)
            else "reported",
        )
    ordered = sorted(found.values(), key=lambda value: -value.count)
    values = tuple(ordered[:MOST_VALUES])
    notes = list(proposal.notes)
    if layout is None and any(value.known_by is None for value in values):
        notes.append(
            phrase("Protest and assembly are never a category: those values are left out.")
        )
    if layout is None and any(value.known_by == "discovered" for value in values):
        notes.append(
            phrase("Values that police go looking for are proposed as discovered: not forecast.")
        )
    if masked:
        notes.append(
            phrase(
                "Values that read as personal data are no category: {masked:,} rows.", masked=masked
            )
        )
    return replace(proposal, values=values, notes=(*notes, *unread))


def _new_name(value: str, names: set[str]) -> str:
    """Give a raw value a name of its own that can be shown anywhere."""
    name, nth = shown(value), 1
    while plain(name) in names:
        nth += 1
        name = f"{shown(value, 50)} ({nth})"
    names.add(plain(name))
    return name
