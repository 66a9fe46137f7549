"""How often a page across studies says better or worse where nothing is, and how much it finds."""

import numpy as np
import pytest

from veedor.statistics import BlockBootstrap
from veedor.statistics.codes import Denominator
from veedor.study.across import AcrossCategory, AcrossStudy, StudyComparison, judged_across
from veedor.verification import ImpliedGain, judge

STUDIES, CATEGORIES, FORECASTERS, WEEKS = 8, 2, ("PastMean", "Kernel"), 26
INCIDENTS = Denominator("incidents_in_cells")
NOTHING = ImpliedGain(*np.zeros((5, WEEKS)))


def folder(rng, true, shared):
    """Judge studies whose gains a week share a part: of all studies, and of a category's makers.

    Parameters
    ----------
    rng : Generator
    true : array, shape (studies,)
        Expected gain of every forecaster of each study.
    shared : float
        Share of the variance that all studies have in common: what weeks do to all of them.
    """
    common = rng.normal(0.0, 1.0, WEEKS)
    studies = []
    for number in range(STUDIES):
        bootstrap = BlockBootstrap(np.arange(WEEKS), rng, replicates=300)
        categories = []
        for category in range(CATEGORIES):
            of_makers = rng.normal(0.0, 1.0, WEEKS)
            rows = []
            for name in FORECASTERS:
                own = rng.normal(0.0, 1.0, WEEKS)
                rest = np.sqrt((1.0 - shared) / 2.0)
                gain = true[number] + np.sqrt(shared) * common + rest * (of_makers + own)
                found = judge(bootstrap, gain, np.ones(WEEKS), NOTHING, of=INCIDENTS)
                rows.append(StudyComparison(forecaster=name, kind=name, gain=found))
            categories.append(
                AcrossCategory(
                    category=f"c{category}", recorded=1, comparisons=tuple(rows), absent=()
                )
            )
        studies.append(
            AcrossStudy(
                study=f"s{number}", title="", reference="PriorCounts", cells=1, periods=WEEKS,
                start="2024-01-01", end="2024-07-01", categories=tuple(categories),
            )
        )  # fmt: skip
    return judged_across(studies, {})


@pytest.mark.parametrize("shared", [0.0, 0.6])
def test_no_verdict_at_all_in_95_of_100_folders_where_nothing_is(shared):
    """32 comparisons a folder: by themselves a wrong one in most folders, together in 5%.

    By themselves: by intervals of weeks as if these were independent.
    """
    rng = np.random.default_rng(8)
    told = alone = 0
    for _ in range(120):
        across = folder(rng, np.zeros(STUDIES), shared)
        assert across.comparisons == STUDIES * CATEGORIES * len(FORECASTERS)
        told += any(one.better or one.worse for one in across.forecasters)
        each = [row.gain.of_independent_weeks for _, _, row in across.rows()]
        alone += any(one.low > 0.0 or one.high < 0.0 for one in each)
    assert alone / 120 > 0.4
    assert told / 120 < 0.05 + 2.5 * np.sqrt(0.05 * 0.95 / 120)


def test_the_number_of_studies_is_a_least_number_that_is_rarely_too_large():
    rng = np.random.default_rng(9)
    true = np.repeat([1.4, 0.0], [4, STUDIES - 4])
    most, found = 0, []
    for _ in range(60):
        across = folder(rng, true, 0.3)
        most += any(one.better > 4 for one in across.forecasters)
        found.append(np.mean([one.better for one in across.forecasters]))
    assert most / 60 <= 0.05 + 2.5 * np.sqrt(0.05 * 0.95 / 60)
    assert np.mean(found) > 3.0
