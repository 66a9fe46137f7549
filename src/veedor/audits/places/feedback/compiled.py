"""What happens in a round, compiled by numba when first called."""

from __future__ import annotations

import math

import numpy as np

from veedor.arrays import Floats
from veedor.compiling import compiled


@compiled
def happen(
    rate: Floats,
    reporting: Floats,
    detection: float,
    presence: Floats,
    rng: np.random.Generator,
    reported: Floats,
    discovered: Floats,
) -> None:
    """Draw one round of every run into `reported` and `discovered`, shape (runs, zones).

    One uniform number for how many incidents a zone has, by inversion, and one for each of them:
    below the reporting it is reported, and of the rest the lowest part is discovered. How many
    numbers are drawn depends on the true rates only, so that with one seed the same incidents
    happen whatever the system does, is fed, or how much is reported.
    """
    runs, zones = presence.shape
    none = np.exp(-rate)
    for run in range(runs):
        for zone in range(zones):
            where = rng.random()
            chance = none[zone]
            below = chance
            incidents = 0
            while where > below and chance > 0.0:
                incidents += 1
                chance *= rate[zone] / incidents
                below += chance
            told = found = 0.0
            if incidents > 0:
                part = reporting[zone]
                known = part + (1.0 - part) * -math.expm1(-detection * presence[run, zone])
                for _ in range(incidents):
                    fate = rng.random()
                    if fate < part:
                        told += 1.0
                    elif fate < known:
                        found += 1.0
            reported[run, zone] = told
            discovered[run, zone] = found
