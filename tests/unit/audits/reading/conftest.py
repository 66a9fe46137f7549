"""The made-up table, its truth, and a pack of it."""

from __future__ import annotations

import pytest
from tests.made_up_readings import truth, write_table
from tests.planned_readings import plan_into

from veedor.audits.reading import (
    PackSettings,
    make_pack,
)


@pytest.fixture
def table(tmp_path):
    return write_table(tmp_path / "alerts.csv", truth()[0])


@pytest.fixture
def true():
    return truth()[1]


@pytest.fixture
def pack(tmp_path, table):
    plan_into(tmp_path / "plan", table)
    into = tmp_path / "pack"
    into.mkdir()
    make_pack(tmp_path / "plan", table, PackSettings(show=("as_written",)), None, into)
    return into
