"""Figures of what devices see, and of how many there are: of the whole, by kind, and by zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from veedor.arrays import Floats, Texts
from veedor.audits.audit import WHOLE, Statement, Subject, estimate
from veedor.audits.places.by_place import COUNTED, PlaceColumn, PlaceFigures, column
from veedor.audits.places.coverage import covered_statements
from veedor.audits.places.devices.seen import Seen
from veedor.audits.places.exposure import Residents
from veedor.audits.places.whole_area import size_statements
from veedor.audits.places.zones import PeopledZones
from veedor.statistics.codes import Denominator, Method

#: Of a zone's ground: less of it, or all but less, is rounding.
_SPECK = 1e-6
#: Part of the data that a statement of a kind of device is about begins so.
KIND = "of_kind: "
_BOUNDS = Method("bounds_of_views")


@dataclass(frozen=True, eq=False)
class Watched:
    """How much of something each zone has.

    Parameters
    ----------
    assignment : str
    amount : array, shape (zones,)
        Ground in view in km2, or devices.
    """

    assignment: str
    amount: Floats


class Kind(Protocol):
    """A kind of device by its name."""

    @property
    def kind(self) -> str:
        """Its name."""
        ...


def view_statements(
    assignment: str, zones: PeopledZones, seen: Seen, by_kind: Mapping[str, Seen]
) -> list[Statement]:
    """State what is in view, of the ground and of the residents.

    Parameters
    ----------
    assignment : str
    zones : PeopledZones
    seen : Seen
        Square metres of each zone.
    by_kind : dict of str to Seen
        What each kind sees by itself.
    """
    residents = Residents.of(zones)
    made = [*size_statements(assignment, residents), *_in_view(assignment, zones, seen, "all")]
    for kind, each in by_kind.items():
        made += _in_view(assignment, zones, each, f"{KIND}{kind}")
    covered = _share(seen.once, zones)[zones.inhabited]
    return [*made, *covered_statements(assignment, covered, residents)]


def _in_view(assignment: str, zones: PeopledZones, seen: Seen, subset: str) -> list[Statement]:
    subject = Subject(WHOLE, assignment, subset)
    area, people = float(zones.area_km2.sum()), float(zones.population.sum())
    made = []
    for ending, ground in (("", seen.once), ("_twice", seen.twice)):
        km2 = float(ground.sum()) / 1e6
        share = _share(ground, zones)
        lived = float(share @ zones.population)
        touched = [float(zones.population @ (share >= 1.0 - _SPECK)),
                   float(zones.population @ (share > _SPECK))]  # fmt: skip
        made += [
            Statement(
                subject,
                f"ground_in_view{ending}",
                estimate(km2 / area, None, COUNTED, area, Denominator("km2_of_zones")),
                km2,
                area,
            ),
            Statement(
                subject,
                f"residents_in_view{ending}",
                estimate(
                    lived / people, (touched[0] / people, touched[1] / people),
                    Method("bounds_of_whole_zones"), people, Denominator("residents"), 1.0,
                ),
                lived,
                people,
            ),
        ]  # fmt: skip
    here = zones.inhabited
    metres = float(seen.once[here].sum())
    made.append(Statement(
        subject, "m2_in_view_per_resident",
        estimate(metres / people, None, COUNTED, people, Denominator("residents")),
        metres, people,
    ))  # fmt: skip
    return made


def device_statements(
    assignment: str, zones: PeopledZones, counts: Floats, where: Floats, kind: Texts,
    kinds: Sequence[Kind],
) -> list[Statement]:  # fmt: skip
    """State how many devices there are, and how dense.

    Parameters
    ----------
    assignment : str
    zones : PeopledZones
    counts : array, shape (devices,)
        At each place.
    where : array, shape (zones,)
        In each zone.
    kind : array of str, shape (devices,)
    kinds : sequence
        That are told apart.
    """
    total, inside = float(counts.sum()), float(where.sum())
    area, people = float(zones.area_km2.sum()), float(zones.population.sum())

    def stated(
        statistic: str, value: float | None, of: str, top: float, below: float, subset: str = "all"
    ) -> Statement:
        made = estimate(value, None, COUNTED, below, Denominator(of))
        return Statement(Subject(WHOLE, assignment, subset), statistic, made, top, below)

    made = [
        stated("devices_in_zones", inside / total if total else None, "devices", inside, total),
        stated("devices_per_km2", inside / area, "km2_of_zones", inside, area),
        stated("devices_per_1000", 1000.0 * inside / people, "residents", inside, people),
    ]
    if len(kinds) > 1 and total:
        for one in kinds:
            mine = float(counts[kind == one.kind].sum())
            made.append(
                stated("devices_of_kind", mine / total, "devices", mine, total, f"{KIND}{one.kind}")
            )
    return made


def place_figures(
    zones: PeopledZones, seen: Sequence[Seen], devices: Sequence[Floats]
) -> PlaceFigures:
    """State what each zone has: ground in view, by one device or more and by two, and devices.

    Parameters
    ----------
    zones : PeopledZones
    seen : sequence of Seen
        Under what is least and most in view, or one where nothing is open.
    devices : sequence of array, shape (zones,)
        Fewest and most, or one.
    """
    people, area = zones.population, zones.area_km2
    with np.errstate(divide="ignore", invalid="ignore"):
        each = [np.where(people > 0.0, one.once / people, np.nan) for one in seen]
    ground, all_of = Denominator("ground_of_zone"), Denominator("residents")
    columns = [
        column("residents", people, all_of),
        _between("share_in_view", [_share(one.once, zones) for one in seen], ground, area),
        _between("share_in_view_twice", [_share(one.twice, zones) for one in seen], ground, area),
        _between("m2_in_view_per_resident", each, all_of, people),
        _between("devices", list(devices), Denominator("devices")),
        _between("devices_per_km2", [one / area for one in devices], ground, area),
    ]
    ids = tuple(map(str, zones.zone_id.tolist()))
    return PlaceFigures("", ids, tuple(columns), (), zones.names)


def _between(
    statistic: str, ends: Sequence[Floats], of: Denominator, out_of: Floats | None = None
) -> PlaceColumn:
    """Make a column of a value; where it lies between two, of these and no middle one."""
    if len(ends) == 1:
        return column(statistic, ends[0], of, out_of=out_of)
    none = np.full(len(ends[0]), np.nan)
    return column(
        statistic, none, of, ends=(ends[0], ends[1]), method=_BOUNDS, out_of=out_of, level=1.0
    )


def _share(ground: Floats, zones: PeopledZones) -> Floats:
    found: Floats = np.clip(ground / (1e6 * zones.area_km2), 0.0, 1.0)
    return found
