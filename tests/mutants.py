"""Wrong code that no test notices: small faults put into the rules, one at a time.

``python -m tests.mutants [GROUP ...] [--each 12]`` takes, of each module of a group, so many
faults drawn at random (a comparison turned or moved off its edge, a sum for a difference, another
constant, branches or arguments swapped), and runs the group's tests on each in a process of its
own. A fault that passes them all is printed: a test is missing there, or the code says the same
either way. Each takes from two seconds to a minute; all groups some forty minutes.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
_VERIFICATION = (
    "tests/oracles/test_forecast_tests.py",
    "tests/oracles/test_implied_gain.py",
    "tests/oracles/test_ties_of_cells.py",
    "tests/published/test_forecast_tests.py",
    "tests/properties/test_verification_properties.py",
    "tests/unit/verification",
)
#: Numbers and files alone: how pages look and are said is asked elsewhere, and takes long.
_GOLDEN = ("tests/golden/test_golden.py", "tests/golden/test_recomputed.py")
#: Group -> its modules, and the tests that should notice, the fast ones first.
GROUPS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "verification": (("verification/*.py",), (*_VERIFICATION, *_GOLDEN)),
    "places": (
        ("audits/places/*.py", "audits/places/*/*.py"),
        (
            "tests/oracles/test_audit_statistics.py",
            "tests/oracles/test_feedback.py",
            "tests/oracles/test_reporting.py",
            "tests/unit/audits/test_*.py",
            *_GOLDEN,
        ),
    ),
    "alerts": (
        ("audits/alerts/*.py", "audits/alerts/tables/*.py"),
        ("tests/oracles/test_alert_rates.py", "tests/unit/audits/alerts", *_GOLDEN),
    ),
    "sealing": (
        ("sealing/*.py",),
        ("tests/properties/test_merkle_properties.py", "tests/unit/sealing", *_GOLDEN),
    ),
    "requests": (
        ("disclosure/request/*.py", "report/calendar_file.py"),
        (
            "tests/unit/disclosure/test_working_days.py",
            "tests/unit/disclosure/test_deadlines.py",
            "tests/unit/disclosure/test_days_off_file.py",
            "tests/unit/disclosure/test_letters.py",
            "tests/unit/disclosure/test_law.py",
            "tests/unit/report/test_calendar_file.py",
        ),
    ),
    "assembly": (
        ("study/*.py", "study/*/*.py", "tasks/*.py", "cli/*.py", "cli/*/*.py"),
        ("tests/unit/cli/test_[cln]*.py", *_GOLDEN, "tests/unit/study", "tests/unit/cli"),
    ),
}
_SECONDS = 300
#: Loaded once, before processes part.
_HEAVY = (
    "click", "duckdb", "matplotlib.figure", "msgspec", "numba", "pyarrow.parquet",
    "pyproj", "pytest", "rich", "scipy.special", "scipy.stats", "shapely", "sklearn",
)  # fmt: skip
_COMPARED = {
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt), ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
}  # fmt: skip
_ARITHMETIC = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
_TWINS = {
    "min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum", "any": "all",
    "all": "any", "floor": "ceil", "ceil": "floor", "low": "high", "high": "low",
}  # fmt: skip


def places(text: str) -> list[tuple[int, int]]:
    """Where faults can be put into a module: a node of its tree, and which of the node's faults."""
    tree = ast.parse(text)
    said = _said(tree)
    return [
        (at, number)
        for at, node in enumerate(ast.walk(tree))
        if id(node) not in said
        for number in range(_kinds(node))
    ]


def spoilt(text: str, at: int, number: int) -> tuple[int, str, str]:
    """Put one fault into a module: its line, what it is, and the module's text then."""
    tree = ast.parse(text)
    node = next(one for place, one in enumerate(ast.walk(tree)) if place == at)
    before = ast.unparse(node)
    _spoil(node, number)
    return getattr(node, "lineno", 0), f"{before} -> {ast.unparse(node)}", ast.unparse(tree)


def _said(tree: ast.Module) -> set[int]:
    """Nodes of annotations, of what a class is made with, and of what only types are for."""
    inner: set[int] = set()
    for node in ast.walk(tree):
        parts: list[ast.AST | None] = []
        if isinstance(node, ast.FunctionDef):
            arguments = (*node.args.args, *node.args.kwonlyargs, *node.args.posonlyargs)
            parts = [node.returns, *(one.annotation for one in arguments)]
        elif isinstance(node, ast.ClassDef):
            parts = [*node.decorator_list, *node.keywords]
        elif isinstance(node, ast.AnnAssign):
            parts = [node.annotation]
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            parts = [node]
        inner.update(id(one) for part in parts if part is not None for one in ast.walk(part))
    return inner


def _kinds(node: ast.AST) -> int:
    """How many faults a node can have."""
    match node:
        case ast.Compare(ops=[op]):
            return len(_COMPARED[type(op)])
        case ast.BinOp(op=op, left=left, right=right):
            texts = any(isinstance(s, ast.JoinedStr) or _is_text(s) for s in (left, right))
            return int(type(op) in _ARITHMETIC and not texts)
        case ast.Constant(value=bool() | int() | float()):
            return 1
        case ast.BoolOp() | ast.UnaryOp() | ast.IfExp() | ast.If():
            return 1
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return int(name in _TWINS and isinstance(node.ctx, ast.Load))
        case ast.Call(args=[ast.Name(id=one), ast.Name(id=other), *_]):
            return int(one != other and "isinstance" not in ast.unparse(node.func))
    return 0


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _spoil(node: ast.AST, number: int) -> None:
    match node:
        case ast.Compare():
            node.ops = [_COMPARED[type(node.ops[0])][number]()]
        case ast.BinOp():
            node.op = _ARITHMETIC[type(node.op)]()
        case ast.Constant(value=bool(value)):
            node.value = not value
        case ast.Constant(value=int(value)):
            node.value = value + 1
        case ast.Constant(value=float(value)):
            node.value = value * 1.25 if value else 1.0
        case ast.BoolOp():
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        case ast.UnaryOp():
            node.op = ast.UAdd() if isinstance(node.op, ast.USub) else node.op
            if isinstance(node.op, ast.Not):
                node.operand = ast.UnaryOp(ast.Not(), node.operand)
        case ast.IfExp():
            node.body, node.orelse = node.orelse, node.body
        case ast.If():
            node.test = ast.UnaryOp(ast.Not(), node.test)
        case ast.Name():
            node.id = _TWINS[node.id]
        case ast.Attribute():
            node.attr = _TWINS[node.attr]
        case ast.Call():
            node.args[:2] = node.args[1::-1]


def notices(source: Path, tests: list[str], module: str | None) -> bool:
    """Whether a test fails on the code in `source`: in a process of its own, with its own time."""
    child = os.fork()
    if child:
        return _wait(child) != 0
    code = 1
    try:
        os.setsid()
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        sys.dont_write_bytecode = True
        sys.path[:0] = [str(source), str(ROOT)]
        os.environ["PYTHONPATH"] = str(source)
        os.chdir(ROOT)
        code = _run_tests(tests, module)
    finally:
        os._exit(code)


def _run_tests(tests: list[str], module: str | None) -> int:
    import doctest
    from importlib import import_module

    import pytest

    if module is not None:
        told = doctest.testmod(import_module(module), optionflags=doctest.NORMALIZE_WHITESPACE)
        if told.failed:
            return 1
    return int(pytest.main(["-x", "-q", "-n0", "-p", "no:cacheprovider", *tests]))


def _wait(child: int) -> int:
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return 1


def main() -> None:
    """Say, for each module of the groups, which faults no test noticed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=", ".join(GROUPS))
    parser.add_argument("--each", type=int, default=12, help="faults a module")
    parser.add_argument("--only", default="", help="modules whose path holds this text")
    parser.add_argument("--tests", nargs="*", help="in place of the group's")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=60.0, help="stop after so many")
    given = parser.parse_args()
    os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "CI": "1"}
    for name in _HEAVY:
        __import__(name)
    end = time.monotonic() + 60.0 * given.minutes
    noticed = put = 0
    with tempfile.TemporaryDirectory() as place:
        source = Path(place) / "src"
        shutil.copytree(ROOT / "src", source)
        for group in given.groups or GROUPS:
            patterns, wanted = GROUPS[group]
            tests = [str(p) for one in given.tests or wanted for p in sorted(ROOT.glob(one))]
            if notices(source, tests, None):
                raise SystemExit(f"{group}: its tests fail on the code as it is")
            modules = sorted({p for one in patterns for p in (source / "veedor").glob(one)})
            for path in (one for one in modules if given.only in str(one)):
                found, of = _module(source, path, tests, given, end)
                noticed, put = noticed + found, put + of
    print(f"{noticed} of {put} faults were noticed")


def _module(
    source: Path, path: Path, tests: list[str], given: argparse.Namespace, end: float
) -> tuple[int, int]:
    text = path.read_text(encoding="utf-8")
    every = places(text)
    drawn = random.Random(given.seed).sample(every, min(given.each, len(every)))
    name = path.relative_to(source)
    module = ".".join(name.with_suffix("").parts)
    noticed = done = 0
    for line, what, wrong in sorted(spoilt(text, *one) for one in drawn):
        if time.monotonic() > end:
            break
        path.write_text(wrong, encoding="utf-8")
        found = notices(source, tests, module)
        noticed, done = noticed + found, done + 1
        if not found:
            print(f"  {name}:{line}: {what}", flush=True)
    path.write_text(text, encoding="utf-8")
    if done:
        print(f"{name}: {noticed} of {done} noticed", flush=True)
    return noticed, done


if __name__ == "__main__":
    main()
