"""The benchmark audit: more than the record explains, and whether it works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from veedor.audits.places import cautions
from veedor.audits.places.assignment import Assigned, by_box, by_centre
from veedor.audits.places.audit_results import PlacesAudit
from veedor.audits.places.box_spacing import box_size
from veedor.audits.places.composition import Composition, contrast
from veedor.audits.places.counterfactuals import RULES, by_map, by_record, by_residents, evenly
from veedor.audits.places.dependence import NOTHING, Contrast, Ground, coefficient_chance
from veedor.audits.places.estimates_file import Figure, estimate
from veedor.audits.places.exposure import EXPOSURES, Residents, exposure_terms
from veedor.audits.places.exposure_audit import SCHEMA_VERSION, ground_of
from veedor.audits.places.exposure_figures import method_of
from veedor.audits.places.performance import performance_figures
from veedor.audits.places.predictions import Predictions
from veedor.audits.places.record import RecordedPoints
from veedor.audits.places.zones import PeopledZones
from veedor.errors import StudyError
from veedor.statistics.regression import Family, fit_counts, square_blocks

Floats = npt.NDArray[np.float64]

#: Step of a group's share that a rate ratio of the regression is for.
_STEP = 0.1
_BIASED_RECORD = (
    "Figures that are conditional on recorded incidents ask whether the system looks somewhere "
    "more than the record explains. If the record itself is biased, because some places are "
    "reported from or patrolled more than others, that bias is taken for granted and can hide in "
    "them: a ratio of 1 then says that the system repeats the record, not that it is even-handed."
)


@dataclass(frozen=True)
class BenchmarkSettings:
    """How a benchmark audit is done.

    Parameters
    ----------
    family : {"poisson", "negative_binomial"}
        Of the regression.
    block_m : float
        Side of the squares of ground within which regression errors may depend, metres.
    level : float
        Of the intervals, in (0, 1).
    seed : int

    Raises
    ------
    StudyError
        If a setting is out of range.
    """

    family: Family = "poisson"
    block_m: float = 2000.0
    level: float = 0.95
    seed: int = 1

    def __post_init__(self) -> None:
        if self.family not in ("poisson", "negative_binomial"):
            raise StudyError(
                "The family must be poisson or negative_binomial.", found=repr(self.family)
            )
        if not 0.0 < self.block_m <= 1e6:
            raise StudyError(
                "The side of a block must be above 0 and at most 1,000,000 metres.",
                found=f"{self.block_m:g}",
            )


class BenchmarkAudit(PlacesAudit):
    """What a benchmark audit found: see `PlacesAudit`."""


def audit_benchmark(
    zones: PeopledZones,
    system: Predictions,
    record: RecordedPoints | None = None,
    prior: Predictions | None = None,
    settings: BenchmarkSettings | None = None,
) -> BenchmarkAudit:
    """Compare a system's exposure with what the same budget would give by other rules.

    Parameters
    ----------
    zones : PeopledZones
    system : Predictions
    record : RecordedPoints, optional
        Recorded incidents: for the counterfactual that follows the record, for the regression that
        controls for it, and for whether the system works. Reported and discovered ones are kept
        apart throughout.
    prior : Predictions, optional
        Map of long-run rates, such as a forecast of `PriorCounts`; the same ground is flagged where
        it is highest. Needs the extent of the system's places.
    settings : BenchmarkSettings, optional

    Returns
    -------
    BenchmarkAudit
    """
    settings = settings or BenchmarkSettings()
    rng = np.random.default_rng(settings.seed)
    residents, here = Residents.of(zones), zones.inhabited
    assigned = by_box(system, zones) if system.has_extent else by_centre(system, zones)
    ground = ground_of(zones, rng)
    incidents = {} if record is None else {k: record.of(k).by_zone(zones) for k in record.kinds}
    shares = {"uniform": evenly(zones), "population": by_residents(zones)}
    if prior is not None:
        shares["prior"] = by_map(system, prior, zones)
    shares |= {f"record_{kind}": by_record(counts) for kind, counts in incidents.items()}
    figures = _excess(
        assigned.assignment,
        residents,
        assigned.count[here],
        {rule: share[here] for rule, share in shares.items()},
        ground,
        settings.level,
    )
    found, fits = _regressions(
        assigned, zones, residents, {k: v[here] for k, v in incidents.items()}, settings, ground
    )
    figures += found
    warned = [
        *cautions.few_zones(residents),
        *cautions.matching(assigned, here),
        *box_size(system, zones.crs),
    ]
    if record is not None:
        warned.append(cautions.Caution("conditioning_can_hide_bias", _BIASED_RECORD, "", {}))
        if system.has_extent:
            figures += performance_figures(
                assigned, system, record, zones, residents, ground, settings.level
            )
    results = {
        "schema_version": SCHEMA_VERSION,
        "audit": "benchmark",
        "figures": [figure.to_dict() for figure in figures],
        "fits": fits,
        "warnings": [caution.to_dict() for caution in warned],
        "counterfactuals": list(shares),
        "groups": [
            {"name": group.name, "of": group.of, "reference": group.reference}
            for group in zones.groups
        ],
        "data": {
            "zones": len(zones),
            "zones_with_residents": int(here.sum()),
            "predictions": {
                "file": system.source, "rows": len(system), "unit": system.unit,
                "total": float(system.count.sum()), "box_m": system.box_m,
            },
            "incidents_in_zones": {kind: float(n.sum()) for kind, n in incidents.items()},
            "incidents": {
                kind: float(record.of(kind).count.sum()) for kind in incidents
            } if record is not None else {},
            "prior": None if prior is None else prior.source,
            "crs": zones.crs,
        },
        "settings": {**asdict(settings), "assignments": [assigned.assignment]},
    }  # fmt: skip
    return BenchmarkAudit(tuple(figures), results)


def _excess(
    assignment: str,
    residents: Residents,
    count: Floats,
    shares: Mapping[str, Floats],
    ground: Ground,
    level: float,
) -> list[Figure]:
    """Exposure over that of each counterfactual, and the same of the ratio to the reference.

    The budget is what fell in zones with residents, in both. Who lives where and what a rule gives
    each zone are taken as they are.
    """
    made: list[Figure] = []
    compositions = [
        Composition.of(residents, place, ground) for place in range(len(residents.groups))
    ]
    for rule, share in shares.items():
        # What follows a record or a map is expected to vary with it.
        given = None if rule in ("uniform", "population") else share * count.sum()
        chances = [
            _chances(here, residents, place, count, given)
            for place, here in enumerate(compositions)
        ]
        for name, (column, _) in EXPOSURES.items():
            under = [
                _under(residents, place, column, count, share)
                for place in range(len(residents.groups))
            ]
            for place, group in enumerate(residents.groups):
                other = residents.place_of(group.reference)
                both = _over(under[place], under[other])
                of = f"{group.name} members; as many predictions, if {RULES[rule]}"
                for statistic, value, words in (
                    ("excess", under[place], of),
                    ("excess_ratio", both, f"{of}, both relative to {group.reference}"),
                ):
                    if statistic == "excess_ratio" and other == place:
                        continue
                    chance = chances[place][statistic, name]
                    kept = estimate(
                        value, chance.about(value, level), method_of(chance),
                        residents.members[place].sum(), words, level,
                    )  # fmt: skip
                    made.append(
                        Figure(assignment, group.name, f"{statistic}_{name}_vs_{rule}", kept)
                    )
    return made


def _under(
    residents: Residents, place: int, column: int, count: Floats, share: Floats
) -> float | None:
    """Exposure of a group over what a rule with the same budget would give it."""
    real, ruled = (
        float(
            exposure_terms(
                residents.members[place], residents.everyone[place], each, residents.area_km2
            )[:, column].sum()
        ) / float(each.sum())
        for each in (count, share)
    )  # fmt: skip
    return real / ruled if real > 0.0 and ruled > 0.0 else None


def _over(top: float | None, below: float | None) -> float | None:
    return None if top is None or below is None else top / below


def _chances(
    here: Composition, residents: Residents, place: int, count: Floats, given: Floats | None
) -> dict[tuple[str, str], Contrast]:
    """How far each exposure of a group, and its ratio, could be chance."""
    other = residents.place_of(residents.groups[place].reference)
    fitted, inside = here.fitted(count, given), count[here.here]
    a, b = here.weights(residents, place), here.weights(residents, other)
    everyone = np.ones(len(inside))
    weights = {
        (statistic, name): contrast(a[:, column], against, inside)
        for name, (column, _) in EXPOSURES.items()
        for statistic, against in (("excess", everyone), ("excess_ratio", b[:, column]))
    }
    found = dict.fromkeys(weights, NOTHING)
    used = [key for key, each in weights.items() if bool(np.isfinite(each).all())]
    if fitted is not None and used:
        (made,) = fitted.contrasts(np.column_stack([weights[key] for key in used]))
        found |= dict(zip(used, made, strict=True))
    return found


def _regressions(
    assigned: Assigned,
    zones: PeopledZones,
    residents: Residents,
    incidents: Mapping[str, Floats],
    settings: BenchmarkSettings,
    ground: Ground,
) -> tuple[list[Figure], list[dict[str, Any]]]:
    """Rate ratio of predictions for 10 points more of a group's share, with and without the record.

    Predictions per resident and per km2 may both matter, so both population and ground are in the
    model: log c = b0 + b1 s + b2 log p + b3 log a (+ b4 log(1 + incidents)).
    """
    here = zones.inhabited
    count = assigned.count[here]
    centre = shapely.centroid(zones.polygons[here])
    block = square_blocks(shapely.get_x(centre), shapely.get_y(centre), settings.block_m)
    size = np.column_stack([np.log(residents.population), np.log(residents.area_km2)])
    size -= size.mean(axis=0)
    controls: dict[str, list[Floats]] = {"unadjusted": []} | {
        f"given_{kind}": [np.log1p(counts)] for kind, counts in incidents.items()
    }
    figures, fits = [], []
    for place, group in enumerate(residents.groups):
        share = residents.shares(place)
        used = np.isfinite(share)
        for name, control in controls.items():
            extra = [values[used] - values[used].mean() for values in control]
            design = np.column_stack([np.ones(used.sum()), share[used], size[used], *extra])
            numbered = np.unique(block[used], return_inverse=True)[1]
            possible = np.linalg.matrix_rank(design) == design.shape[1] and count[used].sum() > 0.0
            fit = fit_counts(count[used], design, numbered, settings.family) if possible else None
            ends = (float("nan"), float("nan"))
            if fit is not None:
                chance = coefficient_chance(fit, count[used], design, 1, ground.part(used))
                half = chance.reach(settings.level)
                low, high = fit.interval(1, settings.level)
                centre = float(fit.coefficients[1])
                # The wider of the two: of each the other may miss what neighbours share.
                low, high = np.minimum(low, centre - half), np.maximum(high, centre + half)
                ends = (float(np.exp(_STEP * low)), float(np.exp(_STEP * high)))
            kept = estimate(
                None if fit is None or not fit.converged
                else float(np.exp(_STEP * fit.coefficients[1])),
                ends,
                f"{settings.family} regression; the wider of a jackknife over "
                f"{0 if fit is None else fit.blocks} blocks of {settings.block_m:g} m and of "
                "deviations as a field as smooth as they are",
                used.sum(),
                f"zones with {group.of}, for 10 points more of the share of {group.name}",
                settings.level,
            )  # fmt: skip
            figures.append(
                Figure(assigned.assignment, group.name, f"rate_ratio_10_points_{name}", kept)
            )
            fits.append({
                "group": group.name,
                "model": name,
                "family": settings.family,
                "dispersion": None if fit is None else fit.dispersion,
                "blocks": None if fit is None else fit.blocks,
                "converged": None if fit is None else fit.converged,
                "terms": ["constant", "share", "log population", "log km2",
                          *(["log(1 + incidents)"] if extra else [])],
                "coefficients": None if fit is None else fit.coefficients.tolist(),
            })  # fmt: skip
    return figures, fits
