"""`Ground`: a log laid out by user, local day and hour, and how its shares are stated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from veedor.arrays import Bools, Floats, Instants, Ints
from veedor.audits.access.log import AccessLog, CodedColumn, Codes, NumberColumn
from veedor.audits.access.registers import Registers
from veedor.audits.access.settings import Settings
from veedor.audits.audit import WHOLE, Statement, Subject, estimate
from veedor.statistics.clusters import ClusteredRate, linearised, widest
from veedor.statistics.codes import Denominator, Method
from veedor.statistics.estimates import Estimate
from veedor.tables.clocks import LocalClock

#: Rates out of fewer look-ups than this are marked small.
SMALL = 30
EVERYONE = Subject(WHOLE)
COUNTED = Method("none_counted")
HIDDEN = Method("suppressed")
_DAY = 86_400_000_000
#: Pairs of a table of bits: a quarter of a gigabyte.
_LARGEST_TABLE = 2_000_000_000
_BATCH = 1 << 20


@dataclass(frozen=True, eq=False)
class Ground:
    """A log, what stands beside it, and where each look-up lies.

    Parameters
    ----------
    log : AccessLog
        Without the producer's own look-ups, where it is a network's.
    registers : Registers
    settings : Settings
    user : array of int32, shape (look-up,)
        The code; ``users`` where it is not known.
    users : int
        How many codes there are; 0 where no user is known.
    day : array of int32, shape (look-up,)
        Local day from the first; ``days`` where the time is not known.
    minute : array of int16, shape (look-up,)
        Of the local day; -1 where the time is not known.
    first_day : datetime64[D]
    days : int
        From the first local day to the last, both counted.
    """

    log: AccessLog
    registers: Registers
    settings: Settings
    user: Codes
    users: int
    day: npt.NDArray[np.int32]
    minute: npt.NDArray[np.int16]
    first_day: np.datetime64
    days: int

    def __len__(self) -> int:
        return len(self.log)

    @cached_property
    def everything(self) -> Bools:
        """Every look-up."""
        return np.ones(len(self), dtype=np.bool_)

    @cached_property
    def lookups_of_user(self) -> Ints:
        """Look-ups of each user, shape (users,)."""
        return np.bincount(self.user, minlength=self.users + 1)[: self.users]

    @cached_property
    def lookups_of_day(self) -> Ints:
        """Look-ups of each local day, shape (days,)."""
        return np.bincount(self.day, minlength=self.days + 1)[: self.days]

    @cached_property
    def active_users(self) -> int:
        """Users with a look-up."""
        return int(np.count_nonzero(self.lookups_of_user))

    @cached_property
    def weekday(self) -> Ints:
        """Of each local day, Monday is 0; shape (days,)."""
        # 1 January 1970 was a Thursday.
        return (self.first_day.astype(np.int64) + 3 + np.arange(self.days)) % 7

    def dates(self) -> npt.NDArray[np.datetime64]:
        """Every local day, shape (days,)."""
        return self.first_day + np.arange(self.days)

    def local_day(self, instants: npt.NDArray[np.datetime64]) -> npt.NDArray[np.datetime64]:
        """Return the local days of UTC instants; NaT stays."""
        known = ~np.isnat(instants)
        found = np.full(instants.shape, np.datetime64("NaT", "D"))
        local = LocalClock(self.log.time_zone).to_local(micros(instants[known]))
        found[known] = local.view("datetime64[us]").astype("datetime64[D]")
        return found

    @cached_property
    def columns(self) -> Mapping[str, CodedColumn | NumberColumn]:
        """Every column that some file exports."""
        return {**self.log.coded, **self.log.numbers}

    def column(self, name: str) -> CodedColumn | None:
        """Return a column that can give rates: exported, with values, not all one or masked."""
        found = self.log.coded.get(name)
        if found is None or found.constant or not bool(found.known.any()):
            return None
        return found

    def grouping(self, name: str) -> tuple[Codes, tuple[str, ...]] | None:
        """Return force or unit of each look-up (-1 unknown) and their names; None without.

        The log's own column goes first; else the roster's, by user.
        """
        own = self.log.coded.get(name)
        if own is not None and bool(own.known.any()):
            return own.codes, own.values
        roster = self.registers.roster
        trait = None if roster is None else roster.force if name == "force" else roster.unit
        if trait is None or not self.users:
            return None
        return np.append(trait.codes, np.int32(-1))[self.user], trait.values

    def share(
        self,
        statistic: str,
        counted: Bools,
        among: Bools,
        of: Denominator,
        subject: Subject = EVERYONE,
        rows: slice = slice(None),
    ) -> Statement:
        """State the share of some look-ups that are counted, over users or days.

        Wilson's interval at as many independent look-ups as clusters by user, or by day, leave:
        the fewer of both.

        Parameters
        ----------
        statistic : str
        counted, among : array of bool, shape (look-up,)
            What is counted, and out of which.
        of : Denominator
        subject : Subject
        rows : slice
            Look-ups outside of it are passed over.
        """
        from veedor.audits.access.compiled import tally

        by_user = np.zeros((2, self.users + 1))
        by_day = np.zeros((2, self.days + 1))
        tally(counted[rows], among[rows], self.user[rows], self.day[rows], by_user, by_day)
        events, trials = by_day.sum(axis=1)
        value = float(events / trials) if trials > 0.0 else None
        rate, method = _clustered(by_user if self.users else None, by_day)
        low, high = (np.nan, np.nan)
        if rate is not None:
            low, high = (float(end[0]) for end in rate.interval(self.settings.level))
        return Statement(
            subject,
            statistic,
            estimate(value, (low, high), method, trials, of, self.settings.level),
            float(events),
            float(trials),
            bool(0 < trials < SMALL),
        )

    def count(
        self,
        statistic: str,
        value: float,
        of: Denominator,
        subject: Subject = EVERYONE,
        n: float | None = None,
    ) -> Statement:
        """State a number that is counted, and not of people; out of itself where `n` is None."""
        size = value if n is None else n
        made = estimate(float(value), None, COUNTED, size, of, self.settings.level)
        return Statement(subject, statistic, made)

    def people(
        self, statistic: str, n: int, of: Denominator, subject: Subject = EVERYONE
    ) -> Statement:
        """State a number of people: left out from 1 to one below k."""
        if self.shown(n) is None:
            return self.hidden(statistic, of, subject)
        return self.count(statistic, n, of, subject)

    def hidden(self, statistic: str, of: Denominator, subject: Subject = EVERYONE) -> Statement:
        """State that a number is left out: it is of fewer than k people, or would tell of them."""
        made = Estimate(None, None, None, self.settings.level, HIDDEN, 0, of)
        return Statement(subject, statistic, made)

    def shown(self, n: int) -> int | None:
        """Return a number of people, None from 1 to one below k."""
        return None if 0 < n < self.settings.k else int(n)


def ground_of(log: AccessLog, registers: Registers, settings: Settings) -> Ground:
    """Lay a log out by user, local day and minute."""
    if log.own is not None and bool(log.own.any()):
        log = only(log, ~log.own)
    column = log.coded.get("user")
    users = 0
    user = np.zeros(len(log), np.int32)
    if column is not None and not column.constant and bool(column.known.any()):
        users = column.distinct
        user = column.codes
        if not column.known.all():
            user = np.where(user < 0, np.int32(users), user)
    timed = log.timed
    minute = np.full(len(log), -1, np.int16)
    if not timed:
        day = np.zeros(len(log), np.int32)
        return Ground(log, registers, settings, user, users, day, minute, np.datetime64("NaT"), 0)
    clock = LocalClock(log.time_zone)
    day = np.empty(len(log), np.int32)
    for begin in range(0, timed, _BATCH):
        end = min(begin + _BATCH, timed)
        day[begin:end], rest = np.divmod(clock.to_local(micros(log.at[begin:end])), _DAY)
        minute[begin:end] = rest // 60_000_000
    # A clock that goes back can leave a later look-up on an earlier day.
    first = int(day[:timed].min())
    day -= np.int32(first)
    days = int(day[:timed].max()) + 1
    day[timed:] = days
    return Ground(
        log, registers, settings, user, users, day, minute, np.datetime64(first, "D"), days
    )


def micros(instants: Instants) -> Ints:
    """Return instants as microseconds since 1970, without a copy where they are that."""
    found: Ints = np.asarray(instants, "datetime64[us]").view(np.int64)
    return found


def only(log: AccessLog, kept: Bools) -> AccessLog:
    """Return some look-ups of a log; codes keep what they stand for."""
    return replace(
        log,
        at=log.at[kept],
        coded={
            name: replace(column, codes=column.codes[kept], states=column.states[kept])
            for name, column in log.coded.items()
        },
        numbers={
            name: replace(column, values=column.values[kept], states=column.states[kept])
            for name, column in log.numbers.items()
        },
        release=log.release[kept],
        row=log.row[kept],
        own=None if log.own is None else log.own[kept],
    )


def distinct_of(members: Codes, groups: Codes, many: int, among: int) -> Ints:
    """Count the distinct members of each group.

    Parameters
    ----------
    members, groups : array of int, shape (look-up,)
        Those outside [0, `many`) or [0, `among`) are passed over.
    many, among : int
        How many members and groups there are.

    Returns
    -------
    array of int, shape (among,)

    Examples
    --------
    >>> distinct_of(np.array([0, 0, 1, 2, -1]), np.array([0, 0, 0, 1, 1]), 3, 2).tolist()
    [2, 1]
    """
    from veedor.audits.access.compiled import distinct_pairs

    if many * among <= _LARGEST_TABLE:
        found = np.zeros(among, np.int64)
        distinct_pairs(members, groups, many, np.zeros(many * among // 8 + 1, np.uint8), found)
        return found
    inside = (members >= 0) & (members < many) & (groups >= 0) & (groups < among)
    pairs = groups[inside].astype(np.int64) * many + members[inside]
    return np.bincount(np.unique(pairs) // many, minlength=among)


def ordered_by(codes: Codes, many: int) -> Codes:
    """Return the rows by code, those of one code as they stand; without those of no code.

    >>> ordered_by(np.array([1, 0, -1, 1], np.int32), 2).tolist()
    [1, 0, 3]
    """
    from veedor.audits.access.compiled import grouped

    counts = np.bincount(codes[codes >= 0], minlength=many)[:many]
    ends = np.cumsum(counts)
    order = np.empty(int(ends[-1]) if many else 0, np.int32)
    grouped(codes, ends - counts, order)
    return order


def _clustered(by_user: Floats | None, by_day: Floats) -> tuple[ClusteredRate | None, Method]:
    """Return the rate over the clusters that leave the fewest independent look-ups."""
    rates = []
    for name, counts in (("users", by_user), ("days", by_day)):
        if counts is None:
            continue
        # By size, so that sums round alike whatever the codes of users.
        rate = linearised(*counts[:, None, np.lexsort(counts)])
        if rate.clusters[0] > 1:
            rates.append((name, rate))
    if not rates:
        return None, Method("none_one_user_or_day")
    (name, rate), *others = rates
    for other, second in others:
        rate, chosen = widest(rate, second)
        name = other if chosen[0] else name
    many = int(rate.clusters[0])
    if name == "users":
        return rate, Method("wilson_over_users", {"users": many})
    return rate, Method("wilson_over_days", {"days": many})
