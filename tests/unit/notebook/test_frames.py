"""Tables in memory, of whichever library: read as their file is, or refused by what is wrong."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import veedor
from veedor.errors import StudyError
from veedor.notebook.frames import table_of

KINDS = ["robbery", "theft"]


@pytest.fixture
def frame():
    n = 60
    rng = np.random.default_rng(3)
    days = pd.Timestamp("2022-01-03") + pd.to_timedelta(np.arange(n), unit="D")
    return pd.DataFrame({
        "id": range(n), "occurred_at": days + pd.to_timedelta(rng.integers(0, 1440, n), unit="min"),
        "lat": -34.6 + rng.normal(0, 0.01, n), "lon": -58.4 + rng.normal(0, 0.01, n),
        "category": [KINDS[at % 2] for at in range(n)],
    })  # fmt: skip


def views(frame, ordered=False):
    """Categories as polars hands them over: numbers of views of text."""
    codes = pa.array([KINDS.index(one) for one in frame["category"]], pa.uint8())
    kinds = pa.DictionaryArray.from_arrays(
        codes, pa.array(KINDS, pa.string_view()), ordered=ordered
    )
    table = pa.Table.from_pandas(frame, preserve_index=False)
    return table.set_column(table.column_names.index("category"), "category", kinds)


def numbered(frame):
    """Ids of 16 bytes, a kind of Arrow's own beside the plain ones."""
    ids = pa.array([f"{at:016d}".encode() for at in range(len(frame))], pa.uuid())
    return pa.Table.from_pandas(frame, preserve_index=False).set_column(0, "id", ids)


@pytest.mark.parametrize(
    "make",
    [
        numbered,
        lambda frame: frame.set_index("occurred_at"),
        lambda frame: frame.set_index(["category", "occurred_at"]),
        lambda frame: frame.set_index(frame.index[::-1]),
        lambda frame: frame.astype({"category": "category"}),
        lambda frame: frame.astype({"occurred_at": object}),
        lambda frame: frame.astype({"id": "Int64", "lat": "Float64"}),
        views,
        lambda frame: views(frame, ordered=True),
        lambda frame: pa.Table.from_pandas(frame, preserve_index=False).to_reader(7),
        lambda frame: pa.RecordBatch.from_pandas(frame, preserve_index=False),
    ],
)
def test_every_form_of_a_table_is_read_as_its_file_is(frame, make, tmp_path):
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), tmp_path / "a.parquet")
    expected = veedor.read(str(tmp_path / "a.parquet")).incidents
    found = veedor.read(make(frame)).incidents
    for name in ("start", "x_m", "y_m", "category"):
        assert np.array_equal(getattr(found, name), getattr(expected, name))


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (lambda f: f.assign(occurred_at=[*f["occurred_at"][:-1], "soon"]), "occurred_at"),
        (lambda f: pd.concat([f, f[["lat"]]], axis=1), "Duplicate column names"),
        (lambda f: f.set_index("lat", drop=False), "lat"),
        (lambda f: f.assign(z=1 + 2j), "complex128"),
        (lambda f: f.assign(occurred_at=f["occurred_at"].dt.to_period("D")), "pandas.period"),
    ],
)
def test_what_is_no_table_is_refused_by_what_is_wrong(frame, make, found):
    with pytest.raises(StudyError, match=found) as refused:
        table_of(make(frame))
    assert refused.value.remedy


@pytest.mark.parametrize("make", [lambda f: f["lat"], lambda f: f.to_numpy(), lambda f: None])
def test_a_column_an_array_and_nothing_are_no_table(frame, make):
    assert table_of(make(frame)) is None
