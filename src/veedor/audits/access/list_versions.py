"""Look-ups on the authorised list and off it, for each of its versions by itself."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from veedor.arrays import Instants
from veedor.audits.access.authorised import OF_LISTED, Listed, registers_of
from veedor.audits.access.ground import Ground, micros
from veedor.audits.access.results import ListVersion
from veedor.audits.audit import WHOLE, Statement, Subject
from veedor.tables.clocks import LocalClock


def list_versions(ground: Ground, found: Listed) -> tuple[list[ListVersion], list[Statement]]:
    """Count the look-ups inside and outside each version of the list, and state their shares.

    Where a list of keys and one of cases both have versions, a span is between two days on which
    either came. Versions before or behind the log are left out. Fewer than two yield nothing.

    Returns
    -------
    versions : list of ListVersion
    statements : list of Statement
        ``inside_list_share`` and ``outside_list_share`` of each, whose subset is its span as ISO
        8601 writes one: ``2025-03-01/2025-06-01``, or ``2025-06-01/..`` without an end.
    """
    starts = [register.starts for register, _ in registers_of(ground)]
    edges = np.unique(np.concatenate(starts)) if starts else np.empty(0, "datetime64[us]")
    if edges.size < 2:
        return [], []
    told = [None, *_local(ground, edges), None]
    places = np.searchsorted(ground.log.at[: ground.log.timed], edges, side="left").tolist()
    outside = found.judged & ~found.inside
    versions, statements = [], []
    spans = zip(pairwise(told), pairwise([0, *places, ground.log.timed]), strict=True)
    for (since, until), (first, last) in spans:
        rows = slice(first, last)
        judged = int(np.count_nonzero(found.judged[rows]))
        # Before its first version a list says something only by rows of no version.
        if (since is None and not judged) or first == last in (0, ground.log.timed):
            continue
        of = Subject(WHOLE, subset=f"{since or '..'}/{until or '..'}")
        inside = ground.share("inside_list_share", found.inside, found.judged, OF_LISTED, of, rows)
        off = ground.share("outside_list_share", outside, found.judged, OF_LISTED, of, rows)
        statements += [inside, off]
        versions.append(ListVersion(
            since, until, judged, int(np.count_nonzero(found.inside[rows])),
            int(np.count_nonzero(outside[rows])), inside.estimate, off.estimate,
        ))  # fmt: skip
    return versions, statements


def _local(ground: Ground, instants: Instants) -> list[str]:
    """Write UTC instants as local days, with the time of those that are not at midnight."""
    local = LocalClock(ground.log.time_zone).to_local(micros(instants)).view("datetime64[us]")
    return [
        str(one.astype("datetime64[D]" if one == one.astype("datetime64[D]") else "datetime64[s]"))
        for one in local
    ]
