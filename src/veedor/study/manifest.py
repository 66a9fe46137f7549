"""manifest.json: what went in, what came out, with hashes, versions, seed and command."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable
from importlib.metadata import requires, version
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

import veedor
from veedor.files.replacing import sha256
from veedor.forecasters import Entry, find_forecaster
from veedor.study.preparation import Prepared


def versions(forecasters: Iterable[Entry]) -> dict[str, str]:
    """Versions of Python, veedor, its dependencies, and the packages that forecasters are from."""
    packages = {"python": platform.python_version(), "veedor": veedor.__version__}
    for text in requires("veedor") or ():
        requirement = Requirement(text)
        if requirement.marker is None:
            packages[requirement.name] = version(requirement.name)
    for entry in forecasters:
        known = find_forecaster(entry.kind)
        packages[known.package] = known.version
    return packages


def input_files(prepared: Prepared, folder: Path) -> list[dict[str, Any]]:
    """Name, size and hash of every file the study read."""
    study = prepared.study
    inputs = [dict(entry) for entry in prepared.reading.incidents.provenance.get("files", [])]
    covariates = None if study.covariates is None else study.covariates.file
    described = study.described
    patterns = (described.denominator, described.changed_areas)
    for name in (
        *(study.area.file, study.area.zones, study.cells.file, covariates),
        *study.audits.files,
        *patterns,
    ):
        if name is not None:
            path = folder / name
            inputs.append({"name": path.name, "sha256": sha256(path), "bytes": path.stat().st_size})
    return inputs


def fingerprint(
    study_text: bytes, inputs: Iterable[dict[str, Any]], packages: dict[str, str]
) -> str:
    """One hash of everything that the forecasts depend on: a run resumes only where it agrees."""
    digest = hashlib.sha256(study_text)
    for entry in inputs:
        digest.update(str(entry["sha256"]).encode())
    for name, number in sorted(packages.items()):
        digest.update(f"{name}={number}".encode())
    return digest.hexdigest()
