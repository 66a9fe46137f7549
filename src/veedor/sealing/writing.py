"""Adding to a log: one writer at a time, each batch whole or not at all.

A batch is sealed the moment its file is in place. Files that it names are there before; the
file `checkpoint` follows after. Whatever breaks off in between leaves a log that verifies, and the
next writer clears up.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from filelock import FileLock, Timeout

from veedor.errors import SealError, phrase
from veedor.files.replacing import replacing
from veedor.sealing.batches import Entry, encode_batch
from veedor.sealing.checkpoints import Checkpoint, body, require_origin
from veedor.sealing.contents import orphans
from veedor.sealing.keys import public_pem, raw
from veedor.sealing.log import BATCHES, FILES, HEAD, KEY, Log, batch_name, read_log
from veedor.sealing.manifests import Manifest, decode
from veedor.sealing.merkle import Tree, leaf_hash

_PATIENCE_S = 60.0
_NEW = ".new-"

#: Gets the three lines of a tree head; gives the manifest of its timestamp.
Stamp = Callable[[bytes], Manifest]


class Writer:
    """A log that is open for writing; made by `writing`.

    Parameters
    ----------
    log : Log
        As it was when the lock was taken.
    key : Ed25519PrivateKey
    """

    def __init__(self, log: Log, key: Ed25519PrivateKey) -> None:
        self.folder = log.folder
        self.entries = log.entries
        self._tree = log.tree
        self._origin = log.head.origin if log.head else ""
        self.checkpoint = log.head.text if log.head else ""
        self._key = key

    def append(
        self,
        manifests: Sequence[Manifest],
        files: Mapping[str, bytes],
        stamp: Stamp | None = None,
    ) -> list[Entry]:
        """Append a batch, whole or not at all.

        Parameters
        ----------
        manifests : sequence of Manifest
            Their `number` and `previous` are set here.
        files : mapping of str to bytes
            Files that they name, by name in ``files/``.
        stamp : callable, optional
            Asked before anything is written.

        Returns
        -------
        list of Entry
            As appended, with the timestamp's.

        Raises
        ------
        SealError
            If this clock is behind the last entry's.
        """
        tree, first, made = self._tree.copy(), len(self._tree), []
        for manifest in manifests:
            made.append(self._signed(manifest, tree))
        if stamp is not None:
            made.append(self._signed(stamp(body(self._origin, len(tree), tree.root())), tree))
        checkpoint = Checkpoint.signed(self._origin, len(tree), tree.root(), self._key)
        for name, data in files.items():
            path = self.folder / FILES / name
            if not path.exists():
                _place(path, data)
        _place(
            self.folder / BATCHES / batch_name(first),
            encode_batch([entry.leaf for entry in made], checkpoint),
        )
        self._tree = tree
        self.entries += made
        self.checkpoint = checkpoint.text
        _place(self.folder / HEAD, checkpoint.text.encode())
        return made

    def require_later(self, written_at: str) -> None:
        """Refuse a clock that is behind the last entry's; see `append`."""
        last = self.entries[-1].manifest.written_at if self.entries else ""
        if written_at < last:
            raise SealError(
                "Entries must be written in the order of their times.",
                found=phrase(
                    "clock {written_at}, last entry {last}", written_at=written_at, last=last
                ),
                where=str(self.folder),
                remedy="set this machine's clock",
            )

    def _signed(self, manifest: Manifest, tree: Tree) -> Entry:
        """Sign a manifest at the end of a tree, and add it there."""
        self.require_later(manifest.written_at)
        whole = msgspec.structs.replace(manifest, number=len(tree), previous=tree.root().hex())
        entry = Entry.signed(whole, self._key)
        decode(entry.message, "what is to be written")  # else the log could never be read again
        tree.append(leaf_hash(entry.leaf))
        return entry


@contextmanager
def writing(folder: Path, key: Ed25519PrivateKey, *, origin: str | None = None) -> Iterator[Writer]:
    """Open a log for writing, or make it; one process at a time.

    Parameters
    ----------
    folder : Path
        Of the log; made if it is not there or empty.
    key : Ed25519PrivateKey
    origin : str, optional
        Name of a new log; made up where not given. An old log's must be the same.

    Raises
    ------
    SealError
        If the log does not verify, has another key or name, or is held by another process.
    """
    folder = folder.resolve()
    if folder.exists() and not folder.is_dir():
        raise SealError(
            "A log must be a folder.", found=phrase("a file, a device or a pipe"), where=str(folder)
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder.with_name(f".{folder.name}.lock"))
    try:
        with lock.acquire(timeout=_PATIENCE_S):
            if not folder.exists() or not any(folder.iterdir()):
                _make(folder, key, origin)
            yield Writer(_ready(folder, key, origin), key)
    except Timeout as error:
        raise SealError(
            "One process at a time may write to a log.",
            found=phrase(
                "another holds it for more than {seconds:.0f} seconds", seconds=_PATIENCE_S
            ),
            where=str(folder),
            remedy="wait until it is done",
        ) from error


def _make(folder: Path, key: Ed25519PrivateKey, origin: str | None) -> None:
    """Make an empty log beside its place, and move it there when it is complete."""
    name = origin or f"veedor/{secrets.token_hex(8)}"
    require_origin(name)
    _clear_beside(folder)
    new = Path(tempfile.mkdtemp(prefix=f".{folder.name}{_NEW}", dir=folder.parent))
    new.chmod(0o755)
    for part in (BATCHES, FILES):
        (new / part).mkdir()
    _place(new / KEY, public_pem(key.public_key()))
    _place(new / HEAD, Checkpoint.signed(name, 0, Tree().root(), key).text.encode())
    if folder.exists():
        folder.rmdir()
    new.rename(folder)
    _settle(folder.parent)


def _clear_beside(folder: Path) -> None:
    """Remove what a log that broke off while it was made left beside its place."""
    for left in folder.parent.iterdir():
        if left.name.startswith(f".{folder.name}{_NEW}"):
            shutil.rmtree(left, ignore_errors=True)


def _ready(folder: Path, key: Ed25519PrivateKey, origin: str | None) -> Log:
    """Read the log, refuse what cannot be added to, and clear up what broke off."""
    log = read_log(folder)
    if log.problems:
        raise SealError(
            "A log must verify before anything is added to it.",
            found=phrase(
                "{n} problems, the first at {place}",
                n=len(log.problems),
                place=" ".join(map(str, log.problems[0].where.arguments.values())),
            ),
            where=str(folder),
            remedy=phrase(
                "run `veedor log verify {folder}`, and restore the log from a copy that verifies",
                folder=folder,
            ),
        )
    if log.key is None or raw(log.key) != raw(key.public_key()):
        raise SealError(
            "A log must be added to with its own key.",
            found=phrase("another key"),
            where=str(folder),
            remedy="name the key that made it with --key",
        )
    if origin is not None and log.head is not None and origin != log.head.origin:
        raise SealError(
            "A log's name must not change.",
            found=phrase(
                "{given}, and the log is {origin}",
                given=repr(origin),
                origin=repr(log.head.origin),
            ),
            remedy="leave --origin out",
        )
    for path in dict.fromkeys([*log.unfinished, *orphans(log, log.entries)]):
        path.unlink()
    _clear_beside(folder)
    if log.behind and log.head is not None:
        _place(folder / HEAD, log.head.text.encode())
    return log


def _place(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, and wait until the disk has it."""
    with replacing(path) as part:
        part.write_bytes(data)
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """Wait until the disk has the names in a folder, where the system can tell."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
