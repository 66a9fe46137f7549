"""Modules of the web app are imported in a process that serves a site, here one of the tests'."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

_VEEDOR = find_spec("veedor")
assert _VEEDOR is not None and _VEEDOR.origin is not None
_WEB = (Path(_VEEDOR.origin).parent / "web", Path(__file__).parent)


def pytest_collect_file(file_path: Path) -> None:
    """Open the tests' site before a module of the web app, or a test of it, is read."""
    if file_path.suffix == ".py" and any(map(file_path.is_relative_to, _WEB)):
        from tests.web.made_site import opened

        opened()
