import builtins
from dataclasses import replace

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from veedor.errors import StudyError, TooLittleDataError
from veedor.forecasters import Task
from veedor.forecasters.covariates import Covariates
from veedor.forecasters.poisson_trees import PoissonTrees
from veedor.forecasters.pooled_counts import PooledCounts
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


def test_twelve_fortnights_with_two_hundred_incidents_are_enough(grid, make_incidents):
    """Learned at the last multiple of 28 days: the 364th has thirteen of them."""
    history = evenly(grid(4, 4), make_incidents, 364, 182, 200)
    made = PoissonTrees(trees=5).fit(history)
    assert (made.fortnights_, made.incidents_) == (13, 200)


@pytest.mark.parametrize(
    ("days", "number", "found"),
    [
        (364, 199, "fortnights: 13; incidents of theft in them: 199"),
        (363, 800, "fortnights: 11"),
        (24, 800, "fortnights: 0"),
    ],
)
def test_with_less_it_says_so(grid, make_incidents, days, number, found):
    history = evenly(grid(4, 4), make_incidents, days, min(182, days - 10), number)
    with pytest.raises(TooLittleDataError, match=found):
        PoissonTrees().fit(history)


def test_incidents_before_the_fortnights_do_not_count(grid, make_incidents):
    """Of a long record only the last two years are trained on."""
    history = evenly(grid(4, 4), make_incidents, 2016, 0, 500)
    with pytest.raises(TooLittleDataError, match="fortnights: 52; incidents of theft in them: 18"):
        PoissonTrees().fit(history)


def test_a_record_cut_early_gives_the_shares_of_pooled_counts(grid, recorded):
    cells = grid(6, 5)
    history = recorded(0, cells, {"theft": np.full(30, 0.6), "arson": np.full(30, 0.3)}, 60)
    made = PoissonTrees(trees=5).fit(history)
    early = history.until(history.begins + np.timedelta64(200, "D"))
    periods = ahead(early)
    alone = PooledCounts().fit(early).shares(early, periods)
    np.testing.assert_allclose(made.shares(early, periods), alone, rtol=1e-12)


def test_the_same_bytes_twice_and_with_any_number_of_threads(past):
    history = past()
    with threadpool_limits(1, user_api="openmp"):
        one = PoissonTrees(trees=30).fit(history).shares(history, ahead(history))
        again = PoissonTrees(trees=30).fit(history).shares(history, ahead(history))
    with threadpool_limits(2, user_api="openmp"):
        two = PoissonTrees(trees=30).fit(history).shares(history, ahead(history))
    assert one.tobytes() == again.tobytes() == two.tobytes()
    other = PoissonTrees(trees=30, random_state=2).fit(history).shares(history, ahead(history))
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


def test_without_the_systems_library_it_says_what_to_install(past, monkeypatch):
    """Importing LightGBM loads libgomp, which small systems lack."""

    def missing(name, *rest, **options):
        if name == "lightgbm":
            raise OSError("libgomp.so.1: cannot open shared object file")
        return plain(name, *rest, **options)

    plain = builtins.__import__
    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(StudyError, match="libgomp1") as error:
        PoissonTrees().fit(past(weeks=60))
    assert not isinstance(error.value, TooLittleDataError)
