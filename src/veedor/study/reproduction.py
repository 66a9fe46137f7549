"""`reproduce`: run a study again and say whether the numbers are the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from veedor.backtest import Executor
from veedor.errors import StudyError
from veedor.files.folders import MANIFEST, MOST_BYTES
from veedor.files.replacing import content
from veedor.files.temporary import temporary_folder
from veedor.study.audits import AUDITS
from veedor.study.patterns import FOLDER as PATTERNS
from veedor.study.progress import Progress
from veedor.study.run import run_study

_MOST_SHOWN = 20
_RESULTS = "results.json"
#: What a run may write beside it, where study.toml asks for it.
_BESIDE = (f"{PATTERNS}/patterns.json", f"{AUDITS}/exposure/results.json")


@dataclass(frozen=True)
class Reproduction:
    """What running again showed.

    Parameters
    ----------
    same : bool
        Whether every file of numbers is the same, byte for byte.
    files : tuple of str
        Those, or where they are not the same those that differ: ``results.json``, and what patterns
        and audits wrote where the study asks for them.
    differences : tuple of str
        Which numbers, versions and inputs differ; the first twenty numbers.
    """

    same: bool
    files: tuple[str, ...]
    differences: tuple[str, ...]


def reproduce(
    results: Path, *, executor: Executor | None = None, progress: Progress | None = None
) -> Reproduction:
    """Run the study of a results folder again, in a temporary place, and compare.

    Parameters
    ----------
    results : Path
        ``mystudy/results``; the study's files are looked for in ``mystudy``.
    executor, progress : optional
        As for `run_study`.

    Raises
    ------
    StudyError
        If the folder holds no finished run.
    """
    try:
        manifest = json.loads(content(results / MANIFEST, MOST_BYTES, "A manifest"))
        old = _numbers(results)
        for document in old.values():
            json.loads(document)
        before = {entry["name"]: entry["sha256"] for entry in manifest.get("inputs", [])}
        versions = dict(manifest.get("packages", {}))
        text = manifest["study_toml"].encode()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StudyError(
            "A results folder must hold results.json and manifest.json of a finished run.",
            found=f"{type(error).__name__}: {error}",
            where=str(results),
            remedy="name the results folder, as in `veedor reproduce mystudy/results`",
        ) from error
    with temporary_folder() as place:
        outcome = run_study(
            results.resolve().parent,
            command="veedor reproduce",
            executor=executor,
            progress=progress,
            into=place / "results",
            study_text=text,
        )
        new = _numbers(place / "results")
    if new == old:
        return Reproduction(True, tuple(old), ())
    return Reproduction(
        False,
        tuple(name for name in {**old, **new} if old.get(name) != new.get(name)),
        (
            *_other_inputs(before, outcome.manifest["inputs"]),
            *_other_versions(versions, outcome.manifest["packages"]),
            *_first(_different_files(old, new)),
        ),
    )


def _numbers(results: Path) -> dict[str, bytes]:
    """Content of each file of numbers; there is always ``results.json``."""
    beside = {name: results / name for name in _BESIDE if (results / name).exists()}
    return {_RESULTS: _content(results / _RESULTS)} | {
        name: _content(path) for name, path in beside.items()
    }


def _content(path: Path) -> bytes:
    return content(path, MOST_BYTES, "A file of results")


def _different_files(old: dict[str, bytes], new: dict[str, bytes]) -> Iterator[str]:
    for name in {**old, **new}:
        if name not in old or name not in new:
            yield f"{name}: {'there' if name in old else 'absent'} then, " + (
                "there now" if name in new else "absent now"
            )
        elif old[name] != new[name]:
            place = "" if name == _RESULTS else f"{name}: "
            for line in _different(json.loads(old[name]), json.loads(new[name]), ""):
                yield place + line


def _other_inputs(before: dict[str, str], inputs: list[dict[str, Any]]) -> Iterator[str]:
    after = {entry["name"]: entry["sha256"] for entry in inputs}
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            then, now = before.get(name, "absent"), after.get(name, "absent")
            yield f"input {name}: {then} then, {now} now"


def _other_versions(before: dict[str, str], after: dict[str, str]) -> Iterator[str]:
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield f"version of {name}: {before.get(name)} then, {after.get(name)} now"


def _different(old: Any, new: Any, path: str) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from _different(old.get(key), new.get(key), f"{path}.{key}" if path else key)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _different(before, after, f"{path}[{number}]")
    elif old != new or type(old) is not type(new):
        yield f"{path}: {_short(old)} then, {_short(new)} now"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "..."


def _first(lines: Iterator[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number == _MOST_SHOWN:
            yield "and more"
            return
        yield line
