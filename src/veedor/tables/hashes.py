"""`Hashes`: which files were read, to the byte."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from veedor.files.replacing import HashedFile
from veedor.tables.escape import shown


class Hashes:
    """SHA-256 and size of each input file, computed beside the reading."""

    def __init__(self, paths: list[Path]) -> None:
        self._paths = paths
        self._stop = threading.Event()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="sha256")
        self._hashes: list[Future[str]] = []

    def __enter__(self) -> Hashes:
        self._hashes = [self._pool.submit(self._hash, path) for path in self._paths]
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._pool.shutdown(cancel_futures=True)

    def _hash(self, path: Path) -> str:
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while not self._stop.is_set() and (chunk := file.read(1 << 20)):
                digest.update(chunk)
        return digest.hexdigest()

    def found(self) -> tuple[HashedFile, ...]:
        """Name, hash and size of each file, in order."""
        return tuple(
            HashedFile(shown(path.name, 100), future.result(), path.stat().st_size)
            for path, future in zip(self._paths, self._hashes, strict=True)
        )
