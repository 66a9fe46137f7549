"""Shares from stratified samples of finite tables: how often intervals hold the truth.

The table in docs/audits/reading.md is of the same simulation with 1,500 draws a cell.
"""

from __future__ import annotations

import numpy as np
import pytest

from veedor.audits.audit import Subject
from veedor.audits.reading import Readings, counted
from veedor.audits.reading.agreeing import agreement_statements
from veedor.audits.reading.design import (
    PilotStratum,
    PlannedStratum,
    PlanSettings,
    planned_side,
)
from veedor.audits.reading.frame import Stratum
from veedor.statistics.agreement import (
    Ratings,
    cohen_kappa,
    gwet_ac1,
    krippendorff_alpha,
    observed_agreement,
)
from veedor.statistics.stratified import (
    allotted,
    half_width,
    part_of_sum,
    share_when_none_found,
    stratified_mean,
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


BOTH = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])


def said_by_two(share, wrong):
    """Chances of what two readers say who each err so often, by share that is so."""
    chance = np.zeros((2, 2))
    for true, part in ((0, 1.0 - share), (1, share)):
        one = np.array([1.0 - wrong, wrong]) if true == 0 else np.array([wrong, 1.0 - wrong])
        chance += part * np.outer(one, one)
    return chance.ravel()


def coverage_of_agreement(rows, drawn, chances, draws, rng):
    """How often intervals were told, and how often they hold the truth of the whole."""
    rows, drawn = np.array(rows), np.array(drawn)
    whole = Ratings(BOTH, 1e9 * (rows / rows.sum()) @ chances, 2)
    want = {
        "agreement": observed_agreement(whole), "kappa": cohen_kappa(whole),
        "ac1": gwet_ac1(whole), "alpha": krippendorff_alpha(whole),
    }  # fmt: skip
    held, told = dict.fromkeys(want, 0), dict.fromkeys(want, 0)
    stratum = np.repeat(np.arange(len(rows)), drawn)
    for _ in range(draws):
        codes = np.concatenate([
            np.repeat(BOTH, rng.multinomial(n, chance), axis=0)
            for n, chance in zip(drawn, chances, strict=True)
        ])  # fmt: skip
        readings = Readings(codes, ("no", "yes"), np.array([0.0, 1.0]), np.zeros((0, 2), int), None)
        made = agreement_statements(
            readings, np.arange(len(codes)), stratum, (rows / drawn)[stratum], Subject("all"),
            counts=False, level=0.95, replicates=300, rng=rng,
        )  # fmt: skip
        for one in made:
            if one.estimate.low is not None:
                told[one.statistic] += 1
                held[one.statistic] += one.estimate.low <= want[one.statistic] <= one.estimate.high
    return held, told


@pytest.mark.parametrize(("share", "n"), [(0.02, 150), (0.05, 60), (0.2, 150), (0.5, 150)])
def test_agreement_is_covered_where_it_has_an_interval(share, n):
    """Two readers who each err once in twenty; one stratum."""
    chances = np.array([said_by_two(share, 0.05)])
    held, told = coverage_of_agreement([10_000], [n], chances, 200, np.random.default_rng(8))
    for name, many in told.items():
        assert held[name] >= 0.9 * many, (name, held[name], many)


@pytest.mark.parametrize(
    ("rows", "drawn", "wrong"),
    [
        ([9000, 1000], [30, 270], [0.005, 0.005]),
        ([9000, 1000], [30, 120], [0.02, 0.1]),
        ([500] * 20, [3] * 20, [0.03] * 20),
    ],
)
def test_agreement_of_strata_that_are_read_unlike_is_covered(rows, drawn, wrong):
    """A stratum of which few rows were read and all agreed is not one that is known.

    Rows drawn anew within strata, alone, hold the truth in 33% of the first and 66% of the second.
    """
    chances = np.array([said_by_two(0.2, one) for one in wrong])
    held, told = coverage_of_agreement(rows, drawn, chances, 200, np.random.default_rng(9))
    for name, many in told.items():
        assert many > 150
        assert held[name] >= 0.9 * many, (name, held[name], many)


def agreement_of(codes, stratum, weights, *, counts=False):
    names = tuple(map(str, range(int(codes.max()) + 1)))
    readings = Readings(
        codes, names, np.arange(len(names), dtype=float), np.zeros((0, 2), int), None
    )
    return {
        one.statistic: one.estimate
        for one in agreement_statements(
            readings, np.arange(len(codes)), stratum, weights, Subject("all"), counts=counts,
            level=0.95, replicates=300, rng=np.random.default_rng(1),
        )
    }  # fmt: skip


def test_full_agreement_is_bounded_in_whatever_stratum_readers_may_differ():
    """30 of 9,000 rows were read, and 270 of 1,000: not what 300 of 10,000 drawn alike tell."""
    stratum = np.repeat([0, 1], [30, 270])
    codes = np.repeat(np.arange(300)[:, None] % 2, 2, axis=1)
    found = agreement_of(codes, stratum, np.array([300.0, 1000 / 270])[stratum])["agreement"]
    assert found.method.code == "all_agree"
    # Were one in ten of the 9,000 read otherwise, 30 rows would show none in 4% of draws.
    assert found.low < 1.0 - 0.9 * 0.1
    alike = agreement_of(codes, np.zeros(300, int), np.ones(300))["agreement"]
    assert alike.low == pytest.approx(0.025 ** (1 / 300))


def test_rows_that_one_reader_could_not_tell_do_not_make_agreement_certain():
    """Every pair of counts agrees; of 60 rows that does not show that every row would."""
    codes = np.tile(np.array([[0, 0], [1, 1], [2, 2], [2, -1]]), (15, 1))
    found = agreement_of(codes, np.zeros(60, int), np.ones(60), counts=True)
    assert found["agreement"].value == 1.0
    assert found["agreement"].low == pytest.approx(0.025 ** (1 / 45))
    assert found["alpha_ordinal"].low is None


def test_readers_who_never_agree_have_an_interval_that_is_no_point():
    codes = np.column_stack([np.arange(60) % 3, (np.arange(60) + 1) % 3])
    found = agreement_of(codes, np.zeros(60, int), np.ones(60), counts=True)["agreement"]
    assert found.value == 0.0 and found.low == 0.0 and 0.02 < found.high < 0.1


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


def test_mean_counts_are_covered_where_a_large_stratum_is_read_thinly():
    """Student's t of the strata's own variances holds the truth in 66% of these draws."""
    rng = np.random.default_rng(10)
    rows, drawn = np.array([9000, 1000]), np.array([30, 270])
    means = np.repeat([0.02, 1.0], rows)
    whole = np.split(rng.poisson(means * rng.exponential(1.0, len(means))), [9000])
    true = sum(float(one.sum()) for one in whole) / rows.sum()
    held = 0
    for _ in range(DRAWS):
        read = [rng.choice(one, n, replace=False) for one, n in zip(whole, drawn, strict=True)]
        _, low, high = stratified_mean(
            rows, drawn, [one.mean() for one in read], [one.var(ddof=1) for one in read]
        )
        held += low <= true <= high
    assert held / DRAWS >= 0.93


def test_the_variance_of_one_stratum_is_its_own():
    value, low, high = stratified_mean([10**9], [25], [3.0], [4.0])
    assert value == 3.0
    assert high - low == pytest.approx(2 * 2.0639 * 0.4, rel=1e-4)


def test_none_found_in_some_rows_is_no_total_of_none():
    strata = [PlannedStratum("all", ("all",), True, 1000, 60, 0.5)]
    found = counted.statements(np.zeros((60, 2)), strata, np.zeros(60, int), "all", 0.95)
    total = next(one.estimate for one in found if one.statistic == "total_count")
    assert total.value == 0.0 and total.low is None and total.high is None
    assert total.method.code == "none_counts_alike"


@pytest.mark.parametrize(
    ("shares", "least", "most"),
    [([0.1] * 5, 0.0, 0.12), ([0.02] * 5, 0.0, 0.15), ([0.005, 0.03, 0.5], 0.85, 1.0)],
)
def test_a_pilot_of_strata_that_are_alike_does_not_choose_neyman(shares, least, most):
    """Shares of a small pilot differ by chance: who draws by these tells less than promised."""
    rng = np.random.default_rng(12)
    rows = [6000, 3000, 1000] if len(shares) == 3 else [2000] * 5
    side = [Stratum(str(n), True, many) for n, many in enumerate(rows)]
    chosen = 0
    for _ in range(100):
        found = rng.binomial(40, shares)
        pilot = {one.name: PilotStratum(40, float(x)) for one, x in zip(side, found, strict=True)}
        _, rivals = planned_side(side, PlanSettings(n=300), pilot, "")
        chosen += next(one for one in rivals if one.design == "neyman").chosen
    assert least <= chosen / 100 <= most
