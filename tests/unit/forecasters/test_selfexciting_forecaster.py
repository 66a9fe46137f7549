"""What `SelfExciting` takes, refuses and says about its fit."""

import json

import numpy as np
import pytest
import shapely

from veedor.errors import ContractError, StudyError, TooLittleDataError
from veedor.forecasters import Task, check_forecaster
from veedor.forecasters.selfexciting import SelfExciting
from veedor.forecasters.selfexciting.ground import Ground
from veedor.record import Points
from veedor.spacetime import Cells, HexagonLattice, Length, Periods, StudyArea

WEEK = Length(1, "week")
START = np.datetime64("2022-01-03T03:00", "us")
DAYS = 140


@pytest.fixture
def history(make_incidents):
    def make(cells, n=600, length=WEEK, days=DAYS):
        rng = np.random.default_rng(3)
        when = START + np.sort(rng.uniform(0, days * 86400e6, n)).astype("timedelta64[us]")
        x, y = rng.uniform(0, 3000, n), rng.uniform(0, 3000, n)
        x[n // 2 :], y[n // 2 :] = x[: n - n // 2], y[: n - n // 2]
        return Task(
            Points.of(
                make_incidents(when, x, y), cutoff=START + np.timedelta64(days, "D"), begins=START
            ),
            "theft",
            cells,
            length,
        )

    return make


def ahead(past, length=WEEK, number=2):
    return Periods.stepping(past.cutoff, length, 0, number, past.record.zone)


@pytest.mark.parametrize("seed", [0, 1])
def test_contract(seed):
    check_forecaster(SelfExciting(), seed=seed)


def test_contract_of_the_other_families():
    check_forecaster(SelfExciting("power", "power", "kernel", reach_m=400.0, reach_days=30))


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ({"time_kernel": "weibull"}, "time_kernel"),
        ({"space_kernel": "exponential"}, "space_kernel"),
        ({"background": "raster"}, "background"),
        ({"resolution_m": 20.0}, "resolution_m"),
        ({"resolution_m": float("nan")}, "resolution_m"),
        ({"reach_m": 120.0}, "reach_m"),
        ({"reach_m": float("inf")}, "reach_m"),
        ({"reach_days": 1}, "reach_days"),
        ({"reach_days": 7.5}, "reach_days"),
        ({"reach_days": True}, "reach_days"),
        ({"reach_days": 60_000}, "reach_days"),
    ],
)
def test_a_parameter_that_cannot_be_is_named(grid, history, parameters, name):
    with pytest.raises(StudyError, match=f"Parameter {name} of SelfExciting must be"):
        SelfExciting(**parameters).fit(history(grid(6, 6)))


def test_too_few_incidents_or_days_are_said(grid, history):
    with pytest.raises(TooLittleDataError, match="199 incidents"):
        SelfExciting().fit(history(grid(6, 6), n=199))
    with pytest.raises(TooLittleDataError, match="28 days"):
        SelfExciting().fit(history(grid(6, 6), days=28))
    SelfExciting().fit(history(grid(6, 6), n=200))


def test_what_was_learned_is_said_in_numbers(grid, history):
    fitted = SelfExciting().fit(history(grid(6, 6)))
    said = json.loads(json.dumps(fitted._fitted()))
    for name in ("kappa_", "branching_ratio_", "mean_lag_days_", "sigma_m_", "log_likelihood_"):
        assert isinstance(said[name], float)
    assert said["converged_"] is True
    assert said["iterations_"] > 1
    assert 0.0 <= said["truncated_time_"] < 1.0
    assert said["kappa_"] < 1.0


@pytest.mark.parametrize("shape", ["squares", "hexagons", "polygons"])
def test_any_cells_and_any_record_on_them(grid, history, shape):
    cells = grid(6, 6)
    if shape == "hexagons":
        area = StudyArea(shapely.box(0, 0, 3000, 3000), cells.crs, "made up")
        cells = Cells.on_lattice(area, HexagonLattice(400.0))
    elif shape == "polygons":
        strips = shapely.box(0, np.arange(6) * 500.0, 3000, np.arange(1, 7) * 500.0)
        cells = Cells.from_polygons(strips, list("abcdef"), cells.crs, source="made up")
    past = history(cells)
    fitted = SelfExciting().fit(past)
    for known in (past, past.until(START + np.timedelta64(70, "D"))):
        shares = fitted.shares(known, ahead(known))
        assert shares.shape == (2, len(cells))
        assert np.all(shares > 0.0)
        np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    longer = history(cells, n=800, days=DAYS + 14)
    assert np.isfinite(fitted.shares(longer, ahead(longer))).all()


def test_hours_of_a_day_have_the_shares_of_the_day(grid, history):
    past = history(grid(6, 6), length=Length(8, "hour"))
    fitted = SelfExciting().fit(past)
    shares = fitted.shares(past, ahead(past, Length(8, "hour"), 4))
    np.testing.assert_allclose(shares[0], shares[2], rtol=1e-12)
    assert np.abs(shares[3] - shares[2]).max() > 0.0
    with pytest.raises(StudyError, match="whole days"):
        fitted.simulate(ahead(past, Length(8, "hour"), 4), np.random.default_rng(0), 2)


def test_simulation_needs_a_fit():
    periods = Periods.stepping(START, WEEK, 0, 1, "UTC")
    with pytest.raises(ContractError, match="fitted"):
        SelfExciting().simulate(periods, np.random.default_rng(0), 1)


def test_squares_of_the_background_fit_the_cells_and_cover_their_ground(grid):
    ground = Ground.of(grid(4, 4, 250.0), 100.0)
    assert ground.squares.lattice.size_m == 125.0
    assert len(ground) == 64
    assert ground.area_km2.sum() == pytest.approx(1.0)
    corner = ground.square_of(np.array([1000.0]), np.array([1000.0]))
    assert ground.squares.i[corner] == 7
    assert ground.inside(np.array([-5.0, 5.0]), np.array([5.0, 5.0])).tolist() == [0.0, 1.0]


def test_ground_of_a_resolution(grid):
    cells = grid(4, 4, 250.0)
    assert Ground.of(cells, 250.0).squares.lattice.size_m == 250.0


def test_points_whose_surroundings_lie_in_the_cells(grid):
    ground = Ground.of(grid(8, 8, 250.0), 100.0)
    x = np.array([1000.0, 130.0, 560.0, 1000.0, -50.0])
    y = np.array([1000.0, 1000.0, 1000.0, 1900.0, 1000.0])
    assert ground.surrounded(x, y, 500.0).tolist() == [True, False, True, False, False]
