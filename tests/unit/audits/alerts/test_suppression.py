"""Small cells: what is suppressed cannot be worked out from what is not."""

import numpy as np
import pytest

from veedor.audits.alerts import (
    AlertCounts,
    Inputs,
    Settings,
    audit_alerts,
    proportions,
    suppress,
)
from veedor.audits.alerts.comparisons import comparison_statements
from veedor.audits.alerts.rates import count_statements, rate_statements
from veedor.audits.alerts.suppression import LAYOUTS, SUPPRESSED, _vectors
from veedor.errors import DataError
from veedor.report.audit_alerts import alert_document


def _rows(cells, reference="b"):
    names = tuple("abcdef"[: len(cells)])
    counts = AlertCounts.of(names, cells)
    rates = proportions(counts)
    rows = count_statements("all", None, counts) + rate_statements("all", None, rates)
    return rows + comparison_statements("all", None, list(rates.values()), reference)


def _published(rows, groups):
    layout = LAYOUTS["decisions"]
    return [
        vector
        for row in rows
        if row.statistic in layout and row.estimate.value is not None
        for vector in _vectors(row, groups, layout)
    ]


@pytest.mark.parametrize("seed", range(6))
def test_no_sum_gives_a_suppressed_number_back(seed):
    rng = np.random.default_rng(seed)
    cells = rng.integers(0, 60, (3, 6))
    cells[:, 4:] = 0
    rows = _rows(cells)
    kept = suppress(rows)
    groups = ["a", "b", "c"]
    matrix = np.array(_published(kept, groups)).T
    for before, after in zip(rows, kept, strict=True):
        if before.statistic in LAYOUTS["decisions"] and after.estimate.method == SUPPRESSED:
            if before.estimate.value is None:
                continue
            for vector in _vectors(before, groups, LAYOUTS["decisions"]):
                solution = np.linalg.lstsq(matrix, vector, rcond=None)[0]
                assert np.abs(matrix @ solution - vector).max() > 1e-9, before


def test_a_single_small_group_takes_a_second_one_with_it():
    rows = suppress(_rows([[5, 5, 5, 5, 0, 0], [400] * 4 + [0, 0], [300] * 4 + [0, 0]]))
    by = {(r.subject.group, r.statistic): r.estimate for r in rows}
    assert by["a", "fpr"].method == SUPPRESSED
    assert by["c", "fpr"].method == SUPPRESSED  # or it would be everyone less b and c
    assert by["ALL", "fpr"].value is not None
    assert by["a", "fpr_ratio_vs_b"].value is None


def test_large_cells_are_left_alone():
    rows = _rows([[300] * 4 + [0, 0], [400] * 4 + [0, 0]])
    assert suppress(rows) == rows


def test_a_published_audit_holds_no_small_number(audited):
    text = "flagged,outcome,group\n"
    for group, n in (("a", 3), ("b", 100), ("c", 120)):
        text += "".join(f"{k % 2},{k // 2 % 2},{group}\n" for k in range(4 * n))
    rows, results = audited({"decisions": text}, groups=("group",), reference="b", publish=True)
    shown = [row["value"] for row in rows if (row["group"], row["statistic"]) == ("a", "fpr")]
    assert not any(shown)
    assert "a" in results["suppressed_groups"]
    assert not [e for e in results["impossibility"][0]["groups"] if e["group"] == "a"]


def test_a_published_rate_over_time_begins_where_enough_were_counted(audited):
    """On the first days a rate is out of a few: what a chart reads aloud begins with them."""
    text = "decided_at,flagged,outcome\n"
    for day in range(1, 29):
        text += f"2024-01-{day:02d},1,0\n2024-01-{day:02d},1,1\n" * 4
    for publish, begins in ((False, "2024-01-01"), (True, "2024-01-04")):
        _, results = audited({"decisions": text}, publish=publish)
        (seen,) = [one for one in results["monitoring"] if one["metric"] == "fdr"]
        assert seen["periods"][0] == begins  # three days hold 24, four 32
        kept = {len(seen[name]) for name in ("periods", "value", "low", "high")}
        assert kept == {28 if not publish else 25}
        assert seen["denominator"] == 224


def test_what_is_left_out_is_not_said_to_be_unknown(tmp_path):
    table = tmp_path / "d.csv"
    quiet = "0,\n" * 180
    table.write_text("flagged,outcome\n" + "1,1\n" * 9 + "1,0\n" * 11 + quiet, encoding="utf-8")
    for publish, told in ((False, "55% of the checked alerts were wrong"), (
        True, "10% led to an alert; how many of these were wrong is left out: out of few"
    )):  # fmt: skip
        audit = audit_alerts(Inputs(decisions=table), Settings(publish=publish))
        assert alert_document(audit).cover.finding == told


def test_base_rates_go_with_the_shares_that_they_are_made_of(audited):
    """What follows from a suppressed share of everyone would give it back."""
    text = "flagged,outcome\n" + "1,1\n" * 9 + "0,1\n" * 11 + "1,0\n" * 20 + "0,0\n" * 80
    rows, results = audited({"decisions": text}, publish=True)
    assert not [row["value"] for row in rows if row["statistic"] == "tpr" and row["value"]]
    assert results["base_rates"] == []
    _, shown = audited({"decisions": text})
    assert shown["base_rates"]


def test_a_number_over_all_groups_goes_with_the_smallest(audited, find):
    searches, candidates = "search_id,mated,group\n", "search_id,rank,score,is_mate\n"
    for group, n in (("a", 5), ("b", 80), ("c", 90)):
        for k in range(2 * n):
            searches += f"{group}{k},{k % 2},{group}\n"
            candidates += f"{group}{k},1,{k % 7 / 7:.3f},{k % 2}\n"
    asked = {"groups": ("group",), "thresholds": (0.5, 0.7)}
    tables = {"searches": searches, "candidates": candidates}
    open_rows, _ = audited(tables, **asked)
    assert find(open_rows, "garbe_a0.5", threshold="0.5")["value"]
    rows, results = audited(tables, **asked, publish=True)
    for threshold in ("0.5", "0.7"):
        assert find(rows, "garbe_a0.5", threshold=threshold)["value"] == ""
        assert find(rows, "fpir", "a", threshold)["value"] == ""
        hidden = {r["group"] for r in rows if r["statistic"] == "fpir" and r["value"] == ""}
        assert len(hidden) == 2
    assert "a" not in {curve["group"] for curve in results["det"]}


def test_a_group_named_all_is_refused(audited):
    with pytest.raises(DataError, match="named ALL"):
        audited({"decisions": "flagged,outcome,group\n1,1,ALL\n"}, groups=("group",))


def test_what_was_counted_around_an_alarm_is_not_published_out_of_few(audited):
    text = "decided_at,flagged,outcome\n"
    for day in range(1, 29):
        wrong = 1 if day < 15 else 6
        text += f"2024-01-{day:02d},1,0\n" * wrong + f"2024-01-{day:02d},1,1\n" * (7 - wrong)
    for publish in (False, True):
        _, results = audited({"decisions": text}, publish=publish)
        (drift,) = [
            d for w in results["monitoring"] if w["metric"] == "fdr" for d in w["drifts"]
            if d["alarm"]
        ]  # fmt: skip
        run = drift["run"]
        assert (run is None) is publish
        assert publish or min(run[side]["denominator"] for side in ("before", "run")) < 30
