"""Executors run every task once, hand results over as they are made, and end with an error."""

import os
import subprocess
import sys
import time

import numpy as np
import pytest

from veedor.backtest import ProcessExecutor, SerialExecutor, make_executor
from veedor.backtest.executors.dealing import Deal
from veedor.errors import StudyError


def add(shared, task):
    return shared["array"][task] + shared["one"], os.getpid()


def fail_at_three(shared, task):
    if task == 3:
        raise StudyError("It must not be three.", found="three")
    time.sleep(0.0 if task < 3 else 60.0)
    return task


def writeable(shared, task):
    return shared.flags.writeable, type(shared)


SHARED = {"array": np.arange(300_000.0), "one": 1.0}


def test_processes_give_what_one_process_gives():
    expected = [result for result, _ in SerialExecutor().run(add, SHARED, range(20))]
    executor = ProcessExecutor(2)
    for _ in range(2):
        found = list(executor.run(add, SHARED, range(20)))
        assert sorted(result for result, _ in found) == expected
        assert os.getpid() not in {pid for _, pid in found}
    assert list(executor.run(add, SHARED, [])) == []


def test_each_process_begins_with_a_group_of_its_own():
    tasks = [0, 1, 2, 10, 11, 12]
    found = dict(ProcessExecutor(2).run(add, SHARED, tasks, together=lambda task: task // 10))
    assert sorted(found) == [1.0, 2.0, 3.0, 11.0, 12.0, 13.0]
    assert found[1.0] != found[11.0]


def test_large_arrays_are_mapped_and_nobody_can_change_them():
    array = np.zeros(2**18)
    found = set(ProcessExecutor(2).run(writeable, array, range(2)))
    assert found == {(False, np.ndarray)}


def test_an_error_of_a_task_ends_the_run_at_once():
    began = time.monotonic()
    with pytest.raises(StudyError, match="must not be three"):
        list(ProcessExecutor(2).run(fail_at_three, None, range(8)))
    assert time.monotonic() - began < 30.0


def test_what_is_done_comes_before_the_rest_is():
    """A run that is broken off keeps all but what the workers were at."""
    running = ProcessExecutor(2).run(fail_at_three, None, [0, 1, 2, 4], together=lambda _: 0)
    assert sorted(next(running) for _ in range(2))[0] == 0
    running.close()


@pytest.mark.parametrize(
    "asked", [{"workers": 2, "scheduler": "tcp://here:1"}, {"store": "file:///there"}]
)
def test_what_does_not_go_together_is_refused(asked):
    with pytest.raises(StudyError, match="here, or on the workers of a scheduler"):
        make_executor(**asked)


def test_without_dask_the_error_names_the_extra(monkeypatch):
    monkeypatch.setattr("veedor.backtest.executors.serial.find_spec", lambda _: None)
    with pytest.raises(StudyError, match=r"veedor\[cluster\]"):
        make_executor(scheduler="tcp://here:1")


def test_dask_is_imported_only_where_a_scheduler_is_named():
    code = "import sys, veedor.tasks.run, veedor.backtest; assert 'distributed' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_worker_without_a_task_takes_half_of_what_another_has_before_it():
    deal = Deal(range(9), lambda _: 0)
    assert deal.take("slow") == (0, 0)
    taken = []
    while (given := deal.take("fast")) is not None:
        taken.append(given[1])
    assert sorted(taken) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert deal.take("slow") is None


@pytest.mark.parametrize(("left", "seconds", "is_shared"), [(12, 1.0, False), (40, 1.0, True)])
def test_a_group_that_is_nearly_done_is_not_learned_once_more(left, seconds, is_shared):
    """The first task took 10 s, each other 1 s: half of 12 is less than 10 s, half of 40 more."""
    now = [0.0]
    deal = Deal(range(left + 3), lambda _: 0, clock=lambda: now[0])
    for took in (10.0, seconds, seconds):
        deal.take("first")
        now[0] += took
    deal.take("first")
    assert (deal.take("idle") is not None) == is_shared
    assert deal.holds
    now[0] += 10.5
    assert deal.take("idle") is not None, "who is at a task for longer than any took is slow"


def test_a_task_that_was_not_done_is_given_out_next():
    deal = Deal("abc")
    number, task = deal.take(1)
    assert deal.take(2) == (1, "b")
    deal.give_back(number, task)
    assert [deal.take(2), deal.take(2), deal.take(2)] == [(0, "a"), (2, "c"), None]


def test_tasks_that_stand_alone_are_made_as_they_are_given_out():
    made = []
    deal = Deal(made.append(number) or number for number in range(100))
    deal.take(1), deal.take(2)
    assert made == [0, 1]


def test_more_may_come_until_it_is_known_that_nothing_does():
    deal = Deal(iter([1, 2]))
    assert deal.may_give
    assert not deal.holds
    given = [deal.take("one"), deal.take("one")]
    assert deal.may_give
    assert (given, deal.take("one")) == ([(0, 1), (1, 2)], None)
    assert not deal.may_give
    deal.give_back(0, 1)
    assert deal.may_give
