"""Whether a system works, by who lives in the zones: capture, false flags, misses, calibration."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from veedor.audits.places.assignment import Assigned, points_by_zone
from veedor.audits.places.estimates_file import WHOLE, Figure, estimate
from veedor.audits.places.exposure import Residents
from veedor.audits.places.predictions import Predictions
from veedor.audits.places.record import RecordedPoints
from veedor.audits.places.resampling import ZoneResampling
from veedor.audits.places.zones import PeopledZones

Floats = npt.NDArray[np.float64]
Geometries = npt.NDArray[Any]


def largest_group(residents: Residents) -> npt.NDArray[np.int64]:
    """Place of the group with the most residents in each zone, shape (n,); -1 where there is none.

    Among the groups that are counted out of the same column as the first one; the first of those
    that are level.
    """
    first = residents.groups[0].of
    places = [place for place, group in enumerate(residents.groups) if group.of == first]
    members = residents.members[places]
    largest = np.array(places)[np.argmax(members, axis=0)]
    return np.where(members.max(axis=0) > 0.0, largest, -1)


def performance_figures(
    assigned: Assigned,
    system: Predictions,
    record: RecordedPoints,
    zones: PeopledZones,
    residents: Residents,
    units: ZoneResampling,
) -> list[Figure]:
    """How a system did on the recorded incidents, in zones by their largest group.

    For each way of becoming known, kept apart, and each zone group (and ``all``):

    - ``capture_rate_...``: share of recorded incidents that lay on flagged ground;
    - ``misses_per_incident_...``: the rest;
    - ``false_flags_per_1000_...``: flagged places on which nothing was recorded, per 1,000
      residents;
    - ``calibration_...``: recorded incidents per prediction, over the same of the whole area; 1
      where predictions mean the same everywhere, above where the zones get fewer than what is
      recorded there.

    Parameters
    ----------
    assigned : Assigned
    system : Predictions
        With extent. A place is flagged if it was predicted at least once in the file.
    record : RecordedPoints
        Of the time that the predictions were for.
    zones : PeopledZones
    residents : Residents
    units : ZoneResampling
    """
    here = zones.inhabited
    largest = largest_group(residents)
    groups = [(WHOLE, np.ones(len(largest), dtype=bool))] + [
        (residents.groups[place].name, largest == place)
        for place in np.unique(largest[largest >= 0])
    ]
    predicted = system.count > 0.0
    flagged = system.extents(zones.crs)[predicted]
    lon, lat = system.lon[predicted], system.lat[predicted]
    made: list[Figure] = []
    for kind in record.kinds:
        known = record.of(kind)
        inside, idle = _matches(known, flagged, zones.crs)
        caught = RecordedPoints(known.lon, known.lat, known.count * inside, known.known_by).by_zone(
            zones
        )[here]
        incidents = known.by_zone(zones)[here]
        false = points_by_zone(lon[idle], lat[idle], np.ones(int(idle.sum())), zones)[here]
        count = assigned.count[here]
        for name, where in groups:
            terms = np.column_stack([
                caught * where, incidents * where, (incidents - caught) * where, false * where,
                residents.population * where, count * where, incidents, count,
            ])  # fmt: skip
            made += _rates(assigned.assignment, name, kind, terms, units)
    return made


def _rates(
    assignment: str, name: str, kind: str, terms: Floats, units: ZoneResampling
) -> list[Figure]:
    rows = {
        f"capture_rate_{kind}": ((0, 1), (), 1.0, 1, f"{kind} incidents"),
        f"misses_per_incident_{kind}": ((2, 1), (), 1.0, 1, f"{kind} incidents"),
        f"false_flags_per_1000_{kind}": ((3, 4), (), 1000.0, 4, "residents"),
        f"calibration_{kind}": ((1, 5), (6, 7), 1.0, 5, "predictions"),
    }
    exponents = np.zeros((len(rows), terms.shape[1]))
    for row, (mine, whole, *_) in zip(exponents, rows.values(), strict=True):
        row[mine[0]] += 1.0
        row[mine[1]] -= 1.0
        if whole and name != WHOLE:
            row[whole[0]] -= 1.0
            row[whole[1]] += 1.0
    low, high = units.log_ratios(terms, exponents)
    total = terms.sum(axis=0)
    made = []
    for place, (statistic, (mine, whole, factor, size, of)) in enumerate(rows.items()):
        if whole and name == WHOLE:
            continue
        value = total[mine[0]] / total[mine[1]] if total[mine[1]] > 0.0 else None
        if value is not None and whole:
            level = total[whole[0]] / total[whole[1]] if total[whole[1]] > 0.0 else 0.0
            value = value / level if level > 0.0 else None
        zones = "" if name == WHOLE else f" of zones where {name} is the largest group"
        most = 1.0 if statistic.startswith(("capture", "misses")) else np.inf
        kept = estimate(
            None if value is None else factor * value,
            (factor * low[place], min(factor * high[place], most)),
            f"studentised bootstrap of the logarithm, {units.units} zones",
            total[size], of + zones, units.level,
        )  # fmt: skip
        made.append(Figure(assignment, name, statistic, kept))
    return made


def _matches(
    known: RecordedPoints, flagged: Geometries, crs: str
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Whether each incident lies on flagged ground; and whether nothing lay on each place."""
    point, box = shapely.STRtree(flagged).query(known.points(crs), predicate="intersects")
    inside = np.zeros(len(known.count))
    inside[point] = 1.0
    idle = np.ones(len(flagged), dtype=bool)
    idle[box[known.count[point] > 0.0]] = False
    return inside, idle
