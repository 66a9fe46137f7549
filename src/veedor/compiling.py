"""Loops compiled by numba when they are first called.

Import what is compiled where it is used, not at the top of a module: numba takes its time to load.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit

# No fastmath: sums keep their order, so that the same input gives the same bytes. No loop divides
# by what may be 0, so that it need not be looked at.
_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile, and keep the machine code on disk where there is a folder to keep it in."""
    try:
        made: Callable[..., Any] = njit(cache=True, **_OPTIONS)(function)
    except (RuntimeError, OSError):
        made = njit(**_OPTIONS)(function)
    return made
