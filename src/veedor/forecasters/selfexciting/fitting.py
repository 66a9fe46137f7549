"""Maximum likelihood by scoring, with the background declustered at every step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from veedor.arrays import Floats
from veedor.forecasters.selfexciting.background import (
    CellBackground,
    KernelBackground,
    learn_background,
)
from veedor.forecasters.selfexciting.likelihood import Expectation, Likelihood, State

#: Converged: the next step would move the parameters, together, by less than this many standard
#: errors, and declustering once more the amounts of the squares, all of them together, by less than
#: this many square roots of themselves (each is the root of a sum of squares).
TOLERANCE = 1e-2
MOST_ITERATIONS = 200
# For the first fit, which is there to learn the background's smoothing from declustered amounts.
_ROUGHLY = 2.0
# Of a step, to which the amounts are settled before it is taken.
_AHEAD = 0.1
# Steps that the acceleration remembers, and how nearly dependent they may be.
_MEMORY, _RCOND = 5, 1e-8
# A leap after which the step is so many times larger went wrong.
_WORSE = 3.0
# Longest stretch of a step, and farthest leap of a log parameter.
_LONGEST, _FARTHEST = 8.0, 1.0
_MOST_SETTLING = 50


@dataclass(frozen=True, eq=False)
class Fit:
    """What a record taught.

    Parameters
    ----------
    state : State
    background : CellBackground or KernelBackground
    expectation : Expectation
        Of the state.
    log_likelihood : float
    iterations : int
        Passes over the pairs.
    converged : bool
        Whether `TOLERANCE` was reached within `MOST_ITERATIONS` passes.
    covariance : array, shape (parameters, parameters)
        Of the log parameters; not finite where the record does not tell them.
    """

    state: State
    background: CellBackground | KernelBackground
    expectation: Expectation
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
    state, _, spent, _ = settle(likelihood, background, state, tolerance=_ROUGHLY)
    background = learn_background(kind, state.amounts, ground)
    state, found, more, converged = settle(likelihood, background, state)
    return Fit(
        state,
        background,
        found,
        likelihood.log_likelihood(state.parameters, found),
        # One more, bin by bin, for the standard errors.
        spent + more + 1,
        converged,
        _covariance(likelihood, state, found),
    )


def settle(
    likelihood: Likelihood,
    background: CellBackground | KernelBackground,
    state: State,
    tolerance: float = TOLERANCE,
) -> tuple[State, Expectation, int, bool]:
    """Repeat scoring steps to their fixed point, by Anderson acceleration.

    The amounts of the squares follow the parameters: they are settled before each step, which
    takes no pass over the pairs. A step is weighed in standard errors; one after which the next is
    much larger is taken back. The pseudo-likelihood is no guide, since each incident's weight in
    its own background moves with the parameters.

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
    expectation : Expectation
        Of the state.
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
    at: list[Floats] = []
    moves: list[Floats] = []
    parameters, amounts = state.parameters, state.amounts
    plain, before, stretch = parameters, np.inf, 1.0
    for iteration in range(1, MOST_ITERATIONS + 1):
        drawn = likelihood.draw(parameters)
        enough = max(tolerance, _AHEAD * min(before, 1.0))
        while True:
            found, settled = decluster(
                likelihood, background, parameters[0], drawn, amounts, enough
            )
            amounts = found.amounts
            gradient, information = likelihood.score(parameters, found)
            move = _step(parameters, gradient, information, low, high)
            size = float(np.sqrt(move @ information @ move))
            if size >= tolerance or enough <= tolerance:
                break
            enough = tolerance
        if size < tolerance and settled:
            return State(parameters, amounts), found, iteration, True
        if at and size > _WORSE * before:
            # The leap went wrong: go on from the plain step before it.
            parameters, at, moves, stretch = plain, [], [], 1.0
            continue
        plain, before = np.clip(parameters + move, low, high), size
        at, moves = [*at, parameters][-_MEMORY:], [*moves, move][-_MEMORY:]
        leap = move
        if len(at) > 1:
            past = np.diff(np.array(moves), axis=0)
            heavy = past @ information
            mix = np.linalg.lstsq(heavy @ past.T, heavy @ move, rcond=_RCOND)[0]
            leap = move - mix @ (np.diff(np.array(at), axis=0) + past)
            # Acceleration seeks any fixed point; what leads to a maximum goes uphill, as the step
            # itself does. Where it would go back, the steps are growing: go further along them.
            uphill = float(leap @ information @ move) > 0.0
            stretch = 1.0 if uphill else min(2.0 * stretch, _LONGEST)
            if not uphill:
                leap = stretch * move
            leap = np.clip(leap, -_FARTHEST, _FARTHEST)
        parameters = np.clip(parameters + leap, low, high)
    return State(parameters, amounts), found, MOST_ITERATIONS, False


def decluster(
    likelihood: Likelihood,
    background: CellBackground | KernelBackground,
    log_level: float,
    drawn: Floats,
    amounts: Floats,
    tolerance: float = TOLERANCE,
) -> tuple[Expectation, bool]:
    """Settle the amounts alone, the parameters fixed; without pairs.

    Parameters
    ----------
    likelihood : Likelihood
        Of any record on the ground that the background was learned on.
    background : CellBackground or KernelBackground
    log_level : float
        First of the log parameters.
    drawn : array, shape (n, 1 + kernel parameters)
        Of `Likelihood.draw`, at the parameters.
    amounts : array, shape (squares,)
        Where to begin.
    tolerance : float
    """
    for _ in range(_MOST_SETTLING):
        found = likelihood.divide(log_level, drawn, background.density(amounts))
        moved = np.sqrt(np.sum((found.amounts - amounts) ** 2 / (amounts + 1.0)))
        if moved < tolerance:
            return found, True
        amounts = found.amounts
    return found, False


def _step(
    parameters: Floats, gradient: Floats, information: Floats, low: Floats, high: Floats
) -> Floats:
    """Scoring step; parameters that would leave their bounds stay on them."""
    free = ~((parameters <= low) & (gradient < 0.0) | (parameters >= high) & (gradient > 0.0))
    part = information[np.ix_(free, free)]
    part = part + 1e-9 * (np.trace(part) + 1e-6) * np.eye(len(part))
    move = np.zeros(len(parameters))
    move[free] = np.linalg.solve(part, gradient[free])
    return np.clip(parameters + np.clip(move, -_FARTHEST, _FARTHEST), low, high) - parameters


def _covariance(likelihood: Likelihood, state: State, found: Expectation) -> Floats:
    """Inverse of the observed information, the background's places held fixed.

    Parameters on their bounds are taken as known.
    """
    low, high = likelihood.bounds
    parameters, n = state.parameters, len(low)
    free = np.flatnonzero((parameters > low + 1e-9) & (parameters < high - 1e-9))
    information = likelihood.observed_information(parameters, found)[np.ix_(free, free)]
    covariance = np.full((n, n), np.nan)
    if np.all(np.linalg.eigvalsh(information) > 0.0):
        covariance[np.ix_(free, free)] = np.linalg.inv(information)
    return covariance
