"""A large record is proposed from a sample of its rows, and read as a whole by all else."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from veedor.errors import PersonalDataRefusal
from veedor.incidents import propose, read, sampled
from veedor.study.proposal import span_of, span_of_sample
from veedor.tables import sampling
from veedor.tasks.context import Context
from veedor.tasks.init import Request, perform

ROWS = 3_000


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Records of more than 1,000 rows are large; stretches are of ten rows."""
    monkeypatch.setattr(sampled, "MOST_ROWS", 1_000)
    monkeypatch.setattr(sampling, "_ROWS", 10)
    monkeypatch.setattr(sampling, "_HEAD", 2_000)
    monkeypatch.setattr(sampling, "_BYTES", 500)


def record(rows=ROWS, first="2021-12-31T22:30", step_minutes=300):
    """Incidents of Buenos Aires, one every five hours, and a row of 1970 that is a mistake."""
    at = np.datetime64(first, "us") + np.arange(rows) * np.timedelta64(step_minutes, "m")
    at[rows // 2] = np.datetime64("1970-01-01", "us")
    n = np.arange(rows)
    return pa.table(
        {
            "occurred_at": at,
            "category": np.where(n == rows // 2, "rare kind", np.where(n % 3, "theft", "assault")),
            "latitude": -34.6 - (n % 50) / 1_000,
            "longitude": -58.4 - (n % 70) / 1_000,
        }
    )


def source_of(path):
    return propose([str(path)]).source([str(path)])


def spans(path, folder):
    source = source_of(path)
    folder.mkdir()
    found = sampled.sampled(source, folder)
    part = read(found.source).incidents
    return span_of(read(source).incidents), span_of_sample(part, found.months), len(part)


@pytest.mark.parametrize("zone", [None, "UTC"])
def test_days_of_a_sample_are_those_of_all_rows_where_times_are_times(tmp_path, zone):
    """Ends, and where the record is complete: by all rows, in local days, the mistake left out."""
    table = record()
    if zone:
        table = table.set_column(0, "occurred_at", table.column(0).cast(pa.timestamp("us", zone)))
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=400)
    whole, made, n = spans(tmp_path / "a.parquet", tmp_path / "work")
    assert (made.first, made.last, made.begins) == (whole.first, whole.last, whole.begins)
    assert made.rows == ROWS
    assert made.sampled
    assert not whole.sampled
    assert n == made.incidents == sampling.STRETCHES * 10


def test_days_are_of_all_files_and_each_file_has_its_share(tmp_path):
    table = record()
    (tmp_path / "in").mkdir()
    pq.write_table(table.slice(1_000), tmp_path / "in" / "a.parquet")
    pq.write_table(table.slice(0, 1_000), tmp_path / "in" / "b.parquet")
    whole, made, n = spans(tmp_path / "in", tmp_path / "work")
    assert (made.first, made.last, made.begins) == (whole.first, whole.last, whole.begins)
    assert made.rows == ROWS
    assert n == (42 + 21) * 10


def test_where_times_are_texts_the_days_are_those_of_the_sample(tmp_path):
    table = record(30_000, step_minutes=60)
    lines = [",".join(table.column_names)]
    lines += [",".join(map(str, row.values())) for row in table.to_pylist()]
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\n")
    whole, made, n = spans(tmp_path / "a.csv", tmp_path / "work")
    assert made.rows is None
    assert made.sampled
    assert n < len(lines) / 10 * 3
    assert (made.first, made.last) == (whole.first, whole.last)


def test_a_record_is_large_from_one_row_more(tmp_path):
    for rows, large in ((1_000, False), (1_001, True)):
        pq.write_table(record(rows), tmp_path / "a.parquet")
        (tmp_path / str(rows)).mkdir()
        found = sampled.sampled(source_of(tmp_path / "a.parquet"), tmp_path / str(rows))
        assert (found is not None) is large


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "a sample of it, 640 incidents"),
        ("es", "una muestra de él, 640 hechos registrados"),
    ],
)
def test_a_proposal_says_that_it_looked_at_a_sample(tmp_path, language, said):
    pq.write_table(record(), tmp_path / "a.parquet")
    done = perform(
        Request(study=tmp_path / "study", incidents=(tmp_path / "a.parquet",)),
        Context(language=language),
    )
    text = done.results.path.read_text()
    assert said in text
    assert "rare kind" in text  # categories are counted in all rows
    assert ("3,000" if language == "en" else "3.000") in text.replace("\n# ", " ")


def test_personal_data_outside_a_sample_are_found_by_whoever_reads_all(tmp_path):
    """What the screen of a proposal cannot see, that of `read` refuses."""
    ids = [f"HZ{n:06d}" for n in range(ROWS)]
    ids[2_960] = "ana@example.org"  # between two stretches
    table = record().append_column("id", pa.array(ids))
    pq.write_table(table, tmp_path / "a.parquet")
    source = source_of(tmp_path / "a.parquet")
    (tmp_path / "work").mkdir()
    read(sampled.sampled(source, tmp_path / "work").source)
    with pytest.raises(PersonalDataRefusal):
        read(source)
    ids[ROWS - 1] = "eva@example.org"
    pq.write_table(table.set_column(4, "id", pa.array(ids)), tmp_path / "a.parquet")
    with pytest.raises(PersonalDataRefusal):
        perform(Request(study=tmp_path / "study", incidents=(tmp_path / "a.parquet",)), Context())
