"""The layouts of area counts that ship with veedor, by name and by the headers of a file."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules

from veedor.areas.layouts import known
from veedor.areas.layouts.layout import AreaLayout
from veedor.errors import StudyError, phrase
from veedor.tables.names import words

#: Every layout of `known`, by name.
AREA_LAYOUTS: dict[str, AreaLayout] = {
    layout.name: layout
    for module in iter_modules(known.__path__, f"{known.__name__}.")
    for layout in vars(import_module(module.name)).values()
    if isinstance(layout, AreaLayout)
}


def find_area_layout(name: str) -> AreaLayout:
    """Return a layout by its name; case, and what stands between its words, do not matter.

    Raises
    ------
    StudyError
        If there is none of that name.

    Examples
    --------
    >>> find_area_layout("ISP_RJ").time_zone
    'America/Sao_Paulo'
    """
    plain = words(name).replace(" ", "-")
    if plain not in AREA_LAYOUTS:
        raise StudyError(
            "A layout of area counts must be one that veedor knows.",
            found=repr(name),
            remedy=phrase("use one of {layouts}", layouts=", ".join(AREA_LAYOUTS)),
        )
    return AREA_LAYOUTS[plain]


def recognise_area_layout(headers: Sequence[str]) -> AreaLayout | None:
    """Return the layout that a file's headers are of; None if they are of none.

    A file has a layout if it has all fields that the layout needs; of several, the one that needs
    most. The plain forms are nobody's, and must be named.

    Examples
    --------
    >>> recognise_area_layout(["id", "date", "lat", "lon"]) is None
    True
    """
    of = [one for one in AREA_LAYOUTS.values() if not one.plain and not one.lacks(headers)]
    return max(of, key=lambda layout: len(layout.needed), default=None)
