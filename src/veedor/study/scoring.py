"""From forecasts and outcomes to the numbers of results.json, one category at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from veedor.forecasts import CountDistribution
from veedor.spacetime import Cells, Counts
from veedor.statistics import BlockBootstrap
from veedor.study.stated import Stated
from veedor.verification import (
    SCORES,
    Judged,
    calibration_of_sums,
    captured,
    gain_of_scores,
    judge,
    log_score,
    most_capturable,
    pit_cdf,
    pit_histogram,
    reliability_bins,
)

Floats = npt.NDArray[np.float64]

AREA_FRACTIONS = (0.01, 0.05, 0.20)
COVERAGE_LEVELS = (0.5, 0.8, 0.95)
#: Groups of cells by level of forecast whose sums are checked; each expects about as much.
SUM_GROUPS = 5
_PIT_EDGES = np.linspace(0.0, 1.0, 11)
_INTERVAL_EDGES = np.array(
    [(1.0 + side * level) / 2.0 for level in COVERAGE_LEVELS for side in (-1, 1)]
)
OF_INCIDENTS = "incidents recorded in the cells"
STUDY_SCORES = ("log_score", "poisson_deviance", "crps", "brier")


class CategoryScoring:
    """Scores of every forecaster for one category, against one reference.

    Parameters
    ----------
    observed : Counts
        In all forecast periods.
    cells : Cells
    bootstrap : BlockBootstrap
    reference : Stated
    seed : int
        Of simulations.
    """

    def __init__(
        self,
        observed: Counts,
        cells: Cells,
        bootstrap: BlockBootstrap,
        reference: Stated,
        seed: int = 0,
    ) -> None:
        self._seed = seed
        self._observed = observed
        self._cells = cells
        self._bootstrap = bootstrap
        self._reference = reference
        self._reference_scores = log_score(reference.cells, observed.values)
        self._incidents = observed.values.sum(axis=1).astype(np.float64)

    def summary(self) -> dict[str, Any]:
        """What does not depend on a forecaster: counts, chance, and the best that was possible."""
        area, values = self._cells.area_km2, self._observed.values
        total = float(self._incidents.sum())
        best = []
        for fraction in AREA_FRACTIONS:
            most = float(most_capturable(values, area, fraction).sum())
            rate = most / total if total else None
            best.append(
                {
                    "area_fraction": fraction,
                    "capture_rate": rate,
                    "pai": None if rate is None else rate / fraction,
                }
            )
        return {
            "counted": {
                "inside": int(values.sum()),
                "unlocated": int(self._observed.unlocated.sum()),
                "outside": int(self._observed.outside.sum()),
            },
            "observed_total": values.sum(axis=1).tolist(),
            "chance": {
                "places": [
                    {"area_fraction": fraction, "capture_rate": fraction, "pai": 1.0}
                    for fraction in AREA_FRACTIONS
                ]
            },
            "oracle": {"places": best},
        }

    def of(self, name: str, stated: Stated) -> dict[str, Any]:
        """Return everything about one forecaster, for the same rows as the reference's.

        All is JSON-ready but the gains, each a `Judged`: verdicts need the whole family.
        """
        whole, totals = stated.cells, stated.totals
        values = self._observed.values
        scored = {key: SCORES[key].function(whole, values) for key in STUDY_SCORES}
        size = np.full(len(self._incidents), float(len(self._cells)))
        every = f"cells x periods: {len(self._cells):,} cells in {len(self._incidents)} periods"
        gain = gain_of_scores(scored["log_score"], self._reference_scores)
        hits = captured(whole.mean, values, self._cells.area_km2, 0.05)
        is_reference = stated is self._reference
        pit, area_pit = self._pits(whole, totals)
        low, high = totals.quantile(0.025), totals.quantile(0.975)
        return {
            "forecaster": name,
            "scores": {
                key: self._bootstrap.ratio(score.sum(axis=1), size, of=every).to_dict()
                for key, score in scored.items()
            },
            "gain": dict.fromkeys(("raw", "rescaled"))
            if is_reference
            else {"raw": self._judged(gain, stated), "rescaled": self._of_places(stated)},
            "places": [self._place(whole.mean, fraction) for fraction in AREA_FRACTIONS],
            "by_period": {
                "expected_total": totals.mean.tolist(),
                "total_low": low.tolist(),
                "total_high": high.tolist(),
                "log_score": scored["log_score"].mean(axis=1).tolist(),
                "gain": [None] * len(gain) if is_reference else _ratio(gain, self._incidents),
                "capture_rate": _ratio(hits, self._incidents),
            },
            "calibration": {
                "pit": pit_histogram(
                    pit[: len(_PIT_EDGES)].sum(axis=1) / float(values.size)
                ).tolist(),
                "coverage": self._coverage(pit[len(_PIT_EDGES) :], area_pit),
                "reliability": self._reliability(whole.mean),
                "sums": calibration_of_sums(
                    whole,
                    values,
                    reliability_bins(whole.mean, SUM_GROUPS),
                    self._bootstrap,
                    totals=totals if stated.totals_stated else None,
                    seed=self._seed,
                ).to_dict(),
            },
        }

    def _judged(self, gain: Floats, stated: Stated) -> Judged:
        return judge(
            self._bootstrap,
            gain,
            self._incidents,
            stated.implied_gain(self._reference),
            same=stated.same_as(self._reference),
            of=OF_INCIDENTS,
        )

    def _of_places(self, stated: Stated) -> Judged:
        """Gain of the means as Poisson rates, scaled to the reference's totals: places alone."""
        values = self._observed.values
        return judge(
            self._bootstrap,
            stated.gain_of_places(self._reference, values),
            self._incidents,
            stated.implied_gain_of_places(self._reference),
            same=stated.same_places_as(self._reference),
            of=OF_INCIDENTS,
        )

    def _pits(self, whole: CountDistribution, totals: CountDistribution) -> tuple[Floats, Floats]:
        """PIT at the histogram's and the intervals' edges: summed over cells, and of the totals."""
        values = self._observed.values
        cells = pit_cdf(whole, values, np.concatenate([_PIT_EDGES, _INTERVAL_EDGES]))
        return cells.sum(axis=2), pit_cdf(totals, values.sum(axis=1), _INTERVAL_EDGES)

    def _place(self, mean: Floats, fraction: float) -> dict[str, Any]:
        area, values = self._cells.area_km2, self._observed.values
        hits = captured(mean, values, area, fraction)
        most = most_capturable(values, area, fraction)
        incidents = int(self._incidents.sum())
        return {
            "area_fraction": fraction,
            "capture_rate": self._bootstrap.ratio(hits, self._incidents, of=OF_INCIDENTS).to_dict(),
            "pai": self._bootstrap.ratio(
                hits / fraction,
                self._incidents,
                of="incidents recorded in the cells; capture rate by share of area",
            ).to_dict(),
            "pei": self._bootstrap.ratio(
                hits,
                most,
                n=incidents,
                of="incidents recorded in the cells; captured by most capturable at this area",
            ).to_dict(),
        }

    def _coverage(self, cells: Floats, area: Floats) -> list[dict[str, Any]]:
        size = np.full(len(self._incidents), float(len(self._cells)))
        rows = []
        for number, level in enumerate(COVERAGE_LEVELS):
            low, high = 2 * number, 2 * number + 1
            rows.append(
                {
                    "level": level,
                    "cells": self._bootstrap.ratio(
                        cells[high] - cells[low], size, of="cells x periods"
                    ).to_dict(),
                    "totals": self._bootstrap.ratio(
                        area[high] - area[low], np.ones(len(self._incidents)), of="periods"
                    ).to_dict(),
                }
            )
        return rows

    def _reliability(self, mean: Floats) -> list[dict[str, Any]]:
        index = reliability_bins(mean)
        rows = []
        for number in np.unique(index):
            mine = index == number
            size = mine.sum(axis=1).astype(np.float64)
            rows.append(
                {
                    "cells": int(size.sum()),
                    "expected": float(mean[mine].mean()),
                    "observed": self._bootstrap.ratio(
                        (self._observed.values * mine).sum(axis=1), size, of="cells x periods"
                    ).to_dict(),
                }
            )
        return rows


def _ratio(numerator: Floats, denominator: Floats) -> list[float | None]:
    return [
        float(top / below) if below > 0.0 else None
        for top, below in zip(numerator, denominator, strict=True)
    ]
