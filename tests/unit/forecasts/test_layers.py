"""Layers: which sums there are of what is forecast apart."""

import numpy as np
import pytest
from tests.made_areas import codes, counts_of, edition

from veedor.areas import Level, Sum, Sums
from veedor.errors import DataError
from veedor.forecasts import Layer, area_layers, crossed_layers

VALUES = np.ones((3, 2, 7), dtype=np.int64)
AREAS = counts_of(edition(VALUES, "2018-05-01"), level=True)


def test_levels_hold_the_areas_that_are_forecast_and_the_last_layer_all_of_them():
    halves, every = area_layers(AREAS, codes(6), "a")
    assert halves.codes == (("a", "W"), ("a", "E"))
    assert halves.of.tolist() == [0, 0, 0, 1, 1, 1]
    assert every.name == "all"
    assert every.of.tolist() == [0] * 6
    some = area_layers(AREAS, ["06", "01"], "a")
    assert [layer.name for layer in some] == ["all"]  # each half is one area
    three = area_layers(AREAS, ["06", "01", "02"], "a")[0]
    assert three.codes == (("a", "W"), ("a", "E"))
    assert three.of.tolist() == [1, 0, 0]
    west = area_layers(AREAS, ["01", "02"], "a")
    assert [layer.name for layer in west] == ["all"]


def test_an_area_of_no_group_is_in_no_sum_of_that_level():
    from dataclasses import replace

    level = Level("half", ("W", "E"), ("West", "East"), np.array([0, 0, -1, 1, 1, -1, -1]))
    layer = area_layers(replace(AREAS, levels=(level,)), codes(6), "a")[0]
    assert layer.of.tolist() == [0, 0, -1, 1, 1, -1]
    assert layer.sums(np.array([1, 2, 4, 8, 16, 32])).tolist() == [3, 24]


def test_sums_keep_the_axes_before():
    halves = area_layers(AREAS, codes(6), "a")[0]
    found = halves.sums(np.arange(24).reshape(2, 2, 6))
    assert found.tolist() == [[[3, 12], [21, 30]], [[39, 48], [57, 66]]]


@pytest.mark.parametrize("of", [[0, 0, 2], [0, 0, 0], [-1, 1, 1]])
def test_a_group_without_a_leaf_is_refused(of):
    with pytest.raises(DataError, match="must have a leaf"):
        Layer("half", (("a", "W"), ("a", "E")), np.array(of))


SUMS = Sums((Sum("ab", ("a", "b")), Sum("abc", ("ab", "c")), Sum("abd", ("a", "b", "d"))))


def test_sums_of_offences_are_layers_of_each_division_of_areas():
    single = area_layers(AREAS, codes(6), "a")
    found = crossed_layers(single, codes(6), ["a", "b", "c"], SUMS, np.datetime64("2024-01-01"))
    named = [(layer.name, sorted({offence for offence, _ in layer.codes})) for layer in found]
    assert named == [
        ("half", ["a", "b", "c"]),
        ("all", ["a", "b", "c"]),
        ("cells", ["ab"]),
        ("half", ["ab"]),
        ("all", ["ab"]),
        ("cells", ["abc"]),
        ("half", ["abc"]),
        ("all", ["abc"]),
    ]
    leaves = np.arange(18)
    each, half, every = found[2:5]
    assert each.codes[1] == ("ab", "02")
    assert each.sums(leaves).tolist() == [6, 8, 10, 12, 14, 16]
    assert half.sums(leaves).tolist() == [24, 42]
    assert every.sums(leaves).tolist() == [66]
    assert found[7].sums(leaves).tolist() == [int(leaves.sum())]
    assert found[0].sums(leaves).tolist() == [3, 12, 21, 30, 39, 48]


def test_an_offence_that_holds_another_is_no_leaf():
    single = area_layers(AREAS, codes(6), "a")
    with pytest.raises(DataError, match="twice"):
        crossed_layers(single, codes(6), ["a", "ab"], SUMS, np.datetime64("2024-01-01"))


def test_a_sum_that_is_not_declared_on_the_day_is_none():
    from datetime import date

    sums = Sums((Sum("ab", ("a", "b"), since=date(2019, 1, 1)),))
    single = area_layers(AREAS, codes(6), "a")
    for day, layers in (("2018-12-31", 2), ("2019-01-01", 5)):
        found = crossed_layers(single, codes(6), ["a", "b"], sums, np.datetime64(day))
        assert len(found) == layers
