"""A memo answers what was asked before, holds no more than it may, and never decides a result."""

import pickle
from types import SimpleNamespace

import numpy as np
import pytest

from veedor.record import Memo


def test_the_least_recently_used_answers_are_forgotten_first():
    memo = Memo(most_bytes=10_000)
    made = []

    def ask(name):
        return memo.ask(name, lambda: made.append(name) or np.zeros(500))

    for name in ("a", "b", "a", "c", "a", "b"):
        ask(name)
    # Four thousand bytes each, so two fit; "a" was used before each of the others came.
    assert made == ["a", "b", "c", "b"]
    assert len(memo) == 2


def test_what_is_larger_than_all_is_given_and_not_kept():
    memo = Memo(most_bytes=1000)
    assert memo.ask("small", lambda: 1) == 1
    assert len(memo.ask("large", lambda: np.zeros(1000))) == 1000
    assert len(memo) == 1
    assert memo.ask("small", lambda: 2) == 1


@pytest.mark.parametrize(
    "held", [list, tuple, lambda parts: {"a": parts}, lambda parts: SimpleNamespace(parts=parts)]
)
def test_what_an_answer_holds_is_counted(held):
    memo = Memo(most_bytes=10_000)
    memo.ask("kept", lambda: 1)
    memo.ask("large", lambda: held([np.zeros(1000), np.zeros(1000)]))
    assert len(memo) == 1


def test_an_answer_may_ask_and_an_error_is_not_kept():
    memo = Memo()
    assert memo.ask("sum", lambda: memo.ask("part", lambda: 2) + 1) == 3

    def fails():
        raise ValueError("too little")

    for _ in range(2):
        with pytest.raises(ValueError, match="too little"):
            memo.ask("fails", fails)
    assert len(memo) == 2


def test_nothing_that_is_known_is_pickled():
    memo = Memo(most_bytes=1234)
    memo.ask("a", lambda: np.zeros(10))
    again = pickle.loads(pickle.dumps(memo))
    assert (len(again), again.most_bytes) == (0, 1234)
