import numpy as np
import pytest

from veedor.forecasters.additive import Additive
from veedor.forecasters.pooled_counts import PooledCounts
from veedor.spacetime import Periods


def ahead(past):
    return Periods.stepping(past.cutoff, past.length, 0, 2, past.record.zone)


@pytest.mark.parametrize(("weeks", "blocks"), [(30, 1), (37, 2), (38, 3)])
def test_no_correction_with_fewer_than_three_blocks(grid, recorded, weeks, blocks):
    cells = grid(4, 4)
    rng = np.random.default_rng(0)
    rates = {name: rng.gamma(1.0, 1.0, len(cells)) for name in ("theft", "arson")}
    past = recorded(1, cells, rates, weeks)
    made = Additive().fit(past)
    assert made.blocks_ == blocks
    assert bool(made.coefficients_) == (blocks >= 3)
    same = np.allclose(
        made.shares(past, ahead(past)),
        PooledCounts().fit(past).shares(past, ahead(past)),
        rtol=1e-9,
    )
    assert same == (blocks < 3)


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
    assert {"theft: 21 days, cell", "arson: 182 days, surroundings", "area"} <= set(terms)
    shares = made.shares(past, ahead(past))[0]
    features = made.builder_.now(past)
    score = sum(
        terms[name] * (features.values[:, number] - made.centre_[number]) / made.scale_[number]
        for number, name in enumerate(features.names)
    )
    by_hand = features.base * np.exp(score)
    np.testing.assert_allclose(shares, by_hand / by_hand.sum(), rtol=1e-10)
