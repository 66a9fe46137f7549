"""What was fetched: the types of ``NAME.fetched.json``, which stands beside the data."""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec


class FileSource(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file of a portal, as its server marks it; how many `members` of an archive were kept."""

    name: str
    url: str
    etag: str | None = None
    last_modified: str | None = None
    length_checked: bool
    members: int | None = None


class Asked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a table of a portal is asked for, in the terms of its kind of portal."""

    url: str
    where: str | None = None
    order: str | None = None
    resource: str | None = None
    since: str | None = None
    until: str | None = None
    sort: str | None = None


class TableSource(Asked, frozen=True, kw_only=True, omit_defaults=True):
    """A table of a portal: rows it has and rows that were asked for, by how many sweeps.

    `version` is when it last changed, as the portal tells it; `left_out` are columns about persons.
    """

    rows: int
    written: int
    version: str
    sweeps: int
    columns: list[str]
    left_out: list[str]


Source = TypeVar("Source", FileSource, TableSource)


class FetchRecord(msgspec.Struct, Generic[Source], frozen=True, kw_only=True):
    """What was asked of whom, when, and the hash of what came."""

    layout: str
    title: str
    licence: str
    page: str
    since: str
    until: str | None
    sources: list[Source]
    fetched_at: str
    bytes: int
    sha256: str
    requests: int
    tried_again: int
    veedor: str

    @property
    def left_out(self) -> list[str]:
        """Columns about persons that were not asked for, in order."""
        tables = [one for one in self.sources if isinstance(one, TableSource)]
        return sorted({name for one in tables for name in one.left_out})
