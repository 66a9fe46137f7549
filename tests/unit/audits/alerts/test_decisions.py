"""Decisions: what is counted, what is refused, what is said of it."""

import json

import pytest

from veedor.audits.alerts import Inputs, Settings, audit_alerts
from veedor.audits.audit import COLUMNS
from veedor.errors import DataError, PersonalDataRefusal, StudyError, UnreadableError
from veedor.report.words import words_in
from veedor.statistics import wilson
from veedor.statistics.codes import Finding

HEAD = "decision_id,score,outcome,group_race\n"
# tp 2, fp 1, fn 1, tn 2 in a; tp 1, fp 0, fn 0, tn 1 in b.
ROWS = [
    "1,0.9,true,a", "2,0.8,true,a", "3,0.7,false,a", "4,0.2,true,a", "5,0.1,false,a",
    "6,0.3,false,a", "7,0.9,1,b", "8,0.1,0,b",
]  # fmt: skip
SMALL = HEAD + "\n".join(ROWS) + "\n"


def test_columns_and_counts_are_those_of_the_format(audited, find, tmp_path):
    rows, _ = audited({"decisions": SMALL}, groups=("race",), reference="a", thresholds=(0.5,))
    text = (tmp_path / "out" / "estimates.csv").read_text(encoding="utf-8")
    assert text.splitlines()[0] == ",".join(COLUMNS)
    values = {m: find(rows, m, "a", "0.5")["value"] for m in ("n", "tp", "fp", "fn", "tn")}
    assert values == {"n": "6.0", "tp": "2.0", "fp": "1.0", "fn": "1.0", "tn": "2.0"}
    fpr = find(rows, "fpr", "a", "0.5")
    assert (fpr["numerator"], fpr["out_of"], fpr["method_code"]) == ("1", "3", "wilson")
    assert (fpr["method"], fpr["denominator"]) == ("Wilson", "decisions whose outcome is false")
    assert fpr["denominator_code"] == "false_outcomes"
    assert float(fpr["value"]) == pytest.approx(1 / 3)
    assert find(rows, "n", "ALL", "0.5")["value"] == "8.0"


def test_undefined_is_an_empty_field_and_never_0(audited, find):
    rows, _ = audited({"decisions": HEAD + "1,0.9,true,a\n2,0.1,true,a\n"}, thresholds=(0.5,))
    fpr = find(rows, "fpr", threshold="0.5")
    assert (fpr["value"], fpr["low"], fpr["high"], fpr["out_of"]) == ("", "", "", "0")
    assert find(rows, "lr_pos", threshold="0.5")["value"] == ""
    assert find(rows, "auc", threshold="0.5")["value"] == ""


def test_every_promised_metric_is_there(audited):
    rows, _ = audited({"decisions": SMALL}, groups=("race",), reference="a", thresholds=(0.5,))
    metrics = {row["statistic"] for row in rows}
    promised = (
        "n tp fp fn tn prevalence alert_rate tpr fnr fpr tnr ppv fdr npv for accuracy lr_pos "
        "lr_neg auc fpr_ratio_vs_a ppv_diff_vs_a ppv_at_base_rate_0.001 ppv_at_base_rate_1e-05 "
        "false_per_true_at_0.01 ppv_at_base_rate_0.5"
    )
    assert set(promised.split()) <= metrics
    methods = {row["method_code"] for row in rows}
    assert {"wilson", "koopman_score", "newcombe_hybrid", "mercaldo_logit"} <= methods


def test_a_score_at_the_threshold_is_an_alert(audited, find):
    rows, _ = audited({"decisions": HEAD + "1,0.5,true,a\n2,0.4999,true,a\n"}, thresholds=(0.5,))
    assert find(rows, "tp", threshold="0.5")["value"] == "1.0"


def test_the_threshold_of_each_row_is_used_where_none_is_given(audited, find):
    text = "decision_id,score,threshold,outcome\n1,0.6,0.5,1\n2,0.6,0.7,1\n3,0.6,0.6,0\n"
    rows, results = audited({"decisions": text})
    assert find(rows, "tp")["value"] == "1.0"
    assert find(rows, "fp")["value"] == "1.0"
    assert any(check["code"] == "several_thresholds" for check in results["warnings"])


def test_intersections_of_groups(audited, find):
    text = "score,outcome,group_race,group_sex\n0.9,1,a,f\n0.1,0,a,m\n0.9,0,b,f\n"
    rows, results = audited({"decisions": text}, groups=("race", "sex"), thresholds=(0.5,))
    assert results["groups"] == ["ALL", "a & f", "a & m", "b & f"]
    assert find(rows, "fp", "b & f", "0.5")["value"] == "1.0"


def test_clopper_pearson_on_request(audited, find):
    rows, _ = audited({"decisions": SMALL}, thresholds=(0.5,), interval="clopper_pearson")
    row = find(rows, "fpr", threshold="0.5")
    assert row["method_code"] == "clopper_pearson"
    assert float(row["low"]) == pytest.approx(0.00631, abs=1e-5)  # 1 of 4


def test_repeated_people_give_intervals_by_person(audited, find):
    head = "subject_key,score,outcome\n"
    text = head + "".join(f"p{n // 5},{0.9 if n % 2 else 0.1},{n // 5 % 2}\n" for n in range(100))
    rows, results = audited({"decisions": text}, thresholds=(0.5,))
    (row,) = [row for row in rows if row["statistic"] == "ppv"]  # one rate, one interval
    assert row["method_code"] == "wilson_over_clusters; cluster=subject_key"
    plain = wilson(int(row["numerator"]), int(row["out_of"]))
    assert float(row["low"]) < float(plain[0])
    effect = next(c for c in results["clusters"] if c["metric"] == "ppv")
    assert (effect["clusters"], effect["rows"]) == (20, 50)
    assert effect["design_effect"] > 2
    assert any(check["code"] == "repeated_people" for check in results["warnings"])


def test_only_alerts_checked_refuses_fpr_and_fnr_and_gives_ppv(audited, find):
    text = "flagged,outcome\n" + "1,true\n" * 6 + "1,false\n" * 2 + "0,unknown\n" * 1000
    rows, results = audited({"decisions": text})
    assert float(find(rows, "ppv")["value"]) == 0.75
    for metric in ("fpr", "fnr", "tpr", "npv", "fn", "tn", "prevalence"):
        assert find(rows, metric)["value"] == "", metric
    assert "auc" not in {row["statistic"] for row in rows}
    (refused,) = results["refused"]
    assert refused["why"]["code"] == "only_alerts_were_checked"
    assert (
        0 < refused["audit_sample"]["to_see_one"] <= refused["audit_sample"]["population"] == 1000
    )


NEED_OTHERS = (
    "fpr",
    "tnr",
    "fnr",
    "tpr",
    "npv",
    "prevalence",
    "accuracy",
    "alert_rate",
    "fn",
    "tn",
)


def test_a_table_of_alerts_alone_tells_nothing_of_those_without_one(audited, find):
    rows, results = audited({"decisions": "flagged,outcome\n" + "1,1\n" * 6 + "1,0\n" * 2 + "1,\n"})
    assert find(rows, "ppv")["value"] == "0.75"
    assert {find(rows, metric)["value"] for metric in NEED_OTHERS} == {""}
    assert not results["base_rates"]
    assert results["monitoring"] == []
    (refused,) = results["refused"]
    assert refused["why"]["code"] == "only_alerts_were_given"
    assert "alert_rate" in refused["metrics"]
    (unknown,) = results["warnings"]
    assert unknown["code"] == "unknown_outcomes_of_alerts"
    assert unknown["arguments"] == {"alerts": 9, "alerts_unknown": 1}


def test_scores_of_alerts_alone_tell_nothing_of_those_without_one_at_any_threshold(audited, find):
    text = "score,outcome\n" + "0.9,1\n0.8,0\n0.7,0\n0.6,1\n" * 5
    rows, _ = audited({"decisions": text}, thresholds=(0.75,), alerts_only=True)
    assert find(rows, "ppv", threshold="0.75")["out_of"] == "10"
    assert {find(rows, metric, threshold="0.75")["value"] for metric in NEED_OTHERS} == {""}
    assert "auc" not in {row["statistic"] for row in rows}
    whole, _ = audited({"decisions": text}, thresholds=(0.75,))
    assert find(whole, "fpr", threshold="0.75")["value"] == "0.5"


def test_a_random_audit_speaks_for_those_whom_a_table_of_alerts_leaves_out(audited, find):
    text = "flagged,outcome\n" + "1,true\n" * 80 + "1,false\n" * 20
    audit = "stratum,population,sampled,positives_found\nnight,600,60,2\nday,300,30,0\n"
    rows, results = audited({"decisions": text, "nonalert_audit": audit})
    assert float(find(rows, "tpr")["value"]) == pytest.approx(80 / 100)
    assert find(rows, "alert_rate")["value"] == ""
    assert any(one["code"] == "audit_population" for one in results["warnings"])


def test_a_random_audit_of_the_others_gives_fpr_and_fnr(audited, find):
    text = "flagged,outcome\n" + "1,true\n" * 80 + "1,false\n" * 20 + "0,unknown\n" * 900
    audit = "stratum,population,sampled,positives_found\nnight,600,60,2\nday,300,30,0\n"
    rows, _ = audited({"decisions": text, "nonalert_audit": audit})
    tpr = find(rows, "tpr")
    assert float(tpr["value"]) == pytest.approx(80 / 100)
    assert tpr["method_code"] == "begg_greenes"
    assert float(find(rows, "fpr")["value"]) == pytest.approx(20 / 900)


def test_inclusion_probabilities_do_the_same(audited, find):
    text = "flagged,outcome,adjudicated,inclusion_probability\n"
    text += "1,true,1,1\n" * 80 + "1,false,1,1\n" * 20
    text += "0,true,1,0.1\n" * 2 + "0,false,1,0.1\n" * 88 + "0,true,0,0.1\n" * 810
    rows, _ = audited({"decisions": text})
    assert float(find(rows, "tpr")["value"]) == pytest.approx(80 / 100)
    assert float(find(rows, "fpr")["value"]) == pytest.approx(20 / 900)


def test_a_weighted_rate_stands_once_where_rows_are_clustered(audited, find):
    text = "flagged,outcome,subject_key,inclusion_probability\n"
    text += "".join(f"1,{n % 2},p{n // 2},0.{1 + n % 5}\n" for n in range(200))
    text += "".join(f"0,{'0' if n < 90 else 'unknown'},q{n},0.1\n" for n in range(900))
    rows, _ = audited({"decisions": text})
    held = [row for row in rows if row["statistic"] == "ppv"]
    assert [row["method_code"] for row in held] == ["wilson_by_inclusion_probability"]


def test_an_audit_of_another_population_is_told(audited):
    text = "flagged,outcome\n" + "1,true\n" * 8 + "0,unknown\n" * 90
    audit = "stratum,population,sampled,positives_found\nall,80,8,1\n"
    _, results = audited({"decisions": text, "nonalert_audit": audit})
    assert any(check["code"] == "audit_population" for check in results["warnings"])


def test_unresolved_alerts_are_bounds(audited, find):
    text = "flagged,outcome\n" + "1,true\n" * 6 + "1,false\n" * 2 + "1,unknown\n" * 2 + "0,false\n"
    rows, _ = audited({"decisions": text})
    assert float(find(rows, "ppv_if_unresolved_false")["value"]) == 0.6
    assert float(find(rows, "ppv_if_unresolved_true")["value"]) == 0.8


def test_versions_stand_by_themselves(audited, find):
    text = "flagged,outcome,system_version\n" + "1,true,v1\n" * 3 + "1,false,v2\n" + "0,false,v2\n"
    rows, results = audited({"decisions": text})
    assert float(find(rows, "ppv", subset="system_version=v1")["value"]) == 1.0
    assert float(find(rows, "ppv", subset="system_version=v2")["value"]) == 0.0
    assert any(check["code"] == "several_versions" for check in results["warnings"])


def test_outcomes_that_depend_on_time_are_noticed(audited):
    head = "decided_at,flagged,outcome\n"
    early = "".join(f"2020-01-{n % 28 + 1:02d},1,{n % 2}\n" for n in range(200))
    late = "".join(f"2020-02-{n % 28 + 1:02d},1,1\n" for n in range(60))
    _, results = audited({"decisions": head + early + late})
    (check,) = [c for c in results["warnings"] if c["code"].endswith("_true")]
    # The last day of January has the outcome 1 alone, and belongs to the run.
    assert check["code"] == "last_outcomes_true"
    assert check["arguments"]["decisions"] >= 60
    # Two explanations, and no verdict between them.
    said = words_in("en").of(Finding(check["code"], check["arguments"]))
    assert "may not have been known yet" in said
    assert "The table cannot tell which" in said
    _, fine = audited({"decisions": head + early})
    assert not [c for c in fine["warnings"] if c["code"].endswith("_true")]


def test_what_cannot_be_read_is_told_with_its_rows(audited):
    for text, must, rows in (
        ("flagged,outcome\n1,true\n1,maybe\n", "outcome", "row 2 (line 3)"),
        ("flagged,outcome\n1,true\n,true\n", "flagged", "row 2 (line 3)"),
        ("score,outcome\nx,true\n0.5,true\n", "score", "row 1 (line 2)"),
        ("decision_id,flagged,outcome\n7,1,1\n8,1,1\n7,0,1\n", "decision_id", "rows 1, 3"),
        ("decided_at,flagged,outcome\n2020-13-01,1,1\n", "Times", "row 1"),
        ("flagged,outcome,inclusion_probability\n1,1,0\n", "inclusion_probability", "row 1"),
        ("score,outcome\ninf,true\n", "score", "row 1"),
    ):
        with pytest.raises(DataError, match=must) as caught:
            audited({"decisions": text}, thresholds=(0.5,) if text.startswith("score") else ())
        assert rows in caught.value.where, text


def test_ragged_rows_and_missing_columns_and_empty_files_are_refused(audited):
    with pytest.raises(DataError, match="as many cells"):
        audited({"decisions": "flagged,outcome\n1,true\n1,true,3,4\n"})
    with pytest.raises(DataError, match="`outcome`"):
        audited({"decisions": "flagged,result\n1,true\n"})
    with pytest.raises(DataError, match="`score`"):
        audited({"decisions": "outcome,group\ntrue,a\n"})
    with pytest.raises(UnreadableError):
        audited({"decisions": ""})
    with pytest.raises(StudyError, match="threshold"):
        audited({"decisions": "flagged,outcome\n1,true\n"}, thresholds=(0.5,))


@pytest.mark.parametrize(
    "text",
    [
        "flagged,outcome,image\n1,true,faces/0001.jpg\n",
        "flagged,outcome,probe\n1,true,/srv/x/a.PNG\n",
        'flagged,outcome,vector\n1,true,"[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]"\n',
        "flagged,outcome,full_name\n1,true,x\n",
        "flagged,outcome,victim_dni\n1,true,x\n",
        "flagged,outcome,subject_key\n1,true,ana@example.org\n",
        "flagged,outcome,face_template\n1,true,a9f7c2\n",
    ],
)
def test_faces_embeddings_names_and_identifiers_are_refused(audited, text):
    with pytest.raises(PersonalDataRefusal) as caught:
        audited({"decisions": text})
    assert "ana@" not in str(caught.value)
    assert "0001" not in str(caught.value)


def test_a_reference_that_is_no_group_is_told(audited):
    with pytest.raises(StudyError, match="reference"):
        audited({"decisions": SMALL}, groups=("race",), reference="z", thresholds=(0.5,))
    with pytest.raises(StudyError, match="column of the table"):
        audited({"decisions": SMALL}, groups=("age",), thresholds=(0.5,))


def test_any_encoding_and_formulas_in_group_names(tmp_path):
    path = tmp_path / "d.csv"
    text = "flagged;outcome;group\n1;si;Ñandú\n0;no;=1+1\n"
    path.write_bytes(b"\xff\xfe" + text.encode("utf-16-le"))
    audit = audit_alerts(Inputs(decisions=path), Settings(groups=("group",)))
    audit.write(tmp_path, words_in("en").of)
    written = (tmp_path / "estimates.csv").read_text(encoding="utf-8")
    assert "Ñandú" in written
    assert ",'=1+1," in written
    assert json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))["rows"] == 2


def test_the_same_inputs_give_the_same_bytes(audited, tmp_path):
    settings = {"groups": ("race",), "reference": "a", "thresholds": (0.5,)}
    audited({"decisions": SMALL}, **settings)
    first = (tmp_path / "out" / "results.json").read_bytes()
    audited({"decisions": SMALL}, **settings)
    assert (tmp_path / "out" / "results.json").read_bytes() == first


def test_the_checklist_says_not_provided_and_takes_answers(audited, write):
    _, results = audited({"decisions": SMALL}, thresholds=(0.5,))
    assert {one["answer"] for one in results["checklist"]} == {""}
    path = write("answers.toml", 'deletions = "None were logged."\n')
    _, results = audited({"decisions": SMALL}, thresholds=(0.5,), checklist=path)
    answers = {one["key"]: one["answer"] for one in results["checklist"]}
    assert answers["deletions"] == "None were logged."
    with pytest.raises(StudyError, match="own questions"):
        audited({"decisions": SMALL}, checklist=write("bad.toml", 'nonsense = "x"\n'))


def test_a_checker_that_errs_and_a_recapture(audited, find):
    text = "flagged,outcome\n" + "1,true\n" * 50 + "1,false\n" * 50 + "0,false\n" * 10
    rows, _ = audited(
        {"decisions": text}, adjudicator=((90, 100), (80, 100)), recapture=(100, 80, 40)
    )
    corrected = find(rows, "ppv_adjudicator_corrected")
    assert float(corrected["value"]) == pytest.approx(0.3 / 0.7)
    assert corrected["method_code"] == "lang_reiczigel"
    assert float(find(rows, "positives_by_recapture")["value"]) == pytest.approx(198.536585)


def test_a_reference_is_found_whatever_its_case_and_punctuation(audited):
    text = "flagged,outcome,group_race,group_sex\n" + "1,1,White,f\n0,0,White,m\n1,0,Black,f\n" * 9
    _, results = audited({"decisions": text}, groups=("race", "sex"), reference="white,F")
    assert results["reference"] == "White & f"
    with pytest.raises(StudyError, match="one of the groups"):
        audited({"decisions": text}, groups=("race", "sex"), reference="white")
    with pytest.raises(StudyError, match="one of the groups"):
        audited({"decisions": text}, reference="white")


def test_rates_of_a_version_allow_for_clusters_too(audited, find):
    text = "flagged,outcome,system_version,subject_key\n"
    text += "".join(f"1,{n // 5 % 2},v{n % 2},p{n // 5}\n" for n in range(100))
    rows, _ = audited({"decisions": text})
    for subset in ("all", "system_version=v0"):
        row = find(rows, "ppv", subset=subset, method="wilson_over_clusters; cluster=subject_key")
        assert float(row["high"]) - float(row["low"]) > 0.3


def test_of_two_clusterings_the_wider_interval_is_the_rate_s(audited, find):
    text = "flagged,outcome,subject_key,deployment_id\n"
    text += "".join(f"1,{n // 20 % 2},p{n // 2},v{n // 20}\n" for n in range(160))
    rows, results = audited({"decisions": text})
    assert find(rows, "ppv")["method_code"] == "wilson_over_clusters; cluster=deployment_id"
    assert {entry["cluster"] for entry in results["clusters"]} == {"subject_key", "deployment_id"}


def test_a_share_that_no_system_could_have_is_not_given(audited):
    text = "flagged,outcome,group\n"
    for group, (tp, fp, fn, tn) in {"a": (20, 20, 0, 60), "b": (60, 10, 20, 10)}.items():
        for flagged, outcome, times in ((1, 1, tp), (1, 0, fp), (0, 1, fn), (0, 0, tn)):
            text += f"{flagged},{outcome},{group}\n" * times
    _, results = audited({"decisions": text}, groups=("group",), reference="a")
    entry = results["impossibility"][0]["groups"][1]
    # Four true outcomes for each false one: right alerts of 50% with nobody missed needs FPR 4.
    assert entry["fpr_if_equal"] is None
    assert entry["fpr_if_equal_possible"] is False
