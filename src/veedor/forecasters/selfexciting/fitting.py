"""Maximum likelihood by an accelerated EM algorithm, with the background declustered on the way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from veedor.forecasters.selfexciting.background import (
    CellBackground,
    Density,
    KernelBackground,
    learn_background,
)
from veedor.forecasters.selfexciting.likelihood import Expectation, Likelihood, State

Floats = npt.NDArray[np.float64]

#: Converged: a step of the EM algorithm moves the parameters by less than this many of their
#: standard errors (were all responsibilities known), and the amounts of the squares, on average, by
#: less than this many square roots of themselves.
TOLERANCE = 1e-3
MOST_ITERATIONS = 500
# For the first fit, which is there to learn the background's smoothing from declustered amounts.
_ROUGHLY = 0.5
# Steps that the acceleration remembers, and how nearly dependent they may be.
_MEMORY, _RCOND = 4, 1e-6
# A leap after which the step is so many times larger went wrong.
_WORSE = 3.0
# Longest stretch of a step, and farthest leap of a log parameter.
_LONGEST, _FARTHEST = 8.0, 0.5
_MOST_SETTLING = 50
# Of a log parameter, for the observed information.
_DIFFERENCE = 1e-3


@dataclass(frozen=True, eq=False)
class Fit:
    """What a record taught.

    Parameters
    ----------
    state : State
    background : CellBackground or KernelBackground
    log_likelihood : float
    iterations : int
        Passes over the pairs.
    converged : bool
        Whether `TOLERANCE` was reached within `MOST_ITERATIONS`.
    covariance : array, shape (parameters, parameters)
        Of the log parameters; not finite where the record does not tell them.
    """

    state: State
    background: CellBackground | KernelBackground
    log_likelihood: float
    iterations: int
    converged: bool
    covariance: Floats


def fit(likelihood: Likelihood, kind: str) -> Fit:
    """Fit, first roughly, then with the background learned anew from the declustered amounts.

    Parameters
    ----------
    likelihood : Likelihood
    kind : str
        Of the background.
    """
    ground = likelihood.record.ground
    amounts = likelihood.amounts(np.full(len(likelihood.record), 0.8))
    parameters = np.concatenate([np.log([0.8, 0.2]), likelihood.kernels.start])
    background = learn_background(kind, amounts, ground)
    state = State(parameters, amounts)
    state, spent, _ = settle(likelihood, background, state, tolerance=_ROUGHLY)
    background = learn_background(kind, state.amounts, ground)
    state, more, converged = settle(likelihood, background, state)
    density = background.density(state.amounts)
    found = likelihood.expect(state.parameters, density)
    covariance, passes = _covariance(likelihood, state, density, found)
    return Fit(
        state,
        background,
        likelihood.log_likelihood(state.parameters, found),
        spent + more + 1 + passes,
        converged,
        covariance,
    )


def settle(
    likelihood: Likelihood,
    background: CellBackground | KernelBackground,
    state: State,
    tolerance: float = TOLERANCE,
) -> tuple[State, int, bool]:
    """Repeat steps of the EM algorithm to their fixed point, by Anderson acceleration.

    A step is weighed in standard errors; one after which the next is much larger is taken back.
    The pseudo-likelihood is no guide, since each incident's weight in its own background moves
    with the parameters.

    Parameters
    ----------
    likelihood : Likelihood
    background : CellBackground or KernelBackground
    state : State
        Where to begin.
    tolerance : float

    Returns
    -------
    state : State
    iterations : int
    converged : bool

    References
    ----------
    Zhuang, J., Ogata, Y. & Vere-Jones, D. (2002). Stochastic declustering of space-time earthquake
    occurrences. Journal of the American Statistical Association 97, 369-380.
    https://doi.org/10.1198/016214502760046925
    Walker, H. F. & Ni, P. (2011). Anderson acceleration for fixed-point iterations. SIAM Journal
    on Numerical Analysis 49, 1715-1735. https://doi.org/10.1137/10078356X
    """
    low, high = likelihood.bounds
    count = likelihood.amounts(np.ones(len(likelihood.record)))
    n = len(low)
    at: list[Floats] = []
    residuals: list[Floats] = []
    plain, before, stretch = state, np.inf, 1.0
    for iteration in range(1, MOST_ITERATIONS + 1):
        step, known = likelihood.step(state, background.density(state.amounts))
        here = np.concatenate([state.parameters, state.amounts])
        move = np.concatenate([step.parameters, step.amounts]) - here
        weight = np.concatenate([np.sqrt(known), 1.0 / np.sqrt(state.amounts + 1.0)])
        size = float(np.linalg.norm(weight[:n] * move[:n]))
        size = max(size, float(np.sqrt(np.mean((weight[n:] * move[n:]) ** 2))))
        if size < tolerance:
            return step, iteration, True
        if at and size > _WORSE * before:
            # The leap went wrong: go on from the plain step before it.
            state, at, residuals, stretch = plain, [], [], 1.0
            continue
        plain, before = step, size
        at, residuals = [*at, here][-_MEMORY:], [*residuals, move][-_MEMORY:]
        leap = move
        if len(at) > 1:
            past = np.diff(np.array(residuals), axis=0)
            heavy = past * weight
            mix = np.linalg.lstsq(heavy @ heavy.T, heavy @ (weight * move), rcond=_RCOND)[0]
            leap = move - mix @ (np.diff(np.array(at), axis=0) + past)
            # Acceleration seeks any fixed point; what leads to a maximum goes uphill, as the step
            # itself does. Where it would go back, the steps are growing: go further along them.
            uphill = float((weight[:n] * leap[:n]) @ (weight[:n] * move[:n])) > 0.0
            stretch = 1.0 if uphill else min(2.0 * stretch, _LONGEST)
            if not uphill:
                leap = np.concatenate([stretch * move[:n], move[n:]])
            leap[:n] = np.clip(leap[:n], -_FARTHEST, _FARTHEST)
        following = here + leap
        state = State(np.clip(following[:n], low, high), np.clip(following[n:], 0.0, count))
    return state, MOST_ITERATIONS, False


def decluster(
    likelihood: Likelihood,
    background: CellBackground | KernelBackground,
    parameters: Floats,
    amounts: Floats,
) -> Expectation:
    """Settle the amounts alone, the parameters fixed; returns the last pass.

    Parameters
    ----------
    likelihood : Likelihood
        Of any record on the ground that the background was learned on.
    background : CellBackground or KernelBackground
    parameters : array
    amounts : array, shape (squares,)
        Where to begin.
    """
    found = likelihood.expect(parameters, background.density(amounts))
    for _ in range(_MOST_SETTLING):
        following = likelihood.amounts(found.background)
        moved = np.sqrt(np.mean((following - amounts) ** 2 / (amounts + 1.0)))
        if moved < TOLERANCE:
            break
        amounts = following
        found = likelihood.expect(parameters, background.density(amounts))
    return found


def _covariance(
    likelihood: Likelihood, state: State, density: Density, found: Expectation
) -> tuple[Floats, int]:
    """Inverse of the observed information, by differences of the gradient, and the passes it took.

    The background's places are held fixed. Parameters on their bounds are taken as known.
    """
    low, high = likelihood.bounds
    parameters, n = state.parameters, len(low)
    free = np.flatnonzero((parameters > low + 1e-9) & (parameters < high - 1e-9))
    own = found.background
    here = likelihood.gradient(parameters, likelihood.expect(parameters, density, own))
    information = np.zeros((len(free), len(free)))
    for row, at in enumerate(free):
        moved = parameters.copy()
        # Inwards, so that kappa stays below 1.
        moved[at] -= _DIFFERENCE
        there = likelihood.gradient(moved, likelihood.expect(moved, density, own))
        information[row] = (there - here)[free] / _DIFFERENCE
    covariance = np.full((n, n), np.nan)
    information = (information + information.T) / 2.0
    if np.all(np.linalg.eigvalsh(information) > 0.0):
        covariance[np.ix_(free, free)] = np.linalg.inv(information)
    return covariance, len(free) + 1
