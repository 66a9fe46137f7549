"""A reading from plan to score: what it tells, and what it refuses to tell."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tests.made_up_readings import CODEBOOK, fill, read_rows, truth, write_table

from veedor.audits.audit import Subject
from veedor.audits.reading import (
    FrameColumns,
    PackSettings,
    PlanSettings,
    ScoreSettings,
    counted,
    make_pack,
    make_plan,
    open_frame,
    read_pilot,
    score_reading,
    write_third,
)
from veedor.audits.reading.design import PlannedStratum
from veedor.audits.reading.plan import sample_hash
from veedor.errors import DataError, PersonalDataRefusal, StudyError
from veedor.files.json_file import write_json
from veedor.tables.csv_file import write_rows

COLUMNS = FrameColumns(key="case", alert="flagged", strata=("kind",))
SETTINGS = PlanSettings(n=120, others=150, seed=4)


def plan_into(folder: Path, table: Path, columns=COLUMNS, settings=SETTINGS, targeted=(), **more):
    folder.mkdir()
    with open_frame(table, columns) as frame:
        plan, sample = make_plan(frame, settings, targeted=targeted, **more)
    write_json(plan, folder / "plan.json")
    write_rows(("key", "part", "stratum", "alert", "probability"), sample, folder / "sample.csv")
    (folder / "codebook.csv").write_text(CODEBOOK, encoding="utf-8")
    return plan, sample


@pytest.fixture
def table(tmp_path):
    return write_table(tmp_path / "alerts.csv", truth()[0])


@pytest.fixture
def true():
    return truth()[1]


@pytest.fixture
def pack(tmp_path, table):
    plan_into(tmp_path / "plan", table)
    into = tmp_path / "pack"
    into.mkdir()
    make_pack(tmp_path / "plan", table, PackSettings(show=("as_written",)), None, into)
    return into


def by_truth(true, wrong=0.0, seed=1):
    rng = np.random.default_rng(seed)

    def answer(key, line):
        return "right" if true[key] != (rng.random() < wrong) else "wrong"

    return answer


def filled(pack, tmp_path, first, second):
    return [
        fill(pack, 1, first, tmp_path / "one.csv"),
        fill(pack, 2, second, tmp_path / "two.csv"),
    ]


def of(score, statistic, assignment="", subset="alerts", group="all"):
    return score.of(statistic, Subject(group, assignment, subset)).estimate


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


def test_readers_who_see_the_truth_tell_it(pack, tmp_path, true):
    both = by_truth(true)
    score, _ = score_reading(pack, filled(pack, tmp_path, both, both))
    rows = truth()[0]
    alerts = [true[row[0]] for row in rows if row[1] == "true"]
    for scenario in ("strict", "lenient"):
        ppv = of(score, "ppv", scenario)
        assert ppv.low < np.mean(alerts) < ppv.high
        assert of(score, "fdr", scenario).value == pytest.approx(1.0 - ppv.value)
    assert of(score, "ppv", "strict") == of(score, "ppv", "lenient")
    caught = sum(true[row[0]] for row in rows if row[1] == "true")
    recall = of(score, "recall", "strict", "all")
    assert recall.low < caught / sum(true.values()) < recall.high
    assert of(score, "agreement").value == 1.0
    assert of(score, "kappa").value == 1.0
    assert of(score, "kappa").low is None
    assert of(score, "self_agreement", subset="all").n == 54
    assert score.differing == 0


def test_what_is_drawn_more_often_weighs_less(tmp_path, true):
    """Rates are of the frame: as a plain oracle weighs each row by one over its chance."""
    rows = truth()[0]
    table = write_table(tmp_path / "t.csv", rows)
    pilot = {"kind=loitering": (90, 0), "kind=object left": (90, 45), "kind=crowd": (90, 45)}
    path = tmp_path / "pilot.csv"
    path.write_text("stratum,read,yes\n" + "".join(f"{k},{n},{x}\n" for k, (n, x) in pilot.items()))
    columns = FrameColumns(key="case", strata=("kind",))
    _, sample = plan_into(
        tmp_path / "plan", table, columns, PlanSettings(n=300), pilot=read_pilot(path)
    )
    into = tmp_path / "pack"
    into.mkdir()
    make_pack(tmp_path / "plan", table, PackSettings(show=("as_written",)), None, into)
    kind = {row[0]: row[3] for row in rows}

    def by_kind(key, line):
        return "right" if kind[key] == "crowd" else "wrong"

    score, _ = score_reading(into, filled(into, tmp_path, by_kind, by_kind))
    weight = {one.key: 1.0 / one.probability for one in sample}
    plain = sum(w for k, w in weight.items() if kind[k] == "crowd") / sum(weight.values())
    value = of(score, "share_yes", "strict", "all").value
    assert value == pytest.approx(plain)
    assert abs(value - np.mean([one == "crowd" for one in kind.values()])) < 1e-9
    in_sample = np.mean([kind[one.key] == "crowd" for one in sample])
    assert abs(value - in_sample) > 0.05


def test_scenarios_hold_all_that_readers_leave_open(pack, tmp_path, true):
    def unsure(key, line):
        return "not to be told" if int(key[1:]) % 5 == 0 else by_truth(true)(key, line)

    files = filled(pack, tmp_path, by_truth(true), unsure)
    score, scored = score_reading(pack, files)
    assert of(score, "ppv", "strict").value < of(score, "ppv", "lenient").value
    assert of(score, "cannot_tell_share").value == pytest.approx(0.2, abs=0.12)
    first = pack / "for_readers" / "reader_1.csv"
    third = tmp_path / "third_reader.csv"
    many = write_third(scored, first, third)
    lines = read_rows(third)
    assert many == len(lines) == int(sum(int(i.key[1:]) % 5 == 0 for i in scored.key.items))
    assert set(lines[0]) == {"item", "as_written", "answer"}
    answered = fill(pack, 3, by_truth(true), tmp_path / "three.csv", str(third))
    settled, _ = score_reading(pack, files, answered)
    assert settled.scenarios == ("strict", "settled", "lenient")
    low, middle, high = (of(settled, "ppv", one).value for one in settled.scenarios)
    assert low <= middle <= high
    truth_score, _ = score_reading(pack, filled(pack, tmp_path, by_truth(true), by_truth(true)))
    assert middle == of(truth_score, "ppv", "strict").value


def test_an_undecided_row_is_lacking(pack, tmp_path, true):
    files = filled(pack, tmp_path, by_truth(true), by_truth(true, 0.3))
    _, scored = score_reading(pack, files)
    third = tmp_path / "third.csv"
    write_third(scored, files[0], third)
    third.write_text("\n".join(third.read_text().splitlines()[:3]) + "\n")
    answered = fill(pack, 3, by_truth(true), tmp_path / "three.csv", str(third))
    with pytest.raises(DataError, match="on every row where readers differ"):
        score_reading(pack, files, answered)


def test_three_readers_are_settled_by_most_of_them(tmp_path, table, true):
    plan_into(tmp_path / "plan", table)
    into = tmp_path / "pack"
    into.mkdir()
    make_pack(tmp_path / "plan", table, PackSettings(show=("as_written",), readers=3), None, into)
    answers = [by_truth(true), by_truth(true), lambda key, line: "right"]
    files = [fill(into, n, one, tmp_path / f"{n}.csv") for n, one in enumerate(answers, start=1)]
    score, _ = score_reading(into, files)
    assert of(score, "ppv", "strict").value == of(score, "ppv", "settled").value
    assert of(score, "ppv", "lenient").value == 1.0
    assert len(score.tables) == 6
    with pytest.raises(StudyError, match="Someone decides only where two"):
        score_reading(into, files, files[0])


def test_errors_of_readers_widen_the_band_and_two_readers_do_not_identify_them(
    pack, tmp_path, true
):
    files = filled(pack, tmp_path, by_truth(true, 0.1, 1), by_truth(true, 0.1, 2))
    narrow, _ = score_reading(pack, files, settings=ScoreSettings(sensitivity=1.0, specificity=1.0))
    wide, _ = score_reading(pack, files)
    assert of(narrow, "ppv_band").low == pytest.approx(of(narrow, "ppv", "strict").low)
    assert of(narrow, "ppv_band").high == pytest.approx(of(narrow, "ppv", "lenient").high)
    assert of(wide, "ppv_band").low < of(narrow, "ppv_band").low
    assert of(wide, "ppv_band").high > of(narrow, "ppv_band").high
    assert "two_readers_not_identified" in {one.code for one in wide.warnings}
    cell = next(
        one for one in wide.errors
        if (one.part, one.scenario, one.sensitivity, one.specificity) == ("alerts", "strict", 1, 1)
    )  # fmt: skip
    assert cell.share == pytest.approx(of(wide, "ppv", "strict").value)


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


def test_none_found_has_its_bound(pack, tmp_path):
    def never(key, line):
        return "wrong"

    score, _ = score_reading(pack, filled(pack, tmp_path, never, never))
    ppv, missed = of(score, "ppv", "strict"), of(score, "miss_share", "strict", "others")
    assert ppv.value == missed.value == ppv.low == 0.0
    assert 3.0 / 120 < ppv.high < 5.0 / 120
    assert of(score, "recall", "strict", "all").value is None
    assert of(score, "kappa").value is None


def test_a_targeted_list_is_in_no_rate(tmp_path, table, true):
    keys = [row[0] for row in truth()[0] if row[1] == "true"][:25]
    plan_into(tmp_path / "a", table)
    plan, sample = plan_into(tmp_path / "b", table, targeted=keys)
    assert plan.targeted == 25
    assert [one.probability for one in sample if one.part == "targeted"] == [None] * 25
    scores = []
    for name in "ab":
        into = tmp_path / f"pack_{name}"
        into.mkdir()
        make_pack(tmp_path / name, table, PackSettings(show=("as_written",)), None, into)

        def answer(key, line):
            return "right" if key in keys or true[key] else "wrong"

        files = filled(into, tmp_path, answer, answer)
        scores.append(score_reading(into, files)[0])
    assert scores[1].targeted.rows == scores[1].targeted.yes == 25
    told = [[one for one in score.statements if one.statistic == "ppv"] for score in scores]
    assert told[0] == told[1]


def test_few_targeted_rows_are_not_told(tmp_path, table, true):
    plan_into(tmp_path / "plan", table, targeted=[truth()[0][0][0]])
    into = tmp_path / "pack"
    into.mkdir()
    make_pack(tmp_path / "plan", table, PackSettings(show=("as_written",)), None, into)
    files = filled(into, tmp_path, by_truth(true), by_truth(true))
    assert score_reading(into, files)[0].targeted.yes is None


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


def test_few_read_rows_of_a_stratum_are_not_told(tmp_path, table, true):
    plan_into(tmp_path / "plan", table, settings=PlanSettings(n=40))
    into = tmp_path / "pack"
    into.mkdir()
    make_pack(tmp_path / "plan", table, PackSettings(show=("as_written",)), None, into)
    score, _ = score_reading(into, filled(into, tmp_path, by_truth(true), by_truth(true)))
    few = [one for one in score.strata if one.drawn < 10]
    assert few
    for one in few:
        assert one.yes is None
        hidden = score.of("ppv", Subject(one.name, "strict", "alerts"))
        assert hidden.estimate.value is None
        assert hidden.numerator is None
    assert "strata_read_thinly" in {one.code for one in score.warnings}


def test_counts_of_three_readers(tmp_path):
    rows = [[f"p{n}", f"corner {n % 9}"] for n in range(30)]
    table = write_table(tmp_path / "places.csv", rows, ("place", "corner"))
    plan_into(tmp_path / "plan", table, FrameColumns(key="place"), PlanSettings(n=30))
    book = tmp_path / "book.csv"
    book.write_text("answer,counts_as,meaning\n?,cannot_tell,It cannot be seen.\n")
    into = tmp_path / "pack"
    into.mkdir()
    settings = PackSettings(show=("corner",), readers=3, counts=True)
    make_pack(tmp_path / "plan", table, settings, book, into)
    said = {0: ("2", "2", "2"), 1: ("1", "1", "5"), 2: ("0", "1", "2"), 3: ("?", "?", "4")}
    files = [
        fill(into, n + 1, lambda key, line, n=n: said[int(key[1:]) % 4][n], tmp_path / f"{n}.csv")
        for n in range(3)
    ]
    score, scored = score_reading(into, files)
    kinds = ("unanimous", "majority", "none")
    share = {kind: of(score, f"{kind}_share", subset="all").value for kind in kinds}
    many = {n: sum(k % 4 == n for k in range(30)) / 30 for n in range(4)}
    assert share == {"unanimous": many[0], "majority": many[1], "none": many[2]}
    expected = sum({0: 2, 1: 1, 2: 1, 3: 4}[k % 4] for k in range(30))
    assert of(score, "total_count", "median", "all").value == pytest.approx(expected)
    assert of(score, "total_count", "median", "all").low is None  # every place was counted
    from veedor.audits.reading import write_items

    write_items(scored, tmp_path / "i.csv")
    first = {row["key"]: row for row in read_rows(tmp_path / "i.csv")}
    assert first["p1"] == {
        "key": "p1", "readers": "3", "least": "1", "median": "1", "most": "5",
        "agreement": "majority",
    }  # fmt: skip
    assert first["p3"]["readers"] == "1"
    assert first["p3"]["agreement"] == ""


@pytest.mark.shared_data
def test_a_plate_that_was_left_in_a_published_log_stops_its_pack(tmp_path, shared_data):
    """Eugene's log: 4,294 look-ups, and one plate among the reasons that nobody took out."""
    table = shared_data / "access" / "eugene_searches.csv"
    columns = FrameColumns(key="id", month="searchDate")
    plan, _ = plan_into(tmp_path / "plan", table, columns, PlanSettings(n=4294))
    assert plan.frame_rows == 4294
    with pytest.raises(PersonalDataRefusal, match=r"plates \(1\)"):
        make_pack(tmp_path / "plan", table, PackSettings(show=("reason",)), None, tmp_path)


def test_a_stratum_of_which_one_row_alone_is_known_gives_no_interval():
    # Two of 100 were drawn, and one of the two nobody could tell: what varies there is not known.
    strata = [
        PlannedStratum("many", ("many",), True, 100, 20, 0.5),
        PlannedStratum("few", ("few",), True, 100, 2, 0.5),
    ]
    judged = np.array([[float(n % 3)] * 2 for n in range(20)] + [[4.0] * 2, [np.nan] * 2])
    stratum = np.array([0] * 20 + [1] * 2)
    made = counted.statements(judged, strata, stratum, "all", 0.95)
    total = next(one for one in made if one.statistic == "total_count").estimate
    assert total.value == pytest.approx(100 * 19 / 20 + 400.0)
    assert total.low is None and total.method.code == "none_few_rows"
