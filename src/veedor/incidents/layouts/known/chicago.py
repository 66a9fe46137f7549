"""Chicago: Crimes, 2001 to present (``ijzp-q8t2``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from veedor.errors import phrase
from veedor.incidents.columns import Columns
from veedor.incidents.layouts import expressions as sql
from veedor.incidents.layouts.layout import Break, Layout, View
from veedor.incidents.layouts.portals import Socrata


def _view(f: Mapping[str, str], day_first: bool) -> View:
    return View(columns={"occurred": sql.instant(f["date"], day_first=day_first)})


CHICAGO = Layout(
    name="chicago",
    title="Chicago, Crimes - 2001 to Present",
    licence="City of Chicago open data, under its terms of use",
    page="https://data.cityofchicago.org/d/ijzp-q8t2",
    delay=phrase(
        "The most recent seven days are left out. Updated On is when a row last "
        "changed, not when the incident was reported, so the delay of reporting "
        "cannot be estimated."
    ),
    fields={
        "id": ("ID",),
        "case_number": ("Case Number",),
        "date": ("Date",),
        "primary_type": ("Primary Type",),
        "description": ("Description",),
        "iucr": ("IUCR",),
        "fbi_code": ("FBI Code",),
        "latitude": ("Latitude",),
        "longitude": ("Longitude",),
    },
    needed=("id", "date", "primary_type", "iucr", "latitude", "longitude"),
    columns=Columns(
        category="primary_type",
        id="id",
        time="occurred",
        latitude="latitude",
        longitude="longitude",
    ),
    view=_view,
    dates=("date",),
    time_zone="America/Chicago",
    crs="EPSG:32616",
    country="US",
    subdivision="IL",
    extent=(-88.0, 41.6, -87.4, 42.1),
    categories={
        "CRIMINAL SEXUAL ASSAULT": ("CRIMINAL SEXUAL ASSAULT", "CRIM SEXUAL ASSAULT"),
        "NON-CRIMINAL": ("NON-CRIMINAL", "NON - CRIMINAL", "NON-CRIMINAL (SUBJECT SPECIFIED)"),
    },
    breaks=(Break(date(2020, 3, 21), phrase("stay-at-home order of 2020")),),
    rule=phrase(
        "A row is an incident, but for murders, where it is a victim. Addresses are "
        "moved to their block, so many incidents share a point."
    ),
    portals=(Socrata("https://data.cityofchicago.org", "ijzp-q8t2", "date"),),
)
