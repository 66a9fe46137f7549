"""Versions that are written in more than one place agree."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

import veedor

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NEEDED = [
    Requirement(line)
    for line in sum(PROJECT["optional-dependencies"].values(), PROJECT["dependencies"])
]


def pinned(file: str) -> dict[str, Version]:
    lines = (ROOT / file).read_text(encoding="utf-8").split()
    pairs = (line.split("==") for line in lines)
    return {canonicalize_name(name): Version(version) for name, version in pairs}


PINNED, OLDEST = pinned("constraints.txt"), pinned("constraints-minimum.txt")


def test_files_of_versions_name_no_host_and_each_package_once():
    for file, pins in (("constraints.txt", PINNED), ("constraints-minimum.txt", OLDEST)):
        lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
        assert all(re.fullmatch(r"[\w.-]+==[\w.+]+", line) for line in lines)
        assert len(lines) == len(pins)


def test_what_is_pinned_runs_on_the_oldest_python_that_is_allowed():
    oldest = PROJECT["requires-python"].removeprefix(">=") + ".0"
    for package in distributions():
        name, needs = canonicalize_name(package.name), package.metadata.get("Requires-Python")
        if needs and Version(package.version) in (PINNED.get(name), OLDEST.get(name)):
            assert SpecifierSet(needs).contains(oldest), f"{name} {package.version}: {needs}"


@pytest.mark.parametrize("needed", NEEDED, ids=lambda one: one.name)
def test_the_oldest_version_that_is_allowed_is_the_one_that_is_tried(needed):
    name = canonicalize_name(needed.name)
    (least,) = (Version(one.version) for one in needed.specifier if one.operator == ">=")
    tried = OLDEST[name]
    assert needed.specifier.contains(tried)
    assert tried.release[: len(least.release)] == least.release or tried == least
    assert needed.specifier.contains(PINNED[name])


def test_how_to_cite_and_the_changelog_name_this_version():
    cited = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {veedor.__version__}\n" in cited
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    first = re.search(r"^## (\S+)", changes, re.MULTILINE)
    assert first is not None
    assert first[1] == veedor.__version__
