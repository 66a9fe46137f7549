"""Audits that a study does after its forecasts, into ``results/audits/``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from veedor.audits.alerts import Inputs, Settings, audit_alerts
from veedor.audits.audit import Audit
from veedor.audits.places import (
    BenchmarkSettings,
    ExposureSettings,
    PeopledZones,
    Predictions,
    audit_benchmark,
    audit_exposure,
    make_groups,
    read_predictions,
    read_record,
    read_zones,
)
from veedor.audits.places.feedback import Setting, audit_feedback, read_observed
from veedor.audits.places.reporting import Questions, audit_reporting, read_counts, read_rates
from veedor.backtest import slug
from veedor.errors import StudyError
from veedor.study.config import Study
from veedor.study.sections import BenchmarkSection, ExposureSection

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
    asked, seed = study.audits, study.study.seed
    made: list[tuple[str, Callable[[], Audit]]] = []
    if (exposure := asked.exposure) is not None:
        made.append(("exposure", lambda: audit_exposure(
            _zones(exposure, folder, exposure.stored_count),
            _predictions(exposure, folder, building),
            ExposureSettings(cluster_digits=exposure.cluster_digits, seed=seed),
        )))  # fmt: skip
    if (benchmark := asked.benchmark) is not None:
        made.append(("benchmark", lambda: audit_benchmark(
            _zones(benchmark, folder),
            _predictions(benchmark, folder, building),
            None if benchmark.incidents is None else read_record(
                folder / benchmark.incidents, reported=benchmark.reported,
                discovered=benchmark.discovered,
            ),
            settings=BenchmarkSettings(seed=seed),
        )))  # fmt: skip
    if (reporting := asked.reporting) is not None:
        made.append(("reporting", lambda: audit_reporting(
            read_counts(folder / reporting.counts),
            read_rates(folder / reporting.rates, by=reporting.by),
            Questions(top=reporting.top, area_fraction=reporting.area_fraction),
        )[0]))  # fmt: skip
    if (feedback := asked.feedback) is not None:
        made.append(("feedback", lambda: audit_feedback(
            None, None, Setting(), observed=read_observed(folder / feedback.observed),
            memory=feedback.memory,
        )))  # fmt: skip
    if (alerts := asked.alerts) is not None:
        made.append(("alerts", lambda: audit_alerts(
            Inputs(**{
                name: folder / file
                for name in ("decisions", "searches", "candidates", "deployments", "claims")
                if (file := getattr(alerts, name)) is not None
            }),
            Settings(
                groups=tuple(alerts.groups), reference=alerts.reference,
                thresholds=tuple(alerts.thresholds), publish=alerts.publish, seed=seed,
            ),
        )))  # fmt: skip
    for name, audit in made:
        step(f"Auditing {name}", None)
        audit().write(building / AUDITS / name)


def _zones(
    section: ExposureSection | BenchmarkSection, folder: Path, stored_count: str | None = None
) -> PeopledZones:
    groups = make_groups(
        section.groups, section.population, section.reference, section.other_groups
    )
    return read_zones(
        folder / section.zones,
        groups,
        population=section.population,
        id_column=section.id,
        stored_count=stored_count,
    )


def _predictions(
    section: ExposureSection | BenchmarkSection, folder: Path, building: Path
) -> Predictions:
    if section.predictions is None:
        return _own(section, building)
    return read_predictions(
        folder / section.predictions, box_m=section.box_m, category=section.category
    )


def _own(section: ExposureSection | BenchmarkSection, building: Path) -> Predictions:
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
            where=f"[audits], {section.forecaster}",
            remedy="audit another forecaster",
        )
    total = np.sum([one.count for one in made], axis=0)
    return replace(made[0], count=total, source=f"{section.forecaster}, {section.category}")
