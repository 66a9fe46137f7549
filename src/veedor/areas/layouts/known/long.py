"""The plain long form, for anyone: a row for each area, period and offence."""

from __future__ import annotations

from veedor.areas.layouts import plain
from veedor.areas.layouts.layout import AreaLayout
from veedor.areas.states import Unit
from veedor.errors import phrase

LONG = AreaLayout(
    name="long",
    title="A row for each area, period and offence",
    licence=plain.LICENCE,
    page="",
    units=tuple(Unit),
    states=plain.STATES,
    fields=plain.FIELDS,
    needed=("area", "category", "count"),
    read=plain.read_long,
    quirks=(
        phrase(
            "A column of days of publication makes each day an edition of its own, which must be "
            "whole"
        ),
    ),
    plain=True,
)
