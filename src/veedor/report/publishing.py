"""From a finished run to its report."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np

from veedor.audits.places import ExposureAudit
from veedor.report.audit_exposure import exposure_document
from veedor.report.document import write_document
from veedor.report.maps import Maps
from veedor.report.patterns import chapter, publish_patterns
from veedor.report.words import words_in
from veedor.report.write import write_report
from veedor.study.audits import AUDITS
from veedor.study.run import Outcome


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
    exposure = folder / AUDITS / "exposure"
    if exposure.is_dir():
        audit = msgspec.json.decode((exposure / "results.json").read_bytes(), type=ExposureAudit)
        write_document(exposure_document(audit), exposure / "report.html")
