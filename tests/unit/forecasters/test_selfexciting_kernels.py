"""Kernels of lag and distance: masses, derivatives, and what is cut off."""

import numpy as np
import pytest

from veedor.forecasters.selfexciting import Kernels, branching_ratio, ring_edges

EDGES = ring_edges(500.0, 100.0)


@pytest.mark.parametrize(("time", "space"), [("exponential", "gaussian"), ("power", "power")])
def test_masses_sum_to_one_and_derivatives_are_those_of_differences(time, space):
    kernels = Kernels(time, space, 60, EDGES)
    at = kernels.start
    assert kernels.lags(at).sum() == pytest.approx(1.0)
    assert kernels.rings(at).sum() == pytest.approx(1.0)
    of_lags, of_rings = kernels.derivatives(at)
    for k in range(len(at)):
        step = np.zeros(len(at))
        step[k] = 1e-6
        up, down = at + step, at - step
        lags = (np.log(kernels.lags(up)) - np.log(kernels.lags(down))) / 2e-6
        rings = (np.log(kernels.rings(up)) - np.log(kernels.rings(down))) / 2e-6
        np.testing.assert_allclose(of_lags[k], lags, rtol=1e-4, atol=1e-6)
        np.testing.assert_allclose(of_rings[k], rings, rtol=1e-4, atol=1e-6)


def test_exponential_lags_are_those_of_simulated_days():
    rng = np.random.default_rng(0)
    parent = rng.uniform(0.0, 1.0, 400_000)
    lag = np.floor(parent + rng.exponential(3.0, len(parent))).astype(int)
    kernels = Kernels("exponential", "gaussian", 40, EDGES)
    at = np.log([3.0, 80.0])
    assert kernels.same_day(at) == pytest.approx(np.mean(lag == 0), abs=0.003)
    share = np.bincount(lag[(lag >= 1) & (lag <= 40)], minlength=41)[1:]
    np.testing.assert_allclose(kernels.lags(at), share / share.sum(), atol=0.003)
    assert kernels.beyond(at)[0] == pytest.approx(np.mean(lag > 40), abs=0.003)


def test_power_lags_are_those_of_simulated_days():
    rng = np.random.default_rng(1)
    parent = rng.uniform(0.0, 1.0, 400_000)
    p, c = 1.7, 2.0
    delay = c * (rng.uniform(0.0, 1.0, len(parent)) ** (-1.0 / (p - 1.0)) - 1.0)
    lag = np.floor(parent + np.minimum(delay, 1e6)).astype(int)
    kernels = Kernels("power", "power", 40, EDGES)
    at = np.log([c, p - 1.0, 150.0, 1.5])
    assert kernels.same_day(at) == pytest.approx(np.mean(lag == 0), abs=0.003)
    share = np.bincount(lag[(lag >= 1) & (lag <= 40)], minlength=41)[1:]
    np.testing.assert_allclose(kernels.lags(at), share / share.sum(), atol=0.003)
    assert kernels.beyond(at)[0] == pytest.approx(np.mean(lag > 40), abs=0.004)


def test_rings_and_what_lies_beyond_by_hand():
    kernels = Kernels("exponential", "gaussian", 60, np.array([0.0, 100.0, 200.0]))
    inside = np.array([1.0 - np.exp(-0.5), np.exp(-0.5) - np.exp(-2.0)])
    at = np.log([5.0, 100.0])
    np.testing.assert_allclose(kernels.rings(at), inside / inside.sum())
    assert kernels.beyond(at)[1] == pytest.approx(np.exp(-2.0))


def test_an_exponent_of_two_is_the_limit_from_both_sides():
    kernels = Kernels("power", "gaussian", 30, EDGES)
    middle = kernels.lags(np.log([3.0, 1.0, 80.0]))
    np.testing.assert_allclose(kernels.lags(np.log([3.0, 1.0 + 1e-6, 80.0])), middle, rtol=1e-4)


def test_the_branching_ratio_takes_in_the_day_of_the_incident():
    assert branching_ratio(0.3, 0.0) == pytest.approx(0.3)
    n, h0 = 0.4, 0.25
    kappa = n * (1 - h0) / (1 - n * h0)
    assert branching_ratio(kappa, h0) == pytest.approx(n)


def test_the_scale_of_distance_is_bounded_by_the_resolution():
    low, _ = Kernels("exponential", "gaussian", 60, EDGES).bounds
    assert np.exp(low[1]) == pytest.approx(50.0)
