from dataclasses import replace

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from veedor.errors import TooLittleDataError
from veedor.forecasters import Region, Task
from veedor.forecasters.covariates import Covariates
from veedor.forecasters.poisson_trees import PoissonTrees
from veedor.record import Points
from veedor.spacetime import Length, Periods

START = np.datetime64("2022-01-03T03:00", "us")
DAY = np.timedelta64(1, "D")


def ahead(past, periods=2):
    return Periods.stepping(past.cutoff, past.length, 0, periods, past.record.zone)


def evenly(cells, make_incidents, days, since_day, number):
    """So many incidents, evenly in the days from `since_day` on, one cell after the other."""
    when = START + since_day * DAY
    step = (days - since_day) * 86_400_000_000 // number
    start = when + (np.arange(number) * step + step // 2).astype("timedelta64[us]")
    cell = np.arange(number) % len(cells)
    return Task(
        Points.of(
            make_incidents(start, cells.x_m[cell], cells.y_m[cell]),
            cutoff=START + days * DAY,
            begins=START,
        ),
        "theft",
        cells,
        Length(12, "day"),
    )


@pytest.fixture
def past(grid, recorded):
    def make(weeks=52, covariates=None, cells=None, **options):
        cells = grid(6, 5) if cells is None else cells
        rate = np.exp(np.sin(cells.x_m / 600.0)) * 0.6
        return recorded(0, cells, {"theft": rate}, weeks, covariates=covariates, **options)

    return make


def bars(values):
    values = np.asarray(values, dtype=float)
    return Covariates(("bars",), ("business",), values.reshape(len(values), -1))


def test_six_blocks_with_two_hundred_incidents_are_enough(grid, make_incidents):
    history = evenly(grid(4, 4), make_incidents, 348, 180, 200)
    made = PoissonTrees(trees=5).fit(history)
    assert (made.blocks_, made.incidents_, made.seasonal_) == (6, 200, False)


@pytest.mark.parametrize(
    ("days", "number", "found"),
    [
        (348, 199, "blocks: 6; incidents of theft: 199"),
        (347, 800, "blocks: 5"),
        (24, 800, "blocks: 0"),
    ],
)
def test_with_less_it_says_so(grid, make_incidents, days, number, found):
    history = evenly(grid(4, 4), make_incidents, days, min(180, days - 10), number)
    with pytest.raises(TooLittleDataError, match=found):
        PoissonTrees().fit(history)


def test_incidents_before_the_blocks_do_not_count(grid, make_incidents):
    """Of a long record only the last thirteen blocks are trained on."""
    history = evenly(grid(4, 4), make_incidents, 1200, 0, 600)
    with pytest.raises(TooLittleDataError, match="blocks: 13; incidents of theft: 182"):
        PoissonTrees().fit(history)


def test_the_same_bytes_twice_and_with_any_number_of_threads(past):
    history = past()
    with threadpool_limits(1, user_api="openmp"):
        one = PoissonTrees(trees=30).fit(history).shares(history, ahead(history))
        again = PoissonTrees(trees=30).fit(history).shares(history, ahead(history))
    with threadpool_limits(2, user_api="openmp"):
        two = PoissonTrees(trees=30).fit(history).shares(history, ahead(history))
    assert one.tobytes() == again.tobytes() == two.tobytes()
    other = PoissonTrees(trees=30, random_state=1).fit(history).shares(history, ahead(history))
    assert one.tobytes() != other.tobytes()


def test_permuted_cells_permute_the_shares(past, grid):
    values = np.random.default_rng(1).normal(size=30)
    history = past(covariates=bars(values))
    order = np.random.default_rng(2).permutation(30)
    turned = Task(
        Points.of(history.points.incidents, cutoff=history.cutoff, begins=history.begins),
        "theft",
        history.cells.take(order),
        history.length,
        covariates=bars(values[order]),
    )
    one = PoissonTrees().fit(history).shares(history, ahead(history))
    other = PoissonTrees().fit(turned).shares(turned, ahead(turned))
    np.testing.assert_allclose(other, one[:, order], rtol=1e-6)


@pytest.mark.parametrize("unknown", [slice(0, 10), slice(None)])
def test_unknown_covariates_are_taken(past, unknown):
    values = np.random.default_rng(1).normal(size=(30, 1))
    values[unknown] = np.nan
    history = past(covariates=bars(values))
    shares = PoissonTrees(trees=30).fit(history).shares(history, ahead(history))
    assert np.isfinite(shares).all()
    assert (shares > 0.0).all()
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)


def test_a_covariate_without_any_number_changes_no_more_than_a_constant_one(past):
    unknown, constant = past(covariates=bars([np.nan] * 30)), past(covariates=bars([1.0] * 30))
    one = PoissonTrees(trees=30).fit(unknown).shares(unknown, ahead(unknown))
    other = PoissonTrees(trees=30).fit(constant).shares(constant, ahead(constant))
    np.testing.assert_allclose(one, other, rtol=1e-9)


def test_a_covariate_that_explains_a_pattern_is_used(grid, recorded):
    """Bars stand in one cell of four and triple what is recorded there, sparse as it is."""
    cells = grid(20, 20)
    rng = np.random.default_rng(3)
    has_bars = (rng.random(len(cells)) < 0.25).astype(float)
    rate = 0.02 * np.where(has_bars > 0.0, 6.0, 1.0)
    without = recorded(4, cells, {"theft": rate}, 60)
    with_bars = replace(without, covariates=bars(has_bars))
    truth = rate / rate.sum()

    def distance(history):
        shares = PoissonTrees().fit(history).shares(history, ahead(history))[0]
        return float(truth @ np.log(truth / shares))

    assert distance(with_bars) < 0.8 * distance(without)


def test_the_calendar_enters_once_there_is_a_year_of_blocks(grid, recorded):
    cells = grid(4, 4)
    rates = {"theft": np.full(16, 0.5)}
    shorter = recorded(5, cells, rates, 77, region=Region("AR"))
    longer = recorded(5, cells, rates, 78, region=Region("AR"))
    first, second = (PoissonTrees(trees=10).fit(past) for past in (shorter, longer))
    assert (first.blocks_, first.seasonal_) == (12, False)
    assert (second.blocks_, second.seasonal_) == (13, True)
    assert second.model_.n_features_in_ == first.model_.n_features_in_ + 3


def test_periods_differ_by_their_season_and_only_then(grid, recorded):
    """Two halves of the ground take turns, half a year each."""
    cells = grid(6, 6)
    turn = np.sin(2.0 * np.pi * np.arange(130) / 52.18)[:, None]
    rate = 2.0 * np.exp(np.where(cells.x_m < 1500.0, 1.0, -1.0) * turn)
    for weeks, seasonal in ((130, True), (70, False)):
        history = recorded(6, cells, {"theft": rate[:weeks]}, weeks)
        made = PoissonTrees().fit(history)
        shares = made.shares(history, ahead(history, 30))
        assert made.seasonal_ is seasonal
        np.testing.assert_allclose(shares.sum(axis=1), 1.0)
        assert bool(np.allclose(shares, shares[0])) is not seasonal
