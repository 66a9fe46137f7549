"""From a finished run to its report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from veedor.audits.alerts import AlertAudit
from veedor.audits.audit import Audit
from veedor.audits.places import BenchmarkAudit, ExposureAudit
from veedor.audits.places.feedback import FeedbackAudit
from veedor.audits.places.reporting import ReportingAudit
from veedor.report.audit_alerts import alert_document
from veedor.report.audit_benchmark import benchmark_document
from veedor.report.audit_exposure import exposure_document
from veedor.report.audit_feedback import feedback_document
from veedor.report.audit_reporting import reporting_document
from veedor.report.document import Document, write_document
from veedor.report.maps import Maps
from veedor.report.patterns import chapter, publish_patterns
from veedor.report.words import words_in
from veedor.report.write import write_report
from veedor.study.audits import AUDITS
from veedor.study.run import Outcome

#: Audit of a study -> the type of its results, and its page.
_AUDITS: dict[str, tuple[type[Audit], Callable[[Any], Document]]] = {
    "exposure": (ExposureAudit, exposure_document),
    "benchmark": (BenchmarkAudit, benchmark_document),
    "reporting": (ReportingAudit, reporting_document),
    "feedback": (FeedbackAudit, feedback_document),
    "alerts": (AlertAudit, alert_document),
}


def publish(outcome: Outcome, folder: Path) -> None:
    """Write ``report.html`` of a run into a folder, and those of patterns and audits beside theirs.

    Parameters
    ----------
    outcome : Outcome
    folder : Path
    """
    backtest, cells = outcome.backtest, outcome.prepared.cells
    means = {
        category.name: {
            who: np.concatenate([one.mean for one in backtest.forecasts(category.name, who)])
            for who in category.fitted
        }
        for category in outcome.results.categories
    }
    maps = Maps(
        polygons=cells.lonlat_polygons(),
        cell_ids=tuple(cells.cell_id.tolist()),
        area_km2=cells.area_km2,
        observed={name: counts.values for name, counts in outcome.outcomes.items()},
        means=means,
        zones=outcome.prepared.zones,
    )
    found = outcome.patterns
    write_report(
        outcome.results,
        outcome.quality,
        outcome.manifest,
        maps,
        folder / "report.html",
        () if found is None else chapter(found.found, words_in("en")),
    )
    if found is not None:
        publish_patterns(found)
    for name, (kind, document) in _AUDITS.items():
        results = folder / AUDITS / name / "results.json"
        if results.is_file():
            audit = msgspec.json.decode(results.read_bytes(), type=kind)
            write_document(document(audit), results.with_name("report.html"))
