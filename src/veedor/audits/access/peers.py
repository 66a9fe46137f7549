"""Users among their like: how many look more often than alike users would, and never which.

Only users of one unit, shift and role are compared, and only where they are k or more. Users who
looked nothing up are not in the log, nor in the comparison.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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
#: How far below the logarithm of the mean of counts above 0 that of all counts is sought.
_BELOW = 9.0
_STEPS = 30


@dataclass(frozen=True, eq=False)
class Usual:
    """What is usual of counts by cell.

    Parameters
    ----------
    means : array, shape (cells,)
        With those who look nothing up.
    dispersion : float
        0 where counts vary no more than by chance (Poisson).
    """

    means: Floats
    dispersion: float


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
    kept, cell = np.unique(cell, return_inverse=True)
    p, alike = chances(counts, cell)
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
            for one, code in zip(traits, kinds[kept[number]], strict=True)
        ]
        untold = place == sizeless
        cells.append(PeerCell(
            names[0], names[1], names[2], None if untold else int(here.sum()),
            None if untold else int(counts[here].sum()), alike.dispersion,
            _limit(float(alike.means[place]), alike.dispersion),
            None if hidden[place] else found[place],
        ))  # fmt: skip
    return Peers(
        tuple(cells),
        None if left_out is None else len(counts),
        left_out,
        None if hidden[-1] else sum(found),
        len(np.unique(cell[above])),
    )


def chances(counts: Floats, cell: Ints) -> tuple[Floats, Usual]:
    r"""Chance of so many look-ups or more, for each user beside the others of the cell.

    Counts are negative binomial (variance :math:`\mu + \alpha\mu^2`) with a mean of their cell and
    one dispersion, that of `usual`. Given the cell's sum the mean drops out.

    Parameters
    ----------
    counts : array, shape (users,)
        At least 1.
    cell : array of int, shape (users,)
        From 0, none of them empty.

    Returns
    -------
    array in [0, 1], shape (users,)
    Usual

    References
    ----------
    Spiegelhalter, D. J. (2005). Handling over-dispersion of performance indicators. Quality and
    Safety in Health Care 14, 347-351. https://doi.org/10.1136/qshc.2005.013755
    """
    if not len(counts):
        return np.zeros(0), Usual(np.zeros(0), 0.0)
    alike = usual(counts, cell)
    many = np.bincount(cell)[cell].astype(np.float64)
    whole = np.bincount(cell, weights=counts)[cell].astype(np.float64)
    return lower_tail(whole - counts, counts, many - 1.0, 1.0, alike.dispersion), alike


def usual(counts: Floats, cell: Ints) -> Usual:
    r"""Fit negative binomial counts above 0, whose highest tenth in each cell is not looked at.

    Maximum likelihood, given that a count is not 0: users who looked nothing up are in no log, and
    counts that lack them vary less than those that hold them. Counts from the 90th per cent of
    their cell on enter as being as high, and no more: who stands out does not widen what is usual.

    Parameters
    ----------
    counts : array, shape (users,)
        At least 1.
    cell : array of int, shape (users,)
        From 0, none of them empty.

    Returns
    -------
    Usual
    """
    cells = int(cell.max()) + 1
    cap = np.empty(cells)
    for one in range(cells):
        here = counts[cell == one]
        # Below the highest tenth, of 10 users too; and above the lowest, or nothing would be seen.
        cap[one] = max(np.quantile(here, 1.0 - _UNSEEN, method="lower"), here.min() + 1.0)
    kinds, many = np.unique(
        np.column_stack([cell, np.minimum(counts, cap[cell])]), axis=0, return_counts=True
    )
    of, seen = kinds[:, 0].astype(np.int64), kinds[:, 1]
    high = seen >= cap[of]

    def fit(log_mean: Floats, log_dispersion: Floats) -> Floats:
        """Log-likelihood of each cell."""
        size, mean = np.exp(-log_dispersion), np.exp(log_mean)
        share = size / (size + mean)
        at, some = of[~high], seen[~high]
        value = np.empty(len(seen))
        value[~high] = (
            special.gammaln(some + size) - special.gammaln(size) - special.gammaln(some + 1.0)
            + size * np.log(share[at]) + special.xlog1py(some, -share[at])
        )  # fmt: skip
        reached = special.betainc(seen[high], size, 1.0 - share[of[high]])
        value[high] = np.log(np.maximum(reached, 1e-300))
        looked = np.log(-np.expm1(size * np.log(share)))
        return np.bincount(of, weights=many * (value - looked[of])).astype(np.float64)

    middle = np.log(np.bincount(of, weights=many * seen) / np.bincount(of, weights=many))

    def best(log_dispersion: Floats) -> Floats:
        return _largest(partial(fit, log_dispersion=log_dispersion), middle - _BELOW, middle + 3.0)

    def by_dispersion(log_dispersion: Floats) -> Floats:
        return np.full(1, fit(best(log_dispersion), log_dispersion).sum())

    found = _largest(by_dispersion, np.array([_SMALLEST]), np.array([_HIGHEST]))
    dispersion = 0.0 if found[0] < _SMALLEST + 0.1 else float(np.exp(found[0]))
    return Usual(np.exp(best(found)), dispersion)


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


def _limit(mean: float, dispersion: float) -> float:
    """Look-ups that 1 in 1,000 alike users passes, of those who look."""
    if dispersion <= 1e-9:
        return float(stats.poisson.isf(-_TAIL * np.expm1(-mean), mean))
    size = 1.0 / dispersion
    looking = -np.expm1(-size * np.log1p(mean / size))
    return float(stats.nbinom.isf(_TAIL * looking, size, size / (size + mean)))
