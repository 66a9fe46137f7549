"""The feedback audit: simulated worlds, remedies, and the test on real data, as one result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

import msgspec
import numpy as np

from veedor.audits.audit import WHOLE, Audit, StatedTest, Statement, Subject
from veedor.audits.places.by_place import PlaceFigures
from veedor.audits.places.feedback.figures import observed_figures, simulated_figures
from veedor.audits.places.feedback.observed import Observed, discovered_per_reported, persistence
from veedor.audits.places.feedback.runaway import (
    Setting,
    Threshold,
    excess_deviation,
    mean_over_runs,
    runaway_threshold,
    share_of_runs,
)
from veedor.audits.places.feedback.simulation import Simulation, deviation
from veedor.audits.places.feedback.systems import REMEDIES, Remedy, System
from veedor.audits.places.feedback.world import World
from veedor.statistics import Estimate
from veedor.statistics.codes import Denominator, Method

_MOST_ZONES = 12


class Trace(msgspec.Struct, frozen=True):
    """Patrols off target by round under a remedy: mean over the runs, and where they lie."""

    name: str
    round: tuple[int, ...]
    deviation_mean: tuple[float, ...]
    deviation_low: tuple[float, ...]
    deviation_high: tuple[float, ...]


class ZoneShares(msgspec.Struct, frozen=True):
    """Shares of one zone: of the true incidents, of the target, at the end, and by round."""

    zone: str
    true_share: float
    target_share: float
    last_share: float
    share: tuple[float, ...]


class Simulated(msgspec.Struct, frozen=True):
    """What was simulated, and how."""

    system: str
    allocation: str
    zones: int
    rounds: int
    runs: int
    seed: int
    retrain_every: int
    detection: float
    tolerance: float
    true_share: tuple[float, ...]
    prior_share: tuple[float, ...]
    reporting: tuple[float, ...]
    discovered_fraction: float
    remedies: tuple[Trace, ...]
    zone_shares: tuple[ZoneShares, ...]
    threshold: Threshold | None


class ObservedRecord(msgspec.Struct, frozen=True):
    """What a real record holds, and the tests on it."""

    source: str
    periods: int
    places: int
    reported: float
    discovered: float
    flagged: int
    memory: int | None
    tests: dict[str, StatedTest]


class FeedbackAudit(Audit, frozen=True, kw_only=True, tag="feedback"):
    """What the audit found; assignments are ``simulated``, a subset a remedy, and ``observed``."""

    newest_schema: ClassVar[int] = 2

    simulated: Simulated | None
    observed: ObservedRecord | None
    by_place: tuple[PlaceFigures, ...]


def audit_feedback(
    world: World | None,
    make_system: Callable[[], System] | None,
    setting: Setting,
    *,
    system_name: str = "",
    allocation_name: str = "",
    observed: Observed | None = None,
    memory: int | None = None,
    remedies: Sequence[Remedy] = REMEDIES,
    threshold: bool = True,
) -> FeedbackAudit:
    """Simulate a system, try the remedies, and test the record, whichever of these is given.

    Parameters
    ----------
    world : World or None
    make_system : callable or None
        Makes a new system; needed with a world.
    setting : Setting
    system_name, allocation_name : str
        In words.
    observed : Observed or None
    memory : int or None
        See `persistence`.
    remedies : sequence of Remedy
        The first is the system as it is.
    threshold : bool
        Whether to look for the discovered fraction at which the system runs away: the longest
        part, 28 simulations.
    """
    made: list[Statement] = []
    by_place: list[PlaceFigures] = []
    simulated = record = None
    if world is not None and make_system is not None:
        found, simulated, zones = _simulated(
            world, make_system, setting, remedies, threshold, (system_name, allocation_name)
        )
        made += found
        by_place.append(zones)
    if observed is not None:
        found, record = _observed(observed, memory, setting.level)
        made += found
        by_place.append(observed_figures(observed))
    return FeedbackAudit(
        schema_version=FeedbackAudit.newest_schema,
        statements=tuple(made),
        simulated=simulated,
        observed=record,
        by_place=tuple(by_place),
    )


def _simulated(
    world: World,
    make_system: Callable[[], System],
    setting: Setting,
    remedies: Sequence[Remedy],
    threshold: bool,
    names: tuple[str, str],
) -> tuple[list[Statement], Simulated, PlaceFigures]:
    made, traces = [], []
    of = Denominator("simulated_runs", {"rounds": setting.rounds, "zones": len(world)})
    simulations = [setting.run(world, make_system(), remedy) for remedy in remedies]
    for remedy, looped in zip(remedies, simulations, strict=True):
        unlooped = setting.run(world, make_system(), remedy, loop=False)
        made += _statements_of(remedy, world, looped, unlooped, setting, of)
        traces.append(_trace(remedy, looped, setting.level))
    whole = Subject(WHOLE, "simulated")
    constant = Estimate(
        world.discovered_fraction, None, None, 1.0, Method("none_computed_from_the_world"),
        len(world), Denominator("zones_under_even_patrols"),
    )  # fmt: skip
    made.append(Statement(whole, "discovered_fraction", constant))
    runaway = None
    if threshold and float(world.reporting.max()) > 0.0:
        runaway = runaway_threshold(world, make_system, setting, remedies[0])
        made.append(Statement(whole, "runaway_discovered_fraction", runaway.estimate))
    return (
        made,
        Simulated(
            *names,
            zones=len(world),
            rounds=setting.rounds,
            runs=setting.runs,
            seed=setting.seed,
            retrain_every=setting.retrain_every,
            detection=world.detection,
            tolerance=setting.tolerance,
            true_share=tuple((world.true_rate / world.true_rate.sum()).tolist()),
            prior_share=tuple((world.prior / world.prior.sum()).tolist()),
            reporting=tuple(world.reporting.tolist()),
            discovered_fraction=world.discovered_fraction,
            remedies=tuple(traces),
            zone_shares=_zones(world, simulations[0]),
            threshold=runaway,
        ),
        simulated_figures(world, simulations[0], setting.level, of),
    )


def _statements_of(
    remedy: Remedy,
    world: World,
    looped: Simulation,
    unlooped: Simulation,
    setting: Setting,
    of: Denominator,
) -> list[Statement]:
    level, true_share = setting.level, world.true_rate / world.true_rate.sum()
    from_truth = deviation(looped.last_share, true_share)
    last, excess = looped.last_deviation, excess_deviation(looped, unlooped)
    estimates = {
        "deviation_first": mean_over_runs(looped.deviation[0], level, of),
        "deviation_last": mean_over_runs(last, level, of),
        "deviation_last_without_loop": mean_over_runs(unlooped.last_deviation, level, of),
        "distance_from_true_share_last": mean_over_runs(from_truth, level, of),
        "excess_deviation": mean_over_runs(excess, level, of),
        "share_of_runs_away": share_of_runs(excess > setting.tolerance, level, of),
    }
    return [
        Statement(Subject(WHOLE, "simulated", remedy.name), statistic, estimate)
        for statistic, estimate in estimates.items()
    ]


def _trace(remedy: Remedy, looped: Simulation, level: float) -> Trace:
    tail = 50.0 * (1.0 - level)
    low, high = np.percentile(looped.deviation, [tail, 100.0 - tail], axis=1)
    return Trace(
        remedy.name, tuple(looped.kept.tolist()), tuple(looped.deviation.mean(axis=1).tolist()),
        tuple(low.tolist()), tuple(high.tolist()),
    )  # fmt: skip


def _zones(world: World, looped: Simulation) -> tuple[ZoneShares, ...]:
    """The zones whose share moved most, with their share over time."""
    moved = np.abs(looped.last_share.mean(axis=0) - looped.target)
    chosen = np.sort(np.argsort(-moved, kind="stable")[:_MOST_ZONES])
    return tuple(
        ZoneShares(
            str(world.zone[zone]),
            float(world.true_rate[zone] / world.true_rate.sum()),
            float(looped.target[zone]),
            float(looped.last_share[:, zone].mean()),
            tuple(looped.mean_share[:, zone].tolist()),
        )
        for zone in chosen.tolist()
    )


def _observed(
    observed: Observed, memory: int | None, level: float
) -> tuple[list[Statement], ObservedRecord]:
    subject = Subject(WHOLE, "observed")
    made, tests = [], {}
    for within in ("period", "place"):
        estimate, test = discovered_per_reported(observed, within=within, level=level)
        statistic = f"discovered_per_reported_ratio_within_{within}"
        made.append(Statement(subject, statistic, estimate))
        tests[statistic] = StatedTest(subject, test)
    lasting = persistence(observed, memory=memory, level=level)
    made += [
        Statement(subject, "flags_persistence", lasting.flags),
        Statement(subject, "reports_persistence", lasting.reports),
        Statement(subject, "persistence_difference", lasting.difference),
    ]
    tests["persistence_difference"] = StatedTest(subject, lasting.test)
    return made, ObservedRecord(
        observed.source, len(observed.period), len(observed.place),
        float(observed.reported.sum()), float(observed.discovered.sum()),
        int(observed.flagged.sum()), memory, tests,
    )  # fmt: skip
