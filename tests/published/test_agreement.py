"""Agreement of readers: values that were printed with their data, and those of other libraries."""

from __future__ import annotations

import numpy as np
import pytest

from veedor.statistics.agreement import (
    NO_ANSWER,
    Ratings,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
    observed_agreement,
)
from veedor.statistics.stratified import share_when_none_found, simple_size

#: A made-up draw of 40 items by three readers, a dash where one gave no answer; the values of
#: irrCAC 0.4.4 and krippendorff 0.9.0 for it are below.
DRAWN = (
    "101111000201-10-00-00000000--2020001-0022011121100-000101000010000110000000-1100211--11000---00"
    "-0100002000021-1000000-01"
)


def ratings(answers, categories, weights=None):
    made = np.array(answers, dtype=np.int64)
    return Ratings(made, np.ones(len(made)) if weights is None else weights, categories)


def four_observers():
    """Krippendorff (2011), section C: twelve units, four observers, 0 where one was absent."""
    rows = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
        [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ]
    return ratings(np.array(rows).T - 1, 5)


@pytest.mark.parametrize(
    ("distance", "value"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_krippendorff_2011_four_observers_with_absences(distance, value):
    """Krippendorff (2011), Computing Krippendorff's alpha-reliability, sections C and E."""
    assert round(krippendorff_alpha(four_observers(), distance).item(), 3) == value


def test_krippendorff_2011_two_observers_of_many_values():
    """The same, section B: Ben and Gerry, twelve articles."""
    ben, gerry = "aabbdcccedda", "babbbccceddd"
    codes = ["abcde".index(one) for one in ben], ["abcde".index(one) for one in gerry]
    assert round(krippendorff_alpha(ratings(np.array(codes).T, 5)).item(), 3) == 0.692


def test_gwet_four_raters_and_twelve_subjects():
    """Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed.: the same twelve subjects."""
    held = four_observers()
    assert observed_agreement(held).item() == pytest.approx(0.81818, abs=5e-6)
    assert gwet_ac1(held).item() == pytest.approx(0.77544, abs=5e-6)
    assert fleiss_kappa(held).item() == pytest.approx(0.76117, abs=5e-6)


def test_cohen_1960_two_psychologists():
    """Cohen (1960), Educational and Psychological Measurement 20, table 1: kappa .492."""
    cells = [[i, j] for i in range(3) for j in range(3)]
    shares = np.array([0.44, 0.07, 0.09, 0.05, 0.20, 0.05, 0.01, 0.03, 0.06])
    assert round(cohen_kappa(ratings(cells, 3, 200.0 * shares)).item(), 3) == 0.492


@pytest.mark.parametrize(
    ("cells", "kappa"), [((40, 9, 6, 45), 0.70), ((80, 10, 5, 5), 0.32), ((45, 15, 25, 15), 0.13),
                         ((25, 35, 5, 35), 0.26)],
)  # fmt: skip
def test_feinstein_and_cicchetti_1990_paradoxes(cells, kappa):
    """J Clin Epidemiol 43, both paradoxes: much the same agreement, another kappa."""
    held = ratings([[0, 0], [0, 1], [1, 0], [1, 1]], 2, np.array(cells, dtype=float))
    assert round(cohen_kappa(held).item(), 2) == kappa


def drawn():
    codes = [NO_ANSWER if one == "-" else int(one) for one in DRAWN]
    return ratings(np.array(codes).reshape(40, 3), 3)


def test_irrcac_and_krippendorff_agree_where_readers_are_absent():
    held = drawn()
    assert gwet_ac1(held).item() == pytest.approx(0.60821, abs=5e-6)
    assert fleiss_kappa(held).item() == pytest.approx(0.44579, abs=5e-6)
    for distance, value in (
        ("nominal", 0.40022761760242787),
        ("ordinal", 0.331922102992108),
        ("interval", 0.23091423185673887),
    ):
        assert krippendorff_alpha(held, distance).item() == pytest.approx(value, rel=1e-12)


def test_irrcac_agrees_on_two_readers():
    held = drawn()
    both = (held.answers[:, :2] >= 0).all(axis=1)
    pair = ratings(held.answers[both, :2], 3)
    assert gwet_ac1(pair).item() == pytest.approx(0.65002, abs=5e-6)
    assert cohen_kappa(pair).item() == pytest.approx(0.44186, abs=5e-6)


def test_cochran_1977_sample_size_of_a_share():
    """Cochran (1977), Sampling Techniques, 3rd ed., section 4.4: 400, and 356 of 3,200."""
    assert simple_size(0.5, 0.05, z=2.0) == 400
    assert simple_size(0.5, 0.05, 3_200, z=2.0) == 356


def test_hanley_and_lippman_hand_1983_rule_of_three():
    """JAMA 249: none of n bounds a share by 3/n, with a one-sided confidence of 95%."""
    for n in (50, 100, 1000):
        assert share_when_none_found([10**9], [n], 0.90) == pytest.approx(3.0 / n, rel=0.04)
