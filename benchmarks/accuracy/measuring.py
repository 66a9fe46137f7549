"""From archived forecasts to numbers, one category at a time and one forecaster after the other.

All gains are differences of log scores in nats per incident. "At the same totals" every forecast,
the one compared with too, is first rescaled to the totals of the reference: what remains is where.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.accuracy.cases import Case
from benchmarks.accuracy.making import costs
from veedor.backtest import Archive, Backtest
from veedor.forecasters import REFERENCE
from veedor.forecasts import CountDistribution, Forecast
from veedor.spacetime import Counts, week_blocks
from veedor.statistics import BlockBootstrap
from veedor.statistics.codes import Denominator
from veedor.statistics.estimates import Estimate
from veedor.verification import (
    Ask,
    Examination,
    Questions,
    Trial,
    captured,
    examine,
    log_score,
    poisson_deviance,
)

Floats = npt.NDArray[np.float64]
Figures = dict[str, Any]

FLOOR = "PastMean"
SEED = 1
_FLAGGED = 0.01
_QUESTIONS = Questions(
    scores=("log_score", "poisson_deviance", "crps", "brier"),
    ask=Ask.CAPTURE | Ask.CALIBRATION,
    area_fractions=(0.01, 0.05),
)


@dataclass(frozen=True, eq=False)
class ByPeriod:
    """Sums over the cells in each period, all that a comparison of two forecasts needs.

    Parameters
    ----------
    raw, same_totals : array, shape (periods,)
        Log scores.
    deviance : array, shape (periods,)
        Poisson, at the same totals: of the means alone.
    hits : array, shape (periods,)
        Incidents in the 1% of the area with the largest means.
    """

    raw: Floats
    same_totals: Floats
    deviance: Floats
    hits: Floats


@dataclass(frozen=True, eq=False)
class Measuring:
    """Measures forecasts of one case.

    Parameters
    ----------
    case : Case
    backtest : Backtest
        Its forecasters in the order of the tables.
    folder : Path
        Of all cases.
    judged : str
        The forecaster that is compared with every other one.
    with_history : tuple of str
        Forecasters whose forecasts from 13 weeks of history are there too.
    """

    case: Case
    backtest: Backtest
    folder: Path
    judged: str
    with_history: tuple[str, ...] = ()

    def category(self, category: str) -> Figures:
        """Everything about one category; a forecaster without all its forecasts is left out."""
        backtest = self.backtest
        if not self._has_all(self.case, category, REFERENCE):
            raise RuntimeError(f"{self.case.name}, {category}: no forecasts of {REFERENCE}")
        observed = backtest.outcomes(category)
        bootstrap = BlockBootstrap(week_blocks(backtest.plan.periods), np.random.default_rng(SEED))
        reference = self._forecasts(category, REFERENCE)
        cells = backtest.plan.cells
        made: dict[str, list[Forecast]] = {}
        totals = [forecast.mean.sum(axis=1) for forecast in reference]
        rows: dict[str, Figures] = {}
        sums: dict[str, ByPeriod] = {}
        for name in backtest.plan.forecasters:
            noted = costs(self.case, category, name, self.folder)
            if not self._has_all(self.case, category, name):
                absences = backtest.absences(category, name)
                reason = absences[-1].reason if absences else "forecasts are missing"
                rows[name] = {"left_out": reason}
                continue
            mine = reference if name == REFERENCE else self._forecasts(category, name)
            sums[name] = _by_period(mine, totals, observed, cells.area_km2)
            made[name] = mine
            rows[name] = {"cost": _cost(noted)}
            if self.case.length == "day":
                rows[name]["daily_over_weekly"] = self._daily_over_weekly(
                    category, name, mine, observed, bootstrap
                )
            if name in self.with_history and self._has_all(self._recent, category, name):
                recent = self._forecasts(category, name, self._recent)
                less = _by_period(recent, totals, observed, cells.area_km2)
                rows[name]["over_recent"] = _gains(sums[name], less, observed, bootstrap)
        zone = backtest.plan.periods.time_zone
        trial = Trial.of(made, [observed], reference=REFERENCE, time_zone=zone)
        examined = examine(trial, _QUESTIONS, seed=SEED)
        for name, one in sums.items():
            rows[name] |= _chosen(examined, name)
            rows[name] |= _compared(name, one, sums, self.judged, observed, bootstrap)
        return {
            "case": self.case.name,
            "size_m": self.case.size_m,
            "length": self.case.length,
            "category": category,
            "cells": len(cells),
            "periods": len(backtest.plan.periods),
            "incidents": int(observed.values.sum()),
            "forecasters": rows,
        }

    @property
    def _recent(self) -> Case:
        return replace(self.case, recent_only=True)

    def _has_all(self, case: Case, category: str, name: str) -> bool:
        archive = Archive(self.folder / case.name)
        return all(
            archive.path(category, name, origin).exists() for origin in self.backtest.plan.origins
        )

    def _forecasts(self, category: str, name: str, case: Case | None = None) -> list[Forecast]:
        archive = Archive(self.folder / (case or self.case).name)
        cells = self.backtest.plan.cells
        return [archive.get(category, name, origin, cells) for origin in self.backtest.plan.origins]

    def _daily_over_weekly(
        self,
        category: str,
        name: str,
        daily: Sequence[Forecast],
        observed: Counts,
        bootstrap: BlockBootstrap,
    ) -> Figures | None:
        """Gain of the daily forecasts over the weekly one's shares with the daily totals."""
        case = replace(self.case, length="week")
        if not self._has_all(case, category, name):
            return None
        parts = []
        for day, week in zip(daily, self._forecasts(category, name, case), strict=True):
            share = week.mean[0] / week.mean[0].sum()
            mean = np.multiply.outer(day.mean.sum(axis=1), share)
            parts.append(CountDistribution(mean, day.distribution.dispersion))
        used = np.concatenate(
            [
                log_score(part, values).sum(axis=1)
                for part, values in zip(parts, _split(daily, observed), strict=True)
            ]
        )
        plain = np.concatenate(
            [
                log_score(day.distribution, values).sum(axis=1)
                for day, values in zip(daily, _split(daily, observed), strict=True)
            ]
        )
        return _per_incident(used - plain, observed, bootstrap)


def _by_period(
    forecasts: Sequence[Forecast], totals: Sequence[Floats], observed: Counts, area_km2: Floats
) -> ByPeriod:
    parts = []
    for forecast, total, values in zip(forecasts, totals, _split(forecasts, observed), strict=True):
        scaled = forecast.rescaled(total).distribution
        parts.append(
            np.stack(
                [
                    log_score(forecast.distribution, values).sum(axis=1),
                    log_score(scaled, values).sum(axis=1),
                    poisson_deviance(scaled, values).sum(axis=1),
                    captured(forecast.mean, values, area_km2, _FLAGGED),
                ]
            )
        )
    return ByPeriod(*np.concatenate(parts, axis=1))


def _compared(
    name: str,
    one: ByPeriod,
    sums: dict[str, ByPeriod],
    judged: str,
    observed: Counts,
    bootstrap: BlockBootstrap,
) -> Figures:
    """Return this forecaster against the floor and the reference, and the judged against it."""
    found: Figures = {}
    for key, other in (("over_floor", FLOOR), ("over_reference", REFERENCE)):
        if other in sums and name != other:
            found[key] = _gains(one, sums[other], observed, bootstrap)
    if FLOOR in sums and name != FLOOR:
        found["capture_over_floor"] = _per_incident(
            one.hits - sums[FLOOR].hits, observed, bootstrap
        )
    if judged in sums and name != judged:
        found["judged_over_this"] = _gains(sums[judged], one, observed, bootstrap)
    return found


def _gains(
    one: ByPeriod, other: ByPeriod, observed: Counts, bootstrap: BlockBootstrap
) -> dict[str, Figures]:
    """Return information gains: at the same totals, of the means alone there, and as forecast."""
    by_period = {
        "same_totals": other.same_totals - one.same_totals,
        "means_alone": (other.deviance - one.deviance) / 2.0,
        "raw": other.raw - one.raw,
    }
    return {key: _per_incident(gain, observed, bootstrap) for key, gain in by_period.items()}


def _per_incident(amount: Floats, observed: Counts, bootstrap: BlockBootstrap) -> Figures:
    incidents = observed.values.sum(axis=1).astype(np.float64)
    return _short(bootstrap.ratio(amount, incidents, of=Denominator("incidents")))


def _chosen(examined: Examination, name: str) -> Figures:
    """Return of all that an examination says what the tables print."""
    one = examined.of(name)
    assert one.calibration is not None
    return {
        "scores": {key: _short(found) for key, found in one.scores.items()},
        "places": [
            {
                "area_fraction": row.area_fraction,
                **{key: _short(getattr(row, key)) for key in ("capture_rate", "pai", "pei")},
            }
            for row in examined.places.captured
            if row.ranking == name
        ],
        "coverage": [
            {"level": row.level, "cells": _short(row.cells), "totals": _short(row.totals)}
            for row in one.calibration.coverage
        ],
        "pit": one.calibration.pit,
    }


def _short(estimate: Estimate) -> Figures:
    return {"value": estimate.value, "low": estimate.low, "high": estimate.high}


def _cost(noted: Figures) -> Figures:
    """Return mean seconds an origin, and memory; None where forecasts came with an archive."""
    seconds = {
        f"{key}_seconds": float(np.mean(list(noted[key].values()))) if noted.get(key) else None
        for key in ("fit", "predict")
    }
    return seconds | {key: noted.get(key) for key in ("peak_mib", "loaded_mib")}


def _split(forecasts: Sequence[Forecast], observed: Counts) -> list[npt.NDArray[np.int64]]:
    """Return the observed counts of each origin's periods."""
    return np.split(observed.values, np.cumsum([len(one.periods) for one in forecasts])[:-1])
