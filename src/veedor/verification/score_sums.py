"""Scores of many forecasts at once, summed over the cells of each period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from veedor.arrays import Floats, Ints
from veedor.forecasts import CountDistribution
from veedor.verification.scores import SCORES
from veedor.verification.trial import Trial

#: Forecaster -> score -> its sum over the cells of each period, shape (periods,).
ScoreSums: TypeAlias = Mapping[str, Mapping[str, Floats]]

# Counts that are scored in one go: enough to be fast, few enough for any memory.
_AT_ONCE = 500_000


def score_sums(tried: Sequence[tuple[Trial, tuple[str, ...]]]) -> list[ScoreSums]:
    """Sum scores over the cells of each period; those of many forecasts in one call.

    Parameters
    ----------
    tried : sequence of (Trial, tuple of str)
        With the scores that are asked of each; the log score is given in any case.
    """
    jobs: dict[tuple[int, int], tuple[CountDistribution, Ints]] = {}
    wanted: dict[str, dict[tuple[int, int], None]] = {}
    for trial, asked in tried:
        for series in trial.forecasts.values():
            key = id(series.cells), id(trial.observed)
            jobs[key] = series.cells, trial.observed
            for name in dict.fromkeys((*asked, "log_score")):
                wanted.setdefault(name, {})[key] = None
    sums: dict[tuple[str, int, int], Floats] = {}
    for name, keys in wanted.items():
        for together in _portions([(key, jobs[key][1].size) for key in keys]):
            scored = _sums_of(name, [jobs[key] for key in together])
            sums |= {(name, *key): found for key, found in zip(together, scored, strict=True)}
    return [
        {
            who: {
                name: sums[name, id(series.cells), id(trial.observed)]
                for name in dict.fromkeys((*asked, "log_score"))
            }
            for who, series in trial.forecasts.items()
        }
        for trial, asked in tried
    ]


def _portions(sized: Sequence[tuple[tuple[int, int], int]]) -> list[list[tuple[int, int]]]:
    """Divide keys so that each portion but single large ones stays below what is done at once."""
    portions: list[list[tuple[int, int]]] = []
    held = _AT_ONCE + 1
    for key, size in sized:
        if held + size > _AT_ONCE:
            portions.append([])
            held = 0
        portions[-1].append(key)
        held += size
    return portions


def _sums_of(name: str, jobs: Sequence[tuple[CountDistribution, Ints]]) -> list[Floats]:
    """Sum one score over the cells of each period, of several forecasts in one call."""
    score = SCORES[name].function
    if len(jobs) == 1:
        return [score(*jobs[0]).sum(axis=1)]
    values = score(
        CountDistribution(
            np.concatenate([made.mean.ravel() for made, _ in jobs]),
            np.concatenate([made.dispersion.ravel() for made, _ in jobs]),
        ),
        np.concatenate([seen.ravel() for _, seen in jobs]),
    )
    if len({seen.shape[1] for _, seen in jobs}) == 1:
        rows = values.reshape(-1, jobs[0][1].shape[1]).sum(axis=1)
        ends = np.cumsum([0, *(len(seen) for _, seen in jobs)]).tolist()
        return [rows[first:end] for first, end in pairwise(ends)]
    ends = np.cumsum([0, *(seen.size for _, seen in jobs)]).tolist()
    return [
        values[first:end].reshape(seen.shape).sum(axis=1)
        for (first, end), (_, seen) in zip(pairwise(ends), jobs, strict=True)
    ]
