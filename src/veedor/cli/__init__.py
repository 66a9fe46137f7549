"""The command line. `main` is what the ``veedor`` command calls."""

from veedor.cli.app import main

__all__ = ["main"]
