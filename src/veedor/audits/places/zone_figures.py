"""What audits of exposure and against benchmarks found in each zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from veedor.arrays import Floats
from veedor.audits.places.assignment import Assigned
from veedor.audits.places.by_place import (
    COUNTED,
    PlaceCodes,
    PlaceColumn,
    PlaceFigures,
    box_bounds,
    column,
    holding_half,
)
from veedor.audits.places.predictions import Predictions
from veedor.audits.places.zones import PeopledZones
from veedor.statistics.codes import Denominator, Method

Ends = tuple[Floats, Floats]

_BOXES = Method("bounds_of_boxes")
_RESIDENTS = Denominator("residents")


def exposure_figures(
    zones: PeopledZones, predictions: Predictions | None, found: Sequence[Assigned]
) -> PlaceFigures:
    """State what each zone received, and how much that is per 1,000 residents.

    Parameters
    ----------
    zones : PeopledZones
    predictions : Predictions, optional
    found : sequence of Assigned
        Of all zones, an assignment each. Where one is by boxes, every count that is made of the
        same predictions has bounds.
    """
    bounds = _bounds(zones, predictions, found)
    columns, codes = [_residents(zones)], []
    for each in found:
        ends = None if each.assignment == "stored" else bounds
        columns += [
            _predicted(each, ends),
            _rate(
                "predictions_per_1000", each.assignment, each.count, zones.population, ends,
                _RESIDENTS, 1000.0,
            ),
        ]  # fmt: skip
        half = holding_half(each.count, zones.population)
        codes.append(PlaceCodes("part_of_predictions", each.assignment, tuple(half)))
    return _figures(zones, columns, codes)


def benchmark_figures(
    zones: PeopledZones,
    system: Predictions,
    assigned: Assigned,
    incidents: Mapping[str, Floats],
    shares: Mapping[str, Floats],
) -> PlaceFigures:
    """State what each zone received beside what each rule would give it, and what was recorded.

    Parameters
    ----------
    zones : PeopledZones
    system : Predictions
    assigned : Assigned
        Of all zones.
    incidents : dict of str to array, shape (zones,)
        How they became known -> recorded incidents of each zone.
    shares : dict of str to array, shape (zones,)
        Rule -> weight of each zone. The budget, what fell in zones with residents, is parted by it
        among these; other zones have no figure.
    """
    here = zones.inhabited
    ends = _bounds(zones, system, (assigned,))
    columns = [_residents(zones), _predicted(assigned, ends)]
    columns += [
        column(f"incidents_{kind}", counts, Denominator("incidents_in_zone"))
        for kind, counts in incidents.items()
    ]
    budget = float(assigned.count[here].sum())
    for rule, share in shares.items():
        ruled = np.where(here, share * budget / max(float(share[here].sum()), 1e-300), np.nan)
        columns.append(column(f"by_rule_{rule}", ruled, Denominator("predictions")))
        of = Denominator("predictions_by_rule", {"rule": rule})
        columns.append(_rate(f"times_rule_{rule}", "", assigned.count, ruled, ends, of))
    return _figures(zones, columns)


def _figures(
    zones: PeopledZones, columns: Sequence[PlaceColumn], codes: Sequence[PlaceCodes] = ()
) -> PlaceFigures:
    ids = tuple(map(str, zones.zone_id.tolist()))
    return PlaceFigures("", ids, tuple(columns), tuple(codes), zones.names)


def _residents(zones: PeopledZones) -> PlaceColumn:
    """Return residents; between the ends of the census' margin of error, where it gives one."""
    name = next((n for n, v in zones.columns.items() if v is zones.population), None)
    margin = None if name is None else zones.margins.get(name)
    if margin is None:
        return column("residents", zones.population, _RESIDENTS)
    ends = np.maximum(zones.population - margin, 0.0), zones.population + margin
    return column(
        "residents", zones.population, _RESIDENTS, ends=ends, method=Method("census_margin"),
        level=0.9,
    )  # fmt: skip


def _bounds(
    zones: PeopledZones, predictions: Predictions | None, found: Sequence[Assigned]
) -> Ends | None:
    shared = next((each.shared for each in found if each.shared is not None), None)
    return None if predictions is None or shared is None else box_bounds(predictions, zones, shared)


def _predicted(each: Assigned, ends: Ends | None) -> PlaceColumn:
    return column(
        "predictions", each.count, Denominator("predictions"), assignment=each.assignment,
        ends=ends, method=COUNTED if ends is None else _BOXES, level=1.0,
    )  # fmt: skip


def _rate(
    statistic: str, assignment: str, count: Floats, base: Floats, ends: Ends | None,
    of: Denominator, factor: float = 1.0,
) -> PlaceColumn:  # fmt: skip
    """Return a rate of every zone; undefined where it is out of nothing."""

    def over(top: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            made: Floats = np.where(base > 0.0, factor * top / base, np.nan)
        return made

    return column(
        statistic, over(count), of, assignment=assignment,
        ends=None if ends is None else (over(ends[0]), over(ends[1])),
        method=COUNTED if ends is None else _BOXES, out_of=np.nan_to_num(base), level=1.0,
    )  # fmt: skip
