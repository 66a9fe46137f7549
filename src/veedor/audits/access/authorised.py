"""Look-ups of keys on the authorised list and off it, by its version in force at the look-up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from veedor.arrays import Bools, Ints
from veedor.audits.access.ground import Ground, micros
from veedor.audits.access.in_force import InForce
from veedor.audits.access.log import CodedColumn, Codes
from veedor.audits.audit import Statement
from veedor.statistics.codes import Denominator

#: What shares inside and outside a list are out of.
OF_LISTED = Denominator("lookups_with_list_in_force")


@dataclass(frozen=True, eq=False)
class Listed:
    """Which look-ups are of a key, or for a case, on the list.

    Parameters
    ----------
    judged : array of bool, shape (look-up,)
        With a key or case that a list could name, and a time at which one was in force.
    inside : array of bool, shape (look-up,)
        Of them, those whose key or case was on it.
    later : array of bool, shape (look-up,)
        Of the others, those whose key or case came onto it within the days asked for.
    """

    judged: Bools
    inside: Bools
    later: Bools


def registers_of(ground: Ground) -> list[tuple[InForce, CodedColumn]]:
    """Give each list of what may be looked up, with the column of the log that it names."""
    given = (
        (ground.registers.authorised, ground.column("key")),
        (ground.registers.authorised_cases, ground.column("case")),
    )
    return [
        (register, column)
        for register, column in given
        if register is not None and column is not None and ground.days
    ]


def listed(ground: Ground) -> Listed | None:
    """Find the look-ups on the list; None without a list, or without what it names in the log.

    Before the first day that a list says anything of, nothing is known to be outside it.
    """
    found = None
    for register, column in registers_of(ground):
        one = _listed_by(ground, register, column)
        found = one if found is None else Listed(
            found.judged | one.judged,
            found.inside | one.inside,
            (found.later | one.later) & ~(found.inside | one.inside),
        )  # fmt: skip
    return found


def _listed_by(ground: Ground, register: InForce, column: CodedColumn) -> Listed:
    at, codes = ground.log.at, column.codes
    judged = column.known & (ground.minute >= 0)
    if not np.isnat(register.begins):
        judged &= at >= register.begins
    inside = register.holds(codes, at) & judged
    later = np.zeros(len(ground), np.bool_)
    out = np.flatnonzero(judged & ~inside & register.known(codes))
    horizon = at[out] + np.timedelta64(ground.settings.listed_later_within, "D")
    later[out] = _begins_between(
        codes[out], micros(at[out]), micros(horizon), register.codes, micros(register.since)
    )
    return Listed(judged, inside, later)


def _begins_between(key: Codes, low: Ints, high: Ints, keys: Codes, since: Ints) -> Bools:
    after = _at_or_before(key, high, keys, since) > _at_or_before(key, low, keys, since)
    return np.asarray(after)


def _at_or_before(key: Codes, at: Ints, keys: Codes, instants: Ints) -> Ints:
    """Count for each (key, instant) the given ones of the key up to it."""
    edges = np.unique(instants)
    wide = len(edges) + 1
    given = np.sort(keys.astype(np.int64) * wide + np.searchsorted(edges, instants) + 1)
    asked = key.astype(np.int64) * wide + np.searchsorted(edges, at, side="right")
    begin = np.searchsorted(given, key.astype(np.int64) * wide, side="left")
    return np.searchsorted(given, asked, side="right") - begin


def authorised_shares(ground: Ground, found: Listed) -> list[Statement]:
    """State the shares of look-ups inside and outside the list, by its version in force."""
    named = np.zeros(len(ground), np.bool_)
    for name in ("key", "case"):
        if (column := ground.column(name)) is not None:
            named |= column.known
    return [
        ground.share("inside_list_share", found.inside, found.judged, OF_LISTED),
        ground.share("outside_list_share", found.judged & ~found.inside, found.judged, OF_LISTED),
        ground.share("listed_later_share", found.later, found.judged, OF_LISTED),
        ground.share(
            "no_list_in_force_share",
            named & ~found.judged,
            named,
            Denominator("lookups_with_key_or_case"),
        ),
    ]
