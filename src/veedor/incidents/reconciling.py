"""`reconcile`: where every row of a record went, in counts that add up."""

from __future__ import annotations

import msgspec

from veedor.incidents.quality_report import QualityReport


class Reconciled(msgspec.Struct, frozen=True):
    """What became of the rows of a record: all of them, each once.

    Parameters
    ----------
    rows : int
        Read.
    more : int
        Incidents beyond the first of rows that stand for several.
    aside : int
        Rows that are no incident of the record, for the reasons in ``rows.set_aside``.
    unlocated : int
        Incidents without a usable place, for the reasons in ``places.unlocated``.
    outside : int
        Incidents with a place outside the study area; 0 where there is no area.
    used : int
        Incidents with a place, within the study area where there is one.
    adds_up : bool
        Whether rows + more = aside + unlocated + outside + used, and reasons sum to their parts.
    """

    rows: int
    more: int
    aside: int
    unlocated: int
    outside: int
    used: int
    adds_up: bool


def reconcile(report: QualityReport) -> Reconciled:
    """Count what became of every row."""
    rows, places = report.rows, report.places
    aside = sum(one.count for one in rows.set_aside)
    located = places.located
    unlocated = located.denominator - located.numerator
    outside = 0 if places.outside_area is None else places.outside_area.numerator
    used = located.numerator - outside
    return Reconciled(
        rows=rows.read,
        more=rows.counted_more,
        aside=aside,
        unlocated=unlocated,
        outside=outside,
        used=used,
        adds_up=rows.reconciled
        and rows.read + rows.counted_more == aside + unlocated + outside + used
        and sum(one.count for one in places.unlocated) == unlocated
        and sum(one.count for one in report.categories) == located.denominator,
    )
