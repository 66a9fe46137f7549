"""Settings of the audits of places, proposed from files: each with what it follows from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import shapely
from pyproj import CRS, Transformer

from veedor.arrays import Floats
from veedor.audits.access.proposal import ProposedLog, propose_log
from veedor.audits.places.box_spacing import MOST_OFF, box_spacing
from veedor.audits.places.zones import equal_area_crs
from veedor.errors import DataError, phrase
from veedor.spacetime.areas import read_outlines
from veedor.statistics.codes import Finding
from veedor.tables.escape import shown
from veedor.tables.personal import refuse_personal_places
from veedor.tables.personal.headers import refuse_personal_header
from veedor.tables.rows import Rows, read_table

Value = str | int | float | tuple[str, ...]

_IDS = re.compile(r"(^|_)(id|geoid|code|codigo|cod|key|clave|ubigeo|link|redcode)($|_|\d)", re.I)
_PEOPLE = re.compile(
    r"^(total_?)?(pop(ulation)?|residents|people|poblacion|población|habitantes|personas)"
    r"(_?total|_?\d{4})?$", re.I,
)  # fmt: skip
_HOMES = re.compile(r"(household|hogar|vivienda|famil|dwelling|^hh)", re.I)
_GROUND = re.compile(
    r"(^|_)(area|km2|m2|hectares?|perimeter|lat|lon|latitude|longitude|counts?|predictions?)($|_)"
    r"|^shape_", re.I,
)  # fmt: skip
#: Sides that boxes commonly have, metres: round ones, and of 250, 500 and 1,000 feet.
_SIDES = (50.0, 76.2, 100.0, 150.0, 152.4, 200.0, 250.0, 300.0, 304.8, 400.0, 500.0, 1000.0)
#: A common side this near to the spacing, as a part, may be it: centres are often rounded to 10 m.
_COMMON = 0.05
_ROUNDED = 0.5
_MOST_POINTS = 20_000
#: Columns of a table -> the option that reads it; the first that fits.
_TABLES: tuple[tuple[str, frozenset[str]], ...] = (
    ("labels", frozenset({"code", "label"})),
    ("observed", frozenset({"period", "place", "reported", "discovered", "flagged"})),
    ("world", frozenset({"zone", "true_rate"})),
    ("rates", frozenset({"category", "low", "high"})),
    ("incidents", frozenset({"lat", "lon", "known_by"})),
    ("predictions", frozenset({"lat", "lon", "count"})),
    ("incidents", frozenset({"lat", "lon"})),
    ("counts", frozenset({"place", "count"})),
    ("predictions", frozenset({"cell_id", "mean"})),
    ("places", frozenset({"place"})),
)
#: Columns of reporting rates; any other tells rates of a category apart.
_OF_RATES = frozenset({"category", "low", "high", "rate", "standard_error"})
#: Of the places, in an example of so many as a system flags.
_FLAGGED = 0.05


class ProposedSetting(msgspec.Struct, frozen=True):
    """A setting.

    Parameters
    ----------
    option : str
        As the audits call it.
    value : str, int, float or tuple of str
    why : Finding
        What it follows from.
    others : tuple of str
        What else it could be.
    sure : bool
        False where it is only offered: a person has to say so.
    """

    option: str
    value: Value
    why: Finding
    others: tuple[str, ...] = ()
    sure: bool = True


class ProposedAudit(msgspec.Struct, frozen=True):
    """What was found in some files.

    Parameters
    ----------
    settings : tuple of ProposedSetting
    doubts : tuple of Finding
        What a person must look at before an audit.
    logs : tuple of ProposedLog
        Logs of look-ups, which have an audit of their own.
    """

    settings: tuple[ProposedSetting, ...]
    doubts: tuple[Finding, ...]
    logs: tuple[ProposedLog, ...] = ()


def propose_audit(files: Sequence[Path], box_m: float | None = None) -> ProposedAudit:
    """Propose the settings of an audit of places.

    Parameters
    ----------
    files : sequence of Path
    box_m : float, optional
        The side of a box as its maker gives it, held against how far apart boxes stand.

    Raises
    ------
    PersonalDataRefusal
        As readers of the files.
    DataError
        If none of the files is for an audit of places.
    """
    settings: list[ProposedSetting] = []
    doubts: list[Finding] = []
    logs: list[ProposedLog] = []
    points: tuple[Floats, Floats] | None = None
    outlines: Any = None
    for path in files:
        if path.name.lower().endswith((".geojson", ".json", ".geojson.gz", ".json.gz")):
            shapes, properties, crs = read_outlines(path)
            columns = _numeric(properties)
            _screen(properties, path.name)
            settings += _of_zones(path, properties, columns, doubts)
            outlines = outlines or (shapes, crs)
            continue
        if (log := propose_log(path)) is not None:
            logs.append(log)
            continue
        rows = read_table(path)
        option = _option_of(rows)
        if option is None:
            doubts.append(Finding("file_not_known", {
                "file": shown(path.name), "columns": ", ".join(map(shown, rows.columns[:8])),
            }))  # fmt: skip
            continue
        why = Finding("has_columns", {"columns": ", ".join(map(shown, rows.columns[:8]))})
        settings.append(ProposedSetting(option, str(path), why))
        if option == "predictions" and "lat" in rows and points is None:
            points = rows.degrees()
        if option == "incidents" and "known_by" not in rows:
            settings += _of_categories(rows)
        if option == "counts":
            settings += _of_flags(rows, doubts)
        if option == "rates":
            settings += _of_rates(rows)
    if not settings and not logs:
        raise DataError(
            "At least one file must be for an audit of places.",
            found=phrase("{n} files of other columns", n=len(files)),
            where=", ".join(shown(path.name) for path in files[:5]),
            remedy="see docs/audits/index.md for the columns that each audit reads",
        )
    if points is not None:
        settings += _of_boxes(*points, box_m, doubts)
        if outlines is not None:
            doubts += _fit(points, *outlines)
    return ProposedAudit(tuple(_once(settings, doubts)), tuple(doubts), tuple(logs))


def _option_of(rows: Rows) -> str | None:
    held = {name.casefold() for name in rows.columns}
    return next((option for option, needed in _TABLES if needed <= held), None)


def _once(settings: Sequence[ProposedSetting], doubts: list[Finding]) -> list[ProposedSetting]:
    """Take each option once: a second file for it is a doubt."""
    found: dict[str, ProposedSetting] = {}
    for one in settings:
        first = found.setdefault(one.option, one)
        if first is not one and one.sure:
            doubts.append(Finding("file_for_the_same", {
                "option": one.option, "value": str(one.value), "first": str(first.value),
            }))  # fmt: skip
    return list(found.values())


def _screen(properties: Sequence[Mapping[str, Any]], where: str) -> None:
    """Refuse zones that carry persons: a header that names them, or such text."""
    for name in dict.fromkeys(key for row in properties for key in row):
        refuse_personal_header("zones", name, of_places=True)
        texts = [row[name] for row in properties if isinstance(row.get(name), str)]
        refuse_personal_places(texts, what=phrase("a property of the zones"), where=shown(where))


def _numeric(properties: Sequence[Mapping[str, Any]]) -> dict[str, Floats]:
    """Columns that are whole numbers of at least 0 in every zone that has one, NaN elsewhere."""
    found = {}
    for name in dict.fromkeys(key for row in properties for key in row):
        values = [row.get(name) for row in properties]
        if all(
            one is None or (isinstance(one, int | float) and not isinstance(one, bool) and one >= 0)
            for one in values
        ) and any(one is not None for one in values):
            found[name] = np.array([np.nan if one is None else float(one) for one in values])
    return found


def _of_zones(
    path: Path, properties: Sequence[Mapping[str, Any]], columns: Mapping[str, Floats],
    doubts: list[Finding],
) -> list[ProposedSetting]:  # fmt: skip
    """Propose the id, the residents, the groups and the reference of a file of zones."""
    people, why, others = _population(columns)
    made = [
        ProposedSetting("zones", str(path), Finding("has_polygons", {"zones": len(properties)})),
        *_id(properties, columns),
    ]
    if people is None:
        doubts.append(Finding("no_residents", {"file": shown(path.name)}))
        return made
    made.append(ProposedSetting("population", people, why, others))
    everyone = np.nan_to_num(columns[people])
    groups, left = _groups(columns, people)
    if not groups:
        doubts.append(Finding("no_groups", {"population": people}))
        return made
    made.append(ProposedSetting(
        "groups", tuple(groups), Finding("part_the_residents", {"population": people}), tuple(left)
    ))  # fmt: skip
    totals = {name: float(np.nansum(columns[name])) for name in groups}
    largest = max(groups, key=lambda name: totals[name])
    made.append(ProposedSetting(
        "reference", largest,
        Finding("most_numerous", {
            "members": round(totals[largest]), "everyone": round(float(everyone.sum())),
        }),
        tuple(name for name in groups if name != largest),
    ))  # fmt: skip
    homes = [name for name in columns if _HOMES.search(name)]
    parts = [
        f"{part}={part}/{whole}:other_{whole}"
        for whole in homes
        for part in homes
        if part != whole and part.startswith(whole)
        and bool(np.all(~(columns[part] > columns[whole])))
    ]  # fmt: skip
    if parts:
        why = Finding("own_denominator", {"population": people})
        made.append(ProposedSetting("other_groups", tuple(parts), why, sure=False))
    stored = [name for name in columns if re.search(r"count|predic", name, re.I)]
    if stored:
        made.append(ProposedSetting(
            "stored_count", stored[0], Finding("named_as_count", {}), tuple(stored[1:]), sure=False
        ))  # fmt: skip
    return made


def _id(
    properties: Sequence[Mapping[str, Any]], columns: Mapping[str, Floats]
) -> list[ProposedSetting]:
    names = dict.fromkeys(key for row in properties for key in row)
    unique = [
        name
        for name in names
        if all(isinstance(row.get(name), str | int) for row in properties)
        and len({str(row[name]) for row in properties}) == len(properties)
    ]
    named = [name for name in unique if _IDS.search(name)]
    texts = [name for name in unique if name not in columns]
    ranked = list(dict.fromkeys([*named, *texts, *unique]))
    if not ranked:
        return []
    code = "named_as_id" if ranked[0] in named else "differs_everywhere"
    others = tuple(name for name in ranked[1:] if name in named or name in texts)
    return [ProposedSetting("id", ranked[0], Finding(code, {"zones": len(properties)}), others)]


def _population(columns: Mapping[str, Floats]) -> tuple[str | None, Finding, tuple[str, ...]]:
    """Name the column of residents: as it is called, or else the one that holds most others."""
    named = [name for name in columns if _PEOPLE.match(name)]
    if named:
        return named[0], Finding("named_as_residents", {}), tuple(named[1:])
    usable = [name for name in columns if not _skipped(name)]
    holds = {
        name: sum(
            bool(np.all(~(columns[other] > columns[name]))) for other in usable if other != name
        )
        for name in usable
    }
    best = max(holds, key=lambda name: holds[name], default=None)
    if best is None or holds[best] < 2:
        return None, Finding("named_as_residents", {}), ()
    why = Finding("holds_others", {"columns": holds[best]})
    return best, why, tuple(name for name in usable if name != best and holds[name] >= 2)


def _groups(columns: Mapping[str, Floats], people: str) -> tuple[list[str], list[str]]:
    """Columns that part the residents, in the order of the file; and those that do not fit."""
    everyone = np.nan_to_num(columns[people])
    together = np.zeros(len(everyone))
    taken, left = [], []
    for name, values in columns.items():
        if name == people or _skipped(name):
            continue
        counts = np.nan_to_num(values)
        whole = bool(np.all(counts == np.round(counts)))
        if whole and counts.any() and bool(np.all(together + counts <= everyone + _ROUNDED)):
            together += counts
            taken.append(name)
        elif whole and bool(np.all(counts <= everyone)):
            left.append(name)
    return taken, left


def _skipped(name: str) -> bool:
    """Whether a column is of homes, ground, ids or margins: no group of residents."""
    return bool(
        _HOMES.search(name) or _GROUND.search(name) or _IDS.search(name)
        or name.casefold().endswith("_moe")
    )  # fmt: skip


def _of_categories(rows: Rows) -> list[ProposedSetting]:
    if "category" not in rows:
        return []
    names = tuple(rows.coded("category")[0].tolist())
    why = Finding("who_knows_of_them", {})
    return [
        ProposedSetting(option, names, why, sure=False) for option in ("reported", "discovered")
    ]


def _of_flags(rows: Rows, doubts: list[Finding]) -> list[ProposedSetting]:
    """Offer how many places to flag, where the counts do not say which the system flags."""
    if "flagged" in rows:
        return []
    places = len(rows.coded("place")[0])
    doubts.append(Finding("no_flags", {"file": shown(rows.name)}))
    why = Finding("example_of_flags", {"places": places})
    others = ("area_fraction",) if "area_km2" in rows else ()
    return [ProposedSetting("top", max(1, round(_FLAGGED * places)), why, others, sure=False)]


def _of_rates(rows: Rows) -> list[ProposedSetting]:
    """Propose the column that tells rates of one category apart, where there is one."""
    columns = [name for name in rows.columns if name.casefold() not in _OF_RATES]
    if not columns:
        return []
    repeated = len(rows.coded("category")[0]) < len(rows)
    why = Finding("rates_differ_by" if repeated else "column_of_rates", {})
    return [ProposedSetting("by", columns[0], why, tuple(columns[1:]), sure=repeated)]


def _of_boxes(
    lon: Floats, lat: Floats, box_m: float | None, doubts: list[Finding]
) -> list[ProposedSetting]:
    """Propose the side of a box by how far apart boxes stand, and say what disagrees with it."""
    crs = equal_area_crs(shapely.points(lon, lat), CRS("EPSG:4326"))
    move = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    x_m, y_m = (np.asarray(one) for one in move.transform(lon, lat))
    spacing = box_spacing(x_m, y_m)
    if spacing is None:
        doubts.append(Finding("no_spacing", {}))
        if box_m is None:
            return []
        return [ProposedSetting("box_m", box_m, Finding("as_given", {}))]
    near = sorted(
        (side for side in _SIDES if abs(side / spacing - 1.0) <= _COMMON),
        key=lambda side: abs(side / spacing - 1.0),
    )
    side, *others = near or [round(spacing, 1)]
    if box_m is None:
        why = Finding("boxes_stand_apart", {"spacing": spacing})
        return [ProposedSetting("box_m", side, why, tuple(f"{one:g}" for one in others))]
    if abs(box_m / spacing - 1.0) > MOST_OFF:
        doubts.append(Finding("side_against_spacing", {"given": box_m, "spacing": spacing}))
    others = [one for one in (side, *others) if one != box_m]
    return [
        ProposedSetting(
            "box_m", box_m, Finding("as_given", {}), tuple(f"{one:g}" for one in others)
        )
    ]


def _fit(points: tuple[Floats, Floats], shapes: Any, crs: Any) -> list[Finding]:
    """Say how many predictions lie in a zone: few, where files are of different places."""
    lon, lat = points
    chosen = np.linspace(0, len(lon) - 1, min(len(lon), _MOST_POINTS)).astype(np.int64)
    move = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    x, y = move.transform(lon[chosen], lat[chosen])
    point, _ = shapely.STRtree(shapes).query(shapely.points(x, y), predicate="intersects")
    share = len(np.unique(point)) / len(chosen)
    return [Finding("boxes_in_zones", {"percent": round(100.0 * share)})]
