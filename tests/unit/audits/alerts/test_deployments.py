"""Published counts: what adds up, what is refused, and claims."""

import pytest

from veedor.errors import DataError

HEAD = "deployment_id,date,transactions,alerts,true_alerts,false_alerts,unresolved_alerts\n"


def test_counts_and_refusals(audited, find):
    text = HEAD + "b,2020-02-01,1000,10,4,4,2\na,2020-01-01,500,2,2,0,0\n"
    rows, results = audited({"deployments": text})
    assert float(find(rows, "ppv")["value"]) == pytest.approx(6 / 10)
    assert float(find(rows, "alert_rate")["value"]) == pytest.approx(12 / 1500)
    assert float(find(rows, "false_alerts_per_transaction")["value"]) == pytest.approx(4 / 1500)
    assert find(rows, "fpr")["value"] == find(rows, "fnr")["value"] == ""
    assert float(find(rows, "ppv_if_unresolved_true")["value"]) == pytest.approx(8 / 12)
    assert find(rows, "ppv", method="wilson_over_clusters; cluster=deployment_id")
    assert "fpr" in results["refused"][0]["metrics"]
    # In the order of dates: a comes first.
    watch = next(w for w in results["monitoring"] if w["metric"] == "fdr")
    assert watch["periods"][0].startswith("a ")


def test_impossible_sums_are_told_with_their_rows(audited):
    for row, must in (
        ("x,2020-01-01,100,5,4,4,0", "must not exceed|add up"),
        ("x,2020-01-01,3,5,4,1,0", "more alerts than transactions"),
        ("x,2020-01-01,100,9,4,4,0", "add up"),
        ("x,2020-01-01,100,8.5,4,4,0", "whole numbers"),
        ("x,2020-01-01,100,-8,4,4,0", "whole numbers"),
    ):
        with pytest.raises(DataError, match=must) as caught:
            audited({"deployments": HEAD + "ok,2020-01-01,10,1,1,0,0\n" + row + "\n"})
        assert "row 2 (line 3)" in caught.value.where
    with pytest.raises(DataError, match="one row"):
        audited({"deployments": HEAD + "x,2020-01-01,9,1,1,0,0\nx,2020-01-01,9,1,1,0,0\n"})


def test_false_alerts_by_group_without_traffic_are_a_composition(audited, find):
    text = "deployment_id,false_alerts,true_alerts,false_alerts_black,true_alerts_black\n"
    rows, results = audited({"deployments": text + "x,10,2,8,1\n"})
    (check,) = [c for c in results["warnings"] if c["code"] == "false_alerts_without_traffic"]
    assert check["arguments"]["false_alerts"] == "ALL: 10; black: 8"
    assert float(find(rows, "ppv", "black")["value"]) == pytest.approx(1 / 9)


def test_groups_as_rows_add_up_to_everyone(audited, find):
    text = "deployment_id,group,transactions,true_alerts,false_alerts\n"
    text += "x,a,100,1,1\nx,b,200,1,5\ny,a,100,0,1\ny,b,200,2,3\n"
    rows, results = audited({"deployments": text}, groups=("group",), reference="a")
    assert find(rows, "transactions")["value"] == "600.0"
    assert float(find(rows, "false_alerts_per_transaction", "b")["value"]) == pytest.approx(8 / 400)
    ratio = find(rows, "false_alerts_per_transaction_ratio_vs_a", "b")
    assert float(ratio["value"]) == pytest.approx(2.0)
    assert not [c for c in results["warnings"] if "without_traffic" in c["code"]]


WATCHED = "deployment_id,alerts,false_alerts,cameras,hours\n"


def test_alarms_by_camera_and_hour(audited, find):
    """Camera-hours are summed as they were watched: 4 x 24 + 6 x 12.5 = 171, not 10 x 36.5."""
    text = WATCHED + "a,20,15,4,24\nb,12,6,6,12.5\n"
    rows, results = audited({"deployments": text}, kind="alarm")
    for name, counted, watched in (
        ("alerts_per_hour", 32, 36.5), ("false_alerts_per_hour", 21, 36.5),
        ("alerts_per_camera_hour", 32, 171), ("false_alerts_per_camera_hour", 21, 171),
    ):  # fmt: skip
        one = find(rows, name)
        assert float(one["value"]) == pytest.approx(counted / watched)
        assert (float(one["numerator"]), float(one["out_of"])) == (counted, watched)
        assert float(one["low"]) < counted / watched < float(one["high"])
        assert one["method_code"] == "garwood_over_clusters; cluster=deployment_id"
        assert one["denominator_code"] == ("camera_hours" if "camera" in name else "hours")
    assert "cameras_without_hours" not in {one["code"] for one in results["warnings"]}


def test_a_single_deployment_has_the_exact_interval_of_a_count(audited, find):
    rows, _ = audited({"deployments": WATCHED + "a,10,10,1,1\n"})
    one = find(rows, "false_alerts_per_camera_hour", method="garwood")
    assert float(one["low"]) == pytest.approx(4.7954, abs=1e-4)
    assert float(one["high"]) == pytest.approx(18.3904, abs=1e-4)


def test_what_was_not_watched_or_not_said_is_no_rate(audited, find):
    rows, _ = audited({"deployments": WATCHED + "a,9,9,2,10\nb,5,5,,\n"})
    assert find(rows, "alerts_per_camera_hour")["numerator"] == "9"  # b says no hours
    rows, results = audited({"deployments": "deployment_id,false_alerts,alerts,cameras\na,1,2,4\n"})
    assert not [row for row in rows if "hour" in row["statistic"]]
    assert "cameras_without_hours" in {one["code"] for one in results["warnings"]}
    for row, must in (
        ("a,9,9,0,10", "nothing was watched"), ("a,9,9,2,0", "nothing was watched"),
        ("a,9,9,2,-1", "must not be below 0"), ("a,9,9,2.5,1", "whole numbers"),
    ):  # fmt: skip
        with pytest.raises(DataError, match=must):
            audited({"deployments": WATCHED + row + "\n"})


def test_groups_of_cameras_add_up_and_share_their_hours(audited, find):
    """Two quarters watched in the same ten hours: twenty camera-hours each, ten hours together."""
    text = "deployment_id,quarter,alerts,false_alerts,cameras,hours\n"
    text += "a,north,9,8,2,10\na,south,3,2,2,10\n"
    rows, _ = audited({"deployments": text}, groups=("quarter",))
    of = {"group": "ALL"}
    assert find(rows, "false_alerts_per_camera_hour", **of)["out_of"] == "40"
    assert find(rows, "false_alerts_per_camera_hour", "north")["out_of"] == "20"
    assert find(rows, "false_alerts_per_hour", **of)["out_of"] == "10"
    rows, _ = audited({"deployments": text.replace("2,2,10", "2,2,5")}, groups=("quarter",))
    assert find(rows, "false_alerts_per_hour", **of)["value"] == ""  # ten hours, or fifteen?
    assert find(rows, "false_alerts_per_camera_hour", **of)["out_of"] == "30"


def test_what_is_suppressed_is_not_given_back_by_the_hour(audited, find):
    text = "deployment_id,quarter,transactions,alerts,false_alerts,cameras,hours\n"
    text += "a,north,9000,90,80,2,10\na,south,9000,70,50,2,10\na,west,12,3,2,2,10\n"
    rows, _ = audited({"deployments": text}, groups=("quarter",), publish=True)
    for one in rows:
        plain = one["statistic"].split("_per_")[0]
        if "hour" in one["statistic"] and find(rows, plain, one["group"])["value"] == "":
            assert one["value"] == one["numerator"] == ""
    assert find(rows, "false_alerts_per_hour", "west")["method_code"] == "suppressed"


def test_claims_are_judged_by_the_right_denominator(audited):
    text = HEAD + "x,2020-01-01,8600,8,1,7,0\n"
    claims = "metric,operator,value,group,denominator,threshold,alpha\n"
    claims += "false_alert_rate,<,0.000166667,,faces,,\nfpr,<,0.001,ALL,,,0.01\nppv,>=,0.9,,,,\n"
    _, results = audited({"deployments": text, "claims": claims})
    claimed = results["claims"]
    faces, fpr, ppv = (one["verdict"] for one in claimed)
    assert (faces["verdict"], faces["events"], faces["trials"]) == ("contradicted", 7, 8600)
    assert faces["e_against"] > 20
    assert claimed[0]["out_of"]["code"] == "people_who_passed"
    assert fpr["verdict"] == "not_enough_data"
    assert claimed[1]["reason"]["code"] == "nobody_checked_the_others"
    assert ppv["verdict"] == "contradicted"


def test_claims_that_cannot_be_read(audited):
    decisions = "flagged,outcome\n1,true\n0,false\n"
    for row, must in (
        ("fpr,about,0.1", "`operator`"),
        ("fpr,<,7", "`value`"),
        ("accurateness,<,0.1", "`metric`"),
    ):
        with pytest.raises(DataError, match=must) as caught:
            audited({"decisions": decisions, "claims": f"metric,operator,value\n{row}\n"})
        assert "row 1" in caught.value.where
    with pytest.raises(DataError, match="`group`"):
        audited({"decisions": decisions, "claims": "metric,operator,value,group\nfpr,<,0.1,z\n"})


def test_groups_in_columns_have_a_reference_too(audited, find):
    text = "deployment_id,true_alerts_a,false_alerts_a,true_alerts_b,false_alerts_b,"
    text += "true_alerts,false_alerts\nx,10,10,5,15,15,25\n"
    rows, _ = audited({"deployments": text}, reference="a")
    assert float(find(rows, "ppv_ratio_vs_a", "b")["value"]) == 0.5


def test_one_evening_that_holds_most_alerts_is_told(audited, find):
    text = "deployment_id,true_alerts,false_alerts\nfinal,173,2297\n"
    text += "".join(f"e{n},{2 + n % 4},{3 + n % 5}\n" for n in range(13))
    rows, results = audited({"deployments": text})
    (check,) = [c for c in results["warnings"] if c["code"] == "uneven_clusters_of_alerts"]
    assert 1 < check["arguments"]["worth"] < 1.3
    row = find(rows, "ppv")
    assert float(row["high"]) > 0.3  # what the other evenings show
    even = "deployment_id,true_alerts,false_alerts\n"
    even += "".join(f"e{n},{2 + n % 4},{3 + n % 5}\n" for n in range(13))
    _, results = audited({"deployments": even})
    assert not [c for c in results["warnings"] if c["code"] == "uneven_clusters_of_alerts"]


def test_a_claim_is_judged_by_as_many_trials_as_clusters_are_worth(audited):
    """Of 400 alerts 240 were right: 60%, but by evenings that were all right or all wrong."""
    text = "deployment_id,true_alerts,false_alerts\n"
    text += "".join(f"e{n},{40 * (n < 6)},{40 * (n >= 6)}\n" for n in range(10))
    claims = "metric,operator,value\nppv,>,0.5\n"
    _, results = audited({"deployments": text, "claims": claims})
    claim = results["claims"][0]["verdict"]
    assert (claim["events"], claim["trials"]) == (240, 400)
    assert claim["size"] < 10
    assert claim["verdict"] == "not_enough_data"  # as independent alerts: supported
