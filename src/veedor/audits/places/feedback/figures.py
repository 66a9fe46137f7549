"""What a feedback audit found at each place: of a simulated city, and of a real record."""

from __future__ import annotations

import numpy as np

from veedor.audits.places.by_place import PlaceFigures, column
from veedor.audits.places.feedback.observed import Observed
from veedor.audits.places.feedback.runaway import mean_over_runs
from veedor.audits.places.feedback.simulation import Simulation
from veedor.audits.places.feedback.world import World
from veedor.statistics.codes import Denominator, Method

_WORLD = Method("none_computed_from_the_world")


def simulated_figures(
    world: World, looped: Simulation, level: float, of: Denominator
) -> PlaceFigures:
    """State each zone's share of the true incidents, of the target and of the patrols at the end.

    Parameters
    ----------
    world : World
    looped : Simulation
        Of the system as it is.
    level : float
        Of the intervals of the mean over the runs.
    of : Denominator
    """
    ends = [mean_over_runs(shares, level, of) for shares in looped.last_share.T]
    low = np.array([np.nan if one.low is None else one.low for one in ends])
    high = np.array([np.nan if one.high is None else one.high for one in ends])
    return PlaceFigures("simulated", tuple(map(str, world.zone)), (
        column("patrol_share", looped.last_share.mean(axis=0), of,
               ends=(np.maximum(low, 0.0), np.minimum(high, 1.0)), method=ends[0].method,
               level=level),
        column("target_share", looped.target, of, method=_WORLD),
        column("true_share", world.true_rate / world.true_rate.sum(), of, method=_WORLD),
    ))  # fmt: skip


def observed_figures(observed: Observed) -> PlaceFigures:
    """Count of each place the periods it was flagged in, and what became known there."""
    periods = Denominator("periods_of_record", {"periods": len(observed.period)})
    known = Denominator("incidents_known_at_place")
    return PlaceFigures("observed", tuple(map(str, observed.place.tolist())), (
        column("periods_flagged", observed.flagged.sum(axis=0), periods),
        column("incidents_reported", observed.reported.sum(axis=0), known),
        column("incidents_discovered", observed.discovered.sum(axis=0), known),
    ))  # fmt: skip
