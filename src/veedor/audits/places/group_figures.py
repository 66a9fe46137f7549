"""Every figure of an exposure audit that is about one group."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from veedor.audits.places.association import (
    correlation,
    mid_ranks,
    published_ranks,
    resampled_spearman,
)
from veedor.audits.places.estimates_file import Figure, estimate
from veedor.audits.places.exposure import EXPOSURES, Residents, exposure_terms, exposures
from veedor.audits.places.ranking import part_held, resampled_sums_held
from veedor.audits.places.resampling import ZoneResampling

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
    zones : ZoneResampling
        Of zones.
    clusters : ZoneResampling, optional
        Of clusters of zones.
    ties : {"average", "published"}
        How equal counts are ranked in a correlation of ranks.
    """

    def __init__(
        self,
        assignment: str,
        residents: Residents,
        count: Floats,
        zones: ZoneResampling,
        clusters: ZoneResampling | None = None,
        ties: Ties = "average",
    ) -> None:
        self.assignment = assignment
        self.residents = residents
        self.count = count
        self.zones = zones
        self.clusters = clusters
        self.ties = ties

    def figures(self) -> list[Figure]:
        """Every figure, group by group."""
        ratios = list(self._exposures(self.zones, ""))
        if self.clusters is not None:
            ratios += self._exposures(self.clusters, "_tract")
        others = [
            figure
            for place in range(len(self.residents.groups))
            for figure in (*self._associations(place), *self._shares(place))
        ]
        order = {group.name: place for place, group in enumerate(self.residents.groups)}
        return sorted([*ratios, *others], key=lambda figure: order[figure.group])

    def _exposures(self, units: ZoneResampling, ending: str) -> Iterator[Figure]:
        residents, groups = self.residents, self.residents.groups
        what = "zones" if not ending else "clusters of zones"
        method = f"studentised bootstrap of the logarithm, {units.units} {what}"
        for name, (column, _) in EXPOSURES.items():
            terms = np.column_stack([
                exposure_terms(members, everyone, self.count, residents.area_km2)[:, [0, column]]
                for members, everyone in zip(residents.members, residents.everyone, strict=True)
            ])  # fmt: skip
            single = np.zeros((len(groups), terms.shape[1]))
            paired = np.zeros_like(single)
            for place, group in enumerate(groups):
                single[place, [2 * place, 2 * place + 1]] = -1.0, 1.0
                other = residents.place_of(group.reference)
                paired[place] = single[place]
                paired[place, [2 * other, 2 * other + 1]] += 1.0, -1.0
            low, high = units.log_ratios(terms, np.vstack([single, paired]))
            values = [self._exposure(place)[name] for place in range(len(groups))]
            factor = EXPOSURES[name][1]
            for place, group in enumerate(groups):
                held = terms[:, 2 * place].sum()
                yield self._figure(
                    group.name,
                    f"exposure_{name}{ending}",
                    values[place],
                    (factor * low[place], factor * high[place]),
                    method,
                    held,
                    self._members(place),
                    units,
                )
            for place, group in enumerate(groups):
                if group.reference == group.name:
                    continue
                other = residents.place_of(group.reference)
                mine, theirs = values[place], values[other]
                ratio = None if mine is None or not theirs else mine / theirs
                yield self._figure(
                    group.name,
                    f"ratio_{name}{ending}",
                    ratio,
                    (low[len(groups) + place], high[len(groups) + place]),
                    method,
                    terms[:, 2 * place].sum(),
                    f"{self._members(place)}, over the exposure of {self._members(other)}",
                    units,
                )

    def _associations(self, place: int) -> Iterator[Figure]:
        """Correlations over the zones in which the group's share is defined."""
        group = self.residents.groups[place]
        share = self.residents.shares(place)
        here = np.isfinite(share)
        for target, values in (("count", self.count), ("rate", self._rate(place))):
            ranks = published_ranks if self.ties == "published" else mid_ranks
            value = float(correlation(mid_ranks(share[here]), ranks(values[here])))
            for units, ending in ((self.zones, ""), (self.clusters, "_tract")):
                if units is None or self.ties == "published":
                    continue
                replicates = resampled_spearman(share[here], values[here], self._drawn(units, here))
                yield self._resampled(
                    group.name, f"spearman_share_vs_{target}{ending}", value, replicates, units,
                    int(here.sum()), f"zones with {group.of}",
                )  # fmt: skip
            if self.ties == "published":
                yield Figure(
                    self.assignment,
                    group.name,
                    f"spearman_share_vs_{target}",
                    estimate(
                        value,
                        None,
                        "none: ties ranked by the order of rows, as published",
                        here.sum(),
                        f"zones with {group.of}",
                        self.zones.level,
                    ),
                )
        pearson = float(correlation(share[here], self.count[here]))
        replicates = correlation(share[here], self.count[here], self._drawn(self.zones, here))
        yield self._resampled(
            group.name, "pearson_share_vs_count", pearson, replicates, self.zones,
            int(here.sum()), f"zones with {group.of}",
        )  # fmt: skip

    def _shares(self, place: int) -> Iterator[Figure]:
        group = self.residents.groups[place]
        members, everyone = self.residents.members[place], self.residents.everyone[place]
        total = _ratio(members.sum(), everyone.sum())
        weights = self.zones.weights
        low, high = self.zones.log_ratios(
            np.column_stack([members, everyone]), np.array([[1.0, -1.0]])
        )
        yield self._figure(
            group.name, "share_total", total, (low[0], high[0]),
            f"studentised bootstrap of the logarithm, {self.zones.units} zones",
            everyone.sum(), group.of, self.zones,
        )  # fmt: skip
        totals = weights @ np.column_stack([members, everyone])
        for name, (fraction, top) in PARTS.items():
            part = part_held(self.count, fraction, top=top)
            inside = _ratio(part @ members, part @ everyone)
            sums = self._held[name][:, [place, len(self.residents.groups) + place]]
            with np.errstate(invalid="ignore", divide="ignore"):
                replicates = sums[:, 0] / sums[:, 1]
                relative = replicates / (totals[:, 0] / totals[:, 1])
            of = (
                f"{group.of} in the {fraction:.0%} of zones with the "
                f"{'most' if top else 'fewest'} predictions"
            )
            yield self._resampled(
                group.name, f"share_{name}", inside, replicates, self.zones, part @ everyone, of,
                fraction,
            )  # fmt: skip
            quotient = None if inside is None or not total else inside / total
            yield self._resampled(
                group.name, f"lq_{name}", quotient, relative, self.zones, part @ everyone,
                f"{of}, over the share of {group.name} in all zones", fraction,
            )  # fmt: skip
        none = np.where(self.count == 0.0, members, 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            replicates = (weights @ none) / totals[:, 0]
        yield self._resampled(
            group.name, "share_in_zero_zones", _ratio(none.sum(), members.sum()), replicates,
            self.zones, members.sum(), self._members(place),
        )  # fmt: skip

    def _exposure(self, place: int) -> dict[str, float | None]:
        residents = self.residents
        return exposures(
            residents.members[place], residents.everyone[place], self.count, residents.area_km2
        )

    def _rate(self, place: int) -> Floats:
        """Predictions per member of the group's denominator; 0 where there is none."""
        people = self.residents.everyone[place]
        rate: Floats = np.divide(
            self.count, people, out=np.zeros_like(self.count), where=people > 0.0
        )
        return rate

    @cached_property
    def _held(self) -> dict[str, Floats]:
        """Members, then everyone, of each group in the most or least targeted zones, resampled.

        Shape (r, 2 groups) each.
        """
        columns = np.vstack([self.residents.members, self.residents.everyone]).T
        return {
            name: resampled_sums_held(self.count, fraction, columns, self.zones.weights, top=top)
            for name, (fraction, top) in PARTS.items()
        }

    def _drawn(self, units: ZoneResampling, here: npt.NDArray[np.bool_]) -> Floats:
        return units.weights if bool(here.all()) else units.weights[:, here]

    def _members(self, place: int) -> str:
        group = self.residents.groups[place]
        kind = "members" if group.of == self.residents.groups[0].of else group.of
        return f"{group.name} {kind}"

    def _resampled(
        self,
        group: str,
        statistic: str,
        value: float | None,
        replicates: Floats,
        units: ZoneResampling,
        n: float,
        of: str,
        part: float = 1.0,
    ) -> Figure:
        ends = units.percentiles(float("nan") if value is None else value, replicates, part)
        what = "zones" if units is self.zones else "clusters of zones"
        method = f"bias-corrected expanded percentile bootstrap, {units.units} {what}"
        return self._figure(group, statistic, value, ends, method, n, of, units)

    def _figure(
        self,
        group: str,
        statistic: str,
        value: float | None,
        interval: tuple[float, float],
        method: str,
        n: float,
        of: str,
        units: ZoneResampling,
    ) -> Figure:
        made = estimate(value, interval, method, n, of, units.level)
        return Figure(self.assignment, group, statistic, made)


def _ratio(top: float, below: float) -> float | None:
    return float(top / below) if below > 0.0 else None
