"""Figures of an exposure audit that are about the order of zones: correlations and shares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from veedor.audits.places.association import correlation, mid_ranks, published_ranks
from veedor.audits.places.composition import Composition, contrast
from veedor.audits.places.dependence import (
    NOTHING,
    Contrast,
    Ground,
    MappedCorrelation,
    mapped_correlation,
)
from veedor.audits.places.estimates_file import Figure, estimate
from veedor.audits.places.exposure import Residents
from veedor.audits.places.exposure_figures import ExposureFigures, Verdict, method_of
from veedor.audits.places.ranking import part_held

Floats = npt.NDArray[np.float64]
Ties = Literal["average", "published"]

#: Statistic -> (share of the zones, the most rather than the least targeted).
PARTS = {
    "top_decile": (0.1, True),
    "top_quintile": (0.2, True),
    "bottom_quintile": (0.2, False),
}


class GroupFigures:
    """Figures of every group under one assignment.

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
    """

    def __init__(
        self,
        assignment: str,
        residents: Residents,
        count: Floats,
        ground: Ground,
        clustered: Ground | None = None,
        ties: Ties = "average",
        level: float = 0.95,
    ) -> None:
        self.assignment = assignment
        self.residents = residents
        self.count = count
        self.ground = ground
        self.clustered = clustered
        self.ties = ties
        self.level = level
        self._exposures = ExposureFigures(assignment, residents, count, ground, clustered, level)
        #: Spearman's correlation of share and count of each group, with its effective zones.
        self.correlations: dict[str, MappedCorrelation] = {}

    @property
    def verdicts(self) -> list[Verdict]:
        """Of every ratio, once the figures were made."""
        return self._exposures.verdicts

    def figures(self) -> list[Figure]:
        """Every figure, group by group."""
        made = list(self._exposures.figures())
        for place in range(len(self.residents.groups)):
            made += [*self._associations(place), *self._shares(place)]
        order = {group.name: place for place, group in enumerate(self.residents.groups)}
        return sorted(made, key=lambda figure: order[figure.group])

    def _associations(self, place: int) -> Iterator[Figure]:
        """Correlations over the zones in which the group's share is defined."""
        group = self.residents.groups[place]
        share = self.residents.shares(place)
        here = np.isfinite(share)
        of, n = f"zones with {group.of}", int(here.sum())
        grounds = {"": self.ground} | ({} if self.clustered is None else {"_tract": self.clustered})
        shares = mid_ranks(share[here])
        for target, values in (("count", self.count), ("rate", self._rate(place))):
            name = f"spearman_share_vs_{target}"
            if self.ties == "published":
                value = correlation(shares, published_ranks(values[here]))
                method = "none: ties ranked by the order of rows, as published"
                yield self._figure(place, name, value, None, method, n, of)
            ranks = mid_ranks(values[here])
            for ending, ground in grounds.items():
                found = mapped_correlation(ground.part(here), shares, ranks)
                if not ending:
                    yield self._effective(place, name, found, of)
                    if target == "count":
                        self.correlations[group.name] = found
                if self.ties != "published":
                    yield self._correlated(place, name + ending, found, n, of, bool(ending))
        found = mapped_correlation(self.ground.part(here), share[here], self.count[here])
        yield self._effective(place, "pearson_share_vs_count", found, of)
        yield self._correlated(place, "pearson_share_vs_count", found, n, of, False)

    def _shares(self, place: int) -> Iterator[Figure]:
        group = self.residents.groups[place]
        members, everyone = self.residents.members[place], self.residents.everyone[place]
        total = _ratio(members.sum(), everyone.sum())
        here = self._exposures.compositions[place]
        yield self._figure(
            place, "share_total", total, None, "none: counted, not estimated", everyone.sum(),
            group.of,
        )  # fmt: skip
        for name, (fraction, top) in PARTS.items():
            part = part_held(self.count, fraction, top=top)
            inside = _ratio(part @ members, part @ everyone)
            chance = self._chance(here, part, members, everyone - members, fraction)
            low, high = _by_odds(inside, chance.reach(self.level))
            of = (
                f"{group.of} in the {fraction:.0%} of zones with the "
                f"{'most' if top else 'fewest'} predictions"
            )
            method = method_of(chance)
            yield self._figure(
                place, f"share_{name}", inside, (low, high), method, part @ everyone, of
            )
            whole = total or float("nan")
            quotient = None if inside is None else inside / whole
            yield self._figure(
                place, f"lq_{name}", quotient, (low / whole, high / whole), method,
                part @ everyone, f"{of}, over the share of {group.name} in all zones",
            )  # fmt: skip
        none = (self.count == 0.0).astype(np.float64)
        chance = self._chance(here, none, members, np.ones(len(none)), float(none.mean()))
        value = _ratio(none @ members, members.sum())
        low, high = chance.about(value, self.level)
        yield self._figure(
            place, "share_in_zero_zones", value, (low, min(high, 1.0)), method_of(chance),
            members.sum(), f"{self._members(place)}; as many zones without predictions",
        )  # fmt: skip

    def _chance(
        self, here: Composition, part: Floats, a: Floats, b: Floats, fraction: float
    ) -> Contrast:
        """How far the ratio of two sums over some zones could be chance.

        It is worth as many zones as there are among those that it is made of.
        """
        fitted = here.fitted(part)
        weights = contrast(a[here.here], b[here.here], part[here.here])
        if fitted is None or not np.isfinite(weights).all():
            return NOTHING
        found = fitted.contrasts(weights[:, None])[0][0]
        effective = min(fraction, 1.0 - fraction) * found.effective
        return replace(found, effective=effective, left=effective - 1.0)

    def _rate(self, place: int) -> Floats:
        """Predictions per member of the group's denominator; 0 where there is none."""
        people = self.residents.everyone[place]
        rate: Floats = np.divide(
            self.count, people, out=np.zeros_like(self.count), where=people > 0.0
        )
        return rate

    def _members(self, place: int) -> str:
        group = self.residents.groups[place]
        kind = "members" if group.of == self.residents.groups[0].of else group.of
        return f"{group.name} {kind}"

    def _effective(self, place: int, name: str, found: MappedCorrelation, of: str) -> Figure:
        method = "none: an estimate by mean products over distance and direction"
        return self._figure(
            place, f"effective_n_{name}", found.effective, None, method, found.zones, of
        )

    def _correlated(
        self, place: int, statistic: str, found: MappedCorrelation, n: int, of: str, clusters: bool
    ) -> Figure:
        what = "clusters of zones" if clusters else "zones"
        ends = found.interval(self.level)
        if found.effective is None:
            method = f"none: too few {what}, or nothing that varies"
        elif not np.isfinite(ends[0]):
            method = (
                f"none: worth {found.effective:.1f} independent {what}, of which fewer than 8 are "
                "left beyond 2"
            )
        else:
            method = (
                "given who lives where: Fisher's transformation with the effective number, worth "
                f"{found.effective:.1f} independent {what}"
            )
        return self._figure(place, statistic, found.r, ends, method, n, of)

    def _figure(
        self, place: int, statistic: str, value: float | None, ends: tuple[float, float] | None,
        method: str, n: float, of: str,
    ) -> Figure:  # fmt: skip
        made = estimate(value, ends, method, n, of, self.level)
        return Figure(self.assignment, self.residents.groups[place].name, statistic, made)


def _by_odds(share: float | None, reach: float) -> tuple[float, float]:
    """Ends of a share in (0, 1), on the scale of its log odds."""
    if share is None or not 0.0 < share < 1.0 or not np.isfinite(reach):
        return float("nan"), float("nan")
    odds = share / (1.0 - share) * np.exp(np.array([-reach, reach]))
    low, high = odds / (1.0 + odds)
    return float(low), float(high)


def _ratio(top: float, below: float) -> float | None:
    return float(top / below) if below > 0.0 else None
