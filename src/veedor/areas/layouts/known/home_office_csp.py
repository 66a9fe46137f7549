"""England and Wales: Home Office, offences recorded by the police, by CSP."""

from __future__ import annotations

from veedor.areas.layouts import home_office
from veedor.areas.layouts.layout import AreaLayout
from veedor.areas.states import Unit

HOME_OFFICE = AreaLayout(
    name="home-office-csp",
    title="England and Wales, Home Office: police recorded crime, by Community Safety Partnership",
    licence=home_office.LICENCE,
    page=home_office.PAGE,
    units=(Unit.RECORDS,),
    states=home_office.STATES,
    fields={
        **home_office.FIELDS,
        "area": ("CSP Code", "ONS Code", "ONS code"),
        "name": ("CSP Name", "Community Safety Partnership name"),
        "force": ("Force Name", "Police Force"),
        "region": ("Region",),
    },
    needed=(*home_office.NEEDED, "force"),
    read=lambda file: home_office.read(file, "CSP"),
    time_zone="Europe/London",
    level="CSP",
    quirks=home_office.QUIRKS,
    months_late=6,
    parts=True,
)
