"""`edition_of`: loaded rows into the cells of an edition, in batches; rows that differ refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from veedor.areas.edition import Edition, Undated
from veedor.areas.layouts.numbers import Counted
from veedor.areas.layouts.rows import TABLE, Rows, when
from veedor.areas.noticed import Example, Notice
from veedor.areas.spans import Spans
from veedor.areas.states import State
from veedor.areas.tabulating import Long, tabulate
from veedor.arrays import Bools, Ints
from veedor.errors import ConflictingRowsError, DataError, phrase
from veedor.tables.database import reading
from veedor.tables.escape import shown

_BATCH = 100_000
_FIRST = 5


def edition_of(
    rows: Rows,
    *,
    areas: Sequence[str],
    offences: Sequence[str],
    spans: Spans,
    blank: State | None = State.NOT_REPORTED,
    absent: State = State.NOT_REPORTED,
    provisional: str = "false",
    state: str | None = None,
    where: str = "true",
    published: np.datetime64 | None = None,
    undated: Undated | None = None,
    added: bool = False,
) -> Edition:
    """Put the rows into the cells of an edition.

    Parameters
    ----------
    areas, offences : sequence of str
        Codes, in the order of the axes; rows of others are left out.
    spans : Spans
        Cells outside of them are left out.
    blank : State or None
        What a blank cell is; with None there must be none.
    absent : State
        What a cell without a row is.
    provisional : str
        SQL over the loaded columns.
    state : str, optional
        SQL of the code of a state that a row itself says; NULL where it does not.
    where : str
        SQL of the rows that are of this edition.
    published : datetime64[D], optional
        The file's day where not given.
    undated : Undated, optional
    added : bool
        Whether rows of one cell are parts of it, to be added. Else they must be equal.

    Raises
    ------
    ConflictingRowsError
        If two rows of one cell differ, and are not to be added.
    DataError
        If a cell is blank and nobody says what that is.
    """
    if not added:
        _refuse_conflicts(rows, where)
    elif blank is None:
        raise ValueError("rows can be added only where a blank has a meaning")
    made = tabulate(
        _batches(rows, areas, offences, spans, blank, provisional, state, where, added),
        (len(spans), len(offences), len(areas)),
        published=rows.file.published_by(spans) if published is None else published,
        source=rows.file.name,
        undated=undated,
        absent=absent,
    )
    return made.edition


def _batches(
    rows: Rows,
    areas: Sequence[str],
    offences: Sequence[str],
    spans: Spans,
    blank: State | None,
    provisional: str,
    state: str | None,
    where: str,
    added: bool,
) -> Iterator[Long]:
    database = rows.file.source.database
    for name, codes in (("axis_area", areas), ("axis_offence", offences)):
        axis = pa.table({"code": pa.array(codes, pa.string()), "place": np.arange(len(codes))})
        database.connection.register(name, axis)
    values = [f"v{n}" for n in range(len(rows.counts))]
    asked = [
        "a.place AS area",
        "first",
        f"coalesce({provisional}, false) AS provisional",
        f"{state or 'NULL'}::TINYINT AS state",
        f"{'o.place' if rows.long else '0'} AS offence",
    ]
    join = f"{TABLE} r JOIN axis_area a ON r.area = a.code" + (
        " JOIN axis_offence o ON r.offence = o.code" if rows.long else ""
    )
    inner = f"SELECT {', '.join(asked + values)} FROM {join} WHERE NOT aside AND ({where})"
    if added:
        sums = ", ".join(f"sum({value})::BIGINT AS {value}" for value in values)
        inner = (
            "SELECT area, first, bool_or(provisional) AS provisional, max(state) AS state, "
            f"offence, {sums} FROM ({inner}) GROUP BY area, first, offence"
        )
    place = {code: n for n, code in enumerate(offences)}
    to_place = [
        np.array([place.get(code + one.part, -1) for code in offences])
        if rows.long
        else np.array([place.get(one.offence, -1)])
        for one in rows.counts
    ]
    with reading(rows.file.name):
        batches = database.connection.sql(inner).to_arrow_reader(_BATCH)
        for batch in batches:
            parts = [
                _cells(rows, batch, n, of, spans, blank)
                for n, of in enumerate(to_place)
                if bool((of >= 0).any())
            ]
            yield _together(parts)


def _cells(
    rows: Rows,
    batch: pa.RecordBatch,
    n: int,
    to_place: Ints,
    spans: Spans,
    blank: State | None,
) -> Long:
    """Cells of one column of counts in a batch of rows; `to_place` says of which offence."""
    one = rows.counts[n]
    column = batch.column(f"v{n}")
    there = column.is_valid().to_numpy(zero_copy_only=False)
    value = column.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    said = batch.column("state")
    stated = said.is_valid().to_numpy(zero_copy_only=False)
    if blank is None and not bool((there | stated).all()):
        _ask_for_blank(rows, batch, one, ~(there | stated))
    state = np.where(value == 0, np.uint8(State.REPORTED_ZERO), np.uint8(State.OBSERVED))
    state[~there] = State.NOT_REPORTED if blank is None else blank
    codes = said.fill_null(0).to_numpy(zero_copy_only=False)
    unsaid = stated & ((codes == State.NOT_REPORTED) | (codes == State.NOT_APPLICABLE))
    state[unsaid], value[unsaid] = codes[unsaid], 0
    reported = there & ~unsaid | (state == State.REPORTED_ZERO)
    day = batch.column("first").to_numpy(zero_copy_only=False).astype("datetime64[D]")
    if one.month:
        day = (day.astype("datetime64[M]") + one.month).astype("datetime64[D]")
    span = spans.index_of(day)
    places = to_place[batch.column("offence").to_numpy(zero_copy_only=False)]
    provisional = batch.column("provisional").to_numpy(zero_copy_only=False).astype(np.bool_)
    made = Long(
        batch.column("area").to_numpy(zero_copy_only=False).astype(np.int64),
        places,
        span,
        value,
        state.astype(np.uint8),
        provisional & reported,
    )
    inside = span >= 0
    if bool(inside.all()):
        return made
    return Long(
        made.area[inside],
        made.offence[inside],
        made.span[inside],
        made.value[inside],
        made.state[inside],
        made.provisional[inside],
    )


def _ask_for_blank(rows: Rows, batch: pa.RecordBatch, one: Counted, blank: Bools) -> None:
    first = when(batch.column("first")[int(np.flatnonzero(blank)[0])].as_py(), one.month)
    raise DataError(
        "What a blank cell is must be said: it is never taken for 0.",
        found=phrase(
            "a blank in column {header}, first for {day}", header=shown(one.header), day=first
        ),
        where=rows.file.name,
        remedy='say it under [counts] of a study.toml: blank = "not reported", or "zero", or '
        '"not applicable"; to `veedor check` with --blank',
    )


def _refuse_conflicts(rows: Rows, where: str) -> None:
    """Count what is said twice, and refuse what is said in two ways."""
    key = "area, first" + (", offence" if rows.long else "")
    again = f"FROM {{rows}} WHERE {where} GROUP BY {key} HAVING count(*) > 1"
    if not rows.query(f"SELECT 1 {again} LIMIT 1"):
        return
    values = ", ".join(f"v{n}" for n in range(len(rows.counts)))
    found = rows.query(
        f"SELECT {key}, count(*), count(DISTINCT ({values})), list(row ORDER BY row) "
        f"{again} ORDER BY min(row)"
    )
    examples = [
        Example(area=str(one[0]), span=when(one[1]), offence=str(one[2]) if rows.long else "")
        for one in found[:_FIRST]
    ]
    differing = [one for one in found if one[-2] != 1]
    if differing:
        *of, _, _, lines = differing[0]
        raise ConflictingRowsError(
            "A cell of area counts must have one number.",
            found=phrase(
                "{n} cells with rows that differ, first {cell}",
                n=len(differing),
                cell=", ".join(shown(str(part), 40) for part in of),
            ),
            where=rows.file.source.where(list(lines) if isinstance(lines, list) else []),
            remedy="ask its publisher which one holds, and take the other out",
        )
    repeated = sum(int(str(one[-3])) - 1 for one in found)
    rows.file.notice(Notice.ROWS_REPEATED, repeated, examples)


def _together(parts: Sequence[Long]) -> Long:
    """Put cells one after another."""
    return Long(
        np.concatenate([part.area for part in parts]),
        np.concatenate([part.offence for part in parts]),
        np.concatenate([part.span for part in parts]),
        np.concatenate([part.value for part in parts]),
        np.concatenate([part.state for part in parts]),
        np.concatenate([part.provisional for part in parts]),
    )
