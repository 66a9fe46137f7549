"""Model confidence set: those of several forecasts that may be the best."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from veedor.arrays import Floats
from veedor.errors import StudyError, phrase
from veedor.statistics.codes import Denominator, Method
from veedor.statistics.resampling import circular_blocks, usual_block_length

_FEWEST = 8
_SOURCE = (
    "Hansen, P. R., Lunde, A. & Nason, J. M. (2011). The model confidence set. Econometrica 79, "
    "453-497. https://doi.org/10.3982/ECTA5771"
)


class ConfidenceSet(msgspec.Struct, frozen=True):
    """Forecasters that may be the best, given what was recorded.

    Parameters
    ----------
    members : tuple of str
        Those that were not eliminated, in the order given.
    p_values : dict of str to float or None
        MCS p-value of each: it is a member at every level up to 1 minus this. None where there are
        too few periods to eliminate any.
    eliminated : tuple of str
        First to last.
    level : float
        Of confidence that the best is a member.
    statistic : str
        ``"T_max"`` or ``"T_R"``.
    n : int
        Periods.
    unit : Denominator
    method : Method
        Of resampling.
    seed : int
    source : str
    """

    members: tuple[str, ...]
    p_values: dict[str, float | None]
    eliminated: tuple[str, ...]
    level: float
    statistic: str
    n: int
    unit: Denominator
    method: Method
    seed: int
    source: str


def model_confidence_set(
    scores: npt.ArrayLike,
    names: Sequence[str],
    *,
    level: float = 0.9,
    statistic: str = "T_max",
    block_length: int | None = None,
    replicates: int = 2000,
    seed: int = 0,
    implied: npt.ArrayLike | None = None,
) -> ConfidenceSet:
    r"""Eliminate forecasters until those left cannot be told apart.

    Of the forecasters left, with mean scores :math:`\bar L_i` and their own mean :math:`\bar L`,

    .. math:: t_i = \frac{\bar L_i - \bar L}{\widehat{sd}(\bar L_i - \bar L)}, \quad
              T_{max} = \max_i t_i; \qquad
              t_{ij} = \frac{\bar L_i - \bar L_j}{\widehat{sd}(\bar L_i - \bar L_j)}, \quad
              T_R = \max_{i,j} |t_{ij}|.

    Standard deviations and the distribution under the null come from a circular block bootstrap,
    p = (M + 1) / (R + 1). While p is at most 1 - level, the forecaster with the largest
    :math:`t_i` (or :math:`\max_j t_{ij}`) is eliminated. The MCS p-value of a forecaster is the
    largest p of any step up to its own; that of the last is 1.

    Parameters
    ----------
    scores : array, shape (periods, forecasters)
        Smaller is better, in order of time.
    names : sequence of str
    level : float
        In (0, 1).
    statistic : {"T_max", "T_R"}
    block_length : int, optional
        `usual_block_length` by default.
    replicates : int
    seed : int
    implied : array, shape (forecasters, forecasters), optional
        Standard errors of the mean difference of each two, as the two themselves imply: see
        `implied_score_errors`; symmetric. Periods that were recorded are silent on losses too rare
        to be among them. No difference is taken as more certain than this: what the bootstrap's
        spread lacks is added to it as normal noise.

    Returns
    -------
    ConfidenceSet
        With fewer than eight periods no forecaster is eliminated and p-values are None.

    Raises
    ------
    StudyError
        If scores are not finite or do not fit the names, or a setting is out of its range.

    Notes
    -----
    The best forecaster is in the set with at least the probability `level`, in long records. In
    short ones it is left out somewhat more often: see the page on this statistic for how often.
    O(replicates x (periods x forecasters + forecasters^3)).

    References
    ----------
    Hansen, P. R., Lunde, A. & Nason, J. M. (2011). The model confidence set. Econometrica 79,
    453-497. https://doi.org/10.3982/ECTA5771

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> scores = rng.normal(0.0, 0.1, (20, 3)) + np.array([0.0, 0.0, 1.0])
    >>> model_confidence_set(scores, ["a", "b", "c"]).members
    ('a', 'b')
    """
    table = _checked(scores, names, level, statistic)
    n, many = table.shape
    length = usual_block_length(n) if block_length is None else block_length
    if not 1 <= length <= max(n, 1):
        raise StudyError(
            "A block must have from 1 period to all of them.",
            found=phrase("{length} of {n} periods", length=length, n=n),
        )
    left = list(range(many))
    p_values: dict[str, float | None] = dict.fromkeys(names)
    eliminated: list[int] = []
    method = Method("none_few_periods", {"periods": n})
    if n >= _FEWEST:
        drawn = circular_blocks(n, length, replicates, np.random.default_rng(seed))
        means = np.stack([table[:, i][drawn].mean(axis=1) for i in range(many)], axis=1)
        deviation = means - table.mean(axis=0)
        method = Method(
            "circular_blocks" if implied is None else "circular_blocks_or_implied",
            {"length": length, "replicates": replicates},
        )
        floor = np.zeros((many, many)) if implied is None else np.asarray(implied, dtype=np.float64)
        rng = np.random.default_rng([seed, 1])
        p = 0.0
        while len(left) > 1:
            found, worst = _step(
                table.mean(axis=0)[left],
                deviation[:, left],
                floor[np.ix_(left, left)],
                statistic,
                rng,
            )
            p = max(p, found)
            p_values[names[left[worst]]] = p
            eliminated.append(left.pop(worst))
        p_values[names[left[0]]] = 1.0
        left = [i for i in range(many) if (p_values[names[i]] or 0.0) > 1.0 - level]
        eliminated = [i for i in eliminated if i not in left]
    return ConfidenceSet(
        members=tuple(names[i] for i in left),
        p_values=p_values,
        eliminated=tuple(names[i] for i in eliminated),
        level=level,
        statistic=statistic,
        n=n,
        unit=Denominator("periods"),
        method=method,
        seed=seed,
        source=_SOURCE,
    )


def _step(
    mean: Floats, deviation: Floats, floor: Floats, statistic: str, rng: np.random.Generator
) -> tuple[float, int]:
    """p-value that those left are equally good, and the place of the worst among them."""
    if statistic == "T_max":
        value, spread = mean - mean.mean(), deviation - deviation.mean(axis=1, keepdims=True)
        # A mean of differences varies no more than the differences do on average.
        t, draws = _studentised(value, _noisy(spread, floor.mean(axis=1), rng))
        worst, found, simulated = int(np.argmax(t)), float(t.max()), draws.max(axis=1)
    else:
        t, draws = _studentised(
            (mean[:, None] - mean[None, :]).ravel(),
            _noisy(
                (deviation[:, :, None] - deviation[:, None, :]).reshape(len(deviation), -1),
                floor.ravel(),
                rng,
            ),
        )
        worst = int(np.argmax(t.reshape(len(mean), -1).max(axis=1)))
        found, simulated = float(np.abs(t).max()), np.abs(draws).max(axis=1)
    return float((1 + np.sum(simulated >= found)) / (len(simulated) + 1)), worst


def _noisy(deviation: Floats, floor: Floats, rng: np.random.Generator) -> Floats:
    """Add normal noise where deviations vary less than the floor, shape (replicates, columns)."""
    lacking = np.maximum(floor**2 - (deviation**2).mean(axis=0), 0.0)
    if not bool(lacking.any()):
        return deviation
    noise: Floats = rng.normal(0.0, 1.0, deviation.shape) * np.sqrt(lacking)
    return deviation + noise


def _studentised(value: Floats, deviation: Floats) -> tuple[Floats, Floats]:
    """Values and deviations by the bootstrap's standard deviation; 0/0 is 0: no difference."""
    scale = np.sqrt((deviation**2).mean(axis=0))
    nothing = scale <= 1e-12 * max(float(np.abs(value).max()), 1e-300)
    safe = np.where(nothing, 1.0, scale)
    sure = np.where(np.abs(value) > 0.0, np.copysign(np.inf, value), 0.0)
    return np.where(nothing, sure, value / safe), np.where(nothing, 0.0, deviation / safe)


def _checked(scores: npt.ArrayLike, names: Sequence[str], level: float, statistic: str) -> Floats:
    table = np.asarray(scores, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] != len(names) or len(set(names)) != len(names):
        raise StudyError(
            "Scores must have a row for each period and a column for each of the names, which are "
            "unique.",
            found=phrase("shape {shape} and {n} names", shape=table.shape, n=len(names)),
        )
    if not names or not bool(np.isfinite(table).all()):
        raise StudyError(
            "A confidence set needs at least one forecaster and finite scores.",
            found=phrase(
                "{n} forecasters, {wrong} scores not finite",
                n=len(names),
                wrong=int((~np.isfinite(table)).sum()),
            ),
        )
    if statistic not in ("T_max", "T_R") or not 0.0 < level < 1.0:
        raise StudyError(
            'The statistic must be "T_max" or "T_R" and the level between 0 and 1.',
            found=phrase("{statistic} and {level}", statistic=repr(statistic), level=level),
        )
    return table
