"""Files that are held in memory: a small one may unpack to anything."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from veedor.errors import UnreadableError
from veedor.files.temporary import temporary_folder
from veedor.tables import whole
from veedor.tables.opening import the_one_file
from veedor.tables.screening import screen_file
from veedor.tables.whole import parquet_table, require_short


def _repeated(path, *, stated: bool, letters: int, rows: int) -> None:
    code = pa.array(np.zeros(rows, dtype=np.int32))
    text = pa.DictionaryArray.from_arrays(code, pa.array(["a" * letters]))
    pq.write_table(pa.table({"name": text, "n": code}), path, store_schema=stated)


@pytest.mark.parametrize("stated", [True, False])
def test_a_text_that_is_held_once_and_said_a_million_times_is_refused(tmp_path, stated):
    path = tmp_path / "repeated.parquet"
    _repeated(path, stated=stated, letters=1_000_000, rows=1_000_000)
    assert path.stat().st_size < 200_000
    with pytest.raises(UnreadableError, match="of text in one column"):
        parquet_table(path)


@pytest.mark.parametrize(("deep", "refused"), [(20, False), (31, False), (32, True), (64, True)])
def test_types_in_one_another_are_refused_beyond_a_bound(tmp_path, deep, refused):
    path, kind = tmp_path / "deep.parquet", pa.string()
    for n in range(deep):
        kind = pa.list_(kind) if n % 2 else pa.struct([("a", kind)])
    pq.write_table(pa.table({"deep": pa.array([None], kind), "n": [1]}), path)
    with temporary_folder() as folder:
        if refused:
            with pytest.raises(UnreadableError, match="at most 32 deep"):
                the_one_file(path, folder)
        else:
            assert the_one_file(path, folder).kind == "parquet"


def test_more_numbers_than_fit_are_refused_however_they_are_packed(tmp_path):
    path = tmp_path / "numbers.parquet"
    column = pa.array(np.zeros(2_000_000, dtype=np.int8))
    pq.write_table(pa.table({f"c{n}": column for n in range(300)}), path)
    with pytest.raises(UnreadableError, match="rows"):
        parquet_table(path)


def test_texts_come_back_as_they_were_however_they_are_read(tmp_path, monkeypatch):
    path = tmp_path / "texts.parquet"
    table = pa.table(
        {
            "plain": ["x", "y", None],
            "folded": pa.array(["x", "y", None]).dictionary_encode(),
            "bytes": pa.array([b"1", b"\xff", None]),
            "lists": [["a"], [], None],
            "n": [1, 2, 3],
        }
    )
    pq.write_table(table, path)
    assert parquet_table(path).equals(table)
    monkeypatch.setattr(whole, "MOST_TABLE", 600)
    read = parquet_table(path, ["plain", "folded", "bytes", "n", "absent"])
    assert read.equals(table.drop(["lists"]))


def test_names_are_short():
    require_short(pa.array(["a" * 2_000, None]), "here")
    for texts in (
        pa.array(["a" * 2_001]),
        pa.chunked_array([["a"], ["a" * 2_001]]),
        pa.array(["a" * 2_001]).dictionary_encode(),
    ):
        with pytest.raises(UnreadableError, match="2,001"):
            require_short(texts, "here")
    # Many that are short, all of them longer than one may be; and one long one among few.
    require_short(pa.array(["a" * 30] * 100).dictionary_encode(), "here")
    require_short(pa.array(["a" * 1_500, "b" * 1_500]), "here")
    require_short(pa.array([], pa.string()), "here")
    with pytest.raises(UnreadableError, match="2,001"):
        require_short(pa.array(["é" * 1_000 + "a", "b"])[:1], "here")
    with pytest.raises(UnreadableError):
        require_short(pa.array(["a" * 2_000]), "here", places=1_000_000)


def test_a_table_whose_first_column_is_called_pk_is_no_archive(tmp_path):
    path = tmp_path / "given"
    path.write_text("PK,count\n1,4\n2,5\n", encoding="utf-8")
    assert screen_file(path, lambda *_: None).ending == ".csv"
