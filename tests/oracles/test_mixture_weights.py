"""Weights of a stack against the EM algorithm for mixing proportions."""

import numpy as np
import pytest

from veedor.forecasters.weights import mixture_weights


def em(probability, times, pull):
    """Dirichlet posterior mode of the proportions, one slow step after another."""
    members = len(probability)
    weights = np.full(members, 1.0 / members)
    for _ in range(20_000):
        responsible = weights * (probability @ (times / (weights @ probability)))
        new = (responsible + pull) / (times.sum() + members * pull)
        if np.abs(new - weights).max() < 1e-13:
            break
        weights = new
    return weights


@pytest.mark.parametrize("pull", [0.5, 1.0, 30.0])
@pytest.mark.parametrize(("members", "number"), [(2, 5), (4, 300), (9, 1000)])
def test_newton_is_em(members, number, pull):
    rng = np.random.default_rng(members)
    probability = rng.gamma(2.0, 1.0, (members, number))
    times = rng.integers(0, 4, number).astype(float)
    np.testing.assert_allclose(
        mixture_weights(probability, times, pull), em(probability, times, pull), atol=2e-6
    )
