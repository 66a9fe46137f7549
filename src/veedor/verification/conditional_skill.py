"""When and where a forecast is better: information gain by lead time, month and zone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from veedor.arrays import Bools, Floats, Instants, Ints
from veedor.errors import SameGroundError, phrase
from veedor.spacetime.periods import local_time
from veedor.statistics.codes import Denominator, Method
from veedor.statistics.estimates import Estimate
from veedor.statistics.resampling import FEWEST_BLOCKS, BlockBootstrap, expanded_tail
from veedor.verification.implied import ImpliedGain
from veedor.verification.judging import widened


def skill_by_lead_time(
    gain: Floats,
    incidents: Floats,
    lead_time: Ints,
    blocks: Ints,
    rng: np.random.Generator,
    *,
    implied: ImpliedGain | None = None,
    replicates: int = 4000,
    level: float = 0.95,
) -> dict[str, Estimate]:
    """Information gain per incident of the periods of each lead time.

    Parameters
    ----------
    gain : array, shape (periods,)
        As `information_gain` gives it; or any score difference, above 0 where the forecast is
        better.
    incidents : array, shape (periods,)
        Recorded in the cells: the denominator. Ones give the mean by period instead.
    lead_time : array of int, shape (periods,)
        1 for the first period after its issue time.
    blocks : array of int, shape (periods,)
        What is resampled whole: see `week_blocks`.
    rng : numpy.random.Generator
    implied : ImpliedGain, optional
        Of the same periods: intervals then reach as far as chance does, for weeks are silent on
        losses too rare to have been recorded; see `judge`.
    replicates : int
    level : float

    Returns
    -------
    dict of str to Estimate
        By lead time, ascending. A value is undefined (None) where no incident was recorded. Larger
        is better; above 0 the forecast beats the reference. See `skill_by_month` for intervals of
        few blocks.

    Raises
    ------
    SameGroundError
        If lengths differ.

    Examples
    --------
    >>> by_lead = skill_by_lead_time(np.array([1.0, 3.0, 2.0, 3.0]), np.array([4.0, 4.0, 4.0, 2.0]),
    ...     np.array([1, 2, 1, 2]), np.array([0, 0, 1, 1]), np.random.default_rng(0))
    >>> {lead: estimate.value for lead, estimate in by_lead.items()}
    {'1': 0.375, '2': 1.0}
    """
    groups = {str(lead): lead_time == lead for lead in np.unique(lead_time)}
    of = {label: Denominator("incidents_of_lead_time", {"lead_time": label}) for label in groups}
    return _by_group(gain, incidents, groups, of, blocks, rng, implied, replicates, level)


def skill_by_month(
    gain: Floats,
    incidents: Floats,
    start: Instants,
    time_zone: str,
    blocks: Ints,
    rng: np.random.Generator,
    *,
    implied: ImpliedGain | None = None,
    replicates: int = 4000,
    level: float = 0.95,
) -> dict[str, Estimate]:
    r"""Information gain per incident of the periods that begin in each month of local time.

    Other arguments, direction, undefined case and errors as in `skill_by_lead_time`; months are
    written ``"2024-03"``.

    Parameters
    ----------
    start : array of datetime64, shape (periods,)
        UTC instants at which the periods begin.
    time_zone : str
        IANA name of the zone whose months are meant.

    Notes
    -----
    A month with at least six blocks has an interval of its own (`BlockBootstrap`). With fewer, a
    month borrows the spread of all: where block b of a group with value :math:`r_g` has numerator
    :math:`x_b` and denominator :math:`z_b`, the residuals
    :math:`e_b = (x_b - r_g z_b) / \sqrt{z_b}`, widened for the values fitted, are resampled from
    all months. That takes each month's weeks to be as unsteady, for their number of incidents, as
    those of the others. With fewer than six blocks beyond the number of months there is no
    interval.
    """
    month = np.array([f"{local_time(one, time_zone):%Y-%m}" for one in start], dtype=str)
    groups = {str(label): month == label for label in np.unique(month)}
    of = {label: Denominator("incidents_of_month", {"month": label}) for label in groups}
    return _by_group(gain, incidents, groups, of, blocks, rng, implied, replicates, level)


def skill_by_zone(
    gain: Floats,
    observed: npt.ArrayLike,
    zone: npt.ArrayLike,
    blocks: Ints,
    rng: np.random.Generator,
    *,
    implied: ImpliedGain | None = None,
    replicates: int = 4000,
    level: float = 0.95,
) -> dict[str, Estimate]:
    """Information gain per incident of the cells of each zone.

    Parameters
    ----------
    gain : array, shape (periods, cells)
        Reference's log score minus the forecast's, of each period and cell.
    observed : array of whole numbers, same shape
    zone : array of str, shape (cells,)
        Label of each cell's zone.
    blocks, rng, replicates, level
        As in `skill_by_lead_time`.
    implied : ImpliedGain, optional
        Of shape (periods, zones), zones in alphabetical order.

    Returns
    -------
    dict of str to Estimate
        By zone, in alphabetical order; undefined (None) where no incident was recorded. All zones
        share one set of draws.

    Raises
    ------
    SameGroundError
        If shapes differ.
    """
    label, counts = np.asarray(zone, dtype=str), np.asarray(observed, dtype=np.float64)
    if counts.shape != gain.shape or gain.shape != (len(blocks), len(label)):
        raise SameGroundError(
            "Skill by zone needs a gain, a count for every period and cell, and a zone a cell.",
            found=phrase(
                "gains {shape}, counts {other_shape}, {n_blocks} blocks, {n_label} zones",
                shape=gain.shape,
                other_shape=counts.shape,
                n_blocks=len(blocks),
                n_label=len(label),
            ),
        )
    bootstrap = BlockBootstrap(_renumbered(blocks), rng, replicates=replicates, level=level)
    found = {}
    for number, name in enumerate(np.unique(label)):
        mine = counts[:, label == name].sum(axis=1)
        estimate = bootstrap.ratio(
            gain[:, label == name].sum(axis=1),
            mine,
            of=Denominator("incidents_of_zone", {"zone": str(name)}),
        )
        if implied is not None:
            estimate = widened(estimate, implied.group(number), float(mine.sum()))
        found[str(name)] = estimate
    return found


def _by_group(
    gain: Floats,
    incidents: Floats,
    groups: dict[str, Bools],
    of: dict[str, Denominator],
    blocks: Ints,
    rng: np.random.Generator,
    implied: ImpliedGain | None,
    replicates: int,
    level: float,
) -> dict[str, Estimate]:
    x, z = np.asarray(gain, dtype=np.float64), np.asarray(incidents, dtype=np.float64)
    sizes = {len(blocks), *(len(rows) for rows in groups.values())}
    if x.ndim != 1 or x.shape != z.shape or sizes != {len(x)}:
        raise SameGroundError(
            "Skill by group needs a gain, a denominator, a group and a block for each period.",
            found=phrase(
                "gains {shape}, denominators {other_shape}, groups and blocks {sizes}",
                shape=x.shape,
                other_shape=z.shape,
                sizes=sorted(sizes),
            ),
        )
    pool = _pooled_residuals(x, z, groups, blocks)
    found = {}
    for label, rows in groups.items():
        own = _renumbered(blocks[rows])
        estimate = BlockBootstrap(own, rng, replicates=replicates, level=level).ratio(
            x[rows], z[rows], of=of[label]
        )
        many = int(own.max()) + 1
        if estimate.value is not None and many < FEWEST_BLOCKS <= len(pool) - len(groups):
            estimate = _borrowed(estimate, pool, len(groups), many, rng, replicates)
        if implied is not None:
            estimate = widened(estimate, implied.take(rows), float(z[rows].sum()))
        found[label] = estimate
    return found


def _pooled_residuals(x: Floats, z: Floats, groups: dict[str, Bools], blocks: Ints) -> Floats:
    """Residuals of the blocks of every group, by the root of their denominators."""
    residuals = [np.zeros(0)]
    for rows in groups.values():
        if z[rows].sum() > 0.0:
            own = _renumbered(blocks[rows])
            top, below = np.bincount(own, weights=x[rows]), np.bincount(own, weights=z[rows])
            some = below > 0.0
            ratio = top.sum() / below.sum()
            residuals.append((top - ratio * below)[some] / np.sqrt(below[some]))
    return np.concatenate(residuals)


def _borrowed(
    estimate: Estimate,
    pool: Floats,
    fitted: int,
    many: int,
    rng: np.random.Generator,
    replicates: int,
) -> Estimate:
    """Give an estimate of few blocks an interval from the residuals of all."""
    assert estimate.value is not None  # noqa: S101 - the caller has looked
    freedom = len(pool) - fitted
    widened = (pool - pool.mean()) * np.sqrt(len(pool) / freedom)
    drawn = rng.choice(widened, (replicates, many)).mean(axis=1) * np.sqrt(many / estimate.n)
    tail = 100.0 * expanded_tail(len(pool), estimate.level, fitted=fitted, widened=True)
    low, high = np.percentile(drawn, [tail, 100.0 - tail])
    return Estimate(
        estimate.value,
        estimate.value + float(low),
        estimate.value + float(high),
        estimate.level,
        Method("residual_bootstrap", {"blocks": len(pool), "own": many}),
        estimate.n,
        estimate.denominator,
    )


def _renumbered(blocks: Ints) -> Ints:
    _, number = np.unique(blocks, return_inverse=True)
    return number.astype(np.int64)
