"""San Francisco: Police Department Incident Reports, 2018 to present (``wg3w-h783``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from veedor.errors import phrase
from veedor.incidents.columns import Columns
from veedor.incidents.layouts import expressions as sql
from veedor.incidents.layouts.layout import Break, Layout, View
from veedor.incidents.layouts.portals import Socrata

SUPPLEMENT = "supplement to an earlier report"


def _view(f: Mapping[str, str], day_first: bool) -> View:
    return View(
        columns={
            "occurred": sql.instant(f["incident_datetime"], day_first=day_first),
            "reported": sql.instant(f["report_datetime"], day_first=day_first),
        },
        aside={SUPPLEMENT: sql.matches(f["report_type"], r"(?i).*supplement.*")},
    )


SAN_FRANCISCO = Layout(
    name="san-francisco",
    title="San Francisco, Police Department Incident Reports: 2018 to Present",
    licence="Open Data Commons Public Domain Dedication and License",
    page="https://data.sfgov.org/d/wg3w-h783",
    delay=phrase(
        "Report Datetime is when the report was filed. A report appears after a "
        "sergeant or lieutenant has approved it."
    ),
    fields={
        "incident_datetime": ("Incident Datetime",),
        "report_datetime": ("Report Datetime",),
        "row_id": ("Row ID",),
        "incident_number": ("Incident Number",),
        "report_type": ("Report Type Description",),
        "category": ("Incident Category",),
        "subcategory": ("Incident Subcategory",),
        "latitude": ("Latitude",),
        "longitude": ("Longitude",),
    },
    needed=(
        "incident_datetime",
        "row_id",
        "incident_number",
        "report_type",
        "category",
        "latitude",
        "longitude",
    ),
    columns=Columns(
        category="category",
        id="row_id",
        incident="incident_number",
        time="occurred",
        reported_at="reported",
        latitude="latitude",
        longitude="longitude",
    ),
    view=_view,
    dates=("incident_datetime", "report_datetime"),
    time_zone="America/Los_Angeles",
    crs="EPSG:32610",
    country="US",
    subdivision="CA",
    extent=(-122.6, 37.6, -122.3, 37.9),
    categories={
        "Motor Vehicle Theft": ("Motor Vehicle Theft", "Motor Vehicle Theft?"),
        "Weapons Offense": ("Weapons Offense", "Weapons Offence"),
    },
    breaks=(
        Break(
            date(2018, 1, 1), phrase("another system: reports before 2018 are in another dataset")
        ),
        Break(date(2020, 3, 17), phrase("stay-at-home order of 2020")),
    ),
    rule=phrase(
        "The file has a row for each code of a report. Supplements are set aside, "
        "and an incident number counts once in each category, at its first row: an "
        "incident of two categories counts in both, so the categories do not add up "
        "to a number of incidents."
    ),
    portals=(Socrata("https://data.sfgov.org", "wg3w-h783", "incident_datetime"),),
)
