"""The report of an alert audit: escaped, both sides shown, every sentence with its denominator."""

from html.parser import HTMLParser

import pytest

from veedor.audits.alerts import Inputs, Settings, audit_alerts
from veedor.report import write_document
from veedor.report.audit_alerts import alert_report

HOSTILE = "<script>alert(1)</script>"


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)


@pytest.fixture
def made(tmp_path):
    def make(name, text, more=None, **settings):
        paths = {}
        for kind, content in ({name: text} | (more or {})).items():
            paths[kind] = tmp_path / f"{kind}.csv"
            paths[kind].write_text(content, encoding="utf-8")
        return alert_report(audit_alerts(Inputs(**paths), Settings(**settings)).results)

    return make


def test_a_hostile_group_name_is_only_shown(made, tmp_path):
    text = "flagged,outcome,group\n" + f"1,1,{HOSTILE}\n0,0,{HOSTILE}\n1,0,b\n0,1,b\n" * 20
    document = made("decisions", text, groups=("group",), reference="b")
    write_document(document, tmp_path / "page.html")
    page = _Tags()
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    page.feed(text)
    assert "script" not in page.seen
    assert "alert(1)" in text


def test_the_same_results_give_the_same_bytes(made, tmp_path):
    text = "score,outcome,group,decided_at\n"
    text += "".join(f"{n % 7},{n % 3 == 0},g{n % 2},2024-01-{n % 28 + 1:02d}\n" for n in range(300))
    asked = {"groups": ("group",), "reference": "g0", "thresholds": (3.0,)}
    for name in ("a", "b"):
        write_document(made("decisions", text, **asked), tmp_path / f"{name}.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_gaps_in_fpr_and_ppv_stand_in_one_table(made):
    text = "flagged,outcome,group\n" + "1,1,a\n1,0,a\n0,0,a\n0,1,b\n1,0,b\n1,1,b\n0,0,b\n" * 10
    document = made("decisions", text, groups=("group",), reference="a")
    (sides,) = [s for s in document.sections if s.title.startswith("Both sides")]
    head = sides.tables[0]["head"]
    assert any("wrongly flagged" in name for name in head)
    assert any("right alerts" in name for name in head)


def test_what_is_refused_says_what_audit_would_give_it(made):
    text = "flagged,outcome\n" + "1,true\n" * 5 + "0,unknown\n" * 500
    document = made("decisions", text)
    (refused,) = [s for s in document.sections if s.title == "What cannot be said"]
    assert "cannot be counted" in refused.sentences[0]
    assert "--nonalert-audit" in refused.sentences[1]


def test_searches_and_their_thresholds(made):
    searches = "search_id,mated,group\n" + "".join(f"s{n},{n % 2},g{n % 3}\n" for n in range(300))
    candidates = "search_id,rank,score,is_mate\n"
    candidates += "".join(f"s{n},1,{(n * 7) % 100 / 100},{n % 2}\n" for n in range(300))
    document = made(
        "searches", searches, {"candidates": candidates}, groups=("group",), thresholds=(0.5,)
    )
    titles = [section.title for section in document.sections]
    assert "Thresholds, and what they do to groups" in titles
    assert any("non-mated" in t["caption"] for s in document.sections for t in s.tables)


def test_a_claim_without_enough_data_says_how_many_trials_would_do(made):
    text = "deployment_id,transactions,true_alerts,false_alerts\nx,8600,1,0\n"
    claims = "metric,operator,value,denominator\nfalse_alert_rate,<,0.0001666667,faces\n"
    document = made("deployments", text, {"claims": claims})
    assert any("17,973 people who passed without one" in point for point in document.plain.points)


def test_neither_side_of_the_impossibility_stands_alone_in_plain_words(made):
    cells = {"a": (60, 20, 20, 100), "b": (60, 60, 20, 60), "few": (1, 0, 1, 9)}
    text = "flagged,outcome,group\n"
    for group, (tp, fp, fn, tn) in cells.items():
        for flagged, outcome, times in ((1, 1, tp), (1, 0, fp), (0, 1, fn), (0, 0, tn)):
            text += f"{flagged},{outcome},{group}\n" * times
    for reference, group in (("a", "b"), ("b", "a")):  # a ratio above 1, and one below
        points = made("decisions", text, groups=("group",), reference=reference).plain.points
        (flagged,) = [p for p in points if "times the share" in p]
        right = points[points.index(flagged) + 1]
        assert f"of 120 in group {group} and" in flagged
        assert f"in group {group} and" in right and "were right alerts" in right


def test_clustered_rows_get_the_interval_by_cluster_in_plain_words(made):
    text = "deployment_id,true_alerts,false_alerts\nw,173,2297\nx,10,7\ny,5,10\nz,0,5\n"
    points = made("deployments", text).plain.points
    assert any("in the first deployment, 173 (7%; interval 6.06% to 8.08%)" in p for p in points)
    assert any("after the first deployment, 15 (" in p and "by deployment_id" in p for p in points)
