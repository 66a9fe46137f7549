"""`with_totals`: offences that a publisher does not print, as the sums of those that it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from veedor.areas.counts import AreaCounts
from veedor.areas.edition import Edition
from veedor.areas.names import Offence, Sums
from veedor.areas.series import added
from veedor.areas.states import State


def with_totals(record: AreaCounts, totals: Sequence[Offence], sums: Sums) -> AreaCounts:
    """Return a record with further offences, each the sum of others where `sums` says so.

    A sum is not reported where one of its parts is not, nor in spans for which none is declared.

    Parameters
    ----------
    record : AreaCounts
    totals : sequence of Offence
        Parts before what is made of them.
    sums : Sums
        Of the totals, and whatever else is declared of the record.
    """
    offences = (*record.offences, *totals)
    place = {offence.code: n for n, offence in enumerate(offences)}
    return replace(
        record,
        offences=offences,
        offence_sums=sums,
        editions=tuple(
            _filled(edition, record, totals, sums, place) for edition in record.editions
        ),
    )


def _filled(
    edition: Edition,
    record: AreaCounts,
    totals: Sequence[Offence],
    sums: Sums,
    place: dict[str, int],
) -> Edition:
    shape = (len(record.spans), len(place), len(record.areas))
    values = np.zeros(shape, dtype=np.int32)
    state = np.full(shape, State.NOT_REPORTED, dtype=np.uint8)
    provisional = np.zeros(shape, dtype=np.bool_)
    printed = len(record.offences)
    values[:, :printed], state[:, :printed] = edition.values, edition.state
    provisional[:, :printed] = edition.provisional
    codes = {offence.code for offence in totals}
    order = {offence.code: n for n, offence in enumerate(totals)}
    for one in sorted(
        (one for one in sums.declared if one.total in codes), key=lambda one: order[one.total]
    ):
        at = np.flatnonzero([one.holds_on(day) for day in record.spans.starts])
        parts = np.array([place[code] for code in one.parts], dtype=np.int64)
        of = np.ix_(at, parts)
        made = added(values[of], state[of], provisional[of])
        total = place[one.total]
        values[at, total], state[at, total], provisional[at, total] = made
    return replace(edition, values=values, state=state, provisional=provisional)
