"""What counts is said with forms that were marked together, so that each language has its own."""

import ast
from pathlib import Path

import veedor

REPORT = Path(veedor.__file__).parent / "report"
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in REPORT.rglob("*.py")}


def _called(node):
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def _named(node):
    """Name of what is handed on: ``said.TIMES`` and ``MADE[table]`` are TIMES and MADE."""
    if isinstance(node, ast.Subscript):
        return _named(node.value)
    return getattr(node, "attr", getattr(node, "id", ""))


def _pairs(tree):
    """Names of tables and pairs in which two messages stand beside each other unmarked."""
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            for part in ast.walk(node.value):
                if isinstance(part, ast.Tuple) and [*map(_called, part.elts)] == ["noted"] * 2:
                    yield _named(target)


def test_forms_for_one_and_several_are_marked_together():
    handed_on = {
        _named(argument.value)
        for tree in TREES.values()
        for node in ast.walk(tree)
        if _called(node) == "many"
        for argument in node.args
        if isinstance(argument, ast.Starred)
    }
    assert {"TIMES", "MADE"} <= handed_on
    coded = {"DENOMINATORS", "METHODS", "FINDINGS"}
    unmarked = {
        f"{path.stem}.{name}"
        for path, tree in TREES.items()
        for name in _pairs(tree)
        if name in handed_on | coded
    }
    assert not unmarked, "mark them with `noted_many`"
