"""`judge`: whether a record can be used, with what limits, or what must be mended first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from veedor.incidents import tally as reasons
from veedor.incidents.quality_report import QualityReport, Share
from veedor.incidents.reconciling import reconcile
from veedor.statistics.codes import Finding

#: Less than this share of the rows or incidents is told among the counts, and limits nothing.
LEAST_SHARE = 0.01
#: More rows that are no incident only because they cannot be read are to be mended first.
MOST_UNREAD = 0.2
#: With fewer incidents that have a place, a map or a forecast of places is one of the rest.
LEAST_LOCATED = 0.5
#: Why a row that was meant as an incident is none.
FAULTS = (
    *reasons.MALFORMED.values(),
    reasons.MALFORMED_OTHERWISE,
    reasons.NO_CATEGORY,
    reasons.NO_TIME,
    reasons.UNREADABLE_TIME,
    reasons.OUT_OF_RANGE,
    reasons.PLACEHOLDER,
    reasons.ENDS_BEFORE,
    reasons.NO_ID,
    reasons.BAD_ID,
    reasons.BAD_COUNT,
)
Verdict = Literal["usable", "limits", "mend"]


class Usability(msgspec.Struct, frozen=True):
    """Whether a record can be used.

    Parameters
    ----------
    verdict : {"usable", "limits", "mend"}
        ``mend`` where something must be mended first, ``limits`` where something limits what may
        be concluded.
    mend : list of Finding
    limits : list of Finding
    """

    verdict: Verdict
    mend: list[Finding]
    limits: list[Finding]


def judge(
    report: QualityReport,
    doubts: Sequence[Finding] = (),
    *,
    hindered: bool = False,
    proposed: bool = False,
) -> Usability:
    """Judge whether a record can be used.

    Parameters
    ----------
    report : QualityReport
    doubts : sequence of Finding
        Of `doubts_of_places`.
    hindered : bool
        Whether anything else keeps the study from being run: that is to be mended first.
    proposed : bool
        Whether the columns were recognised, and nobody has confirmed them.
    """
    unread = _unread(report)
    mend, limits = [*_to_mend(report, unread), *doubts], list(_limits(report, unread, proposed))
    verdict: Verdict = "mend" if mend or hindered else "limits" if limits else "usable"
    return Usability(verdict, mend, limits)


def _unread(report: QualityReport) -> Share:
    """Rows that were meant as incidents and could not be read, of those and the incidents."""
    faults = sum(one.count for one in report.rows.set_aside if one.reason in FAULTS)
    return Share.of(faults, faults + report.rows.kept)


def _to_mend(report: QualityReport, unread: Share) -> Iterator[Finding]:
    if not reconcile(report).adds_up:
        yield Finding("record_does_not_add_up", {"rows": report.rows.read})
    if (unread.share or 0.0) > MOST_UNREAD:
        yield _of("record_mostly_unread", unread)
    located = report.places.located
    if (located.share or 0.0) < LEAST_LOCATED:
        without = located.denominator - located.numerator
        yield _of("record_mostly_unlocated", Share.of(without, located.denominator))


def _limits(report: QualityReport, unread: Share, proposed: bool) -> Iterator[Finding]:
    places, times, kept = report.places, report.times, report.rows.kept
    if proposed:
        yield Finding("record_columns_proposed")
    if LEAST_SHARE <= (unread.share or 0.0) <= MOST_UNREAD:
        yield _of("record_unread", unread)
    located = places.located
    without = Share.of(located.denominator - located.numerator, located.denominator)
    if LEAST_SHARE <= (without.share or 0.0) <= 1 - LEAST_LOCATED:
        yield _of("record_unlocated", without)
    if places.outside_area is not None and (places.outside_area.share or 0.0) >= LEAST_SHARE:
        yield _of("record_outside", places.outside_area)
    broken = {one.month for one in report.breaks}
    if broken:
        yield Finding(
            "record_months_break",
            {"n": len(broken), "months": len(report.months.labels), "first": min(broken)},
        )
    if report.layout is not None:
        for one in report.layout.breaks:
            if one.in_the_record:
                yield Finding("record_counted_otherwise", {"day": one.since, "what": one.what})
    timed = kept - times.whole_days - times.whole_months
    if LEAST_SHARE * timed <= times.with_offset <= (1 - LEAST_SHARE) * timed and timed:
        yield Finding("record_offsets_mixed", {"n": times.with_offset, "of": timed})
    if times.nonexistent and times.nonexistent >= LEAST_SHARE * kept:
        yield Finding("record_times_skipped", {"n": times.nonexistent, "of": kept})
    for heap in times.heaped:
        yield Finding(
            "record_times_heaped",
            {"n": heap.count, "of": times.exact.numerator, "clock": heap.clock},
        )
    if times.far_years:
        far = sum(one.count for one in times.far_years)
        yield Finding("record_far_years", {"n": far, "of": kept})
    if places.far.incidents:
        yield Finding("record_far_places", {"n": places.far.incidents, "of": located.numerator})
    if places.swapped_suspected:
        yield Finding("record_swapped", {"n": places.swapped_suspected, "of": kept})
    suspected = [one.count for one in places.stacks.top if one.suspected]
    if suspected:
        yield Finding(
            "record_stacks",
            {"n": len(suspected), "incidents": sum(suspected), "of": located.numerator},
        )
    same = report.duplicates.identical_rows or 0
    if same and same >= LEAST_SHARE * kept:
        yield Finding("record_identical_rows", {"n": same, "of": kept})
    if times.exact.share is not None and times.exact.share < LEAST_LOCATED:
        yield _of("record_times_rough", times.exact)
    discovered = [one for one in report.categories if one.known_by == "discovered" and one.count]
    if discovered:
        incidents = sum(one.count for one in discovered)
        yield Finding("record_discovered", {"n": incidents, "of": kept})


def _of(code: str, share: Share) -> Finding:
    return Finding(code, {"n": share.numerator, "of": share.denominator})
