"""The parts on the length of the record, on stacks, and on forecasters without enough data."""

import pytest
from msgspec.structs import replace

from veedor.report.cover import Cell
from veedor.report.examination_charts import looks
from veedor.report.history import history
from veedor.report.page import page
from veedor.report.stack import stacks
from veedor.report.words import words_in
from veedor.statistics.codes import Denominator, Method
from veedor.statistics.estimates import Estimate
from veedor.study.history_worth import DoublingWorth
from veedor.study.results import Absent

WORDS = words_in("en")


@pytest.fixture
def results(made):
    return made.results(categories=("robbery",), side=5)


def told(made, results, **changes):
    category = results.categories[0]
    if last := changes.get("last_doubling"):
        changes["last_doubling"] = DoublingWorth(from_days=182, gain=made.judged(last))
    category = replace(category, history=replace(category.history, **changes))
    look = looks([one.examination for one in results.categories])
    return history(WORDS, category, results, look, "h")


def doubling(value, low, high):
    method, of = Method("expanded_percentile", {"blocks": 16}), Denominator("incidents_in_cells")
    return Estimate(value, low, high, 0.95, method, 630, of)


def test_what_history_was_worth_and_would_be(made, results):
    part = told(made, results[0], last_doubling=doubling(0.05, 0.01, 0.09))
    first, second = part.sentences
    assert "whole record (400 days at the first cut-off, 477 days at the last)" in first
    assert "0.21 (95% interval 0.19 to 0.23) over one made from its last 91 days only" in first
    assert (
        "each doubling gained 0.05 (95% interval 0.01 to 0.09; out of 630 incidents recorded in "
        "the cells)" in second
    )
    assert "another doubling, to about 954 days, would be worth about as much" in second
    assert "extrapolation" in second
    assert "<svg" in part.figures[0][0]
    assert [row[1] for row in part.behind[0].rows] == ["0.21", "0.12", "0.05", "0.05"]


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (None, "cannot be said: there are fewer than two shorter lengths"),
        (doubling(0.05, -0.01, 0.09), "cannot be said: from its last 182 days"),
        (doubling(0.05, -0.01, 0.09), "the interval includes 0"),
        (doubling(0.05, None, None), "cannot be said"),
        (doubling(None, None, None), "cannot be said"),
        (doubling(-0.05, -0.09, -0.01), "the older part of the record made forecasts worse"),
    ],
)
def test_where_another_doubling_cannot_be_promised(made, results, last, words):
    sentence = told(made, results[0], last_doubling=last).sentences[1]
    assert words in sentence
    assert "worth about as much" not in sentence


def test_a_short_record_has_no_chart(made, results):
    part = told(made, results[0], parts=(), last_doubling=None)
    assert "too short to say" in part.sentences[0]
    assert (part.figures, part.behind) == ((), ())


def test_who_carries_a_stack_and_whom_it_went_without(made, results):
    document, maps = results
    fitted = document.categories[0].fitted["Recency"]
    assert stacks(WORDS, document) == []
    fitted["weights_"] = {"Kernel": 0.3, "PriorCounts": 0.695, "PastMean": 0.005}
    fitted["members_absent_"] = {"PoissonTrees": "PoissonTrees must have a year."}
    (part,) = stacks(WORDS, document)
    assert part.sentences == [
        "robbery, Recency: at the last cut-off its weight lay on PriorCounts 69.5% and Kernel 30%; "
        "PastMean less than 1%. For too little data it went without PoissonTrees (PoissonTrees "
        "must have a year)."
    ]
    assert part.behind[0].rows == [
        ["robbery", "Recency", "PriorCounts", "0.695"],
        ["robbery", "Recency", "Kernel", "0.3"],
        ["robbery", "Recency", "PastMean", "0.005"],
        ["robbery", "Recency", "PoissonTrees", "went without: PoissonTrees must have a year."],
    ]
    content = page(document, made.quality(), made.manifest(), maps, (), WORDS)
    captions = [table.caption for table in content.sections[-1].parts[1].behind]
    assert any(caption.endswith("as fitted at the last cut-off: weights_") for caption in captions)


def test_one_that_is_absent_stands_where_the_others_do(made, results):
    document, maps = results
    gone = "Kernel"
    (category,) = document.categories
    one = category.examination
    one = replace(
        one,
        forecasters=tuple(f for f in one.forecasters if f.forecaster != gone),
        comparisons=tuple(row for row in one.comparisons if row.forecaster != gone),
        places=replace(
            one.places,
            captured=tuple(row for row in one.places.captured if row.ranking != gone),
            area_swept=tuple(row for row in one.places.area_swept if row.ranking != gone),
        ),
    )
    absent = Absent(forecaster=gone, origins_absent=2, origins=12, reason="It must have more.")
    category = replace(category, examination=one, absent=(absent,))
    document = replace(document, categories=(category,))
    del maps.means["robbery"][gone]
    content = page(document, made.quality(), made.manifest(), maps, (), WORDS)
    _, compared, counted = content.plain.parts
    assert compared.sentences[0].endswith("1 comparison could not be made: too little data.")
    assert counted.behind[0].rows[-1] == [
        "robbery",
        "Kernel",
        "undefined",
        "undefined",
        "undefined",
        "undefined",
        "2 of 12 cut-offs without",
        "not judged: too little data",
    ]
    (sentence,) = [point for point in compared.parts[0].points if "Kernel is not judged" in point]
    assert "at 2 of 12 cut-offs it had too little data" in sentence
    assert "It must have more." in sentence
    scores = next(one for one in content.sections if one.anchor == "scores")
    (comparison,) = [part for part in scores.parts if part.title.endswith("with PriorCounts")]
    assert comparison.sentences[0] == "Not shown, for too little data: Kernel."
    cells = {row.name: row.cells for row in content.cover.matrix.rows}
    assert cells["Smoothed map"] == (Cell("too little data", "none"),)


def test_a_dozen_forecasters_are_told_apart_and_drawn(made):
    others = tuple(f"Forecaster{number}" for number in range(12))
    document, maps = made.results(categories=("robbery",), others=others, side=5)
    look = looks([one.examination for one in document.categories])
    for mark in ("color", "marker", "linestyle"):
        assert len({style[mark] for style in look.values()}) == 13
    content = page(document, made.quality(), made.manifest(), maps, (), WORDS)
    _, scores, _, calibration, *_ = content.sections
    (places,) = [part for part in scores.parts if part.title == "robbery: incidents captured"]
    charts = (places.figures[0], *calibration.parts[0].figures[:2])
    for chart, _ in charts:
        assert all(name in chart for name in others)
