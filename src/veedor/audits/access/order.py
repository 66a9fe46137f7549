"""`in_order`: which rows of the exports are look-ups, each once, in order of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from veedor.arrays import Ints
from veedor.audits.access.coding import Coding
from veedor.audits.access.exports import Export
from veedor.audits.access.repeats import Repeats, find_repeats, mixed
from veedor.audits.access.rows import NO_TIME

_Number = TypeVar("_Number", bound=np.generic)


@dataclass(frozen=True)
class Order:
    """Rows that stay, in order; and the place of each export among the releases."""

    rows: Ints
    releases: npt.NDArray[np.int16]


def in_order(exports: Sequence[Export], codings: Mapping[str, Coding]) -> tuple[Repeats, Order]:
    """Leave out rows released again, and put the others in order of time, whatever came first."""
    ranks = _ranks(exports)
    release = np.repeat(ranks, [len(one.rows) for one in exports])
    content = whole([one.rows.content for one in exports])
    ids = None
    if any(one.rows.id is not None for one in exports):
        ids = whole([
            np.zeros(len(one.rows), np.uint64) if one.rows.id is None else one.rows.id
            for one in exports
        ])  # fmt: skip
    for one in exports:  # nobody reads these again, and each is as long as the log
        one.rows.id, one.rows.content = None, np.empty(0, np.uint64)
    at = whole([one.rows.at for one in exports])
    core = content
    if "user" in codings:
        user = codings["user"].codes
        reason = codings["reason"].codes if "reason" in codings else user
        core = mixed(at, user, reason)
        unknown = (user < 0) | (at == NO_TIME)
        core[unknown] = content[unknown]
    repeats = find_repeats(at, release, ids, content, core)
    del core, ids, release
    rows = np.flatnonzero(repeats.keep)
    when = at[rows]
    when[when == NO_TIME] = np.iinfo(np.int64).max
    order = np.argsort(when, kind="stable")
    order = _ties(when, content, rows, order)
    return repeats, Order(rows[order], ranks)


def _ranks(exports: Sequence[Export]) -> npt.NDArray[np.int16]:
    """Place of each export among the releases: by its first look-up, and then by what it holds."""
    keys = [
        (int(times.min()) if times.size else NO_TIME, -len(one.rows), _sum(one.rows.content))
        for one in exports
        for times in [one.rows.at[one.rows.at != NO_TIME]]
    ]
    ranks = np.empty(len(exports), np.int16)
    ranks[sorted(range(len(exports)), key=lambda place: keys[place])] = np.arange(len(exports))
    return ranks


def _sum(content: npt.NDArray[np.uint64]) -> int:
    return int(np.bitwise_xor.reduce(content)) if content.size else 0


def _ties(when: Ints, content: npt.NDArray[np.uint64], rows: Ints, order: Ints) -> Ints:
    """Put rows of one instant in an order of what they hold, so that files may be in any."""
    ordered = when[order]
    tied = np.zeros(order.size, bool)
    same = ordered[1:] == ordered[:-1]
    tied[1:] |= same
    tied[:-1] |= same
    places = np.flatnonzero(tied)
    if places.size:
        held = order[places]
        order[places] = held[np.lexsort((content[rows[held]], when[held]))]
    return order


def whole(parts: Sequence[npt.NDArray[_Number]]) -> npt.NDArray[_Number]:
    """Put parts of a column together; one alone is not copied."""
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
