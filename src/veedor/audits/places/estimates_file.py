"""`Figure`: one number of an audit of places; and the file that holds them all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from veedor.audits.result_files import write_rows
from veedor.statistics import Estimate

COLUMNS = (
    "assignment", "group", "statistic", "value", "low", "high", "level", "method", "n",
    "denominator",
)  # fmt: skip

#: Group of the figures that are about the whole area.
WHOLE = "all"


@dataclass(frozen=True)
class Figure:
    """One number of an audit.

    Parameters
    ----------
    assignment : str
        How predictions came to zones: ``centre``, ``box`` or ``stored``.
    group : str
        Who it is about; ``all`` for the whole area.
    statistic : str
    estimate : Estimate
    """

    assignment: str
    group: str
    statistic: str
    estimate: Estimate

    def to_dict(self) -> dict[str, Any]:
        """Return a flat row, JSON-ready."""
        return {
            "assignment": self.assignment,
            "group": self.group,
            "statistic": self.statistic,
            **self.estimate.to_dict(),
        }


def estimate(
    value: float | None,
    interval: tuple[float, float] | None,
    method: str,
    n: float,
    denominator: str,
    level: float = 0.95,
) -> Estimate:
    """Make an estimate in which what is not a finite number is None.

    Parameters
    ----------
    value : float or None
    interval : (low, high) or None
        None for a figure that has no interval, NaN where it cannot be told; `method` then says
        why, after "none".
    method : str
    n : float
        Rounded to a whole number.
    denominator : str
    level : float
    """
    low, high = (None, None) if interval is None else map(_finite, interval)
    value = _finite(value)
    if value is None:
        low = high = None
        method = "none: the value is undefined"
    elif interval is not None and (low is None or high is None):
        low = high = None
        if not method.startswith("none"):
            method = "none: too few zones, or nothing that varies"
    return Estimate(value, low, high, level, method, round(n), denominator)


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def write_estimates(figures: Sequence[Figure], path: Path) -> None:
    """Write figures as CSV, a row each; text is made safe for spreadsheets.

    Undefined is an empty field. Numbers have all their digits. A crash leaves the old file.

    Parameters
    ----------
    figures : sequence of Figure
    path : Path
    """
    rows = [figure.to_dict() for figure in figures]
    write_rows(COLUMNS, [[row[name] for name in COLUMNS] for row in rows], path)
