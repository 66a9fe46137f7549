"""`AccessQuality`: what was found while a log was read, in counts; nobody's value is among them."""

from __future__ import annotations

import msgspec

from veedor.files.replacing import HashedFile


class ExportRead(msgspec.Struct, frozen=True, kw_only=True):
    """One export: a file, or a part of one below a header of its own.

    Parameters
    ----------
    name : str
        Of the file.
    part : int
        Which of the exports in it, from 1.
    preset : str
    columns, not_read : tuple of str
        Roles that it exports, and how many headers are of none.
    rows, kept : int
        Rows, and those of them that are look-ups of no other row.
    uneven : tuple of int
        Rows left out, none of ``rows``: they have more or fewer cells than the header. Each by its
        place behind it, from 1.
    unread_times, days_only, moved : int
        Rows whose time cannot be read; that say a day only; whose local time does not exist or
        comes twice.
    first, last : str or None
        UTC, ISO 8601.
    cap : int or None
    """

    name: str
    part: int
    preset: str
    columns: tuple[str, ...]
    not_read: int
    rows: int
    kept: int
    uneven: tuple[int, ...]
    unread_times: int
    days_only: int
    moved: int
    first: str | None
    last: str | None
    cap: int | None


class Overlap(msgspec.Struct, frozen=True):
    """Look-ups that two exports both hold; exports are numbered as in `AccessQuality.exports`."""

    first: int
    second: int
    shared: int


class AccessQuality(msgspec.Struct, frozen=True, kw_only=True):
    """What was found while a log was read.

    Parameters
    ----------
    files : tuple of HashedFile
    exports : tuple of ExportRead
        As the releases of the log.
    overlaps : tuple of Overlap
    rows, lookups : int
        As they stand, and without those released again.
    same_id, same_row, near : int
        Rows left out since their id, or the row, was there before; and look-ups that repeat one of
        the same user, key and reason within a second, which stay.
    differing : int
        Of ``same_id``, those that say another time or user than the row that stays.
    cells : dict of str to dict of str to int
        Column to state (`CellState` in lower case) to cells.
    constant : tuple of str
        Columns that say the same of every look-up, or whose every value was taken out.
    masked : dict of str to int
        Look-ups in whose reason personal data was masked, by its kind.
    producer : bool
        Whether it is known who released a network's log.
    own : int or None
        Its own look-ups in it.
    """

    files: tuple[HashedFile, ...]
    exports: tuple[ExportRead, ...]
    overlaps: tuple[Overlap, ...]
    rows: int
    lookups: int
    same_id: int
    same_row: int
    near: int
    differing: int
    cells: dict[str, dict[str, int]]
    constant: tuple[str, ...]
    masked: dict[str, int]
    producer: bool
    own: int | None
