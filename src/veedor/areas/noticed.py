"""What reading met in a file of area counts: codes, numbers and a few cells as examples."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Notice(StrEnum):
    """What was met; `report.words` says it."""

    ROWS_REPEATED = "rows repeated"
    """Rows that say again what another said; each cell was counted once."""
    ROWS_ADDED = "rows added"
    """Several rows of one cell, added by the layout's rule."""
    NEGATIVE = "negative"
    """Counts below 0, corrections of the publisher: kept."""
    THOUSANDS = "thousands"
    """Counts with marks between their thousands."""
    THOUSANDS_LOST = "thousands lost"
    """Counts with decimals, a mark between thousands taken for a decimal one: put right."""
    CODES_PADDED = "codes padded"
    """Codes that had lost their leading zeros, padded as their publisher pads them."""
    CODES_RENAMED = "codes renamed"
    """One code under several names; the latest is kept."""
    RATES_NOT_READ = "rates not read"
    """Columns of published rates, which are never read as counts."""
    PERSONS_DROPPED = "persons dropped"
    """Columns about persons, dropped."""
    COLUMNS_NOT_READ = "columns not read"
    """Other columns that the layout has no use for."""
    COLUMNS_UNKNOWN = "columns unknown"
    """Columns that look like counts and that the layout does not know: not read."""
    NOT_REPORTED_BY_RULE = "not reported by rule"
    """Cells that hold a number, or nothing, and that the layout's rule says were not reported."""
    AFTER_CUT_OFF = "after the cut-off"
    """Cells of spans that had not been published yet, whatever stands in them."""
    UNDATED = "undated"
    """Counts of a year without a month: in its total, in no month."""
    RESIDUAL = "residual"
    """Areas that gather what has no place: in totals, never a place."""
    ROWS_SET_ASIDE = "rows set aside"
    """Rows of notes, totals or nothing, which hold no cell."""
    PUBLISHED_BY_RULE = "published by rule"
    """The day of publication is a layout's rule, since neither file nor name says it."""


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """A cell, by codes as far as they apply, and what stands in it."""

    area: str = ""
    span: str = ""
    offence: str = ""
    text: str = ""


class Noticed(msgspec.Struct, frozen=True, kw_only=True):
    """What was met in a file, how often, and the first cells or columns in which.

    Parameters
    ----------
    what : Notice
    file : str
    n : int
        How many rows, cells or columns.
    examples : tuple of Example
        At most five.
    columns : tuple of str
        Headers that it concerns.
    """

    what: Notice
    file: str
    n: int
    examples: tuple[Example, ...] = ()
    columns: tuple[str, ...] = ()
