"""Whether one forecast is better than the reference, which of all together, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from veedor.statistics import BlockBootstrap
from veedor.study.verification.ground import Ground
from veedor.verification import (
    SCORES,
    diebold_mariano,
    e_process,
    gain_at_incidents,
    gain_of_scores,
    implied_gain,
    implied_score_errors,
    judge,
    log_score,
    model_confidence_set,
    plausible_gain,
    skill_by_lead_time,
    skill_by_month,
    skill_by_zone,
    skill_change,
)

Floats = npt.NDArray[np.float64]
Scores = Mapping[str, Mapping[str, Floats]]
Errors = Mapping[str, Floats]

_OF_INCIDENTS = "incidents recorded in the cells"


def comparisons(
    ground: Ground, scores: Scores, errors: Errors, bootstrap: BlockBootstrap, seed: int
) -> list[dict[str, Any]]:
    """Each forecaster against the reference: gain, tests, evidence that may be looked at weekly.

    Parameters
    ----------
    ground : Ground
        Each period once.
    scores : mapping of forecaster to score to array, shape (periods, cells)
    errors : mapping of score to array, shape (forecasters, forecasters)
        Of `implied_errors`.
    bootstrap : BlockBootstrap
    seed : int

    Returns
    -------
    list of dict
        JSON-ready but for the gains, each a `Judged`: verdicts need the whole family.
    """
    reference = ground.stated[ground.reference]
    theirs = scores[ground.reference]
    rows = []
    for number, (name, stated) in enumerate(ground.stated.items()):
        if name == ground.reference:
            continue
        mine = scores[name]
        gain = gain_of_scores(mine["log_score"], theirs["log_score"])
        implied = stated.implied_gain(reference)
        log_ratio = np.log(stated.cells.mean / reference.cells.mean)
        paired = gain_at_incidents(
            np.repeat(log_ratio.ravel(), ground.observed.ravel()),
            float(stated.cells.mean.sum()),
            float(reference.cells.mean.sum()),
            implied=implied_gain(stated.cells, reference.cells, means_only=True).errors(1.0),
        )
        rows.append(
            {
                "forecaster": name,
                "gain": judge(
                    bootstrap,
                    gain,
                    ground.incidents,
                    implied,
                    same=stated.same_as(reference),
                    of=_OF_INCIDENTS,
                ),
                "gain_at_same_totals": judge(
                    bootstrap,
                    stated.gain_of_places(reference, ground.observed),
                    ground.incidents,
                    stated.implied_gain_of_places(reference),
                    same=stated.same_places_as(reference),
                    of=_OF_INCIDENTS,
                ),
                "by_period": [
                    float(top / below) if below > 0.0 else None
                    for top, below in zip(gain, ground.incidents, strict=True)
                ],
                "paired": paired.to_dict(),
                "diebold_mariano": {
                    score: diebold_mariano(
                        mine[score].mean(axis=1),
                        theirs[score].mean(axis=1),
                        implied=(errors[score][0, number], errors[score][number, 0]),
                    ).to_dict()
                    for score in mine
                },
                "e_process": _evidence(gain, plausible_gain(implied)),
                "change": skill_change(
                    np.divide(
                        gain, ground.incidents, out=np.zeros(len(gain)), where=ground.incidents > 0
                    ),
                    seed=seed,
                ).to_dict(),
            }
        )
    return rows


def implied_errors(ground: Ground) -> Errors:
    """Errors of mean differences of each two forecasters' scores that they themselves imply."""
    stated = list(ground.stated.values())
    return {
        score: implied_score_errors(
            known.function, [one.cells for one in stated], [one.totals for one in stated]
        )
        / len(ground.cells)
        for score, known in SCORES.items()
    }


def _evidence(gain: Floats, bound: Floats) -> dict[str, Any]:
    found = {
        side: e_process(gain, bound=bound, cap=True, alternative=side)
        for side in ("better", "worse")
    }
    return {
        side: {
            "result": one.result.to_dict(),
            "capped": one.capped,
            "rejected_at": one.rejected_at(),
            "log_e": one.log_e.tolist(),
        }
        for side, one in found.items()
    }


def together(ground: Ground, scores: Scores, errors: Errors, seed: int) -> dict[str, Any] | None:
    """Forecasters that cannot be told from the best; None for one alone.

    Those that state the same as the reference are one with it.
    """
    reference = ground.stated[ground.reference]
    several = [
        place
        for place, (name, stated) in enumerate(ground.stated.items())
        if name == ground.reference or not stated.same_as(reference)
    ]
    if len(several) < 2:
        return None
    names = [list(ground.stated)[place] for place in several]
    return {
        score: model_confidence_set(
            np.column_stack([scores[name][score].mean(axis=1) for name in names]),
            names,
            seed=seed,
            implied=np.maximum(errors[score], errors[score].T)[np.ix_(several, several)],
        ).to_dict()
        for score in ("log_score", "crps")
    }


def when(every: Ground, ground: Ground, scores: Scores, seed: int) -> list[dict[str, Any]]:
    """Gain over the reference by lead time (of all forecasts), month and zone.

    Parameters
    ----------
    every : Ground
        Every period as forecast from every issue time.
    ground : Ground
        Each period once.
    scores, seed
        As in `comparisons`.
    """
    theirs, reference = scores[ground.reference]["log_score"], ground.stated[ground.reference]
    rows = []
    for name, stated in ground.stated.items():
        if name == ground.reference:
            continue
        gain = theirs - scores[name]["log_score"]
        row: dict[str, Any] = {
            "forecaster": name,
            "by_lead_time": _by_lead_time(every, name, seed),
            "by_month": _told(
                skill_by_month(
                    gain.sum(axis=1),
                    ground.incidents,
                    ground.start,
                    ground.time_zone,
                    ground.weeks,
                    np.random.default_rng(seed),
                    implied=stated.implied_gain(reference),
                )
            ),
            "by_zone": None,
        }
        if ground.zones is not None:
            names, number = ground.zones
            labels = np.array([*names, "in no zone"])[number]
            row["by_zone"] = _told(
                skill_by_zone(
                    gain,
                    ground.observed,
                    labels,
                    ground.weeks,
                    np.random.default_rng(seed),
                    implied=implied_gain(
                        stated.cells,
                        reference.cells,
                        groups=np.unique(labels, return_inverse=True)[1].astype(np.int64),
                    ),
                )
            )
        rows.append(row)
    return rows


def _by_lead_time(every: Ground, name: str, seed: int) -> dict[str, Any]:
    stated, reference = every.stated[name], every.stated[every.reference]
    gain = gain_of_scores(
        log_score(stated.cells, every.observed), log_score(reference.cells, every.observed)
    )
    return _told(
        skill_by_lead_time(
            gain,
            every.incidents,
            every.lead_time,
            every.weeks,
            np.random.default_rng(seed),
            implied=stated.implied_gain(reference),
        )
    )


def _told(estimates: Mapping[str, Any]) -> dict[str, Any]:
    return {label: estimate.to_dict() for label, estimate in estimates.items()}
