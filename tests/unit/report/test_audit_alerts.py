"""The report of an alert audit: escaped, both sides shown, every sentence with its denominator."""

import itertools
from fractions import Fraction
from html.parser import HTMLParser

import pytest

from veedor.audits.alerts import Inputs, Settings, audit_alerts
from veedor.audits.alerts.results import Picture
from veedor.audits.audit import Subject
from veedor.report import write_document
from veedor.report.audit_alerts import alert_document
from veedor.report.words import words_in
from veedor.report.words.alert_sentences import rightly, wrongly

WORDS = words_in("en")

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
        return alert_document(audit_alerts(Inputs(**paths), Settings(**settings)))

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
    head = sides.tables[0].head
    assert "Gap: Wrongly flagged" in head
    assert "Gap: Right alerts" in head
    assert "“Wrongly flagged” differs by up to" in sides.title


def test_what_is_refused_says_what_audit_would_give_it(made):
    text = "flagged,outcome\n" + "1,true\n" * 5 + "0,unknown\n" * 500
    document = made("decisions", text)
    (refused,) = [s for s in document.sections if s.title.startswith("What cannot be said")]
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
    assert any(one.startswith("Thresholds, and what they do to groups: ") for one in titles)
    assert any("non-mated" in t.caption for s in document.sections for t in s.tables)


def test_a_claim_without_enough_data_says_how_many_trials_would_do(made):
    text = "deployment_id,transactions,true_alerts,false_alerts\nx,8600,1,0\n"
    claims = "metric,operator,value,denominator\nfalse_alert_rate,<,0.0001666667,faces\n"
    document = made("deployments", text, {"claims": claims})
    assert any("17,973 subjects checked without one" in point for point in document.plain.points)


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
        assert f"of 120 in group {group};" in flagged
        assert f"in group {group};" in right and right.startswith("Right alerts, out of ")


def test_every_place_that_prints_a_rate_prints_its_one_interval(tmp_path):
    """Terminal, sentence, table, claim and estimates.csv: of published counts by deployment."""
    table, claims = tmp_path / "t.csv", tmp_path / "c.csv"
    text = "deployment_id,true_alerts,false_alerts\n"
    text += "".join(f"d{n},{5 + n % 4},{3 + 4 * (n % 3)}\n" for n in range(14))
    table.write_text(text, encoding="utf-8")
    claims.write_text("metric,operator,value\nppv,>=,0.5\n", encoding="utf-8")
    for interval in ("wilson", "clopper_pearson"):
        audit = audit_alerts(Inputs(deployments=table, claims=claims), Settings(interval=interval))
        keys = [(one.subject, one.statistic) for one in audit.statements]
        assert len(keys) == len(set(keys))  # one rate, one interval
        everyone = Subject("ALL")
        row = audit.by_subject[everyone, "ppv"].estimate
        assert row.method.code == f"{interval}_over_clusters"
        assert row.method.arguments == {"cluster": "deployment_id"}
        said = f"{WORDS.percent(row.low)} to {WORDS.percent(row.high)}"
        document = alert_document(audit)
        assert sum(said in point for point in document.plain.points) == 2  # the rate, and the claim
        lines = [line for s in document.sections for t in s.tables for line in t.rows]
        everyone_s = [line for line in lines if line[:2] == ["Everyone", WORDS.percent(row.value)]]
        assert [line[2] for line in everyone_s] == [said]
        per_true = audit.by_subject[everyone, "false_per_true"].estimate
        assert per_true.low == pytest.approx((1 - row.high) / row.high)


def test_what_the_page_says_of_the_three_rates_cannot_be_refuted(made):
    """Every pair of small tables of a group: which of FPR, FNR and PPV can be alike."""
    found = {}
    for tp, fp, fn, tn in itertools.product(range(6), repeat=4):
        if tp + fn and fp + tn and tp + fp:
            rates = Fraction(fp, fp + tn), Fraction(fn, tp + fn), Fraction(tp, tp + fp)
            found.setdefault(rates, set()).add(Fraction(tp + fn, tp + fp + fn + tn))
    # All three alike where outcomes differ: only where no alert is wrong, or none is right.
    assert {rates[2] for rates, prevalence in found.items() if len(prevalence) > 1} == {0, 1}
    for kept in ((0, 2), (0, 1), (1, 2)):  # any two alike, with both kinds of alerts
        alike = {}
        for rates, prevalence in found.items():
            if 0 < rates[2] < 1:
                alike.setdefault(tuple(rates[k] for k in kept), set()).update(prevalence)
        assert any(len(prevalence) > 1 for prevalence in alike.values())
    text = "flagged,outcome,group\n"
    cells = {"a": (150, 50, 350, 450), "b": (225, 75, 25, 675)}
    for group, (tp, fp, fn, tn) in cells.items():
        for flagged, outcome, times in ((1, 1, tp), (1, 0, fp), (0, 1, fn), (0, 0, tn)):
            text += f"{flagged},{outcome},{group}\n" * times
    document = made("decisions", text, groups=("group",), reference="a")
    (sides,) = [s for s in document.sections if s.title.startswith("Both sides")]
    b = sides.tables[0].rows[1]
    assert (b[2], b[4]) == ("10%", "75%")  # alike in both groups, which that page once denied
    words = " ".join([*sides.sentences, *(reason for _, reason in document.cautions)])
    assert "cannot both be had" not in words
    assert "errs at all" not in words
    assert "some alerts are right and some wrong" in words


def test_a_score_stops_nobody(made):
    text = "score,outcome\n" + "".join(f"{n % 10 / 10},{n % 3 == 0}\n" for n in range(300))
    document = made("decisions", text, thresholds=(0.5,))
    told = [*document.plain.points, *(words for _, words in document.plain.figures)]
    for section in document.sections:
        if not section.title.startswith("What tables cannot show"):
            told += [*section.sentences, *section.points, *(t.caption for t in section.tables)]
            told += [name for t in section.tables for name in t.head]
    assert not [words for words in told if "stopped" in words or "sought" in words]


def test_an_alarm_is_told_by_what_was_counted(made):
    text = "decided_at,flagged,outcome\n"
    for day in range(60):
        wrong = 2 if day < 30 else 12
        text += f"2024-{1 + day // 28:02d}-{1 + day % 28:02d},1,0\n" * wrong
        text += f"2024-{1 + day // 28:02d}-{1 + day % 28:02d},1,1\n" * (20 - wrong)
    (time,) = [s for s in made("decisions", text).sections if s.title.startswith("Over time: ")]
    assert any(
        "false alarms of all of them together would be expected" in s for s in time.sentences
    )
    (alarm,) = [p for p in time.points if p.startswith("Wrong alerts (fdr), everyone: ")]
    assert "alarm of a rise" in alarm
    assert "beyond" not in alarm
    assert "of 300 (10%; interval" in alarm  # the first quarter
    assert "from 2024-02-03 to the alarm" in alarm


def test_clustered_rows_get_the_interval_by_cluster_in_plain_words(made):
    text = "deployment_id,true_alerts,false_alerts\nw,173,2297\nx,10,7\ny,5,10\nz,0,5\n"
    points = made("deployments", text).plain.points
    assert any("173 (7%; interval 6.06% to 8.08%)" in p and "first deployment" in p for p in points)
    assert any(
        ", 15 (" in p and "by deployment_id" in p and "without the first deployment" in p
        for p in points
    )


def test_plain_words_come_before_the_short_names_of_rates(made):
    text = "deployment_id,true_alerts,false_alerts\nlaunch at the great stadium,90,2000\n"
    text += "".join(f"d{n},1,3\n" for n in range(12))
    document = made("deployments", text)
    (refused,) = [s for s in document.sections if s.title.startswith("What cannot be said")]
    assert "“Missed” (fnr and for)" in refused.sentences[0]
    said = [*document.plain.sentences, *document.plain.points]
    assert any(one.startswith("The share of right alerts (ppv) is out of") for one in said)


def test_a_picture_of_1000_alerts_rounds_none_of_them_away():
    words, rare = WORDS, Picture(0.0002, 0, 1000)
    assert (rightly(words, rare), wrongly(words, rare)) == ("fewer than 1", "more than 999")
    assert wrongly(words, Picture(0.6135, 614, 386)) == "386"
