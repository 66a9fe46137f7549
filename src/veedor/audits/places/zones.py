"""`PeopledZones`: census zones with how many people of each group live in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely
from pyproj import CRS, Transformer

from veedor.arrays import Bools, Floats, Geometries
from veedor.audits.places.groups import Group
from veedor.errors import ConflictingRowsError, DataError, phrase
from veedor.spacetime.areas import polygonal, read_outlines
from veedor.tables.escape import shown
from veedor.tables.names import folded
from veedor.tables.numerals import property_numbers
from veedor.tables.opening import refuse_alike
from veedor.tables.personal import refuse_personal_places
from veedor.tables.whole import require_short

#: Degrees between the points of an outline, so that projection leaves its sides in their place.
_LONGEST_SIDE = 0.005
#: Counts that were rounded may sum to so much more than their whole.
_ROUNDED = 0.5


@dataclass(frozen=True, eq=False)
class PeopledZones:
    """Zones in the order of their file.

    Parameters
    ----------
    zone_id : array of str, shape (n,)
        Unique.
    outlines : object array, shape (n,)
        Valid, in the coordinates of the file, `source`.
    polygons : object array, shape (n,)
        The same in metres of `crs`.
    area_km2 : array, shape (n,)
        Above 0; exact up to the outlines, because `crs` keeps areas.
    population : array, shape (n,)
        Residents, at least 0.
    groups : tuple of Group, length k
    members, everyone : array, shape (k, n)
        Members of each group, and all who could be; at least 0.
    margins : dict of str to array, shape (n,)
        Margin of error of a column, where the file gives one.
    columns : dict of str to array, shape (n,)
        The counts that `members` and `everyone` were taken from.
    stored : array, shape (n,), or None
        Predictions that the zone itself says it had.
    source, crs : str
        Coordinates of the file; Lambert azimuthal equal-area about the middle of the zones.
    repaired : int
        Outlines that crossed themselves and were mended.
    copies : tuple of str
        Ids that came again with the same content; the first was kept.
    without_numbers : tuple of str
        Ids of zones that were set aside because a count was absent.
    names : tuple of str
        What the file calls the zones, in the property ``name``; empty where it does not.
    """

    zone_id: npt.NDArray[np.str_]
    outlines: Geometries
    polygons: Geometries
    area_km2: Floats
    population: Floats
    groups: tuple[Group, ...]
    members: Floats
    everyone: Floats
    margins: Mapping[str, Floats]
    columns: Mapping[str, Floats]
    stored: Floats | None
    source: str
    crs: str
    repaired: int
    copies: tuple[str, ...]
    without_numbers: tuple[str, ...]
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for group, members, everyone in zip(self.groups, self.members, self.everyone, strict=True):
            above = np.flatnonzero(members > everyone)
            if len(above):
                raise DataError(
                    phrase(
                        "A zone must not hold more members of {name} than {of}.",
                        name=shown(group.name),
                        of=shown(group.of),
                    ),
                    found=phrase(
                        "{n} zones with more: {compared}",
                        n=len(above),
                        compared=_compared(self.zone_id, members, everyone, above),
                    ),
                    where=_zones(self.zone_id, above),
                    remedy="check that the columns are of the same census and the same people",
                )
        self._check_sums()
        if not bool(np.any(self.population > 0.0)):
            raise DataError("At least one zone must have residents.", found=phrase("none"))

    def _check_sums(self) -> None:
        """Groups that are told apart by columns of their own part who lives there between them."""
        for of in dict.fromkeys(group.of for group in self.groups):
            parts = {
                group.column: place
                for place, group in enumerate(self.groups)
                if group.of == of and group.apart and group.column not in (None, of)
            }
            if len(parts) < 2:
                continue
            together, everyone = (
                self.members[list(parts.values())].sum(axis=0), self.columns[of]
            )  # fmt: skip
            above = np.flatnonzero(together > everyone + _ROUNDED)
            if len(above):
                names = ", ".join(shown(str(name)) for name in list(parts)[:8])
                raise DataError(
                    phrase(
                        "The groups of a zone must not sum to more than its {of}.", of=shown(of)
                    ),
                    found=phrase(
                        "{n} zones in which {names} do: {compared}",
                        n=len(above),
                        names=names,
                        compared=_compared(self.zone_id, together, everyone, above),
                    ),
                    where=_zones(self.zone_id, above),
                    remedy="check that the columns are of the same census; audit groups that "
                    "overlap in runs of their own",
                )

    def __len__(self) -> int:
        return len(self.zone_id)

    @property
    def inhabited(self) -> Bools:
        """Zones with residents, shape (n,): the only ones that sums go over."""
        return self.population > 0.0

    def in_file(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """WGS84 degrees in the coordinates of the file: the same where it is in degrees itself."""
        if self.source == "EPSG:4326":
            return lon, lat
        move = Transformer.from_crs("EPSG:4326", self.source, always_xy=True)
        x, y = move.transform(lon, lat)
        return np.asarray(x), np.asarray(y)

    def cluster(self, digits: int) -> npt.NDArray[np.int64]:
        """Number of the cluster of each zone, shape (n,): ids that share their first digits."""
        heads = np.array([name[:digits] for name in self.zone_id])
        return np.unique(heads, return_inverse=True)[1].astype(np.int64)


def read_zones(
    path: Path,
    groups: Sequence[Group],
    *,
    population: str,
    id_column: str = "id",
    stored_count: str | None = None,
    margin_suffix: str = "_moe",
) -> PeopledZones:
    """Read zones from GeoJSON, plain or .gz.

    Parameters
    ----------
    path : Path
    groups : sequence of Group
    population : str
        Property with all residents.
    id_column : str
        Property with the zone's id, kept as text.
    stored_count : str, optional
        Property with the predictions that the zone had.
    margin_suffix : str
        A property named as a count with this behind it is that count's margin of error.

    Raises
    ------
    UnreadableError
        If the file is no GeoJSON of polygons.
    DataError
        If a property is missing, not a number or negative.
    ConflictingRowsError
        If an id comes again with other content.

    Notes
    -----
    Areas are of the plane of a Lambert azimuthal equal-area projection of the WGS84 ellipsoid about
    the middle of the zones. Long sides get points between, so that they stay where the file draws
    them to within a centimetre.
    """
    outlines, properties, source = read_outlines(path)
    ids = [text_id(row, id_column, path) for row in properties]
    require_short(pa.array(ids, pa.string()), path.name)
    refuse_personal_places(ids, what=phrase("a zone's name"), where=shown(path.name))
    names = _names_in(properties, id_column, path.name)
    needed = [population, *(column for group in groups for column in _columns_of(group))]
    wanted = list(dict.fromkeys([*needed, *([stored_count] if stored_count else [])]))
    _check_names(properties, [id_column, *wanted], path)
    columns = {name: _numbers(properties, name, path) for name in wanted}
    margins = {
        name: _numbers(properties, name + margin_suffix, path)
        for name in dict.fromkeys(needed)
        if any(name + margin_suffix in row for row in properties)
    }
    kept, copies = _without_copies(ids, outlines, columns, path)
    complete = np.all([np.isfinite(columns[name]) for name in dict.fromkeys(needed)], axis=0)
    absent = tuple(ids[place] for place in kept if not complete[place])
    kept = [place for place in kept if complete[place]]
    if not kept:
        raise DataError(
            "Zones must have counts.", found=phrase("none that is complete"), where=path.name
        )
    crs = equal_area_crs(outlines[kept], source)
    to_metres = Transformer.from_crs(source, crs, always_xy=True)
    invalid = int(np.sum(~shapely.is_valid(outlines[kept])))
    mended = np.array([polygonal(outline) for outline in outlines[kept]], dtype=object)
    polygons = shapely.transform(
        shapely.segmentize(mended, _LONGEST_SIDE) if source.is_geographic else mended,
        lambda xy: np.column_stack(to_metres.transform(xy[:, 0], xy[:, 1])),
    )
    area = shapely.area(polygons) / 1e6
    flat = np.flatnonzero(~(area > 0.0) | ~np.isfinite(area))
    if len(flat):
        raise DataError(
            "Every zone must have an area.",
            found=phrase(
                "{n} without one, as {flat}",
                n=len(flat),
                flat=[shown(ids[kept[place]]) for place in flat[:5]],
            ),
            where=path.name,
        )
    columns = {name: values[kept] for name, values in columns.items()}
    stored = columns.pop(stored_count) if stored_count and stored_count not in needed else None
    return PeopledZones(
        zone_id=np.array([ids[place] for place in kept]),
        outlines=mended,
        polygons=polygons,
        area_km2=area,
        population=columns[population],
        groups=tuple(groups),
        members=np.array([members_of(group, columns) for group in groups]),
        everyone=np.array([columns[group.of] for group in groups]),
        margins={name: np.nan_to_num(values[kept]) for name, values in margins.items()},
        columns=columns,
        stored=None if stored is None else np.nan_to_num(stored),
        source=_name_of(source),
        crs=crs,
        repaired=invalid,
        copies=copies,
        without_numbers=absent,
        names=tuple(names[place] for place in kept) if names else (),
    )


def _names_in(
    properties: Sequence[Mapping[str, Any]], id_column: str, where: str
) -> tuple[str, ...]:
    """Names that zones carry beside their ids, in the property ``name``; empty without any."""
    if id_column == "name" or not all(isinstance(row.get("name"), str) for row in properties):
        return ()
    names = [shown(row["name"]) for row in properties]
    refuse_personal_places(names, what=phrase("a zone's name"), where=shown(where))
    return tuple(names)


def _compared(
    names: npt.NDArray[np.str_], part: Floats, whole: Floats, at: npt.NDArray[np.int64]
) -> str:
    """First zones at fault, with what they hold."""
    return ", ".join(
        f"{part[place]:.12g} of {whole[place]:.12g} in {shown(str(names[place]))}"
        for place in at[:5]
    )


def _zones(names: npt.NDArray[np.str_], at: npt.NDArray[np.int64]) -> str:
    return "zones " + ", ".join(shown(str(name)) for name in names[at[:5]])


def members_of(group: Group, columns: Mapping[str, Floats]) -> Floats:
    """Members of a group from the columns of the zones."""
    if group.column is not None:
        return columns[group.column]
    return columns[group.of] - columns[group.rest_of]


def equal_area_crs(outlines: Geometries, source: CRS) -> str:
    """Lambert azimuthal equal-area coordinates about the middle of some outlines."""
    to_degrees = Transformer.from_crs(source, "EPSG:4326", always_xy=True)
    west, south, east, north = shapely.total_bounds(outlines)
    lon, lat = to_degrees.transform((west + east) / 2.0, (south + north) / 2.0)
    if not (np.isfinite(lon) and np.isfinite(lat) and abs(lat) <= 90.0 and abs(lon) <= 360.0):
        raise DataError(
            "Zones must lie on the Earth, in longitude and latitude.",
            found=phrase(
                "bounds {west:g}, {south:g}, {east:g}, {north:g}",
                west=west,
                south=south,
                east=east,
                north=north,
            ),
            remedy="export them as EPSG:4326, longitude first",
        )
    return f"+proj=laea +lat_0={lat:.4f} +lon_0={lon:.4f} +datum=WGS84 +units=m +no_defs"


def _name_of(source: CRS) -> str:
    """Name that coordinates can be made from again; one for all that are WGS84 degrees."""
    if source.equals(CRS("EPSG:4326"), ignore_axis_order=True) or source.equals(CRS("OGC:CRS84")):
        return "EPSG:4326"
    return str(source.to_wkt())


def _columns_of(group: Group) -> tuple[str, ...]:
    return (group.of, group.column or group.rest_of)


def text_id(row: Mapping[str, Any], column: str, path: Path) -> str:
    """Id of a zone, as text; refuse one that is empty or no single value."""
    value = row.get(column)
    if value is None or isinstance(value, dict | list) or not str(value).strip():
        raise DataError(
            phrase("Every zone must have an id in {column}.", column=shown(column)),
            found=phrase(
                "a zone without one; it has {row}",
                row=", ".join(shown(name) for name in list(row)[:20]),
            ),
            where=path.name,
            remedy="name the property that holds it with --id",
        )
    return str(value).strip()


def _numbers(properties: Sequence[Mapping[str, Any]], name: str, path: Path) -> Floats:
    """One property of every zone; NaN where it is null. People are counted whole."""
    return property_numbers(properties, name, path.name, least=0.0, whole=True, null=True)


def _check_names(
    properties: Sequence[Mapping[str, Any]], wanted: Sequence[str], path: Path
) -> None:
    """Refuse properties that differ from a wanted one by case and blanks only."""
    names = list(dict.fromkeys(name for row in properties for name in row))
    for name in set(wanted) & set(names):
        refuse_alike([one for one in names if folded(one) == folded(name)], path.name)


def _without_copies(
    ids: Sequence[str], outlines: Geometries, columns: Mapping[str, Floats], path: Path
) -> tuple[list[int], tuple[str, ...]]:
    """Places of the zones, each id once; and the ids that came again with the same content."""
    first: dict[str, int] = {}
    copies: list[str] = []
    for place, name in enumerate(ids):
        if name not in first:
            first[name] = place
            continue
        earlier = first[name]
        differing = [
            f"{shown(column)} {values[earlier]:.12g} and {values[place]:.12g}"
            for column, values in columns.items()
            if not np.array_equal(values[earlier], values[place], equal_nan=True)
        ]
        if not shapely.equals(outlines[earlier], outlines[place]):
            differing.append("outlines that differ")
        if differing:
            raise ConflictingRowsError(
                "A zone must be given once.",
                found=phrase(
                    "two with the same id and different content: {differing}",
                    differing=", ".join(differing[:5]),
                ),
                where=phrase(
                    "{name}, id {whole}, features {earlier} and {place}",
                    name=path.name,
                    whole=shown(name),
                    earlier=earlier + 1,
                    place=place + 1,
                ),
            )
        copies.append(name)
    return list(first.values()), tuple(copies)
