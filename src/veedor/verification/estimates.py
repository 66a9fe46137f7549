"""`Estimate`: a number that never goes without its interval and its denominator."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Estimate:
    """A value with its interval.

    Parameters
    ----------
    value : float or None
        None where undefined: 0/0 is not 0.
    low, high : float or None
        None where the data are too few for an interval.
    level : float
        Of the interval, in (0, 1).
    method : str
        Of the interval, in words.
    n : int
        Size of the denominator.
    denominator : str
        What was counted for it, in words.
    """

    value: float | None
    low: float | None
    high: float | None
    level: float
    method: str
    n: int
    denominator: str

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, JSON-ready."""
        return asdict(self)
