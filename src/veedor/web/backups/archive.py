"""The file of a backup: a ZIP in which nothing is compressed, and the last member lists all others.

Nothing in it unfolds to more than it is, and it is read back only if every name, size and hash is
as the list says.
"""

from __future__ import annotations

import hashlib
import os
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO

import msgspec

from veedor.errors import StudyError, VeedorError, phrase
from veedor.files.replacing import HashedFile, require_readable
from veedor.web.site.folder import DATABASE, LOG_FIRST, LOG_KEY, SECRET, SETTINGS

LIST = "manifest.json"
#: Rows of tables, of a site whose database is a server's.
TABLES = "tables"
#: Files of a site, and folders of it with all that is in them.
FILES = (SETTINGS, SECRET, LOG_KEY)
#: Which a site may lack.
SOME = (LOG_FIRST,)
FOLDERS = ("uploads", "work", "public", "checkpoints")
_ANYONE = "public"
_PIECE = 1 << 20
_MOST_LIST = 1 << 30
_MOST_NAME = 1_000
#: Of every member: when it was made says nothing.
_WHEN = (1980, 1, 1, 0, 0, 0)


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rows of a table: its name, and its columns in the order of the rows."""

    name: str
    columns: tuple[str, ...]


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The database as it was at one moment.

    Parameters
    ----------
    vendor : str
        ``sqlite``: one file; ``postgresql``: the rows of each table.
    migrations : tuple of str
        That were applied, as ``app.name``.
    tables : tuple of Table
    sequences : dict of str to int
        What each counter gave last.
    """

    vendor: str
    migrations: tuple[str, ...]
    tables: tuple[Table, ...] = ()
    sequences: dict[str, int] = {}


class Listed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``manifest.json`` says of a backup.

    Parameters
    ----------
    format : str
        ``veedor-backup-1``.
    veedor : str
        Version that made it.
    made_at : str
        When its database was copied, UTC.
    database : Snapshot
    files : tuple of HashedFile
        Every other member.
    """

    format: str
    veedor: str
    made_at: str
    database: Snapshot
    files: tuple[HashedFile, ...]


FORMAT = "veedor-backup-1"


class Writing:
    """A backup that is being written.

    Parameters
    ----------
    path : Path
        New, or empty.
    """

    def __init__(self, path: Path) -> None:
        self._archive = zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, allowZip64=True)
        self.files: dict[str, HashedFile] = {}
        #: Names that no backup may have.
        self.left_out: list[str] = []

    def __enter__(self) -> Writing:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._archive.close()

    def add(self, path: Path, name: str) -> bool:
        """Add a file under a name; False where it is gone, as what is being worked on may be."""
        if not _within(name):
            self.left_out.append(name)
            return False
        try:
            handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        except FileNotFoundError:
            return False
        with os.fdopen(handle, "rb") as stream, self._into(name) as into:
            hashed, size = hashlib.sha256(), 0
            while piece := stream.read(_PIECE):
                into.write(piece)
                hashed.update(piece)
                size += len(piece)
        self.files[name] = HashedFile(name, hashed.hexdigest(), size)
        return True

    def add_below(self, folder: Path, name: str) -> Iterator[None]:
        """Add all plain files below a folder but what somebody is making, and yield at each."""
        for place, folders, files in os.walk(folder):
            folders[:] = sorted(one for one in folders if not one.startswith("."))
            for one in sorted(files):
                path = Path(place, one)
                if not one.startswith(".") and stat.S_ISREG(_mode(path)):
                    self.add(path, f"{name}/{path.relative_to(folder).as_posix()}")
                    yield

    def close(self, made_at: str, version: str, database: Snapshot) -> Listed:
        """Write the list of all that was added."""
        listed = Listed(
            format=FORMAT,
            veedor=version,
            made_at=made_at,
            database=database,
            files=tuple(self.files.values()),
        )
        with self._into(LIST) as into:
            into.write(msgspec.json.format(msgspec.json.encode(listed), indent=1))
        return listed

    def _into(self, name: str) -> IO[bytes]:
        about = zipfile.ZipInfo(name, _WHEN)
        about.external_attr = (stat.S_IFREG | 0o600) << 16
        return self._archive.open(about, "w", force_zip64=True)


def _mode(path: Path) -> int:
    try:
        return path.lstat().st_mode
    except FileNotFoundError:
        return 0


@contextmanager
def reading(path: Path) -> Iterator[Reading]:
    """Open a backup, and hold its names and sizes against its list.

    Raises
    ------
    StudyError
        If it is no backup, or holds what none does.
    """
    require_readable(path, phrase("A backup"))
    try:
        with zipfile.ZipFile(path) as archive:
            yield Reading(archive, path)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, msgspec.MsgspecError) as error:
        raise _wrong(phrase("another file, or a broken one"), path) from error


class Reading:
    """A backup whose names and sizes are as it lists them.

    Parameters
    ----------
    archive : ZipFile
    path : Path
    """

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        self._archive, self._path = archive, path
        self._members = _sound(archive.infolist(), path)
        if LIST not in self._members:
            raise _wrong(phrase("no {name}", name=LIST), path)
        self.listed = self._list()
        sizes = {one.name: one.bytes for one in self.listed.files}
        found = {name: one.file_size for name, one in self._members.items() if name != LIST}
        if sizes != found or len(sizes) != len(self.listed.files):
            odd = sorted(set(sizes.items()) ^ set(found.items()))
            raise _wrong(
                phrase("members that are not as listed, as {name}", name=ascii(odd[0][0])[:100])
                if odd
                else phrase("a member that is listed twice"),
                path,
            )

    def _list(self) -> Listed:
        if self._members[LIST].file_size > _MOST_LIST:
            raise _wrong(phrase("a list of more than {n} MiB", n=_MOST_LIST >> 20), self._path)
        listed = msgspec.json.decode(self._archive.read(LIST), type=Listed)
        if listed.format != FORMAT:
            raise StudyError(
                phrase("A backup must be of the format {name}.", name=FORMAT),
                found=listed.format[:100],
                where=str(self._path),
                remedy="restore it with the version of veedor that made it, or a later one",
            )
        return listed

    def unpack(self, folder: Path) -> Iterator[None]:
        """Write every member below a folder, and yield at each.

        Raises
        ------
        StudyError
            If one has other bytes than are listed.
        """
        for one in self.listed.files:
            path = folder / one.name
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._archive.open(one.name) as stream, path.open("xb") as into:
                if _copied(stream, into) != one.sha256:
                    raise _wrong(
                        phrase("other bytes than are listed of {name}", name=one.name), self._path
                    )
            path.chmod(0o644 if one.name.startswith(f"{_ANYONE}/") else 0o600)
            yield


def _copied(stream: IO[bytes], into: IO[bytes]) -> str:
    hashed = hashlib.sha256()
    while piece := stream.read(_PIECE):
        hashed.update(piece)
        into.write(piece)
    return hashed.hexdigest()


def _sound(members: list[zipfile.ZipInfo], path: Path) -> dict[str, zipfile.ZipInfo]:
    """Refuse members that lead out of the folder, are no plain files, or unfold."""
    found: dict[str, zipfile.ZipInfo] = {}
    for one in members:
        shown = ascii(one.filename)[:100]
        kind = stat.S_IFMT(one.external_attr >> 16)
        if not _within(one.filename) or one.orig_filename != one.filename:
            raise _wrong(phrase("the name {name}", name=shown), path)
        if kind not in (0, stat.S_IFREG) or one.is_dir():
            raise _wrong(phrase("a link, folder or device, {name}", name=shown), path)
        if one.compress_type != zipfile.ZIP_STORED or one.flag_bits & 1:
            raise _wrong(phrase("a member that is compressed or closed, {name}", name=shown), path)
        if one.file_size != one.compress_size or one.filename in found:
            raise _wrong(phrase("a member that is there twice, {name}", name=shown), path)
        found[one.filename] = one
    folders = {str(parent) for name in found for parent in PurePosixPath(name).parents}
    if folders & set(found):
        raise _wrong(phrase("a file where a folder must be"), path)
    if sum(one.file_size for one in members) > path.stat().st_size:
        raise _wrong(phrase("more than the file holds"), path)
    return found


def _within(name: str) -> bool:
    """Whether a name is one that a backup has: relative, plain, below what a site has.

    >>> _within("public/a/b.html"), _within("public/../x"), _within("/site.toml"), _within("a.sh")
    (True, False, False, False)
    """
    parts = name.split("/")
    plain = name.isprintable() and "\\" not in name and ":" not in parts[0]
    if len(name) > _MOST_NAME or not plain or any(part in ("", ".", "..") for part in parts):
        return False
    if len(parts) == 1:
        return name in (*FILES, *SOME, DATABASE, LIST)
    return parts[0] in (*FOLDERS, TABLES)


def _wrong(found: str, path: Path) -> VeedorError:
    return StudyError(
        "A backup must be a file that `veedor web backup` wrote, as it wrote it.",
        found=found,
        where=str(path),
        remedy="take another copy of it, or an earlier backup; nothing was restored",
    )
