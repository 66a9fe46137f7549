"""A forecast that hides rare losses, and one that is the reference's own, from scores to page."""

from html import unescape

import numpy as np
import pytest
from shapely import box

from veedor.forecasts import CountDistribution
from veedor.report.examination_tables import ExaminationTables
from veedor.report.verification import _found
from veedor.report.words import words_in
from veedor.spacetime import Cells, SquareLattice, StudyArea
from veedor.study.verification import VerifiedCategory
from veedor.verification import ForecastSeries, Trial, examine, judged_together
from veedor.verification.judging import BETTER, SAME

WEEKS = 16


def stated(mean, dispersion=0.1):
    one = CountDistribution(np.tile(mean, (WEEKS, 1)), dispersion)
    return ForecastSeries(one, CountDistribution(one.mean.sum(axis=1), 0.02), True)


@pytest.fixture(scope="module")
def category():
    area = StudyArea(box(0.0, 7e6, 5000.0, 7e6 + 5000.0), "EPSG:32721", "made up")
    cells = Cells.on_lattice(area, SquareLattice(500.0))
    rare = np.arange(len(cells)) % 2 == 1
    means = np.where(rare, 0.001, 1.0)
    cut = np.where(rare, means / 20.0, means)
    observed = np.random.default_rng(2).poisson(means, (WEEKS, len(cells)))
    observed[:, rare] = 0  # as in half of such records
    start = np.datetime64("2024-01-01T03:00", "us") + np.arange(WEEKS) * np.timedelta64(7, "D")
    trial = Trial(
        category="theft",
        cells=cells,
        start=start,
        end=start + np.timedelta64(7, "D"),
        lead_time=np.ones(WEEKS, dtype=np.int64),
        time_zone="America/Argentina/Buenos_Aires",
        observed=observed,
        unlocated=np.zeros(WEEKS, dtype=np.int64),
        outside=np.zeros(WEEKS, dtype=np.int64),
        forecasts={
            "PriorCounts": stated(means),
            "Hides": stated(cut * means.sum() / cut.sum()),
            "Copies": stated(means),
        },
        reference="PriorCounts",
        reference_made=True,
        zones=(("east", "west"), (np.arange(len(cells)) % 10 < 5).astype(np.int64)),
    )
    return judged_together([examine(trial)])[0]


def test_weeks_alone_would_call_it_better_and_nothing_does(category):
    hides, _ = category.comparisons
    assert hides.gain.weeks_low > 0.0  # what was said before
    assert hides.gain.verdict != BETTER
    assert hides.gain_at_same_totals.verdict != BETTER
    assert hides.gain.estimate.low < 0.0
    assert hides.paired.gain.low is None or hides.paired.gain.low < 0.0
    for test in (hides.paired.t_test, hides.paired.w_test, *hides.diebold_mariano.values()):
        if (test.statistic or -1.0) > 0.0:
            assert test.p_value > 0.05, test.test
    assert hides.e_process.better.rejected_at() is None
    for found in category.best.values():
        assert "PriorCounts" in found.members
        assert "Copies" not in found.p_values
    for gains in (hides.skill.lead_time, hides.skill.month, hides.skill.zone):
        lows = [gain.low for gain in gains.values() if gain.low is not None]
        assert lows
        assert max(lows) < 0.0


def test_a_copy_of_the_reference_is_merged_with_it(category):
    hides, copies = category.comparisons
    assert copies.gain.verdict == copies.gain_at_same_totals.verdict == SAME
    assert hides.gain.comparisons == 1


def test_the_page_says_what_could_have_been_shown(category):
    words = words_in("en")
    shown = VerifiedCategory(examination=category, periods_not_over=0, no_reference_because=None)
    told = unescape(" ".join(_found(words, shown)))
    assert "Hides was not shown to be better than PriorCounts on recorded theft" in told
    assert "The smallest gain that could have been shown here is about" in told
    assert "Copies made the same forecast of theft as PriorCounts" in told
    assert "forecast recorded theft better than" not in told
    tables = ExaminationTables(words, category)
    rows = [row[1] for row in tables.comparison().rows]
    assert "— smallest gain that could have been shown" in rows
    assert len(tables.where()) == 3


def test_the_gain_of_places_alone_is_not_moved_by_dispersion_or_totals():
    rng = np.random.default_rng(3)
    means = rng.gamma(1.0, 0.5, 40) + 0.01
    observed = rng.poisson(means, (WEEKS, 40))
    reference = stated(means)
    for other in (stated(means, 2.0), stated(1.7 * means)):
        assert other.gain_of_places(reference, observed) == pytest.approx(0.0, abs=1e-9)
        assert other.same_places_as(reference)
        assert not other.same_as(reference)
    tilted = means * np.linspace(0.5, 1.5, 40)
    one, two = (stated(tilted * k, a) for k, a in ((1.0, 0.1), (3.0, 0.9)))
    gains = [each.gain_of_places(reference, observed) for each in (one, two)]
    assert gains[0] == pytest.approx(gains[1])
