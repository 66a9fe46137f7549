"""Promises beside which another can be shown alone: same maker and category, overlapping times."""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass, field

import msgspec
import numpy as np

from veedor.sealing.clock import instant
from veedor.sealing.manifests import Promise
from veedor.sealing.names import brief, skeleton, visible
from veedor.sealing.problems import finding
from veedor.statistics.codes import Finding

_NAMED = 5
#: A log of nothing but rivals is told of in as many steps as one of none.
_MOST_COUNTED = 100


class PromiseNamed(msgspec.Struct, frozen=True, kw_only=True):
    """A promise by its names and its time."""

    entry: int
    category: str
    forecaster: str
    begins: str
    ends: str


class PromiseBeside(msgspec.Struct, frozen=True, kw_only=True):
    """A promise, the first five of those beside which it stands, and how many more.

    `more` is None where they are too many to be counted.
    """

    named: PromiseNamed
    others: tuple[PromiseNamed, ...]
    more: int | None


@dataclass
class _Row:
    """Promises of one maker and category by the beginning of their first period."""

    begins: list[tuple[str, int]] = field(default_factory=list)
    longest: np.timedelta64 = field(default_factory=lambda: np.timedelta64(0, "us"))


class Rivals:
    """Finds promises that overlap in time, maker by maker; see `beside`."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], _Row] = {}
        self._promises: dict[int, Promise] = {}

    def beside(self, number: int, promise: Promise) -> list[PromiseBeside]:
        """Find the earlier promises beside which this one stands, as one result or none.

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
        return [
            PromiseBeside(
                named=_named(number, promise),
                others=tuple(_named(one, self._promises[one]) for one in sorted(others)[:_NAMED]),
                more=None if len(others) > _MOST_COUNTED else max(len(others) - _NAMED, 0),
            )
        ]


def _named(number: int, promise: Promise) -> PromiseNamed:
    return PromiseNamed(
        entry=number,
        category=brief(promise.category),
        forecaster=brief(promise.forecaster),
        begins=promise.periods.edges[0],
        ends=promise.periods.edges[-1],
    )


def invisible(number: int, promise: Promise) -> list[Finding]:
    """Find names with characters that cannot be seen, or that turn the line around."""
    texts = (promise.category, promise.forecaster, promise.version, promise.promised_by)
    return [
        finding("log_name_not_seen", entry=number, name=visible(text)[:80])
        for text in texts
        if not text.isprintable()
    ]
