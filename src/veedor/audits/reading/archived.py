"""`unpack`: a pack in a ZIP as somebody sent it: whole, under names of ours, or refused."""

from __future__ import annotations

import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from veedor.audits.reading.pack import FOR_READERS, KEY, MOST_READERS
from veedor.audits.reading.plan import CODEBOOK, PLAN
from veedor.errors import UnreadableError, phrase
from veedor.files.folders import MANIFEST
from veedor.tables.files import measure

#: Of all that is in it, unpacked.
MOST_BYTES = 200 << 20
_MOST_ENTRIES = 32
#: The pack may lie in one folder of the archive.
_FOLDER = re.compile(r"(?!\.{1,2}/)[^/\\:\x00-\x1f]{1,100}/")
_READER = re.compile(rf"{FOR_READERS}/reader_([1-9])\.csv")
_ALWAYS = frozenset({KEY, PLAN, CODEBOOK, f"{FOR_READERS}/{CODEBOOK}"})


def unpack(archive: Path, into: Path) -> None:
    """Unpack a pack into a folder.

    No name of the archive becomes one of a file: a file is written only where its whole name is
    that of a file of a pack.

    Parameters
    ----------
    archive : Path
        A ZIP of what `veedor reading pack` wrote.
    into : Path
        New and empty.

    Raises
    ------
    UnreadableError
        If it is no ZIP, broken, encrypted or out of proportion, or holds anything that is no file
        of a pack, or one twice, or lacks one.
    """
    try:
        with zipfile.ZipFile(archive) as packed:
            members = _members(packed)
            measure(archive, MOST_BYTES)
            (into / FOR_READERS).mkdir()
            for name, member in members.items():
                with packed.open(member) as part, (into / name).open("xb") as plain:
                    shutil.copyfileobj(part, plain)
    except (
        zipfile.BadZipFile,
        OSError,
        EOFError,
        zlib.error,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise _no_pack(phrase("no ZIP, or one that is broken or encrypted")) from error


def _members(packed: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Files of the archive by their names in a pack."""
    entries = packed.infolist()
    if len(entries) > _MOST_ENTRIES:
        raise _no_pack(phrase("{n:,} entries", n=len(entries)))
    keys = [one.filename for one in entries if one.filename.endswith(KEY)]
    folder = keys[0][: -len(KEY)] if len(keys) == 1 else ""
    if len(keys) != 1 or (folder and not _FOLDER.fullmatch(folder)):
        raise _no_pack(phrase("no {name} where it belongs", name=KEY))
    members = dict(_named(entries, folder))
    files = sum(not one.is_dir() for one in entries)
    readers = sorted(int(found[1]) for name in members if (found := _READER.fullmatch(name)))
    lacking = sorted(_ALWAYS - members.keys())
    if len(members) != files:
        raise _no_pack(phrase("a file twice"))
    if lacking:
        raise _no_pack(phrase("no {name} where it belongs", name=lacking[0]))
    if readers != list(range(1, len(readers) + 1)) or not 2 <= len(readers) <= MOST_READERS:
        raise _no_pack(phrase("files of {n} readers", n=len(readers)))
    return members


def _named(entries: list[zipfile.ZipInfo], folder: str) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    for one in entries:
        if one.is_dir():
            if one.filename not in (folder, f"{folder}{FOR_READERS}/"):
                raise _no_pack(phrase("another folder"))
            continue
        name = one.filename.removeprefix(folder)
        known = name in _ALWAYS or name == MANIFEST or _READER.fullmatch(name)
        if not one.filename.startswith(folder) or not known:
            raise _no_pack(phrase("a file that is of no pack"))
        if stat.S_IFMT(one.external_attr >> 16) not in (0, stat.S_IFREG):
            raise _no_pack(phrase("a link or a device"))
        yield name, one


def _no_pack(found: str) -> UnreadableError:
    return UnreadableError(
        "The archive must be a ZIP of a pack as `veedor reading pack` wrote it, and of nothing "
        "else.",
        found=found,
        remedy="pack the folder as it is: `zip -r pack.zip pack`",
    )
