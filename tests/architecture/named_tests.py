"""Tests that pages of the documentation name, looked up in the files where they stand."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parents[1]
#: `unit/x/test_y.py::test_z`: the file below tests/, and the name.
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")


@cache
def _functions(file: str) -> dict[str, ast.FunctionDef]:
    path = TESTS / file
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.is_file() else ast.Module([], [])
    return {one.name: one for one in tree.body if isinstance(one, ast.FunctionDef)}


def absent(text: str) -> list[str]:
    """Tests that a text names and that are not there."""
    return [f"{file}::{name}" for file, name in NAMED.findall(text) if name not in _functions(file)]


@cache
def needs_data(file: str, name: str) -> bool:
    """Whether a test is skipped where the data that the project may not ship are absent."""
    text = (TESTS / file).read_text(encoding="utf-8")
    if re.search(r"^pytestmark = pytest\.mark\.shared_data$", text, re.MULTILINE):
        return True
    given = {one.arg for one in _functions(file)[name].args.args}
    return "shared_data" in given
