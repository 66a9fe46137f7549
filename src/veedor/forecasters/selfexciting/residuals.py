"""Super-thinning: what a fitted process leaves should be as if scattered at random."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from veedor.arrays import Bools, Floats, Ints
from veedor.forecasters.selfexciting.background import Density
from veedor.forecasters.selfexciting.likelihood import Likelihood
from veedor.forecasters.selfexciting.pairs import Grid, Pairs
from veedor.spacetime import Cells

_CLOSE_DAYS = 7


@dataclass(frozen=True, eq=False)
class ResidualTest:
    """Points that should be scattered at random over cells and days, and whether they are.

    Parameters
    ----------
    x_m, y_m : array, shape (points,)
    day : array of int64, shape (points,)
    recorded : array of bool, shape (points,)
        Recorded incidents that were kept; the others are simulated.
    close_pairs : int
        Pairs of points within the inner half of the reach and 1 to 7 days.
    expected_close_pairs : float
        Mean of points scattered at random.
    p_value : float
        Between 0 and 1; small where the points have more close pairs than random ones.
    """

    x_m: Floats
    y_m: Floats
    day: Ints
    recorded: Bools
    close_pairs: int
    expected_close_pairs: float
    p_value: float


def residual_test(
    likelihood: Likelihood,
    parameters: Floats,
    density: Density,
    rng: np.random.Generator,
    simulations: int = 199,
) -> ResidualTest:
    r"""Super-thin the scored incidents, and count how often what is left lies close together.

    With k the mean intensity over cells and days, an incident is kept with probability
    :math:`\min(1, k / \lambda)`, and points are added where the intensity is below k, at rate
    :math:`k - \lambda`. If the model is right, what remains is a Poisson process of rate k. Its
    close pairs are compared with those of as many points scattered at random:
    :math:`p = (M + 1) / (R + 1)`, where M of R simulations have at least as many.

    Parameters
    ----------
    likelihood : Likelihood
    parameters : array
        Log parameters.
    density : Density
    rng : numpy.random.Generator
    simulations : int

    References
    ----------
    Clements, R. A., Schoenberg, F. P. & Veen, A. (2012). Evaluation of space-time point process
    models using super-thinning. Environmetrics 23, 606-616. https://doi.org/10.1002/env.2168
    """
    record, edges = likelihood.record, likelihood.kernels.edges
    cells, first = record.ground.cells, likelihood.first_day
    days = len(record.course) - first
    scored = np.flatnonzero(likelihood.scored)
    rate = len(scored) / (float(cells.area_km2.sum()) * days)
    found = likelihood.expect(parameters, density)
    kept = scored[rng.random(len(scored)) < rate / found.intensity[scored]]

    many = int(rng.poisson(len(scored)))
    x, y = scatter(cells, rng, many)
    square = record.ground.square_of(x, y)
    day = rng.integers(first, first + days, many)
    pairs = Pairs.of(likelihood.grid, x, y, day, edges, likelihood.kernels.reach_days)
    drawn = pairs.sums(likelihood.table(parameters).reshape(-1, 1))[:, 0]
    level = np.exp(parameters[0]) * record.course[day]
    intensity = level * density.unit[square] * density.room[square] + drawn
    added = rng.random(many) < 1.0 - intensity / rate

    x = np.concatenate([record.x_m[kept], x[added]])
    y = np.concatenate([record.y_m[kept], y[added]])
    day = np.concatenate([record.day[kept], day[added]])
    close = _close_pairs(x, y, day, edges)
    random = np.empty(simulations)
    for simulation in range(simulations):
        there_x, there_y = scatter(cells, rng, len(x))
        then = rng.integers(first, first + days, len(x))
        random[simulation] = _close_pairs(there_x, there_y, then, edges)
    as_many = int(np.sum(random >= close))
    return ResidualTest(
        x,
        y,
        day,
        np.arange(len(x)) < len(kept),
        close,
        float(random.mean()),
        (as_many + 1) / (simulations + 1),
    )


def scatter(cells: Cells, rng: np.random.Generator, many: int) -> tuple[Floats, Floats]:
    """Points scattered evenly over the ground of the cells."""
    cell = rng.choice(len(cells), many, p=cells.area_km2 / cells.area_km2.sum()).astype(np.int64)
    west, south, east, north = shapely.bounds(cells.polygons).T
    x, y = np.empty(many), np.empty(many)
    missing = np.arange(many)
    while len(missing):
        at = cell[missing]
        x[missing] = rng.uniform(west[at], east[at])
        y[missing] = rng.uniform(south[at], north[at])
        missing = missing[cells.locate(x[missing], y[missing]) != at]
    return x, y


def _close_pairs(x: Floats, y: Floats, day: Ints, edges: Floats) -> int:
    half = np.array([0.0, edges[-1] / 2.0])
    grid = Grid.of(x, y, day, float(half[-1]), _CLOSE_DAYS)
    return len(Pairs.of(grid, x, y, day, half, _CLOSE_DAYS))
