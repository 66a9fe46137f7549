"""Paths, folders and globs to plain local files; archives unpacked within bounds."""

from __future__ import annotations

import fnmatch
import gzip
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from veedor.errors import UnreadableError, phrase
from veedor.files.replacing import require_readable
from veedor.suggestions import did_you_mean_file
from veedor.tables.escape import shown
from veedor.tables.other_formats import refuse_other_formats, refuse_parquet_that_is_none
from veedor.tables.parquet_bounds import refuse_unending

_ENDINGS = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz", ".gz", ".zip", ".parquet")
_GEO_ENDINGS = (".geojson", ".json", ".ndjson", ".geojsonl")
_SHEET_ENDINGS = (".xlsx", ".ods")
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
#: The part of an ODS workbook that holds its sheets.
CONTENT_OF_ODS = "content.xml"
_CHUNK = 4 << 20
_MOST_MEMBERS = 10_000
#: An archive may not unpack to more than this many times its size, once past a first allowance:
#: tables compress 5 to 30 times, bombs a thousand times.
MOST_RATIO = 200
RATIO_FREE_BYTES = 64 << 20
MOST_BYTES = 200 << 30


_MAGIC = frozenset("*?[")
_MOST_SEEN = 200_000


@dataclass(frozen=True)
class InputFile:
    """A file to read: `path` holds the bytes, `name` is how messages call it."""

    path: Path
    name: str
    kind: str


def find(paths: tuple[str, ...]) -> list[Path]:
    """Return the files that `paths` mean: a file, a folder (whole, sorted) or a glob; each once.

    Raises
    ------
    UnreadableError
        If a path means no file.
    """
    found: dict[Path, Path] = {}
    for given in paths:
        path = Path(given)
        if path.is_file():
            files = [path]
        elif path.is_dir():
            files = sorted(file for file in Looking(given).below(path) if _is_data(file, path))
        elif path.exists():
            raise UnreadableError(
                "A source must be a plain file or a folder.",
                found=phrase("a device or a pipe"),
                where=_name(path),
            )
        else:
            files = sorted(set(Looking(given).matching()))
        if not files:
            raise UnreadableError(
                "A source must name files that exist.",
                found=phrase("no file to read"),
                where=_name(path),
                remedy=phrase(
                    "{hint} A folder must hold csv, parquet, geojson, xlsx, ods, gz or zip files",
                    hint=did_you_mean_file(path) or phrase("Check the path."),
                ),
            )
        for file in files:
            found.setdefault(file.resolve(), file)
    return list(found.values())


def _is_data(file: Path, folder: Path) -> bool:
    hidden = any(part.startswith((".", "~$")) for part in file.relative_to(folder).parts)
    name = file.name.lower()
    return file.is_file() and not hidden and name.endswith(_ENDINGS + _GEO_ENDINGS + _SHEET_ENDINGS)


def _name(path: Path) -> str:
    return shown(path.name or str(path), 100)


def opened(path: Path, folder: Path) -> Iterator[InputFile]:
    """Give the data of one file: itself, or what is in it, unpacked into `folder`.

    Raises
    ------
    UnreadableError
        If it is empty, binary, an archive that is broken, encrypted, nested or out of proportion.
    """
    try:
        require_readable(path, phrase("A source"))
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        raise UnreadableError(
            "A source file must be readable.", found=str(error.strerror), where=_name(path)
        ) from error
    if head.startswith(b"\x1f\x8b"):
        yield _gunzip(path, folder)
    elif head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        if is_spreadsheet(path):
            yield InputFile(path, _name(path), "workbook")
        else:
            yield from _unzip(path, folder)
    else:
        yield InputFile(path, _name(path), _kind(path, path.name))


def _kind(path: Path, name: str) -> str:
    """Tell the format from the first bytes; the ending decides only what they leave open."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip(b" \t\r\n"):
        raise UnreadableError(
            "A source file must hold data.", found=phrase("an empty file"), where=shown(name, 100)
        )
    if head.startswith(b"PAR1"):
        refuse_unending(path, name)
        return "parquet"
    refuse_other_formats(head, name)
    if name.lower().endswith(".parquet"):
        refuse_parquet_that_is_none(name)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if name.lower().endswith(_GEO_ENDINGS) or text.startswith((b'{"', b"{ ", b"{\n", b"{\r")):
        return "geojson"
    return "csv"


def is_spreadsheet(path: Path) -> bool:
    """Whether a zip holds the parts of a workbook, xlsx or ODS."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if {"mimetype", CONTENT_OF_ODS} <= names:
                with archive.open("mimetype") as said:
                    return said.read(len(_ODS) + 1).strip() == _ODS
    except (zipfile.BadZipFile, OSError, EOFError, zlib.error, RuntimeError):
        return False
    return {"[Content_Types].xml", "xl/workbook.xml"} <= names


def measure(path: Path, most_bytes: int) -> None:
    """Unpack every part of an archive and keep none, to see that it is in proportion.

    Its list of contents may lie about the sizes, so it is not asked.

    Raises
    ------
    UnreadableError
        If it unpacks to more than `most_bytes`, or to more than an honest table does, or not.
    """
    written = 0
    packed = path.stat().st_size
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                with archive.open(member) as part:
                    while chunk := part.read(_CHUNK):
                        written += len(chunk)
                        out_of_proportion = (
                            written > RATIO_FREE_BYTES and written > MOST_RATIO * packed
                        )
                        if out_of_proportion or written > most_bytes:
                            raise _bomb(written, packed, _name(path))
    except (zipfile.BadZipFile, OSError, EOFError, zlib.error, RuntimeError) as error:
        raise _broken(_name(path)) from error


def _gunzip(path: Path, folder: Path) -> InputFile:
    inner = path.name[:-3] if path.name.lower().endswith(".gz") else path.name
    target = _fresh(folder)
    try:
        with gzip.open(path, "rb") as packed, target.open("wb") as plain:
            _pour(packed, plain, path.stat().st_size, _name(path))
    except (OSError, EOFError, zlib.error) as error:
        raise _broken(_name(path)) from error
    return InputFile(target, _name(path), _kind(target, inner))


def _unzip(path: Path, folder: Path) -> Iterator[InputFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [
                member
                for member in archive.infolist()
                if not member.is_dir()
                and not member.filename.startswith("__MACOSX/")
                and not Path(member.filename).name.startswith(".")
            ]
            data = [
                member
                for member in members
                if member.filename.lower().endswith(_ENDINGS + _GEO_ENDINGS)
            ]
            if not data:
                raise UnreadableError(
                    "A zip must hold data files.",
                    found=phrase("{n} files, none .csv, .parquet or .geojson", n=len(members)),
                    where=_name(path),
                )
            if len(data) > _MOST_MEMBERS:
                raise UnreadableError(
                    phrase(
                        "A zip must hold at most {most_members:,} files.",
                        most_members=_MOST_MEMBERS,
                    ),
                    found=f"{len(data):,}",
                    where=_name(path),
                )
            # Together, as parts of a zip may be made of the same bytes.
            size, written = path.stat().st_size, 0
            for member in data:
                name = f"{_name(path)}/{shown(member.filename, 100)}"
                target = _fresh(folder)
                with archive.open(member) as packed, target.open("wb") as plain:
                    written = _pour(packed, plain, size, name, written)
                yield InputFile(target, name, _kind(target, member.filename))
    except (
        zipfile.BadZipFile,
        OSError,
        EOFError,
        zlib.error,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise _broken(_name(path)) from error


def _pour(
    packed: IO[bytes] | gzip.GzipFile,
    plain: IO[bytes],
    packed_size: int,
    name: str,
    written: int = 0,
) -> int:
    """Copy in chunks, and stop where no honest table would be; return the bytes of all parts."""
    free = shutil.disk_usage(Path(plain.name).parent).free
    while chunk := packed.read(_CHUNK):
        written += len(chunk)
        out_of_proportion = written > RATIO_FREE_BYTES and written > MOST_RATIO * packed_size
        if out_of_proportion or written > min(MOST_BYTES, 0.9 * free):
            raise _bomb(written, packed_size, name)
        plain.write(chunk)
    return written


def _bomb(written: int, packed_size: int, name: str) -> UnreadableError:
    return UnreadableError(
        phrase(
            "An archive must not unpack to more than {most_ratio} times its size, or more "
            "than fits.",
            most_ratio=MOST_RATIO,
        ),
        found=phrase(
            "{size} MiB and more from {packed_size} bytes",
            size=written >> 20,
            packed_size=packed_size,
        ),
        where=name,
        remedy="check where the file comes from; unpack it yourself if it is sound",
    )


def _broken(name: str) -> UnreadableError:
    return UnreadableError(
        "An archive must unpack.",
        found=phrase("a broken, cut off or encrypted archive"),
        where=name,
        remedy="download it again, or unpack it first",
    )


def _fresh(folder: Path) -> Path:
    return folder / f"unpacked-{sum(1 for _ in folder.iterdir())}"


class Looking:
    """Looks through folders, with an end to it: a pattern may go over the whole disk.

    What starts with a dot is passed over unless a pattern says it.

    Parameters
    ----------
    given : str
        As it was named, for the error.
    """

    def __init__(self, given: str) -> None:
        self._given = given
        self._seen = 0

    def below(self, folder: Path) -> Iterator[Path]:
        """Yield all plain files below a folder; links to folders are not followed."""
        return self._matching(folder, ["**"])

    def matching(self) -> Iterator[Path]:
        """Yield the plain files that the pattern means: ``*``, ``?``, ``[..]``, and ``**``.

        ``**`` is any number of folders, those of links apart; a file may come more than once.

        Raises
        ------
        UnreadableError
            If more is to be looked at than any folder of data holds.
        """
        parts = Path(self._given).parts
        fixed = next((n for n, part in enumerate(parts) if _MAGIC & {*part}), None)
        if fixed is None or "\0" in self._given:
            return iter(())
        wanted: list[str] = []
        for part in parts[fixed:]:
            if part != "**" or wanted[-1:] != ["**"]:
                wanted.append(part)
        return self._matching(Path(*parts[:fixed]), wanted)

    def _matching(self, folder: Path, wanted: list[str]) -> Iterator[Path]:
        head, rest = wanted[0], wanted[1:]
        if head == "**" and rest:
            yield from self._matching(folder, rest)
        for entry in self._entries(folder):
            if entry.name.startswith(".") and not head.startswith("."):
                continue
            path = Path(entry.path)
            if head == "**":
                if entry.is_dir(follow_symlinks=False):
                    yield from self._matching(path, wanted)
                elif not rest and entry.is_file():
                    yield path
            elif fnmatch.fnmatchcase(entry.name, head):
                if rest and entry.is_dir():
                    yield from self._matching(path, rest)
                elif not rest and entry.is_file():
                    yield path

    def _entries(self, folder: Path) -> list[os.DirEntry[str]]:
        """Return what is in a folder; nothing where it may not be read."""
        try:
            with os.scandir(folder) as found:
                entries = list(found)
        except OSError:
            return []
        self._seen += len(entries) + 1
        if self._seen > _MOST_SEEN:
            raise UnreadableError(
                phrase(
                    "A source must be found by looking at no more than {most_seen:,} files.",
                    most_seen=_MOST_SEEN,
                ),
                found=phrase("more"),
                where=shown(self._given, 100),
                remedy="name the folder that holds the files",
            )
        return entries
