"""What an exposure audit says of the order of zones: correlations, and shares of the ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from veedor.arrays import Floats
from veedor.audits.audit import Statement
from veedor.audits.places.association import correlation, mid_ranks, published_ranks
from veedor.audits.places.composition import Composition, contrast
from veedor.audits.places.dependence import (
    NOTHING,
    Contrast,
    MappedCorrelation,
    mapped_correlation,
)
from veedor.audits.places.exposed import Exposed, method_of
from veedor.audits.places.ranking import part_held
from veedor.statistics.codes import Argument, Denominator, Method

#: Statistic -> (share of the zones, the most rather than the least targeted).
PARTS = {
    "top_decile": (0.1, True),
    "top_quintile": (0.2, True),
    "bottom_quintile": (0.2, False),
}
#: Whether the most targeted zones -> denominator of a share in them, and of that over all zones.
_OF_PARTS = {
    True: ("in_zones_with_most", "in_zones_with_most_over_all"),
    False: ("in_zones_with_fewest", "in_zones_with_fewest_over_all"),
}
#: Whether over clusters of zones -> methods where an interval tells, has too few, has none.
_METHODS = {
    False: ("fisher_effective_zones", "none_few_correlated_zones", "none_too_few_zones"),
    True: ("fisher_effective_clusters", "none_few_correlated_clusters", "none_too_few_clusters"),
}


def order_statements(exposed: Exposed) -> tuple[list[Statement], dict[str, MappedCorrelation]]:
    """Correlations of share and count, and who lives in the most and least targeted zones.

    Returns
    -------
    list of Statement
    dict of str to MappedCorrelation
        Spearman's correlation of share and count of each group, with its effective zones.
    """
    made: list[Statement] = []
    correlations: dict[str, MappedCorrelation] = {}
    for place in range(len(exposed.residents.groups)):
        made += [*_associations(exposed, place, correlations), *_shares(exposed, place)]
    return made, correlations


def _associations(
    exposed: Exposed, place: int, correlations: dict[str, MappedCorrelation]
) -> Iterator[Statement]:
    """Correlations over the zones in which the group's share is defined."""
    group = exposed.residents.groups[place]
    share = exposed.residents.shares(place)
    here = np.isfinite(share)
    of, n = Denominator("zones_with", {"of": group.of}), int(here.sum())
    shares = mid_ranks(share[here])
    for target, values in (("count", exposed.count), ("rate", _rate(exposed, place))):
        name = f"spearman_share_vs_{target}"
        if exposed.ties == "published":
            value = correlation(shares, published_ranks(values[here]))
            method = Method("none_ties_as_published")
            yield exposed.state(place, name, value, None, method, n, of)
        ranks = mid_ranks(values[here])
        for ending, ground in exposed.grounds.items():
            found = mapped_correlation(ground.part(here), shares, ranks)
            if not ending:
                yield _effective(exposed, place, name, found, of)
                if target == "count":
                    correlations[group.name] = found
            if exposed.ties != "published":
                yield _correlated(exposed, place, name + ending, found, n, of, bool(ending))
    found = mapped_correlation(exposed.ground.part(here), share[here], exposed.count[here])
    yield _effective(exposed, place, "pearson_share_vs_count", found, of)
    yield _correlated(exposed, place, "pearson_share_vs_count", found, n, of, False)


def _shares(exposed: Exposed, place: int) -> Iterator[Statement]:
    group = exposed.residents.groups[place]
    members, everyone = exposed.residents.members[place], exposed.residents.everyone[place]
    total = _ratio(members.sum(), everyone.sum())
    here = exposed.compositions[place]
    yield exposed.state(
        place, "share_total", total, None, Method("none_counted"), everyone.sum(),
        Denominator("all_of", {"of": group.of}),
    )  # fmt: skip
    for name, (fraction, top) in PARTS.items():
        part = part_held(exposed.count, fraction, top=top)
        inside = _ratio(part @ members, part @ everyone)
        chance = _chance(here, part, members, everyone - members, fraction)
        low, high = _by_odds(inside, chance.reach(exposed.level))
        in_part, over_all = _OF_PARTS[top]
        said: dict[str, Argument] = {"of": group.of, "percent": round(100 * fraction)}
        of = Denominator(in_part, said)
        method = method_of(chance)
        yield exposed.state(
            place, f"share_{name}", inside, (low, high), method, part @ everyone, of
        )
        whole = total or float("nan")
        quotient = None if inside is None else inside / whole
        yield exposed.state(
            place, f"lq_{name}", quotient, (low / whole, high / whole), method,
            part @ everyone,
            Denominator(over_all, said | {"group": group.name}),
        )  # fmt: skip
    none = (exposed.count == 0.0).astype(np.float64)
    chance = _chance(here, none, members, np.ones(len(none)), float(none.mean()))
    value = _ratio(none @ members, members.sum())
    low, high = chance.about(value, exposed.level)
    yield exposed.state(
        place, "share_in_zero_zones", value, (low, min(high, 1.0)), method_of(chance),
        members.sum(), Denominator("members_at_as_many_empty_zones", exposed.members(place)),
    )  # fmt: skip


def _chance(here: Composition, part: Floats, a: Floats, b: Floats, fraction: float) -> Contrast:
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


def _rate(exposed: Exposed, place: int) -> Floats:
    """Predictions per member of the group's denominator; 0 where there is none."""
    people = exposed.residents.everyone[place]
    rate: Floats = np.divide(
        exposed.count, people, out=np.zeros_like(exposed.count), where=people > 0.0
    )
    return rate


def _effective(
    exposed: Exposed, place: int, name: str, found: MappedCorrelation, of: Denominator
) -> Statement:
    method = Method("none_effective_by_mean_products")
    return exposed.state(
        place, f"effective_n_{name}", found.effective, None, method, found.zones, of
    )


def _correlated(
    exposed: Exposed, place: int, statistic: str, found: MappedCorrelation, n: int,
    of: Denominator, clusters: bool,
) -> Statement:  # fmt: skip
    tells, few, none = _METHODS[clusters]
    ends = found.interval(exposed.level)
    if found.effective is None:
        method = Method(none)
    else:
        method = Method(tells if np.isfinite(ends[0]) else few, {"effective": found.effective})
    return exposed.state(place, statistic, found.r, ends, method, n, of)


def _by_odds(share: float | None, reach: float) -> tuple[float, float]:
    """Ends of a share in (0, 1), on the scale of its log odds."""
    if share is None or not 0.0 < share < 1.0 or not np.isfinite(reach):
        return float("nan"), float("nan")
    odds = share / (1.0 - share) * np.exp(np.array([-reach, reach]))
    low, high = odds / (1.0 + odds)
    return float(low), float(high)


def _ratio(top: float, below: float) -> float | None:
    return float(top / below) if below > 0.0 else None
