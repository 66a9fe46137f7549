"""The feedback audit: simulated worlds, remedies, and the test on real data, as one result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from veedor.audits.places.estimates_file import Figure
from veedor.audits.places.feedback.observed import Observed, discovered_per_reported, persistence
from veedor.audits.places.feedback.runaway import (
    DEFINITION,
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

SCHEMA_VERSION = 1
_MOST_ZONES = 12


@dataclass(frozen=True, eq=False)
class FeedbackAudit:
    """What the audit found.

    Parameters
    ----------
    figures : tuple of Figure
    results : dict
        Everything, JSON-ready.
    """

    figures: tuple[Figure, ...]
    results: dict[str, Any]


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
    figures: list[Figure] = []
    results: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "audit": "feedback",
        "definition": DEFINITION,
        "simulated": None,
        "observed": None,
    }
    if world is not None and make_system is not None:
        found, made = _simulated(world, make_system, setting, remedies, threshold)
        made |= {"system": system_name, "allocation": allocation_name}
        figures += found
        results["simulated"] = made
    if observed is not None:
        found, made = _observed(observed, memory, setting.level)
        figures += found
        results["observed"] = made
    results["figures"] = [figure.to_dict() for figure in figures]
    return FeedbackAudit(tuple(figures), results)


def _simulated(
    world: World,
    make_system: Callable[[], System],
    setting: Setting,
    remedies: Sequence[Remedy],
    threshold: bool,
) -> tuple[list[Figure], dict[str, Any]]:
    figures, traces = [], []
    of = f"simulated runs of {setting.rounds} rounds in {len(world)} zones"
    simulations = [setting.run(world, make_system(), remedy) for remedy in remedies]
    for remedy, looped in zip(remedies, simulations, strict=True):
        unlooped = setting.run(world, make_system(), remedy, loop=False)
        figures += _figures_of(remedy, world, looped, unlooped, setting, of)
        traces.append(_trace(remedy, looped, setting.level))
    constant = Estimate(
        world.discovered_fraction,
        None,
        None,
        1.0,
        "computed from the world; no interval",
        len(world),
        "zones, recorded incidents under even patrols",
    )
    figures.append(Figure("simulated", "all", "discovered_fraction", constant))
    made: dict[str, Any] = {
        "zones": len(world),
        "rounds": setting.rounds,
        "runs": setting.runs,
        "seed": setting.seed,
        "retrain_every": setting.retrain_every,
        "detection": world.detection,
        "tolerance": setting.tolerance,
        "true_share": (world.true_rate / world.true_rate.sum()).tolist(),
        "prior_share": (world.prior / world.prior.sum()).tolist(),
        "reporting": world.reporting.tolist(),
        "discovered_fraction": world.discovered_fraction,
        "remedies": traces,
        "zone_shares": _zones(world, simulations[0]),
        "threshold": None,
    }
    if threshold and float(world.reporting.max()) > 0.0:
        found = runaway_threshold(world, make_system, setting, remedies[0])
        figures.append(Figure("simulated", "all", "runaway_discovered_fraction", found.estimate))
        made["threshold"] = _curve(found)
    return figures, made


def _figures_of(
    remedy: Remedy,
    world: World,
    looped: Simulation,
    unlooped: Simulation,
    setting: Setting,
    of: str,
) -> list[Figure]:
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
        Figure(f"simulated, remedy: {remedy.name}", "all", statistic, estimate)
        for statistic, estimate in estimates.items()
    ]


def _trace(remedy: Remedy, looped: Simulation, level: float) -> dict[str, Any]:
    tail = 50.0 * (1.0 - level)
    low, high = np.percentile(looped.deviation, [tail, 100.0 - tail], axis=1)
    return {
        "name": remedy.name,
        "about": remedy.about,
        "round": looped.kept.tolist(),
        "deviation_mean": looped.deviation.mean(axis=1).tolist(),
        "deviation_low": low.tolist(),
        "deviation_high": high.tolist(),
    }


def _zones(world: World, looped: Simulation) -> list[dict[str, Any]]:
    """The zones whose share moved most, with their share over time."""
    moved = np.abs(looped.last_share.mean(axis=0) - looped.target)
    chosen = np.sort(np.argsort(-moved, kind="stable")[:_MOST_ZONES])
    return [
        {
            "zone": world.zone[zone],
            "true_share": float(world.true_rate[zone] / world.true_rate.sum()),
            "target_share": float(looped.target[zone]),
            "last_share": float(looped.last_share[:, zone].mean()),
            "share": looped.mean_share[:, zone].tolist(),
        }
        for zone in chosen.tolist()
    ]


def _curve(found: Threshold) -> dict[str, Any]:
    return {
        "estimate": found.estimate.to_dict(),
        "fractions": list(found.fractions),
        "mean_excess": list(found.mean_excess),
    }


def _observed(
    observed: Observed, memory: int | None, level: float
) -> tuple[list[Figure], dict[str, Any]]:
    figures, tests = [], {}
    for within in ("period", "place"):
        estimate, test = discovered_per_reported(observed, within=within, level=level)
        statistic = f"discovered_per_reported_ratio_within_{within}"
        figures.append(Figure("observed", "all", statistic, estimate))
        tests[statistic] = test.to_dict()
    lasting = persistence(observed, memory=memory, level=level)
    for statistic, estimate in (
        ("flags_persistence", lasting.flags),
        ("reports_persistence", lasting.reports),
        ("persistence_difference", lasting.difference),
    ):
        figures.append(Figure("observed", "all", statistic, estimate))
    tests["persistence_difference"] = lasting.test.to_dict()
    return figures, {
        "source": observed.source,
        "periods": len(observed.period),
        "places": len(observed.place),
        "reported": float(observed.reported.sum()),
        "discovered": float(observed.discovered.sum()),
        "flagged": int(observed.flagged.sum()),
        "memory": memory,
        "tests": tests,
    }
