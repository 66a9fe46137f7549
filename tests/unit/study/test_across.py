"""Every comparison of several studies is judged as one family; studies are counted, not ranked."""

import os

import pytest

from veedor.errors import StudyError, phrase
from veedor.report.many import chosen_of, link_to, page
from veedor.report.words import words_in
from veedor.statistics.codes import Denominator, Method
from veedor.statistics.discoveries import family_wise_p
from veedor.statistics.estimates import Estimate
from veedor.study.across import (
    COLUMNS,
    AcrossCategory,
    AcrossStudy,
    StudyComparison,
    csv_rows,
    in_studies,
    judged_across,
    read_study,
)
from veedor.study.many import find_studies
from veedor.verification import Judged


def gain(value, p, n=100):
    """A gain over 26 weeks whose errors make this p-value, near enough."""
    error = 0.01
    estimate = Estimate(
        value, value - 2 * error, value + 2 * error, 0.95, Method("expanded_percentile"), n,
        Denominator("incidents_in_cells"),
    )  # fmt: skip
    return Judged(
        estimate, value - 2 * error, value + 2 * error, error, 26, error, error, p,
        verdict="undefined" if p is None else "not_shown",
    )  # fmt: skip


def study(name, categories, kinds=("PastMean", "Kernel"), absent=()):
    """A study of categories, each a gain a forecaster."""
    return AcrossStudy(
        study=name,
        title=f"The study of {name}",
        reference="PriorCounts",
        cells=50,
        periods=26,
        start="2024-01-01T00:00:00+00:00",
        end="2024-07-01T00:00:00+00:00",
        categories=tuple(
            AcrossCategory(
                category=category,
                recorded=200,
                comparisons=tuple(
                    StudyComparison(forecaster=kind, kind=kind, gain=one)
                    for kind, one in zip(kinds, gains, strict=False)
                ),
                absent=tuple(absent),
            )
            for category, gains in categories.items()
        ),
    )


STUDIES = [
    study("b", {"theft": [gain(0.2, 0.001), gain(-0.2, 0.002)], "robbery": [gain(0.1, 0.03)]}),
    study("a", {"theft": [gain(0.2, 0.006), gain(0.0, None)]}),
    study("c/d", {"theft": [gain(-0.3, 1e-5)]}, absent=("Kernel",)),
]


def test_p_values_of_all_studies_are_adjusted_together_by_holm():
    across = judged_across(STUDIES, {})
    assert [one.study for one in across.studies] == ["a", "b", "c/d"]
    p = [row.gain.p_value for _, _, row in across.rows()]
    told = [one for one in p if one is not None]
    assert across.comparisons == len(told) == 5
    adjusted = [row.gain.p_adjusted for _, _, row in across.rows() if row.gain.p_value is not None]
    assert adjusted == pytest.approx(family_wise_p(told).tolist())
    assert {row.gain.comparisons for _, _, row in across.rows()} == {5}
    verdicts = {
        (one.study, each.category, row.forecaster): row.gain.verdict
        for one, each, row in across.rows()
    }
    assert verdicts == {
        ("a", "theft", "PastMean"): "better",  # 0.006 x 2
        ("a", "theft", "Kernel"): "undefined",
        ("b", "theft", "PastMean"): "better",
        ("b", "theft", "Kernel"): "worse",
        ("b", "robbery", "PastMean"): "better",  # the largest p: x 1
        ("c/d", "theft", "PastMean"): "worse",
    }


def test_the_family_is_that_of_all_studies_not_of_each():
    alone = judged_across([study("a", {"theft": [gain(0.2, 0.02)]})], {})
    among = judged_across(
        [study(name, {"theft": [gain(0.2, 0.02 if name == "a" else 0.9)]}) for name in "abc"], {}
    )
    assert alone.forecasters[0].better == 1
    assert [one.better for one in among.forecasters] == [0]
    assert among.studies[0].categories[0].comparisons[0].gain.p_adjusted == pytest.approx(0.06)


def test_no_order_of_studies_changes_anything():
    errors = {"z": StudyError("It must be."), "y": StudyError("It must.")}
    assert judged_across(STUDIES, errors) == judged_across(
        STUDIES[::-1], dict(reversed(errors.items()))
    )


def test_studies_are_counted_by_where_a_forecaster_stands():
    across = judged_across(STUDIES, {})
    kernel, past = across.forecasters
    assert (past.forecaster, past.better, past.worse, past.not_shown) == ("PastMean", 2, 1, 0)
    assert (kernel.better, kernel.worse, kernel.not_shown, kernel.not_compared) == (0, 1, 0, 2)
    theft = in_studies(across.studies, "PastMean", "PastMean", "theft")
    assert (theft.better, theft.worse, theft.not_compared) == (2, 1, 0)
    robbery = in_studies(across.studies, "PastMean", "PastMean", "robbery")
    assert (robbery.better + robbery.not_shown, robbery.not_compared) == (1, 0)


def test_a_study_may_count_as_better_and_as_worse():
    across = judged_across(
        [study("a", {"theft": [gain(0.2, 1e-6)], "robbery": [gain(-0.2, 1e-6)]})], {}
    )
    (past,) = across.forecasters
    assert (past.better, past.worse, past.not_shown, past.not_compared) == (1, 1, 0, 0)


def test_the_verdict_is_on_the_combined_forecast_where_there_is_one():
    assert chosen_of(judged_across(STUDIES, {})).forecaster == "PastMean"  # gained most
    with_stack = [*STUDIES, study("e", {"theft": [gain(-0.1, 0.5)]}, kinds=("Stack",))]
    assert chosen_of(judged_across(with_stack, {})).forecaster == "Stack"
    assert chosen_of(judged_across([], {})) is None


def test_every_comparison_is_a_row():
    rows = list(csv_rows(judged_across(STUDIES, {})))
    assert {len(row) for row in rows} == {len(COLUMNS)}
    first = dict(zip(COLUMNS, rows[0], strict=True))
    assert (first["study"], first["category"], first["forecaster"]) == ("a", "theft", "PastMean")
    assert first["verdict"] == "better"
    assert first["range_low"] <= first["low"]  # of all together it is wider
    assert first["range_low"] >= 0.0


BEATEN, ANY = "Better than plain counting in", "for one category or more;"


@pytest.mark.parametrize(
    ("studies", "tone", "told"),
    [
        (STUDIES, "open", f"{BEATEN} 2 of 3 studies, {ANY} worse in 1."),
        (STUDIES[1:2], "better", f"{BEATEN} 1 of 1 study, {ANY} worse in 0."),
        ([study("a", {"theft": [gain(-0.2, 1e-4)]})], "worse",
         f"{BEATEN} 0 of 1 study, {ANY} worse in 1."),
        ([study(name, {"theft": [gain(0.1, 0.4)]}) for name in "ab"], "open",
         "Not shown to be better than plain counting in any of 2 studies."),
        ([study("a", {"theft": []})], "none",
         "Only plain counting was run: nothing is compared with it."),
        ([study("a", {"theft": []}, absent=("Kernel",))], "none",
         "Nothing could be compared with plain counting."),
        ([], "none", "No study could be run."),
    ],
)  # fmt: skip
def test_the_finding_says_in_how_many_studies(studies, tone, told):
    made = page(judged_across(studies, {}), {}, words_in("en"))
    assert (made.cover.tone, made.cover.finding) == (tone, told)


def test_what_may_be_concluded_is_a_least_number_and_none_without_a_verdict():
    def said(studies):
        made = page(judged_across(studies, {}), {}, words_in("en"))
        return " ".join(made.plain.sentences)

    assert "Past average beats plain counting in 2 studies at least" in said(STUDIES)
    assert "there are 5" in said(STUDIES)
    assert "Smoothed map is not compared in 2 studies" in said(STUDIES)
    assert "Past average is not compared" not in said(STUDIES)
    assert "at least" not in said([study("a", {"theft": [gain(0.1, 0.4)]})])


def test_a_study_that_was_not_run_is_named_with_why():
    error = StudyError("It must be.", found=phrase("none"), where="x.csv")
    made = page(judged_across(STUDIES, {"x": error}), {"x": error}, words_in("en"))
    (left,) = (one for one in made.sections if one.anchor == "not-run")
    assert left.points == ["x: It must be. Found: none. Where: x.csv."]
    assert "1 study of the folder could not be run" in made.cover.because


def test_reports_are_linked_by_ways_that_lead_nowhere_else():
    held = page(judged_across(STUDIES, {}), {}, words_in("en"))
    (links,) = (one.links for one in held.sections if one.anchor == "studies")
    assert [way for _, way in links][-1] == "../c/d/results/report.html"
    strange = study('x:y#z%20 "a', {"theft": []})
    assert link_to(strange) == "../x%3Ay%23z%2520%20%22a/results/report.html"


def test_a_folder_is_searched_in_one_order_and_no_study_in_another(tmp_path, monkeypatch):
    for name in ("b", "a/b", "a/c", "b/inner", ".hidden", "a/.hidden"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "study.toml").write_text("")
    (tmp_path / "a" / "round").symlink_to(tmp_path)
    (tmp_path / "a" / "away").symlink_to(tmp_path / "b")
    found = find_studies(tmp_path)
    assert list(found.folders) == ["a/b", "a/c", "b"]
    assert found.links == ("a/away",)
    walk = os.walk

    def backwards(folder):
        for place, names, files in walk(folder):
            names.reverse()
            yield place, names, files

    monkeypatch.setattr(os, "walk", backwards)
    assert find_studies(tmp_path) == found


def test_a_folder_without_a_study_and_a_study_are_one_clear_error(tmp_path):
    with pytest.raises(StudyError, match="none in it"):
        find_studies(tmp_path)
    with pytest.raises(StudyError, match="no such folder"):
        find_studies(tmp_path / "nowhere")
    (tmp_path / "study.toml").write_text("")
    with pytest.raises(StudyError, match="must not be a study itself"):
        find_studies(tmp_path)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"study": 1}', "\x00"])
def test_other_results_are_one_clear_error(tmp_path, text):
    (tmp_path / "results.json").write_text(text)
    with pytest.raises(StudyError, match="must be those of a finished run"):
        read_study("a", tmp_path / "results.json")
