"""The commands are called once, whatever the number of processes that test."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from filelock import FileLock
from tests.golden.commands import perform


def _called(within: pytest.TempPathFactory, worker_id: str, name: str, locale: str) -> Path:
    """Call every command once in a locale, whichever process asks first."""
    base = within.getbasetemp()
    place = (base if worker_id == "master" else base.parent) / name
    with FileLock(f"{place}.lock"):
        if not place.with_suffix(".json").exists():
            with patch.dict(os.environ, {"LC_ALL": locale}):
                made = dict(perform(place))
            place.with_suffix(".json").write_text(json.dumps(made), encoding="utf-8")
    return place


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str, state: None) -> Path:
    """Where every command was called: `town` with its study, and `out`."""
    return _called(tmp_path_factory, worker_id, "golden", "C.UTF-8")


@pytest.fixture(scope="session")
def spanish(tmp_path_factory: pytest.TempPathFactory, worker_id: str, state: None) -> Path:
    """Where every command was called in Spanish."""
    return _called(tmp_path_factory, worker_id, "dorado", "es_AR.UTF-8")


@pytest.fixture(scope="session")
def documents(folder: Path) -> dict[str, Any]:
    """What each command wrote, by its name in `perform`."""
    return json.loads(folder.with_suffix(".json").read_text(encoding="utf-8"))
