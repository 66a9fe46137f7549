"""Round after round: allot, let happen, record, learn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from veedor.arrays import Floats, Ints
from veedor.audits.places.feedback.systems import REMEDIES, Allocation, Remedy, System, proportional
from veedor.audits.places.feedback.world import World
from veedor.errors import StudyError, phrase

_KEPT = 100


@dataclass(frozen=True, eq=False)
class Simulation:
    """What became of the shares of the patrols.

    Parameters
    ----------
    target : array, shape (zones,)
        Shares that the same rule would allot if it knew the true rates.
    kept : array of int, shape (kept,)
        Rounds, from 0, of which the shares were kept: at most about a hundred.
    mean_share : array, shape (kept, zones)
        Mean over the runs.
    deviation : array, shape (kept, runs)
        Distance of each run's shares from `target`: half the sum of absolute differences, from 0 to
        1, the part of the patrols that is not where the true rates would put it.
    last_share : array, shape (runs, zones)
        Mean over the last tenth of the rounds.
    """

    target: Floats
    kept: Ints
    mean_share: Floats
    deviation: Floats
    last_share: Floats

    @property
    def last_deviation(self) -> Floats:
        """Distance of each run's last shares from the target, shape (runs,)."""
        return deviation(self.last_share, self.target)


def deviation(shares: Floats, target: Floats) -> Floats:
    """Total variation distance of each row from `target`: half the sum of absolute differences.

    Examples
    --------
    >>> deviation(np.array([[0.7, 0.3]]), np.array([0.5, 0.5])).round(3)
    array([0.2])
    """
    distance: Floats = 0.5 * np.abs(shares - target).sum(axis=-1)
    return distance


def simulate(
    world: World,
    system: System,
    *,
    allocation: Allocation = proportional,
    remedy: Remedy = REMEDIES[0],
    rounds: int = 500,
    runs: int = 200,
    seed: int = 0,
    retrain_every: int = 1,
    loop: bool = True,
) -> Simulation:
    """Run a system in a world, many times over.

    Parameters
    ----------
    world : World
    system : System
    allocation : callable
        From scores to shares of the patrols, shape (runs, zones).
    remedy : Remedy
    rounds, runs : int
        At least 10 rounds and 1 run.
    seed : int
        With one seed the same incidents happen whatever the system, remedy and reporting are.
    retrain_every : int
        Rounds between two allotments.
    loop : bool
        False: patrols are spread evenly whatever the system says, so that nothing feeds back; the
        shares are what it would have allotted.

    Raises
    ------
    StudyError
        If there are too few rounds or runs.
    """
    if rounds < 10 or runs < 1 or retrain_every < 1:
        raise StudyError(
            "A simulation must have at least 10 rounds, 1 run, and 1 round between allotments.",
            found=phrase(
                "{rounds}, {runs} and {retrain_every}",
                rounds=rounds,
                runs=runs,
                retrain_every=retrain_every,
            ),
        )
    from veedor.audits.places.feedback.compiled import happen

    zones = len(world)
    incidents_rng, thinning_rng = (np.random.default_rng([seed, part]) for part in (0, 1))
    target = allocation(world.true_rate[None, :])[0]
    step = max(rounds // _KEPT, 1)
    kept = np.unique(np.append(np.arange(0, rounds, step), rounds - 1))
    mean_share, distance = np.empty((len(kept), zones)), np.empty((len(kept), runs))
    tail = max(rounds // 10, 1)
    last_share = np.zeros((runs, zones))
    reported, discovered = np.empty((runs, zones)), np.empty((runs, zones))
    even = np.ones((runs, zones))
    rate, reporting = np.ascontiguousarray(world.true_rate), np.ascontiguousarray(world.reporting)
    system.start(np.tile(world.prior, (runs, 1)))
    place = 0
    for round_ in range(rounds):
        if round_ % retrain_every == 0:
            share = _allotted(allocation(system.scores()), remedy.floor)
            presence = np.multiply(share, zones) if loop else even
        if place < len(kept) and kept[place] == round_:
            mean_share[place] = share.mean(axis=0)
            distance[place] = deviation(share, target)
            place += 1
        if round_ >= rounds - tail:
            last_share += share / tail
        happen(rate, reporting, world.detection, presence, incidents_rng, reported, discovered)
        if remedy.use_discovered:
            reported += _fed(discovered, presence, remedy.weighting, thinning_rng)
        system.learn(reported)
    return Simulation(target, kept, mean_share, distance, last_share)


def _fed(discovered: Floats, presence: Floats, weighting: str, rng: np.random.Generator) -> Floats:
    """What the system is fed of the discovered incidents."""
    if weighting == "presence":
        weighted: Floats = np.where(discovered > 0.0, discovered / np.maximum(presence, 1e-12), 0)
        return weighted
    if weighting == "thinning":
        kept = 1.0 - presence / presence.shape[1]
        thinned = rng.binomial(discovered.astype(np.int64), np.clip(kept, 0.0, 1.0))
        return thinned.astype(np.float64)
    return discovered


def _allotted(shares: Floats, floor: float) -> Floats:
    """Shares of the patrols of which the part `floor` is spread evenly."""
    if floor <= 0.0:
        return shares
    mixed: Floats = (1.0 - floor) * shares + floor / shares.shape[1]
    return mixed
