"""`installed`: what forecasts depend on, besides the data and the study."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import entry_points, requires, version

from packaging.requirements import Requirement

import veedor
from veedor.forecasters.registry import ENTRY_POINTS


@cache
def installed() -> dict[str, str]:
    """Versions of Python, veedor and the packages that it always needs."""
    packages = {"python": platform.python_version(), "veedor": veedor.__version__}
    for text in requires("veedor") or ():
        requirement = Requirement(text)
        if requirement.marker is None:
            packages[requirement.name] = version(requirement.name)
    return packages


@cache
def installed_here() -> dict[str, str]:
    """`installed`, what gives forecasters of others, and the kind of processor."""
    others = {
        one.dist.name: one.dist.version for one in entry_points(group=ENTRY_POINTS) if one.dist
    }
    return {**installed(), **others, "processor": platform.machine()}
