"""Exposure of a group to predictions: three denominators, because they can disagree in sign."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from veedor.arrays import Floats
from veedor.audits.places.groups import Group
from veedor.audits.places.zones import PeopledZones

#: Exposure -> (column of `exposure_terms`, factor).
EXPOSURES = {
    "per_1000": (1, 1000.0),
    "count": (2, 1.0),
    "per_km2": (3, 1.0),
}


@dataclass(frozen=True, eq=False)
class Residents:
    """Who lives in the zones that sums go over: those with residents.

    Parameters
    ----------
    population, area_km2 : array, shape (n,)
    groups : tuple of Group, length k
    members, everyone : array, shape (k, n)
    """

    population: Floats
    area_km2: Floats
    groups: tuple[Group, ...]
    members: Floats
    everyone: Floats

    @classmethod
    def of(cls, zones: PeopledZones) -> Residents:
        """Take the inhabited zones."""
        here = zones.inhabited
        return cls(
            zones.population[here],
            zones.area_km2[here],
            zones.groups,
            zones.members[:, here],
            zones.everyone[:, here],
        )

    def place_of(self, name: str) -> int:
        """Place of a group by its name."""
        return [group.name for group in self.groups].index(name)

    def shares(self, group: int) -> Floats:
        """Share g/p of a group in each zone, shape (n,); NaN where p is 0."""
        with np.errstate(invalid="ignore", divide="ignore"):
            share: Floats = self.members[group] / self.everyone[group]
        return share


def exposure_terms(members: Floats, everyone: Floats, count: Floats, area_km2: Floats) -> Floats:
    """Terms of the sums that exposures are ratios of, shape (n, 4).

    Members g; g c/p; g c; g c/a, by zone.

    Parameters
    ----------
    members, everyone, count, area_km2 : array, shape (n,)
        g, p, c, a. A zone with p = 0 adds nothing.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(everyone > 0.0, members / everyone, 0.0)
    return np.column_stack([members, share * count, members * count, members * count / area_km2])


def exposures(
    members: Floats, everyone: Floats, count: Floats, area_km2: Floats
) -> dict[str, float | None]:
    r"""Exposure of a group to predictions.

    With members g, share s = g/p, predictions c, area a, and G the sum of g:

    - ``per_1000``: :math:`1000 \sum s c / G`, predictions that fall to the group's share of each
      zone, per 1,000 members;
    - ``count``: :math:`\sum g c / G`, predictions of the zone that a member lives in, on average;
    - ``per_km2``: :math:`\sum g (c/a) / G`, predictions per km2 around a member, on average.

    Returns
    -------
    dict
        At least 0; larger is more. None without members.

    Examples
    --------
    Two zones of 10 and 30 people, 5 and 3 members, 4 and 0 predictions, 2 km2 each:

    >>> exposures(*map(np.array, ([5.0, 3.0], [10.0, 30.0], [4.0, 0.0], [2.0, 2.0])))
    {'per_1000': 250.0, 'count': 2.5, 'per_km2': 1.25}
    """
    total = exposure_terms(members, everyone, count, area_km2).sum(axis=0)
    if not total[0] > 0.0:
        return dict.fromkeys(EXPOSURES)
    return {
        name: float(factor * total[column] / total[0])
        for name, (column, factor) in EXPOSURES.items()
    }
