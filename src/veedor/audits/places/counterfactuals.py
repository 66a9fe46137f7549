"""Where the same budget would have gone by another rule: what a system is compared with."""

from __future__ import annotations

import numpy as np
import shapely

from veedor.arrays import Floats
from veedor.audits.places.assignment import covered_share
from veedor.audits.places.predictions import Predictions
from veedor.audits.places.zones import PeopledZones
from veedor.errors import StudyError, phrase


def evenly(zones: PeopledZones) -> Floats:
    """Share of the budget of each zone if every km2 got the same, shape (zones,); sums to 1."""
    share: Floats = zones.area_km2 / zones.area_km2.sum()
    return share


def by_residents(zones: PeopledZones) -> Floats:
    """Share of the budget of each zone if every resident got the same; sums to 1."""
    share: Floats = zones.population / zones.population.sum()
    return share


def by_record(incidents: Floats) -> Floats:
    """Share of the budget of each zone if it followed the recorded incidents; sums to 1.

    Raises
    ------
    StudyError
        If no incident lies in a zone.
    """
    if not incidents.sum() > 0.0:
        raise StudyError(
            "A benchmark by the record must have an incident in a zone.",
            found=phrase("none"),
            remedy="check that incidents and zones are of the same place",
        )
    share: Floats = incidents / incidents.sum()
    return share


def by_map(system: Predictions, prior: Predictions, zones: PeopledZones) -> Floats:
    """Share of the budget of each zone if the same ground were flagged where a map is highest.

    The map's cells are flagged by expected incidents per km2, the highest first, until they cover
    as much of the zones' ground as the system's places do; the last cell in part. Every flagged km2
    then gets the same.

    Parameters
    ----------
    system : Predictions
        With extent.
    prior : Predictions
        A forecast or polygons with a score: `PriorCounts`, to ask whether a system does other than
        counting what was recorded before.
    zones : PeopledZones

    Returns
    -------
    array, shape (zones,)
        Sums to 1.

    Raises
    ------
    StudyError
        If the map covers none of the zones, or less of them than the system does.
    """
    budget = float(np.sum(covered_share(system, zones) * shapely.area(zones.polygons)))
    cells = prior.extents(zones.crs)
    cell, zone = shapely.STRtree(zones.polygons).query(cells, predicate="intersects")
    ground = shapely.area(shapely.intersection(cells[cell], zones.polygons[zone]))
    inside = np.bincount(cell, weights=ground, minlength=len(cells))
    if inside.sum() < budget * (1.0 - 1e-9) or budget <= 0.0:
        raise StudyError(
            "The map must cover as much of the zones as the system flags.",
            found=phrase(
                "{inside:.2f} km2 of map, {budget:.2f} km2 flagged",
                inside=inside.sum() / 1000000.0,
                budget=budget / 1000000.0,
            ),
            remedy="use a map of the whole area",
        )
    density = prior.count / shapely.area(cells)
    _, level = np.unique(-density, return_inverse=True)
    of_level = np.bincount(level, weights=inside)
    before = np.cumsum(of_level) - of_level
    part = np.clip((budget - before) / np.maximum(of_level, 1e-9), 0.0, 1.0)[level]
    flagged = np.bincount(zone, weights=ground * part[cell], minlength=len(zones))
    share: Floats = flagged / flagged.sum()
    return share
