"""`copy_log`: the folder of a log whose entries are kept elsewhere, as `verify` reads it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from veedor.sealing.appending import Head
from veedor.sealing.batches import encode_batch
from veedor.sealing.checkpoints import Checkpoint
from veedor.sealing.keys import public_pem
from veedor.sealing.log import BATCHES, FILES, HEAD, KEY, batch_name
from veedor.sealing.merkle import Frontier, leaf_hash

#: Entries of a batch: a file of some hundred kilobytes.
_AT_ONCE = 1_000


def copy_log(
    leaves: Iterable[bytes],
    origin: str,
    folder: Path,
    key: Ed25519PrivateKey,
    known_by: Ed25519PublicKey | None = None,
) -> Head:
    """Write a log into an empty folder, batch after batch, and return its end.

    The same entries give the same bytes, so that a later copy differs from an earlier one only in
    its last batch, in those after it and in the checkpoint.

    Parameters
    ----------
    leaves : iterable of bytes
        Entries in order, as `Entry.leaf` gives them; never more than a batch of them is held.
    origin : str
        Name of the log.
    folder : Path
    key : Ed25519PrivateKey
        That is in force; it signs the checkpoint of each batch.
    known_by : Ed25519PublicKey, optional
        Its first key, where that is another.
    """
    for part in (BATCHES, FILES):
        (folder / part).mkdir(parents=True)
    frontier = Frontier()
    every = iter(leaves)
    while batch := list(itertools.islice(every, _AT_ONCE)):
        first = frontier.size
        for leaf in batch:
            frontier = frontier.and_one(leaf_hash(leaf))
        checkpoint = Checkpoint.signed(origin, frontier.size, frontier.root(), key)
        (folder / BATCHES / batch_name(first)).write_bytes(encode_batch(batch, checkpoint))
    head = Head(origin, frontier)
    (folder / KEY).write_bytes(public_pem(known_by or key.public_key()))
    (folder / HEAD).write_text(head.checkpoint(key).text, encoding="utf-8")
    return head
