"""Readings from which no rate follows: each is refused, and why is said."""

from __future__ import annotations

import json

import pytest
from tests.made_up_readings import read_rows, write_table
from tests.planned_readings import by_truth, filled, plan_into

from veedor.audits.reading import (
    PackSettings,
    PlanSettings,
    ScoreSettings,
    make_pack,
    score_reading,
)
from veedor.audits.reading.plan import sample_hash
from veedor.errors import DataError, StudyError
from veedor.files.json_file import write_json


def test_recall_is_refused_from_alerts_alone(tmp_path, table, true):
    plan_into(tmp_path / "plan", table, settings=PlanSettings(n=100))
    into = tmp_path / "pack"
    into.mkdir()
    make_pack(tmp_path / "plan", table, PackSettings(show=("as_written",)), None, into)
    files = filled(into, tmp_path, by_truth(true), by_truth(true))
    with pytest.raises(StudyError, match="Recall is out of all that is true"):
        score_reading(into, files, settings=ScoreSettings(needed=("recall",)))
    score, _ = score_reading(into, files)
    assert not [one for one in score.statements if one.statistic in ("recall", "miss_share")]
    assert "recall_not_told" in {one.code for one in score.warnings}


@pytest.mark.parametrize("name", ["plan.json", "codebook.csv"])
def test_a_changed_plan_or_codebook_gives_no_rate(pack, tmp_path, true, name):
    files = filled(pack, tmp_path, by_truth(true), by_truth(true))
    path = pack / name
    path.write_text(path.read_text().replace("0", "1", 1) + "\n")
    with pytest.raises(DataError, match="as they were before anyone read"):
        score_reading(pack, files)


def test_changed_chances_give_no_rate(pack, tmp_path, true):
    files = filled(pack, tmp_path, by_truth(true), by_truth(true))
    key = json.loads((pack / "key.json").read_text())
    key["items"][0]["probability"] = 1.0
    (pack / "key.json").write_text(json.dumps(key))
    with pytest.raises(DataError, match=r"changed: key\.json"):
        score_reading(pack, files)


def test_a_sample_chosen_by_hand_is_found_by_the_table(tmp_path, table, pack, true):
    """Plan, key and hashes that agree with each other, of rows that the seed does not draw."""
    import msgspec

    from veedor.audits.reading.pack import read_key
    from veedor.audits.reading.plan import Drawn, read_plan
    from veedor.files.replacing import sha256

    files = filled(pack, tmp_path, by_truth(true), by_truth(true))
    key, plan = read_key(pack), read_plan(pack / "plan.json")
    held = {one.key for one in key.items}
    other = next(k for k in true if k not in held)
    items = (msgspec.structs.replace(key.items[0], key=other), *key.items[1:])
    drawn = [Drawn(*msgspec.structs.astuple(one)) for one in items]
    plan = msgspec.structs.replace(plan, sample_sha256=sample_hash(drawn))
    write_json(plan, pack / "plan.json")
    key = msgspec.structs.replace(key, items=items, plan_sha256=sha256(pack / "plan.json"))
    write_json(key, pack / "key.json")
    score_reading(pack, files)
    with pytest.raises(DataError, match="what the plan draws"):
        score_reading(pack, files, table=table)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda lines: lines[:-1], "must be there"),
        (lambda lines: [*lines, lines[-1]], "there once"),
        (lambda lines: [*lines[:-1], {**lines[-1], "answer": ""}], "must be answered"),
        (lambda lines: [*lines[:-1], {**lines[-1], "answer": "maybe"}], "those of the codebook"),
        (lambda lines: [*lines[:-1], {**lines[-1], "item": "R9-1"}], "must be of this pack"),
    ],
)
def test_lines_that_cannot_be(pack, tmp_path, true, change, match):
    files = filled(pack, tmp_path, by_truth(true), by_truth(true))
    lines = change(read_rows(files[0]))
    write_table(files[0], [list(one.values()) for one in lines], tuple(lines[0]))
    with pytest.raises(DataError, match=match):
        score_reading(pack, files)


def test_one_file_twice_or_alone_is_refused(pack, tmp_path, true):
    files = filled(pack, tmp_path, by_truth(true), by_truth(true))
    with pytest.raises(StudyError, match="given once"):
        score_reading(pack, [files[0], files[0]])
    with pytest.raises(StudyError, match="Every reader of a pack"):
        score_reading(pack, files[:1])
