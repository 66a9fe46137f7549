"""Los Angeles: Crime Data from 2020 (``2nrs-mtv8``) and the same of 2010 to 2019."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from veedor.errors import phrase
from veedor.incidents.columns import Columns
from veedor.incidents.layouts import expressions as sql
from veedor.incidents.layouts.layout import Break, Layout, View
from veedor.incidents.layouts.portals import Socrata


def _view(f: Mapping[str, str], day_first: bool) -> View:
    clock = sql.whole(f["time_occ"])
    short = sql.matches(clock, r"\d{1,3}")
    return View(
        columns={
            "occurred_on": sql.day(f["date_occ"], day_first=day_first),
            "occurred_at": f"CASE WHEN {short} THEN lpad({clock}, 4, '0') ELSE {clock} END",
            "reported": sql.day(f["date_rptd"], day_first=day_first),
        },
        mended={phrase("clock time without its leading zeros"): short},
    )


LOS_ANGELES = Layout(
    name="los-angeles",
    title="Los Angeles, Crime Data from 2020 to Present",
    licence="City of Los Angeles open data, under its terms of use",
    page="https://data.lacity.org/d/2nrs-mtv8",
    delay=phrase("Date Rptd is the day on which an incident was reported."),
    fields={
        "dr_no": ("DR_NO",),
        "date_rptd": ("Date Rptd",),
        "date_occ": ("DATE OCC",),
        "time_occ": ("TIME OCC",),
        "crm_cd_desc": ("Crm Cd Desc",),
        "latitude": ("LAT",),
        "longitude": ("LON",),
    },
    needed=("dr_no", "date_rptd", "date_occ", "time_occ", "crm_cd_desc", "latitude", "longitude"),
    columns=Columns(
        category="crm_cd_desc",
        id="dr_no",
        date="occurred_on",
        clock="occurred_at",
        reported_at="reported",
        latitude="latitude",
        longitude="longitude",
    ),
    view=_view,
    dates=("date_occ", "date_rptd"),
    time_zone="America/Los_Angeles",
    crs="EPSG:32611",
    country="US",
    subdivision="CA",
    extent=(-118.9, 33.6, -118.0, 34.5),
    persons=("Vict Age", "Vict Sex", "Vict Descent"),
    breaks=(
        Break(date(2020, 3, 19), phrase("stay-at-home order of 2020")),
        Break(
            date(2024, 3, 7),
            phrase(
                "the police begin to move to another records system, bureau by bureau: from "
                "here the file loses incidents, and is not complete"
            ),
        ),
    ),
    complete_until=date(2024, 3, 7),
    rule=phrase(
        "A row is an incident. (0, 0) means that the place is not given. Addresses "
        "are rounded to the hundred block."
    ),
    portals=(Socrata("https://data.lacity.org", "2nrs-mtv8", "date_occ"),),
)
