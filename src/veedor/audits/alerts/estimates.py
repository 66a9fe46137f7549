"""`Row`: one line of estimates.csv, and how they are written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from veedor.audits.audit import write_rows

COLUMNS = (
    "subset", "threshold", "group", "metric", "value", "numerator", "denominator", "low", "high",
    "method",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One estimate. Numbers that are not finite become None: undefined.

    Parameters
    ----------
    subset : str
        ``all``, or what part of the data.
    threshold : float or None
        None where the system's own alerts are counted.
    group : str
        ``ALL`` is everyone.
    metric : str
    value : float or None
        Probabilities, not per cents.
    numerator, denominator : float or None
    low, high : float or None
    method : str
        Of the interval; empty where there is none.

    Examples
    --------
    >>> Row("all", None, "ALL", "ppv", float("nan"), 0, 0).value is None
    True
    """

    subset: str
    threshold: float | None
    group: str
    metric: str
    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    low: float | None = None
    high: float | None = None
    method: str = ""

    def __post_init__(self) -> None:
        for name in ("threshold", "value", "numerator", "denominator", "low", "high"):
            number = getattr(self, name)
            if number is not None:
                number = float(number)
                object.__setattr__(self, name, number if math.isfinite(number) else None)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, JSON-ready; whole numbers as integers."""
        return {key: _whole(value) for key, value in asdict(self).items()}


def rows_of(
    subset: str,
    threshold: float | None,
    groups: Sequence[str],
    metric: str,
    value: npt.ArrayLike,
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    method: str | Sequence[str],
) -> list[Row]:
    """Make a row for each group, from arrays of shape (groups,); one method, or one a group."""
    methods = [method] * len(groups) if isinstance(method, str) else method
    columns = [np.asarray(c, dtype=np.float64) for c in (value, numerator, denominator, low, high)]
    return [
        Row(subset, threshold, group, metric, x, counted, out_of, least, most, how)
        for group, how, x, counted, out_of, least, most in zip(
            groups, methods, *(column.tolist() for column in columns), strict=True
        )
    ]


def write_estimates(rows: Sequence[Row], path: Path) -> None:
    """Write rows as CSV with the columns of `COLUMNS`; undefined is an empty field.

    Names of groups that a spreadsheet would take for a formula are written so that it does not.

    Parameters
    ----------
    rows : sequence of Row
    path : Path
        Replaced whole or not at all.
    """
    write_rows(COLUMNS, (list(row.to_dict().values()) for row in rows), path)


def _whole(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value
