"""What holds of every layout of counts by area, and of files that are not what they claim to be."""

from __future__ import annotations

import gzip
import importlib.util
import re
import zipfile
from datetime import date
from pathlib import Path
from pkgutil import iter_modules

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from veedor.areas import Unit
from veedor.areas.layouts import (
    AREA_LAYOUTS,
    AreaLayout,
    Choices,
    find_area_layout,
    known,
    recognise_area_layout,
)
from veedor.areas.reading import AreaReading, Publication, read_areas
from veedor.errors import DataError, Phrase, StudyError, UnreadableError, VeedorError

DOCS = Path(__file__).parents[3] / "docs"
LAYOUTS = pytest.mark.parametrize("layout", AREA_LAYOUTS.values(), ids=AREA_LAYOUTS)


@LAYOUTS
def test_a_layout_says_whose_it_is_what_it_counts_and_how_states_are_known(
    layout: AreaLayout,
) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", layout.name)
    assert layout.units
    assert set(layout.needed) <= set(layout.fields)
    assert layout.plain or (layout.page.startswith("https://") and layout.time_zone)
    said = [layout.licence, layout.states, *layout.quirks, *(one.what for one in layout.breaks)]
    assert all(isinstance(one, Phrase) and not one.endswith(".") for one in said)


@LAYOUTS
def test_a_layout_is_recognised_by_the_headers_that_it_needs(layout: AreaLayout) -> None:
    headers = [layout.fields[name][0] for name in layout.needed]
    found = recognise_area_layout(headers)
    assert (None if layout.plain else layout) is found
    assert find_area_layout(layout.name.replace("-", "_").upper()) is layout


def test_a_module_of_layouts_is_called_as_a_layout_of_its_own() -> None:
    """The help of commands names them without reading them, which would take long."""
    modules = [module.name.replace("_", "-") for module in iter_modules(known.__path__)]
    assert sorted(modules) == sorted(AREA_LAYOUTS)


def test_a_layout_that_nobody_knows_is_refused_with_those_there_are() -> None:
    with pytest.raises(StudyError, match="isp-rj"):
        find_area_layout("isp-sp")


def test_the_page_of_layouts_is_that_of_their_definitions() -> None:
    path = DOCS / "_ext" / "area_layouts.py"
    spec = importlib.util.spec_from_file_location("area_layouts", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    written = (DOCS / "layouts" / "counts-by-area.md").read_text(encoding="utf-8")
    assert written == module.page(written), "run `python docs/_ext/area_layouts.py`"


LONG = b"area,period,offence,count\n1,2024-01,robo,5\n2,2024-01,robo,6\n"


def read(path: Path, layout: str | None = "long") -> AreaReading:
    choices = Choices(unit=Unit.FACTS)
    return read_areas([Publication(path, date(2024, 3, 1))], layout, choices)


def test_archives_encodings_and_workbooks_read_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(LONG)
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(LONG))
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as packed:
        packed.writestr("a.csv", LONG)
    (tmp_path / "d.csv").write_bytes(LONG.decode().replace(",", "\t").encode("utf-16"))
    for name in ("a.csv", "b.csv.gz", "c.zip", "d.csv"):
        found = read(tmp_path / name)
        assert found.record.totals("robo").values.tolist() == [11]
        (hashed,) = found.record.provenance.files
        assert (hashed.name, len(hashed.sha256)) == (name, 64)
        (table,) = found.record.provenance.tables
        assert table.rows == 2


def test_typed_tables_read_as_written_ones(tmp_path: Path) -> None:
    """Numbers are numbers in Parquet and in workbooks: codes are text all the same."""
    table = pa.table(
        {
            "area": [1, 2],
            "period": pa.array([date(2024, 1, 1), date(2024, 2, 1)]),
            "offence": ["robo", "robo"],
            "count": [5.0, None],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    book = openpyxl.Workbook()
    book.active.append(table.column_names)
    for row in zip(*table.to_pydict().values(), strict=True):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    for name in ("a.parquet", "a.xlsx"):
        choices = Choices(unit=Unit.FACTS, blank="not reported")
        day = date(2024, 3, 1)
        record = read_areas([Publication(tmp_path / name, day)], "long", choices).record
        assert [area.code for area in record.areas] == ["1", "2"]
        assert record.spans.labels == ("2024-01", "2024-02")
        assert record.series("robo").values.tolist() == [[5, 0], [0, 0]]
        assert not record.latest.reported[1].any()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("header.csv", LONG.splitlines()[0] + b"\n"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(500)),
        ("broken.csv.gz", gzip.compress(LONG * 500, mtime=0)[:60]),
        ("document.xlsx", b"PK\x03\x04" + bytes(200)),
        ("uneven.csv", LONG + b"3,2024-01\n"),
        ("quote.csv", LONG + b'3,2024-01,"robo,7\n'),
        ("twice.csv", LONG.replace(b"period", b"area")),
        ("large.csv", LONG + b"3,2024-01,robo,99999999999\n"),
        ("formula.csv", LONG + b"3,2024-01,robo,=1+1\n"),
        ("far.csv", LONG + b"3,1800-01,robo,1\n4,9999-12,robo,1\n"),
    ],
)
def test_a_file_that_is_not_what_it_claims_to_be_is_one_error(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError) as caught:
        read(tmp_path / name)
    assert caught.value.must


def test_a_file_that_is_not_there_and_two_in_one_archive(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="no such file"):
        read(tmp_path / "none.csv")
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as packed:
        packed.writestr("a.csv", LONG)
        packed.writestr("b.csv", LONG)
    with pytest.raises(UnreadableError, match="alone in its archive"):
        read(tmp_path / "two.zip")
    with pytest.raises(VeedorError, match="at least one file"):
        read_areas([])
