"""What counts by area are, as results say it: layout, unit of count, editions."""

from __future__ import annotations

import msgspec

from veedor.areas import AreaCounts, Edition


class EditionOut(msgspec.Struct, frozen=True, kw_only=True):
    """One publication: its file, the day it was published, and the last span that it holds."""

    source: str
    published: str
    last_span: str

    @classmethod
    def of(cls, areas: AreaCounts, edition: Edition) -> EditionOut:
        """Say what an edition of a record is."""
        last = edition.last
        return cls(
            source=edition.source,
            published=str(edition.published),
            last_span="" if last < 0 else areas.spans.labels[last],
        )


class CountsRead(msgspec.Struct, frozen=True, kw_only=True):
    """The publication: whose, how many areas that are places, by which spans, in which editions."""

    layout: str
    areas: int
    span: str
    editions: tuple[EditionOut, ...]

    @classmethod
    def of(cls, areas: AreaCounts) -> CountsRead:
        """Say what a record of counts is."""
        return cls(
            layout=areas.provenance.layout or "",
            areas=len(areas.places),
            span=areas.spans.unit,
            editions=tuple(EditionOut.of(areas, one) for one in areas.editions),
        )
