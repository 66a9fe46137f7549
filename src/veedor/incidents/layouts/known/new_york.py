"""New York: NYPD complaints, historic (``qgea-i56i``) and of the year (``5uac-w243``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from veedor.errors import phrase
from veedor.incidents.columns import Columns
from veedor.incidents.layouts import expressions as sql
from veedor.incidents.layouts.layout import Break, Layout, View
from veedor.incidents.layouts.portals import Socrata


def _view(f: Mapping[str, str], day_first: bool) -> View:
    days = {name: sql.day(f[name], day_first=day_first) for name in ("fr_dt", "to_dt", "rpt_dt")}
    return View(
        columns={
            "from": sql.at(days["fr_dt"], f["fr_tm"]),
            "to": sql.at(days["to_dt"], f["to_tm"]),
            "reported": days["rpt_dt"],
        },
        mended={
            phrase("no end given: the start taken as the exact time"): (
                f"{f['to_dt']} IS NULL AND {f['fr_tm']} IS NOT NULL"
            )
        },
    )


NEW_YORK = Layout(
    name="new-york",
    title="New York, NYPD Complaint Data",
    licence="NYC Open Data, under its terms of use",
    page="https://data.cityofnewyork.us/d/qgea-i56i",
    delay=phrase(
        "The year's file is renewed each quarter. RPT_DT is the day on which an "
        "incident was reported."
    ),
    fields={
        "number": ("CMPLNT_NUM",),
        "fr_dt": ("CMPLNT_FR_DT",),
        "fr_tm": ("CMPLNT_FR_TM",),
        "to_dt": ("CMPLNT_TO_DT",),
        "to_tm": ("CMPLNT_TO_TM",),
        "rpt_dt": ("RPT_DT",),
        "offense": ("OFNS_DESC",),
        "level": ("LAW_CAT_CD",),
        "latitude": ("Latitude",),
        "longitude": ("Longitude",),
    },
    needed=("number", "fr_dt", "fr_tm", "rpt_dt", "offense", "latitude", "longitude"),
    columns=Columns(
        category="offense",
        incident="number",
        start="from",
        end="to",
        reported_at="reported",
        latitude="latitude",
        longitude="longitude",
    ),
    view=_view,
    dates=("fr_dt", "to_dt", "rpt_dt"),
    time_zone="America/New_York",
    crs="EPSG:32618",
    country="US",
    subdivision="NY",
    extent=(-74.4, 40.4, -73.6, 41.0),
    missing=("(null)",),
    persons=(
        "SUSP_AGE_GROUP",
        "SUSP_RACE",
        "SUSP_SEX",
        "VIC_AGE_GROUP",
        "VIC_RACE",
        "VIC_SEX",
    ),
    breaks=(
        Break(date(2006, 1, 1), phrase("incidents reported before 2006 are not in the file")),
        Break(date(2020, 3, 22), phrase("stay-at-home order of 2020")),
    ),
    rule=phrase(
        "A complaint is filed under its most serious offense. A number that stands "
        "twice with one offense, as where the two files overlap, counts once. The "
        "years of CMPLNT_FR_DT reach back further than the record: incidents "
        "reported late."
    ),
    portals=(
        Socrata("https://data.cityofnewyork.us", "qgea-i56i", "cmplnt_fr_dt"),
        Socrata("https://data.cityofnewyork.us", "5uac-w243", "cmplnt_fr_dt"),
    ),
)
