"""Trees that all categories share: learned once, from every category, and of use to a rare one."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from veedor.forecasters import pooled_trees
from veedor.forecasters.features import Training
from veedor.forecasters.poisson_trees import PoissonTrees
from veedor.forecasters.pooled_counts import PooledCounts
from veedor.forecasters.pooled_trees import PooledTrees
from veedor.forecasters.refits import refit_at
from veedor.forecasters.stack import Stack
from veedor.record import Points
from veedor.spacetime import Periods


def ahead(task, periods=1):
    return Periods.stepping(task.cutoff, task.length, 0, periods, task.record.zone)


def shares_of(forecaster, task):
    return forecaster().fit(task).shares(task, ahead(task))[0]


def course(cells, weeks):
    """What a cell records goes up and down within the year, each at a time of its own."""
    turn = np.random.default_rng(0).uniform(0.0, 2.0 * np.pi, len(cells))
    return np.exp(1.2 * np.sin(2.0 * np.pi * weeks[:, None] / 52.0 + turn))


@pytest.fixture
def waves(grid, recorded):
    """Two categories that take the same course; the second has few incidents."""

    def make(seed=5, weeks=80):
        cells = grid(12, 12)
        rate = course(cells, np.arange(weeks))
        return recorded(seed, cells, {"theft": 0.6 * rate, "arson": 0.05 * rate}, weeks)

    return make


def trees(date, **options):
    return PooledTrees(date, **{**PoissonTrees().get_params(), **options})


def test_they_are_the_same_whoever_asks(waves):
    history = waves()
    lesson = trees(refit_at(history.record.covered))
    arson = replace(waves(), category="arson")
    assert lesson.learn(history).text == lesson.learn(arson).text
    assert lesson.ask(history) is lesson.ask(replace(history, category="arson"))


def test_a_rare_category_learns_from_one_with_many(waves):
    """How what was recorded of late goes on is the same in both: with few one cannot see it."""
    gained = []
    for seed in range(4):
        history = replace(waves(seed), category="arson")
        incidents = history.points.incidents
        rare = Points.of(
            incidents.take(np.flatnonzero(incidents.category == 1)),
            cutoff=history.cutoff,
            begins=history.begins,
        )
        truth = course(history.cells, np.array([80.0]))[0]
        gained.append([
            truth @ np.log(shares_of(PoissonTrees, task) / shares_of(PooledCounts, task))
            / truth.sum()
            for task in (history, replace(history, record=rare))
        ])  # fmt: skip
    with_all, by_itself = np.mean(gained, axis=0)
    assert with_all > by_itself + 0.1


def test_what_is_taught_is_not_learned_again(waves, monkeypatch):
    """Of every lesson that a fit announces; a fit asks for no other."""
    history = waves()
    lessons = [*PoissonTrees(trees=5).lessons(history)]
    assert lessons == [*Stack(named={"PoissonTrees": {"trees": 5}}).lessons(history)]
    assert len(lessons) == len(set(lessons)) > 1
    answers = [pickle.loads(pickle.dumps(lesson.learn(history))) for lesson in lessons]
    expected = PoissonTrees(trees=5).fit(history).predict(ahead(history))
    fresh = waves()
    for lesson, answer in zip(lessons, answers, strict=True):
        lesson.teach(fresh, answer)
    monkeypatch.setattr(PooledTrees, "learn", None)
    found = PoissonTrees(trees=5).fit(fresh).predict(ahead(fresh))
    assert found.distribution.mean.tobytes() == expected.distribution.mean.tobytes()
    assert found.distribution.dispersion.tobytes() == expected.distribution.dispersion.tobytes()


def test_other_parameters_places_and_cells_are_other_lessons(waves, grid):
    history = waves()
    date = refit_at(history.record.covered)
    one = trees(date, trees=2).ask(history)
    assert trees(date, trees=2).ask(history) is one
    assert trees(date, trees=3).ask(history) is not one
    assert trees(date, trees=2, random_state=9).ask(history) is not one
    elsewhere = replace(history, cells=grid(6, 6, 1000.0))
    assert trees(date, trees=2).ask(elsewhere).text != one.text


def test_a_record_too_short_has_no_lesson_and_nothing_grows(waves):
    short = waves(weeks=40)
    assert [*PoissonTrees().lessons(short)] == []
    assert trees(refit_at(short.record.covered)).learn(short) is None


def test_of_a_table_too_long_the_latest_instants_are_learned_from(waves, monkeypatch):
    history = waves()
    date = refit_at(history.record.covered)
    whole, half = (Training.until(history, date, step) for step in (1, 2))
    assert half.instants == whole.instants[::2]
    assert half.instants[0] == whole.instants[0]
    np.testing.assert_array_equal(half.counts, whole.counts[::2])
    rows = 2 * len(history.cells) * len(whole)
    asked = []
    until = Training.until

    def noted(task, date, step):
        asked.append(step)
        return until(task, date, step)

    monkeypatch.setattr(Training, "until", noted)
    for most, step in ((rows, 1), (rows - 1, 2), (rows // 2 - 1, 3)):
        monkeypatch.setattr(pooled_trees, "_MOST_ROWS", most)
        asked.clear()
        trees(date, trees=1).learn(history)
        assert asked == [step, step]
