"""`Proposal`: what was found in files of incidents, for a person to confirm."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, replace
from typing import Any

from veedor.incidents.columns import plain
from veedor.incidents.layouts import find_layout
from veedor.incidents.refusals import is_discovered, is_protest

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
    """A raw category value, its `count`, and its proposed `known_by`; None: never a category.

    `gathers` holds the spellings of one category that a layout knows; empty means its own.
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
    layout : str or None
        Name of the layout that the files are of; its columns are not guesses.
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

    def column(self, role: str) -> str | None:
        """Return the column proposed for a role."""
        return next((one.column for one in self.columns if one.role == role), None)

    def to_dict(self) -> dict[str, Any]:
        """Return the proposal as a dict that JSON can hold."""
        return asdict(self)


def with_values(proposal: Proposal, seen: Counter[str], unread: list[str]) -> Proposal:
    """Give a proposal its categories: spellings that are one by case and blanks are one."""
    layout = None if proposal.layout is None else find_layout(proposal.layout)
    known = {} if layout is None else layout.categories
    owner = {plain(text): name for name, texts in known.items() for text in texts}
    found: dict[str, ProposedValue] = {}
    for value, count in seen.most_common():
        name = owner.get(plain(value), value)
        same = found.get(plain(name))
        found[plain(name)] = ProposedValue(
            name if same is None else same.value,
            count + (0 if same is None else same.count),
            None if is_protest(value) else "discovered" if is_discovered(value) else "reported",
            known.get(name, ()),
        )
    ordered = sorted(found.values(), key=lambda value: -value.count)
    values = tuple(ordered[:MOST_VALUES])
    notes = list(proposal.notes)
    if layout is None and any(value.known_by is None for value in values):
        notes.append("Protest and assembly are never a category: those values are left out.")
    if layout is None and any(value.known_by == "discovered" for value in values):
        notes.append("Values that police go looking for are proposed as discovered: not forecast.")
    return replace(proposal, values=values, notes=(*notes, *unread))
