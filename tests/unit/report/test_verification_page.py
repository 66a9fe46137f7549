"""The page on anyone's forecasts: from results to sentences, tables and charts."""

import re
from html import unescape
from pathlib import Path

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from veedor.files.json_file import json_bytes
from veedor.files.replacing import HashedFile
from veedor.report import write_document
from veedor.report.calibration_charts import CalibrationCharts
from veedor.report.examination import captured_shown
from veedor.report.examination_charts import looks
from veedor.report.verification import verification_report
from veedor.report.words import words_in
from veedor.report.words.examination import CONSISTENCY, compatible
from veedor.report.words.terminal import headed
from veedor.study.verification import (
    CellsRead,
    RecordRead,
    Verification,
    VerifiedCategory,
)
from veedor.verification import judged_together

HOSTILE = "<script>alert(1)</script>"
WORDS = words_in("en")


@pytest.fixture(scope="module")
def results(made):
    rng = np.random.default_rng(1)
    rates, weeks = rng.gamma(1.0, 0.7, 25) + 0.05, 16
    observed = rng.poisson(rates, (weeks, 25))
    means = {"PriorCounts": rates, HOSTILE: np.full(25, 3.0 * rates.mean())}
    examined = made.examined(HOSTILE, means, observed)
    (examined,) = judged_together([replace(examined, reference_made=True)])
    record = RecordRead(
        files=(),
        rows=1001,
        kept=1000,
        set_aside={},
        first="2023-01-01T00:00:00-03:00",
        last="2024-06-01T00:00:00-03:00",
        columns_proposed=True,
        columns={"time": HOSTILE},
    )
    return Verification(
        schema_version=3,
        veedor="1",
        seed=0,
        simulations=9,
        time_zone="America/New_York",
        crs="EPSG:32618",
        files=(HashedFile(HOSTILE, "0", 9),),
        record=record,
        cells=CellsRead(count=25, area_km2=6.25, source=HOSTILE),
        categories=(
            VerifiedCategory(examination=examined, periods_not_over=2, no_reference_because=None),
        ),
        category_tests={},
    )


@pytest.fixture(scope="module")
def page(results, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "report.html"
    write_document(verification_report(results, WORDS), path)
    return path.read_text(encoding="utf-8")


def test_what_was_found_stands_first_with_interval_and_denominator(page, results):
    told = unescape(page)
    assert told.index("Worse than plain counting.") < told.index("forecast recorded")
    gain = results.categories[0].examination.comparisons[0].gain.estimate
    assert gain.high < 0
    assert f"forecast recorded {HOSTILE} worse than PriorCounts" in told
    assert "95% interval" in told
    assert f"out of {gain.n} incidents recorded in the cells" in told


def test_what_was_left_out_is_said(page):
    assert "2 periods that the record does not cover" in page
    assert "15 of " in page
    assert "check that they are what they seem" in page


def test_an_incompatible_forecast_is_named_by_what_it_gets_wrong(page):
    assert "is not compatible with the uncertainty" in page
    assert "how many" in page
    assert "Each forecast of each category is tested by itself, at 5%" in page


@pytest.mark.parametrize(("smallest", "named"), [(0.012, True), (0.013, False), (0.04, False)])
def test_the_tests_of_a_forecast_are_judged_together(results, smallest, named):
    one = results.categories[0].examination.forecasters[0]
    tests = {key: replace(one.consistency.space, p_value=0.5) for key in CONSISTENCY}
    number = replace(one.consistency.number, result=tests["number"])
    space = replace(tests["space"], p_value=smallest)
    held = replace(one.consistency, **(tests | {"number": number, "space": space}))
    told = compatible(WORDS, "theft", replace(one, consistency=held))
    assert ("is not compatible" in told) == named
    assert ("as to where (" in told) == named
    assert "at 5% over its 4 tests together (Holm)" in told


@pytest.mark.parametrize(
    ("of_recorded", "p_value", "far"),
    [
        (2.99, 0.001, False), (3.01, 0.001, True), (1 / 2.99, 0.001, False),
        (1 / 3.01, 0.001, True), (3.01, 0.2, False),
    ],
)  # fmt: skip
def test_a_total_far_from_what_was_recorded_asks_whether_these_are_counts(
    results, of_recorded, p_value, far
):
    category = results.categories[0]
    one, recorded = category.examination, category.examination.recorded.inside
    (theirs,) = (each for each in one.forecasters if each.forecaster == HOSTILE)
    weeks = len(theirs.by_period.expected)
    result = replace(theirs.consistency.number.result, p_value=p_value)
    theirs = replace(
        theirs,
        by_period=replace(theirs.by_period, expected=(of_recorded * recorded / weeks,) * weeks),
        consistency=replace(
            theirs.consistency, number=replace(theirs.consistency.number, result=result)
        ),
    )
    made = next(each for each in one.forecasters if each.forecaster == "PriorCounts")
    one = replace(one, forecasters=(made, theirs))
    page = verification_report(
        replace(results, categories=(replace(category, examination=one),)), WORDS
    )
    asked = [said for said in page.plain.sentences if "is read as counts" in said]
    assert len(asked) == far
    assert ("are these counts?" in page.cover.because) == far
    if far:
        assert f"and {recorded} were recorded in the cells" in asked[0]


def test_titles_of_a_second_row_of_panels_stand_below_the_scales_of_the_first(results):
    examined = results.categories[0].examination
    one = examined.forecasters[0]
    five = tuple(replace(one, forecaster=f"F{n}") for n in range(5))
    examined = replace(examined, forecasters=five)
    drawn = CalibrationCharts(WORDS, examined, looks([examined]), "k").reliability()
    baseline = re.compile(r'y="([0-9.]+)"[^>]*>(stated, %|F3)</text>')
    at = {words: float(y) for y, words in reversed(baseline.findall(str(drawn)))}
    assert at["F3"] - at["stated, %"] > 14.0


def test_every_number_of_the_page_comes_from_the_results(results):
    assert b"NaN" not in json_bytes(results)


def test_names_are_text_and_nothing_is_loaded(page):
    assert "<script" not in page
    assert not re.search(r'(src|href)="(?!#|data:)', page)


def test_what_was_captured_is_drawn_once_for_the_category_of_the_cover(results):
    """Drawn on the cover and, under another key, once more below: the same chart twice."""
    first = results.categories[0]
    fewer = replace(
        first.examination,
        category="fewer",
        recorded=replace(first.examination.recorded, inside=1),
    )
    both = replace(results, categories=(*results.categories, replace(first, examination=fewer)))
    page = verification_report(both, WORDS)
    below = [
        shown
        for section in page.sections
        for part in section.parts
        for _, shown in part.figures
        if shown.startswith("Share of recorded incidents of")
    ]
    assert [captured_shown(WORDS, "fewer")] == below
    assert page.cover.picture.notes == (captured_shown(WORDS, first.examination.category),)


def test_the_cover_gives_one_verdict_and_the_terminal_the_table_of_gains(results):
    page = verification_report(results, WORDS)
    assert page.cover.finding == "Worse than plain counting."
    assert (len(page.cover.matrix.rows), len(page.cover.proof.counts)) == (1, 3)
    assert all(section.folded for section in page.sections)
    told = headed(WORDS, page, Path("report.html"))
    assert page.cover.finding in told.headline[0].sentences
    assert not any(section.tables for section in told.headline)
    (gains,) = told.details[-1].tables
    assert len(gains.rows) == len(results.categories[0].examination.forecasters)


def renamed(value):
    """The same results, with another forecaster's name for PriorCounts."""
    if isinstance(value, msgspec.Struct):
        return replace(
            value, **{name: renamed(getattr(value, name)) for name in value.__struct_fields__}
        )
    if isinstance(value, dict):
        return {renamed(key): renamed(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(renamed, value))
    return "Vendor2" if isinstance(value, str) and value == "PriorCounts" else value


def test_a_reference_that_is_not_plain_counting_is_called_by_its_name(results):
    cover = verification_report(renamed(results), WORDS).cover
    text = str(cover).lower()
    assert cover.finding == "Worse than Vendor2."
    assert "plain counting" not in text


def test_the_reasons_of_rows_set_aside_are_said_in_the_language(results):
    record = replace(results.record, set_aside={"category not in the study": 7})
    page = verification_report(replace(results, record=record), words_in("es"))
    said = [
        cell for part in page.sections for one in part.tables for row in one.rows for cell in row
    ]
    assert "categoría que no está en el estudio" in said
