"""Agreement, strata and bounds against slow plain versions."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import optimize

from veedor.statistics.agreement import (
    NO_ANSWER,
    Ratings,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
    observed_agreement,
)
from veedor.statistics.intervals import clopper_pearson
from veedor.statistics.misclassified import true_share
from veedor.statistics.stratified import (
    allotted,
    half_width,
    share_when_none_found,
    stratified_share,
)

RNG = np.random.default_rng(8)


def plain_alpha(rows, distance):
    """Krippendorff's alpha by going through all pairs of answers."""
    units = [[a for a in row if a != NO_ANSWER] for row in rows]
    units = [unit for unit in units if len(unit) > 1]
    values = [a for unit in units for a in unit]
    many = {c: values.count(c) for c in set(values)}

    def apart(c, k):
        if distance == "nominal":
            return float(c != k)
        if distance == "interval":
            return float((c - k) ** 2)
        low, high = min(c, k), max(c, k)
        between = sum(n for g, n in many.items() if low <= g <= high)
        return (between - (many[c] + many[k]) / 2.0) ** 2

    found = sum(
        apart(unit[i], unit[j]) / (len(unit) - 1)
        for unit in units
        for i, j in itertools.permutations(range(len(unit)), 2)
    ) / len(values)
    chance = sum(
        apart(values[i], values[j]) for i, j in itertools.permutations(range(len(values)), 2)
    ) / (len(values) * (len(values) - 1))
    return 1.0 - found / chance


@pytest.mark.parametrize("distance", ["nominal", "ordinal", "interval"])
@pytest.mark.parametrize("readers", [2, 3, 5])
def test_alpha(distance, readers):
    rows = RNG.integers(0, 4, (25, readers))
    rows[RNG.random(rows.shape) < 0.2] = NO_ANSWER
    made = krippendorff_alpha(Ratings(rows, np.ones(25), 4), distance).item()
    assert made == pytest.approx(plain_alpha(rows.tolist(), distance), rel=1e-10)


@pytest.mark.parametrize("measure", [observed_agreement, cohen_kappa, fleiss_kappa, gwet_ac1])
def test_a_row_of_weight_three_is_three_rows(measure):
    rows = RNG.integers(0, 3, (30, 2))
    weights = RNG.integers(1, 4, 30)
    whole = Ratings(np.repeat(rows, weights, axis=0), np.ones(weights.sum()), 3)
    assert measure(Ratings(rows, weights * 1.0, 3)) == pytest.approx(measure(whole))
    assert krippendorff_alpha(Ratings(rows, weights * 1.0, 3)) == pytest.approx(
        krippendorff_alpha(whole)
    )


def test_replicates_are_figures_of_each():
    rows = RNG.integers(0, 3, (20, 3))
    weights = RNG.integers(0, 3, (6, 20)).astype(float)
    for measure in (observed_agreement, fleiss_kappa, gwet_ac1, krippendorff_alpha):
        together = measure(Ratings(rows, weights, 3))
        single = [measure(Ratings(rows, one, 3)).item() for one in weights]
        np.testing.assert_allclose(together, single)


def test_who_always_answer_alike_has_no_kappa():
    held = Ratings(np.zeros((9, 2), dtype=np.int64), np.ones(9), 2)
    assert np.isnan(cohen_kappa(held))
    assert np.isnan(krippendorff_alpha(held))
    assert gwet_ac1(held) == 1.0


@pytest.mark.parametrize(
    ("rows", "drawn"), [([900, 100], [60, 60]), ([500, 300, 200], [20, 50, 80]), ([50], [20])]
)
def test_the_bound_of_none_found_is_that_of_a_search_over_all_shares(rows, drawn):
    weight, n = np.array(rows) / sum(rows), np.array(drawn)
    best = 0.0
    for _ in range(4):
        begin = RNG.uniform(0.0, 0.05, len(rows))
        found = optimize.minimize(
            lambda p: -weight @ p, begin, bounds=[(0.0, 0.999)] * len(rows), method="SLSQP",
            constraints={"type": "ineq", "fun": lambda p: n @ np.log1p(-p) - np.log(0.025)},
        )  # fmt: skip
        best = max(best, -found.fun)
    assert share_when_none_found(rows, drawn) == pytest.approx(best, rel=1e-4)


def test_one_stratum_of_a_vast_whole_is_clopper_and_pearson():
    made = stratified_share([10**12], [200], [13])
    low, high = clopper_pearson(13, 200)
    assert made.low == pytest.approx(low, rel=0.02)
    assert made.high == pytest.approx(high, rel=0.02)
    none = stratified_share([10**12], [200], [0])
    assert none.high == pytest.approx(clopper_pearson(0, 200)[1].item(), rel=1e-6)


def test_a_stratum_that_was_read_whole_adds_no_doubt():
    some = stratified_share([100, 900], [100, 90], [40, 9])
    value = 0.1 * 0.4 + 0.9 * 0.1
    assert some.value == pytest.approx(value)
    alone = stratified_share([900], [90], [9])
    assert some.high - some.low == pytest.approx(0.9 * (alone.high - alone.low), rel=0.1)
    whole = stratified_share([100, 900], [100, 900], [40, 90])
    assert whole.low == whole.high == whole.value


def test_neyman_is_the_best_of_all_allocations():
    rows, share = np.array([400, 300, 300]), np.array([0.02, 0.5, 0.1])
    best = min(
        (half_width(rows, [a, b, 60 - a - b], share), (a, b, 60 - a - b))
        for a in range(2, 57)
        for b in range(2, 59 - a)
    )
    made = allotted(60, rows, np.sqrt(share * (1 - share)))
    assert made.sum() == 60
    assert half_width(rows, made, share) == pytest.approx(best[0], rel=0.003)


@pytest.mark.parametrize("n", [1, 4, 17, 60, 111, 112, 500])
def test_allotments_are_whole_and_within_what_there_is(n):
    rows = np.array([1, 4, 7, 100])
    made = allotted(n, rows, np.array([0.5, 0.5, 0.0, 0.1]))
    assert (made <= rows).all()
    assert (made >= np.minimum(rows, 2)).all()
    assert made.sum() == min(max(n, 7), 112)


def test_errors_of_readers_move_a_share_back_and_forth():
    for true, se, sp in itertools.product((0.0, 0.1, 0.6, 1.0), (0.8, 1.0), (0.9, 1.0)):
        seen = true * se + (1 - true) * (1 - sp)
        assert true_share(seen, se, sp) == pytest.approx(true)
    assert np.isnan(true_share(0.5, 0.4, 0.6))
