"""What `propose` says of places: which column would be one, and in which order numbers are read."""

from __future__ import annotations

from veedor.errors import listed, phrase
from veedor.incidents.named_zones import OfferedZones
from veedor.incidents.whereabouts import zones_of
from veedor.tables.database import Table
from veedor.tables.escape import shown
from veedor.tables.personal import names_a_place
from veedor.tables.points import POINT_FIRST, PointFirst


def placeless(
    one: Table, roles: dict[str, str], personal: set[str], zones: OfferedZones | None
) -> str:
    """Say that a file has no place, and what would be one."""
    named = [
        shown(name, 40)
        for name in one.columns
        if name not in personal and name not in roles.values() and names_a_place(name)
    ]
    if named and zones is None:
        return phrase(
            "No place was found, but column {column} seems to name places: propose the "
            "study again with their outlines, a GeoJSON, as zones (--zones FILE).",
            column=listed(map(repr, named)),
        )
    if named:
        return phrase(
            "No coordinates were found, and column {column} names few of the zones that were "
            "given: compare the names, and give the zones that the record speaks of.",
            column=listed(map(repr, named)),
        )
    return phrase(
        "No place was found: map latitude and longitude, x and y, or point; or zone, "
        "where the record names beats or districts, with their polygons as [cells]."
    )


def exchanged(
    one: Table,
    roles: dict[str, str],
    why: dict[str, str],
    decimals: dict[str, str],
    notes: list[str],
) -> tuple[str, str | None] | None:
    """Exchange latitude and longitude where only so they lie where people live."""
    turned = roles | {"latitude": roles["longitude"], "longitude": roles["latitude"]}
    time_zone, crs = zones_of(one, turned, decimals)
    if time_zone is None or time_zone.startswith("Antarctica/"):
        return None
    roles |= turned
    why["latitude"] = why["longitude"] = phrase(
        "its values: as the headers say they lie at sea or a pole"
    )
    notes.append(
        phrase(
            "Column {latitude} seems to hold latitudes and {longitude} longitudes: exchange "
            "them if that is wrong.",
            latitude=repr(shown(turned["latitude"], 40)),
            longitude=repr(shown(turned["longitude"], 40)),
        )
    )
    return time_zone, crs


def turned(
    one: Table, roles: dict[str, str], time_zone: str | None, crs: str | None, notes: list[str]
) -> tuple[PointFirst | None, str | None, str | None]:
    """Read places in a text in another order, where only so they lie where people live."""
    for first in POINT_FIRST:
        zone, plane = zones_of(one, roles, {}, first)
        if zone is not None and not zone.startswith("Antarctica/"):
            notes.append(
                phrase(
                    "Places in column {column} lie at sea or a pole in the usual order of their "
                    "numbers: they are read in the other one.",
                    column=repr(shown(roles["point"], 40)),
                )
            )
            return first, zone, plane
    return None, time_zone, crs
