"""Every forecaster keeps the contract, and the check notices the ones that do not."""

import numpy as np
import pytest
from sklearn.base import clone

from veedor.errors import ContractError, LeakageError, StudyError, TooLittleDataError
from veedor.forecasters import (
    FORECASTERS,
    Forecaster,
    Kernel,
    PastMean,
    check_forecaster,
    make_forecaster,
)
from veedor.forecasts import CountDistribution
from veedor.record import Points
from veedor.spacetime import Length, Periods


@pytest.mark.parametrize("name", FORECASTERS)
@pytest.mark.parametrize("seed", [0, 1])
def test_contract(name, seed):
    check_forecaster(make_forecaster(name), seed=seed)


@pytest.mark.parametrize("name", FORECASTERS)
def test_scikit_learn_clones_it(name):
    forecaster = make_forecaster(name)
    assert clone(forecaster).get_params() == forecaster.get_params()


def test_parameters_are_set_by_name():
    assert Kernel().set_params(bandwidth_m=300.0).bandwidth_m == 300.0
    with pytest.raises(ContractError, match="bandwidth_m"):
        Kernel().set_params(width=3.0)


def test_an_unknown_name_lists_the_known():
    with pytest.raises(StudyError, match="PriorCounts, Stack"):
        make_forecaster("Oracle")


def test_prediction_needs_a_fit():
    periods = Periods.stepping(np.datetime64("2024-01-01", "us"), Length(1, "day"), 0, 1, "UTC")
    with pytest.raises(ContractError, match="must be fitted"):
        PastMean().predict(periods)


class Flat(Forecaster):
    """A forecaster that works; each broken one changes a single thing."""

    def _fit(self, history):
        self.rate_ = (history.counts.values.mean() + 0.01) * np.ones(len(history.cells))

    def _predict(self, periods):
        return CountDistribution(np.tile(self.rate_, (len(periods), 1)), 0.0), None


class ByPosition(Flat):
    def _fit(self, history):
        self.rate_ = np.linspace(0.1, 1.0, len(history.cells))


class Remembers(Flat):
    memory = 0

    def _fit(self, history):
        super()._fit(history)
        type(self).memory += 1
        self.rate_ = self.rate_ * type(self).memory


class ChangesParameters(Flat):
    def __init__(self, level=1.0):
        self.level = level

    def _fit(self, history):
        super()._fit(history)
        self.level = 2.0


class RaisesOnEmpty(Flat):
    def _fit(self, history):
        super()._fit(history)
        if history.counts.total == 0:
            raise StudyError("There must be incidents.")


class SaysTooLittle(Flat):
    def _fit(self, history):
        super()._fit(history)
        if history.counts.total < 100:
            raise TooLittleDataError("There must be incidents.")


class NeverHasEnough(Flat):
    def _fit(self, history):
        raise TooLittleDataError("There must be more.")


class ByPlace(Flat):
    def _fit(self, history):
        super()._fit(history)
        if history.covariates is not None:
            self.rate_ = self.rate_ * np.exp(np.nan_to_num(history.covariates.values[:, 0]))


class NeedsCovariates(Flat):
    def _fit(self, history):
        super()._fit(history)
        if history.covariates is None:
            raise StudyError("There must be covariates.")


class AcceptsNoPeriod(Flat):
    def _fit(self, history):
        self.rate_ = np.ones(len(history.cells))


class ClingsToItsFirstFit(Flat):
    def _fit(self, history):
        super()._fit(history)
        self.rate_ = self.first = getattr(self, "first", self.rate_)


class SpoilsTheHistory(Flat):
    def _fit(self, history):
        super()._fit(history)
        history.counts.values[0, 0] += 1


class ForecastsOtherPeriods(Flat):
    def predict(self, periods):
        return super().predict(Periods(periods.edges[:-1].copy(), periods.time_zone))


class AltersAParameter(Flat):
    def __init__(self, level=1.0):
        self.level = level + 1.0


class DividesByItsTotal(Flat):
    def _fit(self, history):
        self.rate_ = np.full(len(history.cells), 1 // history.counts.total + 0.1)


class HoldsASet(Flat):
    def __init__(self, prior=frozenset({1})):
        self.prior = prior


class Weighs(Flat):
    def _fit(self, history):
        super()._fit(history)
        self.weights_ = {"b": np.float64(0.25), "a": 0.75, "c": float("nan")}
        self.members_absent_ = {"d": "too little"}
        self.inside_ = {"a": np.ones(3)}
        self.none_ = {}


def test_numbers_texts_and_dicts_of_them_are_in_the_forecast(grid, make_incidents):
    from veedor.forecasters import Task

    start = np.datetime64("2024-01-01T03:00", "us") + np.arange(60).astype("timedelta64[D]")
    incidents = make_incidents(start, np.full(60, 10.0), np.full(60, 10.0))
    week = Length(1, "week")
    history = Task(Points.of(incidents, cutoff=start[42]), "theft", grid(2, 2), week)
    ahead = Periods.stepping(start[42], week, 0, 1, incidents.time_zone)
    parameters = Weighs().fit(history).predict(ahead).parameters
    assert parameters == {
        "weights_": {"a": 0.75, "b": 0.25, "c": None},
        "members_absent_": {"d": "too little"},
        "none_": {},
    }
    assert list(parameters["weights_"]) == ["a", "b", "c"]
    assert type(parameters["weights_"]["b"]) is float


def test_the_plain_one_passes():
    check_forecaster(Flat())


def test_one_that_uses_place_covariates_passes():
    check_forecaster(ByPlace())


def test_one_that_says_too_little_data_passes():
    check_forecaster(SaysTooLittle())


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        (ByPosition, "permuting the cells"),
        (Remembers, "data after the cut-off changes nothing"),
        (ChangesParameters, "parameters as given"),
        (ClingsToItsFirstFit, "refitting forgets"),
        (SpoilsTheHistory, "leaves the history as it is"),
        (ForecastsOtherPeriods, "periods asked for"),
        (AltersAParameter, "stores parameters as given"),
        (DividesByItsTotal, "ZeroDivisionError"),
        (HoldsASet, "can be written as JSON"),
        (RaisesOnEmpty, "must forecast from any history with a whole period, or say"),
        (NeverHasEnough, "must forecast from a year"),
        (NeedsCovariates, "must forecast from any history with a whole period, or say"),
        (AcceptsNoPeriod, "without a whole period"),
    ],
)
def test_broken_ones_are_caught_by_name(broken, rule):
    with pytest.raises(ContractError, match=rule):
        check_forecaster(broken())


def test_a_forecast_into_the_past_is_leakage(grid, make_incidents):
    from veedor.forecasters import Task

    start = np.datetime64("2024-01-01T03:00", "us") + np.arange(60).astype("timedelta64[D]")
    incidents = make_incidents(start, np.full(60, 10.0), np.full(60, 10.0))
    history = Task(Points.of(incidents, cutoff=start[40]), "theft", grid(2, 2), Length(1, "week"))
    fitted = PastMean().fit(history)
    before = Periods.stepping(start[30], Length(1, "week"), 0, 1, incidents.time_zone)
    with pytest.raises(LeakageError, match="at or after the cut-off"):
        fitted.predict(before)
