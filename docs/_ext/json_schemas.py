"""JSON Schemas of what veedor writes, from its types, and its codes with their words.

Renew both by `python docs/_ext/json_schemas.py`.
"""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from veedor.areas.quality_report import AreaQuality
from veedor.audits.access.quality import AccessQuality
from veedor.audits.access.results import AccessAudit
from veedor.audits.alerts.results import AlertAudit
from veedor.audits.behaviour.results import BehaviourAudit
from veedor.audits.places.benchmark_audit import BenchmarkAudit
from veedor.audits.places.devices import DeviceAudit
from veedor.audits.places.exposure_audit import ExposureAudit
from veedor.audits.places.feedback.audit import FeedbackAudit
from veedor.audits.places.reporting.audit import ReportingAudit
from veedor.audits.reading import CountsAgreement, ReadingKey, ReadingPlan, ReadingScore
from veedor.disclosure.record import Differences, RecordResults, RecordShown
from veedor.disclosure.request import Deadlines, Letters
from veedor.incidents.quality_report import QualityReport
from veedor.report.words.codes import templates
from veedor.sealing import LogFindings
from veedor.sealing.manifests import Manifest
from veedor.study.across import Across
from veedor.study.area_patterns import StudyAreaPatterns
from veedor.study.manifest import RunManifest
from veedor.study.patterns import StudyPatterns
from veedor.study.results import StudyResults
from veedor.study.verification import Verification
from veedor.tasks.audit_all import Dossier

FOLDER = Path(__file__).resolve().parents[1] / "schemas"
#: File -> the type that is written, and by what.
TYPES: dict[str, tuple[Any, str]] = {
    "run": (StudyResults, "results.json of `veedor run`"),
    "run-many": (Across, "results.json of `veedor run-many`"),
    "verify-forecast": (Verification, "results.json of `veedor verify-forecast`"),
    "quality": (QualityReport, "quality.json of `veedor check` and `veedor run`"),
    "area-quality": (AreaQuality, "quality.json of `veedor check` of counts by area"),
    "patterns": (StudyPatterns, "patterns.json of `veedor patterns` and `veedor run`"),
    "area-patterns": (StudyAreaPatterns, "patterns.json of a study of counts by area"),
    "manifest": (RunManifest, "manifest.json of `veedor run`"),
    "audit-exposure": (ExposureAudit, "results.json of `veedor audit exposure`"),
    "audit-devices": (DeviceAudit, "results.json of `veedor audit exposure --devices`"),
    "audit-benchmark": (BenchmarkAudit, "results.json of `veedor audit benchmark`"),
    "audit-reporting": (ReportingAudit, "results.json of `veedor audit reporting`"),
    "audit-feedback": (FeedbackAudit, "results.json of `veedor audit feedback`"),
    "audit-alerts": (AlertAudit, "results.json of `veedor audit alerts`"),
    "reading-plan": (ReadingPlan, "plan.json of `veedor reading plan`"),
    "reading-key": (ReadingKey, "key.json of `veedor reading pack`"),
    "published-counts": (
        CountsAgreement,
        "results.json of `veedor reading score --counts`",
    ),
    "reading-score": (ReadingScore, "results.json of `veedor reading score`"),
    "audit-access": (AccessAudit, "results.json of `veedor audit access`"),
    "access-quality": (AccessQuality, "quality.json of `veedor audit access`"),
    "audit-behaviour": (BehaviourAudit, "results.json of `veedor audit behaviour`"),
    "audit-all": (Dossier, "results.json of `veedor audit all`"),
    "record": (RecordResults, "record.json of `veedor record export`"),
    "record-shown": (RecordShown, "what `veedor record show --json` prints"),
    "record-changes": (Differences, "changes.json of `veedor record diff`"),
    "request-letter": (Letters, "results.json of `veedor request letter`"),
    "request-deadlines": (Deadlines, "results.json of `veedor request deadlines`"),
    "log": (
        LogFindings,
        "the numbers of `veedor log score --report` and `veedor log verify --report`",
    ),
    "log-entry": (Manifest, "the manifest of a log's entry"),
}


def schema(kind: Any) -> str:
    """Write the JSON Schema of a type."""
    document = _told(msgspec.json.schema(kind, schema_hook=_of_array))
    return json.dumps(document, sort_keys=True, ensure_ascii=False) + "\n"


def _told(part: Any) -> Any:
    """Return a part of a schema without indents of docstrings, which hang on the Python."""
    if isinstance(part, dict):
        told = {key: _told(value) for key, value in part.items()}
        if isinstance(about := told.get("description"), str):
            told["description"] = inspect.cleandoc(about)
        return told
    return [_told(one) for one in part] if isinstance(part, list) else part


def _of_array(kind: type) -> dict[str, Any]:
    if kind is np.ndarray:
        return {"type": "array", "items": {"type": ["number", "null", "array"]}}
    raise NotImplementedError(kind)


def codes() -> str:
    """Write a page of every code and its words, a table a kind."""
    lines = [
        "# Codes and their words",
        "",
        "Results hold codes and arguments, never sentences. These are the sentences, in English;",
        "what stands in braces is an argument of the code. Where there are two, the first is for a",
        "count of one.",
    ]
    for kind, table in templates().items():
        lines += ["", f"## {kind.__name__}", "", "| code | words |", "|---|---|"]
        lines += [f"| `{code}` | {_in_a_cell(table[code])} |" for code in sorted(table)]
    return "\n".join(lines) + "\n"


def _in_a_cell(template: str | tuple[str, str]) -> str:
    text = template if isinstance(template, str) else " / ".join(template)
    plain = text.replace("`", "").replace("|", "\\|").replace("\n", " ")
    return f"``{plain}``"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "codes.md").write_text(codes(), encoding="utf-8")
    for name, (kind, _) in TYPES.items():
        (FOLDER / f"{name}.json").write_text(schema(kind), encoding="utf-8")
