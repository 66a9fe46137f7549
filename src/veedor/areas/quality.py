"""`assess_areas`: what counts by area look like before anyone uses them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from veedor.areas.at_once import begun, changed_at_once, scan_totals, thousand_times_less
from veedor.areas.counts import AreaCounts
from veedor.areas.edition import Edition
from veedor.areas.noticed import Noticed
from veedor.areas.quality_report import (
    AreaCame,
    AreaQuality,
    AreaStrip,
    CellStates,
    DeclaredBreak,
    EditionRead,
    LooksUnreported,
    NegativeCell,
    OffenceStates,
    SpanStates,
)
from veedor.areas.recorded_table import recorded_table
from veedor.areas.revisions import revisions
from veedor.areas.states import State, States, reported
from veedor.areas.sums_checked import check_sums
from veedor.areas.unreported import Stretch, named, scan
from veedor.arrays import Bools, Ints

_MOST_NEGATIVE = 20


def assess_areas(record: AreaCounts, noticed: Sequence[Noticed] = ()) -> AreaQuality:
    """Say what is in a record, what is missing, and what looks as if it were.

    States, sums and what looks unreported are of the latest edition, each area and offence as it is
    printed; nothing is mended.

    Parameters
    ----------
    record : AreaCounts
    noticed : sequence of Noticed
        What reading met in its files: told beside.

    Returns
    -------
    AreaQuality

    Notes
    -----
    O(cells x editions); 31 million cells (2,470 areas, 130 months, 98 offences) take half a
    minute.

    Examples
    --------
    >>> from veedor.areas import Area, Edition, Offence, Spans, Unit
    >>> from veedor.areas.states import states_of
    >>> values = np.full((36, 1, 1), 20, np.int32)
    >>> values[20:23] = 0
    >>> edition = Edition(
    ...     np.datetime64("2024-02-01"), "a.csv", values, states_of(values), values < 0
    ... )
    >>> spans = Spans("month", np.datetime64("2021-01-01"), 36)
    >>> record = AreaCounts(
    ...     (Area("01", "A", "town"),), (Offence("t", "theft", Unit.FACTS),), spans, (edition,)
    ... )
    >>> [(one.kind, one.first, one.last) for one in assess_areas(record).looks_unreported]
    [('zeros', '2022-09', '2022-11')]
    """
    latest = record.latest
    state = latest.state[:, :, record.leaves]
    provisional = latest.provisional[:, :, record.leaves]
    counted = _counted(state, provisional)
    scanned = [
        scan(latest.values[:, place], reported(latest.state[:, place]), record.spans.unit)
        for place in range(len(record.offences))
    ]
    *found, totals = named([*scanned, scan_totals(record)])
    revised = revisions(record)
    negative = np.argwhere(latest.values < 0)
    labels = record.spans.labels
    return AreaQuality(
        layout=record.provenance.layout or "",
        time_zone=record.time_zone,
        unit_of_spans=record.spans.unit,
        first=labels[0] if labels else "",
        last=labels[latest.last] if latest.last >= 0 else "",
        spans=len(record.spans),
        areas=len(record.areas),
        places=len(record.places),
        offences=len(record.offences),
        residual=tuple(area.code for area in record.areas if area.residual),
        states=_states(counted.sum(axis=(0, 1))),
        editions=tuple(_edition(record, edition) for edition in record.editions),
        by_offence=tuple(_by_offence(record, counted)),
        by_span=tuple(
            SpanStates(label=label, states=_states(row))
            for label, row in zip(labels, counted.sum(axis=1), strict=True)
        ),
        strips=tuple(_strips(record, found)),
        sums=tuple(check_sums(record)),
        negatives=len(negative),
        negative_cells=tuple(
            NegativeCell(
                area=record.areas[area].code,
                offence=record.offences[offence].code,
                span=labels[span],
                value=int(latest.values[span, offence, area]),
            )
            for span, offence, area in negative[:_MOST_NEGATIVE].tolist()
        ),
        revised=revised.by_offence,
        revised_by_edition=revised.by_edition,
        revised_by_age=revised.by_age,
        came=tuple(_came(record)),
        breaks=tuple(
            DeclaredBreak(
                day=one.day.isoformat(),
                what=one.what,
                source=one.source,
                offences=one.offences,
                crossings=tuple(crossing.offence.code for crossing in one.crossings),
            )
            for one in record.breaks
            if one.holds_in(latest.published)
            and one.within(record.spans.edges[0], record.spans.edges[-1])
        ),
        series_tried=sum(one.series for one in scanned),
        looks_unreported=tuple(_unreported(record, found)),
        at_once=tuple(changed_at_once(record, found, totals)),
        began=tuple(begun(record)),
        thousand_times_less=thousand_times_less(record),
        recorded=recorded_table(record),
        noticed=tuple(noticed),
    )


def _counted(state: States, provisional: Bools) -> Ints:
    """Cells in each state, and provisional ones, shape (spans, offences, 5)."""
    parts = [(state == one).sum(axis=2) for one in State]
    return np.stack([*parts, provisional.sum(axis=2)], axis=2)


def _states(row: Ints) -> CellStates:
    return CellStates(
        cells=int(row[: len(State)].sum()),
        observed=int(row[State.OBSERVED]),
        reported_zero=int(row[State.REPORTED_ZERO]),
        not_reported=int(row[State.NOT_REPORTED]),
        not_applicable=int(row[State.NOT_APPLICABLE]),
        provisional=int(row[len(State)]),
    )


def _edition(record: AreaCounts, edition: Edition) -> EditionRead:
    counted = _counted(edition.state[:, :, record.leaves], edition.provisional[:, :, record.leaves])
    return EditionRead(
        published=str(edition.published),
        source=edition.source,
        last=record.spans.labels[edition.last] if edition.last >= 0 else "",
        states=_states(counted.sum(axis=(0, 1))),
    )


def _by_offence(record: AreaCounts, counted: Ints) -> Iterator[OffenceStates]:
    leaves, totals = record.leaves, record.offence_sums.totals
    for place, (offence, row) in enumerate(zip(record.offences, counted.sum(axis=0), strict=True)):
        yield OffenceStates(
            code=offence.code,
            name=offence.name,
            unit=offence.unit,
            known_by=offence.known_by,
            is_sum=offence.code in totals,
            recorded=int(record.latest.values[:, place, leaves].sum(dtype=np.int64)),
            states=_states(row),
        )


def _strips(record: AreaCounts, found: list[tuple[Stretch, ...]]) -> Iterator[AreaStrip]:
    latest = record.latest
    offences = len(record.offences)
    missing = (latest.state == State.NOT_REPORTED).sum(axis=1)
    nowhere = (latest.state == State.NOT_APPLICABLE).sum(axis=1)
    observed = (latest.state == State.OBSERVED).any(axis=1)
    provisional = latest.provisional.any(axis=1)
    looking = np.zeros(missing.shape, dtype=np.bool_)
    for stretches in found:
        for one in stretches:
            if one.kind in ("zeros", "gap"):
                looking[one.first : one.end, one.area] = True
    letters = np.full(missing.shape, "z")
    letters[observed] = "o"
    letters[observed & provisional] = "P"
    letters[missing > 0] = "i"
    letters[looking] = "u"
    letters[missing + nowhere == offences] = "n"
    letters[nowhere == offences] = "x"
    for place, area in enumerate(record.areas):
        yield AreaStrip(
            code=area.code,
            name=area.name,
            residual=area.residual,
            states="".join(letters[:, place]),
        )


def _came(record: AreaCounts) -> Iterator[AreaCame]:
    there: Bools = np.asarray(record.latest.reported.any(axis=1))
    last, labels = record.latest.last, record.spans.labels
    whole = np.flatnonzero(there.any(axis=1))
    for place, area in enumerate(record.areas):
        mine = np.flatnonzero(there[:, place])
        if len(mine) and (mine[0] > whole[0] or mine[-1] < last):
            yield AreaCame(
                code=area.code,
                name=area.name,
                first=labels[mine[0]],
                last=labels[mine[-1]],
                reported=len(mine),
                spans=last + 1,
            )


def _unreported(record: AreaCounts, found: list[tuple[Stretch, ...]]) -> Iterator[LooksUnreported]:
    labels = record.spans.labels
    for offence, stretches in zip(record.offences, found, strict=True):
        for one in stretches:
            area = record.areas[one.area]
            yield LooksUnreported(
                area=area.code,
                area_name=area.name,
                offence=offence.code,
                offence_name=offence.name,
                kind=one.kind,
                first=labels[one.first],
                last=labels[one.end - 1],
                spans=one.end - one.first,
                recorded=one.recorded,
                before=one.before,
                after=one.after,
                p_value=one.p_value,
            )
