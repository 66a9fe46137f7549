"""Modules of the web app are imported in a process that serves a site, here one of the tests'."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent
_WEB = (_HERE / "src" / "veedor" / "web", _HERE / "tests" / "web")


def pytest_collect_file(file_path: Path) -> None:
    """Open the tests' site before a module of the web app, or a test of it, is read."""
    if file_path.suffix == ".py" and any(map(file_path.is_relative_to, _WEB)):
        from tests.web.made_site import opened

        opened()
