import numpy as np
import pytest

from veedor.forecasters.weights import mixture_weights


def test_all_weight_goes_to_the_member_that_is_right():
    rng = np.random.default_rng(0)
    truth = rng.dirichlet(np.ones(50))
    wrong = rng.dirichlet(np.ones(50), 2)
    seen = rng.multinomial(20_000, truth).astype(float)
    weights = mixture_weights(np.vstack([wrong[0], truth, wrong[1]]), seen, 1.0)
    assert weights[1] > 0.97


def test_a_true_mixture_comes_back():
    rng = np.random.default_rng(1)
    members = rng.dirichlet(np.full(200, 0.3), 3) + 1e-6
    seen = rng.multinomial(50_000, np.average(members, axis=0, weights=[0.5, 0.3, 0.2]) / 1.0002)
    weights = mixture_weights(members, seen.astype(float), 1.0)
    np.testing.assert_allclose(weights, [0.5, 0.3, 0.2], atol=0.02)


def test_weights_are_equal_where_nothing_happened_or_all_say_the_same():
    probability = np.array([[0.2, 0.8], [0.5, 0.5], [0.9, 0.1]])
    np.testing.assert_allclose(mixture_weights(probability, np.zeros(2), 1.0), 1 / 3)
    np.testing.assert_allclose(mixture_weights(np.empty((4, 0)), np.zeros(0), 1.0), 1 / 4)
    alike = np.tile([0.3, 0.7], (3, 1))
    np.testing.assert_allclose(mixture_weights(alike, np.array([5.0, 9.0]), 1.0), 1 / 3)


def test_one_member_has_all():
    assert mixture_weights(np.array([[0.1, 0.2]]), np.array([3.0, 4.0]), 1.0).tolist() == [1.0]


def test_by_hand():
    """Two members, one incident seen k times: k (p1 - p2) / (w p1 + (1 - w) p2) balances the pull.

    With p = (1, 0.5), k = 3 and a pull of 1: 3 x 0.5 / (0.5 + 0.5 w) + 1 / w - 1 / (1 - w) = 0, so
    5 w^2 - 2 w - 1 = 0 and w = (1 + sqrt 6) / 5.
    """
    weights = mixture_weights(np.array([[1.0], [0.5]]), np.array([3.0]), 1.0)
    assert weights[0] == pytest.approx((1.0 + np.sqrt(6.0)) / 5.0, abs=1e-6)


def test_a_pull_keeps_every_member_above_zero():
    weights = mixture_weights(np.array([[1.0], [1e-12]]), np.array([1e6]), 1.0)
    assert weights[1] == pytest.approx(1e-6, rel=0.01)
