"""`verify_forecasts`: files of anyone's to results.json and a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

import veedor
from veedor.files.replacing import sha256
from veedor.forecasts import CountDistribution, cells_crs, read_cells
from veedor.progress import Progress, Silent
from veedor.spacetime.periods import local_iso
from veedor.study.outcomes import Outcomes, outcome_crs, outcome_time_zone, read_outcomes
from veedor.study.resolution import refuse_finer_forecasts
from veedor.study.verdicts import tell
from veedor.study.verification.examination import SIMULATIONS, examine
from veedor.study.verification.gathering import find_cells, gather, read_all
from veedor.study.verification.ground import Ground
from veedor.verification import SCORES, category_test

SCHEMA_VERSION = 2


def verify_forecasts(
    forecasts: Sequence[Path],
    outcomes: Path,
    *,
    cells: Path | None = None,
    reference: str | None = None,
    zones: Path | None = None,
    zone_id: str | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Hold anyone's forecasts against what was recorded.

    Parameters
    ----------
    forecasts : sequence of Path
        Of `read_forecasts`.
    outcomes : Path
        Incidents, or a study that tells how to read them: see `read_outcomes`.
    cells : Path, optional
        GeoJSON; looked for beside the forecasts where not given.
    reference : str, optional
        The forecaster that the others are compared with; `PriorCounts` by default, which veedor
        makes from the record before each data cut-off where the files do not hold it.
    zones : Path, optional
        GeoJSON of zones, for skill and coverage by zone.
    zone_id : str, optional
        Property that names a zone.
    seed : int
        Of intervals and simulations.
    progress : Progress, optional

    Returns
    -------
    dict
        JSON-ready; the same files, seed and versions give the same dict.

    Raises
    ------
    VeedorError
        If files cannot be read, or forecasters do not forecast the same cells and periods.
    """
    progress = progress or Silent()
    where = find_cells(forecasts, cells)
    crs = outcome_crs(outcomes) or cells_crs(where)
    ground = read_cells(where, crs)
    progress.step("Reading forecasts", None)
    found = read_all(forecasts, ground, lambda: outcome_time_zone(outcomes))
    recorded = read_outcomes(outcomes, list(found), crs=crs, progress=progress)
    if recorded.source.layout is not None:
        made = [one for makers in found.values() for every in makers.values() for one in every]
        refuse_finer_forecasts(recorded.source.layout, made, ground, recorded.source.time_zone)
    gathered = gather(
        found,
        recorded,
        ground,
        reference=reference,
        zones=zones,
        zone_id=zone_id,
        progress=progress,
    )
    categories = [
        examine(every, seed, progress)
        | {
            "periods_not_over": gathered.not_over[every.category],
            "no_reference_because": gathered.no_reference.get(every.category),
        }
        for every in gathered.grounds
    ]
    rows = [row for category in categories for row in category["comparisons"]]
    for key in ("gain", "gain_at_same_totals"):
        tell([(row, key) for row in rows])
    return {
        "schema_version": SCHEMA_VERSION,
        "veedor": veedor.__version__,
        "seed": seed,
        "simulations": SIMULATIONS,
        "time_zone": recorded.source.time_zone,
        "crs": crs,
        "files": [
            {"name": path.name, "sha256": sha256(path)}
            for path in dict.fromkeys([*forecasts, where, *([] if zones is None else [zones])])
        ],
        "record": _record(recorded),
        "cells": {
            "count": len(ground),
            "area_km2": float(ground.area_km2.sum()),
            "source": ground.source,
        },
        "score_definitions": {name: known.to_dict() for name, known in SCORES.items()},
        "categories": categories,
        "category_tests": _category_tests(gathered.grounds, seed),
    }


def _record(recorded: Outcomes) -> dict[str, Any]:
    incidents, columns = recorded.incidents, recorded.source.columns
    return {
        "files": [dict(one) for one in incidents.provenance.get("files", [])],
        "rows": recorded.rows,
        "kept": len(incidents),
        "set_aside": recorded.set_aside,
        "first": local_iso(incidents.start.min(), incidents.time_zone),
        "last": local_iso(incidents.start.max(), incidents.time_zone),
        "columns_proposed": recorded.proposed,
        "columns": columns.roles(),
    }


def _category_tests(grounds: Sequence[Ground], seed: int) -> list[dict[str, Any]]:
    """M-like test of every forecaster that forecasts all categories for the same periods."""
    latest = [ground.latest() for ground in grounds]
    same = len(latest) > 1 and all(
        np.array_equal(one.start, latest[0].start) and np.array_equal(one.end, latest[0].end)
        for one in latest
    )
    if not same:
        return []
    observed = np.column_stack([ground.observed.sum(axis=1) for ground in latest])
    rows = []
    for name in latest[0].stated:
        if all(name in ground.stated for ground in latest):
            totals = [ground.stated[name].totals for ground in latest]
            joined = CountDistribution(
                np.column_stack([one.mean for one in totals]),
                np.column_stack([one.dispersion for one in totals]),
            )
            result = category_test(joined, observed, simulations=SIMULATIONS, seed=seed)
            rows.append({"forecaster": name, "result": result.to_dict()})
    return rows
