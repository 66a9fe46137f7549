import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veedor.errors import LeakageError
from veedor.spacetime import Length, Periods, count, spread

ZONE = "America/Argentina/Buenos_Aires"
START = np.datetime64("2024-01-01T03:00", "us")
DAYS = Periods.stepping(START, Length(1, "day"), 0, 4, ZONE)
LATE = np.datetime64("2025-01-01", "us")


def hours(*values: float) -> np.ndarray:
    return START + np.array([round(value * 60) for value in values]).astype("timedelta64[m]")


def test_an_interval_counts_at_its_midpoint_and_spreads_by_overlap(grid, make_incidents):
    cells = grid(1, 1)
    incidents = make_incidents(hours(18.0), [10.0], [10.0], end=hours(42.0))
    cell = cells.locate(incidents.x_m, incidents.y_m)
    assert count(incidents, cell, 1, "theft", DAYS, LATE).values[:, 0].tolist() == [0, 1, 0, 0]
    weights = spread(incidents, cell, 1, "theft", DAYS).values[:, 0]
    assert weights.tolist() == [0.25, 0.75, 0.0, 0.0]


def test_an_interval_that_ends_on_an_edge_stays_in_its_period(grid, make_incidents):
    incidents = make_incidents(hours(0.0), [1.0], [1.0], end=hours(24.0))
    weights = spread(incidents, np.zeros(1, dtype=np.int32), 1, "theft", DAYS)
    assert weights.values[:, 0].tolist() == [1.0, 0.0, 0.0, 0.0]


def test_only_the_part_within_the_periods_has_weight(make_incidents):
    incidents = make_incidents(hours(-12.0), [1.0], [1.0], end=hours(12.0))
    weights = spread(incidents, np.zeros(1, dtype=np.int32), 1, "theft", DAYS)
    assert weights.values.sum() == pytest.approx(0.5)


def test_unlocated_and_outside_are_carried_along(grid, make_incidents):
    cells = grid(1, 1)
    incidents = make_incidents(hours(1, 1, 1), [10.0, np.nan, 9e5], [10.0, np.nan, 9e5])
    cell = cells.locate(incidents.x_m, incidents.y_m)
    counts = count(incidents, cell, 1, "theft", DAYS, LATE)
    assert (counts.values[0, 0], counts.unlocated[0], counts.outside[0]) == (1, 1, 1)
    assert counts.total == 3


def test_periods_that_are_not_over_cannot_be_counted(make_incidents):
    incidents = make_incidents(hours(1), [1.0], [1.0])
    with pytest.raises(LeakageError, match="are over"):
        count(incidents, np.zeros(1, dtype=np.int32), 1, "theft", DAYS, DAYS.edges[-1] - 1)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(-3000, 8000), st.integers(0, 4000), st.integers(-1, 2), st.booleans()
        ),
        max_size=40,
    )
)
def test_nothing_is_lost_and_the_spread_agrees_with_a_plain_loop(rows):
    from veedor.incidents import Category, Incidents

    n = len(rows)
    start = START + np.array([row[0] for row in rows], dtype="timedelta64[m]")
    end = start + np.array([row[1] for row in rows], dtype="timedelta64[m]")
    cell = np.array([row[2] for row in rows], dtype=np.int32)
    located = np.array([row[3] or row[2] >= 0 for row in rows], dtype=bool)
    place = np.where(located, 1.0, np.nan)
    incidents = Incidents(
        np.arange(n),
        np.zeros(n, dtype=np.int16),
        start.astype("datetime64[us]"),
        end.astype("datetime64[us]"),
        None,
        place,
        place.copy(),
        None,
        (Category("theft", "reported"),),
        "EPSG:32721",
        ZONE,
    )
    counts = count(incidents, cell, 3, "theft", DAYS, LATE)
    assert counts.total == int((DAYS.index_of(incidents.midpoint) >= 0).sum())
    some = np.arange(n)[::-2]
    np.testing.assert_array_equal(incidents.midpoint_of(some), incidents.midpoint[some])
    weights = spread(incidents, cell, 3, "theft", DAYS)
    expected = np.zeros((4, 5))
    for s, e, c, has_place in zip(incidents.start, incidents.end, cell, located, strict=True):
        for p in range(4):
            low, high = DAYS.edges[p], DAYS.edges[p + 1]
            if s == e:
                part = float(low <= s < high)
            else:
                overlap = min(e, high) - max(s, low)
                part = max(overlap / (e - s), 0.0)
            expected[p, c if c >= 0 else (4 if has_place else 3)] += part
    np.testing.assert_allclose(weights.values, expected[:, :3], atol=1e-12)
    np.testing.assert_allclose(weights.unlocated, expected[:, 3], atol=1e-12)
    np.testing.assert_allclose(weights.outside, expected[:, 4], atol=1e-12)
