"""Every statement of an exposure audit that is about the whole area."""

from __future__ import annotations

import numpy as np

from veedor.arrays import Floats
from veedor.audits.audit import WHOLE, Statement, Subject, estimate
from veedor.audits.places.assignment import Assigned
from veedor.audits.places.exposure import Residents
from veedor.statistics.codes import Argument, Denominator, Method
from veedor.statistics.inequality import gini, hoover, share_of_places_holding
from veedor.statistics.spatial import Neighbours, morans_i

_COUNTED = Method("none_counted")


def whole_area_statements(
    assigned: Assigned, residents: Residents, count: Floats, near: Neighbours,
    level: float = 0.95,
) -> list[Statement]:  # fmt: skip
    """Sizes, matching, and how unevenly predictions are spread.

    Parameters
    ----------
    assigned : Assigned
        Of all zones, with or without residents.
    residents : Residents
    count : array, shape (n,)
        Predictions of the zones with residents.
    near : (indptr, indices)
        Of `veedor.statistics.queen_neighbours`.
    level : float

    Notes
    -----
    These are facts about the map: they have no interval.
    """
    people, ground, n = residents.population, residents.area_km2, len(count)
    made: list[Statement] = []

    def add(
        statistic: str,
        value: float | None,
        size: float,
        of: str,
        method: Method = _COUNTED,
        **said: Argument,
    ) -> None:
        kept = estimate(value, None, method, size, Denominator(of, said), level)
        made.append(Statement(Subject(WHOLE, assigned.assignment), statistic, kept))

    residential = "zones_with_residents"
    add("n_zones", n, n, residential)
    add("population", people.sum(), n, residential)
    add("area_km2", ground.sum(), n, residential)
    add("predictions_total", assigned.total, assigned.total, "predictions")
    add("predictions_matched", count.sum(), assigned.total, "predictions")
    matched = count.sum() / assigned.total if assigned.total > 0.0 else None
    add("matched_share", matched, assigned.total, "predictions")
    for name, base, of in (
        ("population", people, "residents"),
        ("area", ground, "km2_of_zones_with_residents"),
    ):
        add(f"gini_{name}", float(gini(count, base)), base.sum(), of)
    add("hoover_population", hoover(count, people), people.sum(), "residents")
    half = float(share_of_places_holding(count, 0.5, people))
    add("population_share_holding_half", half, people.sum(), "residents")
    none = (count == 0.0).astype(np.float64)
    add("zero_zone_share", float(none.mean()), n, residential)
    held = float(none @ people / people.sum())
    add("zero_zone_population_share", held, people.sum(), "residents")
    islands = int(np.sum(np.diff(near[0]) == 0))
    add(
        "morans_i_log1p_count",
        float(morans_i(np.log1p(count), near)),
        n,
        "zones_with_residents_and_islands",
        Method("none_see_permutation_test"),
        islands=islands,
    )
    return made
