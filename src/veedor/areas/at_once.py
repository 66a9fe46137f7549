"""Changes that are no area's own: many series at one span, offences that begin, carved-out ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from scipy import stats

from veedor.areas.counts import AreaCounts
from veedor.areas.edition import Edition
from veedor.areas.names import Sum
from veedor.areas.quality_report import Began, ChangedAtOnce, ThousandTimesLess
from veedor.areas.states import reported
from veedor.areas.unreported import Scanned, Stretch, scan
from veedor.arrays import Bools, Floats, Ints
from veedor.statistics.discoveries import FALSE_DISCOVERY_RATE, family_wise_p

#: Fewer series, areas or totals are no change of the whole.
_LEAST_SERIES, _LEAST_AREAS, _LEAST_TOTALS = 5, 3, 3
#: A new offence is taken to be carved out of another where all but this share agrees: the same
#: edition revises some of what it moves.
_APART = 0.25
_LEAST_MOVED = 10
#: A cell is named where a thousand times it is within this factor of its neighbours' median.
_NEAR, _SIDE, _THOUSAND = 2.5, 2, 1000
_MOST_SLIPS = 200


def scan_totals(record: AreaCounts) -> Scanned:
    """Scan each offence's total over the areas that report it whenever anybody does.

    The `area` of what is found is the offence's place. Nothing is tried with fewer than two such
    areas: a total of one is its series.
    """
    latest, leaves = record.latest, record.leaves
    totals = np.zeros((len(record.spans), len(record.offences)), dtype=np.int64)
    there = np.zeros(totals.shape, dtype=np.bool_)
    for place in range(len(record.offences)):
        reports = reported(latest.state[:, place][:, leaves])
        anybody = reports.any(axis=1)
        always = reports[anybody].all(axis=0)
        if int(always.sum()) > 1:
            totals[:, place] = latest.values[:, place][:, leaves[always]].sum(axis=1)
            there[:, place] = anybody
    return scan(totals, there, record.spans.unit, alike=False)


def changed_at_once(
    record: AreaCounts, found: Sequence[tuple[Stretch, ...]], totals: Sequence[Stretch]
) -> Iterator[ChangedAtOnce]:
    """Yield spans at which more series change than chance would put there.

    Of E edges of all series those at one of T - 1 spans are binomial of E and 1/(T - 1) where each
    falls anywhere; so for series of areas, and for totals of offences that are no sums. Holm over
    both and all spans. At least five series of at least three areas, or three totals.

    Parameters
    ----------
    record : AreaCounts
    found : sequence of tuple of Stretch
        What looks unreported, by offence.
    totals : sequence of Stretch
        Of `scan_totals`.
    """
    last, sums, there = len(record.spans), record.offence_sums.totals, _anybody(record)
    series = [
        (at, stretch.area, offence)
        for offence, stretches in enumerate(found)
        for stretch in stretches
        for at in _edges(stretch, last)
    ]
    everywhere = [
        (at, stretch.area)
        for stretch in totals
        for at in _edges(stretch, last)
        if record.offences[stretch.area].code not in sums
    ]
    if not series and not everywhere:
        return
    spans = ([one[0] for one in series], [one[0] for one in everywhere])
    counted = [np.bincount(np.array(at, np.int64), minlength=last)[1:] for at in spans]
    chance = np.stack(
        [
            stats.binom.sf(n - 1, len(at), 1.0 / (last - 1))
            for n, at in zip(counted, spans, strict=True)
        ]
    )
    family = family_wise_p(chance.ravel()).reshape(chance.shape)
    for at in range(1, last):
        areas = sorted({area for span, area, _ in series if span == at})
        enough = (
            counted[0][at - 1] >= _LEAST_SERIES and len(areas) >= _LEAST_AREAS,
            counted[1][at - 1] >= _LEAST_TOTALS,
        )
        p_values = [p for p, counts in zip(family[:, at - 1], enough, strict=True) if counts]
        if not p_values or min(p_values) > FALSE_DISCOVERY_RATE:
            continue
        whole = sorted({offence for span, offence in everywhere if span == at})
        offences = sorted({offence for span, _, offence in series if span == at} | set(whole))
        yield ChangedAtOnce(
            span=record.spans.labels[at],
            series=int(counted[0][at - 1]),
            edges=len(series),
            areas=tuple(record.areas[area].code for area in areas),
            offences=tuple(record.offences[offence].code for offence in offences),
            totals=tuple(record.offences[offence].code for offence in whole),
            declared=any(_declared(record, there, offence, at) for offence in offences),
            p_value=float(min(p_values)),
        )


def _edges(stretch: Stretch, last: int) -> list[int]:
    return [at for at in (stretch.first, stretch.end) if 0 < at < last]


def begun(record: AreaCounts) -> Iterator[Began]:
    """Yield offences that are reported only from a span on, or only until one.

    In the latest edition, over all areas that are no sums of others. Where an offence begins, what
    it may have been carved out of is looked for: an offence whose cells the edition that first has
    it gives lower than the one before did, by just its counts; or, without such an edition, a
    declared sum that from then on lacks just these counts.
    """
    latest, leaves = record.latest, record.leaves
    there: Bools = np.asarray(latest.reported[:, :, leaves].any(axis=2))
    whole: Bools = np.asarray(there.any(axis=1))
    if not whole.any():
        return
    start, end = int(np.argmax(whole)), latest.last + 1
    lacking = _lacking(record)
    for place, offence in enumerate(record.offences):
        mine = np.flatnonzero(there[:, place])
        if not len(mine):
            continue
        first, after = int(mine[0]), int(mine[-1]) + 1
        for at, ends in ((first, False), (after, True)):
            if at in (start, end):
                continue
            source, moved, apart = ("", 0, 0) if ends else _carved(record, place, at, lacking)
            yield Began(
                offence=offence.code,
                name=offence.name,
                span=record.spans.labels[at],
                ends=ends,
                carved_from=source,
                moved=moved,
                apart=apart,
                declared=_declared(record, whole, place, at),
            )


def _anybody(record: AreaCounts) -> Bools:
    """Whether anything was reported for a span, shape (spans,)."""
    return np.asarray(record.latest.reported.any(axis=(1, 2)))


def _declared(record: AreaCounts, there: Bools, offence: int, at: int) -> bool:
    """Whether a break is declared between the last reported span before `at` and the next one."""
    earlier, later = np.flatnonzero(there[:at]), np.flatnonzero(there[at:])
    first = int(earlier[-1]) + 1 if len(earlier) else 0
    end = at + int(later[0]) + 1 if len(later) else len(there)
    day, after = record.spans.edges[first], record.spans.edges[end]
    code = record.offences[offence].code
    return any(
        one.concerns(code) and day <= np.datetime64(one.day) < after for one in record.breaks
    )


def _carved(
    record: AreaCounts, place: int, at: int, lacking: Sequence[tuple[Sum, Ints]]
) -> tuple[str, int, int]:
    """Return the offence that gave its counts to a new one, how many, and how far they are off."""
    pair = _first_with(record, place)
    found = _from_editions(record, place, at, *pair) if pair else []
    found = found or _from_sums(record, place, at, lacking)
    totals = record.offence_sums.totals
    # Where a sum holds what gave its counts, both have lost them: the part is named.
    found.sort(key=lambda one: (one[2], one[0] in totals, one[0]))
    return found[0] if found else ("", 0, 0)


def _first_with(record: AreaCounts, place: int) -> tuple[Edition, Edition] | None:
    """Return the last edition that lacked an offence, and the next, which has it."""
    has = [bool(reported(edition.state[:, place]).any()) for edition in record.editions]
    first = has.index(True) if True in has else 0
    return (record.editions[first - 1], record.editions[first]) if first else None


def _from_editions(
    record: AreaCounts, place: int, at: int, before: Edition, after: Edition
) -> list[tuple[str, int, int]]:
    leaves = record.leaves
    new = after.values[at:, place][:, leaves].astype(np.int64)
    there = reported(after.state[at:, place][:, leaves])
    found = []
    for other, offence in enumerate(record.offences):
        if other == place:
            continue
        both = (
            there
            & reported(before.state[at:, other][:, leaves])
            & reported(after.state[at:, other][:, leaves])
        )
        lost = before.values[at:, other].astype(np.int64) - after.values[at:, other]
        found += _agreeing(offence.code, new, lost[:, leaves], both)
    return found


def _lacking(record: AreaCounts) -> list[tuple[Sum, Ints]]:
    """Return declared sums that do not hold everywhere, and what each has beyond its parts."""
    latest, leaves, index = record.latest, record.leaves, record.offence_index
    found = []
    for one in record.offence_sums.declared:
        if not {one.total, *one.parts} <= set(index):
            continue
        beyond = latest.values[:, index[one.total]][:, leaves].astype(np.int64)
        for part in one.parts:
            beyond -= latest.values[:, index[part]][:, leaves]
        if beyond.any():
            found.append((one, beyond))
    return found


def _from_sums(
    record: AreaCounts, place: int, at: int, lacking: Sequence[tuple[Sum, Ints]]
) -> list[tuple[str, int, int]]:
    """Return what a declared sum has beyond its parts from a span on, and not before."""
    latest, leaves = record.latest, record.leaves
    new = latest.values[at:, place][:, leaves].astype(np.int64)
    there = reported(latest.state[at:, place][:, leaves])
    found = []
    for one, beyond in lacking:
        if record.offences[place].code not in one.parts and not beyond[:at].any():
            found += _agreeing(one.total, new, beyond[at:], there)
    return found


def _agreeing(code: str, new: Ints, other: Ints, both: Bools) -> list[tuple[str, int, int]]:
    moved = int(new[both].sum())
    apart = int(np.abs(new - other)[both].sum())
    return [(code, moved, apart)] if moved >= _LEAST_MOVED and apart <= _APART * moved else []


def thousand_times_less(record: AreaCounts) -> tuple[ThousandTimesLess, ...]:
    """Name cells a thousand times below the two spans on either side, at most 200 of them.

    The median of those that are reported must be 1,000 or more, and a thousand times the cell
    within a factor of 2.5 of it; the span before and the one after must not be low too, as they
    are where several were not reported.
    """
    latest = record.latest
    found: list[ThousandTimesLess] = []
    for place, offence in enumerate(record.offences):
        values = latest.values[:, place].astype(np.float64)
        there = reported(latest.state[:, place])
        large = np.flatnonzero((values >= _THOUSAND / _NEAR).any(axis=0))
        if not len(large):
            continue
        values, there = values[:, large], there[:, large]
        beside = _beside(np.where(there, values, np.nan))
        with np.errstate(divide="ignore", invalid="ignore"):
            off = np.abs(np.log(_THOUSAND * values / beside))
        slips = there & (values > 0) & (beside >= _THOUSAND) & (off <= np.log(_NEAR))
        # What is low beside another low one, or at an end, was rather not reported.
        high = there & (values >= _THOUSAND / _NEAR)
        slips[1:-1] &= high[:-2] & high[2:]
        slips[[0, -1]] = False
        for span, area in zip(*np.nonzero(slips), strict=True):
            found.append(
                ThousandTimesLess(
                    area=record.areas[int(large[area])].code,
                    offence=offence.code,
                    span=record.spans.labels[int(span)],
                    recorded=int(values[span, area]),
                    beside=float(beside[span, area]),
                )
            )
    return tuple(found[:_MOST_SLIPS])


def _beside(values: Floats) -> Floats:
    """Median of the two spans on either side that are reported; NaN with fewer than two."""
    last = len(values)
    padded = np.pad(values, ((_SIDE, _SIDE), (0, 0)), constant_values=np.nan)
    around = np.stack([padded[_SIDE + k : _SIDE + k + last] for k in range(-_SIDE, _SIDE + 1) if k])
    enough = np.isfinite(around).sum(axis=0) >= _SIDE
    found = np.full(values.shape, np.nan)
    found[enough] = np.nanmedian(around[:, enough], axis=0)
    return found
