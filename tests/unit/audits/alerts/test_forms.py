"""How numbers, dates and names are written: read as the column says, or refused."""

import pytest

from veedor.errors import DataError, StudyError, UnreadableError, VeedorError

COUNTS = "deployment_id;transactions;true_alerts;false_alerts\n"


def test_ten_thousand_is_never_ten(audited, find):
    text = COUNTS + "a;10.000;4;6\nb;12.345;4;6\n"
    rows, results = audited({"deployments": text})
    assert find(rows, "transactions")["value"] == "22345.0"
    (said,) = [c["arguments"] for c in results["warnings"] if c["code"] == "numbers_read"]
    assert (said["written"], said["value"]) == ("10.000", "10000")
    with pytest.raises(UnreadableError, match="one way") as caught:
        audited({"deployments": COUNTS + "a;10.000;4;6\nb;12.000;4;6\n"})
    assert "10 or 10000" in caught.value.found
    assert "transactions" in caught.value.where


def test_the_decimal_mark_of_scores_is_that_of_their_column(audited, find):
    text = "score;outcome\n0,7;1\n0,2;0\n1.000,5;1\n"
    rows, _ = audited({"decisions": text}, thresholds=(0.5,))
    assert find(rows, "tp", threshold="0.5")["value"] == "2.0"
    rows, _ = audited({"decisions": "score,outcome\n10.000,1\n9.5,0\n"}, thresholds=(9.9,))
    assert find(rows, "tp", threshold="9.9")["value"] == "1.0"
    with pytest.raises(UnreadableError, match="one way"):
        audited({"decisions": "score,outcome\n10.000,1\n9.500,0\n"}, thresholds=(9.9,))
    with pytest.raises(UnreadableError, match="one decimal mark"):
        audited({"decisions": "score;outcome\n0,5;1\n0.5;0\n"}, thresholds=(0.4,))


def test_a_probability_of_1_000_is_one(audited):
    text = "flagged,outcome,inclusion_probability\n" + "1,1,1.000\n1,0,1.000\n" * 5
    assert audited({"decisions": text})[1]["rows"] == 10


def test_the_25th_of_march_22_is_not_in_the_year_25(audited):
    head = "decided_at,flagged,outcome\n"
    _, results = audited({"decisions": head + "25/03/22,1,1\n26/03/22,1,0\n27/03/22,1,0\n"})
    periods = results["monitoring"][0]["periods"]
    assert periods == ["2022-03-25", "2022-03-26", "2022-03-27"]
    _, results = audited({"decisions": head + "03/25/2022 10:30 PM,1,1\n03/26/2022 1:00 AM,1,0\n"})
    assert results["monitoring"][0]["periods"] == ["2022-03-25", "2022-03-26"]
    with pytest.raises(DataError, match="order of day and month") as caught:
        audited({"decisions": head + "03/04/22,1,1\n05/04/22,1,0\n"})
    assert "03/04/22" in caught.value.found
    with pytest.raises(StudyError, match="one order"):
        audited({"decisions": head + "25/03/22,1,1\n03/25/22,1,0\n"})
    with pytest.raises(DataError, match="from 1900 on") as caught:
        audited({"decisions": head + "2022-03-25,1,1\n0025-03-22,1,0\n"})
    assert "row 2 (line 3)" in caught.value.where


def test_a_deployment_s_date_is_read_by_the_same_rule(audited):
    head = "deployment_id,date,true_alerts,false_alerts\n"
    _, results = audited({"deployments": head + "b,25/03/22,1,1\na,13/02/22,1,1\n"})
    assert results["monitoring"][0]["periods"] == ["a (2022-02-13)", "b (2022-03-25)"]


def test_an_outcome_from_before_the_decision_is_refused(audited):
    head = "decided_at,outcome_at,flagged,outcome\n"
    fine = "2024-02-01,2024-03-01,1,1\n2024-02-02,,1,unknown\n2024-02-03,2024-02-03,0,0\n"
    assert audited({"decisions": head + fine})[1]["rows"] == 3
    with pytest.raises(DataError, match="before the decision") as caught:
        audited({"decisions": head + fine + "2024-02-05,2024-01-05,1,1\n"})
    assert "row 4 (line 5)" in caught.value.where


@pytest.mark.parametrize(
    ("kind", "text", "settings", "must"),
    [
        ("decisions", "Score,score,outcome\n0.1,0.9,1\n0.2,0.1,0\n",
         {"thresholds": (0.5,)}, "once"),
        ("decisions", "flagged,outcome, Outcome\n1,1,0\n0,0,1\n", {}, "once"),
        ("decisions", "flagged,outcome,group\n1,1,Black\n0,0,black\n",
         {"groups": ("group",)}, "case"),
        ("decisions", "flagged,outcome,group\n1,1,a b\n0,0,a  b\n", {"groups": ("group",)}, "case"),
        ("decisions", "flagged,outcome,group\n1,1,all\n0,0,b\n", {"groups": ("group",)}, "ALL"),
        ("decisions", "flagged,outcome,g1,g2\n1,1,a & b,c\n0,0,a,b & c\n",
         {"groups": ("g1", "g2")}, "joined"),
        ("deployments", "deployment_id,true_alerts,false_alerts,false_alerts_a,False_alerts_a\n"
         "x,1,5,2,3\n", {}, "once"),
        ("deployments", "deployment_id,true_alerts,false_alerts,false_alerts_A,true_alerts_a\n"
         "x,1,5,2,1\n", {}, "case"),
        ("deployments", "deployment_id,true_alerts,false_alerts,false_alerts_all\nx,1,5,5\n", {},
         "ALL"),
        ("deployments", "deployment_id,true_alerts,false_alerts,false_alerts_a,false_alerts_b\n"
         "x,1,5,3,3\n", {}, "groups must not exceed"),
        ("deployments", "deployment_id,group,true_alerts,false_alerts\n"
         "x,all,1,5\nx,a,1,4\nx,b,1,1\n", {"groups": ("group",)}, "groups must not exceed"),
        ("deployments", "deployment_id,alerts,true_alerts,engagements\nx,5,1,6\n", {},
         "engagements"),
        ("deployments", "deployment_id,true_alerts,false_alerts,engagements\nx,1,3,6\n", {},
         "engagements"),
        ("deployments", "deployment_id,alerts_a,true_alerts_a,alerts,true_alerts,false_alerts\n"
         "x,1,2,5,3,2\n", {}, "parts of the alerts"),
        ("deployments", "deployment_id,true_alerts,false_alerts\nx,1,nan\n", {}, "whole numbers"),
        ("deployments", "deployment_id,true_alerts,false_alerts\nx,1,-3\n", {}, "whole numbers"),
    ],
)  # fmt: skip
def test_tables_that_cannot_be_are_refused(audited, kind, text, settings, must):
    with pytest.raises(VeedorError, match=must) as caught:
        audited({kind: text}, **settings)
    assert caught.value.where


EXPORT = "Fecha;Analítica;Resultado\n" + (
    "25/03/22 10:30 p. m.;Merodeo;Fundada\n26/03/22 1:00 a. m.;Arma;Sin novedad\n"
    "27/03/22 2:00 p. m.;Arma; falsa alarma \n27/03/22 3:00 p. m.;Arma;\n"
    "27/03/22 4:00 p. m.;Arma;En trámite\n"
)


def test_an_export_is_read_by_its_own_headers_and_words(audited, find):
    asked = {"alerts_only": True, "outcome": "resultado", "time": "Fecha"}
    words = {
        "right": ("fundada",),
        "wrong": ("Sin novedad", "Falsa alarma"),
        "open": ("En trámite",),
    }
    rows, results = audited({"decisions": EXPORT}, **asked, **words)
    assert find(rows, "fdr")["value"] == str(2 / 3)
    assert find(rows, "n")["value"] == "5.0"
    said = {one["code"]: one["arguments"] for one in results["warnings"]}
    assert said["words_for_wrong"] == {"column": "Resultado", "words": "Sin novedad, Falsa alarma"}
    assert results["days"] == 3
    with pytest.raises(
        DataError, match=r"true, false or unknown.*--right, --wrong and --open"
    ) as no:
        audited({"decisions": EXPORT}, **asked, right=("Fundada",))
    assert "'Sin novedad'" in no.value.found
    assert "'Fundada'" not in no.value.found


def test_words_that_are_given_stand_before_usual_ones(audited, find):
    text = "flagged,outcome\n" + "1,0\n" * 3 + "1,1\n"
    rows, _ = audited({"decisions": text}, right=("0",), wrong=("1",))
    assert find(rows, "ppv")["value"] == "0.75"


@pytest.mark.parametrize("words", [{"right": ("Sí",), "wrong": ("sí ",)}, {"open": ("",)}])
def test_a_word_means_one_thing(audited, words):
    with pytest.raises(StudyError, match="mean one thing"):
        audited({"decisions": "flagged,outcome\n1,1\n"}, **words)


@pytest.mark.parametrize(
    ("head", "settings", "error"),
    [
        ("flagged,result", {}, "--outcome"),
        ("outcome", {}, "--alerts-only"),
        ("flagged,outcome", {"alerts_only": True}, "leave --alerts-only out"),
        ("flagged,outcome", {"flagged": "alarm"}, "column `flagged`"),
        ("flagged,outcome", {"outcome": "result"}, "name it result"),
    ],
)
def test_what_is_not_found_is_refused_with_the_way_out(audited, head, settings, error):
    rows = "1,1\n" if "," in head else "1\n"
    with pytest.raises(VeedorError, match=error):
        audited({"decisions": f"{head}\n{rows * 3}"}, **settings)
