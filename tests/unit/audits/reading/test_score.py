"""What readers' files tell: agreement, rates, scenarios and their ranges."""

from __future__ import annotations

import numpy as np
import pytest
from tests.made_up_readings import fill, read_rows, truth, write_table
from tests.planned_readings import by_truth, filled, of, plan_into

from veedor.audits.audit import Subject
from veedor.audits.reading import (
    FrameColumns,
    PackSettings,
    PlanSettings,
    ScoreSettings,
    counted,
    make_pack,
    read_pilot,
    score_reading,
    write_third,
)
from veedor.audits.reading.design import PlannedStratum
from veedor.errors import DataError, StudyError


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

    keys = [one.key for one in scored.key.items]
    write_items(keys, scored.readings.judged, tmp_path / "i.csv")
    first = {row["key"]: row for row in read_rows(tmp_path / "i.csv")}
    assert first["p1"] == {
        "key": "p1", "readers": "3", "least": "1", "median": "1", "most": "5",
        "agreement": "majority",
    }  # fmt: skip
    assert first["p3"]["readers"] == "1"
    assert first["p3"]["agreement"] == ""


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
