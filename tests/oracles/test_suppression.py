"""Hidden cells of tables cannot be worked out: tried by going through all tables that would fit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veedor.statistics import suppression
from veedor.statistics.suppression import Addition, bounds, suppressed

#: Two rows and three columns with sums on both sides, and the sum of all: 12 cells.
ROWS, COLUMNS = 2, 3


def table(inside: list[int]) -> tuple[list[int], list[Addition]]:
    cells = np.array(inside).reshape(ROWS, COLUMNS)
    whole = np.vstack([cells, cells.sum(axis=0)])
    whole = np.hstack([whole, whole.sum(axis=1, keepdims=True)])
    at = np.arange(whole.size).reshape(whole.shape)
    additions = [Addition(int(row[-1]), tuple(map(int, row[:-1]))) for row in at]
    additions += [Addition(int(row[-1]), tuple(map(int, row[:-1]))) for row in at.T]
    return whole.ravel().tolist(), additions


MOST = 6
#: Every inside of a table with counts up to `MOST`, with its sums, a row each.
_CELLS = np.indices((MOST + 1,) * (ROWS * COLUMNS), dtype=np.int8).reshape(ROWS, COLUMNS, -1)
_TALL = np.concatenate([_CELLS, _CELLS.sum(axis=0, keepdims=True, dtype=np.int8)])
EVERY = np.concatenate([_TALL, _TALL.sum(axis=1, keepdims=True, dtype=np.int8)], axis=1)
EVERY = EVERY.reshape(-1, EVERY.shape[-1])


def fitting(values: list[int], hidden: np.ndarray) -> np.ndarray:
    """Return every table that what is published allows, a column each."""
    published = np.flatnonzero(~hidden)
    fits = (EVERY[published] == np.array(values)[published, None]).all(axis=0)
    return EVERY[:, fits]


@settings(max_examples=25)
@given(st.lists(st.integers(0, 3), min_size=6, max_size=6))
def test_no_small_cell_of_a_table_is_held_by_what_is_published(inside: list[int]) -> None:
    values, additions = table(inside)
    hidden = suppressed(values, additions, k=3)
    found = fitting(values, hidden)
    for place, value in enumerate(values):
        if 0 < value < 3:
            assert hidden[place]
            assert np.ptp(found[place]) >= 3


@settings(max_examples=25)
@given(
    st.lists(st.integers(0, 1), min_size=6, max_size=6),
    st.lists(st.booleans(), min_size=12, max_size=12),
)
def test_bounds_are_those_of_all_tables_that_fit(inside: list[int], hide: list[bool]) -> None:
    values, additions = table(inside)
    hidden = np.array(hide)
    hidden[-1] = False
    found = fitting(values, hidden)
    for place in np.flatnonzero(hidden):
        # The sum of all, at most 6, is published: no count that fits is above it.
        assert bounds(values, additions, hidden, int(place)) == (
            found[place].min(),
            found[place].max(),
        )


def test_three_small_parts_whose_sum_is_known_are_not_given_back() -> None:
    """9, 9 and 9 of 27: each lies between 0 and 27."""
    values, additions = [9, 9, 9, 27], [Addition(3, (0, 1, 2))]
    hidden = suppressed(values, additions)
    assert hidden.tolist() == [True, True, True, False]
    assert bounds(values, additions, hidden, 0) == (0.0, 27.0)


def test_parts_of_a_small_total_leave_a_total_hidden() -> None:
    values, additions = [2, 1, 3], [Addition(2, (0, 1))]
    assert suppressed(values, additions).all()


def test_two_small_parts_whose_sum_is_less_than_ten_apart_take_another_with_them() -> None:
    """2 and 3 of 105: what is published holds each within 5."""
    values, additions = [2, 3, 100, 400, 505], [Addition(4, (0, 1, 2, 3))]
    assert suppressed(values, additions).tolist() == [True, True, True, False, False]


def test_a_hierarchy_gives_nothing_back_from_above() -> None:
    """A region of two towns, a country of two regions: the town's neighbour goes, and no region."""
    values = [5, 60, 65, 40, 50, 90, 155]
    additions = [Addition(2, (0, 1)), Addition(5, (3, 4)), Addition(6, (2, 5))]
    assert suppressed(values, additions).tolist() == [True, True, *[False] * 5]


def test_a_region_with_one_town_goes_with_it() -> None:
    values = [5, 5, 40, 50, 90, 95]
    additions = [Addition(1, (0,)), Addition(4, (2, 3)), Addition(5, (1, 4))]
    hidden = suppressed(values, additions)
    for cell in (0, 1):
        low, high = bounds(values, additions, hidden, cell)
        assert high - low >= 10


def test_what_few_people_did_often_is_as_small_as_what_was_done_seldom() -> None:
    values, additions = [400, 30, 50, 480], [Addition(3, (0, 1, 2))]
    few = [True, False, False, False]
    assert suppressed(values, additions, of_few=few).tolist() == [True, True, False, False]
    assert not suppressed(values, additions).any()
    assert not suppressed([0, 30, 50, 80], additions, of_few=few).any()  # nobody did nothing


@pytest.mark.parametrize(("value", "hides"), [(0, False), (1, True), (9, True), (10, False)])
def test_small_is_from_one_to_nine(value: int, hides: bool) -> None:
    assert suppressed([value], []).tolist() == [hides]


def test_a_country_of_2470_areas_in_regions_needs_no_linear_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each region's parts, and the country's regions: no ring, so that bounds are passed on."""
    monkeypatch.setattr(suppression.optimize, "linprog", None)
    areas = np.random.default_rng(4).poisson(6.0, size=(26, 95))
    areas[0] = [3, *[0] * 94]
    values = [*areas.ravel().tolist(), *areas.sum(axis=1).tolist(), int(areas.sum())]
    regions = range(areas.size, areas.size + len(areas))
    additions = [
        Addition(region, tuple(range(n * 95, (n + 1) * 95))) for n, region in enumerate(regions)
    ]
    additions.append(Addition(regions.stop, tuple(regions)))
    hidden = suppressed(values, additions)
    small = (np.array(values) > 0) & (np.array(values) < 10)
    assert hidden[small].all()
    # The one region of 3 takes one other region with it, whose parts alone do not hold it.
    assert hidden[list(regions)].sum() == 2
    low, high = bounds(values, additions, hidden, 0)
    assert high - low >= 10
