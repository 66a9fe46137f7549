"""Features for training and for forecasting are one function of what was known."""

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest

from veedor.forecasters import Task
from veedor.forecasters.features import BLOCK_DAYS, FIRST_DAYS, FeatureBuilder, TrainingBlocks
from veedor.forecasters.place_record import PlaceRecord
from veedor.forecasters.pooled_prior import PooledPrior
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
def test_a_block_is_trained_on_what_a_forecast_at_its_beginning_would_see(past, delay_days):
    history = past(delay_days)
    builder = FeatureBuilder.learn(history)
    record, blocks = PlaceRecord.of(history), TrainingBlocks.of(history, builder)
    assert len(blocks.features) == (44 * 7 - FIRST_DAYS) // BLOCK_DAYS
    for number, features in enumerate(blocks.features):
        start = history.cutoff - (number + 1) * BLOCK_DAYS * DAY
        assert same(features, builder.at(record, start))
        assert same(features, builder.now(history.until(start)))


def test_blocks_count_what_happened_in_them_latest_first(past):
    history = past()
    blocks = TrainingBlocks.of(history, FeatureBuilder.learn(history))
    weeks = history.counts.values
    for number, counts in enumerate(blocks.counts):
        end = len(weeks) - 4 * number
        np.testing.assert_array_equal(counts, weeks[end - 4 : end].sum(axis=0))
    np.testing.assert_allclose(blocks.expected.sum(axis=1), blocks.counts.sum(axis=1))


@pytest.mark.parametrize("delay_days", [0.0, 9.0])
def test_what_comes_after_the_cutoff_changes_nothing(past, delay_days):
    whole = past(delay_days)
    cutoff = whole.cutoff - 35 * DAY
    cut = whole.until(cutoff)
    known = Task(
        Points.of(cut.points.incidents, cutoff=cutoff, begins=cut.begins),
        "theft",
        cut.cells,
        cut.length,
    )
    first, second = FeatureBuilder.learn(cut), FeatureBuilder.learn(known)
    assert same(first.now(cut), second.now(known))
    assert same(first.at(PlaceRecord.of(cut), cutoff), first.at(PlaceRecord.of(whole), cutoff))


def test_permuted_cells_permute_the_rows(past, grid):
    order = np.random.default_rng(4).permutation(20)
    history = past()
    turned = Task(
        Points.of(history.points.incidents, cutoff=history.cutoff, begins=history.begins),
        "theft",
        history.cells.take(order),
        history.length,
    )
    one = FeatureBuilder.learn(history).now(history)
    other = FeatureBuilder.learn(turned).now(turned)
    np.testing.assert_allclose(other.values, one.values[order], rtol=1e-6, atol=1e-8)
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
    features = FeatureBuilder.learn(history).now(history)
    ratios = [
        value
        for name, value in zip(features.names, features.values[0], strict=True)
        if "days" in name
    ]
    assert len(ratios) == 6
    np.testing.assert_allclose(ratios, 0.0, atol=1e-12)
    assert features.base.tolist() == [1.0]


def test_more_of_late_than_expected_is_a_ratio_above_one(grid, recorded):
    cells = grid(4, 4)
    rate = np.full((40, 16), 0.5)
    rate[36:, 5] = 8.0
    history = recorded(6, cells, {"theft": rate}, 40)
    features = FeatureBuilder.learn(history).now(history)
    column = features.values[:, features.names.index("theft: 21 days, cell")]
    assert int(np.argmax(column)) == 5
    assert column[5] > 1.0 > column.mean()


def test_made_once_for_a_task_and_never_held_by_what_was_made(past):
    history = past()
    builder = FeatureBuilder.learn(history)
    assert FeatureBuilder.learn(history) is builder
    assert builder.now(history) is builder.now(history)
    assert TrainingBlocks.of(history, builder) is TrainingBlocks.of(history, builder)
    earlier = history.until(history.cutoff - 28 * DAY)
    assert builder.now(earlier) is not builder.now(history)
    assert FeatureBuilder.learn(earlier) is not builder
    # No answer holds the record or its memo, so both go as soon as nobody holds them.
    gone = weakref.ref(history.record)
    gc.disable()
    try:
        del history, earlier
        assert gone() is None
    finally:
        gc.enable()


def test_priors_of_a_category_are_fitted_once_for_all_tasks(past, monkeypatch):
    fitted = []
    plain = PooledPrior.fit.__func__
    monkeypatch.setattr(
        PooledPrior,
        "fit",
        classmethod(lambda cls, *given: fitted.append(given[1]) or plain(cls, *given)),
    )
    history = past()
    theft = FeatureBuilder.learn(history)
    arson = FeatureBuilder.learn(replace(history, category="arson"))
    assert (theft.target, arson.target) == (0, 1)
    assert fitted == [0, 1]
