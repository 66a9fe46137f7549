"""JSON Schemas of what veedor writes, made from the types: `python docs/_ext/json_schemas.py`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from veedor.sealing import LogFindings
from veedor.sealing.manifests import Manifest
from veedor.study.results import StudyResults
from veedor.study.verification import Verification

FOLDER = Path(__file__).resolve().parents[1] / "schemas"
#: File -> the type that is written, and by what.
TYPES: dict[str, tuple[Any, str]] = {
    "run": (StudyResults, "results.json of `veedor run`"),
    "verify-forecast": (Verification, "results.json of `veedor verify-forecast`"),
    "log": (LogFindings, "the numbers of `veedor score --report` and `veedor verify --report`"),
    "log-entry": (Manifest, "the manifest of a log's entry"),
}


def schema(kind: Any) -> str:
    """Write the JSON Schema of a type."""
    document = msgspec.json.schema(kind, schema_hook=_of_array)
    return json.dumps(document, sort_keys=True, ensure_ascii=False) + "\n"


def _of_array(kind: type) -> dict[str, Any]:
    if kind is np.ndarray:
        return {"type": "array", "items": {"type": "number"}}
    raise NotImplementedError(kind)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, (kind, _) in TYPES.items():
        (FOLDER / f"{name}.json").write_text(schema(kind), encoding="utf-8")
