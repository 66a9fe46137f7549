"""data.police.uk: street-level crime of England, Wales and Northern Ireland, by month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from veedor.errors import phrase
from veedor.incidents.columns import Columns
from veedor.incidents.layouts import expressions as sql
from veedor.incidents.layouts.layout import Break, Layout, View
from veedor.incidents.layouts.portals import Archive

_MONTH = r"\d{4}-\d{2}"


def _view(f: Mapping[str, str], day_first: bool) -> View:  # noqa: ARG001 - no days
    month = sql.matches(f["month"], _MONTH)
    last = f"last_day(TRY_CAST({f['month']} || '-01' AS DATE))"
    return View(
        columns={
            "first_day": f"CASE WHEN {month} THEN {f['month']} || '-01' ELSE {f['month']} END",
            "last_day": f"CASE WHEN {month} THEN strftime({last}, '%Y-%m-%d') "
            f"ELSE {f['month']} END",
        },
        mended={phrase("month taken as an interval from its first day to its last"): month},
    )


POLICE_UK = Layout(
    name="data-police-uk",
    title="data.police.uk, street-level crime",
    licence="Open Government Licence v3.0",
    page="https://data.police.uk/about/",
    delay=phrase(
        "A month is published about two months later. No column says when an "
        "incident was reported, so the delay of reporting cannot be estimated."
    ),
    fields={
        "crime_id": ("Crime ID",),
        "month": ("Month",),
        "falls_within": ("Falls within",),
        "longitude": ("Longitude",),
        "latitude": ("Latitude",),
        "lsoa_code": ("LSOA code",),
        "crime_type": ("Crime type",),
    },
    needed=("month", "falls_within", "longitude", "latitude", "lsoa_code", "crime_type"),
    columns=Columns(
        category="crime_type",
        start="first_day",
        end="last_day",
        latitude="latitude",
        longitude="longitude",
    ),
    view=_view,
    dates=("month",),
    time_zone="Europe/London",
    crs="EPSG:27700",
    country="GB",
    extent=(-8.7, 49.8, 2.0, 60.9),
    breaks=(
        Break(date(2013, 5, 1), phrase("other categories")),
        Break(
            date(2019, 7, 1), phrase("Greater Manchester Police: no or few incidents from here on")
        ),
    ),
    rule=phrase(
        "A row is an incident. Its place is the nearest of a list of map points, "
        "each for at least eight addresses or none; its time is a month."
    ),
    smallest_cell_km2=0.4,
    whole_months=True,
    size_m=1_000,
    companions=r"\d{4}-\d{2}-.+-(?:outcomes|stop-and-search)\.csv",
    portals=(
        Archive(
            "https://data.police.uk",
            "/data/archive/latest.zip",
            "*-street.csv",
            r"(\d{4}-\d{2})[^/]*-street\.csv$",
        ),
    ),
)
