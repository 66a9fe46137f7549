"""Whether one forecast is better than the reference, which of all together, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from veedor.study.verification.ground import Ground
from veedor.verification import (
    BlockBootstrap,
    diebold_mariano,
    e_process,
    gain_at_incidents,
    gain_of_scores,
    log_score,
    model_confidence_set,
    skill_by_lead_time,
    skill_by_month,
    skill_by_zone,
    skill_change,
)

Floats = npt.NDArray[np.float64]
Scores = Mapping[str, Mapping[str, Floats]]

# Fixed before anything is seen: a period's mean Brier scores lie between 0 and 1.
BOUND = 1.0
_OF_INCIDENTS = "incidents recorded in the cells"


def comparisons(
    ground: Ground, scores: Scores, bootstrap: BlockBootstrap, seed: int
) -> list[dict[str, Any]]:
    """Each forecaster against the reference: gain, tests, evidence that may be looked at weekly.

    Parameters
    ----------
    ground : Ground
        Each period once.
    scores : mapping of forecaster to score to array, shape (periods, cells)
    bootstrap : BlockBootstrap
    seed : int
    """
    reference = ground.stated[ground.reference]
    theirs = scores[ground.reference]
    rows = []
    for name, stated in ground.stated.items():
        if name == ground.reference:
            continue
        mine = scores[name]
        gain = gain_of_scores(mine["log_score"], theirs["log_score"])
        scaled = log_score(stated.rescaled(reference.totals.mean), ground.observed)
        ratio = np.repeat(
            np.log(stated.cells.mean / reference.cells.mean).ravel(), ground.observed.ravel()
        )
        paired = gain_at_incidents(
            ratio, float(stated.cells.mean.sum()), float(reference.cells.mean.sum())
        )
        brier = theirs["brier"].mean(axis=1) - mine["brier"].mean(axis=1)
        rows.append(
            {
                "forecaster": name,
                "gain": bootstrap.ratio(gain, ground.incidents, of=_OF_INCIDENTS).to_dict(),
                "gain_at_same_totals": bootstrap.ratio(
                    gain_of_scores(scaled, theirs["log_score"]),
                    ground.incidents,
                    of=_OF_INCIDENTS,
                ).to_dict(),
                "by_period": [
                    float(top / below) if below > 0.0 else None
                    for top, below in zip(gain, ground.incidents, strict=True)
                ],
                "paired": paired.to_dict(),
                "diebold_mariano": {
                    score: diebold_mariano(
                        mine[score].mean(axis=1), theirs[score].mean(axis=1)
                    ).to_dict()
                    for score in mine
                },
                "e_process": _evidence(brier),
                "change": skill_change(
                    np.divide(
                        gain, ground.incidents, out=np.zeros(len(gain)), where=ground.incidents > 0
                    ),
                    seed=seed,
                ).to_dict(),
            }
        )
    return rows


def _evidence(brier: Floats) -> dict[str, Any]:
    found = {side: e_process(brier, bound=BOUND, alternative=side) for side in ("better", "worse")}
    return {
        side: {
            "result": one.result.to_dict(),
            "rejected_at": one.rejected_at(),
            "log_e": one.log_e.tolist(),
        }
        for side, one in found.items()
    }


def together(scores: Scores, seed: int) -> dict[str, Any] | None:
    """Forecasters that cannot be told from the best; None for one alone."""
    if len(scores) < 2:
        return None
    return {
        score: model_confidence_set(
            np.column_stack([one[score].mean(axis=1) for one in scores.values()]),
            tuple(scores),
            seed=seed,
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
    reference = scores[ground.reference]["log_score"]
    rows = []
    for name in ground.stated:
        if name == ground.reference:
            continue
        gain = reference - scores[name]["log_score"]
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
                )
            ),
            "by_zone": None,
        }
        if ground.zones is not None:
            names, number = ground.zones
            labels = np.array([*names, "in no zone"])[number]
            row["by_zone"] = _told(
                skill_by_zone(
                    gain, ground.observed, labels, ground.weeks, np.random.default_rng(seed)
                )
            )
        rows.append(row)
    return rows


def _by_lead_time(every: Ground, name: str, seed: int) -> dict[str, Any]:
    gain = gain_of_scores(
        log_score(every.stated[name].cells, every.observed),
        log_score(every.stated[every.reference].cells, every.observed),
    )
    return _told(
        skill_by_lead_time(
            gain, every.incidents, every.lead_time, every.weeks, np.random.default_rng(seed)
        )
    )


def _told(estimates: Mapping[str, Any]) -> dict[str, Any]:
    return {label: estimate.to_dict() for label, estimate in estimates.items()}
