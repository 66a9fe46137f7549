"""`Head`: where an access log ends, and the next entry of it, without the entries before.

Who keeps entries elsewhere than in a folder, as in a database, keeps this beside them and
replaces it in the same transaction: two that append at once then make one log, not two.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from veedor.errors import SealError, phrase
from veedor.sealing import clock
from veedor.sealing.accesses import Access
from veedor.sealing.batches import Entry
from veedor.sealing.checkpoints import Checkpoint, require_origin
from veedor.sealing.manifests import decode
from veedor.sealing.merkle import Frontier, leaf_hash


@dataclass(frozen=True)
class Head:
    """The end of a log.

    Parameters
    ----------
    origin : str
        Name of the log.
    frontier : Frontier
        Of the tree of all entries.
    written_at : str
        When the last was written; empty before the first.
    """

    origin: str
    frontier: Frontier
    written_at: str = ""

    @classmethod
    def of_new(cls, origin: str) -> Head:
        """Begin a log.

        Raises
        ------
        SealError
            If checkpoints cannot carry the name.
        """
        require_origin(origin)
        return cls(origin, Frontier())

    def then(self, access: Access, key: Ed25519PrivateKey) -> tuple[Entry, Head]:
        """Sign an entry at the end, and return it with the end that it makes. O(log n).

        Parameters
        ----------
        access : Access
            Its `number` and `previous` are set here.
        key : Ed25519PrivateKey

        Raises
        ------
        SealError
            If this clock is behind the last entry's, or no such entry could be read again.
        """
        if access.written_at < self.written_at:
            raise SealError(
                "Entries must be written in the order of their times.",
                found=phrase(
                    "clock {written_at}, last entry {last}",
                    written_at=access.written_at,
                    last=self.written_at,
                ),
                remedy="set this machine's clock",
            )
        number, previous = self.frontier.size, self.frontier.root().hex()
        entry = Entry.signed(msgspec.structs.replace(access, number=number, previous=previous), key)
        decode(entry.message, "what is to be written")
        grown = self.frontier.and_one(leaf_hash(entry.leaf))
        return entry, Head(self.origin, grown, access.written_at)

    def checkpoint(self, key: Ed25519PrivateKey) -> Checkpoint:
        """Sign the head of the tree."""
        return Checkpoint.signed(self.origin, self.frontier.size, self.frontier.root(), key)


def now() -> str:
    """When an entry that is made now is written, by this machine's clock."""
    return clock.written(clock.now())
