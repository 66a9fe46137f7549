"""Rows of a file (area, span, offence, number) put into an edition, and editions into a record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import msgspec
import numpy as np

from veedor.areas.counts import AreaCounts
from veedor.areas.edition import Edition, Undated
from veedor.areas.names import Area, Level, Offence, Sum, Sums, by_code
from veedor.areas.spans import Spans
from veedor.areas.states import State, States
from veedor.arrays import Bools, Ints
from veedor.errors import ConflictingRowsError, DataError, phrase
from veedor.incidents.model import Provenance

#: More is no publisher's file: 20,000 areas, 130 months, 200 offences.
_MOST_CELLS = 600_000_000
_MOST = np.iinfo(np.int32).max


class Long(NamedTuple):
    """Cells of a file one after another, in any order, shape (n,) each.

    `area`, `offence` and `span` are places on axes; `value` is 0 where `state` has no number.
    """

    area: Ints
    offence: Ints
    span: Ints
    value: Ints
    state: States
    provisional: Bools


@dataclass(frozen=True)
class Tabulated:
    """An edition made of rows, and how many rows said again what another had said."""

    edition: Edition
    repeated: int


def tabulate(
    rows: Iterable[Long],
    shape: tuple[int, int, int],
    *,
    published: np.datetime64,
    source: str,
    undated: Undated | None = None,
    absent: State = State.NOT_REPORTED,
) -> Tabulated:
    """Put rows into the cells of an edition.

    Parameters
    ----------
    rows : iterable of Long
        In batches: nothing but the edition is held.
    shape : tuple of int
        Spans, offences, areas.
    published : datetime64[D]
    source : str
    undated : Undated, optional
    absent : State
        What a cell without a row is, by the layout's rule.

    Raises
    ------
    ConflictingRowsError
        If two rows of one cell differ.
    DataError
        If a number is larger than any count, or there are hundreds of millions of cells.

    Notes
    -----
    O(rows + cells).
    """
    if int(np.prod(shape, dtype=np.int64)) > _MOST_CELLS:
        raise DataError(
            phrase("A record of area counts must have at most {most:,} cells.", most=_MOST_CELLS),
            found=phrase(
                "{spans:,} spans x {offences:,} offences x {areas:,} areas",
                spans=shape[0],
                offences=shape[1],
                areas=shape[2],
            ),
            where=source,
        )
    values = np.zeros(shape, dtype=np.int32)
    state = np.full(shape, absent, dtype=np.uint8)
    provisional = np.zeros(shape, dtype=np.bool_)
    taken = np.zeros(shape, dtype=np.bool_)
    repeated = 0
    for batch in rows:
        large = np.flatnonzero(np.abs(batch.value) > _MOST)
        if len(large):
            raise DataError(
                "A count must be a number that incidents can reach.",
                found=f"{int(batch.value[large[0]]):,}",
                where=source,
            )
        cell = np.ravel_multi_index((batch.span, batch.offence, batch.area), shape)
        alike, first = np.unique(cell, return_index=True)
        again = np.ones(len(cell), dtype=np.bool_)
        again[first] = taken.reshape(-1)[alike]
        new = ~again
        for array, part in (
            (values, batch.value),
            (state, batch.state),
            (provisional, batch.provisional),
        ):
            array.reshape(-1)[cell[new]] = part[new]
        taken.reshape(-1)[cell[new]] = True
        repeated += int(again.sum())
        differs = again & (
            (values.reshape(-1)[cell] != batch.value) | (state.reshape(-1)[cell] != batch.state)
        )
        if bool(differs.any()):
            one = int(np.flatnonzero(differs)[0])
            raise ConflictingRowsError(
                "A cell of area counts must have one number.",
                found=phrase(
                    "{wrong:,} rows that differ from an earlier one, first {number} and {other}",
                    wrong=int(differs.sum()),
                    number=int(values.reshape(-1)[cell[one]]),
                    other=int(batch.value[one]),
                ),
                where=phrase(
                    "{source}, span {span}, offence {offence}, area {area} of its axes",
                    source=source,
                    span=int(batch.span[one]),
                    offence=int(batch.offence[one]),
                    area=int(batch.area[one]),
                ),
                remedy="ask its publisher which one holds, and take the other out",
            )
    edition = Edition(published, source, values, state, provisional, undated or Undated.none())
    return Tabulated(edition, repeated)


def joined(
    records: Sequence[AreaCounts],
    *,
    parts: bool = False,
    absent: State = State.NOT_REPORTED,
) -> AreaCounts:
    """Put the editions of several records, each of one publication or more, into one record.

    Axes are the unions, in the order of the latest edition, then of earlier ones; names are the
    latest ones. A cell that an edition has no axis for was not reported in it.

    Parameters
    ----------
    records : sequence of AreaCounts
    parts : bool
        Whether each holds only a part of what was published: cells of other spans or offences stay
        as they were in the edition before. Parts of one day are one edition.
    absent : State
        What an area is, within the spans and offences of a part, that it has no axis for.

    Raises
    ------
    DataError
        If spans or units differ, two editions, or two of the same part, are of one day, or a code
        changed its level.
    """
    ordered = sorted(records, key=lambda one: one.latest.published, reverse=True)
    last = ordered[0]
    if len(ordered) == 1:
        return last
    areas = _union([one.areas for one in ordered])
    offences = _union([one.offences for one in ordered])
    for one in ordered:
        for offence in one.offences:
            new = next(other for other in offences if other.code == offence.code)
            if new.unit != offence.unit:
                raise DataError(
                    "An offence must be counted in one unit in all editions.",
                    found=f"{offence.unit}, {new.unit}",
                    where=offence.code,
                )
    spans = last.spans
    for one in ordered[1:]:
        spans = spans.joined(one.spans)
    moved = sorted(
        (
            _moved(edition, one, areas, offences, spans, absent)
            for one in ordered
            for edition in one.editions
        ),
        key=lambda one: one.edition.published,
    )
    return replace(
        last,
        areas=areas,
        offences=offences,
        spans=spans,
        editions=_overlaid(moved) if parts else tuple(one.edition for one in moved),
        area_sums=_sums(one.area_sums for one in ordered),
        offence_sums=_sums(one.offence_sums for one in ordered),
        levels=_levels(ordered, areas),
        breaks=tuple(dict.fromkeys(found for one in ordered for found in one.breaks)),
        provenance=_provenance(ordered),
    )


def _union(axes: Sequence[tuple[Any, ...]]) -> tuple[Any, ...]:
    found: dict[str, Any] = {}
    for members in axes:
        for member in members:
            found.setdefault(member.code, member)
    return tuple(found.values())


@dataclass(frozen=True, eq=False)
class _Moved:
    """An edition on the axes of a union, and the spans and offences of these that are its own."""

    edition: Edition
    spans: Bools
    offences: Bools

    def within(self) -> Bools:
        """Cells of its own, shape (spans, offences, 1)."""
        own: Bools = (self.spans[:, None] & self.offences[None, :])[:, :, None]
        return own


def _moved(
    edition: Edition,
    record: AreaCounts,
    areas: tuple[Area, ...],
    offences: tuple[Offence, ...],
    spans: Spans,
    absent: State,
) -> _Moved:
    """Put an edition on the axes of a union; what it has no axis for was not reported."""
    area_at, offence_at = by_code(areas, ""), by_code(offences, "")
    to_area = np.array([area_at[area.code] for area in record.areas], dtype=np.int64)
    to_offence = np.array([offence_at[one.code] for one in record.offences], dtype=np.int64)
    to_span = spans.index_of(record.spans.starts)
    place = np.ix_(to_span, to_offence, to_area)
    shape = (len(spans), len(offences), len(areas))
    values = np.zeros(shape, dtype=np.int32)
    state = np.full(shape, State.NOT_REPORTED, dtype=np.uint8)
    provisional = np.zeros(shape, dtype=np.bool_)
    state[np.ix_(to_span, to_offence)] = absent
    values[place], state[place] = edition.values, edition.state
    provisional[place] = edition.provisional
    of = edition.undated
    undated = Undated(of.year, to_offence[of.offence], to_area[of.area], of.values)
    made = replace(edition, values=values, state=state, provisional=provisional, undated=undated)
    return _Moved(
        made,
        np.isin(np.arange(len(spans)), to_span),
        np.isin(np.arange(len(offences)), to_offence),
    )


def _overlaid(moved: Sequence[_Moved]) -> tuple[Edition, ...]:
    """Fill what a part does not hold from what was published before it."""
    editions: list[Edition] = []
    of_day: list[_Moved] = []
    for one in moved:
        edition = one.edition
        if not editions:
            editions, of_day = [edition], [one]
            continue
        before, own = editions[-1], one.within()
        made = replace(
            edition,
            values=np.where(own, edition.values, before.values),
            state=np.where(own, edition.state, before.state),
            provisional=np.where(own, edition.provisional, before.provisional),
            undated=Undated(
                *(
                    np.concatenate([getattr(of.undated, name) for of in (before, edition)])
                    for name in ("year", "offence", "area", "values")
                )
            ),
        )
        if edition.published != before.published:
            editions.append(made)
            of_day = [one]
            continue
        if any(bool((own & other.within()).any()) for other in of_day):
            raise DataError(
                "Two files of the same counts must have been published on different days.",
                found=f"{before.source}, {edition.source}: {edition.published}",
                remedy="say for each file on which day it was published",
            )
        editions[-1] = replace(made, source=f"{before.source}, {edition.source}")
        of_day.append(one)
    return tuple(editions)


def _sums(of: Iterable[Sums]) -> Sums:
    """Declared sums of all editions; where two declare the same total, the latest's."""
    found: dict[tuple[str, object, object], Sum] = {}
    for sums in of:
        for one in sums.declared:
            found.setdefault((one.total, one.since, one.until), one)
    return Sums(tuple(found.values()))


def _levels(ordered: Sequence[AreaCounts], areas: tuple[Area, ...]) -> tuple[Level, ...]:
    """Levels of the latest edition; an area that it lacks belongs where an earlier one had it."""
    made = []
    for level in ordered[0].levels:
        codes = dict(zip(level.codes, level.names, strict=True))
        member: dict[str, str] = {}
        for one in ordered:
            for other in one.levels:
                if other.name == level.name:
                    codes |= {
                        code: name
                        for code, name in zip(other.codes, other.names, strict=True)
                        if code not in codes
                    }
                    for area, at in zip(one.areas, other.of, strict=True):
                        if at >= 0:
                            member.setdefault(area.code, other.codes[at])
        place = {code: n for n, code in enumerate(codes)}
        of = np.array([place[member[a.code]] if a.code in member else -1 for a in areas])
        made.append(Level(level.name, tuple(codes), tuple(codes.values()), of))
    return tuple(made)


def _provenance(ordered: Sequence[AreaCounts]) -> Provenance:
    return msgspec.structs.replace(
        ordered[0].provenance,
        files=tuple(file for one in reversed(ordered) for file in one.provenance.files),
        tables=tuple(table for one in reversed(ordered) for table in one.provenance.tables),
    )
