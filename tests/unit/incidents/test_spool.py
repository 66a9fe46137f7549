"""A column that is another one is written once they differ, and holds what it would have held."""

import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from veedor.incidents.spool import Spool, give_back


@pytest.mark.parametrize("differs", [(), (0,), (1,), (2,), (1, 2)])
def test_a_column_as_another_holds_what_was_added(tmp_path, differs):
    kinds = {"start": "i8", "end": "i8"}
    with closing(Spool(tmp_path)) as spool:
        starts, ends = [], []
        for nth, n in enumerate((5, 200_000, 3)):
            start = np.arange(n) * (nth + 1)
            end = start + 7 if nth in differs else start
            spool.append("start", start)
            spool.append("end", end, as_in="start" if end is start else None)
            starts.append(start)
            ends.append(end)
        columns = spool.columns(kinds)
        assert columns["start"].tolist() == np.concatenate(starts).tolist()
        assert columns["end"].tolist() == np.concatenate(ends).tolist()
        assert spool.column("end").tolist() == columns["end"].tolist()
        assert (columns["end"] is columns["start"]) is (not differs)
        assert (tmp_path / "end.column").exists() is bool(differs)


def test_columns_of_nothing_are_empty(tmp_path):
    with closing(Spool(tmp_path)) as spool:
        assert len(spool.columns({"start": "i8", "end": "i8"})["end"]) == 0


def resident_pages_of_files():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssFile:"))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /proc")
def test_memory_of_a_mapped_column_is_given_back_and_its_values_stay(tmp_path):
    numbers = np.arange(8_000_000)
    with closing(Spool(tmp_path)) as spool:
        spool.append("start", numbers)
        column = spool.column("start").view("datetime64[us]")
    total = column.view("i8").sum()
    before = resident_pages_of_files()
    give_back(column)
    assert before - resident_pages_of_files() > 50_000  # kB, of 62,500
    assert column.view("i8").sum() == total == numbers.sum()


@pytest.mark.parametrize("array", [None, np.arange(3), np.arange(6)[::2], np.empty(0)])
def test_what_is_not_mapped_is_left_as_it_is(array):
    give_back(array)
    if array is not None:
        array += 1
