"""`Memo`: what was made of a record, by what was asked."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar

import numpy as np

Answer = TypeVar("Answer")

_MOST_BYTES = 512 * 2**20


class Memo:
    """Answers by question, the latest used; of a record and all cuts of it.

    A question says all that its answer follows from: what is asked, and of which cut-off,
    beginning, category and cells where it depends on them, by value. An answer is never the record
    itself, nor anything that holds it. What is not kept any more is made again: nothing but time
    depends on what a memo holds. It is not pickled.

    Parameters
    ----------
    most_bytes : int
        The least recently used answers beyond are forgotten; one larger than all is not kept.

    Examples
    --------
    >>> memo = Memo()
    >>> memo.ask("half of 8", lambda: 4), memo.ask("half of 8", lambda: 5)
    (4, 4)
    """

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self._answers: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._answers)

    def __reduce__(self) -> tuple[type[Memo], tuple[int]]:
        return Memo, (self.most_bytes,)

    def ask(self, question: Hashable, make: Callable[[], Answer]) -> Answer:
        """Return the answer that is known, or make it; an error that making it raises is not kept.

        Parameters
        ----------
        question : hashable
        make : callable
            May itself ask.
        """
        if question in self._answers:
            self._answers.move_to_end(question)
            known: Answer = self._answers[question][0]
            return known
        answer = make()
        size = _bytes_of(answer, set())
        if size <= self.most_bytes:
            self._answers[question] = (answer, size)
            self._bytes += size
            while self._bytes > self.most_bytes:
                _, (_, freed) = self._answers.popitem(last=False)
                self._bytes -= freed
        return answer


def _bytes_of(value: Any, seen: set[int]) -> int:
    """Memory that a value takes, with all that it holds, about."""
    if id(value) in seen:
        return 0
    seen.add(id(value))
    size = value.nbytes if isinstance(value, np.ndarray) else sys.getsizeof(value, 64)
    if isinstance(value, Mapping):
        parts = [*value.keys(), *value.values()]
    elif isinstance(value, list | tuple | set | frozenset):
        parts = [*value]
    else:
        parts = [*getattr(value, "__dict__", {}).values()]
    return int(size) + sum(_bytes_of(part, seen) for part in parts)
