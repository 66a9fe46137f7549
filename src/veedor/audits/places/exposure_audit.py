"""The audit of exposure: who lives where a system looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal, get_args

import msgspec
import numpy as np
import shapely

from veedor.arrays import Floats
from veedor.audits.audit import (
    Audit,
    StatedTest,
    Statement,
    Subject,
    estimate,
    finite,
)
from veedor.audits.places import warnings
from veedor.audits.places.assignment import Assigned, by_box, by_centre, covered_share
from veedor.audits.places.box_spacing import box_size
from veedor.audits.places.by_place import PlaceFigures
from veedor.audits.places.coverage import covered_statements
from veedor.audits.places.dependence import Ground, MappedCorrelation, correlation_p_value
from veedor.audits.places.exposed import Exposed, Ties
from veedor.audits.places.exposure import Residents
from veedor.audits.places.margins import margin_statements
from veedor.audits.places.orders import order_statements
from veedor.audits.places.predictions import Predictions
from veedor.audits.places.ranking import published_deciles
from veedor.audits.places.ratios import RatioVerdict, exposure_statements
from veedor.audits.places.whole_area import clustering_test, whole_area_statements
from veedor.audits.places.zone_figures import exposure_figures
from veedor.audits.places.zones import PeopledZones
from veedor.errors import StudyError, phrase
from veedor.statistics import TestResult, queen_neighbours
from veedor.statistics.codes import Denominator, Hypothesis, Method
from veedor.statistics.spatial import Neighbours
from veedor.tables.escape import shown

Assignment = Literal["centre", "box", "stored"]

#: Version of the layout of an audit's results.json.


#: More would tell nothing more of a p-value that 999 cannot, and take hours.
MOST_REPLICATES = 100_000


class ExposureSettings(msgspec.Struct, frozen=True):
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
            (
                bool(unknown),
                phrase("An assignment must be centre, box or stored."),
                ", ".join(unknown),
            ),
            (
                not 100 <= self.replicates <= MOST_REPLICATES,
                phrase(
                    "There must be at least 100 replicates, and at most {most:,}.",
                    most=MOST_REPLICATES,
                ),
                str(self.replicates),
            ),
            (
                not 0.5 <= self.level < 1.0,
                phrase("The level must lie in [0.5, 1)."),
                str(self.level),
            ),
            (self.seed < 0, phrase("The seed must be at least 0."), str(self.seed)),
            (
                self.cluster_digits is not None and self.cluster_digits < 1,
                phrase("Clusters must share at least one digit."),
                str(self.cluster_digits),
            ),
        ):
            if wrong:
                raise StudyError(must, found=found)


class GroupTotal(msgspec.Struct, frozen=True):
    """A group, what it is part of, whom it is compared with, and how many there are."""

    name: str
    of: str
    reference: str
    members: float
    everyone: float


class PredictionsUsed(msgspec.Struct, frozen=True):
    """Predictions that an audit was of."""

    file: str
    rows: int
    total: float
    unit: str
    box_m: float | None


class ZonesUsed(msgspec.Struct, frozen=True):
    """Zones that an audit of exposure was over."""

    zones: int
    zones_with_residents: int
    zones_without_numbers: int
    zones_without_numbers_first: tuple[str, ...]
    zones_given_twice: int
    outlines_mended: int
    islands: int
    crs: str
    predictions: PredictionsUsed | None
    margins_of_error: tuple[str, ...]


class ExposureAudit(Audit, frozen=True, kw_only=True, tag="exposure"):
    """What an audit of exposure found."""

    newest_schema: ClassVar[int] = 3

    verdicts: tuple[RatioVerdict, ...]
    tests: tuple[StatedTest, ...]
    groups: tuple[GroupTotal, ...]
    data: ZonesUsed
    predictions_in_zones_without_residents: dict[str, float]
    by_place: tuple[PlaceFigures, ...]
    settings: ExposureSettings


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
    warned = [*warnings.few_zones(residents), *warnings.shared_zones(zones, neighbours)]
    made: list[Statement] = []
    tests: list[StatedTest] = []
    verdicts: list[RatioVerdict] = []
    found = _assignments(zones, predictions, settings)
    for assigned in found:
        count = assigned.count[here]
        made += whole_area_statements(assigned, residents, count, near, settings.level)
        exposed = Exposed(
            assigned.assignment, residents, count, ground, clustered, settings.ties, settings.level
        )
        ratios, answers = exposure_statements(exposed)
        orders, correlations = order_statements(exposed)
        place_of = {group.name: place for place, group in enumerate(residents.groups)}
        made += sorted([*ratios, *orders], key=lambda one: place_of[one.subject.group])
        verdicts += answers
        tests += correlation_tests(
            assigned.assignment, correlations, Hypothesis("spearman_effective_zones")
        )
        if assigned.assignment == "box" and predictions is not None:
            covered = covered_share(predictions, zones, assigned.shared)[here]
            made += covered_statements("box", covered, residents)
            warned += box_size(predictions, zones.crs)
        if settings.ties == "published":
            made += _published_deciles(assigned.assignment, residents, count, settings.level)
        made += margin_statements(
            assigned.assignment, zones, assigned.count, rng,
            replicates=settings.margin_replicates, level=settings.level,
        )  # fmt: skip
        tests.append(clustering_test(
            assigned.assignment, count, near, rng, test=Hypothesis("morans_i_log_count"),
            replicates=settings.replicates, seed=settings.seed,
        ))  # fmt: skip
        if assigned.assignment != "stored":
            warned += warnings.matching(assigned, here)
        warned += warnings.empty_zones(assigned.assignment, count)
        warned += warnings.one_zone_decides(
            assigned.assignment, residents, count, zones.zone_id[here]
        )
    stored = next((each for each in found if each.assignment == "stored"), None)
    if stored is not None:
        for assigned in found:
            if assigned is not stored:
                warned += warnings.disagreement(stored, assigned, here)
    return ExposureAudit(
        schema_version=ExposureAudit.newest_schema,
        statements=tuple(made),
        warnings=tuple(warned),
        verdicts=tuple(verdicts),
        tests=tuple(tests),
        groups=totals_of(zones),
        data=zones_used(zones, predictions, near),
        predictions_in_zones_without_residents={
            each.assignment: float(each.count[~here].sum()) for each in found
        },
        by_place=(exposure_figures(zones, predictions, found),),
        settings=msgspec.structs.replace(
            settings, assignments=tuple(each.assignment for each in found)
        ),
    )


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
            found=phrase(
                "{missing}; the data allow {possible}",
                missing=", ".join(missing) or phrase("none"),
                possible=", ".join(possible) or phrase("none"),
            ),
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


def correlation_tests(
    assignment: str, correlations: Mapping[str, MappedCorrelation], test: Hypothesis
) -> list[StatedTest]:
    """Test of each group that its share and what its zones received are not correlated."""
    return [
        StatedTest(Subject(group, assignment), TestResult(
            test=test,
            statistic=finite(found.r),
            p_value=correlation_p_value(found.r, found.effective),
            n=found.zones,
            unit=Denominator("zones"),
            seed=None,
            source="Clifford, Richardson & Hemon (1989). https://doi.org/10.2307/2532039",
        ))
        for group, found in correlations.items()
    ]  # fmt: skip


def _published_deciles(
    assignment: str, residents: Residents, count: Floats, level: float
) -> list[Statement]:
    bins = published_deciles(count)
    made = []
    for place, group in enumerate(residents.groups):
        for number, inside in enumerate(bins, start=1):
            everyone = float(inside @ residents.everyone[place])
            share = float(inside @ residents.members[place]) / everyone if everyone > 0.0 else None
            kept = estimate(
                share, None, Method("none_bins_as_published"), everyone,
                Denominator("in_zones_of_bin", {"of": group.of, "zones": int(inside.sum())}), level,
            )  # fmt: skip
            name = f"share_in_count_decile_{number:02d}"
            made.append(Statement(Subject(group.name, assignment), name, kept))
    return made


def totals_of(zones: PeopledZones) -> tuple[GroupTotal, ...]:
    """Every group with how many there are in the zones."""
    return tuple(
        GroupTotal(
            group.name, group.of, group.reference, float(members.sum()), float(everyone.sum())
        )
        for group, members, everyone in zip(
            zones.groups, zones.members, zones.everyone, strict=True
        )
    )


def predictions_used(predictions: Predictions) -> PredictionsUsed:
    """Say what predictions an audit was of."""
    return PredictionsUsed(
        predictions.source, len(predictions), float(predictions.count.sum()), predictions.unit,
        predictions.box_m,
    )  # fmt: skip


def zones_used(zones: PeopledZones, predictions: Predictions | None, near: Neighbours) -> ZonesUsed:
    """Say what zones an audit was over, with their `queen_neighbours`."""
    return ZonesUsed(
        zones=len(zones),
        zones_with_residents=int(zones.inhabited.sum()),
        zones_without_numbers=len(zones.without_numbers),
        zones_without_numbers_first=tuple(shown(name) for name in zones.without_numbers[:5]),
        zones_given_twice=len(zones.copies),
        outlines_mended=zones.repaired,
        islands=int(np.sum(np.diff(near[0]) == 0)),
        crs=zones.crs,
        predictions=None if predictions is None else predictions_used(predictions),
        margins_of_error=tuple(sorted(shown(name) for name in zones.margins)),
    )
