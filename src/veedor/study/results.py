"""results.json: every number of the report, with a schema version, the same bytes each time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

import veedor
from veedor.backtest import Absence, Backtest, Executor
from veedor.forecasters import REFERENCE, Entry, find_forecaster
from veedor.spacetime import Counts, week_blocks
from veedor.spacetime.periods import local_iso
from veedor.statistics import BlockBootstrap
from veedor.study.config import Study
from veedor.study.history_worth import history_worth
from veedor.study.preparation import Prepared
from veedor.study.scoring import STUDY_SCORES, CategoryScoring
from veedor.study.stated import Stated
from veedor.study.verdicts import tell
from veedor.verification import SCORES, Definition

SCHEMA_VERSION = 3

_DEFINITIONS: dict[str, Definition] = {
    **{name: SCORES[name] for name in STUDY_SCORES},
    "information_gain": Definition(
        "Information gain",
        "nats per incident",
        "larger is better",
        "How much more probable the forecast made the recorded counts than the reference did.",
        "Rhoades et al. (2011), https://doi.org/10.2478/s11600-011-0013-5",
    ),
    "capture_rate": Definition(
        "Capture rate",
        "share of incidents",
        "larger is better",
        "Share of the recorded incidents in the flagged area; ties are broken by expectation.",
        "Chainey et al. (2008), https://doi.org/10.1057/palgrave.sj.8350066",
    ),
    "pai": Definition(
        "PAI",
        "ratio",
        "larger is better",
        "Prediction accuracy index: capture rate by share of area; 1 is chance.",
        "Chainey et al. (2008), https://doi.org/10.1057/palgrave.sj.8350066",
    ),
    "pei": Definition(
        "PEI",
        "ratio",
        "larger is better",
        "Prediction efficiency index: captured by the most that any choice of this area captures.",
        "Hunt (2016), Do crime hot spots move? American University",
    ),
}


@dataclass(frozen=True, eq=False)
class _Scored:
    """What the scoring of a category needs, wherever it runs."""

    study: Study
    backtest: Backtest
    bootstrap: BlockBootstrap
    outcomes: dict[str, Counts]


def build_results(
    prepared: Prepared, backtest: Backtest, outcomes: dict[str, Counts], executor: Executor
) -> dict[str, Any]:
    """Score every forecast of a backtest, a task a category, and what its record is worth.

    Returns
    -------
    dict
        JSON-ready, without times of day or names of machines: the same study, seed and versions
        give the same dict.
    """
    study, cells, periods = prepared.study, prepared.cells, prepared.periods
    zone = study.incidents.time_zone
    starts, ends = periods.labels()
    bootstrap = BlockBootstrap(week_blocks(periods), np.random.default_rng(study.study.seed))
    shared = _Scored(study, backtest, bootstrap, outcomes)
    categories = {one["name"]: one for one in executor.run(_category, shared, backtest.categories)}
    worth = history_worth(backtest, outcomes, bootstrap, executor)
    gains = [one["gain"] for made in categories.values() for one in made["forecasts"]]
    tell([(gain, "raw") for gain in gains])
    tell([(gain, "rescaled") for gain in gains])
    tell([(part, "gain") for one in worth.values() for part in one["history"]])
    tell([(one["last_doubling"], "gain") for one in worth.values() if one["last_doubling"]])
    return {
        "schema_version": SCHEMA_VERSION,
        "veedor": veedor.__version__,
        "study": {
            "name": study.study.title,
            "title": study.study.title,
            "seed": study.study.seed,
            "time_zone": zone,
            "crs": study.incidents.crs,
            "reference": REFERENCE,
        },
        "cells": {
            "shape": cells.shape,
            "size_m": cells.size_m,
            "count": len(cells),
            "area_km2": float(cells.area_km2.sum()),
            "smallest_km2": float(cells.area_km2.min()),
            "area_source": cells.source,
            "note": _cells_note(cells.lost_km2),
        },
        "periods": {"length": str(study.length), "start": starts, "end": ends},
        "origins": [local_iso(origin, zone) for origin in backtest.origins],
        "lead": None if backtest.lead is None else str(backtest.lead),
        "data_cutoffs": [local_iso(cutoff, zone) for cutoff in backtest.cutoffs],
        "periods_per_origin": backtest.periods_per_origin,
        "score_definitions": {name: one.to_dict() for name, one in _DEFINITIONS.items()},
        "forecasters": [_forecaster(entry) for entry in backtest.entries],
        "categories": [categories[name] | worth[name] for name in backtest.categories],
    }


def _forecaster(entry: Entry) -> dict[str, Any]:
    known, maker = find_forecaster(entry.kind), entry.make()
    return {
        "name": entry.name,
        "kind": type(maker).__name__,
        "package": known.package,
        "version": known.version,
        "description": (type(maker).__doc__ or "").strip().split("\n")[0],
        "is_reference": entry.name == REFERENCE,
        "parameters": maker.get_params(),
    }


def _category(shared: _Scored, name: str) -> dict[str, Any]:
    backtest = shared.backtest
    reference = Stated.of(backtest.forecasts(name, REFERENCE))
    absences = {
        forecaster: backtest.absences(name, forecaster) for forecaster in backtest.forecasters
    }
    scoring = CategoryScoring(
        shared.outcomes[name],
        backtest.cells,
        shared.bootstrap,
        reference,
        shared.study.study.seed,
    )

    def scored(forecaster: str) -> dict[str, Any]:
        forecasts = backtest.forecasts(name, forecaster)
        stated = reference if forecaster == REFERENCE else Stated.of(forecasts)
        return scoring.of(forecaster, stated) | {"fitted": forecasts[-1].parameters}

    first = backtest.task(name, len(backtest.origins) - 1)
    known_by = next(c.known_by for c in shared.study.categories if c.name == name)
    return {
        "name": name,
        "known_by": known_by,
        "trained_on": {
            "first": first.periods.labels()[0][0],
            "last": first.periods.labels()[1][-1],
            "incidents": first.counts.total,
        },
        **scoring.summary(),
        "forecasts": [
            scored(forecaster) for forecaster in backtest.forecasters if not absences[forecaster]
        ],
        "absent": [_absent(found, len(backtest.origins)) for found in absences.values() if found],
    }


def _absent(found: list[Absence], origins: int) -> dict[str, Any]:
    """Why a forecaster is not scored: it has no forecast at some origins, the last of them why."""
    return {
        "forecaster": found[-1].forecaster,
        "origins_absent": len(found),
        "origins": origins,
        "reason": found[-1].reason,
    }


def _cells_note(lost_km2: float) -> str:
    note = "Border cells are clipped to the study area; pieces below 0.01 km2 join a neighbour."
    if lost_km2 > 0.0:
        note += f" {lost_km2:.4f} km2 in isolated specks belong to no cell."
    return note
