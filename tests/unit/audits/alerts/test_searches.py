"""1:N searches: ties, ranks, failures to acquire, thresholds."""

import numpy as np
import pytest

from veedor.audits.alerts import threshold_at
from veedor.errors import DataError, StudyError
from veedor.statistics import wilson

SEARCHES = """search_id,mated,failure_to_acquire,group_sex
m1,true,false,f
m2,true,false,f
m3,true,true,m
n1,false,false,f
n2,false,false,m
n3,false,true,m
n4,false,false,m
"""
CANDIDATES = """search_id,rank,score,is_mate
m1,1,0.9,true
m1,2,0.6,false
m2,1,0.8,false
m2,2,0.7,true
n1,1,0.7,false
n1,2,0.7,false
n2,1,0.5,false
n4,1,0.69,false
"""


def test_the_known_answers(audited, find):
    rows, _ = audited(
        {"searches": SEARCHES, "candidates": CANDIDATES}, groups=("sex",), thresholds=(0.7, 0.75)
    )
    # Score at the threshold is an alert; a failure to acquire is no alert if not mated.
    fpir = find(rows, "fpir", threshold="0.7")
    assert (fpir["numerator"], fpir["out_of"]) == ("1", "4")
    # m2's mate is second; m3 failed to acquire: missed.
    assert find(rows, "fnir_rank1", threshold="0.7")["numerator"] == "2"
    assert find(rows, "fnir_rank5", threshold="0.7")["numerator"] == "1"
    assert find(rows, "fnir_rank5", threshold="0.75")["numerator"] == "2"
    assert find(rows, "selectivity", threshold="0.7")["numerator"] == "2"
    assert find(rows, "fpir", "f", "0.7")["out_of"] == "1"
    assert find(rows, "fnir_rank1", "m", "0.7")["value"] == "1.0"
    assert find(rows, "n_mated", threshold="0.7")["value"] == "3.0"
    assert find(rows, "fta_rate", threshold="0.7")["numerator"] == "2"


def test_without_a_threshold_fpir_is_refused_and_ranks_are_counted(audited, find):
    rows, results = audited({"searches": SEARCHES, "candidates": CANDIDATES})
    assert find(rows, "fnir_rank1")["numerator"] == "2"
    assert not [row for row in rows if row["statistic"] == "fpir"]
    assert results["refused"][0]["metrics"] == ["fpir", "selectivity"]


def test_equity_over_groups(audited, find):
    searches = "search_id,mated,group\n"
    candidates = "search_id,rank,score,is_mate\n"
    for group, wrong in (("a", 1), ("b", 4)):
        for n in range(100):
            searches += f"{group}{n},0,{group}\n{group}m{n},1,{group}\n"
            candidates += f"{group}{n},1,{0.9 if n < wrong else 0.1},0\n"
            candidates += f"{group}m{n},1,{0.9 if n >= 10 else 0.1},1\n"
    rows, _ = audited(
        {"searches": searches, "candidates": candidates},
        groups=("group",), reference="a", thresholds=(0.5,),
    )  # fmt: skip
    at = {"threshold": "0.5"}
    assert float(find(rows, "fpir_max_over_geomean", **at)["value"]) == pytest.approx(2.0)
    # Gini of .01 and .04: 2/1 * (2 * .03) / (2 * 4 * .025) = 0.6; of equal FNIR: 0.
    assert float(find(rows, "garbe_a0.5", **at)["value"]) == pytest.approx(0.3)
    assert float(find(rows, "fdr_fair_a0.5", **at)["value"]) == pytest.approx(0.985)
    assert float(find(rows, "fpir_ratio_vs_a", "b", **at)["value"]) == pytest.approx(4.0)
    ppv = find(rows, "ppv_at_base_rate_0.01", **at)
    assert float(ppv["value"]) == pytest.approx(0.009 / (0.009 + 0.99 * 0.025))


def test_threshold_at_a_target_with_ties_and_too_few():
    tops = np.array([0.9, 0.8, 0.8, 0.8, 0.1, -np.inf, 0.3, 0.2, 0.15, 0.12])
    assert threshold_at(tops, 0.1)[0] == 0.9
    assert threshold_at(tops, 0.3)[0] == 0.9  # 0.8 would let four of ten through
    assert threshold_at(tops, 0.4)[0] == 0.8
    assert np.isnan(threshold_at(tops, 0.05)[0])
    assert threshold_at(tops, 0.99)[0] == 0.1
    assert np.isnan(threshold_at(np.array([0.9, 0.9]), 0.5)[0])


def test_impossible_candidates_are_told_with_their_rows(audited):
    for searches, candidates, must, row in (
        (SEARCHES, CANDIDATES + "zz,1,0.5,false\n", "belong to a search", "row 9"),
        (SEARCHES, CANDIDATES + "n2,2,0.4,true\n", "no mate", "row 9"),
        (SEARCHES, CANDIDATES + "n2,0,0.4,false\n", "`rank`", "row 9"),
        (SEARCHES, CANDIDATES + "n2,2,,false\n", "`score`", "row 9"),
        (SEARCHES + "m1,true,false,f\n", CANDIDATES, "search_id", "rows 1, 8"),
        (SEARCHES + "m9,unknown,false,f\n", CANDIDATES, "`mated`", "row 8"),
    ):
        with pytest.raises(DataError, match=must) as caught:
            audited({"searches": searches, "candidates": candidates})
        assert row in caught.value.where


def test_searches_need_candidates(audited):
    with pytest.raises(StudyError, match="go together"):
        audited({"searches": SEARCHES})
    with pytest.raises(StudyError, match="must have"):
        audited({})


def test_candidates_of_a_failed_search_do_not_count(audited, find):
    rows, results = audited(
        {"searches": SEARCHES, "candidates": CANDIDATES + "n3,1,0.99,false\nm3,1,0.99,true\n"},
        thresholds=(0.7,),
    )
    assert find(rows, "fpir", threshold="0.7")["numerator"] == "1"
    assert find(rows, "fnir_rank1", threshold="0.7")["numerator"] == "2"
    assert find(rows, "selectivity", threshold="0.7")["numerator"] == "2"
    assert any(c["code"] == "candidates_without_sample" for c in results["warnings"])


def test_ranks_that_repeat_or_run_against_the_scores_are_told(audited):
    more = "n2,1,0.5,false\nn4,2,0.8,false\n"
    _, results = audited({"searches": SEARCHES, "candidates": CANDIDATES + more})
    found = {check["code"]: check["arguments"] for check in results["warnings"]}
    assert found["uneven_ranks"] == {"searches": 1, "of": 7}
    assert found["ranked_against_score"] == {"searches": 1, "of": 7}
    _, results = audited({"searches": SEARCHES, "candidates": CANDIDATES})
    assert results["warnings"] == []


def test_a_search_without_a_key_is_a_person_of_its_own(audited, find):
    lines = "".join(f"s{n},false,{'p' if n < 2 else ''}\n" for n in range(40))
    candidates = "".join(f"s{n},1,0.9,false\n" for n in range(0, 40, 4))
    rows, _ = audited(
        {
            "searches": "search_id,mated,subject_key\n" + lines,
            "candidates": "search_id,rank,score,is_mate\n" + candidates,
        },
        thresholds=(0.5,),
    )
    row = find(rows, "fpir", threshold="0.5", method="wilson_over_clusters; cluster=subject_key")
    assert float(row["low"]) == pytest.approx(float(wilson(10, 40)[0]), abs=0.01)


def test_names_hold_every_digit_of_base_rates_and_targets(audited):
    rows, _ = audited(
        {"searches": SEARCHES, "candidates": CANDIDATES},
        thresholds=(0.7,), base_rates=(1e-5, 1 / 6000), fpir_targets=(0.3333333333,),
    )  # fmt: skip
    names = {row["statistic"] for row in rows}
    assert {
        "ppv_at_base_rate_1e-05", f"false_per_true_at_{1 / 6000}", "threshold_at_fpir_0.3333333333",
    } <= names  # fmt: skip
