"""Warnings: what in the data would make a reader take an audit for more than it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer

from veedor.arrays import Bools, Floats, Geometries, Ints
from veedor.audits.audit import AuditWarning, finite
from veedor.audits.places.assignment import Assigned
from veedor.audits.places.association import correlation, mid_ranks
from veedor.audits.places.exposure import EXPOSURES, Residents, exposure_terms
from veedor.audits.places.zones import PeopledZones
from veedor.statistics.codes import Argument
from veedor.tables.escape import shown

FEWEST_MATCHED = 0.95
MOST_WITHOUT = 0.25
LEAST_AGREEMENT = 0.9
FEWEST_ZONES = 30
#: Zones whose ground overlaps by more than this share of the smaller one are the same ground.
MOST_OVERLAP = 0.05
#: A ratio that leaving out one zone moves by more than this part is decided by that zone.
MOST_MOVED = 0.2
#: Moving by less, a ratio that crosses 1 was and is 1 for every purpose.
LEAST_MOVED = 0.01


def matching(assigned: Assigned, inhabited: Bools) -> list[AuditWarning]:
    """Warn where less than 95% of the predictions fell in a zone with residents."""
    share = float(assigned.count[inhabited].sum()) / assigned.total
    if share >= FEWEST_MATCHED:
        return []
    return [AuditWarning("few_matched", {"percent": 100.0 * share}, assignment=assigned.assignment)]


def empty_zones(assignment: str, count: Floats) -> list[AuditWarning]:
    """Warn where over 25% of the zones with residents have no prediction."""
    share = float(np.mean(count == 0.0))
    if share <= MOST_WITHOUT:
        return []
    return [AuditWarning("many_zones_without", {"percent": 100.0 * share}, assignment=assignment)]


def few_zones(residents: Residents) -> list[AuditWarning]:
    """Warn where there are fewer than 30 zones with residents."""
    n = len(residents.population)
    if n >= FEWEST_ZONES:
        return []
    return [AuditWarning("few_zones", {"zones": n})]


def disagreement(stored: Assigned, assigned: Assigned, inhabited: Bools) -> list[
    AuditWarning
]:  # fmt: skip
    """Warn where stored and assigned counts rank the zones differently (Spearman below 0.9)."""
    one, other = (mid_ranks(each.count[inhabited]) for each in (stored, assigned))
    rho = correlation(one, other)
    if rho >= LEAST_AGREEMENT:
        return []
    said: dict[str, Argument] = {"spearman": finite(rho)}
    return [AuditWarning("stored_and_assigned_disagree", said, assignment=assigned.assignment)]


def shared_zones(zones: PeopledZones, others: Sequence[PeopledZones] = ()) -> list[AuditWarning]:
    """Warn of zones that two jurisdictions share: given twice, overlapping, or in another's file.

    Parameters
    ----------
    zones : PeopledZones
    others : sequence of PeopledZones
        Of other jurisdictions.
    """
    shared = set(zones.copies)
    left, right = _overlaps(zones.polygons, zones.polygons)
    shared |= {str(zones.zone_id[place]) for place in np.append(left, right)}
    for other in others:
        shared |= set(zones.zone_id.tolist()) & set(other.zone_id.tolist())
        theirs = _reprojected(other, zones.crs)
        shared |= {str(zones.zone_id[place]) for place in _overlaps(zones.polygons, theirs)[0]}
    if not shared:
        return []
    named = ", ".join(shown(name) for name in sorted(shared)[:5])
    return [AuditWarning("zones_shared", {"zones": len(shared), "first": named})]


def one_zone_decides(
    assignment: str, residents: Residents, count: Floats, ids: npt.NDArray[Any]
) -> list[AuditWarning]:
    """Warn where leaving out one zone turns a ratio to the other side of 1, or moves it by 20%."""
    made = []
    for place, group in enumerate(residents.groups):
        if group.reference == group.name:
            continue
        other = residents.place_of(group.reference)
        for name, (column, _) in EXPOSURES.items():
            without, whole = _left_out(residents, count, place, other, column)
            if not np.isfinite(whole):
                continue
            moved = np.abs(np.log(without / whole))
            moved = np.where(np.isfinite(moved), moved, 0.0)
            turned = (np.sign(np.log(without)) != np.sign(np.log(whole))) & (moved > LEAST_MOVED)
            worst = int(np.argmax(np.where(turned, 1e6 + moved, moved)))
            if not turned.any() and moved[worst] <= np.log1p(MOST_MOVED):
                continue
            code = "one_zone_turns_a_ratio" if turned[worst] else "one_zone_decides"
            said: dict[str, Argument] = {
                "group": group.name, "statistic": f"ratio_{name}", "zone": shown(str(ids[worst])),
                "value": whole, "without": float(without[worst]),
            }  # fmt: skip
            made.append(AuditWarning(code, said, assignment=assignment))
    return made


def _left_out(
    residents: Residents, count: Floats, place: int, other: int, column: int
) -> tuple[Floats, float]:
    """Ratio of two groups' exposures without each zone in turn, and with all."""
    mine, theirs = (
        exposure_terms(
            residents.members[group], residents.everyone[group], count, residents.area_km2
        )[:, [0, column]]
        for group in (place, other)
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        a, b = mine.sum(axis=0) - mine, theirs.sum(axis=0) - theirs
        without = (a[:, 1] / a[:, 0]) / (b[:, 1] / b[:, 0])
        whole = (mine[:, 1].sum() / mine[:, 0].sum()) / (theirs[:, 1].sum() / theirs[:, 0].sum())
    positive = np.where(np.isfinite(without) & (without > 0.0), without, np.nan)
    return positive, float(whole) if whole > 0.0 else float("nan")


def _overlaps(one: Geometries, other: Geometries) -> tuple[Ints, Ints]:
    """Pairs of polygons whose common ground is more than 5% of the smaller one."""
    left, right = shapely.STRtree(other).query(one, predicate="intersects")
    # Of a file with itself, each pair once.
    apart = left < right if one is other else np.ones(len(left), dtype=bool)
    left, right = left[apart], right[apart]
    common = shapely.area(shapely.intersection(one[left], other[right]))
    much = common > MOST_OVERLAP * np.minimum(shapely.area(one[left]), shapely.area(other[right]))
    return left[much], right[much]


def _reprojected(zones: PeopledZones, crs: str) -> Geometries:
    move = Transformer.from_crs(zones.crs, crs, always_xy=True)
    moved: Geometries = shapely.transform(
        zones.polygons, lambda xy: np.column_stack(move.transform(xy[:, 0], xy[:, 1]))
    )
    return moved
