"""What was recorded by area and offence over the last year, as a table that can be published."""

from __future__ import annotations

import numpy as np

from veedor.areas.counts import AreaCounts
from veedor.areas.quality_report import RecordedCell, RecordedRow, RecordedTable, RowKind
from veedor.areas.running_sums import WINDOWS
from veedor.areas.states import State, reported
from veedor.arrays import Bools, Ints
from veedor.statistics.suppression import SMALL_COUNT, Addition, suppressed

#: Offences and areas with a column and a row of their own: the others are in no table of a page.
_OFFENCES, _AREAS = 5, 25


def recorded_table(record: AreaCounts) -> RecordedTable | None:
    """Sum the last year that is reported, and hide what is small, or would give a small one back.

    Columns are the offences with most counts that are known by report and no sums of others; rows
    the areas with most, all others together, and all. A cell of which a span was not reported says
    so, and one of which none was holds no number. None where nothing is reported at all.
    """
    latest, leaves = record.latest, record.leaves
    if latest.last < 0:
        return None
    end = latest.last + 1
    first = max(end - (WINDOWS[record.spans.unit].season or 1), 0)
    totals = record.offence_sums.totals
    chosen = [
        n
        for n, one in enumerate(record.offences)
        if one.known_by == "reported" and one.code not in totals
    ]
    # A correction belongs to the sum over spans; only what is then below 0 is no count.
    sums = latest.values[first:end][:, :, leaves].sum(axis=0, dtype=np.int64)
    values, state = np.maximum(sums, 0), latest.state[first:end][:, :, leaves]
    missing = np.asarray((state == State.NOT_REPORTED).any(axis=0))
    there = np.asarray(reported(state).any(axis=0))
    chosen = sorted(chosen, key=lambda n: (-int(values[n].sum()), n))[:_OFFENCES]
    values, missing, there = values[chosen], missing[chosen], there[chosen]
    ranked = np.argsort(-values.sum(axis=0), kind="stable")
    shown, rest = ranked[:_AREAS], ranked[_AREAS:]
    rows = [values[:, shown], values[:, rest].sum(axis=1, keepdims=True)]
    rows.append(values.sum(axis=1, keepdims=True))
    table = np.concatenate(rows, axis=1).T
    lacks, told = (
        np.concatenate(
            [of[:, shown], of[:, rest].any(axis=1, keepdims=True), of.any(axis=1, keepdims=True)],
            axis=1,
        ).T
        for of in (missing, there)
    )
    hidden = _hidden(table)
    areas = [record.areas[leaves[n]] for n in shown]
    names = [(area.code, area.name) for area in areas] + [("", ""), ("", "")]
    kinds: list[RowKind] = ["area" for _ in areas]
    kinds += ["others", "all"]
    labels = record.spans.labels
    return RecordedTable(
        first=labels[first],
        last=labels[end - 1],
        k=SMALL_COUNT,
        offences=tuple(record.offences[n].code for n in chosen),
        offence_names=tuple(record.offences[n].name for n in chosen),
        others=len(rest),
        rows=tuple(
            RecordedRow(
                code=code,
                name=name,
                kind=kind,
                cells=_cells(table[n], hidden[n], lacks[n], told[n]),
            )
            for n, ((code, name), kind) in enumerate(zip(names, kinds, strict=True))
            if kind != "others" or len(rest)
        ),
    )


def _hidden(table: Ints) -> Bools:
    """Hide cells of each column, whose last is the sum of the others."""
    last = len(table) - 1
    addition = [Addition(last, tuple(range(last)))]
    return np.stack([suppressed(column, addition) for column in table.T], axis=1)


def _cells(values: Ints, hidden: Bools, lacks: Bools, told: Bools) -> tuple[RecordedCell, ...]:
    return tuple(
        RecordedCell(
            value=None if hide or not some else int(value), whole=not lack, reported=bool(some)
        )
        for value, hide, lack, some in zip(values, hidden, lacks, told, strict=True)
    )
