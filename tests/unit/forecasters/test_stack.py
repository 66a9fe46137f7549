from importlib.metadata import EntryPoint

import numpy as np
import pytest

from veedor.errors import StudyError, TooLittleDataError
from veedor.forecasters import (
    FORECASTERS,
    Kernel,
    PriorCounts,
    Recency,
    Stack,
    check_forecaster,
    known_forecasters,
    make_forecaster,
)
from veedor.forecasters.allocation import AllocatingForecaster
from veedor.forecasters.registry import ENTRY_POINTS
from veedor.spacetime import Length, Periods

WEEK = Length(1, "week")
SMALL = ("PriorCounts", "PooledCounts")


@pytest.fixture
def past(grid, recorded):
    def make(weeks=40, length=WEEK):
        cells = grid(6, 5)
        rng = np.random.default_rng(0)
        theft, arson = 0.4 * rng.gamma(0.7, 1.0, (2, len(cells)))
        return recorded(1, cells, {"theft": theft, "arson": arson}, weeks, length=length)

    return make


def ahead(past, periods=3):
    return Periods.stepping(past.cutoff, past.length, 0, periods, past.record.zone)


class Demanding(PriorCounts):
    """Asks for 250 days, which the record has and its first two thirds do not."""

    def _learn_shares(self, history):
        if history.cutoff - history.begins < np.timedelta64(250, "D"):
            raise TooLittleDataError("Demanding needs 250 days.", found="fewer")
        super()._learn_shares(history)


@pytest.fixture
def demanding(monkeypatch):
    here = EntryPoint("Demanding", f"{__name__}:Demanding", ENTRY_POINTS)
    monkeypatch.setitem(FORECASTERS, "Demanding", here)
    known_forecasters.cache_clear()
    yield
    known_forecasters.cache_clear()


def test_contract_of_a_small_one():
    check_forecaster(Stack(SMALL))


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ((), "must be one or more names"),
        (("Kernel", "Kernel"), "each once"),
        (("PriorCounts", "Oracle"), "ships with veedor or with an installed package"),
        (("PastMean",), "that has shares"),
        (("Kernel", "Stack"), "and no Stack"),
    ],
)
def test_members_must_be_known_and_have_shares(past, members, message):
    with pytest.raises(StudyError, match=message) as error:
        Stack(members).fit(past())
    assert not isinstance(error.value, TooLittleDataError)


def test_a_member_may_have_parameters_and_a_name_of_its_own(past):
    history = past()
    wide = {"Wide": {"kind": "Kernel", "bandwidth_m": 1500}}
    stack = Stack(("Kernel", "Wide"), wide).fit(history)
    assert list(stack.weights_) == ["Kernel", "Wide"]
    assert stack.fitted_["Wide"].bandwidth_m_ == 1500.0
    shares = stack.fitted_["Wide"].shares(history, ahead(history))
    alone = Kernel(bandwidth_m=1500.0).fit(history).shares(history, ahead(history))
    assert shares.tobytes() == alone.tobytes()
    with pytest.raises(StudyError, match="Did you mean 'bandwidth_m'"):
        Stack(("Wide",), {"Wide": {"kind": "Kernel", "bandwith_m": 1500}}).fit(history)


def test_shares_are_the_convex_combination(past):
    history = past()
    stack = Stack((*SMALL, "Recency")).fit(history)
    assert list(stack.weights_) == [*SMALL, "Recency"]
    assert sum(stack.weights_.values()) == pytest.approx(1.0)
    periods = ahead(history)
    by_hand = sum(
        weight * make_forecaster(name).fit(history).shares(history, periods)
        for name, weight in stack.weights_.items()
    )
    np.testing.assert_allclose(stack.shares(history, periods), by_hand, rtol=1e-12)
    np.testing.assert_allclose(by_hand.sum(axis=1), 1.0)


def test_weights_are_those_of_blocks_forecast_from_the_record_before_each(past):
    """The slow way round, for forty weeks: three blocks in the last third."""
    from veedor.forecasters.weights import mixture_weights

    history = past()
    weeks = history.periods
    # A third of 280 days is three blocks of 31.1 days; edges are the next Mondays.
    starts = [27, 32, 36]
    early = history.until(weeks.edges[starts[0]])
    members = [make_forecaster(name).fit(early) for name in SMALL]
    probability, times = [], []
    for first, last in zip(starts, [*starts[1:], 40], strict=True):
        before = history.until(weeks.edges[first])
        block = Periods(weeks.edges[first : last + 1].copy(), weeks.time_zone)
        shares = np.stack([member.shares(before, block) for member in members])
        week, cell = np.nonzero(history.counts.values[first:last])
        probability.append(shares[:, week, cell])
        times.append(history.counts.values[first:last][week, cell].astype(float))
    by_hand = mixture_weights(np.concatenate(probability, axis=1), np.concatenate(times), 1.0)
    found = Stack(SMALL).fit(history).weights_
    np.testing.assert_allclose([*found.values()], by_hand, rtol=1e-9)


def test_what_others_learned_of_the_same_task_is_not_learned_again(past, monkeypatch):
    history = past()
    alone = Stack(SMALL).fit(past()).predict(ahead(history))
    for name in SMALL:
        make_forecaster(name).fit(history)
    learned = []
    plain = AllocatingForecaster._learned
    monkeypatch.setattr(
        AllocatingForecaster,
        "_learned",
        lambda self, task: learned.append((type(self).__name__, task.cutoff)) or plain(self, task),
    )
    reused = Stack(SMALL).fit(history).predict(ahead(history))
    assert [name for name, cutoff in learned if cutoff == history.cutoff] == ["Stack"]
    assert alone.mean.tobytes() == reused.mean.tobytes()
    assert alone.distribution.dispersion.tobytes() == reused.distribution.dispersion.tobytes()
    assert alone.parameters == reused.parameters
    # The other way round: what a stack made its members learn is theirs too.
    learned.clear()
    PriorCounts().fit(history)
    assert learned == []


@pytest.mark.parametrize("other", [Kernel(bandwidth_m=5000.0), Recency()])
def test_what_others_learned_otherwise_is_not_taken(past, other):
    history, members = past(), ("PriorCounts", "Kernel")
    alone = Stack(members).fit(past()).predict(ahead(history))
    other.fit(history)
    Kernel().fit(history.until(history.cutoff - np.timedelta64(70, "D")))
    found = Stack(members).fit(history).predict(ahead(history))
    assert alone.mean.tobytes() == found.mean.tobytes()


def test_one_that_could_not_be_tested_is_left_out_and_it_says_why(past, demanding):
    history = past()
    stack = Stack((*SMALL, "Demanding")).fit(history)
    assert list(stack.weights_) == list(stack.fitted_) == list(SMALL)
    assert stack.members_absent_ == {"Demanding": "Demanding needs 250 days. Found: fewer."}
    parameters = stack.predict(ahead(history)).parameters
    assert parameters["members_absent_"] == stack.members_absent_
    assert stack.predict(ahead(history)).mean.tobytes() == (
        Stack(SMALL).fit(history).predict(ahead(history)).mean.tobytes()
    )


def test_one_that_has_too_little_of_the_whole_record_is_left_out(past, demanding):
    stack = Stack((*SMALL, "Demanding")).fit(past(35))
    assert list(stack.weights_) == list(SMALL)
    assert list(stack.members_absent_) == ["Demanding"]


def test_none_that_could_be_tested_share_alike_and_are_not_called_absent(past, demanding):
    stack = Stack(("Demanding",)).fit(past())
    assert stack.weights_ == {"Demanding": 1.0}
    assert stack.members_absent_ == {}


def test_none_that_can_forecast_is_too_little_data(past, demanding):
    with pytest.raises(TooLittleDataError, match="needs a member that can forecast"):
        Stack(("Demanding",)).fit(past(30))


@pytest.mark.parametrize("weeks", [1, 2, 3, 6])
def test_a_short_record_gives_a_forecast(past, weeks):
    history = past(weeks)
    forecast = Stack(SMALL).fit(history).predict(ahead(history))
    assert np.isfinite(forecast.mean).all()
    assert sum(forecast.parameters["weights_"].values()) == pytest.approx(1.0)


@pytest.mark.parametrize("length", [Length(1, "day"), Length(2, "month")])
def test_periods_of_any_length(past, length):
    history = past(length=length)
    mean = Stack(SMALL).fit(history).predict(ahead(history)).mean
    assert np.isfinite(mean).all()
    assert (mean > 0.0).all()


def test_a_fitted_one_holds_nothing_of_the_test(past):
    assert not [name for name in vars(Stack(SMALL).fit(past())) if name.startswith("tested")]


@pytest.fixture
def long_past(past):
    return past(weeks=60)


def test_by_default_it_is_the_mean_of_both_corrections(long_past):
    stack = Stack().fit(long_past)
    assert stack.weights_ == {"Additive": 0.5, "PoissonTrees": 0.5}
    periods = ahead(long_past)
    by_hand = np.mean(
        [
            make_forecaster(name).fit(long_past).shares(long_past, periods)
            for name in stack.weights_
        ],
        axis=0,
    )
    np.testing.assert_allclose(stack.shares(long_past, periods), by_hand, rtol=1e-12)
    late = long_past.periods.part(50, 60)
    ahead_by_hand = np.mean(
        [made.shares_ahead(long_past, late) for made in stack.fitted_.values()], axis=0
    )
    np.testing.assert_allclose(stack.shares_ahead(long_past, late), ahead_by_hand, rtol=1e-12)


def test_one_with_too_little_data_leaves_the_other_alone(past):
    stack = Stack().fit(past(weeks=30))
    assert stack.weights_ == {"Additive": 1.0}
    assert "fortnights" in stack.members_absent_["PoissonTrees"].format()


def test_weights_are_as_asked_for(past):
    history = past()
    equal = Stack(SMALL, weights="equal").fit(history)
    assert equal.weights_ == dict.fromkeys(SMALL, 0.5)
    learned = Stack(SMALL, weights="learned").fit(history)
    assert learned.weights_ == Stack(SMALL).fit(history).weights_ != equal.weights_
    with pytest.raises(StudyError, match="equal or learned"):
        Stack(SMALL, weights="best").fit(history)
