"""The benchmark audit: more than the record explains, and whether it works."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import msgspec
import numpy as np
import shapely

from veedor.arrays import Floats
from veedor.audits.audit import Audit, AuditWarning, Statement, Subject, estimate
from veedor.audits.places import warnings
from veedor.audits.places.assignment import Assigned, by_box, by_centre
from veedor.audits.places.box_spacing import box_size
from veedor.audits.places.by_place import PlaceFigures
from veedor.audits.places.composition import Composition, contrast
from veedor.audits.places.counterfactuals import by_map, by_record, by_residents, evenly
from veedor.audits.places.dependence import NOTHING, Contrast, Ground, coefficient_chance
from veedor.audits.places.exposed import method_of
from veedor.audits.places.exposure import EXPOSURES, Residents, exposure_terms
from veedor.audits.places.exposure_audit import (
    GroupTotal,
    PredictionsUsed,
    ground_of,
    predictions_used,
    totals_of,
)
from veedor.audits.places.performance import performance_statements
from veedor.audits.places.predictions import Predictions
from veedor.audits.places.record import RecordedPoints
from veedor.audits.places.zone_figures import benchmark_figures
from veedor.audits.places.zones import PeopledZones
from veedor.errors import StudyError
from veedor.statistics.codes import Argument, Denominator, Method
from veedor.statistics.regression import Family, fit_counts, square_blocks

#: Step of a group's share that a rate ratio of the regression is for.
_STEP = 0.1
#: A share that differs less between zones, all else in the model alike, tells of no such step.
_LEAST_APART = 0.01
_REGRESSIONS = {
    "poisson": "poisson_regression", "negative_binomial": "negative_binomial_regression",
}  # fmt: skip


class BenchmarkSettings(msgspec.Struct, frozen=True):
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


class Fit(msgspec.Struct, frozen=True):
    """A regression of predictions on who lives in a zone; None where none was possible."""

    group: str
    model: str
    family: str
    dispersion: float | None
    blocks: int | None
    converged: bool | None
    terms: tuple[str, ...]
    coefficients: tuple[float, ...] | None


class BenchmarkData(msgspec.Struct, frozen=True):
    """What a benchmark audit was of: zones, predictions, incidents by kind, and the map."""

    zones: int
    zones_with_residents: int
    predictions: PredictionsUsed
    incidents_in_zones: dict[str, float]
    incidents: dict[str, float]
    prior: str | None
    crs: str


class BenchmarkAudit(Audit, frozen=True, kw_only=True, tag="benchmark"):
    """What a benchmark audit found."""

    newest_schema: ClassVar[int] = 3

    fits: tuple[Fit, ...]
    counterfactuals: tuple[str, ...]
    groups: tuple[GroupTotal, ...]
    assignment: str
    data: BenchmarkData
    by_place: tuple[PlaceFigures, ...]
    settings: BenchmarkSettings


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
    made = _excess(
        assigned.assignment,
        residents,
        assigned.count[here],
        {rule: share[here] for rule, share in shares.items()},
        ground,
        settings.level,
    )
    found, fits, alike = _regressions(
        assigned, zones, residents, {k: v[here] for k, v in incidents.items()}, settings, ground
    )
    made += found
    warned = [
        *warnings.few_zones(residents),
        *warnings.matching(assigned, here),
        *box_size(system, zones.crs),
        *alike,
    ]
    if record is not None:
        warned.append(AuditWarning("conditioning_can_hide_bias", {}))
        if system.has_extent:
            made += performance_statements(
                assigned, system, record, zones, residents, ground, settings.level
            )
    return BenchmarkAudit(
        schema_version=BenchmarkAudit.newest_schema,
        statements=tuple(made),
        warnings=tuple(warned),
        fits=tuple(fits),
        counterfactuals=tuple(shares),
        groups=totals_of(zones),
        assignment=assigned.assignment,
        data=BenchmarkData(
            zones=len(zones),
            zones_with_residents=int(here.sum()),
            predictions=predictions_used(system),
            incidents_in_zones={kind: float(n.sum()) for kind, n in incidents.items()},
            incidents={}
            if record is None
            else {kind: float(record.of(kind).count.sum()) for kind in incidents},
            prior=None if prior is None else prior.source,
            crs=zones.crs,
        ),
        by_place=(benchmark_figures(zones, system, assigned, incidents, shares),),
        settings=settings,
    )


def _excess(
    assignment: str,
    residents: Residents,
    count: Floats,
    shares: Mapping[str, Floats],
    ground: Ground,
    level: float,
) -> list[Statement]:
    """Exposure over that of each counterfactual, and the same of the ratio to the reference.

    The budget is what fell in zones with residents, in both. Who lives where and what a rule gives
    each zone are taken as they are.
    """
    made: list[Statement] = []
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
                said: dict[str, Argument] = {
                    "group": group.name,
                    "reference": group.reference,
                    "rule": rule,
                }
                for statistic, value, code in (
                    ("excess", under[place], "members_by_rule"),
                    ("excess_ratio", both, "members_to_reference_by_rule"),
                ):
                    if statistic == "excess_ratio" and other == place:
                        continue
                    chance = chances[place][statistic, name]
                    kept = estimate(
                        value, chance.about(value, level), method_of(chance),
                        residents.members[place].sum(), Denominator(code, said), level,
                    )  # fmt: skip
                    subject = Subject(group.name, assignment)
                    made.append(Statement(subject, f"{statistic}_{name}_vs_{rule}", kept))
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
) -> tuple[list[Statement], list[Fit], list[AuditWarning]]:
    """Rate ratio of predictions for 10 points more of a group's share, with and without the record.

    Undefined, and warned of, where the share hardly varies: any slope fits it.

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
    made, fits, warned = [], [], []
    for place, group in enumerate(residents.groups):
        share = residents.shares(place)
        used = np.isfinite(share)
        apart = []
        for name, control in controls.items():
            extra = [values[used] - values[used].mean() for values in control]
            design = np.column_stack([np.ones(used.sum()), share[used], size[used], *extra])
            numbered = np.unique(block[used], return_inverse=True)[1]
            apart.append(np.ptp(_own_part(share[used], np.delete(design, 1, axis=1))))
            possible = (
                apart[-1] >= _LEAST_APART
                and np.linalg.matrix_rank(design) == design.shape[1]
                and count[used].sum() > 0.0
            )
            fit = fit_counts(count[used], design, numbered, settings.family) if possible else None
            ends = (float("nan"), float("nan"))
            if fit is not None:
                chance = coefficient_chance(fit, count[used], design, 1, ground.part(used))
                half = chance.reach(settings.level)
                low, high = fit.interval(1, settings.level)
                centre = float(fit.coefficients[1])
                # The wider of the two: of each the other may miss what neighbours share.
                low, high = np.minimum(low, centre - half), np.maximum(high, centre + half)
                with np.errstate(over="ignore"):  # an end without an end is none
                    ends = (float(np.exp(_STEP * low)), float(np.exp(_STEP * high)))
            kept = estimate(
                None if fit is None or not fit.converged
                else float(np.exp(_STEP * fit.coefficients[1])),
                ends,
                Method(_REGRESSIONS[settings.family], {
                    "blocks": 0 if fit is None else fit.blocks, "block_m": settings.block_m,
                }),
                used.sum(),
                Denominator("zones_with_per_10_points", {"of": group.of, "group": group.name}),
                settings.level,
            )  # fmt: skip
            subject = Subject(group.name, assigned.assignment)
            made.append(Statement(subject, f"rate_ratio_10_points_{name}", kept))
            fits.append(Fit(
                group.name, name, settings.family,
                None if fit is None else fit.dispersion,
                None if fit is None else fit.blocks,
                None if fit is None else fit.converged,
                ("constant", "share", "log population", "log km2",
                 *(["log(1 + incidents)"] if extra else [])),
                None if fit is None else tuple(fit.coefficients.tolist()),
            ))  # fmt: skip
        if min(apart) < _LEAST_APART:
            warned.append(AuditWarning("shares_alike", {"group": group.name}))
    return made, fits, warned


def _own_part(values: Floats, others: Floats) -> Floats:
    """Return what of values, shape (n,), no sum of other columns, shape (n, k), says."""
    own: Floats = values - others @ np.linalg.lstsq(others, values, rcond=None)[0]
    return own
