"""Whatever a portal does, a fetch gives one of its states, whole, or an error that says why."""

from __future__ import annotations

import csv
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from veedor.errors import FetchError
from veedor.fetching import Client, Politeness, Wanted, fetch
from veedor.incidents.layouts import find_layout

from .hostile import HostilePortal

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)


class Silent:
    """Progress that nobody looks at."""

    def step(self, name: str, total: int | None) -> None:
        pass

    def advance(self, done: int) -> None:
        pass


class Stopping(Silent):
    """Ctrl-C after some calls."""

    def __init__(self, calls: int) -> None:
        self.left = calls

    def advance(self, done: int) -> None:
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt


def fetched(portal: HostilePortal, out: Path, layout: str, seed: int) -> Path:
    """Fetch, stopped and taken up again at random, until it is done."""
    rng = np.random.default_rng(seed)
    token = "made-up" if layout == "chicago" and seed % 2 else None
    wanted = Wanted(
        find_layout(layout),
        date(2022, 1, 1),
        out,
        server=portal.url,
        soda="2.1" if token is None else "3",
        page_rows=int(rng.integers(11, 60)),
    )
    for _ in range(40):
        polite = Politeness(pause_s=0.0, tries=12, timeout_s=5.0)
        client = Client(polite, np.random.default_rng(seed), token, sleep=lambda _: None)
        try:
            stopping = Stopping(int(rng.integers(1, 12))) if rng.random() < 0.5 else Silent()
            return fetch(wanted, client, stopping, NOW).path
        except KeyboardInterrupt:
            assert not out.exists()
        except FetchError:
            portal.often *= 0.8
            assert not out.exists()
        finally:
            client.close()
    raise AssertionError("a fetch comes to its end")


def table_is_whole(seed: int, layout: str, folder: Path) -> None:
    """Hold what was fetched against every state of the table."""
    portal = HostilePortal(seed)
    try:
        path = fetched(portal, folder / "out.csv", layout, seed)
    finally:
        portal.close()
    rows_are_whole(path, portal, "_id" if layout == "mexico-city" else ":id")
    assert not list(folder.glob(".out.csv*"))


def rows_are_whole(path: Path, portal: HostilePortal, key: str = ":id") -> None:
    """Hold the rows of a file against every state of the table: one of them is the file."""
    with path.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    got = [(row[key], row["primary_type"]) for row in found]
    assert len(got) == len(set(got))
    assert any(
        set(got) == {(str(row[key]), row["primary_type"] or "") for row in state}
        for state in portal.states
    )


def files_are_whole(seed: int, folder: Path) -> None:
    """Hold what was fetched against every state of each file."""
    portal = HostilePortal(seed)
    try:
        path = fetched(portal, folder / "out.zip", "buenos-aires", seed)
    finally:
        portal.close()
    with zipfile.ZipFile(path) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    assert set(members) <= {f"delitos_{year}.csv" for year in portal.files}
    assert {"delitos_2022.csv"} <= set(members)
    for name, data in members.items():
        assert data in portal.every_file[name[8:12]], (seed, name)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("layout", ["chicago", "mexico-city"])
def test_a_table_is_whole(seed, layout, tmp_path):
    table_is_whole(seed, layout, tmp_path)


@pytest.mark.parametrize("seed", range(6))
def test_files_are_whole(seed, tmp_path):
    files_are_whole(seed, tmp_path)
