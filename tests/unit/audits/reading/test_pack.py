"""Blind files for readers: what they show, and what stops them."""

from __future__ import annotations

import json

import pytest
from tests.made_up_readings import read_rows, truth, write_table
from tests.planned_readings import plan_into

from veedor.audits.reading import (
    FrameColumns,
    PackSettings,
    PlanSettings,
    make_pack,
)
from veedor.errors import DataError, PersonalDataRefusal, StudyError


def test_readers_files_are_blind_and_differ_in_order(pack):
    one, two = (read_rows(pack / "for_readers" / f"reader_{n}.csv") for n in (1, 2))
    assert set(one[0]) == {"item", "as_written", "answer"}
    key = json.loads((pack / "key.json").read_text())
    place = {slot["item"]: slot["place"] for slot in key["slots"]}
    orders = [[place[line["item"]] for line in lines] for lines in (one, two)]
    assert orders[0] != orders[1]
    for order in orders:
        assert sorted(set(order)) == list(range(270))
        assert len(order) == 297  # a tenth once more
        again = [(order.index(p), n) for n, p in enumerate(order) if order.index(p) < n]
        assert len(again) == 27
        assert all(n - first > 1 for first, n in again)
    assert not {line["item"] for line in one} & {line["item"] for line in two}
    names = {path.name for path in (pack / "for_readers").iterdir()}
    assert names == {"reader_1.csv", "reader_2.csv", "codebook.csv"}


@pytest.mark.parametrize("column", ["score", "flagged", "officer"])
def test_what_the_system_thought_and_persons_are_not_shown(tmp_path, table, column):
    plan_into(tmp_path / "plan", table)
    with pytest.raises((StudyError, PersonalDataRefusal)):
        make_pack(tmp_path / "plan", table, PackSettings(show=(column,)), None, tmp_path)


@pytest.mark.parametrize("text", ["seen AB123CD here", "patente ABC 123", "mail ana@example.org"])
def test_a_shown_text_with_a_plate_or_an_address_stops_the_pack(tmp_path, text):
    rows = truth(60)[0]
    for row in rows:
        row[5] = "nothing"
    rows[30][5] = text
    table = write_table(tmp_path / "t.csv", rows)
    plan_into(tmp_path / "plan", table, FrameColumns(key="case"), PlanSettings(n=60))
    with pytest.raises(PersonalDataRefusal) as caught:
        make_pack(tmp_path / "plan", table, PackSettings(show=("as_written",)), None, tmp_path)
    assert text.split()[1] not in str(caught.value)


def test_one_reader_is_refused():
    with pytest.raises(StudyError, match="Two people or more"):
        PackSettings(show=("as_written",), readers=1)


def test_another_table_or_sample_is_refused(tmp_path, table):
    plan_into(tmp_path / "plan", table)
    rows = truth()[0]
    rows[0][5] = "other"
    other = write_table(tmp_path / "other.csv", rows)
    with pytest.raises(DataError, match="must be the one that the plan was made of"):
        make_pack(tmp_path / "plan", other, PackSettings(show=("as_written",)), None, tmp_path)
    sample = tmp_path / "plan" / "sample.csv"
    lines = sample.read_text().splitlines()
    sample.write_text("\n".join(lines[:-1]) + "\n")
    with pytest.raises(DataError, match="as it was drawn"):
        make_pack(tmp_path / "plan", table, PackSettings(show=("as_written",)), None, tmp_path)


@pytest.mark.shared_data
def test_a_plate_that_was_left_in_a_published_log_stops_its_pack(tmp_path, shared_data):
    """Eugene's log: 4,294 look-ups, and one plate among the reasons that nobody took out."""
    table = shared_data / "access" / "eugene_searches.csv"
    columns = FrameColumns(key="id", month="searchDate")
    plan, _ = plan_into(tmp_path / "plan", table, columns, PlanSettings(n=4294))
    assert plan.frame_rows == 4294
    with pytest.raises(PersonalDataRefusal, match=r"plates \(1\)"):
        make_pack(tmp_path / "plan", table, PackSettings(show=("reason",)), None, tmp_path)
