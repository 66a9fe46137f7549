"""When what was published by spans was known, and up to which span it went."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from veedor.areas import AreaCounts, Edition, Spans, State
from veedor.arrays import Instants
from veedor.errors import DataError, phrase
from veedor.incidents import Category
from veedor.spacetime.periods import utc_instant

_DAY = np.timedelta64(1, "D")


def spans_out(areas: AreaCounts, edition: Edition, categories: Sequence[Category]) -> int:
    """Spans up to the last one in which something was reported of every category."""
    lasts = [len(areas.spans)]
    for category in categories:
        codes = [areas.offence_of(code) for code in category.values]
        there = (edition.state[:, codes] != State.NOT_REPORTED).all(axis=1).any(axis=1)
        lasts.append(int(np.flatnonzero(there)[-1]) + 1 if there.any() else 0)
    return min(lasts)


def lateness(
    areas: AreaCounts, edition: Edition, categories: Sequence[Category], edges: Instants
) -> np.timedelta64:
    """Time from the end of what an edition holds until it was known."""
    out = spans_out(areas, edition, categories)
    late: np.timedelta64 = known_from(edition, areas.time_zone) - edges[out]
    if late < np.timedelta64(0, "us"):
        raise DataError(
            "An edition must have been published after the end of what it holds.",
            found=phrase(
                "published {published}, with counts up to {last}",
                published=edition.published,
                last=areas.spans.labels[out - 1],
            ),
            where=edition.source,
            remedy="say on which day it was published",
        )
    return late


def known_from(edition: Edition, zone: str) -> np.datetime64:
    """Instant from which an edition is known: the end of the day it was published."""
    return utc_instant((edition.published + _DAY).astype("datetime64[us]").item(), zone)


def instants(spans: Spans, zone: str) -> Instants:
    """Return the beginning of each span and the end of the last, shape (spans + 1,)."""
    days = spans.edges.astype("datetime64[us]").tolist()
    return np.array([utc_instant(day, zone) for day in days], dtype="datetime64[us]")


def edition_at(areas: AreaCounts, cutoff: np.datetime64) -> Edition:
    """Return the edition that is used at a cut-off: the latest that was known, else the first."""
    known = [one for one in areas.editions if known_from(one, areas.time_zone) <= cutoff]
    return known[-1] if known else areas.editions[0]
