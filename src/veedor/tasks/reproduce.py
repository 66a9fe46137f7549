"""Run a finished study again and say whether every number is the same.

RESULTS is the results folder of a study, as mystudy/results; the incident files must still be
in the study's folder. Nothing there is changed. Exit code 0 if results.json, and
the files of patterns and audits that the study asks for, are the same byte for byte; 1 if not,
and then it says which inputs, versions and numbers differ.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from veedor.errors import phrase
from veedor.tasks.context import Context
from veedor.tasks.request import Folder, argument, jobs, request, scheduler, store
from veedor.tasks.run import run_study
from veedor.tasks.use_case import Done, use_case

if TYPE_CHECKING:
    from veedor.study.manifest import RunManifest

_MOST_SHOWN = 20
_RESULTS = "results.json"


@request
class Request:
    """Which results to reproduce."""

    results: Folder = argument()
    jobs: int | None = jobs()
    scheduler: str | None = scheduler(default=None)
    store: str | None = store(default=None)


class Reproduction(msgspec.Struct, frozen=True):
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


@use_case
def perform(request: Request, context: Context) -> Done:
    """Run the study of a results folder again, in a temporary place, and compare.

    Returns
    -------
    Done
        ``results`` is the `Reproduction`; it holds where all is the same.

    Raises
    ------
    StudyError
        If the folder holds no finished run.
    """
    from veedor.backtest import make_executor
    from veedor.errors import StudyError
    from veedor.files.folders import MANIFEST, MOST_BYTES
    from veedor.files.replacing import content
    from veedor.files.temporary import temporary_folder
    from veedor.report.words import words_in
    from veedor.report.words.studies import reproduced
    from veedor.study.manifest import RunManifest

    results = request.results
    try:
        read = content(results / MANIFEST, MOST_BYTES, phrase("A manifest"))
        before = msgspec.json.decode(read, type=RunManifest)
        old = _numbers(results)
        for document in old.values():
            json.loads(document)
    except (OSError, ValueError, msgspec.MsgspecError, RecursionError) as error:
        raise StudyError(
            "A results folder must hold results.json and manifest.json of a finished run.",
            found=phrase("{kind}: {error}", kind=type(error).__name__, error=error),
            where=str(results),
            remedy="name the results folder, as in `veedor reproduce mystudy/results`",
        ) from error
    with temporary_folder() as place:
        outcome = run_study(
            results.resolve().parent,
            context,
            context.executor or make_executor(request.jobs, request.scheduler, request.store),
            command="veedor reproduce",
            report=False,
            into=place / "results",
            study_text=before.study_toml.encode(),
        )
        new = _numbers(place / "results")
    found = Reproduction(True, tuple(old), ())
    if new != old:
        found = Reproduction(
            False,
            tuple(name for name in {**old, **new} if old.get(name) != new.get(name)),
            (
                *_other_inputs(before, outcome.manifest),
                *_other_versions(before.packages, outcome.manifest.packages),
                *_first(_different_files(old, new)),
            ),
        )
    told = reproduced(words_in(context.language), found.files, found.differences)
    return Done(results, found, told, holds=found.same)


def _numbers(results: Path) -> dict[str, bytes]:
    """Content of each file of numbers: ``results.json``, and where they are, others beside it."""
    beside = [
        *results.glob("patterns/patterns.json"),
        *sorted(results.glob("audits/*/results.json")),
    ]
    return {
        path.relative_to(results).as_posix(): _content(path)
        for path in (results / _RESULTS, *beside)
    }


def _content(path: Path) -> bytes:
    from veedor.files.folders import MOST_BYTES
    from veedor.files.replacing import content

    return content(path, MOST_BYTES, phrase("A file of results"))


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


def _other_inputs(old: RunManifest, new: RunManifest) -> Iterator[str]:
    before, after = ({one.name: one.sha256 for one in each.inputs} for each in (old, new))
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
