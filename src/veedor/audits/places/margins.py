"""Margins of error of the census carried through to what is computed from its counts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from veedor.arrays import Floats
from veedor.audits.audit import Statement, Subject, estimate
from veedor.audits.places.exposure import EXPOSURES, Residents, exposures
from veedor.audits.places.zones import PeopledZones, members_of
from veedor.statistics import normal_quantile
from veedor.statistics.codes import Denominator, Method

#: The American Community Survey publishes margins of error at this level.
ACS_LEVEL = 0.90


def drawn_columns(
    columns: Mapping[str, Floats],
    margins: Mapping[str, Floats],
    rng: np.random.Generator,
    level: float = ACS_LEVEL,
) -> dict[str, Floats]:
    """Draw the counts of every zone anew, within their margins of error.

    Normal about the count, with the standard error that a margin at `level` means (1.645 for 90%),
    independent from zone to zone and from column to column, and not below 0.

    Parameters
    ----------
    columns, margins : dict of array, shape (n,)
        A column without a margin stays as it is.
    rng : numpy.random.Generator
    level : float

    References
    ----------
    U.S. Census Bureau (2020). Understanding and Using American Community Survey Data: What All
    Data Users Need to Know, chapters 7 and 8.
    """
    per_error = normal_quantile(level)
    return {
        name: np.maximum(values + rng.standard_normal(len(values)) * margins[name] / per_error, 0.0)
        if name in margins
        else values
        for name, values in columns.items()
    }


def margin_statements(
    assignment: str,
    zones: PeopledZones,
    count: Floats,
    rng: np.random.Generator,
    *,
    replicates: int = 1000,
    level: float = 0.95,
) -> list[Statement]:
    """Exposures and ratios with the interval that the census alone leaves.

    Parameters
    ----------
    assignment : str
    zones : PeopledZones
        With margins of error; without any, nothing is returned.
    count : array, shape (zones,)
        Predictions of each zone.
    rng : numpy.random.Generator
    replicates : int
    level : float

    Returns
    -------
    list of Figure
        Statistics that end in ``_moe``. The value is that of the published counts. The other
        intervals take the census' counts as they are, so neither has the other in it.
        Correlations are left out: error in the shares draws them towards 0, which an interval
        about the published counts does not undo.
    """
    if not zones.margins:
        return []
    here = zones.inhabited
    real = Residents.of(zones)
    observed = _figures_of(real, count[here])
    draws = []
    for _ in range(replicates):
        columns = drawn_columns(zones.columns, zones.margins, rng)
        everyone = np.array([columns[group.of] for group in zones.groups])
        members = np.array([members_of(group, columns) for group in zones.groups])
        members = np.clip(members, 0.0, everyone)
        drawn = Residents(
            real.population, real.area_km2, zones.groups, members[:, here], everyone[:, here]
        )
        draws.append(_figures_of(drawn, count[here]))
    method = Method("census_margins", {"level": ACS_LEVEL, "replicates": replicates})
    tail = 50.0 * (1.0 - level)
    made = []
    for key, value in observed.items():
        values = np.array([draw[key] for draw in draws], dtype=np.float64)
        low, high = np.nanpercentile(values, [tail, 100.0 - tail])
        group, statistic = key
        members = real.members[real.place_of(group)].sum()
        of = Denominator("members", {"group": group})
        kept = estimate(value, (low, high), method, members, of, level)
        made.append(Statement(Subject(group, assignment), f"{statistic}_moe", kept))
    return made


def _figures_of(residents: Residents, count: Floats) -> dict[tuple[str, str], float]:
    """Exposures and ratios of every group; NaN where undefined."""
    found: dict[tuple[str, str], float] = {}
    by_group = [
        exposures(members, everyone, count, residents.area_km2)
        for members, everyone in zip(residents.members, residents.everyone, strict=True)
    ]
    for place, group in enumerate(residents.groups):
        reference = by_group[residents.place_of(group.reference)]
        for name in EXPOSURES:
            mine, theirs = by_group[place][name], reference[name]
            found[group.name, f"exposure_{name}"] = float("nan") if mine is None else mine
            if group.reference != group.name:
                found[group.name, f"ratio_{name}"] = (
                    float("nan") if mine is None or not theirs else mine / theirs
                )
    return found
