"""`choose_roles`: which column of an unknown file plays which role, by header and by values."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

import numpy as np
import pyarrow as pa

from veedor.arrays import Floats
from veedor.errors import PersonalDataRefusal, phrase
from veedor.incidents.category_column import find_category
from veedor.incidents.headers import recognise
from veedor.incidents.named_zones import OfferedZones
from veedor.incidents.proposed_times import settle_times
from veedor.tables.angles import Axis, read_degrees
from veedor.tables.database import Database, Table, absent, reading
from veedor.tables.escape import shown
from veedor.tables.names import words
from veedor.tables.numerals import Evidence, read_numbers
from veedor.tables.personal import Screen, names_a_person
from veedor.tables.points import holds_points

PLACE_ROLES = frozenset(("latitude", "x", "point", "zone"))
#: A column is filled if it has at least this share of the values of the fullest one.
_FILLED = 0.25
_LOOKED_AT = 200
_DAY = re.compile(r"\d{1,4}[-/.](\d{1,2}|[A-Za-z]{3,})[-/.]\d{1,4}([ T].*)?")
_REPORTS = frozenset(
    ("report", "reported", "reporting", "rptd", "rpt", "registro", "denuncia", "carga", "entered")
)
#: Ids are compared in so many rows.
_MOST_IDS = 2_000_000
#: Rows that share a number are parts of one incident where so many of them are of one time.
_OF_ONE_DAY = 0.9
#: Half of the numbers of a pair that is metres or feet are larger, whatever its headers say.
_NO_DEGREES = 1_000
#: No coordinate in metres or feet that is used in a city is larger.
_NO_METRES = 4e7
#: A whole number, also with marks between thousands; this share of those that lost a mark are.
_WHOLE, _MOST_WHOLE = re.compile(r"-?(?:\d+|\d{1,3}(?:[.,' ]\d{3})+)"), 0.95
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AaPp]\.?[Mm]\.?)?")


def choose_roles(
    database: Database, one: Table, notes: list[str]
) -> tuple[dict[str, str], dict[str, str], set[str], dict[str, str]]:
    """Choose a column for each role.

    Parameters
    ----------
    database : Database
    one : Table
    notes : list of str
        Gets what a person must look at.

    Returns
    -------
    roles : dict
        Role to header.
    why : dict
        Role to why the column was taken.
    personal : set of str
        Headers of columns that are about persons.
    parts : dict
        Words for parts of the day, and their hours.
    """
    personal = {column for column in one.columns if names_a_person(column)}
    fullest = max((len(values) for values in one.samples.values()), default=0)
    empty = {name for name, held in one.samples.items() if len(held) < _FILLED * fullest}
    free = [column for column in one.columns if column not in personal | empty]
    roles = recognise(free)
    why: dict[str, str] = {
        role: phrase("its header {column} is one used for this", column=repr(shown(column, 40)))
        for role, column in roles.items()
    }
    for role in ("id", "known_by"):
        if role in roles and _is_personal(one, role, roles[role]):
            notes.append(
                phrase(
                    "Column {column} holds personal data: it is not proposed.",
                    column=repr(shown(roles[role], 40)),
                )
            )
            personal.add(roles.pop(role))
    _place(one, roles, why, free)
    _unnamed_times(one, roles, why, free)
    parts = settle_times(database, one, roles, why, notes)
    _without_repeats(database, one, roles, notes)
    _category(one, roles, why, [name for name in free if name not in personal], notes, personal)
    if "category" not in roles:
        notes.append(phrase("No column of categories was recognised: set category."))
    return roles, why, personal, parts


def _without_repeats(
    database: Database, one: Table, roles: dict[str, str], notes: list[str]
) -> None:
    """Propose no id that repeats; say whether its rows may be parts of one incident."""
    if "id" not in roles:
        return
    column = one.columns[roles["id"]]
    day = next((roles[role] for role in ("time", "start", "date") if role in roles), roles["id"])
    with reading(one.name):
        ((repeated, of_one_day),) = database.rows(
            "SELECT count(*), count_if(days < 2) FROM ("
            f"SELECT count(DISTINCT {one.columns[day]}) AS days FROM (SELECT * FROM {one.relation} "
            f"LIMIT {_MOST_IDS}) WHERE NOT ({absent(column, one.types[roles['id']])}) "
            f"GROUP BY {column} HAVING count(*) > 1)"
        )
    database.malformed()
    if not repeated:
        return
    named = repr(shown(roles.pop("id"), 40))
    if of_one_day >= _OF_ONE_DAY * repeated:
        notes.append(
            phrase(
                "Column {column} repeats values: it is not proposed as id. If several rows are one "
                "incident, as one for each person or object, map it as incident: each then "
                "counts once in its category.",
                column=named,
            )
        )
    else:
        notes.append(
            phrase(
                "Column {column} repeats values for incidents of different times: it is not "
                "proposed as id.",
                column=named,
            )
        )


def choose_zone(
    one: Table,
    roles: dict[str, str],
    why: dict[str, str],
    personal: set[str],
    zones: OfferedZones,
) -> str | None:
    """Take the column that names the zones which were given; return the property it names them by.

    Parameters
    ----------
    one : Table
    roles, why : dict
        Role to header, and to why; get that of the zone.
    personal : set of str
        Headers of columns that are about persons.
    zones : OfferedZones
    """
    taken = personal | set(roles.values())
    found = {
        name: by
        for name, values in one.samples.items()
        if name not in taken and (by := zones.named_by(name, values)) is not None
    }
    if not found:
        return None
    column = max(found, key=lambda name: found[name][0])
    roles["zone"] = column
    why["zone"] = phrase(
        "{share:.0%} of its values are names of the zones, by their property {property}",
        share=found[column][0],
        property=repr(shown(found[column][1], 40)),
    )
    return found[column][1]


def lost_mark(one: Table, roles: dict[str, str]) -> bool:
    """Whether the coordinates of a table are degrees that lost their decimal mark.

    Then all are whole, also where a mark parts their thousands; and as latitudes and longitudes
    they are too large even for metres, or there are negative ones in headers that say degrees.
    """
    if "x" not in roles or one.kind == "geojson":
        return False
    headers = {words(roles[role]) for role in ("x", "y")}
    if not any(re.search(r"\b(?:lat|lon|lng|long)", header) for header in headers):
        return False
    texts = [text.strip() for role in ("x", "y") for text in one.samples[roles[role]][:_LOOKED_AT]]
    whole = [re.sub(r"\D", "", text) for text in texts if _WHOLE.fullmatch(text)]
    if len(whole) < _MOST_WHOLE * len(texts) or not whole:
        return False
    negative = any(text.startswith("-") for text in texts)
    return negative or float(np.median([float(text) for text in whole])) > _NO_METRES


def is_degrees(one: Table, x: str, y: str) -> bool:
    """Whether the values of two columns are longitudes and latitudes."""
    lon, lat = _numbers(one, x, "x"), _numbers(one, y, "y")
    good = np.isfinite(lon).sum() and np.isfinite(lat).sum()
    if not good:
        return False
    fits = np.nanmean(np.abs(lon) <= 180), np.nanmean(np.abs(lat) <= 90)
    fractions = np.nanmean(lon != np.floor(lon)), np.nanmean(lat != np.floor(lat))
    return bool(min(fits) >= 0.5 and min(fractions) >= 0.5)


def _sizes(one: Table, first: str, second: str) -> float:
    """Return the smaller of the usual sizes of the numbers of two columns."""
    held = [np.abs(_numbers(one, name)) for name in (first, second)]
    return min(float(np.nanmedian(n)) if np.isfinite(n).any() else 0.0 for n in held)


def _place(one: Table, roles: dict[str, str], why: dict[str, str], free: list[str]) -> None:
    """Keep one pair of filled columns, degrees first; else a text that holds a place."""
    pairs: tuple[dict[str, Axis], ...] = ({"latitude": "y", "longitude": "x"}, {"x": "x", "y": "y"})
    for pair in pairs:
        if len(set(pair) & set(roles)) == 1 or not all(
            np.isfinite(_numbers(one, roles[role], axis)).any()
            for role, axis in pair.items()
            if role in roles
        ):
            for role in pair:
                roles.pop(role, None)
    if "latitude" in roles and not is_degrees(one, roles["longitude"], roles["latitude"]):
        longitude, latitude = roles.pop("longitude"), roles.pop("latitude")
        if "x" not in roles and _sizes(one, longitude, latitude) > _NO_DEGREES:
            roles["x"], roles["y"] = longitude, latitude
            why["x"] = why["y"] = phrase(
                "its values are too large for degrees, whatever its header says"
            )
    taken = set(roles.values())
    if "latitude" not in roles:
        if "x" in roles and is_degrees(one, roles["x"], roles["y"]):
            roles["longitude"], roles["latitude"] = roles.pop("x"), roles.pop("y")
            why["longitude"] = why["latitude"] = phrase("its values are degrees")
        else:
            texts = [name for name in free if name not in taken and holds_points(one.samples[name])]
            if texts:
                roles.pop("x", None)
                roles.pop("y", None)
                roles["point"] = texts[0]
                why["point"] = phrase("its text holds longitudes and latitudes")
    if "latitude" in roles:
        roles.pop("x", None)
        roles.pop("y", None)
    if not PLACE_ROLES & set(roles) and one.written.header is False:
        _unnamed_place(one, roles, why, [name for name in free if name not in taken])


def _unnamed_place(one: Table, roles: dict[str, str], why: dict[str, str], free: list[str]) -> None:
    """Take two neighbouring columns of numbers of a table without header for the place."""
    for first, second in itertools.pairwise(free):
        held = [_numbers(one, name) for name in (first, second)]
        if not all(len(numbers) and np.isfinite(numbers).mean() > 0.5 for numbers in held):
            continue
        sizes = [float(np.nanmedian(np.abs(numbers))) for numbers in held]
        if is_degrees(one, first, second) or is_degrees(one, second, first):
            latitude_first = sizes[1] > 90 or not is_degrees(one, first, second)
            names = (second, first) if latitude_first else (first, second)
            roles["longitude"], roles["latitude"] = names
            why["longitude"] = why["latitude"] = phrase("its values are degrees; which is which?")
            return
        if min(sizes) > 1_000:
            roles["x"], roles["y"] = first, second
            why["x"] = why["y"] = phrase("its values are large numbers, two beside one another")
            return


def _unnamed_times(one: Table, roles: dict[str, str], why: dict[str, str], free: list[str]) -> None:
    """Take columns of dates and of clock times that no header gave away."""
    taken = set(roles.values())
    if not {"time", "start", "date", "year"} & set(roles):
        days = [name for name in free if name not in taken and _mostly(one, name, _DAY.fullmatch)]
        if days:
            roles["date"] = min(days, key=_is_report)
            why["date"] = phrase("its values are dates")
    if "date" in roles and not {"clock", "hour_band"} & set(roles):
        reported = _is_report(roles["date"])
        clocks = [
            name
            for name in free
            if name not in taken
            and _is_report(name) == reported
            and _mostly(one, name, _CLOCK.fullmatch)
        ]
        if clocks:
            roles["clock"] = clocks[0]
            why["clock"] = phrase("its values are clock times")


def _is_report(header: str) -> bool:
    return bool(_REPORTS & set(words(header).split()))


def _category(
    one: Table,
    roles: dict[str, str],
    why: dict[str, str],
    free: list[str],
    notes: list[str],
    personal: set[str],
) -> None:
    named = roles.pop("category", None)
    taken = set(roles.values())
    found = find_category({name: one.samples[name] for name in free if name not in taken}, named)
    while found is not None and _is_personal(one, "category", found):
        notes.append(
            phrase(
                "Column {found} holds personal data: it is not proposed.",
                found=repr(shown(found, 40)),
            )
        )
        personal.add(found)
        free = [name for name in free if name != found]
        found = find_category({name: one.samples[name] for name in free if name not in taken}, None)
    if found is not None:
        roles["category"] = found
        if found != named:
            why["category"] = phrase(
                "of the columns with few values, its header and its words read most like offences"
            )


def _is_personal(one: Table, role: str, column: str) -> bool:
    screen = Screen(role, column, distinct=role != "id")
    values = one.samples[column]
    screen.look(pa.array(values if role == "id" else sorted(set(values)), pa.string()))
    try:
        screen.refuse()
    except PersonalDataRefusal:
        return True
    return False


def _mostly(one: Table, column: str, fits: Callable[[str], object]) -> bool:
    held = one.samples[column][:_LOOKED_AT]
    return bool(held) and 2 * sum(bool(fits(text.strip())) for text in held) > len(held)


def _numbers(one: Table, column: str, axis: Axis | None = None) -> Floats:
    """Numbers of a column that may be degrees, with either decimal mark, or angles of an axis.

    Where that is open they are read with the mark by which more of them are numbers.
    """
    held = one.samples[column][:2_000]
    point, comma = (
        read_numbers(held, mark) if axis is None else read_degrees(held, mark, axis)
        for mark in ".,"
    )
    commas = 2 * sum("," in text for text in held) > len(held)
    surely = Evidence.of(held)
    if surely.settled:
        commas = surely.comma + surely.grouped_by_point > surely.point + surely.grouped_by_comma
    return comma if commas else point
