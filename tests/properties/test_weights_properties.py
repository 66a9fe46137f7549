"""Weights of a stack lie on the simplex and no mixture scores better."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from veedor.forecasters.weights import mixture_weights


@st.composite
def tables(draw):
    members, number = draw(st.integers(1, 6)), draw(st.integers(0, 12))
    logs = draw(arrays(float, (members, number), elements=st.floats(-25.0, 0.0)))
    times = draw(arrays(float, number, elements=st.integers(0, 2000).map(float)))
    other = draw(arrays(float, members, elements=st.floats(0.01, 1.0)))
    return np.exp(logs), times, other / other.sum()


def objective(weights, probability, times, pull):
    return times @ np.log(weights @ probability) + pull * np.log(weights).sum()


@given(tables(), st.sampled_from([0.5, 1.0, 20.0]))
def test_on_the_simplex_and_best(table, pull):
    probability, times, other = table
    weights = mixture_weights(probability, times, pull)
    assert (weights > 0.0).all()
    assert abs(weights.sum() - 1.0) < 1e-9
    best = objective(weights, probability, times, pull)
    slack = 1e-7 * max(1.0, abs(best))
    assert best >= objective(other, probability, times, pull) - slack
    equal = np.full(len(weights), 1.0 / len(weights))
    assert best >= objective(equal, probability, times, pull) - slack


@given(tables())
def test_turned_members_turn_the_weights(table):
    probability, times, _ = table
    turned = mixture_weights(probability[::-1], times, 1.0)[::-1]
    np.testing.assert_allclose(turned, mixture_weights(probability, times, 1.0), atol=1e-4)
