"""`NearRepeat` against weights worked out by hand."""

import numpy as np
import pytest
from shapely import box

from veedor.errors import StudyError
from veedor.forecasters import Task, check_forecaster
from veedor.forecasters.near_repeat import NearRepeat
from veedor.record import Points
from veedor.spacetime import Cells, HexagonLattice, Length, Periods, StudyArea

DAY, WEEK = Length(1, "day"), Length(1, "week")
START = np.datetime64("2022-01-03T03:00", "us")


def days(*n):
    return START + np.array([round(86_400e6 * day) for day in n], dtype="timedelta64[us]")


def record(incidents, cells, until, length=DAY):
    return Task(Points.of(incidents, cutoff=days(until)[0], begins=START), "theft", cells, length)


def ahead(history, first, last):
    zone = history.record.zone
    return Periods.stepping(history.cutoff, history.length, first, last, zone)


def intensity(forecaster, history, periods):
    """Shares, with the floor taken off, as multiples of the largest."""
    forecaster._learn_shares(history)
    shares = forecaster.shares(history, periods)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    lifted = shares - shares.min(axis=1, keepdims=True)
    return lifted / lifted.max(axis=1, keepdims=True)


def test_weights_on_nine_cells_are_those_worked_out_by_hand(grid, make_incidents):
    """Cells of 200 m, so half-cell steps of 100 m; incidents at the middle and in a corner.

    Fresh, at (300, 300), the middle one's centre: own cell 0 steps; the four beside it 200 m or 2
    steps, 1/3; the corners 283 m, 2 steps, 1/3.

    Ten days before, at (30, 100) in the south-western cell, 70 m from its centre (100, 100):
    0 steps there; 270 m or 2 steps to the south; 211 m to the west, 2 steps; 336 m to the
    middle, 3 steps; 471 m to the south-east, beyond 400 m, as are all others. One whole
    week, so half of it.
    """
    cells = grid(3, 3, 200.0)
    incidents = make_incidents(days(10.0, 20.0 - 1e-6), [30.0, 300.0], [100.0, 300.0])
    past = record(incidents, cells, 20)
    fresh = {(3, 3): 1.0}
    south_west = {(1, 1): 1.0, (3, 1): 1 / 3, (1, 3): 1 / 3, (3, 3): 1 / 4}
    expected = np.array(
        [
            fresh.get((x, y), 1 / 3) + 0.5 * south_west.get((x, y), 0.0)
            for x, y in zip(cells.x_m // 100, cells.y_m // 100, strict=True)
        ]
    )
    mass = expected + 0.5 / 9
    forecaster = NearRepeat()
    forecaster._learn_shares(past)
    shares = forecaster.shares(past, ahead(past, 0, 1))
    assert forecaster.step_m_ == 100.0
    np.testing.assert_allclose(shares, [mass / mass.sum()], rtol=1e-12)


def test_the_incidents_own_point_decides_the_distance(grid, make_incidents):
    cells = grid(5, 1, 200.0)
    for x, weights in ((500.0, [0, 1 / 3, 1, 1 / 3, 0]), (590.0, [0, 1 / 3, 1, 1 / 2, 1 / 4])):
        past = record(make_incidents(days(19.9), [x], [100.0]), cells, 20)
        found = intensity(NearRepeat(reach_m=350.0), past, ahead(past, 0, 1))
        np.testing.assert_allclose(found[0][np.argsort(cells.x_m)], weights, atol=1e-12)


@pytest.mark.parametrize(
    ("age", "weight"), [(0.5, 1.0), (6.9, 1.0), (7.1, 1 / 2), (14.5, 1 / 3), (59.0, 1 / 9)]
)
def test_weight_halves_after_a_week_and_declines_with_each_more(grid, make_incidents, age, weight):
    cells = grid(9, 1, 500.0)
    when = days(70.0 - age, 69.5)
    past = record(make_incidents(when, [250.0, 4250.0], [250.0, 250.0]), cells, 70)
    found = intensity(NearRepeat(), past, ahead(past, 0, 1))[0]
    assert found[np.argmin(cells.x_m)] == pytest.approx(weight, rel=1e-9)


def test_incidents_older_than_the_reach_do_not_count(grid, make_incidents):
    cells = grid(9, 1, 500.0)
    past = record(make_incidents(days(9.0, 69.5), [250.0, 4250.0], [250.0] * 2), cells, 70)
    west = np.argmin(cells.x_m)
    assert intensity(NearRepeat(), past, ahead(past, 0, 1))[0, west] == 0.0
    assert intensity(NearRepeat(reach_days=62), past, ahead(past, 0, 1))[0, west] > 0.0


def test_the_mean_over_a_period_counts_each_day_and_declines_with_the_lead(grid, make_incidents):
    """Fresh for three days and a week old for four; then one and two weeks old, and so on.

    The one at the other end is two weeks older.
    """
    cells = grid(9, 1, 500.0)
    when = days(28.0 - 18.5, 28.0 - 4.5)
    past = record(make_incidents(when, [4250.0, 250.0], [250.0] * 2), cells, 28, WEEK)
    forecaster = NearRepeat()
    forecaster._learn_shares(past)
    shares = forecaster.shares(past, ahead(past, 0, 12))
    west, east = np.argmin(cells.x_m), np.argmax(cells.x_m)
    for lead in range(12):
        near = (3 / (1 + lead) + 4 / (2 + lead)) / 7
        far = (3 / (3 + lead) + 4 / (4 + lead)) / 7
        floor = 0.5 / 9
        whole = near + far + 0.5
        assert shares[lead, west] == pytest.approx((near + floor) / whole, rel=1e-9)
        assert shares[lead, east] == pytest.approx((far + floor) / whole, rel=1e-9)


def test_an_incident_counts_in_its_own_cell_however_wide(grid, make_incidents):
    cells = grid(3, 1, 2000.0)
    past = record(make_incidents(days(19.5), [10.0], [10.0]), cells, 20)
    found = intensity(NearRepeat(), past, ahead(past, 0, 1))
    np.testing.assert_array_equal(found[0], cells.x_m == cells.x_m.min())


def test_of_days_in_the_record_only_what_was_earlier_counts(grid, make_incidents):
    cells = grid(9, 1, 500.0)
    past = record(make_incidents(days(5.5), [250.0], [250.0]), cells, 8)
    forecaster = NearRepeat()
    forecaster._learn_shares(past)
    shares = forecaster.shares(past, past.periods)
    np.testing.assert_allclose(shares[:6], 1.0 / 9.0)
    assert (shares[6:, np.argmin(cells.x_m)] > 0.5).all()


def test_half_a_cell_counts_half_on_hexagons_too(make_incidents):
    """Of cells at the same steps, the one that the border halves gets half."""
    area = StudyArea(box(0.0, 0.0, 3000.0, 3000.0), "EPSG:32721", "made up")
    cells = Cells.on_lattice(area, HexagonLattice(400.0))
    centre = int(np.argmin(np.hypot(cells.x_m - 1500.0, cells.y_m - 1500.0)))
    past = record(make_incidents(days(19.5), [cells.x_m[centre]], [cells.y_m[centre]]), cells, 20)
    forecaster = NearRepeat(reach_m=5000.0)
    forecaster._learn_shares(past)
    assert forecaster.step_m_ == 200.0
    shares = forecaster.shares(past, ahead(past, 0, 1))[0]
    steps = np.floor(
        np.hypot(cells.x_m - cells.x_m[centre], cells.y_m - cells.y_m[centre]) / 200.0 + 1e-6
    )
    mass = cells.area_km2 * (
        1.0 / (1.0 + steps) / np.median(cells.area_km2) + 0.5 / cells.area_km2.sum()
    )
    np.testing.assert_allclose(shares, mass / mass.sum(), rtol=1e-9)


@pytest.mark.parametrize("parameters", [{"reach_m": 0.0}, {"reach_days": -1}])
def test_reaches_must_be_above_0(grid, make_incidents, parameters):
    past = record(make_incidents(days(9.0), [250.0], [250.0]), grid(2, 2), 10)
    with pytest.raises(StudyError, match=f"{next(iter(parameters))} of NearRepeat"):
        NearRepeat(**parameters).fit(past)


@pytest.mark.parametrize("seed", [0, 1])
def test_contract(seed):
    check_forecaster(NearRepeat(), seed=seed)
