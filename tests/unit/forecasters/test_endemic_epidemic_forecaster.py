"""What `EndemicEpidemic` takes, refuses and says about its fit."""

from dataclasses import replace

import numpy as np
import pytest
from tests.made_areas import counts_of, edition, months, outlines, record_of

from veedor.areas import State
from veedor.errors import NotReportedError, StudyError, TooLittleDataError
from veedor.forecasters import (
    DEFAULT_FORECASTERS,
    EndemicEpidemic,
    PastMean,
    Stack,
    Task,
    check_forecaster,
    make_forecaster,
)
from veedor.forecasters.endemic_epidemic import forecaster as module
from veedor.forecasters.stack import MEMBERS
from veedor.spacetime import Length, Periods


def ahead(past, first=0, last=4):
    return Periods.stepping(past.cutoff, past.length, first, last, past.record.zone)


@pytest.fixture
def past(grid, recorded):
    """Two years of weeks in thirty cells of uneven rates."""
    places = grid(6, 5)
    rate = 1.5 * np.random.default_rng(0).gamma(1.0, 1.0, len(places))
    return recorded(0, places, {"theft": rate}, 104)


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize(
    "forecaster",
    [
        EndemicEpidemic(),
        EndemicEpidemic("common", "first_order", season=0, trend=True),
        EndemicEpidemic("random", "none"),
    ],
)
def test_contract(forecaster, seed):
    check_forecaster(forecaster, seed=seed)


def test_it_runs_only_where_it_is_named():
    assert "EndemicEpidemic" not in DEFAULT_FORECASTERS
    assert "EndemicEpidemic" not in MEMBERS
    assert isinstance(make_forecaster("EndemicEpidemic"), EndemicEpidemic)
    with pytest.raises(StudyError):
        Stack(("PriorCounts", "EndemicEpidemic")).check_parameters()


@pytest.mark.parametrize(
    ("name", "value", "must"),
    [
        ("intercepts", "fixed", "one of random, common"),
        ("weights", "gravity", "one of power_law, first_order, none"),
        ("max_order", 0, "1 to 100"),
        ("max_order", 101, "1 to 100"),
        ("season", -1, "0 to 6"),
        ("season", 7, "0 to 6"),
        ("population", {"0_0": 0.0}, "above 0"),
        ("population", {"0_0": float("inf")}, "above 0"),
    ],
)
def test_parameters_that_cannot_be_used(past, name, value, must):
    with pytest.raises(StudyError, match=f"Parameter {name} of EndemicEpidemic must be {must}"):
        EndemicEpidemic(**{name: value}).fit(past)


def test_a_season_needs_540_days(grid, recorded):
    places = grid(3, 3)
    for weeks, there in ((77, False), (78, True)):
        fitted = EndemicEpidemic().fit(recorded(0, places, {"theft": np.full(9, 2.0)}, weeks))
        assert ("endemic.sin1" in fitted.coefficients_) == there


def test_a_season_is_a_year_long(grid, recorded):
    places = grid(4, 4)
    week = np.arange(208)
    level = 2.0 * np.exp(0.8 * np.sin(2.0 * np.pi * week / 52.1786))
    past = recorded(1, places, {"theft": np.repeat(level[:, None], 16, axis=1)}, 208)
    fitted = EndemicEpidemic().fit(past)
    expected = fitted.predict(ahead(past, 0, 52)).mean.sum(axis=1)
    truth = 32.0 * np.exp(0.8 * np.sin(2.0 * np.pi * (208 + np.arange(52)) / 52.1786))
    assert np.corrcoef(expected, truth)[0, 1] > 0.97


def test_population_is_what_a_rate_is_of(grid, recorded):
    places = grid(6, 5)
    people = dict(zip(places.cell_id.tolist(), np.linspace(1_000.0, 30_000.0, 30), strict=True))
    rate = 2.0 * np.array(list(people.values())) / 15_000.0
    past = recorded(2, places, {"theft": rate}, 60)
    fitted = EndemicEpidemic(population=people).fit(past)
    assert fitted.deviation_ is None or fitted.deviation_ < 0.2
    assert EndemicEpidemic().fit(past).deviation_ > 0.4
    mean = fitted.predict(ahead(past)).mean.mean(axis=0)
    np.testing.assert_allclose(mean / mean.sum(), rate / rate.sum(), rtol=0.35)
    short = dict(list(people.items())[1:])
    with pytest.raises(StudyError, match="of every cell"):
        EndemicEpidemic(population=short).fit(past)


def test_what_was_recorded_last_counts(past):
    fitted = EndemicEpidemic("common", "none", season=0).fit(past)
    echo = np.exp(fitted.coefficients_["autoregressive.intercept"])
    level = np.exp(fitted.coefficients_["endemic.intercept"])
    found = fitted.predict(ahead(past, 0, 1)).mean[0]
    np.testing.assert_allclose(found, level + echo * past.counts.values[-1], rtol=1e-9)


def test_a_period_after_a_gap_is_the_one_it_would_be_without(past):
    fitted = EndemicEpidemic().fit(past)
    all_of_them = fitted.predict(ahead(past, 0, 6)).mean
    np.testing.assert_allclose(fitted.predict(ahead(past, 3, 6)).mean, all_of_them[3:])


def test_other_lengths_are_refused(past):
    fitted = EndemicEpidemic().fit(past)
    month = Periods.stepping(past.cutoff, Length(1, "month"), 0, 1, past.record.zone)
    with pytest.raises(StudyError, match="of the length that it was fitted to"):
        fitted.predict(month)
    far = Periods.stepping(past.cutoff, past.length, 5_000, 5_001, past.record.zone)
    with pytest.raises(StudyError, match="at most 2,000 periods ahead"):
        fitted.predict(far)


def test_late_records_are_no_fall(grid, recorded):
    places = grid(5, 5)
    rate = np.full(25, 3.0)
    late = recorded(3, places, {"theft": rate}, 80, delay_days=10.0)
    expected = EndemicEpidemic().fit(late).predict(ahead(late)).mean.sum(axis=1).mean()
    assert expected == pytest.approx(75.0, rel=0.15)
    assert late.counts.values[-1].sum() < 0.7 * 75.0


def test_months_that_were_not_out_are_a_lead():
    values = np.random.default_rng(0).poisson(6.0, (60, 1, 5))
    values[-1] = 40
    late = Task(
        record_of(counts_of(edition(values, "2023-02-19"))), "a", outlines(4), Length(1, "month")
    )
    fitted = EndemicEpidemic("common", "none", season=0).fit(late)
    far = fitted.predict(months("2023-03", 2)).mean
    level, echo = (
        np.exp(fitted.coefficients_[f"{name}.intercept"]) for name in ("endemic", "autoregressive")
    )
    month = 730.5
    mean = late.counts.values[-1].astype(float)
    for name in ("2023-01", "2023-02", "2023-03"):
        mean = level * months(name, 1).hours[0] / month + echo * mean
    np.testing.assert_allclose(far[0], mean)
    whole = EndemicEpidemic().fit(late).predict(months("2023-03", 2))
    assert np.isfinite(whole.mean).all()


def test_what_was_not_reported_is_no_zero():
    values = np.random.default_rng(1).poisson(8.0, (60, 1, 5))
    whole = edition(values, "2023-01-05")
    state, held = whole.state.copy(), whole.values.copy()
    for span, area in ((20, 1), (21, 1), (40, 3), (59, 0)):
        state[span, 0, area], held[span, 0, area] = State.NOT_REPORTED, 0

    def fitted(one):
        task = Task(record_of(counts_of(one)), "a", outlines(4), Length(1, "month"))
        return EndemicEpidemic("common", "first_order", season=0).fit(task)

    gaps, zeros = fitted(replace(whole, values=held, state=state)), fitted(whole)
    assert (gaps.unreported_, zeros.unreported_) == (4, 0)
    assert gaps.cells_judged_ < zeros.cells_judged_ == 59 * 4
    ahead = months("2023-02", 2)
    found, expected = gaps.predict(ahead), zeros.predict(ahead)
    assert np.isfinite(found.mean).all()
    np.testing.assert_allclose(found.mean, expected.mean, rtol=0.25)
    with pytest.raises(NotReportedError):
        PastMean().fit(gaps.task_)


def test_too_little_data(grid, recorded):
    places = grid(3, 3)
    with pytest.raises(TooLittleDataError, match="at least 10 periods and 20 incidents"):
        EndemicEpidemic().fit(recorded(0, places, {"theft": np.full(9, 9.0)}, 9))
    EndemicEpidemic().fit(recorded(0, places, {"theft": np.full(9, 9.0)}, 10))
    with pytest.raises(TooLittleDataError, match="at least 10 periods and 20 incidents"):
        EndemicEpidemic().fit(recorded(0, places, {"theft": np.full(9, 0.01)}, 60))


def test_too_many_cells(past, monkeypatch):
    monkeypatch.setattr(module, "MOST_CELLS", 29)
    with pytest.raises(StudyError, match="at most 29 cells"):
        EndemicEpidemic().fit(past)
    monkeypatch.setattr(module, "MOST_CELLS", 30)
    EndemicEpidemic().fit(past)


def test_growth_without_bound_is_no_forecast(grid, recorded):
    places = grid(2, 2)
    weekly = np.repeat(2.0 ** np.arange(12)[:, None], 4, axis=1)
    past = recorded(0, places, {"theft": weekly}, 12)
    fitted = EndemicEpidemic("common", "none").fit(past)
    assert fitted.predict(ahead(past, 0, 1)).mean.sum() > weekly[-1].sum()
    with pytest.raises(TooLittleDataError, match="within bounds"):
        fitted.predict(ahead(past, 0, 60))
