"""A column that is another one is written once they differ, and holds what it would have held."""

from contextlib import closing

import numpy as np
import pytest

from veedor.incidents.spool import Spool


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
