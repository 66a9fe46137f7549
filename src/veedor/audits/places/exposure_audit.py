"""The audit of exposure: who lives where a system looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import shapely

from veedor.audits.places import cautions
from veedor.audits.places.assignment import Assigned, by_box, by_centre, covered_share
from veedor.audits.places.audit_results import PlacesAudit
from veedor.audits.places.box_spacing import box_size
from veedor.audits.places.coverage import covered_bounds
from veedor.audits.places.dependence import Ground, MappedCorrelation, correlation_p_value
from veedor.audits.places.estimates_file import WHOLE, Figure, estimate
from veedor.audits.places.exposure import Residents
from veedor.audits.places.group_figures import GroupFigures, Ties
from veedor.audits.places.margins import margin_figures
from veedor.audits.places.predictions import Predictions
from veedor.audits.places.ranking import published_deciles
from veedor.audits.places.whole_area import whole_area_figures
from veedor.audits.places.zones import PeopledZones
from veedor.errors import StudyError
from veedor.statistics import TestResult, morans_i, morans_i_p_value, queen_neighbours
from veedor.statistics.spatial import Neighbours
from veedor.tables.escape import shown

Floats = npt.NDArray[np.float64]
Assignment = Literal["centre", "box", "stored"]

#: Version of the layout of an audit's results.json.
SCHEMA_VERSION = 2


@dataclass(frozen=True)
class ExposureSettings:
    """How an audit of exposure is done.

    Parameters
    ----------
    assignments : tuple of str
        Of ``centre``, ``box`` and ``stored``; empty for all that the data allow.
    cluster_digits : int, optional
        Zones whose ids share so many first digits may have anything in common, in intervals of
        their own.
    ties : {"average", "published"}
        How equal counts are ranked; "published" as The Markup did in 2021.
    replicates : int
        Arrangements of the permutation test of clustering.
    margin_replicates : int
        Of the draws within census margins of error.
    level : float
        Of the intervals, in (0, 1).
    seed : int

    Raises
    ------
    StudyError
        If a setting is out of range.
    """

    assignments: tuple[Assignment, ...] = ()
    cluster_digits: int | None = None
    ties: Ties = "average"
    replicates: int = 999
    margin_replicates: int = 1000
    level: float = 0.95
    seed: int = 1

    def __post_init__(self) -> None:
        unknown = [name for name in self.assignments if name not in get_args(Assignment)]
        for wrong, must, found in (
            (bool(unknown), "An assignment must be centre, box or stored.", ", ".join(unknown)),
            (self.replicates < 100, "There must be at least 100 replicates.", str(self.replicates)),
            (not 0.5 <= self.level < 1.0, "The level must lie in [0.5, 1).", str(self.level)),
            (self.seed < 0, "The seed must be at least 0.", str(self.seed)),
            (
                self.cluster_digits is not None and self.cluster_digits < 1,
                "Clusters must share at least one digit.",
                str(self.cluster_digits),
            ),
        ):
            if wrong:
                raise StudyError(must, found=found)


class ExposureAudit(PlacesAudit):
    """What an audit of exposure found: see `PlacesAudit`."""


def audit_exposure(
    zones: PeopledZones,
    predictions: Predictions | None = None,
    settings: ExposureSettings | None = None,
    neighbours: Sequence[PeopledZones] = (),
) -> ExposureAudit:
    """Audit whom predictions fall on.

    Parameters
    ----------
    zones : PeopledZones
    predictions : Predictions, optional
        May be absent where the zones carry a count of their own.
    settings : ExposureSettings, optional
    neighbours : sequence of PeopledZones
        Of other jurisdictions, to find zones that two share.

    Returns
    -------
    ExposureAudit

    Raises
    ------
    StudyError
        If an assignment is asked for that the data do not allow.
    """
    settings = settings or ExposureSettings()
    rng = np.random.default_rng(settings.seed)
    residents, here = Residents.of(zones), zones.inhabited
    ground = ground_of(zones, rng)
    clustered = None
    if settings.cluster_digits is not None:
        clustered = ground.clustered(zones.cluster(settings.cluster_digits)[here])
    near = queen_neighbours(zones.polygons[here])
    warned = [*cautions.few_zones(residents), *cautions.shared_zones(zones, neighbours)]
    figures: list[Figure] = []
    tests: list[dict[str, Any]] = []
    verdicts: list[dict[str, Any]] = []
    found = _assignments(zones, predictions, settings)
    for assigned in found:
        count = assigned.count[here]
        figures += whole_area_figures(assigned, residents, count, near, settings.level)
        of_groups = GroupFigures(
            assigned.assignment, residents, count, ground, clustered, settings.ties, settings.level
        )
        figures += of_groups.figures()
        verdicts += [verdict.to_dict() for verdict in of_groups.verdicts]
        tests += _correlation_tests(assigned.assignment, of_groups.correlations)
        if assigned.assignment == "box" and predictions is not None:
            figures += _covered(predictions, zones, residents)
            warned += box_size(predictions, zones.crs)
        if settings.ties == "published":
            figures += _published_deciles(assigned.assignment, residents, count, settings.level)
        figures += margin_figures(
            assigned.assignment, zones, assigned.count, rng,
            replicates=settings.margin_replicates, level=settings.level,
        )  # fmt: skip
        tests.append(_clustering(assigned.assignment, count, near, rng, settings))
        if assigned.assignment != "stored":
            warned += cautions.matching(assigned, here)
        warned += cautions.empty_zones(assigned.assignment, count)
        warned += _named(cautions.one_zone_decides(assigned.assignment, residents, count), zones)
    stored = next((each for each in found if each.assignment == "stored"), None)
    if stored is not None:
        for assigned in found:
            if assigned is not stored:
                warned += cautions.disagreement(stored, assigned, here)
    results = {
        "schema_version": SCHEMA_VERSION,
        "audit": "exposure",
        "figures": [figure.to_dict() for figure in figures],
        "verdicts": verdicts,
        "tests": tests,
        "warnings": [caution.to_dict() for caution in warned],
        "groups": [_group(zones, place) for place in range(len(zones.groups))],
        "data": _data(zones, predictions, near),
        "predictions_in_zones_without_residents": {
            each.assignment: float(each.count[~here].sum()) for each in found
        },
        "settings": {**asdict(settings), "assignments": [each.assignment for each in found]},
    }
    return ExposureAudit(tuple(figures), results)


def _assignments(
    zones: PeopledZones, predictions: Predictions | None, settings: ExposureSettings
) -> list[Assigned]:
    possible: tuple[Assignment, ...] = (
        *(("centre",) if predictions is not None else ()),
        *(("box",) if predictions is not None and predictions.has_extent else ()),
        *(("stored",) if zones.stored is not None else ()),
    )
    asked = settings.assignments or possible
    missing = [name for name in asked if name not in possible]
    if missing or not asked:
        raise StudyError(
            "An assignment must be one that the data allow.",
            found=f"{', '.join(missing) or 'none'}; the data allow {', '.join(possible) or 'none'}",
            remedy="give --predictions for centre, --box-m as well for box, and --stored-count for "
            "stored",
        )
    made = []
    for name in dict.fromkeys(asked):
        if name == "stored" and zones.stored is not None:
            made.append(Assigned("stored", zones.stored, float(zones.stored.sum())))
        elif predictions is not None:
            made.append((by_centre if name == "centre" else by_box)(predictions, zones))
    return made


def ground_of(zones: PeopledZones, rng: np.random.Generator) -> Ground:
    """Middles of the zones with residents."""
    here = zones.inhabited
    centre = shapely.centroid(zones.polygons[here])
    usable = np.all(zones.everyone[:, here] > 0.0, axis=0)
    return Ground(shapely.get_x(centre), shapely.get_y(centre), rng, usable=usable)


def _correlation_tests(
    assignment: str, correlations: Mapping[str, MappedCorrelation]
) -> list[dict[str, Any]]:
    return [
        {
            "assignment": assignment,
            "group": group,
            **TestResult(
                test="Spearman correlation, Fisher's transformation with the effective number of "
                "zones, two-sided",
                null_hypothesis="The share of the group in a zone has nothing to do with how "
                "much the zone is predicted, given that neighbours resemble each other.",
                statistic=found.r if np.isfinite(found.r) else None,
                p_value=correlation_p_value(found.r, found.effective),
                n=found.zones,
                unit="zones",
                seed=None,
                source="Clifford, Richardson & Hemon (1989). https://doi.org/10.2307/2532039",
            ).to_dict(),
        }
        for group, found in correlations.items()
    ]


def _clustering(
    assignment: str,
    count: Floats,
    near: Neighbours,
    rng: np.random.Generator,
    settings: ExposureSettings,
) -> dict[str, Any]:
    values = np.log1p(count)
    observed = float(morans_i(values, near))
    return {
        "assignment": assignment,
        "group": WHOLE,
        **TestResult(
            test="Moran's I of log(1 + count), queen contiguity, row-standardised, upper tail",
            null_hypothesis="Predictions are spread over the zones without regard to which zones "
            "are neighbours.",
            statistic=observed if np.isfinite(observed) else None,
            p_value=morans_i_p_value(values, near, rng, settings.replicates),
            n=len(count),
            unit=f"zones; {settings.replicates} permutations",
            seed=settings.seed,
            source="Moran (1950). https://doi.org/10.1093/biomet/37.1-2.17",
        ).to_dict(),
    }


def _covered(predictions: Predictions, zones: PeopledZones, residents: Residents) -> list[Figure]:
    covered = covered_share(predictions, zones)[zones.inhabited]
    made = []
    for place, group in enumerate(residents.groups):
        members, everyone = residents.members[place], residents.everyone[place]
        value, low, high = covered_bounds(members, everyone, covered)
        ends = None if low is None or high is None else (low, high)
        kept = estimate(
            value,
            ends,
            "Duncan-Davis bounds, no confidence interval; the value is the neighbourhood model, "
            "which assumes that members live like everyone else in their zone; all three assume "
            "that residents live evenly over its ground",
            members.sum(),
            f"{group.name} in zones with residents",
            1.0,
        )
        made.append(Figure("box", group.name, "covered", kept))
    return made


def _published_deciles(
    assignment: str, residents: Residents, count: Floats, level: float
) -> list[Figure]:
    bins = published_deciles(count)
    made = []
    for place, group in enumerate(residents.groups):
        for number, inside in enumerate(bins, start=1):
            everyone = float(inside @ residents.everyone[place])
            share = float(inside @ residents.members[place]) / everyone if everyone > 0.0 else None
            kept = estimate(
                share, None, "none: bins cut as published, ends left out", everyone,
                f"{group.of} in the {int(inside.sum())} zones of the bin", level,
            )  # fmt: skip
            name = f"share_in_count_decile_{number:02d}"
            made.append(Figure(assignment, group.name, name, kept))
    return made


def _named(warned: list[cautions.Caution], zones: PeopledZones) -> list[cautions.Caution]:
    """Give the zone of each warning by its id instead of its place among inhabited zones."""
    ids = zones.zone_id[zones.inhabited]
    return [
        cautions.Caution(
            each.code,
            each.message,
            each.assignment,
            {**each.figures, "zone": shown(str(ids[each.figures["zone"]]))},
        )
        for each in warned
    ]


def _group(zones: PeopledZones, place: int) -> dict[str, Any]:
    group = zones.groups[place]
    return {
        "name": group.name,
        "of": group.of,
        "reference": group.reference,
        "members": float(zones.members[place].sum()),
        "everyone": float(zones.everyone[place].sum()),
    }


def _data(zones: PeopledZones, predictions: Predictions | None, near: Neighbours) -> dict[str, Any]:
    return {
        "zones": len(zones),
        "zones_with_residents": int(zones.inhabited.sum()),
        "zones_without_numbers": len(zones.without_numbers),
        "zones_without_numbers_first": [shown(name) for name in zones.without_numbers[:5]],
        "zones_given_twice": len(zones.copies),
        "outlines_mended": zones.repaired,
        "islands": int(np.sum(np.diff(near[0]) == 0)),
        "crs": zones.crs,
        "predictions": None
        if predictions is None
        else {
            "file": predictions.source,
            "rows": len(predictions),
            "total": float(predictions.count.sum()),
            "unit": predictions.unit,
            "box_m": predictions.box_m,
        },
        "margins_of_error": sorted(shown(name) for name in zones.margins),
    }
