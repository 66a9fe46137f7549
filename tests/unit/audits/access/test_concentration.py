import numpy as np
import pytest
from tests.made_logs import by_name, every, ground, made_log

from veedor.audits.access.concentration import concentration, curve, ginis, studentised, tops
from veedor.statistics.inequality import gini, gini_of_kinds


def log_of(counts):
    """Each user looks up so many times, one after another."""
    users = [f"user-{n:03}" for n, many in enumerate(counts) for _ in range(many)]
    return made_log(every(1, len(users)), user=users)


def test_gini_and_top_share_are_of_users_who_look():
    counts = [1] * 15 + [50] * 10
    held = ground(log_of(counts))
    found = by_name(concentration(held, np.random.default_rng(1)))
    assert found["gini_users"].estimate.value == pytest.approx(float(gini(counts)))
    top = found["top_share"].estimate
    assert top.value == pytest.approx(500 / 515) and top.low < top.value <= top.high <= 1.0
    # With 19 users the top ten leave nine others.
    assert "top_share" not in by_name(
        concentration(ground(log_of([3] * 19)), np.random.default_rng(1))
    )
    assert concentration(ground(log_of([3] * 9)), np.random.default_rng(1)) == []


def test_gini_of_kinds_is_that_of_all_values():
    rng = np.random.default_rng(5)
    values = np.sort(rng.choice(100, 7, replace=False)).astype(float)
    many = rng.integers(0, 5, (4, 7))
    for row, got in zip(many, gini_of_kinds(values, many), strict=True):
        assert got == pytest.approx(float(gini(np.repeat(values, row))), abs=1e-12)


def test_points_of_the_curve_are_k_users_apart():
    points = curve(ground(log_of([1] * 20 + [9] * 25)))
    assert [round(one.users * 45) for one in points] == [0, 11, 22, 34, 45]
    assert points[1].lookups == pytest.approx(11 / 245)
    assert curve(ground(log_of([4] * 19))) == []


def test_users_who_look_alike_often_have_no_interval():
    told = by_name(concentration(ground(log_of([4] * 25)), np.random.default_rng(0)))
    gini_users = told["gini_users"].estimate
    assert gini_users.value == 0.0 and gini_users.low is None
    assert gini_users.method.code == "none_users_alike"


def without_each(counts, measure):
    return [measure(np.delete(counts, place)) for place in range(len(counts))]


@pytest.mark.parametrize("seed", range(3))
def test_shares_without_each_user_are_those_of_the_others(seed):
    rng = np.random.default_rng(seed)
    counts = np.sort(rng.integers(1, 9, 30))
    values, many = np.unique(counts, return_counts=True)
    place = np.searchsorted(values, counts)
    plain = {
        ginis: lambda some: float(gini(some)) * len(some) / (len(some) - 1),
        lambda v, m: tops(v, m, 10): lambda some: np.sort(some)[-10:].sum() / some.sum(),
    }
    for measure, slow in plain.items():
        found = measure(values, many[None])
        assert found.whole[0] == pytest.approx(slow(counts))
        assert found.without[0][place] == pytest.approx(without_each(counts, slow))


def test_intervals_hold_the_coefficient_of_all_users_about_as_often_as_they_say():
    rng = np.random.default_rng(8)
    truth = 0.5  # of exponential means; counting adds little
    held = 0
    for _ in range(150):
        counts = np.maximum(rng.poisson(rng.exponential(60.0, 80)), 1)
        low, high = studentised(counts, ginis, 200, 0.95, rng)
        held += low <= truth <= high
    assert 0.87 <= held / 150 <= 0.99
