"""Where what is large goes between machines, if not through the scheduler: any fsspec store."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TypeAlias

import fsspec

from veedor.errors import ClusterError, phrase

#: Bytes from which something is large.
_LARGE = 2**16
_TRIES = 20


@dataclass(frozen=True)
class Stored:
    """What lies in a store.

    Parameters
    ----------
    url : str
    sha256 : str
        Of what was put there: what is read back is what the scheduler, who is trusted, told of.
    """

    url: str
    sha256: str


Carried: TypeAlias = bytes | Stored


def carried(content: bytes, store: str | None) -> Carried:
    """Put something large into a store, if there is one.

    Raises
    ------
    ClusterError
        If it cannot be written.
    """
    if store is None or len(content) < _LARGE:
        return content
    url = f"{store}/{secrets.token_hex(16)}"
    try:
        with fsspec.open(url, "wb", auto_mkdir=False) as stream:
            stream.write(content)
    except (OSError, ValueError, ImportError) as error:
        raise _unusable(url, error) from error
    return Stored(url, hashlib.sha256(content).hexdigest())


def content_of(what: Carried) -> bytes:
    """Return what was carried.

    Raises
    ------
    ClusterError
        If the store cannot be read, or holds something else.
    """
    if isinstance(what, bytes):
        return what
    try:
        with fsspec.open(what.url, "rb") as stream:
            content: bytes = stream.read()
    except (OSError, ValueError, ImportError) as error:
        raise _unusable(what.url, error) from error
    if hashlib.sha256(content).hexdigest() != what.sha256:
        raise ClusterError(
            "A shared store must give back what was put there.",
            found=phrase("something else"),
            where=what.url,
            remedy="use a store that nobody else writes to",
        )
    return content


@contextmanager
def opened(store: str | None) -> Iterator[None]:
    """Make a folder for one run, and remove it: what is late then finds no place.

    Raises
    ------
    ClusterError
        If it cannot be made.
    """
    if store is None:
        yield
        return
    try:
        system, path = fsspec.url_to_fs(store)
        system.makedirs(path)
    except (OSError, ValueError, ImportError) as error:
        raise _unusable(store, error) from error
    try:
        yield
    finally:
        for _ in range(_TRIES):
            with suppress(OSError):  # a worker that is late may write meanwhile
                system.rm(path, recursive=True)
            if not system.exists(path):
                break
            time.sleep(0.2)


def _unusable(url: str, error: Exception) -> ClusterError:
    return ClusterError(
        "Every machine must be able to read and write the shared store.",
        found=phrase("{kind}: {error}", kind=type(error).__name__, error=error),
        where=url,
        remedy="name a store that all of them see, with the package of fsspec that it needs",
    )
