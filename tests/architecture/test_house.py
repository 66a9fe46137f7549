"""The house keeps its shape: imports go one way, and what is public is documented and works."""

import ast
import importlib
import pkgutil
import re
import tomllib
from pathlib import Path

import pytest
from tests.web.made_site import opened

import veedor
from veedor.cli.app import COMMANDS

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "veedor"
ROOMS = [
    "statistics",
    "incidents",
    "spacetime",
    "record",
    "patterns",
    "forecasts",
    "forecasters",
    "backtest",
    "verification",
    "sealing",
]
AUDITS = [
    "audits.places",
    "audits.places.devices",
    "audits.places.reporting",
    "audits.places.feedback",
    "audits.alerts",
    "audits.behaviour",
    "audits.reading",
]
MODULES = sorted(
    name
    for _, name, _ in pkgutil.walk_packages(veedor.__path__, "veedor.")
    if name != "veedor.__main__" and ".migrations." not in name  # those are generated
)


def test_every_room_is_on_the_map_in_the_order_of_imports():
    held = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    layers = [set(layer.split(" | ")) for layer in held["contracts"][0]["layers"]]
    map_of_rooms = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    rows = re.findall(r"^\| `veedor\.(\w+)` \|", map_of_rooms, re.MULTILINE)
    depth = {room: place for place, layer in enumerate(reversed(layers)) for room in layer}
    assert sorted(rows) == sorted(depth)
    assert [depth[room] for room in rows] == sorted(depth.values())
    line = re.search(r"\n\n((?:    .*\n)+)", (ROOT / "CONTRIBUTING.md").read_text("utf-8"))
    assert set(re.findall(r"\w+", line[1])) >= set(ROOMS)


@pytest.mark.parametrize("name", MODULES)
def test_every_module_says_what_it_is(name):
    if name.startswith("veedor.web."):
        opened()
    module = importlib.import_module(name)
    assert module.__doc__
    assert len(module.__doc__.strip()) > 12


OPEN_DATA = ["incidents.layouts", "fetching", "exporting"]


@pytest.mark.parametrize(
    "room",
    [
        *ROOMS,
        *AUDITS,
        "disclosure.record",
        "disclosure.request",
        "study",
        "report",
        "tasks",
        "notebook",
        *OPEN_DATA,
    ],
)
def test_what_is_exported_is_there_and_documented(room):
    module = importlib.import_module(f"veedor.{room}")
    assert module.__all__
    for name in module.__all__:
        thing = getattr(module, name)
        if callable(thing):
            assert thing.__doc__, name
            assert len(thing.__doc__.strip()) > 12, name


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda p: p.name)
def test_modules_are_short_enough_to_read(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 420


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda p: p.name)
def test_no_code_touches_the_global_random_state(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "random"
    }
    assert names <= {"Generator", "default_rng"}


def test_every_command_is_in_the_documentation():
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    for command in COMMANDS:
        assert f"## veedor {command}" in text


def test_every_setting_is_in_the_documentation():
    import msgspec

    from veedor.study.config import Study

    text = (ROOT / "docs" / "study-file.md").read_text(encoding="utf-8")
    for section in msgspec.structs.fields(Study):
        assert section.name in text
        kind = section.type
        for inner in getattr(kind, "__args__", (kind,)):
            if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
                for setting in msgspec.structs.fields(inner):
                    assert f"`{setting.name}`" in text, f"{section.name}.{setting.name}"


def test_every_forecaster_and_score_has_its_page():
    from veedor.forecasters import FORECASTERS
    from veedor.verification import SCORES

    headings = {
        path.read_text(encoding="utf-8").split("\n", 1)[0]
        for path in (ROOT / "docs" / "forecasters").glob("*.md")
    }
    for name in FORECASTERS:
        assert f"# {name}" in headings
    pages = " ".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "statistics").glob("*.md")
    )
    for name in SCORES:
        assert f"`{name}`" in pages


def test_every_dependency_has_its_reason():
    from importlib.metadata import requires

    from packaging.requirements import Requirement

    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    for line in requires("veedor") or ():
        assert f"| {Requirement(line).name} |" in text, line


def test_every_benchmark_is_run_and_said_what_it_measures():
    folder = ROOT / "benchmarks"
    runs = {path.stem for path in folder.glob("*.py") if "def main" in path.read_text("utf-8")}
    runs |= {path.parent.name for path in folder.glob("*/__main__.py")}
    ran = re.search(r"ALL = \((.*?)\)", (folder / "__main__.py").read_text("utf-8"), re.DOTALL)
    assert set(re.findall(r'"(\w+)"', ran.group(1))) == runs
    page = (ROOT / "docs" / "benchmarks.md").read_text("utf-8")
    assert [name for name in sorted(runs) if f"`{name}`" not in page] == []
