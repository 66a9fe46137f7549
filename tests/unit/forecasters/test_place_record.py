from dataclasses import replace

import numpy as np
import pytest

from veedor.errors import LeakageError
from veedor.forecasters import Task
from veedor.forecasters.place_record import HALF_LIVES_DAYS, PlaceRecord
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


def amounts(record, day, half_life=np.inf, **kwargs):
    found = PlaceRecord.of(history(record, **kwargs)).at(START + day * DAY)
    return found.amounts[HALF_LIVES_DAYS.index(half_life)]


def test_what_police_go_looking_for_is_left_out(record):
    assert PlaceRecord.of(history(record)).categories == ("theft", "arson")
    np.testing.assert_array_equal(amounts(record, 30), [[1, 1], [1, 0]])


@pytest.mark.parametrize("day", [28, 30])
def test_weights_halve_by_the_half_life_on_the_course_of_instants_and_off_it(record, day):
    by_hand = [[0.5 ** ((day - 1) / 10), 0.5 ** ((day - 16) / 10)], [0.5 ** ((day - 9) / 10), 0.0]]
    np.testing.assert_allclose(amounts(record, day, 10.0), by_hand, rtol=1e-12)


def test_the_age_is_that_of_the_middle_of_the_interval(grid, make_incidents):
    incidents = make_incidents(days(2), [10.0], [10.0], end=days(6))
    assert amounts((incidents, grid(1, 1)), 14, 10.0)[0, 0] == pytest.approx(0.5)


def test_what_is_entered_late_is_not_seen_early(record):
    assert amounts(record, 27)[0].tolist() == [1.0, 0.0]
    assert amounts(record, 28)[0].tolist() == [1.0, 1.0]
    cut = PlaceRecord.of(history(record).until(START + 20 * DAY))
    np.testing.assert_array_equal(amounts(record, 20, 30.0), cut.at(START + 20 * DAY).amounts[2])
    with pytest.raises(LeakageError, match="up to its cut-off"):
        cut.at(START + 21 * DAY)


def test_an_instant_before_the_record_begins_has_seen_nothing(record):
    assert not amounts(record, 3, begins=5).any()
    assert amounts(record, 30, begins=5).tolist() == [[0, 1], [1, 0]]


def test_fortnights_are_half_open_and_as_known_at_an_instant(record):
    found = PlaceRecord.of(history(record))
    instants = [START + 15 * DAY, START + DAY]
    assert found.fortnights(0, instants, START + 30 * DAY).tolist() == [[0, 1], [1, 0]]
    assert found.fortnights(0, instants, START + 27 * DAY).tolist() == [[0, 0], [1, 0]]
    earlier = [START + 2 * DAY, START - 12 * DAY]
    assert found.fortnights(0, earlier, START + 30 * DAY).tolist() == [[0, 0], [1, 0]]


def test_incidents_without_a_cell_are_left_out(grid, make_incidents):
    incidents = make_incidents(days(2, 3, 4), [10.0, np.nan, 9e5], [10.0, np.nan, 9e5])
    assert amounts((incidents, grid(1, 1)), 30).tolist() == [[1.0]]


def test_points_are_addresses_of_a_cell_and_are_only_counted(grid, make_incidents):
    """Nine at one address and one beside it; of arson one at the busy address and one elsewhere."""
    x = [10.0] * 9 + [30.0, 10.2, 600.0]
    incidents = make_incidents(
        days(*range(1, 13)), x, [10.0] * 12, category=np.array([0] * 10 + [1, 1], dtype=np.int16),
        names=("theft", "arson"),
    )  # fmt: skip
    seen = PlaceRecord.of(history((incidents, grid(2, 1)))).at(START + 30 * DAY)
    assert seen.points.tolist() == [[2, 0], [1, 1]]
    assert seen.busiest.tolist() == [[9, 0], [1, 1]]
    assert seen.pairs.tolist() == [[9 * 8, 0], [0, 0]]
    assert seen.all_points.tolist() == [2, 1]
    recent = sum(0.5 ** ((30 - day) / 60) for day in range(1, 10))
    assert seen.busy[0, 0] == pytest.approx(recent, rel=1e-12)
    assert seen.busy_expected[0, 0] == pytest.approx(
        9 * (recent + 0.5 ** (20 / 60)) / 10, rel=1e-12
    )


def test_sums_carried_through_years_are_as_summed_at_once(grid, make_incidents):
    rng, n = np.random.default_rng(5), 3_000
    start = START + np.sort(rng.integers(0, 900 * 86_400_000_000, n)).astype("m8[us]")
    late = rng.integers(0, 40 * 86_400_000_000, n).astype("m8[us]")
    incidents = make_incidents(
        start, rng.uniform(0, 1500, n), rng.uniform(0, 1500, n), reported_at=start + late
    )
    cells = grid(3, 3)
    record = PlaceRecord.of(history((incidents, cells), cutoff=1_000))
    instant = START + 777 * DAY + np.timedelta64(5, "h")
    known = start + late <= instant
    cell = cells.locate(incidents.x_m, incidents.y_m)[known]
    for half_life, found in zip(HALF_LIVES_DAYS, record.at(instant).amounts, strict=True):
        weights = 0.5 ** ((instant - start[known]) / DAY / half_life)
        np.testing.assert_allclose(found[0], np.bincount(cell, weights, 9), rtol=1e-11)
