"""1:N searches: ties, ranks, failures to acquire, thresholds."""

import numpy as np
import pytest

from veedor.audits.alerts import threshold_at
from veedor.errors import DataError, StudyError

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
    assert (fpir["numerator"], fpir["denominator"]) == ("1", "4")
    # m2's mate is second; m3 failed to acquire: missed.
    assert find(rows, "fnir_rank1", threshold="0.7")["numerator"] == "2"
    assert find(rows, "fnir_rank5", threshold="0.7")["numerator"] == "1"
    assert find(rows, "fnir_rank5", threshold="0.75")["numerator"] == "2"
    assert find(rows, "selectivity", threshold="0.7")["numerator"] == "2"
    assert find(rows, "fpir", "f", "0.7")["denominator"] == "1"
    assert find(rows, "fnir_rank1", "m", "0.7")["value"] == "1"
    assert find(rows, "n_mated", threshold="0.7")["value"] == "3"
    assert find(rows, "fta_rate", threshold="0.7")["numerator"] == "2"


def test_without_a_threshold_fpir_is_refused_and_ranks_are_counted(audited, find):
    rows, results = audited({"searches": SEARCHES, "candidates": CANDIDATES})
    assert find(rows, "fnir_rank1")["numerator"] == "2"
    assert not [row for row in rows if row["metric"] == "fpir"]
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
    assert any(c["check"] == "candidates_without_sample" for c in results["checks"])
