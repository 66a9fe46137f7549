"""Shares from stratified samples of finite tables: how often intervals hold the truth.

The table in docs/audits/reading.md is of the same simulation with 1,500 draws a cell.
"""

from __future__ import annotations

import numpy as np
import pytest

from veedor.audits.audit import Subject
from veedor.audits.reading import Readings
from veedor.audits.reading.agreeing import agreement_statements
from veedor.statistics.agreement import Ratings, cohen_kappa, observed_agreement
from veedor.statistics.stratified import (
    allotted,
    half_width,
    part_of_sum,
    share_when_none_found,
    stratified_share,
)

ROWS = np.array([6000, 3000, 1000])
DRAWS = 600


def truth(share: float, rng: np.random.Generator) -> np.ndarray:
    """How many of each stratum are so: each has twice the share of the one before."""
    steps = np.array([1.0, 2.0, 4.0])
    return rng.binomial(ROWS, np.minimum(steps * share * ROWS.sum() / (steps @ ROWS), 0.95))


def drawn_by(design: str, n: int, true: np.ndarray) -> np.ndarray:
    if design == "equal":
        return np.array([n // 3] * 3)
    share = true / ROWS
    return allotted(n, ROWS, np.sqrt(share * (1 - share)) if design == "neyman" else None)


@pytest.mark.parametrize("share", [0.01, 0.05, 0.2, 0.5])
@pytest.mark.parametrize("design", ["proportional", "equal", "neyman"])
@pytest.mark.parametrize("n", [60, 300])
def test_shares_are_covered_from_one_in_a_hundred_to_a_half(share, design, n):
    rng = np.random.default_rng(4)
    true = truth(share, rng)
    drawn = drawn_by(design, n, true)
    held = 0
    for _ in range(DRAWS):
        made = stratified_share(ROWS, drawn, rng.hypergeometric(true, ROWS - true, drawn))
        held += made.low <= true.sum() / ROWS.sum() <= made.high
    assert held / DRAWS >= 0.95 - 3.0 * np.sqrt(0.95 * 0.05 / DRAWS)


def test_an_unweighted_interval_would_not_hold_it():
    """What the weights are for: strata drawn alike, of unlike size and share."""
    rng = np.random.default_rng(5)
    true = truth(0.2, rng)
    found = rng.hypergeometric(true, ROWS - true, [100, 100, 100])
    plain = found.sum() / 300.0
    weighed = stratified_share(ROWS, [100, 100, 100], found)
    assert weighed.low < true.sum() / ROWS.sum() < weighed.high
    assert plain > weighed.high


@pytest.mark.parametrize(("first", "second"), [(0.3, 0.02), (0.6, 0.005), (0.9, 0.1)])
def test_recall_is_covered(first, second):
    rng = np.random.default_rng(6)
    sizes = np.array([1000, 9000])
    true = rng.binomial(sizes, [first, second])
    held = 0
    for _ in range(DRAWS):
        found = rng.hypergeometric(true, sizes - true, [150, 300])
        parts = []
        for rows, n, x in zip(sizes, (150, 300), found, strict=True):
            made = stratified_share([rows], [n], [x])
            parts.append((rows * made.value, rows * made.low, rows * made.high))
        told = part_of_sum(*parts)
        held += told is not None and told[1] <= true[0] / true.sum() <= told[2]
    assert held / DRAWS >= 0.95 - 3.0 * np.sqrt(0.95 * 0.05 / DRAWS)


@pytest.mark.parametrize("drawn", [[50, 50, 50], [100, 30, 10]])
def test_none_found_bounds_the_share_however_strata_differ(drawn):
    """An adversary puts all that is so into the stratum that is read least."""
    bound = share_when_none_found(ROWS, drawn)
    for worst in range(3):
        share = np.zeros(3)
        share[worst] = min(1.02 * bound * ROWS.sum() / ROWS[worst], 1.0)
        chance = np.prod((1.0 - share) ** np.array(drawn))
        if share[worst] < 1.0:
            assert chance < 0.025


@pytest.mark.parametrize(("share", "n"), [(0.02, 150), (0.05, 60), (0.2, 150), (0.5, 150)])
def test_agreement_is_covered_where_it_has_an_interval(share, n):
    """Two readers who each err once in twenty; one stratum."""
    rng = np.random.default_rng(8)
    chance = np.zeros((2, 2))
    for true, part in ((0, 1.0 - share), (1, share)):
        one = np.array([0.95, 0.05]) if true == 0 else np.array([0.05, 0.95])
        chance += part * np.outer(one, one)
    both = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    whole = Ratings(both, 1e9 * chance.ravel(), 2)
    want = {"agreement": observed_agreement(whole), "kappa": cohen_kappa(whole)}
    held, told = dict.fromkeys(want, 0), dict.fromkeys(want, 0)
    for _ in range(200):
        codes = np.repeat(both, rng.multinomial(n, chance.ravel()), axis=0)
        readings = Readings(codes, ("no", "yes"), np.array([0.0, 1.0]), np.zeros((0, 2), int), None)
        made = agreement_statements(
            readings, np.arange(n), np.zeros(n, int), np.ones(n), Subject("all"), counts=False,
            level=0.95, replicates=400, rng=rng,
        )  # fmt: skip
        for one in made:
            if one.statistic in want and one.estimate.low is not None:
                told[one.statistic] += 1
                held[one.statistic] += one.estimate.low <= want[one.statistic] <= one.estimate.high
    for name, many in told.items():
        assert held[name] >= 0.88 * many, (name, held[name], many)


def test_neymans_promise_from_a_pilot_is_kept_on_average():
    """Half-widths that a pilot promises, and those that follow, over many pilots."""
    rng = np.random.default_rng(7)
    true = truth(0.05, rng)
    share = true / ROWS
    kept, simple = [], []
    for _ in range(200):
        pilot = rng.hypergeometric(true, ROWS - true, [40, 40, 40])
        guess = (pilot + 0.5) / 41.0
        drawn = allotted(300, ROWS, np.sqrt(guess * (1.0 - guess)))
        kept.append(half_width(ROWS, drawn, share))
        simple.append(half_width([ROWS.sum()], [300], [true.sum() / ROWS.sum()]))
    assert np.mean(kept) < np.mean(simple)
