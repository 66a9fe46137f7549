"""What publishers change afterwards: what was published of each cell once, and what stands now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from veedor.areas.breaks import SeriesBreak
from veedor.areas.counts import AreaCounts
from veedor.areas.edition import Edition
from veedor.areas.quality_report import Revised
from veedor.areas.series import Series
from veedor.areas.states import State, reported
from veedor.arrays import Bools, Ints

#: Ages of cells in the edition that has them, in spans: from, to.
AGES = ((0, 0), (1, 1), (2, 2), (3, 5), (6, 11), (12, 10_000))


class Revisions(NamedTuple):
    """Revisions by offence, from one edition to the next, and by the age of cells."""

    by_offence: tuple[Revised, ...]
    by_edition: tuple[Revised, ...]
    by_age: tuple[Revised, ...]


def revisions(record: AreaCounts) -> Revisions:
    """Compare what was published with what was published later.

    By offence: every cell as it was published for the first time, in an edition after the first
    (what that one holds may have been revised before) and before the latest (which nothing has
    revised yet), against the latest edition. By edition: each against the next one, all offences
    that are no sums of others together. By age: each against the latest, by how many spans before
    its last one a cell lies.

    Cells whose meaning a break changed in between are left out and counted; so are cells that one
    of the two does not report. Comparable series of breaks are compared beside the published ones.
    None at all for one edition.
    """
    if len(record.editions) < 2:
        return Revisions((), (), ())
    return Revisions(
        tuple(_by_offence(record.crossed())), tuple(_by_edition(record)), tuple(_by_age(record))
    )


def _by_offence(record: AreaCounts) -> Iterator[Revised]:
    latest = record.latest
    for place, offence in enumerate(record.offences):
        shape = (len(record.spans), len(record.areas))
        new, redefined, seen = (np.zeros(shape, dtype=np.bool_) for _ in range(3))
        for n, edition in enumerate(record.editions[:-1]):
            first = (edition.state[:, place] != State.NOT_REPORTED) & ~seen
            seen |= first
            if n:
                new |= first
                redefined |= first & _redefined(record, place, edition, latest)
        was, now = record.first_published(offence.code), record.series(offence.code)
        compared = _compared(record, was, now, new, redefined).sum(axis=1)
        yield _revised(compared, offence.code, offence.name)


def _by_edition(record: AreaCounts) -> Iterator[Revised]:
    for edition, later in zip(record.editions, record.editions[1:], strict=False):
        compared = _of_editions(record, edition, later).sum(axis=1)
        yield _revised(compared, published=str(edition.published))


def _by_age(record: AreaCounts) -> Iterator[Revised]:
    found = np.zeros((len(AGES), 6), dtype=np.int64)
    for edition in record.editions[:-1]:
        compared = _of_editions(record, edition, record.latest)
        age = edition.last - np.arange(len(record.spans))
        for place, (youngest, oldest) in enumerate(AGES):
            found[place] += compared[:, (age >= youngest) & (age <= oldest)].sum(axis=1)
    for ages, compared in zip(AGES, found, strict=True):
        if compared[0]:
            yield _revised(compared, ages=ages)


def _of_editions(record: AreaCounts, edition: Edition, later: Edition) -> Ints:
    """Compare all offences that are no sums, shape (6, spans)."""
    totals = record.offence_sums.totals
    every = np.ones((len(record.spans), len(record.areas)), dtype=np.bool_)
    return sum(
        (
            _compared(
                record,
                record.series(offence.code, edition),
                record.series(offence.code, later),
                every,
                _redefined(record, place, edition, later),
            )
            for place, offence in enumerate(record.offences)
            if offence.code not in totals
        ),
        np.zeros((6, len(record.spans)), dtype=np.int64),
    )


def _compared(record: AreaCounts, was: Series, now: Series, which: Bools, redefined: Bools) -> Ints:
    """Cells, changed ones, both sums, gross change and redefined cells of each span."""
    leaves = record.leaves
    both = (reported(was.state) & reported(now.state) & which)[:, leaves]
    other = redefined[:, leaves] & both
    both &= ~other
    before = np.where(both, was.values[:, leaves], 0).astype(np.int64)
    after = np.where(both, now.values[:, leaves], 0).astype(np.int64)
    parts = (both, before != after, before, after, np.abs(after - before), other)
    return np.stack([part.sum(axis=1, dtype=np.int64) for part in parts])


def _revised(
    compared: Ints,
    offence: str = "",
    name: str = "",
    published: str = "",
    ages: tuple[int, int] | None = None,
) -> Revised:
    cells, changed, before, after, gross, redefined = compared.tolist()
    return Revised(
        offence=offence,
        name=name,
        published=published,
        youngest=None if ages is None else ages[0],
        oldest=None if ages is None else ages[1],
        cells=cells,
        changed=changed,
        before=before,
        after=after,
        gross=gross,
        redefined=redefined,
    )


def _redefined(record: AreaCounts, place: int, edition: Edition, later: Edition) -> Bools:
    """Cells that a break between two editions gave another meaning, shape (spans, areas)."""
    found = np.zeros((len(record.spans), len(record.areas)), dtype=np.bool_)
    for one in record.breaks:
        if one.holds_in(later.published) and not one.holds_in(edition.published):
            found |= _in_break(record, place, one)
    return found


def _in_break(record: AreaCounts, place: int, one: SeriesBreak) -> Bools:
    code = record.offences[place].code
    after = record.spans.starts >= np.datetime64(one.day)
    areas = np.array([one.concerns(code, area.code) for area in record.areas])
    return np.outer(after, areas)
