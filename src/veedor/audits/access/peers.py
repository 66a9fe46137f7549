"""Users among their like: how many look more often than alike users would, and never which.

Only users of one unit, shift and role are compared, and only where they are k or more. Users who
looked nothing up are not in the log, nor in the comparison.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from scipy import special, stats

from veedor.arrays import Floats, Ints
from veedor.audits.access.ground import Ground
from veedor.audits.access.results import PeerCell, Peers
from veedor.statistics.discoveries import FALSE_DISCOVERY_RATE, false_discovery_q
from veedor.statistics.levels import lower_tail
from veedor.statistics.suppression import Addition, suppressed

#: Of alike users this share passes the limit that is told.
_TAIL = 0.001
#: Share of a cell's counts, the highest, of which only that is known.
_UNSEEN = 0.1
#: Logarithms between which the dispersion is sought.
_SMALLEST, _HIGHEST = -10.0, 4.0
_ROUNDS, _STEPS = 6, 40


def peers(ground: Ground) -> Peers | None:
    """Compare users within unit, shift and role; None without a roster that has one of these."""
    roster = ground.registers.roster
    traits = [] if roster is None else [roster.unit, roster.shift, roster.role]
    if not ground.users or not any(traits):
        return None
    active = np.flatnonzero(ground.lookups_of_user > 0)
    columns = np.stack([
        np.full(len(active), -1) if one is None else one.codes[active] for one in traits
    ], axis=1)  # fmt: skip
    given = np.array([one is not None for one in traits])
    placed = (columns[:, given] >= 0).all(axis=1)
    kinds, cell = np.unique(columns[placed], axis=0, return_inverse=True)
    cell = cell.ravel()
    counts = ground.lookups_of_user[active[placed]].astype(np.float64)
    sizes = np.bincount(cell, minlength=len(kinds))
    large = sizes[cell] >= ground.settings.k
    counts, cell = counts[large], cell[large]
    # By size, so that sums round alike whatever the codes of users.
    order = np.lexsort((counts, cell))
    counts, cell = counts[order], cell[order]
    p, alpha = chances(counts, cell)
    above = false_discovery_q(p) <= FALSE_DISCOVERY_RATE
    left_out = ground.shown(len(active) - len(counts))
    cells = []
    numbers, sizes = np.unique(cell, return_counts=True)
    # The size of one cell, and of all, would leave that of those who are in none.
    sizeless = int(sizes.argmin()) if left_out is None and len(sizes) else -1
    found = [int(above[cell == number].sum()) for number in numbers]
    # One small number of them would be what the sum is more than the others.
    hidden = suppressed(
        [*found, sum(found)], [Addition(len(found), tuple(range(len(found))))], ground.settings.k
    ).tolist()
    for place, number in enumerate(numbers):
        here = cell == number
        names = [
            "" if one is None else one.values[code]
            for one, code in zip(traits, kinds[number], strict=True)
        ]
        untold = place == sizeless
        cells.append(PeerCell(
            names[0], names[1], names[2], None if untold else int(here.sum()),
            None if untold else int(counts[here].sum()), alpha,
            _limit(float(counts[here].mean()), alpha), None if hidden[place] else found[place],
        ))  # fmt: skip
    return Peers(
        tuple(cells),
        None if left_out is None else len(counts),
        left_out,
        None if hidden[-1] else sum(found),
        len(np.unique(cell[above])),
    )


def chances(counts: Floats, cell: Ints) -> tuple[Floats, float]:
    r"""Chance of so many look-ups or more, for each user beside the others of the cell.

    Counts are negative binomial (variance :math:`\mu + \alpha\mu^2`) with a mean of their cell and
    one dispersion. Given the cell's sum the mean drops out. The dispersion is by maximum
    likelihood, of counts from the 90th per cent of their cell on knowing only that they are as
    high: who stands out does not widen what is usual.

    Parameters
    ----------
    counts : array, shape (users,)
    cell : array of int, shape (users,)

    Returns
    -------
    array in [0, 1], shape (users,)
    float
        The dispersion.

    References
    ----------
    Spiegelhalter, D. J. (2005). Handling over-dispersion of performance indicators. Quality and
    Safety in Health Care 14, 347-351. https://doi.org/10.1136/qshc.2005.013755
    """
    if not len(counts):
        return np.zeros(0), 0.0
    alpha = dispersion(counts, cell)
    many = np.bincount(cell)[cell].astype(np.float64)
    whole = np.bincount(cell, weights=counts)[cell].astype(np.float64)
    return lower_tail(whole - counts, counts, many - 1.0, 1.0, alpha), alpha


def dispersion(counts: Floats, cell: Ints) -> float:
    """Dispersion of negative binomial counts whose highest tenth in each cell is not looked at.

    0 where they vary no more than by chance (Poisson).
    """
    _, cell = np.unique(cell, return_inverse=True)
    cell = cell.ravel()
    cells = int(cell.max()) + 1
    cap = np.array([
        np.quantile(counts[cell == one], 1.0 - _UNSEEN, method="higher") for one in range(cells)
    ])[cell]  # fmt: skip
    high = counts >= cap
    seen = np.where(high, cap, counts)

    def fit(log_mean: Floats, log_alpha: Floats) -> Floats:
        """Log-likelihood of each cell."""
        size, mean = np.exp(-log_alpha[cell]), np.exp(log_mean[cell])
        share = size / (size + mean)
        plain = (
            special.gammaln(seen + size) - special.gammaln(size) - special.gammaln(seen + 1.0)
            + size * np.log(share) + special.xlog1py(seen, -share)
        )  # fmt: skip
        reached = special.betainc(np.maximum(seen, 1e-9), size, 1.0 - share)
        tail = np.where(seen > 0.0, np.log(np.maximum(reached, 1e-300)), 0.0)
        return np.bincount(cell, weights=np.where(high, tail, plain)).astype(np.float64)

    def by_alpha(log_alpha: Floats, log_mean: Floats) -> Floats:
        return np.full(1, fit(log_mean, np.full(cells, log_alpha[0])).sum())

    log_mean = np.log(np.bincount(cell, weights=seen) / np.bincount(cell) + 1e-9)
    for _ in range(_ROUNDS):
        ends = np.array([_SMALLEST]), np.array([_HIGHEST])
        alpha = np.full(cells, _largest(partial(by_alpha, log_mean=log_mean), *ends)[0])
        log_mean = _largest(partial(fit, log_alpha=alpha), log_mean - 3.0, log_mean + 3.0)
    return 0.0 if alpha[0] < _SMALLEST + 0.1 else float(np.exp(alpha[0]))


def _largest(value: Callable[[Floats], Floats], low: Floats, high: Floats) -> Floats:
    """Find where each of several functions with one peak is largest: golden section."""
    ratio = (5.0**0.5 - 1.0) / 2.0
    left, right = high - ratio * (high - low), low + ratio * (high - low)
    at_left, at_right = value(left), value(right)
    for _ in range(_STEPS):
        lower = at_left > at_right
        low, high = np.where(lower, low, left), np.where(lower, right, high)
        new = np.where(lower, high - ratio * (high - low), low + ratio * (high - low))
        at_new = value(new)
        left, right = np.where(lower, new, right), np.where(lower, left, new)
        at_left, at_right = np.where(lower, at_new, at_right), np.where(lower, at_left, at_new)
    return 0.5 * (low + high)


def _limit(mean: float, alpha: float) -> float | None:
    """Look-ups that 1 in 1,000 alike users passes."""
    if not mean > 0.0:
        return None
    if alpha <= 1e-9:
        return float(stats.poisson.isf(_TAIL, mean))
    return float(stats.nbinom.isf(_TAIL, 1.0 / alpha, 1.0 / (1.0 + alpha * mean)))
