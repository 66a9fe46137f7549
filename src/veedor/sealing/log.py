"""The log: a folder of public files, read as a whole and every byte accounted for.

::

    LOG/
      public-key.pem       whose log it is
      checkpoint           the newest signed tree head, to be copied and kept by strangers
      batches/00000000.json    entries, signed one by one, and the checkpoint after them;
      batches/00000003.json    named by the number of the first
      files/SHA256.parquet     forecasts and counts, by their hash
      files/SHA256.geojson     cells
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from veedor.errors import SealError, phrase
from veedor.sealing.batches import Batch, Entry, decode_batch
from veedor.sealing.checkpoints import Checkpoint
from veedor.sealing.keys import load_public_key
from veedor.sealing.merkle import Tree, leaf_hash, verify_consistency, verify_inclusion
from veedor.sealing.problems import Problem, fails, finding, in_file
from veedor.sealing.renewing import Keys
from veedor.statistics.codes import Finding

KEY, HEAD, BATCHES, FILES = "public-key.pem", "checkpoint", "batches", "files"
_NAMES = {KEY, HEAD, BATCHES, FILES}
_BY_HASH = re.compile(r"[0-9a-f]{64}\.(parquet|geojson)")
_MOST_BYTES = 1 << 28


@dataclass(frozen=True)
class Log:
    """A log as it was read.

    Parameters
    ----------
    folder : Path
    key : Ed25519PublicKey or None
        None where it cannot be read.
    head : Checkpoint or None
        The newest; that of the last batch where the file `checkpoint` is one batch behind.
    batches : tuple of Batch
    tree : Tree
        Of all entries.
    keys : Keys or None
        That key, and those that took its place.
    problems : tuple of Problem
        What does not hold: of signatures, chain, tree and names; not of what entries say.
    unfinished : tuple of Path
        What a broken-off write left behind; proves nothing, and the next writer removes it.
    behind : bool
        Whether the file `checkpoint` lacks the last batch: a write that broke off after the
        batch itself was complete.
    """

    folder: Path
    key: Ed25519PublicKey | None
    head: Checkpoint | None
    batches: tuple[Batch, ...]
    tree: Tree
    keys: Keys | None
    problems: tuple[Problem, ...]
    unfinished: tuple[Path, ...]
    behind: bool

    @property
    def entries(self) -> list[Entry]:
        """All entries, in order."""
        return [entry for batch in self.batches for entry in batch.entries]

    def file(self, name: str) -> Path:
        """Path of a kept file."""
        return self.folder / FILES / name


def batch_name(first: int) -> str:
    """Name of the file of the batch whose first entry has this number.

    >>> batch_name(12)
    '00000012.json'
    """
    return f"{first:08d}.json"


def read_log(folder: Path) -> Log:
    """Read a log; problems are gathered, never raised.

    Checks the form of every byte of key, checkpoint and batches, every signature, that each entry
    names the tree head before it, that each checkpoint is of the tree up to there, each entry's
    inclusion in the newest and the consistency of each with the next. O(n log n) for n entries.

    Raises
    ------
    SealError
        If there is no log at all.
    """
    if not (folder / KEY).exists() and not (folder / HEAD).exists():
        raise SealError(
            phrase("A log must be a folder with {key} and {checkpoint}.", key=KEY, checkpoint=HEAD),
            found=phrase("neither"),
            where=str(folder),
            remedy="make one with `veedor log seal FORECAST --log LOG`",
        )
    return _Reader(folder).read()


@dataclass
class _Reader:
    folder: Path
    problems: list[Problem] = field(default_factory=list)
    unfinished: list[Path] = field(default_factory=list)

    def read(self) -> Log:
        key = self._key()
        head = self._head()
        batches, tree, roots = self._batches()
        self._names(self.folder, _NAMES)
        for name in self._names(self.folder / FILES, None):
            if not _BY_HASH.fullmatch(name):
                self.problem(in_file(f"{FILES}/{name}"), Finding("log_foreign"))
        entries = (entry for batch in batches for entry in batch.entries)
        keys = None if key is None else Keys.of(key, entries)
        self._signatures(batches, keys)
        behind = self._newest(head, batches, keys)
        if behind:
            head = batches[-1].checkpoint
        self._proofs(batches, tree, roots, head)
        return Log(
            self.folder,
            key,
            head,
            tuple(batches),
            tree,
            keys,
            tuple(self.problems),
            tuple(self.unfinished),
            behind,
        )

    def problem(self, where: Finding, what: Finding) -> None:
        self.problems.append(Problem(where=where, what=what))

    def _bytes(self, path: Path) -> bytes | None:
        name = path.relative_to(self.folder).as_posix()
        try:
            if path.is_symlink() or not path.is_file():
                self.problem(in_file(name), Finding("log_no_file"))
                return None
            if path.stat().st_size > _MOST_BYTES:
                self.problem(in_file(name), Finding("log_file_too_large"))
                return None
            return path.read_bytes()
        except OSError as error:
            self.problem(in_file(name), fails(error))
            return None

    def _key(self) -> Ed25519PublicKey | None:
        text = self._bytes(self.folder / KEY)
        if text is None:
            return None
        try:
            return load_public_key(text, KEY)
        except SealError as error:
            self.problem(in_file(KEY), fails(error))
            return None

    def _head(self) -> Checkpoint | None:
        text = self._bytes(self.folder / HEAD)
        if text is None:
            return None
        try:
            return Checkpoint.parse(text.decode(), HEAD)
        except (SealError, UnicodeDecodeError) as error:
            self.problem(in_file(HEAD), fails(error))
            return None

    def _batches(self) -> tuple[list[Batch], Tree, list[bytes]]:
        """Batches in order, up to the first that cannot be read, and the tree they make."""
        batches: list[Batch] = []
        tree, roots = Tree(), []
        last = ""
        for name in sorted(self._names(self.folder / BATCHES, None)):
            where = f"{BATCHES}/{name}"
            if name != batch_name(len(tree)):
                expected = batch_name(len(tree))
                self.problem(in_file(where), finding("log_batch_expected", expected=expected))
                break
            text = self._bytes(self.folder / BATCHES / name)
            if text is None:
                break
            try:
                batch = decode_batch(text, where)
            except SealError as error:
                self.problem(in_file(where), fails(error))
                break
            for entry in batch.entries:
                manifest, at = entry.manifest, _entry_in(where, len(tree))
                if manifest.number != len(tree):
                    self.problem(at, finding("log_out_of_place", says=manifest.number))
                if manifest.previous != tree.root().hex():
                    self.problem(at, Finding("log_does_not_follow"))
                if manifest.written_at < last:
                    self.problem(at, Finding("log_written_before_the_last"))
                last = manifest.written_at
                tree.append(leaf_hash(entry.leaf))
            batches.append(batch)
            roots.append(tree.root())
        return batches, tree, roots

    def _signatures(self, batches: list[Batch], keys: Keys | None) -> None:
        """Check every signature."""
        if keys is None:
            return
        signed: list[tuple[Finding, bool]] = []
        first = 0
        for batch in batches:
            where = f"{BATCHES}/{batch_name(batch.checkpoint.size - len(batch.entries))}"
            signed += [
                (_entry_in(where, one.manifest.number), keys.signed(number, one))
                for number, one in enumerate(batch.entries, first)
            ]
            at = finding("log_checkpoint_in_file", file=where)
            signed.append((at, keys.gave_out(batch.checkpoint)))
            first += len(batch.entries)
        if signed and not any(fine for _, fine in signed):
            self.problem(in_file(KEY), Finding("log_key_replaced"))
            return
        for at, fine in signed:
            if not fine:
                self.problem(at, Finding("log_not_signed"))

    def _newest(self, head: Checkpoint | None, batches: list[Batch], keys: Keys | None) -> bool:
        """Check the newest checkpoint; whether it is one batch behind."""
        if head is None:
            return False
        if keys is not None and not keys.gave_out(head):
            self.problem(in_file(HEAD), Finding("log_not_signed"))
        known = [Tree().root(), *(batch.checkpoint.root for batch in batches)]
        sizes = [0, *(batch.checkpoint.size for batch in batches)]
        if (head.size, head.root) == (sizes[-1], known[-1]):
            return False
        if len(sizes) > 1 and (head.size, head.root) == (sizes[-2], known[-2]):
            return True
        self.problem(
            in_file(HEAD), finding("log_checkpoint_of_others", size=head.size, entries=sizes[-1])
        )
        return False

    def _proofs(
        self, batches: list[Batch], tree: Tree, roots: list[bytes], head: Checkpoint | None
    ) -> None:
        """Check the checkpoint of each batch, and the proofs of RFC 9162 that join them."""
        old, old_root = 0, Tree().root()
        origins = {batch.checkpoint.origin for batch in batches}
        if len(origins | ({head.origin} if head else set())) > 1:
            self.problem(in_file(BATCHES), Finding("log_mixed"))
        number = 0
        for batch, root in zip(batches, roots, strict=True):
            where = f"{BATCHES}/{batch_name(old)}"
            size = old + len(batch.entries)
            if (batch.checkpoint.size, batch.checkpoint.root) != (size, root):
                self.problem(in_file(where), Finding("log_checkpoint_of_other_entries"))
            proof = tree.consistency_proof(old, size)
            if not verify_consistency(old, size, old_root, batch.checkpoint.root, proof):
                self.problem(in_file(where), Finding("log_checkpoint_inconsistent"))
            for entry in batch.entries:
                leaf, path = leaf_hash(entry.leaf), tree.inclusion_proof(number)
                if not verify_inclusion(leaf, number, len(tree), path, roots[-1]):
                    self.problem(_entry_in(where, number), Finding("log_not_in_the_tree"))
                number += 1
            old, old_root = size, batch.checkpoint.root

    def _names(self, folder: Path, expected: set[str] | None) -> list[str]:
        """Names in a folder, without those of broken-off writes."""
        if folder.is_symlink() or not folder.is_dir():
            self.problem(in_file(folder.name), Finding("log_no_folder"))
            return []
        names = []
        for path in folder.iterdir():
            if path.name.startswith(".") and path.name.endswith(".part"):
                self.unfinished.append(path)
            elif expected is not None and path.name not in expected:
                self.problem(in_file(path.name), Finding("log_foreign"))
            else:
                names.append(path.name)
        return names


def _entry_in(file: str, entry: int) -> Finding:
    return finding("log_entry_in_file", file=file, entry=entry)
