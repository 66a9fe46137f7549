"""What the JSON API answers: each type is written, and described, from here."""

from __future__ import annotations

from typing import Annotated

import msgspec

from veedor.sealing import Standing

Count = Annotated[int, msgspec.Meta(ge=0)]


class Withdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """When, by which office and why a thing was withdrawn."""

    at: str
    office: str
    why: str


class PublishedThing(msgspec.Struct, frozen=True, kw_only=True):
    """A thing that was published; of one that was withdrawn no file can be read.

    `digest` is the SHA-256 of the list of all files with theirs. `address` is relative to the site.
    """

    key: str
    address: str
    kind: str
    title: str
    office: str
    published_at: str
    digest: str
    veedor: str
    files: Count
    bytes: Count
    withdrawn: Withdrawn | None


class OneFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a published thing."""

    name: str
    address: str
    sha256: str
    bytes: Count


class WholePublication(msgspec.Struct, frozen=True, kw_only=True):
    """A published thing with all its files; `checkpoint` is a log's."""

    about: PublishedThing
    checkpoint: str
    files: tuple[OneFile, ...]


class OnePromise(msgspec.Struct, frozen=True, kw_only=True):
    """A promise of a log; `state` is late, scored, never_scored or not_due.

    `gain` is the information gain of the first scoring, in nats per incident, computed again from
    the counts; null where there is none.
    """

    publication: str
    entry: Count
    category: str
    forecaster: str
    reference: str | None
    promised_by: str
    promised_at: str
    begins: str
    ends: str
    due: str
    state: str
    gain: float | None
    gain_low: float | None
    gain_high: float | None


class LogStanding(msgspec.Struct, frozen=True, kw_only=True):
    """How a log stands; a withdrawn one stays."""

    publication: str
    title: str
    office: str
    withdrawn: bool
    rows: tuple[Standing, ...]


class Publications(msgspec.Struct, frozen=True, kw_only=True):
    """A page of what was published, newest first; `next` is the address of the page after."""

    total: Count
    page: Count
    pages: Count
    next: str | None
    items: tuple[PublishedThing, ...]


class Promises(msgspec.Struct, frozen=True, kw_only=True):
    """A page of promises, by log and entry."""

    total: Count
    page: Count
    pages: Count
    next: str | None
    items: tuple[OnePromise, ...]


class Scoreboard(msgspec.Struct, frozen=True, kw_only=True):
    """All logs by office and title: no ranking. `comparisons` is the size of the one family."""

    as_of: str
    comparisons: Count
    items: tuple[LogStanding, ...]


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with a request (RFC 9457)."""

    title: str
    status: int
    detail: str
    type: str = "about:blank"


class Paging(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which part of a list is asked for."""

    page: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 1
    size: Annotated[int, msgspec.Meta(ge=1, le=200)] = 50


class NothingAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """No parameter is taken."""
