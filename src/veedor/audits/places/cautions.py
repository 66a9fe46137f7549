"""Warnings: what in the data would make a reader take an audit for more than it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer

from veedor.audits.places.assignment import Assigned
from veedor.audits.places.association import correlation, mid_ranks
from veedor.audits.places.exposure import EXPOSURES, Residents, exposure_terms
from veedor.audits.places.zones import PeopledZones
from veedor.tables.escape import shown

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Geometries = npt.NDArray[Any]

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


@dataclass(frozen=True)
class Caution:
    """A warning.

    Parameters
    ----------
    code : str
        Its name, for programs.
    message : str
        What was found, in words.
    assignment : str
        The assignment that it is about; empty where it is about the data.
    figures : dict
        The numbers that it rests on.
    """

    code: str
    message: str
    assignment: str
    figures: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, JSON-ready."""
        return asdict(self)


def matching(assigned: Assigned, inhabited: npt.NDArray[np.bool_]) -> list[Caution]:
    """Warn where less than 95% of the predictions fell in a zone with residents."""
    share = float(assigned.count[inhabited].sum()) / assigned.total
    if share >= FEWEST_MATCHED:
        return []
    return [
        Caution(
            "few_matched",
            f"Only {share:.1%} of the predictions fell in a zone with residents. The rest fell "
            "where this audit knows of none, so whoever lives there is left out of every figure.",
            assigned.assignment,
            {"matched_share": share},
        )
    ]


def empty_zones(assignment: str, count: Floats) -> list[Caution]:
    """Warn where over 25% of the zones with residents have no prediction."""
    share = float(np.mean(count == 0.0))
    if share <= MOST_WITHOUT:
        return []
    return [
        Caution(
            "many_zones_without",
            f"{share:.1%} of the zones with residents have no prediction at all. They are tied, "
            "and a correlation of ranks says little about who lives in them; read the shares of "
            "the most targeted zones instead.",
            assignment,
            {"zero_zone_share": share},
        )
    ]


def few_zones(residents: Residents) -> list[Caution]:
    """Warn where there are fewer than 30 zones with residents."""
    n = len(residents.population)
    if n >= FEWEST_ZONES:
        return []
    return [
        Caution(
            "few_zones",
            f"There are only {n} zones with residents. Single zones weigh much, and little can be "
            "told from so few.",
            "",
            {"n_zones": n},
        )
    ]


def disagreement(stored: Assigned, assigned: Assigned, inhabited: npt.NDArray[np.bool_]) -> list[
    Caution
]:  # fmt: skip
    """Warn where stored and assigned counts rank the zones differently (Spearman below 0.9)."""
    one, other = (mid_ranks(each.count[inhabited]) for each in (stored, assigned))
    rho = correlation(one, other)
    if rho >= LEAST_AGREEMENT:
        return []
    return [
        Caution(
            "stored_and_assigned_disagree",
            f"The counts that the zones carry and those assigned by {assigned.assignment} rank the "
            f"zones differently (Spearman {rho:.2f}): they are not of the same predictions, or not "
            "of the same zones.",
            assigned.assignment,
            {"spearman": rho if np.isfinite(rho) else None},
        )
    ]


def shared_zones(zones: PeopledZones, others: Sequence[PeopledZones] = ()) -> list[Caution]:
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
    named = sorted(shared)
    return [
        Caution(
            "zones_shared",
            f"{len(shared)} zones are shared by two jurisdictions, or lie over one another: "
            + ", ".join(shown(name) for name in named[:5])
            + ". Their residents would be counted for both, and their predictions may be those of "
            "the other.",
            "",
            {"zones": len(shared), "first": named[:5]},
        )
    ]


def one_zone_decides(assignment: str, residents: Residents, count: Floats) -> list[Caution]:
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
            made.append(
                Caution(
                    "one_zone_decides",
                    f"One zone decides ratio_{name} of {shown(group.name)}: it is {whole:.3g} with "
                    f"all zones and {without[worst]:.3g} without one of them"
                    + (", on the other side of 1." if turned[worst] else "."),
                    assignment,
                    {
                        "group": group.name,
                        "statistic": f"ratio_{name}",
                        "zone": worst,
                        "value": whole,
                        "without": float(without[worst]),
                        "other_side": bool(turned[worst]),
                    },
                )
            )
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
