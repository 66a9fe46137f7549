"""`Keys`: the key of a log, and those that took its place, each named by the one before.

A log is known by its first key. An entry that is signed by the key in force may name another, which
signs whatever follows. Who trusts the first so trusts the others, and needs nothing new.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from veedor.sealing.accesses import KeyRenewed
from veedor.sealing.batches import Entry
from veedor.sealing.checkpoints import Checkpoint


@dataclass(frozen=True)
class Keys:
    """Keys of a log, in the order in which they were in force.

    Parameters
    ----------
    keys : tuple of Ed25519PublicKey
    starts : tuple of int
        Number of the first entry that each signs.
    """

    keys: tuple[Ed25519PublicKey, ...]
    starts: tuple[int, ...]

    @classmethod
    def of(cls, first: Ed25519PublicKey, entries: Iterable[Entry]) -> Keys:
        """Follow the entries of a log: a key that was not named by the one in force is none."""
        keys, starts = [first], [0]
        for number, entry in enumerate(entries):
            following = named_by(entry, keys[-1])
            if following is not None:
                keys.append(following)
                starts.append(number + 1)
        return cls(tuple(keys), tuple(starts))

    def signed(self, number: int, entry: Entry) -> bool:
        """Whether an entry is signed by the key that was in force."""
        return entry.is_by(self.keys[self._in_force(number)])

    def gave_out(self, checkpoint: Checkpoint) -> bool:
        """Whether a checkpoint is of a key that was in force after its entries, or later.

        Copies of a log are given checkpoints of the key of their day. A key that was replaced
        gives out none of what came after it.
        """
        return any(checkpoint.is_by(one) for one in self.keys[self._in_force(checkpoint.size) :])

    def _in_force(self, number: int) -> int:
        return bisect_right(self.starts, number) - 1


def named_by(entry: Entry, key: Ed25519PublicKey) -> Ed25519PublicKey | None:
    """Return the key that an entry names in the place of another, which signed it; else None."""
    said = entry.manifest
    if not isinstance(said, KeyRenewed) or not entry.is_by(key):
        return None
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(said.public_key))
