"""Access logs made up of lists, as a reading would give them."""

from __future__ import annotations

import numpy as np

from veedor.audits.access.ground import ground_of
from veedor.audits.access.log import (
    KEYED,
    NUMBERS,
    AccessLog,
    CellState,
    CodedColumn,
    NumberColumn,
    Release,
)
from veedor.audits.access.registers import Registers
from veedor.audits.access.settings import Settings


def coded(values, *, keyed=False, states=None, constant=False):
    """A column of texts; None is an empty cell. Codes are in order of the alphabet."""
    names = sorted({value for value in values if value is not None})
    place = {name: number for number, name in enumerate(names)}
    codes = np.array([place.get(value, -1) for value in values], np.int32)
    if states is None:
        states = np.where(codes < 0, CellState.EMPTY, CellState.VALUE)
    return CodedColumn(
        codes, np.array(states, np.uint8), len(names), () if keyed else tuple(names), constant
    )


def numbers(values, *, constant=False):
    """A column of numbers; None is an empty cell."""
    held = np.array([np.nan if one is None else one for one in values], float)
    states = np.where(np.isnan(held), CellState.EMPTY, CellState.VALUE).astype(np.uint8)
    return NumberColumn(held, states, constant)


def made_log(
    at, *, kind="own", zone="UTC", own=None, releases=None, release=None, repeated=None, **columns
):
    """A log of look-ups, each at an instant (UTC, in order; None has no time)."""
    at = np.array(["NaT" if one is None else one for one in at], "datetime64[us]")
    every = {
        name: column
        if isinstance(column, (CodedColumn, NumberColumn))
        else (numbers(column) if name in NUMBERS else coded(column, keyed=name in KEYED))
        for name, column in columns.items()
    }
    if releases is None:
        releases = (Release("log.csv", "0" * 64, "generic", tuple(every), len(at)),)
    return AccessLog(
        kind,
        zone,
        at,
        {name: one for name, one in every.items() if name not in NUMBERS},
        {name: one for name, one in every.items() if name in NUMBERS},
        np.zeros(len(at), np.int16) if release is None else np.array(release, np.int16),
        np.arange(1, len(at) + 1, dtype=np.int32),
        releases,
        None if own is None else np.array(own),
        repeated or {},
    )


def ground(log, registers=None, **settings):
    return ground_of(log, registers or Registers(), Settings(**settings))


def by_name(statements):
    """Statements by statistic, or by statistic and what tells those of one apart."""
    found = {}
    for one in statements:
        subject = one.subject
        more = [
            part
            for part in (
                subject.assignment,
                "" if subject.subset == "all" else subject.subset,
                "" if subject.threshold is None else f"{subject.threshold:g}",
            )
            if part
        ]
        name = " ".join([one.statistic, *more])
        assert name not in found, f"{name} is stated twice"
        found[name] = one
    return found


def every(hours, n, start="2025-06-02"):
    """Instants so many hours apart, from a Monday on."""
    first = np.datetime64(start, "us")
    return list(first + (np.arange(n) * hours * 3_600_000_000).astype("timedelta64[us]"))
