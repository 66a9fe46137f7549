"""The commands are called once, whatever the number of processes that test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from tests.golden.commands import perform


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str, state: None) -> Path:
    """Where every command was called: `town` with its study, and `out`."""
    base = tmp_path_factory.getbasetemp()
    place = (base if worker_id == "master" else base.parent) / "golden"
    with FileLock(f"{place}.lock"):
        if not place.with_suffix(".json").exists():
            made = dict(perform(place))
            place.with_suffix(".json").write_text(json.dumps(made), encoding="utf-8")
    return place


@pytest.fixture(scope="session")
def documents(folder: Path) -> dict[str, Any]:
    """What each command wrote, by its name in `perform`."""
    return json.loads(folder.with_suffix(".json").read_text(encoding="utf-8"))
