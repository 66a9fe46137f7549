"""A lead: cut-off, time to make and seal a forecast, first period; the same in run and forecast."""

import json

import numpy as np
import pytest
from tests.asking import ask, run_here

from veedor.errors import StudyError
from veedor.forecasters import DEFAULT_FORECASTERS, find_forecaster
from veedor.forecasts import read_cells, read_forecast
from veedor.spacetime import Length, Periods
from veedor.study import load_study
from veedor.study.verification import verify_forecasts
from veedor.tasks import forecast

DAY = np.timedelta64(1, "D")


@pytest.fixture
def led(small_study):
    """The small study with a lead of a day, and so many forecasters as are quick."""
    path = small_study / "study.toml"
    text = path.read_text().replace("origins = 6", 'origins = 3\nlead = "1 day"')
    path.write_text(text)
    return small_study


def test_every_forecast_is_cut_off_a_day_before_its_first_period(led):
    results = run_here(led).results
    periods, category = results.periods, results.categories[0]
    assert periods.lead == "1 day"
    assert periods.origins == tuple(f"2024-06-{day}T00:00-03:00" for day in (10, 17, 24))
    assert periods.data_cutoffs == tuple(f"2024-06-{day:02}T00:00-03:00" for day in (9, 16, 23))
    assert category.trained_on.last == "2024-06-23T00:00-03:00"
    files = sorted((led / "results" / "forecasts").rglob("*.parquet"))
    cells = read_cells(led / "results" / "cells.geojson", "EPSG:32721")
    made = [read_forecast(path, cells) for path in files]
    assert len(made) == 12
    assert all(one.periods.edges[0] - one.data_cutoff == DAY for one in made)
    verified = verify_forecasts(files, led, seed=3).categories[0].examination
    assert {one.forecaster for one in verified.forecasters} == set(category.fitted)
    for one in verified.forecasters:
        for score, value in category.examination.of(one.forecaster).scores.items():
            assert one.scores[score].value == pytest.approx(value.value, rel=1e-12)
    ahead = ask(forecast, study=led).results.forecasts
    assert all(one.periods.edges[0] - one.data_cutoff == DAY for one in ahead)
    assert {str(one.data_cutoff) for one in ahead} == {"2024-06-30T03:00:00.000000"}


def test_what_is_recorded_between_cut_off_and_first_period_is_not_seen(led):
    run_here(led)
    before = json.loads((led / "results" / "results.json").read_text())
    kept = [
        line
        for line in (led / "incidents.csv").read_text().splitlines()
        if not line.split(",")[1].startswith("2024-06-09")
    ]
    (led / "incidents.csv").write_text("\n".join(kept) + "\n")
    run_here(led, into=led / "again")
    after = json.loads((led / "again" / "results.json").read_text())
    first, same = (
        [
            one["by_period"]["expected"][0]
            for one in each["categories"][0]["examination"]["forecasters"]
        ]
        for each in (before, after)
    )
    assert first == same


@pytest.mark.parametrize("name", DEFAULT_FORECASTERS)
def test_every_forecaster_forecasts_after_a_lead(name, recorded, grid):
    history = recorded(1, grid(6, 5), {"robo": np.linspace(0.1, 1.5, 30)}, 56)
    ahead = Periods.stepping(history.cutoff + DAY, Length(1, "week"), 0, 2, "UTC")
    made = find_forecaster(name).load()().fit(history).predict(ahead)
    assert made.periods.edges[0] - made.data_cutoff == DAY
    assert np.isfinite(made.mean).all()


@pytest.mark.parametrize(
    ("length", "lead", "words"),
    [
        ("1 week", "soon", "whole number"),
        ("1 week", "0 days", "whole number"),
        ("1 week", "400 days", "at most a year"),
        ("1 month", "1 day", "in months"),
    ],
)
def test_a_lead_that_cannot_be_is_refused(led, length, lead, words):
    path = led / "study.toml"
    text = path.read_text().replace('"1 day"', f'"{lead}"').replace('"1 week"', f'"{length}"')
    path.write_text(text)
    with pytest.raises(StudyError, match=words):
        load_study(led)
