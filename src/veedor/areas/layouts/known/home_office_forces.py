"""England and Wales: Home Office, offences recorded by the police, by police force area."""

from __future__ import annotations

from veedor.areas.layouts import home_office
from veedor.areas.layouts.layout import AreaLayout
from veedor.areas.states import Unit

HOME_OFFICE_FORCES = AreaLayout(
    name="home-office-forces",
    title="England and Wales, Home Office: police recorded crime, by police force area",
    licence=home_office.LICENCE,
    page=home_office.PAGE,
    units=(Unit.RECORDS,),
    states=home_office.STATES,
    fields={**home_office.FIELDS, "name": ("Force Name", "Police Force")},
    needed=home_office.NEEDED,
    read=lambda file: home_office.read(file, "police force area"),
    time_zone="Europe/London",
    level="police force area",
    quirks=home_office.QUIRKS,
    months_late=6,
    parts=True,
)
