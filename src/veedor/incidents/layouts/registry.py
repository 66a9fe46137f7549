"""The layouts that ship with veedor, by name and by the headers of a file."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules

from veedor.errors import StudyError, phrase
from veedor.incidents.layouts import known
from veedor.incidents.layouts.layout import Layout
from veedor.tables.names import words

#: Every layout of `known`, by name.
LAYOUTS: dict[str, Layout] = {
    layout.name: layout
    for module in iter_modules(known.__path__, f"{known.__name__}.")
    for layout in vars(import_module(module.name)).values()
    if isinstance(layout, Layout)
}


def find_layout(name: str) -> Layout:
    """Return a layout by its name; case, and what stands between its words, do not matter.

    Raises
    ------
    StudyError
        If there is none of that name.

    Examples
    --------
    >>> find_layout("chicago").time_zone
    'America/Chicago'
    >>> find_layout("Buenos_Aires").name, find_layout("data.police.uk").name
    ('buenos-aires', 'data-police-uk')
    """
    plain = words(name).replace(" ", "-")
    if plain not in LAYOUTS:
        raise StudyError(
            "A layout must be one that veedor knows.",
            found=repr(name),
            remedy=phrase(
                "use one of {layouts}; or name the columns yourself", layouts=", ".join(LAYOUTS)
            ),
        )
    return LAYOUTS[plain]


def holds_no_incidents(name: str) -> bool:
    """Whether a file, by its name, comes with a layout's files and is about something else.

    Examples
    --------
    >>> holds_no_incidents("all.zip/2023-02/2023-02-kent-outcomes.csv")
    True
    >>> holds_no_incidents("2023-02-kent-street.csv"), holds_no_incidents("outcomes.csv")
    (False, False)
    """
    return any(layout.sets_aside(name) for layout in LAYOUTS.values())


def recognise_layout(headers: Sequence[str]) -> Layout | None:
    """Return the layout that a file's headers are of; None if they are of none.

    A file has a layout if it has all fields that the layout needs.

    Examples
    --------
    >>> recognise_layout(["DR_NO", "Date Rptd", "DATE OCC", "TIME OCC", "Crm Cd Desc", "LAT",
    ...                   "LON"]).name
    'los-angeles'
    >>> recognise_layout(["id", "date", "lat", "lon"]) is None
    True
    """
    of = [layout for layout in LAYOUTS.values() if not layout.lacks(list(headers))]
    return max(of, key=lambda layout: len(layout.needed), default=None)
