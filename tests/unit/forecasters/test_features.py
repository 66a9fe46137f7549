"""Features for training and for forecasting are one function of what was known."""

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest

from veedor.forecasters import Task
from veedor.forecasters.features import Training, features_at
from veedor.forecasters.pooled_prior import PooledPriors
from veedor.forecasters.refits import FIRST, REFIT, STEP, refit_at, training_instants
from veedor.record import Points

DAY = np.timedelta64(1, "D")


@pytest.fixture
def past(grid, recorded):
    def make(delay_days=0.0, weeks=44, cells=None):
        cells = grid(5, 4) if cells is None else cells
        rng = np.random.default_rng(0)
        theft, arson = 0.3 * rng.gamma(1.0, 1.0, (2, len(cells)))
        rates = {"theft": theft, "arson": arson}
        return recorded(1, cells, rates, weeks, delay_days=delay_days)

    return make


def same(one, other):
    return (
        one.names == other.names
        and one.values.tobytes() == other.values.tobytes()
        and one.base.tobytes() == other.base.tobytes()
    )


@pytest.mark.parametrize("delay_days", [0.0, 9.0])
def test_what_is_trained_on_is_what_a_forecast_at_that_instant_would_see(past, delay_days):
    history, apart = past(delay_days), past(delay_days)
    training = Training.until(history, history.cutoff)
    assert len(training) == (44 * 7 - 182) // 14
    for instant, features in zip(training.instants, training.features, strict=True):
        known = apart.until(instant)
        fresh = Task(
            Points.of(known.points.incidents, cutoff=instant, begins=known.begins),
            "theft", known.cells, known.length,
        )  # fmt: skip
        assert same(features, features_at(fresh, instant))


def test_fortnights_count_what_happened_in_them_latest_first(past):
    history = past()
    training = Training.until(history, history.cutoff)
    weeks = history.counts.values
    for number, counts in enumerate(training.counts):
        end = len(weeks) - 2 * number
        np.testing.assert_array_equal(counts, weeks[end - 2 : end].sum(axis=0))
    np.testing.assert_allclose(training.expected.sum(axis=1), training.counts.sum(axis=1))


def test_what_was_not_known_at_the_date_is_not_trained_on(past):
    """Incidents of the last fortnight that were entered after it do not count in it."""
    history = past(9.0)
    date = history.cutoff - REFIT
    ours = Training.until(history, date)
    theirs = Training.until(history.until(date), date)
    np.testing.assert_array_equal(ours.counts, theirs.counts)
    later = Training.until(history, history.cutoff)
    assert later.counts[2:].sum() > ours.counts.sum()


def test_dates_of_learning_follow_from_the_beginning_alone(past):
    history = past()
    covered = history.record.covered
    dates = [refit_at(covered, history.begins + day * DAY) for day in range(182, 308)]
    assert {(date - history.begins) % REFIT for date in dates} == {np.timedelta64(0, "us")}
    assert all(
        np.timedelta64(0) <= history.begins + day * DAY - date < REFIT
        for day, date in zip(range(182, 308), dates, strict=True)
    )
    cut = history.until(history.cutoff - 30 * DAY).record.covered
    assert [refit_at(cut, date) for date in dates[:60]] == dates[:60]
    instants = training_instants(covered, history.cutoff)
    assert instants[-1] == history.begins + FIRST
    assert instants[0] + STEP == history.cutoff


def test_of_a_long_record_two_years_are_trained_on(past):
    history = past()
    covered = history.record.covered._replace(cutoff=history.begins + 2000 * DAY)
    instants = training_instants(covered, covered.cutoff)
    assert len(instants) == 52
    assert instants[0] == history.begins + 1974 * DAY


@pytest.mark.parametrize("delay_days", [0.0, 9.0])
def test_what_comes_after_the_cutoff_changes_nothing(past, delay_days):
    whole = past(delay_days)
    cutoff = whole.cutoff - 35 * DAY
    assert same(features_at(whole, cutoff), features_at(past(delay_days).until(cutoff), cutoff))


def test_permuted_cells_permute_the_rows(past, grid):
    order = np.random.default_rng(4).permutation(20)
    history = past()
    turned = Task(
        Points.of(history.points.incidents, cutoff=history.cutoff, begins=history.begins),
        "theft",
        history.cells.take(order),
        history.length,
    )
    one, other = (features_at(task, history.cutoff) for task in (history, turned))
    np.testing.assert_allclose(other.values, one.values[order], rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(other.base, one.base[order], rtol=1e-6)


def test_a_feature_of_the_recent_past_by_hand(grid, make_incidents):
    """One category, one cell: recorded and expected are the same, so every ratio is 1."""
    from veedor.spacetime import Length

    start = np.datetime64("2024-01-01T03:00", "us")
    incidents = make_incidents(start + np.arange(9) * DAY, np.full(9, 10.0), np.full(9, 10.0))
    history = Task(
        Points.of(incidents, cutoff=start + 70 * DAY, begins=start),
        "theft",
        grid(1, 1),
        Length(1, "week"),
    )
    features = features_at(history, history.cutoff)
    values = dict(zip(features.names, features.values[0], strict=True))
    ratios = [value for name, value in values.items() if "days" in name]
    assert len(ratios) == 4 * 3 + 1
    np.testing.assert_allclose(ratios, 0.0, atol=1e-6)
    assert features.base.tolist() == [1.0]
    # Nine incidents at one address: one point, nine at the busiest, every pair shares it.
    assert values["points of any category"] == pytest.approx(np.log(2.0))
    assert values["points by count"] == pytest.approx(np.log(2.0 / 10.0))
    assert values["points of any category by count"] == pytest.approx(np.log(2.0 / 10.0))
    assert values["busiest point"] == pytest.approx(np.log(10.0))
    assert values["pairs at one point"] == pytest.approx(np.log((72 + 0.45 + 0.5) / (72 + 9 + 1)))


def test_more_of_late_than_expected_is_a_ratio_above_one(grid, recorded):
    cells = grid(4, 4)
    rate = np.full((40, 16), 0.5)
    rate[36:, 5] = 8.0
    history = recorded(6, cells, {"theft": rate}, 40)
    features = features_at(history, history.cutoff)
    column = features.values[:, features.names.index("theft: 10 days, cell")]
    assert int(np.argmax(column)) == 5
    assert column[5] > 1.0 > column.mean()


def test_points_that_are_busy_of_late_are_told_from_cells_that_are(grid, make_incidents):
    """Two cells of twenty, ten of them at one corner; in one the last ones were at that corner."""
    cells = grid(2, 1)
    spread = np.arange(10) * 11.0 + 20.0
    days = np.arange(1, 21)
    first_x = np.concatenate([spread, np.full(10, 5.0)])
    second_x = np.concatenate([np.full(10, 505.0), 500.0 + spread])
    start = np.datetime64("2024-01-01T03:00", "us")
    incidents = make_incidents(
        start + np.tile(days, 2) * 14 * DAY, np.concatenate([first_x, second_x]), np.full(40, 5.0)
    )
    from veedor.spacetime import Length

    record = Points.of(incidents, cutoff=start + 290 * DAY, begins=start)
    history = Task(record, "theft", cells, Length(1, "week"))
    features = features_at(history, history.cutoff)
    values = {name: features.values[:, number] for number, name in enumerate(features.names)}
    busy = values["busy points, 60 days"]
    assert busy[0] > 0.0 > busy[1]
    np.testing.assert_allclose(values["busiest point"], np.log(11.0), rtol=1e-6)
    np.testing.assert_allclose(values["points by count"], np.log(12.0 / 21.0), rtol=1e-6)


def test_of_many_other_categories_those_with_the_most_enter(grid, recorded):
    cells = grid(3, 3)
    rates = {f"kind {number}": np.full(9, 0.1 + 0.05 * number) for number in range(11)}
    history = recorded(7, cells, rates, 40)
    names = features_at(history, history.cutoff).names
    assert "kind 0: long-run share" in names  # the one that is forecast
    assert {"kind 1: long-run share", "kind 2: long-run share"}.isdisjoint(names)
    assert "kind 3: 10 days, cell" in names
    assert sum(name.endswith(": long-run share") for name in names) == 9
    assert "270 days, cell, all categories" in names


def test_columns_that_trees_share_are_the_same_of_every_category(grid, recorded):
    """Also where a category has the name of all together, or one that begins like another's."""
    cells = grid(3, 3)
    rates = {name: np.full(9, 0.3 + number) for number, name in enumerate(("all", "a", "a: b"))}
    history = recorded(7, cells, rates, 40)
    shared = {}
    for name in rates:
        features = features_at(replace(history, category=name), history.cutoff)
        assert len(set(features.names)) == features.values.shape[1]
        named = [features.names[number] for number in features.alike]
        shared[name] = [part.removeprefix(f"{name}: ") for part in named]
    assert shared["all"] == shared["a"] == shared["a: b"]
    assert len(shared["a"]) == 1 + 4 * 4 + 4 + 7
    levels = [features_at(replace(history, category=name), history.cutoff).level for name in rates]
    expected = np.array([0.3, 1.3, 2.3]) * 365.0 / 7.0
    np.testing.assert_allclose(np.exp(levels), expected, rtol=0.15)


def test_made_once_for_an_instant_and_never_held_by_what_was_made(past):
    history = past()
    features = features_at(history, history.cutoff)
    assert features_at(history, history.cutoff) is features
    earlier = history.until(history.cutoff - 28 * DAY)
    assert features_at(earlier, earlier.cutoff) is features_at(history, earlier.cutoff)
    # No answer holds the record or its memo, so both go as soon as nobody holds them.
    gone = weakref.ref(history.record)
    gc.disable()
    try:
        del history, earlier
        assert gone() is None
    finally:
        gc.enable()


def test_priors_are_fitted_once_for_all_categories(past, monkeypatch):
    fitted = []
    plain = PooledPriors.fit.__func__
    monkeypatch.setattr(
        PooledPriors,
        "fit",
        classmethod(lambda cls, *given: fitted.append(len(given[0])) or plain(cls, *given)),
    )
    history = past()
    features_at(history, history.cutoff)
    features_at(replace(history, category="arson"), history.cutoff)
    assert fitted == [2]
