"""Checks what the entries of an access log say of each other: every look under a purpose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from veedor.sealing.accesses import IN_FORCE, AccountChange, KeyRenewed, Look, Purpose, Witnessed
from veedor.sealing.batches import Entry
from veedor.sealing.clock import instant, written
from veedor.sealing.manifests import Promise, Scoring
from veedor.sealing.merkle import Tree
from veedor.sealing.problems import Problem, finding
from veedor.statistics.codes import Finding


@dataclass(frozen=True)
class CheckedLooks:
    """What stands in an access log.

    Parameters
    ----------
    looks, purposes : tuple
        In order.
    offices : dict of str to str
        Office of each account that may still look, by what the log says last of it.
    changes : int
        Of accounts.
    witnessed : int
        Checkpoints that were given to witnesses.
    first, last : str
        When the first entry was written, and the last.
    unknown : int
        Accounts that looked, or said why they would, and of which the log does not say that they
        were let in.
    """

    looks: tuple[Look, ...]
    purposes: tuple[Purpose, ...]
    offices: dict[str, str]
    changes: int
    witnessed: int
    first: str
    last: str
    unknown: int


def check_looks(entries: Sequence[Entry], tree: Tree) -> tuple[CheckedLooks | None, list[Problem]]:
    """Check the entries of an access log; None where the log is none.

    Parameters
    ----------
    entries : sequence of Entry
        All of a log.
    tree : Tree
        Of them.
    """
    check = _Check(tree)
    problems = [
        Problem(where=finding("log_entry", entry=number), what=what)
        for number, entry in enumerate(entries)
        for what in check.faults(number, entry)
    ]
    if not check.seen:
        return None, []
    acting: list[Look | Purpose] = [*check.purposes.values(), *check.looks]
    unknown = {one.account for one in acting} - check.offices.keys()
    found = CheckedLooks(
        looks=tuple(check.looks),
        purposes=tuple(check.purposes.values()),
        offices={one: office for one, office in check.offices.items() if one not in check.ended},
        changes=check.changes,
        witnessed=check.witnessed,
        first=entries[0].manifest.written_at,
        last=entries[-1].manifest.written_at,
        unknown=len(unknown),
    )
    return found, problems


@dataclass
class _Check:
    tree: Tree
    purposes: dict[int, Purpose] = field(default_factory=dict)
    looks: list[Look] = field(default_factory=list)
    offices: dict[str, str] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    changes: int = 0
    witnessed: int = 0
    seen: bool = False
    promised: bool = False

    def faults(self, number: int, entry: Entry) -> Iterator[Finding]:
        """Find what is wrong with an entry, given those before it."""
        said = entry.manifest
        if isinstance(said, Promise | Scoring):
            self.promised = True
            if self.seen:
                yield Finding("log_promise_among_looks")
            return
        if isinstance(said, Look):
            self.looks.append(said)
            yield from self._look(said)
        elif isinstance(said, Purpose):
            self.purposes[number] = said
            yield from self._let_in(said)
        elif isinstance(said, AccountChange):
            self.changes += 1
            self.offices[said.account] = said.office
            (self.ended.add if said.change == "ended" else self.ended.discard)(said.account)
        elif isinstance(said, Witnessed):
            self.witnessed += 1
            if said.size > number or self.tree.root(said.size).hex() != said.root:
                yield finding("log_witness_of_others", entries=said.size)
        elif not isinstance(said, KeyRenewed):
            return
        if self.promised and not self.seen:
            yield Finding("log_looks_among_promises")
        self.seen = True

    def _look(self, look: Look) -> Iterator[Finding]:
        purpose = self.purposes.get(look.purpose)
        yield from self._let_in(look)
        if purpose is None:
            yield finding("log_look_without_purpose", says=look.purpose)
            return
        if purpose.account != look.account:
            yield finding("log_look_for_another_account", of=look.purpose)
        if purpose.project != look.project:
            yield finding("log_look_for_another_project", of=look.purpose)
        until = instant(purpose.written_at) + IN_FORCE
        if instant(look.written_at) > until:
            yield finding("log_look_too_late", of=look.purpose, until=written(until))

    def _let_in(self, one: Look | Purpose) -> Iterator[Finding]:
        if one.account in self.ended:
            yield Finding("log_look_after_the_end")
