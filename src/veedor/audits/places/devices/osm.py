"""Surveillance tags of OpenStreetMap, in GeoJSON as overpass turbo and osmtogeojson export it.

Tags as the wiki describes them: https://wiki.openstreetmap.org/wiki/Tag:man_made=surveillance. What
is read is what a device is, how it turns and where it points. Operators, names, notes and whoever
drew it are left in the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely

from veedor.audits.places.devices.model import ROUND, DevicesRead
from veedor.errors import ConflictingRowsError, phrase
from veedor.tables.escape import shown

#: What watches, as `surveillance:type` has it; other things are set aside.
KINDS = {"camera": "camera", "alpr": "ALPR", "anpr": "ALPR"}
_COMPASS = {
    name: 22.5 * place
    for place, name in enumerate(
        ("n", "nne", "ne", "ene", "e", "ese", "se", "sse",
         "s", "ssw", "sw", "wsw", "w", "wnw", "nw", "nnw")
    )
}  # fmt: skip
_SPAN = re.compile(r"(.+?)-(.+)")
#: Tags that are read.
_READ = (
    "surveillance", "surveillance:type", "camera:type", "camera:direction", "direction", "indoor",
)  # fmt: skip


class Tagged(NamedTuple):
    """Columns of `Given`, and what was read."""

    given: tuple[Any, ...]
    read: DevicesRead


def is_osm(properties: Sequence[Mapping[str, Any]]) -> bool:
    """Whether features have tags of OpenStreetMap's surveillance."""
    return any(_tags(row).get("man_made") == "surveillance" for row in properties)


def read_tags(shapes: Sequence[Any], properties: Sequence[dict[str, Any]], file: str) -> Tagged:
    """Read the devices among some features.

    Raises
    ------
    ConflictingRowsError
        If an id comes again with other content.
    """
    counts = dict.fromkeys(("other", "indoor", "without_point", "copies"), 0)
    seen: dict[str, tuple[Any, ...]] = {}
    points: list[tuple[float, float]] = []
    kinds: list[str] = []
    looks: list[tuple[int, float, float]] = []
    for shape, row in zip(shapes, properties, strict=True):
        tags = _tags(row)
        watches = tags.get("man_made") == "surveillance"
        kind = KINDS.get(tags.get("surveillance:type", "camera").casefold())
        if not watches or kind is None or tags.get("surveillance") == "no":
            counts["other"] += 1
        elif tags.get("surveillance") == "indoor" or tags.get("indoor") == "yes":
            counts["indoor"] += 1
        elif shape is None or shape.geom_type != "Point" or shape.is_empty:
            counts["without_point"] += 1
        else:
            held = (shape.x, shape.y, *(tags.get(name) for name in _READ))
            name = _id(row)
            if name and name in seen:
                _require_alike(seen[name], held, name, file)
                counts["copies"] += 1
                continue
            seen[name] = held
            looks += [(len(points), *one) for one in _looks(tags)]
            points.append((shape.x, shape.y))
            kinds.append(kind)
    n = len(points)
    lon, lat = np.array(points, dtype=np.float64).reshape(n, 2).T
    of, bearing, angle = np.array(looks, dtype=np.float64).reshape(len(looks), 3).T
    unknown, one = np.full(n, np.nan), np.ones(n)
    given = (
        lon, lat, np.array(kinds, dtype=np.str_), unknown, unknown, of.astype(np.int64), bearing,
        angle, one, one, np.full(n, shapely.Polygon(), dtype=object),
    )  # fmt: skip
    return Tagged(given, DevicesRead(shown(file, 100), "osm", len(properties), **counts))


def directions(text: str) -> list[tuple[float, float]] | None:
    """Read a direction: its middle and its width, which is NaN where it is not said.

    Degrees from north or a point of the compass; several after semicolons; ``A-B`` is a field of
    view from A clockwise to B.

    Returns
    -------
    list of (float, float), or None
        None for what is no direction.

    Examples
    --------
    >>> directions("NW"), directions("350-20"), directions("forward"), directions("400")
    ([(315.0, nan)], [(5.0, 30.0)], None, None)
    """
    found = []
    for part in text.split(";"):
        span = _SPAN.fullmatch(part.strip())
        if span is None:
            at = _degrees(part)
            if at is None:
                return None
            found.append((at, float("nan")))
            continue
        start, end = map(_degrees, span.groups())
        if start is None or end is None:
            return None
        wide = ROUND if {span[1], span[2]} == {"0", "360"} else (end - start) % ROUND
        found.append(((start + wide / 2.0) % ROUND, wide))
    return found


def _degrees(text: str) -> float | None:
    text = text.strip().removesuffix("°").casefold()
    if text in _COMPASS:
        return _COMPASS[text]
    try:
        value = float(text)
    except ValueError:
        return None
    return value % ROUND if 0.0 <= value <= ROUND else None


def _looks(tags: Mapping[str, str]) -> list[tuple[float, float]]:
    """Directions of a device: bearing and field of view, NaN where not known."""
    turns = tags.get("camera:type", "").casefold()
    if turns == "panning":
        return [(float("nan"), ROUND)]
    if turns == "dome":
        # What is inside a dome, and where it points, cannot be seen from outside.
        return [(float("nan"), float("nan"))]
    said = tags.get("camera:direction", tags.get("direction", ""))
    return directions(said) or [(float("nan"), float("nan"))]


def _tags(row: Mapping[str, Any]) -> dict[str, str]:
    """Tags of a feature: its properties, or what they hold under ``tags``."""
    held = row.get("tags")
    tags = held if isinstance(held, dict) else row
    return {str(name): str(value).strip() for name, value in tags.items() if value is not None}


def _id(row: Mapping[str, Any]) -> str:
    """Id of a feature: of both kinds of export; empty without one."""
    name = row.get("@id") or row.get("id")
    if name is None or isinstance(name, dict | list):
        return ""
    return f"{row.get('type')}/{name}" if isinstance(row.get("tags"), dict) else str(name)


def _require_alike(one: tuple[Any, ...], other: tuple[Any, ...], name: str, file: str) -> None:
    if one != other:
        raise ConflictingRowsError(
            "A feature of OpenStreetMap must come once.",
            found=phrase("{name} with two contents", name=shown(name)),
            where=file,
            remedy="export it anew; two exports of different days cannot be joined",
        )
