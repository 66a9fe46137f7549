"""A record need not be made of single incidents: what it must answer is `Record`, and no more."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from veedor.errors import TooLittleDataError
from veedor.forecasters import Stack, make_forecaster
from veedor.record import Memo, Points, Record
from veedor.spacetime import Periods


@dataclass(frozen=True, eq=False)
class CountsOnly:
    """Says of points what can be counted, and nothing of any one of them."""

    _points: Points
    memo: Memo = field(default_factory=Memo)

    @property
    def categories(self):
        return self._points.categories

    @property
    def zone(self):
        return self._points.zone

    @property
    def covered(self):
        return self._points.covered

    @property
    def grain(self):
        return self._points.grain

    def until(self, cutoff):
        return CountsOnly(self._points.until(cutoff), self.memo)

    def since(self, begins):
        return CountsOnly(self._points.since(begins), self.memo)

    def counts(self, category, periods, cells):
        return self._points.counts(category, periods, cells)

    def totals(self, category, periods, cells):
        return self._points.totals(category, periods, cells)

    def completeness(self, category, periods):
        return self._points.completeness(category, periods)


@pytest.fixture
def both(grid, recorded):
    rate = np.random.default_rng(0).gamma(1.0, 1.0, 20)
    of_points = recorded(1, grid(5, 4), {"theft": rate, "arson": rate[::-1]}, 60, delay_days=3.0)
    record: Record = CountsOnly(recorded_again(of_points))
    return of_points, replace(of_points, record=record)


def recorded_again(task):
    return replace(task.record)


def forecast(forecaster, task):
    ahead = Periods.stepping(task.cutoff, task.length, 0, 2, task.record.zone)
    return forecaster.fit(task).predict(ahead)


@pytest.mark.parametrize(
    "name",
    [
        "PriorCounts",
        "Recency",
        "Kernel",
        "SmoothField",
        "PastMean",
        "RecentMean",
        "ShrunkenMean",
        "SeasonalNaive",
    ],
)
def test_who_only_counts_forecasts_the_same_from_counts(both, name):
    one, other = (forecast(make_forecaster(name), task) for task in both)
    assert one.mean.tobytes() == other.mean.tobytes()
    assert one.distribution.dispersion.tobytes() == other.distribution.dispersion.tobytes()


@pytest.mark.parametrize(
    "name", ["PooledCounts", "Additive", "PoissonTrees", "NearRepeat", "SelfExciting"]
)
def test_who_looks_at_single_incidents_says_that_there_are_none(both, name):
    with pytest.raises(TooLittleDataError, match=f"{name} looks at single incidents"):
        forecast(make_forecaster(name), both[1])


def test_a_stack_goes_on_without_those(both):
    made = forecast(Stack(("PriorCounts", "NearRepeat", "Recency")), both[1])
    assert list(made.parameters["weights_"]) == ["PriorCounts", "Recency"]
    assert list(made.parameters["members_absent_"]) == ["NearRepeat"]
