"""An access log as numbers: what anyone may be told of it, and nothing of few people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from veedor.sealing.looking import CheckedLooks
from veedor.statistics.codes import Finding
from veedor.statistics.suppression import SMALL_COUNT, Addition, suppressed


class LooksBy(msgspec.Struct, frozen=True, kw_only=True):
    """Accounts and looks of an office, or under a kind of purpose.

    None where a number is hidden: it is of fewer than 10 people, or would tell one that is.
    """

    name: str
    accounts: int | None
    looks: int | None


class PublishedLooks(msgspec.Struct, frozen=True, kw_only=True):
    """Who may look, how often it was done, and why: counts that anyone may be told.

    `accounts` are those that may look, `looks` all there were; `offices` count accounts that may,
    `kinds` accounts that did. None where a number is hidden.
    """

    accounts: int | None
    looks: int | None
    offices: tuple[LooksBy, ...]
    kinds: tuple[LooksBy, ...]


class LooksFound(msgspec.Struct, frozen=True, kw_only=True):
    """What an access log holds: entries by kind, from when to when, and what may be told of it.

    `unknown` is whether accounts looked of which the log does not say that they were let in.
    """

    purposes: int
    changes: int
    witnessed: int
    first: str
    last: str
    unknown: bool
    told: PublishedLooks


class LooksOf(NamedTuple):
    """Counts of an office or of a kind of purpose: accounts that may look, that did, and looks."""

    may: int
    did: int
    looks: int


def found_looks(checked: CheckedLooks) -> LooksFound:
    """Count what stands in an access log."""
    may = Counter(checked.offices.values())
    kind_of = {one.number: one.purpose for one in checked.purposes}
    looks: dict[str, Counter[str]] = {"office": Counter(), "kind": Counter()}
    did: dict[str, dict[str, set[str]]] = {"office": defaultdict(set), "kind": defaultdict(set)}
    for one in checked.looks:
        groups = {"office": one.office, "kind": kind_of.get(one.purpose)}
        for by, name in groups.items():
            if name is not None:
                looks[by][name] += 1
                did[by][name].add(one.account)
    offices = {
        name: LooksOf(may[name], len(did["office"][name]), looks["office"][name])
        for name in sorted(may.keys() | looks["office"].keys())
    }
    kinds = {
        name: LooksOf(len(those), len(those), looks["kind"][name])
        for name, those in sorted(did["kind"].items())
    }
    return LooksFound(
        purposes=len(checked.purposes),
        changes=checked.changes,
        witnessed=checked.witnessed,
        first=checked.first,
        last=checked.last,
        unknown=checked.unknown > 0,
        told=published_looks(offices, kinds),
    )


def published_looks(
    offices: Mapping[str, LooksOf], kinds: Mapping[str, LooksOf], k: int = SMALL_COUNT
) -> PublishedLooks:
    """Hide counts of fewer than k people, and those by which one could be reckoned.

    Parameters
    ----------
    offices : mapping of str to LooksOf
        Every account is of one office, and so is every look.
    kinds : mapping of str to LooksOf
        Every look is under one kind of purpose; an account may have used several.
    k : int

    Examples
    --------
    >>> told = published_looks(
    ...     {"A": LooksOf(30, 20, 900), "B": LooksOf(3, 2, 500), "C": LooksOf(40, 11, 700)},
    ...     {"case": LooksOf(33, 33, 2100)},
    ... )
    >>> [(one.name, one.accounts, one.looks) for one in told.offices]
    [('A', None, 900), ('B', None, None), ('C', 40, None)]
    >>> told.accounts, told.looks
    (73, 2100)
    """
    may = [one.may for one in offices.values()]
    by_office = tuple(range(len(may)))
    no_accounts = suppressed([*may, sum(may)], [Addition(len(may), by_office)], k)
    both = [*offices.values(), *kinds.values()]
    by_kind = tuple(range(len(may), len(both)))
    every = sum(one.looks for one in offices.values())
    whole = LooksOf(0, sum(one.did for one in offices.values()), every)
    no_looks = suppressed(
        [*(one.looks for one in both), every],
        [Addition(len(both), those) for those in (by_office, by_kind) if those],
        k,
        of_few=[one.did < k for one in (*both, whole)],
    )
    # An account may have used several kinds, so that no count of them is the rest of others.
    no_accounts_of_kind = [0 < one.did < k for one in kinds.values()]

    def shown(count: int, hidden: bool) -> int | None:
        return None if hidden else count

    return PublishedLooks(
        accounts=shown(sum(may), bool(no_accounts[-1])),
        looks=shown(every, bool(no_looks[-1])),
        offices=tuple(
            LooksBy(
                name=name,
                accounts=shown(one.may, bool(no_accounts[place])),
                looks=shown(one.looks, bool(no_looks[place])),
            )
            for place, (name, one) in enumerate(offices.items())
        ),
        kinds=tuple(
            LooksBy(
                name=name,
                accounts=shown(one.did, no_accounts_of_kind[place]),
                looks=shown(one.looks, bool(no_looks[len(may) + place])),
            )
            for place, (name, one) in enumerate(kinds.items())
        ),
    )


def proven_looks(found: LooksFound) -> list[Finding]:
    """What follows from an access log without problems, beyond what every log proves."""
    return [
        Finding("log_looks_under_purposes", {"purposes": found.purposes}),
        *([Finding("log_witnessed", {"witnessed": found.witnessed})] if found.witnessed else []),
    ]


def not_proven_looks(found: LooksFound) -> list[Finding]:
    """What no access log by itself proves, and what this one leaves open."""
    return [
        Finding("log_looks_own_clock"),
        *([Finding("log_looks_of_unknown")] if found.unknown else []),
        Finding("log_looks_past_the_site"),
        Finding("log_purposes_not_true"),
        Finding("log_account_not_person"),
    ]
