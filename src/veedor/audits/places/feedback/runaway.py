"""Whether, and from which discovered fraction on, a system runs away from the truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec
import numpy as np
from scipy import special

from veedor.arrays import Bools, Floats
from veedor.audits.places.feedback.simulation import Simulation, simulate
from veedor.audits.places.feedback.systems import REMEDIES, Allocation, Remedy, System, proportional
from veedor.audits.places.feedback.world import World
from veedor.statistics import Estimate, expanded_tail, resampled, wilson
from veedor.statistics.codes import Denominator, Method

#: A system runs away where the loop moves more than this part of the patrols off their target.
TOLERANCE = 0.1
_GRID = 9
_HALVINGS = 5
_REPLICATES = 2000


@dataclass(frozen=True)
class Setting:
    """How a system is run.

    Parameters
    ----------
    allocation : callable
    rounds, runs, seed, retrain_every : int
        See `simulate`.
    tolerance : float
        Of running away, in (0, 1).
    level : float
        Of the intervals.
    """

    allocation: Allocation = proportional
    rounds: int = 500
    runs: int = 200
    seed: int = 0
    retrain_every: int = 1
    tolerance: float = TOLERANCE
    level: float = 0.95

    def run(self, world: World, system: System, remedy: Remedy, *, loop: bool = True) -> Simulation:
        """Simulate under this setting."""
        return simulate(
            world,
            system,
            allocation=self.allocation,
            remedy=remedy,
            rounds=self.rounds,
            runs=self.runs,
            seed=self.seed,
            retrain_every=self.retrain_every,
            loop=loop,
        )


def mean_over_runs(values: Floats, level: float, of: Denominator) -> Estimate:
    """Mean over independent runs, with Student's t interval.

    Parameters
    ----------
    values : array, shape (runs,)
    level : float
    of : Denominator
        Runs of what.

    Returns
    -------
    Estimate
        No interval with fewer than two runs.
    """
    n = len(values)
    value = float(values.mean())
    if n < 2:
        return Estimate(value, None, None, level, Method("none_one_run"), n, of)
    half = special.stdtrit(n - 1, 0.5 + level / 2.0) * values.std(ddof=1) / np.sqrt(n)
    method = Method("student_t_over_runs")
    return Estimate(value, float(value - half), float(value + half), level, method, n, of)


def share_of_runs(hits: Bools, level: float, of: Denominator) -> Estimate:
    """Share of independent runs, with Wilson's interval."""
    n, hit = len(hits), int(hits.sum())
    low, high = (float(end) for end in wilson(hit, n, level))
    return Estimate(hit / n, low, high, level, Method("wilson_over_runs"), n, of)


def excess_deviation(looped: Simulation, unlooped: Simulation) -> Floats:
    """What the loop itself adds to the distance from the target, shape (runs,).

    Above 0: the loop takes patrols away from where the truth would put them. The two simulations
    are of the same incidents.
    """
    excess: Floats = looped.last_deviation - unlooped.last_deviation
    return excess


class Threshold(msgspec.Struct, frozen=True):
    """From which discovered fraction on a system runs away.

    Parameters
    ----------
    estimate : Estimate
        Undefined where it runs away at no fraction; at the least fraction that this world allows
        where it does so at all.
    fractions : tuple of float
        Where it was simulated, rising.
    mean_excess : tuple of float
        Excess deviation there, mean over the runs.
    """

    estimate: Estimate
    fractions: tuple[float, ...]
    mean_excess: tuple[float, ...]


def runaway_threshold(
    world: World, make_system: Callable[[], System], setting: Setting, remedy: Remedy = REMEDIES[0]
) -> Threshold:
    """Smallest discovered fraction at which a system runs away, by bisection.

    Every fraction is simulated with the same incidents, so that the curve is smooth. The curve of
    the mean excess deviation is taken at nine fractions and halved where it first crosses the
    tolerance; between fractions it is taken as straight. The interval resamples runs, each with its
    whole curve.

    Parameters
    ----------
    world : World
        Its reporting is scaled to reach each fraction.
    make_system : callable
        Makes a new system.
    setting : Setting
    remedy : Remedy
    """
    least = max(world.least_discovered_fraction, 0.0)
    curve: dict[float, Floats] = {}

    def look(fraction: float) -> float:
        here = world.with_discovered_fraction(fraction)
        looped = setting.run(here, make_system(), remedy)
        unlooped = setting.run(here, make_system(), remedy, loop=False)
        curve[fraction] = excess_deviation(looped, unlooped)
        return float(curve[fraction].mean())

    grid = np.linspace(least, 1.0, _GRID) if least < 1.0 else np.ones(1)
    means = [look(float(fraction)) for fraction in grid]
    over = [number for number, mean in enumerate(means) if mean > setting.tolerance]
    if over and over[0] > 0:
        low, high = float(grid[over[0] - 1]), float(grid[over[0]])
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            low, high = (low, middle) if look(middle) > setting.tolerance else (middle, high)
    fractions = np.array(sorted(curve))
    excess = np.stack([curve[fraction] for fraction in fractions], axis=1)
    return Threshold(
        crossing(fractions, excess, setting.tolerance, setting.level, setting.seed),
        tuple(fractions.tolist()),
        tuple(excess.mean(axis=0).tolist()),
    )


def crossing(
    fractions: Floats, excess: Floats, tolerance: float, level: float, seed: int
) -> Estimate:
    """Where the mean curve first crosses the tolerance, with a bootstrap interval over runs.

    Parameters
    ----------
    fractions : array, shape (points,)
        Rising.
    excess : array, shape (runs, points)
    tolerance, level : float
    seed : int

    Returns
    -------
    Estimate
        Undefined where the mean curve crosses nowhere. An end is missing where so many replicates
        cross nowhere that it lies beyond the last fraction. See `expanded_tail`.
    """
    runs = len(excess)
    of = Denominator("simulated_runs_with_curves")
    at = float(_first_crossing(fractions, excess.mean(axis=0)[None, :], tolerance)[0])
    value = at if np.isfinite(at) else None
    if runs < 2:
        return Estimate(value, None, None, level, Method("none_one_run"), runs, of)
    rng = np.random.default_rng([seed, 2])
    drawn = resampled(np.ones(runs), rng, _REPLICATES) @ excess / runs
    crossings = _first_crossing(fractions, drawn, tolerance)
    tail = 100.0 * expanded_tail(runs, level)
    # Between draws, of which some may be infinite, the outer one.
    low = np.percentile(crossings, tail, method="lower")
    high = np.percentile(crossings, 100.0 - tail, method="higher")
    ends = [float(end) if np.isfinite(end) else None for end in (low, high)]
    method = Method("expanded_percentile_over_runs", {"replicates": _REPLICATES})
    return Estimate(value, ends[0], ends[1], level, method, runs, of)


def _first_crossing(fractions: Floats, curves: Floats, tolerance: float) -> Floats:
    """First fraction at which each curve exceeds the tolerance; inf where none does."""
    over = curves > tolerance
    at = np.argmax(over, axis=1)
    rows = np.arange(len(curves))
    before = np.maximum(at - 1, 0)
    rise = curves[rows, at] - curves[rows, before]
    part = np.where(rise > 0.0, (tolerance - curves[rows, before]) / np.where(rise > 0, rise, 1), 1)
    found = fractions[before] + part * (fractions[at] - fractions[before])
    return np.where(over.any(axis=1), np.where(at == 0, fractions[0], found), np.inf)
