"""Everything that is asked of the forecasts of one category, as one dictionary."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from veedor.progress import Progress, Silent
from veedor.statistics import BlockBootstrap
from veedor.study.scoring import SUM_GROUPS
from veedor.study.verification.ground import Ground
from veedor.study.verification.skill import comparisons, implied_errors, together, when
from veedor.verification import (
    SCORES,
    area_swept,
    brier_decomposition,
    calibration_of_sums,
    capture_table,
    concentration_table,
    conditional_likelihood_test,
    coverage_by_group,
    likelihood_test,
    mean_reliability,
    number_test,
    pit_by_period,
    pit_histogram,
    randomised_pit,
    randomised_pit_histogram,
    reliability_bins,
    reliability_curve,
    space_test,
    stability_table,
)

Floats = npt.NDArray[np.float64]

SIMULATIONS = 999
_COVERAGE_LEVELS = (0.5, 0.8, 0.95)
_BINS = 10
_PIT_EDGES = np.linspace(0.0, 1.0, _BINS + 1)


def examine(every: Ground, seed: int, progress: Progress | None = None) -> dict[str, Any]:
    """Examine all forecasters of one category.

    Parameters
    ----------
    every : Ground
        Every period as forecast from every issue time. All but skill by lead time is asked of
        each period's last forecast.
    seed : int
        Of intervals and simulations; each question has a generator of its own.
    progress : Progress, optional

    Returns
    -------
    dict
        JSON-ready but for the gains of ``comparisons``, each a `Judged`: verdicts hold together
        over all categories.
    """
    ground = every.latest()
    progress = progress or Silent()
    progress.step(f"Verifying {ground.category}", len(ground.stated) + 1)
    bootstrap = BlockBootstrap(ground.weeks, np.random.default_rng(seed))
    scores = {
        name: {
            score: known.function(stated.cells, ground.observed) for score, known in SCORES.items()
        }
        for name, stated in ground.stated.items()
    }
    forecasters = []
    for number, name in enumerate(ground.stated):
        forecasters.append(
            {
                "forecaster": name,
                "scores": _scores(ground, bootstrap, scores[name]),
                "totals": _totals(ground, name),
                "calibration": _calibration(ground, name, bootstrap, seed),
                "consistency": _consistency(ground, name, seed),
            }
        )
        progress.advance(number + 1)
    starts, ends = ground.labels
    errors = implied_errors(ground)
    return {
        "name": ground.category,
        "reference": ground.reference,
        "reference_made": ground.reference_made,
        "periods": {
            "start": starts,
            "end": ends,
            "forecast_more_than_once": len(every) - len(ground),
        },
        "counted": {
            "inside": int(ground.observed.sum()),
            "unlocated": int(ground.unlocated.sum()),
            "outside": int(ground.outside.sum()),
            "by_period": ground.observed.sum(axis=1).tolist(),
        },
        "forecasters": forecasters,
        "places": _places(ground, bootstrap, seed),
        "comparisons": comparisons(ground, scores, errors, bootstrap, seed),
        "together": together(ground, scores, errors, seed),
        "when": when(every, ground, scores, seed),
    }


def _scores(ground: Ground, bootstrap: BlockBootstrap, scores: dict[str, Floats]) -> dict[str, Any]:
    cells, periods = len(ground.cells), len(ground)
    of = f"cells x periods: {cells:,} cells in {periods} periods"
    size = np.full(periods, float(cells))
    return {
        name: bootstrap.ratio(score.sum(axis=1), size, of=of).to_dict()
        for name, score in scores.items()
    }


def _totals(ground: Ground, name: str) -> dict[str, Any]:
    totals = ground.stated[name].totals
    return {
        "expected": totals.mean.tolist(),
        "low": totals.quantile(0.025).tolist(),
        "high": totals.quantile(0.975).tolist(),
        "level": 0.95,
        "uncertainty_stated": ground.stated[name].totals_stated,
    }


def _places(ground: Ground, bootstrap: BlockBootstrap, seed: int) -> dict[str, Any]:
    """Rankings beside chance and the oracle (what was recorded), on the same cells."""
    means = {name: stated.cells.mean for name, stated in ground.stated.items()}
    given = (means, ground.observed, ground.cells.area_km2)
    rng = np.random.default_rng(seed)
    return {
        "captured": [row.to_dict() for row in capture_table(*given, bootstrap)],
        "area_swept": [row.to_dict() for row in area_swept(*given, bootstrap)],
        "stability": [row.to_dict() for row in stability_table(*given, bootstrap)],
        "concentration": [row.to_dict() for row in concentration_table(*given, rng)],
    }


def _calibration(ground: Ground, name: str, bootstrap: BlockBootstrap, seed: int) -> dict[str, Any]:
    stated, observed = ground.stated[name], ground.observed
    probability, happened = stated.cells.probability_of_any(), observed > 0
    level = reliability_bins(stated.cells.mean, _BINS)
    cells = (stated.cells, observed)
    zones = None
    if ground.zones is not None:
        names, number = ground.zones
        zones = [
            {"zone": names[row.group]} | row.to_dict()
            for row in coverage_by_group(*cells, number, bootstrap, levels=_COVERAGE_LEVELS)
        ]
    pit = pit_by_period(*cells, _PIT_EDGES).mean(axis=1)
    totals = pit_by_period(stated.totals[:, None], observed.sum(axis=1)[:, None], _interval_edges())
    return {
        "pit": pit_histogram(pit).tolist(),
        "randomised_pit": randomised_pit_histogram(
            randomised_pit(*cells, np.random.default_rng(seed)), _BINS
        ).tolist(),
        "totals": [
            {
                "level": level_,
                "coverage": bootstrap.ratio(
                    totals[2 * number + 1] - totals[2 * number],
                    np.ones(len(ground)),
                    of="periods",
                ).to_dict(),
            }
            for number, level_ in enumerate(_COVERAGE_LEVELS)
        ],
        "coverage_by_level": [
            row.to_dict()
            for row in coverage_by_group(*cells, level, bootstrap, levels=_COVERAGE_LEVELS)
        ],
        "coverage_by_zone": zones,
        "means": [
            row.to_dict() for row in mean_reliability(stated.cells.mean, observed, level, bootstrap)
        ],
        "sums": calibration_of_sums(
            *cells,
            reliability_bins(stated.cells.mean, SUM_GROUPS),
            bootstrap,
            totals=stated.totals if stated.totals_stated else None,
            seed=seed,
        ).to_dict(),
        "brier": brier_decomposition(probability, happened).to_dict(),
        "reliability": reliability_curve(
            probability, happened, np.random.default_rng(seed)
        ).to_dict(),
    }


def _interval_edges() -> Floats:
    return np.array([(1.0 + side * level) / 2.0 for level in _COVERAGE_LEVELS for side in (-1, 1)])


def _consistency(ground: Ground, name: str, seed: int) -> dict[str, Any]:
    stated, observed = ground.stated[name], ground.observed
    simulated = {"simulations": SIMULATIONS, "seed": seed}
    return {
        "number": number_test(stated.totals, observed.sum(axis=1)).to_dict(),
        "likelihood": likelihood_test(stated.cells, observed, **simulated).to_dict(),
        "conditional_likelihood": conditional_likelihood_test(
            stated.cells, observed, **simulated
        ).to_dict(),
        "space": space_test(stated.cells, observed, **simulated).to_dict(),
    }
