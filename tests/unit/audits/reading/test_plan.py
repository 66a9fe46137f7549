"""Which rows people are to read: frames, strata, designs, and what cannot be planned."""

from __future__ import annotations

import pytest
from tests.made_up_readings import truth, write_table
from tests.planned_readings import COLUMNS, plan_into

from veedor.audits.reading import (
    FrameColumns,
    PlanSettings,
    open_frame,
    read_pilot,
)
from veedor.errors import PersonalDataRefusal, StudyError


def test_a_frames_hash_and_sample_do_not_hang_on_the_order_of_its_rows(tmp_path, table):
    rows = truth()[0]
    other = write_table(tmp_path / "other.csv", rows[::-1])
    plan, sample = plan_into(tmp_path / "a", table)
    again, same = plan_into(tmp_path / "b", other)
    assert plan.frame_sha256 == again.frame_sha256
    assert plan.sample_sha256 == again.sample_sha256
    assert sorted(sample) == sorted(same)


@pytest.mark.parametrize("column", range(7))
def test_a_frames_hash_hangs_on_every_cell(tmp_path, table, column):
    rows = truth()[0]
    rows[77][column] = {1: "true", 2: "0.9999", 4: "2024-05-01"}.get(column, "other")
    other = write_table(tmp_path / "other.csv", rows)
    with open_frame(table, COLUMNS) as frame:
        digest = frame.digest
    with open_frame(other, COLUMNS) as frame:
        assert frame.digest != digest


def test_cells_that_run_together_are_not_the_same_frame(tmp_path):
    one = write_table(tmp_path / "1.csv", [["a", "bc"]] * 12, ("x", "y"))
    two = write_table(tmp_path / "2.csv", [["ab", "c"]] * 12, ("x", "y"))
    digests = []
    for path in (one, two):
        with open_frame(path, FrameColumns()) as frame:
            digests.append(frame.digest)
    assert digests[0] != digests[1]


def test_every_row_of_a_stratum_has_the_chance_that_the_plan_says(tmp_path, table):
    plan, sample = plan_into(tmp_path / "plan", table)
    rows = truth()[0]
    for one in plan.strata:
        flagged = "true" if one.alert else "false"
        there = [r[0] for r in rows if r[1] == flagged and f"kind={r[3]}" in one.name]
        drawn = [d for d in sample if d.stratum == one.name]
        assert len(there) == one.rows
        assert len(drawn) == one.drawn == len({d.key for d in drawn})
        assert {d.key for d in drawn} <= set(there)
        assert all(d.probability == one.drawn / one.rows for d in drawn)


def test_strata_of_fewer_than_ten_rows_are_never_named_alone(tmp_path):
    rows = [[f"k{n}", "a" if n < 9 else "b" if n < 19 else "c"] for n in range(60)]
    table = write_table(tmp_path / "t.csv", rows, ("key_of_row", "kind"))
    with open_frame(table, FrameColumns(key="key_of_row", strata=("kind",))) as frame:
        assert [(one.name, one.rows) for one in frame.strata] == [
            ("kind=a / kind=b", 19), ("kind=c", 41),
        ]  # fmt: skip


def test_bands_of_a_score_and_months_are_strata(tmp_path, table):
    columns = FrameColumns(key="case", score="score", cuts=(0.25, 0.5))
    with open_frame(table, columns) as frame:
        assert [one.name for one in frame.strata] == ["0.25<=score<0.5", "score<0.25", "score>=0.5"]
    with open_frame(table, FrameColumns(key="case", month="noticed")) as frame:
        assert [one.name for one in frame.strata] == [f"noticed=2024-0{n}" for n in (1, 2, 3, 4)]


def test_without_a_key_rows_are_named_by_their_place(tmp_path, table):
    plan, sample = plan_into(tmp_path / "plan", table, FrameColumns(), PlanSettings(half_width=0.1))
    assert {int(one.key) for one in sample} <= set(range(1, 2001))
    assert plan.strata[0].drawn == 92  # 96.04 with a finite population of 2,000


def test_persons_are_no_key_and_no_stratum(table):
    for columns in (FrameColumns(key="officer"), FrameColumns(strata=("officer",))):
        with pytest.raises(PersonalDataRefusal), open_frame(table, columns):
            pass


def test_neyman_reads_most_where_answers_vary_and_says_what_it_saves(tmp_path, table):
    pilot = tmp_path / "pilot.csv"
    pilot.write_text(
        "stratum,read,yes\nkind=loitering,50,0\nkind=object left,50,25\nkind=crowd,50,1\n"
    )
    plan, _ = plan_into(
        tmp_path / "plan", table, FrameColumns(key="case", strata=("kind",)),
        PlanSettings(n=200), pilot=read_pilot(pilot),
    )  # fmt: skip
    drawn = {one.name: one.drawn for one in plan.strata}
    assert drawn["kind=object left"] > 100
    rivals = {one.design: one for one in plan.rivals}
    assert rivals["neyman"].chosen
    assert rivals["neyman"].half_width < 0.9 * rivals["proportional"].half_width
    assert rivals["simple"].n_for_chosen > 250


@pytest.mark.parametrize(
    ("settings", "match"),
    [
        (PlanSettings(n=5000), "No more rows"),
        (PlanSettings(n=50, design="neyman"), "must have a pilot"),
    ],
)
def test_plans_that_cannot_be(tmp_path, table, settings, match):
    with pytest.raises(StudyError, match=match):
        plan_into(tmp_path / "plan", table, settings=settings)


@pytest.mark.parametrize("settings", [{}, {"n": 5, "half_width": 0.1}, {"n": 5, "expected": 0.0}])
def test_settings_of_a_plan_that_cannot_be(settings):
    with pytest.raises(StudyError):
        PlanSettings(**settings)
