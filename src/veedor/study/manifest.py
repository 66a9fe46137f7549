"""manifest.json: what went in, what came out, with hashes, versions, seed and command."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from veedor.backtest.installed import installed
from veedor.files.folders import Manifest
from veedor.files.replacing import HashedFile
from veedor.forecasters import Entry, find_forecaster
from veedor.study.config import Study
from veedor.study.prepared import Prepared
from veedor.tables.files import find


class RunManifest(Manifest, frozen=True, kw_only=True):
    """What ``manifest.json`` of a run says.

    Parameters
    ----------
    python : str
        Version.
    packages : dict of str to str
        Those of everything that the forecasts depend on.
    command : str
        As typed.
    seed : int
    started : str
        Instant, UTC.
    seconds, fit_and_predict_seconds : dict of str to float
        By step, and by forecaster.
    inputs : tuple of HashedFile
    study_toml : str
        The study file, whole.
    """

    python: str
    packages: dict[str, str]
    command: str
    seed: int
    started: str
    seconds: dict[str, float]
    fit_and_predict_seconds: dict[str, float]
    inputs: tuple[HashedFile, ...]
    study_toml: str


def versions(forecasters: Iterable[Entry]) -> dict[str, str]:
    """Versions of Python, veedor, its dependencies, and the packages that forecasters are from."""
    packages = dict(installed())
    for entry in forecasters:
        known = find_forecaster(entry.kind)
        packages[known.package] = known.version
    return packages


def input_files(prepared: Prepared, folder: Path) -> tuple[HashedFile, ...]:
    """Name, size and hash of every file the study read."""
    others = (HashedFile.of(path, path.name) for path in _beside_the_record(prepared.study, folder))
    return (*prepared.files, *others)


def input_files_now(study: Study, folder: Path) -> tuple[HashedFile, ...]:
    """Hash every file that a study would read, without reading what it says.

    Raises
    ------
    UnreadableError, OSError
        If one is not there, or is no plain file.
    """
    record = (
        [folder / name for name in study.counts.files]
        if study.counts is not None
        else find(study.source(folder).paths)
    )
    paths = (*record, *_beside_the_record(study, folder))
    return tuple(HashedFile.of(path, path.name) for path in paths)


def _beside_the_record(study: Study, folder: Path) -> Iterator[Path]:
    """Yield every file that a study reads besides those of its record."""
    covariates = None if study.covariates is None else study.covariates.file
    described = study.described
    patterns = (described.denominator, described.changed_areas)
    people = None if study.counts is None else study.counts.population
    for name in (
        *(study.area.file, study.area.zones, study.area.lines, study.map.base),
        *(study.cells.file, covariates),
        *study.audits.files,
        *patterns,
        None if people is None else people.file,
    ):
        if name is not None:
            yield folder / name


def fingerprint(study_text: bytes, inputs: Iterable[HashedFile], packages: dict[str, str]) -> str:
    """One hash of everything that the forecasts depend on: a run resumes only where it agrees."""
    digest = hashlib.sha256(study_text)
    for entry in inputs:
        digest.update(entry.sha256.encode())
    for name, number in sorted(packages.items()):
        digest.update(f"{name}={number}".encode())
    return digest.hexdigest()
