"""Audits that a study does after its forecasts, into ``results/audits/``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from veedor.audits.places import (
    ExposureSettings,
    Predictions,
    audit_exposure,
    make_groups,
    read_predictions,
    read_zones,
)
from veedor.backtest import slug
from veedor.errors import StudyError
from veedor.study.audit_sections import ExposureSection
from veedor.study.config import Study

AUDITS = "audits"


def run_audits(
    study: Study, folder: Path, building: Path, step: Callable[[str, int | None], None]
) -> None:
    """Do the audits that a study asks for.

    Parameters
    ----------
    study : Study
    folder : Path
        Of the study; its files are relative to it.
    building : Path
        Results being made: holds ``forecasts/`` and ``cells.geojson``, gets ``audits/``.
    step : callable
        Is told what begins.
    """
    section = study.audits.exposure
    if section is None:
        return
    step("Auditing exposure", None)
    groups = make_groups(
        section.groups, section.population, section.reference, section.other_groups
    )
    zones = read_zones(
        folder / section.zones,
        groups,
        population=section.population,
        id_column=section.id,
        stored_count=section.stored_count,
    )
    if section.predictions is None:
        predictions = _own(section, building)
    else:
        predictions = read_predictions(
            folder / section.predictions, box_m=section.box_m, category=section.category
        )
    settings = ExposureSettings(cluster_digits=section.cluster_digits, seed=study.study.seed)
    audit_exposure(zones, predictions, settings).write(building / AUDITS / "exposure")


def _own(section: ExposureSection, building: Path) -> Predictions:
    """Incidents that a forecaster of the study expected in each cell, over all its forecasts."""
    where = building / "forecasts" / slug(section.category or "") / slug(section.forecaster or "")
    made = [
        read_predictions(path, category=section.category, cells=building / "cells.geojson")
        for path in sorted(where.glob("*.parquet"))
    ]
    if not made:
        raise StudyError(
            "A forecaster must have made a forecast to be audited.",
            found="none, for too little data",
            where=f"[audits.exposure], {section.forecaster}",
            remedy="audit another forecaster",
        )
    total = np.sum([one.count for one in made], axis=0)
    return replace(made[0], count=total, source=f"{section.forecaster}, {section.category}")
