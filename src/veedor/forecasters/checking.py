"""`check_forecaster`: one public check that every forecaster, ours or yours, must pass."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from typing import Any

import numpy as np
from shapely import box

from veedor.errors import ContractError, StudyError, TooLittleDataError, VeedorError, phrase
from veedor.forecasters.calendars import Region
from veedor.forecasters.contract import Forecaster
from veedor.forecasters.covariates import Covariates
from veedor.forecasters.task import Task
from veedor.forecasts import Forecast
from veedor.incidents import Category, Incidents
from veedor.record import Points
from veedor.spacetime import Cells, Length, Periods, SquareLattice, StudyArea

_ZONE = "America/Argentina/Buenos_Aires"
_CRS = "EPSG:32721"
_WEEK = Length(1, "week")
_BEGINS = np.datetime64("2024-01-01T03:00:00", "us")


def check_forecaster(forecaster: Forecaster, *, seed: int = 0) -> None:
    """Check that a forecaster keeps the contract, on made-up data.

    - data after the cut-off changes nothing;
    - permuting the cells, and their covariates, permutes the forecast;
    - a cell that recorded nothing gets a mean above 0, and every number is finite;
    - the same record gives the same bytes, also after a fit to another one and a pickle, and
      whether or not the memo of the record knows something already;
    - `__init__` only stores parameters, and `fit` changes neither them nor the history;
    - the forecast is of the category, cells and periods asked for, with the cut-off of its history;
    - parameters, as set and as fitted, can be written as JSON without NaN;
    - an empty history, one cell and one period, without covariates, give a forecast, or a
      `TooLittleDataError`; no whole period a `StudyError`.

    Parameters
    ----------
    forecaster : Forecaster
    seed : int
        Of the made-up data.

    Raises
    ------
    ContractError
        Names the rule that was broken.

    Examples
    --------
    >>> from veedor.forecasters import PastMean
    >>> check_forecaster(PastMean())
    """
    name = type(forecaster).__name__
    rng = np.random.default_rng(seed)
    cells = _made_up_cells(6, 5)
    incidents = _made_up_incidents(rng, cells, weeks=60)
    cutoff = _week_edge(52)
    ahead = Periods.stepping(cutoff, _WEEK, 0, 3, _ZONE)

    def anew() -> Task:
        return _task(incidents, cells, cutoff, _made_up_covariates(cells))

    task = anew()
    given = dict(forecaster.get_params())
    _require(
        name,
        phrase("`__init__` stores parameters as given"),
        _fresh(forecaster).get_params() == given,
    )
    seen = _bytes_of(task)
    first = _run(forecaster, task, ahead)

    _require(name, phrase("fit leaves the history as it is"), _bytes_of(task) == seen)
    _require(
        name,
        phrase(
            "a forecast is of the category, cells and periods asked for, from its history's cut-off"
        ),
        first.category == task.category
        and first.cells is task.cells
        and np.array_equal(first.periods.edges, ahead.edges)
        and first.data_cutoff == cutoff,
    )
    _require(
        name,
        phrase("every mean is finite and above 0, also where nothing was recorded"),
        bool(np.all(np.isfinite(first.mean)) and np.all(first.mean > 0.0)),
    )
    _require(name, phrase("fit leaves parameters as given"), given == forecaster.get_params())
    _require(
        name,
        phrase("parameters, as set and as fitted, can be written as JSON"),
        _is_json(first.parameters),
    )

    cut = incidents.take(np.flatnonzero(incidents.end <= cutoff))
    known = _task(cut, cells, cutoff, _made_up_covariates(cells))
    _require(
        name,
        phrase("data after the cut-off changes nothing"),
        _same(first, _run(_fresh(forecaster), known, ahead)),
    )
    other = _fresh(forecaster)
    _run_or_pass(other, task.until(_week_edge(40)), ahead)
    for fitted_before in (other, forecaster):
        _require(
            name, phrase("refitting forgets"), _same(first, _run(fitted_before, anew(), ahead))
        )
    again = _run(_fresh(forecaster), task, ahead)
    _require(
        name, phrase("what is known of the record already changes nothing"), _same(first, again)
    )
    try:
        thawed: Forecaster = pickle.loads(pickle.dumps(forecaster))  # noqa: S301 - our own bytes
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise ContractError(
            phrase("{name} must survive pickling, to run in another process.", name=name),
            found=str(error),
        ) from error
    _require(name, phrase("a pickled copy forecasts the same"), _same(first, thawed.predict(ahead)))

    order = rng.permutation(len(cells))
    turned = cells.take(order)
    permuted = _run(
        _fresh(forecaster), _task(incidents, turned, cutoff, _made_up_covariates(turned)), ahead
    )
    _require(
        name,
        phrase("permuting the cells permutes the forecast"),
        bool(np.allclose(permuted.mean, first.mean[:, order], rtol=1e-6)),
    )

    nothing = incidents.take(np.zeros(0, dtype=np.int64))
    empty = _run_or_pass(_fresh(forecaster), _task(nothing, cells, cutoff), ahead)
    _require(
        name,
        phrase("an empty history gives small means above 0"),
        empty is None or bool(np.all(empty.mean > 0.0)),
    )
    single = _made_up_cells(1, 1)
    one_cell = _run_or_pass(_fresh(forecaster), _task(incidents, single, cutoff), ahead)
    _require(
        name, phrase("one cell gives a forecast"), one_cell is None or one_cell.mean.shape == (3, 1)
    )
    one_period = _task(incidents, cells, _week_edge(1))
    after_one = Periods.stepping(_week_edge(1), _WEEK, 0, 1, _ZONE)
    _run_or_pass(_fresh(forecaster), one_period, after_one)
    refused = False
    try:
        _fresh(forecaster).fit(_task(incidents, cells, _BEGINS + np.timedelta64(3, "D")))
    except StudyError:
        refused = True
    _require(name, phrase("a history without a whole period is a StudyError"), refused)


def _run(forecaster: Forecaster, task: Task, ahead: Periods) -> Forecast:
    found = _run_or_pass(forecaster, task, ahead)
    if found is None:
        raise ContractError(
            phrase(
                "{name} must forecast from a year with hundreds of incidents.",
                name=type(forecaster).__name__,
            ),
            found=phrase("that there is too little data for it"),
        )
    return found


def _run_or_pass(forecaster: Forecaster, task: Task, ahead: Periods) -> Forecast | None:
    """Forecast; None where it says that there is too little data."""
    try:
        return forecaster.fit(task).predict(ahead)
    except TooLittleDataError:
        return None
    except Exception as error:
        raise ContractError(
            phrase(
                "{name} must forecast from any history with a whole period, or say that there "
                "is too little data.",
                name=type(forecaster).__name__,
            ),
            found=_told(error),
        ) from error


def _told(error: Exception) -> str:
    """What went wrong, by name where it was not foreseen."""
    return str(error) if isinstance(error, VeedorError) else f"{type(error).__name__}: {error}"


def _bytes_of(task: Task) -> tuple[bytes, ...]:
    """What a forecaster could spoil for the next one that is given the same history."""
    points = task.points
    incidents, cell = points.incidents, points.cell_of(task.cells)
    arrays = (task.counts.values, cell, incidents.x_m, incidents.y_m, incidents.start)
    return tuple(array.tobytes() for array in arrays)


def _fresh(forecaster: Forecaster) -> Forecaster:
    return type(forecaster)(**forecaster.get_params())


def _require(name: str, rule: str, kept: bool) -> None:
    if not kept:
        raise ContractError(
            phrase("{name} must keep the rule: {rule}.", name=name, rule=rule),
            found=phrase("that it does not"),
        )


def _is_json(value: Any) -> bool:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return False
    return True


def _same(first: Forecast, second: Forecast) -> bool:
    return (
        first.mean.tobytes() == second.mean.tobytes()
        and first.distribution.dispersion.tobytes() == second.distribution.dispersion.tobytes()
    )


def _task(
    incidents: Incidents,
    cells: Cells,
    cutoff: np.datetime64,
    covariates: Covariates | None = None,
) -> Task:
    """Task on a record of its own: what was learned from another is not known here."""
    record = Points.of(incidents, cutoff=cutoff, begins=_BEGINS)
    return Task(record, "recorded", cells, _WEEK, Region("AR"), covariates)


def _made_up_covariates(cells: Cells) -> Covariates:
    """Numbers that go with the place, wherever its cell stands; one is not known."""
    slope = np.sin(cells.x_m / 700.0) + np.cos(cells.y_m / 900.0)
    slope[np.lexsort((cells.x_m, cells.y_m))[-1]] = np.nan
    return Covariates(("slope",), ("terrain",), slope[:, None])


def _week_edge(week: int) -> np.datetime64:
    edge: np.datetime64 = _BEGINS + np.timedelta64(7 * week, "D")
    return edge


def _made_up_cells(columns: int, rows: int) -> Cells:
    east, north = 370_000.0, 6_160_000.0
    ground = box(east, north, east + 500.0 * columns, north + 500.0 * rows)
    return Cells.on_lattice(StudyArea(ground, _CRS, "made up"), SquareLattice(500.0))


def _made_up_incidents(rng: np.random.Generator, cells: Cells, weeks: int) -> Incidents:
    """Incidents at uneven rates, none in the first cell, a few without a place."""
    rate = rng.gamma(0.7, 1.0, len(cells))
    rate[0] = 0.0
    n = 900
    cell = rng.choice(len(cells), n, p=rate / rate.sum())
    x = cells.x_m[cell] + rng.uniform(-200.0, 200.0, n)
    y = cells.y_m[cell] + rng.uniform(-200.0, 200.0, n)
    x[:20] = np.nan
    y[:20] = np.nan
    minutes = np.sort(rng.integers(0, weeks * 7 * 24 * 60, n))
    start = _BEGINS + minutes.astype("timedelta64[m]")
    incidents = Incidents(
        id=np.arange(n),
        category=np.zeros(n, dtype=np.int16),
        start=start,
        end=start,
        reported_at=None,
        x_m=x,
        y_m=y,
        precision_m=None,
        categories=(Category("recorded", "reported"),),
        crs=_CRS,
        time_zone=_ZONE,
    )
    return replace(incidents, reported_at=start + rng.integers(0, 72, n).astype("timedelta64[h]"))
