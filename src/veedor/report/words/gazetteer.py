"""Where a place is, in words: its zone, the streets by which it is found, its coordinates."""

from __future__ import annotations

from veedor.report.words.language import Words, noted
from veedor.spacetime import Place

#: How a place is named: by whether its zone is known, and whether streets cross it, are near, or
#: none is known.
NAMED = {
    (True, "at"): noted("{zone}, at {streets}"),
    (True, "near"): noted("{zone}, near {streets}"),
    (True, "none"): noted("{zone}"),
    (False, "at"): noted("at {streets}"),
    (False, "near"): noted("near {streets}"),
    (False, "none"): noted("cell {cell}"),
}


def named(words: Words, place: Place) -> str:
    """Name a place: its zone, and the streets that cross it or the nearest one; else its cell.

    >>> from veedor.report.words import words_in
    >>> named(words_in("en"), Place("0_0", -34.6, -58.4, "Boedo", ("Av. San Juan", "Colombres"), 0))
    'Boedo, at Av. San Juan and Colombres'
    >>> named(words_in("en"), Place("0_0", -34.6, -58.4, "", ("Av. San Juan",), 120.0))
    'near Av. San Juan'
    """
    how = "none" if not place.streets else "near" if place.streets_m else "at"
    return words.say(
        NAMED[bool(place.zone), how],
        zone=place.zone,
        streets=words.listed(place.streets),
        cell=place.cell_id,
    )


def coordinates(place: Place) -> str:
    """Write latitude and longitude as maps take them, the same in every language.

    >>> coordinates(Place("0_0", -34.6037, -58.38))
    '-34.6037, -58.3800'
    """
    return f"{place.lat:.4f}, {place.lon:.4f}"
