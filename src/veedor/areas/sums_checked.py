"""Whether what is declared to be a sum is one, cell by cell, in every edition."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from veedor.areas.counts import AreaCounts
from veedor.areas.edition import Edition
from veedor.areas.names import Sum
from veedor.areas.quality_report import Axis, FailingSum, SumChecked
from veedor.areas.states import State
from veedor.arrays import Bools, Ints

_LARGEST = 10


def check_sums(record: AreaCounts) -> Iterator[SumChecked]:
    """Compare every declared sum that is printed with its parts in every edition.

    A part to which nothing applies adds nothing; where one was not reported, or the edition lacks
    it, the sum cannot be checked. A total that was not reported, or to which nothing applies, is
    no cell to check.
    """
    axes: tuple[tuple[Axis, tuple[Sum, ...], dict[str, int]], ...] = (
        ("areas", record.area_sums.declared, record.area_index),
        ("offences", record.offence_sums.declared, record.offence_index),
    )
    for edition in record.editions:
        for axis, declared, index in axes:
            for one in declared:
                if one.printed and one.total in index:
                    yield _checked(record, edition, axis, one, index)


def _checked(
    record: AreaCounts, edition: Edition, axis: Axis, one: Sum, index: dict[str, int]
) -> SumChecked:
    along = 2 if axis == "areas" else 1
    values, state = edition.values, edition.state
    held = np.array([one.holds_on(day) for day in record.spans.starts])
    total = np.take(values, index[one.total], axis=along).astype(np.int64)
    there = np.take(state, index[one.total], axis=along)
    judged = ((there == State.OBSERVED) | (there == State.REPORTED_ZERO)) & held[:, None]
    parts = np.zeros_like(total)
    whole = np.full(total.shape, all(part in index for part in one.parts))
    for part in one.parts:
        if part in index:
            parts += np.take(values, index[part], axis=along)
            whole &= np.take(state, index[part], axis=along) != State.NOT_REPORTED
    checked = judged & whole
    difference = np.where(checked, total - parts, 0)
    return SumChecked(
        axis=axis,
        total=one.total,
        parts=one.parts,
        edition=str(edition.published),
        checked=int(checked.sum()),
        failing=int((difference != 0).sum()),
        unchecked=int((judged & ~whole).sum()),
        net=int(difference.sum()),
        gross=int(np.abs(difference).sum()),
        largest=tuple(_failing(record, axis, one, total, parts, difference != 0)),
    )


def _failing(
    record: AreaCounts, axis: Axis, one: Sum, total: Ints, parts: Ints, fails: Bools
) -> Iterator[FailingSum]:
    spans, others = np.nonzero(fails)
    size = np.abs(total - parts)[fails]
    for n in np.argsort(-size, kind="stable")[:_LARGEST]:
        span, other = int(spans[n]), int(others[n])
        over = record.offences[other].code if axis == "areas" else record.areas[other].code
        yield FailingSum(
            span=record.spans.labels[span],
            area=one.total if axis == "areas" else over,
            offence=over if axis == "areas" else one.total,
            printed=int(total[span, other]),
            parts=int(parts[span, other]),
            difference=int(total[span, other] - parts[span, other]),
        )
