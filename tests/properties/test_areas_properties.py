"""A plain file of counts by area is read as a plain loop over its rows reads it."""

from __future__ import annotations

import csv
import tempfile
from datetime import date
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from veedor.areas import State, Unit
from veedor.areas.layouts import Choices
from veedor.areas.reading import Publication, read_areas
from veedor.errors import VeedorError

AREAS, OFFENCES = ("02", "06", "007", "PP999"), ("robo", "hurto", "14_1")
MONTHS = ("2023-12", "2024-01", "2024-02", "2024-05")
CELL = st.tuples(st.sampled_from(AREAS), st.sampled_from(MONTHS), st.sampled_from(OFFENCES))
NUMBER = st.one_of(st.none(), st.integers(-3, 12), st.integers(0, 2_000_000))
BLANK = {"not reported": State.NOT_REPORTED, "zero": State.REPORTED_ZERO}


def read(lines: list[list[object]], blank: str):  # type: ignore[no-untyped-def]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "counts.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(lines)
        choices = Choices(unit=Unit.FACTS, blank=blank)
        return read_areas([Publication(path, date(2024, 6, 1))], "long", choices).record


@settings(max_examples=12, deadline=None)
@given(st.dictionaries(CELL, NUMBER, min_size=1, max_size=30), st.sampled_from(sorted(BLANK)))
def test_every_cell_holds_its_row(
    cells: dict[tuple[str, str, str], int | None], blank: str
) -> None:
    lines = [["area", "period", "offence", "count"]]
    lines += [[*cell, "" if n is None else n] for cell, n in cells.items()]  # type: ignore[list-item]
    record = read(lines, blank)  # type: ignore[arg-type]
    assert {area.code for area in record.areas} == {area for area, _, _ in cells}
    for span, label in enumerate(record.spans.labels):
        for offence in record.offences:
            series = record.series(offence.code)
            for place, area in enumerate(record.areas):
                cell = (area.code, label, offence.code)
                found = State(int(series.state[span, place])), int(series.values[span, place])
                if cell not in cells:
                    assert found == (State.NOT_REPORTED, 0)
                elif cells[cell] is None:
                    assert found == (BLANK[blank], 0)
                else:
                    n = cells[cell]
                    assert found == (State.OBSERVED if n else State.REPORTED_ZERO, n)


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=12)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(TEXT, min_size=4, max_size=4), min_size=1, max_size=5))
def test_whatever_stands_in_a_file_is_read_or_is_one_error(rows: list[list[str]]) -> None:
    try:
        record = read([["area", "period", "offence", "count"], *rows], "not reported")  # type: ignore[list-item]
    except VeedorError:
        return
    assert np.abs(record.latest.values).sum() >= 0
