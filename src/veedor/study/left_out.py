"""Areas of a study of counts that are no cell of it: which, and why."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Why(StrEnum):
    """Why an area is left out; `report.words` says it."""

    NO_OUTLINE = "no outline"
    """No outline has its code."""
    NOT_REPORTED = "not reported"
    """It did not report throughout the history, or in the forecast periods."""


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """An area that is counted in totals, where it reported, and not forecast.

    Parameters
    ----------
    code, name : str
    why : Why
    categories : tuple of str
        Of which it did not report throughout.
    gaps : int
        Category and span pairs without a count, as known at the cut-off with most of them.
    """

    code: str
    name: str
    why: Why
    categories: tuple[str, ...] = ()
    gaps: int = 0
