"""`PlacesAudit`: what any audit of places found, and the two files that hold it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from veedor.audits.places.estimates_file import Figure, write_estimates
from veedor.files.json_file import write_json


@dataclass(frozen=True, eq=False)
class PlacesAudit:
    """What an audit of places found.

    Parameters
    ----------
    figures : tuple of Figure
        In the order of ``estimates.csv``.
    results : dict
        Content of ``results.json``: every figure, tests, warnings, data and settings.
    """

    figures: tuple[Figure, ...]
    results: dict[str, Any]

    def write(self, folder: Path) -> None:
        """Write ``estimates.csv`` and ``results.json``, each whole or not at all."""
        write_estimates(self.figures, folder / "estimates.csv")
        write_json(self.results, folder / "results.json")
