"""Denominators of zones, brought to cells."""

import numpy as np
import pytest
from shapely import box
from shapely.geometry import Polygon

from veedor.errors import DataError
from veedor.patterns import denominator_of_cells


def test_zones_are_shared_out_by_area_and_cells_without_a_zone_have_none(grid):
    cells = grid(4, 1, 500.0)
    zones = np.array([box(0, 0, 750, 500), box(750, 0, 1500, 500)], dtype=object)
    found = denominator_of_cells(cells, zones, [300.0, 90.0])
    np.testing.assert_allclose(found, [200.0, 100.0 + 30.0, 60.0, 0.0])


def test_zones_that_lie_over_one_another_are_refused_and_slivers_are_not(grid):
    cells = grid(4, 4, 500.0)
    tracts = np.array([box(0, 0, 1003, 2000), box(1000, 0, 2000, 2000)], dtype=object)
    assert denominator_of_cells(cells, tracts, [10, 10]).sum() == pytest.approx(20.0)
    nested = np.append(tracts, box(0, 0, 2000, 2000))
    with pytest.raises(DataError, match=r"over one another.*16 cells.*zones \[0, 2\]"):
        denominator_of_cells(cells, nested, [10, 10, 20])


def test_a_zone_without_an_area_and_amounts_that_are_none_are_refused(grid):
    cells, whole = grid(2, 2), box(0, 0, 1000, 1000)
    line = Polygon([(0, 0), (500, 500), (1000, 1000)])
    with pytest.raises(DataError, match=r"an area.*zones \[1\]"):
        denominator_of_cells(cells, np.array([whole, line], dtype=object), [1, 1])
    for amount in (-1.0, np.nan, np.inf):
        with pytest.raises(DataError, match=r"at least 0.*zones \[0\]"):
            denominator_of_cells(cells, np.array([whole], dtype=object), [amount])
