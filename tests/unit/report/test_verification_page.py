"""The page on anyone's forecasts: from results to sentences, tables and charts."""

import json
import re
from html import unescape

import numpy as np
import pytest

from veedor.forecasts import CountDistribution
from veedor.report import write_document
from veedor.report.verification import _compatible, verification_report
from veedor.report.verification_charts import reliability
from veedor.report.verification_tables import TESTS
from veedor.study.stated import Stated
from veedor.study.verdicts import tell
from veedor.study.verification.examination import examine
from veedor.study.verification.ground import Ground
from veedor.verification import SCORES

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def results():
    rng = np.random.default_rng(1)
    from shapely import box

    from veedor.spacetime import Cells, SquareLattice, StudyArea

    area = StudyArea(box(0.0, 7e6, 2500.0, 7e6 + 2000.0), "EPSG:32721", "made up")
    cells = Cells.on_lattice(area, SquareLattice(500.0))
    rates, weeks = rng.gamma(1.0, 0.7, len(cells)) + 0.05, 16
    observed = rng.poisson(rates, (weeks, len(cells)))

    def stated(mean):
        one = CountDistribution(np.tile(mean, (weeks, 1)), 0.1)
        return Stated(one, CountDistribution(one.mean.sum(axis=1), 0.05), True)

    start = np.datetime64("2024-01-01T03:00", "us") + np.arange(weeks) * np.timedelta64(7, "D")
    ground = Ground(
        category=HOSTILE,
        cells=cells,
        start=start,
        end=start + np.timedelta64(7, "D"),
        lead_time=np.ones(weeks, dtype=np.int64),
        time_zone="America/Argentina/Buenos_Aires",
        observed=observed,
        unlocated=np.zeros(weeks, dtype=np.int64),
        outside=np.ones(weeks, dtype=np.int64),
        stated={
            "PriorCounts": stated(rates),
            HOSTILE: stated(np.full(len(cells), 3.0 * rates.mean())),
        },
        reference="PriorCounts",
        reference_made=True,
        zones=None,
    )
    examined = examine(ground, 0)
    for key in ("gain", "gain_at_same_totals"):
        tell([(row, key) for row in examined["comparisons"]])
    category = examined | {"periods_not_over": 2, "no_reference_because": None}
    return {
        "veedor": "1",
        "seed": 0,
        "time_zone": ground.time_zone,
        "record": {
            "kept": 1000,
            "rows": 1001,
            "first": "2023-01-01T00:00:00-03:00",
            "last": "2024-06-01T00:00:00-03:00",
            "columns_proposed": True,
            "columns": {"time": HOSTILE},
        },
        "files": [{"name": HOSTILE, "sha256": "0"}],
        "cells": {"count": len(cells), "area_km2": 5.0, "source": HOSTILE},
        "score_definitions": {name: known.to_dict() for name, known in SCORES.items()},
        "categories": [category],
        "category_tests": [],
    }


@pytest.fixture(scope="module")
def page(results, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "report.html"
    write_document(verification_report(results), path)
    return path.read_text(encoding="utf-8")


def test_what_was_found_stands_first_with_interval_and_denominator(page, results):
    told = unescape(page[: page.index("What must not be concluded")])
    gain = results["categories"][0]["comparisons"][0]["gain"]
    assert gain["high"] < 0
    assert "explained what was recorded worse than PriorCounts" in told
    assert "95% interval" in told
    assert f"out of {gain['n']} incidents recorded in the cells" in told


def test_what_was_left_out_is_said(page):
    assert "2 periods that the record does not cover" in page
    assert "16 of " in page
    assert "check that they are what they seem" in page


def test_an_incompatible_forecast_is_named_by_what_it_gets_wrong(page):
    assert "is not compatible with the uncertainty" in page
    assert "how many" in page


@pytest.mark.parametrize(("smallest", "named"), [(0.012, True), (0.013, False), (0.04, False)])
def test_the_tests_of_a_forecast_are_judged_together(smallest, named):
    tests = {key: {"p_value": 0.5} for key in TESTS} | {"space": {"p_value": smallest}}
    told = _compatible("theft", {"forecaster": "theirs", "consistency": tests})
    assert ("is not compatible" in told) == named
    assert ("as to where (" in told) == named
    assert "at 5% over its 4 tests together (Holm)" in told


def test_titles_of_a_second_row_of_panels_stand_below_the_scales_of_the_first(results):
    one = results["categories"][0]["forecasters"][0]
    category = {"forecasters": [one | {"forecaster": f"F{n}"} for n in range(5)]}
    look = {f"F{n}": {"color": "#000000"} for n in range(5)}
    drawn = reliability(category, look, "k")
    baseline = re.compile(r'y="([0-9.]+)"[^>]*>(stated, %|F3)</text>')
    at = {words: float(y) for y, words in reversed(baseline.findall(str(drawn)))}
    assert at["F3"] - at["stated, %"] > 14.0


def test_every_number_of_the_page_comes_from_the_results(results):
    json.dumps(results, allow_nan=False)


def test_names_are_text_and_nothing_is_loaded(page):
    assert "<script" not in page
    assert not re.search(r'(src|href)="(?!#|data:)', page)
