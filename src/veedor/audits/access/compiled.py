"""Loops over look-ups, compiled: what would need a table for each share, or a second sort."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from veedor.arrays import Bools, Floats, Ints
from veedor.audits.access.log import Codes
from veedor.compiling import compiled

Bytes = npt.NDArray[np.uint8]


@compiled
def tally(
    counted: Bools, among: Bools, user: Codes, day: Codes, by_user: Floats, by_day: Floats
) -> None:
    """Add look-ups to their user's and day's counts: row 0 those counted, row 1 all."""
    for row in range(len(among)):
        if among[row]:
            by_user[1, user[row]] += 1.0
            by_day[1, day[row]] += 1.0
            if counted[row]:
                by_user[0, user[row]] += 1.0
                by_day[0, day[row]] += 1.0


@compiled
def grouped(codes: Codes, starts: Ints, order: Codes) -> None:
    """Order rows by code, those of one code as they stand; rows of other codes are passed over.

    Parameters
    ----------
    codes : array of int32, shape (row,)
    starts : array of int64, shape (codes,)
        Where in the order each code begins; spoilt.
    order : array of int32
        Gets the rows.
    """
    for row in range(len(codes)):
        code = codes[row]
        if 0 <= code < len(starts):
            order[starts[code]] = row
            starts[code] += 1


@compiled
def distinct_pairs(members: Codes, groups: Codes, many: int, bits: Bytes, found: Ints) -> None:
    """Count the distinct members of each group, in a table of a bit for each pair.

    Parameters
    ----------
    members, groups : array of int32, shape (row,)
        Those that are no member or no group are passed over.
    many : int
        How many members there are.
    bits : array of uint8
        Of zeros, a bit for each pair.
    found : array of int64, shape (groups,)
        Gets the counts.
    """
    for row in range(len(members)):
        member, group = members[row], groups[row]
        if 0 <= member < many and 0 <= group < len(found):
            pair = np.int64(group) * many + member
            bit = np.uint8(1 << (pair & 7))
            if not bits[pair >> 3] & bit:
                bits[pair >> 3] |= bit
                found[group] += 1


@compiled
def earlier(
    order: Codes,
    key: Codes,
    user: Codes,
    at: Ints,
    users: int,
    by_anyone: Codes,
    by_same: Codes,
    users_of_key: Ints,
) -> None:
    """Find for each look-up how long before it its key was last looked up.

    Parameters
    ----------
    order : array of int32
        Look-ups with a key and a time, by key and then by time.
    key, user : array of int32, shape (look-up,)
    at : array of int64, shape (look-up,)
        Microseconds.
    users : int
        Codes at or above it are not known: their look-ups are by nobody's own hand.
    by_anyone, by_same : array of int32, shape (look-up,)
        Seconds since the last look-up of the key, begun ones too, by anyone and by the same user;
        where there is none they keep what they hold.
    users_of_key : array of int64, shape (keys,)
        Gets the number of known users of each key.
    """
    last = np.full(users + 1, -1, np.int64)  # which look-up of the key was the user's last
    held = np.full(users + 1, -1, np.int32)  # of which key that was
    before = -1
    for place in range(len(order)):
        row = order[place]
        if before >= 0 and key[before] == key[row]:
            by_anyone[row] = (at[row] - at[before] + 999_999) // 1_000_000
        who = user[row]
        if who < users:
            if held[who] == key[row]:
                by_same[row] = (at[row] - at[last[who]] + 999_999) // 1_000_000
            else:
                users_of_key[key[row]] += 1
            last[who] = row
            held[who] = key[row]
        before = row


@compiled
def most_repeated_gap(
    order: Codes,
    user: Codes,
    at: Ints,
    tick: int,
    least: int,
    gaps: Ints,
    most: Ints,
    scratch: Ints,
) -> None:
    """Count each user's gaps between look-ups, and those within a tick of the most usual one.

    Parameters
    ----------
    order : array of int32
        Look-ups with a user and a time, by user and then by time.
    user : array of int32, shape (look-up,)
    at : array of int64, shape (look-up,)
        Microseconds.
    tick : int
        Of the log's clock, in microseconds.
    least : int
        Gaps of fewer ticks are no gaps: a burst is one visit.
    gaps, most : array of int64, shape (users,)
        Get how many gaps there are, and how many are the most usual, give or take a tick.
    scratch : array of int64
        As long as the most look-ups of a user.
    """
    begin = 0
    while begin < len(order):
        end = begin + 1
        who = user[order[begin]]
        found = 0
        while end < len(order) and user[order[end]] == who:
            gap = at[order[end]] // tick - at[order[end - 1]] // tick
            if gap >= least:
                scratch[found] = gap
                found += 1
            end += 1
        ordered = np.sort(scratch[:found])
        low = 0
        best = 0
        for high in range(found):
            while ordered[high] - ordered[low] > 2:
                low += 1
            best = max(best, high - low + 1)
        gaps[who] = found
        most[who] = best
        begin = end
