"""First look-ups of a key, and repeats: by the same user, by others, within days.

What was looked up before the log begins is not known: a first look-up in the log may be a repeat.
A repeat within d days can be told of look-ups from d days after the log begins.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from veedor.arrays import Bools, Ints
from veedor.audits.access.ground import Ground, micros, ordered_by
from veedor.audits.access.log import Codes
from veedor.audits.audit import WHOLE, Statement, Subject
from veedor.statistics.codes import Denominator

_DAY = 86_400
#: From how many users on a key counts: at least the first, fewer than the second.
_USERS = ((1, 2), (2, 5), (5, 10), (10, None))


@dataclass(frozen=True, eq=False)
class Repeats:
    """How long before each look-up its key was looked up.

    Parameters
    ----------
    known : array of bool, shape (look-up,)
        With a key and a time.
    by_anyone, by_same : array of int32, shape (look-up,)
        Seconds since, begun ones too; -1 where the log has none before.
    users_of_key : array of int64, shape (keys,)
        Known users of each.
    keys : int
        Looked up.
    """

    known: Bools
    by_anyone: Codes
    by_same: Codes
    users_of_key: Ints
    keys: int

    @property
    def first(self) -> Bools:
        """Look-ups before which the log has none of the key."""
        return self.known & (self.by_anyone < 0)


def repeats_of(ground: Ground) -> Repeats | None:
    """Find the look-up before each, of its key; None where the log has no keys."""
    from veedor.audits.access.compiled import earlier

    column = ground.column("key")
    if column is None or not ground.days:
        return None
    known = column.known & (ground.minute >= 0)
    # Look-ups are in order of time, those without one last.
    order = ordered_by(column.codes[: ground.log.timed], column.distinct)
    by_anyone = np.full(len(ground), -1, np.int32)
    by_same = np.full(len(ground), -1, np.int32)
    users_of_key = np.zeros(column.distinct, np.int64)
    at = micros(ground.log.at)
    earlier(order, column.codes, ground.user, at, ground.users, by_anyone, by_same, users_of_key)
    keys = int(np.count_nonzero(np.diff(column.codes[order]))) + min(len(order), 1)
    return Repeats(known, by_anyone, by_same, users_of_key, keys)


def repeated(ground: Ground, repeats: Repeats) -> list[Statement]:
    """State how many look-ups are first ones, and how many repeats, by whom and how soon."""
    of = Denominator("lookups_with_key")
    known, again = repeats.known, repeats.by_anyone >= 0
    made = [
        ground.count("keys", repeats.keys, Denominator("keys")),
        ground.share("first_in_log_share", repeats.first, known, of),
    ]
    if ground.users:
        named = known & (ground.user < ground.users)
        of_named = Denominator("lookups_with_key_and_user")
        own = repeats.by_same >= 0
        made.append(ground.share("again_by_same_user_share", own & named, named, of_named))
        made.append(
            ground.share("again_by_others_only_share", again & ~own & named, named, of_named)
        )
        for least, most in _USERS:
            inside = repeats.users_of_key >= least
            if most is not None:
                inside &= repeats.users_of_key < most
            made.append(
                ground.people(
                    "keys_by_users", int(inside.sum()), Denominator("keys"),
                    Subject(WHOLE, threshold=float(least)),
                )
            )  # fmt: skip
    for days in ground.settings.repeats_within:
        told = known & (ground.day >= days)
        soon = again & (repeats.by_anyone <= days * _DAY)
        subject = Subject(WHOLE, threshold=float(days))
        of_told = Denominator("lookups_days_after_the_log_begins", {"days": days})
        if told.any():
            made.append(ground.share("again_within_share", soon & told, told, of_told, subject))
    return made
