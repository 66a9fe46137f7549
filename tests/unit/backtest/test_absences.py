"""A forecaster that has too little data is left out, kept in the archive, and said everywhere."""

import json
from importlib.metadata import EntryPoint

import numpy as np
import pytest
from tests.asking import ask, run_here

from veedor.backtest import Absence, Archive, SerialExecutor
from veedor.errors import StudyError, TooLittleDataError
from veedor.forecasters import FORECASTERS, Entry, PastMean, PriorCounts, known_forecasters
from veedor.forecasters.registry import ENTRY_POINTS
from veedor.record import Points
from veedor.study.results import Absent
from veedor.tasks import forecast


class Shy(PastMean):
    """Forecasts from 23 weeks on: at the last three origins of the small study."""

    fits = 0

    def _fit(self, history):
        type(self).fits += 1
        if len(history.periods) < 23:
            raise TooLittleDataError(
                "Shy must have 23 weeks.", found=f"{len(history.periods)} weeks", remedy="wait"
            )
        super()._fit(history)


class Silent(PastMean):
    """Never forecasts."""

    def _fit(self, history):
        raise TooLittleDataError("Silent must have everything.", found="less")


@pytest.fixture
def shy_study(small_study, monkeypatch):
    for name in ("Shy", "Silent"):
        here = EntryPoint(name, f"{__name__}:{name}", ENTRY_POINTS)
        monkeypatch.setitem(FORECASTERS, name, here)
    known_forecasters.cache_clear()
    study = small_study / "study.toml"
    text = study.read_text().replace('"Recency", "Kernel", "PastMean"', '"Shy", "PastMean"')
    study.write_text(text)
    Shy.fits = 0
    yield small_study
    known_forecasters.cache_clear()


def run(folder, **options):
    return run_here(folder, **options)


def test_one_that_is_absent_at_some_origins_is_not_scored(shy_study):
    outcome = run(shy_study)
    category = outcome.results.categories[0]
    assert list(category.fitted) == ["PriorCounts", "PastMean"]
    assert [one.forecaster for one in category.examination.forecasters] == list(category.fitted)
    reason = "Shy must have 23 weeks. Found: 22 weeks."
    assert category.absent == (
        Absent(forecaster="Shy", origins_absent=3, origins=6, reason=reason),
    )
    assert Shy.fits == 6
    assert outcome.manifest.fit_and_predict_seconds["Shy"] >= 0.0
    folder = shy_study / "results" / "forecasts" / "robo" / "Shy"
    notes = sorted(folder.glob("*.absent.json"))
    assert len(notes) == len(list(folder.glob("*.parquet"))) == 3
    assert json.loads(notes[-1].read_text()) == {
        "category": "robo",
        "forecaster": "Shy",
        "origin": "2024-06-03T03:00:00.000000",
        "reason": "Shy must have 23 weeks. Found: 22 weeks.",
        "remedy": "wait",
    }


def test_a_run_that_goes_on_does_not_try_again(shy_study):
    class StopsAfter(SerialExecutor):
        def run(self, function, shared, tasks, *, together=None):
            for number, task in enumerate(tasks):
                if number == 4 * 3:  # forecasters
                    raise KeyboardInterrupt
                yield function(shared, task)

    with pytest.raises(KeyboardInterrupt):
        run_here(shy_study, StopsAfter())
    assert Shy.fits == 4
    run(shy_study)
    assert Shy.fits == 6


def test_the_report_and_the_table_say_so(shy_study, tmp_path):
    from veedor.report.words import words_in
    from veedor.report.words.studies import ran

    outcome = run(shy_study, report=True)
    text = (shy_study / "results" / "report.html").read_text(encoding="utf-8")
    assert "Shy is not judged on recorded robo: at 3 of 6 cut-offs it had too little data" in text
    assert "Shy must have 23 weeks. Found: 22 weeks." in text
    assert "1 comparison could not be made: too little data." in text
    assert "Not shown, for too little data: Shy." in text
    assert "3 of 6 cut-offs without" in text
    told = ran(words_in("en"), outcome.page, outcome.results, outcome.folder)
    assert "too little data at 3 of 6 origins" in str(told.details[0].tables)
    assert outcome.page.cover.finding in told.headline[0].sentences


def test_the_next_periods_go_without(shy_study):
    study = shy_study / "study.toml"
    study.write_text(study.read_text().replace('"Shy"', '"Silent"'))
    made = ask(forecast, study=shy_study).results
    assert {one.forecaster for one in made.forecasts} == {"PriorCounts", "PastMean"}
    (absence,) = made.absent
    assert absence.reason == "Silent must have everything. Found: less."
    assert len(list((shy_study / "next").rglob("*.absent.json"))) == 1


def test_without_a_reference_there_is_no_study(shy_study, monkeypatch):
    def nothing(self, history):
        raise TooLittleDataError("PriorCounts must have incidents.", found="none")

    monkeypatch.setattr(PriorCounts, "_fit", nothing)
    with pytest.raises(StudyError, match="enough for its reference") as caught:
        run(shy_study)
    assert not isinstance(caught.value, TooLittleDataError)
    assert "robo" in caught.value.where
    assert not (shy_study / "results").exists()


def test_a_forecast_and_a_note_replace_each_other(tmp_path, grid, make_incidents):
    from veedor.backtest import make_each
    from veedor.forecasters import Task
    from veedor.spacetime import Length, Periods

    start = np.datetime64("2024-01-01T03:00", "us") + np.arange(60).astype("timedelta64[D]")
    incidents = make_incidents(start, np.full(60, 10.0), np.full(60, 10.0))
    week = Length(1, "week")
    history = Task(Points.of(incidents, cutoff=start[42]), "theft", grid(2, 2), week)
    forecast = next(
        make_each([Entry.of("PastMean")], history, Periods.stepping(start[42], week, 0, 1, "UTC"))
    )
    archive, key = Archive(tmp_path), ("theft", "PastMean", start[42])
    assert not archive.has(*key)
    archive.add(Absence(*key, "It must.", ""))
    assert archive.has(*key)
    assert archive.absence(*key).reason == "It must."
    archive.add(forecast)
    assert archive.absence(*key) is None
    assert archive.get(*key, history.cells).mean.tobytes() == forecast.mean.tobytes()
    archive.add(Absence(*key, "It must.", ""))
    assert archive.has(*key)
    assert not archive.path(*key).exists()
