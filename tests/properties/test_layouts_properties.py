"""Whatever a file of a layout holds, every row is accounted for; and rows of one incident once."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from veedor.errors import DataError
from veedor.incidents import Category, Source, assess, read
from veedor.incidents.duplicates import counted_before
from veedor.incidents.layouts import find_layout

_HEADER = ["id-mapa", "fecha", "franja", "tipo", "barrio", "comuna", "latitud", "longitud"]
_ODD = st.sampled_from(["", "NULL", "SD", "0", "Sin geo", "x;y", '"', "-34", "1e9", "\u200b"])


def _either(*good: str) -> st.SearchStrategy[str]:
    return st.one_of(st.sampled_from(good), _ODD)


#: More than one in a hundred that cannot be read stops a reading: see the test of that.
_TIMES = st.sampled_from(["2023-01-05", "2022-12-31", "1906-01-01", ""])
_ROW = st.tuples(
    _either("1", "2", "3.0"),
    _TIMES,
    st.sampled_from(["0", "23", "14.0", "18 a 20", ""]),
    _either("Robo", "robo (con violencia)", "Hurto"),
    _either("Palermo"),
    _either("14"),
    _either("-34.6", "-34,6", "-34600000", "-345"),
    _either("-58.4", "-58,4", "-58400000"),
    _either("1", "2", "7.0", "-1", "1001"),
)


@settings(max_examples=20, deadline=None)
@given(st.lists(_ROW, min_size=1, max_size=25))
def test_every_row_is_accounted_for(rows):
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow([*_HEADER, "cantidad"])
    writer.writerows(rows)
    layout = find_layout("buenos-aires")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_text(text.getvalue(), encoding="utf-8")
        source = Source(
            paths=(str(path),),
            columns=layout.columns,
            categories=(Category("robo", "reported", layout.categories["Robo"]),),
            time_zone=layout.time_zone,
            crs=layout.crs,
            layout=layout,
        )
        try:
            reading = read(source)
        except DataError:
            return  # no row could be kept
    quality = assess(reading)
    assert quality.rows.read == len(rows)
    assert quality.rows.reconciled
    assert len(set(reading.incidents.id.tolist())) == len(reading.incidents)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 1)), max_size=40),
    st.booleans(),
)
def test_an_incident_counts_once_in_each_category(made, text):
    """Against a plain pass over the rows; each may stand for several incidents."""
    incident, category, more = np.array(made, dtype=np.int64).reshape(-1, 3).T
    times = more + 1
    row = np.repeat(np.arange(len(incident)), times)
    incident, category = incident[row], category[row]
    keys = np.array([b"" if one == 3 else b"%d" % one for one in incident], dtype="S2")
    seen: dict[tuple[int, int], int] = {}
    expected = []
    for at in range(len(row)):
        if text and incident[at] == 3:
            continue
        first = seen.setdefault((int(incident[at]), int(category[at])), int(row[at]))
        if first != row[at]:
            expected.append(at)
    found = counted_before(keys if text else incident, category.astype(np.int16), row)
    assert found.tolist() == expected
