"""The plain wide form, for anyone: a column for each month, or for each offence."""

from __future__ import annotations

from veedor.areas.layouts import plain
from veedor.areas.layouts.layout import AreaLayout
from veedor.areas.states import Unit
from veedor.errors import phrase

WIDE = AreaLayout(
    name="wide",
    title="A column for each month, or for each offence",
    licence=plain.LICENCE,
    page="",
    units=tuple(Unit),
    states=plain.STATES,
    fields={
        name: aliases
        for name, aliases in plain.FIELDS.items()
        if name not in ("count", "state", "published", "population", "known_by")
    },
    needed=("area",),
    read=plain.read_wide,
    quirks=(
        phrase(
            "Where no column names offences, each column of whole numbers is one; columns whose "
            "header says rate or population are not read"
        ),
    ),
    plain=True,
)
