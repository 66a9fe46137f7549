"""A pack for a door where readers judge it page by page: what they see, and their files after it.

What joins lines with the sample, and says which come twice, is not handed out: only its SHA-256.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

#: A line as a reader sees it: what it is called, and what is shown of it.
Seen = tuple[str, tuple[str, ...]]


class ForReaders(msgspec.Struct, frozen=True, kw_only=True):
    """What readers of a pack see.

    Parameters
    ----------
    sha256 : str
        Of the pack's key: which pack it is.
    counts : bool
        Whether readers count: then an answer is a whole number, or that one cannot tell.
    shown : tuple of str
        Columns.
    answers : tuple of (str, str)
        Each with its meaning.
    lines : tuple of tuple of Seen
        Of each reader, in an order of its own.
    """

    sha256: str
    counts: bool
    shown: tuple[str, ...]
    answers: tuple[tuple[str, str], ...]
    lines: tuple[tuple[Seen, ...], ...]


def for_readers(pack: Path) -> ForReaders:
    """Read a pack as `veedor reading pack` wrote it.

    Raises
    ------
    VeedorError
        If it was changed, was answered already, or shows data about persons.
    """
    from veedor.audits.reading import read_key, read_lines
    from veedor.audits.reading.pack import KEY
    from veedor.files.replacing import sha256

    key = read_key(pack)
    of = [read_lines(pack, key, reader) for reader in range(1, key.readers + 1)]
    return ForReaders(
        sha256=sha256(pack / KEY),
        counts=key.counts,
        shown=key.shown,
        answers=tuple((one.answer, one.meaning) for one in key.answers),
        lines=tuple(tuple((one.item, one.texts) for one in lines) for lines in of),
    )


def for_readers_in(archive: Path) -> ForReaders:
    """Read a pack from a ZIP as somebody sent it; no copy of it is left.

    Raises
    ------
    VeedorError
        If the archive is not of a pack and nothing else, or as for `for_readers`. No value of it is
        told but safely.
    """
    from veedor.audits.reading import unpack
    from veedor.errors import DataError, phrase
    from veedor.files.temporary import temporary_folder

    with temporary_folder() as folder:
        into = folder / "pack"
        into.mkdir()
        unpack(archive, into)
        seen = for_readers(into)
        files = len(list(into.glob("for_readers/reader_*.csv")))
    if len(seen.lines) != files:
        raise DataError(
            "A pack must have a file for each of its readers, and no other.",
            found=phrase("{n} files", n=files),
        )
    return seen


def write_filled(
    path: Path, shown: Sequence[str], lines: Iterable[tuple[Seen, str]], language: str
) -> None:
    """Write a reader's file with its answers, as `veedor reading score` reads it.

    Parameters
    ----------
    path : Path
    shown : sequence of str
        Columns.
    lines : iterable of (Seen, str)
        Each with what was answered.
    language : str
        Of the spreadsheet in which somebody may open it.
    """
    from veedor.audits.reading import Line
    from veedor.audits.reading import write_filled as written

    written(path, shown, ((Line(*line), answer) for line, answer in lines), language)
