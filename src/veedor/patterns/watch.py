"""A weekly watch over many series, with a stated rate of false alarms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from veedor.errors import DataError
from veedor.patterns.breaks import draw_counts

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Watch:
    """A CUSUM of each series.

    Parameters
    ----------
    cusum : array, shape (weeks, series)
        Evidence for a rise by `ratio` since the chart last stood at 0, in nats.
    limit : array, shape (series,)
        An alarm is a cusum at or above it.
    run_weeks : array, shape (series,)
        Simulated mean number of weeks to a false alarm at that limit.
    alarm : array of bool, shape (weeks, series)
    false_alarms : float
        Expected over all series and weeks if nothing changed.
    ratio : float
    """

    cusum: Floats
    limit: Floats
    run_weeks: Floats
    alarm: npt.NDArray[np.bool_]
    false_alarms: float
    ratio: float


def weekly_watch(
    counts: npt.ArrayLike,
    expected: npt.ArrayLike,
    rng: np.random.Generator,
    *,
    dispersion: npt.ArrayLike = 1.0,
    baseline: npt.ArrayLike | None = None,
    ratio: float = 1.5,
    run_weeks: float = 520.0,
    simulations: int = 200,
) -> Watch:
    r"""Watch weekly counts for a lasting rise, with a mean run to false alarm that is set.

    :math:`C_t = \max(0, C_{t-1} + [y_t \log r - (r - 1) e_t] / \phi)` for a rise by r, expected
    counts e and dispersion :math:`\phi`; at the limit it alarms and begins anew. The limit is where
    simulated series without a change take `run_weeks` weeks to an alarm on average. Their true
    level is drawn about the expected one, as well as the baseline knows it.

    Parameters
    ----------
    counts : array of int, shape (weeks, series)
    expected : array, shape (weeks, series)
        Above 0: from earlier data only.
    rng : numpy.random.Generator
    dispersion : array, shape (series,)
        Variance by mean, at least 1.
    baseline : array, shape (series,), optional
        Incidents that the expected counts rest on; by default they are taken as known.
    ratio : float
        Rise to be found soonest, above 1.
    run_weeks : float
        Mean number of weeks to a false alarm of one series: 520 is one in ten years.
    simulations : int

    Returns
    -------
    Watch

    Raises
    ------
    DataError
        If an expected count is not above 0, or the ratio not above 1.

    Notes
    -----
    O(series x simulations x 2 run_weeks). With S series the mean number of false alarms is about
    S weeks / run_weeks, however good the limit: `Watch.false_alarms`.

    References
    ----------
    Lucas, J. M. (1985). Counted data CUSUM's. Technometrics 27, 129-144.
    https://doi.org/10.1080/00401706.1985.10488030

    Farrington, C. P., Andrews, N. J., Beale, A. D. & Catchpole, M. A. (1996). A statistical
    algorithm for the early detection of outbreaks of infectious disease. Journal of the Royal
    Statistical Society A 159, 547-563 (on expected counts from earlier data, and dispersion).
    https://doi.org/10.2307/2983331

    Examples
    --------
    >>> counts = np.array([[10], [11], [9], [30], [28], [31]])
    >>> found = weekly_watch(counts, np.full((6, 1), 10.0), np.random.default_rng(1))
    >>> found.alarm[:, 0].tolist()
    [False, False, False, True, True, True]
    """
    y, e = np.asarray(counts, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    if y.shape != e.shape or not bool(np.all(e > 0)) or ratio <= 1.0:
        raise DataError(
            "A watch needs expected counts above 0, one for each count, and a ratio above 1.",
            found=f"shapes {y.shape} and {e.shape}, smallest expected {e.min(initial=np.inf):g}, "
            f"ratio {ratio:g}",
        )
    series = y.shape[1]
    spread = np.broadcast_to(np.asarray(dispersion, dtype=np.float64), (series,))
    limit, achieved = np.empty(series), np.empty(series)
    length = int(2 * run_weeks)
    for one in range(series):
        level = np.ones(simulations)
        if baseline is not None:
            shape = float(np.asarray(baseline)[one]) / spread[one]
            level = rng.gamma(max(shape, 0.5), 1.0 / max(shape, 0.5), size=simulations)
        mean = float(e[:, one].mean())
        drawn = draw_counts(np.repeat(level[None] * mean, length, axis=0), float(spread[one]), rng)
        paths = _steps(drawn, np.full(drawn.shape, mean), spread[one], ratio)
        limit[one], achieved[one] = _limit(paths, run_weeks)
    cusum, alarm = np.empty(y.shape), np.zeros(y.shape, dtype=bool)
    now = np.zeros(series)
    step = _steps(y, e, spread, ratio)
    for week in range(len(y)):
        now = np.maximum(0.0, now + step[week])
        cusum[week] = now
        alarm[week] = now >= limit
        now = np.where(alarm[week], 0.0, now)
    return Watch(
        cusum, limit, achieved, alarm, float(np.sum(len(y) / achieved)) if series else 0.0, ratio
    )


def _steps(y: Floats, e: Floats, dispersion: Floats | float, ratio: float) -> Floats:
    return np.asarray((y * np.log(ratio) - (ratio - 1.0) * e) / dispersion)


def _limit(steps: Floats, run_weeks: float) -> tuple[float, float]:
    """Limit at which paths of shape (weeks, paths) alarm once in `run_weeks` weeks.

    Alarms by weeks of exposure estimate the rate; paths that do not alarm count with all their
    weeks.
    """
    now = np.zeros(steps.shape[1])
    highest = np.empty(steps.shape)
    top = np.zeros(steps.shape[1])
    for week, step in enumerate(steps):
        now = np.maximum(0.0, now + step)
        top = np.maximum(top, now)
        highest[week] = top

    def run(limit: float) -> float:
        below = (highest < limit).sum(axis=0)
        alarmed = int(np.sum(below < len(steps)))
        exposed = float(np.minimum(below + 1, len(steps)).sum())
        return exposed / alarmed if alarmed else np.inf

    low, high = 0.0, float(highest.max()) + 1e-9
    for _ in range(40):
        middle = (low + high) / 2.0
        low, high = (middle, high) if run(middle) < run_weeks else (low, middle)
    reached = run(high)
    return high, reached if np.isfinite(reached) else float(steps.size)
