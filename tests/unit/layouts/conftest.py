"""Readers of ``files/``: made up, small, as the portals publish, each with its quirks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from veedor.incidents import Category, Reading, Source, read
from veedor.incidents.layouts import find_layout

FILES = Path(__file__).parent / "files"


@pytest.fixture
def read_as() -> Callable[..., Reading]:
    """Read files of a layout: made-up ones by name, or any; categories are name -> raw values."""

    def reading(layout: str, categories: dict[str, tuple[str, ...]], *files: str | Path) -> Reading:
        paths = [FILES / f"{one}.csv" if isinstance(one, str) else one for one in files]
        known = find_layout(layout)
        return read(
            Source(
                paths=tuple(map(str, paths)),
                columns=known.with_columns({}),
                categories=tuple(
                    Category(name, "reported", values) for name, values in categories.items()
                ),
                time_zone=known.time_zone,
                crs=known.crs,
                layout=known,
            )
        )

    return reading


def local(reading: Reading, times: np.ndarray) -> list[str]:
    """Instants as local civil time, to the minute."""
    from veedor.tables.clocks import LocalClock

    clock = LocalClock(reading.source.time_zone)
    micros = clock.to_local(times.astype("datetime64[us]").astype(np.int64))
    return [str(one) for one in micros.view("datetime64[us]").astype("datetime64[m]")]
