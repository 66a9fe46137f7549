import numpy as np
import pytest

from veedor.forecasters import Task
from veedor.forecasters.additive import Additive
from veedor.forecasters.features import Training, features_at
from veedor.forecasters.pooled_counts import PooledCounts
from veedor.forecasters.refits import refit_at
from veedor.record import Points
from veedor.spacetime import Periods


def ahead(past):
    return Periods.stepping(past.cutoff, past.length, 0, 2, past.record.zone)


@pytest.mark.parametrize(("weeks", "fortnights"), [(30, 1), (39, 5), (40, 7)])
def test_no_correction_with_fewer_than_six_fortnights(grid, recorded, weeks, fortnights):
    """Learned at the last multiple of 28 days: of 39 weeks, at the 36th."""
    cells = grid(4, 4)
    rng = np.random.default_rng(0)
    rates = {name: rng.gamma(1.0, 1.0, len(cells)) for name in ("theft", "arson")}
    past = recorded(1, cells, rates, weeks)
    made = Additive().fit(past)
    assert made.fortnights_ == fortnights
    assert bool(made.coefficients_) == (fortnights >= 6)
    same = np.allclose(
        made.shares(past, ahead(past)),
        PooledCounts().fit(past).shares(past, ahead(past)),
        rtol=1e-9,
    )
    assert same == (fortnights < 6)


def test_no_correction_where_the_category_recorded_nothing(grid, recorded):
    cells = grid(4, 4)
    rates = {"theft": np.zeros(16), "arson": np.ones(16)}
    past = recorded(2, cells, rates, 40)
    made = Additive().fit(past)
    assert made.coefficients_ == {}
    np.testing.assert_allclose(made.shares(past, ahead(past)).sum(axis=1), 1.0)


def test_every_term_can_be_read_in_the_forecast(grid, recorded):
    cells = grid(4, 4)
    past = recorded(3, cells, {"theft": np.ones(16), "arson": np.ones(16)}, 40)
    made = Additive().fit(past)
    terms = made.predict(ahead(past)).parameters["coefficients_"]
    assert {"theft: 10 days, cell", "arson: 270 days, cell", "busiest point"} <= set(terms)
    shares = made.shares(past, ahead(past))[0]
    features = features_at(past, past.cutoff)
    training = Training.until(past, refit_at(past.record.covered))
    values = np.concatenate([one.values for one in training.features]).astype(float)
    centre, scale = values.mean(axis=0), np.maximum(values.std(axis=0), 1e-9)
    score = sum(
        terms[name] * (features.values[:, number] - centre[number]) / scale[number]
        for number, name in enumerate(features.names)
    )
    by_hand = features.base * np.exp(score)
    np.testing.assert_allclose(shares, by_hand / by_hand.sum(), rtol=1e-5)


def test_it_learns_on_dates_that_do_not_depend_on_the_cutoff(grid, recorded):
    """Between two dates only the features move; what was learned does not."""
    cells = grid(4, 4)
    past = recorded(3, cells, {"theft": np.ones(16), "arson": np.ones(16)}, 50)
    learned = [
        Additive().fit(past.until(past.begins + np.timedelta64(day, "D"))).coefficients_
        for day in (336, 343, 349)
    ]
    assert learned[0] == learned[1]
    assert learned[0] == learned[2]
    assert Additive().fit(past).coefficients_ == learned[0]
    earlier = past.until(past.begins + np.timedelta64(335, "D"))
    assert Additive().fit(earlier).coefficients_ != learned[0]


def test_the_last_periods_are_forecast_by_what_was_learned_before_them(grid, recorded):
    """Shares of the held-back periods, one by one, by a record that ends before each."""
    cells = grid(4, 4)
    past = recorded(3, cells, {"theft": np.ones(16), "arson": np.ones(16)}, 50)
    late = past.periods.part(40, 50)
    rows = Additive().fit(past).shares_ahead(past, late)
    for number, start in enumerate(late.start):
        known = past.until(refit_at(past.record.covered, start))
        apart = Points.of(known.points.incidents, cutoff=known.cutoff, begins=known.begins)
        alone = Task(apart, "theft", cells, past.length)
        by_hand = Additive().fit(alone).shares(alone, late.part(number, number + 1))[0]
        np.testing.assert_allclose(rows[number], by_hand, rtol=1e-9)
