"""What a worker gets and hands back: all that a task needs, and nothing of where it was asked."""

import pickle
from dataclasses import replace

import numpy as np
from tests.asking import run_here

from veedor.backtest import Backtest, Plan, SerialExecutor
from veedor.files.sealed import key
from veedor.forecasters import Entry
from veedor.forecasters.pooled_trees import PooledTrees
from veedor.record import Points
from veedor.spacetime import Periods


class Elsewhere:
    """An executor whose worker sees no file of the asking machine: all goes as bytes, both ways."""

    def __init__(self):
        self.sent = []

    def run(self, function, shared, tasks, *, together=None):
        known = pickle.dumps((function, shared))
        self.sent.append(known)
        function, shared = pickle.loads(known)
        for task in tasks:
            self.sent.append(pickle.dumps(task))
            yield pickle.loads(pickle.dumps(function(shared, pickle.loads(self.sent[-1]))))


def test_a_run_elsewhere_gives_the_same_bytes(small_study, tmp_path):
    run_here(small_study)
    run_here(small_study, Elsewhere(), into=tmp_path / "results")
    here, there = (
        {
            path.relative_to(folder): path.read_bytes()
            for path in folder.rglob("*.*")
            if path.is_file() and path.name != "manifest.json"
        }
        for folder in (small_study / "results", tmp_path / "results")
    )
    assert here == there


def test_neither_folders_nor_the_key_of_the_seals_are_sent(small_study, tmp_path):
    executor = Elsewhere()
    run_here(small_study, executor, into=tmp_path / "results")
    sent = b"".join(executor.sent)
    assert key() not in sent
    assert str(tmp_path).encode() not in sent
    assert str(small_study).encode() not in sent


def test_what_serves_every_category_is_learned_once_wherever_it_is_needed(
    grid, recorded, tmp_path, monkeypatch
):
    """A process that was told what was learned never learns it; forecasts are the same bytes."""
    cells = grid(5, 5)
    rates = {"theft": np.full(25, 0.8), "arson": np.full(25, 0.5)}
    history = recorded(3, cells, rates, 64)

    def backtest(folder):
        task = replace(history, record=Points.of(
            history.points.incidents, cutoff=history.cutoff, begins=history.begins
        ))  # fmt: skip
        periods = Periods.stepping(history.cutoff, history.length, -4, 0, history.record.zone)
        entries = tuple(Entry.of(name) for name in ("PriorCounts", "Stack", "PoissonTrees"))
        tasks = tuple(replace(task, category=name) for name in rates)
        return Backtest(Plan(tasks, entries, periods, 1), tmp_path / folder)

    def bytes_of(folder):
        files = (path for path in (tmp_path / folder).rglob("*.*") if path.is_file())
        return {path.relative_to(tmp_path / folder): path.read_bytes() for path in files}

    alone = backtest("alone")
    assert len([*alone.run(SerialExecutor())]) == 2 * 4 * 3
    told = backtest("told")
    learned = [*told.learn(Elsewhere())]
    assert {one.lesson for one in learned} == set(told.lessons())
    assert {one.forecaster for one in learned} == {"Stack"}
    monkeypatch.setattr(PooledTrees, "learn", None)
    assert len([*told.knowing(learned).run(Elsewhere())]) == 2 * 4 * 3
    assert bytes_of("told") == bytes_of("alone")
    assert told.lessons() == {}
