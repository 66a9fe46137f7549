"""Promises beside which another can be shown alone: same maker and category, overlapping times."""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass, field

import numpy as np

from veedor.sealing.clock import instant
from veedor.sealing.manifests import Promise
from veedor.sealing.names import skeleton, visible

_NAMED = 5
#: A log of nothing but rivals is told of in as many steps as one of none.
_MOST_COUNTED = 100


@dataclass
class _Row:
    """Promises of one maker and category by the beginning of their first period."""

    begins: list[tuple[str, int]] = field(default_factory=list)
    longest: np.timedelta64 = field(default_factory=lambda: np.timedelta64(0, "us"))


class Rivals:
    """Tells of promises that overlap in time, maker by maker; see `told`."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], _Row] = {}
        self._promises: dict[int, Promise] = {}

    def told(self, number: int, promise: Promise) -> list[str]:
        """Tell of the earlier promises beside which this one stands, as one sentence or none.

        Their maker and category have the same name, or one that looks the same, and their periods
        overlap. Log n for n promises that do not.

        Parameters
        ----------
        number : int
            Of its entry, above all before.
        promise : Promise
        """
        begins, ends = promise.periods.edges[0], promise.periods.edges[-1]
        key = (skeleton(promise.forecaster), skeleton(promise.category))
        row = self._rows.setdefault(key, _Row())
        others = []
        earliest = instant(begins) - row.longest
        for at in range(bisect_left(row.begins, (ends, -1)) - 1, -1, -1):
            start, other = row.begins[at]
            if instant(start) <= earliest:
                break
            if self._promises[other].periods.edges[-1] > begins:
                others.append(other)
                if len(others) > _MOST_COUNTED:
                    break
        insort(row.begins, (begins, number))
        row.longest = max(row.longest, instant(ends) - instant(begins))
        self._promises[number] = promise
        if not others:
            return []
        named = ", ".join(self._beside(other, promise) for other in sorted(others)[:_NAMED])
        many = "many" if len(others) > _MOST_COUNTED else str(len(others) - _NAMED)
        more = f" and {many} more" if len(others) > _NAMED else ""
        return [
            f"Entry {number} is another forecast of {promise.category!r} by "
            f"{promise.forecaster!r} from {begins} to {ends}, beside {named}{more}. All of them "
            "count; whoever shows one alone has chosen it."
        ]

    def _beside(self, number: int, promise: Promise) -> str:
        """Name an earlier promise, with what differs: names letter by letter, its own time."""
        other = self._promises[number]
        told = []
        if (other.category, other.forecaster) != (promise.category, promise.forecaster):
            told.append(
                f"as {other.category!a} by {other.forecaster!a}, where this one writes "
                f"{promise.category!a} by {promise.forecaster!a}"
            )
        if other.periods.edges != promise.periods.edges:
            told.append(f"from {other.periods.edges[0]} to {other.periods.edges[-1]}")
        return f"entry {number}" + (f" ({'; '.join(told)})" if told else "")


def invisible(number: int, promise: Promise) -> list[str]:
    """Tell of names with characters that cannot be seen, or that turn the line around."""
    texts = (promise.category, promise.forecaster, promise.version, promise.promised_by)
    return [
        f"Entry {number} has a name with characters that cannot be seen: {visible(text)[:80]!r}."
        for text in texts
        if not text.isprintable()
    ]
