"""How scores rank: AUC with DeLong's interval, DET points, calibration by score."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np
from scipy import special

from veedor.arrays import Floats, Ints
from veedor.audits.alerts.tables.decisions import Decisions
from veedor.statistics.codes import Method
from veedor.statistics.intervals import normal_quantile, wilson


@dataclass(frozen=True)
class ScoreCounts:
    """How many of each outcome have each score.

    Parameters
    ----------
    score : array, shape (scores,)
        Rising, each once.
    positives, negatives : array of int, shape (scores,)
    """

    score: Floats
    positives: Ints
    negatives: Ints

    @classmethod
    def of(cls, positives: Floats, negatives: Floats) -> ScoreCounts:
        """Count the scores of those whose outcome is true and of those whose outcome is false."""
        right, number = np.unique(positives, return_counts=True)
        wrong, others = np.unique(negatives, return_counts=True)
        return merged([
            cls(right, number, np.zeros_like(number)),
            cls(wrong, np.zeros_like(others), others),
        ])  # fmt: skip


def merged(parts: list[ScoreCounts]) -> ScoreCounts:
    """Add the counts of several groups."""
    scores, place = np.unique(np.concatenate([part.score for part in parts]), return_inverse=True)
    added = [
        np.bincount(
            place, weights=np.concatenate([getattr(p, name) for p in parts]), minlength=len(scores)
        ).astype(np.int64)
        for name in ("positives", "negatives")
    ]
    return ScoreCounts(scores, *added)


def score_counts(decisions: Decisions) -> dict[str, ScoreCounts]:
    """Count the scores of every group, and of ``ALL``; those with a known outcome.

    Parameters
    ----------
    decisions : Decisions
        With scores.
    """
    names = decisions.groups or ("ALL",)
    found = decisions.source.database.connection.execute(
        "SELECT 2 * place + (outcome = 1)::INT AS cell, score FROM decisions JOIN "
        "(SELECT unnest($names) AS grp, unnest(range($many)) AS place) USING (grp) "
        "WHERE outcome < 2 AND score IS NOT NULL",
        {"names": list(names), "many": len(names)},
    ).fetchnumpy()
    cell = np.asarray(found["cell"]).astype(np.uint16)
    score = np.asarray(found["score"], dtype=np.float64)[np.argsort(cell, kind="stable")]
    ends = np.cumsum(np.bincount(cell, minlength=2 * len(names)))
    cells = np.split(score, ends[:-1])
    parts = {
        name: ScoreCounts.of(positives, negatives)
        for name, negatives, positives in zip(names, cells[::2], cells[1::2], strict=True)
    }
    if not decisions.groups:
        return parts
    return {"ALL": merged(list(parts.values()))} | parts


@dataclass(frozen=True)
class Auc:
    """Area under the ROC curve.

    Parameters
    ----------
    value : float or None
        None without positives or without negatives.
    wins : float
        Pairs in which the positive scores higher, and half of those in which both score alike.
    pairs : int
        Positives times negatives.
    low, high : float or None
    method : Method
    """

    value: float | None
    wins: float
    pairs: int
    low: float | None
    high: float | None
    method: Method


def auc(counts: ScoreCounts, level: float = 0.95) -> Auc:
    r"""Probability that one whose outcome is true scores above one whose outcome is false.

    Ties count half. From 0 to 1; 0.5 is chance; larger is better. The interval is DeLong's, on
    the logit scale; where every pair is won or lost, and its variance therefore 0, Hanley and
    McNeil's variance of the value one half pair short of that is used.

    References
    ----------
    DeLong, E. R., DeLong, D. M. & Clarke-Pearson, D. L. (1988). Comparing the areas under two or
    more correlated receiver operating characteristic curves. Biometrics 44, 837-845.
    https://doi.org/10.2307/2531595

    Hanley, J. A. & McNeil, B. J. (1982). The meaning and use of the area under a receiver
    operating characteristic (ROC) curve. Radiology 143, 29-36.
    https://doi.org/10.1148/radiology.143.1.7063747

    Examples
    --------
    >>> auc(ScoreCounts.of(np.array([1.0, 3.0]), np.array([1.0, 2.0]))).value
    0.625
    """
    positives, negatives = int(counts.positives.sum()), int(counts.negatives.sum())
    if positives == 0 or negatives == 0:
        return Auc(None, 0.0, positives * negatives, None, None, Method("none_counted"))
    above = np.cumsum(counts.negatives) - 0.5 * counts.negatives
    below = np.cumsum(counts.positives) - 0.5 * counts.positives
    wins = float((counts.positives * above).sum())
    pairs = positives * negatives
    value = wins / pairs
    if min(positives, negatives) < 2:
        return Auc(value, wins, pairs, None, None, Method("none_counted"))
    of_positives = above / negatives - value
    of_negatives = 1.0 - below / positives - value
    variance = float(
        (counts.positives * of_positives**2).sum() / (positives - 1) / positives
        + (counts.negatives * of_negatives**2).sum() / (negatives - 1) / negatives
    )
    centre, method = value, Method("delong")
    if variance <= 0.0:
        centre = min(max(value, 0.5 / pairs), 1.0 - 0.5 / pairs)
        variance, method = _hanley_mcneil(centre, positives, negatives), Method("hanley_mcneil")
    half = normal_quantile(level) * np.sqrt(variance) / (centre * (1.0 - centre))
    low, high = (float(special.expit(special.logit(centre) + s * half)) for s in (-1.0, 1.0))
    return Auc(value, wins, pairs, min(low, value), max(high, value), method)


def _hanley_mcneil(area: float, positives: int, negatives: int) -> float:
    q1, q2 = area / (2.0 - area), 2.0 * area**2 / (1.0 + area)
    return (
        area * (1.0 - area) + (positives - 1) * (q1 - area**2) + (negatives - 1) * (q2 - area**2)
    ) / (positives * negatives)


class DetPoint(msgspec.Struct, frozen=True):
    """Both errors at a threshold: share wrongly flagged, share missed; None without anyone."""

    threshold: float
    wrongly_flagged: float | None
    missed: float | None


class DetCurve(msgspec.Struct, frozen=True):
    """Points of a DET curve of a group."""

    group: str
    points: tuple[DetPoint, ...]


class ScoreBin(msgspec.Struct, frozen=True):
    """Share whose outcome is true among those whose score lies between two scores."""

    score_from: float
    score_to: float
    value: float
    numerator: int
    denominator: int
    low: float
    high: float


class ScoresOfGroup(msgspec.Struct, frozen=True):
    """How the scores of a group rank."""

    group: str
    det: tuple[DetPoint, ...]
    calibration: tuple[ScoreBin, ...]


def det_points(counts: ScoreCounts, most: int = 60) -> tuple[DetPoint, ...]:
    """Threshold, FPR and FNR along the scores: the points of a DET curve.

    Parameters
    ----------
    counts : ScoreCounts
    most : int
        Points at most, evenly spaced in the rank of the thresholds.

    Returns
    -------
    tuple of DetPoint
        A rate is None where there is nobody to count.
    """
    positives, negatives = counts.positives.sum(), counts.negatives.sum()
    if len(counts.score) == 0:
        return ()
    chosen = np.unique(np.linspace(0, len(counts.score) - 1, most).round().astype(np.int64))
    # An alert is a score at or above the threshold.
    missed = np.cumsum(counts.positives) - counts.positives
    flagged = negatives - (np.cumsum(counts.negatives) - counts.negatives)
    return tuple(
        DetPoint(
            float(counts.score[n]),
            float(flagged[n] / negatives) if negatives else None,
            float(missed[n] / positives) if positives else None,
        )
        for n in chosen
    )


def calibration(counts: ScoreCounts, bins: int = 10, level: float = 0.95) -> tuple[ScoreBin, ...]:
    """Share whose outcome is true, in bins of about as many people from the lowest score up.

    Equal scores share a bin; with at most `bins` different scores each has its own.

    Parameters
    ----------
    counts : ScoreCounts
    bins : int
    level : float
        Of Wilson's interval.
    """
    size = counts.positives + counts.negatives
    if len(size) <= bins:
        place = np.arange(len(size))
    else:
        middle = (np.cumsum(size) - 0.5 * size) / size.sum()
        place = np.minimum((middle * bins).astype(np.int64), bins - 1)
    found = []
    starts = np.flatnonzero(np.diff(place, prepend=-1))  # places only rise
    for start, end in zip(starts, [*starts[1:], len(place)], strict=True):
        events, trials = int(counts.positives[start:end].sum()), int(size[start:end].sum())
        low, high = wilson(events, trials, level)
        found.append(ScoreBin(
            float(counts.score[start]), float(counts.score[end - 1]), events / trials, events,
            trials, float(low), float(high),
        ))  # fmt: skip
    return tuple(found)
