"""`Exposed`: who lives in the zones and what fell there, and how a number of it is stated."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from veedor.arrays import Floats
from veedor.audits.audit import Statement, Subject, estimate
from veedor.audits.places.composition import Composition
from veedor.audits.places.dependence import Contrast, Ground
from veedor.audits.places.exposure import Residents
from veedor.statistics.codes import Argument, Denominator, Method

Ties = Literal["average", "published"]

#: Ending of a statistic whose interval lets clusters of zones have anything in common.
CLUSTERED = "_tract"

#: Whether over clusters of zones -> methods where a contrast tells, has too few, has none.
_METHODS = {
    False: ("field_given_residents", "none_few_effective_zones", "none_too_few_zones"),
    True: (
        "field_given_residents_clusters",
        "none_few_effective_clusters",
        "none_too_few_clusters",
    ),
}
#: Codes whose words are of predictions -> those of what is in view, or of devices.
_SEEN = {
    "field_given_residents": "field_given_residents_seen",
    "field_given_residents_clusters": "field_given_residents_clusters_seen",
    "none_expected_without_a_tie": "none_expected_without_a_tie_seen",
    "members_at_as_many_predictions": "members_at_as_much_seen",
    "members_at_as_many_empty_zones": "members_at_as_many_unseen_zones",
    "in_zones_with_most": "in_zones_with_most_seen",
    "in_zones_with_fewest": "in_zones_with_least_seen",
    "in_zones_with_most_over_all": "in_zones_with_most_seen_over_all",
    "in_zones_with_fewest_over_all": "in_zones_with_least_seen_over_all",
}


@dataclass(frozen=True, eq=False)
class Exposed:
    """Residents and predictions of the zones with residents, under one assignment.

    Parameters
    ----------
    assignment : str
    residents : Residents
    count : array, shape (n,)
        Predictions of each zone with residents.
    ground : Ground
        Of these zones.
    clustered : Ground, optional
        The same, with clusters of zones that may have anything in common.
    ties : {"average", "published"}
        How equal counts are ranked in a correlation of ranks.
    level : float
        Of the intervals.
    seen : bool
        Whether `count` is ground in view or devices, not predictions: what its codes are called.
    """

    assignment: str
    residents: Residents
    count: Floats
    ground: Ground
    clustered: Ground | None = None
    ties: Ties = "average"
    level: float = 0.95
    seen: bool = False

    @property
    def grounds(self) -> dict[str, Ground]:
        """Ending of a statistic -> the ground that its interval is over."""
        clustered = {} if self.clustered is None else {CLUSTERED: self.clustered}
        return {"": self.ground} | clustered

    @cached_property
    def compositions(self) -> list[Composition]:
        """Each group over the zones that it is compared in."""
        return [
            Composition.of(self.residents, place, self.ground)
            for place in range(len(self.residents.groups))
        ]

    def members(self, place: int) -> dict[str, Argument]:
        """Name a group and what it is part of."""
        group = self.residents.groups[place]
        return {"group": group.name, "of": group.of}

    def state(
        self, place: int, statistic: str, value: float | None, ends: tuple[float, float] | None,
        method: Method, n: float, denominator: Denominator,
    ) -> Statement:  # fmt: skip
        """State a number of one group."""
        method = Method(self._code(method.code), method.arguments)
        denominator = Denominator(self._code(denominator.code), denominator.arguments)
        made = estimate(value, ends, method, n, denominator, self.level)
        subject = Subject(self.residents.groups[place].name, self.assignment)
        return Statement(subject, statistic, made)

    def _code(self, code: str) -> str:
        return _SEEN.get(code, code) if self.seen else code


def method_of(contrast: Contrast, clusters: bool = False) -> Method:
    """How an interval was made, or why there is none."""
    tells, few, none = _METHODS[clusters]
    if contrast.tells:
        return Method(tells, {"effective": contrast.effective})
    if np.isfinite(contrast.effective):
        return Method(few, {"effective": contrast.effective})
    return Method(none)
