"""Whether a system works, by who lives in the zones: capture, false flags, misses, calibration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from veedor.arrays import Bools, Floats, Geometries, Ints
from veedor.audits.audit import WHOLE, Statement, Subject, estimate
from veedor.audits.places.assignment import Assigned, points_by_zone
from veedor.audits.places.dependence import NOTHING, Contrast, FittedMean, Ground
from veedor.audits.places.exposed import method_of
from veedor.audits.places.exposure import Residents
from veedor.audits.places.predictions import Predictions
from veedor.audits.places.record import RecordedPoints
from veedor.audits.places.zones import PeopledZones
from veedor.statistics.codes import Denominator

#: How incidents became known -> denominators of all zones, and of those of a largest group.
_INCIDENTS = {
    "reported": ("reported_incidents", "reported_incidents_of_largest"),
    "discovered": ("discovered_incidents", "discovered_incidents_of_largest"),
    "recorded": ("recorded_incidents", "recorded_incidents_of_largest"),
}
_RESIDENTS = ("residents", "residents_of_largest")
_PREDICTIONS = ("predictions", "predictions_of_largest")


def largest_group(residents: Residents) -> Ints:
    """Place of the group with the most residents in each zone, shape (n,); -1 where there is none.

    Among the groups that are counted out of the same column as the first one; the first of those
    that are level.
    """
    first = residents.groups[0].of
    places = [place for place, group in enumerate(residents.groups) if group.of == first]
    members = residents.members[places]
    largest = np.array(places)[np.argmax(members, axis=0)]
    return np.where(members.max(axis=0) > 0.0, largest, -1)


def performance_statements(
    assigned: Assigned,
    system: Predictions,
    record: RecordedPoints,
    zones: PeopledZones,
    residents: Residents,
    ground: Ground,
    level: float = 0.95,
) -> list[Statement]:
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
    ground : Ground
        Of the zones with residents.
    level : float
        Of the intervals.

    Notes
    -----
    Of every rate, what it is out of is taken as it is, and what is counted as one draw of a field
    that may be as smooth over the map as it is.
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
    made: list[Statement] = []
    for kind in record.kinds:
        known = record.of(kind)
        inside, idle = _matches(known, flagged, zones.crs)
        caught = RecordedPoints(known.lon, known.lat, known.count * inside, known.known_by).by_zone(
            zones
        )[here]
        incidents = known.by_zone(zones)[here]
        false = points_by_zone(lon[idle], lat[idle], np.ones(int(idle.sum())), zones)[here]
        count = assigned.count[here]
        rates = (
            _Rate(f"capture_rate_{kind}", caught, incidents, _INCIDENTS[kind], most=1.0),
            _Rate(
                f"misses_per_incident_{kind}", incidents - caught, incidents,
                _INCIDENTS[kind], most=1.0,
            ),
            _Rate(
                f"false_flags_per_1000_{kind}", false, residents.population, _RESIDENTS, 1000.0
            ),
            _Rate(f"calibration_{kind}", incidents, count, _PREDICTIONS, relative=True),
        )  # fmt: skip
        for rate in rates:
            made += _figures(assigned.assignment, rate, groups, largest, ground, level)
    order = {name: place for place, (name, _) in enumerate(groups)}
    return sorted(made, key=lambda one: order[one.subject.group])


@dataclass(frozen=True, eq=False)
class _Rate:
    """What is counted in each zone, and what it is out of."""

    statistic: str
    counted: Floats
    base: Floats
    of: tuple[str, str]
    factor: float = 1.0
    most: float = np.inf
    relative: bool = False


def _figures(
    assignment: str,
    rate: _Rate,
    groups: Sequence[tuple[str, Bools]],
    largest: Ints,
    ground: Ground,
    level: float,
) -> list[Statement]:
    """One rate in every group of zones, or by that of all of them."""
    used = [each for each in groups if not (rate.relative and each[0] == WHOLE)]
    overall = _over(rate.counted.sum(), rate.base.sum())
    made = []
    for (name, where), chance in zip(used, _chances(rate, used, largest, ground), strict=True):
        value = _over(rate.counted[where].sum(), rate.base[where].sum())
        if rate.relative and value is not None:
            value = _over(value, overall or 0.0)
        low, high = chance.about(value, level)
        whole, of_largest = rate.of
        of = Denominator(whole) if name == WHOLE else Denominator(of_largest, {"group": name})
        kept = estimate(
            None if value is None else rate.factor * value,
            (rate.factor * low, min(rate.factor * high, rate.most)),
            method_of(chance), rate.base[where].sum(), of, level,
        )  # fmt: skip
        made.append(Statement(Subject(name, assignment), rate.statistic, kept))
    return made


def _chances(
    rate: _Rate,
    groups: Sequence[tuple[str, Bools]],
    largest: Ints,
    ground: Ground,
) -> list[Contrast]:
    """How far each rate could be chance, about a rate of its own in each group of zones."""
    here = rate.base > 0.0
    kinds = np.unique(largest[here])
    design = (largest[here][:, None] == kinds).astype(np.float64)
    base, counted = rate.base[here], rate.counted[here]
    mean = base * (design @ ((design.T @ counted) / np.maximum(design.T @ base, 1e-300)))
    fitted = FittedMean.of(ground.part(here), counted, design, mean) if here.any() else None
    found = [NOTHING] * len(groups)
    if fitted is None:
        return found
    weights, places = [], []
    for place, (_, where) in enumerate(groups):
        inside = where[here].astype(np.float64)
        sum_of = inside @ counted
        if sum_of > 0.0:
            weights.append(inside / sum_of - (1.0 / counted.sum() if rate.relative else 0.0))
            places.append(place)
    if places:
        sizes = np.array([float(groups[place][1][here].sum()) for place in places])
        for place, chance in zip(
            places, fitted.contrasts(np.column_stack(weights), sizes)[0], strict=True
        ):
            found[place] = chance
    return found


def _over(top: float, below: float) -> float | None:
    return float(top / below) if below > 0.0 else None


def _matches(known: RecordedPoints, flagged: Geometries, crs: str) -> tuple[Floats, Bools]:
    """Whether each incident lies on flagged ground; and whether nothing lay on each place."""
    point, box = shapely.STRtree(flagged).query(known.points(crs), predicate="intersects")
    inside = np.zeros(len(known.count))
    inside[point] = 1.0
    idle = np.ones(len(flagged), dtype=bool)
    idle[box[known.count[point] > 0.0]] = False
    return inside, idle
