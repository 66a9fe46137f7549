"""How few of the users make most look-ups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from veedor.arrays import Floats, Ints
from veedor.audits.access.ground import EVERYONE, Ground
from veedor.audits.access.results import CurvePoint
from veedor.audits.audit import Statement, estimate
from veedor.statistics.codes import Denominator, Method
from veedor.statistics.inequality import gini, gini_of_kinds, lorenz
from veedor.statistics.resampling import expanded_tail, resampled

_STEPS = 20
_CELLS = 2_000_000
#: Shares are kept this far from 0 and 1 before their logit is taken.
_EDGE = 1e-9


@dataclass(frozen=True, eq=False)
class Resamples:
    """A share over users, of several draws of them, and the same without each user.

    Parameters
    ----------
    whole : array in [0, 1], shape (draws,)
    without : array in [0, 1], shape (draws, kinds)
        Without a user of each kind; of no meaning where the draw has none.
    """

    whole: Floats
    without: Floats


def concentration(ground: Ground, rng: np.random.Generator) -> list[Statement]:
    """State how few users make most look-ups: the Gini coefficient, and the share of the top k.

    Of users who look; intervals by `studentised`.
    """
    counts = ground.lookups_of_user[ground.lookups_of_user > 0]
    k, level, replicates = ground.settings.k, ground.settings.level, ground.settings.replicates
    if len(counts) < k:
        return []
    measures: list[tuple[str, float, Callable[[Ints, Ints], Resamples]]] = [
        ("gini_users", float(gini(counts)), ginis)
    ]
    if len(counts) >= 2 * k:
        share = float(np.sort(counts)[-k:].sum() / counts.sum())
        measures.append(("top_share", share, lambda values, many: tops(values, many, k)))
    made = []
    for name, value, measure in measures:
        interval = studentised(counts, measure, replicates, level, rng)
        method = Method("bootstrap_of_users", {"users": len(counts), "replicates": replicates})
        if interval is None:
            method = Method("none_users_alike")
        else:
            # The Gini coefficient of a sample is low: it is told as it is, and never outside.
            interval = min(interval[0], value), max(interval[1], value)
        made.append(
            Statement(
                EVERYONE, name,
                estimate(value, interval or (np.nan, np.nan), method, len(counts),
                         Denominator("users_who_look"), level),
            )
        )  # fmt: skip
    return made


def studentised(
    counts: Ints,
    measure: Callable[[Ints, Ints], Resamples],
    replicates: int,
    level: float,
    rng: np.random.Generator,
) -> tuple[float, float] | None:
    r"""Bootstrap-t interval of a share over users on its logit, no narrower than percentiles.

    With :math:`\theta` the logit and s its jackknife error over users, users are drawn anew and
    :math:`t^* = (\theta^* - \theta) / s^*`; the interval is from :math:`\theta - t^*_{high} s` to
    :math:`\theta - t^*_{low} s`. Percentiles alone miss too often where few users make most
    look-ups, as the heaviest user of a sample is seldom the heaviest there could be; but where
    counts are of few kinds s says little. Each end is the farther one of both.

    Parameters
    ----------
    counts : array of int, shape (users,)
    measure : callable
        Of different counts, ascending, and how often each occurs in every draw.
    replicates : int
    level : float
    rng : numpy.random.Generator

    Returns
    -------
    (low, high) or None
        None where users are all alike.

    References
    ----------
    Davison, A. C. & Hinkley, D. V. (1997). Bootstrap Methods and their Application, section 5.2.
    https://doi.org/10.1017/CBO9780511802843
    """
    values, many = np.unique(counts, return_counts=True)
    centre, error = (part[0] for part in _on_logit(measure(values, many[None]), many[None]))
    if not error > _EDGE:
        return None
    chunk = max(_CELLS // len(values), 1)
    drawn, shares = [], []
    for begin in range(0, replicates, chunk):
        weights = resampled(many, rng, min(chunk, replicates - begin))
        theta, errors = _on_logit(measure(values, weights), weights)
        drawn.append((theta - centre)[errors > _EDGE] / errors[errors > _EDGE])
        shares.append(special.expit(theta))
    tail = 50.0 * (1.0 - level)
    low, high = np.percentile(np.concatenate(drawn), [tail, 100.0 - tail])
    ends = special.expit([centre - high * error, centre - low * error])
    tail = 100.0 * expanded_tail(len(counts), level)
    plain = np.percentile(np.concatenate(shares), [tail, 100.0 - tail])
    return float(min(ends[0], plain[0])), float(max(ends[1], plain[1]))


def _on_logit(found: Resamples, many: Ints) -> tuple[Floats, Floats]:
    """Logit of every draw's share, and its jackknife error over users."""
    n = many.sum(axis=1).astype(np.float64)
    theta = special.logit(np.clip(found.without, _EDGE, 1.0 - _EDGE))
    mean = (many * theta).sum(axis=1) / n
    variance = (n - 1.0) / n * (many * (theta - mean[:, None]) ** 2).sum(axis=1)
    return special.logit(np.clip(found.whole, _EDGE, 1.0 - _EDGE)), np.sqrt(variance)


def ginis(values: Ints, many: Ints) -> Resamples:
    """Gini coefficients by n / (n - 1), which is not low in few users, and without each user.

    Parameters
    ----------
    values : array of int, shape (kinds,)
        Ascending.
    many : array of int, shape (draws, kinds)
    """
    n = many.sum(axis=1, keepdims=True).astype(np.float64)
    up_to, held = np.cumsum(many, axis=1), many * values
    total = held.sum(axis=1, keepdims=True).astype(np.float64)
    ranked = (held * (2 * up_to - many + 1)).sum(axis=1, keepdims=True) / 2.0
    # Without the last of a kind those above it come one rank lower.
    left = ranked - values * up_to - (total - np.cumsum(held, axis=1))
    with np.errstate(invalid="ignore", divide="ignore"):
        fewer = (2.0 * left / (total - values) - n) / (n - 2.0)
    whole = gini_of_kinds(values, many) * n[:, 0] / (n[:, 0] - 1.0)
    return Resamples(whole, np.where(many > 0, np.nan_to_num(fewer), 0.5))


def tops(values: Ints, many: Ints, k: int) -> Resamples:
    """Shares of the k users with the most look-ups, and without each user.

    Parameters
    ----------
    values : array of int, shape (kinds,)
        Ascending.
    many : array of int, shape (draws, kinds)
    k : int
        Below the number of users.
    """
    above = np.cumsum(many[:, ::-1], axis=1)[:, ::-1] - many
    taken = np.clip(k - above, 0, many)
    top = (taken * values).sum(axis=1, keepdims=True)
    following = (np.clip(k + 1 - above, 0, many) * values).sum(axis=1, keepdims=True) - top
    total = (many * values).sum(axis=1, keepdims=True).astype(np.float64)
    left = np.where(taken > 0, top - values + following, top)
    fewer = left / np.maximum(total - values, 1.0)
    return Resamples((top / total)[:, 0], np.where(many > 0, fewer, 0.5))


def curve(ground: Ground) -> list[CurvePoint]:
    """Points of the Lorenz curve of look-ups over users, k users apart at least."""
    counts = ground.lookups_of_user[ground.lookups_of_user > 0]
    steps = min(_STEPS, len(counts) // ground.settings.k)
    if steps < 2:
        return []
    held = lorenz(counts)
    at = np.linspace(0, len(counts), steps + 1).round().astype(np.int64)
    return [CurvePoint(float(n / len(counts)), float(held[n])) for n in at]
