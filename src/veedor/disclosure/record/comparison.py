"""`differences`: what was changed, added and withdrawn between two versions of a record."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from veedor.disclosure.record.core import About, Answer, AuditNamed, SystemRecord
from veedor.errors import DataError, phrase

#: ``added``: of a field that was not answered; ``withdrawn``: a field that now is not.
ChangeKind: TypeAlias = Literal["added", "changed", "withdrawn"]
KINDS: tuple[ChangeKind, ...] = ("withdrawn", "changed", "added")


class Change(msgspec.Struct, frozen=True):
    """A field whose answer is no longer what it was."""

    field: str
    kind: ChangeKind
    before: Answer
    after: Answer


class Differences(msgspec.Struct, frozen=True):
    """Two versions of one record, and what differs.

    Parameters
    ----------
    schema_version : int
    before, after : About
    changes : tuple of Change
        Withdrawn ones first, then changed, then added.
    unchanged : int
        How many fields are as they were.
    audits_added, audits_withdrawn : tuple of AuditNamed
    """

    schema_version: int
    before: About
    after: About
    changes: tuple[Change, ...]
    unchanged: int
    audits_added: tuple[AuditNamed, ...]
    audits_withdrawn: tuple[AuditNamed, ...]

    def of(self, kind: ChangeKind) -> list[Change]:
        """Return the changes of a kind."""
        return [one for one in self.changes if one.kind == kind]


def differences(before: SystemRecord, after: SystemRecord) -> Differences:
    """Compare two versions of a record.

    Raises
    ------
    DataError
        If they are of two systems of two bodies, or the first is the newer one.

    Examples
    --------
    >>> from veedor.disclosure.record.core import complete
    >>> about = About("a system", "a ministry", "1", "2026-11-01", "en")
    >>> told = Answer("given", "two years", "note 12", "2026-11-01")
    >>> old = SystemRecord(about, complete({"retention": told}))
    >>> new = SystemRecord(about, complete({"security": told}))
    >>> [(one.field, one.kind) for one in differences(old, new).changes]
    [('retention', 'withdrawn'), ('security', 'added')]
    """
    first, second = before.about, after.about
    if first.system != second.system and first.body != second.body:
        raise DataError(
            "Two versions must be of one record.",
            found=phrase("two systems of two bodies"),
            remedy="give two versions of the record of one system",
        )
    if first.date > second.date:
        raise DataError(
            "The older version must be given first.",
            found=phrase("{before}, then {after}", before=first.date, after=second.date),
            remedy="give them the other way round",
        )
    changes = [
        Change(key, _kind(old, after.answers[key]), old, after.answers[key])
        for key, old in before.answers.items()
        if old != after.answers[key]
    ]
    return Differences(
        1,
        first,
        second,
        tuple(sorted(changes, key=lambda one: KINDS.index(one.kind))),
        len(before.answers) - len(changes),
        tuple(one for one in after.audits if one not in before.audits),
        tuple(one for one in before.audits if one not in after.audits),
    )


def _kind(before: Answer, after: Answer) -> ChangeKind:
    if (before.state == "not answered") == (after.state == "not answered"):
        return "changed"
    return "added" if before.state == "not answered" else "withdrawn"
