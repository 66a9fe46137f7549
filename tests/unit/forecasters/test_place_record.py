from dataclasses import replace

import numpy as np
import pytest

from veedor.forecasters import Task
from veedor.forecasters.place_record import PlaceRecord
from veedor.incidents import Category
from veedor.record import Points
from veedor.spacetime import Length

DAY = np.timedelta64(1, "D")
START = np.datetime64("2024-01-01T03:00", "us")


def days(*values):
    return START + np.array(values, dtype="timedelta64[D]")


@pytest.fixture
def record(grid, make_incidents):
    """Four incidents of theft, drugs and arson in two cells, the last one entered late."""
    incidents = make_incidents(
        days(1, 3, 9, 16),
        [10.0, 10.0, 10.0, 600.0],
        [10.0, 10.0, 10.0, 10.0],
        end=days(1, 3, 9, 16),
        reported_at=days(1, 3, 9, 28),
        category=np.array([0, 1, 2, 0], dtype=np.int16),
        names=("theft", "drugs", "arson"),
    )
    incidents = replace(
        incidents,
        categories=(
            Category("theft", "reported"),
            Category("drugs", "discovered"),
            Category("arson", "reported"),
        ),
    )
    return incidents, grid(2, 1)


def history(record, cutoff=30, begins=0):
    incidents, cells = record
    return Task(
        Points.of(incidents, cutoff=START + cutoff * DAY, begins=START + begins * DAY),
        "theft",
        cells,
        Length(1, "day"),
    )


def test_what_police_go_looking_for_is_left_out(record):
    found = PlaceRecord.of(history(record))
    assert found.categories == ("theft", "arson")
    np.testing.assert_array_equal(found.discounted(START + 30 * DAY), [[1, 1], [1, 0]])


def test_weights_halve_by_the_half_life(record):
    found = PlaceRecord.of(history(record)).discounted(START + 30 * DAY, 7.0)
    by_hand = [[0.5 ** (29 / 7), 0.5 ** (14 / 7)], [0.5 ** (21 / 7), 0.0]]
    np.testing.assert_allclose(found, by_hand, rtol=1e-12)


def test_the_age_is_that_of_the_middle_of_the_interval(grid, make_incidents):
    incidents = make_incidents(days(2), [10.0], [10.0], end=days(6))
    found = PlaceRecord.of(history((incidents, grid(1, 1)))).discounted(START + 10 * DAY, 3.0)
    assert found[0, 0] == pytest.approx(0.25)


def test_what_is_entered_late_is_not_seen_early(record):
    found = PlaceRecord.of(history(record))
    assert found.discounted(START + 28 * DAY - DAY)[0].tolist() == [1.0, 0.0]
    assert found.discounted(START + 28 * DAY)[0].tolist() == [1.0, 1.0]
    np.testing.assert_array_equal(
        found.discounted(START + 20 * DAY, 21.0),
        PlaceRecord.of(history(record).until(START + 20 * DAY)).discounted(START + 20 * DAY, 21.0),
    )


def test_counts_between_are_half_open_and_from_where_the_record_begins(record):
    found = PlaceRecord.of(history(record))
    assert found.between(START + DAY, START + 9 * DAY).tolist() == [[1, 0], [0, 0]]
    assert found.between(START + 2 * DAY, START + 17 * DAY).tolist() == [[0, 1], [1, 0]]
    later = PlaceRecord.of(history(record, begins=5))
    assert later.discounted(START + 30 * DAY).tolist() == [[0, 1], [1, 0]]


def test_incidents_without_a_cell_are_left_out(grid, make_incidents):
    incidents = make_incidents(days(2, 3, 4), [10.0, np.nan, 9e5], [10.0, np.nan, 9e5])
    assert PlaceRecord.of(history((incidents, grid(1, 1)))).cell.tolist() == [0]
