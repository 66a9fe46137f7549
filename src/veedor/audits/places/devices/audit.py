"""The audit of devices that watch: who lives where they can look, and what they see of a way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import msgspec
import numpy as np

from veedor.arrays import Bools, Floats, Geometries
from veedor.audits.audit import Audit, AuditWarning, StatedTest, Statement
from veedor.audits.places import warnings
from veedor.audits.places.assignment import points_by_zone
from veedor.audits.places.by_place import PlaceFigures
from veedor.audits.places.dependence import Ground
from veedor.audits.places.devices.cautions import device_warnings
from veedor.audits.places.devices.figures import (
    Watched,
    device_statements,
    place_figures,
    view_statements,
)
from veedor.audits.places.devices.model import Devices, DevicesRead
from veedor.audits.places.devices.routes import Routes, RouteViews, routes_in_view
from veedor.audits.places.devices.routes_seen import RouteSeen, route_statements, routes_seen
from veedor.audits.places.devices.seen import Seen, seen_in
from veedor.audits.places.devices.views import End, views
from veedor.audits.places.exposed import Exposed
from veedor.audits.places.exposure import Residents
from veedor.audits.places.exposure_audit import (
    ExposureSettings,
    GroupTotal,
    ZonesUsed,
    correlation_tests,
    ground_of,
    totals_of,
    zones_used,
)
from veedor.audits.places.margins import margin_statements
from veedor.audits.places.orders import order_statements
from veedor.audits.places.ratios import Answer, RatioVerdict, exposure_statements
from veedor.audits.places.whole_area import clustering_test, spread_statements
from veedor.audits.places.zones import PeopledZones
from veedor.errors import DataError, phrase
from veedor.statistics import queen_neighbours
from veedor.statistics.codes import Hypothesis
from veedor.statistics.spatial import Neighbours

#: Kinds that are told apart; what is rarer is in the whole alone.
MOST_KINDS = 8

_ENDS: tuple[End, End] = ("least", "most")

Basis = Literal["view", "devices"]


class Agreed(msgspec.Struct, frozen=True):
    """What holds of a group whatever is not known of the devices.

    Parameters
    ----------
    group, reference, statistic : str
    basis : {"view", "devices"}
        Of ground in view, or of devices.
    low, high : float or None
        Lowest and highest end of the ratio's intervals under what is least and what is most in
        view; None where one cannot be told.
    answer : {"more", "less", "cannot_tell"}
        More or less only where both say so.
    """

    group: str
    reference: str
    statistic: str
    basis: Basis
    low: float | None
    high: float | None
    answer: Answer


class KindTotal(msgspec.Struct, frozen=True):
    """How many devices of a kind there are, at least and at most."""

    kind: str
    least: float
    most: float


class DeviceAudit(Audit, frozen=True, kw_only=True, tag="devices"):
    """What an audit of devices found.

    Parameters
    ----------
    assignments : tuple of str
        What was held: ``view`` and ``devices``, each ``_least`` and ``_most`` where they differ.
    verdicts : tuple of RatioVerdict
        Of each of them.
    agreed : tuple of Agreed
    tests : tuple of StatedTest
    groups : tuple of GroupTotal
    data : ZonesUsed
    devices : DevicesRead
    kinds : tuple of KindTotal
        The commonest first.
    range_m : (float, float) or None
        Shortest and longest range that any device may have; None where all views are drawn.
    routes : tuple of RouteSeen
    by_place : tuple of PlaceFigures
    settings : ExposureSettings
    """

    newest_schema: ClassVar[int] = 3

    assignments: tuple[str, ...]
    verdicts: tuple[RatioVerdict, ...]
    agreed: tuple[Agreed, ...]
    tests: tuple[StatedTest, ...]
    groups: tuple[GroupTotal, ...]
    data: ZonesUsed
    devices: DevicesRead
    kinds: tuple[KindTotal, ...]
    range_m: tuple[float, float] | None
    routes: tuple[RouteSeen, ...]
    by_place: tuple[PlaceFigures, ...]
    settings: ExposureSettings


@dataclass(frozen=True, eq=False)
class _View:
    """What is in view under one end of what is not known."""

    assignment: str
    end: End
    shapes: Geometries
    counts: Floats
    seen: Seen


@dataclass(frozen=True, eq=False)
class _Standing:
    """Devices at each place, and in each zone, under one end of what is not known."""

    assignment: str
    counts: Floats
    where: Floats


def audit_devices(
    zones: PeopledZones,
    devices: Devices,
    settings: ExposureSettings | None = None,
    *,
    routes: Routes | None = None,
    neighbours: Sequence[PeopledZones] = (),
) -> DeviceAudit:
    """Audit who lives where devices can look.

    Parameters
    ----------
    zones : PeopledZones
    devices : Devices
    settings : ExposureSettings, optional
        Its clusters, level, replicates and seed.
    routes : Routes, optional
        Ways whose part in view is to be told.
    neighbours : sequence of PeopledZones
        Of other jurisdictions, to find zones that two share.

    Raises
    ------
    DataError
        If no device can see any of the zones, nor any of the routes.
    """
    settings = settings or ExposureSettings()
    rng = np.random.default_rng(settings.seed)
    residents, here = Residents.of(zones), zones.inhabited
    ground = ground_of(zones, rng)
    clustered = None
    if settings.cluster_digits is not None:
        clustered = ground.clustered(zones.cluster(settings.cluster_digits)[here])
    near = queen_neighbours(zones.polygons[here])
    held = _views(zones, devices)
    standing = _standing(zones, devices)
    kinds = _kinds(devices)
    ways = _ways(routes, held, zones.crs)
    _require_meeting(held, standing, ways, devices)
    by_kind = _seen_by_kind(zones, devices, held, kinds)
    made: list[Statement] = []
    for view in held:
        made += view_statements(view.assignment, zones, view.seen, by_kind.get(view.end, {}))
    for one in standing:
        made += device_statements(one.assignment, zones, one.counts, one.where, devices.kind, kinds)
    watched = [
        *(Watched(view.assignment, view.seen.once / 1e6) for view in held),
        *(Watched(one.assignment, one.where) for one in standing),
    ]
    shares = _Shares(zones, residents, ground, clustered, near, settings, rng)
    for each in watched:
        shares.add(each)
    ways_of = {
        one.kind: _ways(routes, held, zones.crs, devices.kind == one.kind)
        for one in (kinds if len(kinds) > 1 else ())
    }
    if routes is not None:
        for at, (view, way) in enumerate(zip(held, ways, strict=True)):
            of_kinds = {kind: each[at] for kind, each in ways_of.items()}
            made += route_statements(routes, view.assignment, way, of_kinds)
    warned = [
        *warnings.few_zones(residents),
        *warnings.shared_zones(zones, neighbours),
        *device_warnings(devices, zones, [(v.assignment, v.seen) for v in held],
                         [(s.assignment, s.counts, s.where) for s in standing]),
        *shares.warned,
    ]  # fmt: skip
    return DeviceAudit(
        schema_version=DeviceAudit.newest_schema,
        statements=(*made, *shares.made),
        warnings=tuple(warned),
        assignments=tuple(one.assignment for one in watched),
        verdicts=tuple(shares.verdicts),
        agreed=tuple(_agreed(shares.verdicts, [one.assignment for one in watched])),
        tests=tuple(shares.tests),
        groups=totals_of(zones),
        data=zones_used(zones, None, near),
        devices=devices.read,
        kinds=kinds,
        range_m=devices.ranges,
        routes=() if routes is None else routes_seen(routes, ways, ways_of),
        by_place=(place_figures(zones, [v.seen for v in held], [s.where for s in standing]),),
        settings=settings,
    )


def _views(zones: PeopledZones, devices: Devices) -> list[_View]:
    known = devices.views_known
    made = []
    for end in _ENDS if not known else _ENDS[1:]:
        shapes = views(devices, zones.crs, end)
        counts = devices.count_low if end == "least" else devices.count_high
        name = "view" if known else f"view_{end}"
        made.append(_View(name, end, shapes, counts, seen_in(shapes, counts, zones.polygons)))
    return made


def _standing(zones: PeopledZones, devices: Devices) -> list[_Standing]:
    known = devices.counts_known
    made = []
    for end in _ENDS if not known else _ENDS[1:]:
        counts = devices.count_low if end == "least" else devices.count_high
        where = points_by_zone(devices.lon, devices.lat, counts, zones)
        made.append(_Standing("devices" if known else f"devices_{end}", counts, where))
    return made


def _ways(
    routes: Routes | None, held: Sequence[_View], crs: str, of: Bools | slice = slice(None)
) -> tuple[RouteViews, ...]:
    """What devices, or some of them, see of the routes at each end; nothing without routes."""
    if routes is None:
        return ()
    return tuple(routes_in_view(routes, view.shapes[of], view.counts[of], crs) for view in held)


def _require_meeting(
    held: Sequence[_View],
    standing: Sequence[_Standing],
    ways: Sequence[RouteViews],
    devices: Devices,
) -> None:
    met = any(view.seen.once.any() for view in held)
    met |= any(one.where.any() for one in standing)
    met |= any(way.once_m.any() for way in ways)
    if not met:
        raise DataError(
            "A device must stand in a zone, or see some of one.",
            found=phrase("none of {n} does", n=len(devices)),
            where=devices.read.file,
            remedy="check that devices and zones are of the same city, and that lat and lon are "
            "not exchanged",
        )


def _kinds(devices: Devices) -> tuple[KindTotal, ...]:
    names, place = np.unique(devices.kind, return_inverse=True)
    low, high = (
        np.bincount(place, weights=counts, minlength=len(names))
        for counts in (devices.count_low, devices.count_high)
    )
    order = np.argsort(-high, kind="stable")[:MOST_KINDS]
    return tuple(
        KindTotal(str(names[at]), float(low[at]), float(high[at])) for at in order.tolist()
    )


def _seen_by_kind(
    zones: PeopledZones, devices: Devices, held: Sequence[_View], kinds: Sequence[KindTotal]
) -> dict[End, dict[str, Seen]]:
    """What each kind sees, where there are several."""
    if len(kinds) < 2:
        return {}

    def seen(view: _View, of: Bools) -> Seen:
        return seen_in(view.shapes[of], view.counts[of], zones.polygons)

    return {
        view.end: {one.kind: seen(view, devices.kind == one.kind) for one in kinds} for view in held
    }


class _Shares:
    """Who lives where there is more of it: what an audit of exposure asks of predictions."""

    def __init__(
        self, zones: PeopledZones, residents: Residents, ground: Ground, clustered: Ground | None,
        near: Neighbours, settings: ExposureSettings, rng: np.random.Generator,
    ) -> None:  # fmt: skip
        self.zones, self.residents, self.ground, self.clustered = (
            zones,
            residents,
            ground,
            clustered,
        )
        self.near, self.settings, self.rng = near, settings, rng
        self.made: list[Statement] = []
        self.verdicts: list[RatioVerdict] = []
        self.tests: list[StatedTest] = []
        self.warned: list[AuditWarning] = []

    def add(self, one: Watched) -> None:
        """Ask it of one thing that zones have more or less of; of nothing, nothing is asked."""
        count = one.amount[self.zones.inhabited]
        if not count.any():
            return
        name, level = one.assignment, self.settings.level
        exposed = Exposed(
            name, self.residents, count, self.ground, self.clustered, level=level, seen=True
        )
        ratios, answers = exposure_statements(exposed)
        orders, correlations = order_statements(exposed)
        place_of = {group.name: place for place, group in enumerate(self.residents.groups)}
        self.made += spread_statements(name, self.residents, count, self.near, level)
        self.made += sorted([*ratios, *orders], key=lambda each: place_of[each.subject.group])
        self.made += margin_statements(
            name, self.zones, one.amount, self.rng,
            replicates=self.settings.margin_replicates, level=level,
        )  # fmt: skip
        self.verdicts += answers
        self.tests += correlation_tests(
            name, correlations, Hypothesis("spearman_effective_zones_seen")
        )
        self.tests.append(clustering_test(
            name, count, self.near, self.rng, test=Hypothesis("morans_i_log_seen"),
            replicates=self.settings.replicates, seed=self.settings.seed,
        ))  # fmt: skip
        ids = self.zones.zone_id[self.zones.inhabited]
        self.warned += warnings.one_zone_decides(name, self.residents, count, ids)


def _agreed(verdicts: Sequence[RatioVerdict], assignments: Sequence[str]) -> list[Agreed]:
    made = []
    bases: tuple[Basis, ...] = ("view", "devices")
    for basis in bases:
        wanted = [name for name in assignments if name.startswith(basis)]
        held: dict[tuple[str, str, str], list[RatioVerdict]] = {}
        for one in verdicts:
            if one.assignment in wanted:
                held.setdefault((one.group, one.reference, one.statistic), []).append(one)
        for (group, reference, statistic), ends in held.items():
            told = len(ends) == len(wanted)
            lows = [one.low for one in ends if one.low is not None]
            highs = [one.high for one in ends if one.high is not None]
            known = told and len(lows) == len(highs) == len(wanted)
            answers = {one.answer for one in ends} if told else {"cannot_tell"}
            made.append(Agreed(
                group, reference, statistic, basis, min(lows) if known else None,
                max(highs) if known else None,
                ends[0].answer if len(answers) == 1 and told else "cannot_tell",
            ))  # fmt: skip
    return made
