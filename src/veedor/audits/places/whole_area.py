"""Every statement of an exposure audit that is about the whole area."""

from __future__ import annotations

import numpy as np

from veedor.arrays import Floats
from veedor.audits.audit import WHOLE, StatedTest, Statement, Subject, estimate, finite
from veedor.audits.places.assignment import Assigned
from veedor.audits.places.exposure import Residents
from veedor.statistics import TestResult, morans_i_p_value
from veedor.statistics.codes import Argument, Denominator, Hypothesis, Method
from veedor.statistics.inequality import gini, hoover, share_of_places_holding
from veedor.statistics.spatial import Neighbours, morans_i

_COUNTED = Method("none_counted")
_RESIDENTIAL = "zones_with_residents"


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
    total, matched = assigned.total, float(count.sum())
    share = matched / total if total > 0.0 else None
    return [
        *size_statements(assigned.assignment, residents, level),
        *(
            _stated(assigned.assignment, name, value, total, "predictions", level)
            for name, value in (
                ("predictions_total", total),
                ("predictions_matched", matched),
                ("matched_share", share),
            )
        ),
        *spread_statements(assigned.assignment, residents, count, near, level),
    ]


def size_statements(assignment: str, residents: Residents, level: float = 0.95) -> list[Statement]:
    """State how many zones have residents, how many these are, and their ground."""
    n = len(residents.population)
    return [
        _stated(assignment, name, value, n, _RESIDENTIAL, level)
        for name, value in (
            ("n_zones", float(n)),
            ("population", float(residents.population.sum())),
            ("area_km2", float(residents.area_km2.sum())),
        )
    ]


def spread_statements(
    assignment: str, residents: Residents, count: Floats, near: Neighbours, level: float = 0.95
) -> list[Statement]:
    """State how unevenly zones with residents received what they did.

    Parameters
    ----------
    assignment : str
    residents : Residents
    count : array, shape (n,)
    near : (indptr, indices)
    level : float
    """
    people, ground, n = residents.population, residents.area_km2, len(count)
    made: list[Statement] = []

    def add(statistic: str, value: float | None, size: float, of: str) -> None:
        made.append(_stated(assignment, statistic, value, size, of, level))

    for name, base, of in (
        ("population", people, "residents"),
        ("area", ground, "km2_of_zones_with_residents"),
    ):
        add(f"gini_{name}", float(gini(count, base)), base.sum(), of)
    add("hoover_population", hoover(count, people), people.sum(), "residents")
    half = float(share_of_places_holding(count, 0.5, people))
    add("population_share_holding_half", half, people.sum(), "residents")
    none = (count == 0.0).astype(np.float64)
    add("zero_zone_share", float(none.mean()), n, _RESIDENTIAL)
    held = float(none @ people / people.sum())
    add("zero_zone_population_share", held, people.sum(), "residents")
    islands = int(np.sum(np.diff(near[0]) == 0))
    made.append(_stated(
        assignment, "morans_i_log1p_count", float(morans_i(np.log1p(count), near)), n,
        "zones_with_residents_and_islands", level, Method("none_see_permutation_test"),
        islands=islands,
    ))  # fmt: skip
    return made


def _stated(
    assignment: str, statistic: str, value: float | None, size: float, of: str, level: float,
    method: Method = _COUNTED, **said: Argument,
) -> Statement:  # fmt: skip
    kept = estimate(value, None, method, size, Denominator(of, said), level)
    return Statement(Subject(WHOLE, assignment), statistic, kept)


def clustering_test(
    assignment: str, count: Floats, near: Neighbours, rng: np.random.Generator, *,
    test: Hypothesis, replicates: int, seed: int,
) -> StatedTest:  # fmt: skip
    """Test whether neighbours received alike, by permutations."""
    values = np.log1p(count)
    return StatedTest(Subject(WHOLE, assignment), TestResult(
        test=test,
        statistic=finite(morans_i(values, near)),
        p_value=morans_i_p_value(values, near, rng, replicates),
        n=len(count),
        unit=Denominator("zones"),
        seed=seed,
        source="Moran (1950). https://doi.org/10.1093/biomet/37.1-2.17",
    ))  # fmt: skip
