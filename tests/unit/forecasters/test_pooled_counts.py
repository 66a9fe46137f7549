from dataclasses import replace

import numpy as np
import pytest

from veedor.errors import DiscoveredCategoryRefusal
from veedor.forecasters.additive import Additive
from veedor.forecasters.poisson_trees import PoissonTrees
from veedor.forecasters.pooled_counts import PooledCounts
from veedor.forecasters.pooled_prior import PooledPriors
from veedor.forecasters.prior_counts import PriorCounts
from veedor.incidents import Category
from veedor.spacetime import KernelSmoother, Length, Periods


def with_incidents(past, incidents):
    return replace(past, record=replace(past.record, whole=incidents))


def ahead(past, periods=2):
    return Periods.stepping(past.cutoff, past.length, 0, periods, past.record.zone)


@pytest.fixture
def rates(grid):
    cells = grid(8, 7)
    rng = np.random.default_rng(1)
    return cells, {name: 0.1 * rng.gamma(1.0, 1.0, len(cells)) for name in ("theft", "arson")}


def same_forecast(one, other, past):
    first, second = (maker.fit(past).predict(ahead(past)).distribution for maker in (one, other))
    return (
        first.mean.tobytes() == second.mean.tobytes()
        and first.dispersion.tobytes() == second.dispersion.tobytes()
    )


def test_with_one_category_it_is_prior_counts(rates, recorded):
    cells, rate = rates
    past = recorded(2, cells, {"theft": rate["theft"]}, 30)
    assert same_forecast(PooledCounts(), PriorCounts(), past)


def test_discovered_categories_do_not_enter(rates, recorded):
    cells, rate = rates
    past = recorded(2, cells, rate, 30)
    assert not same_forecast(PooledCounts(), PriorCounts(), past)
    drugs = (Category("theft", "reported"), Category("arson", "discovered"))
    past = with_incidents(past, replace(past.points.incidents, categories=drugs))
    assert same_forecast(PooledCounts(), PriorCounts(), past)


@pytest.mark.parametrize("kind", [PooledCounts, Additive, PoissonTrees])
def test_a_discovered_category_is_not_forecast(rates, recorded, kind):
    cells, rate = rates
    past = recorded(2, cells, rate, 30)
    drugs = (Category("theft", "reported"), Category("drugs", "discovered"))
    past = replace(
        with_incidents(past, replace(past.points.incidents, categories=drugs)), category="drugs"
    )
    with pytest.raises(DiscoveredCategoryRefusal):
        kind().fit(past)


def test_a_category_without_incidents_follows_the_others_and_adds_none(rates, recorded):
    cells, rate = rates
    past = recorded(3, cells, rate | {"none": np.zeros(len(cells))}, 30)
    quiet = replace(past, category="none")
    shares = PooledCounts().fit(quiet).shares(quiet, ahead(quiet))
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    assert (shares > 0.0).all()

    with_none = PooledCounts().fit(past).shares(past, ahead(past))[0]
    incidents = past.points.incidents.take(np.arange(len(past.points.incidents)))
    without = with_incidents(past, replace(incidents, categories=incidents.categories[:2]))
    apart = PooledCounts().fit(without).shares(without, ahead(without))[0]
    np.testing.assert_allclose(with_none, apart, rtol=0.15)


def test_a_record_without_any_incident_gives_shares_by_ground(grid, recorded):
    cells = grid(4, 3)
    nothing = {"theft": np.zeros(len(cells)), "arson": np.zeros(len(cells))}
    past = recorded(4, cells, nothing, 30)
    shares = PooledCounts().fit(past).shares(past, ahead(past))
    np.testing.assert_allclose(shares, 1.0 / len(cells), rtol=0.02)


def test_the_order_of_the_categories_does_not_matter(rates):
    cells, rate = rates
    amounts = np.random.default_rng(5).poisson(40.0 * np.stack([*rate.values()])).astype(float)
    amounts = np.vstack([amounts, amounts[::-1].sum(axis=0)])
    smoother = KernelSmoother(cells)
    first = PooledPriors.fit(amounts, smoother).shares(amounts, smoother)
    turned = amounts[[2, 1, 0]]
    second = PooledPriors.fit(turned, smoother).shares(turned, smoother)
    np.testing.assert_allclose(first[[2, 1, 0]], second, rtol=1e-5)


def test_what_it_says_about_its_fit(rates, recorded):
    cells, rate = rates
    past = recorded(6, cells, rate, 30, length=Length(2, "week"))
    parameters = PooledCounts().fit(past).predict(ahead(past)).parameters
    assert parameters["converged_"] is True
    assert parameters["strength_"] > 0.0
    assert np.isfinite(parameters["weight_of_others_"])
