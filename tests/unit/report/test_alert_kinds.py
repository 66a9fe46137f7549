"""The page of an alert audit speaks of the kind of system: its words, its base rates, its cover."""

import math
import re

import pytest

from veedor.audits.alerts import Inputs, Settings, audit_alerts
from veedor.audits.alerts.of_deployments import PER_TIME
from veedor.audits.alerts.settings import KINDS
from veedor.audits.labels import relabelled
from veedor.errors import StudyError
from veedor.report import write_document
from veedor.report.audit_alert_cover import surest_of
from veedor.report.audit_alerts import alert_document
from veedor.report.words import alert_base_rates, alert_cover, alert_kinds, words_in
from veedor.report.words.alert_rates import RATES, TECHNICAL, WRONG_FOR_EACH, statistic
from veedor.report.words.alert_sections import HINT
from veedor.report.words.alerts import NAMES

WORDS = words_in("en")
#: Of 400 with a false outcome each: a is wrongly flagged 120 times, b 60, c 59.
CELLS = {"a": (150, 120, 50, 280), "b": (150, 60, 50, 340), "c": (150, 59, 50, 341)}
#: Words that only one kind of system knows.
FOREIGN = {
    "risk-score": r"watchlist|people who passed|gallery|stopped|camera|\bposts?\b|alarm was",
    "alarm": r"watchlist|people who passed|gallery|assessment|author",
    "post-flag": r"watchlist|people who passed|gallery|assessment|camera",
    None: r"watchlist|people who passed|gallery|assessment|author|camera",
}


def _text(cells=CELLS):
    rows = [
        f"{flagged},{outcome},{group}\n" * times
        for group, counts in cells.items()
        for (flagged, outcome), times in zip(((1, 1), (1, 0), (0, 1), (0, 0)), counts, strict=True)
    ]
    return "flagged,outcome,group\n" + "".join(rows)


@pytest.fixture
def audited(tmp_path):
    def make(text, table="decisions", **settings):
        path = tmp_path / f"{table}.csv"
        path.write_text(text, encoding="utf-8")
        return audit_alerts(Inputs(**{table: path}), Settings(**settings))

    return make


def _said(document):
    """All that a page says of the data: its cover, its sentences and the heads of its tables."""
    cover = document.cover
    told = [cover.finding, cover.because, cover.proof.about, *cover.cautions]
    told += [count.name for count in cover.proof.counts]
    told += [cover.picture.finding, *cover.picture.notes]
    told += [*document.plain.sentences, *document.plain.points]
    for section in document.sections:
        if not section.title.startswith("What tables cannot show"):
            told += [section.title, *section.sentences, *section.points]
            told += [name for t in (*section.tables, *section.behind) for name in t.head]
            told += [t.caption for t in (*section.tables, *section.behind)]
    return told


@pytest.mark.parametrize("kind", [None, *KINDS])
def test_each_kind_tells_its_own_story_and_no_other(audited, kind):
    document = alert_document(audited(_text(), kind=kind, groups=("group",), reference="b"), WORDS)
    told = " ".join(_said(document))
    if kind in FOREIGN:
        told = told.replace(WORDS.say(HINT), "")
        assert not re.search(FOREIGN[kind], told), re.search(FOREIGN[kind], told)
    assert document.title == WORDS.say(alert_kinds.TITLES[kind])
    assert document.cover.picture.notes[0].startswith("Of 1,000 ")
    assert "dangerous: these are errors of a system" in document.cover.cautions[0]


def test_the_cover_names_whom_the_error_burdens_with_counts_and_interval(audited):
    audit = audited(_text(), kind="risk-score", groups=("group",), reference="b")
    cover = alert_document(audit).cover
    assert cover.finding == (
        "Group a is wrongly scored high more often: 30%, against 15% of group b"
    )
    assert cover.tone == "more"
    assert [(one.name, one.told) for one in cover.proof.counts] == [
        ("a", "120 of 400"), ("b", "60 of 400"), ("Everyone", "239 of 1,200"),
    ]  # fmt: skip
    assert "2 times the share" in cover.because and "all 6 comparisons" in cover.because
    words = {row.name: [cell.word for cell in row.cells] for row in cover.matrix.rows}
    assert words["a"][0] == "more often (30%)"
    assert words["c"][0] == "not shown (14.8%)"


def test_the_reference_may_be_whom_it_burdens(audited):
    audit = audited(_text(), groups=("group",), reference="a")
    cover = alert_document(audit).cover
    assert cover.finding.startswith("Group a is wrongly flagged more often: 30%, against 14.8%")
    assert "2 times the share" in cover.because
    assert [row.cells[0].tone for row in cover.matrix.rows] == ["less", "less"]


def test_what_is_not_shown_is_not_said_to_be_alike(audited):
    cells = {"b": CELLS["b"], "c": CELLS["c"]}
    cover = alert_document(audited(_text(cells), groups=("group",), reference="b")).cover
    assert cover.tone == "open"
    assert cover.finding == "14.9% of those that should have no alert were flagged"
    assert "Of 800 decisions whose outcome is false, 119 (14.9%; interval" in cover.because
    assert "No difference between the groups is shown. That is not the same" in cover.because


def test_a_difference_in_misses_alone_is_not_told_as_no_difference(audited):
    """The matrix shows one: a sentence beside it that says none would contradict it."""
    cells = {"r": (150, 60, 50, 340), "a": (90, 60, 110, 340)}
    cover = alert_document(audited(_text(cells), groups=("group",), reference="r")).cover
    assert [cell.tone for cell in cover.matrix.rows[0].cells] == ["open", "more", "open"]
    assert "No difference" not in cover.because
    assert "A difference is shown in: Missed." in cover.because
    assert cover.tone == "open"


def test_of_1000_alerts_says_out_of_how_many_they_were_counted(audited):
    text = "flagged,outcome\n" + "1,1\n1,\n1,\n" * 3 + "1,0\n" * 9 + "0,0\n0,1\n" * 40
    cover = alert_document(audited(text)).cover
    assert cover.picture.finding.startswith("Of 1,000 alerts, 250 are right")
    assert cover.picture.about.startswith("Of 12 alerts whose outcome is known, 3 (25%; interval")


def test_groups_without_a_reference_are_told_what_to_give(audited):
    assert "--reference" in alert_document(audited(_text(), groups=("group",))).cover.because
    assert "No groups were named" in alert_document(audited(_text())).cover.because


def test_the_matrix_says_more_only_where_all_intervals_together_do(audited):
    """Shown beside two other comparisons, and no longer beside twenty."""
    cells = {"r": (50, 50, 50, 350), "a": (50, 75, 50, 325)}
    alone = alert_document(audited(_text(cells), groups=("group",), reference="r"))
    many = cells | dict.fromkeys("bcdefg", (50, 50, 50, 350))
    among = alert_document(audited(_text(many), groups=("group",), reference="r"))
    assert [d.cover.matrix.rows[0].cells[0].tone for d in (alone, among)] == ["more", "open"]
    assert among.cover.tone == "open"
    assert among.cover.matrix.note.endswith("3 smaller groups stand in the tables below.")


def test_a_sole_comparison_has_the_interval_of_its_statement(audited):
    text = "deployment_id,group,true_alerts,false_alerts\n"
    text += "d,a,10,40\nd,b,20,20\n"
    audit = audited(text, "deployments", groups=("group",), reference="b", kind="face-match")
    (one,) = audit.compared
    (row,) = [s for s in audit.statements if s.statistic == "fdr_ratio_vs_b"]
    assert (one.low, one.high, one.together) == (row.estimate.low, row.estimate.high, 1)
    cover = alert_document(audit).cover
    assert cover.finding == ("Matches of group a are wrong more often: 80%, against 50% of group b")
    assert "(95% interval 1." in cover.because
    (cell,) = cover.matrix.rows[0].cells
    assert cell.word == "more often"
    assert cell.told.startswith("80%: 40 of 50, 1.6× (1.")


def test_a_share_of_nothing_has_no_ratio_and_no_bar(audited):
    cells = {"r": (50, 0, 50, 400), "a": (50, 40, 50, 360)}
    audit = audited(_text(cells), groups=("group",), reference="r")
    fpr = audit.compared[0]
    assert (fpr.ratio, fpr.high, fpr.direction) == (None, None, 1)
    cover = alert_document(audit).cover
    assert cover.matrix.rows[0].cells[0].bar is None
    assert "That is at least 7.1 times the share (a limit that holds for all 3" in cover.because


def test_what_is_most_sure_goes_by_the_nearer_end():
    from veedor.audits.alerts.comparisons import Compared

    wide = Compared("fpr", "a", "r", 9.0, 1.1, 80.0, 0.95, 3)
    narrow = Compared("fpr", "b", "r", 1.5, 1.4, 1.6, 0.95, 3)
    low = Compared("fpr", "c", "r", 0.3, 0.2, 0.9, 0.95, 3)
    none = Compared("fpr", "d", "r", 0.0, 0.0, 0.5, 0.95, 3)
    assert surest_of([wide, narrow, low]) is narrow
    assert surest_of([wide, low, none]) is none
    later = Compared("fdr", "e", "r", 5.0, 4.0, 6.0, 0.95, 3)
    assert surest_of([later, narrow]) is narrow  # the first error leads
    assert surest_of([later]) is later


def test_an_alarm_counts_its_days(audited):
    text = "decided_at,flagged,outcome\n"
    for day in range(1, 29):
        text += f"2024-02-{day:02d},1,0\n" * 2 + f"2024-02-{day:02d},0,0\n" * 8
        text += f"2024-02-{day:02d},1,1\n"
    cover = alert_document(audited(text, kind="alarm")).cover
    assert "56 false alarms in 28 days." in cover.because
    assert "days" not in alert_document(audited(text)).cover.because
    gap = text + ",1,0\n"  # one row without a day: how long the record is cannot be told
    assert audited(gap, kind="alarm").days is None


def test_an_alarm_is_told_by_camera_and_hour(tmp_path):
    head = "deployment_id,alerts,false_alerts,cameras,hours\n"
    path = tmp_path / "d.csv"

    def page(rows, kind="alarm"):
        path.write_text(head + rows, encoding="utf-8")
        return alert_document(audit_alerts(Inputs(deployments=path), Settings(kind=kind)))

    made = page("a,12,10,2,50\n")
    assert "False alarms a camera and hour: 0.1 (95% interval 0.048 to 0.184)" in made.cover.because
    assert "one in 10 hours of a camera" in made.cover.because
    (section,) = [one for one in made.sections if one.title.startswith("By the time")]
    assert "“False alarms a camera and hour” 0.1" in section.title
    assert len(section.tables[0].rows) == 4
    assert "hour" not in page("a,12,10,2,50\n", kind=None).cover.because
    assert "at most 0.0369 a camera and hour" in page("a,2,0,2,50\n").cover.because
    assert "False alarms an hour: 0.2" in page("a,12,10,,50\n").cover.because


def test_rows_that_are_not_independent_are_those_of_all_the_data(tmp_path):
    """After the first deployment, of 200, is a part: a title that does not say so means all."""
    path = tmp_path / "d.csv"
    rows = "".join(f"{name},100,{9 * n},{8 * n}\n" for n, name in enumerate("abc", start=1))
    path.write_text("deployment_id,transactions,alerts,false_alerts\n" + rows, encoding="utf-8")
    made = alert_document(audit_alerts(Inputs(deployments=path), Settings(kind="alarm")))
    (title,) = [one.title for one in made.sections if one.title.startswith("Rows that are not")]
    assert re.search(r": (\d+) of", title)[1] in ("300", "54")


def test_without_a_kind_the_page_and_the_terminal_say_what_to_give(audited):
    plain = alert_document(audited(_text()))
    assert plain.plain.points[-1] == WORDS.say(HINT)
    assert "Its kind was not given" in plain.cover.because  # which a terminal prints
    of_kind = alert_document(audited(_text(), kind="alarm"))
    assert "kind" not in " ".join([*of_kind.plain.points, of_kind.cover.because])


def test_a_kind_must_be_one_and_searches_are_of_faces(audited, tmp_path):
    with pytest.raises(StudyError, match="The kind of system must be one of risk-score"):
        Settings(kind="face")
    searches, candidates = tmp_path / "s.csv", tmp_path / "c.csv"
    searches.write_text("search_id,mated\na,1\nb,0\n", encoding="utf-8")
    candidates.write_text("search_id,rank,score,is_mate\na,1,0.5,1\n", encoding="utf-8")
    inputs = Inputs(searches=searches, candidates=candidates)
    with pytest.raises(StudyError, match="must be of face matches") as refused:
        audit_alerts(inputs, Settings(kind="alarm"))
    assert "--kind alarm" in refused.value.found
    audit = audit_alerts(inputs, Settings(kind="face-match"))
    assert alert_document(audit).subtitle.startswith("Searches of one face among many")


def test_the_kind_changes_no_number(audited):
    import msgspec

    made = [
        audited(_text(), kind=kind, groups=("group",), reference="b") for kind in (None, *KINDS)
    ]
    assert {one.settings.kind for one in made} == {None, *KINDS}
    bare = [msgspec.structs.replace(one, settings=Settings()) for one in made]
    assert all(one == bare[0] for one in bare)


def test_published_comparisons_leave_out_whom_the_tables_do(audited):
    cells = CELLS | {"few": (3, 2, 4, 5)}
    asked = {"groups": ("group",), "publish": True}
    audit = audited(_text(cells), reference="b", **asked)
    assert audit.suppressed_groups
    assert not {one.group for one in audit.compared} & set(audit.suppressed_groups)
    gone = audited(_text(cells), reference="few", **asked)
    assert gone.compared == ()
    because = alert_document(gone).cover.because
    assert "Groups are not compared: numbers out of fewer than 30" in because
    assert "No difference" not in because
    large = audited(_text(), reference="b", **asked)
    assert "not compared" not in alert_document(large).cover.because


def test_labels_name_groups_on_the_page_only(audited, tmp_path):
    audit = audited(_text(), groups=("group",), reference="b")
    document = alert_document(relabelled(audit, {"a": "Alfa", "b": "Beta"}))
    assert document.cover.finding.startswith("Group Alfa is wrongly flagged more often")
    assert {one.subject.group for one in audit.statements} == {"ALL", "a", "b", "c"}
    write_document(document, tmp_path / "page.html")
    assert "Alfa" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_statistics_are_named_in_words_before_their_codes(audited):
    audit = audited(_text(), kind="post-flag", groups=("group",), reference="b")
    (everything,) = [
        s for s in alert_document(audit).sections if s.behind and "estimates" in s.title
    ]
    names = {row[4] for row in everything.behind[0].rows}
    assert "Wrongly flagged: times the share of b (fpr_ratio_vs_b)" in names
    assert "Wrong alerts for each right one at a base rate of 1% (false_per_true_at_0.01)" in names
    assert all(re.fullmatch(r"[A-Z].+ \([a-z].*\)", name, re.DOTALL) for name in names)


def test_every_statistic_has_a_name_in_words(audited, tmp_path):
    searches, candidates = tmp_path / "s.csv", tmp_path / "c.csv"
    searches.write_text(
        "search_id,mated,group\n" + "".join(f"s{n},{n % 2},g{n % 2}\n" for n in range(60)),
        encoding="utf-8",
    )
    candidates.write_text(
        "search_id,rank,score,is_mate\n"
        + "".join(f"s{n},1,{n % 10 / 10},{n % 2}\n" for n in range(60)),
        encoding="utf-8",
    )
    settings = Settings(groups=("group",), reference="g0", thresholds=(0.5,))
    deployments = "deployment_id,transactions,alerts,true_alerts,false_alerts,engagements,"
    deployments += "stops_after_false_alert\nx,900,9,4,3,2,1\ny,800,9,4,5,2,1\nz,700,9,4,5,2,1\n"
    asked = {"recapture": (9, 8, 5), "adjudicator": ((9, 10), (9, 10))}
    for audit in (
        audit_alerts(Inputs(searches=searches, candidates=candidates), settings),
        audited(deployments, "deployments", **asked),
        audited(_text(), groups=("group",), reference="b", **asked),
    ):
        for one in audit.statements:
            assert statistic(WORDS, None, one.statistic)


def test_each_table_of_words_has_every_kind():
    kinds = {None, *KINDS}
    for table in (alert_kinds.TITLES, alert_kinds.ERRORS, alert_cover.CAUTIONS, WRONG_FOR_EACH,
                  alert_cover.PICTURE, alert_cover.PICTURE_HERE, alert_base_rates.OF_1000_SHOWN,
                  *(sentences for rate, sentences in RATES.items()
                    if rate not in ("fpir", "fnir_rank1"))):  # fmt: skip
        assert set(table) == kinds
    assert set(TECHNICAL) == set(NAMES) - set(PER_TIME)
    assert all(math.isfinite(rate) for kind in kinds
               for rate in alert_base_rates.story("decisions", kind).drawn)  # fmt: skip
