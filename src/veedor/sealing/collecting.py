"""Python's search for garbage, less often where much is read that is kept."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_OBJECTS = 200_000


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Look for cycles of objects only after every 200,000 new ones; as before afterwards.

    All that a log says is kept until it is verified, and would be looked through again and again.
    """
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], _OBJECTS) if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
