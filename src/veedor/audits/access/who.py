"""Who looks: accounts, users, forces and units."""

from __future__ import annotations

import numpy as np

from veedor.arrays import Bools, Ints
from veedor.audits.access.ground import EVERYONE, Ground, distinct_of
from veedor.audits.access.log import Codes
from veedor.audits.access.results import GroupOfUsers
from veedor.audits.audit import Statement, estimate
from veedor.statistics.codes import Denominator, Method
from veedor.statistics.intervals import wilson
from veedor.statistics.suppression import Addition, suppressed

#: What groups of users are by -> what they are counted as.
_GROUPS = {"force": ("forces", Denominator("forces")), "unit": ("units", Denominator("units"))}


def accounts(ground: Ground) -> list[Statement]:
    """Count users, forces and units, and accounts granted, used and dormant."""
    made = []
    if ground.users:
        made.append(ground.people("users", ground.active_users, Denominator("users")))
    for name, (statistic, of_groups) in _GROUPS.items():
        if found := ground.grouping(name):
            many = int(np.count_nonzero(np.bincount(found[0][found[0] >= 0])))
            made.append(ground.count(statistic, many, of_groups))
    register = ground.registers.accounts
    if register is None or not ground.users:
        return made
    looked = np.append(ground.lookups_of_user > 0, False)
    used = looked[register.user]
    granted, of = len(used), Denominator("accounts")
    without = ground.active_users - len(np.unique(register.user[used]))
    made.append(ground.people("accounts_granted", granted, of))
    # One small number of the two would be the rest of it.
    hidden = suppressed(
        [used.sum(), granted - used.sum(), granted], [Addition(2, (0, 1))], ground.settings.k
    )
    parts = (("accounts_used", used), ("accounts_dormant", ~used))
    for place, (name, those) in enumerate(parts):
        if hidden[place]:
            made.append(ground.hidden(name, of))
            continue
        held = int(those.sum())
        interval = tuple(float(end) for end in wilson(held, granted, ground.settings.level))
        share = estimate(
            held / granted if granted else None, (interval[0], interval[1]), Method("wilson"),
            granted, of, ground.settings.level,
        )  # fmt: skip
        made.append(Statement(EVERYONE, f"{name}_share", share, float(held), float(granted)))
    made.append(ground.people("users_without_account", without, Denominator("users")))
    return made


def groups(ground: Ground) -> list[GroupOfUsers]:
    """Count users and look-ups of each force and unit; those of fewer than k users are hidden.

    Where no user is known, look-ups stand for them. What a difference from the whole would give
    back is hidden too.
    """
    found: list[GroupOfUsers] = []
    told: dict[str, Bools] = {}
    for what in _GROUPS:
        grouping = ground.grouping(what)
        if grouping is None:
            continue
        codes, names = grouping
        lookups = np.bincount(codes[codes >= 0], minlength=len(names))
        unknown = int((codes < 0).sum())
        users = None
        people = lookups
        if ground.users:
            users = people = distinct_of(ground.user, codes, ground.users, len(names))
        hidden = _hidden(people, lookups, unknown, ground.settings.k)
        if what == "unit" and (force := ground.grouping("force")) is not None:
            hidden = _not_left_over(hidden, lookups, codes, force[0], told["force"])
        told[what] = ~hidden
        for code in np.argsort(-lookups, kind="stable"):
            if lookups[code]:
                gone = bool(hidden[code])
                found.append(GroupOfUsers(
                    what,
                    names[code],
                    None if gone or users is None else int(users[code]),
                    None if gone else int(lookups[code]),
                ))  # fmt: skip
    return found


def _hidden(people: Ints, lookups: Ints, unknown: int, k: int) -> Bools:
    """Groups of fewer than k people, and one more where what is left over would be such a one."""
    hidden = (people > 0) & (people < k)
    if not hidden.any():
        return hidden
    # Their look-ups are the whole's less those of the others: two or more must share what is left.
    left = np.flatnonzero(hidden)
    if (len(left) == 1 and unknown == 0) or people[hidden].sum() < k:
        others = np.flatnonzero(~hidden & (people > 0))
        if len(others):
            hidden[others[np.argmin(lookups[others])]] = True
    return hidden


def _not_left_over(hidden: Bools, lookups: Ints, units: Codes, forces: Codes, told: Bools) -> Bools:
    """Units hidden, and one more wherever a force that is told less its others would give one."""
    if not hidden.any():
        return hidden
    hidden = hidden.copy()
    shape = (len(told) + 1, len(hidden) + 1)  # the last: not known
    place = (forces.astype(np.int64) % shape[0]) * shape[1] + units.astype(np.int64) % shape[1]
    there, of = np.divmod(np.unique(place), shape[1])
    again = True
    while again:
        again = False
        for force in np.flatnonzero(told):
            own = of[there == force]
            if (own == len(hidden)).any() or hidden[own].sum() != 1:
                continue
            if len(others := own[~hidden[own]]):
                hidden[others[np.argmin(lookups[others])]] = again = True
    return hidden
