"""Results, a quality report, a manifest and maps, made up from a seed."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import shapely

from veedor.report.maps import Maps

SCRIPT = "<script>alert(1)</script>"
QUOTE = '"onmouseover="alert(2)'
REFERENCE = "PriorCounts"


def estimate(value, spread, n, denominator, method="moving-block bootstrap"):
    if value is None:
        low = high = None
    else:
        low, high = value - spread, value + spread
    return {
        "value": value,
        "low": low,
        "high": high,
        "level": 0.95,
        "method": method,
        "n": int(n),
        "denominator": denominator,
    }


def judged(found, blocks=12):
    """The same estimate as `veedor.verification.Judged` writes it, judged by its interval alone."""
    value, low = found["value"], found["low"]
    if value is None:
        verdict = "undefined"
    elif low is None or low <= 0 <= found["high"]:
        verdict = "not shown"
    else:
        verdict = "better" if low > 0 else "worse"
    told = low is not None
    return found | {
        "weeks_low": low,
        "weeks_high": found["high"],
        "weeks_error": 0.006 if told else None,
        "blocks": blocks,
        "error_if_reference": None if value is None else 0.005,
        "error_if_forecast": None if value is None else 0.004,
        "p_value": 0.01 if told else None,
        "comparisons": 4,
        "p_adjusted": 0.04 if told else None,
        "smallest_shown": 0.015 if told else None,
        "verdict": verdict,
    }


def results(
    categories=("robbery", "theft from vehicles"),
    others=("Recency", "Kernel"),
    side=20,
    count=12,
    per_origin=1,
    gain=(0.034, -0.002, -0.051),
    seed=7,
    empty=True,
) -> tuple[dict[str, Any], Maps]:
    """Results and maps on ``side * side`` cells; the last category has an empty period."""
    rng = np.random.default_rng(seed)
    names = [REFERENCE, *others]
    cells = side * side
    zone = ZoneInfo("America/New_York")
    starts = [datetime(2025, 1, 6, tzinfo=zone) + timedelta(weeks=w) for w in range(count)]
    ends = [start + timedelta(weeks=1) for start in starts]
    column, row = np.meshgrid(np.arange(side), np.arange(side))
    bumps = np.exp(-((column - side * 0.3) ** 2 + (row - side * 0.6) ** 2) / (side * 1.2))
    bumps += 0.6 * np.exp(-((column - side * 0.7) ** 2 + (row - side * 0.35) ** 2) / (side * 0.8))
    observed, means, made = {}, {}, []
    for place, category in enumerate(categories):
        rate = (0.02 + 1.5 * bumps.ravel()) / (1 + place) * rng.gamma(4, 0.25, cells)
        seen = rng.poisson(rate, (count, cells))
        if empty and count > 2 and place == len(categories) - 1:
            seen[2] = 0
        observed[category] = seen
        means[category] = {
            who: np.maximum(rate * rng.gamma(20, 1 / 20, (count, cells)), 1e-5) for who in names
        }
        made.append(_category(category, names, seen, means[category], gain, per_origin))
    west, south, step = -73.99, 40.6, 0.006
    polygons = shapely.box(
        west + column.ravel() * step,
        south + row.ravel() * step * 0.76,
        west + (column.ravel() + 1) * step,
        south + (row.ravel() + 1) * step * 0.76,
    )
    maps = Maps(
        polygons,
        tuple(
            f"E{580000 + 500 * c}N{4500000 + 500 * r}"
            for c, r in zip(column.ravel(), row.ravel(), strict=True)
        ),
        np.full(cells, 0.25),
        observed,
        means,
    )
    return {
        "schema_version": 3,
        "veedor": "0.1.0",
        "study": {
            "name": "demo",
            "title": "A made-up town: a rehearsal",
            "seed": 7,
            "time_zone": "America/New_York",
            "crs": "EPSG:32618",
            "reference": REFERENCE,
        },
        "cells": {
            "shape": "square",
            "size_m": 500,
            "count": cells,
            "area_km2": 0.25 * cells,
            "area_source": "hull of the zones",
            "note": "Cells on the edge are cut at it.",
        },
        "periods": {
            "length": "1 week",
            "start": [s.isoformat() for s in starts],
            "end": [e.isoformat() for e in ends],
        },
        "origins": [s.isoformat() for s in starts[::per_origin]],
        "data_cutoffs": [s.isoformat() for s in starts[::per_origin]],
        "lead": None,
        "periods_per_origin": per_origin,
        "score_definitions": {
            key: {
                "label": label,
                "unit": unit,
                "orientation": f"{way} is better",
                "meaning": meaning,
            }
            for key, label, unit, way, meaning in DEFINITIONS
        },
        "forecasters": [
            {
                "name": who,
                "kind": who,
                "package": "veedor",
                "version": "0.1.0",
                "description": f"{who} counts what was recorded before.",
                "is_reference": who == REFERENCE,
                "parameters": {"bandwidth_m": 400, "half_life_days": None},
            }
            for who in names
        ],
        "categories": made,
    }, maps


DEFINITIONS = (
    ("log_score", "Log score", "nats per cell and period", "smaller", "Minus the log probability."),
    ("poisson_deviance", "Poisson deviance", "per cell and period", "smaller", "Twice the loss."),
    ("crps", "CRPS", "incidents per cell and period", "smaller", "Distance to the outcome."),
    ("brier", "Brier score of any incident", "squared probability", "smaller", "Squared error."),
    ("information_gain", "Information gain", "nats per incident", "larger", "Log score gained."),
    ("capture_rate", "Capture rate", "share of incidents", "larger", "Share in the flagged area."),
    ("pai", "PAI", "ratio", "larger", "Capture rate over area fraction."),
    ("pei", "PEI", "ratio", "larger", "PAI over the largest PAI possible."),
)


BASES = (("log_score", 0.31), ("poisson_deviance", 0.42), ("crps", 0.12), ("brier", 0.08))


def _category(category, names, seen, means, gain, per_origin):
    count, cells = seen.shape
    total = int(seen.sum())
    fractions = (0.01, 0.05, 0.20)
    where = f"recorded incidents of {category} in {count} weeks"
    every = "cells and periods"

    def caught(values, fraction):
        top = np.argsort(-values, kind="stable")[: int(cells * fraction)]
        return float(seen[:, top].sum() / total) if total else None

    forecasts = []
    for place, who in enumerate(names):
        mean = means[who]
        shift = 0.01 * place
        totals = mean.sum(axis=1)
        scores = seen.sum(axis=1)
        own = gain[(place - 1) % len(gain)]
        forecasts.append(
            {
                "forecaster": who,
                "scores": {
                    key: estimate(base + shift, 0.004, seen.size, every) for key, base in BASES
                },
                "gain": {"raw": None, "rescaled": None}
                if place == 0
                else {
                    "raw": judged(estimate(own if total else None, 0.012, total, where)),
                    "rescaled": judged(estimate(own * 0.8 if total else None, 0.012, total, where)),
                },
                "places": [
                    {
                        "area_fraction": f,
                        "capture_rate": estimate(caught(mean[0], f), 0.03, total, where),
                        "pai": estimate(
                            caught(mean[0], f) and caught(mean[0], f) / f, 0.4, total, where
                        ),
                        "pei": estimate(None if f == 0.01 else 0.8, 0.05, total, where),
                    }
                    for f in fractions
                ],
                "by_period": {
                    "expected_total": totals.tolist(),
                    "total_low": (totals - 2 * np.sqrt(totals)).tolist(),
                    "total_high": (totals + 2 * np.sqrt(totals)).tolist(),
                    "log_score": (0.3 + shift + 0.05 * np.sin(np.arange(count) + place)).tolist(),
                    "gain": [
                        None if place == 0 or n == 0 else own + 0.03 * np.cos(i)
                        for i, n in enumerate(scores)
                    ],
                    "capture_rate": [
                        None if n == 0 else 0.3 + 0.02 * place + 0.05 * np.sin(i)
                        for i, n in enumerate(scores)
                    ],
                },
                "calibration": {
                    "pit": (1 + 0.2 * np.cos(np.arange(10) + place)).tolist(),
                    "coverage": [
                        {
                            "level": level,
                            "cells": estimate(level + 0.03, 0.01, seen.size, every),
                            "totals": estimate(level - 0.04 * place, 0.05, count, "weeks"),
                        }
                        for level in (0.5, 0.8, 0.95)
                    ],
                    "reliability": [
                        {
                            "cells": 40,
                            "expected": e,
                            "observed": estimate(e * (1 + shift * 4), e / 5, 40, every),
                        }
                        for e in (0.01, 0.03, 0.1, 0.4, 1.2)
                    ],
                    "sums": {
                        "dependence": "cells that rise and fall together",
                        "groups": [
                            {
                                "group": k,
                                "cells": 40.0 / (k + 1),
                                "expected": 5.0,
                                "recorded": 5.0 + shift,
                                "spread": 1.1,
                                "coverage": [
                                    {
                                        "level": level,
                                        "coverage": estimate(level, 0.05, count, "periods"),
                                    }
                                    for level in (0.5, 0.8, 0.95)
                                ],
                            }
                            for k in range(5)
                        ],
                        "result": {"p_value": 0.4, "statistic": 1.1, "n": 5 * count},
                    },
                },
                "fitted": {"shrinkage": 0.37, "half life (days)": None, "note": "converged"},
            }
        )
    return {
        "name": category,
        "known_by": "reported",
        "counted": {"inside": total, "unlocated": 12, "outside": 3},
        "trained_on": {
            "first": "2023-01-01T00:00:00-05:00",
            "last": "2025-03-23T23:00:00-04:00",
            "incidents": 9000,
        },
        "observed_total": seen.sum(axis=1).tolist(),
        "chance": {
            "places": [{"area_fraction": f, "capture_rate": f, "pai": 1.0} for f in fractions]
        },
        "oracle": {
            "places": [
                {"area_fraction": f, "capture_rate": caught(seen.sum(axis=0), f), "pai": 4.2}
                for f in fractions
            ]
        },
        "forecasts": forecasts,
        "absent": [],
        "record_days": {"first_origin": 400, "last_origin": 477},
        "history": [
            {"days": days, "gain": estimate(worth if total else None, 0.02, total, where)}
            for days, worth in ((91, 0.21), (182, 0.12), (365, 0.05))
        ],
        "last_doubling": {
            "from_days": 182,
            "gain": judged(
                estimate(0.11 if total else None, 0.03, total, f"{where} and doublings")
            ),
        },
    }


def quality() -> dict[str, Any]:
    return {
        "rows_in": 10234,
        "rows_kept": 9876,
        "set_aside": {
            "no date": {"rows": 12, "first_rows": [3, 17, 40]},
            SCRIPT: {"rows": 1, "first_rows": [9]},
        },
        "located": [{"category": "robbery", "month": "2025-01", "share": 0.96, "of": 120}],
        "unlocated_by_reason": {"no coordinates": 10, "withheld": 2},
        "outside_area": 3,
        "stacks": [{"x_m": 583000.0, "y_m": 4507000.0, "incidents": 240}],
        "interval_width_hours": {"0.5": 0.0, "0.9": 11.5},
        "breaks": [],
        "duplicates": 4,
        "dropped_columns": ["SUSPECT_NAME", QUOTE],
        "delay": None,
    }


def manifest() -> dict[str, Any]:
    return {
        "veedor": "0.1.0",
        "python": "3.11.2",
        "packages": {"numpy": "2.1.0", "scipy": "1.15"},
        "command": "veedor run demo",
        "seed": 7,
        "inputs": [{"name": "incidents.csv", "sha256": "ab" * 32, "bytes": 1234567, "rows": 10234}],
        "outputs": [{"name": "results.json", "sha256": "cd" * 32, "bytes": 4321, "rows": None}],
        "study_toml": f'title = "A made-up town"\n# {SCRIPT}\n',
        "started": "2026-01-01T12:00:00+00:00",
        "seconds": {"read": 1.2, "fit": 30.5},
    }


@pytest.fixture(scope="session")
def made() -> SimpleNamespace:
    """What the tests of the report make up."""
    return SimpleNamespace(
        results=results,
        quality=quality,
        manifest=manifest,
        judged=judged,
        SCRIPT=SCRIPT,
        QUOTE=QUOTE,
    )
