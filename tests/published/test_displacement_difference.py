"""Weighted displacement difference against the worked example of its paper.

Wheeler, A. P. & Ratcliffe, J. H. (2018). Crime Science 7, 11, the example of a place-based
intervention: treated 207 to 110, control 308 to 318, displacement 178 to 157, its control 150 to
140; WDD -118, variance 1,568, z -2.98, 95% interval -196 to -40.
https://doi.org/10.1186/s40163-018-0085-5 The weighted forms are the figures of the authors' package
ptools 2.0.0 (its tests).
"""

import pytest

from veedor.patterns import weighted_displacement_difference

COUNTS = {
    "treated": (207, 110),
    "control": (308, 318),
    "displacement": (178, 157),
    "displacement_control": (150, 140),
}


def test_the_papers_example():
    found = weighted_displacement_difference(**COUNTS)
    assert found.total.value == -118
    assert found.local.value == -107
    assert found.displaced.value == -11
    assert round(found.test.statistic, 2) == -2.98
    assert (round(found.total.low), round(found.total.high)) == (-196, -40)


def test_areas_of_different_size():
    found = weighted_displacement_difference(**COUNTS, area_weights=(1.2, 0.9, 1.5, 1.6))
    assert found.total.value == pytest.approx(-99.69444444)
    assert found.test.statistic == pytest.approx(-2.813995483)
    assert (found.total.low, found.total.high) == pytest.approx((-169.1321965, -30.25669241))


def test_spans_of_different_length():
    found = weighted_displacement_difference((80, 20), (100, 50), time_weights=(2, 1))
    assert found.total.value == -20
    assert (found.total.value / found.test.statistic) ** 2 == pytest.approx(115)
